"""The activities ``bank.book-match``, ``bank.post-line`` and ``bank.undo-match``.

A match is kept as a row under the key of its job; undoing adds a row and the mirror image of the posting, nothing is
taken away. Two statements that settle one item at once are told apart by the sequence of their rows: the later one is
measured again and taken back where nothing is left for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from anyshore.activities.activity import ActivityContext, Record
from anyshore.activities.bank import open_items
from anyshore.activities.bank.items import Allocation, Line, Match
from anyshore.activities.bank.learning import payer_key
from anyshore.activities.common import money, once
from anyshore.activities.common.postings import KIND, Entry, entry
from anyshore.base.errors import DataError
from anyshore.base.plain import from_values, to_values


@dataclass(frozen=True, slots=True)
class Accounts:
    """Accounts of the general ledger.

    Attributes:
        bank: of the account of the bank.
        receivables: what customers owe.
        payables: what we owe suppliers.
        write_off: small differences nobody pays.
        unallocated: what was paid too much, until it is known what for.
        charges: what the bank keeps.
    """

    bank: str
    receivables: str
    payables: str
    write_off: str
    unallocated: str
    charges: str


@dataclass(frozen=True, slots=True)
class Posting:
    """A posting of a bank line, as stored in the table ``posting``; it balances in the currency of the line."""

    line: str
    day: date | None
    currency: str
    text: str
    entries: tuple[Entry, ...]
    reverses: str | None = None
    partner: str = ""


@dataclass(frozen=True, slots=True)
class BookInput:
    """What to book.

    Attributes:
        line: the line.
        match: what it is for.
        accounts: where to.
        by_person: whether a person confirmed or chose it.
    """

    line: Line
    match: Match
    accounts: Accounts
    by_person: bool = False


@dataclass(frozen=True, slots=True)
class BookOutcome:
    """What was booked.

    Attributes:
        booked: false where nothing is left of an item that another line settled in between.
        id: key of the match.
        posting: the posting.
    """

    booked: bool
    id: str
    posting: Posting | None = None


def book_match(data: BookInput, context: ActivityContext) -> BookOutcome:
    """Books a match, once.

    Raises:
        DataError: nothing is matched, or the amounts do not make the line.
        HostError: the idempotency key was used for another match.
    """
    line, match = data.line, data.match
    total = money.add(match.rest, *(one.amount for one in match.allocations))
    if not match.allocations or total != line.amount:
        message = f"The match of line {line.id} does not make its amount of {line.amount}."
        raise DataError("bank.unbalanced", message, hint="Match the line again.")
    listed = {one.item: _listed(one.item, context) for one in match.allocations}
    row, _ = once.put(context, open_items.MATCH, {
        "line": line.id, "account": line.account, "amount": line.amount, "currency": line.currency,
        "payer": payer_key(line), "iban": line.iban, "end_to_end": line.end_to_end, "partner": match.partner,
        "outcome": match.outcome, "evidence": match.evidence, "by_person": data.by_person,
        "settled": [{**to_values(one), "listed": listed.get(one.item)} for one in match.allocations],
    })  # fmt: skip
    if context.records(open_items.UNDO).get(row.key) is not None or not _fits(row, data, context):
        context.records(open_items.UNDO).put_once(
            row.key, {"line": line.id, "reason": "settled before", "returned": True}
        )
        return BookOutcome(False, row.key)
    posting = Posting(
        line.id, line.booked, line.currency, line.text[:140], tuple(_entries(data)), partner=match.partner
    )
    context.records(KIND).put_once(row.key, to_values(posting))
    return BookOutcome(True, row.key, posting)


def _listed(name: str, context: ActivityContext) -> object:
    """The amount of an item in the file in force."""
    row = context.records(open_items.KIND).get(name)
    item = row.data.get("item") if row else None
    return item.get("amount") if isinstance(item, dict) else None


def _fits(row: Record, data: BookInput, context: ActivityContext) -> bool:
    """Whether the line is not settled already, and of each item enough is left by those that came before."""
    if _is_settled(row, data.line, context):
        return False
    amounts = open_items.amounts_before(context, [one.item for one in data.match.allocations], row)
    return all(_enough(amounts[one.item], one) for one in data.match.allocations)


def _is_settled(row: Record, line: Line, context: ActivityContext) -> bool:
    """Whether another match of the line came before and was not undone."""
    undone = context.records(open_items.UNDO)
    others = context.records(open_items.MATCH).find(line=line.id)
    return any(one.sequence < row.sequence and undone.get(one.key) is None for one in others)


def _enough(left: Decimal, one: Allocation) -> bool:
    return left * one.cleared > 0 and abs(left) >= abs(one.cleared)


def _entries(data: BookInput) -> Iterator[Entry]:
    """The bank against receivables or payables, and what was written off or paid too much."""
    line, accounts = data.line, data.accounts
    yield from entry("debit", accounts.bank, line.amount)
    other = accounts.receivables if line.amount > 0 else accounts.payables
    paid = money.add(*(one.amount for one in data.match.allocations))
    # What is written off is in the currency of the item; it is posted where that is the currency of the line.
    off = money.add(*(_written_off(one, line) for one in data.match.allocations))
    yield from entry("credit", other, money.add(paid, off))
    yield from entry("debit", accounts.write_off, off)
    yield from entry("credit", accounts.unallocated, data.match.rest)


def _written_off(one: Allocation, line: Line) -> Decimal:
    same = line.foreign_amount is None or money.add(one.amount, one.write_off) == one.cleared
    return one.write_off if same else Decimal(0)


@dataclass(frozen=True, slots=True)
class PostInput:
    """A line that is for no open item.

    Attributes:
        line: the line.
        account: of the general ledger.
        accounts: for the account of the bank.
        text: what it is for.
    """

    line: Line
    account: str
    accounts: Accounts
    text: str = ""


def post_line(data: PostInput, context: ActivityContext) -> BookOutcome:
    """Posts a line to an account, once: charges, interest, transfers between own accounts.

    Raises:
        HostError: the idempotency key was used for another line.
    """
    line = data.line
    row, _ = once.put(context, open_items.MATCH, {
        "line": line.id, "account": line.account, "amount": line.amount, "currency": line.currency, "payer": "",
        "iban": line.iban, "end_to_end": line.end_to_end, "partner": "", "outcome": "posted", "evidence": "",
        "by_person": False, "settled": [],
    })  # fmt: skip
    if _is_settled(row, line, context):
        context.records(open_items.UNDO).put_once(
            row.key, {"line": line.id, "reason": "settled before", "returned": True}
        )
        return BookOutcome(False, row.key)
    entries = (*entry("debit", data.accounts.bank, line.amount), *entry("credit", data.account, line.amount))
    posting = Posting(line.id, line.booked, line.currency, (data.text or line.text)[:140], entries)
    context.records(KIND).put_once(row.key, to_values(posting))
    return BookOutcome(True, row.key, posting)


@dataclass(frozen=True, slots=True)
class UndoInput:
    """What to undo.

    Attributes:
        match: key of the match, or id of its line.
        reason: why.
        returned: whether the payment came back, so that the match was right when it was booked.
        line: the line of the return, whose movement the mirror image is.
    """

    match: str
    reason: str
    returned: bool = False
    line: Line | None = None


@dataclass(frozen=True, slots=True)
class UndoOutcome:
    """What was undone.

    Attributes:
        undone: whether there was something to undo.
        items: the open items that are open again.
        line: id of the line that is open again; of a returned payment it stays settled.
    """

    undone: bool
    items: tuple[str, ...] = ()
    line: str | None = None


def undo_match(data: UndoInput, context: ActivityContext) -> UndoOutcome:
    """Undoes a match: its items are open again, and the posting is mirrored."""
    found = [row for row in open_items.active(context) if data.match in (row.key, row.data.get("line"))]
    done = [row for row in context.records(open_items.UNDO).find() if row.data.get("job") == context.idempotency_key]
    rows = [row for one in done if (row := context.records(open_items.MATCH).get(one.key)) is not None] or found[:1]
    if not rows or not data.reason.strip():
        return UndoOutcome(False)
    row = rows[0]
    reason = {"line": row.data.get("line"), "reason": data.reason, "returned": data.returned}
    context.records(open_items.UNDO).put_once(row.key, {**reason, "job": context.idempotency_key})
    posted = context.records(KIND).get(row.key)
    if posted is not None:
        context.records(KIND).put_once(f"{row.key}/undone", to_values(_mirrored(posted, data)))
    items = tuple(name for name, _, _ in open_items.cleared(row))
    return UndoOutcome(True, items, None if data.returned else str(row.data.get("line")))


def _mirrored(posted: Record, data: UndoInput) -> Posting:
    made = from_values(Posting, posted.data, f"{KIND} {posted.key}")
    entries = tuple(
        Entry("credit" if one.side == "debit" else "debit", one.account, one.amount) for one in made.entries
    )
    day = data.line.booked if data.line else made.day
    line = data.line.id if data.line else made.line
    return Posting(line, day, made.currency, data.reason[:140], entries, posted.key, made.partner)
