"""The journal of a ledger: entries that balance, that are added and never changed, in periods that are closed.

A soft close keeps everybody out who gives no reason; a hard close keeps everybody out. A period that is opened again
takes new entries and reversals only, each marked late with the reason: nothing that was entered is ever changed or
deleted (§ 239 (3) HGB, § 146 (4) AO).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Literal, NoReturn

from anyshore.activities.common import money
from anyshore.base.errors import CommandRejected

Kind = Literal["entry", "accrual", "reversal", "depreciation", "closing"]


@dataclass(frozen=True, slots=True)
class Line:
    """One side of an entry.

    Attributes:
        account: of the ledger.
        amount: debit positive, credit negative.
        currency: ISO 4217, or the name of what is held (shares, hours).
        cost: of one unit, in ``cost_currency``; where it is given the line counts at cost.
    """

    account: str
    amount: Decimal
    currency: str
    cost: Decimal | None = None
    cost_currency: str = ""

    @property
    def weight(self) -> tuple[Decimal, str]:
        """What the line counts for, and in which currency."""
        if self.cost is None:
            return self.amount, self.currency
        return money.multiply(self.amount, self.cost), self.cost_currency


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry.

    Attributes:
        id: unique in the ledger.
        day: on which it counts.
        lines: its sides.
        text: what it is for.
        kind: ``closing`` clears income and expenses at the end of a year.
        reverses: id of the entry that it takes back.
        reason: why it was entered late, or reversed.
        late: whether its period had been closed before.
        by: who entered it.
    """

    id: str
    day: date
    lines: tuple[Line, ...]
    text: str = ""
    kind: Kind = "entry"
    reverses: str | None = None
    reason: str = ""
    late: bool = False
    by: str = ""


@dataclass(frozen=True, slots=True)
class Lock:
    """A change of what is closed.

    Attributes:
        kind: ``soft`` or ``hard`` close up to ``until``, or ``open`` from the day after ``until`` on.
        until: last day that is closed.
        by: who did it.
        reason: needed where a period is opened again.
        day: of the change.
    """

    kind: Literal["soft", "hard", "open"]
    until: date
    by: str
    day: date
    reason: str = ""


@dataclass(slots=True)
class Journal:
    """The entries and locks of one ledger of one client, in the order in which they came."""

    ledger: str = "general"
    entries: dict[str, Entry] = field(default_factory=dict)
    locks: list[Lock] = field(default_factory=list)

    def closed_until(self, kind: Literal["soft", "hard"]) -> date:
        """The last day that is closed this way now."""
        until = date.min
        for lock in self.locks:
            if lock.kind == "open":
                until = min(until, lock.until)
            elif lock.kind == kind or kind == "soft":
                until = max(until, lock.until)
        return until

    def ever_closed_until(self) -> date:
        """The last day that was ever closed for good."""
        return max((lock.until for lock in self.locks if lock.kind == "hard"), default=date.min)

    def post(self, entry: Entry) -> Entry:
        """Adds an entry; one that is there already, with the same content, is not added again.

        Raises:
            CommandRejected: it does not balance, its period is closed, or its id belongs to another entry.
        """
        check(entry)
        late = entry.day <= self.ever_closed_until()
        made = replace(entry, late=late)
        before = self.entries.get(entry.id)
        if before is not None:
            if replace(before, late=late) != made:
                _stop(
                    "close.changed", f"Entry {entry.id!r} is there already with another content.", "Reverse it instead."
                )
            return before
        self._may(made)
        self.entries[entry.id] = made
        return made

    def _may(self, entry: Entry) -> None:
        if entry.day <= self.closed_until("hard"):
            hint = "Enter it in an open period, or have the period opened again with a reason."
            _stop("close.hard", f"The period of {entry.day} is closed for good.", hint)
        if not entry.reason and (entry.late or entry.day <= self.closed_until("soft")):
            _stop("close.reason", f"An entry of {entry.day} needs a reason: its period is or was closed.", "Say why.")

    def reverse(self, name: str, entry_id: str, day: date, reason: str, by: str = "") -> Entry:
        """Takes an entry back by adding its mirror image.

        Raises:
            CommandRejected: no such entry, it was reversed before, there is no reason, or the period is closed.
        """
        found = self.entries.get(entry_id)
        if found is None or not reason.strip():
            _stop("close.reversal", f"Entry {entry_id!r} cannot be reversed: no such entry, or no reason.", "Say why.")
        if any(one.reverses == entry_id and one.id != name for one in self.entries.values()):
            _stop("close.reversed", f"Entry {entry_id!r} was reversed before.", "Look for the reversal.")
        lines = tuple(replace(line, amount=money.signed(line.amount, negative=True)) for line in found.lines)
        return self.post(Entry(name, day, lines, found.text, "reversal", entry_id, reason, by=by))

    def lock(self, lock: Lock) -> None:
        """Closes or opens.

        Raises:
            CommandRejected: a period is opened without a reason, or a hard close reaches less far than before.
        """
        if lock.kind == "open" and not lock.reason.strip():
            _stop("close.reason", "A period is opened again only with a reason.", "Say why.")
        if lock.kind == "hard" and lock.until <= self.closed_until("hard"):
            _stop(
                "close.closed", f"Everything up to {self.closed_until('hard')} is closed already.", "Name a later day."
            )
        self.locks.append(lock)

    def late(self) -> tuple[Entry, ...]:
        """The entries that were added after their period had been closed."""
        return tuple(entry for entry in self.entries.values() if entry.late)


