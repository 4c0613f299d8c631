"""Finding the documents of a run in files and folders."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from anyshore.base import xml
from anyshore.base.errors import DataError
from anyshore.base.locations import Location

TEST_SET = "{http://difi.no/xsd/vefa/validator/1.0}testSet"
INVOICE_ENDINGS = (".xml", ".pdf")


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


def invoices(folder: Path) -> Iterator[Received]:
    """The electronic invoices in a folder and below: XML and PDF files, in order of path.

    A ``testSet`` of the VEFA validator (the form of the EN 16931 unit tests) is a collection: every invoice in it is
    a document of its own.

    Raises:
        DataError: the folder cannot be read, or holds no such file.
    """
    if not folder.is_dir():
        raise DataError(
            "intake.folder", f"{folder} is no folder.", Location(str(folder)), "Give the folder of the files."
        )
    files = sorted(path for path in folder.rglob("*") if path.suffix.lower() in INVOICE_ENDINGS and path.is_file())
    if not files:
        endings = " or ".join(INVOICE_ENDINGS)
        raise DataError("intake.empty", f"There is no {endings} file in {folder}.", Location(str(folder)))
    for path in files:
        name = path.relative_to(folder).as_posix()
        content = path.read_bytes()
        yield from _unpacked(name, content)


def _unpacked(name: str, content: bytes) -> Iterator[Received]:
    if b"testSet" in content[:4096]:
        try:
            root = xml.parse(content, name, error=DataError).root
        except DataError:
            root = None  # not a collection after all: the process says what is wrong with it
        if root is not None and root.tag == TEST_SET:
            for number, test in enumerate(root.iterfind(f"{{{etree.QName(TEST_SET).namespace}}}test"), 1):
                inner = test[-1]
                yield Received(f"{name}#{number}", etree.tostring(inner, xml_declaration=True, encoding="UTF-8"))
            return
    yield Received(name, content)
