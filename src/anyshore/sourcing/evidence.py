"""Evidence on the kind of an activity, piece by piece, as log-odds of judgement work with stated reliability.

Log-odds of independent pieces add up (Good 1950, "weight of evidence"). How much a piece may say stands in the rules
(``rules/kind.dmn``, decision ``reliability``), where a user can change it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import exp, sqrt
from typing import Any, Protocol

from anyshore import dmn
from anyshore.base.errors import DmnError
from anyshore.base.locations import Location
from anyshore.sourcing.criteria import CRITERIA, GROUPS
from anyshore.sourcing.prior.reading import Reading as Prior

PIECES = (
    "tasks", "nearest", "wording", "cognition", "process", "economics", "log", "band", "ask core", "ask place",
    "ask duty", "ask duty regulated",
)  # fmt: skip
_SUREST = 4.0  # log-odds (98 %) beyond which evidence of this kind, partly on the same thing, is never sure
_LIMIT = 2.5  # the regression over tasks is not trusted beyond these log-odds
_DOUBT = 3.0  # weight of criteria of a group at which they say half of what the group may say
_GROUP = {one.name: one.measures for one in CRITERIA}


class Log(Protocol):
    """What an event log says about the kind: see ``event_log.figures``."""

    @property
    def lean(self) -> float:
        """-1 rules to 1 judgement, shrunk by the sampling error."""

    @property
    def detail(self) -> str:
        """What it rests on."""

    @property
    def mixed(self) -> bool:
        """Whether some steps follow rules and some do not."""

    def as_dict(self) -> dict[str, Any]:
        """As plain data."""


@dataclass(frozen=True, slots=True)
class Weight:
    """How much a piece of evidence counts.

    Attributes:
        weight: factor on its log-odds, or for groups of criteria and the log the most they may say.
        what: what is weighed.
        measured: on what the weight rests.
    """

    weight: float
    what: str
    measured: str


@dataclass(frozen=True, slots=True)
class Source:
    """One piece of evidence.

    Attributes:
        source: ``tasks``, ``wording``, ``criteria: cognition`` (process, economics) or ``event log``.
        odds: log-odds of judgement it adds; below 0 it speaks for rules.
        detail: what it rests on, in words of the data.
        reliability: the weight, and where it comes from.
    """

    source: str
    odds: float
    detail: str
    reliability: Weight

    def as_dict(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "source": self.source, "log_odds": round(self.odds, 3), "detail": self.detail,
            "reliability": {"weight": self.reliability.weight, "measured": self.reliability.measured},
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Judgement:
    """How probable it is that an activity is judgement work.

    Attributes:
        odds: log-odds of all pieces.
        half: half width of the interval, in log-odds.
    """

    odds: float
    half: float

    @property
    def probability(self) -> float:
        """0 to 1."""
        return probability(self.odds)

    @property
    def low(self) -> float:
        """Lower end of the interval, 0 to 1."""
        return probability(self.odds - self.half)

    @property
    def high(self) -> float:
        """Upper end of the interval, 0 to 1."""
        return probability(self.odds + self.half)

    @property
    def grey(self) -> bool:
        """Whether the interval holds an even chance."""
        return abs(self.odds) < self.half


def probability(odds: float) -> float:
    """Probability of log-odds."""
    return 1 / (1 + exp(-odds))


def weights(model: dmn.Model) -> dict[str, Weight]:
    """The weights as the rules state them.

    Raises:
        DmnError: a weight is missing.
    """
    found = {}
    for piece in PIECES:
        row = model.decide("reliability", {"evidence": piece}).value
        if not isinstance(row, dict) or row.get("weight") is None:
            message = f"The rules state no reliability for {piece!r}."
            raise DmnError(
                "sourcing.gap", message, Location(element="reliability"), "Add the missing rule to the table."
            )
        found[piece] = Weight(float(row["weight"]), str(row["what"]), str(row["measured"]))
    return found


def from_name(prior: Prior, weigh: Mapping[str, Weight]) -> list[Source]:
    """What the name says: tasks like it, and its wording. Nothing where it is like no task and has no cue."""
    found = []
    if prior.matches:
        similar = max(-_LIMIT, min(_LIMIT, prior.similar))
        odds = weigh["tasks"].weight * similar + weigh["nearest"].weight * prior.nearest
        best = prior.matches[0]
        found.append(Source("tasks", odds, f"{best.code} {best.occupation}: {best.task}", weigh["tasks"]))
    if prior.cues:
        cues = ", ".join(f"{cue.term} → {cue.leans}" for cue in prior.cues)
        found.append(Source("wording", weigh["wording"].weight * prior.wording, cues, weigh["wording"]))
    return found


def from_criteria(leans: Iterable[tuple[str, str | None, float]], weigh: Mapping[str, Weight]) -> list[Source]:
    """What known criteria say, those that measure one thing as one piece.

    Args:
        leans: criterion, ``BPO`` or ``KPO`` (None where the rules do not know the word), weight within its group.
        weigh: the weights.
    """
    known: dict[str, list[tuple[str, float]]] = {}
    for name, leaning, weight in leans:
        if leaning is not None and weight > 0:
            known.setdefault(_GROUP[name], []).append((name, weight if leaning == "KPO" else -weight))
    return [
        Source(
            f"criteria: {group}", weigh[group].weight * lean_of([w for _, w in known[group]]),
            ", ".join(f"{name} → {'judgement' if w > 0 else 'rules'}" for name, w in known[group]), weigh[group],
        )
        for group in GROUPS if group in known
    ]  # fmt: skip


def lean_of(signed: Sequence[float]) -> float:
    """Criteria of one group as one number, -1 rules to 1 judgement: more say it more surely, not more loudly."""
    return sum(signed) / (sum(map(abs, signed)) + _DOUBT)


def combined(sources: Sequence[Source], weigh: Mapping[str, Weight], answered: int) -> Judgement:
    """All pieces as one.

    Args:
        sources: the pieces.
        weigh: the weights; ``band`` is the half width from the name alone.
        answered: how many criteria are known: each tenth narrows the interval, as does a log.
    """
    logs = sum(1 for one in sources if one.source == "event log")
    half = weigh["band"].weight / sqrt(1 + answered / len(CRITERIA) + logs)
    odds = sum(one.odds for one in sources)
    return Judgement(max(-_SUREST, min(_SUREST, odds)), half)
