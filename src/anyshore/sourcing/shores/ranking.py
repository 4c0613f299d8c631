"""Sites ranked for a piece of work: what is known of each, how often it comes first, and whether methods agree.

SMAA decides nothing by itself: it tells in how much of all possible weights (and scores, where they are uncertain) a
site is best. Beside it stand five methods with one set of weights; where they disagree, the answer hangs on the method.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from anyshore.base.errors import DataError
from anyshore.sourcing.shores import methods, places, transfers
from anyshore.sourcing.shores.daylight import Office, Shared, shared
from anyshore.sourcing.shores.places import Place
from anyshore.sourcing.shores.sites import Interval, Own, RateCard, Site
from anyshore.sourcing.shores.smaa import Acceptability, mean_weights, smaa
from anyshore.sourcing.shores.transfers import Basis

Array = NDArray[np.float64]
DRAWS = 10_000
SHORES = ("onshore", "nearshore", "offshore")
_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Needs:
    """What a piece of work asks of a site.

    Attributes:
        languages: it is done in, ISO 639-1; none: language tells nothing apart.
        role: whose rate counts.
        personal_data: whether it needs personal data.
        shores: the shores that are allowed.
        order: names of criteria, the most important first; left out, all weights are possible.
        weights: of criteria by name, for the methods with one set of them; left out, the mean of what the order
            allows.
        strict: whether a name in order or weights that tells these sites nothing apart is refused, or passed over.
    """

    languages: tuple[str, ...] = ()
    role: str = ""
    personal_data: bool = False
    shores: tuple[str, ...] = SHORES
    order: tuple[str, ...] = ()
    weights: Mapping[str, float] | None = None
    strict: bool = True


def weights(given: Iterable[tuple[str, str]]) -> dict[str, float] | None:
    """Weights of criteria by name, as they are written; None where there are none.

    Raises:
        DataError: one is no number.
    """
    try:
        return {name: float(number) for name, number in given} or None
    except ValueError as problem:
        raise DataError("shore.weight", f"A weight is no number: {problem}.", hint="Write it as cost=3.") from problem


@dataclass(frozen=True, slots=True)
class Ranked:
    """A site and what comes of it.

    Attributes:
        site: the site.
        shore: onshore, nearshore or offshore.
        km: from the client.
        shared: hours of work in common.
        transfer: on what personal data may go there.
        rate: per hour; None where the card has none.
        values: by criterion, lowest and highest in its own unit.
        acceptability: share of draws on each rank, the first first.
        confidence: how often it is first with its central weights; None where it never is.
        central: weights by criterion that put it first; empty where none do.
        ranks: by method.
    """

    site: Site
    shore: str
    km: float
    shared: Shared
    transfer: Basis
    rate: Interval | None
    values: Mapping[str, Interval]
    acceptability: tuple[float, ...] = ()
    confidence: float | None = None
    central: Mapping[str, float] | None = None
    ranks: Mapping[str, int] | None = None

    @property
    def first(self) -> float:
        """Share of draws in which it is best."""
        return self.acceptability[0] if self.acceptability else 0.0

    @property
    def expected_rank(self) -> float:
        """Mean rank over the draws."""
        return sum(rank * part for rank, part in enumerate(self.acceptability, 1))

    def as_dict(self) -> dict[str, Any]:
        """As plain data, for ``--json`` and the field ``shores`` of a decision."""
        return {
            "site": self.site.name, "country": self.site.place.country, "shore": self.shore, "km": round(self.km),
            "shared_hours": round(self.shared.hours, 2), "least_shared_hours": round(self.shared.least, 2),
            "hours_apart": round(self.shared.apart, 2),
            "transfer": {"free": self.transfer.free, "scope": self.transfer.scope, "source": self.transfer.source},
            "rate": None if self.rate is None else list(self.rate),
            "values": {name: [round(low, 4), round(high, 4)] for name, (low, high) in self.values.items()},
            "first": round(self.first, _DIGITS), "expected_rank": round(self.expected_rank, _DIGITS),
            "acceptability": [round(one, _DIGITS) for one in self.acceptability],
            "confidence": None if self.confidence is None else round(self.confidence, _DIGITS),
            "central_weights": {name: round(one, _DIGITS) for name, one in (self.central or {}).items()},
            "ranks": dict(self.ranks or {}),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A site that may not do the work, and why: ``shore`` or ``transfer``, in the words of the rule."""

    site: str
    why: str
    source: str


