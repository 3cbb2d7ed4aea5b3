import io
from collections import Counter

import pytest
from PIL import Image

from yutang.acquisition.models import Arrival, CodeDay, SyncState
from yutang.acquisition.tests.conftest import Shop, text_slot
from yutang.content.uploads import store_upload
from yutang.kernel.actors import SYSTEM

pytestmark = pytest.mark.django_db


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 40), "teal").save(out, "PNG")
    return out.getvalue()


def test_a_new_code_leads_to_its_member_at_wecom(shop: Shop) -> None:
    ann = shop.member("ann", "安安")

    code = shop.code(ann, name="收银台")

    assert code.sync_state == SyncState.APPLIED
    way = shop.way(code)
    assert (way["user"], way["state"], way["remark"], way["skip_verify"]) == (["ann"], code.state_code, "收银台", True)
    assert way["qr_code"] == code.qr_code_url


def test_a_stranger_who_scans_is_greeted_with_text_picture_and_link(shop: Shop) -> None:
    ann = shop.member("ann", "安安")
    upload = store_upload(picture(), "欢迎.png", by=SYSTEM)
    welcome = {
        "slots": [
            {
                "parts": [
                    {"kind": "text", "content": "{nickname}您好，我是{store}的{member}。"},
                    {"kind": "image", "upload_id": upload.pk},
                    {"kind": "link", "title": "今日鲜果", "url": "https://shop.example/today"},
                ]
            }
        ]
    }
    code = shop.code(ann, welcome=welcome)
    person = shop.stranger("林小鱼")

    assert shop.scan(code, person)["outcome"] == "friends"

    text, image, link = shop.heard(person)
    assert text["content"] == {"content": "林小鱼您好，我是城东店的安安。"}
    assert (image["msgtype"], link["msgtype"]) == ("image", "link")
    assert link["content"]["title"] == "今日鲜果"
    arrival = Arrival.objects.get()
    assert (arrival.code, arrival.member, arrival.customer.source) == (code, ann, f"live_code:{code.pk}")
    assert CodeDay.objects.get().adds == 1


def test_by_turn_thirty_strangers_are_shared_exactly(shop: Shop) -> None:
    staff = [shop.member(userid, userid) for userid in ("ann", "bob", "eve")]
    code = shop.code(*staff, rotation="turn")

    got = [shop.scan(code)["userid"] for _ in range(30)]

    assert got == ["ann", "bob", "eve"] * 10
    assert Counter(Arrival.objects.values_list("member__userid", flat=True)) == {"ann": 10, "bob": 10, "eve": 10}
    assert {day.member.userid: day.adds for day in CodeDay.objects.all() if day.member} == {
        "ann": 10,
        "bob": 10,
        "eve": 10,
    }


def test_two_at_once_reach_one_member_and_the_next_turns_make_it_good(shop: Shop) -> None:
    staff = [shop.member(userid, userid) for userid in ("ann", "bob")]
    code = shop.code(*staff)
    for person in (shop.stranger(), shop.stranger()):
        shop.outside.scan(person, code.qr_code_url)
    shop.work()

    assert [shop.scan(code)["userid"] for _ in range(4)] == ["bob", "bob", "ann", "bob"]


def test_words_for_another_hour_are_not_used(shop: Shop) -> None:
    ann = shop.member("ann", "安安")
    never = {"starts": "00:00", "ends": "00:01", "weekdays": []}
    code = shop.code(ann, welcome={"slots": [text_slot("夜间", hours=never), text_slot("平时")]})
    person = shop.stranger()

    shop.scan(code, person)

    assert [each["content"]["content"] for each in shop.heard(person)] == ["平时"]
