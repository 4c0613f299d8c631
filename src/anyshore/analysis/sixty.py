"""Numbers of sixty digits, for where doubles do not carry: arrays of them, and the functions models use."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
from numpy.typing import NDArray

from anyshore.analysis.expressions import Functions

DIGITS = 60
LONG: Any = mpmath.mp.clone()
"""A context of its own, so that nobody else's precision changes."""
LONG.dps = DIGITS

Long = NDArray[np.object_]
"""An array of numbers of sixty digits."""


def one(value: Decimal | Fraction | float | str) -> Any:
    """A number of sixty digits from exact digits, an exact ratio, or a double as it is."""
    if isinstance(value, Fraction):
        return LONG.mpf(value.numerator) / LONG.mpf(value.denominator)
    return LONG.mpf(str(value) if isinstance(value, Decimal) else value)


def array(values: Iterable[Decimal | Fraction | float | str]) -> Long:
    """An array of them."""
    return np.array([one(value) for value in values], dtype=object)


def _elementwise(function: Any) -> Any:
    spread = np.frompyfunc(function, 1, 1)
    return lambda value: spread(value) if isinstance(value, np.ndarray) else function(value)


FUNCTIONS = Functions(
    number=LONG.mpf, exp=_elementwise(LONG.exp), log=_elementwise(LONG.log), sin=_elementwise(LONG.sin),
    cos=_elementwise(LONG.cos), arctan=_elementwise(LONG.atan), sqrt=_elementwise(LONG.sqrt),
)  # fmt: skip
