"""The CMMN scenarios of ``cmmn-kit`` (its README says how one reads) on the case engine.

At every step a restart and a replay must change nothing.

The kit's conventions are met by reading and engine options, the same for every scenario; see ``docs/adr/0306``.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from anyshore import cmmn, feel
from anyshore.base.errors import AnyshoreError, CommandRejected
from anyshore.base.temporal import DateTime, parse_duration
from anyshore.cmmn.definition import Item, Options
from anyshore.cmmn.elements.tasks import HumanTask, Task
from anyshore.cmmn.model import Stage
from anyshore.cmmn.records import Transitioned
from anyshore.kernel import codec
from anyshore.kernel.commands import Act, Cancel, Command, Fail, Resolve, Start, Write
from anyshore.kernel.records import Entered, Record, Sent, WaitClosed, WaitOpened, replay
from anyshore.kernel.state import ROOT, State
from anyshore.kernel.turn import advance
from conformance import folders
from conformance.scores import Score

ENDED = {"completed", "terminated", "failed"}
OPTIONS = Options(counter="repetitionCounter", failed_holds=False)
VERBS = {
    "complete": "complete", "occur": "occur", "manual_start": "manualStart", "enable": "enable", "disable": "disable",
    "reenable": "reenable", "terminate": "terminate", "fault": "fault", "suspend": "suspend", "resume": "resume",
}  # fmt: skip
"""The kit's verbs on items, each with its transition."""
MODIFIERS = ("nth", "variables", "in")


class Failed(Exception):
    """An expectation is not met."""


@dataclass
class Instance:
    """One plan item instance as the records tell of it."""

    node: int
    element: str
    state: str
    item: Item


@dataclass
class Running:
    """One running case with what its records said so far."""

    definition: cmmn.Definition
    kit: Runner
    state: State = field(default_factory=State)
    log: list[Record] = field(default_factory=list)
    items: dict[int, Instance] = field(default_factory=dict)
    called: dict[int, Running] = field(default_factory=dict)
    children: list[tuple[str, Running]] = field(default_factory=list)
    milestones: list[str] = field(default_factory=list)
    moves: list[tuple[str, str | None, str]] = field(default_factory=list)
    parent: tuple[Running, int] | None = None

    def do(self, command: Command) -> None:
        """Answers a command, checks that a restart would change nothing, and serves what it asks of the outside."""
        before = codec.encode_state(self.state)
        try:
            records = advance(self.kit.engine, self.definition, self.state, command)
        except CommandRejected:
            if codec.encode_state(self.state) != before:
                raise Failed("a refused command changed the state") from None
            raise
        again = codec.decode_state(before)
        if advance(self.kit.engine, self.definition, again, command) != records or again != self.state:
            raise Failed("a restart changes the outcome")
        self.log += records
        if replay(codec.decode_records(codec.encode_records(self.log), self.kit.engine), self.kit.engine, "") != again:
            raise Failed("replaying the records does not give the state")
        for record in records:
            self.see(record)
        self.serve(records)

    def see(self, record: Record) -> None:
        match record:
            case Entered() if record.id != ROOT:
                item = self.definition.items[record.element]
                self.items[record.id] = Instance(record.id, record.element, record.state, item)
                self.moves.append((item.name, None, record.state))
            case Transitioned() if record.id in self.items:
                found = self.items[record.id]
                found.state = record.state
                self.moves.append((found.item.name, record.before, record.state))
            case Sent() if record.kind == "milestone":
                self.milestones.append(record.name)

    def serve(self, records: list[Record]) -> None:
        """Starts and ends called cases, does automatic tasks, and tells the caller of the end."""
        for record in records:
            match record:
                case WaitOpened() if record.kind == "child" and (record.name or "").startswith("case:"):
                    self.call(record.name or "", record.owner, record.data["variables"], record.id)
                case Sent() if record.kind == "start" and record.name.startswith("case:"):
                    self.call(record.name, record.node, record.data, None)
                case WaitClosed() if record.id in self.called:
                    child = self.called.pop(record.id)
                    if child.state.outcome is None:
                        child.parent = None
                        child.do(Cancel(at=self.kit.now))
        self.automatic(records)
        if self.state.outcome is not None and self.parent is not None:
            caller, wait = self.parent
            self.parent = None
            if wait in caller.state.waits:
                variables = self.state.variables.get(ROOT, {})
                caller.do(Resolve(at=self.kit.now, wait=wait, variables=variables, outcome=self.state.outcome))

    def call(self, target: str, node: int, variables: dict[str, Any], wait: int | None) -> None:
        child = self.kit.case(target.partition(":")[2])
        self.children.append((self.items[node].element, child))
        if wait is not None:
            child.parent = (self, wait)
            self.called[wait] = child
        child.do(Start(at=self.kit.now, variables=variables))

    def automatic(self, records: list[Record]) -> None:
        for record in records:
            if not isinstance(record, WaitOpened) or record.kind not in ("work", "job"):
                continue
            task = self.kit.automatic.get(self.items[record.owner].item.definition.id)
            if task is None or record.id not in self.state.waits:
                continue
            values = {name: feel.from_python(value) for name, value in task["set"].items()}
            if task["outcome"] == "fault":
                self.do(Fail(at=self.kit.now, wait=record.id, code="fault", variables=values))
            else:
                self.do(Resolve(at=self.kit.now, wait=record.id, variables=values))

    def elements(self, key: str) -> set[str]:
        """The plan items a key names: by name, else by id, else by the id of their definition."""
        items = [i for name, i in self.definition.items.items() if name != self.definition.root]
        for matches in (lambda i: i.name, lambda i: i.id, lambda i: i.definition.id):
            found = {i.id for i in items if matches(i) == key}
            if found:
                return found
        return set()

    def holder(self, key: str) -> Running:
        """The case whose item a key names: this one, or where none here has it, one that was called."""
        for running in family(self):
            if running.elements(key):
                return running
        raise Failed(f"no item {key!r}")

    def named(self, key: str) -> list[Instance]:
        """All instances of the items a key names."""
        holder = self.holder(key)
        found = holder.elements(key)
        return [instance for instance in holder.items.values() if instance.element in found]

    def called_by(self, key: str) -> Running | None:
        """The case that a case task called last; None if it called none."""
        holder = self.holder(key)
        found = holder.elements(key)
        return next((child for element, child in reversed(holder.children) if element in found), None)

    def tasks(self) -> list[str]:
        """Open human tasks."""
        live = (i for i in self.items.values() if i.state == "active")
        return sorted(i.item.name for i in live if isinstance(i.item.definition, HumanTask))

    @property
    def ended(self) -> str:
        """The state of the case."""
        return self.state.outcome or "active"


