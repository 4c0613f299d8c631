"""Simulation of a process: many instances with drawn durations, branches, errors and arrivals, in simulated time.

Nothing of the model's data is needed: conditions become chances, scripts and decisions take no time, and loops have a
number of rounds. Where people or machines are few, work queues for them.
"""

from __future__ import annotations

import math
from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from anyshore.bpmn import Process
from anyshore.bpmn.data import NOTHING
from anyshore.bpmn.elements.gateways import Gateway
from anyshore.bpmn.elements.tasks import RuleTask, ScriptTask, begin_task, flow_through
from anyshore.bpmn.model import Activity, Event, Scope
from anyshore.bpmn.timers import Timer
from anyshore.kernel.records import Entered, Left, Record
from anyshore.kernel.state import CONDITION, MESSAGE, SIGNAL, Wait
from anyshore.runtime.assumptions import Chance, Scenario, Spread
from anyshore.runtime.tryout import Answer, Running, World

# Preparing a process


class Drawn:
    """Stands in for a condition: it holds with a chance."""

    def __init__(self, chance: Chance, probability: float) -> None:
        self._chance = chance
        self._probability = probability

    def evaluate(self, _variables: Mapping[str, Any], **_options: Any) -> bool:
        """Draws."""
        return self._chance.random() < self._probability


class DrawnTime:
    """Stands in for the expression of a timer: a drawn duration."""

    def __init__(self, chance: Chance, spread: Spread) -> None:
        self._chance = chance
        self._spread = spread

    def evaluate(self, _variables: Mapping[str, Any], **_options: Any) -> str:
        """Draws, as an ISO 8601 duration."""
        return f"PT{self._spread.draw(self._chance) // 1_000_000}S"


class Fixed:
    """Stands in for a number or a truth value."""

    def __init__(self, value: Any) -> None:
        self._value = value

    def evaluate(self, _variables: Mapping[str, Any], **_options: Any) -> Any:
        """The number."""
        return self._value


def prepare(process: Process, scenario: Scenario, chance: Chance) -> None:
    """Makes a process run without data. Changes it; use it for nothing else."""
    for element in process.elements.values():
        _branch(element, scenario, chance)
        if isinstance(element, ScriptTask | RuleTask):
            element.begin = begin_task
            if element.direct is not None:
                element.enter = flow_through if element.enter is element.direct else element.enter
                element.direct = flow_through
        if isinstance(element, Activity | Event):
            element.data = NOTHING
        if isinstance(element, Event):
            for trigger in element.triggers:
                trigger.correlation = None
                if trigger.condition is not None:
                    trigger.condition = Fixed(not _aside(element))  # type: ignore[assignment]
                if trigger.timer is not None and trigger.timer.expression is not None:
                    spread = _named(scenario.durations, element.id, element.name) or scenario.default
                    trigger.timer = Timer("duration", expression=DrawnTime(chance, spread))  # type: ignore[arg-type]
        if isinstance(element, Scope) and element.completion is not None:
            element.completion = None
        loop = getattr(element, "loop", None)
        if loop is not None:
            rounds = _named(scenario.rounds, element.id, element.name)
            if loop.multi:
                loop.collection, loop.item, loop.collect, loop.into = None, None, None, None
                loop.output_item, loop.condition = None, None
                loop.cardinality = Fixed(Decimal(rounds or 2))
            else:
                loop.condition, loop.maximum, loop.test_before = None, rounds or 1, False


def _branch(element: Any, scenario: Scenario, chance: Chance) -> None:
    """Chances for the flows that leave an element where something is decided."""
    flows = list(element.outgoing)
    named = {flow.id: scenario.branches[name] for flow in flows
             for name in (flow.id, _target_name(flow)) if name in scenario.branches}  # fmt: skip
    decides = len(flows) > 1 and not (isinstance(element, Gateway) and element.ignores_conditions)
    conditional = any(flow.condition is not None or flow.is_default for flow in flows)
    if not decides or not (conditional or element.kind == "exclusiveGateway" or named):
        return
    if element.kind == "exclusiveGateway":
        _exclusive(flows, named, chance)
    else:
        for flow in flows:
            if flow.condition is not None:
                flow.condition = Drawn(chance, named.get(flow.id, 0.5))
        if not any(flow.is_default or flow.condition is None for flow in flows):
            flows[-1].is_default, flows[-1].condition = True, None
    element.plain = None


