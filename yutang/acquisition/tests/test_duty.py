"""Who a code leads to as the day goes on, seen at WeCom's end."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest

from yutang.acquisition.models import LiveCode, SyncState
from yutang.acquisition.services.apply import request_apply
from yutang.acquisition.services.codes import archive_code, edit_code, restore_code
from yutang.acquisition.shapes import CodeShape
from yutang.acquisition.tests.conftest import Shop
from yutang.kernel import clock, jobs
from yutang.kernel.actors import SYSTEM
from yutang.organization.services.members import switch_line

pytestmark = pytest.mark.django_db

At = Callable[[str], AbstractContextManager[None]]

MORNING = {"starts": "08:00", "ends": "12:00"}
AFTERNOON = {"starts": "12:00", "ends": "20:00"}


def shifts(ann: Any, bob: Any) -> list[dict[str, Any]]:
    return [{"hours": MORNING, "member_ids": [ann.pk]}, {"hours": AFTERNOON, "member_ids": [bob.pk]}]


def test_shifts_take_over_from_each_other_and_the_backup_takes_the_night(shop: Shop, at: At) -> None:
    ann, bob, eve = (shop.member(userid, userid) for userid in ("ann", "bob", "eve"))
    assignees = [{"member_id": ann.pk}, {"member_id": bob.pk}, {"member_id": eve.pk, "is_backup": True}]
    with at("2026-12-07T09:00"):
        code = shop.code(assignees=assignees, shifts=shifts(ann, bob))
        assert shop.way(code)["user"] == ["ann"]

    led_to = []
    for moment in ("2026-12-07T12:00:01", "2026-12-07T20:00:01", "2026-12-08T08:00:01"):
        with at(moment):
            jobs.run_due()
            led_to.append(shop.way(code)["user"])

    assert led_to == [["bob"], ["eve"], ["ann"]]


def test_a_daily_cap_holds_and_ends_at_the_merchants_midnight(shop: Shop) -> None:
    ann, bob = shop.member("ann", "ann"), shop.member("bob", "bob")
    code = shop.code(
        assignees=[{"member_id": ann.pk, "daily_cap": 2}, {"member_id": bob.pk, "is_backup": True}], name="限量"
    )

    got = [shop.scan(code)["userid"] for _ in range(4)]

    assert got == ["ann", "ann", "bob", "bob"]
    with clock.shifted(timedelta(days=1)):
        jobs.run_due()
        assert shop.way(code)["user"] == ["ann"]


def test_when_everybody_is_full_the_landing_page_says_when_to_come_back(shop: Shop) -> None:
    ann = shop.member("ann", "ann")
    code = shop.code(assignees=[{"member_id": ann.pk, "daily_cap": 1}])
    shop.scan(code)
    code.refresh_from_db()

    page = shop.client.get(f"/c/{code.state_code}").content.decode()

    assert code.sync_state == SyncState.UNSTAFFED
    assert "现在没有伙伴在线" in page
    assert "00:00 起有人在线" in page


def test_a_member_who_goes_off_line_is_passed_over_until_back(shop: Shop) -> None:
    ann, bob = shop.member("ann", "ann"), shop.member("bob", "bob")
    code = shop.code(ann, bob)

    switch_line(ann, takes_customers=False, by=SYSTEM)
    jobs.run_due()
    assert [shop.scan(code)["userid"] for _ in range(2)] == ["bob", "bob"]

    ann.refresh_from_db()
    switch_line(ann, takes_customers=True, by=SYSTEM)
    jobs.run_due()
    assert shop.scan(code)["userid"] == "ann"


def test_contacts_are_accepted_at_once_within_the_hours_alone(shop: Shop, at: At) -> None:
    ann = shop.member("ann", "ann")
    with at("2026-12-07T07:00"):
        code = shop.code(ann, accept="hours", accept_hours=[MORNING])
        assert shop.way(code)["skip_verify"] is False
    with at("2026-12-07T08:00:01"):
        jobs.run_due()
        assert shop.way(code)["skip_verify"] is True


def test_everybody_on_duty_stands_behind_a_code_for_all(shop: Shop) -> None:
    staff = [shop.member(userid, userid) for userid in ("ann", "bob", "eve")]
    code = shop.code(rotation="all", assignees=[{"store_id": shop.store.pk}])

    assert shop.way(code)["user"] == [member.userid for member in staff]
    switch_line(staff[1], takes_customers=False, by=SYSTEM)
    jobs.run_due()
    assert shop.way(code)["user"] == ["ann", "eve"]


def test_by_ratio_the_shares_are_kept_over_the_wire(shop: Shop) -> None:
    ann, bob = shop.member("ann", "ann"), shop.member("bob", "bob")
    code = shop.code(
        rotation="ratio", assignees=[{"member_id": ann.pk, "weight": 3}, {"member_id": bob.pk, "weight": 1}]
    )

    got = [shop.scan(code)["userid"] for _ in range(8)]

    assert (got.count("ann"), got.count("bob")) == (6, 2)


def test_the_least_loaded_member_is_next(shop: Shop) -> None:
    ann, bob = shop.member("ann", "ann"), shop.member("bob", "bob")
    busy = shop.code(ann, name="忙")
    for _ in range(2):
        shop.scan(busy)
    code = shop.code(ann, bob, rotation="least_loaded")

    assert [shop.scan(code)["userid"] for _ in range(3)] == ["bob", "bob", "ann"]


def test_an_expired_code_is_taken_away_at_wecom(shop: Shop) -> None:
    ann = shop.member("ann", "ann")
    code = shop.code(ann, expires_at=clock.now() + timedelta(hours=1))
    config_id = code.config_id

    with clock.shifted(timedelta(hours=1, seconds=1)):
        jobs.run_due()
        assert shop.client.get(f"/c/{code.state_code}").status_code == 410

    code.refresh_from_db()
    assert (code.sync_state, code.config_id) == (SyncState.REMOVED, "")
    assert shop.outside.api("externalcontact/get_contact_way", {"config_id": config_id})["errcode"] == 41044


def test_an_archived_code_goes_and_a_restored_one_comes_back_under_its_address(shop: Shop) -> None:
    code = shop.code(shop.member("ann", "ann"))
    state = code.state_code

    archive_code(code, by=SYSTEM)
    jobs.run_due()
    code.refresh_from_db()
    assert code.config_id == ""
    restore_code(code, by=SYSTEM)
    jobs.run_due()

    assert shop.way(code)["state"] == state


def test_many_changes_are_one_call(shop: Shop) -> None:
    ann, bob = shop.member("ann", "ann"), shop.member("bob", "bob")
    code = shop.code(ann)
    before = len(shop.outside.calls(path="externalcontact/update_contact_way"))
    for version, name in enumerate(("一", "二", "三"), start=1):
        shape = CodeShape(name=name, corp_id=shop.corp.pk, assignees=[{"member_id": bob.pk}])
        edit_code(code, shape, version=version, by=SYSTEM)

    jobs.run_due()

    assert len(shop.outside.calls(path="externalcontact/update_contact_way")) == before + 1
    assert (shop.way(code)["remark"], shop.way(code)["user"]) == ("三", ["bob"])


def test_what_wecom_refuses_stands_on_the_code_with_advice_and_is_tried_again(shop: Shop) -> None:
    ann = shop.member("ann", "ann")
    shop.outside.fault("errcode", where="externalcontact/add_contact_way", errcode=41045)

    code = shop.code(ann)

    assert code.sync_state == SyncState.FAILED
    assert code.sync_error["errcode"] == 41045
    assert "50 万" in code.sync_error["advice_zh"]
    shop.outside.clear_faults()
    with clock.shifted(timedelta(minutes=11)):
        jobs.run_due()
    code.refresh_from_db()
    assert (code.sync_state, code.sync_error) == (SyncState.APPLIED, {})


def test_a_member_wecom_does_not_take_does_not_stop_the_others(shop: Shop) -> None:
    ann, bob = shop.member("ann", "ann"), shop.member("bob", "bob")
    shop.outside.put("members", corpid=shop.corp.wecom_corpid, userid="ann", departments=[2], contact_function=False)

    code = shop.code(ann, bob)

    assert (code.sync_state, shop.way(code)["user"]) == (SyncState.APPLIED, ["bob"])


def test_a_way_somebody_deleted_at_wecom_is_made_anew(shop: Shop) -> None:
    ann, bob = shop.member("ann", "ann"), shop.member("bob", "bob")
    code = shop.code(ann, bob)
    lost = code.config_id
    shop.outside.api("externalcontact/del_contact_way", {"config_id": lost})

    switch_line(ann, takes_customers=False, by=SYSTEM)
    jobs.run_due()

    assert shop.way(code)["user"] == ["bob"]
    assert code.config_id != lost


def test_wecom_being_down_costs_time_and_nothing_else(shop: Shop) -> None:
    shop.outside.fault("drop", where="externalcontact/add_contact_way", count=1)
    code = shop.code(shop.member("ann", "ann"))
    assert code.sync_state == SyncState.FAILED

    with clock.shifted(timedelta(seconds=31)):
        jobs.run_due()

    assert shop.way(code)["user"] == ["ann"]


def test_two_workers_never_call_about_one_code_at_once(shop: Shop) -> None:
    code = shop.code(shop.member("ann", "ann"))
    LiveCode.objects.filter(pk=code.pk).update(
        applying_until=clock.now() + timedelta(seconds=30), applied={}, sync_state=SyncState.WAITING
    )
    calls = len(shop.outside.calls(path="externalcontact/update_contact_way"))
    request_apply(code.pk)

    jobs.run_due()
    assert len(shop.outside.calls(path="externalcontact/update_contact_way")) == calls

    with clock.shifted(timedelta(seconds=31)):
        jobs.run_due()
    code.refresh_from_db()
    assert code.sync_state == SyncState.APPLIED
