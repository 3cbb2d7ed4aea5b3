"""What people are greeted with: writing welcomes, and choosing the one for a new contact."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from yutang.acquisition.errors import CodeChangedMeanwhile
from yutang.acquisition.hours import Hours, HoursText
from yutang.acquisition.models import LiveCode, Welcome, WelcomeSlot
from yutang.acquisition.shapes import WelcomeShape
from yutang.content import parts as content
from yutang.content.parts import Part
from yutang.content.uploads import check_uploads
from yutang.kernel import clock
from yutang.kernel.actors import Actor
from yutang.kernel.audit import audit
from yutang.kernel.briefly import Briefly
from yutang.kernel.errors import BadInput
from yutang.kernel.language import Text
from yutang.organization.models import Corp, Department, Member
from yutang.organization.services.merchant import merchant_zone


@dataclass(frozen=True)
class Holder:
    """Whose welcome it is; with neither member nor department it is the corp's default."""

    corp: Corp
    member: Member | None = None
    department: Department | None = None

    @property
    def subject(self) -> str:
        if self.member is not None:
            return f"member:{self.member.pk}"
        return f"department:{self.department.pk}" if self.department is not None else f"corp:{self.corp.pk}"

    def welcome(self) -> Welcome | None:
        found = Welcome.objects.filter(code=None, corp=self.corp, member=self.member, department=self.department)
        return found.first()


@transaction.atomic
def set_welcome(holder: Holder, shape: WelcomeShape, *, version: int | None, by: Actor) -> Welcome | None:
    """Replace a welcome; without slots there is none any more. `version` is the one that was read, None for none."""
    Corp.objects.select_for_update().get(pk=holder.corp.pk)
    present = holder.welcome()
    if (present.version if present else None) != version:
        raise CodeChangedMeanwhile(version=present.version if present else 0)
    audit("welcome.changed", by=by, subject_kind="welcome", subject_id=holder.subject, slots=len(shape.slots))
    if not shape.slots:
        if present is not None:
            present.delete()
            transaction.on_commit(_in_order.forget)
        return None
    return write_welcome(shape, corp_id=holder.corp.pk, member=holder.member, department=holder.department)


def write_welcome(
    shape: WelcomeShape,
    *,
    corp_id: int,
    code: LiveCode | None = None,
    member: Member | None = None,
    department: Department | None = None,
) -> Welcome:
    """Write slots as told. Raises BadInput for parts WeCom would refuse."""
    check_welcome(shape)
    now = clock.now()
    words = list(dict.fromkeys(word.strip()[:50] for word in shape.suppressed_nicknames if word.strip()))
    welcome = Welcome.objects.filter(corp_id=corp_id, code=code, member=member, department=department).first()
    if welcome is None:
        welcome = Welcome(corp_id=corp_id, code=code, member=member, department=department, version=0)
    welcome.version += 1
    welcome.suppressed_nicknames, welcome.updated_at = words, now
    welcome.save()
    welcome.slots.all().delete()
    transaction.on_commit(_in_order.forget)
    WelcomeSlot.objects.bulk_create(
        WelcomeSlot(
            welcome=welcome,
            hours=slot.hours.as_json() if slot.hours else None,
            parts=content.parts_as_json(slot.parts),
            position=place,
        )
        for place, slot in enumerate(shape.slots)
    )
    return welcome


def drop_welcome(*, code: LiveCode) -> None:
    Welcome.objects.filter(code=code).delete()
    transaction.on_commit(_in_order.forget)


def check_welcome(shape: WelcomeShape) -> None:
    fields: dict[str, str] = {}
    for place, slot in enumerate(shape.slots):
        fields |= {f"slots.{place}.{each.field}": each.text.here() for each in content.problems(slot.parts)}
    if fields:
        raise BadInput(Text("欢迎语需要修改。", "The welcome has to be changed."), fields=fields)
    check_uploads([part for slot in shape.slots for part in slot.parts])


# choosing


@dataclass(frozen=True)
class Chosen:
    parts: list[Part]
    suppressed_nicknames: list[str]


def choose(code_id: int | None, member: Member, at: datetime) -> Chosen | None:
    """The message for a new contact of `member` at a moment.

    The code's own comes first, then the member's, the nearest department's, and the corp's default. One whose slots do
    not cover the moment is passed over.
    """
    for slots in _in_order((code_id, member.pk)) or ():
        chosen = _chosen(slots, at)
        if chosen is not None:
            return chosen
    return None


@dataclass(frozen=True)
class _Slot:
    hours: Hours | None
    said: Chosen


def _chosen(slots: Iterable[_Slot], at: datetime) -> Chosen | None:
    """The first whose hours hold; one without hours stands for all other times."""
    otherwise = None
    for slot in slots:
        if slot.hours is None:
            otherwise = otherwise or slot.said
        elif slot.hours.cover(at.astimezone(merchant_zone())):
            return slot.said
    return otherwise


def _look_in_order(whose: tuple[int | None, int]) -> list[list[_Slot]]:
    """The slots of each welcome that comes into question for a code and a member, the nearest first."""
    code_id, member_id = whose
    member = Member.objects.get(pk=member_id)
    paths = member.departments.values_list("path", flat=True)
    depth = {int(step): place for path in paths for place, step in enumerate(path.split("/")) if step}
    wanted = Q(welcome__member=member.pk) | Q(welcome__code=None, welcome__member=None, welcome__department=None)
    if depth:
        wanted |= Q(welcome__department__in=depth)
    if code_id is not None:
        wanted |= Q(welcome__code=code_id)
    slots = WelcomeSlot.objects.filter(wanted, welcome__corp=member.corp_id).select_related("welcome")

    def distance(welcome: Welcome) -> tuple[int, int, int]:
        if welcome.code_id is not None or welcome.member_id is not None:
            return (0 if welcome.code_id is not None else 1, 0, 0)
        if welcome.department_id is not None:
            return (2, -depth[welcome.department_id], welcome.department_id)
        return (3, 0, 0)

    by_welcome: dict[tuple[int, int, int], list[_Slot]] = defaultdict(list)
    for slot in slots.order_by("position", "pk"):
        hours = HoursText.model_validate(slot.hours).value() if slot.hours is not None else None
        said = Chosen(content.parts_from(slot.parts), slot.welcome.suppressed_nicknames)
        by_welcome[distance(slot.welcome)].append(_Slot(hours, said))
    return [by_welcome[place] for place in sorted(by_welcome)]


# New contacts come in crowds and wait for it; a changed welcome is used three seconds later at most.
_in_order = Briefly(_look_in_order, seconds=3.0)


def is_suppressed(nickname: str, words: Iterable[str]) -> bool:
    return any(word.casefold() in nickname.casefold() for word in words)
