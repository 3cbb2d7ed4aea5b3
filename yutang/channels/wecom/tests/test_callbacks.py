import time
from datetime import timedelta

import pytest

from yutang.channels.wecom import callbacks
from yutang.channels.wecom.callbacks import GREET, PROCESS
from yutang.channels.wecom.models import RefusedCallback, WeComApp
from yutang.events.models import InboxMessage, InboxState
from yutang.kernel import clock, jobs
from yutang.kernel.models import Job

pytestmark = pytest.mark.django_db


def test_a_callback_is_written_down_word_for_word_and_put_to_work(sender, wecom_app):
    plain = sender.contact("edit_external_contact")
    response = sender.post(plain)
    assert (response.status_code, response.content) == (200, b"success")

    message = InboxMessage.objects.get()
    assert (message.body, message.kind) == (plain, "change_external_contact/edit_external_contact")
    assert (message.channel, message.corp, message.state) == ("wecom", wecom_app.corp, InboxState.WAITING)
    job = Job.objects.get()
    assert (job.kind, job.lane) == (PROCESS, "inbox")
    assert job.payload == {"message_id": message.pk, "app_id": wecom_app.pk}
    wecom_app.refresh_from_db()
    assert wecom_app.callback_seen_at is not None


def test_a_new_contact_goes_to_the_lane_that_cannot_wait(sender):
    sender.post(sender.contact("add_external_contact", WelcomeCode="CODE"))
    assert set(Job.objects.values_list("kind", "lane")) == {(GREET, "welcome"), (PROCESS, "inbox")}


def test_a_contact_nobody_may_greet_is_no_work_for_that_lane(sender):
    sender.post(sender.contact("add_external_contact"))
    assert set(Job.objects.values_list("kind", "lane")) == {(PROCESS, "inbox")}


def test_a_resend_in_a_new_envelope_is_counted_and_not_worked_twice(sender):
    plain = sender.contact("add_external_contact", WelcomeCode="CODE")
    for _ in range(3):
        assert sender.post(plain).status_code == 200
    assert InboxMessage.objects.get().deliveries == 3
    assert sorted(Job.objects.values_list("kind", flat=True)) == [GREET, PROCESS]


def test_the_same_event_with_its_elements_in_another_order_is_the_same_event(sender):
    at = clock.now()
    first = sender.event("change_external_contact", "del_follow_user", at, UserID="u1", ExternalUserID="wmA")
    second = sender.event("change_external_contact", "del_follow_user", at, ExternalUserID="wmA", UserID="u1")
    sender.post(first)
    sender.post(second)
    assert InboxMessage.objects.get().deliveries == 2


def test_events_of_different_people_in_the_same_second_stay_apart(sender):
    at = clock.now()
    for number in range(20):
        sender.post(sender.contact("add_external_contact", f"wm{number}", at=at, State="ch1"))
    for userid in ("lisi", "wangwu"):
        sender.post(sender.contact("add_external_contact", "wm1", userid, at=at, State="ch1"))
    sender.post(sender.contact("del_follow_user", "wm1", at=at))
    assert InboxMessage.objects.count() == 23


def test_messages_are_known_by_their_id(sender):
    text = sender.event("", MsgId="4561255354251345929", Content="hello", MsgType="text", FromUserName="u1")
    same = sender.event("", MsgId="4561255354251345929", Content="hello ", MsgType="text", FromUserName="u1")
    sender.post(text)
    sender.post(same)
    message = InboxMessage.objects.get()
    assert (message.kind, message.deliveries) == ("text", 2)


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ({"signature": "0" * 40}, "signature_mismatch"),
        ({"timestamp": -301}, "stale_timestamp"),
        ({"timestamp": 301}, "stale_timestamp"),
    ],
)
def test_forged_and_stale_callbacks_are_refused_counted_and_not_kept(sender, wecom_app, how, reason):
    if "timestamp" in how:
        how = {"timestamp": int(clock.now().timestamp()) + how["timestamp"]}
    for _ in range(2):
        response = sender.post(sender.contact("add_external_contact"), **how)
        assert (response.status_code, response.content) == (403, reason.encode())
    assert not InboxMessage.objects.exists()
    assert not Job.objects.exists()
    refused = RefusedCallback.objects.get()
    assert (refused.app, refused.reason, refused.count, refused.last_ip) == (wecom_app, reason, 2, "127.0.0.1")


def test_an_envelope_caught_and_sent_again_changes_nothing(sender):
    """Within the five minutes a copy is believed, and found to be what we have; after them it is refused."""
    then = int(clock.now().timestamp())
    plain = sender.contact("add_external_contact", WelcomeCode="CODE")
    assert sender.post(plain, timestamp=then).status_code == 200
    assert sender.post(plain, timestamp=then).status_code == 200
    with clock.shifted(timedelta(minutes=6)):
        assert sender.post(plain, timestamp=then).status_code == 403
    assert (InboxMessage.objects.count(), Job.objects.count()) == (1, 2)


