"""One fault, one finding: what a static rule has said of an element, reading does not say once more."""

from __future__ import annotations

from collections.abc import Iterable

from anyshore.base.errors import Diagnostic

SAID_BY: dict[str, frozenset[str]] = {
    "bpmn.always-interrupts": frozenset({"bpmn.EXT110", "bpmn.EXT147"}),
    "bpmn.bad-number": frozenset({"bpmn.EXT037", "bpmn.EXT038", "bpmn.XSD"}),
    "bpmn.boundary": frozenset({"bpmn.REF"}),
    "bpmn.calls-nothing": frozenset({"bpmn.REF"}),
    "bpmn.cancel": frozenset({"bpmn.EXT106", "bpmn.EXT111", "bpmn.EXT120"}),
    "bpmn.catches-nothing": frozenset({"bpmn.EXT110", "bpmn.EXT130", "bpmn.EXT147", "bpmn.EXT148"}),
    "bpmn.default-flow": frozenset({"bpmn.EXT026", "bpmn.REF"}),
    "bpmn.duplicate-id": frozenset({"bpmn.EXT002"}),
    "bpmn.empty-expression": frozenset({"bpmn.EXT013", "bpmn.EXT123"}),
    "bpmn.event-gateway-target": frozenset({"bpmn.EXT136", "bpmn.EXT138"}),
    "bpmn.event-position": frozenset(
        {"bpmn.EXT098", "bpmn.EXT110", "bpmn.EXT121", "bpmn.EXT122", "bpmn.EXT146", "bpmn.EXT147", "bpmn.EXT148",
         "bpmn.EXT149"}
    ),
    "bpmn.event-subprocess": frozenset({"bpmn.EXT057", "bpmn.EXT058", "bpmn.EXT059", "bpmn.EXT129"}),
    "bpmn.flow-end": frozenset({"bpmn.EXT006", "bpmn.EXT007", "bpmn.EXT021", "bpmn.EXT022", "bpmn.EXT028",
                                "bpmn.EXT152", "bpmn.REF"}),
    "bpmn.link": frozenset({"bpmn.EXT125", "bpmn.EXT126"}),
    "bpmn.missing-reference": frozenset({"bpmn.XSD"}),
    "bpmn.no-id": frozenset({"bpmn.EXT003"}),
    "bpmn.not-executed": frozenset({"bpmn.XSD"}),
    "bpmn.ordering": frozenset({"bpmn.XSD"}),
    "bpmn.parallel-event-gateway": frozenset({"bpmn.EXT143"}),
    "bpmn.timer": frozenset({"bpmn.EXT131", "bpmn.EXT132", "bpmn.EXT133", "bpmn.EXT134"}),
    "bpmn.transaction-method": frozenset({"bpmn.EXT060"}),
    "bpmn.unknown-reference": frozenset({"bpmn.REF"}),
}  # fmt: skip
"""What reading finds, and the rules one of which has said the same of that element where it was found by it."""


def once(found: Iterable[Diagnostic]) -> list[Diagnostic]:
    """The problems of a file, each fault once: errors first, then warnings, each in the order of the file."""
    problems = list(dict.fromkeys(found))
    said: dict[tuple[str | None, int | None, int | None], set[str]] = {}
    for one in problems:
        if one.severity == "error":
            said.setdefault(_place(one), set()).add(one.code)
    kept = [one for one in problems if not SAID_BY.get(one.code, frozenset()) & said.get(_place(one), set())]
    return sorted(kept, key=lambda one: (one.severity != "error", one.location.line or 0, one.location.column or 0))


def _place(one: Diagnostic) -> tuple[str | None, int | None, int | None]:
    return one.location.element, one.location.line, one.location.column
