"""What a builder of rules offers: kinds of things, their words, and what this installation has of each."""

from dataclasses import fields
from typing import Any

from ninja import Field, Schema

from yutang.api.accounts import Ref
from yutang.api.customer_shapes import source_labels
from yutang.commerce.models import OrderSource
from yutang.customers.models import Customer, CustomField, Tag
from yutang.events.models import Event
from yutang.events.sentences import label_of
from yutang.kernel.facts import CATALOGUE
from yutang.kernel.language import Text
from yutang.segments.comparing import OPERATOR_WORDS
from yutang.segments.leaves import profile, relations
from yutang.segments.measures import IN_TIME, ORDERS
from yutang.segments.models import Segment, SegmentState
from yutang.segments.windows import PERIOD_WORDS, UNIT_WORDS

MOST_SOURCES = 200
MOST_EVENTS = 500
_TYPES = {"int": "number", "float": "number", "bool": "switch", "str": "text"}

MEASURE_WORDS: dict[str, Text] = {
    "count": Text("次数", "times"),
    "days": Text("天数", "days on which"),
    "sum": Text("合计", "total"),
    "average": Text("平均", "average"),
    "least": Text("最小", "least"),
    "most": Text("最大", "greatest"),
    "first": Text("首次时间", "first at"),
    "last": Text("最近一次时间", "last at"),
    "since_first": Text("距首次天数", "days since the first"),
    "since_last": Text("距最近一次天数", "days since the last"),
}
LEAF_WORDS: dict[str, Text] = {
    "everyone": Text("所有人", "Everybody"),
    "stage": Text("阶段", "Stage"),
    "gender": Text("性别", "Gender"),
    "named": Text("已知姓名", "Name known"),
    "source": Text("来源", "Source"),
    "created": Text("首次出现", "First known"),
    "relation": Text("好友关系", "Contact of a member"),
    "tags": Text("标签", "Tags"),
    "identity": Text("身份", "Known id"),
    "consent": Text("授权", "Consent"),
    "field": Text("自定义字段", "Custom field"),
    "events": Text("行为", "Behaviour"),
    "sequence": Text("行为顺序", "Sequence of behaviour"),
    "orders": Text("订单", "Orders"),
    "share": Text("随机比例", "Random share"),
    "people": Text("指定名单", "List of people"),
    "segment": Text("其他人群", "Another segment"),
}


class Word(Schema):
    key: str
    label: str


class PropOut(Schema):
    name: str
    type: str = Field(description="text, number, switch or other.")


class EventWord(Word):
    props: list[PropOut]
    is_seen: bool = Field(description="At least one is in the log.")


class FieldWord(Word):
    kind: str
    options: list[str]


class TagWord(Ref):
    group: str


class Vocabulary(Schema):
    leaves: list[Word]
    stages: list[Word]
    genders: list[Word]
    relation_states: list[Word]
    identity_kinds: list[Word]
    consent_purposes: list[Word]
    consent_channels: list[Word]
    operators: list[Word] = Field(description="Of values; `{value}` stands for what is compared with.")
    orders: list[Word] = Field(description="Of measures that are numbers.")
    orders_in_time: list[Word] = Field(description="Of measures that are moments.")
    measures: list[Word]
    units: list[Word]
    periods: list[Word]
    events: list[EventWord]
    fields: list[FieldWord]
    tags: list[TagWord]
    sources: list[Word]
    order_sources: list[Ref]
    segments: list[Ref]


def vocabulary() -> Vocabulary:
    return Vocabulary(
        leaves=_words(LEAF_WORDS),
        stages=_words(profile.STAGES),
        genders=_words(profile.GENDERS),
        relation_states=_words(relations.STATES),
        identity_kinds=_words(relations.KINDS),
        consent_purposes=_words(relations.PURPOSES),
        consent_channels=_words(relations.CHANNELS),
        operators=_words(OPERATOR_WORDS),
        orders=_words(ORDERS),
        orders_in_time=_words(IN_TIME),
        measures=_words(MEASURE_WORDS),
        units=_words(UNIT_WORDS),
        periods=_words(PERIOD_WORDS),
        events=_events(),
        fields=[
            FieldWord(key=each.key, label=each.label, kind=each.kind, options=each.options)
            for each in CustomField.objects.filter(archived_at=None).order_by("order", "pk")
        ],
        tags=[
            TagWord(id=pk, name=name, group=group)
            for pk, name, group in Tag.objects.filter(deleted_at=None)
            .order_by("group__name", "-order", "pk")
            .values_list("pk", "name", "group__name")
        ],
        sources=_sources(),
        order_sources=[Ref(id=each.pk, name=each.name) for each in OrderSource.objects.order_by("name")],
        segments=[
            Ref(id=pk, name=name)
            for pk, name in Segment.objects.exclude(state=SegmentState.ARCHIVED)
            .order_by("name")
            .values_list("pk", "name")
        ],
    )


def _words(words: Any) -> list[Word]:
    return [Word(key=str(key), label=text.here()) for key, text in words.items()]


def _events() -> list[EventWord]:
    """Everything in the catalogue, and whatever else came in; events of segments themselves are not asked for."""
    seen = set(_names_seen())
    found = []
    for name in sorted(set(CATALOGUE) | seen):
        if name.startswith("segment."):
            continue
        declared = CATALOGUE.get(name)
        props = [
            PropOut(name=each.name, type=_TYPES.get(str(getattr(each.type, "__name__", each.type)), "other"))
            for each in (fields(declared) if declared else ())
        ]
        found.append(EventWord(key=name, label=label_of(name).here(), props=props, is_seen=name in seen))
    return found


def _names_seen() -> list[str]:
    """By hops along the index of names: a DISTINCT would read the whole log."""
    found: list[str] = []
    name = Event.objects.order_by("name").values_list("name", flat=True).first()
    while name is not None and len(found) < MOST_EVENTS:
        found.append(name)
        name = Event.objects.filter(name__gt=name).order_by("name").values_list("name", flat=True).first()
    return found


def _sources() -> list[Word]:
    """Likewise along the index of sources."""
    people = Customer.objects.filter(person__isnull=True)
    found: list[str] = []
    source = people.order_by("source").values_list("source", flat=True).first()
    while source is not None and len(found) < MOST_SOURCES:
        found.append(source)
        source = people.filter(source__gt=source).order_by("source").values_list("source", flat=True).first()
    labels = source_labels(found)
    return [Word(key=each, label=labels[each]) for each in found if each]