@dataclass(frozen=True, slots=True)
class Ranking:
    """The sites, the most often best first.

    Attributes:
        client: the client's place.
        day: on which rates and transfers hold.
        criteria: names, in the order of the weights.
        sites: ranked.
        left_out: those a rule forbids.
        methods: by name, the site it puts first.
        draws: of SMAA.
        seed: likewise.
    """

    client: Place
    day: date
    criteria: tuple[str, ...]
    sites: tuple[Ranked, ...]
    left_out: tuple[LeftOut, ...]
    methods: Mapping[str, str]
    draws: int
    seed: int

    @property
    def agree(self) -> bool:
        """Whether every method, SMAA among them, puts the same site first."""
        return len({*self.methods.values(), *(one.site.name for one in self.sites[:1])}) <= 1

    def as_dict(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "client": {"country": self.client.country, "zone": self.client.zone}, "day": self.day.isoformat(),
            "criteria": list(self.criteria), "shores": [one.as_dict() for one in self.sites],
            "left_out": [{"site": one.site, "why": one.why, "source": one.source} for one in self.left_out],
            "methods": dict(self.methods), "agree": self.agree, "draws": self.draws, "seed": self.seed,
        }  # fmt: skip


def rank_shores(
    client: Place, sites: Sequence[Site], needs: Needs, day: date, *, card: RateCard | None = None,
    own: Sequence[Own] = (), closed: Mapping[str, frozenset[date]] | None = None, office: tuple[int, int] = (540, 1020),
    draws: int = DRAWS, seed: int = 0,
) -> Ranking:  # fmt: skip
    """Ranks sites for a piece of work.

    Args:
        client: where the client is.
        sites: that could do it.
        needs: what the work asks.
        day: on which rates and transfers of data count; its year is the year of shared hours.
        card: the client's rates; without one cost tells nothing apart.
        own: the client's own criteria.
        closed: days on which offices are closed, by country.
        office: when the client's office opens and closes, minutes after midnight.
        draws: of SMAA.
        seed: likewise.

    Raises:
        DataError: there is no site, or an order or a weight names no criterion.
    """
    if not sites:
        raise DataError("shore.empty", "There is no site to rank.", hint="Name at least one.")
    days = closed or {}
    home = Office(client.zone, *office, closed=days.get(client.country, frozenset()))
    known = [_seen(client, home, site, days, card, needs, day) for site in sites]
    left_out = [out for one in known if (out := _forbidden(one, needs)) is not None]
    kept = [one for one in known if _forbidden(one, needs) is None]
    criteria = _criteria(kept, needs, own, card)
    if needs.strict:
        _check_names(criteria, needs)
    if not kept:
        return Ranking(client, day, tuple(criteria), (), tuple(left_out), {}, draws, seed)
    low, high = _utilities(kept, criteria)
    names = list(criteria)
    order = [names.index(name) for name in needs.order if name in criteria]
    found = smaa(low, high, draws=draws, seed=seed, order=order or None)
    ranks = _by_method((low + high) / 2, _weights(names, needs))
    ranked = [_ranked(one, number, names, criteria, found, ranks) for number, one in enumerate(kept)]
    ranked.sort(key=lambda one: (-one.first, one.expected_rank, one.site.name))
    firsts = {name: kept[ranking.index(1)].site.name for name, ranking in ranks.items()}
    return Ranking(client, day, tuple(names), tuple(ranked), tuple(left_out), firsts, draws, seed)


Criterion = tuple[bool, Callable[[Ranked], Interval | None]]
"""Whether more is better, and what a site has of it; None where that is not known."""


def _seen(
    client: Place, home: Office, site: Site, closed: Mapping[str, frozenset[date]], card: RateCard | None, needs: Needs,
    day: date,
) -> Ranked:  # fmt: skip
    there = Office(site.place.zone, site.opens, site.closes, closed=closed.get(site.place.country, frozenset()))
    common = shared(home, there, day.year)
    km = places.distance(client, site.place)
    rate = card.rate(needs.role, site, day) if card else None
    return Ranked(
        site, places.shore(client, site.place, km, common.apart), km, common,
        transfers.basis(client.country, site.place.country, day), rate.amount if rate else None, {},
    )  # fmt: skip


def _forbidden(one: Ranked, needs: Needs) -> LeftOut | None:
    if one.shore not in needs.shores:
        return LeftOut(one.site.name, "shore", f"{one.shore} is not allowed")
    if needs.personal_data and one.transfer.free is False:
        return LeftOut(one.site.name, "transfer", one.transfer.source)
    return None


