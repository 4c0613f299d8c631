"""Taking apart what arrives: archives, mails, collections of XML. Nothing of it is trusted, and everything is bounded.

Each thing inside gets its name after the one it was in, and is either a leaf or refused; nothing vanishes.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import lzma
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import IO

from lxml import etree

from anyshore.base import xml
from anyshore.base.errors import DataError, Diagnostic
from anyshore.base.locations import Location
from anyshore.host.intake import kinds_of_files, mails
from anyshore.host.intake.mails import Letter
from anyshore.host.intake.parcels import Unpacking
from anyshore.host.names import shown

MAX_DEPTH = 4
"""Archives and mails inside each other."""
MAX_MEMBERS = 10_000
"""Things in one parcel."""
MAX_BYTES = 512 * 1024 * 1024
"""Bytes of all things in one parcel, unpacked."""

_DAMAGED = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, OSError, EOFError, ValueError, NotImplementedError, RuntimeError,
    KeyError, IndexError, OverflowError,
)  # fmt: skip
"""What reading a damaged archive raises; the last ones for headers that contradict each other."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A thing that is not taken apart any further.

    Attributes:
        name: after what it was in.
        content: its bytes.
        letter: the mail it came with.
    """

    name: str
    content: bytes
    letter: Letter | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """A thing that is not taken in.

    Attributes:
        name: after what it was in.
        problem: why.
        digest: SHA-256 of its content; empty where it could not be read.
    """

    name: str
    problem: Diagnostic
    digest: str = ""


@dataclass(slots=True)
class Budget:
    """What one parcel may hold; it only gets less."""

    members: int = MAX_MEMBERS
    bytes: int = MAX_BYTES


Wanted = Callable[[str, bytes], bool]
"""Whether something of that name and content is taken in as it is."""


@dataclass(slots=True)
class Unpacker:
    """Takes one parcel apart.

    Attributes:
        ways: what is taken apart.
        wanted: whether something is taken in as it is; that is not taken apart, unless it is an archive or a mail.
        largest: bytes of one thing inside.
        budget: of the parcel.
    """

    ways: Unpacking
    wanted: Wanted
    largest: int
    budget: Budget = field(default_factory=Budget)

    def open(self, name: str, content: bytes, letter: Letter | None = None, depth: int = 0) -> Iterator[Leaf | Refused]:
        """The things in something; itself where it is not taken apart."""
        way = self._way(name, content)
        if way is not None and depth >= MAX_DEPTH:
            message = f"More than {MAX_DEPTH} archives or mails are inside each other."
            yield refused(name, "intake.too-deep", message, "Send what is inside by itself.", content)
        elif way is not None:
            yield from way(name, content, letter, depth)
        else:
            yield Leaf(name, content, letter)

    def _way(self, name: str, content: bytes) -> Callable[..., Iterator[Leaf | Refused]] | None:
        told = kinds_of_files.told(content)
        if self.ways.zip and told == ".zip":
            return self._zip
        if self.ways.gzip and told == ".gz":
            return self._gzip
        if self.ways.mails and (mails.is_mail(name) or (told == ".eml" and not self.wanted(name, content))):
            return self._mail
        return None

    def _zip(self, name: str, content: bytes, letter: Letter | None, depth: int) -> Iterator[Leaf | Refused]:
        try:
            archive = zipfile.ZipFile(io.BytesIO(content))
            members = [one for one in archive.infolist() if not one.filename.endswith("/")]
        except _DAMAGED as problem:
            yield _damaged(name, problem, content)
            return
        if not members:
            yield refused(name, "intake.empty", "The archive is empty.", "Send the files that belong into it.", content)
        with archive:
            for member in members:
                inner = shown(f"{name}/{member.filename}")
                if not self._counts():
                    yield self._too_many(name)
                    return
                if member.flag_bits & 0x1:
                    message = "The file in the archive is protected by a password."
                    yield refused(inner, "intake.protected", message, "Send it without one.")
                    continue
                found = self._read(inner, lambda member=member: archive.open(member))  # type: ignore[misc]
                yield from self._inside(inner, found, letter, depth)

    def _gzip(self, name: str, content: bytes, letter: Letter | None, depth: int) -> Iterator[Leaf | Refused]:
        last = name.rsplit("/", 1)[-1]
        inner = shown(f"{name}/{last[:-3] if last.lower().endswith('.gz') else last}")
        if not self._counts():
            yield self._too_many(name)
            return
        found = self._read(inner, lambda: gzip.GzipFile(fileobj=io.BytesIO(content)))
        yield from self._inside(inner, found, letter, depth)

    def _mail(self, name: str, content: bytes, letter: Letter | None, depth: int) -> Iterator[Leaf | Refused]:
        try:
            read = mails.read(content, name)
        except DataError as problem:
            yield Refused(name, problem.diagnostics[0], digest(content))
            return
        if not read.attachments:
            yield Leaf(name, content, read)
        for title, inside in read.attachments:
            inner = shown(f"{name}/{title}")
            if not self._counts():
                yield self._too_many(name)
                return
            self.budget.bytes -= len(inside)
            yield from self._inside(inner, inside, read, depth)

    def _inside(self, name: str, found: bytes | Refused, letter: Letter | None, depth: int) -> Iterator[Leaf | Refused]:
        if isinstance(found, Refused):
            yield found
        else:
            yield from self.open(name, found, letter, depth + 1)

    def _read(self, name: str, opened: Callable[[], IO[bytes] | gzip.GzipFile]) -> bytes | Refused:
        """The content of a member, read no further than is allowed; what its header says of its size is not asked."""
        most = min(self.largest, self.budget.bytes)
        try:
            with opened() as stream:
                content = stream.read(most + 1)
        except _DAMAGED as problem:
            return _damaged(name, problem)
        self.budget.bytes -= min(len(content), most)
        if len(content) <= most:
            return content
        if most < self.largest:
            message = f"With it the parcel has more than {MAX_BYTES:,} bytes."
            return refused(name, "intake.too-large", message, "Send fewer files at once.")
        return too_large(name, self.largest)

    def _counts(self) -> bool:
        self.budget.members -= 1
        return self.budget.members >= 0

    def _too_many(self, name: str) -> Refused:
        message = f"The parcel holds more than {MAX_MEMBERS:,} things; the first of them were received."
        return refused(name, "intake.too-many", message, "Send the others in parcels of their own.")


def collected(content: bytes, elements: frozenset[str]) -> list[bytes]:
    """The elements of a collection that are a document each; empty where this is none.

    What is one of them as a whole is no collection, nor is what cannot be read: its process says what is wrong with it.
    """
    if not elements or not _is_collection(content, elements):
        return []
    try:
        root = xml.parse(content, error=DataError).root
    except DataError:
        return []
    found = []
    for element in root.iter(*elements):
        if not any(above.tag in elements for above in element.iterancestors()):
            found.append(etree.tostring(element, xml_declaration=True, encoding="UTF-8", with_tail=False))
    return found


def _is_collection(content: bytes, elements: frozenset[str]) -> bool:
    try:
        reading = etree.iterparse(io.BytesIO(content), ("start",), resolve_entities=False, no_network=True)
        return next(iter(reading))[1].tag not in elements
    except (etree.XMLSyntaxError, StopIteration):
        return False


def digest(content: bytes) -> str:
    """SHA-256, under which the host keeps a document."""
    return hashlib.sha256(content).hexdigest()


def refused(name: str, code: str, message: str, hint: str, content: bytes | None = None) -> Refused:
    """A refusal of a thing by name."""
    return Refused(name, Diagnostic(code, message, Location(name), hint), "" if content is None else digest(content))


def too_large(name: str, most: int) -> Refused:
    """The refusal of what has more bytes than are taken in."""
    hint = f"At most {most:,} bytes are taken in. Ask the sender for a smaller file."
    return refused(name, "intake.too-large", "The file is too large.", hint)


def _damaged(name: str, problem: BaseException, content: bytes | None = None) -> Refused:
    why = str(problem) or type(problem).__name__
    return refused(name, "intake.damaged", f"The archive is damaged: {why}.", "Ask the sender for it again.", content)
