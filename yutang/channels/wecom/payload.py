"""What a decrypted callback says, read once, without losing anything we do not know yet.

Elements nest and repeat, names differ between generations of the documentation, and new ones appear without notice.
So a callback is a header we rely on and a tree of fields we do not judge; the plain text is kept beside it.
"""

import json
import re
from dataclasses import dataclass
from typing import Any
from xml.parsers import expat

from yutang.channels.wecom.callback_errors import UnreadableBody

MAX_BODY_BYTES = 1024 * 1024
MAX_DEPTH = 32
MAX_ELEMENTS = 20_000

# Nicknames carry such characters in practice, and one of them must not cost us the whole event.
FORBIDDEN_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")

Fields = dict[str, Any]  # element name -> text, nested fields, or a list of either where it repeats


@dataclass(frozen=True)
class ParsedCallback:
    """One decrypted callback. `fields` holds every element, the header's included."""

    to: str
    sender: str
    create_time: int
    msg_type: str
    event: str
    change_type: str
    fields: Fields
    raw: str

    def text(self, *names: str) -> str:
        """The first of these elements that is plain text, else an empty string."""
        for name in names:
            value = self.fields.get(name)
            if isinstance(value, str) and value:
                return value
        return ""

    def number(self, name: str) -> int | None:
        return as_int(self.fields.get(name))

    def texts(self, container: str, item: str) -> list[str]:
        """The repeated `item` elements of a `container`, whether it held none, one or many."""
        inside = self.fields.get(container)
        found = inside.get(item) if isinstance(inside, dict) else None
        return [value for value in as_list(found) if isinstance(value, str)]

    @property
    def user_id(self) -> str:
        return self.text("UserID", "UserId")

    @property
    def external_user_id(self) -> str:
        return self.text("ExternalUserID", "ExternalUserId")

    @property
    def state(self) -> str:
        return self.text("State")

    @property
    def welcome_code(self) -> str:
        return self.text("WelcomeCode")


def read_callback(plain: str) -> ParsedCallback:
    """Read a decrypted callback, XML or JSON, of a corp's app or of a suite. Raises UnreadableBody."""
    fields = read_fields(plain)
    header = {name.lower(): value for name, value in fields.items() if isinstance(value, (str, int))}

    def first(*names: str) -> str:
        return next((str(header[name]).strip() for name in names if header.get(name) not in (None, "")), "")

    return ParsedCallback(
        to=first("tousername", "authcorpid"),
        sender=first("fromusername"),
        create_time=as_int(first("createtime", "timestamp")) or 0,
        msg_type=first("msgtype") or ("event" if first("infotype") else ""),
        event=first("event", "infotype"),
        change_type=first("changetype"),
        fields=fields,
        raw=plain,
    )


def read_fields(body: bytes | str) -> Fields:
    """The elements below the root, as text, dicts and lists. Raises UnreadableBody."""
    try:
        text = body.decode("utf-8-sig") if isinstance(body, bytes) else body
    except UnicodeDecodeError as error:
        raise UnreadableBody("the body is not UTF-8") from error
    start = text.lstrip()[:1]
    if start == "{":
        return _read_json(text)
    if start == "<":
        return _read_xml(text)
    raise UnreadableBody("the body is neither XML nor JSON")


def as_int(value: object) -> int | None:
    try:
        return int(value)  # type: ignore[call-overload]
    except (TypeError, ValueError):
        return None


def as_list(value: object) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _read_json(text: str) -> Fields:
    try:
        fields = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableBody("the body looks like JSON but is not") from error
    if not isinstance(fields, dict):
        raise UnreadableBody("the body is not a JSON object")
    return fields


def _read_xml(text: str) -> Fields:
    reader = _XmlReader()
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.data
    parser.StartDoctypeDeclHandler = reader.refuse_doctype
    try:
        parser.Parse(FORBIDDEN_IN_XML.sub("", text).lstrip().encode(), True)
    except expat.ExpatError as error:
        raise UnreadableBody(f"the XML is broken at line {error.lineno}") from error
    except UnicodeEncodeError as error:
        raise UnreadableBody("the body is not Unicode text") from error
    root = reader.root
    if not isinstance(root, dict):
        raise UnreadableBody("the XML has no elements")
    return root


class _XmlReader:
    """Builds the tree element by element. A document type is refused, and with it entities and external files."""

    def __init__(self) -> None:
        self.root: Fields | str | None = None
        self._open: list[tuple[Fields, list[str]]] = []
        self._elements = 0

    def start(self, name: str, _attributes: dict[str, str]) -> None:
        self._elements += 1
        if len(self._open) >= MAX_DEPTH or self._elements > MAX_ELEMENTS:
            raise UnreadableBody("the XML is nested too deeply or has too many elements")
        self._open.append(({}, []))

    def data(self, text: str) -> None:
        self._open[-1][1].append(text)

    def end(self, name: str) -> None:
        children, texts = self._open.pop()
        value: Fields | str = children or "".join(texts)
        if not self._open:
            self.root = value
            return
        siblings = self._open[-1][0]
        if name not in siblings:
            siblings[name] = value
        elif isinstance(siblings[name], list):
            siblings[name].append(value)
        else:
            siblings[name] = [siblings[name], value]

    def refuse_doctype(self, *_declaration: object) -> None:
        raise UnreadableBody("the XML declares a document type")
