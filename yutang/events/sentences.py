"""One event told in a sentence, in both languages."""

from collections.abc import Mapping
from typing import Any

from yutang.events.models import Event
from yutang.events.names import own_name
from yutang.kernel.facts import CATALOGUE
from yutang.kernel.language import Text

# Values of events that are words of ours, said as people say them.
WORDS: Mapping[str, Text] = {
    "stranger": Text("陌生人", "stranger"),
    "contact": Text("好友", "contact"),
    "buyer": Text("已购", "buyer"),
    "repeat": Text("复购", "repeat buyer"),
    "lost": Text("流失", "lost"),
    "external_userid": Text("企业微信客户", "WeCom contact"),
    "unionid": Text("微信 UnionID", "WeChat union id"),
    "openid": Text("微信 OpenID", "WeChat open id"),
    "member_no": Text("会员号", "member number"),
    "phone": Text("手机号", "phone number"),
    "buyer_id": Text("平台买家号", "marketplace buyer id"),
    "email": Text("邮箱", "e-mail"),
    "device": Text("设备", "device"),
    "wecom": Text("企业微信", "WeCom"),
    "console": Text("控制台", "the console"),
}

FROM_IMPORT = "import:"  # in a source: what follows is what the merchant calls where the orders come from
SIGNS = {"CNY": "¥"}


# The calls of sources that have no name of their own.
FROM_OUTSIDE: Mapping[str, Text] = {
    "page": Text("浏览网页", "Page viewed"),
    "screen": Text("浏览页面", "Screen viewed"),
    "identify": Text("表明身份", "Identified"),
    "group": Text("加入组织", "Joined a group"),
    "alias": Text("更换编号", "Changed id"),
}


def label_of(name: str) -> Text:
    """What this kind of event is called; an event of a version we do not know keeps its own name."""
    if name in CATALOGUE:
        return CATALOGUE[name].label
    own = own_name(name)
    return FROM_OUTSIDE.get(name, Text(own, own))


def sentence_of(event: Event) -> Text:
    """Wants `event.member` and `event.customer` loaded."""
    known = CATALOGUE.get(event.name)
    if known is None or known.sentence is None:
        return label_of(event.name)
    places = _Places(event.props)
    places["member"] = event.member.label if event.member else Text("员工", "a member")
    places["customer"] = event.customer.name if event.customer else ""
    if isinstance(fen := event.props.get("amount_fen"), int):
        currency = event.props.get("currency", "CNY")
        places["amount"] = f"{SIGNS.get(currency, f'{currency} ')}{fen / 100:,.2f}"
    return Text(_said(known.sentence.zh, places, 0), _said(known.sentence.en, places, 1))


class _Places(dict[str, Any]):
    def __missing__(self, name: str) -> str:
        return "…"  # told by an older version that did not keep this


def _said(template: str, places: _Places, language: int) -> str:
    words = _Places({name: _word(value, language) for name, value in places.items()})
    return template.format_map(words)


def _text_of(value: str) -> Text | str:
    if value.startswith(FROM_IMPORT):
        return Text("{file}的订单导入", "an import of {file}").fill(file=value.removeprefix(FROM_IMPORT))
    return WORDS.get(value, value)


def _word(value: object, language: int) -> object:
    text = _text_of(value) if isinstance(value, str) else value
    return text[language] if isinstance(text, Text) else value
