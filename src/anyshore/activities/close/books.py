"""The ledger of a client on record: what the client's books hold, what the close entered, and what is closed.

The client's books are a file that is replaced whole. A hard close keeps a digest of each entry up to its day: a file in
which one of them differs or is missing is noticed before anything is built on it, and so is one more, unless the period
was opened again. What is more then is late.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from hashlib import sha256

from anyshore.activities.activity import ActivityContext, Record
from anyshore.activities.close.journal import Entry, Journal, Line, Lock
from anyshore.base.errors import DataError
from anyshore.base.plain import from_values, to_values

BOOKED = "ledger-entry"
OWN = "close-entry"
LOCK = "ledger-lock"


def read(context: ActivityContext, ledger: str) -> Journal:
    """The journal of a ledger.

    Raises:
        DataError: an entry of the client's books cannot be used.
    """
    journal = Journal(ledger)
    for row in context.records(BOOKED).find():
        if row.data.get("ledger") in (None, "", ledger):
            entry = _booked(row)
            journal.entries[entry.id] = entry
    for row in context.records(OWN).find(ledger=ledger):
        kept = row.data.get("entry")
        entry = from_values(Entry, kept if isinstance(kept, dict) else {}, f"{OWN} {row.key}")
        journal.entries[entry.id] = entry
    for row in context.records(LOCK).find(ledger=ledger):
        kept = row.data.get("lock")
        journal.locks.append(from_values(Lock, kept if isinstance(kept, dict) else {}, f"{LOCK} {row.key}"))
    return journal


def _booked(row: Record) -> Entry:
    """An entry of the client's books: rows of one number, debit positive."""
    lines = tuple(_lines(row.data.get("lines")))
    day = row.data.get("date")
    try:
        when = date.fromisoformat(str(day))
    except ValueError:
        message = f"Entry {row.key!r} has no day: {day!r}."
        raise DataError("close.books", message, hint="Give every entry its day.") from None
    return Entry(f"book:{row.key}", when, lines, str(row.data.get("text") or ""))


def _lines(rows: object) -> Iterator[Line]:
    for one in rows if isinstance(rows, list) else ():
        amount, cost = one.get("amount"), one.get("cost")
        if isinstance(amount, Decimal):
            yield Line(
                str(one.get("account")), amount, str(one.get("currency") or "EUR"),
                cost if isinstance(cost, Decimal) else None, str(one.get("cost_currency") or ""),
            )  # fmt: skip


def keep(context: ActivityContext, ledger: str, entry: Entry) -> Record:
    """Keeps an entry of ours; nothing changes it any more."""
    return context.records(OWN).put_once(f"{ledger}/{entry.id}", {"ledger": ledger, "entry": to_values(entry)})


def keep_lock(context: ActivityContext, ledger: str, lock: Lock, journal: Journal) -> Record:
    """Keeps a lock, with the digests of the entries it closes."""
    held = sorted(_digests(journal.entries.values(), lock.until)) if lock.kind == "hard" else []
    values = {"ledger": ledger, "lock": to_values(lock), "entries": held}
    return context.records(LOCK).put_once(context.idempotency_key, values)


def altered(context: ActivityContext, ledger: str, journal: Journal) -> date | None:
    """The earliest hard close behind which an entry is missing or other than it was, or more without an opening."""
    return min((lock.until for lock, gone, more, opened in _differences(context, ledger, journal)
                if gone or (more and not opened)), default=None)  # fmt: skip


def late(context: ActivityContext, ledger: str, journal: Journal) -> int:
    """How many entries came into a period after it had been closed for good and opened again."""
    found: set[str] = set()
    for _, _, more, opened in _differences(context, ledger, journal):
        found |= more if opened else set()
    return len(found)


def _differences(
    context: ActivityContext, ledger: str, journal: Journal
) -> Iterator[tuple[Lock, set[str], set[str], bool]]:
    """For each hard close: the entries missing since, those that are more, and whether it was opened again."""
    rows = context.records(LOCK).find(ledger=ledger)
    locks = [(one, lock) for one, lock in zip(rows, journal.locks, strict=True) if lock.kind == "hard"]
    for row, lock in locks:
        kept = row.data.get("entries")
        then = set(map(str, kept)) if isinstance(kept, list) else set()
        now = _digests(journal.entries.values(), lock.until)
        later = journal.locks[journal.locks.index(lock) + 1 :]
        yield lock, then - now, now - then, any(one.kind == "open" and one.until < lock.until for one in later)


def _digests(entries: Iterable[Entry], until: date) -> set[str]:
    return {sha256(_written(entry).encode()).hexdigest()[:24] for entry in entries if entry.day <= until}


def _written(entry: Entry) -> str:
    parts = [f"{one.account}|{one.amount.normalize()}|{one.currency}|{one.cost}" for one in entry.lines]
    return f"{entry.id}|{entry.day}|{';'.join(parts)}"


def by_account(balances: Mapping[tuple[str, str], Decimal], currency: str) -> dict[str, Decimal]:
    """Balances of one currency, by account."""
    return {account: amount for (account, unit), amount in balances.items() if unit == currency}
