"""``anyshore pack``: list, check and test service packs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

from anyshore.base.commands import Answer, Group, Lang
from anyshore.base.errors import grave, plain
from anyshore.base.telling import Sheet
from anyshore.packs import checking, making, reading, testing

Names = Annotated[Sequence[str], "Ids or folders of packs; all shipped ones if left out."]


def _folders(names: Sequence[str]) -> list[Path]:
    if not names:
        return reading.find()
    return [Path(name) if Path(name).is_dir() else reading.named(name).folder for name in names]


def list_packs(*, lang: Lang = "en") -> Answer:
    """List the service packs that come with Anyshore."""
    packs = [reading.read(folder) for folder in reading.find()]
    data = [{"id": p.id, "kind": p.kind, "title": p.title, "starts": p.starts} for p in packs]
    rows = [(p.id, p.kind.upper(), p.title[lang], p.summary[lang]) for p in packs]
    return Answer(data, Sheet("Service packs", ("Id", "Kind", "Title", "What it does"), rows))


def new(
    name: Annotated[str, "Its id, which is the name of its folder, too."],
    *,
    kind: Annotated[Literal["bpo", "kpo"], "Rule work or judgement work."] = "bpo",
    into: Annotated[Path, "--in", "Folder it is made in; the current one if left out."] = Path(),
) -> Answer:
    """Make a pack that works as it is, to be changed file by file."""
    folder = making.make(name, kind, into)
    text = f"{folder}: check it with anyshore pack check {folder}, try it with anyshore run {folder}."
    return Answer({"folder": str(folder)}, text)


def check(names: Names = ()) -> Answer:
    """Check packs: every file read, every name resolved, all problems at once."""
    found = {str(folder): checking.check(folder) for folder in _folders(names)}
    rows = [(Path(folder).name, len(problems) or "none") for folder, problems in found.items()]
    data = {folder: plain(problems) for folder, problems in found.items()}
    problems = [problem for some in found.values() for problem in some]
    return Answer(data, Sheet("Checked", ("Pack", "Problems"), rows, right=(1,)), problems, bad=grave(problems))


def run_scenarios(names: Names = ()) -> Answer:
    """Run the scenarios of packs on real definitions and activities, in memory."""
    found = [(folder.name, one) for folder in _folders(names) for one in testing.run(reading.read(folder))]
    data = [{"pack": pack, "scenario": one.scenario, "problem": one.problem} for pack, one in found]
    rows = [(pack, one.scenario, one.problem or "passed") for pack, one in found]
    shown = Sheet("Scenarios", ("Pack", "Scenario", "Result"), rows)
    return Answer(data, shown, bad=any(one.problem for _pack, one in found))


GROUP = Group(
    "List, check and test service packs.", {"list": list_packs, "new": new, "check": check, "test": run_scenarios}
)
