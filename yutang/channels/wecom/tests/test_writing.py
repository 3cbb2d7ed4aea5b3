"""What we write into WeCom: remarks, pictures of welcomes; and members who sign in with it."""

from datetime import timedelta
from io import BytesIO
from urllib.parse import parse_qs, urlsplit

import pytest
from PIL import Image

from yutang.channels.wecom.connection import client_for
from yutang.channels.wecom.errors import WeComError
from yutang.channels.wecom.media import Attachments
from yutang.channels.wecom.remarks import write_remark
from yutang.channels.wecom.sign_in import SignInWithWeCom
from yutang.content.parts import ImagePart, LinkPart
from yutang.content.uploads import store_upload
from yutang.customers.models import Customer, Identity, IdentityKind, Ownership
from yutang.kernel import clock
from yutang.kernel.actors import SYSTEM
from yutang.organization.errors import NotStaff, SignInCodeRefused

pytestmark = pytest.mark.django_db


def follower(shop, external_userid):
    return shop.outside.api("externalcontact/get", external_userid=external_userid)["follow_user"][0]


def test_a_remark_written_here_stands_in_the_members_wecom_and_finds_the_phones_owner(shop):
    scanned = shop.scan("lin")
    shop.work()
    relation = Ownership.objects.get()
    write_remark(relation, by=SYSTEM, remark="林姐 爱吃车厘子", phones=["13911112222"])

    there = follower(shop, scanned["external_userid"])
    assert (there["remark"], there["remark_mobiles"]) == ("林姐 爱吃车厘子", ["13911112222"])
    relation.refresh_from_db()
    assert relation.remark == "林姐 爱吃车厘子"
    assert Identity.objects.get(kind=IdentityKind.PHONE).customer == Customer.objects.get()

    write_remark(relation, by=SYSTEM, phones=[])
    assert follower(shop, scanned["external_userid"])["remark_mobiles"] == []
    assert follower(shop, scanned["external_userid"])["remark"] == "林姐 爱吃车厘子"


def test_a_remark_wecom_refuses_changes_nothing_here(shop):
    shop.scan("lin")
    shop.work()
    shop.act("delete_customer", userid="ZhangSan", person="lin")
    with pytest.raises(WeComError) as refused:
        write_remark(Ownership.objects.get(), by=SYSTEM, remark="林姐")
    assert refused.value.errcode == 84061
    assert Ownership.objects.get().remark == ""


def test_a_picture_goes_up_once_and_again_before_its_three_days_end(shop, settings, tmp_path):
    settings.HOME = tmp_path
    picture = BytesIO()
    Image.new("RGB", (40, 40), "orange").save(picture, "PNG")
    upload = store_upload(picture.getvalue(), "橙子.png", by=SYSTEM)
    parts = [ImagePart(upload_id=upload.pk), LinkPart(title="t", url="https://x.example", picture_upload_id=upload.pk)]

    def attach():
        return Attachments(shop.app, client_for(shop.app)).of(parts)

    first = attach()
    assert first[0]["image"]["media_id"]
    assert first[1]["link"]["picurl"].startswith("http")
    assert attach() == first
    with clock.shifted(timedelta(days=2, hours=19)):
        renewed = attach()
    assert renewed[0] != first[0]
    assert renewed[1] == first[1]


def come_back(shop, address: str, who: str) -> str:
    """The code a browser brings back after somebody chose who they are."""
    query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    page = shop.outside.http.get(urlsplit(address).path, params=query).text
    link = next(part.split('"')[0] for part in page.split('href="') if who in part.split('"')[0])
    answer = shop.outside.http.get(link.replace("&amp;", "&"), follow_redirects=False)
    return parse_qs(urlsplit(answer.headers["location"]).query)["code"][0]


@pytest.mark.parametrize("inside_wecom", [True, False])
def test_a_member_signs_in_with_wecom_once_per_code(shop, inside_wecom):
    port = SignInWithWeCom()
    assert list(port.corps()) == [shop.app.corp]
    address = port.address(
        shop.app.corp, redirect_uri="http://127.0.0.1:8000/back", state="s1", inside_wecom=inside_wecom
    )
    code = come_back(shop, address, "ZhangSan")
    assert port.userid(shop.app.corp, code) == "ZhangSan"
    with pytest.raises(SignInCodeRefused):
        port.userid(shop.app.corp, code)
    with pytest.raises(SignInCodeRefused):
        port.userid(shop.app.corp, "made-up")


def test_a_customer_is_no_staff(shop):
    port = SignInWithWeCom()
    address = port.address(shop.app.corp, redirect_uri="http://127.0.0.1:8000/back", state="s", inside_wecom=True)
    with pytest.raises(NotStaff):
        port.userid(shop.app.corp, come_back(shop, address, "lin"))
