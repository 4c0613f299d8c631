"""One evaluation: its clock, its budget and its diagnostics."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Any, NoReturn

from anyshore.base import sizes
from anyshore.base.errors import Diagnostic, FeelError
from anyshore.base.locations import Location
from anyshore.feel.hints import HINTS
from anyshore.feel.origin import Origin, Place

_NOWHERE: Place = (Origin("", Location()), 0)

# A call of a function takes up to a dozen frames of Python. There are so many that an expression's own budget ends it,
# and not how deep on its host's stack it is evaluated (ADR 13).
_FRAMES = 4000
if sys.getrecursionlimit() < _FRAMES:
    sys.setrecursionlimit(_FRAMES)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a stranger's expression may use. With the defaults it ends within about two seconds.

    Attributes:
        steps: turns of loops, calls of functions and elements handled by them, together.
        depth: functions called inside each other.
        string: characters of a string a function builds.
        regex_seconds: time for all regular expressions together. The one limit that a clock decides: how long a pattern
            takes cannot be told from it.
        value: what an expression may give, counted as it is written out.
    """

    steps: int = 1_000_000
    depth: int = 200
    string: int = 1_000_000
    regex_seconds: float = 1.0
    value: sizes.Limit = sizes.EVALUATED


DEFAULT_LIMITS = Limits()


_MOST_NOTED = 1000
"""Reasons that are noted: a loop can have one in every turn, and nobody reads so many."""

_NOTHING_MISSING: frozenset[str] = frozenset()


class Run:
    """What all expressions of one evaluation share.

    Args:
        now: microseconds since 1970-01-01T00:00Z, for ``now()`` and ``today()``; None makes them null.
        zone: the IANA zone they are told in.
        diagnostics: where to note why something is null; None notes nothing and costs nothing.
        strict: raise `FeelError` for the first of them instead.
        limits: the budget.

    Attributes:
        missing: names of variables that are null because nobody gave them.
    """

    __slots__ = ("depth", "diagnostics", "limits", "missing", "now", "place", "regex_left", "steps", "strict", "zone")

    def __init__(
        self,
        now: int | None = None,
        zone: str = "UTC",
        diagnostics: list[Diagnostic] | None = None,
        strict: bool = False,
        limits: Limits = DEFAULT_LIMITS,
    ) -> None:
        self.now = now
        self.zone = zone
        self.diagnostics = diagnostics
        self.strict = strict
        self.limits = limits
        self.steps = limits.steps
        self.depth = limits.depth
        self.regex_left = limits.regex_seconds
        self.place = _NOWHERE
        self.missing = _NOTHING_MISSING

    def none(self, place: Place, code: str, template: str, *values: object) -> Any:
        """Null, and why. The message is made only if somebody wants it."""
        if not self.strict and (self.diagnostics is None or len(self.diagnostics) >= _MOST_NOTED):
            return None
        message = template.format(*(describe(value) for value in values))
        location = place[0].locate(place[1])
        hint = HINTS.get(code, "")
        if self.strict:
            raise FeelError(code, message, location, hint)
        assert self.diagnostics is not None
        self.diagnostics.append(Diagnostic(code, message, location, hint, "warning"))
        return None

    def fail(self, template: str, *values: object) -> Any:
        """Null from a built-in function, and why."""
        # A whole number of Python is the function's own count, as no FEEL value is one.
        shown = (Raw(value) if type(value) is int else value for value in values)
        return self.none(self.place, "feel.value", template, *shown)

    def spend(self, steps: int = 1) -> None:
        """Take steps from the budget; raises FeelError when it is used up."""
        self.steps -= steps
        if self.steps < 0:
            self.over("steps", f"{self.limits.steps:,} steps")

    def check_string(self, length: int) -> None:
        """Refuse to build a string that is too long; its length counts as steps too."""
        if length > self.limits.string:
            self.over("string", f"strings of {self.limits.string:,} characters")
        self.spend(length >> 6)

    def over(self, what: str, budget: str) -> NoReturn:
        """Refuse to go on."""
        origin, start = self.place
        code = f"feel.budget.{what}"
        raise FeelError(code, f"the expression needs more than {budget}", origin.locate(start), HINTS.get(code, ""))


class _Quiet(Run):
    """A run nothing is counted in, so that it can be shared."""

    __slots__ = ()

    def spend(self, steps: int = 1) -> None:
        """Count nothing."""


QUIET = _Quiet()
"""For expressions that neither loop nor call: they change nothing in it."""

_KINDS = {
    "NoneType": "null", "bool": "boolean", "str": "string", "Decimal": "number", "Date": "date", "Time": "time",
    "DateTime": "date and time", "DaysDuration": "days and time duration",
    "MonthsDuration": "years and months duration", "list": "list", "dict": "context", "Range": "range",
    "Function": "function", "BuiltinFunction": "function",
}  # fmt: skip


class Raw(str):
    """Text to be put into a message as it is."""

    __slots__ = ()


def kind(value: object) -> str:
    """What sort of value it is, in FEEL's words."""
    name = type(value).__name__
    return _KINDS.get(name, f"Python {name} (convert it with feel.from_python)")


def describe(value: object) -> str:
    """A value in a message: its kind, and itself if short."""
    if value is None or isinstance(value, (Raw, Exception)):
        return "null" if value is None else str(value)
    if isinstance(value, (list, dict)):
        return f"{kind(value)} of {len(value)}"
    text = str(value) if kind(value) not in ("range", "function") else ""
    if isinstance(value, bool):
        return text.lower()
    if isinstance(value, str):
        text = f'"{text}"'
    return f"{kind(value)} {text}".strip() if len(text) <= 40 else kind(value)
