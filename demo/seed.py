"""Furnish the demo: connect the merchant to the outside world, then let two weeks pass in it.

What happens in these weeks really happens: people scan codes on the far side, callbacks arrive, welcomes go out. Every
step can be repeated, so a run that was interrupted goes on where it was.
"""

import json
import os
import subprocess
import sys
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from demo import history, merchant
from demo.outside_world import OutsideWorld

if TYPE_CHECKING:
    from yutang.acquisition.models import LiveCode
    from yutang.organization.models import Corp

DAYS = 14
SETTLE_SECONDS = 30.0


def main() -> int:
    progress = Progress(Path(os.environ["YUTANG_HOME"]) / "demo-progress.json")
    if progress.day > DAYS:
        return 0
    from yutang.cli.main import start_django

    start_django()
    outside = OutsideWorld(f"http://127.0.0.1:{os.environ['OUTSIDE_PORT']}")
    print("Furnishing the demo merchant with two weeks of life; this happens once …", flush=True)
    if progress.day == 0:
        travel(outside, days_ago=DAYS)
        set_up(outside)
    from demo.life import Life

    life = Life(outside, wait_for_jobs)
    while progress.day < DAYS:
        travel(outside, days_ago=DAYS - 1 - progress.day)
        life.live(progress.day)
        outside.settle()
        wait_for_jobs()
        progress.day += 1
    travel(outside, days_ago=0)
    _history(days_to_come=0)
    progress.day = DAYS + 1
    return 0


class Progress:
    """How many days have passed, kept in the home."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def day(self) -> int:
        return int(json.loads(self._path.read_text())["day"]) if self._path.exists() else 0

    @day.setter
    def day(self, day: int) -> None:
        self._path.write_text(json.dumps({"day": day}))


def travel(outside: OutsideWorld, *, days_ago: int) -> None:
    """Move both sides' clock; a quarter of a second later everybody has looked at it."""
    outside.set_clock(-timedelta(days=days_ago).total_seconds())
    time.sleep(0.25)


def wait_for_jobs() -> None:
    """Until the workers have nothing due. Raises RuntimeError, naming what is left, when that takes too long.

    Analyses and routines are not waited for: they follow what happens, and nothing that happens follows them.
    """
    from yutang.kernel import apart, clock, routines
    from yutang.kernel.models import Job

    deadline = time.monotonic() + SETTLE_SECONDS
    while True:
        due = Job.objects.filter(failed_at=None, run_at__lte=clock.now()).exclude(lane=apart.LANE)
        due = due.exclude(kind__startswith=routines.PREFIX)
        if not due.exists():
            return
        if time.monotonic() > deadline:
            left = sorted(set(due.values_list("kind", flat=True)))
            raise RuntimeError(f"These jobs do not come to an end: {', '.join(left)}. Is the worker running?")
        time.sleep(0.05)


def set_up(outside: OutsideWorld) -> None:
    from yutang.kernel.actors import SYSTEM
    from yutang.organization.services.merchant import change_merchant

    change_merchant(name=merchant.MERCHANT, time_zone="Asia/Shanghai", by=SYSTEM)
    _accounts()
    outside.describe(merchant.world(callback_url=""))
    corp = _connect(outside)
    wait_for_jobs()
    _stores(corp)
    _staff_accounts(corp)
    _welcome(corp)
    codes = _codes(corp)
    for code in codes:
        outside.post("/pages", {"url": _landing(code.state_code), "title": code.name})
    _orders()
    _history(days_to_come=DAYS)
    _cards(outside, next(code for code in codes if code.touchpoint == "包裹卡片"))
    wait_for_jobs()


def _accounts() -> None:
    from yutang.kernel.actors import SYSTEM
    from yutang.organization.models import Account, Role
    from yutang.organization.services.accounts import AccountDraft, create_account

    kept = _kept_sign_in()
    if not Account.objects.filter(username=kept["username"]).exists():
        owner = AccountDraft(username=kept["username"], name="林老板", role=Role.OWNER)
        create_account(owner, password=kept["password"], by=SYSTEM)


