"""Short ways to evaluate in tests."""

from __future__ import annotations

from anyshore import feel
from anyshore.base.errors import Diagnostic

NOW = 1_700_000_000_000_000


def value(text: str, **variables: object) -> object:
    """The value of an expression; variables are Python values."""
    given = {name: feel.from_python(one) for name, one in variables.items()}
    return feel.compile(text, names=given).evaluate(given, now=NOW)


def literal(text: str, **variables: object) -> str:
    """The value of an expression, written as FEEL."""
    return feel.format(value(text, **variables))


def problems(text: str, **variables: object) -> list[Diagnostic]:
    """Why parts of an expression are null."""
    found: list[Diagnostic] = []
    given = {name: feel.from_python(one) for name, one in variables.items()}
    feel.compile(text, names=given).evaluate(given, now=NOW, diagnostics=found)
    return found


def cell(tests: str, one: object, **variables: object) -> object:
    """The result of a table cell for an input value."""
    given = {name: feel.from_python(item) for name, item in variables.items()}
    return feel.compile_unary_tests(tests, names=given).evaluate({**given, "?": feel.from_python(one)})
