"""What is given on the command line as ``NAME=VALUE``."""

from __future__ import annotations

from typing import Any

from anyshore import feel
from anyshore.base.errors import DataError


def pairs(given: list[str] | None, what: str) -> dict[str, str]:
    """Names and texts of ``NAME=VALUE``.

    Raises:
        DataError: one has no name or no equals sign.
    """
    found = {}
    for one in given or ():
        name, equals, value = one.partition("=")
        if not equals or not name:
            raise DataError("option.pair", f"{one!r} is no {what}.", hint="Write NAME=VALUE.")
        found[name.strip()] = value.strip()
    return found


def variables(given: list[str] | None) -> dict[str, Any]:
    """Variables of ``NAME=VALUE``, the value in FEEL.

    Raises:
        DataError: one has no name or no equals sign.
        FeelError: a value is no FEEL expression.
    """
    return {name: feel.compile(text).evaluate({}) for name, text in pairs(given, "variable").items()}
