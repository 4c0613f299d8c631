"""Mail intake: every bounce, report and automatic answer is kept out, and mail of people is let in.

Two halves, both needed: the given mails, by their table (recipient 0: no bounce), and mails of people with the
oddities of real mail programs (``real_mails``), which are made here whatever folder is given.

    python -m conformance.mail_intake [data folder]
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

from anyshore.mail import kinds, message
from conformance import folders, real_mails
from conformance.scores import Score


def run(data: Path) -> Score:
    """Runs the suite.

    Args:
        data: the folder of all data, or any folder with a table of mails (``file``, ``recipient``) and the mails.
    """
    score = Score("mail-intake", 0, 0, extra={"kept_out": 0, "to_keep_out": 0, "let_in": 0, "to_let_in": 0})
    for table in folders.files(folders.of_suite(data, "bounces"), ".csv"):
        rows = folders.told(lambda table=table: _people(table), lambda reason: {reason: False})
        for name, person in rows.items():
            wrong = folders.told(
                lambda name=name, t=table, p=person: _wrong(_bytes(t.parent, name), p), lambda reason: reason
            )
            _count(score, name, person, wrong)
    if score.total:
        for name, content in real_mails.all_of_them():
            wrong = folders.told(lambda content=content: _wrong(content, person=True), lambda reason: reason)
            _count(score, name, True, wrong)
    return score


def _count(score: Score, name: str, person: bool, wrong: str) -> None:
    score.total += 1
    score.passed += not wrong
    score.extra["to_let_in" if person else "to_keep_out"] += 1
    score.extra["let_in" if person else "kept_out"] += not wrong
    if wrong:
        score.failed.append(f"{name}: {wrong}")


def _people(table: Path) -> dict[str, bool]:
    with table.open(encoding="utf-8-sig", newline="") as opened:
        rows = [row for row in csv.DictReader(opened) if "hard_bounce" in row]
    return {row["file"]: row["recipient"] == "0" for row in rows}


def _bytes(folder: Path, name: str) -> bytes:
    file = folder / "mail" / name
    return (file if file.is_file() else folder / name).read_bytes()


def _wrong(content: bytes, person: bool) -> str:
    found = kinds.of(message.read(content))
    return "" if found.opens_work == person else f"{found.kind}: {found.why}"


if __name__ == "__main__":
    result = run(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data"))
    result.print()
    sys.exit(bool(result.failed))