def _exclusive(flows: list[Any], named: dict[str, float], chance: Chance) -> None:
    """Exactly one flow: each gets its share of what is left when it is asked."""
    rest = [flow for flow in flows if flow.id not in named]
    left = max(0.0, 1 - sum(named.values()))
    shares = {flow.id: named[flow.id] if flow.id in named else left / len(rest) for flow in flows}
    # The default is asked last, whatever its place.
    order = [flow for flow in flows if not flow.is_default] + [flow for flow in flows if flow.is_default]
    remaining = sum(shares.values())
    for flow in order[:-1]:
        flow.is_default = False
        flow.condition = Drawn(chance, shares[flow.id] / remaining if remaining > 0 else 0)
        remaining -= shares[flow.id]
    order[-1].is_default, order[-1].condition = True, None


def _aside(element: Any) -> bool:
    """Whether an event may happen beside the ordinary way: on a boundary, or starting an event sub-process."""
    return isinstance(element, Event) and element.position in ("boundary", "start")


def _target_name(flow: Any) -> str:
    return f"{flow.source}->{flow.target}"


def _named(table: Mapping[str, Any], *names: str | None) -> Any:
    return next((table[name] for name in names if name and name in table), None)


# Running


@dataclass(slots=True)
class Measured:
    """What happened at one element.

    Attributes:
        name: its name.
        kind: its tag.
        entered: how often a token came.
        completed: how often it was left in the ordinary way.
        time: microseconds in it altogether.
        waited: microseconds of that in which work queued for somebody.
    """

    name: str
    kind: str
    entered: int = 0
    completed: int = 0
    time: int = 0
    waited: int = 0


