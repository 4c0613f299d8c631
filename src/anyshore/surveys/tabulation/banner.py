"""Tables of questions by the columns of a banner, weighted, with bases and letters of significance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from anyshore.base.errors import DataError
from anyshore.surveys.tabulation import letters
from anyshore.surveys.tabulation.questions import Column, Flags, Floats, Question

TOTAL = "Total"


@dataclass(frozen=True, slots=True)
class Options:
    """How tables are made.

    Attributes:
        suppressed_below: cases (not weighted) below which a column is left blank and compared with none.
        low_below: cases below which a column is marked as low.
        confidence: levels of the letters: upper-case letters, and lower-case ones for the second.
    """

    suppressed_below: int = 30
    low_below: int = 75
    confidence: tuple[float, ...] = (0.95, 0.90)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table.

    Attributes:
        kind: ``answer``, ``net`` or ``mean``.
        label: its name.
        values: shares of the base, or means, per column; NaN where suppressed or nobody is.
        counts: weighted, per column; NaN for means.
        letters: of the columns a column is significantly above, per column.
    """

    kind: str
    label: str
    values: Floats
    counts: Floats
    letters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table: the first column is the total.

    Attributes:
        name: of the question.
        label: the question.
        columns: labels.
        heads: the group of each column; empty for the total.
        marks: the letter of each column; empty for the total.
        cases: base, not weighted.
        weighted: base, weighted.
        effective: base after weighting (Kish).
        suppressed: columns left blank.
        low: columns marked.
        rows: answers, nets, mean.
        test: what the letters rest on, in words.
    """

    name: str
    label: str
    columns: tuple[str, ...]
    heads: tuple[str, ...]
    marks: tuple[str, ...]
    cases: Floats
    weighted: Floats
    effective: Floats
    suppressed: Flags
    low: Flags
    rows: tuple[Row, ...]
    test: str

    def row(self, label: str) -> Row:
        """A row by its label.

        Raises:
            DataError: there is none.
        """
        found = next((row for row in self.rows if row.label == label), None)
        if found is None:
            raise DataError("survey.row", f"The table {self.name} has no row {label!r}.", hint="Check its label.")
        return found


def tables(
    questions: Sequence[Question], banner: Sequence[Column], weights: ArrayLike | None = None,
    options: Options | None = None,
) -> list[Table]:  # fmt: skip
    """A table for each question.

    Args:
        questions: the rows; all over the same cases.
        banner: the columns beside the total.
        weights: per case; 1 where left out.
        options: of suppression and tests.

    Raises:
        DataError: questions, banner and weights are of different cases.
    """
    if not questions:
        return []
    cases = len(questions[0].asked)
    own = np.ones(cases) if weights is None else np.asarray(weights, dtype=float)
    lengths = {cases, len(own), *(len(one.asked) for one in questions), *(len(one.cases) for one in banner)}
    if len(lengths) > 1:
        raise DataError(
            "survey.columns", "Questions, columns and weights are of different cases.", hint="Use one file."
        )
    members = np.stack([np.ones(cases, dtype=bool), *(one.cases for one in banner)], axis=1).astype(float)
    crossed = _Crossed(members, members * own[:, None], members * (own**2)[:, None])
    groups = _groups(banner)
    overlapping = letters.overlapping(members, groups)
    return [_table(question, banner, crossed, groups, overlapping, options or Options()) for question in questions]


@dataclass(frozen=True, slots=True)
class _Crossed:
    """Cases × columns: who is in it, their weights, and the squares of these."""

    members: Floats
    weights: Floats
    squares: Floats


def _groups(banner: Sequence[Column]) -> list[list[int]]:
    """Places of the columns that are compared with each other; 0 is the total, which is compared with none."""
    found: dict[str, list[int]] = {}
    for place, column in enumerate(banner, 1):
        found.setdefault(column.head, []).append(place)
    return list(found.values())


def _table(
    question: Question, banner: Sequence[Column], crossed: _Crossed, groups: list[list[int]],
    overlapping: bool, options: Options,
) -> Table:  # fmt: skip
    asked = question.asked.astype(float)
    cases, weighted, squared = asked @ crossed.members, asked @ crossed.weights, asked @ crossed.squares
    effective = np.divide(weighted**2, squared, out=np.zeros_like(weighted), where=squared > 0)
    suppressed = cases < options.suppressed_below
    shared = _shared(asked, crossed) if overlapping else None
    bases = letters.Bases(effective, suppressed | (weighted <= 0), groups, shared)
    rows = [*_shares(question, crossed, weighted, bases, options), *_means(question, crossed, bases, options)]
    return Table(
        question.name, question.label, (TOTAL, *(one.label for one in banner)), ("", *(one.head for one in banner)),
        ("", *letters.marks(len(banner))), cases, weighted, effective, suppressed,
        ~suppressed & (cases < options.low_below), tuple(rows),
        letters.named(options.confidence, overlapping=overlapping),
    )  # fmt: skip


def _shared(asked: Floats, crossed: _Crossed) -> Floats:
    """Effective bases of the cases that two columns share."""
    inside = crossed.members * asked[:, None]
    weighted, squared = inside.T @ crossed.weights, inside.T @ crossed.squares
    return np.divide(weighted**2, squared, out=np.zeros_like(weighted), where=squared > 0)


def _shares(
    question: Question, crossed: _Crossed, weighted: Floats, bases: letters.Bases, options: Options
) -> list[Row]:
    if not question.answers:
        return []
    counts = question.chosen.T @ crossed.weights
    labelled = [("answer", label, counts[number]) for number, label in enumerate(question.answers)]
    for label, places in question.nets.items():
        anyone = np.asarray(question.chosen[:, list(places)].sum(axis=1)).ravel() > 0
        labelled.append(("net", label, anyone.astype(float) @ crossed.weights))
    shares = np.stack([count for _, _, count in labelled])
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = shares / weighted
    shares[:, bases.out] = np.nan
    found = letters.of_shares(shares, bases, options.confidence)
    return [
        Row(kind, label, share, np.where(bases.out, np.nan, count), own)
        for (kind, label, count), share, own in zip(labelled, shares, found, strict=True)
    ]


def _means(question: Question, crossed: _Crossed, bases: letters.Bases, options: Options) -> list[Row]:
    if question.values is None:
        return []
    there = ~np.isnan(question.values) & question.asked
    values, answered = np.where(there, question.values, 0.0), there.astype(float)
    weight, squares = answered @ crossed.weights, answered @ crossed.squares
    with np.errstate(invalid="ignore", divide="ignore"):
        means = values @ crossed.weights / weight
        effective = weight**2 / squares
        spread = np.maximum(values**2 @ crossed.weights / weight - means**2, 0.0)
        spread = spread * effective / (effective - 1)
    out = bases.out | ~np.isfinite(spread)
    means[bases.out] = np.nan
    own = letters.Bases(np.where(out, 0.0, effective), out, bases.groups, bases.shared)
    nothing = np.full(len(means), np.nan)
    return [Row("mean", "Mean", means, nothing, letters.of_means(means, spread, own, options.confidence))]
