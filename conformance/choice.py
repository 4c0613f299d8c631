"""Choice models as R's ``clogit`` estimates them: ``choice/expected.json`` and files of the same shape.

A case passes when every coefficient is within 1e-4 (relative above 1), the log-likelihoods within 1e-3, and situations
and counts are equal. A case names its file and says its model in words; what the words and the names of the
coefficients mean is translated here: a column of a long file, an attribute spread over columns of a wide one
(``price.pier``), a constant (``asc_pier``), a person's value for one alternative (``income_pier``), a quotient
(``ic/income``), a unit (``time (hours: /60)``).

python -m conformance.choice [data folder]
"""

from __future__ import annotations

import csv
import math
import re
import sys
from pathlib import Path
from typing import Any

import numpy as np

from anyshore.surveys.choice import logit, maxdiff
from conformance import folders
from conformance.scores import Score

COEFFICIENT, LIKELIHOOD = 1e-4, 1e-3
SITUATIONS = ("choiceid", "obsID", "obsnum", "chid", "case", "idcase", "qid")
CHOSEN = ("choice", "depvar", "mode", "chosen")
Table = dict[str, Any]


def run(data: Path) -> Score:
    """Runs every case of every JSON file below ``choice``, or below the folder given."""
    score = Score("choice", 0, 0)
    root = folders.of_suite(data, "choice")
    for file, number, case in folders.cases(score, folders.files(root, ".json"), folders.json_list):
        name = case.get("case", number) if isinstance(case, dict) else number
        wrong = folders.told(lambda case=case, file=file: check(case, file.parent), str)
        folders.count(score, f"{file.stem} {name}", wrong)
    return score


def check(case: dict[str, Any], folder: Path) -> str:
    """What is wrong with a case; empty where it passes."""
    table = read(folder / case["file"])
    expected = case["coefficients"]
    if "best" in case["model"] and "worst" in case["model"]:
        model, wrong = best_worst(case, table)
    else:
        model, wrong = logit.fit(arranged(case, table)), []
    found = dict(zip(model.names, model.coefficients.tolist(), strict=True))
    if set(found) != set(expected):
        return f"coefficients {sorted(found)} instead of {sorted(expected)}"
    wrong += [
        f"{name} {found[name]} instead of {value}"
        for name, value in expected.items() if abs(found[name] - value) > COEFFICIENT * max(1, abs(value))
    ]  # fmt: skip
    for name, own, value in (
        ("log-likelihood", model.log_likelihood, case["loglik"]),
        ("null log-likelihood", model.log_likelihood_null, case["loglik_null"]),
    ):
        if abs(own - value) > LIKELIHOOD:
            wrong.append(f"{name} {own} instead of {value}")
    if model.situations != case["situations"]:
        wrong.append(f"{model.situations} situations instead of {case['situations']}")
    return "; ".join(wrong)


def best_worst(case: dict[str, Any], table: Table) -> tuple[logit.Model, list[str]]:
    """A MaxDiff case: who, set, item (the column of words) and value."""
    item = next(name for name, column in table.items() if column.dtype.kind != "f")
    names = {_plain(name): name for name in case["coefficients"]}
    items = [names.get(_plain(value), value) for value in table[item]]
    value = table["value"] if "value" in table else table[list(table)[-1]]
    who, block = (table[name] for name in [name for name in table if name != item][:2])
    sets, _ = maxdiff.tasks(zip(who, block, items, value, strict=True))
    bases = sorted(set(items) - set(names.values()))
    counts = {count.item: (count.best, count.worst, count.shown) for count in maxdiff.counted(sets)}
    wrong = []
    for row in (case["extra"] or {}).get("counts", []):
        own = counts.get(names.get(_plain(row["item"]), row["item"]))
        if own != (row["best"], row["worst"], row["shown"]):
            wrong.append(f"counts of {row['item']} {own}")
    return maxdiff.utilities(sets, bases[0] if len(bases) == 1 else None), wrong


def arranged(case: dict[str, Any], table: Table) -> logit.Choices:
    """The choices of a case with a column per coefficient."""
    long = lengthened(table, case["coefficients"])
    for column, value in re.findall(r"(\w+)\s*==?\s*(\w+)", case["model"]):
        if column in long:
            kept = np.array([_text(one) == value for one in long[column]])
            long = {name: values[kept] for name, values in long.items()}
    whole = sum(1 for _ in np.unique(long["situation"]))
    if whole != case["situations"]:  # only people who had all alternatives
        _, number, sizes = np.unique(long["situation"], return_inverse=True, return_counts=True)
        kept = sizes[number] == sizes.max()
        long = {name: values[kept] for name, values in long.items()}
    columns = {name: column_of(name, case["model"], long) for name in case["coefficients"]}
    return logit.choices(columns, long["situation"], long["chosen"])


