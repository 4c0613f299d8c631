"""FEEL in a pack's files: compiled once at reading, every problem with its place in the YAML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from anyshore import feel
from anyshore.base.errors import Diagnostic, FeelError
from anyshore.feel import Expression
from anyshore.params.marked import Document, Path


@dataclass(slots=True)
class Reader:
    """Reads the expressions of one file.

    Attributes:
        document: the file.
        problems: what is wrong with those read so far.
    """

    document: Document
    problems: list[Diagnostic] = field(default_factory=list)

    def expression(self, path: Path) -> Expression | None:
        """The expression that stands at a path; None where there is none, or none that can be used.

        A text is FEEL; a number and ``true`` or ``false`` stand for themselves.
        """
        written = self.value(path)
        if written is None:
            return None
        text = _plain(written)
        place = self.document.at(path)
        try:
            return feel.compile(text, location=place)
        except FeelError as error:
            hint = "A text in FEEL stands in double quotes: '\"a text\"'."
            self.problems += [
                replace(one, location=place, hint=one.hint or hint, message=f"{one.message} in {text!r}")
                for one in error.diagnostics
            ]
            return None

    def required(self, path: Path) -> Expression:
        """The expression at a path that has to have one; ``null`` where it cannot be used."""
        return self.expression(path) or feel.compile("null")

    def expressions(self, path: Path) -> dict[str, Expression]:
        """The expressions of a mapping, by key."""
        found = self.value(path)
        names = found if isinstance(found, Mapping) else {}
        return {name: self.required((*path, name)) for name in names}

    def value(self, path: Path) -> Any:
        """What stands at a path; None where there is nothing."""
        found: Any = self.document.data
        for step in path:
            try:
                found = found[step]
            except (KeyError, IndexError, TypeError):
                return None
        return found


def _plain(written: object) -> str:
    if isinstance(written, bool):
        return "true" if written else "false"
    if isinstance(written, Decimal):
        return f"{written:f}"
    return str(written)
