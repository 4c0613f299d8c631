"""Sheets of Excel workbooks (.xlsx, .xlsm), row by row in bounded memory. Source: ECMA-376, part 1, 18.

Read are values, also those of formulas as they were last computed; hidden rows and columns are read like others, and a
warning says so. Nothing in a workbook is executed, fetched or followed.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import IO

from lxml import etree

from anyshore.base import files
from anyshore.base.errors import DataError, Diagnostic
from anyshore.base.locations import Location
from anyshore.base.tables.cells import Cell, Covered, Fault, Line
from anyshore.base.tables.formats import GENERAL, Format, iso, read_format, typed

MAX_UNPACKED = 4 << 30
"""Bytes of one part of a workbook, unpacked."""
MAX_COLUMNS, MAX_ROWS, MAX_AREAS = 16_384, 1_048_576, 100_000
_SAVE = "Save it in Excel as .xlsx again."
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})", re.ASCII)
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_BROKEN = (zipfile.BadZipFile, zlib.error, etree.XMLSyntaxError, KeyError, ValueError, IndexError, EOFError, OSError,
           NotImplementedError, RuntimeError)  # fmt: skip


@dataclass(slots=True)
class _Merged:
    """A merged area: rows from 1, columns from 0, both ends included; its value once that is known."""

    top: int
    left: int
    bottom: int
    right: int
    text: str
    value: Cell = ""


@dataclass
class Workbook:
    """An Excel file.

    Attributes:
        source: a path, or the content.
        name: for messages.
    """

    source: Path | bytes
    name: str

    @cached_property
    def package(self) -> zipfile.ZipFile:
        """The archive.

        Raises:
            DataError: it cannot be read, or is broken.
        """
        try:
            return zipfile.ZipFile(io.BytesIO(self.source) if isinstance(self.source, bytes) else self.source)
        except OSError as problem:
            raise files.unreadable(problem, self.name) from problem
        except _BROKEN as problem:
            raise self._broken(problem) from problem

    @cached_property
    def sheets(self) -> list[tuple[str, bool, str]]:
        """Name, whether it is visible, and part of every sheet with cells, in order.

        Raises:
            DataError: the workbook is broken.
        """
        try:
            return self._sheets()
        except _BROKEN as problem:
            raise self._broken(problem) from problem

    @cached_property
    def from_1904(self) -> bool:
        """Whether days are counted from 1904."""
        found = self._tree(self._part).find("{*}workbookPr")
        return found is not None and found.get("date1904") in ("1", "true")

    @cached_property
    def formats(self) -> list[Format]:
        """The formats cells refer to by their index."""
        part = self._related(self._part).get("styles")
        if part is None:
            return []
        tree = self._tree(part[0])
        codes = {int(f.get("numFmtId", "-1")): f.get("formatCode", "") for f in tree.iterfind("{*}numFmts/{*}numFmt")}
        numbers = (int(xf.get("numFmtId", "0")) for xf in tree.iterfind("{*}cellXfs/{*}xf"))
        return [read_format(number, codes.get(number)) for number in numbers]

    @cached_property
    def texts(self) -> Texts:
        """The texts cells refer to by their index."""
        found = Texts()
        part = self._related(self._part).get("sharedStrings")
        if part is not None:
            for element in _elements(self.open(part[0]), "si"):
                found.add(_content(element))
        return found

    def sheet(self, wanted: str | None = None, *, results: bool = True) -> WorkbookSheet:
        """A sheet by its name, in any case; the first visible one where none is named.

        Args:
            wanted: its name.
            results: whether results of formulas are read; else a formula is a fault of its cell.

        Raises:
            DataError: there is none, or the workbook is broken.
        """
        for title, visible, part in self.sheets:
            if visible if wanted is None else title.casefold() == wanted.strip().casefold():
                return WorkbookSheet(self, f"{self.name} [{title}]", part, results)
        known = ", ".join(title for title, _, _ in self.sheets) or "none"
        message = "There is no visible sheet." if wanted is None else f"There is no sheet {wanted!r}."
        raise DataError("tables.sheet", message, Location(self.name), f"Sheets of this file: {known}.")

    def open(self, part: str) -> IO[bytes]:
        """A part of the workbook, unpacked."""
        found = self.package.getinfo(part)
        files.check_size(found.file_size, self.name, most=MAX_UNPACKED)
        return self.package.open(found)

    def _sheets(self) -> list[tuple[str, bool, str]]:
        parts = {key: part for found in self._related(self._part).values() for key, part in _by_id(found)}
        listed = []
        for element in self._tree(self._part).iterfind("{*}sheets/{*}sheet"):
            key = next((value for name, value in element.attrib.items() if str(name).endswith("}id")), "")
            part = parts.get(str(key), "")
            if "worksheets/" in part or (part.startswith("xl/") and "chartsheet" not in part and "dialog" not in part):
                listed.append((element.get("name", ""), element.get("state", "visible") == "visible", part))
        return listed

    @cached_property
    def _part(self) -> str:
        return self._related("")["officeDocument"][0]

    def _related(self, part: str) -> dict[str, list[str]]:
        """The parts a part refers to, by the last word of their kind; each kind's parts and ids alternate."""
        folder, name = posixpath.split(part)
        found: dict[str, list[str]] = {}
        for element in self._tree(posixpath.join(folder, "_rels", f"{name}.rels")):
            if element.get("TargetMode") == "External":
                continue
            target = posixpath.normpath(posixpath.join("/", folder, element.get("Target", "")))
            kind = element.get("Type", "").rpartition("/")[2]
            found.setdefault(kind, []).extend((target.lstrip("/"), element.get("Id", "")))
        return found

    def _tree(self, part: str) -> etree._Element:
        with self.open(part) as stream:
            content = stream.read(files.MAX_BYTES)
        root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
        _refuse_doctype(root)
        return root

    def _broken(self, problem: Exception) -> DataError:
        if isinstance(problem, RuntimeError) and "password" in str(problem):
            return DataError("tables.protected", "The workbook has a password.", Location(self.name), "Remove it.")
        reason = " ".join(str(problem).split())[:120] or type(problem).__name__
        return DataError("tables.broken-workbook", f"A broken workbook: {reason}.", Location(self.name), _SAVE)


