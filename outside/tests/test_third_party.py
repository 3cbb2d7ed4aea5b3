"""Software that nobody here wrote, talking to this server: the wechatpy SDK."""

from __future__ import annotations

import io
from typing import Any

import pytest

from outside.testing import AES_KEY, AGENTID, CALLBACK_TOKEN, CORPID, SECRET, SYNC_SECRET, OutsideServer
from outside.tests.conftest import Receiver
from outside.tests.test_welcome import png

work = pytest.importorskip("wechatpy.work", reason="the third-party SDK wechatpy 2 is not installed")


@pytest.fixture
def client(shop: OutsideServer) -> Any:
    return _client(shop, SECRET)


def _client(shop: OutsideServer, secret: str) -> Any:
    class Client(work.WeChatClient):  # type: ignore[misc]
        API_BASE_URL = f"{shop.url}/cgi-bin/"

        def fetch_access_token(self) -> Any:
            # the SDK has the official address in this one place
            return self._fetch_access_token(
                url=f"{self.API_BASE_URL}gettoken", params={"corpid": self.corp_id, "corpsecret": self.secret}
            )

    client = Client(CORPID, secret)
    client._http.trust_env = False
    return client


def test_the_address_book(client: Any, shop: OutsideServer) -> None:
    assert client.user.get("zhangsan")["name"] == "张三"
    assert {m["userid"] for m in client.user.list(2)} == {"ZhangSan", "lisi"}
    assert client.department.get(2)["name"] == "城东店"
    assert [d["name"] for d in client.department.list()] == ["鲜果时光", "城东店", "城西店"]
    assert client.agent.get(AGENTID)["name"] == "鱼塘"
    assert client.misc.get_wechat_ips() == ["127.0.0.1"]


def test_writing_the_address_book(shop: OutsideServer) -> None:
    sync = _client(shop, SYNC_SECRET)
    department = sync.department.create("城南店", parent_id=1)["id"]
    sync.user.create("newbie", "新人", mobile="13700000001", department=[department])
    sync.user.update("newbie", position="导购")
    assert shop.api("user/get", userid="newbie")["position"] == "导购"
    sync.user.delete("newbie")
    sync.department.delete(department)


def test_customers_codes_tags_and_welcome(client: Any, shop: OutsideServer) -> None:
    api = client.external_contact
    assert set(api.get_follow_user_list()["follow_user"]) == {"ZhangSan", "lisi", "wangwu"}
    way = api.add_contact_way(type=1, scene=2, state="door", user=["zhangsan"])
    assert api.get_contact_way(way["config_id"])["contact_way"]["state"] == "door"
    customer = shop.scan("lin", way["qr_code"])["external_userid"]

    code = shop.control("GET", "welcome_codes")[0]["code"]
    api.send_welcome_msg({"welcome_code": code, "text": {"content": "欢迎"}})
    assert shop.messages(person="lin")[-1]["content"] == {"content": "欢迎"}

    group = api.add_corp_tag(None, "口味", 1, [{"name": "甜", "order": 1}])["tag_group"]
    api.mark_tag("zhangsan", customer, add_tag=[group["tag"][0]["id"]])
    marks = {"userid": "zhangsan", "external_userid": customer, "remark": "小鱼", "remark_mobiles": ["13900000001"]}
    client.post("externalcontact/remark", data=marks)
    (follow,) = api.get(customer)["follow_user"]
    assert (follow["remark"], follow["tags"][0]["tag_name"]) == ("小鱼", "甜")
    assert [row["follow_info"]["remark"] for row in api.gen_all_by_user("zhangsan")] == ["小鱼"]
    assert api.list("zhangsan")["external_userid"] == [customer]
    api.update_contact_way(way["config_id"], remark="门口", user=["lisi"])
    api.del_contact_way(way["config_id"])


def test_files_and_messages(client: Any, shop: OutsideServer) -> None:
    media_id = client.media.upload("image", ("a.png", io.BytesIO(png())))["media_id"]
    assert client.media.upload_img(("a.png", io.BytesIO(png())))["url"].startswith(shop.url)
    client.message.send_text(AGENTID, "zhangsan", content="你好")
    client.message.send_image(AGENTID, "zhangsan|lisi", media_id=media_id)
    client.message.send_text_card(AGENTID, "lisi", title="新客户", description="来自门口", url="https://example.com")
    assert [m["msgtype"] for m in shop.app_messages()] == ["text", "image", "textcard"]


def test_the_page_signature(client: Any, shop: OutsideServer) -> None:
    assert client.jsapi.get_ticket()["ticket"] == shop.api("get_jsapi_ticket")["ticket"]


def test_an_ended_token_is_fetched_anew_by_the_sdk(client: Any, shop: OutsideServer) -> None:
    client.user.get("lisi")
    shop.control("POST", f"apps/{CORPID}/{AGENTID}/expire_tokens")
    assert client.user.get("lisi")["name"] == "李四"


def test_refusals_are_the_sdks_exceptions(client: Any, shop: OutsideServer) -> None:
    from wechatpy.exceptions import WeChatClientException

    with pytest.raises(WeChatClientException) as refused:
        client.external_contact.list("lisi")
    assert refused.value.errcode == 84061


def test_the_sdk_opens_our_callbacks(listening_shop: OutsideServer, receiver: Receiver) -> None:
    from wechatpy.work.crypto import WeChatCrypto
    from wechatpy.work.parser import parse_message

    shop = listening_shop
    way = shop.api("externalcontact/add_contact_way", {"type": 1, "scene": 2, "user": ["zhangsan"], "state": "door"})
    shop.scan("lin", way["config_id"])
    shop.wait_for_callbacks()
    (got,) = receiver.received
    query = got.query
    crypto = WeChatCrypto(CALLBACK_TOKEN, AES_KEY, CORPID)
    plain = crypto.decrypt_message(got.body, query["msg_signature"], query["timestamp"], query["nonce"])
    message = parse_message(plain)
    assert (message.type, message._data["ChangeType"], message._data["State"]) == (
        "event",
        "add_external_contact",
        "door",
    )
