"""Clause-kind suggestions: which passages of a contract are likely a governing-law clause, a cap on liability, …

Learnt from contracts that people marked: TF-IDF over one- and two-grams of a passage and, weighed less, of its
neighbours; a linear support vector machine per kind; and per kind the threshold with the best F1 on training
contracts left out in turn. A suggestion is a place to look at: an expert decides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from anyshore.base.errors import DataError
from anyshore.knowledge.anchors import Refusal, SourceIndex, Span, anchor
from anyshore.knowledge.documents import Source
from anyshore.knowledge.passages import Passage, passages

if TYPE_CHECKING:
    from sklearn.feature_extraction.text import TfidfVectorizer

_BEFORE, _AFTER = 0.7, 0.35  # weight of the neighbouring passages
_FOLDS = 3
_WORST_F1 = 0.1
_FEWEST = 5  # marked passages without which no threshold is set


@dataclass(frozen=True, slots=True)
class Labelled:
    """A contract as training material: its passages in order, and the kinds of each."""

    name: str
    texts: tuple[str, ...]
    kinds: tuple[frozenset[str], ...]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A place that may hold a clause of a kind.

    Attributes:
        kind: the clause kind.
        span: the passage.
        score: signed distance to the kind's plane; comparable within a kind only.
        likely: whether it reaches the kind's threshold.
    """

    kind: str
    span: Span
    score: float
    likely: bool


@dataclass(frozen=True, slots=True)
class ClauseModel:
    """What was learnt; made by :func:`train`.

    Attributes:
        kinds: in their order.
        thresholds: per kind; infinite where too few examples were seen to suggest anything.
        vectors: the words it knows, and how much each says.
        weights: a row per kind, a column per feature of a passage and its neighbours.
        offsets: per kind.
    """

    kinds: tuple[str, ...]
    thresholds: NDArray[np.float64]
    vectors: TfidfVectorizer
    weights: NDArray[np.float64]
    offsets: NDArray[np.float64]

    def scores(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """A row per passage of one contract, a column per kind."""
        if not texts:
            return np.zeros((0, len(self.kinds)))
        features = _features(self.vectors, [texts])
        return np.asarray(features @ self.weights.T + self.offsets)

    def suggest(self, source: Source, *, top: int = 5) -> dict[str, list[Suggestion]]:
        """Per kind the ``top`` passages of a contract, likeliest first."""
        pieces = passages(source.text)
        scores = self.scores([piece.text for piece in pieces])
        found = {}
        for column, kind in enumerate(self.kinds):
            order = np.argsort(-scores[:, column], kind="stable")[:top]
            found[kind] = [self._suggestion(source, pieces[row], kind, column, scores[row, column]) for row in order]
        return found

    def _suggestion(self, source: Source, piece: Passage, kind: str, column: int, score: float) -> Suggestion:
        parts = ((piece.start, piece.end),)
        page, _ = source.page_at(piece.start)
        span = Span(source.hash, piece.start, piece.end, page, source.text[piece.start : piece.end], parts)
        return Suggestion(kind, span, float(score), bool(score >= self.thresholds[column]))


def label(source: Source, marked: Mapping[str, Sequence[str]]) -> Labelled:
    """A contract with the clauses people marked: a passage is of a kind where it and a marked part overlap by half.

    Args:
        source: the contract.
        marked: kind → marked quotes; one that stands in several places counts at the first, one that stands nowhere
            is left out.
    """
    index = SourceIndex(source)
    pieces = passages(source.text)
    kinds: list[set[str]] = [set() for _ in pieces]
    for kind, quotes in marked.items():
        for quote in quotes:
            places = anchor(index, quote, in_order=False)
            if isinstance(places, Refusal):
                continue
            for start, end in places[0].parts:
                for number, piece in enumerate(pieces):
                    shared = min(end, piece.end) - max(start, piece.start)
                    if shared > 0 and 2 * shared >= min(end - start, piece.end - piece.start):
                        kinds[number].add(kind)
    return Labelled(source.name, tuple(piece.text for piece in pieces), tuple(frozenset(each) for each in kinds))


def train(
    contracts: Sequence[Labelled],
    *,
    descriptions: Mapping[str, str] | None = None,
    ratio: float = 10.0,
    cost: float = 0.1,
) -> ClauseModel:
    """Learns from marked contracts. The same contracts in the same order give the same model.

    Args:
        contracts: at least two.
        descriptions: a sentence per kind, taken as one more example of it.
        ratio: weight of a passage of the kind against one that is not.
        cost: the machines' regularisation parameter C.

    Raises:
        DataError: fewer than two contracts, or none with a marked passage.
    """
    kinds = tuple(sorted({kind for contract in contracts for each in contract.kinds for kind in each}))
    if len(contracts) < 2 or not kinds:
        raise DataError(
            "clauses.examples", "clause kinds are learnt from two marked contracts or more", hint="add some"
        )
    descriptions = descriptions or {}
    labels = [np.array([[kind in each for kind in kinds] for each in c.kinds], dtype=bool) for c in contracts]
    scores: list[NDArray[np.float64]] = [np.zeros((0, 0))] * len(contracts)
    for fold in range(min(_FOLDS, len(contracts))):
        inside = [n for n in range(len(contracts)) if n % _FOLDS != fold]
        model = _fit(contracts, labels, inside, kinds, descriptions, ratio, cost)
        for n in range(fold, len(contracts), _FOLDS):
            scores[n] = model.scores(contracts[n].texts)
    thresholds = _thresholds(
        np.vstack([s for s in scores if len(s)]), np.vstack([each for each in labels if len(each)])
    )
    final = _fit(contracts, labels, range(len(contracts)), kinds, descriptions, ratio, cost)
    return ClauseModel(kinds, thresholds, final.vectors, final.weights, final.offsets)


def _fit(
    contracts: Sequence[Labelled],
    labels: Sequence[NDArray[np.bool_]],
    chosen: Sequence[int],
    kinds: Sequence[str],
    descriptions: Mapping[str, str],
    ratio: float,
    cost: float,
) -> ClauseModel:
    from sklearn.svm import LinearSVC  # seconds of loading, which only learning is worth

    described = [kind for kind in kinds if kind in descriptions]
    texts = [contracts[n].texts for n in chosen if contracts[n].texts] + [(descriptions[kind],) for kind in described]
    vectors = vectorizer()
    vectors.fit(text for each in texts for text in each)
    features = _features(vectors, texts)
    marks = [labels[n] for n in chosen if contracts[n].texts]
    marks += [np.array([[kind == other for other in kinds]]) for kind in described]
    wanted = np.vstack(marks)
    weights, offsets = np.zeros((len(kinds), features.shape[1])), np.full(len(kinds), -1.0)
    for column in range(len(kinds)):
        if wanted[:, column].all() or not wanted[:, column].any():
            continue
        machine = LinearSVC(C=cost, class_weight={True: ratio, False: 1.0}, dual=True, random_state=0, max_iter=5000)
        machine.fit(features, wanted[:, column])
        weights[column], offsets[column] = machine.coef_[0], machine.intercept_[0]
    return ClauseModel(tuple(kinds), np.full(len(kinds), np.inf), vectors, weights, offsets)


def vectorizer(terms: Mapping[str, int] | None = None) -> TfidfVectorizer:
    """What counts the words of passages; with the terms it knows where it has learnt them before."""
    from sklearn.feature_extraction.text import TfidfVectorizer  # seconds of loading, which only suggestions are worth

    words = r"(?u)\b\w+\b"
    return TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2, token_pattern=words, vocabulary=terms)


