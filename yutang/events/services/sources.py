"""Sources of events: making, changing, and new write keys for them."""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import timedelta
from urllib.parse import urlsplit

from django.db import transaction

from yutang.customers.models import IdentityKind
from yutang.events.collecting.sources import forget_senders, hash_of
from yutang.events.models import EventSource, SourceKind
from yutang.kernel import clock
from yutang.kernel.actors import Actor
from yutang.kernel.audit import audit
from yutang.kernel.errors import BadInput
from yutang.kernel.language import Text
from yutang.kernel.plain_text import one_line

DEFAULT_RATE = 1_000
MAX_RATE = 1_000_000
MAX_ORIGINS = 50
OLD_KEY_LIVES = timedelta(hours=24)
_ISSUER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.\-]{0,63}")


@dataclass(frozen=True)
class SourceDraft:
    """What a source is to be. `issuer` and `user_id_kind` are for ever: ids already known hang on them."""

    name: str
    kind: SourceKind
    issuer: str
    user_id_kind: IdentityKind = IdentityKind.MEMBER_NO
    allowed_origins: Sequence[str] = ()
    rate_per_second: int = DEFAULT_RATE
    trusts_traits: bool | None = None  # None: where the key is secret
    consent_category: str = "analytics"


@dataclass(frozen=True)
class SourceChange:
    """What to change; None leaves a thing as it is."""

    name: str | None = None
    allowed_origins: Sequence[str] | None = None
    rate_per_second: int | None = None
    trusts_traits: bool | None = None
    consent_category: str | None = None
    is_enabled: bool | None = None


@transaction.atomic
def create_source(draft: SourceDraft, *, by: Actor) -> EventSource:
    """A new source with a write key of its own. Raises BadInput."""
    if not _ISSUER.fullmatch(draft.issuer):
        problem = Text(
            "标识域只能用字母、数字、点、横线和下划线，最多 64 个字符。",
            "An issuer is letters, digits, dots, dashes and underscores, 64 at most.",
        )
        raise BadInput(problem, fields={"issuer": "malformed"})
    now, key = clock.now(), new_key()
    trusts = draft.kind == SourceKind.SERVER if draft.trusts_traits is None else draft.trusts_traits
    source = EventSource(
        kind=SourceKind(draft.kind),
        issuer=draft.issuer,
        user_id_kind=IdentityKind(draft.user_id_kind),
        write_key=key,
        key_hash=hash_of(key),
        trusts_traits=trusts,
        created_at=now,
        created_by=by.name[:200],
        updated_at=now,
    )
    _fill(source, draft.name, draft.allowed_origins, draft.rate_per_second, draft.consent_category)
    source.save()
    audit("event_source.created", by=by, subject_kind="event_source", subject_id=source.pk, name=source.name)
    return source


@transaction.atomic
def change_source(source: EventSource, change: SourceChange, *, by: Actor) -> EventSource:
    """Raises BadInput."""
    row = EventSource.objects.select_for_update().get(pk=source.pk)
    _fill(
        row,
        row.name if change.name is None else change.name,
        row.allowed_origins if change.allowed_origins is None else change.allowed_origins,
        row.rate_per_second if change.rate_per_second is None else change.rate_per_second,
        row.consent_category if change.consent_category is None else change.consent_category,
    )
    row.trusts_traits = row.trusts_traits if change.trusts_traits is None else change.trusts_traits
    row.is_enabled = row.is_enabled if change.is_enabled is None else change.is_enabled
    row.updated_at = clock.now()
    row.save()
    changed = [field.name for field in fields(change) if getattr(change, field.name) is not None]
    audit("event_source.changed", by=by, subject_kind="event_source", subject_id=row.pk, changed=changed)
    transaction.on_commit(forget_senders)
    return row


@transaction.atomic
def rotate_key(source: EventSource, *, by: Actor, at_once: bool = False) -> EventSource:
    """A new write key. The old one is good for a day more, so that nothing is lost meanwhile, unless `at_once`."""
    row = EventSource.objects.select_for_update().get(pk=source.pk)
    now, key = clock.now(), new_key()
    row.old_key_hash, row.old_key_until = ("", None) if at_once else (row.key_hash, now + OLD_KEY_LIVES)
    row.write_key, row.key_hash, row.updated_at = key, hash_of(key), now
    row.save(update_fields=["old_key_hash", "old_key_until", "write_key", "key_hash", "updated_at"])
    audit("event_source.key_rotated", by=by, subject_kind="event_source", subject_id=row.pk, at_once=at_once)
    transaction.on_commit(forget_senders)
    return row


def reveal_key(source: EventSource, *, by: Actor) -> str:
    """The write key, to be put into a page or a server; on record."""
    audit("event_source.key_revealed", by=by, subject_kind="event_source", subject_id=source.pk)
    return source.write_key


def new_key() -> str:
    return "yt_" + secrets.token_urlsafe(24)


def _fill(source: EventSource, name: str, origins: Sequence[str], rate: int, category: str) -> None:
    source.name = one_line(name, 100)
    if not source.name:
        raise BadInput(Text("请填写名称。", "Give it a name."), fields={"name": "empty"})
    if not 1 <= rate <= MAX_RATE:
        problem = Text(f"每秒事件数应在 1 到 {MAX_RATE} 之间。", f"The rate is 1 to {MAX_RATE} events a second.")
        raise BadInput(problem, fields={"rate_per_second": "out_of_range"})
    source.rate_per_second = rate
    source.allowed_origins = _origins(origins)
    source.consent_category = one_line(category, 64) or "analytics"


def _origins(given: Sequence[str]) -> list[str]:
    """As browsers send them: scheme, host and port, in small letters."""
    origins = [each for each in (one_line(origin, 300).rstrip("/").lower() for origin in given) if each]
    for origin in origins:
        parts = urlsplit(origin)
        if parts.scheme not in ("http", "https") or not parts.hostname or origin != f"{parts.scheme}://{parts.netloc}":
            problem = Text(
                f"来源网页应写作 https://主机名[:端口]，不是 {origin}。",
                f"An origin is https://host[:port], not {origin}.",
            )
            raise BadInput(problem, fields={"allowed_origins": "malformed"})
    return list(dict.fromkeys(origins))[:MAX_ORIGINS]
