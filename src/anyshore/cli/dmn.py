"""``anyshore dmn``: check, test and run decision models, and take their tables to and from spreadsheets."""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from anyshore import dmn
from anyshore.base.errors import Diagnostic, wrong_with
from anyshore.base.files import write
from anyshore.base.telling import Sheet, counted
from anyshore.cli import output
from anyshore.cli.shared import Hints, Json
from anyshore.dmn import spreadsheets, testing
from anyshore.runtime.answers import pair

app = typer.Typer(
    name="dmn",
    help="Decision models (DMN 1.1 to 1.5): check them, test them with a CSV of cases, decide, explain why, and move "
    "decision tables to Excel or CSV and back.",
    no_args_is_help=True,
)

ModelFile = Annotated[Path, typer.Argument(help="A .dmn file; what it imports is looked for beside it.")]
Files = Annotated[list[Path], typer.Argument(help=".dmn files to check.")]
Name = Annotated[str | None, typer.Argument(help="A decision by name or id; all where left out.")]
Inputs = Annotated[
    list[str] | None, typer.Option("--input", "-i", help='An input as name=value, the value in FEEL: -i "age=30".')
]
Explain = Annotated[bool, typer.Option("--explain", help="Say which rules matched and what was behind.")]
Strict = Annotated[bool, typer.Option("--strict", help="Fail where a value is null because of an error.")]
Zone = Annotated[str, typer.Option(help="The IANA time zone of today().")]
CaseFile = Annotated[Path, typer.Argument(help="A CSV: a column per input, '=> name' per expected output.")]
Least = Annotated[int, typer.Option(help="Fail under so many percent of rules matched.", min=0, max=100)]
Tables = Annotated[Path, typer.Argument(help="A .dmn file, or a workbook or CSV of decision tables.")]
RowsFile = Annotated[Path, typer.Argument(help="CSV, Parquet or Arrow: its columns are the inputs.")]
Against = Annotated[Path | None, typer.Option("--against", help="Another version, to tell what would change.")]
Sheets = Annotated[Path, typer.Argument(help="The .xlsx (a sheet per table) or .csv (one table) to write.")]
Only = Annotated[str | None, typer.Option(help="Only this decision.")]


@app.command()
def check(files: Files, hints: Hints = True, json: Json = False) -> None:
    """Find what is wrong in models without running them.

    Unknown names and types, expressions that are not FEEL, type errors, cycles, inputs nobody reads; in tables gaps,
    overlapping rules and rules that never decide, each with an example input. Exit code 1 if an error or a warning is
    found.
    """
    found = wrong_with(lambda file: dmn.check(dmn.read(file)), files)
    output.findings(found, len(files), json, hints=hints)
    output.end(_bad(found))


@app.command()
def run(
    file: ModelFile, decision: Name = None, inputs: Inputs = None, explain: Explain = False, strict: Strict = False,
    zone: Zone = "UTC", json: Json = False,
) -> None:  # fmt: skip
    """Decide.

    Example: anyshore dmn run fee.dmn Fee -i 'zone=EU' -i 'amount=12.50' --explain
    """
    model = dmn.read(file)
    values = {name: testing.read_value(value) for name, value in map(pair, inputs or ())}
    names = [decision] if decision else [d.name for d in model.decisions]
    now = time.time_ns() // 1000
    results = {name: model.decide(name, values, now=now, zone=zone, explain=explain, strict=strict) for name in names}
    problems = list(dict.fromkeys(d for result in results.values() for d in result.diagnostics))
    data = {name: result.as_dict() for name, result in results.items()}
    output.answer(json, data, *(result.text(name) for name, result in results.items()))
    output.problems(() if json else problems)
    output.end(problems)


@app.command("test")
def run_tests(file: ModelFile, cases: CaseFile, coverage: Least = 0, json: Json = False) -> None:
    """Decide every case of a CSV file, compare, and tell which rules no case reached.

    Exit code 1 if a case fails or the rule coverage is below --coverage.
    """
    report = testing.run_cases(dmn.read(file), testing.read_cases(cases), now=time.time_ns() // 1000)
    output.answer(json, testing.as_dict(report), *report.sheets())
    output.end(not report.passed or report.percent < coverage)


@app.command()
def backtest(
    table: Tables, given: RowsFile, against: Against = None, decision: Only = None, json: Json = False
) -> None:  # fmt: skip
    """Decide the rows of a file by a table, and tell which rule decided how many.

    The table is a .dmn file or a workbook or CSV of tables. With --against the difference to another one, rule by rule:
    to be looked at before it goes live.
    """
    from anyshore.columnar import trials, typed_files  # Polars comes with the extra “columns”

    new, old = _model(table), None if against is None else _model(against)
    name = decision or new.decisions[-1].name
    found, frames = trials.Difference(), []
    for frame in typed_files.frames(given, typed_files.types_of(new) | (typed_files.types_of(old) if old else {})):
        frames.append(trials.decided(new, name, frame))
        if old is not None:
            found.add(trials.decided(old, name, frame), frames[-1])
    fired = trials.fired(frames, name)
    rules = [(rule or "–", result, f"{rows:,}") for rule, result, rows in fired[: trials.MOST]]
    data = {"decision": name, "rules": [{"rule": r or None, "result": v, "rows": n} for r, v, n in fired]}
    told = [Sheet(name, ("Rule", "Result", "Rows"), rules, right=(2,)), *(found.parts() if old is not None else ())]
    output.answer(json, data | ({"difference": found.as_dict()} if old is not None else {}), *told)


def _model(path: Path) -> dmn.Model:
    """A model from a file or from the tables of a spreadsheet."""
    if path.suffix.lower() in (".xlsx", ".csv"):
        return dmn.read(spreadsheets.to_dmn(path, None), file=str(path))
    return dmn.read(path)


@app.command("to-excel")
def to_excel(file: ModelFile, target: Sheets, decision: Only = None) -> None:
    """Write decision tables to a workbook or CSV file."""
    written = spreadsheets.save(dmn.read(file), target, decision)
    output.told([f"{counted(written, 'table')} → {target}"])


@app.command("from-excel")
def from_excel(
    source: Annotated[Path, typer.Argument(help="An .xlsx (a table per sheet) or .csv file.")],
    target: Annotated[Path, typer.Argument(help="The .dmn file to write.")],
    name: Annotated[str | None, typer.Option(help="The name of the model; the file's where left out.")] = None,
) -> None:
    """Make a DMN 1.5 model of the tables in a workbook or CSV file, and check it.

    The layout is the one 'to-excel' writes. Exit code 1 if the new model has findings.
    """
    content = spreadsheets.to_dmn(source, name)
    found = dmn.check(dmn.read(content, file=str(target)))
    write(target, content)
    output.told([f"{source} → {target}"])
    output.problems(found)
    output.end(_bad(found))


def _bad(found: Iterable[Diagnostic]) -> bool:
    """Whether a check fails for what it found; what is only information fails nothing."""
    return any(d.severity != "info" for d in found)
