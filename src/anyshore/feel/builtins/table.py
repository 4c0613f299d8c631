"""All built-in functions by name."""

from __future__ import annotations

from anyshore.feel.builtins import booleans, contexts, conversion, lists, numbers, ranges, sorting, strings, temporals
from anyshore.feel.names import Names
from anyshore.feel.signatures import functions

BUILTINS = functions(
    (
        *conversion.ROWS,
        *booleans.ROWS,
        *strings.ROWS,
        *lists.ROWS,
        *numbers.ROWS,
        *temporals.ROWS,
        *ranges.ROWS,
        *sorting.ROWS,
        *contexts.ROWS,
    )
)
BUILTIN_NAMES = Names(BUILTINS)
