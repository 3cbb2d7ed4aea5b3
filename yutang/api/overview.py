"""The first page: how the pond stands, what waits for somebody, and what is left to set up."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from ninja import Field, Router, Schema

from yutang.acquisition.models import LiveCode
from yutang.api import figures
from yutang.api.auth import ViewerRequest, needs
from yutang.api.events import EventOut, event_out
from yutang.api.sources import source_labels
from yutang.channels.wecom.models import Gap, SyncRun, SyncState, WeComApp
from yutang.commerce.models import ImportRun, ImportState
from yutang.customers.events import ContactAdded
from yutang.customers.models import Review, ReviewState
from yutang.events.models import Event, InboxMessage, InboxState
from yutang.events.queries import visible_events
from yutang.kernel.language import Text
from yutang.kernel.paging import count_up_to_cap
from yutang.kernel.permissions import Permission
from yutang.organization.models import Member
from yutang.organization.scope import Viewer
from yutang.organization.services.merchant import start_of_today, the_merchant

router = Router(tags=["overview"])

LATEST = 10


class DayOut(Schema):
    day: date
    added: int
    lost: int


class SourceOut(Schema):
    source: str
    label: str
    count: int


class TurnoverOut(Schema):
    currency: str
    orders: int
    amount_fen: int


class Waiting(Schema):
    kind: str = Field(description="reviews, failed_imports, inbox_failed, inbox_unknown, gaps, failed_syncs or corps.")
    count: int


class Step(Schema):
    key: str
    title: str
    next: str = Field(description="What to do, and where.")
    href: str
    is_done: bool


class Overview(Schema):
    customers: int
    contacts: int = Field(description="Relations of members with customers that stand.")
    new_today: int = Field(description="People met today; counting stops at 10,000.")
    new_week: int = Field(description="People met today and in the six days before; counting stops at 10,000.")
    added_today: int
    added_yesterday: int
    lost_today: int
    lost_yesterday: int
    orders: int
    amount_fen: int = Field(description="Of the currency with most orders.")
    currency: str
    turnovers: list[TurnoverOut]
    scans_today: int
    live_codes: int
    days: list[DayOut] = Field(description="The last 30 days of the merchant, today last.")
    sources: list[SourceOut] = Field(description="Of the newest 10,000 people.")
    attention: list[Waiting]
    setup: list[Step] = Field(description="Empty for those who set nothing up.")
    latest: list[EventOut]


@router.get("/overview", response=Overview)
@needs(Permission.SEE_OVERVIEW)
def overview(request: ViewerRequest) -> Overview:
    """Within the viewer's scope. Sums over every customer may be half a minute old."""
    viewer, merchant = request.auth, the_merchant()
    by_day = figures.days(viewer, merchant)
    today, yesterday = by_day[-1], by_day[-2]
    turnovers = figures.turnovers(viewer) if viewer.may(Permission.SEE_ORDERS) else []
    main = turnovers[0] if turnovers else figures.Turnover("CNY", 0, 0)
    return Overview(
        customers=figures.people(viewer),
        contacts=figures.contacts_held(viewer),
        new_today=figures.people_since(viewer, start_of_today(merchant)),
        new_week=figures.people_since(viewer, figures.week_ago(merchant)),
        added_today=today.added,
        added_yesterday=yesterday.added,
        lost_today=today.lost,
        lost_yesterday=yesterday.lost,
        orders=main.orders,
        amount_fen=main.amount_fen,
        currency=main.currency,
        turnovers=[TurnoverOut.from_orm(each) for each in turnovers],
        scans_today=figures.scans_today(viewer, merchant),
        live_codes=figures.live_codes(viewer),
        days=[DayOut.from_orm(each) for each in by_day],
        sources=_sources(viewer),
        attention=_attention(viewer),
        setup=_setup(viewer),
        latest=_latest(viewer) if viewer.may(Permission.SEE_EVENTS) else [],
    )


def _sources(viewer: Viewer) -> list[SourceOut]:
    found = figures.sources(viewer)
    labels = source_labels(source for source, _ in found)
    return [SourceOut(source=source, label=labels[source], count=count) for source, count in found]


def _latest(viewer: Viewer) -> list[EventOut]:
    rows = visible_events(viewer).select_related("customer", "customer__person", "member")
    return [event_out(event) for event in rows.order_by("-at", "-pk")[:LATEST]]


