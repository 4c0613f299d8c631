"""A close over the books of a client, as the service runs it."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from anyshore.activities.activity import Record
from anyshore.activities.close import books, tasks
from anyshore.activities.close.journal import trial_balance
from anyshore.activities.close.tasks import LockInput, PlanInput, PrepareInput
from anyshore.activities.memory import MemoryContext, MemoryRecords
from anyshore.packs import reading

PACK = Path(__file__).resolve().parents[3] / "src/anyshore/services/bpo/period-close"
JAN, FEB = date(2026, 1, 31), date(2026, 2, 28)
PREPARE = PrepareInput(JAN, amount=Decimal(500))


@pytest.fixture
def client() -> MemoryContext:
    context = MemoryContext()
    for kind, reference in reading.read(PACK).references.items():
        file = PACK / "samples" / reference.file
        context.load(kind, reference.read(file.read_bytes(), file.name))
    return context


def lock(client: MemoryContext, key: str, kind: Any, until: date, **more: Any) -> tasks.LockOutcome:
    return tasks.lock(LockInput(kind, until, "cfo", until, **more), client.with_key(key))


def balances(client: MemoryContext, until: date) -> Mapping[str, Decimal]:
    return books.by_account(
        trial_balance(books.read(client, "general").entries.values(), until, after_closing=True), "EUR"
    )


def test_tasks_in_waves_by_working_day(client: MemoryContext) -> None:
    waves = tasks.plan(PlanInput(date(2025, 12, 31)), client).waves
    assert [[(one.id, one.due) for one in wave] for wave in waves] == [
        [("bank", date(2026, 1, 1)), ("payables", date(2026, 1, 2))], [("report", date(2026, 1, 7))]
    ]  # fmt: skip


def test_what_enters_itself_is_entered_once(client: MemoryContext) -> None:
    first = tasks.prepare(PREPARE, client)
    assert first.possible
    assert set(first.entered) == {"R-1", "R-1-R", "V-1-1", "AfA-M-1-2026-01"}
    assert tasks.prepare(PREPARE, client) == first
    assert len(client.records(books.OWN).rows) == 4
    assert balances(client, JAN)["4920"] == 300
    assert balances(client, FEB).get("4920") is None
    assert balances(client, JAN)["0400"] == 35_000
    assert sum(balances(client, JAN).values()) == 0
    closing = {one.account: one.closing for one in first.balances}
    assert closing == balances(client, JAN)


def test_what_has_to_be_explained(client: MemoryContext) -> None:
    found = tasks.prepare(PREPARE, client)
    assert [one.account for one in found.changes] == ["0400", "0800", "0980", "1200", "1776", "4210", "4830", "8400"]
    assert found.unsupported == ()
    later = tasks.prepare(PrepareInput(FEB, amount=Decimal(500)), client)
    assert [(one.account, one.difference) for one in later.unsupported] == [("1200", Decimal("750.00"))]


def test_a_hard_close_takes_no_entry_and_opening_only_adds(client: MemoryContext) -> None:
    tasks.prepare(PREPARE, client)
    assert lock(client, "a", "hard", JAN).done
    assert lock(client, "a", "hard", JAN).done
    assert len(client.records(books.LOCK).rows) == 1
    assert not lock(client, "b", "hard", JAN).done
    client.load(
        tasks.ACCRUAL, [("R-2", {"month": date(2026, 1, 31), "debit": "4920", "credit": "0977", "amount": Decimal(5)})]
    )
    refused = tasks.prepare(PREPARE, client)
    assert (refused.possible, "closed for good" in refused.reason) == (False, True)
    assert not lock(client, "c", "open", date(2025, 12, 31)).done
    assert lock(client, "d", "open", date(2025, 12, 31), reason="audit").done
    assert not tasks.prepare(PREPARE, client).possible


def replaced(client: MemoryContext, *, changed: str = "", gone: str = "", more: bool = False) -> None:
    """Puts another file of books in the place of the one on record."""
    books_now = MemoryRecords()
    for key, row in client.records(books.BOOKED).rows.items():
        lines: Any = row.data["lines"]
        lines = [{**one, "amount": one["amount"] * 2} for one in lines] if key == changed else lines
        if key != gone:
            books_now.rows[key] = Record(key, row.sequence, {**row.data, "lines": lines})
    if more:
        books_now.rows["99"] = Record("99", 99, {**books_now.rows["2"].data})
    client.tables[books.BOOKED] = books_now


@pytest.mark.parametrize("what", [{"changed": "3"}, {"gone": "3"}, {"more": True}])
def test_a_book_that_changed_behind_a_close_is_noticed(client: MemoryContext, what: dict[str, Any]) -> None:
    assert lock(client, "a", "hard", JAN).done
    assert tasks.prepare(PrepareInput(FEB), client).altered is None
    replaced(client, **what)
    assert tasks.prepare(PrepareInput(FEB), client).altered == JAN


def test_after_opening_again_only_more_is_allowed_and_it_is_late(client: MemoryContext) -> None:
    assert lock(client, "a", "hard", JAN).done
    assert lock(client, "b", "open", date(2025, 12, 31), reason="audit adjustment").done
    replaced(client, more=True)
    assert tasks.prepare(PrepareInput(FEB), client).altered is None
    assert lock(client, "c", "hard", JAN).late == 1
    replaced(client, gone="3")
    assert tasks.prepare(PrepareInput(FEB), client).altered == JAN


def test_a_year_is_cleared_when_it_is_closed(client: MemoryContext) -> None:
    end = date(2026, 12, 31)
    done = lock(client, "a", "hard", end, results="4 8", earnings="0860")
    assert done.done
    assert {name for name in balances(client, end) if name[0] in "48"} == set()
    assert balances(client, end)["0860"] == Decimal(-21_000)
