"""Reading a client's activities from CSV. A row that cannot be used is reported in full; the others go on."""

from __future__ import annotations

import csv
import difflib
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from anyshore.base.countries import COUNTRIES, country_hint
from anyshore.base.errors import DataError, Diagnostic
from anyshore.base.locations import Location
from anyshore.sourcing.criteria import CRITERIA, DATA_CLASSES

REQUIRED = ("activity", "client_country", "data_class")
NUMBERS = ("volume_per_month", "handling_minutes")
OPTIONAL = (*NUMBERS, "core", *(criterion.column for criterion in CRITERIA))
MAX_ROWS = 100_000
MAX_LINES = 20
"""Lines one row may take."""
_COMMA = re.compile(r"\d+,(\d{1,2}|\d{4,})")
_YES = {"yes": True, "true": True, "ja": True, "1": True, "no": False, "false": False, "nein": False, "0": False}


@dataclass(frozen=True, slots=True)
class Activity:
    """One activity of a client.

    Attributes:
        name: what the client calls it.
        client_country: ISO 3166-1 alpha-2.
        data_class: one of ``DATA_CLASSES``.
        volume_per_month: items per month; None where not known.
        handling_minutes: minutes of work per item; None where not known.
        core: whether it is a primary activity of the client; None where not known.
        criteria: the known criteria: name → word.
        line: where it stands in the file.
    """

    name: str
    client_country: str
    data_class: str
    volume_per_month: Decimal | None = None
    handling_minutes: Decimal | None = None
    core: bool | None = None
    criteria: dict[str, str] = field(default_factory=dict)
    line: int = 0

    @property
    def monthly_hours(self) -> Decimal | None:
        """Hours of work per month; None where volume or handling time is not known."""
        if self.volume_per_month is None or self.handling_minutes is None:
            return None
        return self.volume_per_month * self.handling_minutes / 60


@dataclass(frozen=True, slots=True)
class Portfolio:
    """The activities that can be used, and what is wrong with the rest."""

    activities: Sequence[Activity]
    problems: Sequence[Diagnostic]


def read(content: bytes, file: str) -> Portfolio:
    """Reads a portfolio: CSV with comma, semicolon or tab, one header row, columns in any order.

    UTF-8, or UTF-16 with its mark; what is neither is read as Windows-1252, with a warning. Where cells are not
    separated by commas, a number may have a decimal comma.

    Raises:
        DataError: the file as a whole cannot be used (no text, header, size).
    """
    problems: list[Diagnostic] = []
    text = _text(content, file, problems)
    header_line = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=header_line.count)
    rows = _rows(text, delimiter, file, problems)
    columns = _columns(next(rows, (1, []))[1], file)
    activities: dict[str, Activity] = {}
    for line, cells in rows:
        if len(activities) >= MAX_ROWS:
            raise DataError("portfolio.too-long", f"More than {MAX_ROWS:,} activities.", Location(file, line=line))
        found = _row(cells, columns, file, line, problems, comma=delimiter != ",")
        if found is not None and found.name in activities:
            message = f"Activity {found.name!r} stands in line {activities[found.name].line} already."
            _problem(problems, file, line, "activity", "portfolio.twice", message, "Give it its own name.")
        elif found is not None:
            activities[found.name] = found
    if not activities and not any(problem.severity == "error" for problem in problems):
        raise DataError("portfolio.empty", "The file has no activities.", Location(file), "Add a row per activity.")
    return Portfolio(list(activities.values()), problems)


def _text(content: bytes, file: str, problems: list[Diagnostic]) -> str:
    try:
        if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
            return content.decode("utf-16")
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = content[: problem.start].count(b"\n") + 1
        message = "The file is not UTF-8; it is read as Windows-1252."
        place = Location(file, line=line)
        problems.append(Diagnostic("portfolio.encoding", message, place, "Save it as CSV UTF-8.", "warning"))
        text = content.decode("cp1252", "replace")
    if "\0" in text:
        raise DataError("portfolio.binary", "The file is no text.", Location(file), "Save the sheet as CSV UTF-8.")
    return text


