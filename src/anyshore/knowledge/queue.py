"""Document review with active learning: the likely relevant documents first, learnt anew after every decision.

Text is weighed by TF-IDF over one- and two-grams, stop words kept (in contracts and abstracts *not* and *under* carry
meaning); a linear support vector machine ranks, the relevant decisions together weighted about ten to one, because
relevant documents are rare. The setting is that of the ELAS u4 model of ASReview 2 (van de Schoot et al. 2021, Nat.
Mach. Intell. 3:125–133), solved exactly (``separating``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from anyshore.base.errors import DataError, Diagnostic
from anyshore.base.locations import Location
from anyshore.knowledge.separating import separate

_WORD = re.compile(r"\b\w+\b")
_MOST_SOLVED = 1_200
"""Decisions up to which the machine is solved exactly; more are descended upon, which then is faster."""
_KEPT = 3_000
"""Documents up to which all similarities are kept."""
_FEW = 20
"""Documents in which a word that all of them have still says something."""


@dataclass(frozen=True, slots=True)
class Document:
    """A document to review; those of one family (a mail and its attachments) are reviewed together."""

    id: str
    text: str
    family: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """A person's decision on a document; of several on one document the last counts."""

    document: str
    relevant: bool
    reviewer: str
    at: int


@dataclass(frozen=True, slots=True)
class Ranked:
    """A document still to decide.

    Attributes:
        document: its id.
        family: its family, empty where it stands alone.
        score: signed distance from the separating plane, higher is likelier relevant; None before anything is learnt,
            and for a document without a word, which comes last.
    """

    document: str
    family: str
    score: float | None


def words(text: str) -> list[str]:
    """The words of a text, and its pairs of words.

    A word of one letter says something by itself (vitamin *C*), and little in a pair: pairs are of longer ones, as if
    the short ones were not there.
    """
    single = _WORD.findall(text.lower())
    longer = [word for word in single if len(word) > 1]
    return [*single, *(f"{first} {second}" for first, second in pairwise(longer))]


