"""Default, interest and payments as the German Civil Code has them."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.draws import examples

from anyshore.activities.receivables import interest, law
from anyshore.activities.receivables.claims import Account, Debt, Payment, default, lump_sum, settle
from anyshore.params import ParamsError

ISSUED, DUE = date(2025, 3, 3), date(2025, 3, 17)


def debt(name: str = "R-1", amount: str = "1000", **more: Any) -> Debt:
    return Debt(name, "K", Decimal(amount), more.pop("issued", ISSUED), more.pop("due", DUE), **more)


def test_thirty_days_reach_a_consumer_only_if_the_invoice_says_so() -> None:
    business = default(debt())
    assert business is not None
    assert (business.on, business.by) == (DUE + timedelta(30), "thirty days")
    assert default(debt(consumer=True)) is None
    told = default(debt(consumer=True, notice=True, received=date(2025, 4, 1)))
    assert told is not None
    assert told.on == date(2025, 5, 2)  # the first of May is a holiday
    assert default(debt(payment_claim=False)) is None


def test_the_first_that_brings_default_counts() -> None:
    reminded = [date(2025, 3, 10), date(2025, 3, 25), date(2025, 4, 5)]
    found = default(debt(consumer=True), reminded)
    assert found is not None
    assert (found.on, found.by) == (date(2025, 3, 25), "reminder")
    calendar = default(debt(due_by_calendar=True), reminded)
    assert calendar is not None
    assert (calendar.on, calendar.by) == (DUE, "calendar")
    refused = default(debt(refused=date(2025, 3, 5)))
    assert refused is not None
    assert (refused.on, refused.by) == (DUE, "refusal")


@pytest.mark.parametrize(
    ("issued", "business", "points", "lump"),
    [
        (date(2014, 7, 28), True, 8, 0),
        (date(2014, 7, 29), True, 9, 40),
        (date(2026, 1, 2), False, 5, 0),
        (date(2003, 1, 2), False, 5, 0),
    ],
)
def test_points_and_lump_sum(issued: date, business: bool, points: int, lump: int) -> None:
    assert law.surcharge(issued, business=business) == points
    assert law.lump_sum(issued, business=business) == lump


def test_the_lump_sum_is_set_off_against_legal_costs() -> None:
    assert lump_sum(debt(), defaulted=True) == 40
    assert lump_sum(debt(), defaulted=True, legal_costs=Decimal(25)) == 15
    assert lump_sum(debt(), defaulted=True, legal_costs=Decimal(100)) == 0
    assert lump_sum(debt(), defaulted=False) == 0
    assert lump_sum(debt(consumer=True), defaulted=True) == 0


def test_the_new_rate_counts_from_its_first_day() -> None:
    found = interest.of([(date(2023, 1, 2), Decimal(10_000))], date(2023, 7, 1), Decimal(9), law.base_rates())
    assert [(one.days, one.percent) for one in found.spans] == [(180, Decimal("10.62")), (1, Decimal("12.12"))]
    assert found.amount == Decimal("527.05")
    assert found.provisional_from is None


def test_days_that_nobody_looked_up_are_said_to_be_provisional() -> None:
    known = law.base_rates().known_until
    start = known - timedelta(9)
    found = interest.of([(start, Decimal(365))], known + timedelta(10), Decimal(5), law.base_rates())
    assert found.provisional_from == known + timedelta(1)
    later = law.base_rates().with_later([(known + timedelta(1), Decimal("1.5"))])
    again = interest.of([(start, Decimal(365))], known + timedelta(10), Decimal(5), later)
    assert (again.provisional_from, again.spans[-1].percent) == (None, Decimal("6.5"))


def test_before_the_first_rate_there_is_none() -> None:
    with pytest.raises(ParamsError, match="no base rate"):
        interest.of([(date(2001, 1, 1), Decimal(1))], date(2001, 2, 1), Decimal(5), law.base_rates())


def test_a_leap_year_may_have_366_days() -> None:
    over = [(date(2024, 1, 1), Decimal(36600))]
    plain = interest.of(over, date(2024, 6, 30), Decimal(5), law.base_rates())
    exact = interest.of(over, date(2024, 6, 30), Decimal(5), law.base_rates(), "act/act")
    assert plain.amount > exact.amount
    assert exact.amount == Decimal(36600) * Decimal("8.62") / 100 * 182 / 366


def test_interest_bears_no_interest() -> None:
    account = Account.of(debt(due_by_calendar=True))
    first = account.open_interest(date(2025, 6, 30))
    assert account.take(date(2025, 6, 30), first) == 0
    assert account.principal == 1000
    again = Account.of(debt(due_by_calendar=True))
    assert account.open_interest(date(2025, 12, 31)) == again.open_interest(date(2025, 12, 31)) - first


def test_costs_then_interest_then_principal() -> None:
    account = Account.of(debt(due_by_calendar=True), costs=Decimal(40))
    day = date(2025, 6, 30)
    owed = account.open_interest(day)
    assert account.take(day, Decimal(40) + owed + 100) == 0
    assert (account.costs, account.open_interest(day), account.principal) == (0, 0, 900)
    later = account.interest(day + timedelta(365)).spans
    assert {span.principal for span in later if span.first > day} == {Decimal(900)}


def test_what_the_customer_names_comes_first() -> None:
    old, new = Account.of(debt("old")), Account.of(debt("new", due=date(2025, 9, 1)))
    assert settle([old, new], Payment(date(2025, 3, 20), Decimal(600), ("new",))) == 0
    assert (old.principal, new.principal) == (1000, 400)


def test_else_what_is_due_less_secured_dearer_older_and_equals_in_proportion() -> None:
    day = date(2025, 8, 1)
    accounts = {
        "later": Account.of(debt("later", due=date(2026, 1, 1))),
        "secured": Account.of(debt("secured", consumer=True, secured=True)),
        "cheap": Account.of(debt("cheap", consumer=True, notice=True)),
        "one": Account.of(debt("one", "300", consumer=True)),
        "two": Account.of(debt("two", "100", consumer=True)),
    }
    dear = Account.of(debt("dear"))
    everything = [*accounts.values(), dear]
    first = dear.open_interest(day) + 1000
    cheap = accounts["cheap"].open_interest(day) + 1000
    assert settle(everything, Payment(day, first + cheap + 200)) == 0
    assert (dear.principal, accounts["cheap"].principal) == (0, 0)
    assert (accounts["one"].principal, accounts["two"].principal) == (150, 50)
    assert (accounts["secured"].principal, accounts["later"].principal) == (1000, 1000)


@settings(max_examples=examples(60))
@given(
    st.lists(
        st.tuples(st.integers(1, 90_000), st.integers(0, 90), st.booleans(), st.booleans()), min_size=1, max_size=5
    ),
    st.lists(st.tuples(st.integers(1, 90_000), st.integers(0, 200)), max_size=4),
)
def test_payments_are_neither_lost_nor_made(
    debts: list[tuple[int, int, bool, bool]], paid: list[tuple[int, int]]
) -> None:
    accounts = [
        Account.of(
            debt(f"R{n}", str(Decimal(cents) / 100), due=DUE + timedelta(days), consumer=consumer, secured=secured)
        )
        for n, (cents, days, consumer, secured) in enumerate(debts)
    ]
    day, total = DUE, Decimal(0)
    for cents, days in paid:
        day += timedelta(days)
        before = sum(one.principal + one.interest_paid * -1 for one in accounts)
        left = settle(accounts, Payment(day, Decimal(cents) / 100))
        after = sum(one.principal + one.interest_paid * -1 for one in accounts)
        assert before - after + left == Decimal(cents) / 100
        total += Decimal(cents) / 100 - left
        assert all(0 <= one.principal <= one.debt.amount and one.open_interest(day) >= 0 for one in accounts)
    assert total == sum(one.debt.amount - one.principal + one.interest_paid for one in accounts)


@pytest.mark.parametrize(
    ("due", "place", "on"),
    [
        (date(2026, 3, 13), "DE", date(2026, 3, 13)),
        (date(2026, 3, 14), "DE", date(2026, 3, 16)),  # a Saturday: paid on Monday is in time
        (date(2026, 4, 3), "DE", date(2026, 4, 7)),  # Good Friday
        (date(2026, 6, 4), "DE-BY", date(2026, 6, 5)),  # Corpus Christi where the debtor is
        (date(2026, 6, 4), "DE-HH", date(2026, 6, 4)),
    ],
)
def test_a_day_to_pay_moves_past_weekends_and_holidays_of_the_place(due: date, place: str, on: date) -> None:
    found = default(debt(issued=date(2026, 1, 2), due=due, due_by_calendar=True, place=place))
    assert found is not None
    assert (found.on, found.by) == (on, "calendar")


def test_the_thirty_days_end_on_a_day_that_can_be_paid_on() -> None:
    found = default(debt(issued=date(2026, 2, 2), due=date(2026, 2, 12)))  # thirty days later is Saturday 14 March
    assert found is not None
    assert (found.on, found.by) == (date(2026, 3, 16), "thirty days")
