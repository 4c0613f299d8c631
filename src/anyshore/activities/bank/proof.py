"""Proving statements: opening balance + entries = closing balance, no statement missing between two of an account."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Literal

from anyshore.activities.bank.model import Balance, Entry, Statement
from anyshore.activities.common import money

_OPENING = ("OPBD", "PRCD")
_CLOSING = ("CLBD",)

Verdict = Literal["proved", "broken", "unproved"]


@dataclass(frozen=True, slots=True)
class Proof:
    """What the balances of a statement say of it.

    Attributes:
        verdict: ``proved`` where they agree with the entries; ``broken`` where they do not; ``unproved`` where the
            statement has no two balances of one currency, as notifications and most intraday reports.
        opening: before the first entry.
        closing: after the last one.
        entries: sum of what is booked.
        difference: closing less opening less entries.
        reasons: what is wrong, as words with their figures.
    """

    verdict: Verdict
    opening: Decimal | None = None
    closing: Decimal | None = None
    entries: Decimal = Decimal(0)
    difference: Decimal | None = None
    reasons: tuple[str, ...] = ()


def prove(statement: Statement) -> Proof:
    """Whether the balances and totals of a statement agree with its entries; what is pending does not count."""
    first, last = opening(statement), closing(statement)
    booked = [entry for entry in statement.entries if entry.counts]
    reasons = [*_currencies(statement, booked), *_totals(statement)]
    amounts = money.add(*(entry.money.amount for entry in booked))
    if first is None or last is None or first.money.currency != last.money.currency:
        return Proof("broken" if reasons else "unproved", entries=amounts, reasons=tuple(reasons))
    if any(entry.money.currency != first.money.currency for entry in booked):
        return Proof("broken", first.money.amount, last.money.amount, amounts, None, tuple(reasons))
    difference = money.subtract(last.money.amount, money.add(first.money.amount, amounts))
    if difference:
        reasons.append(f"balance: {first.money.amount} + {amounts} is not {last.money.amount}")
    verdict: Verdict = "broken" if reasons else "proved"
    return Proof(verdict, first.money.amount, last.money.amount, amounts, difference, tuple(reasons))


def opening(statement: Statement) -> Balance | None:
    """The balance a statement begins with: OPBD, else the closing of the one before, else the first interim one."""
    return _balance(statement, _OPENING) or _interim(statement, 0)


def closing(statement: Statement) -> Balance | None:
    """The balance it ends with: CLBD, else the last interim one (a page that is not the last)."""
    return _balance(statement, _CLOSING) or _interim(statement, -1)


def _balance(statement: Statement, kinds: Sequence[str]) -> Balance | None:
    for kind in kinds:
        for balance in statement.balances:
            if balance.kind == kind:
                return balance
    return None


def _interim(statement: Statement, place: Literal[0, -1]) -> Balance | None:
    """An interim balance: the first of two opens, the last closes; a single one is on the side that has none."""
    found = [balance for balance in statement.balances if balance.kind == "ITBD"]
    other = _balance(statement, _CLOSING if place == 0 else _OPENING)
    return found[place] if len(found) > 1 or (found and other is not None) else None


def _currencies(statement: Statement, booked: Iterable[Entry]) -> list[str]:
    found = {entry.money.currency for entry in booked} | {
        balance.money.currency for balance in statement.balances if balance.kind in (*_OPENING, *_CLOSING)
    }
    return [f"currencies: {', '.join(sorted(found))} in one statement"] if len(found) > 1 else []


def _totals(statement: Statement) -> list[str]:
    """Where the bank's own count or sum says something else than the entries."""
    said = []
    for total in statement.totals:
        sides = {"credit": (1,), "debit": (-1,), "all": (1, -1)}[total.direction]
        chosen = [e.money.amount for e in statement.entries if (1 if e.money.amount >= 0 else -1) in sides]
        if total.count is not None and total.count != len(chosen):
            said.append(f"count: {len(chosen)} {total.direction} entries, the bank counts {total.count}")
        if total.direction != "all" and total.amount is not None and total.amount != abs(money.add(*chosen)):
            said.append(f"sum: {abs(money.add(*chosen))} of {total.direction} entries, the bank sums {total.amount}")
    return said


@dataclass(frozen=True, slots=True)
class Gap:
    """Something missing between two statements of an account.

    Attributes:
        kind: ``number`` where numbers are not consecutive, ``balance`` where the later one does not open with the
            closing balance of the earlier.
        account: number of the account.
        before: the earlier one, by number or id.
        after: the later one.
        reason: the figures.
    """

    kind: Literal["number", "balance"]
    account: str
    before: str
    after: str
    reason: str


def gaps(statements: Iterable[Statement]) -> list[Gap]:
    """What is missing between the final statements of each account, in the order they are given.

    Numbers begin anew with a year, and pages of one number follow each other; a number of zero is none. An intraday
    report or a notification repeats what a statement holds, so neither is part of the chain.
    """
    chains: dict[tuple[str, str], list[Statement]] = {}
    for statement in statements:
        if statement.kind == "statement":
            last = closing(statement) or opening(statement)
            unit = last.money.currency if last else statement.account.currency or ""
            chains.setdefault((statement.account.number, unit), []).append(statement)
    return [gap for chain in chains.values() for one, two in pairwise(chain) for gap in _gaps(one, two)]


def _gaps(one: Statement, two: Statement) -> list[Gap]:
    found = []
    names = (one.account.number, one.number or one.id, two.number or two.id)
    ended, begun = closing(one), opening(two)
    if ended and begun and ended.money != begun.money:
        reason = f"{ended.money.amount} closes, {begun.money.amount} opens"
        found.append(Gap("balance", *names, reason))
    if not _follows(one, two):
        found.append(Gap("number", *names, f"{names[1]} is followed by {names[2]}"))
    return found


def _follows(one: Statement, two: Statement) -> bool:
    if not (one.number and two.number and one.number.isdigit() and two.number.isdigit()):
        return True
    earlier, later = int(one.number), int(two.number)
    if later == earlier:
        begun = opening(two)
        paged = one.page and two.page and one.page.isdigit() and two.page.isdigit()
        return bool(begun and begun.kind == "ITBD") or bool(paged and int(two.page or 0) == int(one.page or 0) + 1)
    return later == earlier + 1 or (later == 1 and _later_year(one, two))


def _later_year(one: Statement, two: Statement) -> bool:
    """Whether a year turned between two statements; so where their days are not known."""
    ended, begun = closing(one), opening(two)
    if ended is None or begun is None or ended.at is None or begun.at is None:
        return True
    last = max((e.booked.day.year for e in two.entries if e.booked), default=begun.at.day.year)
    return last > ended.at.day.year
