"""Every write leaves an entry in the audit log. Runs last, and judges what the other tests of this folder did."""

import pytest

from yutang.api.main import api
from yutang.api.tests import trail

# Writes in form only: nothing of the merchant's changes.
LEAVES_NOTHING = {
    ("POST", "api/welcomes/preview"): "shows how a welcome would read",
    ("POST", "api/segments/preview"): "tries a rule",
    ("POST", "api/corps/<corp_id>/check"): "asks WeCom whether the connection works",
    ("POST", "api/live-codes/<int:code_id>/apply"): "tells WeCom again what was decided before",
    ("POST", "callbacks/wecom/<str:public_id>"): "WeCom speaks, not a person; the inbox keeps it word for word",
}

# Tried beside the code they belong to, because they need the far end or a file.
TRIED_ELSEWHERE = ("api/corps", "api/sync-runs", "api/inbox", "api/imports", "api/customer-codes")


def writing_endpoints() -> set[trail.Endpoint]:
    return {
        (method, "api" + path.replace("{int:", "<int:").replace("{", "<").replace("}", ">"))
        for _prefix, router in api._routers
        for path, view in router.path_operations.items()
        for operation in view.operations
        for method in operation.methods
        if method != "GET"
    }


def test_every_write_left_an_audit_entry():
    if not trail.succeeded:
        pytest.skip("Nothing was watched: run this with the other tests of the folder.")
    silent = [each for each, times in trail.succeeded.items() if times and not trail.audited[each]]
    assert [each for each in silent if each not in LEAVES_NOTHING] == []


def test_every_write_was_tried(request):
    modules = {item.path.name for item in request.session.items}
    here = {path.name for path in request.path.parent.glob("test_*.py")}
    if not here <= modules:
        pytest.skip("Only a part of the folder was run.")
    known = set(trail.succeeded) | set(LEAVES_NOTHING)
    untried = [each for each in sorted(writing_endpoints() - known) if not each[1].startswith(TRIED_ELSEWHERE)]
    assert not untried, "\n".join(map(" ".join, untried))
