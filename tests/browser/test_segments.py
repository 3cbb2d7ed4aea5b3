"""An audience made as an operator makes it: from an example, adjusted, counted, saved, and looked into."""

import re

import pytest
from playwright.sync_api import Page, expect

from demo.run import Household
from tests.browser.test_main_path import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


def test_an_example_becomes_a_segment_whose_people_are_seen_and_explained(page: Page, household: Household) -> None:
    sign_in(page, household)
    page.goto(f"{household.console}/segments")
    page.get_by_role("list", name="从常用人群开始").get_by_role("link", name="近 30 天复购客户").click()

    preview = page.get_by_role("complementary", name="实时预览")
    expect(preview.get_by_text(re.compile("订单 至少 2 次"))).to_be_visible(timeout=60_000)
    page.get_by_role("spinbutton", name="数值").fill("1")
    page.get_by_role("spinbutton", name="时长").fill("400")
    expect(preview.get_by_text(re.compile("400 天内订单 至少 1 次"))).to_be_visible(timeout=60_000)
    page.get_by_label("名称", exact=True).fill("一年来的买家")
    page.get_by_role("button", name="保存并启用").click()

    expect(page.get_by_role("heading", name="一年来的买家")).to_be_visible()
    members = page.get_by_role("tabpanel", name="成员")
    expect(members.get_by_role("link", name="为什么").first).to_be_visible(timeout=60_000)
    members.get_by_role("link", name="为什么").first.click()
    expect(page.get_by_role("list", name="逐条依据").get_by_role("img", name="符合", exact=True).first).to_be_visible()

    page.get_by_role("link", name="人群", exact=True).first.click()
    expect(page.get_by_role("row", name=re.compile("一年来的买家.*最近 400 天内订单"))).to_be_visible()
