"""MT940 and MT942: as many statements as ``:20:``, as many entries as ``:61:``, each as its line says, or a refusal.

A file is a case. Amount, sign and days of each entry are read a second time from its line, by a pattern of this suite.
A file may be refused instead, with its line, where the suite itself sees why: a field outside every statement, a
statement without its one account, an entry or balance of another shape. A refusal without such a reason fails. The
``.yml`` files beside the statements are dumps of Python objects and are never opened.

    python -m conformance.mt940 [data folder]
"""

from __future__ import annotations

import re
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

from anyshore.activities.bank import mt940
from anyshore.activities.bank.model import Entry
from anyshore.base.errors import DataError
from conformance import folders
from conformance.scores import Score

_LINE = re.compile(r"^:61:(\d\d)(\d\d)(\d\d)(?:(\d\d)(\d\d)|    )?(RC|RD|EC|ED|C|D)[A-Z]?(\d*),?(\d*)", re.ASCII)
_BALANCE = re.compile(r":6[0245][FM]?:[CD]\d{6}(?:[A-Z]{3})?(?:\d+,?\d*|,\d+)\s*$", re.ASCII)


def run(data: Path) -> Score:
    """Runs the suite.

    Args:
        data: the folder of all data, or any folder of statements (``.sta``, ``.txt``, ``.mt940``, ``.940``, ``.942``).
    """
    folder = folders.of_suite(data, "bank/mt940")
    score = Score("mt940", 0, 0, extra={"refused": 0, "statements": 0, "entries": 0})
    files = {file for ending in (".sta", ".txt", ".mt940", ".940", ".942") for file in folders.files(folder, ending)}
    for file in sorted(files):
        name = file.relative_to(folder).as_posix()
        wrong = folders.told(lambda file=file: _wrong(file, score), lambda reason: [reason])
        score.total += 1
        score.passed += not wrong
        if wrong:
            score.failed.append(f"{name}: {'; '.join(wrong[:3])}")
    return score


def _wrong(file: Path, score: Score) -> list[str]:
    content = file.read_bytes()
    lines = [line.decode("latin-1") for line in content.splitlines()]
    tagged = [(number, line) for number, line in enumerate(lines, start=1) if line.startswith(":61:")]
    heads = [number for number, line in enumerate(lines, start=1) if line.startswith(":20:")]
    try:
        read = mt940.read(content, file.name)
    except DataError as problem:
        score.extra["refused"] += 1
        if problem.location.line is None:
            return [f"refused without a line: {problem}"]
        return [] if _is_broken(lines) else [f"refused without need: {problem}"]
    entries = [entry for statement in read.statements for entry in statement.entries]
    score.extra["statements"] += len(read.statements)
    score.extra["entries"] += len(entries)
    found = [] if len(read.statements) == len(heads) else [f"{len(read.statements)} statements instead of {len(heads)}"]
    if len(entries) != len(tagged):
        return [*found, f"{len(entries)} entries instead of {len(tagged)}"]
    for entry, (number, line) in zip(entries, tagged, strict=True):
        found += [f"line {number}: {what}" for what in _differs(entry, line, number)]
    return found


def _is_broken(lines: list[str]) -> bool:
    """Whether a file is no row of statements with one account each, or holds an entry of another shape."""
    accounts: list[int] = []
    ended = False
    for line in lines:
        if line.startswith(":20:"):
            accounts.append(0)
            ended = False
        elif re.match(r":(\d\d[A-Z]?|NS):", line):
            shape = _LINE if line.startswith(":61:") else _BALANCE if re.match(r":6[0245]", line) else None
            if not accounts or ended or (shape and not shape.match(line)):
                return True
            accounts[-1] += line.startswith(":25")
        elif line.startswith("-") and len(line.strip()) <= 4:
            ended = True
    return not accounts or any(number != 1 for number in accounts)


def _differs(entry: Entry, line: str, number: int) -> list[str]:
    found = _LINE.match(line)
    if not found:
        return ["was read though it has no such shape"]
    year, month, day, entry_month, entry_day, mark, whole, cents = found.groups()
    amount = Decimal(f"{whole or 0}.{cents or 0}") * (1 if mark in ("C", "RD", "EC") else -1)
    said = []
    if entry.line != number:
        said.append(f"stands in line {entry.line}")
    if entry.money.amount != amount:
        said.append(f"{entry.money.amount} instead of {amount}")
    if entry.reversal != (mark in ("RC", "RD")) or (entry.status == "booked") != (mark not in ("EC", "ED")):
        said.append(f"mark {mark} was read as {entry.status}, reversal {entry.reversal}")
    century = 1900 if int(year) >= 80 else 2000
    if entry.value is None or not _same(entry.value.day, century + int(year), month, day):
        said.append(f"day of value {entry.value}")
    wanted = (entry_month, entry_day) if entry_month else (month, day)
    if entry.booked is None or entry.value is None or not _same(entry.booked.day, entry.booked.day.year, *wanted):
        said.append(f"day of entry {entry.booked}")
    elif abs((entry.booked.day - entry.value.day).days) > 183:
        said.append(f"day of entry {entry.booked.day} in another year than {entry.value.day}")
    return said


def _same(day: date, year: int, month: str, number: str) -> bool:
    """Whether a day is the one written; the 29th and 30th of February of the banks' calendar are its last day."""
    if (day.year, day.month, day.day) == (year, int(month), int(number)):
        return True
    return (
        (day.year, day.month) == (year, int(month))
        and month == "02"
        and int(number) in (29, 30)
        and day.day in (28, 29)
    )


if __name__ == "__main__":
    result = run(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data"))
    result.print()
    sys.exit(bool(result.failed))
