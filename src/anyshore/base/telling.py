"""What is told to people in tables and sentences, before somebody shows it: on a terminal, say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from anyshore.base.errors import Diagnostic


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table.

    Attributes:
        title: above it.
        columns: their headings.
        rows: of each the cells, shown as their text; None as nothing.
        right: numbers of the columns that are aligned right, from 0.
    """

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[object]]
    right: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Reasons:
    """An explanation.

    Attributes:
        lines: its sentences.
        whole: whether all of a long one is shown where there is little room.
    """

    lines: Sequence[str]
    whole: bool = False


Part = Sheet | Reasons | str

ALIKE = 3
"""Problems of one rule in one file that are listed each; of more the rest is counted."""


def moment(at: int | None) -> str:
    """A time in microseconds since 1970 UTC, to the second; nothing where there is none."""
    return "" if at is None else datetime.fromtimestamp(at / 1_000_000, UTC).strftime("%Y-%m-%d %H:%M:%SZ")


def counted(number: int, word: str) -> str:
    """A number of things in words."""
    return f"{number:,} {word}{'s' * (number != 1)}"


def of_problems(found: Sequence[Diagnostic], *, hints: bool = True) -> Sheet:
    """What a check of files found, in its order; those that are alike stand together, and of many most are counted.

    Args:
        found: the problems.
        hints: whether what to do is told with each.
    """
    bad = sum(problem.severity == "error" for problem in found)
    title = f"{counted(bad, 'error')}, {counted(len(found) - bad, 'warning')}"
    columns = ("", "File", "Line", "Element", "Problem", "Rule")
    return Sheet(title, columns, list(_alike(found, hints=hints)), right=(2,))


def _alike(found: Sequence[Diagnostic], *, hints: bool) -> Iterator[tuple[str, ...]]:
    alike: dict[tuple[str | None, str, str], list[Diagnostic]] = {}
    for problem in found:
        alike.setdefault((problem.location.file, problem.severity, problem.code), []).append(problem)
    for same in alike.values():
        shown = same if len(same) <= ALIKE + 1 else same[:ALIKE]
        yield from (_problem(problem, hints=hints) for problem in shown)
        if len(shown) < len(same):
            first = _problem(same[0], hints=False)
            lines = [str(one.location.line) for one in same[ALIKE:] if one.location.line is not None]
            where = f", in the lines {', '.join(lines[:20])}{' …' if len(lines) > 20 else ''}" if lines else ""
            yield (first[0], first[1], "", "", f"… and {len(same) - ALIKE} more like these{where}", first[5])


def _problem(problem: Diagnostic, *, hints: bool) -> tuple[str, ...]:
    place = problem.location
    line = "" if place.line is None else f"{place.line}:{place.column or 1}"
    message = f"{problem.message}\n{problem.hint}" if hints and problem.hint else problem.message
    name = Path(place.file).name if place.file else ""
    return (problem.severity, name, line, place.element or "", message, problem.code.removeprefix("bpmn."))
