"""A cap of three over a real campaign: a case is a contact, whose attempts pass until the cap holds them.

Rows of ``marketing/*campaign.csv`` with ``contact_id`` and ``campaign``, the number of attempts made. What must pass is
counted from the file alone; what passes is asked of the product attempt by attempt, as each would leave.

python -m conformance.caps [data folder]
"""

from __future__ import annotations

import sys
from pathlib import Path

from anyshore.marketing.caps import Cap, Sent, latest
from conformance import folders
from conformance.scores import Score

FILE = "campaign.csv"
NEEDED = {"contact_id", "campaign"}
CAP = Cap(3)
HOUR = 3_600_000_000


def run(data: Path) -> Score:
    """Runs every such table below ``marketing``, or below the folder given."""
    score = Score("caps", 0, 0, extra={"attempts": 0, "attempts_passed": 0, "contacts_held_back": 0})
    found = folders.files(folders.of_suite(data, "marketing"), FILE)
    for path, _, row in folders.cases(score, found, lambda path: folders.csv_rows(path, NEEDED)):
        wrong = folders.told(lambda row=row: _check(row, score), str)
        folders.count(score, f"{path.name} {row['contact_id']}", wrong)
    return score


def _check(row: dict[str, str], score: Score) -> str:
    attempts = int(row["campaign"])
    sent: list[Sent] = []
    for number in range(attempts):
        if latest([CAP], sent, number * HOUR, row.get("contact") or "call") == number * HOUR:
            sent.append((number * HOUR, row.get("contact") or "call"))
    score.extra["attempts"] += attempts
    score.extra["attempts_passed"] += len(sent)
    score.extra["contacts_held_back"] += len(sent) < attempts
    must = min(attempts, CAP.most)
    return "" if len(sent) == must else f"{len(sent)} attempts pass, {must} must"


if __name__ == "__main__":
    result = run(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data"))
    result.print()
    sys.exit(bool(result.failed))
