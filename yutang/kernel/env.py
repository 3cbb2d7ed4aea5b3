"""Reading configuration from the environment, with types, defaults and errors that name the variable."""

import os
from pathlib import Path
from urllib.parse import ParseResult, parse_qs, unquote, urlparse


class BadSetting(ValueError):
    """An environment variable holds something the product cannot use."""


def text(name: str, default: str = "") -> str:
    return os.environ.get(name) or default


def integer(name: str, default: int) -> int:
    raw = os.environ.get(name)
    if not raw:
        return default
    try:
        return int(raw)
    except ValueError:
        raise BadSetting(f"{name} must be a whole number, not {raw!r}.") from None


def flag(name: str, default: bool = False) -> bool:
    raw = os.environ.get(name)
    if not raw:
        return default
    if raw.lower() in {"1", "true", "yes", "on"}:
        return True
    if raw.lower() in {"0", "false", "no", "off"}:
        return False
    raise BadSetting(f"{name} must be yes or no, not {raw!r}.")


def folder(name: str, default: str) -> Path:
    return Path(text(name, default)).expanduser().resolve()


def database(url: str, home: Path) -> dict[str, object]:
    """Django's database entry for a URL; an empty URL means the embedded SQLite file in `home`."""
    if not url:
        return _sqlite(home / "yutang.sqlite3")
    parts = urlparse(url)
    if parts.scheme == "sqlite":
        return _sqlite(Path(unquote(parts.path)))
    if parts.scheme in {"postgres", "postgresql"}:
        return _postgres(parts)
    raise BadSetting(f"DATABASE_URL must begin with postgresql:// or sqlite:///, not {parts.scheme!r}.")


def _sqlite(path: Path) -> dict[str, object]:
    # FULL: an answered callback or accepted event must survive a power cut, not only a killed process.
    pragmas = (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-8000; "
        "PRAGMA temp_store=MEMORY; PRAGMA wal_autocheckpoint=4000; PRAGMA mmap_size=268435456;"
    )
    return {
        "ENGINE": "yutang.kernel.sqlite",
        "NAME": str(path),
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 30, "init_command": pragmas},
        "CONN_MAX_AGE": None,
        "TEST": {"NAME": str(path.with_suffix(".test.sqlite3"))},  # a file: tests with threads share it
    }


def _postgres(parts: ParseResult) -> dict[str, object]:
    query = parse_qs(parts.query)  # a socket's folder comes as ?host=/path
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "yutang",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host", [unquote(parts.hostname or "")])[0],
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
    }
