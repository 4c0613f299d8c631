"""Processes from files, tried out or simulated: which one is meant, and what happened as plain data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from anyshore import bpmn, feel
from anyshore.base import files
from anyshore.base.errors import BpmnError, DataError
from anyshore.base.locations import Location
from anyshore.base.temporal import DateTime
from anyshore.bpmn import Process, blocked
from anyshore.kernel.state import INCIDENT
from anyshore.runtime import catalogue
from anyshore.runtime.answers import Answers
from anyshore.runtime.assumptions import HOUR
from anyshore.runtime.simulation import Simulation
from anyshore.runtime.tryout import Running, World

MOST = 100_000
"""Commands one run may take."""
SHARES = (0.5, 0.75, 0.9, 0.95, 0.99)
"""Percentiles of the cycle time that are told."""


def load(file: Path, more: Iterable[Path] | None) -> dict[str, Process]:
    """The processes of all files, linked to their decisions."""
    contents = {}
    for path in (file, *(more or ())):
        contents[str(path)] = files.read(path, error=BpmnError)
    if not str(file).endswith(".bpmn"):
        bpmn.read(contents[str(file)], file=str(file))  # what is wrong with it is said under its own name
        contents[f"{file}.bpmn"] = contents.pop(str(file))  # whatever its name, it is taken as a process
    deployment = catalogue.read(1, "files", contents)
    return {one.key: one.definition for one in deployment.definitions.values() if one.kind == "process"}


def choose(processes: Mapping[str, Process], name: str | None, file: Path) -> Process:
    """The process that is meant: by id or name, else the only one of the file.

    Raises:
        BpmnError: there is none, or more than one.
    """
    if name is None and len(processes) > 1:
        # The process of the file that was named first is meant, not those that it calls.
        processes = {key: one for key, one in processes.items() if (one.root.location.file or "").startswith(str(file))}
    found = [one for one in processes.values() if name in (None, one.id, one.name)]
    if len(found) == 1:
        return found[0]
    known = ", ".join(one.id for one in processes.values()) or "none"
    message = (
        f"There is no executable process {name!r}." if name else "The file has not exactly one executable process."
    )
    raise BpmnError("bpmn.no-process", message, Location(str(file)), f"Name one by --process. Executable: {known}.")


def entry(process: Process) -> str | None:
    """Where an instance begins: at the none start event, else at the first of the others."""
    return None if any(one.element is None for one in process.starts) else next(
        (one.element for one in process.starts), None
    )  # fmt: skip


def moment(text: str, zone: str) -> int:
    """A date and time in microseconds since 1970 UTC; in a zone where it names no offset.

    Raises:
        DataError: it is none.
    """
    try:
        return DateTime.parse(text).to_micros(zone)
    except ValueError as problem:
        message = f"{text!r} is no date and time: {problem}."
        raise DataError("option.moment", message, hint="Write 2026-05-01T09:00:00Z.") from problem


def run(
    processes: Mapping[str, Process], chosen: Process, answers: Answers, variables: Mapping[str, object], *, now: int,
    zone: str, days: int,
) -> dict[str, Any]:  # fmt: skip
    """Runs one instance in memory, and tells what happened; see :func:`report`.

    Args:
        processes: it may call, by key.
        chosen: the one that begins.
        answers: what comes back from people and machines.
        variables: it begins with.
        now: when, in microseconds since 1970 UTC.
        zone: IANA time zone of dates without an offset.
        days: of its time it may take.
    """
    world = World(processes, answers, now=now, zone=zone)
    one = world.start(chosen, variables, element=entry(chosen))
    world.run(now + days * 24 * HOUR, most=MOST)
    return report(world, one)


def report(world: World, one: Running) -> dict[str, Any]:
    """What happened, as plain data."""
    return {
        "process": one.process.id,
        "outcome": one.state.outcome,
        "seconds": ((one.ended or world.now) - one.started) / 1_000_000,
        "path": [
            {
                "instance": each.number, "process": each.process.id, "seconds": (step.at - one.started) / 1_000_000,
                "element": step.element, "name": each.process.elements[step.element].name if step.element in
                each.process.elements else "", "what": step.what,
            }
            for each in world.running
            for step in each.path
        ],
        "variables": {name: feel.format(value) for name, value in one.variables.items()},
        "waits": [
            {
                "process": each.process.id, "element": each.element_of(wait), "kind": wait.kind, "name": wait.name,
                "due": None if wait.due is None else str(DateTime.from_micros(wait.due, "UTC")),
                "message": wait.data.get("message") if wait.kind == INCIDENT else None,
            }
            for each in world.running
            for wait in each.state.waits.values()
        ],
        "blocked": [
            found.as_dict() for each in world.running for found in blocked.find(each.process, each.state)
        ],
    }  # fmt: skip


def failed(report: Mapping[str, Any]) -> bool:
    """Whether something failed in what ``report`` gives, or it can never go on."""
    incident = any(wait["kind"] == INCIDENT for wait in report["waits"])
    return incident or bool(report["blocked"]) or (report["outcome"] or "").startswith("error:")


def figures(simulated: Simulation, process: Process, instances: int, seed: int) -> dict[str, Any]:
    """What a simulation measured, as plain data."""
    hours = simulated.ended / HOUR
    completed = len(simulated.cycle_times)
    longest = simulated.percentile(1)
    mean = sum(simulated.cycle_times) / completed / 1_000_000 if completed else None
    cycle = {f"p{round(share * 100)}": found / 1_000_000 for share in (0.5, 0.75, 0.9, 0.95, 0.99)
             if (found := simulated.percentile(share)) is not None}  # fmt: skip
    return {
        "process": process.id,
        "instances": instances,
        "seed": seed,
        "simulated_hours": hours,
        "outcomes": dict(simulated.outcomes.most_common()),
        "per_hour": completed / hours if hours else None,
        "cycle_seconds": {"mean": mean, **cycle, "max": None if longest is None else longest / 1e6},
        "elements": [
            {
                "element": name, "name": one.name, "kind": one.kind, "entered": one.entered, "completed": one.completed,
                "mean_seconds": one.time / one.entered / 1_000_000 if one.entered else 0,
                "mean_waiting_seconds": one.waited / one.entered / 1_000_000 if one.entered else 0,
            }
            for name, one in simulated.measured.items()
        ],
        "resources": {
            name: simulated.busy[name] / (count * simulated.ended) if simulated.ended else 0
            for name, count in simulated.resources.items()
        },
    }  # fmt: skip
