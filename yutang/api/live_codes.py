"""Live codes and their folders."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Literal

from django.db.models import Count, Q
from django.http import StreamingHttpResponse
from ninja import Field, Query, Router, Schema, Status

from yutang.acquisition import queries
from yutang.acquisition.models import LiveCode, LiveCodeFolder
from yutang.acquisition.queries import Counts, find_code, find_editable
from yutang.acquisition.services import codes as services
from yutang.acquisition.services import folders
from yutang.acquisition.services.apply import request_apply
from yutang.acquisition.shapes import CodeShape
from yutang.acquisition.staffing import day_of
from yutang.api.accounts import Ref
from yutang.api.auth import ViewerRequest, needs
from yutang.api.csv_stream import csv_response
from yutang.api.live_code_shapes import (
    CodeChange,
    CodeCounts,
    CodeDayCounts,
    CodeMemberCounts,
    CodeOut,
    CodeRow,
    CodeStatistics,
    detail,
    person,
    rows,
)
from yutang.api.paged import PagedOut, Paging, TotalOut
from yutang.kernel import clock
from yutang.kernel.errors import BadInput
from yutang.kernel.language import Text
from yutang.kernel.paging import newest_first
from yutang.kernel.permissions import Permission
from yutang.organization.models import Member
from yutang.organization.services.merchant import merchant_zone, the_merchant

router = Router(tags=["live codes"])

MOST_DAYS = 366

State = Literal["live", "expired", "archived", "waiting", "failed", "unstaffed"]


class CodeFilter(Paging):
    q: str = Field("", max_length=100, description="Part of the name or the touchpoint.")
    folder: int | None = Field(None, description="0: codes in no folder.")
    corp: int | None = None
    batch: int | None = None
    state: State | None = Field(None, description="Without one: all that are not archived.")


class CodeFolderOut(Ref):
    codes: int


class CodeFolders(Schema):
    items: list[CodeFolderOut]


class CodeFolderIn(Schema):
    name: str = Field(max_length=100)


class FolderOrder(Schema):
    folder_ids: list[int] = Field(max_length=1000, description="All folders, each once.")


class MoveCodes(Schema):
    code_ids: list[int] = Field(min_length=1, max_length=500)
    folder_id: int | None


class MovedCodes(Schema):
    moved: int


class StatisticsSpan(Schema):
    first: date | None = Field(None, alias="from", description="Without one: 30 days.")
    last: date | None = Field(None, alias="to", description="Without one: today, in the merchant's zone.")


@router.get("/live-codes", response=PagedOut[CodeRow])
@needs(Permission.SEE_LIVE_CODES)
def list_codes(request: ViewerRequest, filters: Query[CodeFilter]) -> PagedOut[CodeRow]:
    found = queries.visible_codes(request.auth).select_related("corp", "folder")
    found = queries.in_state(found, filters.state) if filters.state else found.filter(archived_at=None)
    if filters.q.strip():
        found = found.filter(Q(name__icontains=filters.q.strip()) | Q(touchpoint__icontains=filters.q.strip()))
    if filters.folder is not None:
        found = found.filter(folder=filters.folder or None)
    if filters.corp is not None:
        found = found.filter(corp=filters.corp)
    if filters.batch is not None:
        found = found.filter(batch=filters.batch)
    page = newest_first(found, limit=filters.limit, cursor=filters.cursor)
    total = TotalOut(count=page.total.count, exact=page.total.exact)
    return PagedOut(items=rows(request.auth, page.items), next=page.next, total=total)


@router.post("/live-codes", response={201: CodeOut})
@needs(Permission.EDIT_LIVE_CODES)
def create_code(request: ViewerRequest, given: CodeShape) -> Status[CodeOut]:
    code = services.create_code(given, by=request.auth.actor, within=request.auth.member_ids)
    return Status(201, detail(request.auth, find_code(request.auth, code.pk)))


@router.get("/live-codes/{int:code_id}", response=CodeOut)
@needs(Permission.SEE_LIVE_CODES)
def get_code(request: ViewerRequest, code_id: int) -> CodeOut:
    return detail(request.auth, find_code(request.auth, code_id))


@router.patch("/live-codes/{int:code_id}", response=CodeOut)
@needs(Permission.EDIT_LIVE_CODES)
def change_code(request: ViewerRequest, code_id: int, given: CodeChange) -> CodeOut:
    """Replace what the code is made of. Refused with 409 when somebody changed it since `version`."""
    code = find_editable(request.auth, code_id)
    shape = CodeShape.model_validate(given.model_dump(exclude={"version"}))
    services.edit_code(code, shape, version=given.version, by=request.auth.actor, within=request.auth.member_ids)
    return detail(request.auth, find_code(request.auth, code_id))


@router.post("/live-codes/{int:code_id}/archive", response=CodeOut)
@needs(Permission.EDIT_LIVE_CODES)
def archive_code(request: ViewerRequest, code_id: int) -> CodeOut:
    services.archive_code(find_editable(request.auth, code_id), by=request.auth.actor)
    return detail(request.auth, find_code(request.auth, code_id))


@router.post("/live-codes/{int:code_id}/restore", response=CodeOut)
@needs(Permission.EDIT_LIVE_CODES)
def restore_code(request: ViewerRequest, code_id: int) -> CodeOut:
    services.restore_code(find_editable(request.auth, code_id), by=request.auth.actor)
    return detail(request.auth, find_code(request.auth, code_id))


@router.post("/live-codes/{int:code_id}/apply", response={202: CodeOut})
@needs(Permission.EDIT_LIVE_CODES)
def apply_code(request: ViewerRequest, code_id: int) -> Status[CodeOut]:
    """Bring the code in line with WeCom now, after what kept it from that has been mended."""
    code = find_editable(request.auth, code_id)
    LiveCode.objects.filter(pk=code.pk).update(refused={})
    request_apply(code.pk)
    return Status(202, detail(request.auth, code))


@router.post("/live-codes/move", response=MovedCodes)
@needs(Permission.EDIT_LIVE_CODES)
def move_codes(request: ViewerRequest, given: MoveCodes) -> MovedCodes:
    """Put codes into a folder, or into none. All of them have to be the viewer's to edit."""
    folder = folders.find_folder(given.folder_id) if given.folder_id is not None else None
    moving = [find_editable(request.auth, code_id) for code_id in dict.fromkeys(given.code_ids)]
    return MovedCodes(moved=folders.move_to_folder(moving, folder, by=request.auth.actor))


