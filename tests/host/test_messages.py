"""Messages between instances: nobody's message is lost with an instance that ends or breaks, on every store."""

from __future__ import annotations

from typing import Any

import pytest

from anyshore.host import operations
from anyshore.host.driver import Host
from anyshore.host.operations import Selection
from anyshore.host.ports import BROKEN, MessageRow, Page
from anyshore.kernel.commands import Cancel, Resolve
from anyshore.web.engine.store import DatabaseStore
from tests.host import processes as bpmn
from tests.host.contract.test_concurrency import in_threads
from tests.host.fixtures import ALARM, FILES, MESSAGES, outcome, row, variables, waits


def test_a_message_handed_to_an_instance_that_ends_first_is_given_to_the_next(host: Host) -> None:
    first = host.start("process:heard", {"number": "7"}, engagement="a")
    host.work()
    assert host.send("a", "order", "7", {"from": "us"}) == 1
    host.execute(first, Cancel(at=host.clock(), reason="not needed"))
    second = host.start("process:heard", {"number": "7"}, engagement="a")
    host.work()
    assert outcome(host, second) == "completed"
    assert variables(host, second)["from"] == "us"
    with host.store.transaction() as tx:
        assert tx.next_due() is None, "nothing of an ended instance stays due"


def test_a_message_handed_to_a_broken_instance_that_is_cancelled_is_given_to_the_next(host: Host) -> None:
    first, second = (host.start("process:heard", {"number": "7"}, engagement="a") for _ in range(2))
    host.work()
    assert host.send("a", "order", "7") == 1
    with host.store.transaction() as tx:
        broken = tx.load([first])[first]
        broken.state = b"nonsense"
        tx.save([broken])
    host.work()
    assert row(host, first).status == BROKEN
    assert outcome(host, second) is None
    operations.cancel(host, Selection(instance=first), reason="beyond repair")
    host.work()
    assert outcome(host, second) == "completed"


LISTENING = {
    "start": bpmn.start(), "b": bpmn.user(), "e": bpmn.end(),
    "m": ("boundaryEvent", {"attachedToRef": "b", "cancelActivity": "false"},
          '<messageEventDefinition messageRef="order"/>'),
    "s": ("boundaryEvent", {"attachedToRef": "b", "cancelActivity": "false"}, ALARM[2]),
    "l": bpmn.script("append(if heard = null then [] else heard, 1)", "heard"), "d": bpmn.end(),
}  # fmt: skip
FLOWS = "start -> b\nb -> e\nm -> l\ns -> l\nl -> d"


@pytest.mark.parametrize("kind", ["message", "signal"])
@pytest.mark.parametrize("at_once", [False, True])
def test_an_event_that_does_not_interrupt_hears_again_and_again(host: Host, kind: str, at_once: bool) -> None:
    host.deploy("listening", {"l.bpmn": bpmn.process("listening", LISTENING, FLOWS, MESSAGES).encode()})
    number = host.start("process:listening", engagement="a")
    host.work()
    for _ in range(3):
        host.send("a", "order") if kind == "message" else host.broadcast("a", "alarm")
        if not at_once:
            host.work()
    host.work()
    assert len(variables(host, number)["heard"]) == 3
    (work,) = waits(host, number, "work")
    host.execute(number, Resolve(at=host.clock(), wait=work.wait))
    assert waits(host, number) == []
    assert host.send("a", "order") == host.broadcast("a", "alarm") == 0


def test_messages_for_two_that_listen_on_are_each_heard_once(host: Host) -> None:
    host.deploy("listening", {"l.bpmn": bpmn.process("listening", LISTENING, FLOWS, MESSAGES).encode()})
    numbers = [host.start("process:listening", engagement="a") for _ in range(2)]
    host.work()
    for count in range(1, 6):
        host.send("a", "order")
        host.work()
        heard = [variables(host, number).get("heard") or [] for number in numbers]
        assert sum(map(len, heard)) == count


def test_a_signal_that_interrupts_is_heard_once_of_two_sent_at_once(host: Host) -> None:
    number = host.start("process:alarmed", engagement="a")
    host.work()
    assert host.broadcast("a", "alarm") == host.broadcast("a", "alarm") == 1
    host.work()
    assert outcome(host, number) == "completed"


def test_names_are_told_under_which_a_message_is_kept(store: Any) -> None:
    with store.transaction() as tx:
        for key in ("k", None, "other"):
            tx.keep_message(MessageRow(engagement="a", name="m", key=key, data=b"", expires=10))
        asked = [("a", "m", "k"), ("a", "m", None), ("a", "m", "absent"), ("b", "m", "k"), ("a", "n", None)]
        assert tx.kept_names(asked) == {("a", "m", "k"), ("a", "m", None)}
        assert tx.kept_names([("b", "m", None)]) == set()


def test_many_names_held_in_any_order_let_each_other_pass(database_store: DatabaseStore) -> None:
    names = [("a", f"m{n}", None) for n in range(20)]

    def hold(worker: int) -> int:
        for _ in range(10):
            with database_store.transaction() as tx:
                tx.lock_names(names if worker % 2 else reversed(names))
                tx.keep_message(MessageRow(engagement="a", name="x", key=None, data=b"", expires=10))
        return 10

    assert sum(in_threads(4, hold)) == 40


def test_a_message_sent_while_its_receiver_appears_is_heard_once(database_store: DatabaseStore) -> None:
    rounds = 25
    Host(database_store).deploy("test", {"heard.bpmn": FILES["heard"].encode()})

    def either(worker: int) -> int:
        host = Host(database_store)
        with database_store.transaction() as tx:
            host.catalogue.deployment(tx.latest_deployment("test")[0])
        for number in range(rounds):
            if worker:
                host.send("a", "order", str(number))
            else:
                host.start("process:heard", {"number": str(number)}, engagement="a")
                host.work()
        return host.work()

    in_threads(2, either)
    host = Host(database_store)
    host.work()
    with database_store.transaction() as tx:
        assert {row.outcome for row in tx.instances(Page(limit=1000))} == {"completed"}
        assert tx.drop_messages(2**62) == 0


