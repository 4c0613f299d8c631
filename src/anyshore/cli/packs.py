"""``anyshore pack``: list, check and test service packs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from anyshore.base.errors import grave, plain
from anyshore.base.telling import Sheet
from anyshore.cli import output
from anyshore.cli.shared import Json, Lang
from anyshore.packs import checking, making, reading, testing

app = typer.Typer(no_args_is_help=True)

Names = Annotated[list[str] | None, typer.Argument(help="Ids or folders of packs; all shipped ones if left out.")]
Name = Annotated[str, typer.Argument(help="Its id, which is the name of its folder, too.")]
Kind = Annotated[Literal["bpo", "kpo"], typer.Option("--kind", help="Rule work or judgement work.")]
Into = Annotated[Path, typer.Option("--in", help="Folder it is made in; the current one if left out.")]


def _folders(names: list[str] | None) -> list[Path]:
    if not names:
        return reading.find()
    return [Path(name) if Path(name).is_dir() else reading.named(name).folder for name in names]


@app.command("list")
def list_packs(lang: Lang = "en", json: Json = False) -> None:
    """List the service packs that come with Anyshore."""
    packs = [reading.read(folder) for folder in reading.find()]
    data = [{"id": p.id, "kind": p.kind, "title": p.title, "starts": p.starts} for p in packs]
    rows = [(p.id, p.kind.upper(), p.title[lang], p.summary[lang]) for p in packs]
    output.answer(json, data, Sheet("Service packs", ("Id", "Kind", "Title", "What it does"), rows))


@app.command()
def new(name: Name, kind: Kind = "bpo", into: Into = Path(), json: Json = False) -> None:
    """Make a pack that works as it is, to be changed file by file."""
    folder = making.make(name, kind, into)
    text = f"{folder}: check it with anyshore pack check {folder}, try it with anyshore run {folder}."
    output.answer(json, {"folder": str(folder)}, text)


@app.command()
def check(names: Names = None, json: Json = False) -> None:
    """Check packs: every file read, every name resolved, all problems at once."""
    found = {str(folder): checking.check(folder) for folder in _folders(names)}
    rows = [(Path(folder).name, len(problems) or "none") for folder, problems in found.items()]
    data = {folder: plain(problems) for folder, problems in found.items()}
    output.answer(json, data, Sheet("Checked", ("Pack", "Problems"), rows, right=(1,)))
    problems = [problem for some in found.values() for problem in some]
    output.problems(() if json else problems)
    output.end(grave(problems))


@app.command("test")
def run_scenarios(names: Names = None, json: Json = False) -> None:
    """Run the scenarios of packs on real definitions and activities, in memory."""
    found = [(folder.name, one) for folder in _folders(names) for one in testing.run(reading.read(folder))]
    data = [{"pack": pack, "scenario": one.scenario, "problem": one.problem} for pack, one in found]
    rows = [(pack, one.scenario, one.problem or "passed") for pack, one in found]
    output.answer(json, data, Sheet("Scenarios", ("Pack", "Scenario", "Result"), rows))
    output.end(any(one.problem for _pack, one in found))
