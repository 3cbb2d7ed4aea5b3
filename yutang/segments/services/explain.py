"""Why a person is in or out: the rule as a tree, each leaf with its answer and what it was read from."""

from dataclasses import dataclass, field

from yutang.kernel import clock
from yutang.kernel.language import Text
from yutang.segments.history import NOTHING, History, Needs
from yutang.segments.loading import histories_of
from yutang.segments.models import Segment, SegmentState
from yutang.segments.references import NamesOfThings
from yutang.segments.rule import All, Any, Node, Not, leaves_of
from yutang.segments.services.world import moment_of
from yutang.segments.trees import current_rules, tree_of
from yutang.segments.windows import Moment


@dataclass(frozen=True)
class Reason:
    """One place of the rule. `kind` is all, any, not or that of the leaf; leaves say what was seen."""

    kind: str
    holds: bool
    sentence: Text
    seen: Text | None = None
    of: list["Reason"] = field(default_factory=list)


_BRANCHES = {
    "all": Text("以下全部满足", "all of these"),
    "any": Text("以下任一满足", "any of these"),
    "not": Text("以下不满足", "not this"),
}


def explain(segment: Segment, person: int) -> Reason:
    """From what the database says of the person now; the keeper may be a second behind."""
    if segment.state == SegmentState.FROZEN:
        return _of_list(segment, person)
    return explain_rule(tree_of(segment, _rules_with(segment)).node, person)


def explain_rule(node: Node, person: int) -> Reason:
    needs = NOTHING
    for leaf in leaves_of(node):
        needs = needs | leaf.needs()
    history = histories_of([person], needs | Needs(profile=True)).get(person) or History(person, [person])
    return _reason(node, history, NamesOfThings(), moment_of(clock.now()))


def _rules_with(segment: Segment) -> dict[int, Node]:
    from yutang.segments.services.segments import rule_of

    return current_rules() | {segment.pk: rule_of(segment).when}


def _of_list(segment: Segment, person: int) -> Reason:
    history = histories_of([person], NOTHING).get(person)
    listed = segment.people
    there = history is not None and any(record in listed for record in history.records)
    said = Text("名单固定于冻结时", "the list as it was frozen")
    return Reason("people", there, said, Text("在名单中", "listed") if there else Text("不在名单中", "not listed"))


def _reason(node: Node, history: History, names: NamesOfThings, moment: Moment) -> Reason:
    match node:
        case All() | Any():
            parts = [_reason(each, history, names, moment) for each in node.of]
            held = (each.holds for each in parts)
            return Reason(node.kind, all(held) if isinstance(node, All) else any(held), _BRANCHES[node.kind], of=parts)
        case Not():
            part = _reason(node.of, history, names, moment)
            return Reason("not", not part.holds, _BRANCHES["not"], of=[part])
        case _:
            return Reason(
                node.kind,
                node.holds_for(history, moment),
                node.sentence(names, moment),
                node.seen(history, names, moment),
            )