def lengthened(table: Table, coefficients: dict[str, Any]) -> Table:
    """A row per alternative: as the file stands, or spread over columns by alternative."""
    chosen = next(name for name in CHOSEN if name in table)
    answers = table[chosen]
    if answers.dtype.kind == "f" and set(np.unique(answers)) <= {0.0, 1.0}:
        situation = next(name for name in SITUATIONS if name in table)
        alternative = next((name for name in ("alt", "mode", "altID") if name in table), None)
        names = table[alternative] if alternative else np.zeros(len(answers))
        return table | {"situation": table[situation], "chosen": answers, "alternative": names}
    return _spread(table, [_text(answer) for answer in answers])


def _spread(table: Table, answers: list[str]) -> Table:
    stems: dict[str, dict[str, str]] = {}
    for name in table:
        found = re.fullmatch(r"(.+?)[._](\w+)", name) or re.fullmatch(r"([A-Za-z]+)(\d+)", name)
        if found:
            stems.setdefault(found[1], {})[found[2]] = name
    alternatives = sorted(set(answers))
    stems = {stem: places for stem, places in stems.items() if set(alternatives) <= set(places)}
    alternatives = sorted(set.union(*map(set, stems.values()))) if stems else alternatives
    rows, wide = len(answers), len(alternatives)
    long = {name: np.repeat(column, wide) for name, column in table.items()}
    for stem, places in stems.items():
        long[stem] = np.stack([table[places[one]] for one in alternatives], axis=1).ravel()
    there = np.ones(rows * wide, dtype=bool)
    for stem in stems:
        there &= ~np.isnan(long[stem])
    own = {
        "situation": np.repeat(np.arange(rows), wide),
        "alternative": np.tile(np.array(alternatives, dtype=object), rows),
        "chosen": np.array([float(answer == one) for answer in answers for one in alternatives]),
    }  # fmt: skip
    return {name: values[there] for name, values in (long | own).items()}


def column_of(name: str, model: str, long: Table) -> Any:
    """The values of a coefficient's attribute, in the unit the model says."""
    alternatives = np.array([_text(one) for one in long["alternative"]], dtype=object)
    if name.startswith("asc_"):
        return (alternatives == name[4:]).astype(float)
    if name in long and long[name].dtype.kind == "f":
        return _scaled(long[name], name, model)
    parts = re.fullmatch(r"(.+)[_:.](\w+)", name)
    for variable, alternative in [(parts[1], parts[2]), (parts[2], parts[1])] if parts else []:
        if variable in long and alternative in set(alternatives):
            return np.where(alternatives == alternative, long[variable], 0.0)
    for left, sign, right in re.findall(r"([A-Za-z]\w*)\s*([/*])\s*([A-Za-z]\w*|\d[\d.]*)", model):
        if name.startswith(left) and left in long:
            other = long[right] if right in long else float(right)
            return long[left] / other if sign == "/" else long[left] * other
    found = re.search(rf"\b{re.escape(name)}\s*=\s*(\w+)\s*\+\s*(\w+)\s*/\s*([\d.]+)", model)
    if found:
        return long[found[1]] + long[found[2]] / float(found[3].rstrip("."))
    raise ValueError(f"no column for {name!r}")


def _scaled(values: Any, name: str, model: str) -> Any:
    found = re.search(rf"\b{re.escape(name)} \([^)]*?((?:[/*][\d.]+)+)\)", model)
    for sign, factor in re.findall(r"([/*])([\d.]+)", found[1] if found else ""):
        values = values / float(factor) if sign == "/" else values * float(factor)
    return values


def read(file: Path) -> Table:
    """The columns of a CSV file: numbers, with NaN where empty, or words."""
    with file.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    return {name: _column([row[name] for row in rows]) for name in rows[0]}


def _column(values: list[str]) -> Any:
    try:
        return np.array([float(value) if value not in ("", "NA") else math.nan for value in values])
    except ValueError:
        return np.array(values, dtype=object)


def _text(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _plain(name: Any) -> str:
    return re.sub(r"\W|_", "", str(name)).lower()


if __name__ == "__main__":
    result = run(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data"))
    result.print()
    sys.exit(bool(result.failed))
