"""The invoice of a month: lines with the cases behind them, service credits, VAT and totals.

Every amount of a line is its quantity times its unit price, rounded half up to the currency's minor unit; a quantity
that is a part of a month or of an hour is rounded only to be shown, to ten places, never before it is multiplied.
Totals are sums of rounded amounts; VAT is rounded once, on the net total (EN 16931, BR-CO-10, BR-CO-17). An instance is
billed in the month of its (first) completion, a milestone in the month it is first reached in its instance, an hour in
the month its entry is of. Monthly prices and the minimum charge are for full months: of a month only partly in force,
its days count.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import islice
from typing import Literal, Protocol

from anyshore.base.errors import Diagnostic
from anyshore.base.locations import Location
from anyshore.terms.book import Book, Case, Event, Signed
from anyshore.terms.credits import Credit, credits_of
from anyshore.terms.model import Price, Service, Terms
from anyshore.terms.money import decimals, percent_of, ratio, rounded, times
from anyshore.terms.months import Month
from anyshore.terms.scorecard import ObjectiveScore, score_service

PLACES = 10
"""Decimal places of a quantity that goes on for ever: with them, quantity times price gives the amount of the line."""

LineKind = Literal["instance", "milestone", "hour", "fte_month", "month", "minimum", "credit"]


@dataclass(frozen=True, slots=True)
class Behind:
    """One case or entry behind a line; ``units`` are instances, milestones or (billed) minutes.

    ``number`` is how many cases it stands for, with their units together: see ``book.Case``.
    """

    instance: str
    reference: str
    at: int
    sequence: int
    units: Decimal = Decimal(1)
    number: int = 1


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an invoice.

    Attributes:
        service: key of the service.
        kind: what the price is per; ``minimum`` tops up to the minimum charge, ``credit`` is negative.
        name: the price's or objective's name.
        quantity: exact, or rounded to ten decimal places where it goes on for ever; -1 for credits.
        unit_price: price of one.
        amount: the exact quantity times unit price, rounded.
        behind: the cases or entries counted; for a credit, those missed. Empty where only numbers are known.
        cases: how many different cases those are.
        price: which price of the service it is of, from 0; -1: of none.
        first: where among all that the price counts in the month the first of them stands, from 0.
        entries: how many the price counts for this line.
    """

    service: str
    kind: LineKind
    name: str
    quantity: Decimal
    unit_price: Decimal
    amount: Decimal
    behind: tuple[Behind, ...] = ()
    cases: int = 0
    price: int = -1
    first: int = 0
    entries: int = 0


@dataclass(slots=True)
class Invoice:
    """What a month costs, and why.

    Attributes:
        engagement: id in the terms.
        month: the month billed.
        terms: the version it is computed by.
        terms_sequence: the ledger entry that signed it.
        scores: the month of every objective.
        credits: the service credits.
        lines: in the order of the terms.
        free: instances completed in the month for which no price holds, by service.
        closed_days: by calendar, the holidays and special days of the month that were taken as closed.
        net, vat, gross: totals.
        findings: what could not be billed or measured.
    """

    engagement: str
    month: Month
    terms: Terms
    terms_sequence: int
    scores: list[ObjectiveScore] = field(default_factory=list)
    credits: list[Credit] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    free: dict[str, list[str]] = field(default_factory=dict)
    closed_days: dict[str, dict[date, str]] = field(default_factory=dict)
    net: Decimal = Decimal(0)
    vat: Decimal = Decimal(0)
    gross: Decimal = Decimal(0)
    findings: list[Diagnostic] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Count:
    """What is behind a line where only numbers are known: entries, different cases, units together."""

    entries: int
    cases: int
    units: Decimal

    def __len__(self) -> int:
        return self.entries


class Source(Protocol):
    """Where the numbers of a month come from, service by service: its cases, or what was counted of them."""

    def behind(self, service: Service, number: int, price: Price) -> list[Behind] | Count:
        """What a price counts, by its place in the terms, in the order of time."""

    def scores(self, service: Service) -> list[ObjectiveScore]:
        """The objectives of the month."""

    def free(self, service: Service) -> list[str]:
        """Instances completed in the month that no price per instance holds for, where there are such prices."""

    def findings(self, service: Service) -> Iterable[Diagnostic]:
        """What could not be billed or measured; asked for last."""


