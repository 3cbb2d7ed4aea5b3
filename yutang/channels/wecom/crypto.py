"""The envelope round every callback (WXBizMsgCrypt): SHA-1 over sorted values, AES-256-CBC padded to 32 bytes.

An envelope holds 16 random bytes, the message's length as four big-endian bytes, the message, and the receive id
(the corp id for a corp's own apps). The random bytes differ in every re-send, so equality is only ever of plain texts.
"""

import base64
import binascii
import hashlib
import hmac
import json
import re
import secrets
import struct
from dataclasses import dataclass
from xml.sax.saxutils import escape

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from yutang.channels.wecom.callback_errors import (
    DecryptFailed,
    IllegalAesKey,
    IllegalBase64,
    IllegalBuffer,
    ReceiveIdMismatch,
    SignatureMismatch,
    UnreadableBody,
)
from yutang.channels.wecom.payload import MAX_BODY_BYTES, read_fields

PADDING_BLOCK = 32  # bytes; twice the cipher's own block, so the library's padding cannot be used
RANDOM_PREFIX = 16  # bytes
LENGTH_FIELD = 4  # bytes
AES_KEY_CHARS = re.compile(r"[A-Za-z0-9+/]{43}")


@dataclass(frozen=True)
class SealedReply:
    """An encrypted passive reply, ready to be the body of a callback's response."""

    encrypt: str
    signature: str
    timestamp: str
    nonce: str

    def as_xml(self) -> str:
        return (
            f"<xml><Encrypt><![CDATA[{self.encrypt}]]></Encrypt>"
            f"<MsgSignature><![CDATA[{self.signature}]]></MsgSignature>"
            f"<TimeStamp>{escape(self.timestamp)}</TimeStamp>"
            f"<Nonce><![CDATA[{self.nonce}]]></Nonce></xml>"
        )

    def as_json(self) -> str:
        return json.dumps(
            {
                "encrypt": self.encrypt,
                "msgsignature": self.signature,
                "timestamp": int(self.timestamp),
                "nonce": self.nonce,
            }
        )


def sign(*values: str) -> str:
    """SHA-1 in lower-case hex over the values sorted as bytes and joined."""
    return hashlib.sha1(b"".join(sorted(value.encode() for value in values))).hexdigest()  # noqa: S324 - the protocol says SHA-1


def jsapi_signature(*, ticket: str, nonce: str, timestamp: int | str, url: str) -> str:
    """What `ww.register` and `wx.config` ask for. `url` is the page as the browser sees it; a fragment is cut off."""
    page = url.split("#", 1)[0]
    text = f"jsapi_ticket={ticket}&noncestr={nonce}&timestamp={timestamp}&url={page}"
    return hashlib.sha1(text.encode()).hexdigest()  # noqa: S324 - the protocol says SHA-1


def decode_aes_key(encoding_aes_key: str) -> bytes:
    """32 bytes from the console's 43 characters.

    43 characters carry 258 bits, and keys whose last character has its two spare bits set are in use: they are ignored.
    """
    text = encoding_aes_key.strip()
    if not AES_KEY_CHARS.fullmatch(text):
        raise IllegalAesKey("EncodingAESKey must be exactly 43 letters and digits")
    return base64.b64decode(text + "=")


class CallbackCrypto:
    """Opens what WeCom posts to one app's callback address, and seals replies to it."""

    def __init__(self, *, token: str, encoding_aes_key: str, receive_id: str) -> None:
        self._token = token
        self._key = decode_aes_key(encoding_aes_key)
        self._receive_id = receive_id

    def verify_url(self, *, signature: str, timestamp: str, nonce: str, echostr: str) -> str:
        """The text to answer a URL verification with. A `+` that arrived as a blank is put back."""
        encrypted = echostr.replace(" ", "+")
        self._check_signature(signature, timestamp, nonce, encrypted)
        return self.decrypt(encrypted)

    def open(self, *, signature: str, timestamp: str, nonce: str, body: bytes | str) -> str:
        """The plain text inside a posted envelope, in XML or JSON. Raises CallbackRefused."""
        encrypted = envelope_cipher(body)
        self._check_signature(signature, timestamp, nonce, encrypted)
        return self.decrypt(encrypted)

    def seal(self, plain: str, *, timestamp: int | str, nonce: str, random16: bytes | None = None) -> SealedReply:
        encrypted = self.encrypt(plain, random16=random16)
        return SealedReply(
            encrypt=encrypted,
            signature=sign(self._token, str(timestamp), nonce, encrypted),
            timestamp=str(timestamp),
            nonce=nonce,
        )

    def encrypt(self, plain: str, *, random16: bytes | None = None) -> str:
        message = plain.encode()
        prefix = secrets.token_bytes(RANDOM_PREFIX) if random16 is None else random16
        buffer = prefix + struct.pack(">I", len(message)) + message + self._receive_id.encode()
        pad = PADDING_BLOCK - len(buffer) % PADDING_BLOCK
        encryptor = self._cipher().encryptor()
        return base64.b64encode(encryptor.update(buffer + bytes([pad]) * pad) + encryptor.finalize()).decode()

    def decrypt(self, encrypted: str) -> str:
        try:
            cipher_text = base64.b64decode("".join(encrypted.split()), validate=True)
        except (binascii.Error, ValueError) as error:
            raise IllegalBase64("the cipher text is not Base64") from error
        if not cipher_text or len(cipher_text) % 16:
            raise DecryptFailed("the cipher text is not a whole number of blocks")
        decryptor = self._cipher().decryptor()
        return self._message_in(decryptor.update(cipher_text) + decryptor.finalize())

    def _message_in(self, padded: bytes) -> str:
        pad = padded[-1]
        if not 1 <= pad <= PADDING_BLOCK or padded[-pad:] != bytes([pad]) * pad:
            raise IllegalBuffer("the padding is damaged: the EncodingAESKey is probably another app's")
        content = padded[RANDOM_PREFIX:-pad]
        if len(content) < LENGTH_FIELD:
            raise IllegalBuffer("nothing is left after the padding")
        (length,) = struct.unpack_from(">I", content)
        if length > len(content) - LENGTH_FIELD:
            raise IllegalBuffer("the message is shorter than it says")
        message = content[LENGTH_FIELD : LENGTH_FIELD + length]
        receive_id = content[LENGTH_FIELD + length :]
        if not hmac.compare_digest(receive_id, self._receive_id.encode()):
            raise ReceiveIdMismatch("the message was encrypted for another corp")
        try:
            return message.decode()
        except UnicodeDecodeError as error:
            raise UnreadableBody("the message is not UTF-8") from error

    def _check_signature(self, signature: str, timestamp: str, nonce: str, encrypted: str) -> None:
        expected = sign(self._token, timestamp, nonce, encrypted)
        if not hmac.compare_digest(expected.encode(), signature.encode()):
            raise SignatureMismatch("the signature does not fit this app's token")

    def _cipher(self) -> Cipher[modes.CBC]:
        return Cipher(algorithms.AES(self._key), modes.CBC(self._key[:16]))


def envelope_cipher(body: bytes | str) -> str:
    """The cipher text in a posted envelope, XML or JSON."""
    if len(body) > MAX_BODY_BYTES:
        raise UnreadableBody(f"the body is larger than {MAX_BODY_BYTES} bytes")
    fields = read_fields(body)
    encrypted = fields.get("Encrypt") or fields.get("encrypt")
    if not isinstance(encrypted, str):
        raise UnreadableBody("the envelope has no Encrypt element")
    return encrypted
