"""Options that several commands share, declared once; and what is written on the command line in one way."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from datetime import date
from typing import Any

from anyshore.base.errors import DataError


def taking(shared: Callable[..., Any]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """A command whose first parameter is what ``shared`` makes of options of its own.

    Both declare their options as every command does; those of ``shared`` stand first.
    """
    shared.__annotations__.pop("return", None)  # need not be known yet, for it is no option
    options = inspect.signature(shared, eval_str=True).parameters

    def of(command: Callable[..., None]) -> Callable[..., None]:
        @functools.wraps(command)
        def run(**given: Any) -> None:
            command(shared(**{name: given.pop(name) for name in options}), **given)

        command.__annotations__.pop(next(iter(inspect.signature(command).parameters)))  # the same
        _made, *own = inspect.signature(command, eval_str=True).parameters.values()
        both = [one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in (*options.values(), *own)]
        del run.__wrapped__  # its own parameters are not those of the command line
        run.__signature__ = inspect.Signature(both)  # type: ignore[attr-defined]
        run.__annotations__ = {one.name: one.annotation for one in both}
        return run

    return of


def day(text: str) -> date:
    """A day, written as 2026-03-02.

    Raises:
        DataError: it is none.
    """
    try:
        return date.fromisoformat(text)
    except ValueError as problem:
        raise DataError("option.date", f"{text!r} is no day.", hint="Write it as 2026-03-02.") from problem
