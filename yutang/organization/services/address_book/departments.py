"""Departments as a corp's address book tells of them. `path` of every department follows its parents."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction

from yutang.kernel import clock
from yutang.kernel.actors import SYSTEM, Actor
from yutang.kernel.plain_text import one_line
from yutang.organization.models import Corp, Department
from yutang.organization.services.address_book.changes import BATCH, Changes, one_at_a_time, tell

Known = dict[int, Department]  # by WeCom's id


@dataclass(frozen=True)
class DepartmentRow:
    """`parent_wecom_id` is 0 for a root, None where the source does not say."""

    wecom_id: int
    parent_wecom_id: int | None = None
    name: str = ""
    order: int | None = None


@transaction.atomic
def upsert_departments(
    corp: Corp, rows: Iterable[DepartmentRow], *, complete: bool = False, by: Actor = SYSTEM
) -> Changes:
    """Bring departments up to date. With `complete`, the rows are all there are and the others are marked gone."""
    told = {row.wecom_id: row for row in rows}
    one_at_a_time(corp)
    known: Known = {row.wecom_id: row for row in Department.objects.filter(corp=corp)}
    created = _add_unknown(corp, told, known)
    changed = [each for each, row in told.items() if _retell(known[each], row, known) and each not in created]
    gone = [each for each, row in known.items() if complete and each not in told and row.gone_at is None]
    for each in gone:
        known[each].gone_at = clock.now()
    _write_paths(known)
    Department.objects.bulk_update(known.values(), ["parent", "name", "order", "path", "gone_at"], batch_size=BATCH)
    changes = Changes(len(created), len(changed), len(gone))
    tell("departments.synced", corp, changes, by)
    return changes


@transaction.atomic
def mark_departments_gone(corp: Corp, wecom_ids: Iterable[int], *, by: Actor = SYSTEM) -> Changes:
    rows = Department.objects.filter(corp=corp, wecom_id__in=list(wecom_ids), gone_at=None)
    changes = Changes(gone=rows.update(gone_at=clock.now()))
    tell("departments.synced", corp, changes, by)
    return changes


def _add_unknown(corp: Corp, told: Mapping[int, DepartmentRow], known: Known) -> set[int]:
    """Bare rows for new departments, and for parents outside what the app may see, so that the tree holds together."""
    parents = {row.parent_wecom_id for row in told.values() if row.parent_wecom_id}
    unknown = {*told, *parents} - set(known)
    fresh = [Department(corp=corp, wecom_id=each) for each in sorted(unknown)]
    known.update({row.wecom_id: row for row in Department.objects.bulk_create(fresh, batch_size=BATCH)})
    return unknown


def _retell(department: Department, row: DepartmentRow, known: Known) -> bool:
    """Write what the row says onto the department. True if that changed anything."""
    before = (department.name, department.order, department.parent_id, department.gone_at)
    department.name = one_line(row.name, 200) or department.name
    department.order = department.order if row.order is None else row.order
    department.gone_at = None
    if row.parent_wecom_id is not None:
        department.parent = known.get(row.parent_wecom_id) if row.parent_wecom_id != row.wecom_id else None
    return before != (department.name, department.order, department.parent_id, department.gone_at)


def _write_paths(known: Known) -> None:
    by_id = {department.pk: department for department in known.values()}
    for department in by_id.values():
        department.path = "/" + "".join(f"{each}/" for each in _line_of(department, by_id))


def _line_of(department: Department, by_id: Mapping[int, Department]) -> list[int]:
    """Ids from the root down. A circle, which only broken data can hold, is cut where it closes."""
    line = [department.pk]
    while (above := by_id[line[-1]].parent_id) is not None and above not in line:
        line.append(above)
    return line[::-1]
