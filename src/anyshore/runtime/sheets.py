"""A process that was tried out or simulated as tables; what they show is what ``trying`` gives as plain data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from anyshore.base.telling import Part, Sheet


def of_report(report: dict[str, Any]) -> Iterator[Part]:
    """The path of an instance, its variables, what it waits for, how it ended."""
    rows = [
        (_clock(step["seconds"]), step["process"], step["name"] or step["element"], step["what"])
        for step in sorted(report["path"], key=lambda step: step["seconds"])
    ]
    yield Sheet(f"Path of {report['process']}", ["Time", "Process", "Element", ""], rows, right=[0])
    if report["variables"]:
        yield Sheet("Variables", ["Name", "Value"], list(report["variables"].items()))
    if report["waits"]:
        waits = [
            (one["process"], one["element"], one["kind"], one["message"] or one["name"], one["due"])
            for one in report["waits"]
        ]
        yield Sheet("Still waiting", ["Process", "Element", "For", "", "Due"], waits)
    for found in report["blocked"]:
        yield f"{found['message']} [{found['code']}] {found['hint']}"
    outcome = report["outcome"] or ("can never go on," if report["blocked"] else "still running")
    yield f"{report['process']}: {outcome} after {_clock(report['seconds'])}"


def of_figures(report: dict[str, Any]) -> Iterator[Part]:
    """What a simulation measured: elements, cycle times, how busy who works was, and the outcomes."""
    rows = [
        (one["name"], one["kind"], one["entered"], one["completed"], _clock(one["mean_seconds"]),
         _clock(one["mean_waiting_seconds"]))
        for one in report["elements"]
    ]  # fmt: skip
    columns = ["Element", "Kind", "Entered", "Completed", "Mean time", "of it queued"]
    yield Sheet(f"{report['process']}: {report['instances']} instances", columns, rows, right=[2, 3, 4, 5])
    cycle = [(name, _clock(value)) for name, value in report["cycle_seconds"].items()]
    yield Sheet("Cycle time", ["", ""], cycle, right=[1])
    if report["resources"]:
        busy = [(name, f"{share:.0%}") for name, share in report["resources"].items()]
        yield Sheet("Busy", ["Resource", "Share of the time"], busy, right=[1])
    outcomes = ", ".join(f"{count} {name}" for name, count in report["outcomes"].items())
    rate = report["per_hour"]
    throughput = f"; {rate:.3g} completed per hour" if rate is not None else ""
    yield f"{outcomes}{throughput}; seed {report['seed']}"


def _clock(seconds: float | None) -> str:
    if seconds is None:
        return ""
    days, rest = divmod(round(seconds), 86_400)
    text = f"{rest // 3600}:{rest // 60 % 60:02}:{rest % 60:02}"
    return f"{days} d {text}" if days else text
