"""Dunning over the books of the service, by its own decision table."""

from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.draws import examples

from anyshore import dmn
from anyshore.activities.memory import MemoryContext
from anyshore.activities.receivables import accounts, letters
from anyshore.activities.receivables.assessing import AssessInput, AssessOutcome, Owed, assess
from anyshore.activities.receivables.letters import HandOverInput, RemindInput, StatementInput
from anyshore.base.plain import to_value, to_values
from anyshore.packs import reading

PACK = Path(__file__).resolve().parents[3] / "src/anyshore/services/bpo/receivables"
DAY = date(2026, 4, 15)


@cache
def model() -> Any:
    return dmn.read(PACK / "receivables.dmn")


def dunning(owed: Owed) -> dict[str, Any]:
    found = model().decide("Dunning", {"one": to_value(owed)}).value
    assert isinstance(found, dict)
    return found


@pytest.fixture
def books() -> MemoryContext:
    context = MemoryContext()
    for kind, reference in reading.read(PACK).references.items():
        file = PACK / "samples" / reference.file
        if file.exists():
            context.load(kind, reference.read(file.read_bytes(), file.name))
    return context


def run(books: MemoryContext, day: date) -> AssessOutcome:
    return assess(AssessInput(day), books)


def by_invoice(found: AssessOutcome) -> dict[str, Owed]:
    return {one.invoice: one for one in found.owed}


def test_what_rests_and_what_does_not(books: MemoryContext) -> None:
    owed = by_invoice(run(books, DAY))
    assert {name: dunning(one)["reason"] for name, one in owed.items()} == {
        "RE-101": "promised", "RE-102": "instalments kept", "RE-103": "first reminder", "RE-104": "disputed",
        "RE-105": "first reminder", "RE-107": "too small", "RE-108": "not overdue long enough",
    }  # fmt: skip
    later = by_invoice(run(books, date(2026, 5, 18)))
    assert (later["RE-101"].promised_until, later["RE-102"].instalments) == (None, "broken")
    assert dunning(later["RE-102"])["action"] == "remind"


def test_interest_and_lump_sum_as_the_law_has_them(books: MemoryContext) -> None:
    owed = by_invoice(run(books, DAY))
    assert (owed["RE-105"].default_by, owed["RE-105"].costs, owed["RE-105"].interest) == (
        "calendar",
        40,
        Decimal("4.86"),
    )
    assert (owed["RE-103"].default_by, owed["RE-103"].costs) == ("thirty days", 0)
    assert owed["RE-103"].interest == Decimal("0.08")  # thirty days end on a Saturday (§ 193 BGB)
    assert owed["RE-104"].default_on is None
    assert owed["RE-102"].over_limit
    assert not owed["RE-101"].over_limit


def test_the_reminder_that_first_brings_default_costs_nothing(books: MemoryContext) -> None:
    owed = by_invoice(run(books, DAY))
    first = letters.remind(RemindInput(owed["RE-107"], 1, DAY, Decimal(5)), books.with_key("a"))
    assert (first.sent, first.fee) == (True, 0)
    dear = letters.remind(RemindInput(owed["RE-105"], 1, DAY, Decimal(5)), books.with_key("b"))
    assert (dear.sent, dear.fee) == (True, 5)
    after = by_invoice(run(books, date(2026, 4, 20)))
    assert (after["RE-107"].default_by, after["RE-107"].default_on) == ("reminder", DAY)
    assert after["RE-105"].costs == 45


def test_levels_follow_each_other_and_each_goes_out_once(books: MemoryContext) -> None:
    day, said = DAY, []
    for number in range(5):
        one = by_invoice(run(books, day))["RE-105"]
        found = dunning(one)
        said.append((found["action"], found["level"]))
        if found["action"] == "remind":
            send = RemindInput(one, int(found["level"]), day, Decimal(found["fee"]), "text")
            sent = letters.remind(send, books.with_key(f"job {number}"))
            assert sent.sent
            assert letters.remind(send, books.with_key(f"job {number}")) == sent
            assert not letters.remind(send, books.with_key("another run")).sent
        day += timedelta(14)
    assert said == [("remind", 1), ("remind", 2), ("remind", 3), ("hand over", None), ("hand over", None)]
    last = by_invoice(run(books, day))["RE-105"]
    given_over = letters.hand_over(HandOverInput(last, day), books.with_key("h"))
    assert given_over.done
    assert given_over.file.splitlines()[1].startswith("RE-105;K400;Atelier Morgenrot;2026-03-17;EUR;595")
    assert letters.hand_over(HandOverInput(last, day), books.with_key("h")) == given_over
    assert not letters.hand_over(HandOverInput(last, day), books.with_key("other")).done
    assert dunning(by_invoice(run(books, day))["RE-105"])["reason"] == "with the collector"


