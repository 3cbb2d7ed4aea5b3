"""Background work: load by id, ask WeCom, bring in the answer."""

from datetime import datetime, timedelta
from typing import Any

from yutang.channels.wecom import callbacks, processing, recount, sync_steps, tags_in, tags_out, welcome, work
from yutang.channels.wecom.connection import calling
from yutang.channels.wecom.customers_in import bring_in_detail
from yutang.channels.wecom.errors import WeComError
from yutang.channels.wecom.models import SyncKind, WeComApp
from yutang.channels.wecom.sync import start_sync
from yutang.customers.events import ContactConfirmed, TagAdded, TagLibraryChanged, TagRemoved
from yutang.kernel import clock, jobs
from yutang.kernel.actors import SYSTEM
from yutang.kernel.facts import Fact, consumes
from yutang.kernel.jobs import Later
from yutang.organization.services.address_book import upsert_members

EXPECTED_WITHIN = timedelta(minutes=2)  # a customer just added may not be readable yet
LOOK_AGAIN = timedelta(seconds=10)
DAILY = "wecom.daily"
DAY = timedelta(days=1)


@jobs.handles(callbacks.GREET, lane="welcome")
def greet_contact(payload: dict[str, Any]) -> None:
    welcome.greet(payload["ticket_id"])


@jobs.handles(callbacks.PROCESS, lane="inbox")
def process_callback(payload: dict[str, Any]) -> None:
    processing.process(payload["message_id"], payload["app_id"])


@jobs.handles(work.FETCH_CUSTOMER, lane="inbox")
def fetch_customer(payload: dict[str, Any]) -> None:
    app = _app(payload)
    asked_at = clock.now()
    with calling(app) as client:
        try:
            detail = client.customer(payload["external_userid"])
        except WeComError as error:
            if error.errcode not in recount.UNREADABLE:
                raise
            first_asked = datetime.fromisoformat(payload["asked_at"])
            if payload["expected"] and asked_at - first_asked < EXPECTED_WITHIN:
                raise Later(LOOK_AGAIN, str(error)) from error
            return
        bring_in_detail(app, client, detail, asked_at=asked_at)


@jobs.handles(work.FETCH_MEMBER, lane="default")
def fetch_member(payload: dict[str, Any]) -> None:
    app = _app(payload)
    with calling(app) as client:
        try:
            member = client.member(payload["userid"])
        except WeComError as error:
            if error.errcode in sync_steps.NOT_VISIBLE:
                return
            raise
    upsert_members(app.corp, [sync_steps.member_row(member)])


@jobs.handles(work.FETCH_TAGS, lane="default")
def fetch_tags(payload: dict[str, Any]) -> None:
    app = _app(payload)
    with calling(app) as client:
        tags_in.bring_in_library(app, client)


@consumes(TagAdded)
def carry_added_tag(fact: Fact) -> None:
    _carry_tagging(fact)


@consumes(TagRemoved)
def carry_removed_tag(fact: Fact) -> None:
    _carry_tagging(fact)


def _carry_tagging(fact: Fact) -> None:
    if fact.source != callbacks.CHANNEL and isinstance(fact.event, TagAdded | TagRemoved):
        tags_out.carry_tagging(fact.event.tagging_id)


@consumes(ContactConfirmed)
def carry_waiting_tags(fact: Fact) -> None:
    """What a live code put on a half-made contact goes to WeCom when the member has confirmed it."""
    if fact.customer_id is not None and fact.member_id is not None:
        for tagging_id in tags_out.unsettled_of(fact.customer_id, fact.member_id):
            tags_out.carry_tagging(tagging_id)


@consumes(TagLibraryChanged)
def carry_library_change(fact: Fact) -> None:
    if fact.source != callbacks.CHANNEL and isinstance(fact.event, TagLibraryChanged):
        change = fact.event
        tags_out.carry_library_change(change.change, group_id=change.group_id, tag_id=change.tag_id)


@jobs.handles(DAILY, lane="bulk")
def daily(payload: dict[str, Any]) -> None:
    """Once a day everything callbacks may have missed is read again."""
    app = WeComApp.objects.filter(pk=payload["app_id"], is_active=True).first()
    if app is None:
        return
    for kind in (SyncKind.ADDRESS_BOOK, SyncKind.TAGS, SyncKind.RECOUNT):
        start_sync(app, kind, by=SYSTEM)
    plan_daily(app)


def plan_daily(app: WeComApp) -> None:
    jobs.enqueue(DAILY, {"app_id": app.pk}, run_at=clock.now() + DAY, key=f"{DAILY}:{app.pk}")


def _app(payload: dict[str, Any]) -> WeComApp:
    return WeComApp.objects.select_related("corp").get(pk=payload["app_id"])
