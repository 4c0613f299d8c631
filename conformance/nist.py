"""NIST's Statistical Reference Datasets: ``nist-strd/**/*.dat``, each data set a case.

The score of a value is the log relative error, -log10(|q - c| / |c|), at most the digits certified; the worst value of
a set counts. A set of lower or average difficulty passes at 9, one of higher at 7; nonlinear ones start from their
second, closer start and pass at 6. The files' own form (which lines hold what, ``exp[…]``, ``+ e``) is read here.
"""

from __future__ import annotations

import math
import re
import time
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from anyshore.analysis import least_squares, nonlinear, summaries, variance
from conformance import folders
from conformance.scores import Score

NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eEdD][-+]?\d+)?"
WANTED = {"Lower": 9.0, "Average": 9.0, "Higher": 7.0, "nonlinear": 6.0}


@dataclass(frozen=True)
class DataSet:
    """A file: its lines, and the rows of numbers in its data."""

    lines: list[str]
    rows: list[list[Decimal]]

    @property
    def level(self) -> str:
        found = re.search(r"(Lower|Average|Higher) Level of Difficulty", "\n".join(self.lines))
        return found[1] if found else "Average"

    def certified(self) -> list[str]:
        """The lines that hold certified values, as the head says."""
        first, last = self.span("Certified Values")
        return self.lines[first - 1 : last]

    def span(self, what: str) -> tuple[int, int]:
        found = re.search(rf"{what}\s*:?\s*\(?\s*lines\s+(\d+)\s+to\s+(\d+)", "\n".join(self.lines[:40]))
        if found is None:
            raise ValueError(f"the head does not say where {what} stands")
        return int(found[1]), int(found[2])


def run(data: Path) -> Score:
    """Computes every ``.dat`` below ``nist-strd``, or below the folder given."""
    score = Score("nist", 0, 0, extra={"lre": {}, "sixty_digits": [], "seconds": 0.0})
    root = folders.of_suite(data, "nist-strd")
    begun = time.process_time()
    for file in folders.files(root, ".dat"):
        problem = folders.told(lambda file=file: check(file, score), str)
        score.total += 1
        score.passed += problem is None
        if problem is not None:
            score.failed.append(f"{file.stem}: {problem}")
    score.extra["seconds"] = round(time.process_time() - begun, 1)
    return score


def check(file: Path, score: Score) -> str | None:
    """What is wrong with the numbers of a set; None where it passes."""
    one = read(file.read_text(encoding="ascii"))
    text = "\n".join(one.lines[:60])
    if re.search(r"Nonlinear Least Squares", text):
        found, digits = fitted(one, start=2)
        wanted = WANTED["nonlinear"]
    elif re.search(r"Linear Least Squares", text):
        found, digits = regressed(one)
        wanted = WANTED[one.level]
    elif re.search(r"Analysis of Variance", text):
        found, digits = varied(one), 50
        wanted = WANTED[one.level]
    elif re.search(r"Summary Statistics|Univariate", text):
        found, digits = summarised(one), 50
        wanted = WANTED[one.level]
    else:
        raise ValueError("the head names no procedure known here")
    worst = min(found, key=lambda name: found[name])
    score.extra["lre"][file.stem] = round(found[worst], 1)
    if digits == 60:
        score.extra["sixty_digits"].append(file.stem)
    return None if found[worst] >= wanted else f"{worst} has LRE {found[worst]:.1f}, below {wanted:.0f}"


def read(text: str) -> DataSet:
    """A file's lines and data."""
    lines = text.splitlines()
    first, last = DataSet(lines, []).span("Data")
    rows = [[number(part) for part in line.split()] for line in lines[first - 1 : last] if line.strip()]
    if not rows:
        raise ValueError("there are no data")
    return DataSet(lines, rows)


def number(text: str) -> Decimal:
    """A number as Fortran writes it."""
    return Decimal(re.sub("[dD]", "E", text))


def numbers(text: str) -> list[str]:
    """The numbers of a line that stand by themselves."""
    return re.findall(rf"(?<![\w.])(?:{NUMBER}|Infinity)(?![\w.])", text)


def lre(found: Decimal | None, certified: str) -> float:
    """The log relative error, at most the digits that are certified."""
    if certified == "Infinity":
        return 15.0 if found is not None and found.is_infinite() else 0.0
    wanted = number(certified)
    most = float(len(re.sub(r"[eEdD].*|^[-+]?0*\.?0*|\.", "", certified)) or 15)
    if found is None or not found.is_finite():
        return 0.0
    error = abs(found - wanted) / (abs(wanted) or 1)
    return min(15.0 if not wanted else max(most, 10.0), -math.log10(error)) if error else 15.0


def after(lines: list[str], pattern: str) -> list[str]:
    """The numbers behind the first line part that fits."""
    for line in lines:
        if found := re.search(pattern, line):
            return numbers(line[found.end() :])
    raise ValueError(f"no line with {pattern}")


