"""Settling who is in a segment as a whole: after its first computation, an edit, or leaves read anew."""

from collections.abc import Collection

from django.db import transaction
from django.db.models import F, Q
from pyroaring import BitMap

from yutang.kernel import clock
from yutang.segments import kept
from yutang.segments.models import Because, Keeping, KeptLeaf, Segment
from yutang.segments.rule import people_of
from yutang.segments.services import kept_leaves
from yutang.segments.trees import EVERYONE, Tree, live_trees, needed


def bring_up() -> int:
    """Read what live segments need and nobody keeps, or what grew stale, and settle them. Returns how many were."""
    trees = live_trees()
    wanted = {leaf.key: leaf for leaf in needed(trees)}
    present = dict(KeptLeaf.objects.filter(key__in=wanted).values_list("key", "is_stale"))
    lacking = [leaf for key, leaf in wanted.items() if present.get(key, True)]
    KeptLeaf.objects.filter(key__in=wanted).exclude(wanted_until=None).update(wanted_until=None)
    kept_leaves.read_anew(lacking)
    forget_unwanted(wanted)
    fresh = {leaf.key for leaf in lacking}
    return sum(settle(tree) for tree in trees if _is_unsettled(tree.segment) or not fresh.isdisjoint(tree.keys))


def _is_unsettled(segment: Segment) -> bool:
    return segment.needs_settling or segment.settled_version != segment.version


def forget_unwanted(wanted: Collection[str]) -> None:
    """Leaves no segment needs go, those of previews when their time has passed."""
    lasting = Q(wanted_until=None) | Q(wanted_until__lt=clock.now())
    KeptLeaf.objects.filter(lasting).exclude(key__in=wanted).delete()


@transaction.atomic
def settle(tree: Tree, *, because: str = "") -> bool:
    """Write who is in a segment by its leaves as they are kept. False where some are not."""
    keeping = Keeping.objects.select_for_update().get(pk=1)
    rows = KeptLeaf.objects.filter(key__in=tree.keys | {EVERYONE.key})
    people = {row.key: row.people for row in rows}
    segment = Segment.objects.select_for_update().get(pk=tree.segment.pk)
    if segment.version != tree.segment.version or not (tree.keys | {EVERYONE.key}) <= set(people):
        return False
    everyone = people[EVERYONE.key]
    found = people_of(tree.node, everyone, lambda leaf: people[leaf.key])
    edited = _is_unsettled(segment)
    columns = _tell_later(segment, found, because or (Because.EDIT if edited else Because.EVENT))
    columns += segment.set_people(found)
    segment.settled_version, segment.settled_at, segment.error = segment.version, clock.now(), {}
    segment.needs_settling = False
    segment.save(update_fields=[*columns, "settled_version", "settled_at", "error", "needs_settling"])
    Keeping.objects.filter(pk=keeping.pk).update(edition=F("edition") + 1)
    return True


def _tell_later(segment: Segment, found: BitMap, because: str) -> list[str]:
    """Note who enters and leaves, to be told in portions; the first computation tells of nobody."""
    if not segment.settled_version:
        return []
    told = (segment.people - kept.load(segment.entering)) | kept.load(segment.leaving)
    entering, leaving = kept.apart(told, found)
    segment.entering, segment.leaving = kept.dump(entering), kept.dump(leaving)
    if not entering and not leaving:
        segment.entering = segment.leaving = b""
    segment.telling_because, segment.telling_at = because, clock.now()
    return ["entering", "leaving", "telling_because", "telling_at"]
