"""Notice periods of § 622 BGB: each row holds from its years of service until the next row, and ends when it says.

A row is a case: who gives notice, from how many years, the period and the days it ends on. The period found has to be
that one at the first day with those years and at the last before the next row's; and every end date has to equal the
first day that fits, counted day by day from the receipt, for receipts around every end of a month and the leap day of
four years.

    python -m conformance.notice_periods [data folder]
"""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

from anyshore.activities.recruiting import notice
from anyshore.activities.recruiting.notice import Employment, Notice
from conformance import folders
from conformance.scores import Score

Row = dict[str, str]
_FIRST, _LAST = date(2023, 1, 1), date(2026, 12, 31)
_AROUND = 3
"""Days before and after an end of a month or a 15th."""
_YEARS_SPARE = 5
"""Years behind the last row that are looked at."""


def run(data: Path) -> Score:
    """Runs the suite.

    Args:
        data: the folder of all data, or any folder of such files.
    """
    folder = folders.of_suite(data, "hr")
    score = Score("notice-periods", 0, 0, extra={"receipts": len(list(_receipts()))})
    for file in folders.files(folder, ".csv"):
        for name, case in folders.told(lambda file=file: list(_cases(file)), lambda reason: [("", lambda: reason)]):
            wrong = folders.told(case, lambda reason: reason)
            score.total += 1
            score.passed += not wrong
            if wrong:
                score.failed.append(f"{file.name}: {name}: {wrong}")
    return score


def _cases(file: Path) -> Iterator[tuple[str, Callable[[], str]]]:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        rows = list(csv.DictReader(opened))
    if not rows or not {"party", "service_years_from", "period", "to"} <= set(rows[0]):
        return
    for number, row in enumerate(rows, start=2):
        yield f"row {number}", lambda row=row: _row(row, rows)


def _row(row: Row, rows: list[Row]) -> str:
    probation = "probation" in row["party"]
    parties = ("employer", "employee") if row["party"].startswith("both") else (row["party"],)
    for party in parties:
        for years in _years(row, rows, party):
            if wrong := _held(row, party, years, probation=probation):
                return f"{party} after {years} years: {wrong}"
    return ""


def _years(row: Row, rows: list[Row], party: str) -> range:
    """Years of service for which a row is the last that holds; the employee keeps the first row for ever."""
    first = int(row["service_years_from"])
    if party == "employee" or "probation" in row["party"]:
        return range(first, first + 1)
    later = [int(one["service_years_from"]) for one in rows if int(one["service_years_from"]) > first]
    return range(first, min(later, default=first + _YEARS_SPARE))


def _held(row: Row, party: str, years: int, *, probation: bool) -> str:
    number = int(row["period"].split()[0])
    in_months = "month" in row["period"]
    for received in _receipts():
        # The last day of the last year that still counts as so many, and the first: both have to find this row.
        for since in (_shifted(received, years), _shifted(received, years + 1) + timedelta(1)):
            if probation:
                since = received - timedelta(30)
            found = notice.find(Employment(since, received, party, probation_months=6 if probation else 0))
            if wrong := _compared(found, received, number, in_months=in_months, to=row["to"]):
                return f"received {received}, there since {since}: {wrong}"
    return ""


def _compared(found: Notice, received: date, number: int, *, in_months: bool, to: str) -> str:
    period = found.period
    if (period.months if in_months else period.weeks) != number:
        return f"{period.text()} instead of {number}"
    right = _by_counting(received, number, in_months=in_months, to=to)
    return "" if found.last_day == right else f"ends {found.last_day} instead of {right}"


def _by_counting(received: date, number: int, *, in_months: bool, to: str) -> date:
    """The first day that fits, going on from the receipt one day at a time."""
    day, left = received, number if in_months else 7 * number
    while left:
        day += timedelta(1)
        # A month is over on the day of the receipt's number, or the last of a month that has no such day.
        over = day.day == received.day or (_is_last(day) and day.day < received.day)
        left -= over if in_months else 1
    while not _fits(day, to):
        day += timedelta(1)
    return day


def _fits(day: date, to: str) -> bool:
    if "any" in to:
        return True
    return (re.search(r"\bend\b", to) is not None and _is_last(day)) or ("15" in to and day.day == 15)


def _is_last(day: date) -> bool:
    return (day + timedelta(1)).month != day.month


def _shifted(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return date(day.year - years, 2, 28)


def _receipts() -> Iterator[date]:
    for number in range((_LAST - _FIRST).days + 1):
        day = _FIRST + timedelta(number)
        if any(_is_last(near) or near.day == 15 for near in (day + timedelta(n) for n in range(-_AROUND, _AROUND + 1))):
            yield day


if __name__ == "__main__":
    result = run(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data"))
    result.print()
    sys.exit(bool(result.failed))
