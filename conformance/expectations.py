"""Rule tests of invoices, one invoice a line of ``cases.jsonl.xz``, each with the rules that must fire or stay silent.

``expect`` of a line is a list of [rule, "fires" or "silent", …]; every expectation is a case. Only the rules that are
named are judged. Both halves are counted apart, as a checker that says nothing passes one of them.
"""

from __future__ import annotations

import json
import lzma
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from anyshore.activities.einvoice.documents import InvoiceDocument, classify
from anyshore.base import xml
from anyshore.base.errors import DataError
from conformance import folders
from conformance.scores import Score

Broken = Callable[[InvoiceDocument, dict[str, Any]], set[str]]
"""The rules a document breaks; the line it stands in says what else there is to know."""


@dataclass(frozen=True)
class Line:
    """A line of a file: where it stands, and what it holds."""

    name: str
    content: dict[str, Any]

    def expectations(self) -> list[tuple[str, bool]]:
        """Rule, and whether it must fire."""
        return [(rule, verdict == "fires") for rule, verdict, *_ in self.content["expect"]]


def lines(folder: Path, score: Score) -> Iterator[Line]:
    """Every line of every file below a folder; a file or a line that is none is a failed case."""
    for file in folders.files(folder, ".jsonl.xz"):
        try:
            with lzma.open(file, "rt", encoding="utf-8") as opened:
                yield from _lines_of(file.name, opened, score)
        except (OSError, lzma.LZMAError, EOFError, UnicodeDecodeError) as problem:
            count(score, f"{file.name}: {type(problem).__name__}: {problem}", "fires", passed=False)


def _lines_of(file: str, opened: Iterable[str], score: Score) -> Iterator[Line]:
    empty = True
    for number, text in enumerate(opened, start=1):
        empty = False
        name = f"{file}:{number}"
        try:
            content = json.loads(text)
            line = Line(f"{name} {content['file']}#{content['n']}", content)
            line.expectations()
        except (ValueError, LookupError, TypeError) as problem:
            count(score, f"{name}: {type(problem).__name__}: {problem}", "fires", passed=False)
            continue
        yield line
    if empty:
        count(score, f"{file}: no line", "fires", passed=False)


def judge(score: Score, line: Line, broken: Broken) -> None:
    """Counts the expectations of a line."""

    def found() -> set[str]:
        document = classify(xml.parse(line.content["xml"].encode(), line.name, error=DataError))
        return broken(document, line.content)

    fired: set[str] | str = folders.told(found, str)
    for rule, must in line.expectations():
        told = f"{line.name}: {rule} must {'fire' if must else 'stay silent'}"
        if isinstance(fired, str):
            count(score, f"{told}: {fired}", "fires" if must else "silent", passed=False)
        else:
            count(score, told, "fires" if must else "silent", passed=(rule in fired) is must)


def count(score: Score, name: str, half: str, *, passed: bool) -> None:
    """Counts one expectation, as a whole and in its half."""
    score.total += 1
    score.passed += passed
    for key, value in ((f"{half}_passed", int(passed)), (f"{half}_total", 1)):
        score.extra[key] = score.extra.get(key, 0) + value
    if not passed:
        score.failed.append(name)