@dataclass
class WorkbookSheet:
    """A sheet of a workbook.

    Attributes:
        book: the workbook.
        name: of file and sheet, for messages.
        part: where it is stored.
        results: whether results of formulas are read.
        warnings: what was taken for granted.
        separator: none.
    """

    book: Workbook
    name: str
    part: str
    results: bool = True
    warnings: list[Diagnostic] = field(default_factory=list)
    separator: str = ""

    def lines(self, problems: list[Diagnostic]) -> Iterator[Line]:
        """The rows in order, empty ones left out where the file leaves them out.

        Raises:
            DataError: the workbook is broken.
        """
        del problems  # a broken workbook cannot be read on
        self.warnings.clear()
        try:
            yield from self._lines()
        except DataError:
            raise
        except _BROKEN as problem:
            raise self.book._broken(problem) from problem

    def _lines(self) -> Iterator[Line]:
        areas = sorted(self._areas(), key=lambda area: area.top)
        begun, open_areas = 0, list[_Merged]()
        hidden: list[int] = []
        number = 0
        for element in _elements(self.book.open(self.part), "row"):
            number = int(element.get("r") or number + 1)
            if number > MAX_ROWS:
                raise ValueError(f"row {number}")
            cells = self._cells(element)
            while begun < len(areas) and areas[begun].top <= number:
                open_areas.append(areas[begun])
                begun += 1
            open_areas = [area for area in open_areas if area.bottom >= number]
            for area in open_areas:
                _cover(cells, area, first=area.top == number)
            if element.get("hidden") in ("1", "true"):
                hidden.append(number)
            yield Line(number, number, cells)
        if hidden:
            shown = ", ".join(map(str, hidden[:5])) + (" …" if len(hidden) > 5 else "")
            message = f"Hidden rows are read like others: {shown}."
            place = Location(self.name, line=hidden[0])
            self.warnings.append(Diagnostic("tables.hidden-rows", message, place, "Delete them if they do not count.",
                                            "warning"))  # fmt: skip

    def _cells(self, row: etree._Element) -> list[Cell]:
        cells: list[Cell] = []
        for element in row:
            if etree.QName(element).localname != "c":
                continue
            reference = element.get("r")
            at = len(cells) if reference is None else _column(reference)
            if at >= MAX_COLUMNS:
                raise ValueError(f"cell {reference}")
            cells.extend([""] * (at + 1 - len(cells)))
            cells[at] = self._value(element)
        return cells

    def _value(self, element: etree._Element) -> Cell:
        kind = element.get("t", "n")
        if not self.results and element.find("{*}f") is not None:
            return Fault("tables.formula", "The cell holds a formula.", "Write its value; a leading = makes it one.")
        if kind == "inlineStr":
            return _content(element)
        stored = element.find("{*}v")
        text = "" if stored is None else stored.text or ""
        if not text:
            if element.find("{*}f") is None or (kind == "str" and stored is not None):
                return ""
            message = "The formula of the cell was never computed."
            return Fault("tables.no-result", message, "Open the file in Excel, save it, and send it again.")
        match kind:
            case "s":
                return self.book.texts[int(text)]
            case "str":
                return _unescaped(text)
            case "b":
                return text.strip() in ("1", "true")
            case "e":
                return Fault("tables.error-cell", f"The cell holds the error {text[:40]}.", "Mend it in Excel.")
            case "d":
                return iso(text)
        style = int(element.get("s", "0"))
        form = self.book.formats[style] if style < len(self.book.formats) else GENERAL
        return typed(text, form, from_1904=self.book.from_1904)

    def _areas(self) -> Iterator[_Merged]:
        """The merged areas, which stand behind the rows; a first look over the bytes tells whether there are any."""
        with self.book.open(self.part) as stream:
            before = b""
            while chunk := stream.read(1 << 20):
                if b"mergeCell" in before + chunk:
                    break
                before = chunk[-16:]
            else:
                return
        for count, element in enumerate(_elements(self.book.open(self.part), "mergeCell")):
            corners = [_REFERENCE.fullmatch(one) for one in element.get("ref", "").split(":")]
            if len(corners) != 2 or None in corners or count >= MAX_AREAS:
                raise ValueError(f"merged area {element.get('ref')}")
            (left, top), (right, bottom) = ((_column(c[0]), int(c[2])) for c in corners if c is not None)
            yield _Merged(top, left, bottom, right, element.get("ref", ""))


