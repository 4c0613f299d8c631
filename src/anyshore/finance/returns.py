"""What dated or periodic flows are worth and return: NPV, XNPV, IRR, XIRR, and how many rates there are.

Periods and days are discounted from the first: ``npv`` leaves the first flow as it is, ``xnpv`` counts days of the
earliest date over 365 (actual/365 fixed, as spreadsheets do). A rate is a share per period or year, 0.1 for 10 %.

``rate`` is the one found from the usual guess of 10 %. Flows whose sign changes more than once may have several rates
(Descartes' rule: at most as many as there are changes); all of them above -100 % are told, because then none is *the*
return.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from anyshore.base.errors import DataError

Flow = tuple[date, float]
_DAYS = 365.0
_GRID = 4001
"""Points at which the sign of the present value is looked at; a pair of rates closer than two points is missed."""
_CLOSE = 1e-6
"""Share of all discounted money that may be left at a rate."""
_LARGEST = 1e6
"""Rates from -99.9999 % to 100,000,000 % are looked for."""


@dataclass(frozen=True, slots=True)
class Returns:
    """The rates at which flows are worth nothing.

    Attributes:
        rate: the rate; None where no value changes sign, or no rate makes them worth nothing.
        all: every rate found, rising; more than one says that none of them alone may be called the return.
    """

    rate: float | None
    all: tuple[float, ...]

    @property
    def several(self) -> bool:
        """Whether there is more than one."""
        return len(self.all) > 1


def npv(rate: float, amounts: Sequence[float]) -> float:
    """Net present value of periodic flows, the first undiscounted.

    Raises:
        DataError: there are no flows, one is no number, or the rate is -100 % or less.
    """
    import pyxirr

    _check(amounts, rate)
    return float(pyxirr.npv(rate, list(amounts), start_from_zero=True) or 0.0)


def xnpv(rate: float, flows: Sequence[Flow]) -> float:
    """Net present value of dated flows on the earliest date; their order does not matter.

    Raises:
        DataError: there are no flows, one is no number, or the rate is -100 % or less.
    """
    import pyxirr

    _check([amount for _day, amount in flows], rate)
    return float(pyxirr.xnpv(rate, [day for day, _amount in flows], [amount for _day, amount in flows]) or 0.0)


def irr(amounts: Sequence[float]) -> Returns:
    """Internal rate of return per period.

    Raises:
        DataError: there are no flows, or one is no number.
    """
    import pyxirr

    _check(amounts)
    if not _changes(amounts):
        return Returns(None, ())
    rate = pyxirr.irr(list(amounts), silent=True)
    return _returns(rate, np.arange(len(amounts), dtype=np.float64), np.asarray(amounts, dtype=np.float64))


def xirr(flows: Sequence[Flow]) -> Returns:
    """Internal rate of return per year of 365 days.

    Raises:
        DataError: there are no flows, or one is no number.
    """
    import pyxirr

    amounts = [amount for _day, amount in flows]
    _check(amounts)
    if not _changes([amount for _day, amount in sorted(flows)]):
        return Returns(None, ())
    first = min(day for day, _amount in flows)
    years = np.array([(day - first).days / _DAYS for day, _amount in flows])
    rate = pyxirr.xirr([day for day, _amount in flows], amounts, silent=True)
    return _returns(rate, years, np.asarray(amounts, dtype=np.float64))


def _returns(rate: float | None, years: NDArray[np.float64], amounts: NDArray[np.float64]) -> Returns:
    found = _roots(years, amounts)
    if rate is None or not _is_root(rate, years, amounts):
        return Returns(None, found)
    if not any(abs(rate - one) <= 1e-6 * max(1.0, abs(one)) for one in found):
        found = tuple(sorted((*found, float(rate))))
    return Returns(float(rate), found)


def _is_root(rate: float, years: NDArray[np.float64], amounts: NDArray[np.float64]) -> bool:
    """Whether flows are worth nothing at a rate: a search may end at one where they are not (all on one day)."""
    if not (np.isfinite(rate) and rate > -1):
        return False
    exponents = -np.log1p(rate) * years
    parts = amounts * np.exp(exponents - exponents.max())
    return bool(abs(parts.sum()) <= _CLOSE * np.abs(parts).sum())


def _roots(years: NDArray[np.float64], amounts: NDArray[np.float64]) -> tuple[float, ...]:
    """Every rate at which the sign of the present value changes, looked for evenly in log(1 + rate)."""
    logs = np.linspace(np.log(1e-6), np.log1p(_LARGEST), _GRID)
    values = np.array([_value(float(one), years, amounts) for one in logs])
    found = []
    for number in np.flatnonzero(np.sign(values[:-1]) * np.sign(values[1:]) < 0):
        log = _bisected(lambda at: _value(at, years, amounts), float(logs[number]), float(logs[number + 1]))
        found.append(float(np.expm1(log)))
    found += [float(np.expm1(one)) for one in logs[values == 0]]
    return tuple(sorted(found))


def _value(log: float, years: NDArray[np.float64], amounts: NDArray[np.float64]) -> float:
    """The present value at log(1 + rate), scaled so that the largest factor is 1: only its sign counts."""
    exponents = -log * years
    return float(amounts @ np.exp(exponents - exponents.max()))


def _bisected(of: Callable[[float], float], low: float, high: float) -> float:
    rising = of(low) < 0
    for _step in range(100):
        middle = (low + high) / 2
        if (of(middle) < 0) is rising:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _changes(amounts: Sequence[float]) -> int:
    """How often the sign of flows changes; zeros are passed over."""
    signs = [amount > 0 for amount in amounts if amount]
    return sum(one is not other for one, other in pairwise(signs))


def _check(amounts: Sequence[float], rate: float = 0.0) -> None:
    if not len(amounts):
        raise DataError("business.flows", "There are no flows.", hint="Give at least one amount.")
    if not np.isfinite(np.asarray(amounts, dtype=np.float64)).all():
        raise DataError("business.flows", "An amount is no number.", hint="Use finite amounts.")
    if not rate > -1:
        hint = "Give a rate above -100 %, as 0.08 for 8 %."
        raise DataError("business.rate", f"A rate of {rate:.0%} takes everything.", hint=hint)
