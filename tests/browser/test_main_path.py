"""The first full turn of the loop, walked as people walk it: two phones on one side, the console on the other."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from demo.run import Household

# The first test waits for the demo merchant to be furnished.
pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

STRANGER = "欢喜"  # one of the four people the demo leaves unknown
CODE = "建设路店 · 收银台"


def sign_in(page: Page, household: Household) -> None:
    kept = household.sign_in()
    page.goto(household.console)
    page.get_by_label("用户名").fill(kept["username"])
    page.get_by_label("密码", exact=True).fill(kept["password"])
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.get_by_role("heading", name="总览")).to_be_visible()


def test_a_wrong_password_is_refused_in_words(page: Page, household: Household) -> None:
    page.goto(household.console)
    page.get_by_label("用户名").fill("boss")
    page.get_by_label("密码", exact=True).fill("not-the-password")
    page.get_by_role("button", name="登录", exact=True).click()

    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("用户名")).to_be_visible()


def test_a_stranger_scans_is_greeted_and_appears_in_the_open_console(page: Page, household: Household) -> None:
    sign_in(page, household)
    page.goto(f"{household.console}/customers")
    expect(page.get_by_text("晓晓").first).to_be_visible()
    expect(page.get_by_text(STRANGER)).to_have_count(0)

    phone = page.context.new_page()
    phone.goto(household.outside)
    phone.get_by_role("combobox", name="客户的微信").select_option(label=STRANGER)
    phone.get_by_role("button", name="扫一扫").first.click()
    phone.get_by_text(CODE).first.click()
    phone.get_by_text("识别图中二维码").first.click()
    phone.get_by_role("button", name="添加到通讯录").click()
    expect(phone.get_by_text("我是鲜禾果蔬的").first).to_be_visible(timeout=20_000)

    # No reload: the open page hears of it.
    expect(page.get_by_text(STRANGER).first).to_be_visible(timeout=20_000)
    page.get_by_text(STRANGER).first.click()
    expect(page.get_by_text("欢迎语已发送").first).to_be_visible(timeout=20_000)
    expect(page.get_by_text("门店扫码").first).to_be_visible()


def test_every_page_of_the_navigation_opens_in_both_languages(page: Page, household: Household) -> None:
    sign_in(page, household)
    addresses = page.eval_on_selector_all("nav a[href^='/']", "links => links.map(link => link.getAttribute('href'))")
    assert len(addresses) >= 15
    for language in ("English", "中文"):  # the account keeps the last, and the tests after this one read Chinese
        page.get_by_role("button", name="Language").click()
        page.get_by_role("menuitem", name=language).click()
        for address in [*addresses, "/security", "/no-such-page"]:
            page.goto(f"{household.console}{address}")
            expect(page.locator("h1")).to_be_visible()
            expect(page.locator("h1")).to_have_count(1)
            expect(page.get_by_text("没有加载成功")).to_have_count(0)
            expect(page.get_by_text("could not be loaded")).to_have_count(0)


def test_orders_are_imported_from_a_file(page: Page, household: Household, tmp_path: Path) -> None:
    rows = ["订单号,下单时间,商品名称,SKU,数量,单价,收货人手机,买家昵称"]
    rows += [
        f"B{n:04d},2026-03-{n % 28 + 1:02d} 10:00,苹果,AP{n % 5},2,12.50,1990000{n:04d},买家{n}" for n in range(40)
    ]
    file = tmp_path / "订单.csv"
    file.write_text("\n".join(rows), encoding="gb18030")

    sign_in(page, household)
    page.goto(f"{household.console}/imports")
    page.set_input_files("input[type=file]", str(file))
    page.get_by_role("button", name="试运行").click()
    expect(page.get_by_text("40").first).to_be_visible()
    page.get_by_role("button", name="开始导入").click()
    expect(page.get_by_text("已完成").first).to_be_visible(timeout=30_000)

    page.goto(f"{household.console}/orders?q=B0007")
    expect(page.get_by_text("B0007").first).to_be_visible()
