"""The ledger of an engagement: an append-only chain of entries, each bound to the one before by its hash.

Canonical form: JSON (RFC 8259) in UTF-8, keys sorted, no spaces, only necessary escapes, integers within ±(2^53 - 1)
(RFC 7493), no fractions: decimal numbers stand as texts. The hash of an entry is SHA-256, in hexadecimal, over the hash
of the entry before (64 ASCII characters, zeros for the first entry) followed by the canonical form of the entry
without its hash.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from anyshore.base import canonical, sizes
from anyshore.base.errors import AnyshoreError, Diagnostic
from anyshore.base.locations import Location

GENESIS = "0" * 64
"""What stands as the hash before the first entry."""

ENTRY_TYPES = (
    "engagement.signed", "instance.started", "instance.completed", "instance.cancelled", "instance.suspended",
    "instance.resumed", "instance.migrated", "milestone.reached", "work.opened", "work.taken",
    "work.returned", "work.completed", "service.described", "incident.raised",
    "incident.resolved", "turn", "case.finding", "case.signed",
    "documents.erased", "instance.erased", "invoice.issued", "invoice.corrected", "invoice.accepted",
    "invoice.disputed", "invoice.paid",
    "starter.started", "starter.cancelled", "starter.suspended", "starter.resumed", "starter.migrated",
    "starter.raised", "starter.resolved", "references.loaded", "assessment.begun", "assessment.ended",
    "batch.decided", "instance.pulled",
)  # fmt: skip
"""The types of entries the host writes."""

LARGEST = 2**53 - 1
"""Integers beyond this are not exact in every JSON reader."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One fact of an engagement.

    Attributes:
        sequence: 1, 2, 3 … without gaps.
        engagement: id of the engagement.
        at: when it happened, microseconds since 1970 UTC.
        type: for example ``instance.completed``.
        service: name of the service in the terms, or empty.
        instance: id of the process or case instance, or empty.
        reference: the client's own name of the case (an invoice number, a ticket), or empty.
        data: the facts, in plain form: None, bool, int, str, lists and dicts of those.
        previous: hash of the entry before.
        hash: hash of this entry.
    """

    sequence: int
    engagement: str
    at: int
    type: str
    service: str
    instance: str
    reference: str
    data: dict[str, Any]
    previous: str
    hash: str


class Fact(NamedTuple):
    """What figures are computed from of an entry; see ``Entry``."""

    sequence: int
    at: int
    type: str
    service: str
    instance: str
    reference: str
    data: dict[str, Any]


class Head(NamedTuple):
    """The end of a chain: all that is needed to append to it."""

    sequence: int = 0
    hash: str = GENESIS


NOWHERE = Location()

EMPTY = Head()
"""The head of a chain without entries."""


def plain(value: object, path: str = "data") -> Any:
    """A value in the plain form entries hold: decimals and dates as texts.

    Raises:
        AnyshoreError: the value has no exact plain form (a binary fraction, an unknown type, half a character), or is
            larger than one document of ours may be.
    """
    sizes.check(value, sizes.WRITTEN)
    return _plain(value, path)


def _plain(value: object, path: str) -> Any:
    match value:
        case None | bool():
            return value
        case str():
            return _text(value, path)
        case int():
            if abs(value) > LARGEST:
                raise _refused(path, f"the integer {value} is beyond ±(2^53 - 1)", "give it as a text")
            return value
        case Decimal():
            if not value.is_finite():
                raise _refused(path, f"{value} is not a number", "")
            return format(value, "f")
        case date():
            return value.isoformat()
        case list() | tuple():
            return [_plain(item, f"{path}[{index}]") for index, item in enumerate(value)]
        case Mapping():
            return {_key(key, path): _plain(item, f"{path}.{key}") for key, item in value.items()}
        case _:
            raise _refused(path, f"a {type(value).__name__} has no exact form", "use text, int, Decimal, list or dict")


def _text(value: str, path: str) -> str:
    try:
        value.encode("utf-8")
    except UnicodeEncodeError as error:
        raise _refused(path, "the text holds half a character (a lone surrogate)", "") from error
    return value


def _key(key: object, path: str) -> str:
    if not isinstance(key, str):
        raise _refused(path, f"the key {key!r} is not a text", "")
    return _text(key, path)


def _refused(path: str, message: str, hint: str) -> AnyshoreError:
    return AnyshoreError("ledger.data", f"{path}: {message}", None, hint)


def append(
    head: Head,
    *,
    engagement: str,
    at: int,
    type: str,
    service: str = "",
    instance: str = "",
    reference: str = "",
    data: Mapping[str, object] | None = None,
) -> Entry:
    """The next entry of a chain; ``head_of(entry)`` is the new head.

    Raises:
        AnyshoreError: the data has no exact plain form.
    """
    for word in (engagement, type, service, instance, reference):
        _text(word, "entry")
    facts = plain(data or {})
    sequence = head.sequence + 1
    body = Entry(sequence, engagement, plain(at, "at"), type, service, instance, reference, facts, head.hash, "")
    return replace(body, hash=entry_hash(body))


def head_of(entry: Entry) -> Head:
    """The head of the chain that ends with this entry."""
    return Head(entry.sequence, entry.hash)


def entry_hash(entry: Entry) -> str:
    """The hash an entry must carry, from its content and the hash before it."""
    body = canonical.encode({
        "sequence": entry.sequence, "engagement": entry.engagement, "at": entry.at, "type": entry.type,
        "service": entry.service, "instance": entry.instance, "reference": entry.reference, "data": entry.data,
        "previous": entry.previous,
    })  # fmt: skip
    return hashlib.sha256(entry.previous.encode() + body).hexdigest()


def anchor(text: str) -> tuple[int, str]:
    """A known entry as sequence and hash, written ``SEQUENCE:HASH``.

    Raises:
        AnyshoreError: it is not.
    """
    sequence, _, known = text.partition(":")
    if not re.fullmatch(r"[1-9][0-9]{0,15}", sequence) or not re.fullmatch(r"[0-9a-f]{64}", known):
        hint = "write it as SEQUENCE:HASH, the hash with 64 hexadecimal digits"
        raise AnyshoreError("ledger.anchor", f"'{text}' is not an anchor", hint=hint)
    return int(sequence), known


MOST_DATED_BACK = 100


@dataclass(slots=True)
class Chain:
    """Checks entries one after the other and goes on after a fault, so that one fault gives one finding.

    Attributes:
        anchors: hashes known from elsewhere by sequence, for example from an invoice received.
        head: the last entry in its place.
        dated_back: entries that are dated before one they follow, the first of them. The chain is whole with them.
    """

    anchors: Mapping[int, str] = field(default_factory=dict)
    head: Head = EMPTY
    dated_back: list[Diagnostic] = field(default_factory=list)
    _torn: bool = False  # the entry before could not be read: its hash is not known
    _at: int = 0

    def check(self, entry: Entry, place: Location = NOWHERE) -> Iterator[Diagnostic]:
        """What is wrong with the next entry."""
        if entry_hash(entry) != entry.hash:
            yield _finding("ledger.changed-entry", entry, place, "its content does not fit its hash: it was changed")
        known = self.anchors.get(entry.sequence)
        if known is not None and known != entry.hash:
            yield _finding("ledger.rewritten", entry, place, f"its hash was {known}: the chain was written anew")
        last = self.head.sequence
        if entry.sequence <= last:
            yield _finding("ledger.out-of-place", entry, place, f"it stands after entry {last}: inserted or moved")
            return
        if entry.sequence > last + 1 + self._torn:
            gone = (
                f"entry {last + 1} is"
                if entry.sequence == last + 2
                else f"entries {last + 1} to {entry.sequence - 1} are"
            )
            yield _finding("ledger.missing-entry", entry, place, f"{gone} missing before it: removed or moved")
        elif not self._torn and entry.previous != self.head.hash:
            yield _finding(
                "ledger.broken-link", entry, place, f"it does not follow from entry {last}: one of the two was replaced"
            )
        if entry.at < self._at and len(self.dated_back) < MOST_DATED_BACK:
            message = f"entry {entry.sequence} ({entry.type}): it is dated before an entry that it follows"
            hint = "a clock was put back, or another system handed it over late: look whether its month was billed"
            where = Location(place.file, f"entry {entry.sequence}", place.line, place.column)
            self.dated_back.append(Diagnostic("ledger.dated-back", message, where, hint, "warning"))
        self.head, self._torn, self._at = Head(entry.sequence, entry.hash), False, max(self._at, entry.at)

    def follow(self, sequence: int, at: int, previous: bytes, own: str) -> bool:
        """Goes on with an entry of the right hash where nothing at all is to be said of it; else it stays as it was."""
        last = self.head
        if self._torn or sequence != last.sequence + 1 or previous != last.hash.encode() or at < self._at:
            return False
        if self.anchors and self.anchors.get(sequence, own) != own:
            return False
        self.head, self._at = Head(sequence, own), at
        return True

    def skip(self) -> None:
        """An entry stood here that cannot be read."""
        self._torn = True

    def end(self, place: Location = NOWHERE) -> Iterator[Diagnostic]:
        """What is missing at the end of the chain."""
        later = [sequence for sequence in self.anchors if sequence > self.head.sequence]
        if later:
            message = f"the chain ends with entry {self.head.sequence}, but entry {max(later)} is known to exist"
            yield Diagnostic("ledger.cut", message, place, "ask for a complete export")


def _finding(code: str, entry: Entry, place: Location, message: str) -> Diagnostic:
    where = Location(place.file, f"entry {entry.sequence}", place.line, place.column)
    hint = "compare with the other side's export of the same entry"
    return Diagnostic(code, f"entry {entry.sequence} ({entry.type}): {message}", where, hint)


def verify_chain(entries: Iterable[Entry], *, anchors: Mapping[int, str] | None = None) -> list[Diagnostic]:
    """Every changed, inserted, removed or moved entry of a whole chain; an empty list: it is sound.

    Args:
        entries: from the first on, in their stored order.
        anchors: hashes known from elsewhere by sequence. Only they can show that a whole chain was written anew.
    """
    chain = Chain(anchors or {})
    found = [finding for entry in entries for finding in chain.check(entry)]
    return found + list(chain.end())
