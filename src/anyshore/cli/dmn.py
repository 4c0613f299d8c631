"""``anyshore dmn``: check, test and run decision models, and take their tables to and from spreadsheets."""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from anyshore import dmn, feel
from anyshore.base.errors import DefinitionError, Diagnostic
from anyshore.base.files import write
from anyshore.cli import output
from anyshore.dmn import spreadsheets, testing
from anyshore.runtime.answers import pair

app = typer.Typer(
    name="dmn",
    help="Decision models (DMN 1.1 to 1.5): check them, test them with a CSV of cases, decide, explain why, and move "
    "decision tables to Excel or CSV and back.",
    no_args_is_help=True,
)

ModelFile = Annotated[Path, typer.Argument(help="A .dmn file; what it imports is looked for beside it.")]


@app.command()
def check(
    files: Annotated[list[Path], typer.Argument(help=".dmn files to check.")],
    hints: output.Hints = True,
    json: output.Json = False,
) -> None:
    """Find what is wrong in models without running them.

    Unknown names and types, expressions that are not FEEL, type errors, cycles, inputs nobody reads; in tables gaps,
    overlapping rules and rules that never decide, each with an example input. Exit code 1 if an error or a warning is
    found.
    """
    found: list[Diagnostic] = []
    for file in files:
        try:
            found += dmn.check(dmn.read(file))
        except DefinitionError as error:
            found += error.diagnostics
    output.findings(found, len(files), json, hints=hints)
    output.end(_bad(found))


@app.command()
def run(
    file: ModelFile,
    decision: Annotated[str | None, typer.Argument(help="A decision by name or id; all where left out.")] = None,
    inputs: Annotated[
        list[str] | None, typer.Option("--input", "-i", help='An input as name=value, the value in FEEL: -i "age=30".')
    ] = None,
    explain: Annotated[bool, typer.Option("--explain", help="Say which rules matched and what was behind.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Fail where a value is null because of an error.")] = False,
    zone: Annotated[str, typer.Option(help="The IANA time zone of today().")] = "UTC",
    json: output.Json = False,
) -> None:
    """Decide.

    Example: anyshore dmn run fee.dmn Fee -i 'zone=EU' -i 'amount=12.50' --explain
    """
    model = dmn.read(file)
    values = {name: testing.read_value(value) for name, value in map(pair, inputs or ())}
    names = [decision] if decision else [d.name for d in model.decisions]
    now = time.time_ns() // 1000
    results = {name: model.decide(name, values, now=now, zone=zone, explain=explain, strict=strict) for name in names}
    problems = list(dict.fromkeys(d for result in results.values() for d in result.diagnostics))
    data = {
        name: {
            "value": feel.to_python(result.value),
            "diagnostics": output.plain(result.diagnostics),
            **({"explanation": result.explanation.as_dict()} if result.explanation else {}),
        }
        for name, result in results.items()
    }
    texts = [
        result.explanation.text() if result.explanation else f"{name} = {feel.format(result.value)}"
        for name, result in results.items()
    ]
    output.answer(json, data, *texts)
    output.problems(() if json else problems)
    output.end(problems)


@app.command("test")
def run_tests(
    file: ModelFile,
    cases: Annotated[Path, typer.Argument(help="A CSV: a column per input, '=> name' per expected output.")],
    coverage: Annotated[int, typer.Option(help="Fail under so many percent of rules matched.", min=0, max=100)] = 0,
    json: output.Json = False,
) -> None:
    """Decide every case of a CSV file, compare, and tell which rules no case reached.

    Exit code 1 if a case fails or the rule coverage is below --coverage.
    """
    report = testing.run_cases(dmn.read(file), testing.read_cases(cases), now=time.time_ns() // 1000)
    output.answer(json, testing.as_dict(report), *report.sheets())
    output.end(not report.passed or report.percent < coverage)


@app.command("to-excel")
def to_excel(
    file: ModelFile,
    target: Annotated[Path, typer.Argument(help="The .xlsx (a sheet per table) or .csv (one table) to write.")],
    decision: Annotated[str | None, typer.Option(help="Only this decision.")] = None,
) -> None:
    """Write decision tables to a workbook or CSV file."""
    written = spreadsheets.save(dmn.read(file), target, decision)
    output.told([f"{output.counted(written, 'table')} → {target}"])


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