@pytest.mark.parametrize(
    "body",
    [b"", b"hello", b"<xml>", b"\xff\xfe\x00", b"<xml><Encrypt>AAAA</Encrypt></xml>", b"{" * 5000, b"<" * 2_000_000],
    ids=lambda body: body[:12].decode(errors="replace"),
)
def test_bodies_that_are_no_envelopes_are_refused(sender, body):
    response = sender.client.post(
        sender.path, body, content_type="text/xml", query_params={"msg_signature": "x", "timestamp": "1", "nonce": "n"}
    )
    assert response.status_code == 403
    assert len(response.content) < 40
    assert not InboxMessage.objects.exists()


def test_a_callback_of_another_corp_is_refused(sender):
    sender.crypto._receive_id = "ww9999999999999999"
    response = sender.post(sender.contact("add_external_contact"))
    assert (response.status_code, response.content) == (403, b"receive_id_mismatch")


def test_an_unknown_address_and_a_disconnected_app_answer_nothing(sender, wecom_app):
    assert sender.client.post("/callbacks/wecom/nobody", b"<xml/>", content_type="text/xml").status_code == 404
    wecom_app.is_active = False
    wecom_app.save()
    assert sender.post(sender.contact("add_external_contact")).status_code == 404
    assert sender.client.put(sender.path).status_code == 405


def test_the_address_is_verified_with_the_bare_decrypted_text(sender, wecom_app):
    sealed = sender.crypto.seal("1616140317555161061", timestamp=1409659589, nonce="263014780")
    query = {"msg_signature": sealed.signature, "timestamp": "1409659589", "nonce": "263014780"}
    response = sender.client.get(sender.path, query_params={**query, "echostr": sealed.encrypt})
    assert (response.status_code, response.content) == (200, b"1616140317555161061")
    wecom_app.refresh_from_db()
    assert wecom_app.callback_verified_at is not None

    forged = sender.client.get(sender.path, query_params={**query, "nonce": "1", "echostr": sealed.encrypt})
    assert forged.status_code == 403


def test_every_published_callback_is_taken_in(sender, callback_samples):
    """Three of the hundred are told twice: in XML and in JSON, or with the same message id."""
    for sample in callback_samples:
        assert sender.post(sample["body"]).status_code == 200, sample["id"]
    assert InboxMessage.objects.count() == 97
    assert sum(InboxMessage.objects.values_list("deliveries", flat=True)) == 100


@pytest.mark.parametrize(
    "value",
    ["<b>鱼</b>", "\u202egnp.exe", "🐟" * 100, "x" * 65_536, "a\x00b"],
    ids=["html", "rtl", "emoji", "64kB", "nul"],
)
def test_hostile_text_is_kept_as_it_came_but_for_what_no_column_can_hold(sender, value):
    plain = sender.event("change_contact", "update_user", UserID="u1", Name=value)
    assert sender.post(plain).status_code == 200
    assert InboxMessage.objects.get().body == plain.replace("\x00", "")


@pytest.mark.parametrize(
    ("elements", "why"),
    [
        ({"ExternalUserID": "wmA"}, "UserID is missing"),
        ({"UserID": "u1"}, "ExternalUserID is missing"),
        ({}, "missing"),
    ],
)
def test_an_event_that_lacks_whom_it_is_about_is_kept_and_stops_nothing(sender, elements, why):
    sender.post(sender.event("change_external_contact", "add_external_contact", WelcomeCode="C", **elements))
    sender.post(sender.contact("del_follow_user", "wmB"))
    jobs.run_due(lanes=("welcome", "inbox"))
    odd, sound = InboxMessage.objects.order_by("pk")
    assert (odd.state, sound.state) == (InboxState.UNKNOWN, InboxState.DONE)
    assert why in odd.error


def test_a_new_kind_of_change_to_a_customer_is_kept_for_a_later_version(sender):
    sender.post(sender.contact("brand_new_change"))
    jobs.run_due(lanes=("inbox",))
    message = InboxMessage.objects.get()
    assert (message.state, message.kind) == (InboxState.UNKNOWN, "change_external_contact/brand_new_change")


def test_an_address_that_was_given_up_is_refused_within_seconds(wecom_app, monkeypatch):
    now = time.monotonic()
    assert callbacks.app_at(wecom_app.public_id) == wecom_app
    WeComApp.objects.update(is_active=False)

    monkeypatch.setattr(time, "monotonic", lambda: now + 3)
    assert callbacks.app_at(wecom_app.public_id) is None
    assert callbacks.app_at(wecom_app.public_id) is None
