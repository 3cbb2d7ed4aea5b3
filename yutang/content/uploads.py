"""Taking in files: told by their content, never by their name; kept once; refused with a reason."""

import hashlib
import io
import os
import tempfile
import warnings
from collections.abc import Sequence
from pathlib import PurePath

from PIL import Image

from yutang.content.errors import UploadRefused, UploadTooBig
from yutang.content.models import Upload, UploadKind, stored_at
from yutang.content.parts import Part, uploads_of
from yutang.kernel import clock
from yutang.kernel.actors import Actor
from yutang.kernel.audit import audit
from yutang.kernel.errors import BadInput
from yutang.kernel.language import Text

MB = 1024 * 1024
# WeCom takes media of these sizes (doc 90253).
MOST_BYTES = {UploadKind.IMAGE: 10 * MB, UploadKind.VIDEO: 10 * MB, UploadKind.FILE: 20 * MB}
LEAST_BYTES = 6  # WeCom refuses media of five bytes or fewer
MOST_PIXELS = 40_000_000
IMAGE_TYPES = {"JPEG": "image/jpeg", "PNG": "image/png"}


def store_upload(content: bytes, filename: str, *, kind: UploadKind | None = None, by: Actor) -> Upload:
    """Keep a file. `kind` is what the caller needs it to be; without one the content decides.

    Raises UploadTooBig or UploadRefused. The same content under the same name and kind is the same upload.
    """
    found = _kind_of(content)
    if kind is None:
        kind = found
    if kind not in (found, UploadKind.FILE):
        raise UploadRefused(_WANTED[kind])
    _check_size(content, kind)
    width, height, content_type = _measured(content, kind)
    digest = hashlib.sha256(content).hexdigest()
    _write_once(digest, content)
    upload, created = Upload.objects.get_or_create(
        sha256=digest,
        kind=kind,
        filename=clean_filename(filename),
        defaults={
            "content_type": content_type,
            "size": len(content),
            "width": width,
            "height": height,
            "created_at": clock.now(),
            "created_by": by.name,
        },
    )
    if created:
        audit("upload.stored", by=by, subject_kind="upload", subject_id=upload.pk, size=upload.size)
    return upload


_WANTED = {
    UploadKind.IMAGE: Text("需要 JPG 或 PNG 图片。", "it has to be a JPG or PNG picture."),
    UploadKind.VIDEO: Text("需要 MP4 视频。", "it has to be an MP4 video."),
}


def _kind_of(content: bytes) -> UploadKind:
    if content.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")):
        return UploadKind.IMAGE
    if content[4:8] == b"ftyp":
        return UploadKind.VIDEO
    return UploadKind.FILE


def _check_size(content: bytes, kind: UploadKind) -> None:
    if len(content) < LEAST_BYTES:
        raise UploadRefused(Text("文件是空的。", "it is empty."))
    if len(content) > MOST_BYTES[kind]:
        raise UploadTooBig(limit_mb=MOST_BYTES[kind] // MB)


def _measured(content: bytes, kind: UploadKind) -> tuple[int | None, int | None, str]:
    """Width, height and content type. A picture is decoded whole, so that a broken one is refused here."""
    if kind is UploadKind.VIDEO:
        return None, None, "video/mp4"
    if kind is UploadKind.FILE:
        return None, None, "application/octet-stream"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=list(IMAGE_TYPES)) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise UploadRefused(Text("图片像素过多（上限 4000 万）。", "it has more than 40 million pixels."))
                picture.load()
                return picture.width, picture.height, IMAGE_TYPES[picture.format or ""]
    except (OSError, ValueError, SyntaxError, KeyError, Image.DecompressionBombError, Warning) as error:
        raise UploadRefused(Text("图片已损坏或无法识别。", "the picture is damaged or cannot be read.")) from error


def _write_once(digest: str, content: bytes) -> None:
    """Whole or not at all: written beside its place and moved there."""
    place = stored_at(digest)
    if place.exists():
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=place.parent, delete=False) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(file.name, place)


def clean_filename(name: str) -> str:
    """A name fit to show and to send: no folders, no control characters, at most 100 characters with its ending."""
    last = PurePath(name.replace("\\", "/")).name
    shown = "".join(c for c in last if c.isprintable() and c not in '<>:"|?*').strip(" .")
    stem, dot, ending = shown.rpartition(".")
    if dot and stem and len(ending) <= 10:
        return f"{stem[: 99 - len(ending)]}.{ending}"
    return shown[:100] or "file"


def check_uploads(parts: Sequence[Part]) -> None:
    """Raises BadInput where a message names an upload that is missing or of another kind."""
    needed = uploads_of(parts)
    kinds = dict(Upload.objects.filter(pk__in=needed).values_list("pk", "kind"))
    for upload_id, kind in needed.items():
        if upload_id not in kinds:
            raise BadInput(Text(f"素材 {upload_id} 不存在。", f"There is no upload {upload_id}."))
        if kinds[upload_id] != kind and kind != UploadKind.FILE:
            raise BadInput(Text(f"素材 {upload_id} 不是所需的类型。", f"Upload {upload_id} is not of the kind needed."))
