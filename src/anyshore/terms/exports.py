"""Ledger exports: JSON Lines with a header, the entries and a trailer, checked byte for byte when read.

Every line is canonical JSON and ends with one line feed. The header names the format, the engagement and the time of
the export, as of which a month that still runs is computed. The trailer holds the number of entries, the hash of the
last one and the SHA-256 of all bytes before the trailer. Reading and writing hold one line at a time, so an export may
be longer than memory.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from sys import intern
from typing import IO, Any

import msgspec

from anyshore.base import canonical
from anyshore.base.errors import DataError, Diagnostic, HostError
from anyshore.base.locations import Location
from anyshore.terms.ledger import EMPTY, Chain, Entry, Fact, Head, head_of

FORMAT = "anyshore-ledger"
VERSION = 1
MAX_LINE = 16 * 1024 * 1024
"""Bytes a line may have."""

MAX_FINDINGS = 1000
"""Findings after which checking stops."""

Progress = Callable[[int], None]
"""Called with the number of bytes read so far, every few thousand entries and at the end."""

_PROGRESS_EVERY = 2000


def write_export(entries: Iterable[Entry], stream: IO[bytes], *, engagement: str, at: int | None = None) -> Head:
    """Write an engagement's entries, from the first on, and return the head of the chain.

    Args:
        entries: in order.
        stream: a binary stream.
        engagement: id of the engagement.
        at: when it is written, microseconds since 1970 UTC: the entries tell all that had happened by then.
    """
    return write_lines(map(canonical.encode, entries), stream, engagement=engagement, at=at)


def write_lines(lines: Iterable[bytes], stream: IO[bytes], *, engagement: str, at: int | None = None) -> Head:
    """The same from the canonical lines of the entries as they were stored: they go out as they are.

    A line somebody changed in the store is changed in the export, too, and found by whoever checks it.
    """
    digest = hashlib.sha256()

    def put(line: bytes) -> None:
        line += b"\n"
        digest.update(line)
        stream.write(line)

    put(canonical.encode({"format": FORMAT, "version": VERSION, "engagement": engagement, "at": at}))
    count, last = 0, b""
    for last in lines:
        put(last)
        count += 1
    head = head_of(_LENIENT.decode(last)) if count else EMPTY
    put(canonical.encode({"count": count, "head": head.hash, "digest": digest.hexdigest()}))
    return head


_LENIENT = msgspec.json.Decoder(Entry)


def _no_fractions(text: str) -> float:
    raise ValueError(f"the number {text} is not an integer")


_ENTRY = msgspec.json.Decoder(Entry, float_hook=_no_fractions)
_ANY: msgspec.json.Decoder[Any] = msgspec.json.Decoder(float_hook=_no_fractions)
_DATA = msgspec.json.Decoder(dict[str, Any], float_hook=_no_fractions)

_TEXT, _WHOLE = rb'"([ !#-\[\]-~]*+)"', rb"(0|[1-9][0-9]{0,15})"
# An entry whose texts need no escapes, in canonical form but for its data. The hash stands between "engagement" and
# "instance", so the hashed text is what is before and what is behind it; both hashes are compared, not read.
_LINE = (
    rb'(\{"at":' + _WHOLE + rb',"data":(%s),"engagement":' + _TEXT + rb'),"hash":"((?s:.{64}))"(,"instance":' + _TEXT
    + rb',"previous":"((?s:.{64}))","reference":' + _TEXT + rb',"sequence":' + _WHOLE + rb',"service":' + _TEXT
    + rb',"type":' + _TEXT + rb"\})\n"
)  # fmt: skip
_FLAT, _NESTED = (re.compile(_LINE.replace(b"%s", data)) for data in (rb"\{[^{}]*+\}", rb"\{.*\}"))

MOST_KEPT = 1_000
"""Different data of entries that are kept while an export is read."""

_Parts = tuple[bytes, bytes, bytes, bytes, bytes, bytes, bytes, bytes, bytes, bytes, bytes, bytes, dict[str, Any]]
"""The groups of ``_LINE``, and the data read."""


def _entry_of(found: _Parts) -> Entry:
    _before, at, _text, engagement, own, _behind, instance, previous, reference, sequence, service, kind, data = found
    return Entry(
        int(sequence), engagement.decode(), int(at), kind.decode(), service.decode(), instance.decode(),
        reference.decode(), data, previous.decode(), own.decode(),
    )  # fmt: skip


def write_file(
    lines: Iterable[bytes], target: Path, *, engagement: str, at: int, progress: Progress | None = None
) -> Head:
    """Write an export to a file, whole or not at all; the head of the chain.

    Args:
        lines: the canonical lines of the entries, in order.
        target: the file.
        engagement: id of the engagement.
        at: when it is written, microseconds since 1970 UTC.
        progress: called now and then with the number of entries written.

    Raises:
        HostError: it cannot be written.
    """
    try:
        descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    except OSError as problem:
        message = f"Nothing can be written in {target.parent}: {problem.strerror}."
        raise HostError("ledger.unwritable", message, Location(str(target)), "Choose another --out.") from problem
    try:
        with os.fdopen(descriptor, "wb") as stream:
            found = write_lines(_counted(lines, progress), stream, engagement=engagement, at=at)
        os.replace(name, target)
    except BaseException:
        os.unlink(name)
        raise
    return found


def _counted(lines: Iterable[bytes], progress: Progress | None) -> Iterator[bytes]:
    for number, line in enumerate(lines, 1):
        if progress is not None and number % _PROGRESS_EVERY == 0:
            progress(number)
        yield line


_EXPORT = "name a file that anyshore ledger export has written"


@dataclass(slots=True)
class ExportReader:
    """Reads an export and checks it on the way. Iterate it once; then look at ``findings``.

    Attributes:
        stream: binary stream of the export.
        file: its name, for messages.
        anchors: hashes known from elsewhere by sequence.
        progress: called now and then with the bytes read.
        engagement: from the header.
        at: from the header, when it was written; None where it tells no time.
        count: entries read.
        findings: every fault, each with its line.
    """

    stream: IO[bytes]
    file: str | None = None
    anchors: Mapping[int, str] = field(default_factory=dict)
    progress: Progress | None = None
    engagement: str = ""
    at: int | None = None
    count: int = 0
    findings: list[Diagnostic] = field(default_factory=list)
    _line: int = 0
    _bytes: int = 0
    _digest: Any = field(default_factory=hashlib.sha256)
    _chain: Chain = field(default_factory=Chain)
    _ended: bool = False
    _known: dict[bytes, dict[str, Any]] = field(default_factory=dict)
    _engagement: bytes = b""

    @property
    def head(self) -> Head:
        """The last entry in its place."""
        return self._chain.head

    def __iter__(self) -> Iterator[tuple[int, Entry]]:
        """Yield the line and content of every readable entry."""
        for line, found in self._read():
            yield line, found if isinstance(found, Entry) else _entry_of(found)

    def facts(self) -> Iterator[tuple[int, Entry | Fact]]:
        """The same, of each no more than what figures are computed from: it takes less time."""
        words: dict[bytes, str] = {}
        for line, found in self._read():
            if isinstance(found, Entry):
                yield line, found
                continue
            at, data, service, kind = found[1], found[-1], found[10], found[11]
            if service not in words or kind not in words:
                words |= {service: intern(service.decode()), kind: intern(kind.decode())}
            yield (
                line,
                Fact(int(found[9]), int(at), words[kind], words[service], found[6].decode(), found[8].decode(), data),
            )

    def _read(self) -> Iterator[tuple[int, Entry | _Parts]]:
        self._chain = Chain(self.anchors)
        if not self._header(self._next()):
            return
        while line := self._next():
            if self._ended:
                self._find("ledger.after-trailer", "there is more after the trailer")
                break
            if line.startswith(b'{"count":'):
                self._trailer(line)
            else:
                self.count += 1
                found = self._sound(line) or self._entry(line)
                if found is not None:
                    yield self._line, found
            self._digest.update(line)
            if len(self.findings) >= MAX_FINDINGS:
                self._find("ledger.too-many", f"checking stopped after {MAX_FINDINGS} findings")
                return
        if not self._ended:
            self._find("ledger.cut", "the trailer is missing: the export was cut off", "ask for a complete export")
        self.findings.extend(self._chain.end(Location(self.file, None, self._line)))
        if self.progress:
            self.progress(self._bytes)

    def check(self) -> None:
        """Reads it to its end."""
        for _ in self._read():
            pass

    def _next(self) -> bytes:
        line = self.stream.readline(MAX_LINE)
        self._line += 1
        self._bytes += len(line)
        if self.progress and self._line % _PROGRESS_EVERY == 0:
            self.progress(self._bytes)
        return line

    def verified(self) -> Verification:
        """What was found, once all of it was read."""
        warnings = tuple(self._chain.dated_back)
        return Verification(self.engagement, self.count, self.head, tuple(self.findings), warnings)

    def _find(self, code: str, message: str, hint: str = "", element: str | None = None) -> None:
        self.findings.append(Diagnostic(code, message, Location(self.file, element, self._line), hint))

    def _sound(self, line: bytes) -> _Parts | None:
        """What a line says that is plainly as we write it and follows the one before; None: look closer.

        Data that is the same text in many entries of a long ledger is looked at once.
        """
        match = _FLAT.fullmatch(line) or _NESTED.fullmatch(line)
        if match is None:
            return None
        before, at, text, engagement, own, behind, instance, previous, reference, sequence, service, kind = (
            match.groups()
        )
        data = self._known.get(text)
        if data is None and (data := self._data(text)) is None:
            return None
        digest = hashlib.sha256(b"%s%s%s" % (previous, before, behind)).hexdigest()
        if digest.encode() != own or engagement != self._engagement:
            return None
        if not self._chain.follow(int(sequence), int(at), previous, digest):
            return None
        return (
            before, at, text, engagement, own, behind, instance, previous, reference, sequence, service, kind, data
        )  # fmt: skip

    def _data(self, text: bytes) -> dict[str, Any] | None:
        try:
            data: dict[str, Any] = _DATA.decode(text)
            if not canonical.stands(data, text):
                return None
        except (msgspec.MsgspecError, ValueError, RecursionError):
            return None
        if len(self._known) < MOST_KEPT:
            self._known[text] = data
        return data

    def _decoded(self, line: bytes, decoder: msgspec.json.Decoder[Any]) -> Any:
        """The line's value, or None with a finding when its bytes are not exactly those we would write."""
        try:
            value = decoder.decode(line)
            same = canonical.encode(value) + b"\n" == line
        except (msgspec.MsgspecError, ValueError, RecursionError) as error:
            self._find(
                "ledger.unreadable-line", f"line {self._line} cannot be read: {error}", "it was changed or inserted"
            )
            return None
        if not same:
            self._find(
                "ledger.not-canonical",
                f"line {self._line} is not in canonical form",
                "it was changed by hand or a tool",
            )
        return value

    def _header(self, line: bytes) -> bool:
        """Whether the first line is that of an export; what follows is not looked at where it is of something else."""
        self._digest.update(line)
        try:
            value = _ANY.decode(line)
        except (msgspec.MsgspecError, ValueError, RecursionError):
            value = None
        if not isinstance(value, dict) or value.get("format") != FORMAT:
            self._find("ledger.header", "this is no ledger export: its first line is not the header of one", _EXPORT)
            return False
        self._decoded(line, _ANY)
        if value.keys() != {"format", "version", "engagement", "at"}:
            self._find(
                "ledger.header", "the header has other parts than one of ours", "it was changed; ask for it anew"
            )
        elif value["version"] != VERSION:
            self._find("ledger.version", f"format version {value['version']} is not known here", "use a newer release")
        else:
            self.engagement = str(value["engagement"])
            self._engagement = self.engagement.encode(errors="replace")
            self.at = value["at"] if isinstance(value["at"], int) else None
        return True

    def _entry(self, line: bytes) -> Entry | None:
        entry: Entry | None = self._decoded(line, _ENTRY)
        if entry is None:
            self._chain.skip()
            return None
        place = Location(self.file, None, self._line)
        self.findings.extend(self._chain.check(entry, place))
        if entry.engagement != self.engagement:
            message = f"entry {entry.sequence} belongs to the engagement '{entry.engagement}', not '{self.engagement}'"
            self._find("ledger.engagement", message, "", f"entry {entry.sequence}")
        return entry

    def _trailer(self, line: bytes) -> None:
        self._ended = True
        value = self._decoded(line, _ANY)
        if not isinstance(value, dict) or value.keys() != {"count", "head", "digest"}:
            self._find("ledger.trailer", "the trailer cannot be read")
            return
        if value["count"] != self.count:
            self._find("ledger.count", f"the trailer counts {value['count']} entries, the file has {self.count}")
        if value["head"] != self.head.hash:
            self._find(
                "ledger.head", f"the trailer's head {value['head']} is not the last entry's hash {self.head.hash}"
            )
        if value["digest"] != self._digest.hexdigest() and not self.findings:
            self._find("ledger.digest", "the bytes before the trailer are not those it was written for")