class Ranker:
    """Ranks a fixed set of documents by the decisions so far. Ranking is a function of its arguments alone.

    Args:
        documents: all that are to be reviewed.
        seed: of the order in which documents come before there is one relevant and one irrelevant to learn from.
        ratio: weight of all relevant decisions together against all irrelevant ones.
        cost: the machine's regularisation parameter C.

    Raises:
        DataError: ids used twice, or no document with a word in it.
    """

    def __init__(self, documents: Sequence[Document], *, seed: int = 0, ratio: float = 9.8, cost: float = 0.11) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer  # seconds of loading, which only ranking is worth

        self.documents = tuple(documents)
        self._place = {document.id: number for number, document in enumerate(self.documents)}
        _check(self.documents)
        common = 0.95 if len(self.documents) > _FEW else 1.0
        vectors = TfidfVectorizer(analyzer=words, sublinear_tf=True, max_df=common, dtype=np.float32)
        try:
            self._features = vectors.fit_transform(document.text for document in self.documents).tocsr()
        except ValueError as error:
            raise DataError("review.no-words", "no document holds a word", hint="give texts, not scans") from error
        self._wordless = np.diff(self._features.indptr) == 0
        self._chance = np.random.default_rng(seed).permutation(len(self.documents))
        self._ratio, self._cost = ratio, cost
        self._similar: NDArray[np.float32] | None = None
        self._begun: set[int] = set()

    def rank(self, decisions: Iterable[Decision]) -> list[Ranked]:
        """The undecided documents, likeliest first; a family stands together at its likeliest member.

        A family of which a member is decided already comes before everything else: it is finished first.

        Raises:
            DataError: a decision names an unknown document.
        """
        labels = self._labels(decisions)
        scores = self._scores(labels)
        begun = {self._family(number) for number in labels}
        best: dict[tuple[str, str], tuple[bool, float, int]] = {}
        undecided = [number for number in range(len(self.documents)) if number not in labels]
        order = scores if scores is not None else -np.argsort(self._chance).astype(float)
        # Without a word only the plane's offset would speak, which is high where few are known to be irrelevant.
        order = np.where(self._wordless, -np.inf, order)
        for number in undecided:
            family = self._family(number)
            best[family] = max(best.get(family, (False, -np.inf, 0)), (family in begun, float(order[number]), -number))
        undecided.sort(key=lambda number: (best[self._family(number)], float(order[number]), -number), reverse=True)
        known = [None if scores is None or self._wordless[n] else float(scores[n]) for n in undecided]
        return [
            Ranked(self.documents[n].id, self.documents[n].family, score)
            for n, score in zip(undecided, known, strict=True)
        ]

    def next(self, decisions: Iterable[Decision]) -> tuple[str, ...]:
        """The undecided documents of the likeliest family, likeliest first; empty when all are decided."""
        ranked = self.rank(decisions)
        if not ranked or not ranked[0].family:
            return tuple(each.document for each in ranked[:1])
        return tuple(each.document for each in ranked if each.family == ranked[0].family)

    def rehearse(
        self,
        relevant: Mapping[str, bool],
        first: Sequence[str],
        done: Callable[[Sequence[bool]], bool],
        *,
        batch: int = 1,
    ) -> list[bool]:
        """The relevances in the order of a review in which the decisions are known; families are not kept together.

        Args:
            relevant: the decision on every document.
            first: what was decided before anything was learnt; both kinds occur.
            done: whether the review ends, given the relevances so far.
            batch: decisions after which the machine learns anew.
        """
        truth = np.array([relevant[document.id] for document in self.documents])
        order = [self._place[id] for id in first]
        relevances = [bool(truth[number]) for number in order]
        while len(order) < len(truth) and not done(relevances):
            scores = self._scores({number: bool(truth[number]) for number in order})
            assert scores is not None
            scores = np.where(self._wordless, -1e9, scores)
            scores[order] = -np.inf
            for number in np.argsort(-scores, kind="stable")[: min(batch, len(truth) - len(order))].tolist():
                order.append(number)
                relevances.append(bool(truth[number]))
                if done(relevances):
                    break
        return relevances

    def _family(self, number: int) -> tuple[str, str]:
        document = self.documents[number]
        return document.family, "" if document.family else document.id

    def _labels(self, decisions: Iterable[Decision]) -> dict[int, bool]:
        labels = {}
        for decision in decisions:
            if decision.document not in self._place:
                message = f"there is no document {decision.document!r} in this review"
                raise DataError("review.unknown-document", message, hint="decide on documents of the review")
            labels[self._place[decision.document]] = decision.relevant
        return labels

    def _scores(self, labels: dict[int, bool]) -> NDArray[np.float64] | None:
        """The score of every document, or None while only one kind of decision is known."""
        if len(set(labels.values())) < 2:
            return None
        rows = np.array(sorted(labels))
        relevant = np.array([labels[row] for row in rows.tolist()])
        if len(rows) > _MOST_SOLVED:
            return self._descended(rows, relevant)
        begun = np.array([row in self._begun for row in rows.tolist()]) if self._begun else None
        weights = separate(self._among(rows), relevant, cost=self._cost, ratio=self._ratio, begun=begun)
        holding = np.flatnonzero(weights)
        # What held the plane before nearly holds it again; what was decided since may.
        self._begun = set(rows[holding].tolist()) | set(range(len(self.documents))) - set(labels)
        if self._similar is not None:
            return np.asarray((self._similar[:, rows[holding]] + 1.0) @ weights[holding], dtype=float)
        plane = self._features[rows[holding]].T @ weights[holding]
        return np.asarray(self._features @ plane + weights.sum(), dtype=float)

    def _among(self, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """The similarities of some documents."""
        if self._similar is None and len(self.documents) <= _KEPT:
            self._similar = np.asarray((self._features @ self._features.T).toarray(), dtype=np.float32)
        if self._similar is not None:
            return self._similar[np.ix_(rows, rows)]
        some = self._features[rows]
        return np.asarray((some @ some.T).toarray(), dtype=np.float32)

    def _descended(self, rows: NDArray[np.int64], relevant: NDArray[np.bool_]) -> NDArray[np.float64]:
        """The scores by LIBLINEAR, whose descent visits the rows in their order."""
        from sklearn.svm import LinearSVC  # as above

        positive = int(relevant.sum())
        weights = np.where(relevant, 1.0, positive / (self._ratio * (len(rows) - positive)))
        machine = LinearSVC(C=self._cost, dual=True, random_state=0)
        machine.fit(self._features[rows], relevant, sample_weight=weights * (len(rows) / weights.sum()))
        return np.asarray(machine.decision_function(self._features), dtype=float)


def _check(documents: Sequence[Document]) -> None:
    seen: set[str] = set()
    problems = []
    for document in documents:
        if document.id in seen:
            message = f"the id {document.id!r} is used twice"
            problems.append(Diagnostic("review.duplicate", message, Location(element=document.id), "rename one"))
        seen.add(document.id)
    if problems:
        raise DataError.of(problems)


def recall_curve(relevances: Iterable[bool]) -> list[int]:
    """Relevant documents found after 1, 2, 3 … documents, in the order they were reviewed."""
    found = 0
    curve = []
    for relevant in relevances:
        found += relevant
        curve.append(found)
    return curve


def work_saved(relevances: Sequence[bool], total: int, *, relevant: int, recall: float = 0.95) -> float:
    """Work saved over sampling at a recall: (documents not reviewed) / total − (1 − recall).

    Cohen, Hersh, Peterson and Yen (2006, JAMIA 13:206–219).

    Args:
        relevances: of the documents in the order of review, at least until the recall is reached.
        total: documents in the review.
        relevant: relevant ones among them.
        recall: to reach.

    Raises:
        DataError: the order given does not reach the recall.
    """
    wanted = int(np.ceil(round(recall * relevant, 9)))
    for reviewed, found in enumerate(recall_curve(relevances), 1):
        if found >= wanted:
            return (total - reviewed) / total - (1 - recall)
    raise DataError("review.recall", f"the order ends before {wanted} of {relevant} relevant documents are found")
