"""Monthly totals: whatever is entered in whatever order, they give what the whole ledger gives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.draws import examples

from anyshore.terms import parts, totals
from anyshore.terms.arbitrage import unit_costs
from anyshore.terms.book import Book, Case
from anyshore.terms.invoice import Invoice, draft
from anyshore.terms.months import Month
from anyshore.terms.parts import Part
from anyshore.terms.totals import Counted, Sums

MORE = """    prices:
      - per: instance
        name: Decided invoice
        outcomes: [paid, rejected]
        tiers: [{up_to: 2, price: 1.85}, {up_to: 3, price: 1.55}, {price: 1.25}]
      - {per: milestone, name: Signed, milestone: Signed, price: 950}
      - {per: hour, name: Expert hour, price: 145, where: {billing: hourly}, increment: 15}
      - {per: month, name: Desk, price: 70}
    objectives:
      right:
        measure: share
        name: Decided right
        of: {entry: instance.completed}
        good: {right: true}
        target: 90
      round:
        measure: duration
        name: Soon
        from: instance.started
        to: {entry: work.completed}
        within: {hours: 30}
        target: 80
"""


def rich(text: str) -> str:
    """The sample terms with every kind of price and objective."""
    price = "    prices:\n      - {per: instance, name: Decided invoice, outcomes: [paid, rejected], price: 1.85}\n"
    assert price in text
    return text.replace(price + "    objectives:\n", MORE)


class InMemory:
    """The parts of a book, looked through."""

    def __init__(self, book: Book, found: list[Part]) -> None:
        self.book, self.found = book, found

    def _of(self, service: str, figure: str, kind: str, start: int, stop: int) -> Iterator[Part]:
        for one in sorted(self.found, key=lambda one: (one.at, one.sequence)):
            if (one.service, one.figure, one.kind) == (service, figure, kind) and start <= one.at < stop:
                yield one

    def ahead(self, service: str, figure: str, since: int, before: int) -> int:
        return sum(1 for _ in self._of(service, figure, parts.MISSED, since, before))

    def cases(self, service: str, figure: str, start: int, stop: int) -> int:
        return len({one.instance for one in self._of(service, figure, parts.UNIT, start, stop)})

    def shores(self, service: str, figure: str, start: int, stop: int, low: int, high: int) -> Mapping[str, Decimal]:
        found: dict[str, Decimal] = {}
        for one in list(self._of(service, figure, parts.UNIT, start, stop))[low:high]:
            found[one.shore] = found.get(one.shore, Decimal(0)) + one.units
        return found

    def named(self, service: str, figure: str, kind: str, start: int, stop: int, shore: str = "") -> list[Part]:
        found = [one for one in self._of(service, figure, kind, start, stop) if shore in ("", one.shore)]
        return sorted(found, key=lambda one: one.sequence)

    def case(self, service: str, instance: str) -> Case:
        return self.book.cases[service, instance]


def counted(book: Book, month: Month, until: int | None) -> Counted:
    signed = book.terms_for(month)
    found = [part for case in book.cases.values() for part in parts.parts(case, signed.terms)]
    sums: Sums = {}
    totals.add(sums, found, signed.terms.time_zone)
    return Counted(signed, month, sums, InMemory(book, found), until)


def short(invoice: Invoice) -> dict[str, Any]:
    """What an invoice says without its lists."""
    return {
        "scores": [(one.objective.key, one.counts, one.attainment, one.status) for one in invoice.scores],
        "lines": [
            (one.kind, one.name, one.quantity, one.unit_price, one.amount, one.cases, one.price, one.first, one.entries)
            for one in invoice.lines
        ],
        "credits": [(one.score.objective.key, one.fee, one.uncapped, one.cap, one.amount) for one in invoice.credits],
        "free": invoice.free, "totals": (invoice.net, invoice.vat, invoice.gross),
        "findings": sorted(str(one) for one in invoice.findings),
    }  # fmt: skip


HOUR = 3_600_000_000
NAMES = st.sampled_from("abcde")
TIMES = st.integers(0, 24 * 75).map(lambda hours: 1_767_265_200_000_000 + hours * HOUR)  # from 1 January 2026
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("instance.started"), NAMES, TIMES, st.just({})),
        st.tuples(
            st.sampled_from(["instance.completed", "instance.cancelled"]), NAMES, TIMES,
            st.fixed_dictionaries(
                {"outcome": st.sampled_from(["paid", "withdrawn", "other"]), "right": st.booleans()},
                optional={"shore": st.sampled_from(["onshore", "nearshore", "offshore"])},
            ),
        ),
        st.tuples(
            st.sampled_from(["work.opened", "work.completed"]), NAMES, TIMES,
            st.sampled_from([{"party": "client"}, {"party": "provider"}, {"billing": "hourly", "minutes": 50},
                             {"billing": "hourly", "minutes": "-1"}]),
        ),
        st.tuples(st.just("milestone.reached"), NAMES, TIMES, st.just({"name": "Signed"})),
    ),
    max_size=40,
)  # fmt: skip


@settings(max_examples=examples(120), deadline=None)
@given(steps=STEPS, now=TIMES)
def test_totals_give_the_month_that_the_whole_ledger_gives(
    ledger_of: Any, terms_text: str, steps: list[Any], now: int
) -> None:
    ledger = ledger_of(rich(terms_text))
    for kind, name, when, data in steps:
        ledger.add(kind, when, name, **data)
    book = ledger.book()
    latest = max([now, *(when for _kind, _name, when, _data in steps)])
    for month in (Month(2026, 1), Month(2026, 2), Month(2026, 3), Month(2026, 4)):
        for until in (None, latest + 1):
            whole = draft(book, month, until=until)
            sums = counted(book, month, until)
            found = sums.invoice()
            assert short(found) == short(whole)
            assert sums.unit_costs(found) == unit_costs(book, whole)


@pytest.mark.parametrize("outcome", ["paid", "withdrawn"])
def test_the_parts_of_a_case_taken_away_again_leave_nothing(ledger_of: Any, terms_text: str, outcome: str) -> None:
    ledger = ledger_of(rich(terms_text))
    ledger.case("a", "2026-01-05T10:00", "2026-02-06T10:00", outcome, shore="onshore")
    (case,) = ledger.book().cases.values()
    signed = ledger.book().terms_for(Month(2026, 1))
    found = parts.parts(case, signed.terms)
    sums: Sums = {}
    totals.add(sums, found, "Europe/Berlin")
    assert sum(total.number for total in sums.values()) > 3
    totals.add(sums, found, "Europe/Berlin", -1)
    assert {total.number for total in sums.values()} == {0}
    assert {total.units for total in sums.values()} == {0}
