from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from yutang.acquisition.models import CodeDay, LiveCode, ProfileInvitation
from yutang.acquisition.services.arrivals import recount_everything
from yutang.acquisition.services.greet import profile_link
from yutang.customers.identity import Claim
from yutang.customers.models import Consent, Customer, IdentityKind
from yutang.customers.services.resolve import resolve
from yutang.events.models import Event
from yutang.kernel import clock
from yutang.kernel.actors import SYSTEM
from yutang.organization.models import Merchant

pytestmark = pytest.mark.django_db


@pytest.fixture
def code(make_member: Callable[..., Any]) -> LiveCode:
    Merchant.objects.create(name="鲜果<时光>")
    member = make_member("ann", name="安安")
    return LiveCode.objects.create(
        name="收银台",
        corp=member.corp,
        config_id="0" * 32,
        qr_code_url="https://wework.qpic.cn/qr/1",
        shown_members=[member.pk],
        sync_state="applied",
        created_at=clock.now(),
        updated_at=clock.now(),
    )


def test_the_landing_page_shows_the_code_and_says_what_to_do(code: LiveCode) -> None:
    page = Client(headers={"accept-language": "zh-CN"}).get(f"/c/{code.state_code}")

    text = page.content.decode()
    assert page.status_code == 200
    assert '<img class="qr" id="qr" src="https://wework.qpic.cn/qr/1"' in text
    assert "长按识别二维码，添加安安的企业微信" in text
    assert "鲜果&lt;时光&gt;" in text
    assert "frame-ancestors *" in page.headers["Content-Security-Policy"]
    assert len(page.content) < 20_000


def test_the_landing_page_speaks_english_too(code: LiveCode) -> None:
    assert "Press and hold" in Client(headers={"accept-language": "en"}).get(f"/c/{code.state_code}").content.decode()


def test_opens_are_counted_robots_and_reloads_are_not(code: LiveCode) -> None:
    for _ in range(3):
        Client().get(f"/c/{code.state_code}")
    Client(headers={"user-agent": "Baiduspider/2.0"}).get(f"/c/{code.state_code}")
    Client().get(f"/c/{code.state_code}?again=1")
    Client(headers={"sec-purpose": "prefetch"}).get(f"/c/{code.state_code}")
    Client().head(f"/c/{code.state_code}")

    day = CodeDay.objects.get()
    assert (day.scans, day.member_id) == (3, code.shown_members[0])
    assert Event.objects.filter(name="code.scanned").count() == 3


def test_a_script_cannot_inflate_the_scans(code: LiveCode) -> None:
    client = Client()
    for _ in range(70):
        assert client.get(f"/c/{code.state_code}").status_code == 200

    assert CodeDay.objects.get().scans == 60


def test_scans_are_the_same_when_counted_again_from_the_log(code: LiveCode) -> None:
    for _ in range(4):
        Client().get(f"/c/{code.state_code}")
    before = list(CodeDay.objects.values("code", "day", "member", "scans"))

    recount_everything()

    assert list(CodeDay.objects.values("code", "day", "member", "scans")) == before


@pytest.mark.parametrize(
    ("change", "status", "words"),
    [
        ({"archived_at": clock.now()}, 410, "活动已结束"),
        ({"expires_at": clock.now() - timedelta(days=1)}, 410, "活动已结束"),
        ({"qr_code_url": ""}, 200, "二维码马上就好"),
        ({"sync_state": "unstaffed"}, 200, "现在没有伙伴在线"),
        ({"state_code": "other"}, 404, "没有找到这个二维码"),
    ],
)
def test_a_code_that_leads_nowhere_has_a_kind_page(
    code: LiveCode, change: dict[str, Any], status: int, words: str
) -> None:
    slug = code.state_code
    LiveCode.objects.filter(pk=code.pk).update(**change)

    page = Client().get(f"/c/{slug}")

    assert (page.status_code, words in page.content.decode()) == (status, True)


@pytest.fixture
def customer(make_corp: Callable[..., Any]) -> Customer:
    claim = Claim(IdentityKind.EXTERNAL_USERID, "wmNewcomer", make_corp().wecom_corpid)
    return resolve([claim], source="wecom", at=clock.now(), by=SYSTEM).customer


def form_of(customer: Customer) -> str:
    link = profile_link(customer, None)
    return link[link.index("/p/") :]


def test_the_phone_a_customer_gives_joins_the_imported_history(customer: Customer) -> None:
    buyer = resolve([Claim(IdentityKind.PHONE, "13812345678")], source="import", at=clock.now(), by=SYSTEM).customer
    address = form_of(customer)
    client = Client(enforce_csrf_checks=True)
    assert "手机号" in client.get(address).content.decode()

    answer = client.post(address, {"name": "林小鱼", "phone": "138 1234 5678", "consent": "yes"})

    assert (answer.status_code, "谢谢" in answer.content.decode()) == (200, True)
    customer.refresh_from_db()
    buyer.refresh_from_db()
    assert customer.person_key == buyer.person_key
    assert Customer.objects.get(pk=customer.person_key).fields == {"real_name": "林小鱼"}
    assert {(said.purpose, said.granted) for said in Consent.objects.all()} == {("profiling", True), ("service", True)}
    assert "谢谢" in client.get(address).content.decode()


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"phone": "123", "consent": "yes"}, "请填写有效的手机号"),
        ({"phone": "00000000000", "consent": "yes"}, "请填写有效的手机号"),
        ({"phone": "13812345678"}, "请先勾选同意"),
    ],
)
def test_a_form_that_cannot_be_used_says_why_and_keeps_what_was_written(
    customer: Customer, form: dict[str, str], words: str
) -> None:
    answer = Client().post(form_of(customer), form | {"name": "<b>林</b>"})

    text = answer.content.decode()
    assert (answer.status_code, words in text, "&lt;b&gt;林&lt;/b&gt;" in text) == (422, True, True)
    assert ProfileInvitation.objects.get().answered_at is None


def test_an_invitation_expires_and_a_guessed_one_leads_nowhere(customer: Customer) -> None:
    address = form_of(customer)

    with clock.shifted(timedelta(days=31)):
        assert Client().get(address).status_code == 404
    assert Client().get("/p/guess").status_code == 404


def test_an_invitation_cannot_be_hammered(customer: Customer) -> None:
    address = form_of(customer)

    statuses = [Client().post(address, {"phone": "1", "consent": "yes"}).status_code for _ in range(12)]

    assert statuses == [422] * 10 + [429] * 2
