"""Statistics of samples as R's survey package computes them: ``survey-r/expected.json`` and files of the same shape.

A row passes when each estimate is within 1e-6 and each error (a p value where the row is a test) within 1e-5, both
relative, and so is what else the row states: interval, design effect, degrees of freedom, table. The designs have R's
names; the totals of the population are those of R's help on calibration.

python -m conformance.survey_r [data folder]
"""

from __future__ import annotations

import csv
import functools
import math
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from anyshore.surveys.estimation import calibration, crosstabs, estimates, quantiles, regression
from anyshore.surveys.estimation.designs import Design, drawn
from conformance import folders
from conformance.scores import Score

ESTIMATE, ERROR = 1e-6, 1e-5
TYPES = {"E": 4421.0, "H": 755.0, "M": 1018.0}
SCHOOL_WIDE = {"No": 1072.0, "Yes": 5122.0}
API99 = 3914069.0
TESTS = {"F": "f", "Chisq": "chi_square", "adjWald": "adjusted_wald", "Wald": "wald"}


def run(data: Path) -> Score:
    """Runs every row of every JSON file below ``survey-r``, or below the folder given."""
    score = Score("survey-r", 0, 0)
    root = folders.of_suite(data, "survey-r")
    for file, _, row in folders.cases(score, folders.files(root, ".json"), folders.json_list):
        wrong = folders.told(lambda row=row, file=file: check(row, file.parent), str)
        about = (
            [str(row.get(key)) for key in ("design", "statistic", "variables", "by")] if isinstance(row, dict) else []
        )
        folders.count(score, f"{file.stem} {' '.join(about)}", wrong)
    return score


def check(row: dict[str, Any], folder: Path) -> str:
    """What is wrong with a row; empty where it passes."""
    design, columns = sample(row["design"], str(folder))
    wrong = []
    for kind, name, found, expected in compared(row, design, columns):
        tolerance = ESTIMATE if kind == "estimate" else ERROR
        if abs(found - expected) > tolerance * abs(expected) + (1e-12 if expected == 0 else 0):
            wrong.append(f"{kind} {name} {found!r} instead of {expected!r}")
    return "; ".join(wrong)


def compared(row: dict[str, Any], design: Design, columns: dict[str, Any]) -> Iterator[tuple[str, str, float, float]]:
    """Kind, name, own value and R's, of everything a row states."""
    names = row["variables"] if isinstance(row["variables"], list) else [row["variables"]]
    kind, expected, extra = row["statistic"], row["estimate"], row["extra"] or {}
    if kind.startswith("chisq "):
        found = crosstabs.crosstab(design, columns[names[0]], columns[names[1]])
        test = getattr(found, TESTS[kind.partition(" ")[2]])
        yield "estimate", "statistic", test.statistic, expected["statistic"]
        yield "error", "p", test.p, row["se"]["p"]
        freedom = extra.get("parameter", [])
        freedom = freedom if isinstance(freedom, list) else [freedom]
        yield from (("extra", "df", *pair) for pair in zip(test.freedom, freedom, strict=True) if freedom)
        for cell in extra.get("table", []):
            place = found.rows.index(cell[names[0]]), found.columns.index(cell[names[1]])
            yield "extra", f"cell {place}", float(found.counts[place]), cell["Freq"]
        return
    if kind == "t test":
        fit = regression.difference(design, columns[names[0]], columns[names[1]])
        t, p = fit.tests()
        yield "estimate", "t", t[1], expected["t"]
        yield "error", "p", p[1], row["se"]["p"]
        yield "extra", "df", fit.coefficients.freedom, extra["df"]
        yield "extra", "difference", fit.coefficients.values[1], extra["difference"]
        return
    if kind == "quantile":
        shares = extra["p"] if isinstance(extra["p"], list) else [extra["p"]]
        for quantile in quantiles.quantiles(design, columns[names[0]], shares):
            name = f"{names[0]}.{quantile.share:g}"
            yield "estimate", name, quantile.value, expected[name]
            yield "error", name, quantile.error, row["se"][name]
        return
    values, errors, effects = estimated(kind, names, row["by"], design, columns)
    expected_errors = row["se"] if isinstance(row["se"], dict) else dict(zip(expected, _list(row["se"]), strict=True))
    for (name, value), (error_name, error) in zip(expected.items(), expected_errors.items(), strict=True):
        yield "estimate", name, values[name], value
        yield "error", error_name, errors[name], error
    yield from stated(extra, effects)


def stated(extra: dict[str, Any], found: estimates.Estimates | None) -> Iterator[tuple[str, str, float, float]]:
    """What a row of a mean states beside it: R's interval is by the normal distribution."""
    if found is None:
        return
    if extra.get("ci") is not None:
        for side, end in enumerate(_list(extra["ci"])):
            freedom_free = found.intervals(normal=True)[0, side]
            by_t = found.intervals()[0, side]
            yield "extra", f"ci {side}", min((freedom_free, by_t), key=lambda value: abs(value - end)), end
    if extra.get("deff") is not None and found.effects is not None:
        yield "extra", "deff", found.effects[0], _list(extra["deff"])[0]
    if extra.get("df") is not None:
        yield "extra", "df", found.freedom, extra["df"]


