"""Pairs of records worth comparing: those with much text in common, and those that share a rare value."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from anyshore.entities.columns import Column, Kind
from anyshore.entities.neighbours import neighbours, weighed

_NEIGHBOURS = 10
_ALIKE = 0.15
"""Similarity of whole records, at least; what is compared closer must be found first."""
_RARE = 12
"""Records that share a value, at most, for the value alone to make them candidates."""


def candidates(columns: Sequence[Column], *, same: bool) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Places in the first and in the second source, one per pair, sorted.

    Args:
        columns: of both sources.
        same: whether the two are one source: then the first place of each pair is the smaller.
    """
    whole = [[" ".join(filter(None, values)) for values in zip(*(getattr(each, side) for each in columns), strict=True)]
             for side in ("left", "right")]  # fmt: skip
    one, other = weighed(whole)
    found = neighbours(one, other, _NEIGHBOURS + same, _ALIKE)
    pairs = set(zip(found.left.tolist(), found.right.tolist(), strict=True))
    if not same:
        back = neighbours(other, one, _NEIGHBOURS, _ALIKE)
        pairs |= set(zip(back.right.tolist(), back.left.tolist(), strict=True))
    for each in columns:
        if each.kind != Kind.CATEGORY:
            pairs |= _sharing(each)
    if same:
        pairs = {(min(pair), max(pair)) for pair in pairs if pair[0] != pair[1]}
    ordered = np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2)
    return ordered[:, 0], ordered[:, 1]


def _sharing(each: Column) -> set[tuple[int, int]]:
    holders: dict[str, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for side, values in enumerate((each.left, each.right)):
        for place, value in enumerate(values):
            if value:
                holders[value][side].append(place)
    return {
        (i, j) for left, right in holders.values() if max(len(left), len(right)) <= _RARE for i in left for j in right
    }