def summarised(one: DataSet) -> dict[str, float]:
    """Univariate statistics."""
    lines = one.certified()
    got = summaries.summary([row[0] for row in one.rows])
    return {
        "mean": lre(got.mean, after(lines, r"ybar:")[0]), "deviation": lre(got.deviation, after(lines, r"\bs:")[0]),
        "autocorrelation": lre(got.autocorrelation, after(lines, r"r\(1\):")[0]),
    }  # fmt: skip


def varied(one: DataSet) -> dict[str, float]:
    """One-way analysis of variance."""
    groups: dict[Decimal, list[Decimal]] = {}
    for treatment, response in one.rows:
        groups.setdefault(treatment, []).append(response)
    got = variance.one_way(list(groups.values()))
    lines = one.lines[:60]
    between, within = after(lines, r"^Between \w+"), after(lines, r"^Within \w+")
    return {
        "between": lre(got.between_squares, between[1]), "between mean": lre(got.between_mean, between[2]),
        "F": lre(got.f, between[3]), "within": lre(got.within_squares, within[1]),
        "within mean": lre(got.within_mean, within[2]),
        "R squared": lre(got.r_squared, after(lines, r"Certified R-Squared")[0]),
        "deviation": lre(got.deviation, after(lines, r"^\s*Standard Deviation")[0]),
    }  # fmt: skip


def regressed(one: DataSet) -> tuple[dict[str, float], int]:
    """Linear regression: ``Bi`` multiplies the i-th predictor, or the i-th power of the only one; ``B0`` is the
    constant.
    """
    lines = one.certified()
    certified = {
        int(found[1]): numbers(line[found.end() :]) for line in lines if (found := re.match(r"\s*B(\d+)\s", line))
    }
    powers = [index for index in sorted(certified) if index]
    single = len(one.rows[0]) == 2
    columns = [[row[1] ** index if single else row[index] for row in one.rows] for index in powers]
    got = least_squares.linear(columns, [row[0] for row in one.rows], constant=0 in certified)
    found = {}
    for place, index in enumerate(sorted(certified)):
        found[f"B{index}"] = lre(got.coefficients[place], certified[index][0])
        found[f"error of B{index}"] = lre(got.errors[place] if got.errors else None, certified[index][1])
    regression, residual = after(lines, r"^Regression"), after(lines, r"^Residual(?=\s+\d)")
    found |= {
        "deviation": lre(got.deviation, after(lines, r"^\s*Standard Deviation(?=\s+[\d.])")[0]),
        "R squared": lre(got.r_squared, after(lines, r"R-Squared")[0]),
        "regression": lre(got.regression_squares, regression[1]), "F": lre(got.f, regression[3]),
        "residual": lre(got.residual_squares, residual[1]),
    }  # fmt: skip
    return found, got.digits


def fitted(one: DataSet, *, start: int) -> tuple[dict[str, float], int]:
    """Nonlinear regression from one of the two starts."""
    of_response, model, constants = formula(one.lines)
    rows = {
        found[1]: numbers(line[found.end() :])
        for line in one.certified() if (found := re.match(r"\s*(b\d+)\s*=", line))
    }  # fmt: skip
    header = next(line for line in one.lines if re.match(r"Data:\s+y\s", line)).split()[1:]
    data = {name: [row[at] for row in one.rows] for at, name in enumerate(header)}
    for name, value in constants.items():
        model = re.sub(rf"\b{name}\b", value, model)
    response = data.pop("y")
    got = nonlinear.fit(
        model, response, data, {name: number(row[start - 1]) for name, row in rows.items()}, of_response=of_response
    )
    found = {}
    for name, row in rows.items():
        found[name] = lre(got.parameters[name], row[2])
        found[f"error of {name}"] = lre(got.errors[name] if got.errors else None, row[3])
    text = one.lines
    found["residual"] = lre(got.residual_squares, after(text, r"Residual Sum of Squares:")[0])
    found["deviation"] = lre(got.deviation, after(text, r"Residual Standard Deviation:")[0])
    return found, got.digits


def formula(lines: list[str]) -> tuple[str, str, dict[str, str]]:
    """What is modelled of ``y``, the model, and the constants the file names (pi)."""
    first = next(at for at, line in enumerate(lines) if line.startswith("Model:"))
    last = next(at for at, line in enumerate(lines) if at > first and re.match(r"\s*Start(ing)? [Vv]alues", line))
    constants = {"pi": "3.141592653589793238462643383279502884197169399375105820974944592"}
    text = ""
    for line in lines[first + 1 : last]:
        if found := re.match(rf"\s*(\w+)\s*=\s*({NUMBER})\s*$", line):
            constants[found[1]] = found[2]
        elif text or re.match(r"\s*(y|log\[y\])\s*=", line):
            text += " " + line.strip()
    left, _equals, right = text.partition("=")
    model = re.sub(r"\+\s*e\s*$", "", right.strip())
    return ("" if left.strip() == "y" else left.strip().replace("[", "(").replace("]", ")")), model, constants
