"""What an instance looks at when it goes on after a migration, or after writing while it was suspended."""

from __future__ import annotations

from collections.abc import Mapping

from anyshore.bpmn import data, flow, loops, subscriptions
from anyshore.bpmn.activities import LOOPING
from anyshore.bpmn.fitting import place_in
from anyshore.bpmn.model import Process
from anyshore.bpmn.records import Consumed
from anyshore.kernel import nodes
from anyshore.kernel.state import ROOT
from anyshore.kernel.turn import Turn

_JOINS = ("inclusiveGateway", "complexGateway")


def catch_up(turn: Turn) -> bool:
    """Lets conditions, joins and loops see what has changed; whether there was anything to look at."""
    if not turn.state.nodes[ROOT].private.get(subscriptions.UNSEEN):
        return False
    nodes.note(turn, ROOT, subscriptions.UNSEEN, None)
    turn.agenda.append(data.CONDITIONS)
    process: Process = turn.definition
    for node in list(turn.state.nodes.values()):
        if node.state == LOOPING:
            loops.catch_up(turn, process.elements[node.element], node.id)
        for place, count in _free(process, flow.tokens(turn, node.id)).items():
            # What rests without need arrives once more, and the element counts again.
            element = place_in(process, place)
            turn.emit(Consumed(node.id, [place], count))
            for _ in range(count):
                turn.plan(flow.ENTER, element.id, node.id, None if place == element.id else place)
    return True


def _free(process: Process, resting: Mapping[str, int]) -> dict[str, int]:
    """Which of the tokens that rest in a scope need not wait there any longer, by place."""
    found: dict[str, int] = {}
    for place, count in resting.items():
        element = place_in(process, place)
        if place == element.id:
            if count >= getattr(element, "start_quantity", 1):
                found[place] = count
        elif len(element.incoming) <= 1 or element.kind not in ("parallelGateway", *_JOINS):
            found[place] = count
        elif element.kind == "parallelGateway":
            sets = min(resting.get(one, 0) for one in element.incoming)
            # Once for each gateway: by the place that is empty afterwards.
            if sets == count and not any(one in found for one in element.incoming):
                found[place] = sets
    return found
