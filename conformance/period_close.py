"""A ledger posted entry by entry, closed month by month, and its balances against those of beancount.

``postings.csv`` is posted through our journal in the order of its days. At each month end the trial balance is taken
and the month closed for good; at each year end income and expenses are cleared by a closing entry before. A row of
``trial_balance.csv`` or ``closing.csv`` is a case; a balance that ours has and theirs has not is a failed case more. So
is a closed month that takes an entry all the same.

    python -m conformance.period_close [data folder]
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import groupby
from pathlib import Path

from anyshore.activities.close.journal import Balances, Entry, Journal, Line, Lock, closing_entry, trial_balance
from anyshore.base.errors import CommandRejected
from conformance import folders
from conformance.scores import Score

Row = dict[str, str]
_RESULTS = ("Income:", "Expenses:")
_EARNINGS = "Equity:Earnings:Current"


def run(data: Path) -> Score:
    """Runs the suite.

    Args:
        data: the folder of all data, or any folder with such files.
    """
    folder = folders.of_suite(data, "period-close")
    score = Score("period-close", 0, 0, extra={"entries": 0, "balances": 0, "closings": 0, "months": 0})
    for postings in folders.files(folder, "postings.csv"):
        broken = folders.told(lambda postings=postings: _ledger(postings, score), lambda reason: reason)
        if broken:
            score.total += 1
            score.failed.append(f"{postings.parent.name}: {broken}")
    return score


def _ledger(postings: Path, score: Score) -> str:
    rows = _rows(postings)
    entries = sorted(_entries(rows), key=lambda entry: entry.day)
    balances = _expected(postings.with_name("trial_balance.csv"), "as_of", "balance_at_cost")
    closings = _expected(postings.with_name("closing.csv"), "year_end", "balance_after_close")
    journal = Journal()
    pending = iter([*entries, None])
    one = next(pending)
    for end in sorted({*balances, *closings}):
        while one is not None and one.day <= end:
            score.extra["entries"] += 1
            journal.post(one)
            one = next(pending)
        if end in balances:
            _compare(score, "balances", end, balances[end], trial_balance(journal.entries.values(), end))
        if end in closings:
            cleared = closing_entry(f"close-{end}", journal.entries.values(), end, _RESULTS, _EARNINGS)
            if cleared is not None:
                journal.post(cleared)
            after = trial_balance(journal.entries.values(), end, after_closing=True)
            _compare(score, "closings", end, closings[end], after)
        _close(journal, end, score)
    return ""


def _close(journal: Journal, end: date, score: Score) -> None:
    journal.lock(Lock("hard", end, "controller", end))
    score.extra["months"] += 1
    first = next(iter(journal.entries.values()))
    try:
        journal.post(replace(first, id=f"late-{end}", day=end, reason="forgotten"))
    except CommandRejected:
        return
    score.total += 1
    score.failed.append(f"{end}: a closed month took an entry")


def _compare(score: Score, kind: str, day: date, expected: Balances, found: Balances) -> None:
    for key in sorted({*expected, *found}):
        score.total += 1
        score.extra[kind] += key in expected
        if expected.get(key, 0) == found.get(key, 0):
            score.passed += 1
        else:
            score.failed.append(f"{kind} {day} {key}: {found.get(key)} instead of {expected.get(key)}")


def _rows(file: Path) -> list[Row]:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        return list(csv.DictReader(opened))


def _entries(rows: list[Row]) -> Iterator[Entry]:
    for number, group in groupby(rows, key=lambda row: row["entry"]):
        sides = list(group)
        lines = tuple(
            Line(
                row["account"], Decimal(row["number"]), row["currency"],
                Decimal(row["cost_number"]) if row["cost_number"] else None, row["cost_currency"],
            )
            for row in sides
        )  # fmt: skip
        yield Entry(number, date.fromisoformat(sides[0]["date"]), lines, sides[0]["narration"])


def _expected(file: Path, day: str, amount: str) -> dict[date, Balances]:
    found: dict[date, Balances] = {}
    for row in _rows(file) if file.is_file() else ():
        balances = found.setdefault(date.fromisoformat(row[day]), {})
        balances[row["account"], row["currency"]] = Decimal(row[amount])
    return found


if __name__ == "__main__":
    result = run(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data"))
    result.print()
    sys.exit(bool(result.failed))
