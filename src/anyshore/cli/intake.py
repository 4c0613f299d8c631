"""Finding the documents of a run in files and folders."""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree

from anyshore.activities.einvoice.documents import ROOTS
from anyshore.base import xml
from anyshore.base.errors import DataError, Diagnostic
from anyshore.base.locations import Location

INVOICE_ENDINGS = (".xml", ".pdf")
MAX_NAME = 200
"""Characters of a path that are kept as the reference of a document."""


@dataclass(frozen=True, slots=True)
class Received:
    """A document as it was received.

    Attributes:
        reference: its path below the folder it was found in; with ``#n`` the n-th invoice of a collection.
        content: its bytes.
    """

    reference: str
    content: bytes

    @property
    def digest(self) -> str:
        """SHA-256, under which the host keeps it."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(slots=True)
class Intake:
    """The electronic invoices in a folder and below: XML and PDF files, in order of path. Each pass reads them anew.

    A file whose document element is no invoice but which holds invoices is a collection: every invoice in it is a
    document of its own. So are the ``testSet`` of the EN 16931 unit tests and the envelope of Peppol (SBDH).

    Attributes:
        folder: where they are.
        files: their paths.
        problems: files that could not be received, of the last pass.
    """

    folder: Path
    files: list[Path]
    problems: list[Diagnostic] = field(default_factory=list)

    def __iter__(self) -> Iterator[Received]:
        self.problems.clear()
        for path in self.files:
            name = _reference(path.relative_to(self.folder))
            content = self._content(path)
            if content is not None:
                yield from _unpacked(name, content)

    def _content(self, path: Path) -> bytes | None:
        place = Location(str(path))
        try:
            size = path.stat().st_size
            if size <= xml.MAX_BYTES:
                return path.read_bytes()
        except OSError as problem:
            message = f"The file cannot be read: {problem.strerror}."
            self.problems.append(Diagnostic("intake.unreadable", message, place, "Check its rights, run again."))
        else:
            message = f"The file has {size:,} bytes and is not received."
            hint = f"Invoices have at most {xml.MAX_BYTES:,}. Ask the sender for a smaller file."
            self.problems.append(Diagnostic("intake.too-large", message, place, hint))
        return None


def invoices(folder: Path) -> Intake:
    """The electronic invoices in a folder and below, or the one file that is named.

    Raises:
        DataError: the folder cannot be read, or holds no such file.
    """
    if folder.is_file():
        return Intake(folder.parent, [folder])
    if not folder.is_dir():
        message = f"There is no folder or file {folder}."
        raise DataError("intake.folder", message, Location(str(folder)), "Give the folder of the files.")
    files = sorted(path for path in folder.rglob("*") if path.suffix.lower() in INVOICE_ENDINGS and not path.is_dir())
    if not files:
        endings = " or ".join(INVOICE_ENDINGS)
        raise DataError("intake.empty", f"There is no {endings} file in {folder}.", Location(str(folder)))
    return Intake(folder, files)


def _reference(path: Path) -> str:
    """The path as text: bytes that are no text, and what cannot be printed, are written with a backslash."""
    text = os.fsencode(path.as_posix()).decode("utf-8", "backslashreplace")
    shown = "".join(c if c.isprintable() else c.encode("unicode-escape").decode() for c in text)
    if len(shown) <= MAX_NAME:
        return shown
    return f"{shown[: MAX_NAME - 10]}…{hashlib.sha256(shown.encode()).hexdigest()[:8]}"


def _unpacked(name: str, content: bytes) -> Iterator[Received]:
    inner = list(_collected(content)) if _is_collection(content) else []
    if inner:
        yield from (Received(f"{name}#{number}", one) for number, one in enumerate(inner, 1))
    else:
        yield Received(name, content)


def _is_collection(content: bytes) -> bool:
    """Whether this is XML whose document element is no invoice; what is no XML at all is not."""
    try:
        reading = etree.iterparse(io.BytesIO(content), ("start",), resolve_entities=False, no_network=True)
        return _kind(next(iter(reading))[1]) not in ROOTS
    except (etree.XMLSyntaxError, StopIteration):
        return False


def _collected(content: bytes) -> Iterator[bytes]:
    """The invoices inside a collection, none of them inside another."""
    try:
        root = xml.parse(content, error=DataError).root
    except DataError:
        return  # not a collection after all: the process says what is wrong with it
    for element in root.iter(etree.Element):
        if _kind(element) in ROOTS and not any(_kind(above) in ROOTS for above in element.iterancestors()):
            yield etree.tostring(element, xml_declaration=True, encoding="UTF-8", with_tail=False)


def _kind(element: etree._Element) -> tuple[str | None, str]:
    name = etree.QName(element)
    return name.namespace, name.localname
