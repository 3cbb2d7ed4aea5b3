"""Reports over HTTP: figures, the people behind them, files, scope, and what they refuse."""

import csv
import io
from typing import get_args

import openpyxl
import pytest

from yutang.api.insight_shapes import ReportName
from yutang.api.tests.a_pond import at
from yutang.customers.models import Customer
from yutang.customers.services.ownership import apply_relation
from yutang.insights import cache
from yutang.kernel.actors import SYSTEM

MARCH = {"since": "2026-03-01", "until": "2026-03-31"}


@pytest.fixture(autouse=True)
def _forget():
    cache.forget()


def figures(answer) -> dict[str, float]:
    assert answer.status_code == 200, answer.content
    return {figure["key"]: figure["value"] for figure in answer.json()["figures"]}


def rows(answer) -> list[dict[str, object]]:
    assert answer.status_code == 200, answer.content
    table = answer.json()["answer"]
    return [dict(zip([column["key"] for column in table["columns"]], row, strict=True)) for row in table["rows"]]


def names(answer) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [row["name"] for row in answer.json()["items"]]


def test_the_dashboard_tells_the_month(api, pond):
    told = figures(api.get("/insights/dashboard", **MARCH))

    assert (told["gmv"], told["orders"], told["aov"], told["buyers"]) == (310_000, 5, 62_000, 3)
    assert (told["private_gmv"], told["public_gmv"], told["store_gmv"]) == (100_000, 210_000, 0)
    assert told["private_share"] == pytest.approx(100 / 310)
    assert told["repurchase_rate"] == pytest.approx(2 / 3)
    assert (told["new_customers"], told["new_contacts"], told["active"]) == (3, 3, 3)


def test_any_two_periods_are_compared(api, pond):
    later = {"since": "2026-03-03", "until": "2026-03-04"}
    answer = api.get("/insights/dashboard", **later, compare="before")
    told = {figure["key"]: (figure["value"], figure["before"]) for figure in answer.json()["figures"]}
    assert told["gmv"] == (60_000, 170_000)
    assert answer.json()["compared_period"] == {"since": "2026-03-01", "until": "2026-03-02"}

    other = api.get(
        "/insights/reports/sales", **later, compare="other", compare_since="2026-03-05", compare_until="2026-03-05"
    )
    assert sum(row[1] for row in other.json()["compared"]["rows"]) == 80_000
    half = api.get("/insights/reports/sales", **later, compare="other", compare_since="2026-03-05")
    assert (half.status_code, half.json()["code"]) == (422, "bad_input")


def test_a_viewer_sees_the_figures_of_their_own_people(guide, pond):
    told = figures(guide.get("/insights/dashboard", **MARCH))
    assert (told["gmv"], told["buyers"], told["new_customers"]) == (160_000, 1, 1)
    assert names(guide.get("/insights/people/buyers", **MARCH)) == ["=阿东()"]
    assert [row["sku"] for row in rows(guide.get("/insights/reports/products", **MARCH))] == ["fig"]


def test_every_number_leads_to_its_people(api, pond):
    assert names(api.get("/insights/people/buyers", **MARCH)) == ["=阿东()", "韩梅", "李雷"]
    assert names(api.get("/insights/people/buyers", **MARCH, field="private")) == ["韩梅", "李雷"]
    assert names(api.get("/insights/people/repurchasing", **MARCH)) == ["韩梅", "李雷"]
    assert names(api.get("/insights/people/times", **MARCH, reached=1)) == ["=阿东()"]
    assert names(api.get("/insights/people/product", **MARCH, sku="plum")) == ["韩梅", "李雷"]
    assert names(api.get("/insights/people/cohort", **MARCH, grain="day", cohort="2026-03-01", age=2)) == ["李雷"]
    steps = {"step": ["contact.added", "contact.lost"]}
    assert set(names(api.get("/insights/people/funnel", **MARCH, **steps, reached=1, stopped=True))) == {
        "李雷",
        "韩梅",
        "=阿东()",
    }


def test_people_come_in_pages(api, pond):
    first = api.get("/insights/people/buyers", **MARCH, limit=2).json()
    assert (len(first["items"]), first["total"]) == (2, {"count": 3, "exact": True})
    second = api.get("/insights/people/buyers", **MARCH, limit=2, cursor=first["next"]).json()
    assert ([row["name"] for row in second["items"]], second["next"]) == (["李雷"], None)
    assert api.get("/insights/people/buyers", **MARCH, cursor="nonsense").status_code == 422


REPORTS = get_args(ReportName)


@pytest.mark.parametrize("report", REPORTS)
def test_every_report_answers_a_full_pond_and_an_empty_one(api, report, request):
    empty = api.get(f"/insights/reports/{report}", **MARCH)
    assert empty.status_code == 200, empty.content
    request.getfixturevalue("pond")
    told = api.get(f"/insights/reports/{report}", **MARCH, compare="before")
    assert told.status_code == 200, told.content
    assert all(len(row) == len(told.json()["answer"]["columns"]) for row in told.json()["answer"]["rows"])
    for ending in ("csv", "xlsx"):
        assert api.get(f"/insights/reports/{report}/export.{ending}", **MARCH).status_code == 200


