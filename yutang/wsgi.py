"""What the web server runs."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yutang.settings")

from django.core.wsgi import get_wsgi_application

from yutang.kernel.parentage import when_orphaned
from yutang.lake import warming

# The server's main process may be killed outright; what it started must then free the port.
when_orphaned(lambda: os._exit(0))

warming.allow()

application = get_wsgi_application()
