"""A suggestion of the order in which to look at applications, with its reasons. It decides nothing.

Words of the criteria are looked for in each application by BM25 (Robertson and Zaragoza, 2009): a rare word tells
more than a common one, the tenth mention little more than the second, and a long application wins nothing by its
length. A must counts twice a may. What somebody says they have not, and what a first view leaves out, is no evidence:
the order does not know who applied.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from math import log

from anyshore.activities.recruiting import sections, words
from anyshore.activities.recruiting.criteria import MUST, Criterion
from anyshore.knowledge.documents import Source

K1, B = 1.2, 0.75
"""Saturation and length of BM25, as its authors recommend them."""
QUOTED = 3
"""Places that are quoted of one word at most."""
_PLACES = Decimal("0.0001")
_SENTENCE = re.compile(r"[^.!?\n;]+")


@dataclass(frozen=True, slots=True)
class Quote:
    """Where a word of a criterion stands in the application.

    Attributes:
        word: as it stands there.
        start: offset of its first character.
        end: offset behind its last.
        page: from 1.
        line: from 1.
    """

    word: str
    start: int
    end: int
    page: int
    line: int


@dataclass(frozen=True, slots=True)
class Reason:
    """How far an application meets a criterion.

    Attributes:
        kind: of the criterion.
        criterion: its text.
        share: of the weight of its words, those that stand in the application, in percent.
        found: where, up to a few places of each word.
        missing: words that do not.
    """

    kind: str
    criterion: str
    share: int
    found: tuple[Quote, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An application in the suggested order.

    Attributes:
        application: its key.
        place: from 1; equal scores share a place.
        score: of BM25 over all criteria, four places.
        reasons: for each criterion, musts first.
        open_musts: musts of which no word was found: what to ask, no reason to reject.
    """

    application: str
    place: int
    score: Decimal
    reasons: tuple[Reason, ...]
    open_musts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Collection:
    """What words of a criterion are weighed by.

    Attributes:
        weights: by family of a word: how much it tells.
        length: mean number of words of an application.
    """

    weights: Mapping[str, float]
    length: float

    def weight(self, family: str) -> float:
        """How much a word tells; one that no application has tells most."""
        return self.weights.get(family, max(self.weights.values(), default=1.0))


@dataclass(frozen=True, slots=True)
class Evidence:
    """The words of an application that count.

    Attributes:
        source: the application.
        places: by family of a word, where it stands.
        length: number of words.
    """

    source: Source
    places: Mapping[str, tuple[words.Word, ...]]
    length: int


def evidence(source: Source, names: tuple[str, ...] = ()) -> Evidence:
    """The words of an application that count: none that is left out of a first view or that is said to be missing."""
    left_out = [(one.start, one.end) for one in sections.masked(source, names)] + _negated(source.text)
    found: dict[str, list[words.Word]] = {}
    length = 0
    for word in words.words(source.text):
        if any(start <= word.start < end for start, end in left_out):
            continue
        length += 1
        found.setdefault(word.family, []).append(word)
    return Evidence(source, {name: tuple(places) for name, places in found.items()}, length)


def collection(applications: Sequence[Evidence], others: Sequence[Sequence[Criterion]] = ()) -> Collection:
    """How much words tell among applications, and criteria of vacancies where given."""
    texts = [set(one.places) for one in applications]
    texts += [{word.family for criterion in one for word in words.words(criterion.text)} for one in others]
    count = Counter(name for text in texts for name in text)
    weights = {name: log(1 + (len(texts) - seen + 0.5) / (seen + 0.5)) for name, seen in count.items()}
    lengths = [one.length for one in applications]
    return Collection(weights, max(sum(lengths) / len(lengths), 1.0) if lengths else 1.0)


def score(criteria: Sequence[Criterion], application: Evidence, among: Collection) -> float:
    """BM25 of an application over the criteria of a vacancy; a word counts once, by its weightiest criterion."""
    asked: dict[str, float] = {}
    for criterion in criteria:
        for word in words.words(criterion.text):
            asked[word.family] = max(asked.get(word.family, 0.0), criterion.weight)
    return sum(
        weight * among.weight(name) * _saturated(len(application.places.get(name, ())), application.length, among)
        for name, weight in asked.items()
    )


def suggest(criteria: Sequence[Criterion], applications: Mapping[str, Evidence]) -> tuple[Suggestion, ...]:
    """The suggested order of applications, each with its reasons.

    Args:
        criteria: of the vacancy.
        applications: by key.
    """
    among = collection(list(applications.values()), [criteria])
    scores = {key: Decimal(repr(score(criteria, one, among))).quantize(_PLACES) for key, one in applications.items()}
    order = sorted(applications, key=lambda key: (-scores[key], key))
    return tuple(
        Suggestion(
            key, 1 + sum(other > scores[key] for other in scores.values()), scores[key], reasons,
            tuple(one.criterion for one in reasons if one.kind == MUST and not one.found),
        )
        for key in order
        for reasons in [_reasons(criteria, applications[key], among)]
    )  # fmt: skip


def _saturated(count: int, length: int, among: Collection) -> float:
    return count * (K1 + 1) / (count + K1 * (1 - B + B * length / among.length)) if count else 0.0


def _reasons(criteria: Sequence[Criterion], application: Evidence, among: Collection) -> tuple[Reason, ...]:
    ordered = sorted(criteria, key=lambda one: -one.weight)
    return tuple(_reason(one, application, among) for one in ordered)


def _reason(criterion: Criterion, application: Evidence, among: Collection) -> Reason:
    asked = {word.family: word.text for word in words.words(criterion.text)}
    whole = sum(among.weight(name) for name in asked)
    there = [name for name in asked if name in application.places]
    share = round(100 * sum(among.weight(name) for name in there) / whole) if whole else 0
    quotes = tuple(_quote(word, application.source) for name in there for word in application.places[name][:QUOTED])
    missing = tuple(text for name, text in asked.items() if name not in application.places)
    return Reason(criterion.kind, criterion.text, share, quotes, missing)


def _quote(word: words.Word, source: Source) -> Quote:
    return Quote(word.text, word.start, word.end, source.page_at(word.start)[0], source.line_at(word.start)[0])


@cache
def _negations() -> re.Pattern[str]:
    return re.compile("|".join(rf"\b{re.escape(str(one))}\b" for one in words.known()["negated"]), re.I)


def _negated(text: str) -> list[tuple[int, int]]:
    """Sentences that say what somebody has not, from where they say it."""
    plain = text.replace("\u2019", "'")
    found = []
    for sentence in _SENTENCE.finditer(plain):
        if mark := _negations().search(sentence[0]):
            found.append((sentence.start() + mark.start(), sentence.end()))
    return found
