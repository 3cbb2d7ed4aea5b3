"""The two phones as a person uses them, in Chromium."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any

import pytest

from outside.testing import CORPID, OutsideServer

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    path = shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("Chromium is not on this machine.")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Any) -> Iterator[Any]:
    """A window; an error of the page's own scripts fails the test."""
    window = chromium.new_page(viewport={"width": 1300, "height": 900}, locale="zh-CN")
    broken: list[str] = []
    window.on("pageerror", lambda error: broken.append(str(error)))
    yield window
    window.close()
    assert broken == []


@pytest.fixture
def way(shop: OutsideServer) -> str:
    body = {"type": 1, "scene": 2, "user": ["zhangsan"], "remark": "门口"}
    return str(shop.api("externalcontact/add_contact_way", body)["config_id"])


def test_a_customer_scans_and_both_chat_without_reloading(shop: OutsideServer, way: str, page: Any) -> None:
    page.goto(f"{shop.url}/?person=lin&member={CORPID}/ZhangSan")
    customer, member = page.locator(".phone.wechat"), page.locator(".phone.wecom")

    customer.get_by_role("button", name="扫一扫").first.click()
    customer.get_by_role("button", name="门口").click()
    customer.get_by_role("button", name="添加到通讯录").click()
    customer.get_by_text("你已添加了张三").wait_for()
    code = shop.control("GET", "welcome_codes")[0]["code"]
    shop.api("externalcontact/send_welcome_msg", {"welcome_code": code, "text": {"content": "欢迎光临"}})
    customer.get_by_text("欢迎光临").wait_for()

    member.get_by_role("button", name="林小鱼").click()
    member.get_by_text("欢迎光临").wait_for()
    customer.get_by_label("说点什么").fill("有樱桃吗？")
    customer.get_by_label("说点什么").press("Enter")
    member.get_by_text("有樱桃吗？").wait_for()
    member.get_by_label("说点什么").fill("今天刚到")
    member.get_by_role("button", name="发送", exact=True).click()
    customer.get_by_text("今天刚到").wait_for()


def test_a_member_edits_and_a_customer_leaves(shop: OutsideServer, way: str, page: Any) -> None:
    shop.scan("lin", way)
    page.goto(f"{shop.url}/?person=lin&member={CORPID}/ZhangSan")
    customer, member = page.locator(".phone.wechat"), page.locator(".phone.wecom")

    member.get_by_role("button", name="林小鱼").click()
    member.get_by_role("button", name="客户资料").click()
    member.get_by_role("button", name="编辑").click()
    member.get_by_label("备注").fill("爱樱桃的小鱼")
    member.get_by_role("button", name="VIP").click()
    member.get_by_role("button", name="保存").click()
    member.get_by_role("heading", name="爱樱桃的小鱼").wait_for()
    (relation,) = shop.relations(corpid=CORPID)
    assert (relation["remark"], relation["tags"]) == ("爱樱桃的小鱼", ["ettagvip"])

    customer.get_by_role("button", name="张三").click()
    customer.get_by_role("button", name="成员资料").click()
    customer.get_by_role("button", name="删除联系人").click()
    customer.get_by_role("alertdialog").get_by_role("button", name="删除联系人").click()
    customer.get_by_text("还没有聊天").wait_for()
    assert shop.relations(corpid=CORPID)[0]["status"] == "deleted_by_customer"


def test_a_request_is_accepted_on_the_members_phone(shop: OutsideServer, page: Any) -> None:
    page.goto(f"{shop.url}/phone/member?member={CORPID}/ZhangSan")
    page.get_by_text("还没有客户").wait_for()
    shop.scan("chen", f"{shop.url}/u/{CORPID}/zhangsan")
    page.get_by_role("button", name="新的客户").click()
    page.get_by_role("button", name="接受").click()
    page.get_by_role("button", name="返回").click()
    page.get_by_role("button", name="陈大海").wait_for()


def test_the_console_says_what_is_wrong_with_an_address(shop: OutsideServer, page: Any) -> None:
    page.goto(f"{shop.url}/console")
    page.locator("form.fields input").first.fill("http://127.0.0.1:9/none")
    page.get_by_role("button", name="保存").first.click()
    page.get_by_text("cannot connect").wait_for()


def test_english_and_a_narrow_screen(shop: OutsideServer, page: Any) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(f"{shop.url}/phone/customer?person=lin")
    page.get_by_role("button", name="English").click()
    page.get_by_text("No chats yet").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_console_takes_rights_away(shop: OutsideServer, page: Any) -> None:
    page.goto(f"{shop.url}/console")
    page.get_by_label("客户联系可调用").uncheck()
    page.get_by_text("已保存").wait_for()
    assert shop.api("externalcontact/get_follow_user_list")["errcode"] == 48002
    page.get_by_label("企业可信IP").first.fill("203.0.113.9")
    page.get_by_label("企业可信IP").first.blur()
    page.get_by_text("已保存").nth(1).wait_for()
    assert shop.api("user/get", userid="lisi")["errcode"] == 60020
