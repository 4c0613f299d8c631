"""A variance bridge: from what a month should have cost to what it did cost, step by step, to the cent.

The steps are taken one after another, each with the earlier ones done: volume, mix (of sites and services),
productivity (units of work per item), price (per unit, in the provider's money), currency, credits. Each level is
rounded to the smallest unit of the currency, and a step is the difference of two levels: so the steps always sum to
the whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import reduce

from anyshore.base.decimals import CONTEXT
from anyshore.base.errors import DataError

STEPS = ("volume", "mix", "productivity", "price", "currency", "credits")
_CENT = Decimal("0.01")
_ZERO, _ONE = Decimal(0), Decimal(1)


@dataclass(frozen=True, slots=True)
class Line:
    """What a month holds of one service at one site.

    Attributes:
        key: names the line, for example ``payables · PL``.
        items: how many.
        work: units of work per item, for example hours; 1 where a price is per item.
        price: per unit of work, in the provider's money.
        exchange: the client's money for one of the provider's; 1 where they are the same.
        credits: service credits in the client's money, as a number above zero.
    """

    key: str
    items: Decimal
    work: Decimal = _ONE
    price: Decimal = _ZERO
    exchange: Decimal = _ONE
    credits: Decimal = _ZERO

    def __post_init__(self) -> None:
        if not all(one.is_finite() for one in (self.items, self.work, self.price, self.exchange, self.credits)):
            message = f"{self.key} has a figure that is no number."
            raise DataError(
                "business.bridge", message, hint="Give items, work, price, exchange and credits as numbers."
            )
        if self.items < 0 or self.exchange <= 0:
            message = f"{self.key} has items below zero, or no exchange rate above zero."
            raise DataError("business.bridge", message, hint="Correct the row of that activity and month.")


@dataclass(frozen=True, slots=True)
class Bridge:
    """A month against its plan.

    Attributes:
        planned: what it should have cost, credits taken off.
        steps: by name of ``STEPS``; above zero where it made the month dearer.
        actual: what it did cost.
    """

    planned: Decimal
    steps: dict[str, Decimal]
    actual: Decimal


def bridge(planned: Sequence[Line], actual: Sequence[Line], cent: Decimal = _CENT) -> Bridge:
    """Explains the difference between two months.

    A line that one side lacks is taken to have no items there, at the other's work, price and exchange: what a new line
    costs is mix.

    Args:
        planned: the lines of the plan.
        actual: the lines of the month.
        cent: the smallest unit of the client's currency.

    Raises:
        DataError: a line stands on one side twice.
    """
    before, after = _by_key(planned), _by_key(actual)
    keys = sorted({*before, *after})
    pairs = [_pair(before.get(key), after.get(key)) for key in keys]
    first, last = _sum(one.items for one, _other in pairs), _sum(other.items for _one, other in pairs)
    grown = CONTEXT.divide(last, first) if first else _ONE
    # Nothing planned: volume has no mix to grow by, and all of it is mix.
    levels = [
        _sum(_cost(one.items, one.work, one.price, one.exchange) for one, _other in pairs),
        _sum(_cost(_times(one.items, grown), one.work, one.price, one.exchange) for one, _other in pairs),
        _sum(_cost(other.items, one.work, one.price, one.exchange) for one, other in pairs),
        _sum(_cost(other.items, other.work, one.price, one.exchange) for one, other in pairs),
        _sum(_cost(other.items, other.work, other.price, one.exchange) for one, other in pairs),
        _sum(_cost(other.items, other.work, other.price, other.exchange) for _one, other in pairs),
    ]
    promised, granted = _sum(one.credits for one, _ in pairs), _sum(other.credits for _, other in pairs)
    nets = [CONTEXT.subtract(level, promised) for level in levels] + [CONTEXT.subtract(levels[-1], granted)]
    rounded = [net.quantize(cent, ROUND_HALF_UP, CONTEXT) for net in nets]
    steps = {name: rounded[number + 1] - rounded[number] for number, name in enumerate(STEPS)}
    return Bridge(rounded[0], steps, rounded[-1])


def _by_key(lines: Sequence[Line]) -> dict[str, Line]:
    found = {one.key: one for one in lines}
    if len(found) != len(lines):
        raise DataError("business.bridge", "A line stands on one side of the bridge twice.", hint="Put them together.")
    return found


def _pair(before: Line | None, after: Line | None) -> tuple[Line, Line]:
    if before is None:
        assert after is not None
        return Line(after.key, _ZERO, after.work, after.price, after.exchange), after
    if after is None:
        return before, Line(before.key, _ZERO, before.work, before.price, before.exchange)
    return before, after


def _cost(items: Decimal, work: Decimal, price: Decimal, exchange: Decimal) -> Decimal:
    return _times(_times(items, work), _times(price, exchange))


def _times(one: Decimal, other: Decimal) -> Decimal:
    return CONTEXT.multiply(one, other)


def _sum(values: Iterable[Decimal]) -> Decimal:
    return reduce(CONTEXT.add, values, _ZERO)
