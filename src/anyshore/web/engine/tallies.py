"""Monthly totals of every engagement, kept beside its ledger and counted on from where they stand.

Whoever looks at a figure first counts what was entered since, under a lock of that engagement: the cases that were
touched are computed anew from their own entries, and their parts (``terms.parts``) replaced. So an entry costs what its
case costs, however long the ledger. They can be thrown away at any time, and ``tally_checks`` finds any that are not
what the ledger gives.
"""

from __future__ import annotations

import logging
import threading
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import islice
from typing import NamedTuple
from zoneinfo import ZoneInfo

import msgspec
from django.db import DatabaseError, connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from anyshore.base import zones
from anyshore.base.errors import AnyshoreError, DataError
from anyshore.terms import bulk, months, parts, totals
from anyshore.terms.book import Book, Case, Signed
from anyshore.terms.documents import Document, Late
from anyshore.terms.ledger import Entry
from anyshore.terms.months import Month
from anyshore.terms.parts import Part
from anyshore.terms.totals import Key, Sums, Total
from anyshore.web.core.models import Engagement
from anyshore.web.engine import books
from anyshore.web.engine.models import Batch, LedgerEntry, Tallied, TallyFigure, TallyLate, TallyPart, TallyTotal

RULES = f"2 {zones.VERSION}"
"""What is counted by beside the terms: counted up when ``terms.parts`` says something else of the same entries."""

CHUNK = 2_000
"""Entries that are counted in one transaction."""

SOON = 10_000
"""Entries that are counted while somebody waits: a second or two."""

AMONG = 500
"""Cases that are asked for at a time."""

_lock = threading.Lock()
_locks: dict[str, threading.Lock] = defaultdict(threading.Lock)
_under_way: set[str] = set()
log = logging.getLogger(__name__)


class Place(NamedTuple):
    """A figure of an engagement under the terms of a ledger entry."""

    terms: int
    service: str
    figure: str
    kind: str


def frame(engagement: str) -> Book:
    """Terms, documents and late entries of an engagement, as far as it has been counted; no cases."""
    found = agreed(engagement)
    rows = TallyLate.objects.filter(engagement=engagement).order_by("sequence")
    columns = rows.values_list("sequence", "at", "type", "instance", "reference")
    return Book(versions=found.versions, documents=found.documents, late=[Late(*row) for row in columns])


def agreed(engagement: str) -> Book:
    """Terms and documents of an engagement. Read it, never write it."""
    newest = _framing(engagement).order_by("-sequence").values_list("sequence", "line").first() or (0, b"")
    return _agreed(engagement, newest[0], hash(bytes(newest[1])))


def _framing(engagement: str) -> QuerySet[LedgerEntry]:
    # The types stand there as text, so that the index of such entries is found.
    return LedgerEntry.objects.filter(engagement=engagement).extra(
        where=["type IN ('engagement.signed', 'invoice.issued', 'invoice.corrected')"]
    )


@lru_cache(maxsize=256)
def _agreed(engagement: str, last: int, _digest: int) -> Book:
    rows = _framing(engagement).filter(sequence__lte=last).order_by("sequence").values_list("line", flat=True)
    return Book.of(books.decoded(bytes(line)) for line in rows)


def services_of(engagement: Engagement) -> list[str]:
    """The services of the terms in force now; none while no terms are."""
    local = timezone.now().astimezone(ZoneInfo(engagement.zone))
    try:
        terms = agreed(engagement.key).terms_for(Month(local.year, local.month)).terms
    except AnyshoreError:
        return []
    return list(terms.services)


def ready(engagement: str) -> Tallied | None:
    """How far it is counted now, for who cannot wait long; None: that takes a while, and was begun beside.

    Raises:
        TermsError: signed terms in the ledger cannot be read.
        DatabaseError: it cannot be written down.
    """
    known = Tallied.objects.filter(pk=engagement).first()
    if books.head(engagement)[0] - (known.sequence if known and known.rules == RULES else 0) <= SOON:
        return counted(engagement)
    with _lock:
        if engagement not in _under_way:
            _under_way.add(engagement)
            threading.Thread(target=_beside, args=(engagement,), daemon=True).start()
    return None


def _beside(engagement: str) -> None:
    try:
        counted(engagement)
    except (AnyshoreError, DatabaseError):
        log.exception("%s: its ledger could not be counted", engagement)
    finally:
        with _lock:
            _under_way.discard(engagement)
        connection.close()


