"""Leaves over what hangs on a person: relations with members, tags, ids, consents."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

from django.db.models import Q, QuerySet
from pydantic import Field
from pyroaring import BitMap

from yutang.customers.consents import ConsentChannel, Purpose
from yutang.customers.models import HELD, Consent, Identity, IdentityKind, Ownership, OwnershipState, Tagging
from yutang.kernel.language import Text
from yutang.organization.models import Department, Member
from yutang.segments.history import History, Needs, Relation
from yutang.segments.leaves.base import (
    NONE,
    Leaf,
    Names,
    Reading,
    World,
    first_move,
    flips_of,
    listed,
    people_in,
    spoken,
    within,
)
from yutang.segments.windows import EVER, Moment, Window

Id = Annotated[int, Field(ge=1, le=2**32 - 1)]
Ids = Annotated[list[Id], Field(max_length=500)]

STATES = {
    OwnershipState.MUTUAL: Text("互为好友", "mutual contact"),
    OwnershipState.HALF: Text("待员工通过", "waiting for the member"),
    OwnershipState.DELETED_BY_CUSTOMER: Text("被客户删除", "deleted by the customer"),
    OwnershipState.DELETED_BY_MEMBER: Text("被员工删除", "deleted by the member"),
    OwnershipState.TRANSFERRED: Text("已转接", "handed on"),
}
KINDS = {
    IdentityKind.EXTERNAL_USERID: Text("企业微信客户身份", "WeCom contact id"),
    IdentityKind.UNIONID: Text("微信 UnionID", "WeChat union id"),
    IdentityKind.OPENID: Text("微信 OpenID", "WeChat open id"),
    IdentityKind.MEMBER_NO: Text("会员号", "member number"),
    IdentityKind.PHONE: Text("手机号", "phone number"),
    IdentityKind.BUYER_ID: Text("平台买家号", "marketplace buyer id"),
    IdentityKind.EMAIL: Text("邮箱", "e-mail address"),
    IdentityKind.DEVICE: Text("设备号", "device id"),
}
PURPOSES = {
    Purpose.MARKETING: Text("营销", "marketing"),
    Purpose.SERVICE: Text("服务", "service"),
    Purpose.PROFILING: Text("个性化", "profiling"),
    Purpose.SHARING: Text("对外共享", "sharing"),
}
CHANNELS = {
    ConsentChannel.ANY: Text("任何渠道", "any channel"),
    ConsentChannel.WECOM: Text("企业微信", "WeCom"),
    ConsentChannel.SMS: Text("短信", "SMS"),
    ConsentChannel.EMAIL: Text("邮件", "e-mail"),
    ConsentChannel.PHONE: Text("电话", "phone"),
    ConsentChannel.OFFICIAL_ACCOUNT: Text("公众号", "official account"),
    ConsentChannel.MINI_PROGRAM: Text("小程序", "mini-program"),
}


class RelationIs(Leaf):
    """A member of ours has, or had, the person as a contact: one relation that is all of this."""

    kind: Literal["relation"] = "relation"
    states: list[OwnershipState] = Field([], max_length=5, description="None: any that holds now.")
    members: Ids = []
    stores: Ids = Field([], description="Of the member.")
    departments: Ids = Field([], description="Of the member; with all departments below them.")
    add_ways: list[Annotated[int, Field(ge=0, le=10_000)]] = Field([], max_length=50, description="WeCom's numbers.")
    state_codes: list[Annotated[str, Field(max_length=128)]] = Field(
        [], max_length=200, description="What the scanned code put on the add."
    )
    added: Window | None = None

    def needs(self) -> Needs:
        return Needs(relations=True)

    def hears(self) -> Collection[str]:
        return ("contact.added", "contact.confirmed", "contact.lost", "relation.changed")

    def is_shaken_by(self, event: str, props: Mapping[str, Any]) -> bool:
        return event == "address_book.changed" and bool(self.stores or self.departments)

    def people(self, world: World) -> Reading:
        rows = self._rows()
        if self.added is None:
            return Reading(people_in(rows, "person_id") & world.everyone)
        inside = people_in(within(rows, "added_at", self.added, world.moment), "person_id")
        return Reading(inside & world.everyone, flips_of(rows, "person_id", "added_at", self.added, world.moment))

    def holds_for(self, history: History, moment: Moment) -> bool:
        window = self.added or EVER
        return any(self.added is None or window.span(moment).holds(each.added_at) for each in self._fitting(history))

    def next_flip(self, history: History, moment: Moment) -> datetime | None:
        if self.added is None:
            return None
        window = self.added
        return first_move((each.added_at for each in self._fitting(history)), lambda at: window.moves(at, moment))

    def sentence(self, names: Names, moment: Moment) -> Text:
        named = {what: getattr(self, f"{what}s") for what in ("member", "store", "department")}
        parts = [listed((names.of(what, each) for each in ids), "、", " or ") for what, ids in named.items() if ids]
        if self.add_ways:
            parts.append(
                Text("添加方式为{ways}", "added by way {ways}").fill(
                    ways=listed((names.of("add_way", way) for way in self.add_ways), "、", " or ")
                )
            )
        if self.state_codes:
            parts.append(
                Text("经由{codes}", "through {codes}").fill(
                    codes=listed((names.of("state_code", code) for code in self.state_codes), "、", " or ")
                )
            )
        if self.states:
            parts.append(spoken(STATES, self.states))
        if self.added:
            parts.append(Text("{when}添加", "added {when}").fill(when=self.added.sentence(moment)))
        said = Text("有好友关系", "is a contact") if not self.states else Text("有关系", "has a relation")
        return (
            Text("{said}（{parts}）", "{said} ({parts})").fill(said=said, parts=listed(parts, "，", ", "))
            if parts
            else said
        )

    def seen(self, history: History, names: Names, moment: Moment) -> Text:
        told = [
            Text("{member} {state} {at}", "{member} {state} {at}").fill(
                member=names.of("member", each.member_id),
                state=STATES[OwnershipState(each.state)],
                at=moment.text(each.added_at),
            )
            for each in history.relations[:10]
        ]
        return listed(told, "；", "; ") if told else NONE

    def _rows(self) -> QuerySet[Ownership]:
        rows = Ownership.objects.filter(state__in=self.states or HELD)
        if self.members:
            rows = rows.filter(member__in=self.members)
        if self.stores:
            rows = rows.filter(member__store__in=self.stores)
        if self.departments:
            rows = rows.filter(member__in=members_below(self.departments))
        if self.add_ways:
            rows = rows.filter(add_way__in=self.add_ways)
        if self.state_codes:
            rows = rows.filter(state_code__in=self.state_codes)
        return rows

    def _fitting(self, history: History) -> list[Relation]:
        return [
            each
            for each in history.relations
            if each.state in (self.states or HELD)
            and (not self.members or each.member_id in self.members)
            and (not self.stores or each.store_id in self.stores)
            and (not self.departments or not each.departments.isdisjoint(self.departments))
            and (not self.add_ways or each.add_way in self.add_ways)
            and (not self.state_codes or each.state_code in self.state_codes)
        ]


def members_below(department_ids: Collection[int]) -> list[int]:
    """Members of these departments and of all below them."""
    below = Q(pk__in=[])
    for path in Department.objects.filter(pk__in=department_ids).values_list("path", flat=True):
        below |= Q(departments__path__startswith=path)
    return list(Member.objects.filter(below).values_list("pk", flat=True).distinct())


class TagsAre(Leaf):
    """Tags the person carries, all, any or none of them; with `added`, put on within that time."""

    kind: Literal["tags"] = "tags"
    tags: Annotated[list[Id], Field(min_length=1, max_length=100)]
    which: Literal["all", "any", "none"] = "any"
    added: Window | None = None

    def needs(self) -> Needs:
        return Needs(tags=True)

    def hears(self) -> Collection[str]:
        return ("tag.added", "tag.removed")

    def is_shaken_by(self, event: str, props: Mapping[str, Any]) -> bool:
        return event == "tag_library.changed" and props.get("change") == "deleted"

    def people(self, world: World) -> Reading:
        rows = Tagging.objects.filter(tag__in=self.tags, removed_at=None)
        found = rows if self.added is None else within(rows, "at", self.added, world.moment)
        if self.which == "all":
            carried = [people_in(found.filter(tag=tag), "person_id") for tag in dict.fromkeys(self.tags)]
            inside = BitMap.intersection(*carried)
        else:
            inside = people_in(found, "person_id")
        inside = world.everyone - inside if self.which == "none" else inside & world.everyone
        if self.added is None:
            return Reading(inside)
        return Reading(inside, flips_of(rows, "person_id", "at", self.added, world.moment))

    def holds_for(self, history: History, moment: Moment) -> bool:
        span = self.added.span(moment) if self.added else None
        carried = {put.tag_id for put in history.tags if span is None or span.holds(put.at)} & set(self.tags)
        match self.which:
            case "all":
                return carried == set(self.tags)
            case "any":
                return bool(carried)
            case "none":
                return not carried

    def next_flip(self, history: History, moment: Moment) -> datetime | None:
        if self.added is None:
            return None
        window, tags = self.added, set(self.tags)
        return first_move((put.at for put in history.tags if put.tag_id in tags), lambda at: window.moves(at, moment))

    def sentence(self, names: Names, moment: Moment) -> Text:
        said = listed(names.of("tag", tag) for tag in self.tags)
        how = {
            "all": Text("带有全部标签 {tags}", "carries all of the tags {tags}"),
            "any": Text("带有任一标签 {tags}", "carries any of the tags {tags}"),
            "none": Text("不带标签 {tags}", "carries none of the tags {tags}"),
        }[self.which].fill(tags=said)
        if self.added is None:
            return how
        return Text("{how}（{when}打上）", "{how} (put on {when})").fill(how=how, when=self.added.sentence(moment))

    def seen(self, history: History, names: Names, moment: Moment) -> Text:
        told = [
            Text("{tag} {at}", "{tag} {at}").fill(tag=names.of("tag", put.tag_id), at=moment.text(put.at))
            for put in history.tags
            if put.tag_id in self.tags
        ]
        return listed(told, "；", "; ") if told else NONE


class HasIdentity(Leaf):
    """Any id of one of these kinds is known and in use."""

    kind: Literal["identity"] = "identity"
    kinds: Annotated[list[IdentityKind], Field(min_length=1, max_length=10)]

    def needs(self) -> Needs:
        return Needs(identities=True)

    def hears(self) -> Collection[str]:
        return ("customer.identified", "customer.changed")

    def people(self, world: World) -> Reading:
        rows = Identity.objects.filter(kind__in=self.kinds, ended_at=None)
        return Reading(people_in(rows, "person_id") & world.everyone)

    def holds_for(self, history: History, moment: Moment) -> bool:
        return not history.identities.isdisjoint(self.kinds)

    def sentence(self, names: Names, moment: Moment) -> Text:
        return Text("已知{kinds}", "has a {kinds}").fill(kinds=spoken(KINDS, self.kinds))

    def seen(self, history: History, names: Names, moment: Moment) -> Text:
        return spoken(KINDS, sorted(history.identities)) if history.identities else NONE


class ConsentStands(Leaf):
    """What the person last said of a purpose on a channel: yes, no, or nothing yet. The strictest of their records."""

    kind: Literal["consent"] = "consent"
    purpose: Purpose
    channel: ConsentChannel = ConsentChannel.ANY
    says: Literal["yes", "no", "nothing"] = "yes"

    def needs(self) -> Needs:
        return Needs(consents=True)

    def hears(self) -> Collection[str]:
        return ("consent.stated",)

    def people(self, world: World) -> Reading:
        rows = Consent.objects.filter(purpose=self.purpose, channel=self.channel)
        newest: dict[int, tuple[int, bool]] = {}  # record → person and what it said last
        told = rows.order_by("at", "pk").values_list("customer_id", "customer__person_id", "granted")
        for record, person, granted in told.iterator(50_000):
            newest[record] = (person or record, granted)
        said = BitMap(person for person, _ in newest.values())
        refused = BitMap(person for person, granted in newest.values() if not granted)
        found = {"yes": said - refused, "no": refused, "nothing": world.everyone - said}[self.says]
        return Reading(found & world.everyone)

    def holds_for(self, history: History, moment: Moment) -> bool:
        said = history.consents.get((self.purpose, self.channel))
        return said is {"yes": True, "no": False, "nothing": None}[self.says]

    def sentence(self, names: Names, moment: Moment) -> Text:
        text = {
            "yes": Text("同意{purpose}（{channel}）", "agreed to {purpose} ({channel})"),
            "no": Text("拒绝{purpose}（{channel}）", "refused {purpose} ({channel})"),
            "nothing": Text("未表态{purpose}（{channel}）", "said nothing of {purpose} ({channel})"),
        }[self.says]
        return text.fill(purpose=PURPOSES[self.purpose], channel=CHANNELS[self.channel])

    def seen(self, history: History, names: Names, moment: Moment) -> Text:
        said = history.consents.get((self.purpose, self.channel))
        if said is None:
            return Text("未表态", "said nothing")
        return Text("同意", "agreed") if said else Text("拒绝", "refused")
