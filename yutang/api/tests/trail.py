"""Watches which writing endpoints succeed during the tests of this folder, and which of them leave an audit entry."""

from collections import Counter
from collections.abc import Callable

from django.db.models.signals import post_save
from django.http import HttpRequest, HttpResponse

from yutang.kernel.models import AuditEntry

Endpoint = tuple[str, str]  # method and route, as in ("POST", "api/members/move")

succeeded: Counter[Endpoint] = Counter()
audited: Counter[Endpoint] = Counter()
_entries = 0


class Watch:
    """A middleware for tests. It counts by signal, so it adds no queries to those a test counts."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        before = _entries
        response = self.get_response(request)
        match = request.resolver_match
        if request.method in {"POST", "PUT", "PATCH", "DELETE"} and match and 200 <= response.status_code < 300:
            endpoint = (request.method, match.route)
            succeeded[endpoint] += 1
            audited[endpoint] += _entries > before
        return response


def _note(sender: object, **_: object) -> None:
    global _entries
    _entries += 1


post_save.connect(_note, sender=AuditEntry)
