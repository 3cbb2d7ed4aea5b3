"""Which leaves must be asked again about whom, after an event."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from yutang.customers.models import Customer
from yutang.customers.queries import records_of_people
from yutang.segments.follow import Heard
from yutang.segments.leaves import Leaf

# After these, everything may be another for the people concerned.
ALL_LEAVES = frozenset(
    {"customer.created", "customer.merged", "customer.unmerged", "customer.forgotten", "visitor.joined"}
)
_JOINING = frozenset({"customer.merged", "customer.unmerged", "customer.forgotten"})

Asked = dict[str, dict[int, int | None]]  # key of a leaf → person → the event that is the cause; None: time


def asked_after(heard: Collection[Heard], leaves: Mapping[str, Leaf]) -> tuple[Asked, set[str], set[int]]:
    """Whom to ask about what, which leaves to read anew as a whole, and who became or ceased to be a person."""
    asked: Asked = defaultdict(dict)
    stale: set[str] = set()
    turned: set[int] = set()
    by_name = _by_name(leaves)
    joined = _joined(heard)
    for each in heard:
        stale |= {key for key, leaf in leaves.items() if leaf.is_shaken_by(each.name, each.props)}
        if each.name in ALL_LEAVES:
            people = joined.get(each.id) or ({each.person} if each.person else set())
            turned |= people
            for key in leaves:
                asked[key].update(dict.fromkeys(people, each.id))
        elif each.person is not None:
            for key in by_name.get(each.name, ()):
                asked[key][each.person] = each.id
    return asked, stale, turned


def _by_name(leaves: Mapping[str, Leaf]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for key, leaf in leaves.items():
        for name in leaf.hears():
            found[name].append(key)
    return found


def _joined(heard: Iterable[Heard]) -> dict[int, set[int]]:
    """For merges, their undoing and erasures: every record that is or was one of the people concerned."""
    named = {
        each.id: {record for record in (each.record, each.props.get("other_id")) if isinstance(record, int)}
        for each in heard
        if each.name in _JOINING
    }
    found: dict[int, set[int]] = {}
    for event, records in named.items():
        owners = Customer.objects.filter(pk__in=records).values_list("pk", "person_id")
        found[event] = records | set(records_of_people([person or pk for pk, person in owners]))
    return found
