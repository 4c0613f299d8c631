"""YAML a person wrote, read with the line and column of every key and value.

What YAML leaves to luck is refused or read the plain way (YAML 1.2 core schema, section 10.3.2): ``NO`` is the text
``NO`` and not false, ``17:00`` is a text and not 1020, ``0.1`` is an exact decimal, ``0012`` stays a text. Duplicate
keys, aliases, tags and several documents in one file are problems.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import yaml

from anyshore.base.errors import Diagnostic
from anyshore.base.locations import Location

Path = tuple[str | int, ...]
"""Keys and positions from the root of the document to a value."""

MAX_DEPTH = 40
"""Levels of nesting a file may have."""

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INT = re.compile(r"[-+]?(0|[1-9][0-9]{0,30})")
_NUMBER = re.compile(r"[-+]?(0|[1-9][0-9]{0,30})?(\.[0-9]{1,40})?([eE][-+]?[0-9]{1,2})?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WORDS: dict[str, object] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip


def path_text(path: Path) -> str:
    """The path as people write it, for example ``services.payables.prices[0].per``."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else (f".{step}" if text else step)
    return text


@dataclass(slots=True)
class Document:
    """The content of a YAML file and where each part of it stands.

    Attributes:
        data: dict, list, str, int, bool, ``Decimal``, ``date`` or None, nested.
        file: the file as the user named it.
    """

    data: object
    file: str | None = None
    _values: dict[Path, tuple[int, int]] = field(default_factory=dict)
    _keys: dict[Path, tuple[int, int]] = field(default_factory=dict)

    def at(self, path: Path, *, key: bool = False) -> Location:
        """Where the value (or its key) at a path stands; for an absent path, its nearest surroundings."""
        marks = self._keys if key else self._values
        known = path
        while known and known not in marks:
            known, marks = known[:-1], self._values
        line, column = marks.get(known, (1, 1))
        return Location(self.file, path_text(path) or None, line, column)


class _Refused(Exception):
    """Reading cannot go on past this problem."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic


def load(text: str, file: str | None = None) -> tuple[Document, list[Diagnostic]]:
    """Read a YAML text.

    Args:
        text: the whole text.
        file: its name, for messages.

    Returns:
        The document and all problems found. After a syntax error the document's data is None.
    """
    builder = _Builder(file)
    try:
        builder.document.data = builder.read(text)
    except _Refused as stop:
        builder.problems.append(stop.diagnostic)
        builder.document.data = None
    return builder.document, builder.problems


class _Builder:
    def __init__(self, file: str | None) -> None:
        self.document = Document(None, file)
        self.problems: list[Diagnostic] = []

    def read(self, text: str) -> object:
        events = self._events(text)
        data: object = None
        seen = 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                seen += 1
                if seen > 1:
                    raise self._stop("yaml.many-documents", "a second document begins here", event, "remove the ---")
            elif isinstance(event, yaml.NodeEvent):
                data = self._value(event, events, ())
        return data

    def _events(self, text: str) -> Iterator[Any]:
        try:
            yield from yaml.parse(text, Loader=_LOADER)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
            what = error.problem or error.context or "it cannot be read"
            place = Location(self.document.file, None, line, column)
            raise _Refused(
                Diagnostic("yaml.syntax", f"this is not YAML: {what}", place, "check indentation, quotes and colons")
            ) from error
        except (yaml.YAMLError, UnicodeError) as error:
            place = Location(self.document.file)
            raise _Refused(Diagnostic("yaml.syntax", f"this is not YAML: {error}", place)) from error

    def _value(self, event: Any, events: Iterator[Any], path: Path) -> object:
        self.document._values[path] = _mark(event)
        if isinstance(event, yaml.AliasEvent):
            raise self._stop(
                "yaml.alias", f"the alias *{event.anchor} is not allowed here", event, "write the value out"
            )
        if event.tag is not None and event.tag != "!":
            raise self._stop("yaml.tag", f"the tag {event.tag} is not allowed here", event, "remove it")
        if len(path) >= MAX_DEPTH:
            raise self._stop("yaml.depth", f"more than {MAX_DEPTH} levels of nesting", event, "")
        if isinstance(event, yaml.ScalarEvent):
            return scalar(event.value) if event.style in (None, "") and event.tag is None else event.value
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(events, path)
        return self._mapping(events, path)

    def _sequence(self, events: Iterator[Any], path: Path) -> list[object]:
        items: list[object] = []
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            items.append(self._value(event, events, (*path, len(items))))
        return items

    def _mapping(self, events: Iterator[Any], path: Path) -> dict[str, object]:
        items: dict[str, object] = {}
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            if not isinstance(event, yaml.ScalarEvent):
                raise self._stop("yaml.key", "a key must be a plain word", event, "write it as text")
            key = str(event.value)
            below = (*path, key)
            if key in items:
                first = self.document._keys[below][0]
                message = f"the key '{key}' stands here a second time (first in line {first})"
                self.problems.append(self._problem("yaml.duplicate-key", message, event, "keep one of the two", below))
                self._value(next(events), events, below)
                continue
            self.document._keys[below] = _mark(event)
            items[key] = self._value(next(events), events, below)
        return items

    def _stop(self, code: str, message: str, event: Any, hint: str) -> _Refused:
        return _Refused(self._problem(code, message, event, hint))

    def _problem(self, code: str, message: str, event: Any, hint: str, path: Path = ()) -> Diagnostic:
        line, column = _mark(event)
        return Diagnostic(code, message, Location(self.document.file, path_text(path) or None, line, column), hint)


def _mark(event: Any) -> tuple[int, int]:
    return event.start_mark.line + 1, event.start_mark.column + 1


def scalar(text: str) -> object:
    """The value of an unquoted YAML word: None, bool, int, exact ``Decimal``, ``date`` or the text itself."""
    if text in _WORDS:
        return _WORDS[text]
    if _INT.fullmatch(text):
        return int(text)
    if any(c.isdigit() for c in text) and _NUMBER.fullmatch(text) and text.lstrip("+-")[0] not in "eE":
        return Decimal(text)
    if _DATE.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            return text
    return text
