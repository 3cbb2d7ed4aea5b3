"""WeCom's tag library brought into ours."""

from collections.abc import Collection, Iterable

from yutang.channels.wecom.client import WeComClient
from yutang.channels.wecom.models import WeComApp
from yutang.channels.wecom.shapes import TagGroupItem
from yutang.customers.models import Tag
from yutang.customers.services.tags import LibraryGroup, LibraryTag, apply_library
from yutang.kernel import clock
from yutang.kernel.actors import SYSTEM
from yutang.kernel.plain_text import one_line


def bring_in_library(app: WeComApp, client: WeComClient) -> int:
    """The whole library. Tags that are no longer in it are marked deleted. Returns how many tags there are."""
    asked_at = clock.now()
    groups = library_of(client.corp_tags())
    apply_library(app.corp, groups, at=asked_at, by=SYSTEM, complete=True)
    return sum(len(group.tags) for group in groups)


def ensure_tags_known(app: WeComApp, client: WeComClient, wecom_ids: Collection[str]) -> None:
    """A customer may carry a tag that was made a moment ago and that we have not heard of."""
    known = set(Tag.objects.filter(group__corp=app.corp, wecom_id__in=wecom_ids).values_list("wecom_id", flat=True))
    if set(wecom_ids) - known:
        bring_in_library(app, client)


def library_of(groups: Iterable[TagGroupItem]) -> list[LibraryGroup]:
    return [
        LibraryGroup(
            wecom_id=group["group_id"],
            name=one_line(group.get("group_name") or "", 100),
            order=group.get("order") or 0,
            tags=[
                LibraryTag(wecom_id=tag["id"], name=one_line(tag.get("name") or "", 100), order=tag.get("order") or 0)
                for tag in group.get("tag") or []
                if not tag.get("deleted")
            ],
        )
        for group in groups
        if not group.get("deleted")
    ]
