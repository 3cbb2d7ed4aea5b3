"""Boards 看板: saved reports with titles of their own, each answered for whoever looks."""

from typing import Any

from ninja import Field as Doc
from ninja import Router, Schema, Status

from yutang.api.auth import ViewerRequest, needs
from yutang.api.customer_shapes import Id
from yutang.api.insight_shapes import Compared, Detailed, Narrowed, ReportName, ReportOut, report_out
from yutang.insights.models import Board
from yutang.insights.question import Period, Question
from yutang.insights.ranges import period_of
from yutang.insights.services import boards
from yutang.insights.services.answer import check
from yutang.insights.services.days import known_days, today
from yutang.kernel.errors import NotFound
from yutang.kernel.permissions import Permission
from yutang.organization.scope import Viewer

router = Router(tags=["boards"])

Title = Doc(min_length=1, max_length=200)


class CardAsked(Narrowed, Compared, Detailed):
    """A question whose period may move with the days."""

    range: str = Doc(max_length=24, description="`7d`, `30d`, `90d`, `month`, `lastMonth`, `year`, `all`, or two days.")

    def asked_by(self, viewer: Viewer) -> tuple[Question, Period | None]:
        """What it means today, and the period beside it. Raises BadInput."""
        first = known_days(viewer)[0] if self.range == "all" else None
        question = self.question_of(period_of(self.range, today=today(), first=first), viewer)
        return check(question), self.compared(question.period)


class CardIn(Schema):
    title: str = Title
    report: ReportName
    asked: CardAsked
    as_table: bool = Doc(False, description="A table even where a chart could be drawn.")


class CardKept(Schema):
    id: Id
    title: str = Title
    as_table: bool = False


class CardOut(Schema):
    id: int
    title: str
    report: ReportName
    asked: CardAsked
    as_table: bool


class BoardIn(Schema):
    name: str = Title
    shared: bool = Doc(False, description="With everybody who may see insights; each sees their own people's figures.")


class BoardEdit(Schema):
    """What is left out stays as it is."""

    version: int = Doc(ge=1, le=2**31 - 1, description="The one that was edited.")
    name: str | None = Doc(None, max_length=200)
    shared: bool | None = None
    cards: list[CardKept] | None = Doc(None, max_length=100, description="Those to keep, in their order.")


class BoardRow(Schema):
    id: int
    name: str
    shared: bool
    mine: bool
    owner: str
    version: int
    card_count: int


class BoardOut(BoardRow):
    cards: list[CardOut]


@router.get("/insights/boards", response=list[BoardRow])
@needs(Permission.SEE_INSIGHTS)
def list_boards(request: ViewerRequest) -> list[BoardRow]:
    """The viewer's own boards and the shared ones, by name."""
    return [BoardRow(**_row(board, request.auth)) for board in boards.boards_of(request.auth).order_by("name", "pk")]


@router.post("/insights/boards", response={201: BoardOut})
@needs(Permission.EDIT_INSIGHTS)
def make(request: ViewerRequest, given: BoardIn) -> Status:
    board = boards.make_board(given.name, is_shared=given.shared, by=request.auth)
    return Status(201, _out(board, request.auth))


@router.get("/insights/boards/{int:board_id}", response=BoardOut)
@needs(Permission.SEE_INSIGHTS)
def board(request: ViewerRequest, board_id: Id) -> BoardOut:
    return _out(boards.find_board(request.auth, board_id), request.auth)


@router.patch("/insights/boards/{int:board_id}", response=BoardOut)
@needs(Permission.EDIT_INSIGHTS)
def edit(request: ViewerRequest, board_id: Id, given: BoardEdit) -> BoardOut:
    """Rename and share a board; rename, reorder and delete its cards."""
    found = boards.find_board(request.auth, board_id)
    cards = None if given.cards is None else [(card.id, card.title, card.as_table) for card in given.cards]
    changed = boards.edit_board(
        found, version=given.version, by=request.auth, name=given.name, is_shared=given.shared, cards=cards
    )
    return _out(changed, request.auth)


@router.delete("/insights/boards/{int:board_id}", response={204: None})
@needs(Permission.EDIT_INSIGHTS)
def delete(request: ViewerRequest, board_id: Id) -> Status:
    boards.delete_board(boards.find_board(request.auth, board_id), by=request.auth)
    return Status(204, None)


@router.post("/insights/boards/{int:board_id}/cards", response={201: BoardOut})
@needs(Permission.EDIT_INSIGHTS)
def add(request: ViewerRequest, board_id: Id, given: CardIn) -> Status:
    """Save a report as a card, at the end of a board."""
    found = boards.find_board(request.auth, board_id)
    given.asked.asked_by(request.auth)
    given.asked.options()
    changed = boards.add_card(
        found,
        title=given.title,
        report=given.report,
        asked=given.asked.model_dump(mode="json", exclude_defaults=True),
        as_table=given.as_table,
        by=request.auth,
    )
    return Status(201, _out(changed, request.auth))


@router.get("/insights/boards/{int:board_id}/cards/{int:card_id}", response=ReportOut)
@needs(Permission.SEE_INSIGHTS)
def answer(request: ViewerRequest, board_id: Id, card_id: Id) -> ReportOut:
    """What a card shows today, of the people the viewer may see."""
    found = boards.find_board(request.auth, board_id)
    card = next((card for card in found.cards if card["id"] == card_id), None)
    if card is None:
        raise NotFound
    asked = CardAsked.model_validate(card["asked"])
    question, compared = asked.asked_by(request.auth)
    return report_out(card["report"], question, compared, asked.options(), request.auth)


def _row(board: Board, viewer: Viewer) -> dict[str, Any]:
    return {
        "id": board.pk,
        "name": board.name,
        "shared": board.is_shared,
        "mine": board.owner_id == viewer.account.pk,
        "owner": board.owner.name,
        "version": board.version,
        "card_count": len(board.cards),
    }


def _out(board: Board, viewer: Viewer) -> BoardOut:
    return BoardOut(**_row(board, viewer), cards=[CardOut.model_validate(card) for card in board.cards])
