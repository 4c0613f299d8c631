"""``anyshore bpmn``: check, run and simulate processes, from any modeller."""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from anyshore import bpmn, dmn, feel
from anyshore.base.errors import DataError, Diagnostic, FeelError, grave, wrong_with
from anyshore.cli import output
from anyshore.cli.shared import Hints, Json
from anyshore.kernel.state import JOB, Wait
from anyshore.runtime import answers as answering
from anyshore.runtime import assumptions, catalogue, sheets, simulation, trying
from anyshore.runtime.answers import KINDS
from anyshore.runtime.tryout import Answer, World

app = typer.Typer(
    name="bpmn",
    help="Processes (BPMN 2.0) from any modeller: check them against the rules of the specification, run them here "
    "with people asked at the terminal, simulate thousands of instances.",
    no_args_is_help=True,
)

Files = Annotated[list[Path], typer.Argument(help=".bpmn files to check.")]
Drawing = Annotated[
    bool, typer.Option("--drawing", help="Check them as drawings to be exchanged, not as processes to be run.")
]
Strict = Annotated[
    bool, typer.Option("--strict", help="Refuse, too, what whole families of modellers write and what changes no run.")
]
ModelFile = Annotated[Path, typer.Argument(help="A .bpmn file.")]
With = Annotated[
    list[Path] | None, typer.Option("--with", help="Further .bpmn, .dmn and .cmmn files that the process calls.")
]
Which = Annotated[str | None, typer.Option("--process", help="Id of the process, where the file has several.")]
Variables = Annotated[
    list[str] | None, typer.Option("--var", "-v", help="A variable as name=value, the value in FEEL: -v amount=12.5")
]
Answers = Annotated[
    Path | None,
    typer.Option(
        "--answers",
        help="YAML: by id or name of an element (or name of an activity or message) the variables that come back; "
        "$after: PT2H and $error: CODE beside them; a list gives one answer after the other.",
    ),
]
Start = Annotated[str | None, typer.Option("--at", help="When it starts, for example 2026-05-01T09:00:00Z.")]
Zone = Annotated[str, typer.Option(help="IANA time zone of dates without an offset.")]
Days = Annotated[int, typer.Option("--days", help="How many days of its time it may take.")]
Ask = Annotated[
    bool | None, typer.Option("--ask/--no-ask", help="Ask for what has no answer; at a terminal by itself.")
]
Many = Annotated[int, typer.Option("--instances", "-n", min=1, help="How many instances arrive.")]
Seed = Annotated[int, typer.Option(help="Seed of the random numbers: the same seed gives the same figures.")]
ScenarioFile = Annotated[
    Path | None,
    typer.Option(
        "--scenario",
        help="YAML: arrivals, durations (by element), default, branches (chance by flow), errors, events, rounds "
        "and resources; one instance an hour, an hour for each work and equal branches if left out.",
    ),
]
OldFolder = Annotated[Path, typer.Argument(help="Folder of the version in force.")]
NewFolder = Annotated[Path, typer.Argument(help="Folder of the new version.")]
TriedFile = Annotated[Path, typer.Argument(help="CSV, Parquet or Arrow: its columns are the variables.")]
RowsFile = Annotated[Path, typer.Argument(help="A Parquet file: its columns are the variables.")]
OutcomesFile = Annotated[Path, typer.Option("--out", help="Parquet file to write: a row for each row.")]
LeftFile = Annotated[Path, typer.Option("--left", help="Parquet file to write: the rows that did not reach an end.")]
DAY = 86_400_000_000


@app.command()
def check(
    files: Files, drawing: Drawing = False, strict: Strict = False, hints: Hints = True, json: Json = False
) -> None:
    """Find every violation of the rules of BPMN 2.0, and everything that would not be executed.

    Each problem comes with element, line, column and rule. Exit code 1 if there are errors; warnings alone do not
    refuse a file.
    """

    def checked(file: Path) -> Sequence[Diagnostic]:
        return bpmn.Document.open(file).check(strict=strict) if drawing else bpmn.read(file, strict=strict).diagnostics

    found = wrong_with(checked, files)
    output.findings(found, len(files), json, hints=hints)
    output.end(grave(found))


@app.command()
def run(
    file: ModelFile, var: Variables = None, answers: Answers = None, more: With = None, process: Which = None,
    start: Start = None, zone: Zone = "UTC", until: Days = 366, ask: Ask = None, json: Json = False,
) -> None:  # fmt: skip
    """Run one instance in memory: people are asked here or answered by a file, and timers jump.

    Prints the path it took, its variables and what it still waits for. Exit code 1 if something failed, or if it can
    never go on.
    """
    given = answering.read(answers) if answers is not None else {}
    variables = dict(answering.variable(text) for text in var or ())
    processes = trying.load(file, more)
    chosen = trying.choose(processes, process, file)
    now = trying.moment(start, zone) if start else time.time_ns() // 1000
    asks = sys.stdin.isatty() and not json if ask is None else ask
    world = World(processes, answering.Answers(given, _asked if asks else None), now=now, zone=zone)
    one = world.start(chosen, variables, element=trying.entry(chosen))
    world.run(now + until * DAY, most=100_000)
    report = trying.report(world, one)
    output.answer(json, report, *sheets.of_report(report))
    output.end(trying.failed(report))


