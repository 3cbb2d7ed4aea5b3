import pytest

from yutang.customers.search_terms import MAX_TERM, MAX_TERMS, terms_asked, terms_of


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("林夏", "林夏"),
        ("林夏", "夏"),
        ("林小满", "小满"),
        ("欧阳 锋", "欧阳"),
        ("Alice Wong", "alice"),
        ("Alice Wong", "W"),
        ("Alice Wong", "wo"),
        ("Alice Wong", "ong"),
        ("ＶＩＰ客户", "vip"),
        ("王Lin", "lin"),
        ("Жанна", "жан"),
        ("김철수", "철수"),
        ("3号店 8折", "3"),
        ("😀林夏😀", "林夏"),
    ],
)
def test_a_name_is_found_by_its_parts(name, query):
    asked = terms_asked(query)
    assert asked
    assert set(asked) <= terms_of([name], [])


@pytest.mark.parametrize(("name", "query"), [("林夏", "夏林"), ("Alice", "lice x"), ("Alice", "li"), ("林夏", "王")])
def test_others_are_not(name, query):
    assert not set(terms_asked(query)) <= terms_of([name], [])


@pytest.mark.parametrize("query", ["13912345670", "+86 139 1234 5670", "5670", "1234-5670", "12345670"])
def test_a_phone_is_found_whole_or_by_its_tail(query):
    assert set(terms_asked(query)) <= terms_of([], ["+8613912345670"])


def test_a_query_of_signs_says_nothing():
    assert terms_asked("%_*?!，。") == []
    assert terms_asked("😀") == []


def test_terms_are_short_and_not_without_end():
    terms = terms_of(["长" * 5 + "".join(chr(0x4E00 + n) for n in range(3_000)), "x" * 500], ["+8613912345670"])
    assert len(terms) <= MAX_TERMS
    assert max(map(len, terms)) <= MAX_TERM
