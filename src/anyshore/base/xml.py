"""Reading XML from strangers: no DOCTYPE, no entities, bounded size and depth, every element locatable.

``lxml`` alone silently drops external entities under ``resolve_entities=False``; a file that has a DOCTYPE at all is
therefore refused.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.parsers import expat

from lxml import etree

from anyshore.base import files
from anyshore.base.errors import DefinitionError, Diagnostic
from anyshore.base.locations import Location

MAX_BYTES = 64 * 1024 * 1024
_DOCTYPE = re.compile(rb"<!DOCTYPE", re.IGNORECASE)


@dataclass(slots=True)
class XmlDocument:
    """A parsed document that knows where its elements stand.

    Attributes:
        root: the document element.
        source: the bytes as read.
        file: the name to show in messages.
        notes: what of it is not as it should be and was read all the same.
    """

    root: etree._Element
    source: bytes
    file: str
    notes: tuple[Diagnostic, ...] = ()
    _places: dict[etree._Element, tuple[int, int]] | None = field(default=None, repr=False)

    def locate(self, element: etree._Element, name: str | None = None) -> Location:
        """The place of an element: line and column of its opening bracket, both counted from 1.

        Args:
            element: an element of this document.
            name: what to call it; its ``id``, its ``name`` or its tag where left out.
        """
        if self._places is None:
            self._places = _places_of(self.root, self.source)
        known: Any = element.sourceline  # all there is in an encoding the second parser does not know
        line, column = self._places.get(element, (known, None))
        label = name or element.get("id") or element.get("name") or etree.QName(element).localname
        return Location(file=self.file, element=label, line=line, column=column)


def parse(
    source: bytes | str | Path, file: str | None = None, *, error: type[DefinitionError], keep_cdata: bool = False
) -> XmlDocument:
    """Parses a document, refusing everything that could reach outside it.

    A namespace that is no URI, such as one with a blank in it, is noted only: the document is well-formed.

    Args:
        source: a path, or the content as bytes or text.
        file: the name to show in messages; the path where ``source`` is one.
        error: the error class to raise, so that a DMN file fails as ``DmnError``.
        keep_cdata: whether CDATA sections are told from other text, for writing them back.

    Raises:
        DefinitionError: the file cannot be read, is no well-formed XML, has a DOCTYPE or is too large.
    """
    name = file or (str(source) if isinstance(source, Path) else "<text>")
    content = _content(source, name, error)
    if len(content) > MAX_BYTES:
        raise error(
            "xml.too-large", f"The file has {len(content):,} bytes.", Location(name), f"At most {MAX_BYTES:,} are read."
        )
    if _has_doctype(content):
        raise _doctype(name, error)
    root, notes = _parsed(content, name, error, keep_cdata=keep_cdata)
    about: Any = root.getroottree().docinfo  # the stubs lack ``doctype``
    if about.doctype:  # hidden from the search of bytes, in another encoding or between comments
        raise _doctype(name, error)
    return XmlDocument(root, content, name, notes)


_NO_URI = frozenset(("WAR_NS_URI", "WAR_NS_URI_RELATIVE"))
"""What the parser says of a namespace that is no URI, or a relative one."""


def _parsed(
    content: bytes, name: str, error: type[DefinitionError], *, keep_cdata: bool
) -> tuple[etree._Element, tuple[Diagnostic, ...]]:
    def parser(*, recover: bool) -> etree.XMLParser:
        return etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, strip_cdata=not keep_cdata,
            recover=recover,
        )  # fmt: skip

    strict = parser(recover=False)
    try:
        return etree.fromstring(content, strict), ()
    except etree.XMLSyntaxError as problem:
        said: Any = strict.error_log
        if said and all(entry.type_name in _NO_URI for entry in said):
            return etree.fromstring(content, parser(recover=True)), tuple(_note(entry, name) for entry in said)
        raise error(
            "xml.malformed",
            f"Not well-formed XML: {_reason(problem)}.",
            Location(name, line=problem.lineno or 1, column=(problem.offset or 0) + 1),
            "Open the file in an XML editor and mend it there.",
        ) from problem


def _note(entry: Any, name: str) -> Diagnostic:
    found = re.match(r"xmlns:?(\S*): '?(.*?)'? is not a valid URI", entry.message)
    what = f"The namespace {found[2]!r} is no URI" if found else "A namespace is no URI"
    hint = "Write it without blanks, as Namespaces in XML 1.0 says (2.1)."
    return Diagnostic("xml.namespace", f"{what}.", Location(name, line=entry.line), hint, "warning")


def _doctype(name: str, error: type[DefinitionError]) -> DefinitionError:
    message = "The file has a DOCTYPE, which could pull in other files."
    return error("xml.doctype", message, Location(name), "Remove the <!DOCTYPE …> declaration.")


def _reason(problem: etree.XMLSyntaxError) -> str:
    """What the parser said, on one line, without the place and without advice to its programmer."""
    said = re.sub(r",? line \d+, column \d+$", "", " ".join(problem.msg.split()))
    return re.sub(r", (use|try) XML_PARSE_HUGE( option)?$", "", said.rstrip(" ,"))


def _has_doctype(content: bytes) -> bool:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        content = content.decode("utf-16", "replace").encode()
    elif b"\x00" in content[:4]:
        content = content.replace(b"\x00", b"")
    if not _DOCTYPE.search(content):
        return False
    return bool(_DOCTYPE.search(re.sub(rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>", b"", content, flags=re.DOTALL)))


def _content(source: bytes | str | Path, name: str, error: type[DefinitionError]) -> bytes:
    if isinstance(source, bytes):
        return source.removeprefix(codecs.BOM_UTF8)
    if isinstance(source, str):
        # lxml refuses text that declares an encoding of its own. The rest keeps its place.
        text = re.sub(r"^\s*<\?xml[^>]*\?>", _blank, source.removeprefix("\ufeff"), count=1)
        return text.encode("utf-8", "surrogatepass")  # lone surrogates are refused where they stand
    return files.read(source, error=error, name=name).removeprefix(codecs.BOM_UTF8)


def _blank(found: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", found[0])


def _places_of(root: etree._Element, source: bytes) -> dict[etree._Element, tuple[int, int]]:
    """Line and column of every element. ``lxml`` keeps no column, so a second parser counts along."""
    starts: list[tuple[int, int]] = []
    counter = expat.ParserCreate()
    counter.StartElementHandler = lambda _tag, _attributes: starts.append(
        (counter.CurrentLineNumber, counter.CurrentColumnNumber + 1)
    )
    try:
        counter.Parse(source, True)
    except (expat.ExpatError, ValueError, LookupError):  # the last two: an encoding expat does not know
        return {}
    return dict(zip(root.iter(etree.Element), starts, strict=False))


@dataclass(slots=True)
class Problems:
    """Collects the problems of one document, so that all come back at once.

    Attributes:
        document: where the elements stand.
        found: problems so far, in document order of discovery.
    """

    document: XmlDocument
    found: list[Diagnostic] = field(default_factory=list)

    def add(self, element: etree._Element, code: str, message: str, hint: str = "") -> None:
        """Notes an error at an element."""
        self.found.append(Diagnostic(code, message, self.document.locate(element), hint))

    def warn(self, element: etree._Element, code: str, message: str, hint: str = "") -> None:
        """Notes a warning at an element."""
        self.found.append(Diagnostic(code, message, self.document.locate(element), hint, "warning"))

    @property
    def errors(self) -> list[Diagnostic]:
        """The problems that refuse the file."""
        return [d for d in self.found if d.severity == "error"]
