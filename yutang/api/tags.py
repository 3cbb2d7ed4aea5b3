"""The tag library."""

from django.db.models import QuerySet
from ninja import Field, Router, Schema, Status

from yutang.api.accounts import Ref
from yutang.api.auth import ViewerRequest, needs
from yutang.api.customer_shapes import Id
from yutang.api.figures import KEPT_SECONDS, kept
from yutang.customers.models import Tag, TagGroup, TagGroupKind
from yutang.customers.services import tag_library
from yutang.kernel.errors import NotFound
from yutang.kernel.permissions import Permission
from yutang.organization.models import Corp
from yutang.organization.scope import Viewer

router = Router(tags=["tags"])


class TagOut(Schema):
    id: int
    name: str
    order: int
    in_wecom: bool = Field(description="A corp tag that WeCom knows.")
    customers: int = Field(description="People in scope who carry it.")


class TagGroupOut(Schema):
    id: int
    name: str
    kind: TagGroupKind
    corp: Ref | None
    order: int
    tags: list[TagOut]


class TagGroups(Schema):
    items: list[TagGroupOut]


class GroupIn(Schema):
    name: str = Field(max_length=200)
    kind: TagGroupKind = TagGroupKind.OWN
    corp_id: Id | None = Field(None, description="Of a corp group.")
    tags: list[str] = Field([], max_length=100, description="Names of its first tags; WeCom keeps no empty group.")


class NameIn(Schema):
    name: str = Field(max_length=200)


@router.get("/tag-groups", response=TagGroups)
@needs(Permission.SEE_CUSTOMERS)
def tag_groups(request: ViewerRequest) -> TagGroups:
    """All groups with their tags, and how many people in scope carry each: in a large pond, half a minute ago."""
    return TagGroups(items=_groups(request.auth, TagGroup.objects.filter(deleted_at=None)))


@router.post("/tag-groups", response={201: TagGroupOut})
@needs(Permission.EDIT_TAGS)
def create_group(request: ViewerRequest, given: GroupIn) -> Status:
    corp = Corp.objects.filter(pk=given.corp_id).first() if given.corp_id is not None else None
    if given.corp_id is not None and corp is None:
        raise NotFound
    group = tag_library.create_group_with_tags(
        given.name, given.tags, kind=given.kind, corp=corp, by=request.auth.actor
    )
    return Status(201, _group(request.auth, group))


@router.patch("/tag-groups/{int:group_id}", response=TagGroupOut)
@needs(Permission.EDIT_TAGS)
def rename_group(request: ViewerRequest, group_id: Id, given: NameIn) -> TagGroupOut:
    group = tag_library.rename_group(_find_group(group_id), given.name, by=request.auth.actor)
    return _group(request.auth, group)


@router.delete("/tag-groups/{int:group_id}", response={204: None})
@needs(Permission.EDIT_TAGS)
def delete_group(request: ViewerRequest, group_id: Id) -> Status:
    """The group and its tags go from all customers."""
    tag_library.delete_group(_find_group(group_id), by=request.auth.actor)
    return Status(204, None)


@router.post("/tag-groups/{int:group_id}/tags", response={201: TagGroupOut})
@needs(Permission.EDIT_TAGS)
def create_tag(request: ViewerRequest, group_id: Id, given: NameIn) -> Status:
    group = _find_group(group_id)
    tag_library.create_tag(group, given.name, by=request.auth.actor)
    return Status(201, _group(request.auth, group))


@router.patch("/tags/{int:tag_id}", response=TagGroupOut)
@needs(Permission.EDIT_TAGS)
def rename_tag(request: ViewerRequest, tag_id: Id, given: NameIn) -> TagGroupOut:
    tag = tag_library.rename_tag(_find_tag(tag_id), given.name, by=request.auth.actor)
    return _group(request.auth, tag.group)


@router.delete("/tags/{int:tag_id}", response={204: None})
@needs(Permission.EDIT_TAGS)
def delete_tag(request: ViewerRequest, tag_id: Id) -> Status:
    """The tag goes from all customers."""
    tag_library.delete_tag(_find_tag(tag_id), by=request.auth.actor)
    return Status(204, None)


def _find_group(group_id: int) -> TagGroup:
    group = TagGroup.objects.filter(pk=group_id, deleted_at=None).first()
    if group is None:
        raise NotFound
    return group


def _find_tag(tag_id: int) -> Tag:
    tag = Tag.objects.select_related("group").filter(pk=tag_id, deleted_at=None).first()
    if tag is None:
        raise NotFound
    return tag


def _group(viewer: Viewer, group: TagGroup) -> TagGroupOut:
    (shaped,) = _groups(viewer, TagGroup.objects.filter(pk=group.pk))
    return shaped


def _groups(viewer: Viewer, groups: QuerySet[TagGroup]) -> list[TagGroupOut]:
    scope = viewer.member_ids
    counts = kept(("people_by_tag", scope), KEPT_SECONDS, lambda: tag_library.people_by_tag(scope))
    ordered = groups.select_related("corp").prefetch_related("tags").order_by("kind", "-order", "pk")
    return [
        TagGroupOut(
            id=group.pk,
            name=group.name,
            kind=TagGroupKind(group.kind),
            corp=Ref(id=group.corp.pk, name=group.corp.name) if group.corp else None,
            order=group.order,
            tags=[
                TagOut(
                    id=tag.pk,
                    name=tag.name,
                    order=tag.order,
                    in_wecom=bool(tag.wecom_id),
                    customers=counts.get(tag.pk, 0),
                )
                for tag in sorted(group.tags.all(), key=lambda tag: (-tag.order, tag.pk))
                if tag.deleted_at is None
            ],
        )
        for group in ordered
    ]
