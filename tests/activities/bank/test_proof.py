"""Statements are proved by their balances, and what is missing between two is found."""

from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.draws import examples

from anyshore.activities.bank import proof
from anyshore.activities.bank.model import Account, Balance, Entry, Moment, Money, Statement, Total

DAY = Moment(date(2026, 1, 5))


def balance(kind: str, amount: str, day: date = DAY.day, currency: str = "EUR") -> Balance:
    return Balance(kind, Money(Decimal(amount), currency), Moment(day))


def statement(*amounts: str, opens: str = "0", closes: str = "0", **changes: Any) -> Statement:
    entries = tuple(Entry(Money(Decimal(amount), "EUR"), "booked", DAY) for amount in amounts)
    values: dict[str, Any] = {
        "kind": "statement", "id": "S", "account": Account(iban="X"), "entries": entries,
        "balances": (balance("OPBD", opens), balance("CLBD", closes)),
    }  # fmt: skip
    return Statement(**(values | changes))


@settings(max_examples=examples(60))
@given(
    st.lists(st.decimals(-(10**6), 10**6, places=2)),
    st.decimals(-(10**6), 10**6, places=2),
    st.decimals(-5, 5, places=2),
)
def test_a_statement_is_proved_where_it_adds_up(amounts: list[Decimal], opens: Decimal, wrong: Decimal) -> None:
    closes = opens + sum(amounts, Decimal(0)) + wrong
    found = proof.prove(statement(*map(str, amounts), opens=str(opens), closes=str(closes)))
    assert (found.verdict, found.difference) == ("broken" if wrong else "proved", wrong)


def test_what_is_pending_does_not_count() -> None:
    pending = Entry(Money(Decimal(5), "EUR"), "pending", DAY)
    assert proof.prove(statement(entries=(pending,))).verdict == "proved"


def test_without_two_balances_nothing_is_proved() -> None:
    assert proof.prove(statement("1", balances=())).verdict == "unproved"
    assert proof.prove(statement("1", balances=(balance("OPBD", "0"),))).verdict == "unproved"
    other = (balance("OPBD", "0"), balance("CLBD", "1", currency="SEK"))
    assert proof.prove(statement("1", balances=other)).verdict == "broken"


def test_interim_balances_of_pages() -> None:
    page = (balance("ITBD", "1"), balance("CLBD", "3"))
    assert proof.prove(statement("2", balances=page)).verdict == "proved"
    middle = (balance("ITBD", "1"), balance("ITBD", "3"))
    assert proof.prove(statement("2", balances=middle)).verdict == "proved"


def test_the_bank_counts_too() -> None:
    totals = (Total("credit", 1, Decimal(2)), Total("debit", 0, Decimal(0)), Total("all", 1, None))
    assert proof.prove(statement("2", closes="2", totals=totals)).verdict == "proved"
    found = proof.prove(statement("2", closes="2", totals=(Total("credit", 2, Decimal(3)),)))
    assert found.verdict == "broken"
    assert len(found.reasons) == 2


def _numbers(*numbers: str | None, years: tuple[int, ...] = ()) -> list[str]:
    made = []
    for place, number in enumerate(numbers):
        year = years[place] if years else 2026
        made.append(
            statement(
                number=number, balances=(balance("OPBD", "0", date(year, 1, 5)), balance("CLBD", "0", date(year, 1, 5)))
            )
        )
    return [gap.reason for gap in proof.gaps(made) if gap.kind == "number"]


def test_gaps_in_numbers() -> None:
    assert _numbers("1", "2", "3") == []
    assert _numbers("1", "3") == ["1 is followed by 3"]
    assert _numbers("2", "2") == ["2 is followed by 2"]
    assert _numbers(None, "7", None) == []
    assert _numbers("250", "1", years=(2025, 2026)) == []
    assert _numbers("250", "1") == ["250 is followed by 1"]


def test_gaps_in_balances_by_account() -> None:
    one = statement("5", closes="5")
    two = statement(opens="6", closes="6", id="T")
    other = statement(opens="9", closes="9", account=Account(iban="Y"))
    assert [gap.kind for gap in proof.gaps([one, other, two])] == ["balance"]
    assert proof.gaps([one, statement(opens="6", kind="report")]) == []


def test_pages_of_one_statement_follow_each_other() -> None:
    first = statement(number="7", page="1")
    assert proof.gaps([first, statement(number="7", page="2")]) == []
    assert proof.gaps([first, statement(number="7", balances=(balance("ITBD", "0"), balance("CLBD", "0")))]) == []
