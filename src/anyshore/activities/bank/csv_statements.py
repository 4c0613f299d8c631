"""Reading bank lines from a CSV file or workbook, by a layout that says every format. Nothing is guessed.

There is no standard for such files: which column means what, in which order days and months stand, which sign is the
decimal one and whether the newest line comes first is said by the layout, per bank, and not looked for in the data.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from anyshore.activities.bank.model import (
    Account,
    Agent,
    Balance,
    Detail,
    Entry,
    Message,
    Moment,
    Money,
    Party,
    Statement,
)
from anyshore.activities.common import money
from anyshore.base.errors import DataError
from anyshore.base.iban import iban_key
from anyshore.base.locations import Location
from anyshore.base.tables import Column, Row, open_table

_TEXTS = ("currency", "name", "iban", "bic", "text", "end_to_end", "mandate", "reference", "code")
_AMOUNTS = ("amount", "credit", "debit", "balance")
FIELDS = ("booked", "value", *_AMOUNTS, *_TEXTS)
"""What a column can mean."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How a bank writes its lines.

    Attributes:
        columns: header of the file by meaning: ``booked``, ``value``, ``amount`` (signed) or ``credit`` and ``debit``
            (without sign), ``balance`` (after the line), ``name``, ``iban``, ``bic``, ``text``, ``end_to_end``,
            ``mandate``, ``reference`` (the bank's number of the line), ``code``, ``currency``.
        order: of day and month: ``dmy`` or ``mdy``; a day that begins with its year says it itself.
        decimal: the decimal sign.
        account: IBAN or number of the account.
        currency: of the account.
        newest_first: whether the last line of the file is the oldest.
    """

    columns: Mapping[str, str]
    order: Literal["dmy", "mdy"]
    decimal: Literal[",", "."]
    account: str
    currency: str
    newest_first: bool = False


def read(content: bytes, layout: Layout, file: str = "<bytes>") -> Message:
    """Reads a file of lines as one statement; a column of balances proves it.

    Args:
        content: CSV or a workbook.
        layout: how it is written.
        file: the name to show in messages.

    Raises:
        DataError: the layout does not fit, or with every cell that cannot be read.
    """
    table = open_table(content, _columns(layout, file), file, unknown="ignore")
    rows = [(row, _entry(row, layout)) for row in table]
    table.refuse_if_broken()
    if layout.newest_first:
        rows.reverse()
    entries = tuple(entry for _, entry in rows if entry is not None)
    account = Account(iban=iban_key(layout.account), currency=layout.currency)
    first = entries[0].booked if entries else None
    last = entries[-1].booked if entries else None
    identity = f"{account.number}/{first.day if first else ''}/{last.day if last else ''}"
    statement = Statement("statement", identity, account, entries=entries, balances=_balances(rows, layout))
    return Message("csv", (statement,))


def _columns(layout: Layout, file: str) -> list[Column]:
    unknown = sorted(set(layout.columns) - set(FIELDS))
    sides = {"credit", "debit"} <= set(layout.columns)
    if unknown or "booked" not in layout.columns or sides == ("amount" in layout.columns):
        message = (
            f"There is no meaning {unknown[0]!r}." if unknown else "It needs booked, and amount or credit and debit."
        )
        raise DataError("bank.csv.mapping", message, Location(file), f"Meanings are: {', '.join(FIELDS)}.")
    return [_column(name, header, layout) for name, header in layout.columns.items()]


def _column(name: str, header: str, layout: Layout) -> Column:
    if name in ("booked", "value"):
        return Column(name, "date", (header,), required=name == "booked", header=True, order=layout.order)
    if name in _AMOUNTS:
        unit = "" if "currency" in layout.columns else layout.currency
        return Column(
            name, "money", (header,), required=name == "amount", header=True, unit=unit, decimal=layout.decimal
        )
    return Column(name, aliases=(header,), header=True)


def _entry(row: Row, layout: Layout) -> Entry | None:
    booked, amount = row.day("booked"), _amount(row)
    if booked is None or amount is None:
        return None
    unit = row.text("currency") or layout.currency if "currency" in layout.columns else layout.currency
    value = row.day("value") if "value" in layout.columns else None
    text = {name: row.text(name) if name in layout.columns else None for name in _TEXTS}
    return Entry(
        Money(amount, unit), "booked", Moment(booked), Moment(value or booked), bank_reference=text["reference"],
        details=(_detail(text, credit=amount > 0),), line=row.at().line,
        direction="credit" if amount >= 0 else "debit",
    )  # fmt: skip


def _amount(row: Row) -> Decimal | None:
    """The signed amount; of two columns exactly one is filled, or the other is zero."""
    if "amount" in row.values:
        return row.number("amount")
    credit, debit = row.number("credit"), row.number("debit")
    if (credit or 0) != 0 and (debit or 0) != 0:
        row.problem("credit", "bank.csv.sides", "A line is a credit or a debit, not both.", "Look at it in the bank.")
        return None
    if credit is None and debit is None:
        row.problem("credit", "bank.csv.amount", "The line has no amount.", "Fill one of the two columns.")
        return None
    return credit if credit else (debit or Decimal(0)).copy_abs().copy_negate()


def _detail(text: Mapping[str, str | None], *, credit: bool) -> Detail:
    role = "Dbtr" if credit else "Cdtr"
    iban = text["iban"]
    account = Account(iban=iban_key(iban)) if iban else None
    references = {
        name: found for name, key in (("EndToEndId", "end_to_end"), ("MndtId", "mandate")) if (found := text[key])
    }
    return Detail(
        direction="credit" if credit else "debit", references=references, has_references=bool(references),
        parties=(Party(role, text["name"], account=account),) if text["name"] or account else (),
        agents=(Agent(f"{role}Agt", bic=text["bic"]),) if text["bic"] else (),
        unstructured=(text["text"],) if text["text"] else (), purpose=text["code"],
    )  # fmt: skip


def _balances(rows: list[tuple[Row, Entry | None]], layout: Layout) -> tuple[Balance, ...]:
    """The balances before the first and after the last line, where there is a column of them and each line fits."""
    if "balance" not in layout.columns or not rows:
        return ()
    before: Decimal | None = None
    first: Decimal | None = None
    days: list[date] = []
    for row, entry in rows:
        after = row.number("balance")
        if after is None or entry is None:
            continue
        days += [entry.booked.day] if entry.booked else []
        opened = money.subtract(after, entry.money.amount)
        if before is not None and opened != before:
            message = f"The balance {after} does not follow from {before} and {entry.money.amount}."
            hint = "A line is missing, or newest_first of the layout is wrong."
            raise DataError("bank.csv.balance", message, row.at("balance"), hint)
        first = opened if first is None else first
        before = after
    if first is None or before is None:
        return ()
    unit = layout.currency
    return (
        Balance("OPBD", Money(first, unit), Moment(min(days))), Balance("CLBD", Money(before, unit), Moment(max(days)))
    )  # fmt: skip
