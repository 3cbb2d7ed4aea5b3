"""The work callbacks and services leave behind, by name. `tasks` does it."""

from datetime import timedelta

from yutang.channels.wecom.models import WeComApp
from yutang.kernel import clock, jobs

FETCH_CUSTOMER = "wecom.fetch_customer"
FETCH_MEMBER = "wecom.fetch_member"
FETCH_TAGS = "wecom.fetch_tags"

SETTLING = timedelta(seconds=1)  # WeCom's reads lag behind its events by about this much


def fetch_customer(app: WeComApp, external_userid: str, *, soon: bool = False) -> None:
    """Read a customer's detail. While one reading waits, further ones are that one."""
    now = clock.now()
    payload: dict[str, object] = {
        "app_id": app.pk,
        "external_userid": external_userid,
        "asked_at": now.isoformat(),
        "expected": soon,
    }
    jobs.enqueue(FETCH_CUSTOMER, payload, run_at=now + SETTLING, key=f"{FETCH_CUSTOMER}:{app.pk}:{external_userid}")


def fetch_member(app: WeComApp, userid: str) -> None:
    payload: dict[str, object] = {"app_id": app.pk, "userid": userid}
    jobs.enqueue(FETCH_MEMBER, payload, run_at=clock.now() + SETTLING, key=f"{FETCH_MEMBER}:{app.pk}:{userid}")


def fetch_tag_library(app: WeComApp) -> None:
    payload: dict[str, object] = {"app_id": app.pk}
    jobs.enqueue(FETCH_TAGS, payload, run_at=clock.now() + SETTLING, key=f"{FETCH_TAGS}:{app.pk}")
