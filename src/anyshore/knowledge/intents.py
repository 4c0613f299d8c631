"""What a short request is about, learnt from requests that were sorted before; with a confidence, and a "don't know".

Text is weighed by TF-IDF over words, pairs of words near each other, and letters (two to five, within words); a linear
support vector machine per intent separates it from all others (Joachims 1998; Yang and Liu 1999). Requests that belong
to no intent are one more class. The score of a request is how far it lies on the side of its best intent, less how far
on the side of "none" (Larson et al. 2019, EMNLP, section 5, compare such thresholds). The threshold below which a
person sorts is chosen on requests the machine did not learn from: parts of the training set, in turn.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from anyshore.base.errors import DataError
from anyshore.base.tables import Column, open_table

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Matrix = NDArray[np.float64]

NONE = ""
"""The intent of a request that belongs to none."""
PARTS = 3
"""Parts of the training set, each of which is sorted by what the others teach."""
HANDED_OVER = 0.07
"""Share of known requests that go to people when the threshold is chosen."""
_NONE_WEIGHT = 0.6
_COST, _TOLERANCE = 0.7, 0.1
"""Of the machine; chosen on parts of the training sets. A finer tolerance takes ten times as long and is no better."""
_SHOWN = 6
_NEAR = 12
"""How far apart the words of a pair may stand."""
_WORD = re.compile(r"\w+")
_JOINED = re.compile(r"[ ~]")


@dataclass(frozen=True, slots=True)
class Sorted:
    """What a request was taken for.

    Attributes:
        intent: the best; also where the confidence is too low, as a proposal for the person who sorts.
        confidence: share of requests of the training set, held out, that were sorted rightly at such a score, 0 to 1.
        known: whether the score reaches the threshold; else a person sorts.
        others: the intents that come next, best first.
        words: words of the request that speak for the intent, the strongest first, with their weight.
    """

    intent: str
    confidence: float
    known: bool
    others: tuple[str, ...] = ()
    words: tuple[tuple[str, float], ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """As plain data, without the weights of the words."""
        return {
            "intent": self.intent, "confidence": round(self.confidence, 2), "known": self.known,
            "others": list(self.others), "words": [word for word, _ in self.words],
        }  # fmt: skip


class Sorter:
    """Sorts requests by what it learnt; ``learn`` makes one. It never changes: corrections make another."""

    def __init__(self, machine: Any, weighing: _Weighing, curve: _Curve, threshold: float) -> None:
        self._machine, self._weighing, self._curve = machine, weighing, curve
        self.threshold = threshold
        self.intents = tuple(str(name) for name in machine.classes_ if name != NONE)

    def sort(self, texts: Sequence[str], *, explain: bool = False) -> list[Sorted]:
        """What each request is about, with the words that say so where that is asked for."""
        if not texts:
            return []
        rows = self._weighing.of(texts)
        ranks, scores = _scores(self._machine, rows)
        found = []
        for number, order in enumerate(ranks):
            best = self.intents[order[0]]
            words = self._weighing.speaking(texts[number], rows[number], self._row(best)) if explain else ()
            others = tuple(self.intents[other] for other in order[1:4])
            score = float(scores[number])
            found.append(Sorted(best, self._curve.at(score), score >= self.threshold, others, words))
        return found

    def _row(self, intent: str) -> Any:
        classes = list(self._machine.classes_)
        if len(classes) == 2:
            return self._machine.coef_[0] * (1 if classes[1] == intent else -1)
        return self._machine.coef_[classes.index(intent)]


def learn(
    requests: Iterable[tuple[str, str]], corrections: Iterable[tuple[str, str]] = (), *,
    handed_over: float = HANDED_OVER, measured: bool = True,
) -> Sorter:  # fmt: skip
    """Learns from requests that were sorted.

    Args:
        requests: text and intent; the intent ``NONE`` for requests that belong to none.
        corrections: what people corrected since, text and right intent; of one text the last counts, above
        ``requests``. handed_over: share of known requests that may go to people.
        measured: whether confidence and threshold are measured on held-out parts, which takes four times as long; if
        not,
            every request is known, with a confidence of 0.

    Raises:
        DataError: there are fewer than two intents.
    """
    latest = {text: intent for text, intent in (*requests, *corrections) if text.strip()}
    texts, intents = list(latest), list(latest.values())
    if len(set(intents) - {NONE}) < 2:
        hint = "Give requests of two intents or more."
        raise DataError("intents.few", "There is nothing to tell apart: fewer than two intents were given.", hint=hint)
    weighing = _Weighing(texts)
    rows = weighing.of(texts)
    machine = _machine(rows, intents)
    curve, threshold = _held_out(rows, intents, handed_over) if measured else (_UNMEASURED, -math.inf)
    return Sorter(machine, weighing, curve, threshold)


COLUMNS = (
    Column("text", required=True, aliases=("Anfrage", "request")),
    Column("intent", header=True, aliases=("Anliegen", "category")),
)
"""Of a file of requests that were sorted; a request without an intent belongs to none."""


def taught(source: Path | bytes, name: str | None = None) -> list[tuple[str, str]]:
    """Reads requests that were sorted, as CSV or workbook.

    Raises:
        DataError: it cannot be read, with every problem of it.
    """
    table = open_table(source, COLUMNS, name)
    found = [(row.required("text"), row.text("intent") or NONE) for row in table if not row.broken]
    table.refuse_if_broken()
    return found


class _Weighing:
    """TF-IDF over words and letters, side by side."""

    def __init__(self, texts: Sequence[str]) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer  # takes a second to import

        often = 2 if len(texts) > 1000 else 1
        self._words = TfidfVectorizer(analyzer=_features, sublinear_tf=True, min_df=often)
        self._letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=often)
        self._words.fit(texts)
        self._letters.fit(texts)

    def of(self, texts: Sequence[str]) -> Any:
        """A sparse row for each text."""
        from scipy.sparse import hstack

        return hstack([self._words.transform(texts), self._letters.transform(texts)]).tocsr()

    def speaking(self, text: str, row: Any, weights: Any) -> tuple[tuple[str, float], ...]:
        """The words of a text by what they add to a score, a pair's part shared; letters count for nobody who reads."""
        names = self._words.get_feature_names_out()
        shares: defaultdict[str, float] = defaultdict(float)
        for at, value in zip(row.indices, row.data, strict=True):
            if at < len(names):
                parts = _JOINED.split(names[at])
                for part in parts:
                    shares[part] += float(value * weights[at]) / len(parts)
        shown = {_stem(word): word for word in reversed(_words(text))}
        found = [(shown[stem], round(share, 4)) for stem, share in shares.items() if share > 0 and stem in shown]
        return tuple(sorted(found, key=lambda one: (-one[1], one[0]))[:_SHOWN])


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def _stem(word: str) -> str:
    """A word without the commonest endings: enough to take forms of a word together, in no language exact."""
    for ending in ("ing", "ed", "es", "s", "ly"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


def _features(text: str) -> list[str]:
    """Words, words side by side, and pairs of words near each other in either order."""
    stems = [_stem(word) for word in _words(text)]
    pairs = {
        "~".join(sorted((one, other)))
        for at, one in enumerate(stems)
        for other in stems[at + 2 : at + _NEAR]
    }  # fmt: skip
    return [*stems, *(" ".join(stems[at : at + 2]) for at in range(len(stems) - 1)), *sorted(pairs)]


@dataclass(frozen=True, slots=True)
class _Curve:
    """How often requests of a score were sorted rightly, in steps of equally many held-out requests."""

    starts: tuple[float, ...]
    right: tuple[float, ...]

    def at(self, score: float) -> float:
        index = sum(start <= score for start in self.starts) - 1
        return self.right[max(index, 0)]


_UNMEASURED = _Curve((-math.inf,), (0.0,))


def _machine(rows: Any, intents: Sequence[str]) -> Any:
    from sklearn.svm import LinearSVC

    return LinearSVC(C=_COST, tol=_TOLERANCE, random_state=0).fit(rows, intents)


def _scores(machine: Any, rows: Any) -> tuple[NDArray[np.intp], Matrix]:
    """Of each row the intents by rank, and the score of the best."""
    import numpy as np

    values = machine.decision_function(rows)
    if values.ndim == 1:
        values = np.column_stack([-values, values])
    classes = list(machine.classes_)
    none = values[:, classes.index(NONE)] if NONE in classes else np.zeros(len(values))
    known = values[:, [number for number, name in enumerate(classes) if name != NONE]]
    ranks = np.argsort(-known, axis=1, kind="stable")
    return ranks, known.max(axis=1) - _NONE_WEIGHT * none


def _held_out(rows: Any, intents: Sequence[str], handed_over: float) -> tuple[_Curve, float]:
    """How sure a score makes, and the score below which no more than a share of known requests lies."""
    import numpy as np

    counts: Mapping[str, int] = Counter(intents)
    seen: Counter[str] = Counter()
    parts = []
    for intent in intents:  # every intent in every part, in the order given: the same each time
        parts.append(seen[intent] % PARTS if counts[intent] >= PARTS else -1)
        seen[intent] += 1
    part, right, scores = np.array(parts), np.zeros(len(parts), dtype=bool), np.full(len(parts), np.nan)
    labels = np.array(intents)
    for number in range(PARTS):
        here = part == number
        if not here.any() or len(set(labels[~here]) - {NONE}) < 2:
            continue
        machine = _machine(rows[~here], labels[~here])
        names = [str(name) for name in machine.classes_ if name != NONE]
        ranks, scores[here] = _scores(machine, rows[here])
        right[here] = [names[order[0]] == intent for order, intent in zip(ranks, labels[here], strict=True)]
    asked = ~np.isnan(scores)
    known = asked & (labels != NONE)
    if not known.any():
        return _UNMEASURED, math.inf
    return _curve(scores[asked], right[asked]), float(np.quantile(scores[known], handed_over))


def _curve(scores: Matrix, right: NDArray[np.bool_]) -> _Curve:
    import numpy as np

    order = np.argsort(scores, kind="stable")
    steps = np.array_split(order, min(20, len(order)))
    shares = np.maximum.accumulate([float(right[step].mean()) for step in steps])
    return _Curve(tuple(float(scores[step[0]]) for step in steps), tuple(float(share) for share in shares))