def draft(book: Book, month: Month, *, until: int | None = None) -> Invoice:
    """The invoice of a month from the entries.

    Args:
        book: entries of the engagement.
        month: the month billed.
        until: leave out what happened from this instant on, for a look at a month that still runs.

    Raises:
        AnyshoreError: no terms are in force in the month.
    """
    signed = book.terms_for(month)
    return compute(signed, month, _Cases(book, signed.terms, month, until))


def compute(signed: Signed, month: Month, source: Source) -> Invoice:
    """The invoice of a month from whatever tells its numbers.

    Args:
        signed: the terms of the month.
        month: the month billed.
        source: its numbers.
    """
    terms = signed.terms
    invoice = Invoice(terms.id, month, terms, signed.sequence)
    for service in terms.services.values():
        _service(invoice, service, source)
    invoice.closed_days = {name: c.closed_days(month.first, month.last) for name, c in terms.calendars.items()}
    invoice.findings += [
        _incomplete(name, reason) for name, c in terms.calendars.items() for reason in c.incomplete(month.year)
    ]
    invoice.net = rounded(sum((line.amount for line in invoice.lines), Decimal(0)), terms.currency)
    invoice.vat = rounded(percent_of(invoice.net, terms.vat.rate), terms.currency)
    invoice.gross = invoice.net + invoice.vat
    return invoice


def _service(invoice: Invoice, service: Service, source: Source) -> None:
    terms = invoice.terms
    window = _Window(terms, service, invoice.month)
    lines = [
        line
        for number, price in enumerate(service.prices)
        for line in window.lines(number, price, source.behind(service, number, price))
    ]
    fee = sum((line.amount for line in lines), Decimal(0))
    least = _rounded_part(window.part, service.minimum_charge, terms.currency)
    if fee < least:
        lines.append(Line(service.key, "minimum", "minimum charge", Decimal(1), least - fee, least - fee))
        fee = least
    scores = source.scores(service)
    credits = credits_of(service, scores, fee, terms.currency)
    invoice.lines += lines + [_credit_line(credit) for credit in credits if credit.amount]
    invoice.scores += scores
    invoice.credits += credits
    invoice.free[service.key] = source.free(service)
    invoice.findings += source.findings(service)


def _credit_line(credit: Credit) -> Line:
    score = credit.score
    behind = tuple(Behind(r.instance, r.reference, r.at, 0, Decimal(r.number), r.number) for r in score.missed)
    cases = score.denominator - score.numerator if score.numbers else _cases(behind)
    return Line(
        credit.service, "credit", score.objective.name, Decimal(-1), credit.amount, -credit.amount, behind, cases
    )


def _cases(behind: Iterable[Behind]) -> int:
    return sum({one.instance: one.number for one in behind}.values())


def _incomplete(calendar: str, reason: str) -> Diagnostic:
    hint = "agree on them as special_days"
    message = f"not all holidays of the calendar '{calendar}' are known: {reason}"
    return Diagnostic("terms.holidays-incomplete", message, Location(None, f"calendars.{calendar}"), hint, "warning")


