"""The callback encryption, against every vector of the public SDKs."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from outside.crypto import CryptoError, MessageCrypt, jsapi_signature, new_aes_key

_DATA = Path(os.environ.get("YUTANG_TEST_DATA") or Path(__file__).parents[3] / "shared" / "data")
_FILE = _DATA / "wecom_protocol" / "crypto_vectors.json"
_VECTORS: list[dict[str, Any]] = json.loads(_FILE.read_text()) if _FILE.exists() else []

pytestmark = pytest.mark.skipif(not _VECTORS, reason=f"no vectors at {_FILE}: set YUTANG_TEST_DATA")


def _of(*kinds: str, valid: bool = True) -> list[Any]:
    found = [v for v in _VECTORS if v["kind"] in kinds and v.get("expect_valid", True) == valid]
    return [pytest.param(v, id=v["id"]) for v in found]


def _crypt(vector: dict[str, Any]) -> MessageCrypt:
    return MessageCrypt(vector.get("token", ""), vector["encoding_aes_key"], vector["receive_id"])


def _encrypted(vector: dict[str, Any]) -> str:
    if "encrypted" in vector:
        return str(vector["encrypted"])
    return ElementTree.fromstring(vector["body"]).findtext("Encrypt") or ""


@pytest.mark.parametrize("vector", _of("verify_url", "callback_xml", "callback_json"))
def test_a_packet_is_opened(vector: dict[str, Any]) -> None:
    opened = _crypt(vector).open(vector["msg_signature"], vector["timestamp"], vector["nonce"], _encrypted(vector))
    assert opened == vector["expect_plain"]


@pytest.mark.parametrize("vector", _of("verify_url", valid=False))
def test_a_packet_signed_for_something_else_is_refused(vector: dict[str, Any]) -> None:
    with pytest.raises(CryptoError) as refused:
        _crypt(vector).open(vector["msg_signature"], vector["timestamp"], vector["nonce"], _encrypted(vector))
    assert refused.value.code == -40001


@pytest.mark.parametrize("vector", _of("verify_url", "callback_xml", "callback_json"))
def test_a_packet_with_one_changed_letter_is_refused(vector: dict[str, Any]) -> None:
    broken = _encrypted(vector)
    broken = ("B" if broken[0] != "B" else "C") + broken[1:]
    with pytest.raises(CryptoError) as refused:
        _crypt(vector).open(vector["msg_signature"], vector["timestamp"], vector["nonce"], broken)
    assert refused.value.code == -40001


@pytest.mark.parametrize("vector", [v for v in _of("encrypt_only", "verify_url") if "random16" in v.values[0]])
def test_encryption_comes_out_byte_for_byte(vector: dict[str, Any]) -> None:
    plain = vector.get("plain") or vector["expect_plain"]
    random16 = vector["random16"]
    prefix = random16.encode() if len(random16) == 16 else bytes.fromhex(random16)
    assert _crypt(vector).encrypt(plain, prefix) == vector["encrypted"]


@pytest.mark.parametrize("vector", _of("invalid_key", valid=False))
def test_a_bad_key_is_refused(vector: dict[str, Any]) -> None:
    with pytest.raises(CryptoError) as refused:
        MessageCrypt("token", vector["encoding_aes_key"], "receiver")
    assert refused.value.code == -40004


@pytest.mark.parametrize("vector", _of("jsapi_signature"))
def test_the_page_signature(vector: dict[str, Any]) -> None:
    signed = jsapi_signature(vector["jsapi_ticket"], vector["noncestr"], vector["timestamp"], vector["url"])
    assert signed == vector["signature"]


@pytest.mark.parametrize("length", [0, 1, 26, 27, 31, 32, 33, 4096])
def test_any_length_comes_back(length: int) -> None:
    crypt = MessageCrypt("token", new_aes_key(), "ww0123456789abcdef")
    assert crypt.decrypt(crypt.encrypt("鱼" * length)) == "鱼" * length


def test_a_packet_for_another_corp_is_refused() -> None:
    key = new_aes_key()
    sealed = MessageCrypt("token", key, "wwother").encrypt("hello")
    with pytest.raises(CryptoError) as refused:
        MessageCrypt("token", key, "wwmine").decrypt(sealed)
    assert refused.value.code == -40005
