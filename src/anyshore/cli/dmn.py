"""``anyshore dmn``: check, test and run decision models, and take their tables to and from spreadsheets."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated

from anyshore import dmn
from anyshore.base.commands import Answer, Bounds, Group, pair
from anyshore.base.errors import Diagnostic, plain, wrong_with
from anyshore.base.files import write
from anyshore.base.telling import counted
from anyshore.cli import output
from anyshore.cli.declaring import Hints
from anyshore.dmn import spreadsheets, testing
from anyshore.runtime.trial_commands import backtest

ModelFile = Annotated[Path, "A .dmn file; what it imports is looked for beside it."]


def check(files: Annotated[Sequence[Path], ".dmn files to check."], *, hints: Hints = True) -> Answer:
    """Find what is wrong in models without running them.

    Unknown names and types, expressions that are not FEEL, type errors, cycles, inputs nobody reads; in tables gaps,
    overlapping rules and rules that never decide, each with an example input. Exit code 1 if an error or a warning is
    found.
    """
    found = wrong_with(lambda file: dmn.check(dmn.read(file)), files)
    return output.findings(found, len(files), hints=hints, bad=_bad(found))


def run(
    file: ModelFile,
    decision: Annotated[str | None, "A decision by name or id; all where left out."] = None,
    *,
    inputs: Annotated[
        Sequence[tuple[str, str]], pair, "--input", "-i", 'An input as name=value, the value in FEEL: -i "age=30".'
    ] = (),
    explain: Annotated[bool, "--explain", "Say which rules matched and what was behind."] = False,
    strict: Annotated[bool, "--strict", "Fail where a value is null because of an error."] = False,
    zone: Annotated[str, "The IANA time zone of today()."] = "UTC",
) -> Answer:
    """Decide.

    Example: anyshore dmn run fee.dmn Fee -i 'zone=EU' -i 'amount=12.50' --explain
    """
    model, now = dmn.read(file), time.time_ns() // 1000
    values = {name: testing.read_value(value) for name, value in inputs}
    names = [decision] if decision else [d.name for d in model.decisions]
    results = {name: model.decide(name, values, now=now, zone=zone, explain=explain, strict=strict) for name in names}
    problems = list(dict.fromkeys(d for result in results.values() for d in result.diagnostics))
    shown = (result.text(name) for name, result in results.items())
    return Answer({name: result.as_dict() for name, result in results.items()}, shown, problems, bad=problems)


def run_tests(
    file: ModelFile,
    cases: Annotated[Path, "A CSV: a column per input, '=> name' per expected output."],
    *,
    coverage: Annotated[int, Bounds(0, 100), "Fail under so many percent of rules matched."] = 0,
) -> Answer:
    """Decide every case of a CSV file, compare, and tell which rules no case reached.

    Exit code 1 if a case fails or the rule coverage is below --coverage.
    """
    report = testing.run_cases(dmn.read(file), testing.read_cases(cases), now=time.time_ns() // 1000)
    return Answer(testing.as_dict(report), report.sheets(), bad=not report.passed or report.percent < coverage)


def to_excel(
    file: ModelFile,
    target: Annotated[Path, "The .xlsx (a sheet per table) or .csv (one table) to write."],
    *,
    decision: Annotated[str | None, "Only this decision."] = None,
) -> Answer:
    """Write decision tables to a workbook or CSV file."""
    written = spreadsheets.save(dmn.read(file), target, decision)
    return Answer({"file": str(target), "tables": written}, f"{counted(written, 'table')} → {target}")


def from_excel(
    source: Annotated[Path, "An .xlsx (a table per sheet) or .csv file."],
    target: Annotated[Path, "The .dmn file to write."],
    *,
    name: Annotated[str | None, "The name of the model; the file's where left out."] = None,
) -> Answer:
    """Make a DMN 1.5 model of the tables in a workbook or CSV file, and check it.

    The layout is the one 'to-excel' writes. Exit code 1 if the new model has findings.
    """
    content = spreadsheets.to_dmn(source, name)
    found = dmn.check(dmn.read(content, file=str(target)))
    write(target, content)
    data = {"file": str(target), "problems": plain(found)}
    return Answer(data, f"{source} → {target}", found, bad=_bad(found))


def _bad(found: Iterable[Diagnostic]) -> bool:
    """Whether a check fails for what it found; what is only information fails nothing."""
    return any(d.severity != "info" for d in found)


GROUP = Group(
    "Check, test and run decision tables.",
    {
        "check": check,
        "run": run,
        "test": run_tests,
        "backtest": backtest,
        "to-excel": to_excel,
        "from-excel": from_excel,
    },
)
