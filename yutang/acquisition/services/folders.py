"""Folders of live codes: making, renaming, ordering and deleting them, and putting codes into them."""

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import F, Max

from yutang.acquisition.errors import FoldersChanged
from yutang.acquisition.models import LiveCode, LiveCodeFolder
from yutang.kernel import clock
from yutang.kernel.actors import Actor
from yutang.kernel.audit import audit
from yutang.kernel.errors import BadInput, NotFound
from yutang.kernel.language import Text
from yutang.kernel.plain_text import one_line


@transaction.atomic
def create_folder(name: str, *, by: Actor) -> LiveCodeFolder:
    last = LiveCodeFolder.objects.aggregate(last=Max("order"))["last"] or 0
    folder = LiveCodeFolder.objects.create(name=_free_name(name), order=last + 1, created_at=clock.now())
    audit("live_code_folder.created", by=by, subject_kind="live_code_folder", subject_id=folder.pk, name=folder.name)
    return folder


@transaction.atomic
def rename_folder(folder: LiveCodeFolder, name: str, *, by: Actor) -> LiveCodeFolder:
    folder.name = _free_name(name, besides=folder)
    folder.save(update_fields=["name"])
    audit("live_code_folder.renamed", by=by, subject_kind="live_code_folder", subject_id=folder.pk, name=folder.name)
    return folder


@transaction.atomic
def order_folders(folder_ids: Sequence[int], *, by: Actor) -> None:
    """Put the folders into this order. Raises FoldersChanged unless all of them are named, each once."""
    folders = {folder.pk: folder for folder in LiveCodeFolder.objects.select_for_update().order_by("pk")}
    if sorted(folder_ids) != sorted(folders):
        raise FoldersChanged
    for place, folder_id in enumerate(folder_ids, start=1):
        folders[folder_id].order = place
    LiveCodeFolder.objects.bulk_update(folders.values(), ["order"])
    audit("live_code_folder.ordered", by=by, subject_kind="live_code_folder", subject_id="", folders=list(folder_ids))


@transaction.atomic
def delete_folder(folder: LiveCodeFolder, *, by: Actor) -> None:
    """Its codes stay, in no folder."""
    audit("live_code_folder.deleted", by=by, subject_kind="live_code_folder", subject_id=folder.pk, name=folder.name)
    folder.delete()


@transaction.atomic
def move_to_folder(codes: Iterable[LiveCode], folder: LiveCodeFolder | None, *, by: Actor) -> int:
    ids = [code.pk for code in codes]
    moved = LiveCode.objects.filter(pk__in=ids).update(folder=folder, version=F("version") + 1)
    audit("live_code.moved", by=by, subject_kind="live_code_folder", subject_id=folder.pk if folder else "", codes=ids)
    return moved


def _free_name(name: str, besides: LiveCodeFolder | None = None) -> str:
    name = one_line(name, 100)
    if not name:
        raise BadInput(Text("请填写名称。", "Give it a name."), fields={"name": Text("不能为空。", "Empty.").here()})
    taken = LiveCodeFolder.objects.filter(name=name)
    if besides is not None:
        taken = taken.exclude(pk=besides.pk)
    if taken.exists():
        taken_name = Text("已有同名文件夹。", "There is a folder of this name.")
        raise BadInput(taken_name, fields={"name": taken_name.here()})
    return name


def find_folder(folder_id: int) -> LiveCodeFolder:
    folder = LiveCodeFolder.objects.filter(pk=folder_id).first()
    if folder is None:
        raise NotFound
    return folder
