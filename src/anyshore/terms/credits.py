"""Service credits: what missed objectives take off a service's fee, up to the at-risk amount.

Every missed objective with bands takes the percentage of the deepest band its attainment lies below. Percentages are of
the service's fee of the month before credits, each amount rounded to the minor unit. All credits of a service in a
month together are capped at the at-risk amount; the objectives take their share in the order of the terms.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from anyshore.terms.model import Band, Service
from anyshore.terms.money import percent_of, rounded
from anyshore.terms.scorecard import ObjectiveScore


@dataclass(frozen=True, slots=True)
class Credit:
    """The service credit of one missed objective.

    Attributes:
        service: key of the service.
        score: the objective's month, with the cases that were missed.
        band: the band reached.
        fee: the service's fee before credits.
        uncapped: the band's percentage of the fee.
        cap: the at-risk amount: all credits of the service together.
        amount: what is taken off.
    """

    service: str
    score: ObjectiveScore
    band: Band
    fee: Decimal
    uncapped: Decimal
    cap: Decimal
    amount: Decimal


def band_of(score: ObjectiveScore, bands: Iterable[Band]) -> Band | None:
    """The deepest band the attainment lies below; None when not assessed, met, or above all bands."""
    if score.status != "missed":
        return None
    reached = [band for band in bands if score.below(band.below)]
    return min(reached, key=lambda band: band.below) if reached else None


def credits_of(service: Service, scores: Iterable[ObjectiveScore], fee: Decimal, currency: str) -> list[Credit]:
    """The credits of a service in a month, capped.

    Args:
        service: the service with its bands.
        scores: the month of its objectives.
        fee: its fee before credits.
        currency: ISO 4217 code, for rounding.
    """
    if service.credits is None:
        return []
    cap = left = rounded(percent_of(fee, service.credits.at_risk), currency)
    found = []
    for score in scores:
        band = band_of(score, service.credits.bands.get(score.objective.key, ()))
        if band is None:
            continue
        uncapped = rounded(percent_of(fee, band.credit), currency)
        amount = min(uncapped, left)
        left -= amount
        found.append(Credit(service.key, score, band, fee, uncapped, cap, amount))
    return found
