"""Accruals, deferrals, depreciation, flux, reconciliation and the list of tasks."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.draws import examples

from anyshore.activities.close import checklist, review, schedules
from anyshore.activities.close.checklist import Sign, Task
from anyshore.activities.close.journal import Journal, trial_balance
from anyshore.activities.close.schedules import Asset
from anyshore.base.errors import CommandRejected, DataError

DAY = date(2026, 1, 10)


def test_an_accrual_takes_itself_back() -> None:
    there, back = schedules.accrual("A", DAY, "Rent", "Accrued", Decimal("99.99"), "EUR", "rent of January")
    assert (there.day, back.day, back.reverses) == (date(2026, 1, 31), date(2026, 2, 1), "A")
    journal = Journal()
    journal.post(there)
    journal.post(back)
    assert trial_balance(journal.entries.values(), date(2026, 1, 31))["Rent", "EUR"] == Decimal("99.99")
    assert trial_balance(journal.entries.values(), date(2026, 2, 1)) == {}


@settings(max_examples=examples(60))
@given(st.integers(1, 10**9), st.integers(1, 120))
def test_a_deferral_is_carried_whole(cents: int, months: int) -> None:
    amount = Decimal(cents) / 100
    last = date(2026 + (months - 1) // 12, (months - 1) % 12 + 1, 28)
    entries = schedules.deferral("D", date(2026, 1, 1), last, "Prepaid", "Insurance", amount, "EUR", "insurance")
    assert len(entries) == months
    assert sum(entry.lines[0].amount for entry in entries) == amount
    assert entries[-1].day == schedules.month_end(last)


@settings(max_examples=examples(60))
@given(st.integers(1, 10**8), st.integers(1, 240), st.integers(0, 10**6), st.integers(1, 12))
def test_an_asset_is_written_off_whole_and_no_more(cents: int, months: int, residual: int, month: int) -> None:
    cost = Decimal(cents + residual) / 100
    asset = Asset("1", "machine", date(2026, month, 15), cost, months, "Machines", "Wear", Decimal(residual) / 100)
    day, total = date(2026, month, 1), Decimal(0)
    for _ in range(months + 3):
        entry = schedules.depreciation(asset, day)
        total += entry.lines[0].amount if entry else 0
        day = schedules.month_end(day) + timedelta(1)
    assert total == cost - asset.residual
    (row,) = schedules.register([asset], day)
    assert (row.written_off, row.book_value) == (total, asset.residual)


def test_the_register_ends_with_the_sale() -> None:
    asset = Asset("1", "car", date(2026, 3, 31), Decimal(36_000), 36, "Cars", "Wear", sold=date(2026, 6, 15))
    assert schedules.written_off(asset, date(2027, 1, 1)) == 4000
    assert schedules.depreciation(asset, date(2026, 7, 1)) is None
    assert schedules.register([asset], date(2026, 6, 14))[0].book_value == 32_000
    assert schedules.register([asset], date(2026, 6, 15)) == []


def test_a_change_past_both_thresholds_needs_a_word() -> None:
    before = {"Rent": Decimal(1000), "Tea": Decimal(2), "Gone": Decimal(700)}
    now = {"Rent": Decimal(1080), "Tea": Decimal(9), "New": Decimal(600)}
    found = review.flux(before, now, Decimal(500), Decimal(10), {"New": "a second office"})
    assert {one.account: (one.needs_word, one.open) for one in found} == {
        "Gone": (True, True), "New": (True, False), "Rent": (False, False), "Tea": (False, False)
    }  # fmt: skip


def test_a_balance_is_supported_by_a_document() -> None:
    assert review.reconciled("1200", Decimal(5), Decimal(5), "statement 1").done
    assert not review.reconciled("1200", Decimal(5), Decimal(5), "").done
    assert review.reconciled("1200", Decimal(5), Decimal(4), "statement 1").difference == 1


TASKS = (
    Task("report", "Report", 5, "ann", "bob", ("bank", "assets")),
    Task("bank", "Bank", 1, "ann"),
    Task("assets", "Assets", 2, "eve"),
)


def test_tasks_come_one_after_another_and_by_working_day() -> None:
    checklist.check(TASKS)
    assert [task.id for task in checklist.order(TASKS)] == ["bank", "assets", "report"]
    weekday = lambda day: day.weekday() < 5  # noqa: E731
    assert checklist.due(TASKS[1], date(2026, 1, 31), weekday) == date(2026, 2, 2)
    assert checklist.due(TASKS[0], date(2026, 1, 31), weekday) == date(2026, 2, 6)
    assert checklist.due(Task("x", "", -1, "ann"), date(2026, 1, 31), weekday) == date(2026, 1, 30)


def test_a_task_is_reviewed_by_somebody_else() -> None:
    done = [Sign("bank", "ann", DAY), Sign("assets", "eve", DAY)]
    assert checklist.states(TASKS, done) == {"report": "ready", "bank": "done", "assets": "done"}
    finished = [*done, Sign("report", "ann", DAY), Sign("report", "bob", DAY, review=True)]
    assert checklist.states(TASKS, finished)["report"] == "reviewed"
    with pytest.raises(CommandRejected, match="somebody else"):
        checklist.states(TASKS, [*finished[:3], Sign("report", "ann", DAY, review=True)])
    with pytest.raises(CommandRejected, match="not ready"):
        checklist.states(TASKS, [Sign("report", "ann", DAY)])


@pytest.mark.parametrize(
    "tasks",
    [
        (Task("a", "", 1, "ann"), Task("a", "", 1, "ann")),
        (Task("a", "", 1, "ann", after=("b",)),),
        (Task("a", "", 1, "ann", "ann"),),
        (Task("a", "", 1, "ann", after=("b",)), Task("b", "", 1, "ann", after=("a",))),
    ],
)
def test_a_list_that_cannot_be_worked_through_is_refused(tasks: tuple[Task, ...]) -> None:
    with pytest.raises(DataError):
        checklist.check(tasks)
