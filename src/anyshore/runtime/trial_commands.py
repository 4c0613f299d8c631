"""``anyshore bpmn dry-run`` and ``anyshore dmn backtest``: what a model makes of a file before it goes live."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from anyshore import bpmn, dmn
from anyshore.base.commands import Answer
from anyshore.base.errors import DataError
from anyshore.base.telling import Sheet
from anyshore.dmn import spreadsheets
from anyshore.runtime import catalogue


def dry_run(
    old: Annotated[Path, "Folder of the version in force."],
    new: Annotated[Path, "Folder of the new version."],
    given: Annotated[Path, "CSV, Parquet or Arrow: its columns are the variables."],
    *,
    process: Annotated[str | None, "Id of the process, where the folder has several."] = None,
) -> Answer:
    """Take the rows of a file through two versions of a process; tell what changes, rule by rule, before one goes live.

    Each version is a folder with its .bpmn and .dmn files, such as a pack.
    """
    from anyshore.columnar import trials, typed_files  # Polars comes with the extra “columns”

    versions = [_version(folder, process) for folder in (old, new)]
    types = {
        name: kind for _, models in versions for model in models for name, kind in typed_files.types_of(model).items()
    }
    found = trials.Difference()
    for frame in typed_files.frames(given, types):
        found.add(*(trials.moved(one, models, frame) for one, models in versions))
    return Answer(found.as_dict(), found.parts())


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


def backtest(
    table: Annotated[Path, "A .dmn file, or a workbook or CSV of decision tables."],
    given: Annotated[Path, "CSV, Parquet or Arrow: its columns are the inputs."],
    *,
    against: Annotated[Path | None, "Another version, to tell what would change."] = None,
    decision: Annotated[str | None, "Only this decision."] = None,
) -> Answer:
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
    return Answer(data | ({"difference": found.as_dict()} if old is not None else {}), told)


def _model(path: Path) -> dmn.Model:
    """A model from a file or from the tables of a spreadsheet."""
    if path.suffix.lower() in (".xlsx", ".csv"):
        return dmn.read(spreadsheets.to_dmn(path, None), file=str(path))
    return dmn.read(path)
