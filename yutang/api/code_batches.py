"""Making many live codes at once, from a list somebody pasted or a CSV file's text."""

from datetime import datetime

from ninja import Field, Router, Schema, Status

from yutang.acquisition.models import CodeBatch
from yutang.acquisition.queries import find_batch
from yutang.acquisition.services.batches import Row, read_rows, start_batch
from yutang.acquisition.shapes import AssigneeShape, CodeShape
from yutang.api.auth import ViewerRequest, needs
from yutang.kernel.language import Text
from yutang.kernel.permissions import Permission

router = Router(tags=["live codes"])


class BatchShape(CodeShape):
    """What all codes of the batch share. Name and assignees come from the lines."""

    name: str = Field("", max_length=100)
    assignees: list[AssigneeShape] = Field([], max_length=0)


class BatchIn(Schema):
    name: str = Field(max_length=100)
    shape: BatchShape
    text: str = Field(
        max_length=200_000, description="Lines of name, who (by ; userids, names, store codes), touchpoint."
    )
    dry_run: bool = Field(False, description="Only say what would be made.")


class BatchRowOut(Schema):
    row: int
    name: str
    assignees: int
    problem: str | None


class BatchFault(Schema):
    row: int
    name: str
    message: str


class BatchOut(Schema):
    id: int | None = Field(description="None after a dry run.")
    name: str
    total: int
    done: int
    failures: list[BatchFault]
    created_at: datetime | None
    finished_at: datetime | None
    rows: list[BatchRowOut] = Field(description="After a dry run: the lines as they were read.")


@router.post("/live-code-batches", response={200: BatchOut, 202: BatchOut})
@needs(Permission.EDIT_LIVE_CODES)
def create_batch(request: ViewerRequest, given: BatchIn) -> Status[BatchOut]:
    found = read_rows(given.text, corp_id=given.shape.corp_id)
    if given.dry_run:
        return Status(200, _dry(given.name, found))
    shape = given.shape
    batch = start_batch(given.name, shape, found, by=request.auth.actor, within=request.auth.member_ids)
    return Status(202, _shape(batch))


@router.get("/live-code-batches/{int:batch_id}", response=BatchOut)
@needs(Permission.SEE_LIVE_CODES)
def get_batch(request: ViewerRequest, batch_id: int) -> BatchOut:
    return _shape(find_batch(request.auth, batch_id))


def _dry(name: str, found: list[Row]) -> BatchOut:
    lines = [
        BatchRowOut(
            row=row.number,
            name=row.name,
            assignees=len(row.assignees),
            problem=row.problem.here() if row.problem else None,
        )
        for row in found
    ]
    total = sum(row.problem is None for row in found)
    return BatchOut(id=None, name=name, total=total, done=0, failures=[], created_at=None, finished_at=None, rows=lines)


def _shape(batch: CodeBatch) -> BatchOut:
    return BatchOut(
        id=batch.pk,
        name=batch.name,
        total=len(batch.rows),
        done=batch.done,
        failures=[
            BatchFault(row=each["row"], name=each["name"], message=Text(each["zh"], each["en"]).here())
            for each in batch.failures
        ],
        created_at=batch.created_at,
        finished_at=batch.finished_at,
        rows=[],
    )
