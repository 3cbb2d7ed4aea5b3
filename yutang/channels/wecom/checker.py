"""The connection checker: each thing a connection needs, tried for real, and for every failure what to change where."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.conf import settings

from yutang.channels.wecom.client import WeComClient
from yutang.channels.wecom.connection import clear_fault, client_for
from yutang.channels.wecom.errcodes import PAGES
from yutang.channels.wecom.errors import WeComError, WeComFault, WeComUnreachable, todo_for
from yutang.channels.wecom.models import WeComApp
from yutang.channels.wecom.transport import Upload
from yutang.kernel.language import Text

# A grey dot of one pixel: the smallest picture there is to try an upload with.
DOT = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6368686868000004840201d2e4f5ff0000000049454e44ae426082"
)


class Outcome(StrEnum):
    OK = "ok"
    WARNING = "warning"  # works, but not all of it, or not known
    FAILED = "failed"
    SKIPPED = "skipped"  # could not be tried because an earlier step failed


@dataclass(frozen=True)
class Check:
    """One step's result. `said` is what was found, `advice` what to do, `page` where in WeCom's admin console."""

    name: str
    label: Text
    outcome: Outcome
    said: Text
    advice: Text | None = None
    page: Text | None = None
    errcode: int | None = None


@dataclass(frozen=True)
class Step:
    name: str
    label: Text
    run: Callable[[WeComApp, WeComClient], "Check | Text"]
    needs: tuple[str, ...] = ("token",)
    error_page: Text | None = None  # where to look when the answer itself names no page


def check_connection(app: WeComApp) -> list[Check]:
    """Try every step. None changes anything in the merchant's WeCom but the picture one of them uploads."""
    client = client_for(app)
    found: dict[str, Check] = {}
    for step in STEPS:
        failed = [need for need in step.needs if found[need].outcome in (Outcome.FAILED, Outcome.SKIPPED)]
        found[step.name] = _skipped(step) if failed else _tried(step, app, client)
    if not any(check.outcome is Outcome.FAILED for check in found.values()):
        clear_fault(app)
    return list(found.values())


def _tried(step: Step, app: WeComApp, client: WeComClient) -> Check:
    try:
        said = step.run(app, client)
    except WeComFault as fault:
        return _failed(step, fault)
    return said if isinstance(said, Check) else Check(step.name, step.label, Outcome.OK, said)


def _failed(step: Step, fault: WeComFault) -> Check:
    errcode = fault.errcode if isinstance(fault, WeComError) else None
    said = fault.said
    if isinstance(fault, WeComError) and errcode == 60020 and (address := _address_in(fault.errmsg)):
        said = Text(f"{said.zh}本服务器的出口地址是 {address}。", f"{said.en} This server's address is {address}.")
    page = fault.page or (None if isinstance(fault, WeComUnreachable) else step.error_page)
    advice = fault.advice if errcode is None else todo_for(errcode)
    return Check(step.name, step.label, Outcome.FAILED, said, advice, page, errcode)


def _address_in(errmsg: str) -> str:
    """WeCom names the caller's address in this message, and nothing else does."""
    _, found, rest = errmsg.partition("from ip: ")
    return rest.split(",")[0].strip()[:64] if found else ""


def _skipped(step: Step) -> Check:
    return Check(
        step.name,
        step.label,
        Outcome.SKIPPED,
        Text("因前面的步骤未通过而未检查。", "Not tried, because an earlier step failed."),
    )


def _token(app: WeComApp, client: WeComClient) -> Text:
    client.token()
    return Text("企业 ID 与 Secret 有效。", "Corp id and secret are accepted.")


def _trusted_address(app: WeComApp, client: WeComClient) -> Text:
    client.agent()
    return Text("本服务器的 IP 可以调用接口。", "This server's address may call the API.")


def _visible_range(app: WeComApp, client: WeComClient) -> "Check | Text":
    agent = client.agent()
    people = len(agent.get("allow_userinfos", {}).get("user", []))
    departments = len(agent.get("allow_partys", {}).get("partyid", []))
    tags = len(agent.get("allow_tags", {}).get("tagid", []))
    if not (people or departments or tags):
        return Check(
            "range",
            _label("range"),
            Outcome.FAILED,
            Text("应用的可见范围是空的。", "The app's visible range is empty."),
            Text(
                "把要使用鱼塘的部门加入可见范围，通常选择整个企业。",
                "Add the departments that will work with Yutang, usually the whole corp.",
            ),
            PAGES["range"],
        )
    return Text(
        f"可见范围：{departments} 个部门、{people} 名成员、{tags} 个标签。",
        f"Visible range: {departments} departments, {people} members, {tags} tags.",
    )


def _callable(app: WeComApp, client: WeComClient) -> Text:
    client.follow_users()
    return Text("应用可以调用客户联系接口。", "The app may call customer-contact APIs.")


def _serving(app: WeComApp, client: WeComClient) -> "Check | Text":
    serving = client.follow_users()
    if not serving:
        return Check(
            "serving",
            _label("serving"),
            Outcome.FAILED,
            Text("没有成员具备客户联系功能。", "No member has the customer-contact function."),
            Text("把员工加入客户联系的使用范围。", "Add your staff to the scope of customer contact."),
            PAGES["contact"],
        )
    return Text(f"{len(serving)} 名成员可以添加客户。", f"{len(serving)} members can add customers.")