def test_letters_in_both_languages(books: MemoryContext) -> None:
    owed = by_invoice(run(books, date(2026, 5, 18)))
    for name, word in (("RE-105", "Rechnung RE-105"), ("RE-102", "Invoice RE-102")):
        text = (
            model()
            .decide(
                "Letter",
                {"one": to_value(owed[name]), "dunning": dunning(owed[name]), "day": to_value(date(2026, 5, 18))},
            )
            .value
        )
        assert word in text
        assert "2026-05-28" in text
        assert str(owed[name].total) in text


def test_a_statement_of_account(books: MemoryContext) -> None:
    found = letters.statement(StatementInput("K100", DAY), books)
    assert [(row.text, row.balance) for row in found.rows] == [
        ("RE-101", 1190), ("RE-106", 1547), ("RE-107", 1551), ("RE-106", 1194)
    ]  # fmt: skip
    assert (found.balance, found.interest, found.costs) == (1194, Decimal("2.68"), 40)  # thirty days end on Good Friday
    assert len(found.file.splitlines()) == 5
    assert not letters.statement(StatementInput("K999", DAY), books).known


def test_figures_of_the_run(books: MemoryContext) -> None:
    found = run(books, date(2026, 5, 18))
    assert sum(one.amount for one in found.ageing) == found.figures.closing == sum(one.open for one in found.owed)
    assert found.overdue == found.figures.closing


def test_later_base_rates_end_what_is_provisional(books: MemoryContext) -> None:
    day = date(2026, 9, 1)
    assert by_invoice(run(books, day))["RE-105"].provisional
    books.load(accounts.RATE, [("2026-07-01", {"valid_from": to_value(date(2026, 7, 1)), "percent": Decimal("1.5")})])
    assert not by_invoice(run(books, day))["RE-105"].provisional


FLAGS = st.booleans()


@settings(max_examples=examples(80))
@given(
    st.lists(
        st.tuples(st.integers(1, 5000), st.integers(0, 120), FLAGS, FLAGS, FLAGS, st.integers(0, 5000)),
        min_size=1,
        max_size=6,
    ),
    st.integers(0, 200),
)
def test_dunning_never_touches_what_is_disputed_or_settled(
    rows: list[tuple[int, int, bool, bool, bool, int]], after: int
) -> None:
    start, books = date(2026, 1, 5), MemoryContext()
    books.load(accounts.DEBTOR, [("K", {"customer": "K", "name": "K", "consumer": rows[0][3]})])
    for number, (cents, term, disputed, _, promised, paid) in enumerate(rows):
        name = f"R{number}"
        invoice = accounts.Invoice(name, "K", Decimal(cents) / 100, start, start + timedelta(term), disputed=disputed)
        books.load(accounts.INVOICE, [(name, to_values(invoice))])
        if promised:
            books.load(accounts.PROMISE, [(name, to_values(accounts.Promise(name, start + timedelta(term + 30))))])
        if paid:
            one = accounts.Paid("K", start + timedelta(term), Decimal(paid) / 100, name)
            books.load(accounts.PAYMENT, [(name, to_values(one))])
    for step in range(5):
        day = start + timedelta(after + 15 * step)
        for one in assess(AssessInput(day), books).owed:
            found = dunning(one)
            key = books.with_key(f"{step}/{one.invoice}")
            if found["action"] == "remind":
                letters.remind(RemindInput(one, int(found["level"]), day, Decimal(found["fee"])), key)
            elif found["action"] == "hand over":
                letters.hand_over(HandOverInput(one, day), key)
        state = accounts.on(accounts.read(books), day)
        touched = {
            str(row.data["invoice"])
            for kind in (accounts.LETTER, accounts.HAND_OVER)
            for row in books.records(kind).find()
        }
        assert not {f"R{number}" for number, row in enumerate(rows) if row[2]} & touched
        for name in touched:
            sent = [row.data["day"] for row in books.records(accounts.LETTER).find(invoice=name)]
            assert state[name].debt.due < day
            assert all(date(one.year, one.month, one.day) > state[name].debt.due for one in sent)  # type: ignore[attr-defined]
