"""The library of tags: ours, made here; and each corp's, kept in step with WeCom in both directions."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import Count

from yutang.customers.errors import TagNameTaken
from yutang.customers.events import TagLibraryChanged
from yutang.customers.models import Tag, Tagging, TagGroup, TagGroupKind
from yutang.customers.queries import relations_in_scope
from yutang.kernel import clock
from yutang.kernel.actors import Actor
from yutang.kernel.audit import audit
from yutang.kernel.errors import BadInput
from yutang.kernel.facts import Fact, announce
from yutang.kernel.language import Text
from yutang.kernel.plain_text import one_line
from yutang.organization.models import Corp

NAME_LIMIT = 100
WECOM_NAME_LIMIT = 30  # characters; WeCom refuses more with 40072
CONSOLE, WECOM = "console", "wecom"


@dataclass(frozen=True)
class LibraryTag:
    wecom_id: str
    name: str
    order: int = 0


@dataclass(frozen=True)
class LibraryGroup:
    wecom_id: str
    name: str
    order: int = 0
    tags: Sequence[LibraryTag] = field(default_factory=list)


@transaction.atomic
def apply_library(corp: Corp, groups: Sequence[LibraryGroup], *, at: datetime, by: Actor, complete: bool) -> None:
    """Bring WeCom's library into ours. `complete`: what is not in `groups` was deleted there.

    Groups and tags made here and not yet carried to WeCom stay; one of the same name there is taken for the same.
    """
    ours = TagGroup.objects.select_for_update().filter(kind=TagGroupKind.CORP, corp=corp)
    if complete:
        _drop_missing(corp, groups, at, by)
    by_id = {group.wecom_id: group for group in ours if group.wecom_id}
    unlinked = {group.name: group for group in ours if not group.wecom_id and group.deleted_at is None}
    for told in groups:
        name = one_line(told.name, NAME_LIMIT)
        group = by_id.get(told.wecom_id) or unlinked.get(name)
        if group is None:
            group = TagGroup(kind=TagGroupKind.CORP, corp=corp, created_at=at)
        _write(group, told.wecom_id, name or group.name, told.order, source=WECOM)
        _apply_tags(group, told.tags, at)


def _apply_tags(group: TagGroup, tags: Sequence[LibraryTag], at: datetime) -> None:
    ours = list(Tag.objects.filter(group__corp=group.corp_id, group__kind=TagGroupKind.CORP))
    by_id = {tag.wecom_id: tag for tag in ours if tag.wecom_id}
    unlinked = {
        tag.name: tag for tag in ours if not tag.wecom_id and tag.deleted_at is None and tag.group_id == group.pk
    }
    names = {told.wecom_id: one_line(told.name, NAME_LIMIT) for told in tags}
    _free_names(group, by_id, names)
    for told in tags:
        name = names[told.wecom_id]
        tag = by_id.get(told.wecom_id) or unlinked.get(name) or Tag(created_at=at)
        tag.group = group
        _write(tag, told.wecom_id, name or tag.name, told.order, source=WECOM)


def _free_names(group: TagGroup, by_id: dict[str, Tag], names: dict[str, str]) -> None:
    """Names that change hands within a group (two tags that swapped theirs) are first set free."""
    for wecom_id, name in names.items():
        holder = by_id.get(wecom_id)
        if holder is not None and holder.name != name:
            Tag.objects.filter(pk=holder.pk).update(name=f"~{holder.pk}")
    stale = Tag.objects.filter(group=group, deleted_at=None, name__in=names.values()).exclude(wecom_id__in=names)
    # WeCom keeps names unique in a group, so another tag of the name with an id of its own is no longer there.
    for tag in stale.exclude(wecom_id=""):
        _bury([tag], clock.now())


def _drop_missing(corp: Corp, groups: Sequence[LibraryGroup], at: datetime, by: Actor) -> None:
    live_tags = Tag.objects.filter(
        group__kind=TagGroupKind.CORP, group__corp=corp, deleted_at=None, created_at__lte=at
    ).exclude(wecom_id="")
    gone = list(live_tags.exclude(wecom_id__in=[tag.wecom_id for group in groups for tag in group.tags]))
    _bury(gone, at)
    for tag in gone:
        _tell("deleted", tag.group_id, tag.pk, WECOM)
    live_groups = TagGroup.objects.filter(kind=TagGroupKind.CORP, corp=corp, deleted_at=None).exclude(wecom_id="")
    for group in live_groups.exclude(wecom_id__in=[group.wecom_id for group in groups]):
        TagGroup.objects.filter(pk=group.pk).update(deleted_at=at)
        _tell("deleted", group.pk, None, WECOM)


def create_group(
    name: str, *, kind: TagGroupKind, by: Actor, corp: Corp | None = None, source: str = CONSOLE
) -> TagGroup:
    """A new group. Raises TagNameTaken, BadInput."""
    group = TagGroup(kind=kind, corp=corp if kind == TagGroupKind.CORP else None, created_at=clock.now())
    if kind == TagGroupKind.CORP and corp is None:
        raise BadInput(Text("请选择企业。", "Choose a corp."), fields={"corp_id": "required"})
    with transaction.atomic():
        group.name = _free_group_name(group, name)
        group.save()
        audit("tag_group.created", by=by, subject_kind="tag_group", subject_id=group.pk, name=group.name)
        _tell("created", group.pk, None, source)
    return group


@transaction.atomic
def create_group_with_tags(
    name: str, tags: Sequence[str], *, kind: TagGroupKind, by: Actor, corp: Corp | None = None
) -> TagGroup:
    group = create_group(name, kind=kind, by=by, corp=corp)
    for tag in tags:
        create_tag(group, tag, by=by)
    return group


def people_by_tag(member_ids: Collection[int] | None) -> dict[int, int]:
    """How many people carry each tag; with `member_ids`, of those that these members hold or have lost."""
    live = Tagging.objects.filter(removed_at=None)
    if member_ids is not None:
        live = live.filter(person__in=relations_in_scope(frozenset(member_ids)).values("person"))
    counted = live.order_by().values("tag").annotate(people=Count("person", distinct=True))
    return dict(counted.values_list("tag", "people"))


@transaction.atomic
def rename_group(group: TagGroup, name: str, *, by: Actor, source: str = CONSOLE) -> TagGroup:
    group.name = _free_group_name(group, name)
    group.save(update_fields=["name"])
    audit("tag_group.renamed", by=by, subject_kind="tag_group", subject_id=group.pk, name=group.name)
    _tell("renamed", group.pk, None, source)
    return group


@transaction.atomic
def delete_group(group: TagGroup, *, by: Actor, source: str = CONSOLE) -> None:
    """The group and its tags are no longer offered, and go from all customers."""
    now = clock.now()
    _bury(list(group.tags.filter(deleted_at=None)), now)
    if TagGroup.objects.filter(pk=group.pk, deleted_at=None).update(deleted_at=now):
        audit("tag_group.deleted", by=by, subject_kind="tag_group", subject_id=group.pk, name=group.name)
        _tell("deleted", group.pk, None, source)


@transaction.atomic
def create_tag(group: TagGroup, name: str, *, by: Actor, source: str = CONSOLE) -> Tag:
    TagGroup.objects.select_for_update().get(pk=group.pk)
    tag = Tag(group=group, created_at=clock.now())
    tag.name = _free_tag_name(tag, name)
    tag.save()
    audit("tag.created", by=by, subject_kind="tag", subject_id=tag.pk, name=tag.name)
    _tell("created", group.pk, tag.pk, source)
    return tag


@transaction.atomic
def rename_tag(tag: Tag, name: str, *, by: Actor, source: str = CONSOLE) -> Tag:
    TagGroup.objects.select_for_update().get(pk=tag.group_id)
    tag.name = _free_tag_name(tag, name)
    tag.save(update_fields=["name"])
    audit("tag.renamed", by=by, subject_kind="tag", subject_id=tag.pk, name=tag.name)
    _tell("renamed", tag.group_id, tag.pk, source)
    return tag


@transaction.atomic
def delete_tag(tag: Tag, *, by: Actor, source: str = CONSOLE) -> None:
    """The tag is no longer offered, and goes from all customers."""
    if _bury([tag], clock.now()):
        audit("tag.deleted", by=by, subject_kind="tag", subject_id=tag.pk, name=tag.name)
        _tell("deleted", tag.group_id, tag.pk, source)


def link_group(group: TagGroup, wecom_id: str) -> None:
    """WeCom took the group over under this id."""
    TagGroup.objects.filter(pk=group.pk).update(wecom_id=wecom_id)


def link_tag(tag: Tag, wecom_id: str) -> None:
    Tag.objects.filter(pk=tag.pk).update(wecom_id=wecom_id)


def _write(row: TagGroup | Tag, wecom_id: str, name: str, order: int, *, source: str) -> None:
    """Save what WeCom tells of a group or tag, and announce it where it is news."""
    before = (row.wecom_id, row.name, row.deleted_at)
    is_new = row.pk is None
    moved = isinstance(row, Tag) and not is_new and row.order != order
    row.wecom_id, row.name, row.deleted_at = wecom_id, name, None
    if not is_new and not moved and before == (row.wecom_id, row.name, row.deleted_at) and row.order == order:
        if isinstance(row, Tag):
            Tag.objects.filter(pk=row.pk).update(name=name, group=row.group)
        return
    row.order = order
    row.save()
    if is_new or before != (row.wecom_id, row.name, row.deleted_at):
        group, tag = (row.group_id, row.pk) if isinstance(row, Tag) else (row.pk, None)
        _tell("created" if is_new else "renamed", group, tag, source)


def _bury(tags: Collection[Tag], at: datetime) -> int:
    """Mark tags deleted, and take them off everybody: WeCom's own marks vanish likewise, without an event each."""
    pks = [tag.pk for tag in tags]
    buried = Tag.objects.filter(pk__in=pks, deleted_at=None).update(deleted_at=at)
    Tagging.objects.filter(tag__in=pks, removed_at=None).update(removed_at=at, removed_by="tag deleted", settled=True)
    return buried


