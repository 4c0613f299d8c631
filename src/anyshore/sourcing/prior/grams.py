"""Texts as weighted counts: words and pairs of words, and pieces of words of three to five letters.

The weights are those of TF-IDF with smoothed inverse document frequency, ``ln((1 + n) / (1 + df)) + 1``, rows of length
one (Salton & Buckley 1988, as scikit-learn computes them). Pieces are taken within words, one blank on either side; a
text's pieces are the sum of its words' pieces, so that a table of words serves for all texts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

Matrix = Any  # scipy.sparse.csr_array; scipy has no types of its own
PIECES = (3, 4, 5)


def pieces(word: str) -> list[str]:
    """The pieces of a word, one blank on either side."""
    padded = f" {word} "
    return [padded[at : at + size] for size in PIECES for at in range(len(padded) - size + 1)]


@dataclass(frozen=True, slots=True)
class Index:
    """Texts ready to be compared with.

    Attributes:
        words: word → number.
        pairs: first word's number × 65,536 + second's → number behind those of the words.
        pieces: piece of a word → number.
        counts: texts × (words, then pairs): how often.
        word_pieces: words × pieces: how often.
        word_weights: idf of words and pairs.
        piece_weights: idf of the pieces.
        lengths: of each text's weighted vectors: row 0 of words and pairs, row 1 of pieces.
        by_word: ``counts`` weighted, rows of length one.
        by_piece: texts × words, to be multiplied by weighted pieces of words.
    """

    words: dict[str, int]
    pairs: dict[int, int]
    pieces: dict[str, int]
    counts: Matrix
    word_pieces: Matrix
    word_weights: NDArray[np.float32]
    piece_weights: NDArray[np.float32]
    lengths: NDArray[np.float32]
    by_word: Matrix
    by_piece: Matrix

    def vectors(self, texts: Sequence[Sequence[str]]) -> tuple[Matrix, Matrix]:
        """Texts as rows over words and pairs, and over pieces, each of length one (of zero where nothing is known)."""
        whole, parts = _Rows(), _Rows()
        for text in texts:
            numbers = [self.words.get(word) for word in text]
            for number in numbers:
                whole.add(number)
            for first, second in pairwise(numbers):
                if first is not None and second is not None:
                    whole.add(self.pairs.get(first << 16 | second))
            for word in text:
                for piece in pieces(word):
                    parts.add(self.pieces.get(piece))
            whole.end()
            parts.end()
        return (
            _unit(_weighted(whole.matrix(len(self.word_weights)), self.word_weights)),
            _unit(_weighted(parts.matrix(len(self.piece_weights)), self.piece_weights)),
        )

    def similarities(self, texts: Sequence[Sequence[str]]) -> NDArray[np.float32]:
        """Similarity 0 to 1 of each text (tokens, lower case) with each of the index: mean of both cosines.

        Returns:
            texts of the index × texts asked for.
        """
        whole, parts = self.vectors(texts)
        known = (self.word_pieces @ _weighted(parts, self.piece_weights).T).toarray()
        found = self.by_piece @ np.ascontiguousarray(known, np.float32)
        found += self.by_word @ np.ascontiguousarray(whole.T.toarray(), np.float32)
        return np.asarray(found, np.float32) / np.float32(2)


class _Rows:
    """Rows of counts as they are collected."""

    def __init__(self) -> None:
        self.ends, self.columns = [0], list[int]()

    def add(self, column: int | None) -> None:
        if column is not None:
            self.columns.append(column)

    def end(self) -> None:
        self.ends.append(len(self.columns))

    def matrix(self, width: int) -> Matrix:
        ones = np.ones(len(self.columns), np.float32)
        found = _rows(ones, self.columns, self.ends, width)
        found.sum_duplicates()
        return found


def index(texts: Sequence[Sequence[str]], least: int = 3) -> Index:
    """The index of texts.

    Args:
        texts: tokens of each, lower case.
        least: in how many texts a pair or piece must stand to count.
    """
    words: dict[str, int] = {}
    rows = [[words.setdefault(word, len(words)) for word in text] for text in texts]
    seen = _frequent((first << 16 | second for first, second in pairwise(row)) for row in rows)
    pairs = {key: len(words) + at for at, key in enumerate(sorted(key for key, n in seen.items() if n >= least))}
    counts = _Rows()
    for row in rows:
        for number in row:
            counts.add(number)
        for first, second in pairwise(row):
            counts.add(pairs.get(first << 16 | second))
        counts.end()
    of_word = [pieces(word) for word in words]
    found = _frequent((piece for word in text for piece in of_word[words[word]]) for text in texts)
    names = {piece: at for at, piece in enumerate(sorted(piece for piece, n in found.items() if n >= least))}
    parts = _Rows()
    for word in of_word:
        for piece in word:
            parts.add(names.get(piece))
        parts.end()
    n = len(texts)
    whole = counts.matrix(len(words) + len(pairs))
    word_weights = _idf(np.bincount(whole.indices, minlength=whole.shape[1]), n)
    piece_weights = _idf(np.array([found[piece] for piece in names]), n)
    word_pieces = parts.matrix(len(names))
    # The length of a text's pieces is that of the sum of its words' pieces.
    weighted = _weighted(whole[:, : len(words)] @ word_pieces, piece_weights)
    lengths = np.vstack([_lengths(_weighted(whole, word_weights)), _lengths(weighted)]).astype(np.float32)
    return _index(words, pairs, names, whole, word_pieces, word_weights, piece_weights, lengths)


def _index(
    words: dict[str, int], pairs: dict[int, int], names: dict[str, int], counts: Matrix, word_pieces: Matrix,
    word_weights: NDArray[np.float32], piece_weights: NDArray[np.float32], lengths: NDArray[np.float32],
) -> Index:  # fmt: skip
    by_word = _divided(_weighted(counts, word_weights), lengths[0])
    by_piece = _divided(counts[:, : len(words)].tocsr(), lengths[1])
    return Index(words, pairs, names, counts, word_pieces, word_weights, piece_weights, lengths, by_word, by_piece)


def names(found: Index) -> dict[str, list[str]]:
    """The texts of an index, by number."""
    return {"words": list(found.words), "pieces": list(found.pieces)}


def packed(found: Index) -> dict[str, NDArray[Any]]:
    """The numbers of an index as arrays."""
    return {
        "pairs": np.array(list(found.pairs), np.uint32),
        "word_weights": found.word_weights, "piece_weights": found.piece_weights, "lengths": found.lengths,
        **_parts("counts", found.counts), **_parts("word_pieces", found.word_pieces),
    }  # fmt: skip


def unpacked(arrays: Mapping[str, NDArray[Any]]) -> Index:
    """An index from the arrays of ``names`` (as text, a line each) and ``packed``."""
    words, parts = (
        {name: at for at, name in enumerate(bytes(arrays[key]).decode().split("\n"))} for key in ("words", "pieces")
    )
    pairs = {int(key): len(words) + at for at, key in enumerate(arrays["pairs"])}
    return _index(
        words, pairs, parts, _matrix(arrays, "counts", len(words) + len(pairs)),
        _matrix(arrays, "word_pieces", len(parts)), arrays["word_weights"], arrays["piece_weights"], arrays["lengths"],
    )  # fmt: skip


def _parts(name: str, matrix: Matrix) -> dict[str, NDArray[Any]]:
    return {
        f"{name}_values": matrix.data.astype(np.uint8), f"{name}_columns": matrix.indices.astype(np.uint16),
        f"{name}_sizes": np.diff(matrix.indptr).astype(np.uint16),
    }  # fmt: skip


def _matrix(arrays: Mapping[str, NDArray[Any]], name: str, width: int) -> Matrix:
    ends = np.concatenate(([0], np.cumsum(arrays[f"{name}_sizes"], dtype=np.int32))).astype(np.int32)
    columns = arrays[f"{name}_columns"].astype(np.int32)
    return _rows(arrays[f"{name}_values"].astype(np.float32), columns, ends, width)


def _rows(values: Any, columns: Any, ends: Any, width: int) -> Matrix:
    """A matrix row by row, of the values that are not 0."""
    from scipy import sparse  # loaded where texts are compared: the pages begin without

    return sparse.csr_array((values, columns, ends), shape=(len(ends) - 1, width))


def _frequent(texts: Any) -> dict[Any, int]:
    """In how many texts each thing stands."""
    seen: dict[Any, int] = {}
    for text in texts:
        for one in set(text):
            seen[one] = seen.get(one, 0) + 1
    return seen


def _idf(frequency: NDArray[Any], n: int) -> NDArray[np.float32]:
    return np.asarray(np.log((1 + n) / (1 + frequency)) + 1, np.float32)


def _weighted(rows: Matrix, weights: NDArray[np.float32]) -> Matrix:
    """Each column times its weight."""
    return _rows(rows.data * weights[rows.indices], rows.indices, rows.indptr, rows.shape[1])


def _divided(rows: Matrix, lengths: NDArray[Any]) -> Matrix:
    """Each row divided by its length; a row of length zero stays as it is."""
    scale = np.repeat(1 / np.where(lengths > 0, lengths, 1), np.diff(rows.indptr)).astype(np.float32)
    return _rows(rows.data * scale, rows.indices, rows.indptr, rows.shape[1])


def _unit(rows: Matrix) -> Matrix:
    return _divided(rows, _lengths(rows))


def _lengths(rows: Matrix) -> NDArray[np.float64]:
    row = np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))
    return np.asarray(np.sqrt(np.bincount(row, rows.data.astype(np.float64) ** 2, minlength=rows.shape[0])))
