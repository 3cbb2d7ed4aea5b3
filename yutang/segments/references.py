"""What rules name by id: whether it is there, and what it is called."""

from collections.abc import Callable, Collection, Iterable

from yutang.customers.models import CustomField, Tag
from yutang.events.models import Event
from yutang.events.sentences import label_of
from yutang.kernel.facts import CATALOGUE
from yutang.kernel.language import Text
from yutang.organization.models import Department, Member, Store
from yutang.segments.errors import UnknownReference
from yutang.segments.leaves import EventsAre, FieldIs, InSegment, Leaf, OrdersAre, RelationIs, Sequence, TagsAre
from yutang.segments.models import Segment, SegmentState

# What floors above keep, named by them: kind → names of ids or words.
Namer = Callable[[Collection[str]], dict[str, Text]]
NAMERS: dict[str, Namer] = {}

WHAT: dict[str, Text] = {
    "tag": Text("标签", "tag"),
    "segment": Text("人群", "segment"),
    "event": Text("事件", "event"),
    "field": Text("自定义字段", "custom field"),
    "member": Text("员工", "member"),
    "store": Text("门店", "store"),
    "department": Text("部门", "department"),
    "order_source": Text("订单来源", "order source"),
}
PROPS: dict[str, Text] = {
    "item": Text("商品", "item"),
    "source": Text("来源", "source"),
    "member": Text("员工", "member"),
    "amount_fen": Text("金额（分）", "amount (fen)"),
}


def names(what: str) -> Callable[[Namer], Namer]:
    """Register how ids or words of one kind are called."""

    def register(namer: Namer) -> Namer:
        NAMERS[what] = namer
        return namer

    return register


def named_by(leaf: Leaf) -> Iterable[tuple[str, int | str]]:
    """Everything a leaf refers to."""
    match leaf:
        case TagsAre():
            yield from (("tag", each) for each in leaf.tags)
        case InSegment():
            yield "segment", leaf.segment
        case FieldIs():
            yield "field", leaf.field
        case RelationIs():
            for what in ("member", "store", "department"):
                yield from ((what, each) for each in getattr(leaf, f"{what}s"))
        case EventsAre() | Sequence():
            yield from (("event", name) for name in leaf.hears())
        case OrdersAre():
            yield from (("store", each) for each in leaf.stores)
            yield from (("order_source", str(each)) for each in leaf.sources)


def check_references(leaves: Iterable[Leaf]) -> None:
    """Raises UnknownReference, naming the first thing that is not there."""
    wanted: dict[str, set[int | str]] = {}
    for leaf in leaves:
        for what, key in named_by(leaf):
            wanted.setdefault(what, set()).add(key)
    for what, keys in wanted.items():
        missing = keys - present(what, keys)
        if missing:
            raise UnknownReference(what=WHAT[what], key=sorted(missing, key=str)[0])


def present(what: str, keys: Collection[int | str]) -> set[int | str]:
    """Those of these that are there and not deleted."""
    match what:
        case "tag":
            return set(Tag.objects.filter(pk__in=keys, deleted_at=None).values_list("pk", flat=True))
        case "segment":
            usable = Segment.objects.exclude(state=SegmentState.ARCHIVED)
            return set(usable.filter(pk__in=keys).values_list("pk", flat=True))
        case "field":
            return set(CustomField.objects.filter(key__in=keys, archived_at=None).values_list("key", flat=True))
        case "member":
            return set(Member.objects.filter(pk__in=keys).values_list("pk", flat=True))
        case "store":
            return set(Store.objects.filter(pk__in=keys).values_list("pk", flat=True))
        case "department":
            return set(Department.objects.filter(pk__in=keys).values_list("pk", flat=True))
        case "event":
            return {name for name in keys if name in CATALOGUE or Event.objects.filter(name=name).exists()}
        case _:
            namer = NAMERS.get(what)
            return set(namer([str(key) for key in keys])) if namer else set(keys)


class NamesOfThings:
    """Names for sentences, each kind of thing asked for once. What is gone says so."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], Text] = {}

    def of(self, what: str, key: int | str) -> Text:
        place = (what, str(key))
        if place not in self._known:
            self._known[place] = name_of(what, key)
        return self._known[place]


def name_of(what: str, key: int | str) -> Text:
    match what:
        case "event":
            return label_of(str(key))
        case "prop":
            return PROPS.get(str(key), Text(str(key), str(key)))
        case "tag":
            found = Tag.objects.filter(pk=key).values_list("name", flat=True).first()
        case "segment":
            found = Segment.objects.filter(pk=key).values_list("name", flat=True).first()
        case "field":
            found = CustomField.objects.filter(key=key).values_list("label", flat=True).first()
        case "store":
            found = Store.objects.filter(pk=key).values_list("name", flat=True).first()
        case "department":
            found = Department.objects.filter(pk=key).values_list("name", flat=True).first()
        case "member":
            member = Member.objects.filter(pk=key).first()
            found = member.label if member else None
        case _:
            namer = NAMERS.get(what)
            return (namer([str(key)]) if namer else {}).get(str(key), Text(str(key), str(key)))
    if found is None:
        return Text("（已删除的{what} {key}）", "(a deleted {what}, {key})").fill(what=WHAT[what], key=key)
    return Text(found, found)
