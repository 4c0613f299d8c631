"""Monthly totals: the sums of the parts of all cases, and the figures of a month from them.

What is kept of a month is how many parts of each kind it has, by shore, and their units. The parts themselves are asked
for where a figure needs more than sums: the deadlines that still lie ahead in a month that runs, the shores behind a
tier of a price, the names in a finding.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple, Protocol

from anyshore.base.errors import Diagnostic
from anyshore.terms import arbitrage, parts
from anyshore.terms.arbitrage import UnitCost
from anyshore.terms.book import Case, Signed
from anyshore.terms.invoice import Behind, Count, Invoice, Line, compute, elsewhere, no_minutes, unmeasured
from anyshore.terms.model import Duration, Price, Service
from anyshore.terms.months import Month, month_of
from anyshore.terms.parts import Part
from anyshore.terms.scorecard import Numbers, ObjectiveScore

BEGUN, SEALED = "begun", "sealed"
"""Kinds of totals that stand for the time a case is running: how many began in a month, and how many ended."""


class Key(NamedTuple):
    """What a total counts."""

    service: str
    figure: str
    kind: str
    month: Month
    shore: str


@dataclass(frozen=True, slots=True)
class Total:
    """How many, and their units together."""

    number: int = 0
    units: Decimal = Decimal(0)

    def plus(self, other: Total) -> Total:
        """Both together."""
        return Total(self.number + other.number, self.units + other.units)


Sums = dict[Key, Total]


def add(sums: Sums, found: Iterable[Part], zone: str, sign: int = 1) -> None:
    """Adds parts to totals, or takes them away."""
    for part in found:
        for key in _keys(part, zone):
            number = sign * part.number
            sums[key] = sums.get(key, Total()).plus(Total(number, number * part.units))


def _keys(part: Part, zone: str) -> Iterator[Key]:
    if part.kind != parts.RUNNING:
        yield Key(part.service, part.figure, part.kind, month_of(part.at, zone), part.shore)
        return
    yield Key(part.service, part.figure, BEGUN, month_of(part.at, zone), "")
    if part.until is not None:
        yield Key(part.service, part.figure, SEALED, month_of(part.until, zone), "")


class Parts(Protocol):
    """The parts themselves, under one version of the terms, for what sums cannot tell."""

    def ahead(self, service: str, figure: str, since: int, before: int) -> int:
        """Cases that will have missed an objective from an instant on and before another."""

    def cases(self, service: str, figure: str, start: int, stop: int) -> int:
        """Different cases behind a price in a time."""

    def shores(self, service: str, figure: str, start: int, stop: int, low: int, high: int) -> Mapping[str, Decimal]:
        """The units behind a price by shore, between two places in the order of time."""

    def named(self, service: str, figure: str, kind: str, start: int, stop: int, shore: str = "") -> list[Part]:
        """Parts of a kind in a time, in the order of their entries."""

    def case(self, service: str, instance: str) -> Case:
        """A case with its events."""


@dataclass(slots=True)
class Counted:
    """A month from totals: see ``invoice.Source``.

    Attributes:
        signed: the terms of the month.
        month: the month.
        sums: the totals of the month, and of the time cases are running those of all months up to it.
        parts: for what they cannot tell.
        until: as of when, for a month that runs.
    """

    signed: Signed
    month: Month
    sums: Sums
    parts: Parts
    until: int | None = None
    _running: dict[tuple[str, str], int] = field(default_factory=dict)
    _months: dict[tuple[str, str, str], Counter[str]] = field(default_factory=dict)
    _units: dict[tuple[str, str, str], Decimal] = field(default_factory=lambda: defaultdict(Decimal))

    def __post_init__(self) -> None:
        """Sorts the totals by what they are asked for."""
        for key, total in self.sums.items():
            place = (key.service, key.figure)
            if key.kind in (BEGUN, SEALED):
                if key.month <= self.month:
                    sign = 1 if key.kind == BEGUN else -1
                    self._running[place] = self._running.get(place, 0) + sign * total.number
            elif key.month == self.month and total.number:
                self._months.setdefault((*place, key.kind), Counter())[key.shore] += total.number
                self._units[*place, key.kind] += total.units

    @property
    def window(self) -> tuple[int, int]:
        """From when to when the month is looked at."""
        start, end = self.month.bounds(self.signed.terms.time_zone)
        return start, end if self.until is None else min(end, self.until)

    def _count(self, service: str, figure: str, kind: str) -> int:
        return self._months.get((service, figure, kind), Counter()).total()

    def behind(self, service: Service, number: int, price: Price) -> list[Behind] | Count:
        """See ``invoice.Source``."""
        figure = parts.price_figure(number)
        count = self._count(service.key, figure, parts.UNIT)
        hours = price.per == "hour" and count > 1
        cases = self.parts.cases(service.key, figure, *self.window) if hours else count
        return Count(count, cases, self._units[service.key, figure, parts.UNIT])

    def scores(self, service: Service) -> list[ObjectiveScore]:
        """See ``invoice.Source``."""
        return [
            ObjectiveScore(service.key, one, numbers=self._numbers(service.key, parts.objective_figure(one), one))
            for one in service.objectives
        ]

    def _numbers(self, service: str, figure: str, objective: object) -> Numbers:
        names = (parts.MET, parts.MISSED, parts.LEFT_OUT, parts.UNMEASURED)
        met, missed, left_out, unmeasured = (self._count(service, figure, kind) for kind in names)
        running = self._running.get((service, figure), 0)
        if self.until is not None and isinstance(objective, Duration):
            start, end = self.month.bounds(self.signed.terms.time_zone)
            missed -= self.parts.ahead(service, figure, max(start, self.until), end)
            running += self.parts.ahead(service, figure, self.until, end)
        return Numbers(met, met + missed, running, left_out, unmeasured)

    def free(self, service: Service) -> list[str]:
        """See ``invoice.Source``."""
        if not self._count(service.key, parts.CASES, parts.FREE):
            return []
        found = self.parts.named(service.key, parts.CASES, parts.FREE, *self.window)
        return sorted(one.instance for one in found)

    def findings(self, service: Service) -> Iterator[Diagnostic]:
        """See ``invoice.Source``."""
        yield from self._refused(service)
        allowed, place = self.signed.terms.shores, (service.key, parts.CASES, parts.ELSEWHERE)
        for shore in sorted(set(self._months.get(place, Counter())) - set(allowed)):
            found = self.parts.named(service.key, parts.CASES, parts.ELSEWHERE, *self.window, shore)
            yield elsewhere(self.signed.terms, service, shore, sum(one.number for one in found), found[0].instance)
        for score in self.scores(service):
            if score.counts.unmeasured:
                figure = parts.objective_figure(score.objective)
                for one in self.parts.named(service.key, figure, parts.UNMEASURED, *self.window):
                    yield unmeasured(score, one.instance)

    def _refused(self, service: Service) -> Iterator[Diagnostic]:
        for number, price in enumerate(service.prices):
            figure = parts.price_figure(number)
            if self._count(service.key, figure, parts.REFUSED):
                for one in self.parts.named(service.key, figure, parts.REFUSED, *self.window):
                    case = self.parts.case(service.key, one.instance)
                    event = next(event for event in case.events if event.sequence == one.sequence)
                    yield no_minutes(price, case, event)

    def done(self, service: str) -> Counter[str]:
        """Instances completed in the month, by shore."""
        return Counter(self._months.get((service, parts.CASES, parts.DONE), Counter()))

    def invoice(self) -> Invoice:
        """The month, its lists left out."""
        return compute(self.signed, self.month, self)

    def unit_costs(self, invoice: Invoice) -> list[UnitCost]:
        """What a case cost, by service and shore."""
        done = {key: self.done(key) for key in invoice.terms.services}

        def weights(line: Line) -> Mapping[str, Decimal]:
            figure = parts.price_figure(line.price)
            known = self._months.get((line.service, figure, parts.UNIT), Counter())
            if len(known) == 1:  # all on one shore, whichever slice it is
                return dict.fromkeys(known, Decimal(1))
            return self.parts.shores(line.service, figure, *self.window, line.first, line.first + line.entries)

        return arbitrage.shared_out(invoice, done, weights)
