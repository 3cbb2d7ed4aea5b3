"""The encryption of callbacks (WXBizMsgCrypt): AES-256-CBC with 32-byte PKCS#7 blocks, signed with SHA-1."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import secrets
import struct

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK = 32  # bytes; the cipher's own block of 16 is not used for padding
SIGNATURE_WRONG, BAD_KEY, RECEIVER_WRONG, CANNOT_DECRYPT, BAD_BUFFER, BAD_BASE64 = (
    -40001,
    -40004,
    -40005,
    -40007,
    -40008,
    -40010,
)
_KEY = re.compile(r"[A-Za-z0-9]{43}")


class CryptoError(Exception):
    """A packet that cannot be opened; `code` is that of the official library."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(f"{message} ({code})")
        self.code = code


def signature(*values: str) -> str:
    """Of a callback: the SHA-1, in hex, of token, timestamp, nonce and ciphertext, sorted and joined."""
    return hashlib.sha1("".join(sorted(values)).encode()).hexdigest()


def jsapi_signature(ticket: str, nonce: str, timestamp: str, url: str) -> str:
    text = f"jsapi_ticket={ticket}&noncestr={nonce}&timestamp={timestamp}&url={url}"
    return hashlib.sha1(text.encode()).hexdigest()


def new_aes_key() -> str:
    """A fresh EncodingAESKey: 43 letters and digits."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    return "".join(secrets.choice(alphabet) for _ in range(43))


class MessageCrypt:
    """Packets between one corp (`receive_id`) and one callback address.

    Raises CryptoError(-40004) when the key is not 43 letters and digits.
    """

    def __init__(self, token: str, encoding_aes_key: str, receive_id: str) -> None:
        if not _KEY.fullmatch(encoding_aes_key):
            raise CryptoError(BAD_KEY, "EncodingAESKey must be 43 letters and digits")
        # 43 characters carry 258 bits: the two spare ones may be set, and the lenient decoder drops them
        self._key = binascii.a2b_base64(encoding_aes_key + "=")
        self._token = token
        self._receive_id = receive_id

    def _cipher(self) -> Cipher[modes.CBC]:
        return Cipher(algorithms.AES(self._key), modes.CBC(self._key[:16]))

    def sign(self, timestamp: str, nonce: str, encrypted: str) -> str:
        return signature(self._token, timestamp, nonce, encrypted)

    def encrypt(self, message: str, random16: bytes | None = None) -> str:
        body = message.encode()
        plain = (random16 or secrets.token_bytes(16)) + struct.pack(">I", len(body)) + body + self._receive_id.encode()
        padding = BLOCK - len(plain) % BLOCK
        encryptor = self._cipher().encryptor()
        return base64.b64encode(encryptor.update(plain + bytes([padding]) * padding) + encryptor.finalize()).decode()

    def decrypt(self, encrypted: str) -> str:
        """The message inside. Raises CryptoError naming what is wrong with the packet."""
        try:
            sealed = base64.b64decode(encrypted, validate=True)
        except (binascii.Error, ValueError) as error:
            raise CryptoError(BAD_BASE64, "not base64") from error
        if not sealed or len(sealed) % 16:
            raise CryptoError(CANNOT_DECRYPT, "not whole blocks")
        decryptor = self._cipher().decryptor()
        plain = decryptor.update(sealed) + decryptor.finalize()
        padding = plain[-1] if 1 <= plain[-1] <= BLOCK else 0
        content = plain[16 : len(plain) - padding]
        if len(content) < 4:
            raise CryptoError(BAD_BUFFER, "too short")
        (length,) = struct.unpack(">I", content[:4])
        if length > len(content) - 4:
            raise CryptoError(BAD_BUFFER, "length beyond the end")
        if content[4 + length :].decode(errors="replace") != self._receive_id:
            raise CryptoError(RECEIVER_WRONG, "meant for another receiver")
        try:
            return content[4 : 4 + length].decode()
        except UnicodeDecodeError as error:
            raise CryptoError(BAD_BUFFER, "not UTF-8") from error

    def open(self, msg_signature: str, timestamp: str, nonce: str, encrypted: str) -> str:
        """Check the signature, then decrypt."""
        if self.sign(timestamp, nonce, encrypted) != msg_signature:
            raise CryptoError(SIGNATURE_WRONG, "signature does not match")
        return self.decrypt(encrypted)
