"""The way from a connected app to a client: one pool of connections, one token store and one limiter a process."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import lru_cache

import httpx

from yutang.channels.wecom.client import WeComClient
from yutang.channels.wecom.errcodes import Reaction
from yutang.channels.wecom.errors import WeComError, WeComFault, WeComRateLimited, WeComUnreachable
from yutang.channels.wecom.limiter import Limiter
from yutang.channels.wecom.models import AppFamily, WeComApp
from yutang.channels.wecom.stores import DatabaseBlocks, DatabaseTokens
from yutang.channels.wecom.transport import Transport, open_connections
from yutang.kernel import briefly, clock
from yutang.kernel.errors import DomainError
from yutang.kernel.jobs import Later
from yutang.kernel.language import Text
from yutang.organization.models import Corp

PAUSE_WHEN_UNREACHABLE = timedelta(seconds=30)
PAUSE_WHEN_MISCONFIGURED = timedelta(minutes=5)
PAUSE_WHEN_BUSY = timedelta(seconds=15)

# Secret, corp, token, trusted address, app stopped: with one of these nothing works at all.
FAULTS_OF_THE_APP = {40001, 40013, 40014, 42001, 48006, 50003, 60020, 60031, 301007}
FAULT_LIFE = timedelta(hours=1)  # how long another fault stays shown after it was last met


class NotConnected(DomainError):
    code, status = "wecom_not_connected", 409
    text = Text("企业“{corp}”尚未连接企业微信。", "The corp “{corp}” is not connected to WeCom.")
    advice = Text("请先在“设置 → 企业微信”中连接企业。", "Connect it under Set-up → WeCom first.")


@lru_cache(maxsize=1)
def _connections() -> httpx.Client:
    return open_connections()


@lru_cache(maxsize=1)
def _tokens() -> DatabaseTokens:
    return DatabaseTokens()


@lru_cache(maxsize=1)
def _limiter() -> Limiter:
    return Limiter(DatabaseBlocks(), now=clock.now)


def client_for(app: WeComApp) -> WeComClient:
    return WeComClient(
        Transport(app.credentials, http=_connections(), tokens=_tokens(), limiter=_limiter(), now=clock.now)
    )


def forget_process_state() -> None:
    """Drop what this process remembers: after a fork, and between tests."""
    for kept in (_connections, _tokens, _limiter):
        kept.cache_clear()
    briefly.forget_all()


def app_of(corp: Corp | int, family: AppFamily = AppFamily.APP) -> WeComApp:
    """The corp's connected app. Raises NotConnected."""
    corp_id = corp if isinstance(corp, int) else corp.pk
    app = WeComApp.objects.select_related("corp").filter(corp_id=corp_id, family=family, is_active=True).first()
    if app is None:
        name = Corp.objects.filter(pk=corp_id).values_list("name", flat=True).first()
        raise NotConnected(corp=name or corp_id)
    return app


@contextmanager
def calling(app: WeComApp) -> Iterator[WeComClient]:
    """A client for a job. A fault that time or an administrator will mend puts the job off without counting as failure.

    What a code says about the state of an object stays a WeComError, for the caller to read.
    """
    try:
        yield client_for(app)
    except WeComRateLimited as error:
        raise Later(timedelta(seconds=error.retry_after), str(error)) from error
    except WeComUnreachable as error:
        raise Later(PAUSE_WHEN_UNREACHABLE, str(error)) from error
    except WeComError as error:
        if error.reaction in (Reaction.CONFIGURATION, Reaction.REFRESH):
            note_fault(app, error)
            raise Later(PAUSE_WHEN_MISCONFIGURED, str(error)) from error
        if error.reaction is Reaction.RETRY:
            raise Later(PAUSE_WHEN_BUSY, str(error)) from error
        raise
    if app.fault_errcode is not None and _is_mended(app):
        clear_fault(app)


def _is_mended(app: WeComApp) -> bool:
    """A call that succeeds disproves a fault of the app as a whole; one of a single API it only outlives."""
    if app.fault_errcode in FAULTS_OF_THE_APP:
        return True
    return app.fault_at is None or clock.now() - app.fault_at > FAULT_LIFE


def note_fault(app: WeComApp, error: WeComFault) -> None:
    """Remember what an administrator has to mend, for the console to show."""
    errcode = error.errcode if isinstance(error, WeComError) else 0
    WeComApp.objects.filter(pk=app.pk).update(fault_errcode=errcode, fault_text=str(error)[:500], fault_at=clock.now())


def clear_fault(app: WeComApp) -> None:
    WeComApp.objects.filter(pk=app.pk).update(fault_errcode=None, fault_text="", fault_at=None)
    app.fault_errcode = None
