"""The answers we rely on, typed as far as we rely on them. Every other field passes through untouched.

WeCom leaves fields out where an app may not see them, so nothing here but an id is certain to be there.
"""

from typing import Any, TypedDict


class ExternalContact(TypedDict, total=False):
    external_userid: str
    name: str
    avatar: str
    type: int  # 1 a WeChat user, 2 a WeCom user of another corp
    gender: int  # 0 unknown, 1 male, 2 female
    unionid: str
    position: str
    corp_name: str
    corp_full_name: str
    external_profile: dict[str, Any]


class FollowTag(TypedDict, total=False):
    group_name: str
    tag_name: str
    tag_id: str
    type: int  # 1 corp tag, 2 the member's own, 3 of a strategy group


class FollowUser(TypedDict, total=False):
    """A member's relation with a customer. `tags` comes from `get`, `tag_id` from `batch/get_by_user`."""

    userid: str
    remark: str
    description: str
    createtime: int
    tags: list[FollowTag]
    tag_id: list[str]
    remark_corp_name: str
    remark_mobiles: list[str]
    add_way: int
    oper_userid: str
    state: str


class CustomerDetail(TypedDict):
    external_contact: ExternalContact
    follow_user: list[FollowUser]


class CustomerRow(TypedDict):
    external_contact: ExternalContact
    follow_info: FollowUser


class TagItem(TypedDict, total=False):
    id: str
    name: str
    create_time: int
    order: int
    deleted: bool


class TagGroupItem(TypedDict, total=False):
    group_id: str
    group_name: str
    create_time: int
    order: int
    deleted: bool
    tag: list[TagItem]


class MemberItem(TypedDict, total=False):
    userid: str
    name: str
    department: list[int]
    position: str
    alias: str
    avatar: str
    status: int  # 1 active, 2 disabled, 4 not activated, 5 left


class DepartmentItem(TypedDict, total=False):
    id: int
    name: str
    parentid: int
    order: int


class ContactWay(TypedDict, total=False):
    config_id: str
    type: int
    scene: int
    remark: str
    skip_verify: bool
    state: str
    qr_code: str
    user: list[str]
    party: list[int]
    is_temp: bool
