"""Wage tax: rows computed by an independent implementation, and lstgen's code on drawn inputs of every flow chart."""

from __future__ import annotations

import csv
import random
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

from anyshore.payroll.wagetax import Chart, WageTax, read
from conformance.folders import files, of_suite, told
from conformance.lstgen_reference import compiled, computed
from conformance.scores import Score

DRAWN = 5_000
"""Inputs drawn per flow chart."""


def run(data: Path) -> Score:
    """Computes every row of every table and compares LSTLZZ, SOLZLZZ, BK; beside, the differential test."""
    folder = of_suite(data, "payroll")
    score = Score("payroll", 0, 0)
    taxes = {
        path: told(lambda path=path: WageTax(read(path.read_bytes(), path.name)), str) for path in files(folder, ".xml")
    }
    score.failed += [f"{path.name}: {tax}" for path, tax in taxes.items() if isinstance(tax, str)]
    score.total += len(score.failed)
    ready = sorted((one for one in taxes.values() if isinstance(one, WageTax)), key=lambda one: one.chart.valid_from)
    for path in files(folder, ".csv"):
        for name, right in told(
            lambda path=path: _rows(path, ready), lambda why, path=path: [(f"{path}: {why}", False)]
        ):
            score.total += 1
            score.passed += right
            score.failed += [] if right else [name]
    drawn = equal = 0
    for path, tax in taxes.items():
        if isinstance(tax, WageTax):
            drawn += DRAWN
            equal += told(lambda path=path, tax=tax: differential(tax, path.read_bytes(), DRAWN), lambda _why: 0)
    score.extra = {"charts": len(ready), "differential": drawn, "differential_equal": equal}
    return score


def _rows(path: Path, taxes: list[WageTax]) -> list[tuple[str, bool]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        if not {"year", "STKL"} <= set(rows.fieldnames or ()):
            return []
        return [
            (f"{path.name}:{line}", told(lambda row=row: _right(row, taxes), lambda _why: False))
            for line, row in enumerate(rows, start=2)
        ]


def _right(row: Mapping[str, str], taxes: list[WageTax]) -> bool:
    """Whether the outputs of a row are equal, by the first flow chart of its year."""
    tax = next(one for one in taxes if one.chart.valid_from.year == int(row["year"]))
    plain = {name.partition("_")[0]: Decimal(value) for name, value in row.items() if name != "year"}
    found = tax.compute({name: value for name, value in plain.items() if name in tax.chart.inputs})
    wanted = {name: value for name, value in plain.items() if name in tax.chart.outputs}
    return bool(wanted) and all(found[name] == value for name, value in wanted.items())


def differential(tax: WageTax, content: bytes, count: int) -> int:
    """How many of so many drawn inputs give what lstgen's code gives, in every output."""
    reference = compiled(content)
    outputs = tuple(tax.chart.outputs)
    draws = random.Random(tax.chart.name)
    equal = 0
    for _ in range(count):
        inputs = drawn_inputs(tax.chart, draws)
        equal += list(tax.compute(inputs).values()) == computed(reference, inputs, outputs)
    return equal


_YEARS = (0, 2004, 2005, 2006, 2015, 2020, 2024, 2026, 2040, 2057, 2058, 2070)
_CHOICES: Mapping[str, tuple[int, ...]] = {
    "LZZ": (1, 2, 3, 4), "STKL": (1, 2, 3, 4, 5, 6), "PKV": (0, 0, 1, 2), "PVA": (0, 1, 2, 3, 4), "AJAHR": _YEARS,
    "VJAHR": _YEARS, "ZMVB": tuple(range(13)),
}  # fmt: skip
_LARGEST = {"RE4": 300_000_00, "VBEZ": 60_000_00, "JRE4": 300_000_00, "JVBEZ": 60_000_00, "SONSTB": 90_000_00}


def drawn_inputs(chart: Chart, draws: random.Random) -> dict[str, int | Decimal]:
    """A value for every input of a chart: amounts of a year in cents, smaller for shorter periods, often zero."""
    inputs: dict[str, int | Decimal] = {}
    for name, one in chart.inputs.items():
        if name in _CHOICES:
            inputs[name] = draws.choice(_CHOICES[name])
        elif one.kind == "double":
            inputs[name] = draws.choice((Decimal("1.0"), Decimal(draws.randrange(1000)).scaleb(-3)))
        elif one.kind == "int":
            inputs[name] = draws.randrange(2)
        elif name == "KVZ":
            inputs[name] = Decimal(draws.randrange(500)).scaleb(-2)
        elif name == "ZKF":
            inputs[name] = Decimal(draws.randrange(70)).scaleb(-1)
        else:
            largest = draws.choice((0, 5_000_00, _LARGEST.get(name, 20_000_00), _LARGEST.get(name, 20_000_00)))
            period = {1: 1, 2: 12, 3: 51, 4: 360}[int(inputs.get("LZZ", 1))]
            inputs[name] = draws.randrange(largest // period + 1)
    if "VBEZ" in inputs:
        inputs["VBEZ"] = min(inputs["VBEZ"], inputs["RE4"])
    return inputs