class Runner:
    """Runs one scenario."""

    def __init__(self, scenario: Mapping[str, Any], models: Mapping[str, cmmn.Model]) -> None:
        self.engine = cmmn.CaseEngine()
        self.automatic = scenario.get("automatic_tasks", {})
        self.scenario = scenario
        self.models = models
        self.now = 0

    def case(self, id: str) -> Running:
        """A fresh case by id."""
        for model in self.models.values():
            if any(case.id == id for case in model.cases):
                return Running(cmmn.link(model, id, options=OPTIONS), self)
        raise Failed(f"no case {id!r}")

    def run(self) -> None:
        """Runs all steps; raises ``Failed`` where one is not as expected."""
        start = self.scenario["steps"][0]["do"]["start"]
        self.now = DateTime.parse(start.get("clock", "2020-01-01T00:00:00Z")).to_micros()
        main = self.case(start["case"])
        for number, step in enumerate(self.scenario["steps"]):
            main.moves.clear()
            refused = None
            try:
                self.step(main, step["do"])
            except CommandRejected as problem:
                refused = problem
            if bool(refused) != bool(step["expect"].get("refused")):
                raise Failed(f"step {number}: {refused or 'not refused'}")
            for problem in expectations(main, step["expect"]):
                raise Failed(f"step {number} {json.dumps(step['do'])}: {problem}")

    def step(self, main: Running, do: dict[str, Any]) -> None:
        verb = next(name for name in do if name not in MODIFIERS)
        values = {name: feel.from_python(value) for name, value in do.get("variables", {}).items()}
        match verb:
            case "start":
                start = {n: feel.from_python(v) for n, v in do["start"].get("variables", {}).items()}
                main.do(Start(at=self.now, variables=start))
            case "set":
                main.do(Write(at=self.now, variables={n: feel.from_python(v) for n, v in do["set"].items()}))
            case "advance_clock":
                self.advance(main, do[verb])
            case "terminate_case":
                main.do(Cancel(at=self.now))
            case "complete_case":
                main.do(Act(at=self.now, verb="complete"))
            case _:
                self.item(main, verb, do, values)

    def advance(self, main: Running, text: str) -> None:
        until = DateTime.from_micros(self.now).plus(parse_duration(text)).to_micros()  # type: ignore[arg-type]
        while True:
            due = sorted(
                (wait.due, wait.id, id(running), running)
                for running in family(main)
                for wait in running.state.waits.values()
                if wait.kind == "timer" and wait.due is not None and wait.due <= until
            )
            if not due:
                break
            self.now = max(self.now, due[0][0])
            due[0][3].do(Resolve(at=self.now, wait=due[0][1]))
        self.now = until

    def item(self, main: Running, verb: str, do: dict[str, Any], values: dict[str, Any]) -> None:
        running = main.called_by(do["in"]) if "in" in do else main
        if running is None:
            raise CommandRejected("kit.no-case", f"{do['in']} has called no case")
        running = running.holder(do[verb])
        node = self.chosen(running.named(do[verb]), VERBS[verb], do.get("nth", 1)).node
        waits = [w for w in running.state.waits.values() if w.owner == node and w.kind in ("work", "job")]
        if verb == "complete" and waits and running.state.nodes[node].state == "active":
            running.do(Resolve(at=self.now, wait=waits[0].id, variables=values))
            return
        if values and verb not in ("complete", "occur"):
            running.do(Write(at=self.now, variables=values))
        running.do(Act(at=self.now, verb=verb, node=node, data={"variables": values}))

    def chosen(self, instances: list[Instance], transition: str, nth: int) -> Instance:
        """The n-th instance that can make a transition; where none can, one that the engine then refuses."""
        fitting = [i for i in instances if (i.state, transition) in i.item.family.lifecycle]
        if nth <= len(fitting):
            return fitting[nth - 1]
        live = [i for i in instances if i.state not in ENDED]
        if fitting or not instances:
            raise CommandRejected("kit.no-instance", f"there is no instance {nth}")
        return (live or instances)[-1]


