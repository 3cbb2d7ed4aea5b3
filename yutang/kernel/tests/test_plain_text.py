import pytest
from hypothesis import given
from hypothesis import strategies as st

from yutang.kernel.plain_text import lines, one_line


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        (None, ""),
        ("  林夏\t\r\n ok ", "林夏 ok"),
        ("a\x00b\x07c", "abc"),
        ("\u202egnp.exe", "gnp.exe"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("half \ud800 and whole \ud83d\ude00", "half and whole 😀"),
        ("<b>&amp;", "<b>&amp;"),
        ("👨‍👩‍👧", "👨‍👩‍👧"),
        ("e\u0301", "é"),
    ],
)
def test_a_line_is_tidied(raw, kept):
    assert one_line(raw, 200) == kept


def test_a_long_text_is_cut_without_half_a_family():
    assert one_line("长" * 65_536, 200) == "长" * 200
    assert one_line("ab👨‍👩", 4) == "ab👨"
    assert lines("a\r\nb\u2028c  d\n\n", 100) == "a\nb\nc d"


@given(st.text(alphabet=st.characters(codec=None), max_size=300), st.integers(1, 50))
def test_whatever_comes_can_be_stored(raw, limit):
    tidy = one_line(raw, limit)
    assert len(tidy) <= limit
    assert "\n" not in tidy
    assert "\x00" not in tidy
    tidy.encode()
    assert one_line(tidy, limit) == tidy
