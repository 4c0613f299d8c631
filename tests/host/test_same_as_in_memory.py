"""The host does what the engine does in memory: every process of the suite, stored, due and carried as rows."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from conformance import betsy

from anyshore import feel
from anyshore.bpmn import BpmnEngine, Definitions
from anyshore.host import starters
from anyshore.host.driver import Host, NewWork
from anyshore.host.memory import MemoryStore
from anyshore.host.ports import InstanceRow, Page, WaitRow
from anyshore.kernel import codec
from anyshore.kernel.commands import Fail, Resolve
from anyshore.kernel.records import VariableSet
from anyshore.kernel.state import INCIDENT, JOB, TIMER
from anyshore.runtime.catalogue import Deployment, Linked
from tests.bpmn.test_scenarios import SCENARIOS
from tests.host.fixtures import Clock
from tests.host.invariants import rows_are_the_waits

EVERYTHING = 100_000
NEVER = 2**62


class Stored:
    """Processes in a host whose clock jumps to what happens next."""

    def __init__(self, store: Any, takes: Callable[[str], int]) -> None:
        """``takes`` says how many microseconds a service task needs, by its activity."""
        self.clock = Clock(betsy.BEGIN)
        self.host = Host(store, {}, clock=self.clock)
        self.takes = takes
        self.jobs: dict[tuple[int, int], int] = {}

    def until(self, end: int, failing: str = "") -> None:
        """Lets everything happen that happens by then; the activity ``failing`` fails."""
        while True:
            while self.host.step():
                pass
            rows_are_the_waits(self.host)
            jobs, timers = self.waits(JOB), self.waits(TIMER)
            for job in jobs:
                self.jobs.setdefault((job.instance, job.wait), self.clock.now + self.takes(job.name or ""))
            due = [self.jobs[job.instance, job.wait] for job in jobs] + [timer.due or 0 for timer in timers]
            if min(due, default=NEVER) > end:
                return
            self.clock.now = max(self.clock.now, min(due))
            for job in jobs:
                if self.jobs[job.instance, job.wait] <= self.clock.now:
                    self._do(job, failing)

    def _do(self, job: WaitRow, failing: str) -> None:
        now = self.clock.now
        if job.name == failing:
            self.host.execute(job.instance, Fail(at=now, wait=job.wait, code=betsy.ERROR_CODE))
        else:
            self.host.execute(job.instance, Resolve(at=now, wait=job.wait))

    def waits(self, kind: str) -> list[WaitRow]:
        with self.host.store.transaction() as tx:
            return tx.waits(Page(kind=kind, limit=EVERYTHING))

    def instances(self) -> list[InstanceRow]:
        with self.host.store.transaction() as tx:
            return [row for row in tx.instances(Page(limit=EVERYTHING)) if row.kind == "process"]

    def written(self, variable: str) -> list[Any]:
        """All values a variable was given, by whatever instance."""
        numbers = [row.id for row in self.instances()]
        with self.host.store.transaction() as tx:
            turns = tx.logs(numbers)
        engine = BpmnEngine()
        return [
            record.value
            for turn in turns
            for record in codec.decode_records(turn.records, engine)
            if isinstance(record, VariableSet) and record.name == variable
        ]


def in_host(content: bytes, name: str, case: Mapping[str, Any]) -> Counter[str]:
    """The trace of one case of a test of the suite."""
    stored = Stored(MemoryStore(), lambda activity: betsy.JOBS[activity] * betsy.SECOND)
    deployment = stored.host.deploy("betsy", {f"{name}.bpmn": content})
    variables = {"testCaseNumber": 1, "integerVariable": case.get("integerVariable") or 0}
    if case.get("input") is not None:
        variables["test"] = case["input"]
    given = {key: feel.from_python(value) for key, value in variables.items()}
    stored.host.start_all(_started(deployment, name, given, case))
    for reference in starters.by_themselves(deployment):
        starters.open_one(stored.host, reference, engagement="a", service="", variables=given)
    stored.until(betsy.BEGIN + (case.get("delay") or 0) * betsy.SECOND // 1000, failing="THROW_ERROR")
    found = Counter(stored.written(betsy.TOKEN))
    found["ERROR_runtime"] += bool(stored.waits(INCIDENT))
    found["ERROR_thrownErrorEvent"] += any(
        row.parent is None and (row.outcome or "").startswith("error:") for row in stored.instances()
    )
    return +found


def _started(deployment: Deployment, name: str, given: dict[str, Any], case: Mapping[str, Any]) -> list[NewWork]:
    """What a test starts: all that begins by itself beside it where it runs in parallel, and its own starts."""
    found = []
    for linked in deployment.definitions.values():
        for start in linked.definition.starts:
            beside = case.get("parallel") and start.element is None
            if start.kind == "none" and (linked.key == name or beside):
                found.append(NewWork(linked.reference, given, engagement="a", element=start.element))
    return sorted(found, key=lambda one: one.target == f"process:{name}@{deployment.number}")


APART = frozenset({"EXECUTION_parallel", "MARKER_exists", "ERROR_deployment"})
"""What is not of the records, and files that are refused."""


def test_every_process_of_the_suite_leaves_the_trace_it_leaves_in_memory(data_dir: Path) -> None:
    wrong, compared = [], 0
    for test in json.loads((data_dir / "betsy" / "tests.json").read_text()):
        content = betsy.translate((data_dir / "betsy" / test["file"]).read_bytes())
        for case in test["cases"]:
            expected = betsy.trace(data_dir, test, case)
            if "ERROR_deployment" in expected:
                continue
            compared += 1
            found = in_host(content, test["name"], case)
            if found != Counter(one for one in expected if one not in APART):
                wrong.append(f"{test['name']}: in memory {sorted(expected)}, in the host {sorted(found.elements())}")
    assert not wrong, "\n".join(wrong)
    assert compared > 100


@pytest.mark.parametrize(("model", "trace"), SCENARIOS.values(), ids=list(SCENARIOS))
def test_our_own_scenarios_too(model: Definitions, trace: str) -> None:
    stored = Stored(MemoryStore(), lambda _activity: 10 * betsy.SECOND)
    deployment = Deployment(1, "scenario", {})
    for key, process in model.processes.items():
        deployment.definitions[f"process:{key}"] = Linked(f"process:{key}@1", "process", key, process, BpmnEngine())
    stored.host.catalogue.add(deployment)
    stored.host.start("process:p", {"n": feel.from_python(0)}, engagement="a")
    stored.until(betsy.BEGIN + 60 * betsy.SECOND)
    assert sorted(stored.written("token")) == sorted(trace.split())
    assert [row.key for row in stored.instances() if row.outcome is None] == []