def check(entry: Entry) -> None:
    """Whether an entry balances in each currency.

    What is held at cost balances to half the last place of the amounts beside it: the price of a unit has more decimals
    than money has.

    Raises:
        CommandRejected: it does not, or has fewer than two sides.
    """
    if len(entry.lines) < 2:
        _stop("close.sides", f"Entry {entry.id!r} has fewer than two sides.", "Enter both.")
    sums: dict[str, Decimal] = {}
    for line in entry.lines:
        weight, currency = line.weight
        sums[currency] = money.add(sums.get(currency, Decimal(0)), weight)
    for currency, total in sums.items():
        if abs(total) > _half_place(entry.lines, currency):
            _stop("close.balance", f"Entry {entry.id!r} is out by {total} {currency}.", "Debits and credits are equal.")


def _half_place(lines: Sequence[Line], currency: str) -> Decimal:
    if not any(line.cost is not None and line.cost_currency == currency for line in lines):
        return Decimal(0)
    plain = [line.amount for line in lines if line.cost is None and line.currency == currency]
    places = [exponent for one in plain if isinstance(exponent := one.as_tuple().exponent, int)]
    return Decimal(5).scaleb(min(places) - 1) if places else Decimal(0)


Balances = dict[tuple[str, str], Decimal]
"""By account and currency, at cost."""


def trial_balance(entries: Iterable[Entry], until: date, *, after_closing: bool = False) -> Balances:
    """The balances of all accounts at the end of a day, those that are zero left out.

    Args:
        entries: in any order.
        until: last day that counts.
        after_closing: whether entries that clear income and expenses count.
    """
    found: Balances = {}
    for entry in entries:
        if entry.day <= until and (after_closing or entry.kind != "closing"):
            for line in entry.lines:
                weight, currency = line.weight
                key = (line.account, currency)
                found[key] = money.add(found.get(key, Decimal(0)), weight)
    return {key: amount for key, amount in found.items() if amount}


def roll_forward(entries: Sequence[Entry], first: date, last: date) -> dict[tuple[str, str], tuple[Decimal, ...]]:
    """By account and currency: opening balance, debits, credits (negative) and closing balance of a period."""
    opening = trial_balance(entries, date.fromordinal(first.toordinal() - 1), after_closing=True)
    found = {key: [amount, Decimal(0), Decimal(0)] for key, amount in opening.items()}
    for entry in entries:
        if first <= entry.day <= last:
            for line in entry.lines:
                weight, currency = line.weight
                row = found.setdefault((line.account, currency), [Decimal(0)] * 3)
                row[1 if weight > 0 else 2] = money.add(row[1 if weight > 0 else 2], weight)
    return {key: (row[0], row[1], row[2], money.add(*row)) for key, row in found.items()}


def closing_entry(name: str, entries: Iterable[Entry], day: date, results: Sequence[str], to: str) -> Entry | None:
    """The entry that clears income and expenses at the end of a year; none where nothing is left to clear.

    Args:
        name: its id.
        entries: of the ledger.
        day: last day of the year.
        results: how the accounts of income and expenses begin.
        to: account of the earnings.
    """
    left = trial_balance(entries, day, after_closing=True)
    cleared = {key: amount for key, amount in left.items() if key[0].startswith(tuple(results))}
    if not cleared:
        return None
    lines = [Line(account, -amount, currency) for (account, currency), amount in cleared.items()]
    for currency in dict.fromkeys(currency for _, currency in cleared):
        total = money.add(*(amount for (_, unit), amount in cleared.items() if unit == currency))
        lines.append(Line(to, total, currency))
    return Entry(name, day, tuple(lines), "Closing of the year", "closing")


def _stop(code: str, message: str, hint: str) -> NoReturn:
    raise CommandRejected(code, message, hint=hint)
