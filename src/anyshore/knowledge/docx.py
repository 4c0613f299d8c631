"""The text of a word processor's file (DOCX, ECMA-376 part 1), read without running or following anything in it.

Only ``word/document.xml`` is opened: no macros, no pictures, no links, no other parts. What the author struck out or
hid is not read; what stands in tables and text boxes is. A file that unpacks to more than is read is refused before it
does.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
import zlib

from lxml import etree

from anyshore.base import xml
from anyshore.base.errors import DataError
from anyshore.base.locations import Location
from anyshore.knowledge.documents import Source

MOST_MEMBERS = 10_000
MOST_BYTES = 32 * 1024 * 1024
"""Of the text, unpacked; a long book has one."""
_PART = "word/document.xml"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
_BROKEN = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError,
)  # fmt: skip
_BREAKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "softHyphen": "\u00ad"}
_LEFT_OUT = frozenset(("del", "moveFrom", "Fallback", "instrText", "delText", "pPr", "sectPr", "tblPr"))
"""What was struck out or moved away, doubles of what newer readers see, codes, and how things look."""


def is_docx(data: bytes) -> bool:
    """Whether these bytes are a ZIP archive with the text of a document in it."""
    if not data.startswith(b"PK"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _PART in archive.namelist()
    except _BROKEN:
        return False


def read(data: bytes, name: str) -> Source:
    """The source in the bytes of a DOCX file: a line per paragraph, the cells of a row parted by tabs, as one page.

    Raises:
        DataError: damaged, protected by a password, no document, without text, or more than is read.
    """
    content = _content(data, name)
    root = xml.parse(content, name, error=DataError).root
    space = _STRICT if root.tag == f"{_STRICT}document" else _W
    body = root.find(f"{space}body")
    lines: list[str] = []
    if body is not None:
        _blocks(body, lines)
    text = "\n".join(lines).strip("\n")
    if not text.strip():
        raise DataError(
            "document.no-text", "the document holds no text", Location(file=name),
            "if it is a picture, run text recognition (OCR) first",
        )  # fmt: skip
    return Source(hashlib.sha256(data).hexdigest(), name, text, ((0, len(text)),))


def _content(data: bytes, name: str) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if len(archive.namelist()) > MOST_MEMBERS:
                raise _large(name, f"{len(archive.namelist()):,} parts")
            if _PART not in archive.namelist():
                raise DataError(
                    "document.kind", "the archive is no document of a word processor", Location(file=name),
                    "save it as DOCX or PDF",
                )  # fmt: skip
            with archive.open(_PART) as opened:
                content = opened.read(MOST_BYTES + 1)
    except _BROKEN as problem:
        raise DataError(
            "document.unreadable-docx", f"the document is damaged: {problem}", Location(file=name),
            "open it in a word processor, remove its password if it has one, and save it again",
        ) from problem  # fmt: skip
    if len(content) > MOST_BYTES:
        raise _large(name, f"more than {MOST_BYTES:,} bytes of text")
    return content


def _large(name: str, what: str) -> DataError:
    return DataError("document.too-large", f"the document has {what}", Location(file=name), "split the file")


def _blocks(parent: etree._Element, lines: list[str]) -> None:
    """The paragraphs and rows below an element, a line each."""
    for child in parent:
        match _local(child):
            case "p":
                lines.extend(_paragraph(child))
            case "tr":
                lines.extend(_row(child))
            case word if word not in _LEFT_OUT:
                _blocks(child, lines)


def _row(row: etree._Element) -> list[str]:
    """A row of a table: cells of one line each stand beside each other, longer ones below each other."""
    cells: list[list[str]] = []
    for cell in row.iter("{*}tc"):
        if cell.getparent() is row:
            inner: list[str] = []
            _blocks(cell, inner)
            cells.append([line for line in inner if line.strip()])
    if all(len(cell) <= 1 for cell in cells):
        return ["\t".join(cell[0] if cell else "" for cell in cells)]
    return [line for cell in cells for line in cell]


def _paragraph(paragraph: etree._Element) -> list[str]:
    """The text of a paragraph; paragraphs of text boxes in it follow."""
    text: list[str] = []
    boxes: list[str] = []
    _runs(paragraph, text, boxes)
    return ["".join(text), *boxes]


def _runs(parent: etree._Element, text: list[str], boxes: list[str]) -> None:
    for child in parent:
        word = _local(child)
        if word in _LEFT_OUT or (word == "r" and _hidden(child)):
            continue
        if word == "t":
            text.append(child.text or "")
        elif word in _BREAKS:
            text.append(_BREAKS[word])
        elif word == "txbxContent":
            _blocks(child, boxes)
        else:
            _runs(child, text, boxes)


def _hidden(run: etree._Element) -> bool:
    """Whether the author hid it: words no reader sees are no evidence (``w:vanish``)."""
    mark = run.find("{*}rPr/{*}vanish")
    if mark is None:
        return False
    value = next((value for name, value in mark.attrib.items() if str(name).endswith("}val")), "true")
    return value not in ("0", "false", "off")


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""
