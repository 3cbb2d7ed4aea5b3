"""Members signing in with WeCom, against the outside world."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from outside.testing import AGENTID, CORPID, SECRET, OutsideServer, shop_world
from outside.testing import outside as outside  # a fixture
from outside.testing import outside_server as outside_server  # a fixture
from yutang.api.tests.browser import Browser
from yutang.channels.wecom.connection import forget_process_state
from yutang.channels.wecom.models import WeComApp
from yutang.kernel import clock
from yutang.organization.models import Account, Corp, Role, SignIn


@pytest.fixture
def corp(outside: OutsideServer, make_corp: Any) -> Corp:
    """The outside world's shop, connected."""
    outside.seed(shop_world())
    forget_process_state()
    corp: Corp = make_corp(corpid=CORPID)
    now = clock.now()
    WeComApp.objects.create(
        corp=corp, agent_id=AGENTID, secret=SECRET, base_url=outside.url, created_at=now, updated_at=now
    )
    return corp


@pytest.fixture
def zhang(corp: Corp, make_member: Any, make_account: Any) -> Account:
    account: Account = make_account("zhang", role=Role.GUIDE, member=make_member("ZhangSan", name="张三", corp=corp))
    return account


class Visit:
    """One browser on its way through WeCom's page and back."""

    def __init__(self, corp: Corp, outside: OutsideServer, *, inside_wecom: bool = False) -> None:
        agent = "Mozilla/5.0 wxwork/4.1.0 MicroMessenger/7.0.1" if inside_wecom else "Mozilla/5.0"
        self.browser = Browser(user_agent=agent)
        self.outside = outside
        self.start = f"/session/wecom/{corp.pk}/start"

    def begin(self, **query: str) -> str:
        """Where WeCom's page is."""
        answer = self.browser.get(self.start, **query)
        assert answer.status_code == 302
        return str(answer.headers["Location"])

    def choose(self, page: str, **who: str) -> tuple[str, dict[str, str]]:
        """Chooses on WeCom's page who one is. Gives the path to return to, and its query."""
        address = urlsplit(page)
        assert self.outside.http.get(f"{address.path}?{address.query}").status_code == 200
        query = {name: values[0] for name, values in parse_qs(address.query).items()} | who
        back = self.outside.http.get("/connect/choose", params=query, follow_redirects=False)
        target = urlsplit(back.headers["location"])
        told = {name: values[0] for name, values in parse_qs(target.query).items()}
        return target.path.removeprefix("/api"), told

    def arrive(self, path: str, told: dict[str, str]) -> str:
        answer = self.browser.get(path, **told)
        assert answer.status_code == 302
        return str(answer.headers["Location"])

    def refused(self, location: str) -> str:
        assert self.browser.get("/me").status_code == 401
        target = urlsplit(location)
        assert target.path == "/sign-in"
        (code,) = parse_qs(target.query)["refused"]
        return code


def test_the_sign_in_page_offers_connected_corps(corp):
    assert Browser().get("/session").json()["wecom"] == [{"id": corp.pk, "name": corp.name}]
    WeComApp.objects.update(is_active=False)
    assert Browser().get("/session").json()["wecom"] == []


@pytest.mark.parametrize("inside_wecom", [False, True])
def test_a_member_signs_in_by_scanning_or_inside_wecom(corp, outside, zhang, inside_wecom):
    visit = Visit(corp, outside, inside_wecom=inside_wecom)
    page = visit.begin(then="/customers?stage=buyer")
    assert ("/connect/oauth2/authorize" in page, "/wwlogin/sso/login" in page) == (inside_wecom, not inside_wecom)

    location = visit.arrive(*visit.choose(page, as_member="ZhangSan"))

    assert location == "/customers?stage=buyer"
    assert visit.browser.get("/me").json()["account"]["username"] == "zhang"
    assert SignIn.objects.get().method == "wecom"


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_one_returns_only_to_pages_of_this_console(corp, outside, zhang, elsewhere):
    visit = Visit(corp, outside)
    assert visit.arrive(*visit.choose(visit.begin(then=elsewhere), as_member="ZhangSan")) == "/"


def test_a_code_works_once_and_for_five_minutes(corp, outside, zhang):
    first = Visit(corp, outside)
    path, told = first.choose(first.begin(), as_member="ZhangSan")
    first.arrive(path, told)
    again = Visit(corp, outside)
    _, fresh = again.choose(again.begin(), as_member="ZhangSan")
    assert again.refused(again.arrive(path, fresh | {"code": told["code"]})) == "sign_in_code_refused"

    late = Visit(corp, outside)
    path, told = late.choose(late.begin(), as_member="ZhangSan")
    outside.advance(301)
    assert late.refused(late.arrive(path, told)) == "sign_in_code_refused"


def test_a_sign_in_begun_in_another_browser_is_refused(corp, outside, zhang):
    attacker, victim = Visit(corp, outside), Visit(corp, outside)
    path, told = attacker.choose(attacker.begin(), as_member="ZhangSan")

    assert victim.refused(victim.arrive(path, told)) == "sign_in_state_wrong"
    victim.begin()
    assert victim.refused(victim.arrive(path, told)) == "sign_in_state_wrong"
    assert attacker.arrive(path, told) == "/"


def test_a_state_is_good_once_and_for_ten_minutes(corp, outside, zhang):
    visit = Visit(corp, outside)
    path, told = visit.choose(visit.begin(), as_member="ZhangSan")
    with clock.shifted(timedelta(minutes=11)):
        assert visit.refused(visit.arrive(path, told)) == "sign_in_state_wrong"
    assert visit.refused(visit.arrive(path, told)) == "sign_in_state_wrong"


def test_declining_and_having_no_account_are_told_apart(corp, outside, zhang, make_member):
    declining = Visit(corp, outside)
    page = declining.begin()
    state = parse_qs(urlsplit(page).query)["state"][0]
    path = urlsplit(parse_qs(urlsplit(page).query)["redirect_uri"][0]).path.removeprefix("/api")
    assert declining.refused(declining.arrive(path, {"state": state})) == "sign_in_declined"

    without = Visit(corp, outside)
    make_member("lisi", name="李四", corp=corp)
    assert (
        without.refused(without.arrive(*without.choose(without.begin(), as_member="lisi"))) == "no_account_for_member"
    )

    customer = Visit(corp, outside, inside_wecom=True)
    assert customer.refused(customer.arrive(*customer.choose(customer.begin(), as_person="lin"))) == "not_staff"


def test_a_disabled_account_and_a_member_who_left_stay_out(corp, outside, zhang):
    for change in ({"account": False}, {"account": True, "member": "left"}):
        Account.objects.update(is_active=change["account"])
        if member := change.get("member"):
            type(zhang.member).objects.update(status=member)
        visit = Visit(corp, outside)
        assert visit.refused(visit.arrive(*visit.choose(visit.begin(), as_member="ZhangSan"))) == "account_disabled"


def test_wecom_being_down_is_told_on_the_sign_in_page(corp, outside, zhang):
    visit = Visit(corp, outside)
    path, told = visit.choose(visit.begin(), as_member="ZhangSan")
    WeComApp.objects.update(base_url="http://127.0.0.1:9")
    forget_process_state()

    assert visit.refused(visit.arrive(path, told))


def test_an_unknown_corp_is_not_found(db):
    assert Browser().get("/session/wecom/12345/start").status_code == 404
