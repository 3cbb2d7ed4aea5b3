"""Why a callback was refused, in the numbering of WeCom's official callback library (doc 90968)."""

from typing import ClassVar


class CallbackRefused(Exception):
    """A callback that is not believed or cannot be read. `code` is the official library's return code."""

    code: ClassVar[int] = 0
    name: ClassVar[str] = "callback_refused"

    def __init__(self, reason: str) -> None:
        super().__init__(f"{self.name} ({self.code}): {reason}")
        self.reason = reason


class SignatureMismatch(CallbackRefused):
    code, name = -40001, "signature_mismatch"


class UnreadableBody(CallbackRefused):
    """The posted envelope or the decrypted text is neither XML nor JSON, or is larger than we accept."""

    code, name = -40002, "unreadable_body"


class IllegalAesKey(CallbackRefused):
    code, name = -40004, "illegal_aes_key"


class ReceiveIdMismatch(CallbackRefused):
    """Encrypted for another corp: a genuine message of somebody else, or a wrongly configured corp id."""

    code, name = -40005, "receive_id_mismatch"


class DecryptFailed(CallbackRefused):
    code, name = -40007, "decrypt_failed"


class IllegalBuffer(CallbackRefused):
    """Decrypted, but what came out has no sensible padding or length."""

    code, name = -40008, "illegal_buffer"


class IllegalBase64(CallbackRefused):
    code, name = -40010, "illegal_base64"