def _staff_accounts(corp: "Corp") -> None:
    """A store's manager and a guide, each tied to the member they are, with the owner's password."""
    from yutang.kernel.actors import SYSTEM
    from yutang.organization.models import Account, Member, Role, ScopeKind
    from yutang.organization.services.accounts import AccountDraft, create_account

    password = _kept_sign_in()["password"]
    for userid, role in merchant.STAFF_ACCOUNTS:
        if Account.objects.filter(username=userid).exists():
            continue
        member = Member.objects.get(corp=corp, userid=userid)
        draft = AccountDraft(username=userid, name=member.name, role=Role(role), member_id=member.pk)
        if role == Role.GUIDE:
            draft = replace(draft, scope_kind=ScopeKind.OWN)
        elif member.store_id is not None:
            draft = replace(draft, scope_kind=ScopeKind.STORE, store_ids=[member.store_id])
        create_account(draft, password=password, by=SYSTEM)


def _kept_sign_in() -> dict[str, str]:
    kept: dict[str, str] = json.loads((Path(os.environ["YUTANG_HOME"]) / "demo-sign-in.json").read_text())
    return kept


def _connect(outside: OutsideWorld) -> "Corp":
    """Connect the corp as an administrator would, enter the callback on the far side, and read everything once."""
    from yutang.channels.wecom.checker import callback_address
    from yutang.channels.wecom.connect import change_app, connect_corp
    from yutang.channels.wecom.models import WeComApp
    from yutang.channels.wecom.sync import start_full_sync
    from yutang.channels.wecom.tasks import plan_daily
    from yutang.kernel.actors import SYSTEM

    app = WeComApp.objects.filter(corp__wecom_corpid=merchant.CORPID, is_active=True).select_related("corp").first()
    if app is None:
        app = connect_corp(
            corp_id=merchant.CORPID,
            corp_name=merchant.MERCHANT,
            agent_id=merchant.AGENTID,
            secret=merchant.APP_SECRET,
            base_url=outside.url,
            by=SYSTEM,
        )
        change_app(app, callback_token=merchant.CALLBACK_TOKEN, callback_aes_key=merchant.CALLBACK_AES_KEY, by=SYSTEM)
        plan_daily(app)
    entered = {
        "url": callback_address(app),
        "token": merchant.CALLBACK_TOKEN,
        "aes_key": merchant.CALLBACK_AES_KEY,
    }
    verdict = outside.post(f"/apps/{merchant.CORPID}/{merchant.AGENTID}/callback", entered)
    if not verdict["ok"]:
        raise RuntimeError(f"The far side could not verify our callback address: {verdict}")
    start_full_sync(app, by=SYSTEM)
    return app.corp


def _stores(corp: "Corp") -> None:
    from yutang.kernel.actors import SYSTEM
    from yutang.organization.models import Brand, Department, Member, Store
    from yutang.organization.services.members import assign_store
    from yutang.organization.services.stores import StoreDraft, create_brand, create_store

    brand = Brand.objects.first() or create_brand(merchant.MERCHANT, by=SYSTEM)
    for code, name, department_id, address, latitude, longitude in merchant.STORES:
        if Store.objects.filter(code=code).exists():
            continue
        department = Department.objects.get(corp=corp, wecom_id=department_id)
        draft = StoreDraft(
            name=name,
            code=code,
            brand_id=brand.pk,
            department_id=department.pk,
            address=address,
            latitude=latitude,
            longitude=longitude,
        )
        store = create_store(draft, by=SYSTEM)
        assign_store(list(Member.objects.filter(departments=department)), store, by=SYSTEM)


def _welcome(corp: "Corp") -> None:
    """The corp's default: words, a picture, and a link to the form where a customer says who it is."""
    from demo.pictures import basket
    from yutang.acquisition.services.welcomes import Holder, set_welcome
    from yutang.acquisition.shapes import SlotShape, WelcomeShape
    from yutang.content.parts import ImagePart, LinkPart, TextPart
    from yutang.content.uploads import store_upload
    from yutang.kernel.actors import SYSTEM

    holder = Holder(corp)
    if holder.welcome() is not None:
        return
    picture = store_upload(basket(), "果篮.png", by=SYSTEM)
    parts: list[Any] = [
        TextPart(
            content="{nickname}您好，我是鲜禾果蔬的{member} 🍊\n"
            "当季水果每天早上 6 点到店，群里先到先得。想吃什么，随时跟我说。"
        ),
        ImagePart(upload_id=picture.pk),
        LinkPart(
            title="完善资料，领 10 元鲜果券",
            description="留下称呼和手机号，老会员积分自动合并",
            url="{profile_link}",
            picture_upload_id=picture.pk,
        ),
    ]
    set_welcome(holder, WelcomeShape(slots=[SlotShape(parts=parts)]), version=None, by=SYSTEM)


