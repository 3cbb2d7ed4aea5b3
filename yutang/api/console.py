"""The console's files: hashed assets for ever, and index.html for every address that is a page."""

import mimetypes
from pathlib import Path

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseNotFound, JsonResponse

_NOT_BUILT = (
    "<!doctype html><meta charset=utf-8><title>Yutang 鱼塘</title>"
    "<p>控制台尚未构建。请运行 <code>make web</code>。<p>The console is not built yet. Run <code>make web</code>."
)


def console(request: HttpRequest, path: str) -> HttpResponse | FileResponse:
    """A built file, or the console's one page. Unknown API addresses get JSON, unknown files a plain 404."""
    if path.startswith("api/"):
        return JsonResponse({"code": "not_found", "message": "No such address in the API."}, status=404)
    if request.method not in {"GET", "HEAD"}:
        return HttpResponse(status=405)
    root: Path = settings.WEB_DIST
    wanted = (root / path).resolve()
    if path and wanted.is_file() and wanted.is_relative_to(root.resolve()):
        return _file(wanted, forever=path.startswith("assets/"))
    if "." in Path(path).name:
        return HttpResponseNotFound("No such file.", content_type="text/plain; charset=utf-8")
    index = root / "index.html"
    return _file(index, forever=False) if index.is_file() else HttpResponse(_NOT_BUILT, status=503)


def _file(path: Path, *, forever: bool) -> FileResponse:
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    response = FileResponse(path.open("rb"), content_type=kind)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if forever else "no-cache"
    return response
