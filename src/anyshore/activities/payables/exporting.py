"""The activity ``payables.export-postings``: postings of some days for a tax consultant's books, and a journal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from anyshore.activities.activity import ActivityContext, Record
from anyshore.activities.common import money
from anyshore.activities.common.datev import Booked, Ledger, batch
from anyshore.activities.common.postings import KIND, Entry, sums
from anyshore.base.plain import from_values
from anyshore.base.tables.writing import write_csv


@dataclass(frozen=True, slots=True)
class ExportInput:
    """Which postings, and whose books they are; see ``datev.Ledger``.

    Attributes:
        first: first day.
        last: last day.
        consultant: Beraternummer.
        client: Mandantennummer.
        year: first day of the fiscal year; the first of January of ``first`` where left out.
        digits: of accounts.
    """

    first: date
    last: date
    consultant: int
    client: int
    year: date | None = None
    digits: int = 4


@dataclass(frozen=True, slots=True)
class ExportOutcome:
    """What was exported.

    Attributes:
        postings: how many.
        debits: sum of their debits, which is that of their credits.
        file: EXTF Buchungsstapel; to be saved in Windows-1252.
        journal: a row per entry, as CSV.
        left: numbers of postings in another currency or on orders that are made up, which are in neither.
    """

    postings: int
    debits: Decimal
    file: str
    journal: str
    left: tuple[str, ...]


_JOURNAL = (
    "posting",
    "day",
    "number",
    "side",
    "account",
    "amount",
    "currency",
    "vat_category",
    "vat_rate",
    "cost_centre",
)


def export_postings(data: ExportInput, context: ActivityContext) -> ExportOutcome:
    """Exports the postings of some days, in the order in which they were booked.

    Raises:
        DataError: a number is out of its range, or the days lie in two fiscal years.
    """
    rows = [row for row in context.records(KIND).find() if data.first <= _day(row) <= data.last]
    kept = [row for row in rows if row.data.get("currency") == "EUR" and not row.data.get("simulated")]
    booked = [_booked(row) for row in kept]
    year = data.year or date(data.first.year, 1, 1)
    ledger = Ledger(data.consultant, data.client, year, data.digits)
    created = datetime.fromtimestamp(context.now // 1_000_000, UTC)
    name = f"Kreditoren {data.first:%m/%Y}"
    text = batch(ledger, data.first, data.last, created, name, booked)
    journal = [_JOURNAL, *(line for row in kept for line in _lines(row))]
    return ExportOutcome(
        len(kept), money.add(*(sums(one.entries)[0] for one in booked)), text,
        write_csv(journal, ";", for_people=True),
        tuple(str(row.data.get("number")) for row in rows if row not in kept),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Dated:
    issue_date: date


def _day(row: Record) -> date:
    """The day of the document, or of the payment."""
    return from_values(_Dated, {"issue_date": row.data.get("issue_date")}, KIND).issue_date


def _entries(row: Record) -> tuple[Entry, ...]:
    found = row.data.get("entries")
    return tuple(from_values(Entry, one, KIND) for one in found) if isinstance(found, list) else ()


def _booked(row: Record) -> Booked:
    data, number = row.data, str(row.data.get("number") or "")
    payee = data.get("payee")
    name = str(payee.get("name")) if isinstance(payee, dict) else ""
    text = f"Storno {number}" if data.get("reverses") else f"{name} {number}".strip()
    return Booked(_day(row), number, text if "payee" in data else f"Zahlung {number}", _entries(row))


def _lines(row: Record) -> Iterator[tuple[object, ...]]:
    for one in _entries(row):
        yield (
            row.key, _day(row), row.data.get("number"), one.side, one.account, one.amount, row.data.get("currency"),
            one.vat_category or "", "" if one.vat_rate is None else one.vat_rate, one.cost_centre or "",
        )  # fmt: skip
