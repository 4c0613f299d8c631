"""``anyshore dmn``: check, test and run decision models, and take their tables to and from spreadsheets."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from anyshore import dmn, feel
from anyshore.base.errors import DefinitionError, Diagnostic
from anyshore.dmn import spreadsheets, testing

app = typer.Typer(
    name="dmn",
    help="Decision models (DMN 1.1 to 1.5): check them, test them with a CSV of cases, decide, explain why, and move "
    "decision tables to Excel or CSV and back.",
    no_args_is_help=True,
)
out = Console()
err = Console(stderr=True)

ModelFile = Annotated[Path, typer.Argument(help="A .dmn file; what it imports is looked for beside it.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]


@app.command()
def check(files: Annotated[list[Path], typer.Argument(help=".dmn files to check.")], as_json: AsJson = False) -> None:
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
    if as_json:
        print(json.dumps([d.as_dict() for d in found], ensure_ascii=False, indent=2))
    else:
        _print_findings(found)
        if not found:
            out.print(f"Nothing to find fault with in {len(files)} file{'s' * (len(files) != 1)}.")
    raise typer.Exit(_status(found))


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
    as_json: AsJson = False,
) -> None:
    """Decide.

    Example: anyshore dmn run fee.dmn Fee -i 'zone=EU' -i 'amount=12.50' --explain
    """
    with _reported():
        model = dmn.read(file)
        values = dict(_input(text) for text in inputs or ())
        names = [decision] if decision else [d.name for d in model.decisions]
        now = time.time_ns() // 1000
        results = {
            name: model.decide(name, values, now=now, zone=zone, explain=explain, strict=strict) for name in names
        }
    problems = list(dict.fromkeys(d for result in results.values() for d in result.diagnostics))
    if as_json:
        document = {
            name: {
                "value": _plain(result.value),
                "diagnostics": [d.as_dict() for d in result.diagnostics],
                **({"explanation": result.explanation.as_dict()} if result.explanation else {}),
            }
            for name, result in results.items()
        }
        print(json.dumps(document, ensure_ascii=False, indent=2, default=str))
    else:
        for name, result in results.items():
            text = result.explanation.text() if result.explanation else f"{name} = {feel.format(result.value)}"
            out.print(text, highlight=False, markup=False)
        _print_findings(problems)
    raise typer.Exit(1 if problems else 0)


@app.command("test")
def run_tests(
    file: ModelFile,
    cases: Annotated[Path, typer.Argument(help="A CSV: a column per input, '=> name' per expected output.")],
    coverage: Annotated[int, typer.Option(help="Fail under so many percent of rules matched.", min=0, max=100)] = 0,
    as_json: AsJson = False,
) -> None:
    """Decide every case of a CSV file, compare, and tell which rules no case reached.

    Exit code 1 if a case fails or the rule coverage is below --coverage.
    """
    with _reported():
        report = testing.run_cases(dmn.read(file), testing.read_cases(cases), now=time.time_ns() // 1000)
    total = sum(len(table.hits) for table in report.coverage)
    reached = total - sum(len(table.missed) for table in report.coverage)
    percent = 100 * reached // total if total else 100
    if as_json:
        print(json.dumps(testing.as_dict(report, percent), ensure_ascii=False, indent=2, default=str))
    else:
        _print_report(report)
        passed = sum(outcome.passed for outcome in report.outcomes)
        out.print(f"{passed} of {len(report.outcomes)} cases pass; {reached} of {total} rules matched ({percent} %).")
    raise typer.Exit(0 if report.passed and percent >= coverage else 1)


@app.command("to-excel")
def to_excel(
    file: ModelFile,
    target: Annotated[Path, typer.Argument(help="The .xlsx (a sheet per table) or .csv (one table) to write.")],
    decision: Annotated[str | None, typer.Option(help="Only this decision.")] = None,
) -> None:
    """Write decision tables to a workbook or CSV file."""
    with _reported():
        model = dmn.read(file)
        chosen = [d for d in model.decisions if decision in (None, d.name, d.id)]
        tables = [d for d in chosen if decision or type(d.expression).__name__ == "DecisionTable"]
        if not tables:
            raise DefinitionError("dmn.no-table", "The model has no such decision table.", hint="See its decisions.")
        if target.suffix.lower() == ".csv":
            if len(tables) > 1:
                names = ", ".join(d.name for d in tables)
                raise DefinitionError("dmn.csv", "A CSV file holds one table.", hint=f"Choose with --decision: {names}")
            target.write_text(spreadsheets.write_csv(tables[0]), encoding="utf-8")
        else:
            spreadsheets.write_excel(tables, target)
    out.print(f"{len(tables)} table{'s' * (len(tables) != 1)} → {target}")


@app.command("from-excel")
def from_excel(
    source: Annotated[Path, typer.Argument(help="An .xlsx (a table per sheet) or .csv file.")],
    target: Annotated[Path, typer.Argument(help="The .dmn file to write.")],
    name: Annotated[str | None, typer.Option(help="The name of the model; the file's where left out.")] = None,
) -> None:
    """Make a DMN 1.5 model of the tables in a workbook or CSV file, and check it.

    The layout is the one 'to-excel' writes. Exit code 1 if the new model has findings.
    """
    with _reported():
        content = spreadsheets.to_dmn(source, name)
        found = dmn.check(dmn.read(content, file=str(target)))
    target.write_bytes(content)
    out.print(f"{source} → {target}")
    _print_findings(found)
    raise typer.Exit(_status(found))


@contextmanager
def _reported() -> Iterator[None]:
    """Shows the problems of a definition instead of a traceback; exit code 1."""
    try:
        yield
    except DefinitionError as error:
        _print_findings(list(error.diagnostics))
        raise typer.Exit(1) from error


def _status(found: Sequence[Diagnostic]) -> int:
    """The exit code for what a check found; what is only information fails nothing."""
    return 1 if any(d.severity != "info" for d in found) else 0


def _input(text: str) -> tuple[str, object]:
    name, equals, value = text.partition("=")
    if not equals:
        raise typer.BadParameter(f"{text!r} is not name=value")
    return name.strip(), testing.read_value(value)


def _plain(value: object) -> object:
    return feel.to_python(value)


def _print_findings(found: Sequence[Diagnostic]) -> None:
    if not found:
        return
    table = Table(show_lines=False, box=None, pad_edge=False)
    for heading in ("", "where", "what", "what to do"):
        table.add_column(heading, overflow="fold")
    colours = {"error": "red", "warning": "yellow", "info": "blue"}
    for d in found:
        table.add_row(
            f"[{colours[d.severity]}]{d.severity}[/]", _safe(str(d.location)), _safe(d.message), _safe(d.hint)
        )
    err.print(table)


def _safe(text: str) -> str:
    """Text in which brackets mean nothing to Rich."""
    return text.replace("[", r"\[")


def _print_report(report: testing.Report) -> None:
    failed = Table("line", "decision", "wanted", "came", "note", title="Failed cases")
    for outcome in report.outcomes:
        for name, (wanted, actual) in outcome.failures.items():
            cells = (str(outcome.case.line), name, feel.format(wanted), feel.format(actual), outcome.case.note)
            failed.add_row(*map(_safe, cells))
    if failed.row_count:
        out.print(failed)
    missed = [table for table in report.coverage if table.missed]
    if missed:
        listing = Table("table", "rules no case matched", title="Coverage")
        for table in missed:
            listing.add_row(_safe(table.table), ", ".join(map(str, table.missed)))
        out.print(listing)
