"""``anyshore bpmn``: check, run and simulate processes, from any modeller."""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from anyshore import bpmn, dmn, feel
from anyshore.base.commands import NOTHING, Answer, Bounds, Group, Json
from anyshore.base.errors import DataError, Diagnostic, FeelError, grave, wrong_with
from anyshore.cli import output
from anyshore.cli.declaring import Hints
from anyshore.kernel.state import JOB, Wait
from anyshore.runtime import answers as answering
from anyshore.runtime import assumptions, sheets, simulation, trying
from anyshore.runtime.answers import KINDS, variable
from anyshore.runtime.trial_commands import dry_run
from anyshore.runtime.tryout import Answer as Given

ModelFile = Annotated[Path, "A .bpmn file."]
With = Annotated[Sequence[Path], "--with", "Further .bpmn, .dmn and .cmmn files that the process calls."]
Which = Annotated[str | None, "--process", "Id of the process, where the file has several."]


def check(
    files: Annotated[Sequence[Path], ".bpmn files to check."],
    *,
    drawing: Annotated[
        bool, "--drawing", "Check them as drawings to be exchanged, not as processes to be run."
    ] = False,
    strict: Annotated[
        bool, "--strict", "Refuse, too, what whole families of modellers write and what changes no run."
    ] = False,
    hints: Hints = True,
) -> Answer:
    """Find every violation of the rules of BPMN 2.0, and everything that would not be executed.

    Each problem comes with element, line, column and rule. Exit code 1 if there are errors; warnings alone do not
    refuse a file.
    """

    def checked(file: Path) -> Sequence[Diagnostic]:
        return bpmn.Document.open(file).check(strict=strict) if drawing else bpmn.read(file, strict=strict).diagnostics

    found = wrong_with(checked, files)
    return output.findings(found, len(files), hints=hints, bad=grave(found))


def run(
    file: ModelFile,
    *,
    var: Annotated[
        Mapping[str, object], variable, "--var", "-v", "A variable as name=value, the value in FEEL: -v amount=12.5"
    ] = NOTHING,
    answers: Annotated[
        Path | None,
        "YAML: by id or name of an element (or name of an activity or message) the variables that come back;",
        "$after: PT2H and $error: CODE beside them; a list gives one answer after the other.",
    ] = None,
    more: With = (),
    process: Which = None,
    start: Annotated[str | None, "--at", "When it starts, for example 2026-05-01T09:00:00Z."] = None,
    zone: Annotated[str, "IANA time zone of dates without an offset."] = "UTC",
    until: Annotated[int, "--days", "How many days of its time it may take."] = 366,
    ask: Annotated[bool | None, "--ask/--no-ask", "Ask for what has no answer; at a terminal by itself."] = None,
    json: Json = False,
) -> Answer:
    """Run one instance in memory: people are asked here or answered by a file, and timers jump.

    Prints the path it took, its variables and what it still waits for. Exit code 1 if something failed, or if it can
    never go on.
    """
    processes = trying.load(file, more)
    chosen = trying.choose(processes, process, file)
    now = trying.moment(start, zone) if start else time.time_ns() // 1000
    asks = sys.stdin.isatty() and not json if ask is None else ask
    known = answering.Answers(answering.read(answers) if answers else {}, _asked if asks else None)
    report = trying.run(processes, chosen, known, var, now=now, zone=zone, days=until)
    return Answer(report, sheets.of_report(report), bad=trying.failed(report))


def _asked(label: str, wait: Wait) -> Given | None:
    """Asks at the terminal for what comes back."""
    typer.echo(f"{KINDS[wait.kind]}: {label}" + (f" ({wait.name})" if wait.name else ""))
    shown = wait.data.get("inputs", wait.data if wait.kind == JOB else {}) or {}
    for name, value in shown.items():
        typer.echo(f"  {name}: {feel.format(value)}")
    answer = Given()
    prompt = "  name=value, ! CODE for an error, - to leave it, or nothing"
    while line := typer.prompt(prompt, default="", show_default=False).strip():
        if line == "-":
            return None
        if line.startswith("!"):
            answer.error = line[1:].strip()
            return answer
        try:
            name, value = variable(line)
        except (DataError, FeelError) as problem:
            typer.echo(f"  {problem.message}")
            continue
        answer.variables[name] = value
    return answer


def simulate(
    file: ModelFile,
    *,
    instances: Annotated[int, Bounds(1), "--instances", "-n", "How many instances arrive."] = 1000,
    seed: Annotated[int, "Seed of the random numbers: the same seed gives the same figures."] = 1,
    scenario: Annotated[
        Path | None,
        "YAML: arrivals, durations (by element), default, branches (chance by flow), errors, events, rounds and",
        "resources; one instance an hour, an hour for each work and equal branches if left out.",
    ] = None,
    more: With = (),
    process: Which = None,
) -> Answer:
    """Simulate many instances: counts, throughput, cycle times, and how busy people and machines are.

    No data is needed: conditions become chances, scripts and decisions take no time.
    """
    assumed = assumptions.read(scenario) if scenario is not None else assumptions.Scenario()
    processes = trying.load(file, more)
    chosen = trying.choose(processes, process, file)
    simulated = simulation.Simulation(chosen, processes, assumed, random.Random(seed))
    with output.progress(f"Simulating {chosen.name}", instances) as progress:
        simulated.run(instances, progress)
    report = trying.figures(simulated, chosen, instances, seed)
    return Answer(report, sheets.of_figures(report))


def explain(file: ModelFile, *, more: With = (), process: Which = None) -> Answer:
    """Say for every element whether rows of a file go through it over columns, and why not.

    Where they do not, a row stops before the element with its variables. Types of columns can stop rows besides.
    """
    from anyshore.columnar import flows  # Polars comes with the extra “columns”

    chosen = trying.choose(trying.load(file, more), process, file)
    told = flows.explain(chosen)
    data = {"process": chosen.id, "elements": [asdict(one) for one in told]}
    return Answer(data, flows.of_explanation(chosen, told))


def rows(
    file: ModelFile,
    given: Annotated[Path, "A Parquet file: its columns are the variables."],
    *,
    out: Annotated[Path, "Parquet file to write: a row for each row."],
    left: Annotated[Path, "Parquet file to write: the rows that did not reach an end."],
    more: With = (),
    process: Which = None,
) -> Answer:
    """Take the rows of a Parquet file through the straight part of a process, each as an instance would go.

    Writes a row for each row, with where it rests and what the process gave it, and beside it the rows that wait for
    work or have to go one by one, with all they hold. A million rows are held at a time.
    """
    from anyshore.columnar import files as columnar  # Polars comes with the extra “columns”

    chosen = trying.choose(trying.load(file, more), process, file)
    models = [dmn.read(one) for one in more if one.suffix == ".dmn"]
    with output.progress(f"Rows through {chosen.name}", columnar.height(given)) as progress:
        report = columnar.flow_file(chosen, models, given, out, left, told=lambda done, of: progress(done))
    return Answer(report.as_dict(), report.parts(chosen)).writing(out, None).writing(left, None)


GROUP = Group(
    "Check, run and simulate processes from any modeller.",
    {"check": check, "run": run, "simulate": simulate, "explain": explain, "rows": rows, "dry-run": dry_run},
)