def test_cells_of_rfm_hold_the_people_they_count(api, pond):
    bounds = {"recency_days": [1, 2, 26, 27], "purchases": [2, 3, 4, 5], "spent_fen": [1, 2, 3, 100_000]}
    cells = rows(api.get("/insights/reports/rfm", **MARCH, **bounds))
    assert [(cell["r"], cell["f"], cell["m"], cell["people"]) for cell in cells] == [
        (1, 1, 5, 1),
        (1, 2, 4, 1),
        (3, 2, 5, 1),
    ]
    for cell in cells:
        asked = {letter: cell[letter] for letter in "rfm"}
        assert len(names(api.get("/insights/people/rfm", **MARCH, **bounds, **asked))) == cell["people"]
    by_kind = names(api.get("/insights/people/rfm", **MARCH, **bounds, kind="rescue"))
    assert by_kind == ["=阿东()", "韩梅", "李雷"]
    assert api.get("/insights/reports/rfm", **MARCH, quintiles=True).status_code == 200


def test_bounds_of_rfm_are_kept_and_uneven_ones_refused(api, pond):
    kept = {"recency_days": [7, 14, 30, 60], "purchases": [2, 3, 4, 5], "spent_fen": [1, 2, 3, 4]}
    assert api.put("/insights/rfm-bounds", kept).json() == kept
    assert api.get("/insights/rfm-bounds").json() == kept
    assert api.get("/insights/reports/rfm", **MARCH).json()["answer"]["notes"]["bounds"] == kept

    refused = api.put("/insights/rfm-bounds", kept | {"purchases": [2, 2, 4, 5]})
    assert (refused.status_code, refused.json()["code"], list(refused.json()["fields"])) == (
        422,
        "bad_input",
        ["purchases"],
    )
    assert api.get("/insights/rfm-bounds").json() == kept


def test_the_field_of_a_source_is_guessed_until_somebody_decides(api, pond):
    sources = {row["name"]: (row["field"], row["guessed"]) for row in api.get("/insights/order-sources").json()}
    assert sources == {"天猫旗舰店": ("public", "public"), "小程序商城": ("private", "private")}

    api.put(f"/insights/order-sources/{pond['mini'].pk}", {"field": "store"})
    told = figures(api.get("/insights/dashboard", **MARCH))
    assert (told["private_gmv"], told["store_gmv"]) == (20_000, 80_000)
    assert api.put("/insights/order-sources/999", {"field": "store"}).status_code == 404


def test_an_answer_is_new_as_soon_as_something_happened(api, pond):
    assert figures(api.get("/insights/dashboard", **MARCH))["new_contacts"] == 3
    stranger = Customer.objects.create(name="新人", source="wecom", created_at=at(9), updated_at=at(9))
    apply_relation(stranger, pond["lan"], "mutual", at=at(9), by=SYSTEM)
    assert figures(api.get("/insights/dashboard", **MARCH))["new_contacts"] == 4


def test_files_run_no_formula(api, pond):
    answer = api.get("/insights/reports/buyers/export.csv", **MARCH)
    told = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert told[1][:2] == ["'=阿东()", "1600.0"]

    book = openpyxl.load_workbook(io.BytesIO(api.get("/insights/reports/buyers/export.xlsx", **MARCH).content))
    cell = book.active["A2"]
    assert (cell.value, cell.data_type) == ("=阿东()", "s") or cell.data_type == "inlineStr"
    assert book.active["B2"].value == 1600
    people = openpyxl.load_workbook(io.BytesIO(api.get("/insights/people/buyers/export.xlsx", **MARCH).content))
    assert [people.active.cell(row, 2).value for row in (2, 3, 4)] == ["=阿东()", "韩梅", "李雷"]


def test_guides_export_nothing_and_edit_nothing(guide, pond):
    for path in ("/insights/reports/buyers/export.csv", "/insights/people/buyers/export.csv"):
        assert guide.get(path, **MARCH).json()["code"] == "not_allowed"
    assert guide.put(f"/insights/order-sources/{pond['mini'].pk}", {"field": "store"}).status_code == 403


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"since": "2026-03-31", "until": "2026-03-01"}, "bad_input"),
        ({"since": "1992-01-01", "until": "2099-03-01", "grain": "month"}, "period_too_long"),
        ({"since": "2020-01-01", "until": "2026-03-01", "grain": "day"}, "too_many_steps"),
        (MARCH | {"step": ["a", "b"], "window": 1}, "bad_input"),
        (MARCH | {"compare": "other"}, "bad_input"),
        (
            {
                "since": "2025-01-01",
                "until": "2026-03-01",
                "grain": "day",
                "compare": "other",
                "compare_since": "2010-01-01",
                "compare_until": "2025-01-01",
            },
            "too_many_steps",
        ),
    ],
)
def test_questions_without_an_answer_are_refused(api, pond, asked, code):
    answer = api.get("/insights/reports/sales", **asked)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_the_span_of_orders_is_that_of_the_viewers_own(api, guide, pond):
    assert api.get("/insights/span").json() == {"since": "2026-03-01", "until": "2026-03-05"}
    assert guide.get("/insights/span").json() == {"since": "2026-03-02", "until": "2026-03-02"}


def test_every_figure_has_words_in_both_languages(api, make_account, api_for):
    english = api.get("/insights/definitions").json()
    chinese = api_for(make_account("laoban"), language="zh").get("/insights/definitions").json()
    assert [each["key"] for each in english["definitions"]] == [each["key"] for each in chinese["definitions"]]
    for en, zh in zip(english["definitions"], chinese["definitions"], strict=True):
        assert all(en[part] and zh[part] and en[part] != zh[part] for part in ("name", "sentence", "formula"))
    assert [(band["low"], band["high"]) for band in english["bands"]] == [(0.10, 0.15), (0.30, 0.40), (0.80, 1.00)]
