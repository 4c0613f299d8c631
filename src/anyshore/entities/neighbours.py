"""The most alike texts of two lists by their trigrams, without comparing all with all.

Texts are weighed by TF-IDF over trigrams of letters. Of each text only the rarest trigrams are looked up, until what is
left of it is too light to reach the least similarity by itself (prefix filtering: Bayardo, Ma and Srikant 2007, WWW
131-140): two texts that share none of those cannot be alike enough, so the common trigrams, which would pair nearly all
with all, are never looked up. Of the texts that share some, those that share most of them are compared exactly.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from anyshore.entities.folding import folded
from anyshore.entities.legal_forms import taken_apart

_SPARE = 3
"""Candidates kept per neighbour wanted, before the exact similarity decides."""
_AT_ONCE = 100_000
"""Pairs whose exact similarity is computed at once."""
_THREADS = 2
_SIGNS = 37
"""Letters, digits and the space."""
_CODES = _SIGNS**3
_LETTERS = np.full(128, _SIGNS, dtype=np.uint8)
_LETTERS[[ord(sign) for sign in " 0123456789abcdefghijklmnopqrstuvwxyz"]] = range(_SIGNS)


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of places in two lists with their similarity, all of one length; sorted by the first place.

    Attributes:
        left: places in the first list.
        right: places in the second.
        alike: cosine between 0 and 1.
    """

    left: NDArray[np.int64]
    right: NDArray[np.int64]
    alike: NDArray[np.float64]


def weighed(lists: Sequence[Sequence[str]]) -> list[Any]:
    """Sparse rows of unit length per text of each list, over the trigrams of all lists together.

    Texts are as :func:`anyshore.entities.folding.folded` gives them; a trigram weighs 1 + log of its number in the text
    times the log of its rarity.
    """
    counts = [_counted(texts) for texts in lists]
    texts_with = sum(np.bincount(each.indices, minlength=_CODES) for each in counts)
    rarity = (np.log((1 + sum(map(len, lists))) / (1 + texts_with)) + 1).astype(np.float32)
    for each in counts:
        each.data = (1 + np.log(each.data)) * rarity[each.indices]
        rows = np.repeat(np.arange(each.shape[0]), np.diff(each.indptr))
        length = np.sqrt(np.bincount(rows, weights=each.data.astype(np.float64) ** 2, minlength=each.shape[0]))
        each.data = (each.data / length[rows]).astype(np.float32)
    return counts


def _counted(texts: Sequence[str]) -> Any:
    """Sparse counts of trigrams, a row per text. All texts are one array of letters: no loop over trigrams."""
    from scipy import sparse  # loaded where names are compared in bulk: most of the product does without

    joined = np.frombuffer(("|" + "".join(f" {text} |" for text in texts)).encode("ascii"), dtype=np.uint8)
    letters = _LETTERS[joined].astype(np.int64)
    row = np.cumsum(joined == ord("|")) - 1
    codes = (letters[:-2] * _SIGNS + letters[1:-1]) * _SIGNS + letters[2:]
    inside = (letters[:-2] < _SIGNS) & (letters[1:-1] < _SIGNS) & (letters[2:] < _SIGNS)
    shape = (len(texts), _CODES)
    found = sparse.csr_matrix((np.ones(inside.sum(), np.float32), (row[:-2][inside], codes[inside])), shape=shape)
    found.sum_duplicates()
    return found


def neighbours(left: Any, right: Any, most: int, least: float) -> Pairs:
    """For each row of the left matrix the most similar rows of the right one.

    Args:
        left: sparse rows of unit length, as :func:`weighed` gives them.
        right: the same over the same columns.
        most: neighbours per row, at most.
        least: similarity of a neighbour, at least.
    """
    from sparse_dot_topn import sp_matmul_topn

    frequency = np.bincount(left.indices, minlength=_CODES) + np.bincount(right.indices, minlength=_CODES)
    one, other = _prefix(left, frequency, least), _prefix(right, frequency, least)
    found = sp_matmul_topn(one, other.T.tocsr(), top_n=_SPARE * most, n_threads=_THREADS)
    rows, columns = np.repeat(np.arange(found.shape[0]), np.diff(found.indptr)), found.indices.astype(np.int64)
    alike = exact(left, right, rows, columns)
    enough = alike >= least
    rows, columns, alike = rows[enough], columns[enough], alike[enough]
    order = np.lexsort((columns, -alike, rows))
    order = order[_rank(rows[order]) < most]
    return Pairs(rows[order], columns[order], alike[order])


def exact(left: Any, right: Any, rows: NDArray[np.int64], columns: NDArray[np.int64]) -> NDArray[np.float64]:
    """The cosine of each pair of rows."""
    alike = np.empty(len(rows))
    for at in range(0, len(rows), _AT_ONCE):
        several = slice(at, at + _AT_ONCE)
        alike[several] = np.asarray(left[rows[several]].multiply(right[columns[several]]).sum(axis=1)).ravel()
    return np.minimum(alike, 1.0)


def _prefix(rows: Any, frequency: NDArray[np.int64], least: float) -> Any:
    """The rows with only their rarest columns: what is left out of each is shorter than the least similarity."""
    row = np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))
    order = np.lexsort((rows.indices, frequency[rows.indices], row))
    squares = rows.data[order].astype(np.float64) ** 2
    before = np.cumsum(squares) - squares
    starts = np.append(before, 0.0)[np.minimum(rows.indptr[:-1], len(before))]
    rest = 1.0 - (before - np.repeat(starts, np.diff(rows.indptr)))
    kept = rows.copy()
    kept.data[order[rest < least**2]] = 0
    kept.eliminate_zeros()
    return kept


def _rank(rows: Any) -> Any:
    """The place of each within its group; groups stand together."""
    starts = np.flatnonzero(np.r_[True, rows[1:] != rows[:-1]]) if len(rows) else np.zeros(0, dtype=int)
    return np.arange(len(rows)) - np.repeat(starts, np.diff(np.r_[starts, len(rows)]))


def mutual_best(pairs: Pairs) -> Iterator[tuple[int, int, float]]:
    """The pairs of which each is the other's most similar."""
    best_left: dict[int, tuple[float, int]] = {}
    best_right: dict[int, tuple[float, int]] = {}
    told = list(zip(pairs.left.tolist(), pairs.right.tolist(), pairs.alike.tolist(), strict=True))
    for one, other, alike in told:
        best_left[one] = max(best_left.get(one, (-1.0, 0)), (alike, -other))
        best_right[other] = max(best_right.get(other, (-1.0, 0)), (alike, -one))
    for one, other, alike in told:
        if best_left[one] == (alike, -other) and best_right[other] == (alike, -one):
            yield one, other, alike


def match_names(left: Sequence[str], right: Sequence[str], least: float = 0.5) -> list[tuple[int, int, float]]:
    """Pairs of two lists of company names that are each other's most alike, legal forms left aside.

    These are candidates: :func:`anyshore.entities.names.compare` says of each whether it is one company, and why.

    Returns:
        (place in the first, place in the second, cosine).
    """
    bare = [[" ".join(taken_apart(folded(name).split()).words) for name in names] for names in (left, right)]
    one, other = weighed(bare)
    return list(mutual_best(neighbours(one, other, 3, least)))
