import pytest

from yutang.channels.wecom.errcodes import MEANINGS, PAGES, Reaction, meaning_of
from yutang.channels.wecom.errors import WeComError, WeComRateLimited, advice_for

DOCUMENTED = """-1 6000 40001 40013 40014 40056 40058 40063 40033 40035 40091 40206 40203 41001 41002 41004 41011 42001
42009 45009 45029 45031 45033 48001 48002 48003 48004 48005 48006 48007 48008 48009 50002 50003 50006 50100 60011 60020
60021 60030 60031 81012 81017 81026 301002 301007 301021 301039 701008 40003 40031 40032 40066 40096 40128 40143 41037
41044 41050 41051 41053 41054 41096 84061 84074 84084 40068 40071 40126 81011 40007 81013 -40001 -40005 -40011 -31020"""


def test_every_code_has_words_in_both_languages_and_configuration_faults_name_a_page():
    assert len(MEANINGS) > 300
    for code, meaning in MEANINGS.items():
        assert all(meaning.text), code
        assert all(advice_for(code)), code
    without_page = {c for c, m in MEANINGS.items() if m.reaction is Reaction.CONFIGURATION and m.page is None}
    assert without_page == {48005, 93000, 93004, 93006, 93008}


@pytest.mark.parametrize("code", DOCUMENTED.split())
def test_the_codes_of_the_fact_sheet_are_known(code):
    assert int(code) in MEANINGS


def test_a_rejected_address_names_the_trusted_ip_page():
    error = WeComError(
        60020,
        "not allow to access from your ip, hint: [1700000000_1_00000000000000000000000000000000], from ip: 203.0.113.9",
        endpoint="externalcontact/list",
    )
    assert error.hint == "1700000000_1_00000000000000000000000000000000"
    assert error.page == PAGES["ip"]
    assert error.page.zh == "企业微信管理后台 → 应用管理 → 自建应用 → 企业可信IP"
    assert not error.can_retry
    assert "可信 IP" in error.advice.zh
    assert "trusted IPs" in error.advice.en


def test_an_unknown_code_is_explained_as_unknown_and_not_retried():
    error = WeComError(987654, "something new", endpoint="user/get")
    assert (error.reaction, error.can_retry, error.page) == (Reaction.BAD_REQUEST, False, None)
    assert "未收录" in error.said.zh


def test_a_rate_limit_can_be_retried_later():
    error = WeComRateLimited("api freq out of limit", endpoint="user/get", retry_after=60)
    assert (error.errcode, error.can_retry, error.retry_after) == (45009, True, 60)
    assert meaning_of(45009).reaction is Reaction.WAIT