def _rows(text: str, delimiter: str, file: str, problems: list[Diagnostic]) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not empty, with the line each begins on; one that cannot be read does not cost the others."""
    lines = io.StringIO(text, newline="").readlines()
    at = 0
    while at < len(lines):
        cells, used, wrong = _record(lines, at, delimiter)
        if wrong:
            hint = "Check the quotes: one in a cell is written twice."
            _problem(problems, file, at + 1, "row", "portfolio.csv", f"Not readable as CSV: {wrong}.", hint)
        elif any(cell.strip() for cell in cells):
            yield at + 1, cells
        at += used


def _record(lines: Sequence[str], at: int, delimiter: str) -> tuple[list[str], int, str]:
    """Cells of the row that begins on a line, the lines it takes (a quoted cell may take several), what is wrong."""
    wrong = ""
    for end in range(at + 1, min(at + MAX_LINES, len(lines)) + 1):
        try:
            return next(csv.reader(["".join(lines[at:end])], delimiter=delimiter, strict=True), []), end - at, ""
        except csv.Error as problem:
            wrong = wrong or str(problem)
    return [], 1, wrong


def _columns(header: list[str], file: str) -> list[str]:
    names = [cell.strip().lower().replace(" ", "_").replace("-", "_") for cell in header]
    known = (*REQUIRED, *OPTIONAL)
    problems = []
    for number, name in enumerate(names, 1):
        if name not in known:
            near = difflib.get_close_matches(name, known, 1)
            hint = f"Did you mean {near[0]!r}?" if near else f"Known columns: {', '.join(known)}."
            place = Location(file, line=1, column=number, cell=f"column {number}")
            problems.append(Diagnostic("portfolio.unknown-column", f"Unknown column {name!r}.", place, hint))
        elif names.index(name) != number - 1:
            place = Location(file, line=1, column=number, cell=f"column {number}")
            problems.append(
                Diagnostic("portfolio.column-twice", f"Column {name!r} stands twice.", place, "Remove one.")
            )
    for name in REQUIRED:
        if name not in names:
            hint = f"The first row must name at least {', '.join(REQUIRED)}."
            problems.append(
                Diagnostic("portfolio.missing-column", f"Column {name!r} is missing.", Location(file, line=1), hint)
            )
    if problems:
        raise DataError(
            problems[0].code, "The header cannot be used.", problems[0].location, problems[0].hint, diagnostics=problems
        )
    return names


def _row(
    cells: list[str], columns: list[str], file: str, line: int, problems: list[Diagnostic], *, comma: bool
) -> Activity | None:
    before = len(problems)
    if len(cells) > len(columns):
        message = f"The row has {len(cells)} cells, the header {len(columns)}."
        _problem(problems, file, line, "row", "portfolio.cells", message, "Quote cells that hold the separator.")
        return None
    values = {name: cell.strip() for name, cell in zip(columns, cells, strict=False) if cell.strip()}
    for name in REQUIRED:
        if name not in values:
            _problem(problems, file, line, name, "portfolio.empty-cell", f"{name} is empty.", "Fill it in.")
    country = values.get("client_country", "").upper()
    if country and country not in COUNTRIES:
        message = f"{country!r} is no country code."
        _problem(problems, file, line, "client_country", "portfolio.country", message, country_hint(country))
    data_class = _word(values, "data_class", DATA_CLASSES, file, line, problems)
    criteria = {}
    for criterion in CRITERIA:
        word = _word(values, criterion.column, criterion.values, file, line, problems)
        if word is not None:
            criteria[criterion.name] = word
    if comma:
        values |= {name: values[name].replace(",", ".") for name in NUMBERS if _COMMA.fullmatch(values.get(name, ""))}
    volume, minutes = (_number(values, name, file, line, problems) for name in NUMBERS)
    core = values.get("core")
    if core is not None and core.lower() not in _YES:
        _problem(
            problems, file, line, "core", "portfolio.yes-no", f"{core!r} is neither yes nor no.", "Write yes or no."
        )
    if len(problems) > before:
        return None
    return Activity(
        values["activity"], country, data_class or "", volume, minutes, _YES[core.lower()] if core else None, criteria,
        line,
    )  # fmt: skip


def _word(
    values: dict[str, str], column: str, known: Sequence[str], file: str, line: int, problems: list[Diagnostic]
) -> str | None:
    if column not in values:
        return None
    word = " ".join(values[column].lower().replace("_", " ").split())
    if word in known:
        return word
    near = difflib.get_close_matches(word, known, 1)
    hint = f"Did you mean {near[0]!r}?" if near else f"Use one of {', '.join(known)}, or leave the cell empty."
    _problem(problems, file, line, column, "portfolio.word", f"{values[column][:40]!r} is not known.", hint)
    return None


def _number(values: dict[str, str], column: str, file: str, line: int, problems: list[Diagnostic]) -> Decimal | None:
    if column not in values:
        return None
    try:
        number = Decimal(values[column].replace(" ", ""))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or number < 0 or number.adjusted() > 12:
        message = f"{values[column][:40]!r} is no number from 0 on."
        _problem(problems, file, line, column, "portfolio.number", message, "Write it with a decimal point: 12.5")
        return None
    return number


def _problem(problems: list[Diagnostic], file: str, line: int, column: str, code: str, message: str, hint: str) -> None:
    problems.append(Diagnostic(code, message, Location(file, line=line, cell=column), hint))