def _cover(cells: list[Cell], area: _Merged, *, first: bool) -> None:
    """Puts the value of a merged area where its other cells of a row are, which a workbook leaves empty."""
    if first:
        area.value = cells[area.left] if area.left < len(cells) else ""
    if area.value == "":
        return
    right = min(area.right, MAX_COLUMNS - 1)
    cells.extend([""] * (right + 1 - len(cells)))
    for at in range(area.left, right + 1):
        if cells[at] == "" and not (first and at == area.left):
            cells[at] = Covered(area.value, area.text)


class Texts:
    """The shared texts of a workbook, kept as one run of bytes: a million of them must not be a million objects."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._ends = array("Q")

    def add(self, text: str) -> None:
        """Appends a text."""
        self._bytes += text.encode("utf-8", "surrogatepass")
        self._ends.append(len(self._bytes))

    def __len__(self) -> int:
        return len(self._ends)

    def __getitem__(self, index: int) -> str:
        if not 0 <= index < len(self._ends):
            raise IndexError(f"text {index}")
        begin = self._ends[index - 1] if index else 0
        return self._bytes[begin : self._ends[index]].decode("utf-8", "surrogatepass")


def _elements(stream: IO[bytes], name: str) -> Iterator[etree._Element]:
    """The elements of a name, one at a time; each is gone when the next is asked for."""
    with stream:
        reading = etree.iterparse(
            stream, ("end",), tag=f"{{*}}{name}", resolve_entities=False, no_network=True, load_dtd=False
        )
        for count, (_, element) in enumerate(reading):
            if not count:
                _refuse_doctype(element)
            yield element
            element.clear()
            parent = element.getparent()
            while parent is not None and parent[0] is not element:
                del parent[0]


def _refuse_doctype(element: etree._Element) -> None:
    if element.getroottree().docinfo.doctype:  # type: ignore[attr-defined]  # the stubs lack it
        raise ValueError("a part has a DOCTYPE")


def _by_id(found: list[str]) -> Iterator[tuple[str, str]]:
    return zip(found[1::2], found[::2], strict=True)


def _column(reference: str) -> int:
    found = _REFERENCE.fullmatch(reference)
    if found is None:
        raise ValueError(f"cell {reference!r}")
    number = 0
    for letter in found[1]:
        number = 26 * number + ord(letter) - 64
    return number - 1


def _content(element: etree._Element) -> str:
    """The text in an element, its runs put together, without what tells only its pronunciation."""
    runs = (t for t in element.iter("{*}t") if not any(etree.QName(a).localname == "rPh" for a in t.iterancestors()))
    return _unescaped("".join(t.text or "" for t in runs))


def _unescaped(text: str) -> str:
    """A text with its control characters, which XML cannot hold, in place of ``_x000D_``."""
    return _ESCAPED.sub(_character, text) if "_x" in text else text


def _character(found: re.Match[str]) -> str:
    code = int(found[1], 16)
    return found[0] if code == 0 or 0xD800 <= code < 0xE000 else chr(code)
