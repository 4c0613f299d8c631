"""Commands without a command line: functions that say what they can be asked, and give what is told.

A command is a function: its parameters are arguments and options, its docstring the help, its ``Answer`` what is told.
A parameter that may be given by its place is an argument, one that may be given by name alone an option.
``Annotated`` says the rest of it in any order: its help, as text; names other than its own, texts that begin with
``-``; its ``Bounds``; a function that makes what is meant of the text that is given; or ``Taken``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Literal, NamedTuple, Protocol

from anyshore.base.errors import DataError, Diagnostic
from anyshore.base.telling import Part

Told = Part | Diagnostic | Iterable["Told"]
"""What is told to people: tables, sentences, problems, and many of these one after the other."""
NOTHING: Mapping[Any, Any] = MappingProxyType({})
"""Of names with values: none were given."""


class Group(NamedTuple):
    """Commands under one name.

    Attributes:
        help: what they are for.
        commands: functions and further groups, by name.
    """

    help: str
    commands: Mapping[str, Any]


class Bounds(NamedTuple):
    """Least and greatest of a number."""

    least: float | None = None
    greatest: float | None = None


class Taken(NamedTuple):
    """Of a parameter that stands for options of its own: the function that has them, and makes it of them."""

    by: Callable[..., Any]


class Progress(Protocol):
    """Tells people how far something has come; a parameter of this type is given by who runs the command."""

    def __call__(self, title: str, total: int | None) -> AbstractContextManager[Callable[[int], None]]:
        """Begins: what it is, how much there is if that is known; what it gives takes how much is done."""


class Answer:
    """What a command comes to: one JSON document, or what is told to people; and whether all went well.

    Args:
        data: the document.
        parts: for people, in this order; what is not made before somebody looks is not made for a document.
        beside: problems that are told after it, beside a document, too.
        bad: the command ends with status 1 where this is true.
    """

    def __init__(self, data: object, *parts: Told, beside: Iterable[Diagnostic] = (), bad: object = False) -> None:
        self.data, self.parts, self.beside, self.bad = data, parts, beside, bad
        self.files: list[tuple[Path, bytes | str | None]] = []

    def writing(self, file: Path | None, content: bytes | str | None) -> Answer:
        """The same, with a file to write, if one was asked for; nothing as content where it is written already."""
        if file is not None:
            self.files.append((file, content))
        return self


Json = Annotated[bool, "--json", "Print one JSON document instead of tables."]
"""What every command has that gives an ``Answer``; one that has to know declares it."""
Lang = Annotated[Literal["en", "de"], "--lang", "Language of reasons and titles: en or de."]
Seed = Annotated[int, Bounds(0), "Of the draws: the same seed gives the same figures."]


def pair(text: str) -> tuple[str, str]:
    """``name=value`` as both.

    Raises:
        DataError: it is none.
    """
    name, sign, value = text.partition("=")
    if not sign or not name.strip():
        raise DataError("option.pair", f"{text!r} is not name=value.", hint="Write NAME=VALUE.")
    return name.strip(), value.strip()


def day(text: str) -> date:
    """A day, written as 2026-03-02.

    Raises:
        DataError: it is none.
    """
    try:
        return date.fromisoformat(text)
    except ValueError as problem:
        raise DataError("option.date", f"{text!r} is no day.", hint="Write it as 2026-03-02.") from problem
