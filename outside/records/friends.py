"""People outside, what binds them to members, and the tags on that."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from outside.records.plain import JSON


@dataclass(slots=True)
class Person:
    """Somebody with WeChat on a phone; to a corp an external contact, known there under an id of its own."""

    kind: ClassVar[str] = "person"
    id: str
    nickname: str
    unionid: str
    gender: int = 0
    phone: str = ""
    avatar: JSON = field(default_factory=dict)
    type: int = 1  # 1 WeChat, 2 WeCom of another corp
    corp_name: str = ""
    corp_full_name: str = ""
    position: str = ""
    external_profile: JSON = field(default_factory=dict)
    external_ids: JSON = field(default_factory=dict)  # corpid -> external_userid

    @property
    def key(self) -> str:
        return self.id


@dataclass(slots=True)
class Relation:
    """One member and one customer of one corp."""

    kind: ClassVar[str] = "relation"
    corpid: str
    userid: str
    external_userid: str
    createtime: int
    status: str = "mutual"  # mutual, half, deleted_by_customer, deleted_by_member
    add_way: int = 1
    oper_userid: str = ""
    state: str = ""
    remark: str = ""
    description: str = ""
    company: str = ""
    mobiles: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    personal_tags: list[str] = field(default_factory=list)
    wechat_channels: JSON | None = None
    remark_pic: str = ""
    config_id: str = ""
    link_id: str = ""
    chatted: bool = False
    welcomed: bool = False
    received: int = 0  # messages of the customer, since the adding
    deleted_at: int = 0
    unread: bool = True  # the member has not yet opened the chat
    active_at: float = 0.0  # the last bubble; 0 before the first

    @property
    def key(self) -> str:
        return f"{self.corpid}/{self.userid.lower()}/{self.external_userid}"

    @property
    def pair(self) -> tuple[str, str]:
        return self.userid, self.external_userid

    @property
    def is_readable(self) -> bool:
        return self.status != "deleted_by_member"

    @property
    def is_usable(self) -> bool:
        """Remarks, tags and transfers need more than a half-made friendship."""
        return self.status in ("mutual", "deleted_by_customer")


@dataclass(slots=True)
class FriendRequest:
    """A customer waits for a member to accept."""

    kind: ClassVar[str] = "friend_request"
    corpid: str
    userid: str
    person_id: str
    at: int
    add_way: int = 1
    state: str = ""
    config_id: str = ""
    link_id: str = ""
    message: str = ""

    @property
    def key(self) -> str:
        return f"{self.corpid}/{self.userid.lower()}/{self.person_id}"


@dataclass(slots=True)
class TagGroup:
    kind: ClassVar[str] = "tag_group"
    corpid: str
    id: str
    name: str
    order: int = 0
    create_time: int = 0
    deleted: bool = False
    creator: int = 0  # agentid; 0: made in the console

    @property
    def key(self) -> str:
        return f"{self.corpid}/{self.id}"


@dataclass(slots=True)
class Tag:
    kind: ClassVar[str] = "tag"
    corpid: str
    id: str
    group_id: str
    name: str
    order: int = 0
    create_time: int = 0
    deleted: bool = False
    creator: int = 0  # agentid; 0: made in the console

    @property
    def key(self) -> str:
        return f"{self.corpid}/{self.id}"


@dataclass(slots=True)
class Transfer:
    """A customer on the way from one member to another; done a day after the order."""

    kind: ClassVar[str] = "transfer"
    id: str
    corpid: str
    handover_userid: str
    takeover_userid: str
    external_userid: str
    started_at: int
    takes_over_at: int
    resigned: bool = False
    status: int = 2  # 1 done, 2 waiting, 3 refused, 4 limit reached
    message: str = ""

    @property
    def key(self) -> str:
        return self.id
