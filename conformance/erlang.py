"""Published values of Erlang B and Erlang C, equal to the digits that are printed.

A row of a table with ``servers``, ``blocking``, ``offered_erlang`` is a case of Erlang B; one with ``agents``,
``aht_s``, ``service_level`` … one of Erlang C. Which file it stands in does not matter. Some published values were
rounded twice (0.941453 to 0.9415 to 0.942): they count as equal and are named.

    python -m conformance.erlang [data folder]
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable, Iterator
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from anyshore.workforce.erlang import load_carried, performance
from conformance import folders
from conformance.scores import Score

Row = dict[str, str]
Told = tuple[str, list[str]]
"""What is wrong, empty for nothing; and which values were rounded twice."""
B = {"servers", "blocking", "offered_erlang"}
C = {"calls", "interval_min", "aht_s", "target_s", "agents"}


def run(data: Path) -> Score:
    """Runs the suite.

    Args:
        data: the folder of all data, or any folder of such files.
    """
    score = Score("erlang", 0, 0, extra={"rounded_twice": []})
    for file in folders.files(folders.of_suite(data, "calls"), ".csv"):
        for name, case in folders.told(
            lambda file=file: list(_cases(file)), lambda reason: [("", lambda: (reason, []))]
        ):
            wrong, twice = folders.told(case, lambda reason: (reason, []))
            score.extra["rounded_twice"] += [f"{file.name}: {name}: {one}" for one in twice]
            score.total += 1
            score.passed += not wrong
            if wrong:
                score.failed.append(f"{file.name}: {name}: {wrong}")
    return score


def _cases(file: Path) -> Iterator[tuple[str, Callable[[], Told]]]:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        reader = csv.DictReader(opened)
        kind = next((one for need, one in ((B, _b), (C, _c)) if need <= set(reader.fieldnames or ())), None)
        if kind is None:
            return
        for number, row in enumerate(reader, start=2):
            yield f"row {number}", lambda row=row: kind(row)


def _b(row: Row) -> Told:
    return _differs(row, {"offered_erlang": load_carried(int(row["servers"]), float(row["blocking"]))})


def _c(row: Row) -> Told:
    per_hour = float(row["calls"]) * 60 / float(row["interval_min"])
    found = performance(int(row["agents"]), per_hour, float(row["aht_s"]), float(row["target_s"]))
    values = {
        "wait_probability": found.waiting, "service_level": found.service_level, "asa_s": found.mean_wait,
        "occupancy": found.occupancy,
    }  # fmt: skip
    return _differs(row, {name: value for name, value in values.items() if row.get(name)})


def _differs(row: Row, found: dict[str, float]) -> Told:
    if not found:
        return "the row prints nothing", []
    wrong, twice = [], []
    for name, value in found.items():
        printed, exact = Decimal(row[name]), Decimal(repr(value))
        if exact.quantize(printed, ROUND_HALF_UP) == printed:
            continue
        finer = exact.quantize(printed.scaleb(-1), ROUND_HALF_UP)
        told = f"{name} {value:.6f} instead of {printed}"
        (twice if finer.quantize(printed, ROUND_HALF_UP) == printed else wrong).append(told)
    return ", ".join(wrong), twice


if __name__ == "__main__":
    result = run(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data"))
    result.print()
    sys.exit(bool(result.failed))
