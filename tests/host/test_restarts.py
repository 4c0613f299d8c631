"""Instances that work together, on a host that begins anew for every instance's every step.

After each step every instance's log is replayed and compared with its state.
"""

from __future__ import annotations

from decimal import Decimal

from anyshore.host.driver import Host
from anyshore.host.memory import MemoryStore
from anyshore.host.ports import ENDED, Page
from anyshore.kernel import codec
from anyshore.kernel.commands import Resolve, Resume, Suspend
from anyshore.kernel.records import replay
from tests.host import processes as bpmn
from tests.host.fixtures import MESSAGES, Clock, outcome, row, variables, waits

OPINION = """
<definitions xmlns="http://www.omg.org/spec/CMMN/20151109/MODEL" targetNamespace="urn:test" id="file">
  <case id="opinion" name="Opinion">
    <casePlanModel id="plan" name="Plan" autoComplete="true">
      <planItem id="pi" definitionRef="judge"/><planItem id="pj" definitionRef="booked"/>
      <humanTask id="judge" name="Judge"/>
      <processTask id="booked" name="Booked" processRef="book"/>
    </casePlanModel>
  </case>
</definitions>
"""
ASK = "callActivity", {"anyshore:target": "case:opinion"}, bpmn.mapped("output", "answer")


def line(key: str, **elements: bpmn.Element) -> bytes:
    found = {"start": bpmn.start(), **elements, "end": bpmn.end()}
    return bpmn.process(key, found, bpmn.chain(*found), MESSAGES).encode()


FILES = {
    "asks.bpmn": line("asks", a=ASK, b=bpmn.script('"was " + answer', "result")),
    "book.bpmn": line("book", a=bpmn.user()),
    "ping.bpmn": line("ping", a=bpmn.send("order", "number"), b=bpmn.receive("reply", "number")),
    "pong.bpmn": line("pong", a=bpmn.receive("order", "number"), b=bpmn.send("reply", "number")),
    "opinion.cmmn": OPINION.encode(),
    "loop.bpmn": bpmn.LOOP.encode(),
}


class Restarting:
    """Hosts over one store, each used for one step and forgotten."""

    def __init__(self) -> None:
        self.store, self.clock = MemoryStore(), Clock()

    @property
    def host(self) -> Host:
        host = Host(self.store, {}, clock=self.clock)
        host.deploy("test", FILES)
        return host

    def work(self) -> None:
        while self.host.step(limit=1):
            self.replayed()

    def replayed(self) -> None:
        host = self.host
        with self.store.transaction() as tx:
            rows = list(tx.instances(Page(limit=100)))
            turns = {one.id: tx.turns(one.id) for one in rows}
        for one in rows:
            stored = row(host, one.id)
            linked = host.catalogue.get(stored.definition)
            records = [each for turn in turns[one.id] for each in codec.decode_records(turn.records, linked.engine)]
            again = replay(records, linked.engine, stored.definition)
            assert codec.encode_state(again) == codec.encode_state(self.host.state(one.id))

    def called(self, parent: int) -> int:
        with self.store.transaction() as tx:
            (child,) = (one.id for one in tx.instances(Page(limit=100)) if one.parent == parent)
        return int(child)

    def resolve(self, instance: int, **values: str) -> None:
        (wait,) = waits(self.host, instance, "work")
        self.host.execute(instance, Resolve(at=self.clock(), wait=wait.wait, variables=values))
        self.work()


def test_a_process_calls_a_case_that_calls_a_process_and_all_come_back() -> None:
    system = Restarting()
    caller = system.host.start("process:asks")
    system.work()
    case = system.called(caller)
    booking = system.called(case)
    system.resolve(case, answer="yes")
    assert outcome(system.host, caller) is None
    system.resolve(booking)
    assert [row(system.host, number).status for number in (booking, case, caller)] == [ENDED] * 3
    assert variables(system.host, caller)["result"] == "was yes"


def test_messages_find_the_instance_of_their_key_there_and_back() -> None:
    system = Restarting()
    pongs = [system.host.start("process:pong", {"number": key}, engagement="e") for key in ("1", "2")]
    system.work()
    ping = system.host.start("process:ping", {"number": "2"}, engagement="e")
    system.work()
    assert [outcome(system.host, number) for number in (ping, *pongs)] == ["completed", None, "completed"]


def test_a_long_run_that_is_suspended_in_its_middle_goes_on_where_it_was() -> None:
    system = Restarting()
    number = system.host.start("process:loop", {"x": Decimal(0), "limit": Decimal(9_000)})
    assert system.host.step(limit=1)
    assert system.host.state(number).pending, "the run is longer than a turn"
    system.host.execute(number, Suspend(at=system.clock()))
    system.host.work()
    assert outcome(system.host, number) is None
    system.host.execute(number, Resume(at=system.clock()))
    system.host.work()
    assert outcome(system.host, number) == "completed"
    assert variables(system.host, number)["x"] == 9_000