@dataclass(frozen=True, slots=True)
class _Window:
    """One service in one month."""

    terms: Terms
    service: Service
    month: Month

    @property
    def part(self) -> Fraction:
        """The part of the month's days on which the engagement runs."""
        first = max(self.month.first, self.terms.start)
        last = min(self.month.last, self.terms.end or self.month.last)
        return Fraction(max((last - first).days + 1, 0), self.month.days)

    def lines(self, number: int, price: Price, behind: list[Behind] | Count) -> Iterator[Line]:
        match price.per:
            case "instance":
                yield from self._tiered(number, price, behind)
            case "milestone":
                if entries := _entries(behind):
                    yield self._line(number, price, Fraction(entries), price.tiers[0].price, behind)
            case "hour":
                if _entries(behind):
                    yield self._line(number, price, Fraction(_units(behind)) / 60, price.tiers[0].price, behind)
            case _:
                quantity = Fraction(price.fte) * self.part
                if quantity:
                    yield self._line(number, price, quantity, price.tiers[0].price, [])

    def _line(
        self, number: int, price: Price, quantity: Fraction, unit_price: Decimal, behind: list[Behind] | Count,
        first: int = 0,
    ) -> Line:  # fmt: skip
        amount = _rounded_part(quantity, unit_price, self.terms.currency)
        counted = price.per in ("instance", "milestone")
        shown = Decimal(quantity.numerator) if counted else _shown(quantity)
        known, cases = ((), behind.cases) if isinstance(behind, Count) else (tuple(behind), _cases(behind))
        return Line(
            self.service.key, price.per, price.name, shown, unit_price, amount, known, cases, number, first,
            _entries(behind),
        )  # fmt: skip

    def _tiered(self, number: int, price: Price, behind: list[Behind] | Count) -> Iterator[Line]:
        entries = _entries(behind)
        if price.tier_mode == "volume" and entries:
            tier = next(t for t in price.tiers if t.up_to is None or entries <= t.up_to)
            yield self._line(number, price, Fraction(entries), tier.price, behind)
            return
        low = 0
        for tier in price.tiers:
            part = _cut(behind, low, tier.up_to)
            if some := _entries(part):
                yield self._line(number, price, Fraction(some), tier.price, part, low)
            low = tier.up_to or entries


def _units(behind: list[Behind] | Count) -> Decimal:
    return behind.units if isinstance(behind, Count) else sum((b.units for b in behind), Decimal(0))


def _cut(behind: list[Behind] | Count, low: int, high: int | None) -> list[Behind] | Count:
    """What lies between two places; of instances, each is one entry, one case and one unit."""
    if not isinstance(behind, Count):
        return list(_between(behind, low, high))
    size = max(min(len(behind), len(behind) if high is None else high) - low, 0)
    return Count(size, size, Decimal(size))


def _entries(behind: list[Behind] | Count) -> int:
    return len(behind) if isinstance(behind, Count) else sum(one.number for one in behind)


def _between(behind: list[Behind], low: int, high: int | None) -> Iterator[Behind]:
    """What lies between two places, counted case by case; a class of a batch may lie on both sides."""
    at = 0
    for one in behind:
        number = min(at + one.number, at + one.number if high is None else high) - max(at, low)
        at += one.number
        if number == one.number:
            yield one
        elif number > 0:
            yield replace(one, number=number, units=one.units / one.number * number)


@dataclass(slots=True)
class _Cases:
    """A month from its cases."""

    book: Book
    terms: Terms
    month: Month
    until: int | None
    refused: dict[str, list[Diagnostic]] = field(default_factory=dict)
    measured: dict[str, list[ObjectiveScore]] = field(default_factory=dict)

    @property
    def window(self) -> tuple[int, int]:
        start, end = self.month.bounds(self.terms.time_zone)
        return start, end if self.until is None else min(end, self.until)

    def behind(self, service: Service, _number: int, price: Price) -> list[Behind]:
        start, stop = self.window
        found: list[Behind] = []
        for case in self.book.cases_of(service.key):
            if case.events[-1].at < start or case.events[0].at >= stop:
                continue
            some, refused = billed(price, case, start, stop)
            found += some
            self.refused.setdefault(service.key, []).extend(no_minutes(price, case, event) for event in refused)
        return sorted(found, key=_when)

    def scores(self, service: Service) -> list[ObjectiveScore]:
        found = self.measured[service.key] = score_service(self.book, self.terms, service, self.month, self.until)
        return found

    def free(self, service: Service) -> list[str]:
        return sorted(case.instance for case in self._finished(service) if is_free(service, case))

    def findings(self, service: Service) -> Iterator[Diagnostic]:
        yield from self.refused.get(service.key, ())
        shores: dict[str, list[Case]] = {}
        for case in self._finished(service):
            if shore := case.fact("shore"):
                shores.setdefault(shore, []).append(case)
        for shore in sorted(shores.keys() - set(self.terms.shores)):
            cases = shores[shore]
            yield elsewhere(self.terms, service, shore, sum(one.number for one in cases), cases[0].instance)
        for score in self.measured[service.key]:
            yield from (unmeasured(score, name) for name in score.unmeasured)

    def _finished(self, service: Service) -> Iterator[Case]:
        start, stop = self.window
        for case in self.book.cases_of(service.key):
            if case.finished and start <= case.finished.at < stop:
                yield case


