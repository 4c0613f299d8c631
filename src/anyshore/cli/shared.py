"""Options that several commands share, declared once; and what is written on the command line in one way."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any, Literal

import typer

from anyshore.base.errors import DataError

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of tables.")]
Lang = Annotated[Literal["en", "de"], typer.Option("--lang", help="Language of reasons and titles: en or de.")]
Hints = Annotated[bool, typer.Option(help="Say for every problem what to do, and the rule.")]
By = Annotated[str | None, typer.Option("--by", help="Who asks, for the ledger.")]
Values = Annotated[list[str] | None, typer.Option("--set", help="NAME=VALUE, the value in FEEL; repeat it.")]
Engagement = Annotated[str, typer.Argument(help="Id of the engagement, as in its terms.")]
OneEngagement = Annotated[str | None, typer.Option("--engagement", help="Only this engagement.")]
OneService = Annotated[str | None, typer.Option("--service", help="Only this service.")]
Seed = Annotated[int, typer.Option(min=0, help="Of the draws: the same seed gives the same figures.")]


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


def day_or_today(text: str | None) -> date:
    """The same; the day where the command is given if it is left out."""
    return day(text) if text else datetime.now().astimezone().date()
