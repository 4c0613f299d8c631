"""A filing: the files somebody filed together, as one thing. Facts are read at once, linkbases when first asked for."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from lxml import etree

from anyshore.base import files, xml
from anyshore.base.errors import DataError, Diagnostic
from anyshore.base.locations import Location
from anyshore.base.xml import XmlDocument
from anyshore.filings import inline, instance
from anyshore.filings.instance import Reading
from anyshore.filings.model import Dimension, Fact, Period, local
from anyshore.filings.taxonomy import (
    PARENT_CHILD,
    STANDARD_LABEL,
    SUMMATION,
    SUMMATION_11,
    Arc,
    Taxonomy,
    labels,
    networks,
)

MOST_BYTES = 512 * 1024 * 1024
"""Content of all files of a filing together, unpacked."""
MOST_FILES = 5_000
ENDINGS = (".xml", ".xsd", ".xhtml", ".html", ".htm", ".xbrl")
_FIRST = re.compile(rb"<(?:[\w.-]+:)?([\w.-]+)[\s>/]")
_BEFORE = re.compile(rb"\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*(\[.*?\])?\s*>", re.DOTALL)
"""What may stand before the first element. A document type is passed over here, and refused where the file is read."""


@dataclass
class Filing:
    """One filing.

    Attributes:
        name: what to call it.
        digest: SHA-256 over the names and contents of its files.
        files: SHA-256 of each file by name.
        reading: its contexts, units and facts.
        taxonomy: what its schemas say.
    """

    name: str
    digest: str
    files: Mapping[str, str]
    reading: Reading
    taxonomy: Taxonomy
    _linkbases: Mapping[str, bytes] = field(repr=False)

    @property
    def facts(self) -> list[Fact]:
        """Its facts, in the order of the documents."""
        return self.reading.facts

    @property
    def problems(self) -> list[Diagnostic]:
        """What could not be read as it should, of what has been read so far."""
        return [*self.reading.problems, *self.taxonomy.problems]

    @cached_property
    def _index(self) -> dict[str, list[Fact]]:
        index: dict[str, list[Fact]] = {}
        for fact in self.facts:
            index.setdefault(fact.concept, []).append(fact)
            index.setdefault(local(fact.concept), []).append(fact)
        return index

    def find(
        self, concept: str, *, period: Period | None = None, unit: str | None = None,
        dimensions: Iterable[Dimension] | None = (),
    ) -> list[Fact]:  # fmt: skip
        """The facts of a concept.

        Args:
            concept: Clark name, or local name.
            period: only those of that period.
            unit: only those whose unit reads like that, ``USD`` or ``USD/shares`` for example.
            dimensions: only those with exactly these; by default only those of the entity as a whole; None for all.
        """
        wanted = None if dimensions is None else tuple(sorted(dimensions, key=lambda one: (one.axis, one.member)))
        return [
            fact for fact in self._index.get(concept, ())
            if (period is None or fact.aspects.period == period)
            and (unit is None or str(fact.unit) == unit)
            and (wanted is None or (fact.aspects.dimensions == wanted and not fact.aspects.other))
        ]  # fmt: skip

    @cached_property
    def calculations(self) -> dict[str, list[Arc]]:
        """The filer's own sums, by role."""
        return networks(self._parts(b"calculationLink"), self.taxonomy, "calculation", (SUMMATION, SUMMATION_11))

    @cached_property
    def presentations(self) -> dict[str, list[Arc]]:
        """What stands below what, by role."""
        return networks(self._parts(b"presentationLink"), self.taxonomy, "presentation", (PARENT_CHILD,))

    @cached_property
    def labels(self) -> dict[tuple[str, str, str], str]:
        """The filer's labels by (concept, role, language)."""
        return labels(self._parts(b"labelLink"), self.taxonomy)

    def label(self, concept: str, role: str = "", language: str = "en") -> str:
        """What a concept is called: by the label role, else by the standard label, else by its local name."""
        for one in (role, STANDARD_LABEL):
            for spoken in (language, f"{language}-us", f"{language}-gb", ""):
                if one and (found := self.labels.get((concept, one, spoken))) is not None:
                    return found
        return local(concept)

    def _parts(self, mark: bytes) -> Iterator[tuple[XmlDocument, etree._Element]]:
        for name, content in self._linkbases.items():
            if mark in content:
                document = _parsed(name, content, self.taxonomy.problems)
                if document is not None:
                    yield document, document.root
        yield from self.taxonomy.embedded