def _customers(app: WeComApp, client: WeComClient) -> Text:
    serving = client.follow_users()
    count = len(client.customer_ids_of(serving[0]))
    return Text(f"可以读取客户（{serving[0]} 有 {count} 位）。", f"Customers can be read ({serving[0]} has {count}).")


def _contact_ways(app: WeComApp, client: WeComClient) -> Text:
    client.call("externalcontact/list_contact_way", limit=1)
    return Text("可以管理活码（联系我）。", "Live codes can be managed.")


def _tags(app: WeComApp, client: WeComClient) -> Text:
    count = sum(len(group.get("tag") or []) for group in client.corp_tags())
    return Text(f"可以读取企业标签（{count} 个）。", f"Corp tags can be read ({count}).")


def _media(app: WeComApp, client: WeComClient) -> Text:
    client.upload_media("image", Upload("dot.png", DOT, "image/png"))
    return Text("可以上传素材。", "Media can be uploaded.")


def _callback(app: WeComApp, client: WeComClient) -> "Check | Text":
    problem = _callback_problem(app)
    if problem is None:
        return Text("企业微信已验证回调地址，并在推送事件。", "WeCom delivers events to this address.")
    outcome, said, advice = problem
    return Check("callback", _label("callback"), outcome, said, advice, PAGES["receive"])


def _callback_problem(app: WeComApp) -> tuple[Outcome, Text, Text] | None:
    address = callback_address(app)
    enter = Text(
        f"在该页面填写 URL：{address}，以及鱼塘显示的 Token 和 EncodingAESKey，保存；并勾选“客户联系”事件。",
        f"Enter the URL {address} with the Token and EncodingAESKey shown by Yutang, save, "
        "and tick the customer-contact events.",
    )
    if not (app.callback_token and app.callback_aes_key):
        return Outcome.FAILED, Text("尚未设置回调的 Token 和密钥。", "Callback token and key are not set."), enter
    if app.callback_verified_at is None and app.callback_seen_at is None:
        said = Text("企业微信尚未验证回调地址。", "WeCom has not verified the callback address yet.")
        return Outcome.FAILED, said, enter
    if app.callback_seen_at is None:
        said = Text("回调地址已验证，但还没有收到事件。", "The address is verified; no event has come yet.")
        advice = Text("用手机扫一个活码试试。", "Try it: scan a live code with your phone.")
        return Outcome.WARNING, said, advice
    return None


def _public_address(app: WeComApp, client: WeComClient) -> "Check | Text":
    local = any(name in settings.PUBLIC_URL for name in ("127.0.0.1", "localhost", "0.0.0.0"))  # noqa: S104
    official = "qyapi.weixin.qq.com" in app.base_url
    if local and official:
        return Check(
            "public_address",
            _label("public_address"),
            Outcome.FAILED,
            Text(
                f"本系统的公网地址是 {settings.PUBLIC_URL}，企业微信访问不到。",
                f"This system's public address is {settings.PUBLIC_URL}, which WeCom cannot reach.",
            ),
            Text(
                "把环境变量 YUTANG_PUBLIC_URL 设为公网可访问的 https 地址，然后重新启动。",
                "Set YUTANG_PUBLIC_URL to an https address the internet can reach, and restart.",
            ),
        )
    return Text(f"回调地址：{callback_address(app)}", f"Callback address: {callback_address(app)}")


def callback_address(app: WeComApp) -> str:
    return f"{settings.PUBLIC_URL}/callbacks/wecom/{app.public_id}"


STEPS = (
    Step("token", Text("企业 ID 与 Secret", "Corp id and secret"), _token, (), PAGES["app"]),
    Step("address", Text("可信 IP 与 AgentID", "Trusted IP and agent id"), _trusted_address),
    Step("range", Text("应用可见范围", "Visible range"), _visible_range, ("address",)),
    Step("callable", Text("可调用接口的应用", "Callable list"), _callable, ("address",), PAGES["callable"]),
    Step("serving", Text("客户联系使用范围", "Scope of customer contact"), _serving, ("callable",), PAGES["contact"]),
    Step("customers", Text("读取客户", "Reading customers"), _customers, ("serving",), PAGES["callable"]),
    Step("contact_ways", Text("活码权限", "Live codes"), _contact_ways, ("callable",), PAGES["callable"]),
    Step("tags", Text("客户标签权限", "Customer tags"), _tags, ("callable",), PAGES["callable"]),
    Step("media", Text("上传素材", "Uploading media"), _media, ("address",), PAGES["app"]),
    Step("public_address", Text("公网地址", "Public address"), _public_address, ()),
    Step("callback", Text("接收事件", "Receiving events"), _callback, ("public_address",), PAGES["receive"]),
)


def _label(name: str) -> Text:
    return next(step.label for step in STEPS if step.name == name)


def problems_of(checks: list[Check]) -> Iterator[Check]:
    yield from (check for check in checks if check.outcome in (Outcome.FAILED, Outcome.WARNING))
