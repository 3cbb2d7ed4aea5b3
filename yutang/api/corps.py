"""Corps and their connection to WeCom: set up, checked, synchronised, watched."""

from datetime import datetime, timedelta

from ninja import Field, Query, Router, Schema, Status

from yutang.api.auth import ViewerRequest, needs
from yutang.api.paged import PagedOut, Paging
from yutang.channels.wecom import checker, connect, sync
from yutang.channels.wecom.checker import Check, Outcome, callback_address
from yutang.channels.wecom.errors import meaning_of, todo_for
from yutang.channels.wecom.models import AppFamily, Gap, GapKind, RefusedCallback, SyncKind, SyncRun, WeComApp
from yutang.channels.wecom.tasks import plan_daily
from yutang.channels.wecom.transport import OFFICIAL_BASE_URL
from yutang.channels.wecom.welcome import welcome_figures
from yutang.customers.models import HELD, Ownership
from yutang.kernel import clock
from yutang.kernel.audit import audit
from yutang.kernel.errors import NotFound
from yutang.kernel.language import Text
from yutang.kernel.paging import newest_first
from yutang.kernel.permissions import Permission
from yutang.organization.models import Corp, Member, MemberStatus

router = Router(tags=["corps"])

# Read only where they are used, so that a changed secret.key leaves the page that mends it in working order.
SECRETS = ("secret", "callback_token", "callback_aes_key")

SYNC_NAMES = {
    SyncKind.ADDRESS_BOOK: Text("通讯录", "Address book"),
    SyncKind.TAGS: Text("企业标签", "Corp tags"),
    SyncKind.CUSTOMERS: Text("客户", "Customers"),
    SyncKind.RECOUNT: Text("核对客户关系", "Recount of relations"),
}
GAP_NAMES = {
    GapKind.MISSING_HERE: Text("漏收的添加", "An add we never heard of"),
    GapKind.GONE_THERE: Text("漏收的删除", "A deletion we never heard of"),
}
REFUSAL_NAMES = {
    "signature_mismatch": Text("签名不符", "Wrong signature"),
    "stale_timestamp": Text("时间相差超过五分钟（重放或时钟不准）", "Over five minutes off: a replay or a wrong clock"),
    "receive_id_mismatch": Text("不是发给本企业的", "Meant for another corp"),
    "unreadable_body": Text("内容无法读取", "Unreadable content"),
    "decrypt_failed": Text("解密失败", "Decryption failed"),
    "illegal_buffer": Text("解密后内容不合法", "Decrypted to nonsense"),
    "illegal_base64": Text("不是 Base64", "Not Base64"),
    "illegal_aes_key": Text("EncodingAESKey 不合法", "Illegal EncodingAESKey"),
}


class FaultOut(Schema):
    """What WeCom refused lately and an administrator has to mend."""

    errcode: int
    message: str
    advice: str
    page: str | None = Field(description="The page of WeCom's admin console that mends it.")
    at: datetime


class CorpOut(Schema):
    id: int
    name: str
    wecom_corpid: str
    is_connected: bool
    agent_id: int | None
    base_url: str | None
    callback_url: str | None
    callback_verified_at: datetime | None
    callback_seen_at: datetime | None
    fault: FaultOut | None
    member_count: int
    serving_count: int
    relation_count: int
    connected_at: datetime | None


class Corps(Schema):
    items: list[CorpOut]


class CorpIn(Schema):
    corp_id: str = Field(max_length=64, description="As in ww0123456789abcdef.")
    name: str = Field(max_length=200)
    agent_id: int = Field(ge=1)
    secret: str = Field(max_length=200)
    base_url: str = Field(OFFICIAL_BASE_URL, max_length=300)


class CorpChange(Schema):
    """What is left out stays. The secret and the key are taken in and never shown."""

    name: str | None = Field(None, min_length=1, max_length=200)
    agent_id: int | None = Field(None, ge=1)
    secret: str | None = Field(None, max_length=200)
    base_url: str | None = Field(None, max_length=300)
    callback_token: str | None = Field(None, min_length=1, max_length=32, pattern=r"^[A-Za-z0-9]+$")
    callback_aes_key: str | None = Field(None, max_length=43)


