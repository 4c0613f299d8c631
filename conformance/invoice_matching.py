"""Worked examples of invoice matching: of each row both variances and the verdict have to come out.

What a row leaves empty is not asked for. Percentages are shown rounded there, and compared to the digits shown; of
nothing expected they say 100 on lines and 99,999,999,999.99 on charges, which both mean that no percentage is enough.

    python -m conformance.invoice_matching [data folder]
"""

from __future__ import annotations

import csv
import sys
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from anyshore.activities.payables.variances import Field, Tolerance, compare
from conformance import folders
from conformance.scores import Score

Row = dict[str, str]
_OF_NOTHING = (Decimal(100), Decimal("99999999999.99"))
_LINES: dict[str, Field] = {"charges on purchases": "charge"}
"""Fields of a line that are not its price."""
_TOTALS: dict[str, Field] = {"balance": "balance", "total discount": "discount", "charges": "charges"}
"""Totals with a name of their own here."""


def run(data: Path) -> Score:
    """Runs the suite.

    Args:
        data: the folder of all data, or any folder of such files.
    """
    score = Score("invoice-matching", 0, 0)
    for file in folders.files(folders.of_suite(data, "payables"), ".csv"):
        rows = folders.told(lambda file=file: _rows(file), lambda reason: [reason])
        for number, row in enumerate(rows, start=2):
            wrong = row if isinstance(row, str) else folders.told(lambda row=row: _wrong(row), lambda reason: reason)
            score.total += 1
            score.passed += not wrong
            if wrong:
                name = row.get("case") if isinstance(row, dict) else None
                score.failed.append(f"{file.name}: row {number} {name or ''}: {wrong}")
    return score


def _rows(file: Path) -> list[Row | str]:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        rows = list(csv.DictReader(line for line in opened if not line.startswith("#")))
    return [*rows] if rows and "discrepancy" in rows[0] else []


def _wrong(row: Row) -> str:
    tolerance = Tolerance(_number(row["tolerance_percent"]), _number(row["tolerance_amount"]))
    actual, expected = _number(row["invoice_value"]), _number(row["expected_value"])
    if actual is None or expected is None:
        return "it gives no values"
    found = compare(_field(row["kind"].strip(), row["field"].strip().casefold()), actual, expected, tolerance)
    amount, percent = _number(row["variance_amount"]), _number(row["variance_percent"])
    if amount is not None and _shown(found.amount, amount) != amount:
        return f"variance {found.amount} instead of {amount}"
    if percent is not None and not (_shown(found.percent, percent) == abs(percent) or _all(expected, actual, percent)):
        return f"{found.percent} percent instead of {percent}"
    verdict = "yes" if found.exceeded else "no"
    return "" if verdict == row["discrepancy"].strip() else f"discrepancy {verdict} instead of {row['discrepancy']}"


def _field(kind: str, field: str) -> Field:
    if kind == "invoice totals":
        return _TOTALS.get(field, "invoice total")
    if kind == "charges":
        return "charges"
    if kind == "three-way":
        return "receipt" if field == "quantity" else "price"
    if kind.startswith("price total") or kind == "cumulative: price total":
        return "line total"
    if kind in ("net unit price", "cumulative: price"):
        return _LINES.get(field, "price")
    raise ValueError(f"no kind of matching {kind!r}")


def _all(expected: Decimal, actual: Decimal, percent: Decimal) -> bool:
    return not expected and actual > 0 and percent in _OF_NOTHING


def _shown(value: Decimal, like: Decimal) -> Decimal:
    return value.quantize(like, ROUND_HALF_UP)


def _number(text: str | None) -> Decimal | None:
    plain = (text or "").replace(",", "").replace("%", "").strip()
    return Decimal(plain) if plain else None


if __name__ == "__main__":
    result = run(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data"))
    result.print()
    sys.exit(bool(result.failed))
