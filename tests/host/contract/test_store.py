"""What every store must do (``anyshore.host.ports``), one behaviour per test."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from anyshore.host.intake_ports import ReferenceChange, ReferenceRow
from anyshore.host.ports import (
    ArchivedRow,
    DefinitionRow,
    InboxRow,
    InstanceRow,
    LedgerRow,
    MessageRow,
    Page,
    TurnRow,
    WaitRow,
)


def instance(number: int, **fields: Any) -> InstanceRow:
    return InstanceRow(**({"id": number, "definition": "p:1", "kind": "process", "key": "p"} | fields))


def wait(owner: int, number: int, kind: str, **fields: Any) -> WaitRow:
    return WaitRow(instance=owner, wait=number, kind=kind, element="e", **fields)


def inbox(owner: int, due: int, command: bytes = b"c") -> InboxRow:
    return InboxRow(instance=owner, due=due, command=command)


def test_numbers_are_fresh_and_in_one_piece(store: Any) -> None:
    with store.transaction() as tx:
        assert [tx.allocate("a", 1), tx.allocate("a", 5), tx.allocate("a", 1), tx.allocate("b", 1)] == [1, 2, 7, 1]
    with store.transaction() as tx:
        assert tx.allocate("a", 1) == 8


def test_what_was_written_is_read_back(store: Any) -> None:
    row = instance(
        1, engagement="acme", service="payables", reference="R-1", state=b"\x00\xff", digest="d", turns=3, outcome="ok",
        parent=7, parent_wait=8, created=2**52, ended=5, zone="Europe/Berlin",
    )  # fmt: skip
    with store.transaction() as tx:
        tx.add_instances([row])
    with store.transaction() as tx:
        assert tx.load([1]) == {1: row}


def test_unknown_instances_are_left_out(store: Any) -> None:
    with store.transaction() as tx:
        tx.add_instances([instance(1)])
        assert list(tx.load([2, 1])) == [1]


def test_instances_come_in_the_order_asked(store: Any) -> None:
    with store.transaction() as tx:
        tx.add_instances([instance(n) for n in range(1, 2001)])
        assert list(tx.load(range(2000, 0, -1))) == list(range(2000, 0, -1))


def test_saving_changes_what_a_turn_changes(store: Any) -> None:
    with store.transaction() as tx:
        tx.add_instances([instance(1), instance(2)])
    changed = instance(
        1,
        status="ended",
        state=b"s",
        digest="d",
        turns=1,
        outcome="done",
        ended=9,
        definition="p:2",
        key="q",
        covered=1,
    )
    with store.transaction() as tx:
        tx.save([changed])
    with store.transaction() as tx:
        assert tx.load([1, 2]) == {1: changed, 2: instance(2)}


def test_a_snapshot_that_lags_is_not_written(store: Any) -> None:
    with store.transaction() as tx:
        tx.add_instances([instance(1, state=b"old", covered=4, turns=4)])
        tx.save([instance(1, state=b"not encoded", covered=4, turns=5, since=700)])
        found = tx.load([1])[1]
    assert (found.state, found.covered, found.turns, found.since) == (b"old", 4, 5, 700)


def test_logs_are_read_in_parts_and_together(store: Any) -> None:
    rows = [TurnRow(owner, number, 0, None, b"", b"") for owner in (2, 1) for number in (1, 2, 3)]
    with store.transaction() as tx:
        tx.add_turns(rows)
        assert [row.number for row in tx.turns(1, 1)] == [2, 3]
        together = [(1, 1), (1, 2), (1, 3), (2, 1), (2, 2), (2, 3)]
        assert [(row.instance, row.number) for row in tx.logs([2, 1, 9])] == together


def test_an_archived_instance_leaves_its_identity(store: Any) -> None:
    with store.transaction() as tx:
        tx.add_instances(
            [
                instance(1, engagement="a", service="s", reference="R", identity="R", status="ended", ended=5),
                instance(2, engagement="a", service="s", reference="S", identity="S"),
            ]
        )
        tx.add_turns([TurnRow(1, 1, 0, None, b"", b""), TurnRow(2, 1, 0, None, b"", b"")])
        tx.put_inbox([inbox(1, 0), inbox(2, 0)])
    row = ArchivedRow(id=1, engagement="a", service="s", reference="R", file="2026-01.zip", identity="R")
    with store.transaction() as tx:
        tx.archive([row], [1])
    with store.transaction() as tx:
        assert list(tx.load([1, 2])) == [2]
        assert tx.turns(1) == []
        assert [one.instance for one in tx.take_due(9, 9)[0]] == [2]
        assert tx.archived("a", "s", "R") == row
        assert tx.archived("a", "s", "S") is None
        assert tx.find_identity("a", "s", "R") == 1
        assert tx.find_started("a", "s", ["S", "R", "T"]) == {"R": 1, "S": 2}


def test_pages_go_on_after_the_last_row(store: Any) -> None:
    with store.transaction() as tx:
        tx.add_instances([instance(n, ended=n * 10 if n < 4 else None, definition=f"p:{n % 2}") for n in range(1, 6)])
        tx.add_waits([wait(n, 1, "work", opened=7) for n in (1, 2)] + [wait(3, 1, "work", opened=2)])
        assert [r.id for r in tx.instances(Page(after=(4,), limit=2))] == [3, 2]
        assert [r.id for r in tx.instances(Page(ended_before=30))] == [2, 1]
        assert [r.id for r in tx.instances(Page(definition="p:0"))] == [4, 2]
        assert [r.instance for r in tx.waits(Page(limit=2))] == [3, 1]
        assert [r.instance for r in tx.waits(Page(after=(7, 1, 1)))] == [2]
        assert tx.waits(Page(element="f")) == []


def test_waking_workers_is_no_error(store: Any) -> None:
    with store.transaction() as tx:
        tx.wake()


def spoil(store: Any) -> None:
    """A transaction that writes everywhere and fails."""
    with store.transaction() as tx:
        tx.add_instances([instance(2)])
        tx.save([instance(1, status="ended")])
        tx.put_inbox([inbox(1, 0)])
        tx.add_waits([wait(1, 5, "work")])
        tx.add_turns([TurnRow(1, 1, 0, None, b"", b"")])
        tx.add_ledger([LedgerRow("acme", 1, 0, "x", None, b"{}")], {"acme": (1, "h")})
        tx.put_document("acme", "d", "n", b"c")
        raise RuntimeError


def test_an_exception_leaves_nothing_behind(store: Any) -> None:
    with store.transaction() as tx:
        tx.add_instances([instance(1)])
    with pytest.raises(RuntimeError):
        spoil(store)
    with store.transaction() as tx:
        assert tx.load([1, 2]) == {1: instance(1)}
        assert tx.take_due(10, 10) == ([], [])
        assert tx.find_wait(1, 5) is None
        assert tx.turns(1) == []
        assert list(tx.ledger("acme")) == []
        assert tx.ledger_head("acme") == (0, "")
        assert tx.document("acme", "d") is None


def test_work_is_found_by_its_identity_within_engagement_and_service(store: Any) -> None:
    with store.transaction() as tx:
        tx.add_instances(
            [
                instance(1, engagement="a", service="s", identity="R", parent=9),
                instance(2, engagement="a", service="s", identity="R"),
                instance(3, engagement="a", service="s"),
            ]
        )
        assert tx.find_identity("a", "s", "R") == 2, "a called instance is not what was started"
        assert tx.find_identity("b", "s", "R") is None
        assert tx.find_identity("a", "t", "R") is None
        assert tx.find_identity("a", "s", "") is None


def test_children_by_their_calls(store: Any) -> None:
    with store.transaction() as tx:
        tx.add_instances([instance(1), instance(2, parent=1, parent_wait=4), instance(3, parent=1, parent_wait=5)])
        assert tx.children([(1, 5), (1, 6)]) == [3]


def test_turns_are_kept_in_order(store: Any) -> None:
    rows = [TurnRow(1, n, n * 10, "me" if n % 2 else None, b"c%d" % n, b"\x00") for n in range(1, 4)]
    with store.transaction() as tx:
        tx.add_turns(rows)
        assert tx.turns(1) == rows
        assert tx.turns(2) == []


class TestDue:
    def test_commands_come_by_due_time_then_arrival(self, store: Any) -> None:
        with store.transaction() as tx:
            tx.add_instances([instance(1), instance(2)])
            tx.put_inbox([inbox(1, 30, b"late"), inbox(2, 10, b"first"), inbox(1, 10, b"second"), inbox(1, 99, b"no")])
            commands, timers = tx.take_due(30, 10)
        assert [row.command for row in commands] == [b"first", b"second", b"late"]
        assert timers == []

    def test_a_message_in_the_inbox_keeps_its_name(self, store: Any) -> None:
        row = InboxRow(instance=1, due=1, command=b"c", name="paid", key="I-1", expires=99)
        with store.transaction() as tx:
            tx.add_instances([instance(1)])
            tx.put_inbox([row])
            (found,) = tx.take_due(1, 1)[0]
        assert (found.name, found.key, found.expires) == ("paid", "I-1", 99)

    def test_timers_are_due_with_the_commands(self, store: Any) -> None:
        timer = wait(1, 4, "timer", due=10, data=b"d")
        with store.transaction() as tx:
            tx.add_instances([instance(1)])
            tx.add_waits([timer, wait(1, 5, "timer", due=11), wait(1, 6, "timer"), wait(1, 7, "job", due=1)])
            assert tx.take_due(10, 10) == ([], [timer])

    def test_rows_stay_until_dropped(self, store: Any) -> None:
        with store.transaction() as tx:
            tx.add_instances([instance(1)])
            tx.put_inbox([inbox(1, 1)])
            tx.add_waits([wait(1, 4, "timer", due=1)])
        with store.transaction() as tx:
            commands, timers = tx.take_due(1, 1)
            assert tx.take_due(1, 1) == (commands, timers)
            tx.drop_inbox([row.id for row in commands])
            tx.drop_waits([(1, 4), (1, 99)])
            assert tx.take_due(1, 1) == ([], [])

    def test_the_limit_counts_instances_and_takes_the_oldest(self, store: Any) -> None:
        with store.transaction() as tx:
            tx.add_instances([instance(n) for n in range(1, 6)])
            tx.put_inbox([inbox(n, 100 - n) for n in range(1, 4)] + [inbox(3, 100)])
            tx.add_waits([wait(5, 1, "timer", due=1), wait(4, 1, "timer", due=98)])
            commands, timers = tx.take_due(100, 2)
        assert [row.instance for row in timers] == [5]
        assert [(row.instance, row.due) for row in commands] == [(3, 97), (3, 100)]

    def test_what_an_ended_instance_did_not_answer_comes_too(self, store: Any) -> None:
        with store.transaction() as tx:
            tx.add_instances([instance(1, status="ended"), instance(2)])
            tx.put_inbox([inbox(2, 2), inbox(1, 1)])
            assert [row.instance for row in tx.take_due(100, 5)[0]] == [1, 2]
            assert tx.next_due() == 1

    @pytest.mark.parametrize("status", ["suspended", "broken"])
    def test_only_active_instances(self, store: Any, status: str) -> None:
        with store.transaction() as tx:
            tx.add_instances([*(instance(n, status=status) for n in range(1, 60)), instance(60)])
            tx.put_inbox([inbox(n, n) for n in range(1, 61)])
            tx.add_waits([wait(n, 1, "timer", due=n) for n in range(1, 61)] + [wait(1, 2, "job")])
            commands, timers = tx.take_due(100, 1)
            assert [row.instance for row in commands] == [60]
            assert [row.instance for row in timers] == [60]
            assert tx.take_jobs("w", 100, 200, 5) == []
            assert tx.next_due() == 60


class TestWaits:
    def test_a_wait_is_found_and_dropped(self, store: Any) -> None:
        row = wait(
            1, 2, "work", name="form", key="k", due=3, data=b"\x00", engagement="a", service="s", reference="r",
            opened=4, claimed_by="me", claimed_until=5, attempts=6,
        )  # fmt: skip
        with store.transaction() as tx:
            tx.add_waits([row])
            assert tx.find_wait(1, 2) == row
            tx.drop_waits([(1, 2)])
            assert tx.find_wait(1, 2) is None

    def test_a_job_is_claimed_once(self, store: Any) -> None:
        with store.transaction() as tx:
            tx.add_instances([instance(1)])
            tx.add_waits([wait(1, n, "job", name="a", opened=n) for n in range(1, 4)])
            first = tx.take_jobs("w1", 10, 20, 2)
            assert [(row.wait, row.claimed_by, row.claimed_until, row.attempts) for row in first] == [
                (1, "w1", 20, 1),
                (2, "w1", 20, 1),
            ]
            assert [row.wait for row in tx.take_jobs("w2", 10, 20, 5)] == [3]
            assert tx.take_jobs("w3", 19, 30, 5) == []

    def test_the_job_of_a_killed_worker_runs_again(self, store: Any) -> None:
        with store.transaction() as tx:
            tx.add_instances([instance(1)])
            tx.add_waits([wait(1, 1, "job")])
            tx.take_jobs("w1", 10, 20, 1)
            (again,) = tx.take_jobs("w2", 20, 30, 1)
            assert (again.claimed_by, again.attempts) == ("w2", 2)

    def test_a_living_worker_keeps_its_jobs(self, store: Any) -> None:
        with store.transaction() as tx:
            tx.add_instances([instance(1)])
            tx.add_waits([wait(1, n, "job", opened=n) for n in (1, 2)])
            tx.take_jobs("w1", 10, 20, 1)
            tx.take_jobs("w2", 10, 20, 1)
            tx.renew_jobs("w1", 90)
            assert [row.wait for row in tx.take_jobs("w3", 30, 40, 9)] == [2]

    def test_a_job_given_back_waits_for_its_time(self, store: Any) -> None:
        with store.transaction() as tx:
            tx.add_instances([instance(1)])
            tx.add_waits([wait(1, 1, "job")])
            tx.take_jobs("w", 10, 20, 1)
            tx.release_job(1, 1, 50)
            assert tx.take_jobs("w", 49, 60, 1) == []
            assert tx.next_due() == 50
            (again,) = tx.take_jobs("w", 50, 60, 1)
            assert (again.attempts, again.due) == (2, 50)

    def test_a_work_item_goes_to_one_person(self, store: Any) -> None:
        with store.transaction() as tx:
            tx.add_waits([wait(1, 1, "work")])
            assert tx.claim_work(1, 1, "ann")
            assert tx.claim_work(1, 1, "ann"), "asking again is no error"
            assert not tx.claim_work(1, 1, "ben")
            assert tx.claim_work(1, 1, None)
            assert tx.claim_work(1, 1, "ben")
            assert not tx.claim_work(1, 2, "ben"), "gone"
            assert tx.find_wait(1, 1).claimed_by == "ben"

    def test_messages_find_their_subscriber_by_key(self, store: Any) -> None:
        rows = [
            wait(1, 1, "message", name="paid", key="I-1", engagement="a", opened=3),
            wait(2, 1, "message", name="paid", key="I-1", engagement="a", opened=5),
            wait(3, 1, "message", name="paid", engagement="a", opened=6),
            wait(4, 1, "message", name="paid", key="I-1", engagement="b", opened=7),
            wait(5, 1, "signal", name="paid", key="I-1", engagement="a", opened=8),
        ]
        with store.transaction() as tx:
            tx.add_waits(rows)
            assert [r.instance for r in tx.subscribers("a", "message", "paid", "I-1")] == [1, 2]
            assert [r.instance for r in tx.subscribers("a", "message", "paid", None)] == [3]
            assert [r.instance for r in tx.subscribers("a", "signal", "paid", None)] == [5]
            assert [r.instance for r in tx.subscribers("a", "message", "paid", "I-1", 1)] == [1]
            assert tx.subscribers("a", "message", "sent", "I-1") == []

    def test_a_kept_message_is_taken_once_and_in_order(self, store: Any) -> None:
        def message(data: bytes, key: str | None = "k", expires: int = 100) -> MessageRow:
            return MessageRow(engagement="a", name="m", key=key, data=data, expires=expires)

        with store.transaction() as tx:
            tx.lock_names([("a", "m", "k")])
            for row in (message(b"1"), message(b"2"), message(b"3", key=None), message(b"4", expires=10)):
                tx.keep_message(row)
            taken = [tx.take_message("a", "m", "k", 10) for _ in range(3)]
            assert [row and row.data for row in taken] == [b"1", b"2", None]
            assert tx.take_message("a", "m", None, 10).data == b"3"
            assert tx.take_message("b", "m", "k", 10) is None

    def test_expired_messages_are_dropped(self, store: Any) -> None:
        with store.transaction() as tx:
            for expires in (10, 20, 30):
                tx.keep_message(MessageRow(engagement="a", name="m", key=None, data=b"%d" % expires, expires=expires))
            assert tx.drop_messages(20) == 2
            assert tx.take_message("a", "m", None, 0).data == b"30"

    def test_lists_are_filtered_and_limited(self, store: Any) -> None:
        with store.transaction() as tx:
            tx.add_instances([instance(n, engagement="ab"[n % 2], service="s", status="active") for n in range(1, 6)])
            tx.add_waits([wait(n, 1, "work", engagement="ab"[n % 2], name="f", opened=n) for n in range(1, 6)])
            assert [r.id for r in tx.instances(Page(engagement="b", limit=2))] == [5, 3]
            assert [r.id for r in tx.instances(Page(kind="case"))] == []
            assert [r.id for r in tx.instances(Page(status="active", service="s", kind="process"))] == [5, 4, 3, 2, 1]
            assert [r.instance for r in tx.waits(Page(kind="work", engagement="b", limit=2))] == [1, 3]
            assert tx.waits(Page(name="g")) == []


class TestRecords:
    def test_the_ledger_grows_at_its_head(self, store: Any) -> None:
        rows = [LedgerRow("a", n, n * 10, "instance.started", n if n % 2 else None, b"line %d" % n) for n in (1, 2)]
        with store.transaction() as tx:
            assert tx.ledger_head("a") == (0, "")
            tx.add_ledger(rows, {"a": (2, "h2")})
        with store.transaction() as tx:
            assert tx.ledger_head("a") == (2, "h2")
            assert tx.ledger_head("b") == (0, "")
            assert list(tx.ledger("a")) == rows
            assert list(tx.ledger("b")) == []

    def test_documents_by_hash(self, store: Any) -> None:
        content = bytes(range(256)) * 10
        digest = hashlib.sha256(content).hexdigest()
        with store.transaction() as tx:
            tx.put_document("acme", digest, "a.pdf", content)
            tx.put_document("acme", digest, "b.pdf", content)
            assert tx.document("acme", digest) == ("a.pdf", content)
            assert tx.document("acme", "0" * 64) is None
            assert tx.document("other", digest) is None
            tx.put_document("other", digest, "c.pdf", content)
            assert tx.document("other", digest) == ("c.pdf", content)

    def test_reference_data_once_per_key(self, store: Any) -> None:
        two, ten = ReferenceRow("2", 1, b"two"), ReferenceRow("10", 2, b"ten")
        with store.transaction() as tx:
            assert tx.put_reference("a", "order", "2", b"two", indexes=["x", "y", "x"]) == two
            assert tx.put_reference("a", "order", "10", b"ten", indexes=["x"]) == ten
            assert tx.put_reference("a", "order", "2", b"changed", indexes=["z"]) == two
            assert tx.reference("a", "order", "2") == two
            assert tx.find_references("a", "order") == [two, ten]
            assert tx.find_references("a", "order", ["y"]) == [two]
            assert tx.find_references("a", "order", ["x"]) == [two, ten]
            assert tx.find_references("a", "order", ["x", "y"]) == [two]
            assert tx.find_references("a", "order", ["z"]) == []
            changed = ReferenceRow("2", 1, b"changed")
            assert tx.put_reference("a", "order", "2", b"changed", indexes=["z"], replace=True) == changed
            assert tx.find_references("a", "order", ["x"]) == [ten]
            assert tx.find_references("a", "order", ["z"]) == [changed]
            assert tx.reference("b", "order", "2") is None
            assert tx.find_references("a", "posting") == []

    def test_many_rows_of_reference_data_at_once(self, store: Any) -> None:
        one, two, three = (ReferenceRow(key, at, key.encode()) for at, key in enumerate(("c", "a", "b"), start=1))
        with store.transaction() as tx:
            assert tx.put_reference("e", "mail", "c", b"c", indexes=["x"]) == one
            rows = [ReferenceChange("a", b"a", ["y", "x"]), ReferenceChange("c", b"changed", ["z"]),
                    ReferenceChange("b", b"b", ["z"])]  # fmt: skip
            assert tx.add_references("e", "mail", rows) == ["a", "b"]
            assert tx.add_references("e", "mail", rows) == []
            assert tx.references_of("e", "mail", ["b", "c", "b", "nothing"]) == [one, three]
            assert tx.references_among("e", "mail", ["x", "y"]) == [one, two]
            assert tx.references_among("e", "mail", ["z", "nothing"]) == [three]
            assert tx.references_among("f", "mail", ["z"]) == tx.references_of("e", "mail", []) == []
            assert tx.references_of("e", "mail", [str(number) for number in range(2000)] + ["a"]) == [two]
            assert tx.reference_keys("e", "mail") == ["c", "a", "b"]

    def test_deployments(self, store: Any) -> None:
        def row(number: int, name: str, digest: str) -> DefinitionRow:
            return DefinitionRow(deployment=number, pack="p", name=name, content=b"<x/>", digest=digest)

        with store.transaction() as tx:
            assert tx.latest_deployment("p") is None
            tx.add_definitions([row(1, "b.bpmn", "d1"), row(1, "a.dmn", "d1")])
            tx.add_definitions([row(2, "c.bpmn", "d2")])
            assert tx.latest_deployment("p") == (2, "d2")
            assert tx.latest_deployment("q") is None
            assert tx.definitions(1) == [row(1, "a.dmn", "d1"), row(1, "b.bpmn", "d1")]
            assert tx.definitions(3) == []


def test_jobs_of_a_dead_worker_are_given_back(store: Any) -> None:
    with store.transaction() as tx:
        tx.add_instances([instance(1)])
        tx.add_waits([wait(1, 1, "job"), wait(1, 2, "job"), wait(1, 3, "work")])
        assert tx.claim_work(1, 3, "ada")
        assert tx.job_holders() == []
        assert [row.wait for row in tx.take_jobs("w1", 0, 100, 1)] == [1]
        assert [row.wait for row in tx.take_jobs("w2", 0, 100, 1)] == [2]
        assert tx.job_holders() == ["w1", "w2"]
        assert tx.release_jobs("w1") == 1
        assert tx.job_holders() == ["w2"]
        assert [row.wait for row in tx.take_jobs("w3", 0, 100, 5)] == [1]
        assert tx.find_wait(1, 3).claimed_by == "ada"


def test_next_due_is_the_earliest_of_all(store: Any) -> None:
    with store.transaction() as tx:
        tx.add_instances([instance(1)])
        assert tx.next_due() is None
        tx.add_waits([wait(1, 1, "job", claimed_by="w", claimed_until=40), wait(1, 4, "work", due=1)])
        assert tx.next_due() == 40
        tx.add_waits([wait(1, 2, "timer", due=30)])
        assert tx.next_due() == 30
        tx.put_inbox([inbox(1, 20)])
        assert tx.next_due() == 20
        tx.add_waits([wait(1, 3, "job")])
        assert tx.next_due() == 0
