"""Uploaded files: three days under a media_id, or for good as the picture of a message."""

from __future__ import annotations

from pathlib import Path

from outside import params as p
from outside.endpoints import Answer, Call, FileAnswer, Upload, api
from outside.errors import WeComError
from outside.records import Media
from outside.world import World

_MB = 1024 * 1024
_SMALLEST = 5  # bytes; a file must be larger
_LARGEST = {
    "image": (10 * _MB, 40009),
    "voice": (2 * _MB, 45001),
    "video": (10 * _MB, 40011),
    "file": (20 * _MB, 45001),
}
_SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"#!AMR", "audio/amr"),
)


def media_file(world: World, media_id: str) -> Path:
    return world.home / "media" / media_id


def require_media(call: Call, media_id: str, kind: str | None = None) -> Media:
    """A temporary file of this corp that is still valid and of this kind; 40007 otherwise."""
    media = call.world.media.get(media_id)
    if media is None or media.corpid != call.corpid or media.permanent:
        raise WeComError(40007)
    if call.world.clock.now() - media.created_at > call.world.switch("media_seconds"):
        raise WeComError(40007, "older than 3 days")
    if kind is not None and media.type != kind:
        raise WeComError(40007, f"not of type {kind}")
    return media


def is_own_picture(world: World, url: str) -> bool:
    return url.startswith(f"{world.public_url}/picture/")


def _sniff(body: bytes) -> str:
    for start, content_type in _SIGNATURES:
        if body.startswith(start):
            return content_type
    if body[4:8] == b"ftyp":
        return "video/mp4"
    return "application/octet-stream"


def _one_upload(call: Call, field: str | None) -> Upload:
    found = [u for u in call.uploads if field is None or u.field == field]
    if not found:
        raise WeComError(44001)
    if len(found[0].body) <= _SMALLEST:
        raise WeComError(44001 if not found[0].body else 40006)
    return found[0]


def _check_content(kind: str, body: bytes, largest: int, code: int) -> str:
    if len(body) > largest:
        raise WeComError(code)
    content_type = _sniff(body)
    if kind == "image" and content_type not in ("image/png", "image/jpeg"):
        raise WeComError(40123 if content_type == "application/octet-stream" else 40004)
    if kind == "voice" and content_type != "audio/amr":
        raise WeComError(40004)
    if kind == "video" and content_type != "video/mp4":
        raise WeComError(40004)
    return content_type


def _keep(
    call: Call, upload: Upload, kind: str, content_type: str, permanent: bool = False, attachment: int = 0
) -> Media:
    media_id = call.world.new_id("" if not permanent else "pic", 64)
    file = media_file(call.world, media_id)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(upload.body)
    shown_type = upload.content_type if content_type == "application/octet-stream" and kind == "file" else content_type
    return call.world.media.put(
        Media(
            media_id,
            call.corpid,
            kind,
            upload.filename,
            shown_type or "application/octet-stream",
            len(upload.body),
            call.world.clock.seconds(),
            permanent,
            attachment,
        )
    )


@api("UPLOAD", "media/upload", p.text("type", need=40005, choices=tuple(_LARGEST), wrong=40005), grant="any")
def upload(call: Call) -> Answer:
    """A temporary file for three days."""
    given = _one_upload(call, "media")
    content_type = _check_content(call["type"], given.body, *_LARGEST[call["type"]])
    media = _keep(call, given, call["type"], content_type)
    return {"errmsg": "", "type": media.type, "media_id": media.media_id, "created_at": str(media.created_at)}


@api("UPLOAD", "media/uploadimg", grant="any")
def uploadimg(call: Call) -> Answer:
    """A picture for good, usable in messages by its address."""
    given = _one_upload(call, None)
    content_type = _check_content("image", given.body, 2 * _MB, 45001)
    media = _keep(call, given, "image", content_type, permanent=True)
    return {"errmsg": "", "url": f"{call.world.public_url}/picture/{media.media_id}"}


@api(
    "UPLOAD",
    "media/upload_attachment",
    p.text("media_type", need=40005, choices=("image", "video", "file"), wrong=40005),
    p.number("attachment_type", need=40058, choices=(1, 2)),
    grant="customer",
)
def upload_attachment(call: Call) -> Answer:
    given = _one_upload(call, "media")
    kind = call["media_type"]
    content_type = _check_content(kind, given.body, 10 * _MB, _LARGEST[kind][1])
    media = _keep(call, given, kind, content_type, attachment=call["attachment_type"])
    return {"type": kind, "media_id": media.media_id, "created_at": media.created_at}


@api("GET", "media/get", p.text("media_id", need=41006), grant="any")
def get(call: Call) -> FileAnswer:
    media = require_media(call, call["media_id"])
    return FileAnswer(media_file(call.world, media.media_id), media.content_type, media.filename)
