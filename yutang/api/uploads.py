"""Pictures, videos and files for messages and codes."""

from django.http import FileResponse
from ninja import File, Form, Router, Schema, Status
from ninja.files import UploadedFile

from yutang.api.auth import ViewerRequest, needs
from yutang.content.errors import UploadTooBig
from yutang.content.models import Upload, UploadKind
from yutang.content.uploads import MB, MOST_BYTES, store_upload
from yutang.kernel.errors import NotFound
from yutang.kernel.permissions import Permission

router = Router(tags=["content"])

MOST = max(MOST_BYTES.values())


class UploadOut(Schema):
    id: int
    kind: UploadKind
    filename: str
    content_type: str
    size: int
    width: int | None
    height: int | None


@router.post("/uploads", response={201: UploadOut})
@needs(Permission.SEE_LIVE_CODES)
def upload(request: ViewerRequest, file: File[UploadedFile], kind: Form[UploadKind | None] = None) -> Status[UploadOut]:
    """Keep a file. It is told by its content; `kind` says what it has to be."""
    if (file.size or 0) > MOST:
        raise UploadTooBig(limit_mb=MOST // MB)
    stored = store_upload(file.read(), file.name or "", kind=kind, by=request.auth.actor)
    return Status(201, _shape(stored))


@router.get("/uploads/{int:upload_id}", response=UploadOut)
@needs(Permission.SEE_LIVE_CODES)
def get_upload(request: ViewerRequest, upload_id: int) -> UploadOut:
    return _shape(find_upload(upload_id))


@router.get("/uploads/{int:upload_id}/content", include_in_schema=False)
@needs(Permission.SEE_LIVE_CODES)
def get_content(request: ViewerRequest, upload_id: int) -> FileResponse:
    """The file itself. Only pictures and videos open in the browser, and none may run anything there."""
    stored = find_upload(upload_id)
    if not stored.path.is_file():
        raise NotFound
    shown = stored.kind != UploadKind.FILE
    response = FileResponse(
        stored.path.open("rb"),
        content_type=stored.content_type,
        as_attachment=not shown,
        filename=stored.filename,
    )
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    return response


def find_upload(upload_id: int) -> Upload:
    stored = Upload.objects.filter(pk=upload_id).first()
    if stored is None:
        raise NotFound
    return stored


def _shape(stored: Upload) -> UploadOut:
    return UploadOut(
        id=stored.pk,
        kind=UploadKind(stored.kind),
        filename=stored.filename,
        content_type=stored.content_type,
        size=stored.size,
        width=stored.width,
        height=stored.height,
    )
