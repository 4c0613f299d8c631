"""Cost arbitrage: what a case costs with the provider, by shore, against the client's own baseline.

Fees are shared out where they belong: the amount of a line over the shores of the instances behind it, by units; lines
without instances (monthly prices, minimum charge) and service credits over all instances finished in the month. The
shore of an instance is the fact ``shore`` of its entries or, when the terms allow one shore only, that one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from anyshore.base.errors import DataError
from anyshore.base.telling import Sheet
from anyshore.terms.book import Book, Case
from anyshore.terms.invoice import Invoice, Line, draft
from anyshore.terms.model import Service
from anyshore.terms.money import decimals, ratio, rounded, times
from anyshore.terms.months import Month

UNKNOWN = "unknown"
"""Shore of instances whose entries tell none."""


@dataclass(frozen=True, slots=True)
class UnitCost:
    """What a case of a service cost in a month on one shore.

    Attributes:
        service: key of the service.
        shore: onshore, nearshore, offshore or unknown.
        cases: instances completed in the month.
        cost: fees less credits, in the engagement's currency.
        unit_cost: cost per case, to four places.
        baseline: the client's own cost per case before.
        saving: baseline less unit cost, times the cases; negative when it became dearer.
        saving_percent: of the baseline, to one place.
    """

    service: str
    shore: str
    cases: int
    cost: Decimal
    unit_cost: Decimal
    baseline: Decimal
    saving: Decimal
    saving_percent: Decimal


@dataclass(frozen=True, slots=True)
class Worked:
    """What a month held of a service.

    Attributes:
        items: instances completed in it.
        fees: billed for it, before credits.
        credits: service credits, as a number of 0 or more.
    """

    items: int
    fees: Decimal
    credits: Decimal


def worked(book: Book, invoice: Invoice, service: str) -> Worked:
    """What a month held of a service, whatever the shore: what a business case is held against.

    Args:
        book: the ledger of the engagement.
        invoice: of the month.
        service: key of a service of its terms.
    """
    start, end = invoice.month.bounds(invoice.terms.time_zone)
    items = sum(
        case.number for case in book.cases_of(service)
        if (e := case.finished) and e.type == "instance.completed" and start <= e.at < end
    )  # fmt: skip
    amounts = [line.amount for line in invoice.lines if line.service == service and line.kind != "credit"]
    credits = [-line.amount for line in invoice.lines if line.service == service and line.kind == "credit"]
    currency = invoice.terms.currency
    return Worked(items, *(rounded(sum(some, Decimal(0)), currency) for some in (amounts, credits)))


Weights = Callable[[Line], Mapping[str, Decimal]]
"""The units behind a line, by shore."""


def unit_costs(book: Book, invoice: Invoice) -> list[UnitCost]:
    """Unit costs by service and shore, for the services with a baseline and a case in the month."""
    start, end = invoice.month.bounds(invoice.terms.time_zone)
    cases = {key: {case.instance: case for case in book.cases_of(key)} for key in invoice.terms.services}
    shores = {key: {name: shore_of(case, invoice.terms.shores) for name, case in some.items()}
              for key, some in cases.items()}  # fmt: skip
    done: dict[str, Counter[str]] = {key: Counter() for key in cases}
    for key, some in cases.items():
        for name, case in some.items():
            if (e := case.finished) and e.type == "instance.completed" and start <= e.at < end:
                done[key][shores[key][name]] += case.number

    def weights(line: Line) -> Mapping[str, Decimal]:
        found: dict[str, Decimal] = defaultdict(Decimal)
        for behind in line.behind:
            found[shores[line.service][behind.instance]] += behind.units
        return found

    return shared_out(invoice, done, weights)


def shared_out(invoice: Invoice, done: Mapping[str, Counter[str]], weights: Weights) -> list[UnitCost]:
    """The same from numbers: completed instances by service and shore, and the units behind a line by shore."""
    found = []
    for service in invoice.terms.services.values():
        if service.baseline:
            found += _service(invoice, service, done[service.key], weights, service.baseline.unit_cost)
    return found


def _service(
    invoice: Invoice, service: Service, done: Counter[str], weights: Weights, baseline: Decimal
) -> list[UnitCost]:
    costs: dict[str, Decimal] = defaultdict(Decimal)
    for line in invoice.lines:
        if line.service == service.key:
            units = _units(line, done, weights)
            total = sum(units.values(), Decimal(0))
            for shore, some in units.items() if total else ():
                costs[shore] += ratio(times(line.amount, some), total)
    currency = invoice.terms.currency
    return [_unit_cost(service.key, shore, done[shore], costs[shore], baseline, currency) for shore in sorted(done)]


def _units(line: Line, done: Counter[str], weights: Weights) -> Mapping[str, Decimal]:
    if not line.cases or line.kind == "credit":
        return {shore: Decimal(number) for shore, number in done.items()}
    return weights(line)


def _unit_cost(service: str, shore: str, cases: int, cost: Decimal, baseline: Decimal, currency: str) -> UnitCost:
    unit_cost = ratio(cost, cases)
    saving = times(baseline - unit_cost, Decimal(cases))
    percent = ratio(times(baseline - unit_cost, Decimal(100)), baseline)
    return UnitCost(service, shore, cases, rounded(cost, currency), decimals(unit_cost, 4), baseline,
                    rounded(saving, currency), decimals(percent, 1))  # fmt: skip


def shore_of(case: Case, allowed: tuple[str, ...]) -> str:
    """Where a case was done: as its entries tell or, where the terms allow one shore only, there."""
    return case.fact("shore") or (allowed[0] if len(allowed) == 1 else UNKNOWN)


def of_months(title: str, found: Iterable[tuple[Month, Worked]]) -> Sheet:
    """Months of a service as a table."""
    rows = [(str(month), str(one.items), str(one.fees), str(one.credits)) for month, one in found]
    return Sheet(title, ("Month", "Items", "Fees", "Credits"), rows, right=(1, 2, 3))


def worked_months(book: Book, first: Month, last: Month, service: str | None) -> Iterator[tuple[Month, Worked]]:
    """What the ledger shows of a service month by month.

    Args:
        book: the ledger.
        first: the first month.
        last: the last month.
        service: its key; may be left out where the terms have one.

    Raises:
        DataError: the terms have several services or none of that key.
    """
    while first <= last:
        invoice = draft(book, first)
        keys = list(invoice.terms.services)
        if (service or keys[0]) not in keys or (service is None and len(keys) > 1):
            message, hint = f"The terms have {len(keys)} services.", f"Name one: --service {' or '.join(keys)}."
            raise DataError("business.service", message, hint=hint)
        yield first, worked(book, invoice, service or keys[0])
        first = first.next
