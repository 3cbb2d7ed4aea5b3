"""WeCom in WeCom's words: one method a call, named as the call is. How calls are made is `transport`'s business."""

from collections.abc import Iterator, Sequence
from typing import Any, cast

from yutang.channels.wecom.errors import WeComError
from yutang.channels.wecom.shapes import (
    ContactWay,
    CustomerDetail,
    CustomerRow,
    DepartmentItem,
    FollowUser,
    MemberItem,
    TagGroupItem,
)
from yutang.channels.wecom.transport import Answer, Page, Transport, Upload

NO_RELATION = 84061


class WeComClient:
    """One app of one corp. Safe to share between threads. What is not wrapped here is reached by `call` and `pages`."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self.call = transport.call
        self.pages = transport.pages
        self.download = transport.download
        self.credentials = transport.credentials

    # credentials and addresses

    def token(self) -> str:
        return self._transport.token()

    def api_domain_ips(self) -> list[str]:
        return cast(list[str], self.call("get_api_domain_ip")["ip_list"])

    def callback_ips(self) -> list[str]:
        return cast(list[str], self.call("getcallbackip")["ip_list"])

    def jsapi_ticket(self) -> Answer:
        return self.call("get_jsapi_ticket")

    def agent_ticket(self) -> Answer:
        return self.call("ticket/get", type="agent_config")

    def agent(self) -> Answer:
        """The app itself, with the visible range it was given."""
        return self.call("agent/get", agentid=self.credentials.agent_id)

    # members and departments

    def departments(self) -> list[DepartmentItem]:
        return cast(list[DepartmentItem], self.call("department/list").get("department") or [])

    def department_ids(self) -> list[DepartmentItem]:
        return cast(list[DepartmentItem], self.call("department/simplelist").get("department_id") or [])

    def members_of(self, department_id: int) -> list[MemberItem]:
        """Members directly in the department, without those of departments below it."""
        return cast(list[MemberItem], self.call("user/list", department_id=department_id).get("userlist") or [])

    def member(self, userid: str) -> MemberItem:
        return cast(MemberItem, self.call("user/get", userid=userid))

    def follow_users(self) -> list[str]:
        """Members with the customer-contact function that this app can see."""
        return cast(list[str], self.call("externalcontact/get_follow_user_list").get("follow_user") or [])

    def who_signed_in(self, code: str) -> Answer:
        return self.call("auth/getuserinfo", code=code)

    # customers

    def customer_ids_of(self, userid: str) -> list[str]:
        """Every customer of a member. WeCom answers 84061 for a member without any; that is an empty list."""
        try:
            answer = self.call("externalcontact/list", userid=userid)
        except WeComError as error:
            if error.errcode == NO_RELATION:
                return []
            raise
        return cast(list[str], answer.get("external_userid") or [])

    def customer(self, external_userid: str) -> CustomerDetail:
        """A customer with all followers this app can see, however many pages they fill."""
        answer = self.call("externalcontact/get", external_userid=external_userid)
        followers = list(answer.get("follow_user") or [])
        while cursor := answer.get("next_cursor"):
            answer = self.call("externalcontact/get", external_userid=external_userid, cursor=cursor)
            followers += answer.get("follow_user") or []
        return CustomerDetail(
            external_contact=answer["external_contact"], follow_user=cast(list[FollowUser], followers)
        )

    def customers_of(self, userids: Sequence[str], *, cursor: str = "") -> Iterator[Page]:
        """Pages of CustomerRow: a row for each pair of a customer and one of these at most 100 members."""
        return self.pages("externalcontact/batch/get_by_user", userid_list=list(userids), cursor=cursor)

    def remark(self, userid: str, external_userid: str, **changes: Any) -> None:
        self.call("externalcontact/remark", userid=userid, external_userid=external_userid, **changes)

    # live codes

    def add_contact_way(self, way: ContactWay) -> ContactWay:
        """The way's `config_id`, which must be kept, and for a QR code its picture's address."""
        return cast(ContactWay, self.call("externalcontact/add_contact_way", **way))

    def update_contact_way(self, config_id: str, changes: ContactWay) -> None:
        self.call("externalcontact/update_contact_way", config_id=config_id, **changes)

    def contact_way(self, config_id: str) -> ContactWay:
        return cast(ContactWay, self.call("externalcontact/get_contact_way", config_id=config_id)["contact_way"])

    def delete_contact_way(self, config_id: str) -> None:
        self.call("externalcontact/del_contact_way", config_id=config_id)

    def contact_way_ids(self, *, start_time: int | None = None, end_time: int | None = None) -> Iterator[str]:
        for page in self.pages("externalcontact/list_contact_way", start_time=start_time, end_time=end_time):
            yield from (way["config_id"] for way in page.items)

    def send_welcome(self, welcome_code: str, *, text: str, attachments: Sequence[dict[str, Any]]) -> None:
        """One use, within 20 seconds of the event that carried the code."""
        self.call(
            "externalcontact/send_welcome_msg",
            welcome_code=welcome_code,
            text={"content": text} if text else None,
            attachments=list(attachments) or None,
        )

    # tags

    def corp_tags(self) -> list[TagGroupItem]:
        return cast(list[TagGroupItem], self.call("externalcontact/get_corp_tag_list").get("tag_group") or [])

    def mark_tags(self, userid: str, external_userid: str, *, add: Sequence[str], remove: Sequence[str]) -> None:
        self.call(
            "externalcontact/mark_tag",
            userid=userid,
            external_userid=external_userid,
            add_tag=list(add) or None,
            remove_tag=list(remove) or None,
        )

    # media

    def upload_media(self, kind: str, file: Upload) -> str:
        """The media id, good for three days. `kind` is image, voice, video or file."""
        return str(self.call("media/upload", upload=file, type=kind)["media_id"])

    def upload_picture(self, file: Upload) -> str:
        """A lasting address, usable inside WeCom messages only; the allowance is 1,000 a day and 3,000 a month."""
        return str(self.call("media/uploadimg", upload=file)["url"])

    # messages to members

    def send_text_to_members(self, userids: Sequence[str], text: str) -> Answer:
        """At most 1,000 members. Those who could not be reached are in the answer's `invaliduser`."""
        return self.call(
            "message/send",
            touser="|".join(userids),
            msgtype="text",
            agentid=self.credentials.agent_id,
            text={"content": text},
        )


def rows_of(page: Page) -> list[CustomerRow]:
    return cast(list[CustomerRow], page.items)
