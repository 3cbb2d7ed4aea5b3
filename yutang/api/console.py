"""The console's files: hashed assets for ever, and index.html for every address that is a page."""

import gzip
import mimetypes
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseNotFound, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils.http import http_date

from yutang.api.errors import from_domain
from yutang.kernel.errors import NotFound

_NOT_BUILT = (
    "<!doctype html><meta charset=utf-8><title>Yutang 鱼塘</title>"
    "<p>控制台尚未构建。请运行 <code>make web</code>。<p>The console is not built yet. Run <code>make web</code>."
)
_PACKED = {".js", ".css", ".html", ".svg", ".json", ".map", ".webmanifest", ".txt"}  # the others are packed already
_PACKED_FROM = 1024  # bytes: below, packing saves nothing worth a header


def console(request: HttpRequest, path: str) -> HttpResponseBase:
    """A built file, or the console's one page. Unknown API addresses get JSON, unknown files a plain 404."""
    if path == "api" or path.startswith("api/"):
        return from_domain(NotFound())
    if request.method not in {"GET", "HEAD"}:
        return HttpResponse(status=405, headers={"Allow": "GET, HEAD"})
    root: Path = settings.WEB_DIST.resolve()
    wanted = _within(root, path)
    if wanted is not None:
        return _file(request, wanted, forever=path.startswith("assets/"))
    if "." in Path(path).name:
        return HttpResponseNotFound("No such file.", content_type="text/plain; charset=utf-8")
    index = root / "index.html"
    return _file(request, index, forever=False) if index.is_file() else HttpResponse(_NOT_BUILT, status=503)


def _within(root: Path, path: str) -> Path | None:
    """The file of this path under the root; a path that leads out of it, or cannot be one, is no file."""
    try:
        wanted = (root / path).resolve()
        return wanted if path and wanted.is_relative_to(root) and wanted.is_file() else None
    except (OSError, ValueError):
        return None


def _file(request: HttpRequest, path: Path, *, forever: bool) -> HttpResponseBase:
    changed = path.stat().st_mtime_ns
    response = _content(request, path, changed)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if forever else "no-cache"
    response.headers["Last-Modified"] = http_date(changed // 10**9)
    if path.suffix in _PACKED:
        response.headers["Vary"] = "Accept-Encoding"
    return response


def _content(request: HttpRequest, path: Path, changed: int) -> HttpResponseBase:
    if request.headers.get("If-Modified-Since") == http_date(changed // 10**9):
        return HttpResponseNotModified()
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    asked = "gzip" in request.headers.get("Accept-Encoding", "")
    if not asked or path.suffix not in _PACKED or path.stat().st_size < _PACKED_FROM:
        return FileResponse(path.open("rb"), content_type=kind)
    return HttpResponse(_packed(path, changed), content_type=kind, headers={"Content-Encoding": "gzip"})


@lru_cache(maxsize=256)
def _packed(path: Path, changed: int) -> bytes:
    """The file packed once a process and version: a console has a few dozen such files, some 400 kB together."""
    return gzip.compress(path.read_bytes(), compresslevel=9, mtime=0)
