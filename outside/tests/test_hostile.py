"""Requests that mean no good: whatever comes, the answer is an errcode, never a broken server."""

from __future__ import annotations

import random
from typing import Any

import pytest

from outside import server  # noqa: F401  registers the table of APIs
from outside.endpoints import ENDPOINTS
from outside.testing import SYNC_SECRET, OutsideServer

_ODD: list[Any] = [
    *(None, "", " ", 0, -1, 2**31, 2**63, 2**70, 1.5, True, [], {}, [[]], [None], [{}], {"": ""}),
    *("\u202e", "\0", "<script>alert(1)</script>", "../../x", "1|2", "a" * 64, "鱼" * 70_000, ["x"] * 2000),
    *({"content": 1}, {"content": ["x"]}),
]


@pytest.mark.parametrize("path", sorted(p for p, e in ENDPOINTS.items() if e.verb in ("GET", "POST")))
def test_odd_values_are_answered(shop: OutsideServer, path: str) -> None:
    chance = random.Random(path)
    endpoint = ENDPOINTS[path]
    token = shop.token(secret=SYNC_SECRET) if endpoint.grant == "contacts" else shop.token()
    names = [param.name for param in endpoint.params] + ["text", "link", "news", "template_card", "extra"]
    for _ in range(40):
        body = {name: chance.choice(_ODD) for name in names if chance.random() < 0.8}
        if endpoint.verb == "GET":
            query = {k: str(v)[:500] for k, v in body.items() if v is not None}
            response = shop.http.get(f"/cgi-bin/{path}", params={**query, "access_token": token})
        else:
            response = shop.http.post(f"/cgi-bin/{path}", params={"access_token": token}, json=body)
        assert response.status_code == 200
        assert response.json()["errcode"] != -1, body


def test_lone_surrogates_and_depth(shop: OutsideServer) -> None:
    for body in (b'{"remark": "\\ud800"}', b'{"a":' * 2000 + b"1" + b"}" * 2000, b'{"a": NaN}'):
        response = shop.http.post(
            "/cgi-bin/externalcontact/remark", params={"access_token": shop.token()}, content=body
        )
        assert response.json()["errcode"] == 40058
