"""Receivables: day counts of paid invoices, worked examples of default interest, and every change of the base rate.

- ``invoices*.csv``: a row is a case; ``days_to_settle`` and ``days_late`` have to come out.
- ``interest_examples*.csv``: a row is a case; days as its maker counts them, at the one base rate it names.
- ``base_rates*.csv``: a change is a case; interest over it has to equal a sum day by day, for business and consumer,
  rounded once. The new rate counts from its first day on.

    python -m conformance.receivables [data folder]
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path

from anyshore.activities.receivables import interest
from anyshore.activities.receivables.figures import Dated, days_late, days_to_settle
from anyshore.activities.receivables.law import BaseRates
from conformance import folders
from conformance.scores import Score

Row = dict[str, str]
_BEFORE, _AFTER = 40, 50
"""Days of interest before and after a change."""
_PRINCIPAL = Decimal("12345.67")


def run(data: Path) -> Score:
    """Runs the suite.

    Args:
        data: the folder of all data, or any folder of such files.
    """
    folder = folders.of_suite(data, "receivables")
    score = Score("receivables", 0, 0, extra={"invoices": 0, "examples": 0, "changes": 0})
    for file in folders.files(folder, ".csv"):
        cases = folders.told(lambda file=file: list(_cases(file)), lambda reason: [("", "", lambda: reason)])
        for kind, name, case in cases:
            wrong = folders.told(case, lambda reason: reason)
            score.total += 1
            score.passed += not wrong
            if kind:
                score.extra[kind] += 1
            if wrong:
                score.failed.append(f"{file.name}: {name}: {wrong}")
    return score


def _cases(file: Path) -> Iterator[tuple[str, str, Callable[[], str]]]:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        rows = list(csv.DictReader(opened))
    columns = set(rows[0]) if rows else set()
    if "days_to_settle" in columns:
        yield from (("invoices", row["invoice"], lambda row=row: _days(row)) for row in rows)
    elif "interest" in columns:
        yield from (("examples", f"row {n}", lambda row=row: _example(row)) for n, row in enumerate(rows, start=2))
    elif "valid_from" in columns:
        changes = tuple((date.fromisoformat(row["valid_from"]), Decimal(row["percent"])) for row in rows)
        yield from (("changes", str(day), lambda day=day: _change(day, changes)) for day, _ in changes[1:])


def _days(row: Row) -> str:
    invoice = Dated(
        Decimal(row["amount"]), date.fromisoformat(row["invoice_date"]), date.fromisoformat(row["due_date"]),
        date.fromisoformat(row["settled_date"]),
    )  # fmt: skip
    found = (days_to_settle(invoice), days_late(invoice, invoice.settled or invoice.due))
    right = (int(row["days_to_settle"]), int(row["days_late"]))
    return "" if found == right else f"{found} instead of {right}"


def _example(row: Row) -> str:
    days = interest.days(date.fromisoformat(row["due"]), date.fromisoformat(row["paid"]))
    percent = Decimal(row["base_percent"]) + Decimal(row["surcharge_points"])
    found = (days, interest.flat(Decimal(row["principal"]), percent, days))
    right = (int(row["days"]), Decimal(row["interest"]))
    return "" if found == right else f"{found} instead of {right}"


def _change(day: date, changes: tuple[tuple[date, Decimal], ...]) -> str:
    first, last = day - timedelta(_BEFORE), day + timedelta(_AFTER)
    rates = BaseRates(changes, date.max)
    for points in (Decimal(5), Decimal(8), Decimal(9)):
        found = interest.of([(first, _PRINCIPAL)], last, points, rates).amount
        total = Fraction(0)
        for number in range((last - first).days + 1):
            today = first + timedelta(number)
            base = [percent for start, percent in changes if start <= today][-1]
            total += Fraction(_PRINCIPAL) * Fraction(base + points) / 100 / 365
        right = (Decimal(total.numerator) / Decimal(total.denominator)).quantize(Decimal("0.01"), ROUND_HALF_UP)
        if found != right:
            return f"{found} instead of {right} with {points} points"
    return ""


if __name__ == "__main__":
    result = run(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data"))
    result.print()
    sys.exit(bool(result.failed))