def read(source: str | Path | bytes | Mapping[str, bytes], name: str | None = None) -> Filing:
    """Reads a filing.

    Args:
        source: a zip file, a folder, a single instance or inline document, the bytes of a zip, or contents by name.
        name: what to call it; from the path where left out.

    Raises:
        DataError: it cannot be read, is too large, or has no instance.
    """
    if isinstance(source, Mapping):
        contents: Mapping[str, bytes] = source
    elif isinstance(source, bytes):
        contents = _unpacked(source, name or "filing")
    else:
        path = Path(source)
        name = name or path.stem
        contents = _of_path(path)
    return _assembled(name or "filing", contents)


def _of_path(path: Path) -> Mapping[str, bytes]:
    if path.is_dir():
        found = sorted(one for one in path.rglob("*") if one.is_file() and one.suffix.lower() in ENDINGS)
        if len(found) > MOST_FILES:
            raise _too_large(str(path))
        return {one.relative_to(path).as_posix(): files.read(one, most=xml.MAX_BYTES) for one in found}
    content = files.read(path)
    return _unpacked(content, str(path)) if content[:2] == b"PK" else {path.name: content}


def _unpacked(content: bytes, name: str) -> Mapping[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = [
                one for one in archive.infolist()
                if not one.is_dir() and Path(one.filename).suffix.lower() in ENDINGS
            ]  # fmt: skip
            if len(members) > MOST_FILES or sum(one.file_size for one in members) > MOST_BYTES:
                raise _too_large(name)
            return {one.filename: archive.read(one) for one in members}
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, zlib.error) as problem:
        message = f"The file is no zip that can be read: {problem}."
        raise DataError("filing.zip", message, Location(name), "Give the filing as a zip or a folder.") from problem


def _too_large(name: str) -> DataError:
    hint = f"At most {MOST_FILES:,} files of {MOST_BYTES:,} bytes together are read."
    return DataError("filing.too-large", "The filing is too large.", Location(name), hint)


def _assembled(name: str, contents: Mapping[str, bytes]) -> Filing:
    kinds = {file: _kind(content) for file, content in contents.items()}
    reading, taxonomy = Reading(), Taxonomy()
    for file in (one for one, kind in kinds.items() if kind == "schema"):
        if (document := _parsed(file, contents[file], taxonomy.problems)) is not None:
            taxonomy.add(document)
    reports = [one for one, kind in kinds.items() if kind in ("xbrl", "html")]
    if not reports:
        hint = "A filing has an instance (its root is xbrl) or a page with inline XBRL."
        raise DataError("filing.no-instance", "There is no report in the filing.", Location(name), hint)
    documents = [_parsed(file, contents[file], reading.problems) for file in reports]
    for document in filter(None, documents):
        taxonomy.spoken(document)
        (instance if kinds[document.file] == "xbrl" else inline).read(document, reading)
    linkbases = {file: contents[file] for file, kind in kinds.items() if kind == "linkbase"}
    hashes = {file: hashlib.sha256(content).hexdigest() for file, content in contents.items()}
    whole = hashlib.sha256("\n".join(f"{hashes[file]} {file}" for file in sorted(hashes)).encode()).hexdigest()
    return Filing(name, whole, hashes, reading, taxonomy, linkbases)


def _kind(content: bytes) -> str:
    """What a file is, by its first element: xbrl, linkbase, schema, html (with inline XBRL), or nothing of those."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        content = content.decode("utf-16", "replace").encode()
    at = 3 if content.startswith(b"\xef\xbb\xbf") else 0
    while found := _BEFORE.match(content, at):
        at = found.end()
    first = _FIRST.match(content, at)
    kind = first[1].decode() if first else ""
    if kind == "html":
        return kind if inline.is_inline(content) else ""
    return kind if kind in ("xbrl", "linkbase", "schema") else ""


def _parsed(file: str, content: bytes, problems: list[Diagnostic]) -> XmlDocument | None:
    """A document of the filing; one that cannot be read is a problem of the filing, and the rest is read."""
    try:
        return xml.parse(content, file, error=DataError)
    except DataError as problem:
        problems += problem.diagnostics
        return None
