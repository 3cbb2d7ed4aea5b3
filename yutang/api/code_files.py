"""Files of live codes for print: one code as PNG or SVG, and many as a ZIP with an index."""

import csv
import io
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from functools import lru_cache
from typing import Literal
from urllib.parse import quote, urlsplit

import httpx
from django.http import HttpResponse, StreamingHttpResponse
from ninja import Field, Query, Router, Schema
from typing_extensions import Buffer

from yutang.acquisition import qr, queries
from yutang.acquisition.errors import QrNotReady
from yutang.acquisition.models import LiveCode
from yutang.acquisition.qr import Drawing
from yutang.api.auth import ViewerRequest, needs
from yutang.api.csv_stream import cell
from yutang.api.live_code_shapes import landing_url
from yutang.api.uploads import find_upload
from yutang.content.models import UploadKind
from yutang.content.uploads import clean_filename
from yutang.kernel.errors import BadInput
from yutang.kernel.language import Text
from yutang.kernel.permissions import Permission
from yutang.kernel.throttle import take_attempt
from yutang.organization.services.merchant import merchant_zone

router = Router(tags=["live codes"])

MOST_POSTERS = 500
PICTURE_BYTES = 2 * 1024 * 1024
LOGO_SIDE = 400  # pixels: enough for the middle of the largest code, and an SVG stays small


class QrLook(Schema):
    size: int = Field(600, ge=100, le=qr.MOST_PIXELS, description="Pixels.")
    logo: int | None = Field(None, description="An upload; without one the fish. 0: no logo.")
    caption: str = Field("", max_length=60)
    target: Literal["landing", "wecom"] = Field(
        "landing", description="landing: our page, which stays when members change. wecom: WeCom's own picture."
    )


class PosterSelection(Schema):
    ids: str = Field("", max_length=5000, description="Codes, by comma.")
    folder: int | None = Field(None, description="0: codes in no folder.")
    batch: int | None = None
    size: int = Field(600, ge=100, le=1200)
    logo: int | None = None


@router.get("/live-codes/{int:code_id}/qr.png", include_in_schema=False)
@needs(Permission.SEE_LIVE_CODES)
def png(request: ViewerRequest, code_id: int, look: Query[QrLook]) -> HttpResponse:
    code = queries.find_code(request.auth, code_id)
    if look.target == "wecom":
        content = qr.framed_png(_wecom_picture(code), size=look.size, caption=look.caption)
    else:
        content = qr.as_png(_drawing(code, look.size, look.logo, look.caption))
    return _file(content, "image/png", f"{code.name}.png")


@router.get("/live-codes/{int:code_id}/qr.svg", include_in_schema=False)
@needs(Permission.SEE_LIVE_CODES)
def svg(request: ViewerRequest, code_id: int, look: Query[QrLook]) -> HttpResponse:
    code = queries.find_code(request.auth, code_id)
    if look.target == "wecom":
        content = qr.framed_svg(_wecom_picture(code), size=look.size, caption=look.caption)
    else:
        content = qr.as_svg(_drawing(code, look.size, look.logo, look.caption))
    return _file(content.encode(), "image/svg+xml", f"{code.name}.svg")


@router.get("/live-codes/posters.zip", include_in_schema=False)
@needs(Permission.SEE_LIVE_CODES)
def posters(request: ViewerRequest, chosen: Query[PosterSelection]) -> StreamingHttpResponse:
    """A picture a code, named after it, and an index with addresses for the printer."""
    take_attempt(f"posters:{request.auth.account.pk}", limit=20, per=timedelta(minutes=10))
    codes = queries.visible_codes(request.auth).filter(archived_at=None)
    if chosen.ids:
        codes = codes.filter(pk__in=[int(each) for each in chosen.ids.split(",") if each.strip().isdecimal()])
    if chosen.folder is not None:
        codes = codes.filter(folder=chosen.folder or None)
    if chosen.batch is not None:
        codes = codes.filter(batch=chosen.batch)
    found = list(codes.order_by("pk")[: MOST_POSTERS + 1])
    if not found or len(found) > MOST_POSTERS:
        raise BadInput(Text(f"请选择 1 到 {MOST_POSTERS} 个活码。", f"Choose 1 to {MOST_POSTERS} live codes."))
    logo = _logo(chosen.logo)
    response = StreamingHttpResponse(_zipped(found, chosen.size, logo), content_type="application/zip")
    _name(response, Text("活码.zip", "live-codes.zip").here(), "attachment")
    return response


def _drawing(code: LiveCode, size: int, logo: int | None, caption: str) -> Drawing:
    return Drawing(landing_url(code.state_code), size=size, logo=_logo(logo), caption=caption)


def _logo(upload_id: int | None) -> bytes | None:
    """The picture for the middle: empty is the fish, None is nothing."""
    if upload_id is None:
        return b""
    if upload_id == 0:
        return None
    stored = find_upload(upload_id)
    if stored.kind != UploadKind.IMAGE:
        raise BadInput(Text("Logo 须为图片。", "The logo has to be a picture."))
    return _small_logo(stored.read())


@lru_cache(maxsize=16)
def _small_logo(picture: bytes) -> bytes:
    return qr.shrunk(picture, LOGO_SIDE)


def _wecom_picture(code: LiveCode) -> bytes:
    """WeCom gives its code as the address of a picture alone. Raises QrNotReady when it cannot be had."""
    if urlsplit(code.qr_code_url).scheme not in ("http", "https"):
        raise QrNotReady
    try:
        with httpx.stream("GET", code.qr_code_url, timeout=10, follow_redirects=True) as response:
            response.raise_for_status()
            content = b""
            for piece in response.iter_bytes():
                content += piece
                if len(content) > PICTURE_BYTES:
                    raise QrNotReady
    except httpx.HTTPError as error:
        raise QrNotReady from error
    if not content.startswith((b"\x89PNG", b"\xff\xd8\xff")):
        raise QrNotReady
    return content


def _zipped(codes: list[LiveCode], size: int, logo: bytes | None) -> Iterator[bytes]:
    """The archive piece by piece, so that five hundred pictures are never in memory together."""
    out = _Pipe()
    index, zone = io.StringIO(), merchant_zone()
    writer = csv.writer(index)
    writer.writerow(Text("文件,名称,触点,链接", "File,Name,Touchpoint,Address").here().split(","))
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for number, code in enumerate(codes, start=1):
            address = landing_url(code.state_code)
            name = clean_filename(f"{number:03d}-{code.name}.png")
            picture = qr.as_png(Drawing(address, size=size, logo=logo, caption=qr.drawable(code.name)))
            archive.writestr(name, picture)
            writer.writerow([cell(each, zone) for each in (name, code.name, code.touchpoint, address)])
            yield out.take()
        archive.writestr("index.csv", "\ufeff" + index.getvalue())
    yield out.take()


class _Pipe(io.RawIOBase):
    """A file that can only be written to and emptied."""

    def __init__(self) -> None:
        self._kept = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, piece: Buffer) -> int:
        before = len(self._kept)
        self._kept += piece
        return len(self._kept) - before

    def take(self) -> bytes:
        taken = bytes(self._kept)
        self._kept.clear()
        return taken


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    _name(response, clean_filename(name), "inline")
    # An SVG opened by itself must not run anything, whatever a caption holds.
    response.headers["Content-Security-Policy"] = "default-src 'none'; img-src data:; sandbox"
    response.headers["Cache-Control"] = "private, max-age=60"
    return response


def _name(response: HttpResponse | StreamingHttpResponse, name: str, how: str) -> None:
    response.headers["Content-Disposition"] = f"{how}; filename*=UTF-8''{quote(name)}"