def _free_group_name(group: TagGroup, name: str) -> str:
    tidy = _checked_name(name, group.kind)
    others = TagGroup.objects.filter(kind=group.kind, corp=group.corp, deleted_at=None, name=tidy)
    if others.exclude(pk=group.pk).exists():
        raise TagNameTaken(name=tidy)
    return tidy


def _free_tag_name(tag: Tag, name: str) -> str:
    tidy = _checked_name(name, tag.group.kind)
    if Tag.objects.filter(group=tag.group, deleted_at=None, name=tidy).exclude(pk=tag.pk).exists():
        raise TagNameTaken(name=tidy)
    return tidy


def _checked_name(name: str, kind: str) -> str:
    tidy = one_line(name, NAME_LIMIT)
    if not tidy:
        raise BadInput(Text("请填写名称。", "Give it a name."), fields={"name": "empty"})
    if kind == TagGroupKind.CORP and len(tidy) > WECOM_NAME_LIMIT:
        problem = Text("企业微信的标签名最多 30 个字。", "WeCom allows names of at most 30 characters.")
        raise BadInput(problem, fields={"name": "too_long"})
    return tidy


def _tell(change: str, group_id: int, tag_id: int | None, source: str) -> None:
    now = clock.now()
    announce(
        Fact(
            event=TagLibraryChanged(change=change, group_id=group_id, tag_id=tag_id),
            key=f"tag_library.{change}:{group_id}:{tag_id or 0}:{now.isoformat()}",
            at=now,
            source=source,
        )
    )
