"""Exact values of a flow chart as integers with a scale known before anything runs.

``java.math.BigDecimal`` is an integer and a scale (its class comment). The scale of every value in a flow chart can be
told from its text: a sum has the larger scale, a product the sum of both, ``setScale`` and ``divide`` state theirs. So
a value becomes a plain integer, and the scale stays behind in the translation. What hangs on a scale that only running
tells (``divide(x, rounding)``, ``scale()``, ``equals``, ``toString``) is refused.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from anyshore.payroll.wagetax.syntax import Number, SyntaxProblem

MAX_SCALE = 60
"""Decimal places a value may need; published flow charts need 14."""
MAX_KNOWN = 16
"""How many possible values of a variable are kept track of."""
ROUNDINGS = ("DOWN", "UP", "FLOOR", "CEILING", "HALF_UP", "HALF_DOWN", "HALF_EVEN", "UNNECESSARY")

Sort = Literal["decimal", "integer", "boolean", "array"]


@dataclass(frozen=True, slots=True)
class Value:
    """What the translation knows of a value.

    Attributes:
        sort: its type.
        code: Python that gives it: a name, or a number.
        scale: decimal places; the integer is the value times ten to that power.
        known: every integer it can be, where they are few and known; of an array, its elements.
        bound: the integer is no larger than this in amount; None where nothing is known.
    """

    sort: Sort
    code: str
    scale: int = 0
    known: tuple[int, ...] | None = None
    bound: int | None = None

    @property
    def constant(self) -> int | None:
        """The one integer it can be."""
        return self.known[0] if self.known is not None and len(self.known) == 1 and self.sort != "array" else None


def constant(number: int, scale: int = 0, sort: Sort = "decimal") -> Value:
    """A known value."""
    return Value(sort, repr(number) if number >= 0 else f"({number!r})", scale, (number,), abs(number))


def truth(value: bool) -> Value:
    """A condition that is known."""
    return Value("boolean", repr(value), 0, (int(value),), 1)


def literal(node: Number) -> Value:
    """A number as it is written; one with a point or an exponent is what ``BigDecimal.valueOf(double)`` makes of it."""
    if node.text.isdigit():
        return constant(int(node.text), sort="integer")
    exact = Decimal(node.text)
    _sign, digits, exponent = exact.as_tuple()
    if not isinstance(exponent, int) or abs(exponent) > MAX_SCALE:
        raise SyntaxProblem(f"{node.text} has too many places")
    number = int("".join(map(str, digits))) * 10 ** max(exponent, 0)
    scale = max(-exponent, 0)
    while scale > 0 and number % 10 == 0:  # Double.toString writes no zeros at the end
        number, scale = number // 10, scale - 1
    return constant(number, scale)


def known(function: Callable[..., int], *values: Value) -> tuple[int, ...] | None:
    """What a function can give, where all its arguments are known and there are few of them."""
    found: set[tuple[int, ...]] = {()}
    for value in values:
        if value.known is None:
            return None
        found = {(*before, one) for before in found for one in value.known}
        if len(found) > MAX_KNOWN:
            return None
    return tuple(sorted({function(*one) for one in found}))


def grown(function: Callable[..., int], *values: Value) -> int | None:
    """A bound from bounds, where all are known."""
    bounds = [value.bound for value in values]
    return None if None in bounds else abs(function(*bounds))


def places_of_quotient(divisors: tuple[int, ...]) -> tuple[int, bool]:
    """Decimal places that make a division by any of these integers exact, and whether they always do.

    With d = 2^a · 5^b · m a quotient needs max(a, b) places, and is exact where m divides the dividend.
    """
    places, always = 0, True
    for divisor in divisors:
        rest, twos, fives = abs(divisor), 0, 0
        while rest and rest % 2 == 0:
            rest, twos = rest // 2, twos + 1
        while rest and rest % 5 == 0:
            rest, fives = rest // 5, fives + 1
        places, always = max(places, twos, fives), always and rest == 1
    return places, always


def rounded(number: int, by: int, mode: str) -> int:
    """An integer divided by a positive one, rounded as ``java.math.RoundingMode`` says.

    Raises:
        ArithmeticError: ``UNNECESSARY``, and the quotient is no integer.
    """
    quotient, rest = divmod(abs(number), by)
    if rest:
        if mode == "UNNECESSARY":
            raise ArithmeticError("rounding necessary")
        up = {
            "DOWN": False, "UP": True, "FLOOR": number < 0, "CEILING": number > 0, "HALF_UP": 2 * rest >= by,
            "HALF_DOWN": 2 * rest > by, "HALF_EVEN": 2 * rest > by or (2 * rest == by and quotient % 2 == 1),
        }  # fmt: skip
        quotient += up[mode]
    return quotient if number >= 0 else -quotient
