"""A corp, its apps, and who works there."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from outside.records.plain import JSON


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