def counted(engagement: str) -> Tallied:
    """Counts what was entered since; how far it is counted now.

    Raises:
        TermsError: signed terms in the ledger cannot be read.
        DatabaseError: it cannot be written down.
    """
    sequence, digest = books.head(engagement)
    known = Tallied.objects.filter(pk=engagement).first()
    if known is not None and _stands(known, sequence, digest):
        return known
    with _lock:
        own = _locks[engagement]
    with own:
        while True:
            with transaction.atomic():
                row, finished = _count(engagement)
            if finished:
                return row


def _stands(row: Tallied, sequence: int, digest: str) -> bool:
    return (row.sequence, row.hash, row.rules) == (sequence, digest, RULES)


def _count(engagement: str) -> tuple[Tallied, bool]:
    """Counts some entries; whether those were the last."""
    Tallied.objects.get_or_create(pk=engagement, defaults={"rules": RULES})
    row = Tallied.objects.select_for_update().get(pk=engagement)
    terms = agreed(engagement)
    newest = max((one.sequence for one in terms.versions), default=0)
    if (row.rules, row.terms) != (RULES, newest) or not _continues(row):
        forget(engagement)
        row.sequence, row.hash, row.rules, row.terms, row.first, row.last = 0, "", RULES, newest, None, None
    new = list(islice(books.entries(engagement, row.sequence), CHUNK))
    if new:
        _enter(row, terms, new)
    row.save()
    return row, len(new) < CHUNK


def _continues(row: Tallied) -> bool:
    if not row.sequence:
        return True
    line = LedgerEntry.objects.filter(engagement=row.pk, sequence=row.sequence).values_list("line", flat=True).first()
    return line is not None and books.decoded(bytes(line)).hash == row.hash


def forget(engagement: str) -> None:
    """Throws away what was counted."""
    figures = list(TallyFigure.objects.filter(engagement=engagement).values_list("pk", flat=True))
    TallyPart.objects.filter(figure__in=figures).delete()
    TallyTotal.objects.filter(figure__in=figures).delete()
    TallyFigure.objects.filter(pk__in=figures).delete()
    TallyLate.objects.filter(engagement=engagement).delete()


def counted_now(engagement: str, *, anew: bool) -> Tallied:
    """The same for whoever asks by the id of an engagement; ``anew`` throws away first what was counted before.

    Raises:
        DataError: the engagement has no ledger.
    """
    if not books.head(engagement)[0]:
        hint = "Sign it: anyshore engage."
        raise DataError("engagement.unknown", f"Engagement {engagement!r} has no ledger.", hint=hint)
    if anew:
        start_anew(engagement)
    return counted(engagement)


def start_anew(engagement: str) -> None:
    """Throws away what was counted, so that the next look counts from the first entry."""
    with transaction.atomic():
        forget(engagement)
        Tallied.objects.filter(pk=engagement).delete()


def _enter(row: Tallied, terms: Book, new: list[Entry]) -> None:
    before = _as_of(terms, row.sequence)
    counting = [entry for entry in new if before.note(entry)]
    touched = {int(entry.instance) for entry in counting if entry.instance.isdecimal()}
    times = [entry.at for entry in counting if entry.instance.isdecimal() or entry.type == bulk.DECIDED]
    row.first = min([*times, *([] if row.first is None else [row.first])], default=None)
    row.last = max([*times, *([] if row.last is None else [row.last])], default=None)
    row.sequence, row.hash = new[-1].sequence, new[-1].hash
    TallyLate.objects.bulk_create(
        TallyLate(
            engagement=row.pk, sequence=one.sequence, at=one.at, type=one.type, instance=one.instance,
            reference=one.reference,
        )
        for one in before.late
    )  # fmt: skip
    ledger = _Counter(row.pk, terms, row.sequence)
    standing = standing_of(counting)
    ledger.replace(list(standing), standing)
    numbers = iter(sorted(touched))
    while some := list(islice(numbers, AMONG)):
        ledger.replace(some)
    ledger.write()


