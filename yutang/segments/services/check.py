"""The oracle: kept leaves read as a whole and compared with what events and time made of them. Errors are mended."""

from django.db import transaction

from yutang.kernel import clock
from yutang.segments import kept
from yutang.segments.models import Because, KeptLeaf, LeafCheck
from yutang.segments.services import hand_out
from yutang.segments.services.keep import Keeper
from yutang.segments.services.kept_leaves import install, leaf_of, measured
from yutang.segments.services.settle import settle
from yutang.segments.trees import live_trees

SHOWN = 100  # people named in the report of a leaf
KEPT_CHECKS = 10_000


def check_everything() -> int:
    """Returns how many answers were wrong."""
    wrong = 0
    for pk in list(KeptLeaf.objects.filter(is_stale=False).order_by("pk").values_list("pk", flat=True)):
        row = KeptLeaf.objects.filter(pk=pk).first()
        if row is not None:
            wrong += check_leaf(row)
    if wrong:
        for tree in live_trees():
            settle(tree, because=Because.CHECK)
    hand_out.check_all_soon()
    old = LeafCheck.objects.order_by("-pk").values_list("pk", flat=True)[KEPT_CHECKS : KEPT_CHECKS + 1]
    LeafCheck.objects.filter(pk__lte=next(iter(old), 0)).delete()
    return wrong


def check_leaf(row: KeptLeaf) -> int:
    """Both are brought to one moment before they are compared: the reading by what was heard since, and the kept one by
    the keeper's own steps."""
    leaf = leaf_of(row)
    reading, seen, at, took = measured(leaf)
    keeper = Keeper()
    while keeper.step():
        pass
    with transaction.atomic():
        before = KeptLeaf.objects.select_for_update().get(pk=row.pk).people
        after = install(leaf, reading, seen, at, took, wanted_until=row.wanted_until).people
        missing, surplus = kept.apart(before, after)
        wrong = len(missing) + len(surplus)
        LeafCheck.objects.create(
            at=clock.now(),
            leaf=row.leaf,
            people=len(after),
            missing=list(missing[:SHOWN]),
            surplus=list(surplus[:SHOWN]),
            wrong=wrong,
            read_ms=took,
        )
    return wrong
