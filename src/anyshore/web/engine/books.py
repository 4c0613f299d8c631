"""Ledgers read into memory: one book per engagement and process, kept up to date entry by entry."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

import msgspec

from anyshore.base.errors import DataError
from anyshore.terms import exports
from anyshore.terms.book import Book
from anyshore.terms.ledger import Entry
from anyshore.web.engine.models import LedgerEntry, LedgerHead

_decoder = msgspec.json.Decoder(Entry)
ERASED = "instance.erased"
"""Type of the entry by which what a case held is gone."""


def entries(engagement: str, after: int = 0) -> Iterator[Entry]:
    """The entries of an engagement's ledger, in order."""
    return map(_decoder.decode, lines(engagement, after))


def lines(engagement: str, after: int = 0) -> Iterator[bytes]:
    """The canonical lines of an engagement's entries, in order, as they are stored."""
    rows = LedgerEntry.objects.filter(engagement=engagement, sequence__gt=after).order_by("sequence")
    return map(bytes, rows.values_list("line", flat=True).iterator(chunk_size=2000))


def erased(number: int) -> Entry | None:
    """The entry by which what a case held is gone; None where it is not."""
    rows = LedgerEntry.objects.filter(instance=number, type=ERASED).order_by("-sequence")
    line = rows.values_list("line", flat=True).first()
    return None if line is None else decoded(bytes(line))


def decoded(line: bytes) -> Entry:
    """An entry from its line."""
    return _decoder.decode(line)


def head(engagement: str) -> tuple[int, str]:
    """Sequence and hash of the last entry."""
    found = LedgerHead.objects.filter(pk=engagement).values_list("sequence", "hash").first()
    return found or (0, "")


def export(engagement: str, target: Path, progress: Callable[[int], None] | None = None) -> tuple[int, str]:
    """Writes a ledger into a file, whole or not at all; its number of entries and the hash of the last one.

    Raises:
        DataError: the engagement has no ledger.
        HostError: the file cannot be written.
    """
    if not head(engagement)[0]:
        hint = "Sign it: anyshore engage."
        raise DataError("engagement.unknown", f"Engagement {engagement!r} has no ledger.", hint=hint)
    at = time.time_ns() // 1000
    found = exports.write_file(lines(engagement), target, engagement=engagement, at=at, progress=progress)
    return found.sequence, found.hash


class Reads(Protocol):
    """Takes the entries of a ledger in their order."""

    def add(self, entry: Entry) -> object:
        """Takes one entry."""


R = TypeVar("R", bound=Reads)


class Readings(Generic[R]):
    """What was read of ledgers, kept in this process and read on from where it stands.

    Args:
        most: so many are kept; the least recently used one goes.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._kept: dict[Hashable, _Kept[R]] = {}

    def of(self, engagement: str, make: Callable[[], R], *what: Hashable) -> R:
        """A reading of a ledger as it stands now; ``what`` tells it from others of the same one."""
        with self._lock:
            place = (engagement, *what)
            kept = self._kept.pop(place, None)
            if kept is None or not _continues(engagement, kept):
                kept = _Kept(make())
            for entry in entries(engagement, kept.sequence):
                kept.reading.add(entry)
                kept.sequence, kept.hash = entry.sequence, entry.hash
            self._kept[place] = kept
            while len(self._kept) > self._most:
                del self._kept[next(iter(self._kept))]
            return kept.reading

    def forget(self) -> None:
        """The next look reads anew."""
        with self._lock:
            self._kept.clear()


@dataclass(slots=True)
class _Kept(Generic[R]):
    reading: R
    sequence: int = 0
    hash: str = ""


def _continues(engagement: str, kept: _Kept[Any]) -> bool:
    """Whether the ledger still goes on from where we read to."""
    if kept.sequence == 0:
        return True
    line = LedgerEntry.objects.filter(engagement=engagement, sequence=kept.sequence).values_list("line", flat=True)
    found = line.first()
    return found is not None and _decoder.decode(bytes(found)).hash == kept.hash


_books: Readings[Book] = Readings(50)


def book(engagement: str) -> Book:
    """The book of an engagement. Read it, never write it.

    Raises:
        TermsError: signed terms in the ledger cannot be read.
    """
    return _books.of(engagement, Book)
