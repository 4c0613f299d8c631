"""betsy, the conformance suite for BPMN engines: the trace of every test process.

This adapter does what betsy's own adapters do for each engine: it translates the tokens in the script tasks and the few
expressions into the engine's language. The engine knows nothing of betsy. Time is the command's, so no test waits.
"""

from __future__ import annotations

import heapq
import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lxml import etree

from anyshore import bpmn, feel
from anyshore.base.errors import BpmnError
from anyshore.base.xml import parse
from anyshore.bpmn import timers
from anyshore.bpmn.namespaces import bpmn as tag
from anyshore.bpmn.namespaces import own
from anyshore.kernel.commands import Act, Command, Continue, Fail, Resolve, Start
from anyshore.kernel.records import Sent
from anyshore.kernel.state import CHILD, INCIDENT, JOB, MESSAGE, ROOT, SIGNAL, TIMER, State, Wait
from anyshore.kernel.turn import advance
from conformance.scores import Score

SECOND = 1_000_000
JOBS = {"WAIT_TEN_SECONDS": 10, "CREATE_TIMESTAMP_LOG_1": 10, "CREATE_TIMESTAMP_LOG_2": 10, "THROW_ERROR": 0}
"""Scripts that take time or fail: no expression does, so they become service tasks. Seconds they take."""

ERROR_CODE = "ERR_CODE"

_CONTAINS = re.compile(r'(!?)\s*(?:\$\{)?\s*(!?)test\.contains\(\s*"([^"]*)"\s*\)')
_COMPARED = re.compile(r"(integerVariable|activationCount)\s*(<=|>=|==|<|>)\s*(\d+)")


# The models


def translate(content: bytes) -> bytes:
    """The model with its tokens and expressions in FEEL."""
    root = parse(content, error=BpmnError).root
    root.attrib.pop("expressionLanguage", None)
    for script in root.iter(tag("scriptTask"), tag("globalScriptTask")):
        _script(script)
    for name in ("conditionExpression", "condition", "loopCondition", "loopCardinality", "activationCondition",
                 "completionCondition"):  # fmt: skip
        for expression in root.iter(tag(name)):
            expression.text = _expression((expression.text or "").strip())
            expression.attrib.pop("language", None)
    return etree.tostring(root)


def _expression(text: str) -> str:
    found = _CONTAINS.search(text)
    if found is not None:
        contains = f'contains(test, "{found[3]}")'
        return f"not({contains})" if (found[1] or found[2]) else contains
    found = _COMPARED.search(text)
    if found is not None:
        return f"{found[1]} {'=' if found[2] == '==' else found[2]} {found[3]}"
    return re.sub(r"^\$\{(.*)\}$", r"\1", text)


def _script(task: etree._Element) -> None:
    script = task.find(tag("script"))
    if script is None:
        return
    token = (script.text or "").strip()
    task.attrib.pop("scriptFormat", None)
    task.attrib.pop("scriptLanguage", None)
    if token in JOBS and task.tag == tag("scriptTask"):
        task.tag = tag("serviceTask")
        task.set(own("activity"), token)
        task.remove(script)
        return
    if token == "SET_STRING_DATA":
        script.text, result = '"String"', None if task.find(f".//{tag('dataOutput')}") is not None else "data"
    elif token == "LOG_DATA":
        given = task.find(f".//{tag('dataInput')}")
        name = "data" if given is None else (given.get("name") or given.get("id") or "")
        script.text, result = f'append(trace, if {name} = "String" then "DATA_correct" else "DATA_wrong")', "trace"
    elif token == "INCREMENT_INTEGER_VARIABLE":
        script.text, result = "integerVariable + 1", "integerVariable"
    elif token == "INCREMENT_INTEGER_VARIABLE_AND_LOG":
        script.text = '{integerVariable: integerVariable + 1, trace: append(trace, "INCREMENT")}'
        script.text, result = script.text.replace("{integerVariable: integerVariable", "{n: integerVariable"), None
        _outputs(task, {"integerVariable": "n", "trace": "trace"})
    elif token == "CREATE_MARKER_FILE":
        script.text, result = "true", "marker"
    elif token == "CREATE_LOG_FILE":
        script.text, result = "true", "log"
    else:
        script.text, result = f'append(trace, "{token}")', "trace"
    if result is not None:
        task.set(own("result"), result)


def _outputs(task: etree._Element, outputs: dict[str, str]) -> None:
    extensions = etree.Element(tag("extensionElements"))
    for name, expression in outputs.items():
        etree.SubElement(extensions, own("output"), name=name, expression=expression)
    task.insert(0, extensions)


