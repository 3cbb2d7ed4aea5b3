"""Where customers came from, in words: `live_code:12` becomes the code's name."""

from collections.abc import Iterable, Mapping

from yutang.acquisition.models import LiveCode
from yutang.events.models import EventSource
from yutang.kernel.language import Text

WORDS: Mapping[str, Text] = {
    "": Text("未知", "Unknown"),
    "wecom": Text("企业微信", "WeCom"),
    "sync": Text("企业微信同步", "WeCom sync"),
    "console": Text("控制台", "Console"),
    "profile": Text("资料页", "Profile page"),
    "landing": Text("落地页", "Landing page"),
}


def source_labels(sources: Iterable[str]) -> dict[str, str]:
    """Each source in the caller's language, with one query for the codes and one for the senders of events."""
    wanted = set(sources)
    codes = {source: int(number) for source in wanted if (number := _after("live_code:", source)).isdecimal()}
    names = dict(LiveCode.objects.filter(pk__in=codes.values()).values_list("pk", "name"))
    senders = {source: int(number) for source in wanted if (number := _after("source:", source)).isdecimal()}
    sender_names = dict(EventSource.objects.filter(pk__in=senders.values()).values_list("pk", "name"))
    names_of = {source: sender_names.get(pk, "") for source, pk in senders.items()}
    return {source: names_of.get(source) or names.get(codes.get(source, 0)) or _in_words(source) for source in wanted}


def _in_words(source: str) -> str:
    if name := _after("import:", source):
        return Text("导入 {name}", "Import {name}").fill(name=name).here()
    if number := _after("live_code:", source):
        return Text("活码 {number}", "Live code {number}").fill(number=number).here()
    return WORDS[source].here() if source in WORDS else source


def _after(prefix: str, source: str) -> str:
    return source.removeprefix(prefix) if source.startswith(prefix) else ""
