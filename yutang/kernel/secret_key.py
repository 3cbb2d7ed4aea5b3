"""The installation's master secret, behind sessions and stored secrets: a file in YUTANG_HOME, or YUTANG_SECRET_KEY."""

import os
import secrets
from pathlib import Path


def load_secret_key(home: Path) -> str:
    """The secret from the environment or `home/secret.key`, made on first use and readable by its owner only.

    Two processes may start at once on a new home: the file is linked into place, so the first wins and both read it.
    """
    if from_environment := os.environ.get("YUTANG_SECRET_KEY"):
        return from_environment
    path = home / "secret.key"
    if not path.exists():
        draft = home / f".secret.key.{os.getpid()}.{secrets.token_hex(4)}"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()