# A host in memory


@dataclass
class Running:
    """One instance."""

    process: bpmn.Process
    state: State
    parent: tuple[Running, int] | None = None
    seen: set[int] = field(default_factory=set)
    told: bool = False


@dataclass
class Alarm:
    """When a timer starts a process."""

    process: bpmn.Process
    trigger: bpmn.StartTrigger
    schedule: timers.Schedule


class World:
    """All instances of one test, with a clock that jumps."""

    def __init__(self, definitions: bpmn.Definitions) -> None:
        self.definitions = definitions
        self.engine = bpmn.BpmnEngine()
        self.now = 0
        self.running: list[Running] = []
        self.due: list[tuple[int, int, Running | None, Any]] = []
        self.given: dict[str, Any] = {}
        self.busy: dict[str, list[tuple[int, int]]] = {}
        self.number = 0

    def deploy(self, variables: dict[str, Any]) -> None:
        """Sets the clocks of the processes that a timer starts."""
        self.given = variables
        for process in self.definitions.processes.values():
            for trigger in process.starts:
                if trigger.timer is not None:
                    found = timers.schedule(trigger.timer, self.now, "UTC", lambda expression: expression.evaluate({}))
                    self.alarm(process, trigger, found)

    def alarm(self, process: bpmn.Process, trigger: bpmn.StartTrigger, schedule: timers.Schedule) -> None:
        self.number += 1
        heapq.heappush(self.due, (schedule.due, self.number, None, Alarm(process, trigger, schedule)))

    def start(
        self, process: bpmn.Process, variables: dict[str, Any], element: str | None = None,
        parent: tuple[Running, int] | None = None,
    ) -> None:  # fmt: skip
        given = {**variables, "trace": []}
        one = Running(process, State(process.id), parent)
        self.running.append(one)
        self.do(one, Start(at=self.now, variables=given, element=element))

    def do(self, one: Running, command: Command) -> None:
        records = list(advance(self.engine, one.process, one.state, command))
        while one.state.pending:
            records += advance(self.engine, one.process, one.state, Continue(at=command.at))
        for record in records:
            if isinstance(record, Sent):
                self.carry(one, record)
        self.look(one)

    def look(self, one: Running) -> None:
        """Takes up what the instance began to wait for."""
        for wait in list(one.state.waits.values()):
            if wait.id in one.seen or wait.id not in one.state.waits:
                continue
            one.seen.add(wait.id)
            if wait.kind == TIMER:
                self.plan(wait.due or 0, one, wait)
            elif wait.kind == JOB:
                until = self.now + JOBS[wait.name or ""] * SECOND
                self.busy.setdefault(wait.name or "", []).append((self.now, until))
                self.plan(until, one, wait)
            elif wait.kind == CHILD:
                name = wait.data["target"].partition(":")[2]
                self.start(self.definitions.process(name), wait.data["variables"], parent=(one, wait.id))
        if one.state.outcome is not None and one.parent is not None and not one.told:
            one.told = True
            caller, called = one.parent
            if called in caller.state.waits:
                results = {k: v for k, v in one.state.variables.get(ROOT, {}).items() if k != "trace"}
                self.do(caller, Resolve(at=self.now, wait=called, variables=results, outcome=one.state.outcome))

    def plan(self, at: int, one: Running, wait: Wait) -> None:
        self.number += 1
        heapq.heappush(self.due, (at, self.number, one, wait.id))

    def until(self, end: int) -> None:
        """Lets time pass."""
        while self.due and self.due[0][0] <= end:
            self.now, _, one, wait_id = heapq.heappop(self.due)
            if one is None:
                self.ring(wait_id)
                continue
            wait = one.state.waits.get(wait_id)
            if wait is None:
                continue
            if wait.name == "THROW_ERROR":
                self.do(one, Fail(at=self.now, wait=wait_id, code=ERROR_CODE))
            else:
                self.do(one, Resolve(at=self.now, wait=wait_id))

    def ring(self, alarm: Alarm) -> None:
        """A timer starts a process, and again if it is a cycle."""
        self.start(alarm.process, self.given, alarm.trigger.element)
        cycle = {"left": alarm.schedule.left, "every": alarm.schedule.every, "until": alarm.schedule.until}
        again = timers.following(cycle, alarm.schedule.due, "UTC")
        if again is not None:
            self.alarm(alarm.process, alarm.trigger, again)

    def carry(self, sender: Running, sent: Sent) -> None:
        """Takes what one instance sends to the others, and to the processes it starts."""
        if sent.kind == "escalation":
            if sender.parent is not None:
                caller, called = sender.parent
                node = caller.state.waits[called].owner
                self.do(caller, Act(at=self.now, verb="escalate", node=node, data={"code": sent.name, **sent.data}))
            return
        kind = MESSAGE if sent.kind == "message" else SIGNAL
        for one in list(self.running):
            if one is sender and kind == SIGNAL:
                continue
            for wait in list(one.state.waits.values()):
                fits = wait.kind == kind and wait.name == sent.name and wait.key in (None, sent.key)
                if fits and wait.id in one.state.waits:
                    self.do(one, Resolve(at=self.now, wait=wait.id, variables=dict(sent.data)))
                    if kind == MESSAGE:
                        return
        for process in self.definitions.processes.values():
            for trigger in process.starts:
                if trigger.kind == kind and trigger.name == sent.name:
                    self.start(process, dict(sent.data), trigger.element)
                    if kind == MESSAGE:
                        return