def family(main: Running) -> Iterator[Running]:
    """A case and all cases it has called."""
    yield main
    for _, child in main.children:
        yield from family(child)


def expectations(main: Running, expect: dict[str, Any]) -> Iterator[str]:
    """What is not as expected after a step."""
    checks = {
        "tasks": main.tasks, "milestones": lambda: main.milestones, "case": lambda: main.ended,
        "child_tasks": lambda: sorted(t for child in list(family(main))[1:] for t in child.tasks()),
    }  # fmt: skip
    for key, actual in checks.items():
        if key in expect and actual() != expect[key]:
            yield f"{key}: {actual()} instead of {expect[key]}"
    for key, states in expect.get("plan_items", {}).items():
        found = sorted(i.state for i in main.named(key) if set(states) & ENDED or i.state not in ENDED)
        if found != sorted(states):
            yield f"{key}: {found} instead of {states}"
    for state, names in expect.get("in_state", {}).items():
        found = sorted(i.item.name for i in main.items.values() if i.state == state)
        if found != sorted(names):
            yield f"in state {state}: {found} instead of {names}"
    counts = Counter(i.state for i in main.items.values())
    counts["live"] = sum(n for state, n in counts.items() if state not in ENDED)
    for state, number in expect.get("counts", {}).items():
        if counts[state] != number:
            yield f"{counts[state]} {state} instead of {number}"
    for name, value in expect.get("variables", {}).items():
        if main.state.variables.get(ROOT, {}).get(name) != feel.from_python(value):
            yield f"variable {name}: {main.state.variables.get(ROOT, {}).get(name)!r} instead of {value!r}"
    for key, state in expect.get("child_cases", {}).items():
        child = main.called_by(key)
        actual_state = child.ended if child else "none"
        if actual_state != state:
            yield f"case of {key}: {actual_state} instead of {state}"
    yield from transitions(main, expect)


def transitions(main: Running, expect: dict[str, Any]) -> Iterator[str]:
    """Whether the expected transitions happened in that order, others between them."""
    rest = iter(main.moves)
    for wanted in expect.get("transitions", ()):
        if tuple(wanted) not in rest:
            yield f"transition {wanted} missing in order: {main.moves}"


def automated(model: cmmn.Model, tasks: Mapping[str, Any]) -> cmmn.Model:
    """The model with its automatic tasks as activities: an engine must not wait for a person there."""

    def change(stage: Stage) -> Stage:
        definitions = tuple(
            change(d) if isinstance(d, Stage)
            else replace(d, activity="automatic", is_blocking=None) if isinstance(d, Task) and d.id in tasks
            else d
            for d in stage.definitions
        )  # fmt: skip
        return replace(stage, definitions=definitions)

    return replace(model, cases=tuple(replace(c, plan=change(c.plan)) if c.plan else c for c in model.cases))


def scenario_failure(folder: Path, scenario: Mapping[str, Any]) -> str | None:
    """Why a scenario fails; None if it passes."""
    try:
        models = {
            path: automated(
                cmmn.read(folder / path, expressions=scenario["expressions"], literal_references=True, tolerant=True),
                scenario.get("automatic_tasks", {}),
            )
            for path in (scenario["model"], *scenario.get("called_models", ()))
        }
        Runner(scenario, models).run()
    except (Failed, AnyshoreError) as problem:
        return str(problem)
    except Exception as problem:  # a crash fails this scenario, not the run
        return f"{type(problem).__name__}: {problem}"
    return None


def run(data: Path) -> Score:
    """Runs all scenarios of the kit."""
    folder = data if (data / "scenarios").is_dir() else folders.of_suite(data, "cmmn-kit")
    scenarios = folders.files(folders.of_suite(folder, "scenarios"), ".json")
    failed = []
    for file in scenarios:
        problem = folders.told(partial(_failure, folder, file), str)
        if problem is not None:
            failed.append(f"{file.stem}: {problem}")
    return Score("cmmn-kit", len(scenarios) - len(failed), len(scenarios), failed)


def _failure(folder: Path, file: Path) -> str | None:
    scenario = json.loads(file.read_text("utf-8"))
    if not isinstance(scenario, dict) or not scenario.get("steps"):
        return "no scenario: it has no steps"
    return scenario_failure(folder, scenario)


if __name__ == "__main__":
    run(Path(sys.argv[1])).print()
