"""Questions as a table counts them, and the columns of a banner."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from anyshore.base.errors import DataError

Floats: TypeAlias = NDArray[np.float64]
Flags: TypeAlias = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Question:
    """What a table has in its rows.

    Attributes:
        name: short.
        label: the question.
        answers: labels of the rows.
        chosen: cases × answers, sparse: 1 where a case gave the answer.
        asked: cases that count in the base.
        nets: answers taken together, by label: a case counts once.
        values: a number per case for the mean, NaN where there is none; None for no mean.
    """

    name: str
    label: str
    answers: tuple[str, ...]
    chosen: Any
    asked: Flags
    nets: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    values: Floats | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a banner.

    Attributes:
        head: the group it is compared within.
        label: its name; of nested heads joined by ›.
        cases: who is in it.
    """

    head: str
    label: str
    cases: Flags


def single(
    name: str, label: str, codes: ArrayLike, answers: Sequence[str], *, asked: Flags | None = None,
    nets: Mapping[str, Sequence[str]] | None = None, scores: Sequence[float] | None = None,
) -> Question:  # fmt: skip
    """A question with one answer.

    Args:
        name: short.
        label: the question.
        codes: number of the answer per case, from 0; below 0 where there is none.
        answers: their labels.
        asked: the base; those who answered where left out.
        nets: labels of answers taken together.
        scores: what each answer counts in the mean, NaN for none ("does not know").

    Raises:
        DataError: a code has no label, or a net names an answer there is not.
    """
    numbers = np.asarray(codes, dtype=np.int64)
    if len(numbers) and int(numbers.max()) >= len(answers):
        raise DataError("survey.code", f"A code of {name} has no label.", hint="Name every answer.")
    there = numbers >= 0
    starts = np.concatenate([[0], np.cumsum(there)])
    shape = (len(numbers), len(answers))
    chosen = sparse.csr_matrix((np.ones(int(there.sum())), numbers[there], starts), shape=shape)
    base = there if asked is None else asked
    values = None if scores is None else np.where(there, np.append(scores, np.nan)[numbers], np.nan)
    return Question(name, label, tuple(answers), chosen, base, _nets(name, answers, nets), values)


def multiple(
    name: str, label: str, flags: ArrayLike, answers: Sequence[str], *, asked: Flags | None = None,
    nets: Mapping[str, Sequence[str]] | None = None,
) -> Question:  # fmt: skip
    """A question with several answers: ``flags`` is cases × answers; the base is who chose any where left out."""
    matrix = np.asarray(flags, dtype=bool)
    base = np.asarray(matrix.any(axis=1)) if asked is None else asked
    return Question(
        name, label, tuple(answers), sparse.csr_matrix(matrix.astype(float)), base, _nets(name, answers, nets)
    )


def quantity(name: str, label: str, values: ArrayLike, *, asked: Flags | None = None) -> Question:
    """A number, of which a table has the mean."""
    numbers = np.asarray(values, dtype=float)
    base = ~np.isnan(numbers) if asked is None else asked
    return Question(name, label, (), sparse.csr_matrix((len(numbers), 0)), base, {}, numbers)


def head(question: Question, name: str | None = None, within: Sequence[Column] = ()) -> list[Column]:
    """The answers of a question as columns, or nested within columns: each of them by each answer.

    Columns nested in one column are compared with each other.
    """
    title = name or question.label
    flags = np.asarray(question.chosen.toarray() > 0)
    if not within:
        return [
            Column(title, answer, flags[:, number] & question.asked) for number, answer in enumerate(question.answers)
        ]
    return [
        Column(f"{outer.head} › {outer.label}", f"{outer.label} › {answer}", outer.cases & flags[:, number])
        for outer in within for number, answer in enumerate(question.answers)
    ]  # fmt: skip


def _nets(name: str, answers: Sequence[str], nets: Mapping[str, Sequence[str]] | None) -> dict[str, tuple[int, ...]]:
    found = {}
    for label, members in (nets or {}).items():
        if unknown := [one for one in members if one not in answers]:
            said = f"The net {label!r} of {name} names {unknown[0]!r}."
            raise DataError("survey.net", said, hint=f"Answers: {', '.join(answers)}.")
        found[label] = tuple(list(answers).index(one) for one in members)
    return found