def _attention(viewer: Viewer) -> list[Waiting]:
    """What this viewer can do something about; nothing is said of what is in order."""
    waiting: dict[str, int] = {}
    if viewer.may(Permission.MERGE_CUSTOMERS) and viewer.sees_all:
        waiting["reviews"] = count_up_to_cap(Review.objects.filter(state=ReviewState.OPEN)).count
    if viewer.may(Permission.IMPORT_ORDERS):
        stuck = ImportRun.objects.filter(state__in=(ImportState.FAILED, ImportState.PAUSED))
        waiting["failed_imports"] = stuck.count()
    if viewer.may(Permission.SEE_INBOX) and viewer.sees_all:
        inbox = InboxMessage.objects.all()
        waiting["inbox_failed"] = count_up_to_cap(inbox.filter(state=InboxState.FAILED)).count
        waiting["inbox_unknown"] = count_up_to_cap(inbox.filter(state=InboxState.UNKNOWN)).count
        waiting["gaps"] = count_up_to_cap(Gap.objects.filter(healed_at=None)).count
    if viewer.may(Permission.CONNECT_CORPS):
        apps = WeComApp.objects.filter(is_active=True)
        waiting["corps"] = apps.exclude(fault_errcode=None).count()
        newest = [SyncRun.objects.filter(app=app).order_by("-pk").first() for app in apps]
        waiting["failed_syncs"] = sum(1 for run in newest if run and run.state == SyncState.FAILED)
    return [Waiting(kind=kind, count=count) for kind, count in waiting.items() if count]


@dataclass(frozen=True)
class _Step:
    key: str
    title: Text
    next: Text
    href: str
    permission: Permission
    is_done: Callable[[], bool]


SETUP = (
    _Step(
        "connect_corp",
        Text("连接企业微信", "Connect a WeCom corp"),
        Text(
            "在「企业」页填写企业 ID 和应用密钥，并运行检查。",
            "Enter corp id and app secret under Corps, and run the check.",
        ),
        "/corps",
        Permission.CONNECT_CORPS,
        lambda: WeComApp.objects.filter(is_active=True).exists(),
    ),
    _Step(
        "verify_callback",
        Text("验证回调地址", "Verify the callback address"),
        Text(
            "把「企业」页给出的回调地址、Token 和密钥填进企业微信后台。",
            "Enter the callback address, token and key that Corps shows into WeCom's console.",
        ),
        "/corps",
        Permission.CONNECT_CORPS,
        lambda: WeComApp.objects.filter(is_active=True, callback_verified_at__isnull=False).exists(),
    ),
    _Step(
        "sync_members",
        Text("同步员工", "Sync the members"),
        Text("在「企业」页开始第一次同步。", "Start the first sync under Corps."),
        "/corps",
        Permission.CONNECT_CORPS,
        lambda: Member.objects.filter(serves_customers=True).exists(),
    ),
    _Step(
        "first_live_code",
        Text("创建第一个活码", "Make the first live code"),
        Text("选好接待员工和欢迎语，下载二维码。", "Choose members and welcome, and download the QR code."),
        "/live-codes/new",
        Permission.EDIT_LIVE_CODES,
        lambda: LiveCode.objects.exists(),
    ),
    _Step(
        "first_import",
        Text("导入历史订单", "Import the order history"),
        Text("上传 CSV 或 XLSX，先试运行再写入。", "Upload CSV or XLSX; check first, then write."),
        "/imports",
        Permission.IMPORT_ORDERS,
        lambda: ImportRun.objects.filter(state=ImportState.DONE).exists(),
    ),
    _Step(
        "first_contact",
        Text("迎来第一位客户", "Welcome the first customer"),
        Text("用微信扫一下您的活码。", "Scan your live code with WeChat."),
        "/live-codes",
        Permission.SEE_LIVE_CODES,
        lambda: Event.objects.filter(name=ContactAdded.name).exists(),
    ),
)


def _setup(viewer: Viewer) -> list[Step]:
    if not viewer.may(Permission.CONNECT_CORPS):
        return []
    return [
        Step(key=each.key, title=each.title.here(), next=each.next.here(), href=each.href, is_done=each.is_done())
        for each in SETUP
        if viewer.may(each.permission)
    ]
