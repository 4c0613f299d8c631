"""Why a document cannot be read, as a result that goes to a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from anyshore.base.errors import Diagnostic


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a document cannot be read.

    Attributes:
        code: stable short name.
        message: what is wrong.
        hint: what to do.
        element: element of the document.
        line: from 1.
        column: from 1.
    """

    code: str
    message: str
    hint: str
    element: str | None
    line: int | None
    column: int | None


def problems(diagnostics: Sequence[Diagnostic]) -> tuple[Problem, ...]:
    """The problems of an error."""
    return tuple(
        Problem(d.code, d.message, d.hint, d.location.element, d.location.line, d.location.column) for d in diagnostics
    )
