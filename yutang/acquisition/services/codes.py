"""Making, changing, archiving and restoring live codes."""

from collections.abc import Collection

from django.db import transaction
from django.db.models import F, Q

from yutang.acquisition.errors import AssigneesOutOfScope, CodeArchived, CodeChangedMeanwhile
from yutang.acquisition.models import Accept, Assignee, CodeBatch, CodeShift, LiveCode, LiveCodeFolder
from yutang.acquisition.remarks import unknown_places
from yutang.acquisition.roster import MOST_MEMBERS, Rotation
from yutang.acquisition.services.apply import request_apply
from yutang.acquisition.services.welcomes import drop_welcome, write_welcome
from yutang.acquisition.shapes import AssigneeShape, CodeShape
from yutang.acquisition.staffing import members_behind
from yutang.customers.models import Tag
from yutang.kernel import clock
from yutang.kernel.actors import Actor
from yutang.kernel.audit import audit
from yutang.kernel.errors import BadInput
from yutang.kernel.language import Text
from yutang.kernel.plain_text import lines, one_line
from yutang.organization.models import Corp, Department, Member, Store

Scope = Collection[int] | None  # the members the one who acts may dispose of; None: all


@transaction.atomic
def create_code(shape: CodeShape, *, by: Actor, within: Scope = None, batch: CodeBatch | None = None) -> LiveCode:
    """A new live code, on its way to WeCom. Raises BadInput naming fields, AssigneesOutOfScope."""
    now = clock.now()
    _check(shape, within)
    code = LiveCode(batch=batch, created_at=now, updated_at=now, **_columns(shape))
    code.save()
    _write_parts(code, shape)
    audit("live_code.created", by=by, subject_kind="live_code", subject_id=code.pk, name=code.name)
    request_apply(code.pk)
    return code


@transaction.atomic
def edit_code(code: LiveCode, shape: CodeShape, *, version: int, by: Actor, within: Scope = None) -> LiveCode:
    """Change a code as a whole. Raises CodeChangedMeanwhile unless `version` is the code's present one."""
    held = _hold(code, version)
    if held.archived_at is not None:
        raise CodeArchived
    if shape.corp_id != held.corp_id:
        raise BadInput(Text("不能把活码移到另一个企业。", "A live code cannot move to another corp."))
    _check(shape, within, was=held)
    columns = _columns(shape)
    changed = sorted(name for name, value in columns.items() if getattr(held, name) != value)
    LiveCode.objects.filter(pk=held.pk).update(**columns, version=F("version") + 1, updated_at=clock.now(), refused={})
    held.refresh_from_db()
    _write_parts(held, shape)
    audit("live_code.changed", by=by, subject_kind="live_code", subject_id=held.pk, name=held.name, changed=changed)
    request_apply(held.pk)
    return held


@transaction.atomic
def archive_code(code: LiveCode, *, by: Actor) -> None:
    """Close a code: its landing page says goodbye and WeCom's code is taken away. Its history stays."""
    if LiveCode.objects.filter(pk=code.pk, archived_at=None).update(
        archived_at=clock.now(), updated_at=clock.now(), version=F("version") + 1
    ):
        audit("live_code.archived", by=by, subject_kind="live_code", subject_id=code.pk, name=code.name)
        request_apply(code.pk)


@transaction.atomic
def restore_code(code: LiveCode, *, by: Actor) -> None:
    """Open an archived code again, under the same address."""
    if LiveCode.objects.filter(pk=code.pk, archived_at__isnull=False).update(
        archived_at=None, updated_at=clock.now(), version=F("version") + 1
    ):
        audit("live_code.restored", by=by, subject_kind="live_code", subject_id=code.pk, name=code.name)
        request_apply(code.pk)


def _hold(code: LiveCode, version: int) -> LiveCode:
    held = LiveCode.objects.select_for_update().get(pk=code.pk)
    if held.version != version:
        raise CodeChangedMeanwhile(version=held.version)
    return held


def _columns(shape: CodeShape) -> dict[str, object]:
    return {
        "name": one_line(shape.name, 100),
        "corp_id": shape.corp_id,
        "folder_id": shape.folder_id,
        "rotation": shape.rotation,
        "one_member_only": shape.one_member_only,
        "accept": shape.accept,
        "accept_hours": [hours.as_json() for hours in shape.accept_hours],
        "touchpoint": one_line(shape.touchpoint, 64),
        "remark_template": one_line(shape.remark_template, 100),
        "description": lines(shape.description, 150),
        "expires_at": shape.expires_at,
    }


