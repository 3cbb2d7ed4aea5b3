"""The audit log: who did what, when and from where."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.http import StreamingHttpResponse
from ninja import Field, Query, Router, Schema

from yutang.api.audit_words import action_label, subject_label
from yutang.api.auth import ViewerRequest, needs
from yutang.api.csv_stream import csv_response
from yutang.api.paged import PagedOut, Paging
from yutang.kernel.audit import audit
from yutang.kernel.language import Text
from yutang.kernel.models import AuditEntry
from yutang.kernel.paging import newest_first
from yutang.kernel.permissions import Permission
from yutang.organization.models import Account
from yutang.organization.scope import Viewer
from yutang.organization.services.merchant import the_merchant

router = Router(tags=["audit"])

_BATCH = 1000

COLUMNS = (
    Text("时间", "Time"),
    Text("操作人", "Actor"),
    Text("类型", "Kind"),
    Text("IP", "IP"),
    Text("操作", "Action"),
    Text("对象", "Subject"),
    Text("对象编号", "Subject id"),
    Text("详情", "Detail"),
)


class AuditOut(Schema):
    id: int
    at: datetime
    actor_kind: str
    actor_id: int | None
    actor_name: str
    ip: str
    action: str = Field(description="subject.verb_in_the_past, as in customer.phone_revealed.")
    action_label: str = Field(description="What was done, in the caller's language.")
    subject_kind: str
    subject_label: str
    subject_id: str
    detail: dict[str, Any]

    @classmethod
    def of(cls, entry: AuditEntry) -> "AuditOut":
        return cls(
            id=entry.pk,
            at=entry.at,
            actor_kind=entry.actor_kind,
            actor_id=entry.actor_id,
            actor_name=entry.actor_name,
            ip=entry.ip,
            action=entry.action,
            action_label=action_label(entry.action),
            subject_kind=entry.subject_kind,
            subject_label=subject_label(entry.subject_kind),
            subject_id=entry.subject_id,
            detail=entry.detail,
        )


class AuditChoice(Schema):
    """Which entries are wanted."""

    actor_id: int | None = Field(None, description="An account.")
    actor: str = Field("", max_length=100, description="Part of the actor's name.")
    action: str = Field("", max_length=64, description="An action or its beginning: `account.` is all of accounts.")
    subject_kind: str = Field("", max_length=32)
    subject_id: str = Field("", max_length=64)
    since: datetime | None = Field(None, description="At this moment or later.")
    until: datetime | None = Field(None, description="Before this moment.")


class AuditFilter(Paging, AuditChoice):
    pass


@router.get("/audit", response=PagedOut[AuditOut])
@needs(Permission.SEE_AUDIT)
def list_audit(request: ViewerRequest, wanted: Query[AuditFilter]) -> PagedOut[AuditOut]:
    rows = chosen_entries(request.auth, wanted)
    return PagedOut.of(newest_first(rows, limit=wanted.limit, cursor=wanted.cursor), AuditOut.of)


@router.get("/audit/export")
@needs(Permission.SEE_AUDIT)
def export_audit(request: ViewerRequest, wanted: Query[AuditChoice]) -> StreamingHttpResponse:
    """All chosen entries as CSV, the newest first. The export is itself audited."""
    rows = chosen_entries(request.auth, wanted)
    audit("audit.exported", by=request.auth.actor, subject_kind="audit", chosen=wanted.model_dump(mode="json"))
    header = [each.here() for each in COLUMNS]
    return csv_response("audit.csv", header, _rows(rows), zone=the_merchant().time_zone)


def chosen_entries(viewer: Viewer, wanted: AuditChoice) -> QuerySet[AuditEntry]:
    rows = visible_entries(viewer)
    exact = {"subject_kind": wanted.subject_kind, "subject_id": wanted.subject_id}
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if wanted.actor_id is not None:
        rows = rows.filter(actor_kind="account", actor_id=wanted.actor_id)
    if wanted.actor.strip():
        rows = rows.filter(actor_name__icontains=wanted.actor.strip())
    if wanted.action:
        rows = rows.filter(action__startswith=wanted.action)
    if wanted.since is not None:
        rows = rows.filter(at__gte=wanted.since)
    if wanted.until is not None:
        rows = rows.filter(at__lt=wanted.until)
    return rows


def visible_entries(viewer: Viewer) -> QuerySet[AuditEntry]:
    """Everything, or what the viewer and the accounts of members in its scope did."""
    if viewer.member_ids is None:
        return AuditEntry.objects.all()
    accounts = Account.objects.filter(Q(member__in=viewer.member_ids) | Q(pk=viewer.account.pk))
    return AuditEntry.objects.filter(actor_kind="account", actor_id__in=accounts.values("pk"))


def _rows(entries: QuerySet[AuditEntry]) -> Iterator[tuple[object, ...]]:
    """Batch by batch by key: no statement stays open while a slow download is waited for."""
    below: int | None = None
    while True:
        batch = list((entries if below is None else entries.filter(pk__lt=below)).order_by("-pk")[:_BATCH])
        for e in batch:
            yield e.at, e.actor_name, e.actor_kind, e.ip, e.action, e.subject_kind, e.subject_id, str(e.detail or "")
        if len(batch) < _BATCH:
            return
        below = batch[-1].pk
