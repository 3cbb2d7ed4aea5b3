"""Secrets at rest: a text column whose content is encrypted with the installation's key."""

import base64
import hashlib
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.db import models


@lru_cache(maxsize=4)
def _box(secret_key: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"yutang-secrets" + secret_key.encode()).digest()))


class SecretUnreadable(Exception):
    """A stored secret was written under another secret.key; it must be entered again."""


def seal(plain: str) -> str:
    return _box(settings.SECRET_KEY).encrypt(plain.encode()).decode() if plain else ""


def unseal(sealed: str) -> str:
    """The plain text. Raises SecretUnreadable when the key has changed since it was sealed."""
    if not sealed:
        return ""
    try:
        return _box(settings.SECRET_KEY).decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise SecretUnreadable("This secret was stored under another secret.key; enter it again.") from None


class SecretField(models.TextField):
    """A text column, plain in Python and encrypted in the database. It cannot be searched."""

    def from_db_value(self, value: str | None, *_: object) -> str:
        return unseal(value or "")

    def get_prep_value(self, value: str | None) -> str:
        return seal(value or "")
