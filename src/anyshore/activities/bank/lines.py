"""The lines of a statement as matching takes them: a line per transaction, charges by themselves, each with an id."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from hashlib import sha256

from anyshore.activities.bank.items import Line
from anyshore.activities.bank.model import Detail, Entry, Statement
from anyshore.activities.common import money

_RETURNS = frozenset({"RRTN", "RPCR", "UPCT", "UPDD", "PRDD", "ARET", "RIMB", "RRCT"})
"""Sub-families of bank transaction codes of payments that come back or are taken back."""
_ID = 24
"""Hexadecimal digits of an id: 96 bits."""


def of(statement: Statement) -> list[Line]:
    """The lines of what is booked; what is pending or only told gives none.

    The same line has the same id in whatever file of its kind it comes again: it is made of the account, the day, the
    amount, the bank's own reference and what the payer wrote, and a count where all of that is equal.
    """
    seen: Counter[str] = Counter()
    made = []
    for entry in statement.entries:
        if entry.counts:
            for line in _split(statement, entry):
                identity = _identity(line, entry)
                seen[identity] += 1
                made.append(_named(line, f"{identity}\x1f{seen[identity]}"))
    return made


def _identity(line: Line, entry: Entry) -> str:
    parts = (
        line.account, str(line.booked), str(line.amount.normalize()), line.currency, entry.bank_reference or "",
        line.end_to_end, line.iban, line.name, line.text, *line.references,
    )  # fmt: skip
    return "\x1f".join(parts)


def _named(line: Line, identity: str) -> Line:
    return Line(
        sha256(identity.encode()).hexdigest()[:_ID], line.amount, line.currency, line.booked, line.text, line.name,
        line.iban, line.partner, line.references, line.end_to_end, line.foreign_amount, line.foreign_currency,
        line.returned, line.account, line.charge,
    )  # fmt: skip


def _split(statement: Statement, entry: Entry) -> Iterator[Line]:
    """An entry as lines: one per transaction where their amounts, less charges, make the entry."""
    amounts = [_amount(detail, entry) for detail in entry.details]
    given = [amount for amount in amounts if amount is not None]
    if len(given) < len(amounts) or not given:
        yield _line(statement, entry, entry.money.amount, entry.details)
        return
    rest = money.subtract(entry.money.amount, money.add(*given))
    charges = _charges(entry)
    if rest and rest != charges:
        yield _line(statement, entry, entry.money.amount, entry.details)
        return
    for detail, amount in zip(entry.details, given, strict=True):
        yield _line(statement, entry, amount, (detail,))
    if rest:
        yield _line(statement, entry, rest, (), charge=True)


def _amount(detail: Detail, entry: Entry) -> Decimal | None:
    """The amount of a transaction in the currency of the account, with the sign it moves the account by."""
    found = detail.money or detail.transaction
    if found is None or found.currency != entry.money.currency:
        return None
    return found.amount


def _charges(entry: Entry) -> Decimal:
    """What the bank kept of an entry: charges that its amount holds already, negative."""
    groups = [entry.charges, *(detail.charges for detail in entry.details)]
    records = [record for group in groups if group for record in group.records if record.included is not False]
    return money.add(*(one.money.amount for one in records if one.money.currency == entry.money.currency))


def _line(
    statement: Statement, entry: Entry, amount: Decimal, details: tuple[Detail, ...], *, charge: bool = False
) -> Line:
    one = details[0] if len(details) == 1 else Detail()
    role = "Dbtr" if amount > 0 else "Cdtr"
    party = next((party for party in one.parties if party.role == role), None)
    foreign = one.instructed if one.instructed and one.instructed.currency != entry.money.currency else None
    return Line(
        "", amount, entry.money.currency, entry.booked.day if entry.booked else None,
        "bank charges" if charge else _text(entry, details), (party.name or "") if party else "",
        (party.account.iban or "") if party and party.account else "",
        references=tuple(block.reference for detail in details for block in detail.structured if block.reference),
        end_to_end=one.references.get("EndToEndId", ""),
        foreign_amount=money.signed(abs(foreign.amount), negative=amount < 0) if foreign else None,
        foreign_currency=foreign.currency if foreign else "", returned=_returned(entry, one),
        account=statement.account.number, charge=charge,
    )  # fmt: skip


def _text(entry: Entry, details: tuple[Detail, ...]) -> str:
    words = [text for detail in details for text in detail.unstructured]
    words += [text for detail in details for block in detail.structured for text in block.documents]
    words += [block.additional for detail in details for block in detail.structured if block.additional]
    words += [
        party.name for detail in details for party in detail.parties if party.role.startswith("Ultmt") and party.name
    ]
    words += [found for detail in details if (found := detail.references.get("customer"))]
    return " ".join(words) or entry.information or ""


def _returned(entry: Entry, detail: Detail) -> str:
    """Why a payment came back; empty where it is none that did."""
    if detail.returned is not None:
        return detail.returned.code or "returned"
    code = detail.code or entry.code
    if code is not None and code.sub_family in _RETURNS:
        return code.sub_family
    return "reversal" if entry.reversal else ""
