"""Our changes to corp tags, carried to WeCom: the library's, and marks on customers.

They are made here first and carried by jobs, so the console does not wait for WeCom. What WeCom refuses for good is
read back, and the library here becomes what it is there.
"""

from datetime import timedelta
from typing import Any

from yutang.channels.wecom.client import WeComClient
from yutang.channels.wecom.connection import NotConnected, app_of, calling
from yutang.channels.wecom.errors import WeComError
from yutang.channels.wecom.models import WeComApp
from yutang.channels.wecom.tags_in import bring_in_library
from yutang.customers.models import (
    Identity,
    IdentityKind,
    Ownership,
    OwnershipState,
    Tag,
    Tagging,
    TagGroup,
    TagGroupKind,
)
from yutang.customers.services.tags import link_group, link_tag, settle_taggings
from yutang.kernel.jobs import GiveUp, Later

NAME_TAKEN, UNKNOWN_TAG = 40071, 40068
TAG_NOT_THERE_YET = timedelta(seconds=5)


def carry_tagging(tagging_id: int) -> None:
    """Bring WeCom to what a tagging says now: on or off its member's relation. Nothing to do for a settled one.

    A half-made contact cannot be tagged yet; its taggings wait for the confirmation.
    """
    tagging = Tagging.objects.select_related("tag__group", "member__corp").filter(pk=tagging_id, settled=False).first()
    if tagging is None or tagging.member is None:
        return
    app = _app_for(tagging.tag.group)
    if app is None or _is_half(tagging):
        return
    if not tagging.tag.wecom_id:
        raise Later(TAG_NOT_THERE_YET, "The tag itself is still on its way to WeCom.")
    external_userid = external_userid_of(tagging.customer_id, app.corp.wecom_corpid)
    change = [tagging.tag.wecom_id]
    add, remove = (change, []) if tagging.removed_at is None else ([], change)
    with calling(app) as client:
        try:
            client.mark_tags(tagging.member.userid, external_userid, add=add, remove=remove)
        except WeComError as error:
            raise GiveUp(str(error)) from error
    settle_taggings([tagging.pk])


def unsettled_of(customer_id: int, member_id: int) -> list[int]:
    """Taggings of a relation that WeCom has yet to be told of."""
    waiting = Tagging.objects.filter(customer_id=customer_id, member_id=member_id, settled=False)
    return list(waiting.values_list("pk", flat=True))


def external_userid_of(customer_id: int, corpid: str) -> str:
    identity = Identity.objects.filter(
        customer_id=customer_id, kind=IdentityKind.EXTERNAL_USERID, issuer=corpid, ended_at__isnull=True
    ).first()
    if identity is None:
        raise GiveUp("The customer has no id in this corp.")
    return identity.value


def _is_half(tagging: Tagging) -> bool:
    return Ownership.objects.filter(
        customer=tagging.customer_id, member=tagging.member, state=OwnershipState.HALF
    ).exists()


def carry_library_change(change: str, *, group_id: int, tag_id: int | None) -> None:
    """A tag or group was created, renamed or deleted here. Done twice, it is done once."""
    group = TagGroup.objects.select_related("corp").get(pk=group_id)
    app = _app_for(group)
    if app is None:
        return
    tag = Tag.objects.select_related("group").get(pk=tag_id) if tag_id is not None else None
    with calling(app) as client:
        try:
            _carry(client, change, group, tag)
        except WeComError as error:
            bring_in_library(app, client)
            if error.errcode in (NAME_TAKEN, UNKNOWN_TAG):
                return  # it is there already, or gone already: the library just read says which
            raise GiveUp(str(error)) from error


def _carry(client: WeComClient, change: str, group: TagGroup, tag: Tag | None) -> None:
    subject: Tag | TagGroup = tag or group
    if change == "created":
        if tag is not None and not tag.wecom_id and tag.deleted_at is None:
            _create(client, group, tag)  # WeCom knows no empty groups: a group comes into being with its first tag
    elif not subject.wecom_id:
        return  # never got there
    elif change == "deleted":
        deleted = [subject.wecom_id]
        client.call("externalcontact/del_corp_tag", tag_id=deleted if tag else None, group_id=None if tag else deleted)
    elif subject.deleted_at is None:
        client.call("externalcontact/edit_corp_tag", id=subject.wecom_id, name=subject.name, order=subject.order)


def _create(client: WeComClient, group: TagGroup, tag: Tag) -> None:
    where: dict[str, Any] = {"group_name": group.name, "order": group.order}
    if group.wecom_id:
        where = {"group_id": group.wecom_id}
    answer = client.call("externalcontact/add_corp_tag", tag=[{"name": tag.name, "order": tag.order}], **where)
    made = answer["tag_group"]
    if not group.wecom_id:
        link_group(group, made["group_id"])
    for item in made.get("tag") or []:
        if item["name"] == tag.name:
            link_tag(tag, item["id"])


def _app_for(group: TagGroup) -> WeComApp | None:
    if group.kind != TagGroupKind.CORP or group.corp is None:
        return None
    try:
        return app_of(group.corp)
    except NotConnected:
        return None
