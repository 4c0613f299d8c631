"""Derives the shipped tables from the O*NET 30.1 database: ``python -m anyshore.sourcing.prior.build FOLDER``.

Judgement of an occupation is a logistic regression on its ratings (job zone, education, skills, work styles),
learnt from ``data/occupations.csv``: occupations whose kind the trade agrees on, rule work or judgement work. A
task's is the mean of its occupation's and of the detailed work activities it is made of, wherever else these occur.
The printed report gives each step's quality with whole occupations left out.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, hstack
from scipy.sparse.linalg import LinearOperator, cg

from anyshore.sourcing.prior import grams, tables
from anyshore.sourcing.prior.words import DATA, rows, tokens

SKILLS = (
    "Reading Comprehension", "Writing", "Mathematics", "Science", "Critical Thinking", "Active Learning",
    "Complex Problem Solving", "Operations Analysis", "Judgment and Decision Making", "Systems Analysis",
    "Systems Evaluation", "Learning Strategies", "Persuasion", "Negotiation", "Service Orientation",
)  # fmt: skip
BOUND = {
    "4.C.2.a.1.b": 1, "4.C.2.a.1.c": 1, "4.C.2.a.1.d": 1, "4.C.2.a.3": 2, "4.C.2.b.1.d": 1, "4.C.2.b.1.e": 1,
    "4.C.2.c.1.e": 1, "4.C.2.c.1.f": 1, "4.C.2.d.1.b": 2, "4.C.2.d.1.d": 2, "4.C.2.d.1.g": 1, "4.C.2.e.1.d": 1,
    "4.C.1.a.2.h": -2, "4.C.2.d.1.a": -2,
}  # fmt: skip
"""Work context (0–100) that ties work to a place, with its weight: proximity, standing and walking, outdoors,
contaminants, equipment; against it e-mail and sitting."""
ROUTINE = {"4.C.3.b.7": 1, "4.C.3.b.4": 1, "4.C.3.b.8": -1}
"""Routine cognitive work: repeating the same tasks, being exact, structured work (Acemoglu & Autor 2011)."""
RIDGE = 2.0
_CLIP = 3.0
_SMOOTHING = 4
_LABELLED = 0.9


def main() -> int:
    """Builds, prints the report, writes."""
    source = Path(sys.argv[1])
    found, report = build(source)
    np.savez_compressed(tables.SHIPPED, **tables.packed(found))  # type: ignore[arg-type]
    for line in (*report, f"{tables.SHIPPED.name}: {tables.SHIPPED.stat().st_size:,} bytes"):
        print(line)
    return 0


def build(source: Path) -> tuple[tables.Tables, list[str]]:
    """The tables from the folder, and the lines of the report."""
    titles = {row["O*NET-SOC Code"]: row["Title"] for row in rows(source / "Occupation Data.txt")}
    labels = _labels()
    features = _features(source)
    tasks = list(rows(source / "Task Statements.txt"))
    kinds = {code: label == "judgement" for code, label in labels["kind"].items()}
    judgement, report = _occupations(features, kinds)
    judgement |= _unrated({row["O*NET-SOC Code"] for row in tasks} - judgement.keys(), judgement, kinds)
    context = _context(source)
    bound = _ranked({code: _weighed(row, BOUND) for code, row in context.items()})
    routine = _ranked({code: _weighed(row, ROUTINE) for code, row in context.items()})
    report.append(_bound_report(bound, context, {c: y == "bound" for c, y in labels["place"].items()}))
    statements = [row for row in tasks if row["O*NET-SOC Code"] in judgement]
    codes = sorted({row["O*NET-SOC Code"] for row in statements})
    number = {code: at for at, code in enumerate(codes)}
    occupation_of = np.array([number[row["O*NET-SOC Code"]] for row in statements])
    index = grams.index([tokens(row["Task"]) for row in statements])
    leaning = _tasks(source, statements, judgement)
    weights = np.array([1.02 - bound.get(row["O*NET-SOC Code"], 0.5) for row in statements])
    matrix = _matrix(index)
    pull, base = ridge(matrix, leaning, weights)
    placed = _tasks(source, statements, {code: min(max(bound.get(code, 0.5), 0.02), 0.98) for code in judgement})
    place_pull, place_base = ridge(matrix, placed, np.ones(len(placed)))
    report.append(_task_report(matrix, leaning, weights, occupation_of, codes, labels["kind"], "judgement"))
    alike = np.ones(len(placed))
    report.append(_task_report(matrix, placed, alike, occupation_of, codes, labels["place"], "bound"))
    occupations = tuple(
        tables.Occupation(code, titles[code], judgement[code], bound.get(code), routine.get(code)) for code in codes
    )
    found = tables.Tables(
        tuple(row["Task"] for row in statements), occupation_of, leaning, tables.Pull(pull, base),
        tables.Pull(place_pull, place_base), occupations, index,
    )  # fmt: skip
    return found, report


def ridge(
    matrix: Any, target: NDArray[np.float64], weights: NDArray[np.float64], penalty: float = RIDGE
) -> tuple[NDArray[np.float64], float]:
    """Weighted ridge regression in its dual form.

    Args:
        matrix: texts × columns, so that ``matrix @ matrix.T`` are twice the similarities.
        target: of each text.
        weights: of each text.
        penalty: on the squared coefficients.

    Returns:
        each text's coefficient on its similarity, and the constant.
    """
    base = float(np.average(target, weights=weights))
    size = matrix.shape[1]
    columns = matrix.T.tocsr()

    def normal(vector: NDArray[np.float64]) -> Any:  # the product itself would be dense
        return columns @ (weights * (matrix @ vector)) + penalty * vector

    wanted = LinearOperator((size, size), matvec=normal, dtype=np.float64)
    coefficients, failed = cg(wanted, columns @ (weights * (target - base)), rtol=1e-5, maxiter=500)
    if failed:
        raise ArithmeticError("The regression did not converge.")
    # Primal to dual: w = X' a with a = D (y - X w) / penalty; similarities are half of X X'.
    return 2 * weights * (target - base - matrix @ coefficients) / penalty, base


def _matrix(index: grams.Index) -> Any:
    """Texts × all columns of both blocks, so that the product with itself is twice the similarity."""
    pieces = index.by_piece @ csr_array(index.word_pieces * index.piece_weights[None, :])
    return hstack([index.by_word, pieces], format="csr").astype(np.float64)


def _labels() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for row in rows(DATA / "occupations.csv"):
        found[row["set"]][row["code"]] = row["label"]
    return found


def _features(source: Path) -> dict[str, list[float]]:
    """Ratings of every occupation that has all three kinds; single gaps are filled by the mean."""
    zone = {row["O*NET-SOC Code"]: float(row["Job Zone"]) for row in rows(source / "Job Zones.txt")}
    education: dict[str, float] = defaultdict(float)
    for row in rows(source / "Education, Training, and Experience.txt"):
        if row["Scale ID"] == "RL" and row["Data Value"] != "n/a":
            education[row["O*NET-SOC Code"]] += float(row["Data Value"]) * int(row["Category"]) / 100
    skills = _levels(rows(source / "Skills.xlsx"), "LV")
    styles = _levels(rows(source / "Work Styles.txt"), "WI")
    style_names = sorted({name for one in styles.values() for name in one})
    codes = sorted(zone.keys() & skills.keys() & styles.keys())
    rated = [
        [zone[code], education.get(code, np.nan), *(skills[code].get(name, np.nan) for name in SKILLS),
         *(styles[code].get(name, np.nan) for name in style_names)]
        for code in codes
    ]  # fmt: skip
    table = np.array(rated)
    table = np.where(np.isnan(table), np.nanmean(table, axis=0), table)
    table = (table - table.mean(axis=0)) / table.std(axis=0)
    return dict(zip(codes, table.tolist(), strict=True))


def _levels(rated: Iterable[Mapping[str, str]], scale: str) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for row in rated:
        if row["Scale ID"] == scale:
            found[row["O*NET-SOC Code"]][row["Element Name"]] = float(row["Data Value"])
    return found


def _occupations(features: Mapping[str, list[float]], labels: Mapping[str, bool]) -> tuple[dict[str, float], list[str]]:
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import cross_val_predict

    codes = [code for code in features if code in labels]
    x, y = np.array([features[code] for code in codes]), np.array([labels[code] for code in codes])
    model = LogisticRegression(C=0.02, max_iter=1000)
    left_out = cross_val_predict(model, x, y, cv=10, method="predict_proba")[:, 1]
    model.fit(x, y)
    found = model.predict_proba(np.array(list(features.values())))[:, 1]
    report = f"occupations: {len(codes)} labelled, AUC {roc_auc_score(y, left_out):.3f} (left out in tenths)"
    return dict(zip(features, found.tolist(), strict=True)), [report]


def _unrated(codes: set[str], judgement: Mapping[str, float], labels: Mapping[str, bool]) -> dict[str, float]:
    """Judgement of occupations without ratings: by their label, else the mean of the nearest group of the SOC."""
    found = {}
    for code in sorted(codes):
        if code in labels:
            found[code] = _LABELLED if labels[code] else 1 - _LABELLED
            continue
        for digits in (7, 6, 5, 4, 2):  # broad occupation to major group
            near = [value for other, value in judgement.items() if other[:digits] == code[:digits]]
            if near:
                found[code] = float(np.mean(near))
                break
    return found


def _tasks(source: Path, statements: Sequence[Mapping[str, str]], scores: Mapping[str, float]) -> NDArray[np.float64]:
    """Log-odds of each task: mean of its occupation's and of its activities' (detailed, smoothed by the wider ones)."""
    activities: dict[str, list[str]] = defaultdict(list)
    for row in rows(source / "Tasks to DWAs.txt"):
        activities[row["Task ID"]].append(row["DWA ID"])
    own = np.array([np.log(scores[c] / (1 - scores[c])) for c in (row["O*NET-SOC Code"] for row in statements)])
    members: dict[str, list[float]] = defaultdict(list)
    for statement, value in zip(statements, own, strict=True):
        for one in activities[statement["Task ID"]]:
            members[one].append(value)
            members[_wider(one)].append(value)
    out = []
    for statement, value in zip(statements, own, strict=True):
        means = [
            (sum(members[one]) - value + _SMOOTHING * float(np.mean(members[_wider(one)])))
            / (len(members[one]) - 1 + _SMOOTHING)
            for one in activities[statement["Task ID"]]
        ]
        out.append((value + np.mean(means)) / 2 if means else value)
    return np.asarray(np.clip(np.array(out), -_CLIP, _CLIP), np.float64)


def _wider(activity: str) -> str:
    """The intermediate work activity of a detailed one: 4.A.2.a.4.I09.D03 → 4.A.2.a.4.I09."""
    return activity.rsplit(".", 1)[0]


def _context(source: Path) -> dict[str, dict[str, float]]:
    """Work context 0–100 by occupation, only rows recovered from four items."""
    return {
        row["code"]: {name: float(value) for name, value in row.items() if name.startswith("4.C") and value}
        for row in rows(source / "work_context_recovered_by_soc.csv")
        if row["how"].startswith("4item")
    }


def _weighed(row: Mapping[str, float], weights: Mapping[str, int]) -> float:
    return sum(weight * row[item] for item, weight in weights.items()) / sum(map(abs, weights.values()))


def _ranked(scores: Mapping[str, float]) -> dict[str, float]:
    """Scores as shares of occupations below, 0 to 1."""
    ordered = sorted(scores.values())
    return {
        code: round(float(np.searchsorted(ordered, value)) / (len(ordered) - 1), 4) for code, value in scores.items()
    }


def _bound_report(
    bound: Mapping[str, float], context: Mapping[str, Mapping[str, float]], labels: Mapping[str, bool]
) -> str:
    from sklearn.metrics import roc_auc_score

    codes = [code for code in labels if code in bound]
    y = [labels[code] for code in codes]
    ours = roc_auc_score(y, [bound[code] for code in codes])
    alone = roc_auc_score(y, [context[code]["4.C.2.a.3"] for code in codes])
    known = f"{len(codes)} of {len(labels)} labelled known"
    return f"place-bound: {known}, AUC {ours:.3f} (physical proximity alone {alone:.3f})"


def _task_report(
    matrix: Any, leaning: NDArray[np.float64], weights: NDArray[np.float64], occupation_of: NDArray[Any],
    codes: Sequence[str], labels: Mapping[str, str], sought: str,
) -> str:  # fmt: skip
    """How well tasks of labelled occupations are told apart by tasks of the others alone, in five parts."""
    from sklearn.metrics import roc_auc_score

    labelled = [at for at, code in enumerate(codes) if code in labels]
    truth, found, occupation = [], [], []
    for part in range(5):
        out = np.isin(occupation_of, labelled[part::5])
        pull, base = ridge(matrix[~out], leaning[~out], weights[~out])
        score = base + (matrix[out] @ (matrix[~out].T @ pull)) / 2
        truth += [labels[codes[at]] == sought for at in occupation_of[out]]
        occupation += occupation_of[out].tolist()
        found += score.tolist()
    by_task = roc_auc_score(truth, found)
    names = sorted(set(occupation))
    mean = [np.mean([f for f, o in zip(found, occupation, strict=True) if o == name]) for name in names]
    by_occupation = roc_auc_score([labels[codes[name]] == sought for name in names], mean)
    areas = f"AUC {by_task:.3f} a task, {by_occupation:.3f} an occupation"
    return f"tasks ({sought}): {len(truth):,} of {len(names)} occupations left out: {areas}"


if __name__ == "__main__":
    sys.exit(main())
