"""Bounces: of each recipient of each report, status, reason, and whether the bounce is hard.

Codes the suite makes up where a report tells none (``5.0.911``: class, 0, a number of the reason) are made here.

    python -m conformance.bounces [data folder]
"""

from __future__ import annotations

import csv
import sys
from collections import defaultdict
from pathlib import Path

from anyshore.mail import kinds, message
from conformance import folders
from conformance.scores import Score

Row = dict[str, str]
_NUMBERS = {
    "blocked": 971, "contenterror": 960, "exceedlimit": 923, "expired": 947, "filtered": 910, "hasmoved": 916,
    "hostunknown": 912, "mailboxfull": 922, "mailererror": 939, "mesgtoobig": 934, "networkerror": 944,
    "norelaying": 909,
    "notaccept": 932, "onhold": 901, "policyviolation": 972, "rejected": 918, "securityerror": 970, "spamdetected": 980,
    "suspend": 921, "systemerror": 930, "systemfull": 931, "syntaxerror": 902, "toomanyconn": 945, "userunknown": 911,
    "undefined": 900, "virusdetected": 971, "requireptr": 973, "authfailure": 974, "badreputation": 975,
    "notcompliantrfc": 976, "speeding": 945,
}  # fmt: skip
"""The suite's numbers of reasons that have no code."""


def run(data: Path) -> Score:
    """Runs the suite: a case is a recipient, and passes when hard or soft is right; status and reason are counted
    beside.

    Args:
        data: the folder of all data, or any folder with such a table and its mails.
    """
    score = Score("bounces", 0, 0, extra={"status": 0, "reason": 0})
    for table in folders.files(folders.of_suite(data, "bounces"), ".csv"):
        rows = folders.told(lambda table=table: _rows(table), lambda reason: {"": [{"file": reason}]})
        for file, cases in rows.items():
            found = folders.told(lambda file=file, table=table: _found(table.parent, file), lambda reason: reason)
            for case in cases:
                _count(score, case, found)
    return score


def _count(score: Score, case: Row, found: list[Row] | str) -> None:
    score.total += 1
    name = f"{case.get('file')} {case.get('recipient')}"
    if isinstance(found, str):
        score.failed.append(f"{name}: {found}")
        return
    number = int(case.get("recipient") or 0)
    if number == 0:  # no bounce: right when it is taken for none
        one = found[0] if found else {"hard_bounce": "", "status": "", "reason": "not-a-bounce"}
    else:
        one = found[number - 1] if number <= len(found) else {"hard_bounce": "none", "status": "none", "reason": "none"}
    score.passed += one["hard_bounce"] == case["hard_bounce"]
    for key in ("status", "reason"):
        score.extra[key] += one[key] == case[key]
    wrong = [
        f"{key} {one[key]!r} instead of {case[key]!r}"
        for key in ("hard_bounce", "status", "reason")
        if one[key] != case[key]
    ]
    if wrong:
        score.failed.append(f"{name}: {', '.join(wrong)}")


def _rows(table: Path) -> dict[str, list[Row]]:
    with table.open(encoding="utf-8-sig", newline="") as opened:
        found: dict[str, list[Row]] = defaultdict(list)
        for row in csv.DictReader(opened):
            if "hard_bounce" in row:
                found[row["file"]].append(row)
    return found


def _found(folder: Path, name: str) -> list[Row]:
    file = next((one for one in (folder / "mail" / name, folder / name) if one.is_file()), folder / "mail" / name)
    mail = message.read(file.read_bytes(), name)
    sort = kinds.of(mail)
    if sort.kind == "report":
        return [{"hard_bounce": "0", "status": "", "reason": "feedback"}]
    if sort.kind == "automatic":
        return [{"hard_bounce": "0", "status": "", "reason": "vacation"}]
    rows = []
    for one in sort.failures:
        made = f"{4 if one.temporary else 5}.0.{_NUMBERS.get(one.reason, 900)}" if one.reason != "delivered" else ""
        rows.append({"hard_bounce": str(int(one.hard)), "status": one.status or made, "reason": one.reason})
    return rows


if __name__ == "__main__":
    result = run(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data"))
    result.print()
    sys.exit(bool(result.failed))
