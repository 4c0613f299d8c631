"""Call activities: of processes, cases and global tasks. Source: BPMN 2.0.2, 10.3.6."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree

from anyshore.bpmn import activities, data
from anyshore.bpmn.elements import tasks
from anyshore.bpmn.model import Activity, Element
from anyshore.bpmn.reading import activity as common
from anyshore.bpmn.reading.context import Reading
from anyshore.kernel import scopes, waits
from anyshore.kernel.state import CHILD
from anyshore.kernel.turn import Turn

GLOBAL_TASKS = {
    "globalTask": tasks.read_task,
    "globalManualTask": tasks.read_user,
    "globalUserTask": tasks.read_user,
    "globalScriptTask": tasks.read_script,
    "globalBusinessRuleTask": tasks.read_rule,
}
"""A called global task runs in place, as the task it is."""


@dataclass(slots=True, eq=False, kw_only=True)
class CallActivity(Activity):
    """A call of another definition.

    Attributes:
        target: ``process:ID``, ``case:ID`` or ``decision:ID``.
    """

    target: str = ""


def read_call(reading: Reading, xml: etree._Element, container: str) -> Element:
    """``callActivity``."""
    written = xml.get("calledElement")
    target = reading.own(xml, "target")
    if target is None and written:
        name = written if written in reading.ids else written.rsplit(":", 1)[-1]
        called = reading.ids.get(name)
        read = GLOBAL_TASKS.get(reading.tag(called)) if called is not None else None
        if read is not None:
            return read(reading, xml, container, called)
        target = f"process:{name}"
    if target is None:
        reading.problems.add(
            xml, "bpmn.calls-nothing", "The call activity names nothing to call.",
            'Set calledElement, or anyshore:target="case:…".',
        )  # fmt: skip
    elif target.partition(":")[0] not in ("process", "case", "decision"):
        reading.problems.add(
            xml, "bpmn.call-target", f"{target!r} cannot be called.", "Write process:ID, case:ID or decision:ID."
        )
    else:
        reading.calls.append(target)
    return CallActivity(**common.read(reading, xml, container), begin=begin_call, target=target or "")


def begin_call(turn: Turn, call: CallActivity, node: int) -> None:
    """Asks for an instance of what is called. It gets what the mapping names and nothing else (10.3.6), or all."""
    view = scopes.view(turn.state, node)
    given: dict[str, Any] = data.inputs(turn, call.data, view)
    if call.data.all_inputs:
        given = {**view, **given}
    waits.open_wait(turn, node, CHILD, name=call.target, data={"target": call.target, "variables": given})


def complete_call(turn: Turn, call: CallActivity, node: int, results: Mapping[str, Any]) -> None:
    """What is called has ended: its results come back as the mapping says, or all of them."""
    mapped = call.data.outputs or call.data.writes
    values = data.outputs(turn, call.data, results, scopes.view(turn.state, node)) if mapped else {}
    activities.write(turn, call, node, {**results, **values} if call.data.all_outputs else values)
    activities.finish(turn, call, node)