def _write_parts(code: LiveCode, shape: CodeShape) -> None:
    code.tags.set(shape.tag_ids)
    code.assignees.all().delete()
    Assignee.objects.bulk_create(
        Assignee(code=code, position=place, **each.model_dump()) for place, each in enumerate(shape.assignees)
    )
    code.shifts.all().delete()
    for place, each in enumerate(shape.shifts):
        shift = CodeShift.objects.create(code=code, hours=each.hours.as_json(), position=place)
        shift.members.set(each.member_ids)
    if shape.welcome is None or not shape.welcome.slots:
        drop_welcome(code=code)
    else:
        write_welcome(shape.welcome, corp_id=code.corp_id, code=code)


# what can be wrong with a shape


def _check(shape: CodeShape, within: Scope, was: LiveCode | None = None) -> None:
    problems = _simple_problems(shape, was) | _reference_problems(shape)
    if not problems:
        problems = _people_problems(shape, within)
    if problems:
        fields = {field: text.here() for field, text in problems.items()}
        raise BadInput(Text("活码设置需要修改。", "The live code has to be changed."), fields=fields)


def _simple_problems(shape: CodeShape, was: LiveCode | None) -> dict[str, Text]:
    problems = {}
    if not one_line(shape.name, 100):
        problems["name"] = Text("请填写名称。", "Give it a name.")
    if not any(not each.is_backup for each in shape.assignees):
        problems["assignees"] = Text(
            "请至少选择一位接待员工、部门或门店。", "Choose at least one member, department or store."
        )
    if shape.accept == Accept.HOURS and not shape.accept_hours:
        problems["accept_hours"] = Text(
            "请填写自动通过的时段。", "Give the hours in which contacts are accepted at once."
        )
    if unknown := unknown_places(shape.remark_template):
        problems["remark_template"] = Text(
            f"不认识的变量 {{{unknown[0]}}}，可用 {{nickname}} {{member}} {{store}} {{code}}。",
            f"Unknown placeholder {{{unknown[0]}}}; use {{nickname}} {{member}} {{store}} {{code}}.",
        )
    if shape.expires_at is not None:
        unchanged = was is not None and was.expires_at == shape.expires_at
        if shape.expires_at.tzinfo is None:
            problems["expires_at"] = Text("时间须带时区。", "The time needs a zone.")
        elif shape.expires_at <= clock.now() and not unchanged:
            problems["expires_at"] = Text("过期时间须在将来。", "It has to expire in the future.")
    return problems


def _reference_problems(shape: CodeShape) -> dict[str, Text]:
    problems = {}
    if not Corp.objects.filter(pk=shape.corp_id).exists():
        problems["corp_id"] = Text("没有这个企业。", "There is no such corp.")
    if shape.folder_id is not None and not LiveCodeFolder.objects.filter(pk=shape.folder_id).exists():
        problems["folder_id"] = Text("没有这个分组。", "There is no such folder.")
    tags = set(shape.tag_ids)
    ours = Q(group__corp=None) | Q(group__corp=shape.corp_id)
    if Tag.objects.filter(ours, pk__in=tags, deleted_at=None).count() != len(tags):
        problems["tag_ids"] = Text("有标签不存在或属于其他企业。", "A tag is missing or belongs to another corp.")
    for place, each in enumerate(shape.assignees):
        if not _exists(each, shape.corp_id):
            problems[f"assignees.{place}"] = Text("不存在，或不属于这个企业。", "Missing, or not of this corp.")
    return problems


def _exists(each: AssigneeShape, corp_id: int) -> bool:
    if each.member_id is not None:
        return Member.objects.filter(pk=each.member_id, corp=corp_id).exists()
    if each.department_id is not None:
        return Department.objects.filter(pk=each.department_id, corp=corp_id).exists()
    return each.store_id is not None and Store.objects.filter(pk=each.store_id).exists()


def _people_problems(shape: CodeShape, within: Scope) -> dict[str, Text]:
    assignees = [Assignee(**each.model_dump()) for each in shape.assignees]
    behind = members_behind(assignees, shape.corp_id)
    if within is not None and (not behind or not set(behind) <= set(within)):
        raise AssigneesOutOfScope
    problems = {}
    if shape.rotation == Rotation.ALL and len(behind) > MOST_MEMBERS:
        problems["assignees"] = Text(
            f"“全部”方式最多 {MOST_MEMBERS} 人（现为 {len(behind)} 人），请改用轮流。",
            f"“All” takes at most {MOST_MEMBERS} members (now {len(behind)}); let them take turns instead.",
        )
    for place, shift in enumerate(shape.shifts):
        if not set(shift.member_ids) <= set(behind):
            problems[f"shifts.{place}.member_ids"] = Text(
                "班次里有不属于本活码的员工。", "This shift names members that are not behind the code."
            )
    return problems
