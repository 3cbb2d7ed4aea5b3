"""A sheet as XLSX. Texts are written as texts, so nothing a stranger typed is ever run as a formula."""

import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from urllib.parse import quote
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

from django.http import HttpResponse

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 1_048_575  # a sheet's limit, less the header
_MOST_CHARACTERS = 32_767  # of a cell

_TYPES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'
)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONS = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="{office}/{kind}" Target="{target}"/></Relationships>'
)
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def xlsx_response(name: str, header: Sequence[str], rows: Iterable[Sequence[object]], *, zone: str) -> HttpResponse:
    response = HttpResponse(sheet(header, rows, zone=zone), content_type=MEDIA_TYPE)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response


def sheet(header: Sequence[str], rows: Iterable[Sequence[object]], *, zone: str) -> bytes:
    """One sheet whose first row stays in sight. Times are shown in the zone; rows beyond a sheet's limit are cut."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as file:
        file.writestr("[Content_Types].xml", _TYPES)
        file.writestr("_rels/.rels", _RELATIONS.format(office=_OFFICE, kind="officeDocument", target="xl/workbook.xml"))
        file.writestr(
            "xl/workbook.xml",
            f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
            '<sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>',
        )
        relations = _RELATIONS.format(office=_OFFICE, kind="worksheet", target="worksheets/sheet1.xml")
        file.writestr("xl/_rels/workbook.xml.rels", relations)
        with file.open("xl/worksheets/sheet1.xml", "w") as page:
            page.write(
                f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><worksheet xmlns="{_MAIN}"><sheetViews>'
                '<sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" '
                'state="frozen"/></sheetView></sheetViews><sheetData>'.encode()
            )
            page.write(_row(header, ZoneInfo(zone)))
            for place, row in enumerate(rows):
                if place == MOST_ROWS:
                    break
                page.write(_row(row, ZoneInfo(zone)))
            page.write(b"</sheetData></worksheet>")
    return out.getvalue()


def _row(values: Sequence[object], zone: ZoneInfo) -> bytes:
    return f"<row>{''.join(_cell(value, zone) for value in values)}</row>".encode()


def _cell(value: object, zone: ZoneInfo) -> str:
    if value is None or value == "":
        return "<c/>"
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        return f"<c><v>{value}</v></c>"
    if isinstance(value, datetime):
        value = value.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")
    return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(_printable(str(value)))}</t></is></c>'


def _printable(text: str) -> str:
    """Without control characters, which XML cannot hold."""
    kept = "".join(character for character in text if character >= " " or character in "\t\n")
    return kept.replace("\ufffe", "").replace("\uffff", "")[:_MOST_CHARACTERS]
