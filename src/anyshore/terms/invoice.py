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
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from anyshore.base.errors import Diagnostic
from anyshore.base.locations import Location
from anyshore.terms.book import Book, Case, Event
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
    """One case or entry behind a line; ``units`` are instances, milestones or (billed) minutes."""

    instance: str
    reference: str
    at: int
    sequence: int
    units: Decimal = Decimal(1)


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
        behind: the cases or entries counted; for a credit, those missed.
    """

    service: str
    kind: LineKind
    name: str
    quantity: Decimal
    unit_price: Decimal
    amount: Decimal
    behind: tuple[Behind, ...] = ()


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
    terms = signed.terms
    invoice = Invoice(terms.id, month, terms, signed.sequence)
    for service in terms.services.values():
        _service(invoice, book, service, until)
    invoice.closed_days = {name: c.closed_days(month.first, month.last) for name, c in terms.calendars.items()}
    invoice.findings += [
        _incomplete(name, reason) for name, c in terms.calendars.items() for reason in c.incomplete(month.year)
    ]
    invoice.net = rounded(sum((line.amount for line in invoice.lines), Decimal(0)), terms.currency)
    invoice.vat = rounded(percent_of(invoice.net, terms.vat.rate), terms.currency)
    invoice.gross = invoice.net + invoice.vat
    return invoice


def _service(invoice: Invoice, book: Book, service: Service, until: int | None) -> None:
    terms, month = invoice.terms, invoice.month
    start, end = month.bounds(terms.time_zone)
    window = _Window(terms, service, month, start, end if until is None else min(end, until), invoice.findings)
    cases = list(book.cases_of(service.key))
    lines = [line for price in service.prices for line in window.lines(price, cases)]
    fee = sum((line.amount for line in lines), Decimal(0))
    least = _rounded_part(window.part, service.minimum_charge, terms.currency)
    if fee < least:
        lines.append(Line(service.key, "minimum", "minimum charge", Decimal(1), least - fee, least - fee))
        fee = least
    scores = score_service(book, terms, service, month, until)
    credits = credits_of(service, scores, fee, terms.currency)
    invoice.lines += lines + [_credit_line(credit) for credit in credits if credit.amount]
    invoice.scores += scores
    invoice.credits += credits
    invoice.free[service.key] = window.free(cases)
    invoice.findings += window.elsewhere(cases)
    invoice.findings += [_unmeasured(found, name) for found in scores for name in found.unmeasured]


def _credit_line(credit: Credit) -> Line:
    behind = tuple(Behind(r.instance, r.reference, r.at, 0) for r in credit.score.missed)
    name = credit.score.objective.name
    return Line(credit.service, "credit", name, Decimal(-1), credit.amount, -credit.amount, behind)


def _incomplete(calendar: str, reason: str) -> Diagnostic:
    hint = "agree on them as special_days"
    message = f"not all holidays of the calendar '{calendar}' are known: {reason}"
    return Diagnostic("terms.holidays-incomplete", message, Location(None, f"calendars.{calendar}"), hint, "warning")


def _unmeasured(score: ObjectiveScore, instance: str) -> Diagnostic:
    message = (
        f"'{score.objective.name}' cannot be measured for the instance '{instance}': its start is not in the ledger"
    )
    return Diagnostic("terms.unmeasured", message, Location(None, f"services.{score.service}"), "", "warning")


@dataclass(frozen=True, slots=True)
class _Window:
    """One service in one month."""

    terms: Terms
    service: Service
    month: Month
    start: int
    stop: int
    findings: list[Diagnostic]

    @property
    def part(self) -> Fraction:
        """The part of the month's days on which the engagement runs."""
        first = max(self.month.first, self.terms.start)
        last = min(self.month.last, self.terms.end or self.month.last)
        return Fraction(max((last - first).days + 1, 0), self.month.days)

    def inside(self, event: Event) -> bool:
        return self.start <= event.at < self.stop

    def lines(self, price: Price, cases: Iterable[Case]) -> Iterator[Line]:
        match price.per:
            case "instance":
                yield from self._tiered(price, sorted(self._completed(price, cases), key=_when))
            case "milestone":
                behind = sorted(self._milestones(price, cases), key=_when)
                if behind:
                    yield self._line(price, Fraction(len(behind)), price.tiers[0].price, behind)
            case "hour":
                behind = sorted(self._worked(price, cases), key=_when)
                minutes = sum((b.units for b in behind), Decimal(0))
                if behind:
                    yield self._line(price, Fraction(minutes) / 60, price.tiers[0].price, behind)
            case _:
                quantity = Fraction(price.fte) * self.part
                if quantity:
                    yield self._line(price, quantity, price.tiers[0].price, [])

    def _line(self, price: Price, quantity: Fraction, unit_price: Decimal, behind: list[Behind]) -> Line:
        amount = _rounded_part(quantity, unit_price, self.terms.currency)
        counted = price.per in ("instance", "milestone")
        shown = Decimal(quantity.numerator) if counted else _shown(quantity)
        return Line(self.service.key, price.per, price.name, shown, unit_price, amount, tuple(behind))

    def _completed(self, price: Price, cases: Iterable[Case]) -> Iterator[Behind]:
        for case in cases:
            event = case.finished
            if event and self.inside(event) and price.match and price.match.fits(event.type, event.data):
                yield Behind(case.instance, case.reference, event.at, event.sequence)

    def _tiered(self, price: Price, behind: list[Behind]) -> Iterator[Line]:
        if price.tier_mode == "volume" and behind:
            tier = next(t for t in price.tiers if t.up_to is None or len(behind) <= t.up_to)
            yield self._line(price, Fraction(len(behind)), tier.price, behind)
            return
        low = 0
        for tier in price.tiers:
            part = behind[low : tier.up_to]
            if part:
                yield self._line(price, Fraction(len(part)), tier.price, part)
            low = tier.up_to or len(behind)

    def _milestones(self, price: Price, cases: Iterable[Case]) -> Iterator[Behind]:
        for case in cases:
            match = price.match
            first = next((e for e in case.events if match and match.fits(e.type, e.data)), None)
            if first and self.inside(first):
                yield Behind(case.instance, case.reference, first.at, first.sequence)

    def _worked(self, price: Price, cases: Iterable[Case]) -> Iterator[Behind]:
        for case in cases:
            for event in case.events:
                if self.inside(event) and price.match and price.match.fits(event.type, event.data):
                    minutes = self._minutes(price, case, event)
                    if minutes is not None:
                        yield Behind(case.instance, case.reference, event.at, event.sequence, minutes)

    def _minutes(self, price: Price, case: Case, event: Event) -> Decimal | None:
        told = event.data.get(price.minutes)
        minutes = _number(told)
        if minutes is None or minutes < 0:
            message = f"entry {event.sequence} of '{case.instance}' is not billed: its '{price.minutes}' is {told!r}"
            place = Location(None, f"entry {event.sequence}")
            hint = "record the minutes as a number from 0 on"
            self.findings.append(Diagnostic("terms.no-minutes", message, place, hint, "warning"))
            return None
        if price.increment:
            whole, rest = divmod(minutes, price.increment)
            return (whole + 1 if rest else whole) * price.increment
        return minutes

    def elsewhere(self, cases: Iterable[Case]) -> Iterator[Diagnostic]:
        """A finding for each shore the terms do not allow on which cases of the month were finished."""
        found: dict[str, list[str]] = {}
        for case in cases:
            if case.finished and self.inside(case.finished) and (shore := case.fact("shore")):
                found.setdefault(shore, []).append(case.instance)
        for shore in sorted(found.keys() - set(self.terms.shores)):
            names = found[shore]
            message = f"{len(names)} cases were done {shore}, which the terms do not allow, the first is '{names[0]}'"
            place = Location(None, f"services.{self.service.key}")
            yield Diagnostic("terms.shore", message, place, f"allowed: {', '.join(self.terms.shores)}", "warning")

    def free(self, cases: Iterable[Case]) -> list[str]:
        """Instances completed in the month that no price per instance holds for, where there are such prices."""
        matches = [price.match for price in self.service.prices if price.per == "instance" and price.match]
        return sorted(
            case.instance
            for case in cases
            if matches and (e := case.finished) and e.type == "instance.completed" and self.inside(e)
            and not any(match.fits(e.type, e.data) for match in matches)
        )  # fmt: skip


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
