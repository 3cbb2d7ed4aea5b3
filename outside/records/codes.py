"""What leads to members and groups, and the groups."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from outside.records.plain import JSON


@dataclass(slots=True)
class ContactWay:
    """联系我: a code that leads to one or several members."""

    kind: ClassVar[str] = "contact_way"
    corpid: str
    config_id: str
    creator: int
    created_at: int
    type: int = 1
    scene: int = 2
    style: int = 0
    remark: str = ""
    skip_verify: bool = True
    state: str = ""
    user: list[str] = field(default_factory=list)
    party: list[int] = field(default_factory=list)
    is_temp: bool = False
    expires_in: int = 7 * 86400
    chat_expires_in: int = 86400
    unionid: str = ""
    is_exclusive: bool = False
    mark_source: bool = True
    conclusions: JSON = field(default_factory=dict)
    used: bool = False

    @property
    def key(self) -> str:
        return self.config_id

    def is_expired(self, now: float) -> bool:
        """A temporary code dies with its time, or with the first friend it makes."""
        return self.is_temp and (self.used or now > self.created_at + self.expires_in)


@dataclass(slots=True)
class TempSession:
    """The chat that a temporary code opens; it closes by itself, or by close_temp_chat."""

    kind: ClassVar[str] = "temp_session"
    corpid: str
    userid: str
    external_userid: str
    config_id: str
    expires_at: int

    @property
    def key(self) -> str:
        return f"{self.corpid}/{self.userid.lower()}/{self.external_userid}"


@dataclass(slots=True)
class AcquisitionLink:
    """获客链接."""

    kind: ClassVar[str] = "acquisition_link"
    corpid: str
    link_id: str
    creator: int
    link_name: str
    create_time: int
    users: list[str] = field(default_factory=list)
    parties: list[int] = field(default_factory=list)
    skip_verify: bool = True
    mark_source: bool = True
    priority_type: int = 0
    priority_users: list[str] = field(default_factory=list)
    clicks: JSON = field(default_factory=dict)  # day (Asia/Shanghai midnight, as text) -> people who opened it
    deleted: bool = False

    @property
    def key(self) -> str:
        return self.link_id


@dataclass(slots=True)
class GroupChat:
    kind: ClassVar[str] = "group_chat"
    corpid: str
    chat_id: str
    name: str
    owner: str
    create_time: int
    notice: str = ""
    members: list[JSON] = field(default_factory=list)
    admins: list[str] = field(default_factory=list)
    member_version: str = ""
    status: int = 0
    dismissed: bool = False

    @property
    def key(self) -> str:
        return f"{self.corpid}/{self.chat_id}"


@dataclass(slots=True)
class JoinWay:
    kind: ClassVar[str] = "join_way"
    corpid: str
    config_id: str
    creator: int
    scene: int
    remark: str = ""
    auto_create_room: int = 1
    room_base_name: str = ""
    room_base_id: int = 0
    chat_id_list: list[str] = field(default_factory=list)
    state: str = ""
    mark_source: bool = True

    @property
    def key(self) -> str:
        return self.config_id


@dataclass(slots=True)
class LyingPage:
    """A web page whose address lies around in the world, as on a parcel card."""

    kind: ClassVar[str] = "page"
    url: str
    title: str

    @property
    def key(self) -> str:
        return self.url
