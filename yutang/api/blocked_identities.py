"""Values that identify nobody: shared store phones and stand-in numbers."""

from datetime import datetime

from ninja import Field, Query, Router, Schema, Status

from yutang.api.auth import ViewerRequest, needs
from yutang.api.customer_shapes import Id
from yutang.api.paged import PagedOut, Paging
from yutang.customers.models import BlockedIdentity, IdentityKind
from yutang.customers.services.blocking import block, unblock
from yutang.kernel.errors import NotFound
from yutang.kernel.paging import newest_first
from yutang.kernel.permissions import Permission

router = Router(tags=["customers"])


class BlockedOut(Schema):
    id: int
    kind: IdentityKind
    value: str
    reason: str
    created_at: datetime


class BlockedIn(Schema):
    kind: IdentityKind
    value: str = Field(max_length=500)
    reason: str = Field("", max_length=200)


@router.get("/blocked-identities", response=PagedOut[BlockedOut])
@needs(Permission.MERGE_CUSTOMERS)
def blocked(request: ViewerRequest, wanted: Query[Paging]) -> PagedOut[BlockedOut]:
    page = newest_first(BlockedIdentity.objects.all(), limit=wanted.limit, cursor=wanted.cursor)
    return PagedOut.of(page, BlockedOut.from_orm)


@router.post("/blocked-identities", response={201: BlockedOut})
@needs(Permission.MERGE_CUSTOMERS)
def block_identity(request: ViewerRequest, given: BlockedIn) -> Status:
    """Nobody is known by this value any more, and no match is made by it."""
    return Status(201, BlockedOut.from_orm(block(given.kind, given.value, reason=given.reason, by=request.auth.actor)))


@router.delete("/blocked-identities/{int:blocked_id}", response={204: None})
@needs(Permission.MERGE_CUSTOMERS)
def unblock_identity(request: ViewerRequest, blocked_id: Id) -> Status:
    row = BlockedIdentity.objects.filter(pk=blocked_id).first()
    if row is None:
        raise NotFound
    unblock(row, by=request.auth.actor)
    return Status(204, None)
