"""Messages between instances: nobody's message is lost with an instance that ends or breaks, on every store."""

from __future__ import annotations

from typing import Any

from anyshore.host import operations
from anyshore.host.driver import Host
from anyshore.host.operations import Selection
from anyshore.host.ports import BROKEN, MessageRow, Page
from anyshore.kernel.commands import Cancel
from anyshore.web.engine.store import DatabaseStore
from tests.host.contract.test_concurrency import in_threads
from tests.host.fixtures import FILES, outcome, row, variables


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


def test_names_are_told_under_which_a_message_is_kept(store: Any) -> None:
    with store.transaction() as tx:
        for key in ("k", None, "other"):
            tx.keep_message(MessageRow(engagement="a", name="m", key=key, data=b"", expires=10))
        asked = [("a", "m", "k"), ("a", "m", None), ("a", "m", "absent"), ("b", "m", "k"), ("a", "n", None)]
        assert tx.lock_names(asked) == {("a", "m", "k"), ("a", "m", None)}
        assert tx.lock_names([("b", "m", None)]) == set()


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
