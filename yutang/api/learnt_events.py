"""What events from outside look like, learnt from those that came, and what is declared of them."""

from datetime import datetime
from typing import Literal

from ninja import Field, Query, Router, Schema

from yutang.api.auth import ViewerRequest, needs
from yutang.api.customer_shapes import Id
from yutang.events.models import Enforcement, LearntEvent
from yutang.events.names import own_name
from yutang.events.services.declaring import declare
from yutang.kernel.errors import NotFound
from yutang.kernel.permissions import Permission

router = Router(tags=["event catalogue"])

PropertyType = Literal["text", "number", "flag", "list", "object"]


class LearntPropertyOut(Schema):
    name: str
    types: list[str] = Field(description="The types seen, the most frequent first.")
    share: float = Field(description="Of the events looked at, how many had it: 0 to 1.")
    examples: list[str]


class DeclaredProperty(Schema):
    type: PropertyType | None = None
    required: bool = False


class LearntVersionOut(Schema):
    version: int
    at: datetime
    shape: dict[str, list[str]]


class LearntEventOut(Schema):
    id: int
    source_id: int
    source_name: str
    name: str = Field(description="As the log has it, and as conditions name it.")
    label: str = Field(description="As its source calls it.")
    count: int
    first_at: datetime
    last_at: datetime
    version: int
    versions: list[LearntVersionOut]
    properties: list[LearntPropertyOut]
    declared: dict[str, DeclaredProperty] | None
    enforcement: Enforcement


class LearntEvents(Schema):
    items: list[LearntEventOut]


class LearntFilter(Schema):
    source_id: Id | None = None


class EventDeclaration(Schema):
    declared: dict[str, DeclaredProperty] = Field(max_length=200)
    enforcement: Enforcement


@router.get("/events/learnt", response=LearntEvents)
@needs(Permission.SEE_EVENTS)
def learnt(request: ViewerRequest, wanted: Query[LearntFilter]) -> LearntEvents:
    """Every event that came from outside, by source and name. Examples are for those who see everybody's customers."""
    rows = LearntEvent.objects.select_related("source").order_by("source", "name")
    if wanted.source_id is not None:
        rows = rows.filter(source=wanted.source_id)
    return LearntEvents(items=[_out(row, with_examples=request.auth.sees_all) for row in rows[:2_000]])


@router.put("/events/learnt/{int:learnt_id}/declaration", response=LearntEventOut)
@needs(Permission.EDIT_EVENT_SOURCES)
def declare_event(request: ViewerRequest, learnt_id: Id, given: EventDeclaration) -> LearntEventOut:
    """Say what the event must look like, and what becomes of those that do not."""
    row = LearntEvent.objects.select_related("source").filter(pk=learnt_id).first()
    if row is None:
        raise NotFound
    declared = {name: each.dict() for name, each in given.declared.items()}
    return _out(declare(row, declared, given.enforcement, by=request.auth.actor), with_examples=request.auth.sees_all)


def _out(row: LearntEvent, *, with_examples: bool) -> LearntEventOut:
    return LearntEventOut(
        id=row.pk,
        source_id=row.source_id,
        source_name=row.source.name,
        name=row.name,
        label=own_name(row.name),
        count=row.count,
        first_at=row.first_at,
        last_at=row.last_at,
        version=row.version,
        versions=[LearntVersionOut(**version) for version in reversed(row.versions)],
        properties=[
            LearntPropertyOut(
                name=name,
                types=sorted(told["types"], key=lambda kind, counts=told["types"]: -counts[kind]),  # type: ignore[misc]
                share=round(told["seen"] / max(row.sampled, 1), 3),
                examples=told["examples"] if with_examples else [],
            )
            for name, told in sorted(row.properties.items())
        ],
        declared={name: DeclaredProperty(**wanted) for name, wanted in row.declared.items()} if row.declared else None,
        enforcement=Enforcement(row.enforcement),
    )
