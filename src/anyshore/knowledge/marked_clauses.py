"""Clauses that lawyers marked in contracts, read from the master table of the Contract Understanding Atticus Dataset.

The table (CUAD v1, ``master_clauses.csv``) has a row per contract: ``Filename``, then for each clause kind a column
with the marked passages as a list of strings, and a column ``<kind>-Answer`` with the answer in words. The marked
passages can stand in for reviewers in a run without people.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from anyshore.base.errors import DataError
from anyshore.base.locations import Location
from anyshore.base.tables import Column, Row, head, open_sheet, open_table
from anyshore.knowledge.anchors import Refusal, SourceIndex, anchor
from anyshore.knowledge.claims import Claim
from anyshore.knowledge.documents import Source

_ANSWER = re.compile(r"\s*-\s*Answer\s*$")
_ENDING = re.compile(r"\.(?:pdf|txt|docx?)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class MarkedAnswer:
    """What the lawyers found for one clause kind in one contract.

    Attributes:
        passages: the marked passages; ``<omitted>`` stands between parts of one passage.
        answer: the answer in words (``Yes``, ``No``, a date, names), empty where none was given.
    """

    passages: tuple[str, ...]
    answer: str = ""


@dataclass(frozen=True, slots=True)
class MarkedContract:
    """A row of the table: the file it speaks of, and the answer per clause kind (every kind of the table)."""

    filename: str
    answers: dict[str, MarkedAnswer]


def read(source: bytes | Path, *, file: str = "master_clauses.csv") -> list[MarkedContract]:
    """The rows of the table.

    Args:
        source: a path, or the content: CSV or a workbook.
        file: its name, for messages.

    Raises:
        DataError: it cannot be read, has no ``Filename`` column, no clause kinds, or cells that are not lists of
            strings; all broken cells at once, each with its line and column.
    """
    sheet = open_sheet(source, file)
    first = head(sheet)
    names = [str(cell) for cell in first.cells if cell] if first else []
    kinds = [name for name in names if name != "Filename" and not _ANSWER.search(name)]
    if "Filename" not in names or not kinds:
        raise DataError(
            "clauses.columns",
            "the table needs a column Filename and a column per clause kind",
            Location(file=file, line=1),
            "give master_clauses.csv as published",
        )
    answers = {_ANSWER.sub("", name): name for name in names if _ANSWER.search(name)}
    table = open_table(sheet, [Column(name) for name in dict.fromkeys(names)])
    contracts = []
    for row in table:
        found = {}
        for kind in kinds:
            answer = row.text(answers[kind]) if kind in answers else None
            found[kind] = MarkedAnswer(_passages(row, kind), answer or "")
        contracts.append(MarkedContract(row.text("Filename") or "", found))
    table.refuse_if_broken()
    return contracts


def _passages(row: Row, kind: str) -> tuple[str, ...]:
    """The strings of a cell, which holds a Python list of strings or nothing."""
    cell = row.text(kind)
    if cell is None:
        return ()
    try:
        value = ast.literal_eval(cell)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        value = None
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return tuple(value)
    row.problem(kind, "clauses.cell", f"the cell is not a list of strings: {cell[:60]}", 'write it as ["…", "…"] or []')
    return ()


@dataclass(frozen=True, slots=True)
class Lost:
    """A marked passage that does not stand in its contract, and why."""

    kind: str
    passage: str
    refusal: Refusal


def findings(
    contract: MarkedContract, source: Source, *, author: str, at: int, confidence: float = 1.0
) -> tuple[list[Claim], list[Lost]]:
    """The lawyers' answers as claims with evidence, one per clause kind that was found.

    A passage that stands in several places is anchored at the first: the table does not say which one was meant. A
    kind without any passage makes no claim, since nothing can be quoted for it.

    Args:
        contract: a row of the table.
        source: the contract's own text.
        author: who stands for the claims, for example the data set's annotators.
        at: when, microseconds since 1970-01-01T00:00Z.
        confidence: given to every claim.

    Returns:
        The claims (``id`` and ``topic`` are the kind), and the passages that were refused.
    """
    index = SourceIndex(source)
    claims, lost = [], []
    for kind, marked in contract.answers.items():
        evidence = []
        for passage in marked.passages:
            places = anchor(index, passage, in_order=False)
            if isinstance(places, Refusal):
                lost.append(Lost(kind, passage, places))
            else:
                evidence.append(places[0])
        if evidence:
            spans = tuple(dict.fromkeys(evidence))
            text = f"{kind}: {marked.answer or 'Yes'}"
            claims.append(Claim(kind, text, author, confidence, spans, at=at, topic=kind))
    return claims, lost


def match_names(filenames: Iterable[str], contracts: Iterable[str]) -> dict[str, str | None]:
    """For each file name of the table the contract file that holds its text, or None.

    The published names differ in their ending, in case and in the characters a file system forbids: so equal stems
    first, then equal letters and digits. A name that fits several files fits none.
    """
    contracts = list(contracts)
    by_stem = {_ENDING.sub("", contract): contract for contract in contracts}
    by_letters: dict[str, list[str]] = {}
    for contract in contracts:
        by_letters.setdefault(letters(contract), []).append(contract)
    matched: dict[str, str | None] = {}
    for filename in filenames:
        near = by_letters.get(letters(filename), [])
        matched[filename] = by_stem.get(_ENDING.sub("", filename)) or (near[0] if len(near) == 1 else None)
    return matched


def with_contracts(
    rows: Iterable[MarkedContract], contracts: Iterable[str]
) -> tuple[list[tuple[MarkedContract, str]], list[str]]:
    """The rows of the table, each with its contract file; and the file names of the table that have not exactly one."""
    rows = list(rows)
    names = match_names([row.filename for row in rows], contracts)
    found = [(row, name) for row in rows if (name := names[row.filename]) is not None]
    return found, [row.filename for row in rows if names[row.filename] is None]


def letters(name: str) -> str:
    """The letters and digits of a contract's name, small and without its ending: what a table and a folder agree on."""
    return "".join(character for character in _ENDING.sub("", name).casefold() if character.isalnum())
