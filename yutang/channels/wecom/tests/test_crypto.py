import base64
import json
from typing import Any

import pytest

from yutang.channels.wecom.callback_errors import (
    CallbackRefused,
    DecryptFailed,
    IllegalAesKey,
    IllegalBase64,
    IllegalBuffer,
    ReceiveIdMismatch,
    SignatureMismatch,
    UnreadableBody,
)
from yutang.channels.wecom.crypto import CallbackCrypto, decode_aes_key, jsapi_signature, sign
from yutang.channels.wecom.payload import MAX_BODY_BYTES, read_callback

KEY = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
CORP = "wx5823bf96d3bd56c7"


def crypto_of(vector: dict[str, Any]) -> CallbackCrypto:
    return CallbackCrypto(
        token=vector.get("token", ""), encoding_aes_key=vector["encoding_aes_key"], receive_id=vector["receive_id"]
    )


def of_kind(vectors: list[dict[str, Any]], *kinds: str) -> list[dict[str, Any]]:
    found = [vector for vector in vectors if vector["kind"] in kinds]
    assert found
    return found


def test_every_published_url_verification_is_answered_or_refused_as_it_should_be(crypto_vectors):
    for vector in of_kind(crypto_vectors, "verify_url"):
        ask = {
            "signature": vector["msg_signature"],
            "timestamp": vector["timestamp"],
            "nonce": vector["nonce"],
            "echostr": vector["encrypted"],
        }
        if vector["expect_valid"]:
            assert crypto_of(vector).verify_url(**ask) == vector["expect_plain"], vector["id"]
            blanks = {**ask, "echostr": vector["encrypted"].replace("+", " ")}
            assert crypto_of(vector).verify_url(**blanks) == vector["expect_plain"], vector["id"]
        else:
            with pytest.raises(SignatureMismatch):
                crypto_of(vector).verify_url(**ask)


def test_every_published_callback_envelope_opens_or_is_refused_as_it_should_be(crypto_vectors):
    for vector in of_kind(crypto_vectors, "callback_xml", "callback_json"):
        posted = {
            "signature": vector["msg_signature"],
            "timestamp": vector["timestamp"],
            "nonce": vector["nonce"],
            "body": vector.get("body") or json.dumps({"tousername": "", "encrypt": vector["encrypted"]}),
        }
        if vector["expect_valid"]:
            assert crypto_of(vector).open(**posted) == vector["expect_plain"], vector["id"]
        else:
            with pytest.raises(SignatureMismatch):
                crypto_of(vector).open(**posted)


def test_encryption_comes_out_byte_for_byte_as_published(crypto_vectors):
    for vector in of_kind(crypto_vectors, "encrypt_only"):
        sealed = crypto_of(vector).encrypt(vector["plain"], random16=vector["random16"].encode())
        assert sealed == vector["encrypted"]


@pytest.mark.parametrize(("message", "length"), [("x" * 26, 96), ("", 64), ("鱼", 64)])
def test_sealing_pads_to_32_bytes_and_opens_again(message, length):
    crypto = CallbackCrypto(token="QDG6eK", encoding_aes_key=KEY, receive_id=CORP)
    reply = crypto.seal(message, timestamp=1409659813, nonce="1372623149", random16=b"0123456789abcdef")

    assert len(base64.b64decode(reply.encrypt)) == length
    for body in (reply.as_xml(), reply.as_json()):
        opened = crypto.open(signature=reply.signature, timestamp="1409659813", nonce="1372623149", body=body)
        assert opened == message


def test_the_signature_of_the_fact_sheets_deterministic_vector():
    crypto = CallbackCrypto(token="QDG6eK", encoding_aes_key=KEY, receive_id=CORP)
    message = (
        "<xml><ToUserName><![CDATA[mycreate]]></ToUserName><FromUserName><![CDATA[wx5823bf96d3bd56c7]]></FromUserName>"
        "<CreateTime>1348831860</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[你好]]></Content></xml>"
    )
    reply = crypto.seal(message, timestamp="1409659813", nonce="1372623149", random16=b"0123456789abcdef")
    assert reply.signature == "aea5c8e265a5dde3878ad3085204987419d8601a"


def test_illegal_aes_keys_are_refused_by_name(crypto_vectors):
    for vector in of_kind(crypto_vectors, "invalid_key"):
        with pytest.raises(IllegalAesKey) as refused:
            decode_aes_key(vector["encoding_aes_key"])
        assert refused.value.code == -40004


def test_a_key_whose_last_character_has_spare_bits_is_accepted():
    strict = "A" * 43
    assert decode_aes_key(strict[:-1] + "B") == decode_aes_key(strict) == bytes(32)


def test_the_jsapi_signature_ignores_what_follows_the_fragment_mark(crypto_vectors):
    (vector,) = of_kind(crypto_vectors, "jsapi_signature")
    for url in (vector["url"], vector["url"] + "#/customers/1"):
        signed = jsapi_signature(
            ticket=vector["jsapi_ticket"], nonce=vector["noncestr"], timestamp=vector["timestamp"], url=url
        )
        assert signed == vector["signature"]


def test_each_way_to_be_wrong_has_its_own_name_and_code():
    crypto = CallbackCrypto(token="t", encoding_aes_key=KEY, receive_id=CORP)
    other_corp = CallbackCrypto(token="t", encoding_aes_key=KEY, receive_id="ww0000000000000000")
    other_key = CallbackCrypto(token="t", encoding_aes_key="A" * 43, receive_id=CORP)
    sealed = crypto.encrypt("<xml><Event>x</Event></xml>")

    cases: list[tuple[type[CallbackRefused], int, Any]] = [
        (IllegalBase64, -40010, lambda: crypto.decrypt("***")),
        (DecryptFailed, -40007, lambda: crypto.decrypt(base64.b64encode(b"short").decode())),
        (DecryptFailed, -40007, lambda: crypto.decrypt("")),
        (IllegalBuffer, -40008, lambda: other_key.decrypt(sealed)),
        (ReceiveIdMismatch, -40005, lambda: other_corp.decrypt(sealed)),
        (UnreadableBody, -40002, lambda: crypto.open(signature="", timestamp="", nonce="", body=b"hello")),
        (UnreadableBody, -40002, lambda: crypto.open(signature="", timestamp="", nonce="", body=b"")),
        (UnreadableBody, -40002, lambda: crypto.open(signature="", timestamp="", nonce="", body=b"<xml></xml>")),
        (UnreadableBody, -40002, lambda: crypto.open(signature="", timestamp="", nonce="", body=b"\xff\xfe<x/>")),
        (
            UnreadableBody,
            -40002,
            lambda: crypto.open(signature="", timestamp="", nonce="", body=b"<" * (MAX_BODY_BYTES + 1)),
        ),
        (
            SignatureMismatch,
            -40001,
            lambda: crypto.open(
                signature="名", timestamp="1", nonce="n", body=f"<xml><Encrypt>{sealed}</Encrypt></xml>"
            ),
        ),
    ]
    for refusal, code, attempt in cases:
        with pytest.raises(refusal) as refused:
            attempt()
        assert refused.value.code == code


def test_the_signature_sorts_values_as_bytes():
    assert sign("b", "a", "C", "1") == sign("1", "C", "a", "b")


def test_the_official_json_demo_with_its_slip_decrypts_but_is_not_read(crypto_vectors):
    (vector,) = of_kind(crypto_vectors, "callback_json")
    with pytest.raises(UnreadableBody):
        read_callback(vector["expect_plain"])