class CallbackOut(Schema):
    """What is to be entered in WeCom's console."""

    url: str
    token: str
    aes_key: str


class CheckOut(Schema):
    name: str
    label: str
    outcome: Outcome
    message: str
    advice: str | None
    page: str | None = Field(description="The page of WeCom's admin console that mends it.")
    errcode: int | None


class Checks(Schema):
    ok: bool
    items: list[CheckOut]


class SyncIn(Schema):
    kinds: list[SyncKind] = Field(default_factory=lambda: list(sync.FULL), min_length=1)


class SyncOut(Schema):
    id: int
    corp_id: int
    kind: SyncKind
    label: str
    state: str
    done: int
    total: int | None
    counts: dict[str, int]
    error: str | None
    by: str
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    is_cancelling: bool


class Syncs(Schema):
    items: list[SyncOut]


class GapOut(Schema):
    id: int
    kind: GapKind
    label: str
    member_id: int
    member_name: str
    external_userid: str
    found_at: datetime
    healed_at: datetime | None


class RefusedOut(Schema):
    reason: str
    label: str
    hour: datetime
    count: int
    last_at: datetime
    last_ip: str


class RefusedCallbacks(Schema):
    items: list[RefusedOut]


class WelcomesOut(Schema):
    """How greetings of new contacts fared. Contacts nobody had a greeting for are not due."""

    days: int
    due: int
    sent: int
    sent_by_others: int
    missed: int
    unknown: int
    missed_share: float | None
    median_ms: int | None
    p99_ms: int | None


class Days(Schema):
    days: int = Field(7, ge=1, le=180)


@router.get("/corps", response=Corps)
@needs(Permission.SEE_ORGANIZATION)
def list_corps(request: ViewerRequest) -> Corps:
    return Corps(items=[_corp(corp) for corp in Corp.objects.order_by("pk")])


@router.post("/corps", response={201: CorpOut})
@needs(Permission.CONNECT_CORPS)
def connect_corp(request: ViewerRequest, given: CorpIn) -> Status[CorpOut]:
    app = connect.connect_corp(
        corp_id=given.corp_id,
        corp_name=given.name,
        agent_id=given.agent_id,
        secret=given.secret,
        base_url=given.base_url,
        by=request.auth.actor,
    )
    plan_daily(app)
    return Status(201, _corp(app.corp))


@router.get("/corps/{corp_id}", response=CorpOut)
@needs(Permission.SEE_ORGANIZATION)
def read_corp(request: ViewerRequest, corp_id: int) -> CorpOut:
    return _corp(_find_corp(corp_id))


@router.patch("/corps/{corp_id}", response=CorpOut)
@needs(Permission.CONNECT_CORPS)
def change_corp(request: ViewerRequest, corp_id: int, given: CorpChange) -> CorpOut:
    changes = given.dict(exclude_unset=True)
    app = _find_app(corp_id)
    if name := changes.pop("name", None):
        connect.rename_corp(app.corp, name, by=request.auth.actor)
    if changes:
        connect.change_app(app, by=request.auth.actor, **changes)
    return _corp(_find_corp(corp_id))


@router.delete("/corps/{corp_id}", response={204: None})
@needs(Permission.CONNECT_CORPS)
def disconnect_corp(request: ViewerRequest, corp_id: int) -> Status[None]:
    """Stop calling and listening. Everything learnt stays."""
    connect.disconnect(_find_app(corp_id), by=request.auth.actor)
    return Status(204, None)


