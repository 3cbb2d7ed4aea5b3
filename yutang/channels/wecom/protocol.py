"""WeCom's calls as a table: how each is made, paged, repeated and counted (each call's own official page).

The table is the one place that changes when WeCom adds or moves a call; `transport` reads it and knows no path itself.
"""

from dataclasses import dataclass
from enum import StrEnum


class Verb(StrEnum):
    GET = "GET"
    POST = "POST"
    UPLOAD = "UPLOAD"  # a POST of multipart form data
    DOWNLOAD = "DOWNLOAD"  # a GET that answers with bytes, and with JSON only on failure


class Family(StrEnum):
    """Whose secret the token must come from."""

    NONE = "none"  # the call that fetches tokens
    ANY = "any"
    APP = "app"  # the corp's own app; customer calls also want it on the callable list
    SYNC = "sync"  # the contacts-sync assistant


@dataclass(frozen=True)
class Paging:
    """Cursor paging. `next_cursor` empty or absent is the end; a short page is not."""

    items: str
    size: int  # the largest page allowed
    size_parameter: str = "limit"


@dataclass(frozen=True)
class Endpoint:
    path: str  # below /cgi-bin/
    verb: Verb
    items: str = ""  # the key of the answer's list or object, where there is one
    paging: Paging | None = None
    family: Family = Family.APP
    repeatable: bool = True  # doing it twice does no harm, so an unknown outcome may be tried again
    bucket: str = "api"  # the rules of `limits` that count it, beside those that count every call


def _reads(verb: Verb, path: str, items: str = "", **more: object) -> Endpoint:
    return Endpoint(path, verb, items, **more)  # type: ignore[arg-type]


def _pages(path: str, items: str, size: int, size_parameter: str = "limit", **more: object) -> Endpoint:
    return Endpoint(path, Verb.POST, items, Paging(items, size, size_parameter), **more)  # type: ignore[arg-type]


def _writes(path: str, items: str = "", *, repeatable: bool = True, **more: object) -> Endpoint:
    return Endpoint(path, Verb.POST, items, repeatable=repeatable, **more)  # type: ignore[arg-type]


GET, POST = Verb.GET, Verb.POST

