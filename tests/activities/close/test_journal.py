"""A journal is only added to; what is closed stays closed."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.draws import examples

from anyshore.activities.close.journal import Entry, Journal, Line, Lock, closing_entry, roll_forward, trial_balance
from anyshore.base.errors import CommandRejected

JAN, FEB, MAR = date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)


def entry(
    name: str, day: date = JAN, amount: str = "10", debit: str = "Cash", credit: str = "Income:Sales", **more: str
) -> Entry:
    lines = (Line(debit, Decimal(amount), "EUR"), Line(credit, -Decimal(amount), "EUR"))
    return Entry(name, day, lines, reason=more.get("reason", ""))


def hard(until: date) -> Lock:
    return Lock("hard", until, "controller", until)


def test_an_entry_balances_in_each_currency() -> None:
    with pytest.raises(CommandRejected, match=r"out by 0\.01 EUR"):
        Journal().post(Entry("a", JAN, (Line("A", Decimal("1.00"), "EUR"), Line("B", Decimal("-0.99"), "EUR"))))
    with pytest.raises(CommandRejected, match="out by"):
        Journal().post(Entry("a", JAN, (Line("A", Decimal(1), "EUR"), Line("B", Decimal(-1), "USD"))))
    with pytest.raises(CommandRejected, match="two sides"):
        Journal().post(Entry("a", JAN, (Line("A", Decimal(0), "EUR"),)))


def test_what_is_held_at_cost_balances_to_half_a_cent() -> None:
    shares = Line("Shares", Decimal("2.614"), "FUND", Decimal("183.66"), "USD")
    Journal().post(Entry("a", JAN, (shares, Line("Cash", Decimal("-480.09"), "USD"))))
    with pytest.raises(CommandRejected, match="out by"):
        Journal().post(Entry("a", JAN, (shares, Line("Cash", Decimal("-480.08"), "USD"))))


def test_an_entry_is_added_once_and_never_changed() -> None:
    journal = Journal()
    assert journal.post(entry("a")) is journal.post(entry("a"))
    with pytest.raises(CommandRejected, match="another content"):
        journal.post(entry("a", amount="11"))
    assert len(journal.entries) == 1


def test_a_soft_close_asks_for_a_reason_and_a_hard_one_keeps_out() -> None:
    journal = Journal()
    journal.lock(Lock("soft", JAN, "clerk", FEB))
    with pytest.raises(CommandRejected, match="needs a reason"):
        journal.post(entry("a"))
    assert not journal.post(entry("a", reason="invoice came late")).late
    journal.lock(hard(JAN))
    with pytest.raises(CommandRejected, match="closed for good"):
        journal.post(entry("b", reason="please"))
    journal.post(entry("c", FEB))


def test_opening_again_only_adds_and_marks_it() -> None:
    journal = Journal()
    journal.post(entry("a"))
    journal.lock(hard(JAN))
    with pytest.raises(CommandRejected, match="only with a reason"):
        journal.lock(Lock("open", date(2025, 12, 31), "cfo", FEB))
    journal.lock(Lock("open", date(2025, 12, 31), "cfo", FEB, "audit adjustment"))
    with pytest.raises(CommandRejected, match="needs a reason"):
        journal.post(entry("b"))
    with pytest.raises(CommandRejected, match="another content"):
        journal.post(entry("a", amount="11", reason="mend"))
    late = journal.reverse("a-R", "a", JAN, "audit adjustment")
    assert (late.late, late.reverses) == (True, "a")
    assert journal.late() == (late,)
    assert trial_balance(journal.entries.values(), JAN) == {}
    with pytest.raises(CommandRejected, match="reversed before"):
        journal.reverse("a-S", "a", JAN, "again")
    journal.lock(hard(JAN))
    with pytest.raises(CommandRejected, match="closed for good"):
        journal.post(entry("d", reason="late"))


def test_a_reversal_needs_its_entry_and_a_reason() -> None:
    journal = Journal()
    journal.post(entry("a"))
    for name, reason in (("b", "why"), ("a", " ")):
        with pytest.raises(CommandRejected, match="cannot be reversed"):
            journal.reverse("x", name, JAN, reason)
    journal.lock(hard(JAN))
    with pytest.raises(CommandRejected, match="closed already"):
        journal.lock(hard(JAN))


def test_a_year_is_cleared_into_earnings() -> None:
    journal = Journal()
    journal.post(entry("a"))
    journal.post(entry("b", FEB, "4", "Expenses:Rent", "Cash"))
    closing = closing_entry("close", journal.entries.values(), MAR, ("Income:", "Expenses:"), "Equity:Earnings")
    assert closing is not None
    journal.post(closing)
    assert trial_balance(journal.entries.values(), MAR, after_closing=True) == {
        ("Cash", "EUR"): 6, ("Equity:Earnings", "EUR"): -6
    }  # fmt: skip
    assert ("Income:Sales", "EUR") in trial_balance(journal.entries.values(), MAR)
    assert closing_entry("again", journal.entries.values(), MAR, ("Income:", "Expenses:"), "Equity:Earnings") is None
    assert roll_forward(list(journal.entries.values()), FEB, MAR)["Cash", "EUR"] == (10, 0, -4, 6)


ACCOUNTS = st.sampled_from(["A", "B", "C"])


@settings(max_examples=examples(80))
@given(st.lists(st.tuples(st.integers(0, 120), ACCOUNTS, ACCOUNTS, st.integers(-999, 999), st.booleans()), max_size=14))
def test_what_is_closed_never_changes(steps: list[tuple[int, str, str, int, bool]]) -> None:
    """Balances of a closed day stay as they were, whatever is tried; and the books always sum to nothing."""
    journal, closed = Journal(), []
    for number, (days, debit, credit, cents, close) in enumerate(steps):
        day = date(2026, 1, 1) + timedelta(days)
        try:
            journal.post(entry(str(number), day, str(Decimal(cents) / 100), debit, credit, reason="try"))
            if close:
                journal.lock(hard(day))
                closed.append((day, trial_balance(journal.entries.values(), day)))
        except CommandRejected:
            pass
    for day, balances in closed:
        assert trial_balance(journal.entries.values(), day) == balances
    assert sum(trial_balance(journal.entries.values(), date.max).values()) == 0
