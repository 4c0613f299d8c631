"""The money of a case: what each year brings at each site, for one known state of things or for many draws at once.

Flows: the one-off cost at the start, then at the end of each year the saving against the baseline::

    baseline = volume × (1 + growth)^y × unit cost × (1 + inflation)^y
    fees     = volume × (1 + growth)^y × price × (1 + price inflation)^y × (1 + lag) × currency
    saving   = (baseline × (1 - retained) - fees × (1 + governance + tax on fees) - replacements) × (1 - tax on saving)

The lag is the share of extra work while productivity recovers in a straight line; growth, inflation and currency count
from the first year, in which y is 0; of the currency y is then 1. Everything is in the client's money of the day, and
discounting is left to ``finance.returns``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anyshore.base import canonical
from anyshore.base.errors import DataError
from anyshore.sourcing.business_case.case import QUANTITIES, Case
from anyshore.sourcing.business_case.distributions import Distribution

Array = NDArray[np.float64]
_CHUNK = 5_000
"""Draws at a time, so that what is worked on stays in the caches."""
Scope = tuple[str, str, str]
"""Activity, site and quantity of a row; an empty name stands for all."""
Values = Callable[[str], Array]
"""A quantity by name, draws × sites."""


@dataclass(frozen=True, slots=True)
class Flows:
    """Money of an activity at every site.

    Attributes:
        one_off: draws × sites, spent at the start.
        saving: draws × sites × years.
    """

    one_off: Array
    saving: Array

    def npv(self, discount: float) -> Array:
        """Draws × sites."""
        years = self.saving.shape[2]
        factors = (1 + discount) ** -np.arange(1, years + 1, dtype=np.float64)
        return np.asarray(self.saving @ factors - self.one_off)

    def payback(self) -> Array:
        """Years until the one-off cost is back, draws × sites; infinite where it never is.

        The saving of a year comes in evenly over it.
        """
        before = -self.one_off
        found = np.where(before >= 0, 0.0, np.inf)
        for year in range(self.saving.shape[2]):
            saving = self.saving[:, :, year]
            after = before + saving
            back = (before < 0) & (after >= 0)
            found = np.where(back, year - before / np.where(back, saving, 1.0), found)
            found = np.where(after < 0, np.inf, found)
            before = after
        return np.asarray(found)


def median_flows(case: Case, activity: str) -> Flows:
    """The flows where every quantity is at its median: one draw."""
    values = {
        one.name: np.array([[case.of(activity, site, one.name).median for site in case.sites]]) for one in QUANTITIES
    }
    drift = values["currency drift"][:, :, None]
    years = np.arange(1, case.frame.years + 1)
    return _flows(values.__getitem__, case.frame.years, (1 + drift) ** years)


def drawn_flows(case: Case, activity: str, draws: int, seed: int) -> Iterator[Flows]:
    """The flows of many draws, some thousand at a time.

    Every row of the case has draws of its own, made of the seed and what the row is for: sites and activities that
    share a row are moved together by it, and a row more or less leaves the draws of the others as they are.

    Raises:
        DataError: there is no draw.
    """
    if draws < 1:
        raise DataError("business.draws", "At least one draw is needed.", hint="Use 10,000 or more.")
    streams: dict[Scope, np.random.Generator] = {}
    for start in range(0, draws, _CHUNK):
        size = min(_CHUNK, draws - start)
        values = _drawn(case, activity, size, streams, seed)
        yield _flows(values.__getitem__, case.frame.years, _currency(case, activity, values, streams, seed, size))


def _drawn(
    case: Case, activity: str, size: int, streams: dict[Scope, np.random.Generator], seed: int
) -> dict[str, Array]:  # fmt: skip
    """Draws × sites of every quantity."""

    def draw(scope: Scope, known: Distribution) -> Array:
        return known.draw(_stream(streams, scope, seed), (size,))

    return {one.name: _by_site(case, activity, one.name, draw) for one in QUANTITIES}


def _stream(streams: dict[Scope, np.random.Generator], scope: Scope, seed: int) -> np.random.Generator:
    if scope not in streams:
        own = int(canonical.digest(list(scope))[:16], 16)
        streams[scope] = np.random.Generator(np.random.PCG64([seed, own]))
    return streams[scope]


def _by_site(case: Case, activity: str, quantity: str, draw: Callable[[Scope, Distribution], Array]) -> Array:
    """Draws × sites (× what is drawn); one column where all sites share a row."""
    scopes = [case.scope(activity, site, quantity) for site in case.sites]
    drawn = {
        scope: draw(scope, case.of(activity, site, quantity)) for scope, site in zip(scopes, case.sites, strict=True)
        if scopes.index(scope) == case.sites.index(site)
    }  # fmt: skip
    return np.stack([drawn[scope] for scope in (scopes if len(drawn) > 1 else scopes[:1])], axis=1)


def _currency(
    case: Case, activity: str, values: dict[str, Array], streams: dict[Scope, np.random.Generator], seed: int, size: int
) -> Array:  # fmt: skip
    """What the provider's money costs against today, by year: a random walk of logarithms around the drift."""
    drift, volatility = values["currency drift"], values["currency volatility"]
    years = case.frame.years
    steps = np.arange(1, years + 1)
    if not volatility.any():
        return np.asarray((1 + drift[:, :, None]) ** steps)

    def walked(scope: Scope, known: Distribution) -> Array:
        chance = _stream(streams, ("currency walk", *scope[:2]), seed)
        return chance.standard_normal((size, years)) if known.quantile(0.9) else np.zeros((size, years))

    walk = _by_site(case, activity, "currency volatility", walked) * volatility[:, :, None]
    walk = walk - (volatility**2)[:, :, None] / 2
    return np.asarray(np.exp(walk.cumsum(axis=2) + np.log1p(drift)[:, :, None] * steps))


def _flows(of: Values, years: int, currency: Array) -> Flows:
    """All flows; quantities with one column hold for every site."""
    year = np.arange(years)
    growth = (1 + of("volume growth"))[:, :, None] ** year
    volume = of("baseline volume")[:, :, None] * growth
    baseline = volume * (of("baseline unit cost") * (1 - of("retained cost")))[:, :, None]
    baseline = baseline * (1 + of("baseline inflation"))[:, :, None] ** year
    priced = of("price per item")
    unit = np.where(priced > 0, priced, of("hours per item") * of("rate"))
    extra = 1 + of("governance") + of("tax on fees")
    inflation = (1 + of("price inflation"))[:, :, None] ** year
    slowed = 1 + _lag(of("lag months"), of("lag loss"), years)
    fees = volume * slowed * (unit * extra)[:, :, None] * inflation * currency
    leavers = of("attrition") * of("hours per item") / of("hours per person") * of("replacement cost")
    saving = (baseline - fees - volume * leavers[:, :, None]) * (1 - of("tax on saving"))[:, :, None]
    return Flows(np.broadcast_to(of("one-off cost"), saving.shape[:2]), saving)


def _lag(months: Array, loss: Array, years: int) -> Array:
    """Share of extra work by year: loss × the mean over the year of what is not yet recovered, in a straight line."""
    whole = np.maximum(months, 1e-12)[:, :, None] / 12

    def lost(until: Array) -> Array:
        """Area under the line from the start, in years."""
        inside = np.minimum(until, whole)
        return np.asarray(inside - inside**2 / (2 * whole))

    ends = np.arange(1, years + 1, dtype=np.float64)
    return np.asarray(loss[:, :, None] * (lost(ends) - lost(ends - 1)) * (months > 0)[:, :, None])
