"""Secrets at rest: a text column whose content is encrypted with the installation's key."""

import base64
import hashlib
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.db import models

from yutang.kernel.errors import DomainError
from yutang.kernel.language import Text


@lru_cache(maxsize=4)
def _box(secret_key: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"yutang-secrets" + secret_key.encode()).digest()))


class SecretUnreadable(DomainError):
    """A stored secret was written under another secret.key."""

    code, status = "secret_unreadable", 409
    text = Text("已保存的密钥无法解密：secret.key 已更换。", "A stored secret cannot be read: secret.key has changed.")
    advice = Text(
        "恢复原来的 secret.key 后重新启动，或者重新填写密钥。",
        "Put the old secret.key back and restart, or enter the secret again.",
    )


def seal(plain: str) -> str:
    return _box(settings.SECRET_KEY).encrypt(plain.encode()).decode() if plain else ""


def unseal(sealed: str) -> str:
    """The plain text. Raises SecretUnreadable when the key has changed since it was sealed."""
    if not sealed:
        return ""
    try:
        return _box(settings.SECRET_KEY).decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise SecretUnreadable from None


class SecretField(models.TextField):
    """A text column, plain in Python and encrypted in the database. It cannot be searched."""

    def from_db_value(self, value: str | None, *_: object) -> str:
        return unseal(value or "")

    def get_prep_value(self, value: str | None) -> str:
        return seal(value or "")