def _features(vectors: TfidfVectorizer, contracts: Sequence[Sequence[str]]) -> Any:
    """Passage, passage before, passage after, side by side; neighbours end with their contract."""
    from scipy import sparse  # as above

    rows = []
    for texts in contracts:
        own = vectors.transform(texts)
        nothing = sparse.csr_matrix((1, own.shape[1]))
        before, after = sparse.vstack([nothing, own[:-1]]), sparse.vstack([own[1:], nothing])
        rows.append(sparse.hstack([own, _BEFORE * before, _AFTER * after]))
    return sparse.vstack(rows).tocsr()


def _thresholds(scores: NDArray[np.float64], labels: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Per kind the score from which on the F1 of the left-out contracts is best; infinite with too few examples."""
    found = np.full(labels.shape[1], np.inf)
    for column in range(labels.shape[1]):
        if labels[:, column].sum() < _FEWEST:
            continue
        order = np.argsort(-scores[:, column], kind="stable")
        hits = np.cumsum(labels[order, column])
        ranked = scores[order, column]
        f1 = 2 * hits / (np.arange(1, len(order) + 1) + hits[-1])
        # A threshold takes all passages of equal score or none.
        f1[:-1][ranked[:-1] == ranked[1:]] = 0
        # Where left-out contracts show next to nothing (a kind known from one contract only), nothing is called likely.
        if f1.max() >= _WORST_F1:
            found[column] = ranked[int(f1.argmax())]
    return found
