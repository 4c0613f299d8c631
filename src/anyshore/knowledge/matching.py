"""Experts to cases: the best assignment of a day's cases, and why it came out so.

Walls come first: who is kept from a case is out before anything of the case is looked at, and no explanation tells
such a person more than that. Then what must hold: verified qualifications, languages, shore, free hours. Among the
rest the assignment is optimal over all cases together: first as many cases as possible by their priority, then the
best fit. It is solved as a mixed-integer program (SciPy's HiGHS), since hours and teams make it more than a pairing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from anyshore.base.errors import InternalError
from anyshore.knowledge.languages import LEVELS, at_least
from anyshore.knowledge.walls import Wall, screened

_SMOOTHING = 5.0  # verdicts of doubt added to a track record, at the average


@dataclass(frozen=True, slots=True)
class Qualification:
    """A qualification as far as somebody has checked it.

    Attributes:
        name: for example ``bar:US-NY``.
        verified_by: who saw the proof; empty where nobody did.
        until: when it ends, microseconds since 1970-01-01T00:00Z; None for good.
    """

    name: str
    verified_by: str = ""
    until: int | None = None

    def counts(self, at: int) -> bool:
        """Whether it is verified and in force."""
        return bool(self.verified_by) and (self.until is None or at < self.until)


@dataclass(frozen=True, slots=True)
class Expert:
    """Somebody who can take cases.

    Attributes:
        id: unique.
        qualifications: verified or not.
        languages: language → level, one of :data:`LEVELS`.
        shore: ``onshore``, ``nearshore`` or ``offshore``, seen from the client.
        free_hours: in the period.
        record: topic → (findings upheld, findings reviewed).
    """

    id: str
    qualifications: tuple[Qualification, ...] = ()
    languages: Mapping[str, str] = field(default_factory=dict)
    shore: str = "onshore"
    free_hours: float = 0.0
    record: Mapping[str, tuple[int, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Need:
    """What a case needs.

    Attributes:
        case: id.
        hours: of each person.
        people: how many different people; two for a blinded review.
        qualifications: all of them required.
        preferred: qualifications that help.
        languages: language → least level.
        shores: allowed; empty for any.
        topic: by which track records are read.
        priority: weight of getting the case staffed; 2 counts as two cases of priority 1.
    """

    case: str
    hours: float = 1.0
    people: int = 1
    qualifications: tuple[str, ...] = ()
    preferred: tuple[str, ...] = ()
    languages: Mapping[str, str] = field(default_factory=dict)
    shores: tuple[str, ...] = ()
    topic: str = ""
    priority: int = 1


@dataclass(frozen=True, slots=True)
class Fit:
    """How an expert fits a case.

    Attributes:
        expert: id.
        case: id.
        excluded: why not at all; ``screened`` alone where a wall stands.
        score: from 0 to 1; 0 where excluded.
        parts: what the score is made of, each from 0 to 1.
    """

    expert: str
    case: str
    excluded: tuple[str, ...]
    score: float
    parts: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Assignment:
    """The result for one case.

    Attributes:
        case: id.
        experts: ids, empty where the case stays open.
        fits: every expert's fit, best first, the excluded ones last.
        why: the explanation, a sentence per point.
    """

    case: str
    experts: tuple[str, ...]
    fits: tuple[Fit, ...]
    why: tuple[str, ...]


def fit(expert: Expert, need: Need, walls: Iterable[Wall], at: int, *, average: float = 0.5) -> Fit:
    """How one expert fits one case.

    The score is the mean of: track record on the topic (share upheld, drawn towards ``average`` by five verdicts, so
    that one lucky case does not win), share of preferred qualifications held, and language above the least level.
    """
    if screened(walls, expert.id, need.case, at) is not None:
        return Fit(expert.id, need.case, ("screened",), 0.0, {})
    held = {qualification.name for qualification in expert.qualifications if qualification.counts(at)}
    reasons = [f"no verified qualification {name}" for name in need.qualifications if name not in held]
    for language, least in need.languages.items():
        level = expert.languages.get(language)
        if level is None or not at_least(level, least):
            reasons.append(f"{language} {level or 'not spoken'}, {least} needed")
    if need.shores and expert.shore not in need.shores:
        reasons.append(f"works {expert.shore}, allowed {', '.join(need.shores)}")
    if expert.free_hours < need.hours:
        reasons.append(f"{expert.free_hours:g} hours free, {need.hours:g} needed")
    if reasons:
        return Fit(expert.id, need.case, tuple(reasons), 0.0, {})
    upheld, reviewed = expert.record.get(need.topic, (0, 0))
    parts = {"record": (upheld + _SMOOTHING * average) / (reviewed + _SMOOTHING)}
    if need.preferred:
        parts["preferred"] = sum(name in held for name in need.preferred) / len(need.preferred)
    if need.languages:
        levels = [LEVELS.index(expert.languages[language]) for language in need.languages]
        parts["languages"] = sum(levels) / len(levels) / (len(LEVELS) - 1)
    return Fit(expert.id, need.case, (), sum(parts.values()) / len(parts), parts)


def assign(experts: Sequence[Expert], needs: Sequence[Need], walls: Sequence[Wall], at: int) -> list[Assignment]:
    """The optimal assignment: a case gets all its people or none; nobody works more than the free hours.

    The same input gives the same assignment.
    """
    average = _average(experts)
    fits = [[fit(expert, need, walls, at, average=average) for expert in experts] for need in needs]
    chosen = _solve(experts, needs, fits)
    return [
        _explained(need, row, {experts[e].id for e in chosen[n]})
        for n, (need, row) in enumerate(zip(needs, fits, strict=True))
    ]


def _average(experts: Sequence[Expert]) -> float:
    upheld = sum(counts[0] for expert in experts for counts in expert.record.values())
    reviewed = sum(counts[1] for expert in experts for counts in expert.record.values())
    return upheld / reviewed if reviewed else 0.5


def _solve(experts: Sequence[Expert], needs: Sequence[Need], fits: Sequence[Sequence[Fit]]) -> list[list[int]]:
    """Per case the places of its experts. Variables: x[case, expert] for possible pairs, then y[case]."""
    from scipy.optimize import Bounds, LinearConstraint, milp  # a second of loading, which only assigning is worth

    pairs = [(n, e) for n in range(len(needs)) for e in range(len(experts)) if not fits[n][e].excluded]
    chosen: list[list[int]] = [[] for _ in needs]
    if not pairs:
        return chosen
    size = len(pairs) + len(needs)
    # One more staffed case outweighs every difference of fit; fits are normalised by the places to fill.
    places = sum(need.people for need in needs) + 1
    worth = np.zeros(size)
    rows, lower, upper = [], [], []
    for n, need in enumerate(needs):
        row = np.zeros(size)
        row[[k for k, (case, _) in enumerate(pairs) if case == n]] = 1
        row[len(pairs) + n] = -need.people
        rows.append(row)
        lower.append(0.0)
        upper.append(0.0)
        worth[len(pairs) + n] = need.priority * places
    for e, expert in enumerate(experts):
        row = np.zeros(size)
        for k, (n, who) in enumerate(pairs):
            if who == e:
                row[k] = needs[n].hours
        rows.append(row)
        lower.append(0.0)
        upper.append(expert.free_hours)
    for k, (n, e) in enumerate(pairs):
        worth[k] = fits[n][e].score
    solved = milp(
        -worth, constraints=LinearConstraint(np.array(rows), lower, upper), integrality=np.ones(size),
        bounds=Bounds(0, 1), options={"mip_rel_gap": 0.0},
    )  # fmt: skip
    if not solved.success:
        raise InternalError("matching.unsolved", f"the assignment was not solved: {solved.message}")
    for k, (n, e) in enumerate(pairs):
        if solved.x[k] > 0.5:
            chosen[n].append(e)
    return chosen


def _explained(need: Need, fits: Sequence[Fit], chosen: set[str]) -> Assignment:
    ranked = sorted(fits, key=lambda fit: (bool(fit.excluded), -fit.score))
    possible = [fit for fit in ranked if not fit.excluded]
    experts = tuple(fit.expert for fit in possible if fit.expert in chosen)
    why = [
        f"{fit.expert}: {fit.score:.2f} (" + ", ".join(f"{part} {value:.2f}" for part, value in fit.parts.items()) + ")"
        for fit in possible
        if fit.expert in chosen
    ]
    if chosen:
        worst = min(fit.score for fit in possible if fit.expert in chosen)
        why += [
            f"{fit.expert} fits better ({fit.score:.2f}) but the hours serve another case"
            for fit in possible
            if fit.expert not in chosen and fit.score > worst + 1e-6
        ]
    elif len(possible) < need.people:
        why.append(f"open: {len(possible)} of {need.people} people possible")
    else:
        why.append("open: the possible people's hours serve other cases")
    why += [f"{fit.expert}: {'; '.join(fit.excluded)}" for fit in ranked if fit.excluded]
    return Assignment(need.case, experts, tuple(ranked), tuple(why))
