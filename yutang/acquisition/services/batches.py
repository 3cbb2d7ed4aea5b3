"""Many live codes at once: from lines somebody pasted, by one job that a restart takes up where it was."""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from yutang.acquisition.models import CodeBatch
from yutang.acquisition.services.codes import Scope, create_code
from yutang.acquisition.shapes import AssigneeShape, CodeShape
from yutang.kernel import clock, jobs
from yutang.kernel.actors import Actor
from yutang.kernel.audit import audit
from yutang.kernel.errors import BadInput, DomainError
from yutang.kernel.language import Text
from yutang.organization.models import Member, Store

CREATE_BATCH = "acquisition.create_batch"
MOST_ROWS = 1000
STEP = 20  # codes a transaction

# What several assignees on one line are parted by, within a cell.
_AND = re.compile(r"[;；、|]+")


@dataclass(frozen=True)
class Row:
    """A line as read. `problem` says why no code can be made of it."""

    number: int
    name: str
    assignees: list[AssigneeShape]
    touchpoint: str = ""
    problem: Text | None = None


def read_rows(text: str, *, corp_id: int) -> list[Row]:
    """Lines of name, who (userids, members' names, store codes or names; several by ;) and, if wished, touchpoint.

    Parted by commas or tabs. A first line of headings is left out. A line with one cell names code and assignee alike.
    """
    lines = [line for line in _cells(text) if any(line)]
    if len(lines) > MOST_ROWS:
        raise BadInput(Text(f"一次最多 {MOST_ROWS} 行。", f"At most {MOST_ROWS} lines at once."))
    if lines and lines[0][0].strip().lower() in ("名称", "活码名称", "name"):
        lines = lines[1:]
    known = _Directory(corp_id)
    return [_row(number, line, known) for number, line in enumerate(lines, start=1)]


def _cells(text: str) -> list[list[str]]:
    text = text.lstrip("\ufeff").replace("\r\n", "\n").replace("，", ",")
    delimiter = "\t" if "\t" in text else ","
    try:
        return [[cell.strip() for cell in line] for line in csv.reader(io.StringIO(text), delimiter=delimiter)]
    except csv.Error as error:
        raise BadInput(Text("无法读取，请检查引号。", "This cannot be read; check the quotes.")) from error


class _Directory:
    """Members and stores by everything people call them. A name two share leads nowhere."""

    def __init__(self, corp_id: int) -> None:
        self._found: dict[str, AssigneeShape | None] = {}
        for pk, userid, name in Member.objects.filter(corp=corp_id).values_list("pk", "userid", "name"):
            self._learn(AssigneeShape(member_id=pk), userid, name)
        for pk, code, name in Store.objects.values_list("pk", "code", "name"):
            self._learn(AssigneeShape(store_id=pk), code, name)

    def _learn(self, assignee: AssigneeShape, *names: str) -> None:
        for name in {each.strip().casefold() for each in names if each.strip()}:
            self._found[name] = None if name in self._found else assignee

    def find(self, name: str) -> AssigneeShape | Text:
        key = name.casefold()
        if key not in self._found:
            return Text(f"没有叫“{name}”的员工或门店。", f"No member or store is called “{name}”.")
        return self._found[key] or Text(f"“{name}”不止一个，请用账号或编码。", f"“{name}” is not unique: use the id.")


def _row(number: int, line: Sequence[str], known: _Directory) -> Row:
    name, who, touchpoint = (*line, "", "", "")[:3]
    found = [known.find(each.strip()) for each in _AND.split(who or name) if each.strip()]
    problem = next((each for each in found if isinstance(each, Text)), None)
    if not name:
        problem = Text("缺少名称。", "The name is missing.")
    elif len(name) > 100:
        problem = Text("名称超过 100 个字。", "The name is longer than 100 characters.")
    return Row(number, name, [each for each in found if isinstance(each, AssigneeShape)], touchpoint[:64], problem)


@transaction.atomic
def start_batch(name: str, shape: CodeShape, rows: Sequence[Row], *, by: Actor, within: Scope) -> CodeBatch:
    """Take up the rows that can be made; the job does the rest. Nothing is taken up where none can."""
    usable = [row for row in rows if row.problem is None]
    if not usable:
        raise BadInput(Text("没有可创建的行。", "There is no line to make a code of."))
    batch = CodeBatch.objects.create(
        name=name.strip() or "批量活码",
        corp_id=shape.corp_id,
        shape=shape.model_dump(mode="json", exclude={"name", "assignees"}),
        rows=[
            {
                "number": row.number,
                "name": row.name,
                "touchpoint": row.touchpoint,
                "assignees": [each.model_dump() for each in row.assignees],
            }
            for row in usable
        ],
        failures=[
            {"row": row.number, "name": row.name, "zh": row.problem.zh, "en": row.problem.en}
            for row in rows
            if row.problem is not None
        ],
        by={"kind": by.kind, "id": by.id, "name": by.name, "within": sorted(within) if within is not None else None},
        created_at=clock.now(),
    )
    audit("live_code_batch.started", by=by, subject_kind="live_code_batch", subject_id=batch.pk, codes=len(usable))
    jobs.enqueue(CREATE_BATCH, {"batch_id": batch.pk})
    return batch


def carry_on(batch_id: int) -> None:
    """Make the codes of a batch, some at a time. How far it is is written with the codes, so none comes twice."""
    while _step(batch_id):
        pass


@transaction.atomic
def _step(batch_id: int) -> bool:
    batch = CodeBatch.objects.select_for_update().filter(pk=batch_id, finished_at=None).first()
    if batch is None:
        return False
    by = Actor(kind=batch.by["kind"], id=batch.by["id"], name=batch.by["name"])
    for row in batch.rows[batch.done : batch.done + STEP]:
        shape = CodeShape.model_validate(
            {"touchpoint": batch.shape.get("touchpoint", "")}
            | batch.shape
            | {"name": row["name"], "assignees": row["assignees"]}
            | ({"touchpoint": row["touchpoint"]} if row["touchpoint"] else {})
        )
        try:
            create_code(shape, by=by, within=batch.by["within"], batch=batch)
        except DomainError as refusal:
            said = refusal.said
            batch.failures.append({"row": row["number"], "name": row["name"], "zh": said.zh, "en": said.en})
        batch.done += 1
    if batch.done >= len(batch.rows):
        batch.finished_at = clock.now()
    batch.save(update_fields=["done", "failures", "finished_at"])
    return batch.finished_at is None
