import io

import pytest
from PIL import Image

from yutang.content.errors import UploadRefused, UploadTooBig
from yutang.content.models import Upload, UploadKind
from yutang.content.uploads import clean_filename, store_upload
from yutang.kernel.actors import SYSTEM

pytestmark = pytest.mark.django_db


def picture(kind: str = "PNG", size: tuple[int, int] = (8, 6)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, kind)
    return out.getvalue()


def test_a_picture_is_known_by_its_content_and_kept_once() -> None:
    first = store_upload(picture("JPEG"), "海报.png", by=SYSTEM)
    again = store_upload(picture("JPEG"), "海报.png", by=SYSTEM)

    assert first == again == Upload.objects.get()
    assert (first.kind, first.content_type, first.width, first.height) == ("image", "image/jpeg", 8, 6)
    assert first.read() == picture("JPEG")


def test_a_video_is_told_by_its_box() -> None:
    assert store_upload(b"\0\0\0\x18ftypmp42" + b"\0" * 40, "a.mp4", by=SYSTEM).kind == UploadKind.VIDEO


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", None),
        (picture()[:50], None),
        (b"\x89PNG\r\n\x1a\n" + b"not a picture", None),
        (b"<script>alert(1)</script>", UploadKind.IMAGE),
        (picture(), UploadKind.VIDEO),
        (picture("GIF"), UploadKind.IMAGE),
    ],
)
def test_what_is_not_what_it_should_be_is_refused(content: bytes, kind: UploadKind | None) -> None:
    with pytest.raises(UploadRefused):
        store_upload(content, "a.png", kind=kind, by=SYSTEM)

    assert not Upload.objects.exists()


def test_a_picture_with_too_many_pixels_is_refused() -> None:
    out = io.BytesIO()
    Image.new("1", (9000, 9000)).save(out, "PNG")

    with pytest.raises(UploadRefused):
        store_upload(out.getvalue(), "big.png", by=SYSTEM)


def test_a_file_past_its_size_is_refused() -> None:
    with pytest.raises(UploadTooBig):
        store_upload(b"x" * (20 * 1024 * 1024 + 1), "a.pdf", by=SYSTEM)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\图片\\海报.png", "海报.png"),
        ("a\u202egnp.exe\n", "agnp.exe"),
        ("", "file"),
        ("长" * 300 + ".pdf", "长" * 96 + ".pdf"),
        ("...", "file"),
    ],
)
def test_a_filename_is_made_harmless(given: str, kept: str) -> None:
    assert clean_filename(given) == kept