def billed(price: Price, case: Case, start: int, stop: int) -> tuple[list[Behind], list[Event]]:
    """What a price counts of a case in a time, and the entries it would count if their minutes could be read."""
    match = price.match
    events: Iterable[Event] = ()
    if match is not None and price.per == "instance":
        last = case.finished
        if last is None or not start <= last.at < stop or not match.fits(last.type, last.data):
            return [], []
        many = Decimal(case.number)
        return [Behind(case.instance, case.reference, last.at, last.sequence, many, case.number)], []
    if match is not None and price.per == "milestone":
        events = list(islice((e for e in case.events if match.fits(e.type, e.data)), 1))
    elif match is not None and price.per == "hour":
        events = [event for event in case.events if match.fits(event.type, event.data)]
    found, refused = [], []
    for event in events:
        if start <= event.at < stop:
            units = _minutes(price, event) if price.per == "hour" else Decimal(1)
            if units is None:
                refused.append(event)
            else:
                together = units * case.number
                found.append(Behind(case.instance, case.reference, event.at, event.sequence, together, case.number))
    return found, refused


def _minutes(price: Price, event: Event) -> Decimal | None:
    minutes = _number(event.data.get(price.minutes))
    if minutes is None or minutes < 0:
        return None
    if price.increment:
        whole, rest = divmod(minutes, price.increment)
        return (whole + 1 if rest else whole) * price.increment
    return minutes


def is_free(service: Service, case: Case) -> bool:
    """Whether an instance was completed that no price per instance holds for, where there are such prices."""
    matches = [price.match for price in service.prices if price.per == "instance" and price.match]
    event = case.finished
    if not matches or event is None or event.type != "instance.completed":
        return False
    return not any(match.fits(event.type, event.data) for match in matches)


def no_minutes(price: Price, case: Case, event: Event) -> Diagnostic:
    """A finding on an entry whose minutes cannot be read."""
    told = event.data.get(price.minutes)
    message = f"entry {event.sequence} of '{case.instance}' is not billed: its '{price.minutes}' is {told!r}"
    place = Location(None, f"entry {event.sequence}")
    return Diagnostic("terms.no-minutes", message, place, "record the minutes as a number from 0 on", "warning")


def elsewhere(terms: Terms, service: Service, shore: str, cases: int, first: str) -> Diagnostic:
    """A finding on a shore the terms do not allow on which cases of the month were finished."""
    message = f"{cases} cases were done {shore}, which the terms do not allow, the first is '{first}'"
    hint = f"allowed: {', '.join(terms.shores)}"
    return Diagnostic("terms.shore", message, Location(None, f"services.{service.key}"), hint, "warning")


def unmeasured(score: ObjectiveScore, instance: str) -> Diagnostic:
    """A finding on a case whose clock never began."""
    message = (
        f"'{score.objective.name}' cannot be measured for the instance '{instance}': its start is not in the ledger"
    )
    return Diagnostic("terms.unmeasured", message, Location(None, f"services.{score.service}"), "", "warning")


def _rounded_part(part: Fraction, price: Decimal, currency: str) -> Decimal:
    """A part of a price, rounded once: multiplied exactly, then divided."""
    return rounded(ratio(times(price, Decimal(part.numerator)), part.denominator), currency)


def _shown(quantity: Fraction) -> Decimal:
    """A part of a month or an hour as the line shows it: to four places where that is exact."""
    number = decimals(ratio(quantity.numerator, quantity.denominator), PLACES)
    shorter = decimals(number, 4)
    return shorter if number == shorter else number


def _when(behind: Behind) -> tuple[int, int]:
    return behind.at, behind.sequence


def _number(told: object) -> Decimal | None:
    """The number in a fact's plain form: an integer, or a decimal as text."""
    if isinstance(told, bool) or not isinstance(told, int | str):
        return None
    try:
        number = Decimal(told)
    except ArithmeticError:
        return None
    return number if number.is_finite() and abs(number) < 10**9 else None