@router.get("/corps/{corp_id}/callback", response=CallbackOut)
@needs(Permission.CONNECT_CORPS)
def read_callback_settings(request: ViewerRequest, corp_id: int) -> CallbackOut:
    """Each reading is audited."""
    app = _find_app(corp_id)
    audit("wecom.callback_key_shown", by=request.auth.actor, subject_kind="wecom_app", subject_id=app.pk)
    return CallbackOut(url=callback_address(app), token=app.callback_token, aes_key=app.callback_aes_key)


@router.post("/corps/{corp_id}/check", response=Checks)
@needs(Permission.CONNECT_CORPS)
def check_corp(request: ViewerRequest, corp_id: int) -> Checks:
    """Try everything a connection needs. Takes a few seconds."""
    checks = checker.check_connection(_find_app(corp_id))
    failed = any(check.outcome in (Outcome.FAILED, Outcome.SKIPPED) for check in checks)
    return Checks(ok=not failed, items=[_check(check) for check in checks])


@router.get("/corps/{corp_id}/syncs", response=PagedOut[SyncOut])
@needs(Permission.SEE_ORGANIZATION)
def list_syncs(request: ViewerRequest, corp_id: int, wanted: Query[Paging]) -> PagedOut[SyncOut]:
    runs = SyncRun.objects.filter(app__corp=_find_corp(corp_id)).select_related("app")
    return PagedOut[SyncOut].of(newest_first(runs, limit=wanted.limit, cursor=wanted.cursor), _sync)


@router.post("/corps/{corp_id}/syncs", response={202: Syncs})
@needs(Permission.CONNECT_CORPS)
def start_syncs(request: ViewerRequest, corp_id: int, given: SyncIn) -> Status[Syncs]:
    """Start these, in their right order. One that is under way already is given back as it is."""
    app = _find_app(corp_id)
    runs = [sync.start_sync(app, kind, by=request.auth.actor) for kind in sync.FULL if kind in given.kinds]
    return Status(202, Syncs(items=[_sync(run) for run in runs]))


@router.get("/sync-runs/{run_id}", response=SyncOut)
@needs(Permission.SEE_ORGANIZATION)
def read_sync(request: ViewerRequest, run_id: int) -> SyncOut:
    return _sync(_find_run(run_id))


@router.post("/sync-runs/{run_id}/cancel", response=SyncOut)
@needs(Permission.CONNECT_CORPS)
def cancel_sync(request: ViewerRequest, run_id: int) -> SyncOut:
    sync.cancel_sync(_find_run(run_id), by=request.auth.actor)
    return _sync(_find_run(run_id))


@router.get("/corps/{corp_id}/gaps", response=PagedOut[GapOut])
@needs(Permission.SEE_INBOX)
def list_gaps(request: ViewerRequest, corp_id: int, wanted: Query[Paging]) -> PagedOut[GapOut]:
    """Differences recounts found between WeCom's relations and ours, of members in scope."""
    gaps = Gap.objects.filter(app__corp=_find_corp(corp_id)).select_related("member")
    if request.auth.member_ids is not None:
        gaps = gaps.filter(member__in=request.auth.member_ids)
    return PagedOut[GapOut].of(newest_first(gaps, limit=wanted.limit, cursor=wanted.cursor), _gap)


@router.get("/corps/{corp_id}/refused-callbacks", response=RefusedCallbacks)
@needs(Permission.SEE_INBOX)
def list_refused(request: ViewerRequest, corp_id: int, wanted: Query[Days]) -> RefusedCallbacks:
    since = clock.now() - timedelta(days=wanted.days)
    rows = RefusedCallback.objects.filter(app__corp=_find_corp(corp_id), last_at__gte=since).order_by("-last_at")
    return RefusedCallbacks(items=[_refused(row) for row in rows[:500]])


@router.get("/corps/{corp_id}/welcomes", response=WelcomesOut)
@needs(Permission.SEE_OVERVIEW)
def read_welcomes(request: ViewerRequest, corp_id: int, wanted: Query[Days]) -> WelcomesOut:
    figures = welcome_figures(since=clock.now() - timedelta(days=wanted.days), corp=_find_corp(corp_id))
    return WelcomesOut(
        days=wanted.days,
        due=figures.due,
        sent=figures.sent,
        sent_by_others=figures.elsewhere,
        missed=figures.missed,
        unknown=figures.unknown,
        missed_share=figures.missed_share,
        median_ms=figures.half_ms,
        p99_ms=figures.slowest_ms,
    )


