"""Files as WeCom wants them: uploaded once, kept for their three days, uploaded again when still needed."""

from datetime import datetime, timedelta

from django.utils.functional import cached_property

from yutang.channels.wecom.client import WeComClient
from yutang.channels.wecom.limits import rule
from yutang.channels.wecom.models import Media, WeComApp
from yutang.channels.wecom.transport import Upload as File
from yutang.content.models import Upload
from yutang.content.parts import (
    FilePart,
    ImagePart,
    LinkPart,
    MiniProgramPart,
    Part,
    TextPart,
    VideoPart,
)
from yutang.kernel import clock

RENEWED_BEFORE_END = timedelta(hours=6)
LASTING = timedelta(days=3650)  # an uploadimg address does not end

Attachment = dict[str, object]


class Attachments:
    """Turns message parts into WeCom's attachments for one app, uploading what WeCom does not have yet."""

    def __init__(self, app: WeComApp, client: WeComClient) -> None:
        self._app = app
        self._client = client

    @staticmethod
    def text_of(parts: list[Part]) -> str:
        return "\n".join(part.content for part in parts if isinstance(part, TextPart))

    def of(self, parts: list[Part]) -> list[Attachment]:
        return [self._attachment(part) for part in parts if not isinstance(part, TextPart)]

    def forget(self, parts: list[Part]) -> None:
        """WeCom does not know a file any more that should still be there: upload all of them anew next time."""
        digests = [digest for part in parts for digest in _digests(part)]
        Media.objects.filter(app=self._app, digest__in=digests).delete()

    def _attachment(self, part: Part) -> Attachment:
        match part:
            case ImagePart():
                body: Attachment = {"media_id": self._media_id(part.upload_id, "image")}
            case VideoPart():
                body = {"media_id": self._media_id(part.upload_id, "video")}
            case FilePart():
                body = {"media_id": self._media_id(part.upload_id, "file")}
            case LinkPart():
                body = {"title": part.title, "desc": part.description, "url": part.url}
                if part.picture_upload_id is not None:
                    body["picurl"] = self._picture_url(part.picture_upload_id)
            case MiniProgramPart():
                cover = self._media_id(part.cover_upload_id, "image")
                body = {"title": part.title, "pic_media_id": cover, "appid": part.app_id, "page": part.page}
            case TextPart():
                raise ValueError("a text is no attachment")
        return {"msgtype": part.kind, part.kind: body}

    def _media_id(self, upload_id: int, kind: str) -> str:
        kept = self._kept(_digest(upload_id, kind))
        if kept:
            return kept
        media_id = self._client.upload_media(kind, self._file(upload_id))
        self._keep(_digest(upload_id, kind), media_id, clock.now() + self._lifetime - RENEWED_BEFORE_END)
        return media_id

    def _picture_url(self, upload_id: int) -> str:
        kept = self._kept(_digest(upload_id, "picture"))
        if kept:
            return kept
        url = self._client.upload_picture(self._file(upload_id))
        self._keep(_digest(upload_id, "picture"), url, clock.now() + LASTING)
        return url

    @cached_property
    def _lifetime(self) -> timedelta:
        return timedelta(seconds=rule("media_lifetime", on=clock.now().date()).value)

    def _kept(self, digest: str) -> str:
        row = Media.objects.filter(app=self._app, digest=digest, expires_at__gt=clock.now()).first()
        return row.media_id if row else ""

    def _keep(self, digest: str, media_id: str, expires_at: datetime) -> None:
        Media.objects.update_or_create(
            app=self._app, digest=digest, defaults={"media_id": media_id, "expires_at": expires_at}
        )

    def _file(self, upload_id: int) -> File:
        upload = Upload.objects.get(pk=upload_id)
        return File(upload.filename, upload.read(), upload.content_type)


def _digest(upload_id: int, use: str) -> str:
    return f"{use}:{upload_id}"


def _digests(part: Part) -> list[str]:
    match part:
        case ImagePart() | VideoPart() | FilePart():
            return [_digest(part.upload_id, part.kind)]
        case MiniProgramPart():
            return [_digest(part.cover_upload_id, "image")]
        case LinkPart(picture_upload_id=int(picture)):
            return [_digest(picture, "picture")]
        case _:
            return []
