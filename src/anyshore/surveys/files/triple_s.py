"""Triple-S: reading the metadata of a survey (versions 1.1 to 3.0 in XML) and its data.

Source: *Triple-S XML*, versions 1.1 (2001), 1.2 (2002), 2.0 (2006, revised 2011), 3.0 (2017), triple-s.org. Its files
may name their document type: exactly ``<!DOCTYPE sss …>`` with a public or system identifier passes, not looked up.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from lxml import etree

from anyshore.base import files, xml
from anyshore.base.errors import DataError
from anyshore.base.locations import Location
from anyshore.surveys.files.fields import Layout, values_of
from anyshore.surveys.files.model import Answer, Code, Kind, Span, Survey, Text, Variable

_DOCTYPE = re.compile(r"<!DOCTYPE\s+sss(\s+(PUBLIC\s+(\"[^\"]*\"|'[^']*')|SYSTEM))?(\s+(\"[^\"]*\"|'[^']*'))?\s*>")
_DECLARED = re.compile(rb"<\?xml[^>]*encoding\s*=\s*[\"']([\w.-]+)[\"']")
_KINDS = ("single", "multiple", "quantity", "character", "logical", "date", "time")
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
ENDINGS = (".asc", ".csv", ".dat", ".txt", ".ASC", ".CSV", ".DAT", ".TXT")
"""How the data file beside the metadata may end."""


@dataclass(frozen=True, slots=True)
class Level:
    """A level of a hierarchical survey.

    Attributes:
        ident: its name.
        href: its own metadata file.
        parent: ident of the level above; empty at the top.
        links: the other attributes that say how cases find their parent.
    """

    ident: str
    href: str
    parent: str
    links: tuple[tuple[str, str], ...]


def read(path: str | Path, data: str | Path | None = None) -> Survey:
    """A survey from its metadata file and the data file beside it.

    Args:
        path: the metadata (``.sss`` or ``.xml``).
        data: the data; named by the metadata, or called like it, where left out.

    Raises:
        DataError: a file cannot be read, or the metadata is no Triple-S.
    """
    place = Path(path)
    metadata = files.read(place)
    beside = Path(data) if data is not None else _beside(place, metadata)
    return parsed(metadata, files.read(beside), file=str(place), data_file=str(beside))


def parsed(metadata: bytes, data: bytes, *, file: str = "metadata", data_file: str = "data") -> Survey:
    """A survey from the content of its two files.

    Raises:
        DataError: the metadata is no Triple-S, or two variables have one identifier; with every problem.
    """
    document = _document(metadata, file)
    root, problems = document.root, xml.Problems(document)
    if root.find("hierarchy") is not None:
        said = "The file describes a hierarchy of surveys, not one."
        raise DataError("triple-s.hierarchy", said, document.locate(root), "Read its levels one by one.")
    survey, record = root.find("survey"), root.find("survey/record")
    if root.tag != "sss" or survey is None or record is None:
        hint = "Give the metadata file (.sss or .xml), not the data."
        raise DataError("triple-s.root", "The file is no Triple-S survey.", document.locate(root), hint)
    layouts = [_layout(element, problems) for element in record.iterfind("variable")]
    _unique(layouts, record, problems)
    if problems.errors:
        raise DataError.of(problems.errors)
    text = _decoded(data, _encoding(record), data_file)
    rows, found = values_of(
        text, [one for one in layouts if one], record.get("format", "fixed"), _number(record.get("skip")), data_file
    )
    variables = [one.variable for one in layouts if one]
    for variable, column in zip(variables, rows, strict=True):
        variable.values = column
    return Survey(
        _text(survey.find("name")), _texts(survey.find("title")), variables,
        version=root.get("version", ""), problems=[*problems.found, *found],
    )  # fmt: skip


def levels(metadata: bytes, file: str = "metadata") -> list[Level]:
    """The levels of a hierarchical survey, the highest first; empty where the file describes a single one."""
    document = _document(metadata, file)
    found = []
    for level in document.root.iterfind("hierarchy/level"):
        parent = level.find("parent")
        own = {} if parent is None else {str(name): str(value) for name, value in parent.attrib.items()}
        above = own.pop("level", "")
        found.append(Level(level.get("ident", ""), level.get("href", ""), above, tuple(own.items())))
    return found


def _beside(place: Path, metadata: bytes) -> Path:
    record = _document(metadata, str(place)).root.find("survey/record")
    named = record.get("href", "") if record is not None else ""
    if named and (place.parent / Path(named).name).is_file():
        return place.parent / Path(named).name
    csv_first = record is not None and record.get("format") == "csv"
    endings = sorted(ENDINGS, key=lambda ending: (ending.lower() == ".csv") != csv_first)
    there = next((place.with_suffix(ending) for ending in endings if place.with_suffix(ending).is_file()), None)
    return there or place.with_suffix(".csv" if csv_first else ".asc")


def _document(content: bytes, file: str) -> xml.XmlDocument:
    text = _decoded(content, _declared(content), file)
    # Blanks keep the places of what follows.
    text = _DOCTYPE.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text, count=1)
    return xml.parse(text, file, error=DataError)


def _declared(content: bytes) -> str:
    found = _DECLARED.search(content[:200])
    name = found[1].decode("ascii") if found else "utf-8"
    # A file that says UTF-16 in single bytes was saved anew and is not.
    return "utf-8" if name.lower().startswith(("utf-16", "utf16", "ucs-2", "unicode")) else name


def _decoded(content: bytes, encoding: str, file: str) -> str:
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
    ):  # fmt: skip
        if content.startswith(mark):
            encoding = name
    if content[:4].count(0) == 2:  # UTF-16 without its mark
        encoding = "utf-16-be" if content[0] == 0 else "utf-16-le"
    try:
        return content.decode(encoding or "utf-8")
    except LookupError as unknown:
        said = f"The encoding {encoding!r} is not known."
        raise DataError("file.encoding", said, Location(file), "Save the file as UTF-8.") from unknown
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")  # what the programs wrote that did not say


def _encoding(record: etree._Element) -> str:
    named = ("encoding", "data-file-encoding", "charset")
    return next((record.get(name, "") for name in named if record.get(name)), "")


def _layout(element: etree._Element, problems: xml.Problems) -> Layout | None:
    kind = element.get("type", "")
    position = element.find("position")
    if kind not in _KINDS:
        problems.add(element, "triple-s.type", f"The type {kind!r} is not known.", f"Types: {', '.join(_KINDS)}.")
        return None
    start = _number(position.get("start") if position is not None else None)
    finish = _number(position.get("finish") if position is not None else None) or start
    if not 1 <= start <= finish:
        problems.add(element, "triple-s.position", "The variable has no position.", "Give start and finish, from 1.")
        return None
    literal = element.get("format") == "literal"
    values = element.find("values")
    # In versions 1.x a quantity may hold its range directly.
    holder = values if values is not None else element
    code: Callable[[str], Code | Decimal] = str if literal else _decimal if kind == "quantity" else int
    spread, size = element.find("spread"), element.find("size")
    variable = Variable(
        _text(element.find("name")), _kind(kind), _texts(element.find("label")),
        tuple(_answers(holder, code, problems)), tuple(_spans(holder, code, problems)),
        ident=element.get("ident", ""), use=element.get("use", ""), filter=_text(element.find("filter")),
        literal=literal, width=_number(_text(size)) if size is not None else 0,
    )  # fmt: skip
    subfields = _number(spread.get("subfields")) if spread is not None else 0
    return Layout(variable, start, finish, subfields, _number(spread.get("width")) if spread is not None else 0)


def _kind(name: str) -> Kind:
    return name  # type: ignore[return-value]  # one of _KINDS


def _unique(layouts: list[Layout | None], record: etree._Element, problems: xml.Problems) -> None:
    seen: set[str] = set()
    for layout, element in zip(layouts, record.iterfind("variable"), strict=True):
        ident = layout.variable.ident if layout else ""
        if ident and ident in seen:
            problems.add(element, "triple-s.ident", f"Two variables are called {ident!r}.", "Identifiers are unique.")
        seen.add(ident)


def _answers(holder: etree._Element, code: Callable[[str], Code | Decimal], problems: xml.Problems) -> Iterator[Answer]:
    for element in holder.iterfind("value"):
        number = _coded(element, "code", code, problems)
        score = element.get("score")
        if number is not None:
            yield Answer(number, _texts(element), _decimal(score) if score else None)


def _spans(holder: etree._Element, code: Callable[[str], Code | Decimal], problems: xml.Problems) -> Iterator[Span]:
    for element in holder.iterfind("range"):
        low, high = _coded(element, "from", code, problems), _coded(element, "to", code, problems)
        if low is not None and high is not None:
            yield Span(low, high)


def _coded(
    element: etree._Element, name: str, code: Callable[[str], Code | Decimal], problems: xml.Problems
) -> Code | Decimal | None:
    given = element.get(name, "").strip()
    try:
        return code(given)
    except (ValueError, InvalidOperation):
        problems.add(element, "triple-s.code", f"The {name} {given!r} is no such number.", "Codes are whole numbers.")
        return None


def _decimal(text: str) -> Decimal:
    return Decimal(text.strip())


def _number(text: str | None) -> int:
    return int(text.strip()) if text and text.strip().isdigit() else 0


def _text(element: etree._Element | None) -> str:
    """The text of an element: a break is a line feed, other marks go, blanks at the lines' ends too."""
    if element is None:
        return ""
    parts = [element.text or ""]
    for child in element:
        tag: Any = child.tag  # a function where it is a comment
        mark = etree.QName(child).localname if isinstance(tag, str) else ""
        parts += ["" if not mark else "\n" if mark == "br" else _text(child), child.tail or ""]
    return "\n".join(line.strip() for line in "".join(parts).strip().split("\n"))


def _texts(element: etree._Element | None) -> tuple[Text, ...]:
    """Labels, one per language and mode; the element's own text where it holds no ``text``."""
    if element is None:
        return ()
    inner = element.findall("text")
    if inner:
        found = (Text(_text(one), one.get(_XML_LANG, ""), one.get("mode", "")) for one in inner)
        return tuple(one for one in found if one.text)
    own = _text(element)
    return (Text(own),) if own else ()
