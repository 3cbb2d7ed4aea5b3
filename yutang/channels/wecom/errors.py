"""What can go wrong on the way to WeCom, each with what to do about it in words for the person who has to do it."""

import re
from typing import Literal

from yutang.channels.wecom.errcodes import Meaning, Reaction, meaning_of

Language = Literal["zh", "en"]

HINT = re.compile(r"hint:?\s*\[([^\]]{1,120})\]")

# Where the general sentence for a reaction is not enough.
SPECIAL_ADVICE: dict[int, dict[Language, str]] = {
    40001: {
        "zh": "核对企业 ID 与该应用的 Secret 是否配对；若 Secret 被重置过，请复制新的 Secret。不要反复重试，错误过多会封锁本机 IP 一小时。",
        "en": "Check that the secret belongs to this app of this corp; if it was reset, copy the new one. "
        "Do not keep trying: too many wrong secrets block this IP address for an hour.",
    },
    40013: {
        "zh": "在“我的企业 → 企业信息”页底部复制企业 ID（ww 或 wx 开头，18 位）。",
        "en": "Copy the corp id (18 characters, beginning with ww or wx) from the foot of the company information page.",
    },
    40056: {
        "zh": "在应用详情页复制 AgentId（数字）。",
        "en": "Copy the AgentId, a number, from the app's page.",
    },
    41045: {
        "zh": "联系我与加群方式合计至多 50 万个，请删除不再使用的活码。",
        "en": "Contact ways and join ways share a quota of 500,000: delete the live codes that are no longer used.",
    },
    41054: {
        "zh": "请该成员在企业微信中激活账号并完成实名认证，再重试。",
        "en": "Ask the member to activate the account and verify the real name in WeCom, then try again.",
    },
    41096: {
        "zh": "有多个应用在给同一客户发欢迎语，请只保留一个应用。",
        "en": "Several apps answer the same new customer: let only one of them send the welcome.",
    },
    45009: {
        "zh": "已暂停调用，超限窗口结束后会自动继续；若持续出现，请减少其他系统对同一企业的调用。",
        "en": "Calls pause and go on by themselves when the exceeded window is over; if it persists, "
        "other systems are using up the same corp's allowance.",
    },
    48002: {
        "zh": "把该应用加入“可调用接口的应用”，约一分钟后生效。",
        "en": "Add this app to the callable apps; it takes effect after about a minute.",
    },
    60011: {
        "zh": "在应用的可见范围中加入该成员或部门。",
        "en": "Add the member or department to the app's visible range.",
    },
    60020: {
        "zh": "把错误信息中 from ip 后的地址加入该应用的企业可信 IP，约一分钟后生效。需先设置可信域名或接收消息地址。",
        "en": "Add the address named after “from ip” to the app's trusted IPs; it takes effect after about a minute. "
        "A trusted domain or a receive-message address has to be set first.",
    },
    81011: {
        "zh": "该标签只能在创建它的应用或管理后台中修改；仍可用于给客户打标签。",
        "en": "Only the app or console that created this tag can change it; it can still be put on customers.",
    },
    84074: {
        "zh": "把成员加入客户联系的使用范围，并把应用加入可调用接口的应用。",
        "en": "Put the member into the scope of customer contact, and the app on the callable list.",
    },
}

GENERAL_ADVICE: dict[Reaction, dict[Language, str]] = {
    Reaction.RETRY: {"zh": "会自动重试。", "en": "It is tried again automatically."},
    Reaction.REFRESH: {
        "zh": "会自动换取新的凭证；若持续出现，请核对 Secret。",
        "en": "A new token is fetched automatically; if it persists, check the secret.",
    },
    Reaction.WAIT: {"zh": "等待限制窗口结束后会自动继续。", "en": "It goes on by itself when the window is over."},
    Reaction.CONFIGURATION: {"zh": "请在下面的页面修改配置。", "en": "Change the setting on the page below."},
    Reaction.BAD_REQUEST: {
        "zh": "所发内容不符合要求，请检查填写的内容。",
        "en": "What was sent is not acceptable: check what was entered.",
    },
    Reaction.STATE: {
        "zh": "这是当前的业务状态，无需处理。",
        "en": "This is how things stand; there is nothing to mend.",
    },
    Reaction.IGNORE: {"zh": "无需处理。", "en": "Nothing needs to be done."},
}


class WeComFault(Exception):
    """Anything that kept a call from succeeding. `can_retry` says whether trying later may help."""

    can_retry: bool = False


class WeComUnreachable(WeComFault):
    """No sensible answer came. Whether WeCom carried out the call is unknown unless `sent` is false."""

    can_retry = True

    def __init__(self, endpoint: str, reason: str, *, sent: bool) -> None:
        super().__init__(f"{endpoint}: {reason}")
        self.endpoint = endpoint
        self.reason = reason
        self.sent = sent

    def advice(self, language: Language = "zh") -> str:
        if language == "en":
            return "WeCom could not be reached: check the network, the proxy and the base address."
        return "无法连接企业微信：请检查网络、代理和接口地址。"


class WeComError(WeComFault):
    """WeCom answered with an errcode other than 0. `errmsg` is for the log and never parsed for meaning."""

    def __init__(self, code: int, errmsg: str, *, endpoint: str) -> None:
        super().__init__(f"{endpoint}: {code} {errmsg}")
        self.code = code
        self.errmsg = errmsg
        self.endpoint = endpoint
        found = HINT.search(errmsg)
        self.hint = found.group(1) if found else ""

    @property
    def meaning(self) -> Meaning:
        return meaning_of(self.code)

    @property
    def reaction(self) -> Reaction:
        return self.meaning.reaction

    @property
    def can_retry(self) -> bool:  # type: ignore[override]
        return self.reaction in (Reaction.RETRY, Reaction.WAIT)

    def advice(self, language: Language = "zh") -> str:
        return advice_for(self.code, language)

    def console_page(self, language: Language = "zh") -> str:
        """The page of WeCom's admin console that mends it, empty where none does."""
        page = self.meaning.page
        return getattr(page, language) if page else ""


class WeComRateLimited(WeComError):
    """Blocked by WeCom (45009), or held back here because WeCom would block us. `retry_after` is in seconds."""

    def __init__(self, errmsg: str, *, endpoint: str, retry_after: float) -> None:
        super().__init__(45009, errmsg, endpoint=endpoint)
        self.retry_after = retry_after


def advice_for(code: int, language: Language = "zh") -> str:
    """What happened and what to do, in two sentences."""
    meaning = meaning_of(code)
    what = meaning.zh if language == "zh" else meaning.en
    todo = (SPECIAL_ADVICE.get(code) or GENERAL_ADVICE[meaning.reaction])[language]
    return f"{what}。{todo}" if language == "zh" else f"{what[:1].upper()}{what[1:]}. {todo}"