def _find_corp(corp_id: int) -> Corp:
    corp = Corp.objects.filter(pk=corp_id).first()
    if corp is None:
        raise NotFound
    return corp


def _find_app(corp_id: int) -> WeComApp:
    apps = WeComApp.objects.select_related("corp").defer(*SECRETS)
    app = apps.filter(corp_id=corp_id, family=AppFamily.APP, is_active=True).first()
    if app is None:
        raise NotFound
    return app


def _find_run(run_id: int) -> SyncRun:
    run = SyncRun.objects.select_related("app").filter(pk=run_id).first()
    if run is None:
        raise NotFound
    return run


def _corp(corp: Corp) -> CorpOut:
    apps = WeComApp.objects.select_related("corp").defer(*SECRETS)
    app = apps.filter(corp=corp, family=AppFamily.APP, is_active=True).first()
    members = Member.objects.filter(corp=corp).exclude(status=MemberStatus.LEFT)
    return CorpOut(
        id=corp.pk,
        name=corp.name,
        wecom_corpid=corp.wecom_corpid,
        is_connected=app is not None,
        agent_id=app.agent_id if app else None,
        base_url=app.base_url if app else None,
        callback_url=callback_address(app) if app else None,
        callback_verified_at=app.callback_verified_at if app else None,
        callback_seen_at=app.callback_seen_at if app else None,
        fault=_fault(app) if app else None,
        member_count=members.count(),
        serving_count=members.filter(serves_customers=True).count(),
        relation_count=Ownership.objects.filter(member__corp=corp, state__in=HELD).count(),
        connected_at=app.created_at if app else None,
    )


def _fault(app: WeComApp) -> FaultOut | None:
    if app.fault_errcode is None or app.fault_at is None:
        return None
    meaning = meaning_of(app.fault_errcode)
    return FaultOut(
        errcode=app.fault_errcode,
        message=meaning.text.here(),
        advice=todo_for(app.fault_errcode).here(),
        page=meaning.page.here() if meaning.page else None,
        at=app.fault_at,
    )


def _check(check: Check) -> CheckOut:
    return CheckOut(
        name=check.name,
        label=check.label.here(),
        outcome=check.outcome,
        message=check.said.here(),
        advice=check.advice.here() if check.advice else None,
        page=check.page.here() if check.page else None,
        errcode=check.errcode,
    )


def _sync(run: SyncRun) -> SyncOut:
    return SyncOut(
        id=run.pk,
        corp_id=run.app.corp_id,
        kind=SyncKind(run.kind),
        label=SYNC_NAMES[SyncKind(run.kind)].here(),
        state=run.state,
        done=run.done,
        total=run.total,
        counts=run.counts,
        error=run.error or None,
        by=run.by_name,
        created_at=run.created_at,
        started_at=run.started_at,
        finished_at=run.finished_at,
        is_cancelling=run.cancel_asked_at is not None and run.finished_at is None,
    )


def _gap(gap: Gap) -> GapOut:
    return GapOut(
        id=gap.pk,
        kind=GapKind(gap.kind),
        label=GAP_NAMES[GapKind(gap.kind)].here(),
        member_id=gap.member_id,
        member_name=gap.member.label,
        external_userid=gap.external_userid,
        found_at=gap.found_at,
        healed_at=gap.healed_at,
    )


def _refused(row: RefusedCallback) -> RefusedOut:
    label = REFUSAL_NAMES.get(row.reason)
    return RefusedOut(
        reason=row.reason,
        label=label.here() if label else row.reason,
        hour=row.hour,
        count=row.count,
        last_at=row.last_at,
        last_ip=row.last_ip,
    )
