"""The activities of a close: plan its tasks, enter what enters itself, compare figures, close, open again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from anyshore.activities.activity import ActivityContext
from anyshore.activities.close import books, checklist, review, schedules
from anyshore.activities.close.checklist import Task
from anyshore.activities.close.journal import Entry, Journal, Lock, closing_entry, roll_forward, trial_balance
from anyshore.activities.close.schedules import Asset
from anyshore.activities.common import money
from anyshore.base.errors import CommandRejected
from anyshore.base.plain import from_values

TASK = "close-task"
ACCRUAL = "accrual"
DEFERRAL = "deferral"
ASSET = "fixed-asset"
SUPPORT = "balance-support"
CLOSED_DAY = "closed-day"


@dataclass(frozen=True, slots=True)
class PlanInput:
    """The period.

    Attributes:
        day: last day of it.
    """

    day: date


@dataclass(frozen=True, slots=True)
class Planned:
    """A task with the day by which it is due."""

    id: str
    title: str
    due: date
    owner: str
    reviewer: str
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlanOutcome:
    """The tasks of a close in waves: those of one wave wait for nothing but the waves before."""

    waves: tuple[tuple[Planned, ...], ...]


def plan(data: PlanInput, context: ActivityContext) -> PlanOutcome:
    """Plans the tasks of a close.

    Raises:
        DataError: the list cannot be worked through.
    """
    tasks = [from_values(Task, _task(row.data), f"{TASK} {row.key}") for row in context.records(TASK).find()]
    checklist.check(tasks)
    closed = {str(row.data.get("day")) for row in context.records(CLOSED_DAY).find()}
    waves: list[tuple[Planned, ...]] = []
    done: set[str] = set()
    while len(done) < len(tasks):
        ready = [task for task in tasks if task.id not in done and set(task.after) <= done]
        waves.append(tuple(_planned(task, data.day, closed) for task in ready))
        done |= {task.id for task in ready}
    return PlanOutcome(tuple(waves))


def _task(values: Mapping[str, object]) -> dict[str, object]:
    return {
        "id": values.get("id"), "title": values.get("title"), "working_day": values.get("working_day"),
        "owner": values.get("owner"), "reviewer": values.get("reviewer") or "",
        "after": str(values.get("after") or "").replace(",", " ").split(),
    }  # fmt: skip


def _planned(task: Task, end: date, closed: set[str]) -> Planned:
    due = checklist.due(task, end, lambda day: day.weekday() < 5 and day.isoformat() not in closed)
    return Planned(task.id, task.title, due, task.owner, task.reviewer, task.after)


@dataclass(frozen=True, slots=True)
class PrepareInput:
    """What to prepare.

    Attributes:
        day: last day of the period.
        ledger: name of the ledger.
        currency: of the figures that are held against those before.
        amount: least change that needs a word.
        percent: least change in percent.
    """

    day: date
    ledger: str = "general"
    currency: str = "EUR"
    amount: Decimal = Decimal(1000)
    percent: Decimal = Decimal(10)


@dataclass(frozen=True, slots=True)
class Balance:
    """A row of the trial balance with its roll-forward."""

    account: str
    currency: str
    opening: Decimal
    debits: Decimal
    credits: Decimal
    closing: Decimal


@dataclass(frozen=True, slots=True)
class PrepareOutcome:
    """What a close has entered and what it has to explain.

    Attributes:
        possible: whether the period is open.
        reason: why not.
        entered: ids of the entries that were added.
        balances: trial balance of the period.
        changes: figures that moved so far that somebody has to say why.
        unsupported: balances that what supports them does not agree with.
        altered: last day of a closed period in which the client's books now hold something else.
    """

    possible: bool
    reason: str = ""
    entered: tuple[str, ...] = ()
    balances: tuple[Balance, ...] = ()
    changes: tuple[review.Change, ...] = ()
    unsupported: tuple[review.Reconciled, ...] = ()
    altered: date | None = None


def prepare(data: PrepareInput, context: ActivityContext) -> PrepareOutcome:
    """Enters accruals with their reversals, deferrals and depreciation, and holds the figures against others.

    Raises:
        DataError: a record does not fit.
    """
    journal = books.read(context, data.ledger)
    changed = books.altered(context, data.ledger, journal)
    entered = []
    try:
        for entry in _scheduled(data.day, context):
            made = journal.post(entry)
            books.keep(context, data.ledger, made)
            entered.append(made.id)
    except CommandRejected as refused:
        return PrepareOutcome(False, refused.message, tuple(entered), altered=changed)
    return PrepareOutcome(
        True, "", tuple(entered), _balances(journal, data.day), _changes(journal, data),
        _unsupported(journal, data, context), changed,
    )  # fmt: skip


def _scheduled(end: date, context: ActivityContext) -> Iterator[Entry]:
    """What enters itself at the end of a month."""
    month = f"{end:%Y-%m}"
    for row in context.records(ACCRUAL).find():
        if str(row.data.get("month"))[:7] == month:
            yield from schedules.accrual(row.key, end, *_sides(row.data), str(row.data.get("text") or ""))
    for row in context.records(DEFERRAL).find():
        first, last = (date.fromisoformat(str(row.data[name])) for name in ("first", "last"))
        debit, credit, amount, currency = _sides(row.data)
        parts = schedules.deferral(
            row.key, first, last, credit, debit, amount, currency, str(row.data.get("text") or "")
        )
        yield from (part for part in parts if part.day == schedules.month_end(end))
    for row in context.records(ASSET).find():
        asset = from_values(Asset, {name: value for name, value in row.data.items() if value not in (None, "")}, ASSET)
        entry = schedules.depreciation(asset, end)
        if entry is not None:
            yield entry


def _sides(values: Mapping[str, object]) -> tuple[str, str, Decimal, str]:
    amount = values.get("amount")
    return (
        str(values.get("debit")), str(values.get("credit")), amount if isinstance(amount, Decimal) else Decimal(0),
        str(values.get("currency") or "EUR"),
    )  # fmt: skip


def _balances(journal: Journal, end: date) -> tuple[Balance, ...]:
    rows = roll_forward(list(journal.entries.values()), date(end.year, end.month, 1), end)
    return tuple(Balance(account, currency, *amounts) for (account, currency), amounts in sorted(rows.items()))


def _changes(journal: Journal, data: PrepareInput) -> tuple[review.Change, ...]:
    """The movements of the month beside those of the month before."""
    first = date(data.day.year, data.day.month, 1)
    before = first - timedelta(1)
    now = _moved(journal, first, data.day, data.currency)
    earlier = _moved(journal, date(before.year, before.month, 1), before, data.currency)
    return tuple(one for one in review.flux(earlier, now, data.amount, data.percent) if one.needs_word)


def _moved(journal: Journal, first: date, last: date, currency: str) -> dict[str, Decimal]:
    rows = roll_forward(list(journal.entries.values()), first, last)
    return {account: money.add(one[1], one[2]) for (account, unit), one in rows.items() if unit == currency}


def _unsupported(journal: Journal, data: PrepareInput, context: ActivityContext) -> tuple[review.Reconciled, ...]:
    balances = books.by_account(trial_balance(journal.entries.values(), data.day, after_closing=True), data.currency)
    found = []
    for row in context.records(SUPPORT).find():
        amount = row.data.get("amount")
        if str(row.data.get("day")) == data.day.isoformat() and isinstance(amount, Decimal):
            account = str(row.data.get("account"))
            held = balances.get(account, Decimal(0))
            found.append(review.reconciled(account, held, amount, str(row.data.get("document") or "")))
    return tuple(one for one in found if not one.done)


@dataclass(frozen=True, slots=True)
class LockInput:
    """A change of what is closed.

    Attributes:
        kind: ``soft`` or ``hard`` close, or ``open`` from the day after on.
        until: last day that is closed.
        by: who does it.
        day: on which.
        ledger: name of the ledger.
        reason: of opening again.
        results: how the accounts of income and expenses begin, parted by blanks, to clear them at the end of a year.
        earnings: account they are cleared to.
    """

    kind: Literal["soft", "hard", "open"]
    until: date
    by: str
    day: date
    ledger: str = "general"
    reason: str = ""
    results: str = ""
    earnings: str = ""


@dataclass(frozen=True, slots=True)
class LockOutcome:
    """What became of it.

    Attributes:
        done: whether it is closed or open now.
        reason: why not.
        late: how many entries came after their period had been closed.
    """

    done: bool
    reason: str = ""
    late: int = 0


def lock(data: LockInput, context: ActivityContext) -> LockOutcome:
    """Closes a period or opens it again; the last hard close of a year clears income and expenses before."""
    journal = books.read(context, data.ledger)
    late = books.late(context, data.ledger, journal)
    if context.records(books.LOCK).get(context.idempotency_key) is not None:
        return LockOutcome(True, late=late)
    change = Lock(data.kind, data.until, data.by, data.day, data.reason)
    try:
        if data.kind == "hard" and data.results and data.until == date(data.until.year, 12, 31):
            _clear(data, journal, context)
        journal.lock(change)
    except CommandRejected as refused:
        return LockOutcome(False, refused.message, late)
    books.keep_lock(context, data.ledger, change, journal)
    return LockOutcome(True, late=late)


def _clear(data: LockInput, journal: Journal, context: ActivityContext) -> None:
    name = f"closing {data.until:%Y} {len(journal.locks)}"
    entry = closing_entry(name, journal.entries.values(), data.until, data.results.split(), data.earnings)
    if entry is not None:
        made = journal.post(
            replace(entry, reason="closing again") if journal.ever_closed_until() >= entry.day else entry
        )
        books.keep(context, data.ledger, made)
