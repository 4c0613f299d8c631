"""Random processes in a host, whatever is done to them: rows are the waits, logs are the states, everything ends."""

from __future__ import annotations

import contextlib
import random
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from anyshore.base.errors import AnyshoreError
from anyshore.bpmn import BpmnEngine
from anyshore.host import operations
from anyshore.host.driver import Host, NewWork
from anyshore.host.memory import MemoryStore
from anyshore.host.operations import Selection
from anyshore.host.ports import ENDED, InstanceRow, Page
from anyshore.kernel import codec
from anyshore.kernel.commands import Fail, Resolve
from anyshore.kernel.records import replay
from anyshore.kernel.state import WORK
from anyshore.runtime.catalogue import Deployment, Linked
from tests.bpmn.test_properties import drawn
from tests.draws import examples
from tests.host.fixtures import SECOND, Clock
from tests.host.invariants import rows_are_the_waits

STEPS = ("work", "work", "work", "fail", "order", "reply", "two orders", "minute", "hold", "go on", "retry")


def host_of(seed: int, clock: Clock) -> Host:
    found = Host(MemoryStore(), {}, clock=clock)
    deployment = Deployment(1, "random", {})
    deployment.definitions["process:p"] = Linked("process:p@1", "process", "p", drawn(seed, 3), BpmnEngine())
    found.catalogue.add(deployment)
    found.start_all([NewWork("process:p", {"n": Decimal(n), "trace": []}, engagement="a") for n in (2, 7)])
    found.work()
    return found


def instances(host: Host) -> list[InstanceRow]:
    with host.store.transaction() as tx:
        return sorted(tx.instances(Page(limit=1000)), key=lambda row: row.id)


def do(host: Host, clock: Clock, what: str, choose: random.Random) -> None:
    match what:
        case "work" | "fail":
            with host.store.transaction() as tx:
                found = tx.waits(Page(kind=WORK, limit=1000))
            if found:
                one = choose.choice(found)
                at, wait = clock.now, one.wait
                with contextlib.suppress(AnyshoreError):  # of an instance on hold
                    command = Resolve(at=at, wait=wait) if what == "work" else Fail(at=at, wait=wait, code="E-1")
                    host.execute(one.instance, command)
        case "order" | "reply":
            host.send("a", what)
        case "two orders":
            host.send("a", "order")
            host.send("a", "order")
        case "minute":
            clock.sleep(60)
        case "hold" | "go on":
            number = choose.choice([row.id for row in instances(host)])
            (operations.suspend if what == "hold" else operations.resume)(host, [number])
        case "retry":
            operations.retry(host, Selection())
    host.work()


def check(host: Host) -> None:
    rows_are_the_waits(host)
    with host.store.transaction() as tx:
        rows = tx.load([row.id for row in tx.instances(Page(limit=1000))])
        logs = {number: tx.turns(number) for number in rows}
    for row in rows.values():
        engine = host.catalogue.get(row.definition).engine
        records = [one for turn in logs[row.id] for one in codec.decode_records(turn.records, engine)]
        if row.covered == row.turns:
            assert codec.encode_state(replay(records, engine, row.definition)) == row.state


@settings(max_examples=examples(60))
@given(seed=st.integers(0, 10**9), order=st.integers(0, 10**9), steps=st.lists(st.sampled_from(STEPS), max_size=40))
def test_whatever_is_done_the_rows_are_the_waits_and_everything_ends(seed: int, order: int, steps: list[str]) -> None:
    clock, choose = Clock(1_800_000_000 * SECOND), random.Random(order)
    host = host_of(seed, clock)
    for what in steps:
        do(host, clock, what, choose)
        check(host)
    operations.resume(host, [row.id for row in instances(host)])
    for _ in range(3000):
        if all(row.status == ENDED for row in instances(host)):
            break
        do(host, clock, choose.choice(("work", "order", "reply", "minute", "retry")), choose)
    check(host)
    assert all(row.status == ENDED for row in instances(host))
