"""Materials: the files that messages carry."""

from pathlib import Path

from django.conf import settings
from django.db import models


class UploadKind(models.TextChoices):
    IMAGE = "image"
    VIDEO = "video"
    FILE = "file"


class Upload(models.Model):
    """A file, checked by its content and kept once under its digest. Its name is what customers see of it."""

    kind = models.CharField(max_length=8, choices=UploadKind)
    sha256 = models.CharField(max_length=64)
    filename = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.BigIntegerField()  # bytes
    width = models.IntegerField(null=True)  # pixels, of images
    height = models.IntegerField(null=True)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=200, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sha256", "kind", "filename"], name="upload_once")]

    @property
    def path(self) -> Path:
        return stored_at(self.sha256)

    def read(self) -> bytes:
        return self.path.read_bytes()


def stored_at(sha256: str) -> Path:
    """Where content of this digest lies, under YUTANG_HOME."""
    home: Path = settings.HOME
    return home / "uploads" / sha256[:2] / sha256
