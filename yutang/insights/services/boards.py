"""Boards: making, changing and deleting them, and the cards on them. A card keeps a question, never its answer."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from yutang.insights.errors import BoardChangedMeanwhile, BoardFull, BoardOfAnother, TooManyBoards
from yutang.insights.models import Board
from yutang.kernel import clock
from yutang.kernel.audit import audit
from yutang.kernel.errors import BadInput, NotFound
from yutang.kernel.language import Text
from yutang.kernel.plain_text import one_line
from yutang.organization.scope import Viewer

MOST_BOARDS = 200
MOST_CARDS = 24
_BIGGEST_ID = 2**63 - 1

NAMELESS = Text("请填写名称。", "A name is needed.")


def boards_of(viewer: Viewer) -> QuerySet[Board]:
    """Their own, and those shared with everybody."""
    return Board.objects.filter(Q(owner=viewer.account) | Q(is_shared=True)).select_related("owner")


def find_board(viewer: Viewer, board_id: int) -> Board:
    """A board of another that is not shared and one that is not there are refused alike."""
    found = boards_of(viewer).filter(pk=board_id).first() if 0 < board_id <= _BIGGEST_ID else None
    if found is None:
        raise NotFound
    return found


@transaction.atomic
def make_board(name: str, *, is_shared: bool, by: Viewer) -> Board:
    """Raises TooManyBoards."""
    if Board.objects.count() >= MOST_BOARDS:
        raise TooManyBoards(most=MOST_BOARDS)
    now = clock.now()
    board = Board.objects.create(
        name=_name(name), owner=by.account, is_shared=is_shared, created_at=now, updated_at=now
    )
    audit("board.made", by=by.actor, subject_kind="board", subject_id=board.pk, name=board.name, shared=is_shared)
    return board


@transaction.atomic
def add_card(board: Board, *, title: str, report: str, asked: dict[str, Any], as_table: bool, by: Viewer) -> Board:
    """At the end of the board, whatever else was changed meanwhile. Raises BoardFull."""
    row = _locked(board, by)
    if len(row.cards) >= MOST_CARDS:
        raise BoardFull(most=MOST_CARDS)
    row.cards_made += 1
    card = {"id": row.cards_made, "title": _name(title), "report": report, "asked": asked, "as_table": as_table}
    row.cards = [*row.cards, card]
    return _changed(row, by, "board.card_added", title=card["title"], report=report)


@transaction.atomic
def edit_board(
    board: Board,
    *,
    version: int,
    by: Viewer,
    name: str | None = None,
    is_shared: bool | None = None,
    cards: Sequence[tuple[int, str, bool]] | None = None,
) -> Board:
    """Changes what is given. `cards` are those to keep, in their new order, each with its title and whether as a table.

    Raises BoardChangedMeanwhile where `version` is not the last any more, and BoardOfAnother.
    """
    row = _locked(board, by)
    if row.version != version:
        raise BoardChangedMeanwhile(version=row.version)
    if is_shared is not None and is_shared != row.is_shared:
        if row.owner_id != by.account.pk:
            raise BoardOfAnother
        row.is_shared = is_shared
    if name is not None:
        row.name = _name(name)
    if cards is not None:
        kept = {card["id"]: card for card in row.cards}
        if len({pk for pk, *_ in cards}) != len(cards) or any(pk not in kept for pk, *_ in cards):
            raise NotFound
        row.cards = [kept[pk] | {"title": _name(title), "as_table": as_table} for pk, title, as_table in cards]
    return _changed(row, by, "board.edited", shared=row.is_shared, cards=len(row.cards))


@transaction.atomic
def delete_board(board: Board, *, by: Viewer) -> None:
    row = _locked(board, by)
    audit("board.deleted", by=by.actor, subject_kind="board", subject_id=row.pk, name=row.name)
    row.delete()


def _locked(board: Board, by: Viewer) -> Board:
    """As it is now, and still one this viewer may see."""
    row = Board.objects.select_for_update().filter(pk=board.pk).first()
    if row is None or not (row.is_shared or row.owner_id == by.account.pk):
        raise NotFound
    return row


def _changed(row: Board, by: Viewer, action: str, **detail: object) -> Board:
    row.version += 1
    row.updated_at = clock.now()
    row.save()
    audit(action, by=by.actor, subject_kind="board", subject_id=row.pk, name=row.name, **detail)
    return row


def _name(given: str) -> str:
    name = one_line(given, 60)
    if not name:
        raise BadInput(NAMELESS, fields={"name": NAMELESS.here()})
    return name