# statistics


@router.get("/live-codes/{int:code_id}/statistics", response=CodeStatistics)
@needs(Permission.SEE_LIVE_CODES)
def code_statistics(request: ViewerRequest, code_id: int, span: Query[StatisticsSpan]) -> CodeStatistics:
    code = find_code(request.auth, code_id)
    first, last = _days(span)
    found = queries.statistics(request.auth, code, first, last)
    chats = queries.chats_of([member.pk for member, _ in found.by_member if member], first, last)
    return CodeStatistics(
        totals=_counts(found.totals),
        days=[CodeDayCounts(day=day, **_counts(counts).dict()) for day, counts in found.by_day],
        members=[_member_counts(member, counts, chats) for member, counts in found.by_member],
    )


def _member_counts(member: Member | None, counts: Counts, chats: Mapping[int, queries.Chats]) -> CodeMemberCounts:
    told = chats.get(member.pk) if member else None
    return CodeMemberCounts(
        member=person(member) if member else None,
        chats=told.chats if told else None,
        reply_percentage=told.reply_percentage if told else None,
        reply_minutes=told.reply_minutes if told else None,
        **_counts(counts).dict(),
    )


_COUNTS = Text(
    "扫码,新增好友,待通过,回复,客户删除,员工删除",
    "Scans,Adds,Half adds,Replies,Lost by customer,Lost by member",
)
_CHATS = Text("聊天客户数,回复率%,平均回复分钟", "Chats,Reply %,Minutes to reply")