STARTED = bpmn.process(
    "ordered",
    {"s": ("startEvent", {}, '<messageEventDefinition messageRef="new"/>'), "b": bpmn.user(), "e": bpmn.end()},
    bpmn.chain("s", "b", "e"),
    bpmn.message("new"),
)
ALARMED = "startEvent", {}, '<signalEventDefinition signalRef="alarm"/>'
SENDS = bpmn.process(
    "orders", {"s": bpmn.start(), "b": bpmn.send("new", "number"), "e": bpmn.end()}, bpmn.chain("s", "b", "e"),
    bpmn.message("new"),
)  # fmt: skip


def test_a_message_nobody_waits_for_starts_the_process_that_begins_with_it(host: Host) -> None:
    host.deploy("orders", {"a.bpmn": STARTED.encode(), "b.bpmn": SENDS.encode()})
    assert host.send("a", "new", "7", {"what": "tea"}, service="orders", zone="Europe/Berlin") == 1
    host.work()
    (found,) = instances(host)
    assert (found.key, found.engagement, found.service, found.zone) == ("ordered", "a", "orders", "Europe/Berlin")
    assert variables(host, found.id) == {"what": "tea"}
    host.start("process:orders", {"number": "8"}, engagement="b", service="s")
    host.work()
    assert [(row.key, row.engagement, row.service) for row in instances(host)][:1] == [("ordered", "b", "s")]
    with host.store.transaction() as tx:
        assert tx.drop_messages(2**62) == 0, "what starts a process is not kept as well"


def test_a_process_that_another_host_deployed_is_started_too(host: Host, store: Any) -> None:
    Host(store, clock=host.clock).deploy("orders", {"a.bpmn": STARTED.encode()})
    assert host.send("a", "new") == 1
    host.deploy("orders", {"a.bpmn": STARTED.replace("userTask", "manualTask").encode()})
    assert host.send("a", "new") == 1
    host.work()
    newer, older = instances(host)
    assert (newer.key, older.key) == ("ordered", "ordered")
    assert newer.definition != older.definition, "the newest version is started"


def test_a_signal_starts_every_process_that_begins_with_it(host: Host) -> None:
    texts = {
        f"{key}.bpmn": bpmn.process(
            key, {"s": ALARMED, "b": bpmn.user(), "e": bpmn.end()}, bpmn.chain("s", "b", "e"),
            '<signal id="alarm" name="alarm"/>',
        ).encode()
        for key in ("one", "two")
    }  # fmt: skip
    host.deploy("alarms", texts)
    waiting = host.start("process:alarmed", engagement="a")
    host.work()
    assert host.broadcast("a", "alarm", {"where": "roof"}) == 3
    host.work()
    assert outcome(host, waiting) == "completed"
    assert sorted(row.key for row in instances(host) if row.id != waiting) == ["one", "two"]


def instances(host: Host) -> list[Any]:
    with host.store.transaction() as tx:
        return tx.instances(Page(limit=1000))


CODE = '<escalation id="late" name="late" escalationCode="late"/>'


def test_an_escalation_reaches_the_caller_and_the_called_goes_on(host: Host) -> None:
    thrown = "intermediateThrowEvent", {}, '<escalationEventDefinition escalationRef="late"/>'
    called = bpmn.process(
        "called",
        {"s": bpmn.start(), "t": thrown, "b": bpmn.user(), "e": bpmn.end()},
        bpmn.chain("s", "t", "b", "e"),
        CODE,
    )
    caught: dict[str, str] = {"attachedToRef": "c", "cancelActivity": "false"}
    caller = bpmn.process(
        "caller",
        {
            "s": bpmn.start(), "c": bpmn.call("called"), "e": bpmn.end(), "w": bpmn.user(), "f": bpmn.end(),
            "x": ("boundaryEvent", caught, '<escalationEventDefinition escalationRef="late"/>'),
        },
        "s -> c\nc -> e\nx -> w\nw -> f",
        CODE,
    )  # fmt: skip
    host.deploy("escalate", {"a.bpmn": called.encode(), "b.bpmn": caller.encode()})
    number = host.start("process:caller")
    host.work()
    assert sorted((wait.kind, wait.element) for wait in waits(host, number)) == [("child", "c"), ("work", "w")]


NOT_WAITED_FOR = """
<definitions xmlns="http://www.omg.org/spec/CMMN/20151109/MODEL" targetNamespace="urn:test" id="file">
  <case id="tells" name="Tells">
    <casePlanModel id="plan" name="Plan" autoComplete="true">
      <planItem id="pi" definitionRef="called"/>
      <processTask id="called" name="Called" processRef="work" isBlocking="false"/>
    </casePlanModel>
  </case>
</definitions>
"""


def test_what_a_case_does_not_wait_for_is_started_all_the_same(host: Host) -> None:
    host.deploy("tells", {"t.cmmn": NOT_WAITED_FOR.encode(), "work.bpmn": FILES["work"].encode()})
    number = host.start("case:tells", engagement="a", service="s", reference="R1")
    host.work()
    assert outcome(host, number) is not None
    (started,) = [row for row in instances(host) if row.id != number]
    assert (started.key, started.parent, started.reference, started.status) == ("work", None, "R1", "active")
    assert host.start("case:tells", engagement="a", service="s", reference="R1") == number
