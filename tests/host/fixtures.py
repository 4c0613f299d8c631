"""Processes, activities and a clock for tests of the host."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from anyshore.base.errors import AnyshoreError
from anyshore.host.driver import Host
from anyshore.host.ports import Page
from tests.host import processes as bpmn

SECOND = 1_000_000
DAY = 86_400 * SECOND

MESSAGES = "".join(map(bpmn.message, ("order", "reply"))) + '<signal id="alarm" name="alarm"/>'
SIGNAL = "intermediateCatchEvent", {}, '<signalEventDefinition signalRef="alarm"/>'
ALARM = "intermediateThrowEvent", {}, '<signalEventDefinition signalRef="alarm"/>'
CYCLE = "boundaryEvent", {"attachedToRef": "b", "cancelActivity": "false"}, (
    "<timerEventDefinition><timeCycle>R3/PT1M</timeCycle></timerEventDefinition>"
)  # fmt: skip


def line(key: str, **elements: bpmn.Element) -> str:
    """A process whose elements follow each other between a start and an end."""
    found = {"start": bpmn.start(), **elements, "end": bpmn.end()}
    return bpmn.process(key, found, bpmn.chain(*found), MESSAGES)


FILES: Mapping[str, str] = {
    "scripts": bpmn.SCRIPTS,
    "work": line("work", b=bpmn.user(), c=bpmn.script("answer", "result")),
    "timed": line("timed", b=bpmn.timer('duration(wait)')),
    "heard": line("heard", b=bpmn.receive("order", "number")),
    "anybody": line("anybody", b=bpmn.receive("order")),
    "sends": line("sends", b=bpmn.send("order", "number")),
    "alarmed": line("alarmed", b=SIGNAL),
    "alarms": line("alarms", b=ALARM),
    "calls": line("calls", b=bpmn.call("work")),
    "nobody": line("nobody", b=bpmn.call("missing")),
    "divides": line("divides", b=bpmn.script("if number(divisor) = 0 then error() else 10", "q")),
    "checks": bpmn.process(
        "checks",
        {
            "a": bpmn.start(), "g": bpmn.gateway("exclusive"), "b": bpmn.script('"big"', "size"),
            "s": bpmn.script('"small"', "size"), "d": bpmn.end(), "e": bpmn.end(),
        },
        "a -> g\ng -> b : x > 10\ng -> s : x < 5\nb -> d\ns -> e",
    ),
    "job": line("job", b=bpmn.service("test.echo"), c=bpmn.user()),
    "either": bpmn.process(
        "either",
        {
            "start": bpmn.start(), "b": bpmn.gateway("eventBased"), "m": bpmn.receive("order"),
            "t": bpmn.timer("duration(wait)"), "e": bpmn.end(), "f": bpmn.end(),
        },
        "start -> b\nb -> m\nb -> t\nm -> e\nt -> f",
        MESSAGES,
    ),
    "loop": bpmn.LOOP,
}  # fmt: skip

CASE = """
<definitions xmlns="http://www.omg.org/spec/CMMN/20151109/MODEL" targetNamespace="urn:test" id="file">
  <case id="opinion" name="Opinion">
    <casePlanModel id="plan" name="Plan" autoComplete="true">
      <planItem id="pi" definitionRef="called"/>
      <processTask id="called" name="Called" processRef="work"/>
    </casePlanModel>
  </case>
</definitions>
"""


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self, now: int = 1_800_000_000 * SECOND) -> None:
        self.now = now

    def __call__(self) -> int:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += int(seconds * SECOND)


class Echo:
    """An activity that gives back what it was given, after as many failures as it is told."""

    def __init__(self) -> None:
        self.failures = 0
        self.problem: Exception = RuntimeError("the line is dead")
        self.keys: list[str] = []

    def run(self, values: Mapping[str, Any], context: Any) -> dict[str, Any]:
        self.keys.append(context.idempotency_key)
        if self.failures:
            self.failures -= 1
            raise self.problem
        return {"echo": values.get("x")}


REFUSED = AnyshoreError("test.refused", "It is refused for good.")


def waits(host: Host, instance: int, kind: str | None = None) -> list[Any]:
    with host.store.transaction() as tx:
        return [row for row in tx.waits(Page(kind=kind, limit=10_000)) if row.instance == instance]


def row(host: Host, instance: int) -> Any:
    with host.store.transaction() as tx:
        return tx.load([instance])[instance]


def outcome(host: Host, instance: int) -> str | None:
    return row(host, instance).outcome


def variables(host: Host, instance: int) -> dict[str, Any]:
    return host.state(instance).variables.get(1, {})