@router.get("/live-codes/{int:code_id}/statistics.csv", include_in_schema=False)
@needs(Permission.SEE_LIVE_CODES)
def code_statistics_file(
    request: ViewerRequest, code_id: int, span: Query[StatisticsSpan], by: Literal["day", "member"] = "day"
) -> StreamingHttpResponse:
    code = find_code(request.auth, code_id)
    first, last = _days(span)
    found = queries.statistics(request.auth, code, first, last)
    lines: list[list[object]]
    if by == "day":
        header = [Text("日期", "Day").here(), *_COUNTS.here().split(",")]
        lines = [[f"{day}", *_counts(counts).dict().values()] for day, counts in found.by_day]
    else:
        header = [Text("员工", "Member").here(), *_COUNTS.here().split(","), *_CHATS.here().split(",")]
        chats = queries.chats_of([member.pk for member, _ in found.by_member if member], first, last)
        lines = [_member_line(member, counts, chats) for member, counts in found.by_member]
    name = Text(f"{code.name}-活码统计-{first}-{last}.csv", f"{code.name}-live-code-{first}-{last}.csv").here()
    return csv_response(name, header, lines, zone=the_merchant().time_zone)


def _member_line(member: Member | None, counts: Counts, chats: Mapping[int, queries.Chats]) -> list[object]:
    told = chats.get(member.pk) if member else None
    figures = [told.chats, told.reply_percentage, told.reply_minutes] if told else [None, None, None]
    return [member.label if member else "", *_counts(counts).dict().values(), *figures]


def _days(span: StatisticsSpan) -> tuple[date, date]:
    last = span.last or day_of(clock.now(), merchant_zone())
    first = span.first or (last - timedelta(days=29) if last > date.min + timedelta(days=30) else last)
    if not 0 <= (last - first).days < MOST_DAYS:
        raise BadInput(Text(f"日期范围须在 {MOST_DAYS} 天以内。", f"Choose a span of at most {MOST_DAYS} days."))
    return first, last


def _counts(counts: Counts) -> CodeCounts:
    return CodeCounts(
        scans=counts.scans,
        adds=counts.adds,
        half_adds=counts.half_adds,
        replies=counts.replies,
        lost_by_customer=counts.lost_by_customer,
        lost_by_member=counts.lost_by_member,
    )


# folders


@router.get("/live-code-folders", response=CodeFolders)
@needs(Permission.SEE_LIVE_CODES)
def list_folders(request: ViewerRequest) -> CodeFolders:
    visible = queries.visible_codes(request.auth).filter(archived_at=None)
    counts = dict(visible.order_by().values_list("folder").annotate(Count("pk")))
    ordered = LiveCodeFolder.objects.order_by("order", "name")
    return CodeFolders(
        items=[CodeFolderOut(id=each.pk, name=each.name, codes=counts.get(each.pk, 0)) for each in ordered]
    )


@router.post("/live-code-folders", response={201: Ref})
@needs(Permission.EDIT_LIVE_CODES)
def create_folder(request: ViewerRequest, given: CodeFolderIn) -> Status[Ref]:
    folder = folders.create_folder(given.name, by=request.auth.actor)
    return Status(201, Ref(id=folder.pk, name=folder.name))


@router.put("/live-code-folders/order", response=CodeFolders)
@needs(Permission.EDIT_LIVE_CODES)
def order_folders(request: ViewerRequest, given: FolderOrder) -> CodeFolders:
    queries.refuse_folders_beyond(request.auth, given.folder_ids)
    folders.order_folders(given.folder_ids, by=request.auth.actor)
    return list_folders(request)


@router.patch("/live-code-folders/{int:folder_id}", response=Ref)
@needs(Permission.EDIT_LIVE_CODES)
def rename_folder(request: ViewerRequest, folder_id: int, given: CodeFolderIn) -> Ref:
    folder = folders.rename_folder(queries.find_own_folder(request.auth, folder_id), given.name, by=request.auth.actor)
    return Ref(id=folder.pk, name=folder.name)


@router.delete("/live-code-folders/{int:folder_id}", response={204: None})
@needs(Permission.EDIT_LIVE_CODES)
def delete_folder(request: ViewerRequest, folder_id: int) -> Status[None]:
    folders.delete_folder(queries.find_own_folder(request.auth, folder_id), by=request.auth.actor)
    return Status(204, None)
