"""betsy, the conformance suite for BPMN engines: the trace of every test process.

This adapter does what betsy's own adapters do for each engine: it translates the tokens in the script tasks and the few
expressions into the engine's language. The engine knows nothing of betsy. Time is the command's, so no test waits.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from lxml import etree

from anyshore import bpmn, feel
from anyshore.base.errors import BpmnError
from anyshore.base.xml import parse
from anyshore.bpmn import timers
from anyshore.bpmn.namespaces import bpmn as tag
from anyshore.bpmn.namespaces import own
from anyshore.feel import juel
from anyshore.kernel.records import Record, VariableSet
from anyshore.kernel.state import CHILD, INCIDENT, JOB, Wait
from anyshore.kernel.turn import NoCalendars
from anyshore.runtime.tryout import Answer, Running, World
from conformance import folders
from conformance.scores import Score

SECOND = 1_000_000
BEGIN = 1_767_225_600 * SECOND
"""When every test begins: 2026-01-01, so that the dates in timers are past, as they were when the suite ran."""

JOBS = {"WAIT_TEN_SECONDS": 10, "CREATE_TIMESTAMP_LOG_1": 10, "CREATE_TIMESTAMP_LOG_2": 10, "THROW_ERROR": 0}
"""Scripts that take time or fail: no expression does, so they become service tasks. Seconds they take."""

ERROR_CODE = "ERR_CODE"
NONE = NoCalendars()
TOKEN = "token_of_betsy"
"""The variable that a script writes its token to; the trace is what was written, in order."""

ERRORS = ("ERROR_deployment", "ERROR_runtime")
"""What ``ERROR`` stands for in an expected trace."""

EXPRESSIONS = ("conditionExpression", "condition", "loopCondition", "loopCardinality", "activationCondition",
               "completionCondition")  # fmt: skip


# The models


def translate(content: bytes) -> bytes:
    """The model with its tokens and expressions in FEEL."""
    root = parse(content, error=BpmnError).root
    root.attrib.pop("expressionLanguage", None)
    for script in root.iter(tag("scriptTask"), tag("globalScriptTask")):
        _script(script)
    for one in root.iter(*(tag(name) for name in EXPRESSIONS)):
        one.text = expression(one.text or "")
        one.attrib.pop("language", None)
    return etree.tostring(root)


def expression(text: str) -> str:
    """Java's and JUEL's notation as FEEL; what is neither stays, and reading says what is wrong with it.

    One given model has a stray ``>`` behind a condition.
    """
    text = re.sub(r"^[$#]\{(.*)\}$", r"\1", text.strip(), flags=re.DOTALL).strip().removesuffix(">")
    try:
        return juel.to_feel(f"${{{text}}}") if text else text
    except juel.NotTranslatable:
        return text


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
        script.text, result = f'if {name} = "String" then "DATA_correct" else "DATA_wrong"', TOKEN
    elif token == "INCREMENT_INTEGER_VARIABLE":
        script.text, result = "integerVariable + 1", "integerVariable"
    elif token == "INCREMENT_INTEGER_VARIABLE_AND_LOG":
        script.text, result = "{n: integerVariable + 1}", None
        _outputs(task, {"integerVariable": "n", TOKEN: '"INCREMENT"'})
    elif token == "CREATE_MARKER_FILE":
        script.text, result = "true", "marker"
    elif token == "CREATE_LOG_FILE":
        script.text, result = "true", "log"
    else:
        script.text, result = f'"{token}"', TOKEN
    if result is not None:
        task.set(own("result"), result)


def _outputs(task: etree._Element, outputs: dict[str, str]) -> None:
    extensions = etree.Element(tag("extensionElements"))
    for name, expression in outputs.items():
        etree.SubElement(extensions, own("output"), name=name, expression=expression)
    task.insert(0, extensions)


# The tests


class Test:
    """One case of a test: its instances, and what they leave behind.

    Args:
        definitions: the translated model.
        case: ``input``, ``integerVariable``, ``delay`` in milliseconds, ``parallel``.
    """

    def __init__(self, definitions: bpmn.Definitions, case: Mapping[str, Any]) -> None:
        variables = {"testCaseNumber": 1, "integerVariable": case.get("integerVariable") or 0}
        if case.get("input") is not None:
            variables["test"] = case["input"]
        self.given = {name: feel.from_python(value) for name, value in variables.items()}
        self.definitions = definitions
        self.case = case
        self.tokens: list[str] = []
        self.busy: dict[str, list[tuple[int, int]]] = {}
        self.world = World(definitions.processes, self, now=BEGIN, watch=self._watch)

    def run(self, name: str) -> list[str]:
        """Starts what the test starts and lets its time pass; the trace."""
        main = self.definitions.process(name)
        if self.case.get("parallel"):
            for process in self.definitions.processes.values():
                if process is not main and any(start.element is None for start in process.starts):
                    self.world.start(process, self.given)
        for process in self.definitions.processes.values():
            for trigger in process.starts:
                self._await(process, trigger)
        for start in main.starts:
            if start.kind == "none":
                self.world.start(main, self.given, element=start.element)
        self.world.run(BEGIN + (self.case.get("delay") or 0) * SECOND // 1000)
        return [*self.tokens, *self._outside()]

    def take(self, world: World, one: Running, wait: Wait) -> Answer | None:
        """See ``Worker``: does the scripts that take time or fail; what is called and is not there fails."""
        if wait.kind == CHILD:
            return Answer(error="not-there")
        if wait.kind != JOB:
            return None
        name = wait.name or ""
        seconds = JOBS[name] * SECOND
        self.busy.setdefault(name, []).append((world.now, world.now + seconds))
        return Answer(after=seconds, error=ERROR_CODE if name == "THROW_ERROR" else None)

    def _watch(self, _one: Running, record: Record, _now: int) -> None:
        if isinstance(record, VariableSet) and record.name == TOKEN:
            self.tokens.append(record.value)

    def _await(self, process: bpmn.Process, trigger: bpmn.StartTrigger) -> None:
        """Starts a process whose condition holds from the beginning, and sets the clock of one that a timer starts."""
        if trigger.condition is not None and trigger.condition.evaluate(self.given) is True:
            self.world.start(process, self.given, element=trigger.element)
        if trigger.timer is not None:
            found = timers.schedule(
                trigger.timer, self.world.now, "UTC", NONE, lambda timer: timer.evaluate(self.given)
            )
            if found is not None:
                self._ring(process, trigger, found)

    def _ring(self, process: bpmn.Process, trigger: bpmn.StartTrigger, schedule: timers.Schedule) -> None:
        def ring() -> None:
            self.world.start(process, self.given, element=trigger.element)
            again = timers.following(timers.stored(schedule), schedule.due, timers.Counting("UTC", "", NONE))
            if again is not None:
                self._ring(process, trigger, again)

        self.world.later(schedule.due, ring)

    def _outside(self) -> Iterator[str]:
        """What betsy observes from outside."""
        instances = self.world.running
        if any(wait.kind == INCIDENT for one in instances for wait in one.state.waits.values()):
            yield "ERROR_runtime"
        if any(one.parent is None and (one.state.outcome or "").startswith("error:") for one in instances):
            yield "ERROR_thrownErrorEvent"
        # The marker is looked at only by the tests that ask for it.
        if "MARKER_exists" in self.case["traces"] and any(one.variables.get("marker") for one in instances):
            yield "MARKER_exists"
        first, second = (self.busy.get(f"CREATE_TIMESTAMP_LOG_{number}", []) for number in (1, 2))
        if any(a[0] < b[1] and b[0] < a[1] for a in first for b in second):
            yield "EXECUTION_parallel"


def trace(data: Path, test: Mapping[str, Any], case: Mapping[str, Any]) -> list[str]:
    """What one case of a test leaves behind; a trace that nothing expects where the test itself breaks.

    Args:
        data: the folder of all data, or that of the suite.
        test: as ``tests.json`` tells of it.
        case: one of its cases.
    """
    file = test.get("file") or f"{test['group']}/{test['name']}.bpmn"
    try:
        content = (folders.of_suite(data, "betsy") / file).read_bytes()
    except OSError as problem:
        return [f"unreadable: {problem}"]
    try:
        definitions = bpmn.read(translate(content), file=file)
    except BpmnError as problem:
        for diagnostic in problem.diagnostics:
            print(f"  {test['name']}: {diagnostic}", file=sys.stderr)
        return ["ERROR_deployment"]
    except Exception as problem:  # a crash fails this test, not the run
        return [f"broken: {file}: {type(problem).__name__}: {problem}"]
    try:
        return Test(definitions, case).run(test["name"])
    except Exception as problem:  # a crash fails this test, not the run
        return [f"broken: {type(problem).__name__}: {problem}"]


def wrong_cases(data: Path, test: Mapping[str, Any]) -> list[str]:
    """What is wrong with the cases of a test."""
    return [
        f"expected {' '.join(case['traces']) or 'nothing'}, got {' '.join(found) or 'nothing'}"
        for case in test["cases"]
        if not same(case["traces"], found := trace(data, test, case))
    ]


def same(expected: list[str], found: list[str]) -> bool:
    """Whether the traces agree as multisets; ``ERROR`` stands for a failed deployment or a failure at run time."""
    if "ERROR" in expected:
        found = ["ERROR" if one in ERRORS else one for one in found]
    return Counter(expected) == Counter(found)


def run(data: Path) -> Score:
    """Runs all tests of the ``tests.json`` of ``betsy``, or of the folder given; all cases of a test must pass."""
    listed = folders.of_suite(data, "betsy") / "tests.json"
    score = Score("betsy", 0, 0)
    try:
        tests = json.loads(listed.read_text(encoding="utf-8"))
        if not isinstance(tests, list):
            raise ValueError("no list of tests")
    except (OSError, ValueError) as problem:
        score.total = 1
        score.failed.append(f"{listed}: {problem}")
        return score
    score.total = len(tests)
    groups: dict[str, list[int]] = {}
    for number, test in enumerate(tests, 1):
        known = test if isinstance(test, dict) else {}
        place = f"{known.get('group', 'no group')}/{known.get('name', f'test {number}')}"
        group = groups.setdefault(str(known.get("group", "no group")), [0, 0])
        group[1] += 1
        wrong = folders.told(partial(wrong_cases, data, test), lambda reason: [reason])
        if wrong:
            score.failed.append(f"{place}: {wrong[0]}")
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
