"""Which of many probable pairs hold together: one to one where no source has duplicates, groups elsewhere."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Places = tuple[NDArray[np.int64], NDArray[np.int64]]

_SEVERAL = 0.1
"""Share of the linked records with several probable partners, up to which sources count as free of duplicates."""


def are_duplicate_free(pairs: Places, probable: NDArray[np.int64]) -> bool:
    """Whether hardly a record has several probable partners: an entity that stands twice is found twice."""
    for side in pairs:
        partners = np.unique(side[probable], return_counts=True)[1]
        if (partners > 1).sum() > _SEVERAL * len(partners):
            return False
    return True


def best_together(pairs: Places, bits: NDArray[np.float64], probable: NDArray[np.int64]) -> NDArray[np.int64]:
    """The pairs, each record in one at most, whose bits are the highest together: an assignment per connected group."""
    from scipy.optimize import linear_sum_assignment

    if not len(probable):
        return probable
    kept: list[int] = []
    for group in _groups(pairs, probable):
        rows = {place: number for number, place in enumerate(sorted({int(pairs[0][one]) for one in group}))}
        columns = {place: number for number, place in enumerate(sorted({int(pairs[1][one]) for one in group}))}
        gain = np.zeros((len(rows), len(columns)))
        at: dict[tuple[int, int], int] = {}
        for one in group:
            cell = rows[int(pairs[0][one])], columns[int(pairs[1][one])]
            gain[cell], at[cell] = max(float(bits[one]), 1e-9), one
        chosen = zip(*linear_sum_assignment(gain, maximize=True), strict=True)
        kept += [at[cell] for row, column in chosen if (cell := (int(row), int(column))) in at]
    return np.array(sorted(kept), dtype=np.int64)


def _groups(pairs: Places, probable: NDArray[np.int64]) -> list[list[int]]:
    shift = int(pairs[0].max()) + 1
    labels = _components(pairs[0][probable], pairs[1][probable] + shift)
    groups: dict[int, list[int]] = {}
    for one, label in zip(probable.tolist(), labels[pairs[0][probable]].tolist(), strict=True):
        groups.setdefault(label, []).append(one)
    return list(groups.values())


def _components(one: NDArray[np.int64], other: NDArray[np.int64]) -> NDArray[np.int64]:
    from scipy import sparse
    from scipy.sparse.csgraph import connected_components

    size = int(max(one.max(), other.max())) + 1
    graph = sparse.coo_matrix((np.ones(len(one)), (one, other)), shape=(size, size))
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)


def hangs_together(pairs: Places, chances: NDArray[np.float64], least: float) -> Places:
    """All pairs within groups of records that probable pairs tie together."""
    probable = chances >= least
    if not probable.any():
        return np.empty(0, np.int64), np.empty(0, np.int64)
    labels = _components(pairs[0][probable], pairs[1][probable])
    members: dict[int, list[int]] = {}
    for place in sorted({*pairs[0][probable].tolist(), *pairs[1][probable].tolist()}):
        members.setdefault(int(labels[place]), []).append(place)
    found = [(i, j) for group in members.values() for at, i in enumerate(group) for j in group[at + 1 :]]
    told = np.array(found, dtype=np.int64).reshape(-1, 2)
    return told[:, 0], told[:, 1]
