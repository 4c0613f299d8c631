"""What a column of data is to a plan: the allow-list of types, and how each is read as a truth, whole number or text.

Number columns whose values may be too many digits for a plan are *capped*: rows past the cap are doubtful and go alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from anyshore.columnar import plan
from anyshore.columnar.plan import EXACT, NotCompiled, Plan
from anyshore.columnar.typed import NULL, Kind, Typed

# A float is read to six places: with at most 15 digits it is the decimal its text says.
FLOAT_PLACES = 6
_FLOAT_BOUND = 10**15
_DAYS = 2_932_897
_MICROSECONDS = _DAYS * 86_400_000_000


@dataclass(frozen=True, slots=True)
class Reading:
    """How a column is read.

    Attributes:
        value: the value.
        doubt: tells which rows are not what the value says; never null.
    """

    value: Typed
    doubt: Plan | None = None


def reading(name: str, kind: pl.DataType, cap: int | None = None) -> Reading:
    """How a column is read.

    Args:
        name: of the column.
        kind: its type.
        cap: how large its whole numbers may be; more is doubtful.

    Raises:
        NotCompiled: the type is none of the list.
    """
    if kind == pl.Null:
        return Reading(NULL)
    if kind == pl.Boolean:
        return Reading(Typed("truth", plan.field(name, "truth", "truth")))
    if kind == pl.String or isinstance(kind, (pl.Categorical, pl.Enum)):
        word = "text" if kind == pl.String else "coded text"
        return Reading(Typed("text", plan.field(name, word, "text")))
    if kind.is_integer():
        return _capped(name, "whole", _size_of(kind), 0, cap)
    if isinstance(kind, pl.Decimal):
        scale, digits = kind.scale, kind.precision or 38
        return _capped(name, f"decimal {digits} {scale}", 10**digits, scale, cap)
    if kind.is_float():
        value = Typed("number", plan.field(name, "float", "whole", _FLOAT_BOUND), FLOAT_PLACES)
        return Reading(value, plan.field(name, "inexact float", "truth"))
    if kind == pl.Date:
        return Reading(Typed("date", plan.field(name, "date", "whole", _DAYS)))
    if isinstance(kind, pl.Datetime) and kind.time_unit != "ns":
        clock: Kind = "local moment" if kind.time_zone is None else "moment"
        return Reading(Typed(clock, plan.field(name, f"{clock} {kind.time_unit}", "whole", _MICROSECONDS)))
    raise NotCompiled(f"the column {name} is of type {kind}")


def _capped(name: str, word: str, bound: int, scale: int, cap: int | None) -> Reading:
    if cap is None or bound <= cap:
        if bound > EXACT:
            raise NotCompiled(f"the column {name} can hold more than 34 digits")
        return Reading(Typed("number", plan.field(name, word, "whole", bound), scale))
    full = plan.field(name, word, "whole", bound)
    fits = plan.both(plan.below(full, plan.whole(cap)), plan.below(plan.whole(-cap), full))
    value = plan.choose(fits, Plan("field", (), "whole", cap, full.value), plan.nothing("whole"))
    doubt = plan.both(plan.negate(plan.is_null(full)), plan.negate(plan.is_true(fits)))
    return Reading(Typed("number", value, scale), doubt)


def _size_of(kind: pl.DataType) -> int:
    sizes: dict[object, int] = {
        pl.Int8: 1 << 7, pl.Int16: 1 << 15, pl.Int32: 1 << 31, pl.Int64: 1 << 63, pl.UInt8: 1 << 8,
        pl.UInt16: 1 << 16, pl.UInt32: 1 << 32, pl.UInt64: 1 << 64, pl.Int128: 1 << 127,
    }  # fmt: skip
    for known, size in sizes.items():
        if kind == known:
            return size
    raise NotCompiled(f"there is no reading of {kind}")
