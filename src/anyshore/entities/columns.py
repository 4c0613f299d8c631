"""What kind of values a column holds, and how alike two values of it are, in levels from no agreement to the same.

The kind is found in the values, not in the column's name: codes (digits), categories (few different values), words (a
name) and texts (several words). How much a level speaks for one entity is learnt from the records (``linkage``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from anyshore.entities.folding import folded
from anyshore.entities.neighbours import exact, weighed

_CODE = 0.9
"""Share of values with a digit in each word that makes a column one of codes."""
_FEW = 0.02
"""Different values per record of a column of categories, at most."""
_MOST_CATEGORIES = 60
_TEXT = 2.5
"""Words per value of a column of texts, at least."""
_SHARED = 0.5
"""Share of categories that both sources write alike; with less, which category goes with which is learnt."""
_CLOSE, _NEAR = 0.92, 0.8
"""Jaro-Winkler similarities of words that are spelt alike, and nearly."""
_COSINES = (0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 0.97)


class Kind(StrEnum):
    """What a column holds."""

    CODE = "code"
    CATEGORY = "category"
    WORD = "word"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Column:
    """The values of one column in both sources.

    Attributes:
        name: as in the file's head.
        kind: of its values.
        left: folded values of the first source, empty where there is none.
        right: of the second; the same list where a source is compared with itself.
    """

    name: str
    kind: Kind
    left: tuple[str, ...]
    right: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far each pair agrees in a column.

    Attributes:
        column: its name.
        levels: what each number in ``level`` says.
        level: one number per pair; −1 where a value is missing.
        order: how much each level should say before anything is learnt: 0 nothing agrees, 1 all does.
    """

    column: str
    levels: tuple[str, ...]
    level: NDArray[np.int64]
    order: tuple[float, ...]


def column(name: str, left: Sequence[str], right: Sequence[str]) -> Column:
    """Folds a column's values and finds its kind."""
    one = tuple(map(folded, left))
    other = one if right is left else tuple(map(folded, right))
    return Column(name, _kind([value for value in (*one, *other) if value]), one, other)


def _kind(values: Sequence[str]) -> Kind:
    if not values:
        return Kind.WORD
    coded = sum(all(any(map(str.isdigit, word)) for word in value.split()) for value in values)
    if coded >= _CODE * len(values):
        return Kind.CODE
    different = len(set(values))
    if different <= min(max(_FEW * len(values), 2), _MOST_CATEGORIES):
        return Kind.CATEGORY
    return Kind.TEXT if sum(len(value.split()) for value in values) >= _TEXT * len(values) else Kind.WORD


def agreement(of: Column, left: NDArray[np.int64], right: NDArray[np.int64], beside: Sequence[Column]) -> Agreement:
    """The level of each pair.

    Args:
        of: the column.
        left: places in the first source, one per pair.
        right: places in the second.
        beside: all columns: a word that stands in another column of words says something, too.
    """
    pairs = list(zip(left.tolist(), right.tolist(), strict=True))
    if of.kind == Kind.CATEGORY:
        return _of_categories(of, pairs)
    if of.kind == Kind.TEXT:
        return _of_texts(of, left, right)
    frequency = Counter((*of.left, *(() if of.right is of.left else of.right)))
    usual = np.median([frequency[of.left[i]] for i, j in pairs if of.left[i] and of.left[i] == of.right[j]] or [1])
    close = _codes if of.kind == Kind.CODE else _words
    others = [each for each in beside if each.kind == of.kind and each is not of and of.kind == Kind.WORD]
    level = np.full(len(pairs), -1, dtype=np.int64)
    for number, (i, j) in enumerate(pairs):
        one, other = of.left[i], of.right[j]
        if not one or not other:
            continue
        if one == other:
            level[number] = 5 if frequency[one] <= usual else 4
        else:
            level[number] = close(one, other)
            if level[number] < 2 and any(one == each.right[j] or other == each.left[i] for each in others):
                level[number] = 3
    names = (
        "differs",
        "a little alike",
        "nearly the same",
        "stands in another column",
        "the same",
        "the same and rare",
    )
    return Agreement(of.name, names, level, (0.0, 0.3, 0.7, 0.8, 0.9, 1.0))


def _codes(one: str, other: str) -> int:
    from rapidfuzz.distance import OSA  # loaded with the first pair compared

    if min(len(one), len(other)) < 3:
        return 0
    distance = int(OSA.distance(one, other))
    return 2 if distance == 1 else 1 if distance == 2 and len(one) > 4 else 0


def _words(one: str, other: str) -> int:
    from rapidfuzz.distance import JaroWinkler

    alike = JaroWinkler.similarity(one, other)
    return 2 if alike >= _CLOSE else 1 if alike >= _NEAR else 0


def _of_texts(of: Column, left: NDArray[np.int64], right: NDArray[np.int64]) -> Agreement:
    one, other = weighed([of.left, of.right])
    alike = exact(one, other, left, right)
    level = np.searchsorted(np.array(_COSINES), alike, side="right").astype(np.int64)
    there = np.array([bool(value) for value in of.left])[left] & np.array([bool(value) for value in of.right])[right]
    level[~there] = -1
    names = ("differs", *(f"at least {least:.0%} alike" for least in _COSINES))
    return Agreement(of.name, names, level, tuple(np.linspace(0, 1, len(names)).tolist()))


def _of_categories(of: Column, pairs: Sequence[tuple[int, int]]) -> Agreement:
    ours, theirs = set(of.left) - {""}, set(of.right) - {""}
    level = np.full(len(pairs), -1, dtype=np.int64)
    if len(ours & theirs) >= _SHARED * min(len(ours), len(theirs)):
        for number, (i, j) in enumerate(pairs):
            if of.left[i] and of.right[j]:
                level[number] = of.left[i] == of.right[j]
        return Agreement(of.name, ("differs", "the same"), level, (0.0, 1.0))
    known: dict[tuple[str, str], int] = {}
    for number, (i, j) in enumerate(pairs):
        if of.left[i] and of.right[j]:
            level[number] = known.setdefault((of.left[i], of.right[j]), len(known))
    return Agreement(of.name, tuple(f"{a} and {b}" for a, b in known), level, (0.5,) * len(known))