def _codes(corp: "Corp") -> list["LiveCode"]:
    from yutang.acquisition.models import LiveCode, LiveCodeFolder
    from yutang.acquisition.roster import Rotation
    from yutang.acquisition.services.codes import create_code
    from yutang.acquisition.shapes import AssigneeShape, CodeShape
    from yutang.customers.models import Tag
    from yutang.kernel import clock
    from yutang.kernel.actors import SYSTEM
    from yutang.organization.models import Member, Store

    def tag(name: str) -> int:
        return Tag.objects.get(name=name, group__corp=corp, deleted_at=None).pk

    def members(*userids: str) -> list[int]:
        return [Member.objects.get(corp=corp, userid=userid).pk for userid in userids]

    def folder(name: str) -> int:
        return LiveCodeFolder.objects.get_or_create(name=name, defaults={"created_at": clock.now()})[0].pk

    shapes = [
        CodeShape(
            name=f"{store.name} · 收银台",
            corp_id=corp.pk,
            folder_id=folder("门店"),
            touchpoint="门店收银台",
            tag_ids=[tag("门店扫码")],
            remark_template="{nickname}-" + store.name,
            assignees=[AssigneeShape(store_id=store.pk)],
        )
        for store in Store.objects.order_by("code")
    ]
    online = members("zhouyun", "hexin", "luohao")
    shapes += [
        CodeShape(
            name="包裹卡 · 到家订单",
            corp_id=corp.pk,
            folder_id=folder("线上"),
            touchpoint="包裹卡片",
            rotation=Rotation.LEAST_LOADED,
            tag_ids=[tag("包裹卡")],
            assignees=[AssigneeShape(member_id=member, daily_cap=80) for member in online],
        ),
        CodeShape(
            name="公众号菜单",
            corp_id=corp.pk,
            folder_id=folder("线上"),
            touchpoint="公众号",
            rotation=Rotation.RATIO,
            tag_ids=[tag("公众号")],
            assignees=[AssigneeShape(member_id=member, weight=2 - place % 2) for place, member in enumerate(online)],
        ),
    ]
    made = []
    for shape in shapes:
        known = LiveCode.objects.filter(name=shape.name, corp=corp).first()
        made.append(known or create_code(shape, by=SYSTEM))
    return made


def _landing(state_code: str) -> str:
    return f"{os.environ['YUTANG_PUBLIC_URL']}/c/{state_code}"


def _orders() -> None:
    """The web shop's history, through the same command a merchant would use; a second time it changes nothing."""
    from yutang.kernel import clock

    file = Path(os.environ["YUTANG_HOME"]) / "小程序商城订单.csv"
    if not file.exists():
        file.write_text(merchant.orders_csv(clock.now().date()), encoding="utf-8")
    _import(file, merchant.ORDER_SOURCE)


def _history(*, days_to_come: int) -> None:
    """What the three shops have sold up to yesterday. Again later, with what came since."""
    from yutang.kernel import clock

    today = clock.now().date()
    for shop in history.SHOPS:
        file = Path(os.environ["YUTANG_HOME"]) / f"{shop.source}-{today:%Y%m%d}.csv"
        sold = history.orders_csv(
            shop, last_day=today + timedelta(days=days_to_come - 1), until=today - timedelta(days=1)
        )
        file.write_text(sold, encoding="utf-8")
        _import(file, shop.source)


def _import(file: Path, source: str) -> None:
    command = ["import", "orders", str(file), "--source", source, "--json"]
    subprocess.run([sys.executable, "-m", "yutang", *command], check=True, stdout=subprocess.DEVNULL)


def _cards(outside: OutsideWorld, code: "LiveCode") -> None:
    """Cards as they lie in parcels: each knows the order it was packed with."""
    from yutang.acquisition.services.cards import CardFor, issue_cards
    from yutang.commerce.models import Order
    from yutang.kernel.actors import SYSTEM

    names = {person["phone"]: person["nickname"] for person in merchant.people() if person["id"] in merchant.STRANGERS}
    for phone, name in names.items():
        bought = Order.objects.filter(customer__identities__value__endswith=phone).order_by("placed_at").last()
        if bought is not None:
            wanted = CardFor(order_source=merchant.ORDER_SOURCE, order_number=bought.number)
            (card,) = issue_cards(code, [wanted], by=SYSTEM)
            outside.post(
                "/pages", {"url": _landing(card.state_code), "title": f"包裹卡 · {name}的订单 {bought.number}"}
            )
