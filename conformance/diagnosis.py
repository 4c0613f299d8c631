"""Posteriors of causes, given what was seen, against those of an independent library (1e-9).

The network of a folder is its ``.bif``; each ``case`` of a table is all its rows.

    python -m conformance.diagnosis [data folder]
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from anyshore.diagnosis import bif
from anyshore.diagnosis.inference import posteriors
from anyshore.diagnosis.network import Network
from conformance import folders
from conformance.scores import Score

Row = dict[str, str]
COLUMNS = {"case", "evidence_json", "cause", "state", "probability"}
NEAR = 1e-9


def run(data: Path) -> Score:
    """Runs the suite.

    Args:
        data: the folder of all data, or any folder of such files.
    """
    score = Score("diagnosis", 0, 0, extra={"rows": 0})
    for file in folders.files(folders.of_suite(data, "diagnosis"), ".csv"):
        for name, case in folders.told(
            lambda file=file: list(_cases(file, score)), lambda reason: [("", lambda: reason)]
        ):
            wrong = folders.told(case, lambda reason: reason)
            score.total += 1
            score.passed += not wrong
            if wrong:
                score.failed.append(f"{file.name}: {name}: {wrong}")
    return score


def _cases(file: Path, score: Score) -> Iterator[tuple[str, Callable[[], str]]]:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        rows = list(csv.DictReader(opened))
    if not rows or not set(rows[0]) >= COLUMNS:
        return
    networks = [bif.read(path) for path in folders.files(file.parent, ".bif")]
    score.extra["rows"] += len(rows)
    cases: dict[str, list[Row]] = {}
    for row in rows:
        cases.setdefault(row["case"], []).append(row)
    for case, group in cases.items():
        yield f"case {case}", lambda group=group: _compared(networks, group)


def _compared(networks: list[Network], rows: list[Row]) -> str:
    evidence = json.loads(rows[0]["evidence_json"])
    network = next((one for one in networks if {*evidence, rows[0]["cause"]} <= set(one.variables)), None)
    if network is None:
        return "no network knows its variables"
    found = posteriors(network, evidence)
    off = [
        f"{row['cause']} {row['state']}: {found[row['cause']][row['state']]} instead of {row['probability']}"
        for row in rows
        if not abs(found[row["cause"]][row["state"]] - float(row["probability"])) <= NEAR
    ]
    return "; ".join(off[:3])


if __name__ == "__main__":
    result = run(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data"))
    result.print()
    sys.exit(bool(result.failed))