@dataclass(frozen=True, slots=True)
class Verification:
    """What checking an export found.

    Attributes:
        engagement: id of the engagement.
        count: entries.
        head: the end of the chain; agree on it with the other side.
        findings: every fault; empty: the export is sound.
        warnings: what is no fault of the chain, and still to be looked at: entries that are dated back.
    """

    engagement: str
    count: int
    head: Head
    findings: tuple[Diagnostic, ...]
    warnings: tuple[Diagnostic, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """As plain data."""
        head = {"sequence": self.head.sequence, "hash": self.head.hash}
        found, doubts = ([one.as_dict() for one in which] for which in (self.findings, self.warnings))
        return {
            "engagement": self.engagement, "entries": self.count, "head": head, "findings": found, "warnings": doubts,
        }  # fmt: skip


def signed_in(path: str | Path) -> Iterator[Entry]:
    """The entries of an export that sign terms, as they stand there, nothing checked: found without reading the others.

    Raises:
        HostError: the file cannot be opened.
    """
    with open_export(path) as stream:
        kept = b""
        while block := stream.read(_BLOCK):
            *lines, kept = (kept + block).split(b"\n") if _SIGNED in kept + block else (kept + block).rpartition(b"\n")
            for line in lines:
                if line.endswith(_SIGNED):
                    with suppress(msgspec.MsgspecError, ValueError, RecursionError):
                        yield _ENTRY.decode(line)


_SIGNED, _BLOCK = b'"type":"engagement.signed"}', 1 << 20


def verify_stream(
    stream: IO[bytes],
    *,
    file: str | None = None,
    anchors: Mapping[int, str] | None = None,
    progress: Progress | None = None,
) -> Verification:
    """Check a whole export in bounded memory."""
    reader = ExportReader(stream, file, anchors or {}, progress)
    reader.check()
    return reader.verified()


def verify_export(
    path: str | Path, *, anchors: Mapping[int, str] | None = None, progress: Progress | None = None
) -> Verification:
    """Check an export file.

    Raises:
        HostError: the file cannot be opened.
    """
    with open_export(path) as stream:
        return verify_stream(stream, file=str(path), anchors=anchors, progress=progress)


def read_sound(path: str | Path) -> list[Entry]:
    """The entries of an export in which nothing is wrong.

    Raises:
        HostError: the file cannot be opened.
        DataError: it is no sound export, with every fault.
    """
    with open_export(path) as stream:
        reader = ExportReader(stream, str(path))
        found = [entry for _line, entry in reader]
    if reader.findings:
        raise DataError.of(reader.findings)
    return found


def open_export(path: str | Path) -> IO[bytes]:
    """Open an export file for reading.

    Raises:
        HostError: the file cannot be opened.
    """
    try:
        return Path(path).open("rb")
    except OSError as error:
        raise HostError("ledger.unreadable", f"the export cannot be opened: {error}", Location(str(path))) from error
