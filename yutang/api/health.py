"""Whether this process can serve: for load balancers, `make run` and people who wonder."""

from typing import Literal

from django.db import Error, connection
from django.http import HttpRequest
from ninja import Router, Schema, Status

from yutang import __version__

router = Router(tags=["health"])


class Health(Schema):
    status: Literal["ok", "no_database"]
    database: str
    version: str


@router.get("/health", auth=None, response={200: Health, 503: Health})
def health(request: HttpRequest) -> Status[Health]:
    """200 when the database answers, else 503. Needs no sign-in."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            answers = cursor.fetchone() == (1,)
    except Error:
        answers = False
    found = Health(status="ok" if answers else "no_database", database=connection.vendor, version=__version__)
    return Status(200 if answers else 503, found)
