"""What can go wrong on the way to WeCom, each with what to do about it in words for the person who has to do it."""

import re

from yutang.channels.wecom.errcodes import Meaning, Reaction, meaning_of
from yutang.kernel.errors import DomainError
from yutang.kernel.language import Text

HINT = re.compile(r"hint:?\s*\[([^\]]{1,120})\]")

# Where the general sentence for a reaction is not enough.
SPECIAL_ADVICE: dict[int, Text] = {
    40001: Text(
        "核对企业 ID 与该应用的 Secret 是否配对；若 Secret 被重置过，请复制新的。"
        "不要反复重试，错误过多会封锁本机 IP 一小时。",
        "Check that the secret belongs to this app of this corp; if it was reset, copy the new one. "
        "Do not keep trying: too many wrong secrets block this IP address for an hour.",
    ),
    40013: Text(
        "在“我的企业 → 企业信息”页底部复制企业 ID（ww 或 wx 开头，18 位）。",
        "Copy the corp id (18 characters, ww… or wx…) at the foot of the company information page.",
    ),
    40056: Text("在应用详情页复制 AgentId（数字）。", "Copy the AgentId, a number, from the app's page."),
    41045: Text(
        "联系我与加群方式合计至多 50 万个，请删除不再使用的活码。",
        "Contact ways and join ways share a quota of 500,000: delete the live codes that are no longer used.",
    ),
    41054: Text(
        "请该成员在企业微信中激活账号并完成实名认证，再重试。",
        "Ask the member to activate the account and verify the real name in WeCom, then try again.",
    ),
    41096: Text(
        "有多个应用在给同一客户发欢迎语，请只保留一个应用。",
        "Several apps answer the same new customer: let only one of them send the welcome.",
    ),
    45009: Text(
        "已暂停调用，超限窗口结束后会自动继续；若持续出现，请减少其他系统对同一企业的调用。",
        "Calls pause and go on by themselves when the exceeded window is over; if it persists, "
        "other systems are using up the same corp's allowance.",
    ),
    48002: Text(
        "把该应用加入“可调用接口的应用”，约一分钟后生效。",
        "Add this app to the callable apps; it takes effect after about a minute.",
    ),
    60011: Text("在应用的可见范围中加入该成员或部门。", "Add the member or department to the app's visible range."),
    60020: Text(
        "把错误信息中 from ip 后的地址加入该应用的企业可信 IP，约一分钟后生效。需先设置可信域名或接收消息地址。",
        "Add the address named after “from ip” to the app's trusted IPs; it takes effect after about a minute. "
        "A trusted domain or a receive-message address has to be set first.",
    ),
    81011: Text(
        "该标签只能在创建它的应用或管理后台中修改；仍可用于给客户打标签。",
        "Only the app or console that created this tag can change it; it can still be put on customers.",
    ),
    84074: Text(
        "把成员加入客户联系的使用范围，并把应用加入可调用接口的应用。",
        "Put the member into the scope of customer contact, and the app on the callable list.",
    ),
}

GENERAL_ADVICE: dict[Reaction, Text] = {
    Reaction.RETRY: Text("会自动重试。", "It is tried again automatically."),
    Reaction.REFRESH: Text(
        "会自动换取新的凭证；若持续出现，请核对 Secret。",
        "A new token is fetched automatically; if it persists, check the secret.",
    ),
    Reaction.WAIT: Text("等待限制窗口结束后会自动继续。", "It goes on by itself when the window is over."),
    Reaction.CONFIGURATION: Text(
        "需要修改企业微信管理后台的配置。", "A setting in WeCom's admin console has to be changed."
    ),
    Reaction.BAD_REQUEST: Text(
        "所发内容不符合要求，请检查填写的内容。", "What was sent is not acceptable: check what was entered."
    ),
    Reaction.STATE: Text("这是当前的业务状态，无需处理。", "This is how things stand; there is nothing to mend."),
    Reaction.IGNORE: Text("无需处理。", "Nothing needs to be done."),
}


class WeComFault(DomainError):
    """Anything that kept a call from succeeding. `can_retry` says whether trying later may help."""

    code, status = "wecom_failed", 502
    text = Text("企业微信调用失败。", "A call to WeCom failed.")
    endpoint: str = ""

    @property
    def can_retry(self) -> bool:
        return False

    @property
    def page(self) -> Text | None:
        """The page of WeCom's admin console that mends it."""
        return None


class WeComUnreachable(WeComFault):
    """No sensible answer came. Unless `sent` is false, WeCom may have carried out the call."""

    code = "wecom_unreachable"
    text = Text("无法连接企业微信（{reason}）。", "WeCom could not be reached ({reason}).")
    advice = Text("请检查网络、代理和接口地址。", "Check the network, the proxy and the base address.")

    def __init__(self, endpoint: str, reason: str, *, sent: bool) -> None:
        super().__init__(endpoint=endpoint, reason=reason)
        self.endpoint = endpoint
        self.reason = reason
        self.sent = sent

    @property
    def can_retry(self) -> bool:
        return True


class WeComError(WeComFault):
    """WeCom answered with an errcode other than 0. `errmsg` is for the log and never parsed for meaning."""

    code = "wecom_error"
    text = Text("企业微信返回 {errcode}：{zh}。", "WeCom answered {errcode}: {en}.")

    def __init__(self, errcode: int, errmsg: str, *, endpoint: str) -> None:
        meaning = meaning_of(errcode)
        super().__init__(errcode=errcode, zh=meaning.text.zh, en=meaning.text.en, errmsg=errmsg, endpoint=endpoint)
        self.errcode = errcode
        self.errmsg = errmsg
        self.endpoint = endpoint
        found = HINT.search(errmsg)
        self.hint = found.group(1) if found else ""

    def __str__(self) -> str:
        return f"{self.endpoint}: {self.errcode} {self.errmsg}"

    @property
    def meaning(self) -> Meaning:
        return meaning_of(self.errcode)

    @property
    def reaction(self) -> Reaction:
        return self.meaning.reaction

    @property
    def can_retry(self) -> bool:
        return self.reaction in (Reaction.RETRY, Reaction.WAIT)

    @property
    def advice(self) -> Text:  # type: ignore[override]
        return advice_for(self.errcode)

    @property
    def page(self) -> Text | None:
        return self.meaning.page


class WeComRateLimited(WeComError):
    """Blocked by WeCom (45009), or held back here because WeCom would block us. `retry_after` is in seconds."""

    def __init__(self, errmsg: str, *, endpoint: str, retry_after: float) -> None:
        super().__init__(45009, errmsg, endpoint=endpoint)
        self.retry_after = retry_after


def advice_for(errcode: int) -> Text:
    """What to do about it, with the console page where one mends it."""
    todo, page = todo_for(errcode), meaning_of(errcode).page
    if page is None:
        return todo
    return Text(f"{todo.zh}（{page.zh}）", f"{todo.en} ({page.en})")


def todo_for(errcode: int) -> Text:
    """What to do about it, for who shows the page beside it."""
    return SPECIAL_ADVICE.get(errcode) or GENERAL_ADVICE[meaning_of(errcode).reaction]
