"""Bank lines and open items with the right match: the set of items, the outcome, and whether a person is needed.

A case holds open items, a line and what is right. Where it says nothing of ``automatic`` that is not compared, but a
match that books something else than what is right without a person is counted by itself.

    python -m conformance.bank_matching [data folder]
"""

from __future__ import annotations

import json
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from anyshore.activities.bank.amounts import Rules
from anyshore.activities.bank.book import Book
from anyshore.activities.bank.items import Line, Match, OpenItem
from anyshore.activities.bank.matching import match
from conformance import folders
from conformance.scores import Score


def run(data: Path) -> Score:
    """Runs the suite.

    Args:
        data: the folder of all data, or any folder of such files (JSON, a list of cases).
    """
    folder = folders.of_suite(data, "bank/matching")
    score = Score("bank-matching", 0, 0, extra={"false_automatic": 0})
    for file in folders.files(folder, ".json"):
        cases = folders.told(lambda file=file: _cases(file), lambda reason: [{"id": reason}])
        for case in cases:
            wrong = folders.told(lambda case=case: _wrong(case, score), lambda reason: reason)
            score.total += 1
            score.passed += not wrong
            if wrong:
                name = case.get("id") if isinstance(case, dict) else case
                score.failed.append(f"{file.name}: {name}: {wrong}")
    return score


def _cases(file: Path) -> list[dict[str, Any]]:
    found = json.loads(file.read_text("utf-8"), parse_float=Decimal, parse_int=Decimal)
    return found if isinstance(found, list) else found["cases"]


def _wrong(case: dict[str, Any], score: Score) -> str:
    found = answer(case)
    ids = sorted(one.item for one in found.allocations)
    right = ids == sorted(case["expected"]) and found.outcome == case["outcome"]
    score.extra["false_automatic"] += found.automatic and not right
    if not right:
        return f"{found.outcome} {ids} instead of {case['outcome']} {case['expected']}"
    if "automatic" in case and found.automatic != case["automatic"]:
        return f"automatic is {found.automatic}"
    return ""


def answer(case: dict[str, Any]) -> Match:
    """What matching makes of a case."""
    line = case["line"]
    currency = line.get("currency") or case["open_items"][0]["currency"]
    items = [
        OpenItem(
            one["id"], one["partner"], Decimal(one["amount"]), one["currency"], one["number"], one["reference"],
            dated=date.fromisoformat(one["date"]),
        )
        for one in case["open_items"]
    ]  # fmt: skip
    foreign = line.get("foreign_amount")
    return match(
        Line(
            "line", Decimal(line["amount"]), currency, text=line.get("text") or "", partner=line.get("partner") or "",
            foreign_amount=None if foreign is None else Decimal(foreign),
            foreign_currency=line.get("foreign_currency") or "",
        ),
        Book.of(items),
        Rules(
            tolerance_percent=Decimal(case.get("tolerance_percent") or 0),
            amount_must_fit=case.get("amount_must_fit", True),
        ),
    )  # fmt: skip


if __name__ == "__main__":
    result = run(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data"))
    result.print()
    sys.exit(bool(result.failed))
