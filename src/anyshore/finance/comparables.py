"""What companies like it are paid for: multiples, their median and quartiles, and who is left out and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from anyshore.base.decimals import CONTEXT
from anyshore.base.errors import DataError


@dataclass(frozen=True, slots=True)
class Peer:
    """A company to compare with.

    Attributes:
        name: of the company.
        price: what is paid, equity or enterprise value.
        base: what it is paid for: earnings, sales, EBITDA.
        excluded: why it is left out by judgement; empty where it is not.
    """

    name: str
    price: Decimal
    base: Decimal
    excluded: str = ""


@dataclass(frozen=True, slots=True)
class Multiples:
    """The multiples of a group.

    Attributes:
        used: multiple by company.
        excluded: reason by company.
        low: lower quartile.
        median: the middle.
        high: upper quartile.
    """

    used: Mapping[str, Decimal]
    excluded: Mapping[str, str]
    low: Decimal
    median: Decimal
    high: Decimal


def multiples(peers: Sequence[Peer]) -> Multiples:
    """The multiples of those that can be compared. A price over a loss says nothing: such a company is left out, and
    told.

    Raises:
        DataError: a name stands twice, or nobody is left.
    """
    names = [peer.name for peer in peers]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise DataError("comparables.twice", f"{twice!r} stands twice.", hint="Name each company once.")
    used: dict[str, Decimal] = {}
    excluded: dict[str, str] = {}
    for peer in peers:
        if peer.excluded.strip():
            excluded[peer.name] = peer.excluded.strip()
        elif peer.base <= 0:
            excluded[peer.name] = "what is paid for is not positive: its multiple has no meaning"
        elif peer.price <= 0:
            excluded[peer.name] = "it has no positive price"
        else:
            used[peer.name] = CONTEXT.divide(peer.price, peer.base)
    if not used:
        raise DataError("comparables.none", "No company is left to compare with.", hint="Find other peers.")
    ordered = sorted(used.values())
    low, median, high = (quantile(ordered, Decimal(share)) for share in ("0.25", "0.5", "0.75"))
    return Multiples(used, excluded, low, median, high)


def quantile(ordered: Sequence[Decimal], share: Decimal) -> Decimal:
    """A quantile by linear interpolation between order statistics (Hyndman and Fan 1996, definition 7).

    Args:
        ordered: rising, at least one.
        share: from 0 to 1.
    """
    place = CONTEXT.multiply(Decimal(len(ordered) - 1), share)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    step = CONTEXT.subtract(ordered[above], ordered[below])
    return CONTEXT.fma(step, CONTEXT.subtract(place, Decimal(below)), ordered[below])
