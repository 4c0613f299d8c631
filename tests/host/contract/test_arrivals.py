"""What every store keeps of what arrives, alike in memory, SQLite and PostgreSQL."""

from __future__ import annotations

from typing import Any

from anyshore.host.intake_ports import ChannelRow, ReceiptPage, ReceiptRow, ReferenceChange, SeenRow, VersionRow


def receipt(name: str, status: str = "accepted", **more: Any) -> ReceiptRow:
    return ReceiptRow(
        **({"engagement": "a", "service": "s", "name": name, "channel": "folder", "at": 5, "status": status} | more)
    )


def channel(**more: Any) -> ChannelRow:
    base = {"engagement": "a", "service": "s", "kind": "folder", "settings": b"\x80", "every": 60, "due": 10}
    return ChannelRow(**(base | more))


def test_receipts_are_listed_newest_first(store: Any) -> None:
    with store.transaction() as tx:
        tx.add_receipts(
            [receipt("1"), receipt("2", "refused", reason=b"\x80", sender="x"), receipt("3", engagement="b")]
        )
        tx.add_receipts([receipt("4", "duplicate", instance=7, service="t"), receipt("5")])
    with store.transaction() as tx:
        found = tx.receipts(ReceiptPage(engagement="a"))
        assert [row.name for row in found] == ["5", "4", "2", "1"]
        assert [row.name for row in tx.receipts(ReceiptPage(engagement="a", limit=2, after=found[1].id))] == ["2", "1"]
        assert [row.name for row in tx.receipts(ReceiptPage(engagement="a", status="accepted"))] == ["5", "1"]
        assert [row.name for row in tx.receipts(ReceiptPage(engagement="a", service="t"))] == ["4"]
        (kept,) = tx.receipts(ReceiptPage(engagement="a", status="refused"))
        assert kept == receipt("2", "refused", reason=b"\x80", sender="x", id=kept.id)


def test_rows_are_replaced_together(store: Any) -> None:
    with store.transaction() as tx:
        tx.put_reference("a", "order", "1", b"one", indexes=["x"])
        tx.put_reference("a", "order", "2", b"two", indexes=["x"])
        tx.put_reference("a", "other", "1", b"other", indexes=["x"])
        tx.lock_references("a", "order")
        tx.replace_references(
            "a", "order", [ReferenceChange("2", b"TWO", ["y", "y"]), ReferenceChange("3", b"three")], ["1"]
        )
    with store.transaction() as tx:
        assert [(row.key, row.data) for row in tx.find_references("a", "order")] == [("2", b"TWO"), ("3", b"three")]
        assert [row.sequence for row in tx.find_references("a", "order")] == [2, 3]
        assert tx.find_references("a", "order", ["x"]) == []
        assert [row.key for row in tx.find_references("a", "order", ["y"])] == ["2"]
        assert [row.key for row in tx.find_references("a", "other", ["x"])] == ["1"]
        tx.replace_references("a", "order", [], [str(number) for number in range(2000)])
        assert tx.find_references("a", "order") == []


def test_versions_are_listed_without_their_content(store: Any) -> None:
    rows = [
        VersionRow(
            engagement="a", kind=kind, number=number, digest="d", rows=2, name="o.csv", at=number, content=b"\x80"
        )
        for kind, number in (("order", 1), ("order", 2), ("seller", 1))
    ]
    with store.transaction() as tx:
        for row in rows:
            tx.add_version(row)
    with store.transaction() as tx:
        assert [(row.kind, row.number, row.content) for row in tx.versions("a")] == [
            ("order", 2, b""), ("order", 1, b""), ("seller", 1, b""),
        ]  # fmt: skip
        assert [row.number for row in tx.versions("a", "seller")] == [1]
        assert tx.version("a", "order", 1) == rows[0]
        assert tx.version("a", "order", 3) is None
        assert tx.versions("b") == []


def test_a_due_channel_is_claimed_by_one_worker_at_a_time(store: Any) -> None:
    with store.transaction() as tx:
        first = tx.add_channel(channel())
        later = tx.add_channel(channel(due=50, engagement="b"))
        paused = tx.add_channel(channel(due=None))
        assert tx.next_look() == 10
        (row,) = tx.take_channels("w1", 20, 100, 9)
        assert (row.id, row.claimed_by, row.claimed_until) == (first, "w1", 100)
        assert tx.next_look() == 50
    with store.transaction() as tx:
        assert tx.take_channels("w2", 30, 130, 9) == []
        assert [row.id for row in tx.take_channels("w2", 120, 130, 1)] == [first], (
            "the one that waited longest; its worker has died"
        )
    with store.transaction() as tx:
        assert [row.id for row in tx.take_channels("w2", 120, 130, 9)] == [later]
        row.due, row.claimed_by, row.claimed_until, row.problem = 200, None, None, b"\x81"
        tx.save_channel(row)
    with store.transaction() as tx:
        assert [(row.id, row.problem) for row in tx.channels("a")] == [(first, b"\x81"), (paused, b"")]
        assert [row.id for row in tx.channels()] == [first, later, paused]


def test_a_pause_outlasts_a_look_that_had_begun(store: Any) -> None:
    with store.transaction() as tx:
        number = tx.add_channel(channel())
        (row,) = tx.take_channels("w1", 20, 100, 9)
    with store.transaction() as tx:
        tx.schedule_channel(number, None)
    row.due, row.claimed_by, row.claimed_until, row.looked = 200, None, None, 20
    with store.transaction() as tx:
        tx.save_channel(row)
        assert [(one.due, one.looked) for one in tx.channels()] == [(None, 20)]
        assert (tx.take_channels("w1", 10**15, 10**15, 9), tx.next_look()) == ([], None)
        tx.schedule_channel(number, 30)
        assert tx.next_look() == 30
        tx.schedule_channel(number + 1, 30)


def test_what_a_channel_has_seen_goes_with_it(store: Any) -> None:
    with store.transaction() as tx:
        number = tx.add_channel(channel())
        tx.add_seen([SeenRow(number, "k1", ""), SeenRow(number, "k2", "why"), SeenRow(99, "k1", "")])
        tx.add_seen([SeenRow(number, "k1", "later")])
    with store.transaction() as tx:
        assert tx.seen(number, ["k1", "k2", "k3"]) == {
            "k1": SeenRow(number, "k1", ""),
            "k2": SeenRow(number, "k2", "why"),
        }
        tx.drop_channel(number)
        tx.drop_channel(number)
        assert tx.channels() == []
        assert tx.seen(number, ["k1"]) == {}
        assert list(tx.seen(99, ["k1"])) == ["k1"]
