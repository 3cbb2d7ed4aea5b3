"""Limits on repeated attempts, counted in the database so that they hold across processes and restarts."""

import math
from datetime import timedelta

from django.db import connection

from yutang.kernel import clock
from yutang.kernel.errors import TooMany
from yutang.kernel.models import Attempts

_TAKE = """
INSERT INTO kernel_attempts (key, count, window_ends_at) VALUES (%s, 1, %s)
ON CONFLICT (key) DO UPDATE SET
  count = CASE WHEN kernel_attempts.window_ends_at <= %s THEN 1 ELSE kernel_attempts.count + 1 END,
  window_ends_at = CASE WHEN kernel_attempts.window_ends_at <= %s THEN excluded.window_ends_at
                        ELSE kernel_attempts.window_ends_at END
RETURNING count, window_ends_at
"""


def take_attempt(key: str, *, limit: int, per: timedelta) -> None:
    """Count one attempt under `key`. Raises TooMany, with the seconds left, beyond `limit` in the window."""
    now = clock.now()
    adapt = connection.ops.adapt_datetimefield_value
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [key[:200], adapt(now + per), adapt(now), adapt(now)])
        count = cursor.fetchone()[0]
    if count > limit:
        ends = Attempts.objects.values_list("window_ends_at", flat=True).get(key=key[:200])
        raise TooMany(retry_after_seconds=max(1, math.ceil((ends - now).total_seconds())))


def forget_attempts(key: str) -> None:
    Attempts.objects.filter(key=key[:200]).delete()