# The tests


def trace(data: Path, test: dict[str, Any], case: dict[str, Any]) -> list[str]:
    """What one case of a test leaves behind."""
    try:
        definitions = bpmn.read(translate((data / "betsy" / test["file"]).read_bytes()), file=test["file"])
    except BpmnError as problem:
        for diagnostic in problem.diagnostics:
            print(f"  {test['name']}: {diagnostic}", file=sys.stderr)
        return ["ERROR_deployment"]
    world = World(definitions)
    variables = {"testCaseNumber": 1, "integerVariable": case["integerVariable"]}
    if case["input"] is not None:
        variables["test"] = case["input"]
    given = {name: feel.from_python(value) for name, value in variables.items()}
    if case["parallel"]:
        for process in definitions.processes.values():
            if process.id != test["name"] and any(start.element is None for start in process.starts):
                world.start(process, given)
    world.deploy(given)
    main = definitions.process(test["name"])
    if any(start.element is None for start in main.starts):
        world.start(main, given)
    world.until(case["delay"] * SECOND // 1000)
    return list(_observed(world, case["traces"]))


def _observed(world: World, expected: Iterable[str]) -> Iterator[str]:
    for one in world.running:
        yield from one.state.variables.get(ROOT, {}).get("trace", [])
        if any(wait.kind == INCIDENT for wait in one.state.waits.values()):
            yield "ERROR_runtime"
        if one.parent is None and (one.state.outcome or "").startswith("error:"):
            yield "ERROR_thrownErrorEvent"
    # The marker and the overlap are looked at only by the tests that ask for them.
    if "MARKER_exists" in expected and any(one.state.variables.get(ROOT, {}).get("marker") for one in world.running):
        yield "MARKER_exists"
    first, second = (world.busy.get(f"CREATE_TIMESTAMP_LOG_{number}", []) for number in (1, 2))
    if any(a[0] < b[1] and b[0] < a[1] for a in first for b in second):
        yield "EXECUTION_parallel"


def same(expected: list[str], found: list[str]) -> bool:
    """Whether the traces agree as multisets; ``ERROR`` stands for a failed deployment or a failure at run time."""
    if "ERROR" in expected:
        return expected == ["ERROR"] and ("ERROR_deployment" in found or "ERROR_runtime" in found)
    return Counter(expected) == Counter(found)


def run(data: Path) -> Score:
    """Runs all tests; a test passes when all its cases do."""
    tests = json.loads((data / "betsy" / "tests.json").read_text())
    score = Score("betsy", 0, len(tests))
    groups: dict[str, list[int]] = {}
    for test in tests:
        group = groups.setdefault(test["group"], [0, 0])
        group[1] += 1
        wrong = [
            f"expected {' '.join(case['traces']) or 'nothing'}, got {' '.join(found) or 'nothing'}"
            for case in test["cases"]
            if not same(case["traces"], found := trace(data, test, case))
        ]
        if wrong:
            score.failed.append(f"{test['group']}/{test['name']}: {wrong[0]}")
        else:
            group[0] += 1
            score.passed += 1
    for name, (passed, total) in groups.items():
        print(f"{name}: {passed} of {total}")
        score.extra[name] = passed
    return score


def main() -> None:
    """Runs the suite on the folder given, or on the shared data."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent.parent.parent / "shared" / "data"
    run(folder).print()


if __name__ == "__main__":
    main()