def _criteria(sites: Sequence[Ranked], needs: Needs, own: Sequence[Own], card: RateCard | None) -> dict[str, Criterion]:
    """The criteria that can tell these sites apart, by name."""
    found: dict[str, Criterion] = {}
    if card is not None and any(one.rate for one in sites):
        found["cost"] = (False, lambda one: one.rate)
    found["shared hours"] = (True, lambda one: (one.shared.hours, one.shared.hours))
    found["distance"] = (False, lambda one: (one.km, one.km))
    if needs.languages:
        found["language"] = (True, lambda one: (_spoken(one.site, needs), _spoken(one.site, needs)))
    if needs.personal_data:
        found["data transfer"] = (True, lambda one: one.transfer.score)
    if any(one.site.risk != (0.0, 1.0) for one in sites):
        found["risk"] = (False, lambda one: one.site.risk)
    for criterion in own:
        found[criterion.name] = (criterion.more_is_better, partial(_own, criterion.name))
    return found


def _own(name: str, one: Ranked) -> Interval | None:
    return one.site.own.get(name)


def _spoken(site: Site, needs: Needs) -> float:
    return sum(language in site.languages for language in needs.languages) / len(needs.languages)


def _check_names(criteria: Mapping[str, Criterion], needs: Needs) -> None:
    unknown = [name for name in (*needs.order, *(needs.weights or {})) if name not in criteria]
    if unknown:
        hint = f"There are: {', '.join(criteria)}. Cost needs a rate card, risk a column of the sites."
        raise DataError("shore.criterion", f"No criterion {unknown[0]!r} tells these sites apart.", hint=hint)


def _utilities(sites: Sequence[Ranked], criteria: Mapping[str, Criterion]) -> tuple[Array, Array]:
    """Lowest and highest utility, 0 the worst of these sites and 1 the best; what is not known may be either."""
    low, high = np.zeros((len(sites), len(criteria))), np.ones((len(sites), len(criteria)))
    for column, (more, value) in enumerate(criteria.values()):
        given = [value(one) for one in sites]
        numbers = [number for interval in given if interval is not None for number in interval]
        worst, span = min(numbers, default=0.0), max(numbers, default=0.0) - min(numbers, default=0.0)
        for row, interval in enumerate(given):
            if interval is None:
                continue
            parts = [1.0 if not span else (number - worst) / span for number in interval]
            low[row, column], high[row, column] = parts if more else [1 - part if span else 1.0 for part in parts[::-1]]
    return low, high


def _weights(names: Sequence[str], needs: Needs) -> Array:
    given = needs.weights
    if given is None:
        return mean_weights(len(names), [names.index(name) for name in needs.order if name in names])
    weights = np.array([given.get(name, 0.0) for name in names], dtype=np.float64)
    if (weights < 0).any() or not weights.sum() > 0:
        hint = "Give each criterion a number from 0, and one of them more."
        raise DataError("shore.weight", "A weight is below 0, or none is above 0.", hint=hint)
    return np.asarray(weights / weights.sum())


def _by_method(utility: Array, weights: Array) -> dict[str, list[int]]:
    """Ranks by five methods on the middle of each score."""
    up = np.ones(utility.shape[1])
    return {
        "weighted sum": methods.ranks(methods.weighted_sum(utility, weights)),
        "weighted product": methods.ranks(methods.weighted_product(utility, weights)),
        "TOPSIS": methods.ranks(methods.topsis(utility, weights, up)),
        "PROMETHEE II": methods.ranks(methods.promethee_ii(utility, weights, up, "vshape", threshold=1.0)),
        "VIKOR": methods.ranks(methods.vikor(utility, weights, up).compromise, less_is_better=True),
    }


def _ranked(
    one: Ranked, number: int, names: Sequence[str], criteria: Mapping[str, Criterion], found: Acceptability,
    ranks: Mapping[str, list[int]],
) -> Ranked:  # fmt: skip
    central = found.central[number]
    known = bool(np.isfinite(central).all())
    return Ranked(
        one.site, one.shore, one.km, one.shared, one.transfer, one.rate,
        {name: interval for name, (_more, value) in criteria.items() if (interval := value(one)) is not None},
        tuple(float(part) for part in found.ranks[number]),
        float(found.confidence[number]) if known else None,
        dict(zip(names, map(float, central), strict=True)) if known else {},
        {name: order[number] for name, order in ranks.items()},
    )  # fmt: skip
