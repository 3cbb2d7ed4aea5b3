"""Settling who is in a segment as a whole: after its first computation, an edit, or leaves read anew."""

from collections.abc import Collection
from datetime import timedelta

from django.db import transaction
from django.db.models import F, Q
from pyroaring import BitMap

from yutang.kernel import clock, jobs
from yutang.kernel.errors import DomainError
from yutang.segments import kept
from yutang.segments.leaves import Leaf
from yutang.segments.models import Because, Keeping, KeptLeaf, Segment
from yutang.segments.rule import people_of
from yutang.segments.services import hand_out, kept_leaves
from yutang.segments.services.keep import BRING_UP
from yutang.segments.trees import EVERYONE, Tree, live_trees, needed

TRY_AGAIN = timedelta(minutes=10)  # after a leaf could not be read


def bring_up() -> int:
    """Read what live segments need and nobody keeps, or what grew stale, and settle them. Returns how many were."""
    trees = live_trees()
    wanted = {leaf.key: leaf for leaf in needed(trees)}
    present = dict(KeptLeaf.objects.filter(key__in=wanted).values_list("key", "is_stale"))
    lacking = [leaf for key, leaf in wanted.items() if present.get(key, True)]
    KeptLeaf.objects.filter(key__in=wanted).exclude(wanted_until=None).update(wanted_until=None)
    failed = _read_each(lacking)
    forget_unwanted(wanted)
    fresh = {leaf.key for leaf in lacking}
    settled = 0
    for tree in trees:
        if problem := next((failed[key] for key in [EVERYONE.key, *tree.keys] if key in failed), None):
            Segment.objects.filter(pk=tree.segment.pk).update(error={"code": problem.code, **problem.said._asdict()})
        elif _is_unsettled(tree.segment) or not fresh.isdisjoint(tree.keys):
            settled += settle(tree)
    if failed:
        jobs.enqueue(BRING_UP, {}, run_at=clock.now() + TRY_AGAIN, key=f"{BRING_UP}:again")
    return settled


def _read_each(leaves: Collection[Leaf]) -> dict[str, DomainError]:
    """One that the lake refuses, because it takes too long, does not keep the others from being read."""
    failed: dict[str, DomainError] = {}
    for leaf in leaves:
        try:
            kept_leaves.read_anew([leaf])
        except DomainError as error:
            failed[leaf.key] = error
    return failed


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
    hand_out.to_all_soon(segment.pk)
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
