"""What the web server runs."""

import os
from collections.abc import Iterable
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yutang.settings")

from django.core.wsgi import get_wsgi_application

from yutang.kernel import memory
from yutang.kernel.parentage import when_orphaned
from yutang.lake import warming

# The server's main process may be killed outright; what it started must then free the port. Whoever else imports this
# module, such as a test, is nobody's web process and must not be ended with its parent.
if os.environ.get("YUTANG_SERVER_PID"):
    when_orphaned(lambda: os._exit(0))

warming.allow()

_product = get_wsgi_application()

from django.db.models.sql import compiler as _compiler  # noqa: E402, F401  (Django loads it with the first question)
from django.urls import get_resolver  # noqa: E402

from yutang.api.collect import PREFIX, collect  # noqa: E402  (needs Django to be set up)

# Now and not with the first request: of many that come at once none has to wait for what one start can do.
get_resolver().url_patterns  # noqa: B018
memory.settle()


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Events from outside by their own short way, everything else through Django."""
    if environ["PATH_INFO"].startswith(PREFIX):
        return collect(environ, start_response)
    return _product(environ, start_response)
