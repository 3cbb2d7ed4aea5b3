"""How members answer customers: WeCom's own daily figures, read once a day for those behind live codes.

WeCom tells no corp who wrote to whom without chat archiving. Of replies it tells a member's sums, a day later.
"""

from datetime import date, datetime, time, timedelta
from typing import Any

from yutang.acquisition.models import Arrival, LiveCode, MemberDay
from yutang.acquisition.staffing import day_of
from yutang.channels.wecom.connection import app_of, calling
from yutang.channels.wecom.errors import WeComError
from yutang.kernel import clock, jobs
from yutang.organization.models import Member
from yutang.organization.services.merchant import merchant_zone

READ_ACTIVITY = "acquisition.read_activity"
TOLD_AT = time(9, 30)  # WeCom has a day's figures ready on the next morning
LOOKED_BACK = timedelta(days=30)  # members who got a customer by a code within


def plan_reading(corp_id: int) -> None:
    """Have yesterday's figures of a corp read tomorrow morning. Asked often, planned once a day."""
    zone = merchant_zone()
    day = day_of(clock.now(), zone)
    run_at = datetime.combine(day + timedelta(days=1), TOLD_AT, tzinfo=zone)
    payload: dict[str, object] = {"corp_id": corp_id, "day": day.isoformat()}
    jobs.enqueue(READ_ACTIVITY, payload, run_at=run_at, key=f"{READ_ACTIVITY}:{corp_id}:{day}")


def read_activity(corp_id: int, day: date) -> None:
    """Read one day of every member who lately got customers by codes, and plan the next day."""
    recent = Arrival.objects.filter(code__corp=corp_id, at__gte=clock.now() - LOOKED_BACK)
    members = Member.objects.filter(pk__in=recent.values("member"), corp=corp_id).order_by("pk")
    noon = datetime.combine(day, time(12), tzinfo=merchant_zone())
    with calling(app_of(corp_id)) as client:
        for member in members:
            # One call a member: asked of several, WeCom answers with their sum.
            try:
                answer = client.call(
                    "externalcontact/get_user_behavior_data",
                    userid=[member.userid],
                    start_time=int(noon.timestamp()),
                    end_time=int(noon.timestamp()),
                )
            except WeComError as error:
                if error.can_retry:
                    raise
                continue  # one who left, or whom the app may no longer see
            for figures in answer.get("behavior_data") or []:
                _keep(member, day, figures)
    if LiveCode.objects.filter(corp=corp_id, archived_at=None).exists():
        plan_reading(corp_id)


def _keep(member: Member, day: date, figures: dict[str, Any]) -> None:
    told = {
        "chats": int(figures.get("chat_cnt") or 0),
        "messages": int(figures.get("message_cnt") or 0),
        "reply_percentage": figures.get("reply_percentage"),
        "reply_minutes": figures.get("avg_reply_time"),
    }
    MemberDay.objects.update_or_create(member=member, day=day, defaults=told)
