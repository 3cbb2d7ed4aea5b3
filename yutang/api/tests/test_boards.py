"""Boards over HTTP: cards are kept with their questions and answered for whoever looks."""

from datetime import timedelta

import pytest

from yutang.insights import cache
from yutang.kernel import clock
from yutang.kernel.models import AuditEntry
from yutang.organization.models import Role, ScopeKind

MARCH = {"range": "2026-03-01~2026-03-31"}


@pytest.fixture(autouse=True)
def _forget():
    cache.forget()


def made(api, name="周会", **more):
    answer = api.post("/insights/boards", {"name": name} | more)
    assert answer.status_code == 201, answer.content
    return answer.json()


def add(api, board, report="sales", title="成交", **asked):
    return api.post(f"/insights/boards/{board['id']}/cards", {"title": title, "report": report, "asked": MARCH | asked})


def rows(answer):
    assert answer.status_code == 200, answer.content
    told = answer.json()["answer"]
    return [dict(zip([column["key"] for column in told["columns"]], row, strict=True)) for row in told["rows"]]


def test_a_card_keeps_its_whole_question(api, pond):
    board = made(api)
    only_mini = {"order_source": [pond["mini"].pk], "grain": "month", "compare": "before"}
    told = add(api, board, **only_mini).json()
    (card,) = told["cards"]
    assert (card["title"], card["report"], card["asked"]["grain"], card["asked"]["compare"]) == (
        "成交",
        "sales",
        "month",
        "before",
    )
    answer = api.get(f"/insights/boards/{board['id']}/cards/{card['id']}")
    (march,) = rows(answer)
    assert (march["gmv_fen"], march["orders"]) == (80_000, 1)
    assert answer.json()["compared_period"] == {"since": "2026-01-29", "until": "2026-02-28"}


def test_a_range_moves_with_the_days(api, pond):
    board = made(api)
    add(api, board, range="30d")
    answer = api.get(f"/insights/boards/{board['id']}/cards/1").json()
    period = answer["period"]
    assert period["until"] == str((clock.now() + timedelta(hours=8)).date())
    everything = add(api, board, range="all").json()["cards"][-1]
    told = api.get(f"/insights/boards/{board['id']}/cards/{everything['id']}").json()
    assert told["period"]["since"] == "2026-03-01"


def test_a_shared_board_shows_each_viewer_their_own_people(api, guide, pond):
    board = made(api, shared=True)
    add(api, board, report="buyers")
    path = f"/insights/boards/{board['id']}/cards/1"
    assert len(rows(api.get(path))) == 3
    assert [row["gmv_fen"] for row in rows(guide.get(path))] == [160_000]
    assert guide.get("/insights/boards").json()[0]["mine"] is False


def test_a_board_is_its_owners_alone_until_it_is_shared(api, make_account, api_for, pond):
    other = api_for(make_account("li", role=Role.ANALYST, scope=ScopeKind.ALL))
    board = made(api)
    assert other.get("/insights/boards").json() == []
    for answer in (
        other.get(f"/insights/boards/{board['id']}"),
        other.patch(f"/insights/boards/{board['id']}", {"version": 1, "name": "x"}),
        other.delete(f"/insights/boards/{board['id']}"),
        add(other, board),
    ):
        assert answer.status_code == 404
    shared = api.patch(f"/insights/boards/{board['id']}", {"version": 1, "shared": True}).json()
    renamed = other.patch(f"/insights/boards/{board['id']}", {"version": shared["version"], "name": "大家的"}).json()
    assert renamed["name"] == "大家的"
    refused = other.patch(f"/insights/boards/{board['id']}", {"version": renamed["version"], "shared": False})
    assert (refused.status_code, refused.json()["code"]) == (403, "board_of_another")


def test_cards_are_renamed_put_in_order_and_taken_away(api, pond):
    board = made(api)
    for report in ("sales", "rfm", "products"):
        told = add(api, board, report=report, title=report).json()
    kept = [{"id": 3, "title": "卖得好的"}, {"id": 1, "title": "成交", "as_table": True}]
    told = api.patch(f"/insights/boards/{board['id']}", {"version": told["version"], "cards": kept}).json()
    assert [(card["id"], card["title"], card["as_table"]) for card in told["cards"]] == [
        (3, "卖得好的", False),
        (1, "成交", True),
    ]
    assert api.get(f"/insights/boards/{board['id']}/cards/2").status_code == 404
    assert add(api, board).json()["cards"][-1]["id"] == 4, "an id is never used again"
    unknown = {"version": told["version"] + 1, "cards": [{"id": 2, "title": "gone"}]}
    assert api.patch(f"/insights/boards/{board['id']}", unknown).status_code == 404


def test_two_editors_do_not_overwrite_each_other(api, pond):
    board = made(api)
    api.patch(f"/insights/boards/{board['id']}", {"version": 1, "name": "先到"})
    refused = api.patch(f"/insights/boards/{board['id']}", {"version": 1, "name": "后到"})
    assert (refused.status_code, refused.json()["code"]) == (409, "board_changed_meanwhile")
    assert api.get(f"/insights/boards/{board['id']}").json()["name"] == "先到"


def test_who_may_not_edit_boards_sees_shared_ones_only(api, guide, pond):
    assert guide.post("/insights/boards", {"name": "x"}).json()["code"] == "not_allowed"
    board = made(api, shared=True)
    assert add(guide, board).json()["code"] == "not_allowed"
    assert guide.delete(f"/insights/boards/{board['id']}").json()["code"] == "not_allowed"


@pytest.mark.parametrize(
    "asked",
    [
        {"range": "1d"},
        {"range": "2026-03-31~2026-03-01"},
        {"range": "2026-02-30~2026-03-01"},
        {"compare": "other"},
        {"step": ["a", "b"], "window": 1},
        {"purchases": [2, 2, 3, 4], "recency_days": [1, 2, 3, 4], "spent_fen": [1, 2, 3, 4]},
    ],
)
def test_a_question_without_an_answer_is_not_kept(api, asked):
    board = made(api)
    refused = add(api, board, **asked)
    assert (refused.status_code, refused.json()["code"]) == (422, "bad_input")
    assert api.get(f"/insights/boards/{board['id']}").json()["cards"] == []


def test_boards_have_names_and_ends(api):
    assert api.post("/insights/boards", {"name": " \u200b "}).status_code == 422
    board = made(api)
    for _ in range(24):
        assert add(api, board).status_code == 201
    assert add(api, board).json()["code"] == "board_full"
    assert api.delete(f"/insights/boards/{board['id']}").status_code == 204
    assert api.get(f"/insights/boards/{board['id']}").status_code == 404
    actions = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"board.made", "board.card_added", "board.deleted"} <= actions
