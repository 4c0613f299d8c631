"""The host does what the engine does in memory: every process of the suite, stored, due and carried as rows."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from conformance import betsy

from anyshore import bpmn, feel
from anyshore.base.errors import AnyshoreError
from anyshore.host import starters
from anyshore.host.driver import Host, NewWork
from anyshore.host.memory import MemoryStore
from anyshore.host.ports import Page, WaitRow
from anyshore.kernel import codec
from anyshore.kernel.commands import Fail, Resolve
from anyshore.kernel.records import VariableSet
from anyshore.kernel.state import INCIDENT, JOB, TIMER
from tests.host.fixtures import Clock

EVERYTHING = 100_000
NEVER = 2**62


class Stored:
    """One case of a test in a host, whose clock jumps to what happens next."""

    def __init__(self, store: Any, content: bytes, name: str, case: Mapping[str, Any]) -> None:
        self.clock = Clock(betsy.BEGIN)
        self.host = Host(store, {}, clock=self.clock)
        self.deployment = self.host.deploy("betsy", {f"{name}.bpmn": content})
        self.case = case
        self.jobs: dict[tuple[int, int], int] = {}
        given = {"testCaseNumber": 1, "integerVariable": case.get("integerVariable") or 0}
        if case.get("input") is not None:
            given["test"] = case["input"]
        self.given = {key: feel.from_python(value) for key, value in given.items()}

    def run(self, name: str) -> Counter[str]:
        self._begin(name)
        end = betsy.BEGIN + (self.case.get("delay") or 0) * betsy.SECOND // 1000
        while True:
            while self.host.step():
                pass
            waits = self._waits()
            for job in waits[JOB]:
                self.jobs.setdefault(
                    (job.instance, job.wait), self.clock.now + betsy.JOBS[job.name or ""] * betsy.SECOND
                )
            open_jobs = {(job.instance, job.wait): job for job in waits[JOB]}
            due = [self.jobs[key] for key in open_jobs] + [timer.due or 0 for timer in waits[TIMER]]
            if min(due, default=NEVER) > end:
                return self._trace()
            self.clock.now = max(self.clock.now, min(due))
            for key, job in open_jobs.items():
                if self.jobs[key] <= self.clock.now:
                    self._do(job)

    def _begin(self, name: str) -> None:
        processes = {one.key: one.definition for one in self.deployment.definitions.values()}
        asked = [
            NewWork(f"process:{key}", self.given, engagement="a")
            for key, process in processes.items()
            if key != name and self.case.get("parallel") and any(start.element is None for start in process.starts)
        ]
        asked += [
            NewWork(f"process:{name}", self.given, engagement="a", element=start.element)
            for start in processes[name].starts
            if start.kind == "none"
        ]
        self.host.start_all(asked)
        for reference in starters.by_themselves(self.deployment):
            starters.open_one(self.host, reference, engagement="a", service="", variables=self.given)

    def _waits(self) -> dict[str, list[WaitRow]]:
        with self.host.store.transaction() as tx:
            return {kind: tx.waits(Page(kind=kind, limit=EVERYTHING)) for kind in (JOB, TIMER, INCIDENT)}

    def _do(self, job: WaitRow) -> None:
        now = self.clock.now
        if job.name == "THROW_ERROR":
            self.host.execute(job.instance, Fail(at=now, wait=job.wait, code=betsy.ERROR_CODE))
        else:
            self.host.execute(job.instance, Resolve(at=now, wait=job.wait))

    def _trace(self) -> Counter[str]:
        with self.host.store.transaction() as tx:
            rows = tx.instances(Page(limit=EVERYTHING))
            turns = tx.logs([row.id for row in rows if row.kind == "process"])
        engine = bpmn.BpmnEngine()
        found = Counter(
            record.value
            for turn in turns
            for record in codec.decode_records(turn.records, engine)
            if isinstance(record, VariableSet) and record.name == betsy.TOKEN
        )
        found["ERROR_runtime"] += bool(self._waits()[INCIDENT])
        found["ERROR_thrownErrorEvent"] += any(
            row.parent is None and (row.outcome or "").startswith("error:") for row in rows
        )
        return +found


def in_host(store: Any, content: bytes, name: str, case: Mapping[str, Any]) -> Counter[str]:
    try:
        return Stored(store, content, name, case).run(name)
    except AnyshoreError as problem:
        return Counter([f"broken: {problem}"])


APART = frozenset({"EXECUTION_parallel", "MARKER_exists", "ERROR_deployment"})
"""What is not of the records, and files that are refused."""


def test_every_process_of_the_suite_leaves_the_trace_it_leaves_in_memory(data_dir: Path) -> None:
    wrong = []
    for test in json.loads((data_dir / "betsy" / "tests.json").read_text()):
        content = betsy.translate((data_dir / "betsy" / test["file"]).read_bytes())
        for case in test["cases"]:
            expected = betsy.trace(data_dir, test, case)
            if "ERROR_deployment" in expected:
                continue
            found = in_host(MemoryStore(), content, test["name"], case)
            if found != Counter(one for one in expected if one not in APART):
                wrong.append(f"{test['name']}: in memory {sorted(expected)}, in the host {sorted(found.elements())}")
    assert not wrong, "\n".join(wrong)