_TABLE = [
    # credentials and addresses
    _reads(GET, "gettoken", "access_token", family=Family.NONE, bucket="token"),
    _reads(GET, "get_api_domain_ip", "ip_list", family=Family.ANY),
    _reads(GET, "getcallbackip", "ip_list", family=Family.ANY),
    # members and departments
    _reads(GET, "user/get", family=Family.ANY),
    _reads(GET, "user/simplelist", "userlist", family=Family.ANY),
    _reads(GET, "user/list", "userlist", family=Family.ANY),
    _pages("user/list_id", "dept_user", 10_000, family=Family.SYNC),
    _reads(POST, "user/getuserid", "userid", family=Family.ANY),
    _reads(GET, "department/simplelist", "department_id", family=Family.ANY),
    _reads(GET, "department/list", "department", family=Family.ANY),
    _reads(GET, "department/get", "department", family=Family.ANY),
    _reads(GET, "tag/list", "taglist", family=Family.ANY),
    _reads(GET, "tag/get", family=Family.ANY),
    _reads(GET, "agent/get"),
    _reads(GET, "agent/list", "agentlist"),
    # signing in and pages inside WeCom
    _reads(GET, "auth/getuserinfo", repeatable=False, bucket="sign_in"),
    _reads(POST, "auth/getuserdetail"),
    _reads(GET, "get_jsapi_ticket", "ticket", bucket="jsapi_ticket"),
    _reads(GET, "ticket/get", "ticket", bucket="agent_ticket"),
    # customers
    _reads(GET, "externalcontact/get_follow_user_list", "follow_user"),
    _reads(GET, "externalcontact/list", "external_userid"),
    _reads(GET, "externalcontact/get", "external_contact"),
    _pages("externalcontact/batch/get_by_user", "external_contact_list", 100),
    _pages("externalcontact/contact_list", "info_list", 1000),
    _writes("externalcontact/remark"),
    _reads(POST, "externalcontact/unionid_to_external_userid", "external_userid"),
    _reads(POST, "externalcontact/opengid_to_chatid", "chat_id"),
    _reads(POST, "externalcontact/convert_to_openid", "openid"),
    # live codes and acquisition links
    _writes("externalcontact/add_contact_way", "config_id", repeatable=False),
    _reads(POST, "externalcontact/get_contact_way", "contact_way"),
    _pages("externalcontact/list_contact_way", "contact_way", 1000),
    _writes("externalcontact/update_contact_way"),
    _writes("externalcontact/del_contact_way"),
    _writes("externalcontact/close_temp_chat"),
    _pages("externalcontact/customer_acquisition/list_link", "link_id_list", 100),
    _reads(POST, "externalcontact/customer_acquisition/get", "link"),
    _writes("externalcontact/customer_acquisition/create_link", "link", repeatable=False),
    _writes("externalcontact/customer_acquisition/update_link"),
    _writes("externalcontact/customer_acquisition/delete_link"),
    _pages("externalcontact/customer_acquisition/customer", "customer_list", 1000),
    _reads(POST, "externalcontact/customer_acquisition/statistic"),
    _reads(POST, "externalcontact/customer_acquisition/get_chat_info"),
    _reads(GET, "externalcontact/customer_acquisition_quota"),
    # the one automatic greeting
    _writes("externalcontact/send_welcome_msg", repeatable=False),
    # tags
    _reads(POST, "externalcontact/get_corp_tag_list", "tag_group"),
    _writes("externalcontact/add_corp_tag", "tag_group"),
    _writes("externalcontact/edit_corp_tag"),
    _writes("externalcontact/del_corp_tag"),
    _writes("externalcontact/mark_tag"),
    # groups
    _pages("externalcontact/groupchat/list", "group_chat_list", 1000),
    _reads(POST, "externalcontact/groupchat/get", "group_chat"),
    _writes("externalcontact/groupchat/add_join_way", "config_id", repeatable=False),
    _reads(POST, "externalcontact/groupchat/get_join_way", "join_way"),
    _writes("externalcontact/groupchat/update_join_way"),
    _writes("externalcontact/groupchat/del_join_way"),
    # handing customers over
    _writes("externalcontact/transfer_customer", "customer", repeatable=False),
    _pages("externalcontact/transfer_result", "customer", 1000),
    _pages("externalcontact/get_unassigned_list", "info", 1000, "page_size"),
    _writes("externalcontact/resigned/transfer_customer", "customer", repeatable=False),
    _pages("externalcontact/resigned/transfer_result", "customer", 1000),
    _writes("externalcontact/groupchat/transfer", "failed_chat_list", repeatable=False),
    _writes("externalcontact/groupchat/onjob_transfer", "failed_chat_list", repeatable=False),
    # statistics
    _reads(POST, "externalcontact/get_user_behavior_data", "behavior_data"),
    _reads(POST, "externalcontact/groupchat/statistic", "items"),
    _reads(POST, "externalcontact/groupchat/statistic_group_by_day", "items"),
    # media
    _reads(Verb.UPLOAD, "media/upload", "media_id", family=Family.ANY),
    _reads(Verb.UPLOAD, "media/uploadimg", "url", family=Family.ANY, bucket="permanent_picture"),
    _reads(Verb.UPLOAD, "media/upload_attachment", "media_id"),
    _reads(Verb.DOWNLOAD, "media/get", family=Family.ANY),
    # messages to members
    _writes("message/send", "msgid", repeatable=False, bucket="member_message"),
    _writes("message/recall"),
]

ENDPOINTS: dict[str, Endpoint] = {endpoint.path: endpoint for endpoint in _TABLE}


def endpoint(path: str) -> Endpoint:
    """Raises KeyError, naming the path, where the table does not have it."""
    return ENDPOINTS[path]