class Simulation:
    """One simulation.

    Attributes:
        measured: by element id.
        cycle_times: of completed instances, microseconds.
        outcomes: how instances ended; ``running`` for those that did not, ``incident`` for those that failed.
        busy: microseconds of work by resource.
        resources: how many there are of each.
        ended: simulated time at the end.
    """

    def __init__(self, process: Process, others: Mapping[str, Process], scenario: Scenario, chance: Chance) -> None:
        self._chance = chance
        self._scenario = scenario
        self._process = process
        self.world = World({**others, process.id: process}, self, watch=self._record)
        for one in self.world.processes.values():
            prepare(one, scenario, self._chance)
        self.measured: dict[str, Measured] = {}
        self.cycle_times: list[int] = []
        self.outcomes: Counter[str] = Counter()
        self.busy: Counter[str] = Counter()
        self.ended = 0
        self._entered: dict[tuple[int, int], tuple[str, int]] = {}
        self._around: set[tuple[int, int]] = set()
        self.resources = dict(scenario.resources)
        self._free = dict(scenario.resources)
        self._queues: dict[str, deque[tuple[int, Running, Wait]]] = {name: deque() for name in scenario.resources}

    def run(self, instances: int, progress: Callable[[int], None] = lambda done: None) -> None:
        """Starts the instances, one arrival after the other, and lets all of them end."""
        element = next((one.element for one in self._process.starts), None)
        at = 0
        for _ in range(instances):
            self.world.later(at, lambda: self._start(element))
            at += self._scenario.arrivals.draw(self._chance)
        while self.world.run(10**18, most=2_000):
            progress(sum(1 for one in self.world.running if one.parent is None and one.ended is not None))
        self._finish()

    def _start(self, element: str | None) -> None:
        self.world.start(self._process, {}, element=element)

    def _finish(self) -> None:
        for one in self.world.running:
            if one.parent is not None:
                continue
            if one.ended is not None:
                self.outcomes[one.state.outcome or ""] += 1
                self.ended = max(self.ended, one.ended)
                if one.state.outcome == "completed":
                    self.cycle_times.append(one.ended - one.started)
            else:
                failed = any(wait.kind == "incident" for wait in one.state.waits.values())
                self.outcomes["incident" if failed else "running"] += 1
                self.ended = max(self.ended, self.world.now)
        self.cycle_times.sort()

    def take(self, world: World, one: Running, wait: Wait) -> Answer | None:
        """See ``Worker``: work is done after a drawn time, when somebody is free."""
        element = one.process.elements[one.element_of(wait)]
        if wait.kind == CONDITION:
            return None  # it is looked at by the process itself
        if wait.kind in (MESSAGE, SIGNAL):
            return self._event(one, wait, element)
        role = wait.data.get("role") if isinstance(wait.data, dict) else None
        lane = one.process.lanes.get(element.id)
        names = (element.id, element.name, role, lane, wait.name)
        resource = next((name for name in names if name in self._free), None)
        if resource is None:
            return self._work(element, wait)
        if self._free[resource] > 0:
            self._begin(resource, one, wait)
        else:
            self._queues[resource].append((world.now, one, wait))
        return None

    def _event(self, one: Running, wait: Wait, element: Any) -> Answer | None:
        """A message or signal comes; at a boundary only with its chance."""
        awaited = one.process.elements.get(wait.data.get("event", ""), element)
        probability = _named(self._scenario.events, awaited.id, awaited.name, wait.name)
        if probability is None:
            probability = 0.0 if _aside(awaited) else 1.0
        if self._chance.random() >= probability:
            return None
        spread = _named(self._scenario.durations, awaited.id, awaited.name, wait.name) or self._scenario.default
        return Answer(after=spread.draw(self._chance))

    def _work(self, element: Any, wait: Wait) -> Answer:
        spread = _named(self._scenario.durations, element.id, element.name, wait.name) or self._scenario.default
        answer = Answer(after=spread.draw(self._chance))
        for code, probability in (_named(self._scenario.errors, element.id, element.name) or {}).items():
            if self._chance.random() < probability:
                answer.error = code
                break
        return answer

    def _begin(self, resource: str, one: Running, wait: Wait) -> None:
        self._free[resource] -= 1
        answer = self._work(one.process.elements[one.element_of(wait)], wait)
        self.busy[resource] += answer.after
        self.world.later(self.world.now + answer.after, lambda: self._done(resource, one, wait, answer))

    def _done(self, resource: str, one: Running, wait: Wait, answer: Answer) -> None:
        self._free[resource] += 1
        self.world.answer(one, wait.id, answer)
        queue = self._queues[resource]
        while queue and self._free[resource] > 0:
            since, waiting, work = queue.popleft()
            if work.id in waiting.state.waits:
                self._of(waiting, waiting.element_of(work)).waited += self.world.now - since
                self._begin(resource, waiting, work)

    def _of(self, one: Running, element: str) -> Measured:
        found = self.measured.get(element)
        if found is None:
            known = one.process.elements[element]
            found = self.measured[element] = Measured(known.label, known.kind)
        return found

    def _record(self, one: Running, record: Record, now: int) -> None:
        kind = type(record).__name__
        if kind == "Passed":
            measured = self._of(one, record.element)  # type: ignore[attr-defined]
            measured.entered += 1
            measured.completed += 1
        elif isinstance(record, Entered):
            inside = self._entered.get((one.number, record.parent or 0), ("", 0))[0] == record.element
            self._entered[one.number, record.id] = record.element, now
            # The node around the rounds of a loop is none of them.
            if inside or getattr(one.process.elements[record.element], "loop", None) is None:
                self._of(one, record.element).entered += 1
            else:
                self._around.add((one.number, record.id))
        elif isinstance(record, Left):
            _, since = self._entered.pop((one.number, record.id), ("", now))
            if (one.number, record.id) in self._around:
                self._around.discard((one.number, record.id))
                return
            measured = self._of(one, record.element)
            measured.time += now - since
            measured.completed += record.outcome == "completed"

    def percentile(self, share: float) -> int | None:
        """The cycle time that this share of the completed instances does not exceed (nearest rank)."""
        if not self.cycle_times:
            return None
        return self.cycle_times[max(0, math.ceil(share * len(self.cycle_times)) - 1)]
