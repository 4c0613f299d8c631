"""The activities of a period close, and the records they keep."""

from __future__ import annotations

from anyshore.activities.activity import Activity, Family
from anyshore.activities.close import books, tasks

_BOOKS = (books.BOOKED, books.OWN, books.LOCK)

FAMILY = Family(
    activities=(
        Activity(
            "close.plan",
            "Plans the tasks of a close by working day, in waves that wait for each other.",
            tasks.plan,
            tasks.PlanInput,
            tasks.PlanOutcome,
            reads=(tasks.TASK, tasks.CLOSED_DAY),
        ),
        Activity(
            "close.prepare",
            "Enters accruals, deferrals and depreciation once, and says what figures have to be explained.",
            tasks.prepare,
            tasks.PrepareInput,
            tasks.PrepareOutcome,
            reads=(*_BOOKS, tasks.ACCRUAL, tasks.DEFERRAL, tasks.ASSET, tasks.SUPPORT),
            writes=(books.OWN,),
        ),
        Activity(
            "close.lock",
            "Closes a period, softly or for good, or opens it again with a reason.",
            tasks.lock,
            tasks.LockInput,
            tasks.LockOutcome,
            reads=_BOOKS,
            writes=(books.OWN, books.LOCK),
        ),
    ),
    records={
        books.BOOKED: "an entry of the client's books, key: its number",
        books.OWN: "an entry that the close made, key: ledger and id",
        books.LOCK: "a change of what is closed, key: idempotency key of the job that made it",
        tasks.TASK: "a task of every close, key: its id",
        tasks.CLOSED_DAY: "a day on which the client does not work, key: the day",
        tasks.ACCRUAL: "an accrual of a month, key: its id",
        tasks.DEFERRAL: "what was paid before its time, key: its id",
        tasks.ASSET: "a fixed asset, key: its number",
        tasks.SUPPORT: "what a balance is supported by, key: account and day",
    },
)