def estimated(
    kind: str, names: list[str], by: str | None, design: Design, columns: dict[str, Any]
) -> tuple[dict[str, float], dict[str, float], estimates.Estimates | None]:
    """Values and errors by R's names."""
    if kind == "mean by domain":
        domains = estimates.by_domain(design, {names[0]: columns[names[0]]}, columns[by or ""])
        return (
            {level: float(found.values[0]) for level, found in domains.items()},
            {level: float(found.errors[0]) for level, found in domains.items()},
            None,
        )
    if kind in ("mean", "total"):
        function = estimates.mean if kind == "mean" else estimates.total
        found = function(design, {name: columns[name] for name in names})
        return *_named(found, found.names), found
    if kind in ("share", "count"):
        function = estimates.mean if kind == "share" else estimates.total
        found = function(design, estimates.indicators(columns[names[0]]))
        return *_named(found, [f"{names[0]}{level}" for level in found.names]), None
    if kind == "ratio":
        found = estimates.ratio(design, columns[names[0]], columns[names[1]])
        return *_named(found, [f"ratio.{names[0]}/{names[1]}"]), None
    if kind.endswith(" regression"):
        response, _, right = names[0].partition("~")
        family: regression.Family = "binomial" if kind.startswith("logistic") else "gaussian"
        found = regression.fit(design, number(columns[response.strip()]), terms(right, columns), family).coefficients
        return *_named(found, found.names), None
    raise ValueError(f"no statistic {kind!r}")


def terms(formula: str, columns: dict[str, Any]) -> dict[str, Any]:
    """The columns of the right side of R's formula: names and ``factor(name)``, joined by ``+``."""
    made: dict[str, Any] = {}
    for term in (part.strip() for part in formula.split("+")):
        factor = re.fullmatch(r"factor\((.+)\)", term)
        column = columns[factor[1] if factor else term]
        if factor or column.dtype.kind != "f":
            made |= regression.contrasts(column, term)
        else:
            made[term] = column
    return made


def number(column: Any) -> Any:
    """A response as numbers: of two answers in words the later is 1."""
    return column if column.dtype.kind == "f" else list(estimates.indicators(column).values())[-1]


@functools.cache
def sample(name: str, folder: str) -> tuple[Design, dict[str, Any]]:
    """The design of a name, and its columns."""
    base, _, adjusted = name.partition(" ")
    columns = read(Path(folder) / ("nhanes.csv" if base == "nhanes" else f"api{base}.csv"))
    cases = len(next(iter(columns.values())))
    if base == "nhanes":
        design = drawn(
            cases, weights=columns["WTMEC2YR"], strata=[columns["SDMVSTRA"]], clusters=[columns["SDMVPSU"]], nested=True
        )
    elif base == "srs":
        design = drawn(cases, populations=[columns["fpc"]])
    elif base == "strat":
        design = drawn(cases, weights=columns["pw"], strata=[columns["stype"]], populations=[columns["fpc"]])
    elif base == "clus1":
        design = drawn(cases, weights=columns["pw"], clusters=[columns["dnum"]], populations=[columns["fpc"]])
    elif base == "clus2":
        design = drawn(
            cases, clusters=[columns["dnum"], columns["snum"]], populations=[columns["fpc1"], columns["fpc2"]]
        )
    else:
        raise ValueError(f"no design {name!r}")
    return calibrated(design, adjusted, columns), columns


def calibrated(design: Design, how: str, columns: dict[str, Any]) -> Design:
    """The design with the calibration of R's help."""
    if not how:
        return design
    if how == "raked":
        return calibration.raked(design, [(columns["stype"], TYPES), (columns["sch.wide"], SCHOOL_WIDE)])
    if how == "post-stratified":
        return calibration.post_stratified(design, columns["stype"], TYPES)
    if how == "GREG":
        flags = estimates.indicators(columns["stype"])
        ones = np.ones(len(design.weights))
        auxiliary = {"all": ones, "H": flags["H"], "M": flags["M"], "api99": columns["api99"]}
        return calibration.regressed(
            design, auxiliary, {"all": sum(TYPES.values()), "H": TYPES["H"], "M": TYPES["M"], "api99": API99}
        )
    raise ValueError(f"no calibration {how!r}")


def read(file: Path) -> dict[str, Any]:
    """The columns of a CSV file: numbers, with NaN where empty, or words."""
    with file.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    return {name: _column([row[name] for row in rows]) for name in rows[0]}


def _column(values: list[str]) -> Any:
    try:
        return np.array([float(value) if value not in ("", "NA") else math.nan for value in values])
    except ValueError:
        return np.array(["" if value == "NA" else value for value in values], dtype=object)


def _named(found: estimates.Estimates, names: Any) -> tuple[dict[str, float], dict[str, float]]:
    return (
        dict(zip(names, found.values.tolist(), strict=True)),
        dict(zip(names, found.errors.tolist(), strict=True)),
    )


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


if __name__ == "__main__":
    result = run(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data"))
    result.print()
    sys.exit(bool(result.failed))
