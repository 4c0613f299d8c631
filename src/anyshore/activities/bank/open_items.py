"""Open items as a client keeps them in a file, and what of each is left after the matches that were booked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from anyshore.activities.activity import ActivityContext, Record, Values
from anyshore.activities.bank.items import OpenItem
from anyshore.activities.bank.learning import Learned, Verdict
from anyshore.activities.common import money
from anyshore.base.iban import iban_key, is_iban
from anyshore.base.plain import from_values, to_values
from anyshore.base.tables import Column, Row, open_table

KIND = "open-item"
MATCH = "bank-match"
UNDO = "bank-undo"
COLUMNS = (
    Column("id", aliases=("Beleg", "OP-Nummer"), required=True),
    Column("partner", aliases=("Konto", "Kunde", "Debitor", "Kreditor"), required=True),
    Column("name", aliases=("Kundenname", "Firma"), header=True),
    Column("amount", "money", aliases=("Betrag", "Offen", "Offener Betrag"), required=True),
    Column("currency", aliases=("Währung",), header=True),
    Column("number", aliases=("Rechnung", "Rechnungsnummer"), header=True),
    Column("reference", aliases=("Referenz", "Verwendungszweck")),
    Column("end_to_end", aliases=("Ende-zu-Ende", "EndToEndId")),
    Column("date", "date", aliases=("Belegdatum", "Rechnungsdatum")),
    Column("due", "date", aliases=("Fällig", "Fälligkeit")),
    Column("ibans", aliases=("IBAN",)),
)
"""What a file of open items has; the amount is positive where we receive. Several IBANs are parted by blanks."""


def read_items(source: bytes | Path, file: str | None = None) -> list[OpenItem]:
    """Reads open items.

    Raises:
        DataError: with every problem at its line and column.
    """
    table = open_table(source, COLUMNS, file)
    seen: set[str] = set()
    found = []
    for row in table:
        name = row.required("id")
        if name in seen:
            row.problem("id", "bank.items", f"There are two open items {name!r}.", "Give every item an id of its own.")
        seen.add(name)
        found.append(_item(row, name))
    table.refuse_if_broken()
    return found


def _item(row: Row, name: str) -> OpenItem:
    ibans = tuple((row.text("ibans") or "").replace(";", " ").replace(",", " ").split())
    for iban in ibans:
        if not is_iban(iban):
            row.problem("ibans", "bank.iban", f"{iban!r} is no IBAN.", "Check it digit by digit.")
    return OpenItem(
        name, row.required("partner"), row.required_number("amount"), row.text("currency") or "EUR",
        row.text("number") or "", row.text("reference") or "", row.text("end_to_end") or "", row.day("date"),
        row.day("due"), tuple(map(iban_key, ibans)), row.text("name") or "",
    )  # fmt: skip


def rows(items: Iterable[OpenItem]) -> list[tuple[str, Values]]:
    """Open items as rows of the table ``open-item``: key and data."""
    return [(item.id, {"partner": item.partner, "item": to_values(item)}) for item in items]


def listed(context: ActivityContext) -> dict[str, OpenItem]:
    """The open items of the file in force, by id."""
    found = {}
    for row in context.records(KIND).find():
        item = row.data.get("item")
        found[row.key] = from_values(OpenItem, item if isinstance(item, dict) else {}, f"{KIND} {row.key}")
    return found


def active(context: ActivityContext) -> list[Record]:
    """The matches that are not undone, in the order they were booked."""
    undone = {row.key for row in context.records(UNDO).find()}
    return [row for row in context.records(MATCH).find() if row.key not in undone]


def cleared(row: Record) -> Iterator[tuple[str, Decimal, Decimal]]:
    """What a match settled: item, what of it, and the amount the item had in the file then."""
    for one in _list(row.data.get("settled")):
        amount, before = one.get("cleared"), one.get("listed")
        if isinstance(amount, Decimal) and isinstance(before, Decimal):
            yield str(one.get("item")), amount, before


def left(context: ActivityContext) -> list[OpenItem]:
    """The open items with what of each is left.

    A match counts against an item while the file shows the amount it had when it was matched: once the client's books
    have taken the payment in, the amount differs or the item is gone.
    """
    found = listed(context)
    amounts = _reduced({name: item.amount for name, item in found.items()}, active(context))
    return [replace(item, amount=amounts[name]) for name, item in found.items() if amounts[name]]


def amounts_before(context: ActivityContext, names: Iterable[str], match: Record) -> dict[str, Decimal]:
    """What was left of some items before a match, after those that were booked before it."""
    amounts = {}
    for name in names:
        row = context.records(KIND).get(name)
        item = row.data.get("item") if row else None
        amount = item.get("amount") if isinstance(item, dict) else None
        amounts[name] = amount if isinstance(amount, Decimal) else Decimal(0)
    return _reduced(amounts, [row for row in active(context) if row.sequence < match.sequence])


def _reduced(listed_amounts: Mapping[str, Decimal], matches: Iterable[Record]) -> dict[str, Decimal]:
    amounts = dict(listed_amounts)
    for row in matches:
        for name, amount, before in cleared(row):
            if listed_amounts.get(name) == before:
                amounts[name] = money.subtract(amounts[name], amount)
    return amounts


def learned(context: ActivityContext) -> Learned:
    """What people confirmed and undid, in the order of the matches."""
    undone = {row.key: row for row in context.records(UNDO).find()}
    verdicts = []
    for row in context.records(MATCH).find():
        values = {name: row.data.get(name) for name in ("payer", "partner", "line")}
        items = tuple(name for name, _, _ in cleared(row))
        if row.data.get("by_person") is True:
            verdicts.append(from_values(Verdict, {**values, "items": list(items), "confirmed": True}, MATCH))
        if row.key in undone and undone[row.key].data.get("returned") is not True:
            reason = str(undone[row.key].data.get("reason") or "")
            gone = {**values, "items": list(items), "confirmed": False, "reason": reason}
            verdicts.append(from_values(Verdict, gone, UNDO))
    return Learned.of(verdicts)


def _list(value: object) -> list[dict[str, object]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
