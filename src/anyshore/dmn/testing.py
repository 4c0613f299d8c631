"""Test cases of a decision in a CSV file, and which rules they reach.

``cases.csv`` has a column per input and, headed ``=> name``, one per expected output; a last column ``note`` is for the
reader. Cells hold FEEL literals; a word that is no FEEL literal is taken as a string. An empty input cell leaves the
input out, an empty expected cell expects null::

    zone,amount,=> Fee,note
    EU,12.50,4.90,light parcel

Semicolons and tabs part cells as well; numbers may then have decimal commas.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from anyshore import feel
from anyshore.base.errors import DefinitionError, Diagnostic, DmnError
from anyshore.base.locations import Location
from anyshore.base.telling import Part, Sheet
from anyshore.dmn import csv_files
from anyshore.dmn.elements import Decision
from anyshore.dmn.expressions import DecisionTable, walk
from anyshore.dmn.model import Model
from anyshore.dmn.results import Explanation
from anyshore.feel.comparison import equal

ARROW = "=>"


@dataclass(slots=True)
class Case:
    """A line of a cases file."""

    line: int
    inputs: dict[str, object]
    expected: dict[str, object]
    note: str = ""


@dataclass(slots=True)
class Outcome:
    """What became of a case: for each decision the value wanted and the one that came."""

    case: Case
    actual: dict[str, object]
    diagnostics: list[Diagnostic] = field(default_factory=list)

    @property
    def failures(self) -> dict[str, tuple[object, object]]:
        """The decisions that differ: wanted and actual."""
        return {
            name: (wanted, self.actual[name])
            for name, wanted in self.case.expected.items()
            if not _same(wanted, self.actual[name])
        }

    @property
    def passed(self) -> bool:
        """Whether every expected value came."""
        return not self.failures


@dataclass(slots=True)
class TableCoverage:
    """How many cases each rule of a table matched."""

    table: str
    hits: list[int]

    @property
    def missed(self) -> list[int]:
        """The rules no case matched, counted from 1."""
        return [number for number, count in enumerate(self.hits, 1) if not count]


@dataclass(slots=True)
class Report:
    """The outcome of all cases and the coverage of the tables behind them."""

    outcomes: list[Outcome]
    coverage: list[TableCoverage]

    @property
    def passed(self) -> bool:
        """Whether all cases passed."""
        return all(outcome.passed for outcome in self.outcomes)

    @property
    def rules(self) -> tuple[int, int]:
        """How many rules some case matched, and how many there are."""
        total = sum(len(table.hits) for table in self.coverage)
        return total - sum(len(table.missed) for table in self.coverage), total

    @property
    def percent(self) -> int:
        """The share of rules that some case matched."""
        reached, total = self.rules
        return 100 * reached // total if total else 100

    def sheets(self) -> Iterator[Part]:
        """What failed, which rules no case matched, and both in one sentence."""
        failures = [
            (outcome.case.line, name, feel.format(wanted), feel.format(actual), outcome.case.note)
            for outcome in self.outcomes
            for name, (wanted, actual) in outcome.failures.items()
        ]
        if failures:
            yield Sheet("Failed cases", ("Line", "Decision", "Wanted", "Came", "Note"), failures, right=(0,))
        missed = [(table.table, ", ".join(map(str, table.missed))) for table in self.coverage if table.missed]
        if missed:
            yield Sheet("Coverage", ("Table", "Rules no case matched"), missed)
        passed, (reached, total) = sum(outcome.passed for outcome in self.outcomes), self.rules
        yield f"{passed} of {len(self.outcomes)} cases pass; {reached} of {total} rules matched ({self.percent} %)."


def read_cases(path: Path) -> list[Case]:
    """The cases of a CSV file.

    Raises:
        DmnError: the file cannot be read, or has no ``=>`` column.
    """
    rows, commas = csv_files.read_rows(path)
    if commas:
        rows[1:] = [[csv_files.with_points(c) if csv_files.is_decimal_comma(c) else c for c in row] for row in rows[1:]]
    header = [name.strip() for name in rows[0]] if rows else []
    if not any(name.startswith(ARROW) for name in header):
        hint = "Head the column of an expected output with => and its name, for example: => Fee"
        raise DmnError("dmn.cases", "No column expects anything.", Location(str(path), line=1), hint)
    problems = [
        Diagnostic(
            "dmn.cases", f"The line has {len(row)} cells for {len(header)} columns.", Location(str(path), line=n)
        )
        for n, row in enumerate(rows[1:], 2)
        if row and len(row) != len(header)
    ]
    if problems:
        raise DmnError.of(problems)
    return [_case(number, header, row) for number, row in enumerate(rows[1:], 2) if any(cell.strip() for cell in row)]


def _case(number: int, header: Sequence[str], row: Sequence[str]) -> Case:
    case = Case(number, {}, {})
    for name, text in zip(header, row, strict=True):
        if name.startswith(ARROW):
            case.expected[name.removeprefix(ARROW).strip()] = read_value(text)
        elif name.lower() == "note":
            case.note = text
        elif text.strip():
            case.inputs[name] = read_value(text)
    return case


def read_value(text: str) -> object:
    """The value of a cell: a FEEL literal, else the text itself."""
    text = text.strip()
    if not text:
        return None
    try:
        expression = feel.compile(text)
    except DefinitionError:
        return text
    value = None if expression.free_names else expression.evaluate({})
    return text if value is None and text != "null" else value


def run_cases(model: Model, cases: Iterable[Case], *, now: int | None = None, zone: str = "UTC") -> Report:
    """Decides every case and counts which rules matched.

    Raises:
        DmnError: a case expects a decision the model does not have.
    """
    hits: dict[str, list[int]] = {name: [0] * len(t.rules) for name, t in _tables(model)}
    outcomes = []
    for case in cases:
        outcome = Outcome(case, {})
        for name in case.expected:
            result = model.decide(name, case.inputs, now=now, zone=zone, explain=True)
            outcome.actual[name] = result.value
            outcome.diagnostics += [d for d in result.diagnostics if d not in outcome.diagnostics]
            if result.explanation is not None:
                _count(result.explanation, hits)
        outcomes.append(outcome)
    return Report(outcomes, [TableCoverage(name, counts) for name, counts in hits.items()])


def _tables(model: Model) -> list[tuple[str, DecisionTable]]:
    found = []
    for definitions in model.library.all():
        for element in definitions.by_id.values():
            logic = element.expression if isinstance(element, Decision) else getattr(element, "logic", None)
            found += [(table_name(element.name, t), t) for t in walk(logic) if isinstance(t, DecisionTable)]
    return found


def table_name(element: str, table: DecisionTable) -> str:
    """What a table is called in a report: its element's name, with its label where that differs."""
    return element if table.label in (None, "", element) else f"{element} / {table.label}"


def _count(explanation: Explanation, hits: dict[str, list[int]]) -> None:
    for trace in explanation.tables:
        label = trace.name if trace.name in hits else f"{explanation.element} / {trace.name}"
        counts = hits.get(label) or hits.get(explanation.element)
        for rule in trace.rules:
            if counts is not None and rule.number <= len(counts):
                counts[rule.number - 1] += 1
    for part in explanation.because:
        _count(part, hits)


def _same(wanted: object, actual: object) -> bool:
    return (wanted is None and actual is None) or equal(wanted, actual) is True


def as_dict(report: Report) -> dict[str, object]:
    """A report as plain data."""
    return {
        "passed": sum(outcome.passed for outcome in report.outcomes),
        "total": len(report.outcomes),
        "rule_coverage_percent": report.percent,
        "failures": [
            {"line": o.case.line, "decision": n, "wanted": feel.format(w), "actual": feel.format(a)}
            for o in report.outcomes
            for n, (w, a) in o.failures.items()
        ],
        "missed_rules": {table.table: table.missed for table in report.coverage if table.missed},
    }