def standing_of(new: Iterable[Entry]) -> dict[int, int]:
    """How many rows each class of a batch stands for that entries tell of: fewer with each that was pulled."""
    found: dict[int, int] = {}
    pulled: Counter[int] = Counter()
    for entry in new:
        if entry.type == bulk.DECIDED:
            with suppress(msgspec.ValidationError):
                told = bulk.decided(entry.data)
                found |= {bulk.class_number(told.batch, one.number): one.rows for one in told.classes}
        elif entry.type == bulk.PULLED:
            pulled[_class_of(entry)] += 1
    earlier = pulled.keys() - found.keys()
    found |= dict(TallyPart.objects.filter(instance__in=earlier).values_list("instance", "number"))
    return {number: rows - pulled[number] for number, rows in found.items()}


def _class_of(entry: Entry) -> int:
    """The number of the class that the row was of which an entry says it was pulled."""
    return bulk.class_number(int(entry.instance) // bulk.EACH, entry.data["class"])


def _as_of(terms: Book, sequence: int) -> Book:
    """The terms and documents up to an entry, ready to be told of those after it."""
    known = Book()
    told: list[Signed | Document] = [*terms.versions, *(one for some in terms.documents.values() for one in some)]
    for one in sorted(told, key=lambda one: one.sequence):
        if one.sequence <= sequence:
            known.recall(one)
    return known


class Figures:
    """The figures of an engagement by what they are, made where they are not there yet."""

    def __init__(self, engagement: str) -> None:
        self.engagement = engagement
        rows = TallyFigure.objects.filter(engagement=engagement)
        self.known = {Place(*row[1:]): row[0] for row in rows.values_list("pk", "terms", "service", "figure", "kind")}
        self.places = {number: place for place, number in self.known.items()}

    def number(self, place: Place) -> int:
        """The number of a figure; a new one where it has none."""
        found = self.known.get(place)
        if found is None:
            made = TallyFigure.objects.create(engagement=self.engagement, **place._asdict())
            found = self.known[place] = made.pk
            self.places[found] = place
        return found


class _Counter:
    """Replaces the parts of cases, and sums up what that changes."""

    def __init__(self, engagement: str, terms: Book, sequence: int) -> None:
        self.engagement, self.terms, self.sequence = engagement, terms, sequence
        self.figures = Figures(engagement)
        self.zones = {one.sequence: one.terms.time_zone for one in terms.versions}
        self.sums: dict[int, Sums] = defaultdict(dict)

    def replace(self, numbers: Collection[int], standing: Mapping[int, int] | None = None) -> None:
        """Counts some cases anew; of classes of batches it is said how many rows they stand for."""
        self._take_away(numbers)
        rows: list[tuple[int | str | None, ...]] = []
        for terms, part in parts_of(self.engagement, self.terms, numbers, self.sequence, standing):
            totals.add(self.sums[terms], [part], self.zones[terms])
            place = Place(terms, part.service, part.figure, part.kind)
            rows.append((self.figures.number(place), part.at, part.until, part.sequence, int(part.instance),
                         str(part.units), part.shore, part.number))  # fmt: skip
        if rows:
            sql = "INSERT INTO engine_tallypart (figure, at, until, sequence, instance, units, shore, number)"
            with connection.cursor() as cursor:
                cursor.executemany(f"{sql} VALUES (%s, %s, %s, %s, %s, %s, %s, %s)", rows)

    def _take_away(self, numbers: Collection[int]) -> None:
        old = TallyPart.objects.filter(instance__in=numbers)
        gone = []
        columns = ("pk", "figure", "at", "until", "sequence", "instance", "units", "shore", "number")
        for key, figure, at, until, sequence, instance, units, shore, number in old.values_list(*columns):
            place = self.figures.places.get(figure)
            if place is None:
                continue  # of another engagement that has a case of the same number
            gone.append(key)
            part = Part(*place[1:], at, until, sequence, str(instance), Decimal(units), shore, number)
            totals.add(self.sums[place.terms], [part], self.zones[place.terms], -1)
        TallyPart.objects.filter(pk__in=gone).delete()

    def write(self) -> None:
        """Writes down the totals that changed."""
        rows = []
        for terms, sums in self.sums.items():
            for key, total in sums.items():
                if total.number or total.units:
                    place = Place(terms, key.service, key.figure, key.kind)
                    rows.append((self.figures.number(place), str(key.month), key.shore, total))
        known = _totals({row[0] for row in rows})
        with connection.cursor() as cursor:
            cursor.executemany(_WRITE, [
                (figure, month, shore, new.number, str(new.units), self.sequence)
                for figure, month, shore, change in rows
                for new in [known.get((figure, month, shore), Total()).plus(change)]
            ])  # fmt: skip


_WRITE = """
    INSERT INTO engine_tallytotal (figure, month, shore, number, units, changed) VALUES (%s, %s, %s, %s, %s, %s)
    ON CONFLICT (figure, month, shore)
    DO UPDATE SET number = excluded.number, units = excluded.units, changed = excluded.changed
"""


def _totals(figures: Iterable[int]) -> dict[tuple[int, str, str], Total]:
    rows = TallyTotal.objects.filter(figure__in=set(figures))
    columns = rows.values_list("figure", "month", "shore", "number", "units")
    return {(figure, month, shore): Total(number, Decimal(units)) for figure, month, shore, number, units in columns}


def parts_of(
    engagement: str, terms: Book, numbers: Collection[int], until: int, standing: Mapping[int, int] | None = None
) -> Iterator[tuple[int, Part]]:
    """The parts of some cases from their entries, each with the entry of the terms it is under.

    Args:
        engagement: id of the engagement.
        terms: its terms.
        numbers: of the cases.
        until: the last entry that counts.
        standing: how many rows classes of batches stand for.
    """
    spans, asked, standing = list(_spans(terms)), {str(number) for number in numbers}, standing or {}
    for case in cases(engagement, terms, numbers, until).cases.values():
        case.number = standing.get(int(case.instance), case.number)
        if case.instance not in asked or not case.number:
            continue
        for signed, first, last in spans:
            if _under(case, signed, first, last):
                for part in parts.parts(case, signed.terms):
                    yield signed.sequence, part


def cases(engagement: str, terms: Book, numbers: Collection[int], until: int | None = None) -> Book:
    """The book of some cases of an engagement alone, from their own entries.

    Where some are rows of batches or their classes, all classes of those batches stand in it.
    """
    batches = {batch for number in numbers if (batch := bulk.batch_of(number)) is not None}
    told = Batch.objects.filter(engagement=engagement, pk__in=batches, sequence__gt=0) if batches else ()
    found = LedgerEntry.objects.filter(engagement=engagement).filter(
        Q(instance__in=[number for number in numbers if number > 0]) | Q(sequence__in=[one.sequence for one in told])
    )
    if until is not None:
        found = found.filter(sequence__lte=until)
    book = Book(versions=terms.versions)
    for _sequence, line in sorted((row[0], bytes(row[1])) for row in found.values_list("sequence", "line")):
        book.add(books.decoded(line))
    return book


def _spans(terms: Book) -> Iterator[tuple[Signed, Month, Month | None]]:
    """The versions that are ever in force, with the first month of each and the first of the next one."""
    chosen: list[tuple[Signed, Month]] = []
    for signed in sorted(terms.versions, key=lambda one: (one.terms.in_force_from, one.sequence)):
        day = signed.terms.in_force_from
        month = Month(day.year, day.month)
        if chosen and chosen[-1][1] == month:
            chosen.pop()
        chosen.append((signed, month))
    for (signed, month), following in zip(chosen, [*chosen[1:], None], strict=True):
        yield signed, month, following[1] if following else None


def _under(case: Case, signed: Signed, first: Month, following: Month | None) -> bool:
    """Whether a case may count in a month of a version."""
    zone = signed.terms.time_zone
    if following is not None and months.month_of(case.events[0].at, zone) >= following:
        return False
    # What comes after its end may still be billed.
    return case.finished is None or months.month_of(case.events[-1].at, zone) >= first


@dataclass(frozen=True, slots=True)
class Kept:
    """The totals of an engagement under one version of its terms.

    Attributes:
        sums: all of them.
        changed: month → the entry that changed one of its totals last.
    """

    sums: Sums
    changed: dict[Month, int]


def kept(engagement: str, terms: int) -> Kept:
    """The totals under the terms of a ledger entry."""
    figures = Figures(engagement)
    numbers = {number: place for number, place in figures.places.items() if place.terms == terms}
    sums: Sums = {}
    changed: dict[Month, int] = {}
    rows = TallyTotal.objects.filter(figure__in=numbers)
    for figure, text, shore, number, units, last in rows.values_list(
        "figure", "month", "shore", "number", "units", "changed"
    ):
        place, month = numbers[figure], months.parse(text)
        sums[Key(place.service, place.figure, place.kind, month, shore)] = Total(number, Decimal(units))
        changed[month] = max(changed.get(month, 0), last)
    return Kept(sums, changed)