def _asked(label: str, wait: Wait) -> Answer | None:
    """Asks at the terminal for what comes back."""
    typer.echo(f"{KINDS[wait.kind]}: {label}" + (f" ({wait.name})" if wait.name else ""))
    shown = wait.data.get("inputs", wait.data if wait.kind == JOB else {}) or {}
    for name, value in shown.items():
        typer.echo(f"  {name}: {feel.format(value)}")
    answer = Answer()
    prompt = "  name=value, ! CODE for an error, - to leave it, or nothing"
    while line := typer.prompt(prompt, default="", show_default=False).strip():
        if line == "-":
            return None
        if line.startswith("!"):
            answer.error = line[1:].strip()
            return answer
        try:
            name, value = answering.variable(line)
        except (DataError, FeelError) as problem:
            typer.echo(f"  {problem.message}")
            continue
        answer.variables[name] = value
    return answer


@app.command()
def simulate(
    file: ModelFile, instances: Many = 1000, seed: Seed = 1, scenario: ScenarioFile = None, more: With = None,
    process: Which = None, json: Json = False,
) -> None:  # fmt: skip
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
    output.answer(json, report, *sheets.of_figures(report))


@app.command()
def explain(file: ModelFile, more: With = None, process: Which = None, json: Json = False) -> None:
    """Say for every element whether rows of a file go through it over columns, and why not.

    Where they do not, a row stops before the element with its variables. Types of columns can stop rows besides.
    """
    from anyshore.columnar import flows  # Polars comes with the extra “columns”

    chosen = trying.choose(trying.load(file, more), process, file)
    told = flows.explain(chosen)
    data = {"process": chosen.id, "elements": [asdict(one) for one in told]}
    output.answer(json, data, *flows.of_explanation(chosen, told))


@app.command("dry-run")
def dry_run(old: OldFolder, new: NewFolder, given: TriedFile, process: Which = None, json: Json = False) -> None:
    """Take the rows of a file through two versions of a process; tell what changes, rule by rule, before one goes live.

    Each version is a folder with its .bpmn and .dmn files, such as a pack.
    """
    from anyshore.columnar import trials, typed_files  # Polars comes with the extra “columns”

    versions = [_version(folder, process) for folder in (old, new)]
    types = {name: kind for _, models in versions for model in models
             for name, kind in typed_files.types_of(model).items()}  # fmt: skip
    found = trials.Difference()
    for frame in typed_files.frames(given, types):
        found.add(*(trials.moved(one, models, frame) for one, models in versions))
    output.answer(json, found.as_dict(), *found.parts())


def _version(folder: Path, process: str | None) -> tuple[bpmn.Process, list[dmn.Model]]:
    """A process of a folder and its decision models."""
    files = {path.name: path.read_bytes() for path in sorted(folder.glob("*.bpmn")) + sorted(folder.glob("*.dmn"))}
    deployment = catalogue.read(0, folder.name, files)
    found = {one.key: one.definition for one in deployment.definitions.values()}
    chosen = found.get(process or next(iter(found), ""))
    if chosen is None:
        message = f"{folder} has no process {process!r}." if process else f"{folder} has no process."
        raise DataError("bpmn.process", message, hint=f"There are: {', '.join(found) or 'none'}.")
    return chosen, list(deployment.models.values())


@app.command()
def rows(
    file: ModelFile, given: RowsFile, out: OutcomesFile, left: LeftFile, more: With = None, process: Which = None,
    json: Json = False,
) -> None:  # fmt: skip
    """Take the rows of a Parquet file through the straight part of a process, each as an instance would go.

    Writes a row for each row, with where it rests and what the process gave it, and beside it the rows that wait for
    work or have to go one by one, with all they hold. A million rows are held at a time.
    """
    from anyshore.columnar import files as columnar  # Polars comes with the extra “columns”

    chosen = trying.choose(trying.load(file, more), process, file)
    models = [dmn.read(one) for one in more or () if one.suffix == ".dmn"]
    with output.progress(f"Rows through {chosen.name}", columnar.height(given)) as progress:
        report = columnar.flow_file(chosen, models, given, out, left, told=lambda done, of: progress(done))
    output.answer(json, report.as_dict(), *report.parts(chosen))
    output.written(out, json)
    output.written(left, json)
