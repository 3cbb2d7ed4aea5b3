"""Why something that was sent is not accepted, in words for the developer who sent it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from yutang.kernel.language import Text


@dataclass(frozen=True)
class Reason:
    status: int  # of the answer, where one event came alone
    text: Text


REASONS: Mapping[str, Reason] = {
    "unreadable_json": Reason(400, Text("请求体不是有效的 JSON：{problem}", "The body is not valid JSON: {problem}")),
    "unreadable_gzip": Reason(400, Text("请求体不是有效的 gzip。", "The body is not valid gzip.")),
    "not_an_object": Reason(400, Text("事件应为 JSON 对象。", "An event is a JSON object.")),
    "no_batch": Reason(400, Text("batch 应为事件的列表。", "`batch` is a list of events.")),
    "empty_batch": Reason(400, Text("batch 里没有事件。", "`batch` holds no event.")),
    "event_too_large": Reason(
        413, Text("事件有 {size} 字节，上限 {limit}。", "The event has {size} bytes; at most {limit} are taken.")
    ),
    "body_too_large": Reason(
        413, Text("请求体有 {size} 字节，上限 {limit}。", "The body has {size} bytes; at most {limit} are taken.")
    ),
    "unknown_type": Reason(
        400,
        Text(
            "type 应为 track、identify、page、screen、group 或 alias。",
            "`type` is track, identify, page, screen, group or alias.",
        ),
    ),
    "no_name": Reason(400, Text("track 需要 event（事件名）。", "A track call needs `event`, its name.")),
    "bad_name": Reason(
        400,
        Text("事件名应为 1 到 {limit} 个可见字符。", "The name of an event is 1 to {limit} printable characters."),
    ),
    "no_id": Reason(400, Text("需要 userId 或 anonymousId。", "Either `userId` or `anonymousId` is needed.")),
    "bad_id": Reason(
        400,
        Text(
            "{field} 应为 1 到 {limit} 个字符的文字或整数。",
            "`{field}` is a text of 1 to {limit} characters, or a whole number.",
        ),
    ),
    "no_previous_id": Reason(
        400, Text("alias 需要 previousId 和 userId。", "An alias call needs `previousId` and `userId`.")
    ),
    "no_group_id": Reason(400, Text("group 需要 groupId。", "A group call needs `groupId`.")),
    "bad_properties": Reason(400, Text("{field} 应为 JSON 对象。", "`{field}` is a JSON object.")),
    "too_deep": Reason(400, Text("嵌套超过 {limit} 层。", "It is nested deeper than {limit} levels.")),
    "unstorable": Reason(
        400,
        Text(
            "含有无法保存的字符（NUL）或超出 64 位的数字。",
            "It holds a character that cannot be kept (NUL) or a number beyond 64 bits.",
        ),
    ),
    "bad_time": Reason(
        400,
        Text("{field} 不是 ISO 8601 时间：{value}", "`{field}` is not an ISO 8601 time: {value}"),
    ),
    "time_in_future": Reason(
        400,
        Text(
            "时间 {value} 比接收时间晚 {minutes} 分钟以上。",
            "The time {value} is more than {minutes} minutes after it was received.",
        ),
    ),
    "time_too_old": Reason(400, Text("时间 {value} 早于 {earliest}。", "The time {value} is before {earliest}.")),
    "schema_broken": Reason(400, Text("不符合声明：{problem}", "It does not keep to what is declared: {problem}")),
}


class Refused(Exception):
    """One message cannot be accepted. `values` fill the places of the reason's sentence."""

    def __init__(self, reason: str, **values: object) -> None:
        super().__init__(reason)
        self.reason = reason
        self.values = values

    @property
    def said(self) -> Text:
        return sentence(self.reason, self.values)

    @property
    def status(self) -> int:
        return REASONS[self.reason].status


@dataclass(frozen=True)
class Failure:
    """A message that was refused, as it is to be kept."""

    refused: Refused
    body: bytes
    is_whole: bool = True
    call: str = ""
    event_name: str = ""
    message_id: str = ""
    index: int | None = field(default=None, compare=False)  # its place in the batch


def sentence(reason: str, values: Mapping[str, object]) -> Text:
    """In words; a reason or place this version does not know is shown as it is."""
    known = REASONS.get(reason)
    if known is None:
        return Text(reason, reason)
    try:
        # A sentence within the sentence was kept as its two languages.
        return known.text.fill(**{k: Text(*v) if isinstance(v, list) and len(v) == 2 else v for k, v in values.items()})
    except (KeyError, IndexError):
        return known.text
