"""What the world is made of. Each record is one row of the store; lists and dicts inside hold plain JSON."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

JSON = dict[str, Any]


@dataclass(slots=True)
class Corp:
    """A company on WeCom."""

    kind: ClassVar[str] = "corp"
    corpid: str
    name: str
    full_name: str = ""
    developer_bound: bool = True  # whether a WeChat developer account is bound: customers then carry a unionid
    settings: JSON = field(default_factory=dict)

    @property
    def key(self) -> str:
        return self.corpid


@dataclass(slots=True)
class App:
    """A holder of a secret: a self-built app, or one of the two system applications."""

    kind: ClassVar[str] = "app"
    corpid: str
    agentid: int
    name: str
    secret: str
    role: str = "app"  # app, contacts (通讯录同步), customer (客户联系)
    callable: bool = True  # on the list of apps that may call customer contact
    enabled: bool = True
    visible_users: list[str] = field(default_factory=list)
    visible_parties: list[int] = field(default_factory=lambda: [1])
    trusted_ips: list[str] = field(default_factory=list)  # empty: any address may call
    redirect_domains: list[str] = field(default_factory=list)  # empty: any host may receive an OAuth code
    callback_url: str = ""
    callback_token: str = ""
    callback_aes_key: str = ""
    callback_format: str = "xml"
    events: list[str] = field(default_factory=list)  # event names switched on; empty: all
    sees_private_fields: bool = False
    reads_details: bool = False  # contacts role only: an old IP that may still read member details
    description: str = ""
    home_url: str = ""

    @property
    def key(self) -> str:
        return f"{self.corpid}/{self.agentid}"


@dataclass(slots=True)
class Department:
    kind: ClassVar[str] = "department"
    corpid: str
    id: int
    name: str
    parentid: int = 0
    order: int = 100000000
    name_en: str = ""
    leaders: list[str] = field(default_factory=list)

    @property
    def key(self) -> str:
        return f"{self.corpid}/{self.id}"


@dataclass(slots=True)
class Member:
    """Somebody who works at a corp."""

    kind: ClassVar[str] = "member"
    corpid: str
    userid: str
    name: str
    departments: list[int] = field(default_factory=lambda: [1])
    orders: list[int] = field(default_factory=list)
    leader_in: list[int] = field(default_factory=list)
    main_department: int = 0
    position: str = ""
    mobile: str = ""
    gender: int = 0
    email: str = ""
    biz_mail: str = ""
    alias: str = ""
    english_name: str = ""
    telephone: str = ""
    address: str = ""
    direct_leader: list[str] = field(default_factory=list)
    external_position: str = ""
    external_profile: JSON = field(default_factory=dict)
    extattr: JSON = field(default_factory=dict)
    avatar: JSON = field(default_factory=dict)
    status: int = 1  # 1 active, 2 disabled, 4 not activated, 5 left
    contact_function: bool = True
    real_name: bool = True
    no_verification: bool = False  # the member's own setting: strangers become friends without being accepted
    console_welcome: str = ""  # a welcome set in the admin console takes the welcome code away from apps
    customer_limit: int = 20000
    last_login_at: int = 0  # 0: logs in all the time
    left_at: int = 0

    @property
    def key(self) -> str:
        return f"{self.corpid}/{self.userid.lower()}"

    @property
    def can_serve(self) -> bool:
        return self.status == 1 and self.contact_function and self.real_name


@dataclass(slots=True)
class MemberTag:
    """A tag of the address book, for addressing app messages; not a customer tag."""

    kind: ClassVar[str] = "member_tag"
    corpid: str
    id: int
    name: str
    users: list[str] = field(default_factory=list)
    parties: list[int] = field(default_factory=list)

    @property
    def key(self) -> str:
        return f"{self.corpid}/{self.id}"


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
class WelcomeCode:
    """Good for 20 seconds and for one welcome."""

    kind: ClassVar[str] = "welcome_code"
    code: str
    corpid: str
    userid: str
    external_userid: str
    issued_at: float
    used: bool = False

    @property
    def key(self) -> str:
        return self.code


@dataclass(slots=True)
class WelcomeTemplate:
    """入群欢迎语素材."""

    kind: ClassVar[str] = "welcome_template"
    corpid: str
    template_id: str
    creator: int
    parts: JSON = field(default_factory=dict)

    @property
    def key(self) -> str:
        return self.template_id


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


@dataclass(slots=True)
class Media:
    kind: ClassVar[str] = "media"
    media_id: str
    corpid: str
    type: str
    filename: str
    content_type: str
    size: int
    created_at: int
    permanent: bool = False
    attachment_type: int = 0

    @property
    def key(self) -> str:
        return self.media_id


@dataclass(slots=True)
class ChatMessage:
    """One bubble between a member and a customer."""

    kind: ClassVar[str] = "chat_message"
    id: str
    corpid: str
    userid: str
    external_userid: str
    sender: str  # customer, member, welcome (a member's, sent by the system), system (a grey line)
    msgtype: str
    content: JSON
    at: float

    @property
    def key(self) -> str:
        return self.id


@dataclass(slots=True)
class AppMessage:
    """What an app wrote to members with message/send."""

    kind: ClassVar[str] = "app_message"
    msgid: str
    corpid: str
    agentid: int
    to: list[str]
    msgtype: str
    content: JSON
    at: float
    response_code: str = ""
    recalled: bool = False
    digest: str = ""

    @property
    def key(self) -> str:
        return self.msgid


@dataclass(slots=True)
class Token:
    kind: ClassVar[str] = "token"
    token: str
    corpid: str
    agentid: int
    expires_at: int
    withdrawn: bool = False

    @property
    def key(self) -> str:
        return self.token


@dataclass(slots=True)
class Ticket:
    """What a browser or an SDK holds for a while: an OAuth code, a user_ticket, a JS-SDK ticket, a card's answer."""

    kind: ClassVar[str] = "ticket"
    code: str
    purpose: str  # oauth_code, user_ticket, jsapi, agent_config, chat_key
    corpid: str
    agentid: int
    expires_at: int
    subject: JSON = field(default_factory=dict)
    used: bool = False

    @property
    def key(self) -> str:
        return self.code


@dataclass(slots=True)
class Callback:
    """An event on its way to one app, with every try that was made."""

    kind: ClassVar[str] = "callback"
    id: str
    corpid: str
    agentid: int
    event: str
    change_type: str
    plain: JSON
    at: float
    status: str = "pending"  # pending, delivered, failed, dropped
    attempts: list[JSON] = field(default_factory=list)

    @property
    def key(self) -> str:
        return self.id


@dataclass(slots=True)
class Fault:
    """Something that shall go wrong; see faults.py for the kinds."""

    kind: ClassVar[str] = "fault"
    id: str
    what: str
    corpid: str = "*"
    where: str = "*"  # an API path or event, with * as a wildcard
    probability: float = 1.0
    count: int | None = None  # how often it may still strike; none: without end
    skip: int = 0  # how many chances it lets pass first
    until: float | None = None
    options: JSON = field(default_factory=dict)
    struck: int = 0

    @property
    def key(self) -> str:
        return self.id


@dataclass(slots=True)
class LyingPage:
    """A web page whose address lies around in the world, as on a parcel card."""

    kind: ClassVar[str] = "page"
    url: str
    title: str

    @property
    def key(self) -> str:
        return self.url


@dataclass(slots=True)
class Setting:
    """One value of the world itself: its clock, its switches."""

    kind: ClassVar[str] = "setting"
    name: str
    value: Any = None

    @property
    def key(self) -> str:
        return self.name
