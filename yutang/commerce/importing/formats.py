"""What kind of file this is, told by its content; its name is only a hint people get wrong."""

import codecs
import csv
import gzip
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal, Protocol

from yutang.commerce.errors import FileTooBig, FileUnreadable
from yutang.kernel.language import Text

LIMIT_BYTES = 1024 * 1024 * 1024  # of a file, and of what it unpacks to
SHEET_LIMIT_BYTES = 2 * LIMIT_BYTES  # sheet XML is about four times the size of its text
SNIFF_BYTES = 1024 * 1024
DELIMITERS = ",;\t|"
_STEP = 1024 * 1024


class Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


Kind = Literal["csv", "sheets", "parquet"]


@dataclass(frozen=True)
class Format:
    kind: Kind
    encoding: str = ""
    delimiter: str = ""


def unpacked(path: Path, into: Path) -> Path:
    """The file itself, or what a .gz holds, unpacked into a folder. Raises FileTooBig before a bomb fills the disk."""
    with path.open("rb") as file:
        if file.read(2) != b"\x1f\x8b":
            return path
    target = into / (path.stem or "unpacked")
    try:
        with gzip.open(path, "rb") as packed, target.open("wb") as plain:
            _copy_within_limit(packed, plain, path.name)
    except (OSError, EOFError, ValueError) as error:
        raise FileUnreadable(path.name, Text("压缩文件已损坏。", "the gzip data is damaged.")) from error
    return target


def _copy_within_limit(source: Readable, target: IO[bytes] | None, name: str, limit: int | None = None) -> None:
    limit = LIMIT_BYTES if limit is None else limit
    size = 0
    while step := source.read(_STEP):
        size += len(step)
        if size > limit:
            raise FileTooBig(file=name, limit_mb=limit // 1024 // 1024)
        if target is not None:
            target.write(step)


def format_of(path: Path) -> Format:
    """Raises FileUnreadable for what is no table, with the reason."""
    size = path.stat().st_size
    if size > LIMIT_BYTES:
        raise FileTooBig(file=path.name, limit_mb=LIMIT_BYTES // 1024 // 1024)
    with path.open("rb") as file:
        head = file.read(SNIFF_BYTES)
    if not head.strip():
        raise FileUnreadable(path.name, Text("文件是空的。", "it is empty."))
    if head.startswith(b"PAR1"):
        return Format("parquet")
    if head.startswith(b"PK\x03\x04"):
        _check_zip(path)
        return Format("sheets")
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return Format("sheets")
    if head.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc\xaf")):
        raise FileUnreadable(path.name, Text("这不是表格文件。", "it is not a table."))
    encoding = encoding_of(path, head)
    text = codecs.getincrementaldecoder(encoding)("replace").decode(head)
    return Format("csv", encoding, delimiter_of(text))


def _check_zip(path: Path) -> None:
    """A workbook of bounded size. Sizes are counted while unpacking, since a bomb lies about them."""
    try:
        with zipfile.ZipFile(path) as packed:
            if "[Content_Types].xml" not in packed.namelist():
                raise FileUnreadable(
                    path.name,
                    Text("这是压缩包，不是表格；请先解压。", "it is an archive, not a workbook; unpack it first."),
                )
            left = SHEET_LIMIT_BYTES
            for entry in packed.infolist():
                left -= entry.file_size
                if left < 0:
                    raise FileTooBig(file=path.name, limit_mb=SHEET_LIMIT_BYTES // 1024 // 1024)
                with packed.open(entry) as content:
                    _copy_within_limit(content, None, path.name, SHEET_LIMIT_BYTES)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        raise FileUnreadable(path.name, Text("工作簿已损坏或有密码。", "the workbook is damaged or locked.")) from error


def encoding_of(path: Path, head: bytes) -> str:
    """UTF-8 and UTF-16 with or without a mark; what is none of them is read as GB18030, which contains GBK.

    A file pasted together from both is read as UTF-8 whose foreign stretches are GB18030 (see `_as_gb18030`).
    """
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if guess := _unmarked_utf16(head):
        return guess
    if _decodes(path, "utf-8") or _mostly_utf8(head):
        return "utf-8"
    return "gb18030"


def _mostly_utf8(head: bytes) -> bool:
    """Chinese in GBK is hardly ever valid UTF-8 by chance, so lines that are speak for UTF-8."""
    good = bad = 0
    for line in head.splitlines()[:-1]:
        if line.isascii():
            continue
        try:
            line.decode("utf-8")
            good += 1
        except UnicodeDecodeError:
            bad += 1
    return good > bad


def _as_gb18030(error: UnicodeError) -> tuple[str, int]:
    """Decode the bytes that are not UTF-8, up to the end of their cell, as GB18030."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    end = error.start
    while end < len(error.object) and error.object[end] not in b',;\t|"\r\n':
        end += 1
    end = max(end, error.end)
    return error.object[error.start : end].decode("gb18030", "replace"), end


codecs.register_error("gb18030_cell", _as_gb18030)


def _unmarked_utf16(head: bytes) -> str | None:
    """Separators of a table are ASCII: in UTF-16 each stands beside a zero byte, always on the same side."""
    sample = head[:20_000]
    little = len(re.findall(rb"[,;\t|\r\n0-9]\x00", sample[: len(sample) // 2 * 2]))
    big = len(re.findall(rb"\x00[,;\t|\r\n0-9]", sample))
    if max(little, big) < 4 or sample.count(0) < len(sample) // 8:
        return None
    return "utf-16-le" if sample.find(0) % 2 else "utf-16-be"


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as file:
            while step := file.read(_STEP):
                decoder.decode(step)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def delimiter_of(text: str) -> str:
    """The separator that parts most of the first lines into the same, largest number of cells."""
    lines = [line for line in text.splitlines()[:60] if line.strip()][:50]
    best, best_score = ",", 0.0
    for delimiter in DELIMITERS:
        widths = [len(row) for row in csv.reader(lines, delimiter=delimiter) if row]
        if not widths:
            continue
        usual = max(set(widths), key=widths.count)
        score = (usual - 1) * widths.count(usual) / len(widths)
        if score > best_score:
            best, best_score = delimiter, score
    return best


def stored(source: IO[bytes], target: Path, name: str) -> None:
    """Keep a copy of a file. Raises FileTooBig, leaving nothing behind."""
    try:
        with target.open("wb") as file:
            _copy_within_limit(source, file, name)
    except FileTooBig:
        target.unlink()
        raise
