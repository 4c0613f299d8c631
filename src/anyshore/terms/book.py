"""The ledger's entries sorted by case: what objectives, prices and credits are computed from."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from sys import intern
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from anyshore.base.errors import AnyshoreError, Diagnostic, TermsError
from anyshore.base.locations import Location
from anyshore.terms import bulk, months, reading
from anyshore.terms.calendars import FIRST_YEAR, LAST_YEAR, instant
from anyshore.terms.documents import DOCUMENTS, Document, Late
from anyshore.terms.ledger import Entry, Fact
from anyshore.terms.model import Duration, Match, Service, Share, Terms
from anyshore.terms.months import Month

_UTC = ZoneInfo("UTC")
EARLIEST, LATEST = instant(_UTC, date(FIRST_YEAR, 1, 3), 0), instant(_UTC, date(LAST_YEAR, 12, 29), 0)
"""Calendars are computed between these instants, a little inside their first and last year."""

FINISHING = ("instance.completed", "instance.cancelled")
BESIDE = "starter."
"""How the types begin of entries about what starts work by a timer or a condition; the work is a case, that is none."""
MOST_KEPT = 10_000
"""Different facts of entries that are kept for sharing."""

Told = Entry | Fact
"""An entry, or what figures need of it."""

Needs = Mapping[str, frozenset[str]]
"""Entry types and, for each, the facts that figures are computed from."""


class Event(NamedTuple):
    """What one entry said about a case, in the order of time, then of the ledger.

    Only the entry of a batch says several things at once; ``place`` is their order.
    """

    at: int
    sequence: int
    place: int
    type: str
    data: Mapping[str, Any]


@dataclass(slots=True)
class Case:
    """An instance of a service and its events in order.

    Attributes:
        number: how many cases had these events: more than one of a class of a batch, see ``bulk``.
        voided: the entry that opened it again, and the ends that do not count since.
    """

    service: str
    instance: str
    reference: str = ""
    events: list[Event] = field(default_factory=list)
    finished: Event | None = None
    number: int = 1
    voided: tuple[int, tuple[Event, ...]] = (0, ())

    def add(self, event: Event) -> None:
        """Put an event in its place."""
        if not self.events or self.events[-1] < event:
            self.events.append(event)
        else:
            insort(self.events, event)
        if event.type in FINISHING and (self.finished is None or event < self.finished):
            self.finished = event

    def fact(self, name: str) -> str:
        """A fact told when the case finished or, failing that, by its latest event that tells it; else empty."""
        events = [*([self.finished] if self.finished else []), *reversed(self.events)]
        return next((str(event.data[name]) for event in events if name in event.data), "")


@dataclass(frozen=True, slots=True)
class Signed:
    """A version of the terms and the entry that put it in force."""

    sequence: int
    terms: Terms


def needs_of(versions: Iterable[Terms]) -> Needs:
    """The entry types and facts that some versions of the terms refer to."""
    found: dict[str, set[str]] = {"instance.started": {"shore"}, "instance.cancelled": {"shore"}}
    found["instance.completed"] = {"outcome", "shore"}
    found[bulk.PULLED] = {"class"}
    for terms in versions:
        for service in terms.services.values():
            for match, more in _matches(service):
                found.setdefault(match.entry, set()).update(match.where, more)
    return {entry: frozenset(keys) for entry, keys in found.items()}


def outcomes_of(service: Service) -> dict[str, None]:
    """The outcomes of cases that the prices and objectives of a service ask for, in the order of the terms."""
    asked = [match.where.get("outcome", ()) for match, _more in _matches(service) if match.entry in FINISHING]
    return {outcome: None for outcomes in asked for outcome in outcomes if isinstance(outcome, str)}


def _matches(service: Service) -> Iterator[tuple[Match, Iterable[str]]]:
    for price in service.prices:
        if price.match:
            yield price.match, (price.minutes,)
    for objective in service.objectives:
        match objective:
            case Duration():
                yield objective.begins, ()
                yield objective.ends, ()
                for exclusion in objective.exclusions:
                    yield exclusion.begins, ()
                    yield exclusion.ends, ()
            case Share():
                yield objective.of, objective.good


_NOTHING: Mapping[str, Any] = {}


@dataclass(slots=True)
class Book:
    """Cases and terms of one engagement, filled entry by entry.

    Attributes:
        needs: what to keep of the entries; None: every simple fact. Saves memory on long ledgers.
        versions: signed terms in the order of signing.
        cases: by service and instance.
        documents: invoices and corrections by month, in the order of their issue.
        late: entries that came after the document of their month, or of a later one.
        findings: entries that do not fit, for example of an unknown service.
        file: name of the export, for messages.
    """

    needs: Needs | None = None
    versions: list[Signed] = field(default_factory=list)
    cases: dict[tuple[str, str], Case] = field(default_factory=dict)
    documents: dict[Month, list[Document]] = field(default_factory=dict)
    late: list[Late] = field(default_factory=list)
    findings: list[Diagnostic] = field(default_factory=list)
    file: str | None = None
    _billed_until: int = -(2**63)
    _met: set[str] = field(default_factory=set)
    _of_cases: dict[str, str] = field(default_factory=dict)
    _kept: dict[tuple[Any, ...], Mapping[str, Any]] = field(default_factory=dict)

    @classmethod
    def of(cls, entries: Iterable[Entry], needs: Needs | None = None) -> Book:
        """The book of some entries, in ledger order from the first on.

        Raises:
            TermsError: signed terms cannot be read.
        """
        book = cls(needs)
        for entry in entries:
            book.add(entry)
        return book

    def add(self, entry: Told, line: int | None = None) -> None:
        """Enter one entry; of no concern: those that tell nothing about a case.

        Raises:
            TermsError: signed terms cannot be read.
        """
        if entry.type == bulk.DECIDED:
            self._batch(entry, line)
        elif entry.type in self._of_cases:
            if entry.instance:
                self._case_entry(entry, line)
        elif entry.type == "engagement.signed":
            self.versions.append(Signed(entry.sequence, terms_in(entry, self.file)))
        elif entry.type in DOCUMENTS:
            self._document(entry, line)
        elif _tells(entry.type) and (self.needs is None or entry.type in self.needs):
            self._of_cases[entry.type] = intern(entry.type)
            self.add(entry, line)

    def note(self, entry: Told) -> bool:
        """Enters terms and documents, and of an entry of a case only that it came late.

        Returns:
            Whether it is an entry of a case that counts.

        Raises:
            TermsError: signed terms cannot be read.
        """
        if entry.type == "engagement.signed" or entry.type in DOCUMENTS:
            self.add(entry)
            return False
        if entry.type != bulk.DECIDED and (not entry.instance or not _tells(entry.type)):
            return False
        if not EARLIEST <= entry.at < LATEST:
            return False
        if entry.at < self._billed_until:
            self._came_late(entry, None)
        if entry.type == bulk.PULLED:
            self._reopened(entry, None)
        return True

    def recall(self, known: Signed | Document) -> None:
        """Enters terms or a document that were read before."""
        if isinstance(known, Signed):
            self.versions.append(known)
            return
        self._billed_until = max(self._billed_until, known.month.bounds(self.terms_for(known.month).terms.time_zone)[1])
        self.documents.setdefault(known.month, []).append(known)

    def _came_late(self, entry: Told, line: int | None) -> None:
        self.late.append(Late(entry.sequence, entry.at, entry.type, entry.instance, entry.reference, line))

    def _case_entry(self, entry: Told, line: int | None) -> None:
        if not EARLIEST <= entry.at < LATEST:
            message = f"entry {entry.sequence} ({entry.type}) happened outside the years {FIRST_YEAR} to {LAST_YEAR}"
            self._find("terms.instant", message + ": it is left out", entry, line, "correct its time by agreement")
            return
        if entry.at < self._billed_until:
            self._came_late(entry, line)
        key = (entry.service, entry.instance)
        if entry.type == bulk.PULLED:
            self._reopened(entry, line)
        case = self.cases.get(key)
        if case is None:
            key = (intern(entry.service), entry.instance)
            case = self.cases[key] = self._of_batch(entry) or Case(*key)
            self._known_service(entry, line)
        case.reference = case.reference or entry.reference
        if case.finished and entry.type in FINISHING:
            message = f"the instance '{entry.instance}' finishes a second time; only the first counts"
            self._find("terms.repeated-entry", message, entry, line)
        case.add(Event(entry.at, entry.sequence, 0, self._of_cases[entry.type], self._facts(entry.type, entry.data)))

    def _batch(self, entry: Told, line: int | None) -> None:
        """Enters the classes of a batch, each as so many cases with the same events."""
        if not EARLIEST <= entry.at < LATEST:
            return
        if entry.at < self._billed_until:
            self._came_late(entry, line)
        try:
            decided = bulk.decided(entry.data)
        except msgspec.ValidationError as error:
            message = f"entry {entry.sequence} tells of no batch: {error}"
            self._find("terms.batch", message, entry, line, "ask for a complete export")
            return
        self._known_service(entry, line)
        service = intern(entry.service)
        for one in decided.classes:
            number = str(bulk.class_number(decided.batch, one.number))
            case = self.cases[service, number] = Case(service, number, entry.reference, number=one.rows)
            for place, told in enumerate(one.events):
                kind = intern(told.type)
                if self.needs is None or kind in self.needs:
                    case.add(Event(entry.at, entry.sequence, place, kind, self._facts(kind, told.data)))

    def _of_batch(self, entry: Told) -> Case | None:
        """The case that a row of a batch becomes with the first entry about it alone; None where it was none."""
        place = bulk.place_of(int(entry.instance)) if entry.instance.isdecimal() else None
        which = entry.data.get("class")
        if place is None or not isinstance(which, int):
            return None
        key = (entry.service, str(bulk.class_number(place[0], which)))
        common = self.cases.get(key)
        if common is None:
            return None
        common.number -= 1
        if not common.number:
            del self.cases[key]
        if entry.data.get(bulk.REOPENED) is None:
            return Case(common.service, entry.instance, "", list(common.events), common.finished)
        ends = tuple(event for event in common.events if event.type in FINISHING)
        events = [event for event in common.events if event not in ends]
        return Case(common.service, entry.instance, "", events, voided=(entry.sequence, ends))

    def _reopened(self, entry: Told, line: int | None) -> None:
        """A row that is opened again did not end when it was billed: the month of its end is another."""
        ended = entry.data.get(bulk.REOPENED)
        if isinstance(ended, int) and ended < self._billed_until:
            self.late.append(Late(entry.sequence, ended, entry.type, entry.instance, entry.reference, line))

    def _facts(self, kind: str, data: Mapping[str, Any]) -> Mapping[str, Any]:
        """The simple facts needed; equal ones are kept once, for most entries of a long ledger say the same."""
        keys = data.keys() if self.needs is None else self.needs[kind]
        facts = {k: data[k] for k in keys if k in data and not isinstance(data[k], dict | list)}
        if not facts:
            return _NOTHING
        same = tuple((k, type(v), v) for k, v in facts.items())
        if len(self._kept) < MOST_KEPT:
            return self._kept.setdefault(same, facts)
        return self._kept.get(same, facts)

    def _known_service(self, entry: Told, line: int | None) -> None:
        if entry.service in self._met:
            return
        self._met.add(entry.service)
        if not any(entry.service in signed.terms.services for signed in self.versions):
            message = f"the service '{entry.service}' stands in no signed terms: its cases are not measured, not billed"
            self._find("terms.unknown-service", message, entry, line)

    def _document(self, entry: Told, line: int | None) -> None:
        number = str(entry.data.get("number", ""))
        try:
            month = months.parse(str(entry.data.get("month")))
            zone = self.terms_for(month).terms.time_zone
        except AnyshoreError as error:
            self._find(error.code, f"the month of {number or 'a document'}: {error.message}", entry, line, error.hint)
            return
        self._billed_until = max(self._billed_until, month.bounds(zone)[1])
        document = Document(entry.type, number, month, entry.sequence, entry.at, entry.data)
        self.documents.setdefault(month, []).append(document)

    def _find(self, code: str, message: str, entry: Told, line: int | None, hint: str = "") -> None:
        place = Location(self.file, f"entry {entry.sequence}", line)
        self.findings.append(Diagnostic(code, message, place, hint, "warning"))

    def terms_for(self, month: Month) -> Signed:
        """The terms of a month: of the versions in force by then the latest; of equals, the last signed.

        Amendments come into force with a month (or with the engagement), so a month has one version.

        Raises:
            AnyshoreError: none is in force.
        """
        known = [signed for signed in self.versions if signed.terms.in_force_from <= month.last]
        if not known:
            raise AnyshoreError("terms.not-in-force", f"no signed terms are in force in {month}")
        return max(known, key=lambda signed: (signed.terms.in_force_from, signed.sequence))

    def late_for(self, month: Month, document: Document) -> list[Late]:
        """Entries a month's figures may rest on that came after one of its documents.

        Raises:
            AnyshoreError: no terms are in force.
        """
        terms = self.terms_for(month).terms
        end, needs = month.bounds(terms.time_zone)[1], needs_of([terms])
        since = document.sequence
        return [late for late in self.late if late.sequence > since and late.at < end and late.type in needs]

    def before(self, sequence: int) -> Book:
        """The cases and terms as they stood before an entry: what a document there rests on."""
        earlier = Book(self.needs, [one for one in self.versions if one.sequence < sequence], file=self.file)
        for key, case in self.cases.items():
            events = [event for event in case.events if event.sequence < sequence]
            if case.voided[0] >= sequence:
                events = sorted([*events, *case.voided[1]])
            if events:
                finished = min((event for event in events if event.type in FINISHING), default=None)
                earlier.cases[key] = Case(
                    case.service, case.instance, case.reference, events, finished, case.number
                )  # fmt: skip
        return earlier

    def cases_of(self, service: str) -> Iterator[Case]:
        """The cases of a service."""
        return (case for case in self.cases.values() if case.service == service)


def _tells(kind: str) -> bool:
    """Whether entries of a type tell of a case."""
    return kind != "turn" and not kind.startswith(BESIDE)


def terms_in(entry: Told, file: str | None = None) -> Terms:
    """The terms in an ``engagement.signed`` entry; its data holds the whole text under ``terms``.

    Raises:
        TermsError: there is no text, or it cannot be read.
    """
    text = entry.data.get("terms")
    if not isinstance(text, str):
        place = Location(file, f"entry {entry.sequence}")
        raise TermsError("terms.absent", "the signed entry holds no terms text", place, "put the text under 'terms'")
    return reading.loads(text, file=f"{file or 'ledger'}, terms in entry {entry.sequence}")
