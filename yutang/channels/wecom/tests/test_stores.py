"""What processes share: tokens fetched once by all of them, and lock-outs that hold for all."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from yutang.channels.wecom.connection import client_for, forget_process_state
from yutang.channels.wecom.models import TokenRow
from yutang.channels.wecom.stores import FETCH_LEASE, DatabaseBlocks, DatabaseTokens
from yutang.channels.wecom.tokens import Token, usable_token
from yutang.kernel import clock


def tokens_issued(shop) -> int:
    return len([call for call in shop.outside.control("GET", "calls") if "gettoken" in str(call["path"])])


@pytest.mark.django_db(transaction=True)
def test_many_processes_fetch_one_token() -> None:
    """Each thread has a store and a connection of its own, as a process has."""
    fetched: list[Token] = []
    start = threading.Barrier(6)

    def fetch() -> Token:
        token = Token(f"token-{len(fetched)}", clock.now() + timedelta(hours=2))
        fetched.append(token)
        return token

    def work(_: int) -> str:
        try:
            start.wait()
            return usable_token(DatabaseTokens(), "corp/app", fetch, now=clock.now).value
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        values = set(pool.map(work, range(6)))
    assert (values, len(fetched)) == ({"token-0"}, 1)


@pytest.mark.django_db
def test_the_lease_of_a_process_that_died_fetching_runs_out():
    TokenRow.objects.create(key="corp/app", fetching_until=clock.now() + FETCH_LEASE, fetching_by="the dead")
    with clock.shifted(FETCH_LEASE + timedelta(seconds=1)):
        token = Token("fresh", clock.now() + timedelta(hours=2))
        assert usable_token(DatabaseTokens(), "corp/app", lambda: token, now=clock.now) == token
    row = TokenRow.objects.get()
    assert (row.value, row.fetching_until) == ("fresh", None)


@pytest.mark.django_db
def test_a_token_is_encrypted_at_rest_and_survives_a_restart(shop):
    client_for(shop.app).follow_users()
    with connection.cursor() as cursor:
        cursor.execute("SELECT value FROM wecom_tokenrow WHERE expires_at IS NOT NULL")
        (stored,) = cursor.fetchone()
    assert client_for(shop.app).token() not in stored

    issued = tokens_issued(shop)
    forget_process_state()
    client_for(shop.app).follow_users()
    assert tokens_issued(shop) == issued


@pytest.mark.django_db
def test_a_token_wecom_ended_early_is_replaced_for_everybody(shop):
    client_for(shop.app).follow_users()
    before = client_for(shop.app).token()
    shop.outside.control("POST", f"apps/{shop.app.corp.wecom_corpid}/{shop.app.agent_id}/expire_tokens", {})
    assert client_for(shop.app).follow_users() == ["ZhangSan", "lisi", "wangwu"]

    forget_process_state()
    issued = tokens_issued(shop)
    client_for(shop.app).follow_users()
    assert tokens_issued(shop) == issued
    assert client_for(shop.app).token() != before


@pytest.mark.django_db
def test_a_lockout_holds_for_other_processes_too():
    until = clock.now() + timedelta(minutes=1)
    DatabaseBlocks().block("corp/user/get", until)
    assert DatabaseBlocks().blocked_until("corp/user/get") == until
    assert DatabaseBlocks().blocked_until("corp/user/list") is None
