"""Reference data is replaced whole or not at all, on every store."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from anyshore.base.errors import DataError
from anyshore.host.driver import Host
from anyshore.host.intake import reference_data
from anyshore.host.jobs import StoredRecords

OLD = [("1", {"name": "one", "net": Decimal(500)}), ("2", {"name": "two", "net": Decimal(7)})]
NEW = [("1", {"name": "one", "net": Decimal(5000)}), ("3", {"name": "three", "net": Decimal(7)})]


def load(host: Host, rows: list[tuple[str, dict[str, Any]]], name: str = "orders.csv") -> reference_data.Loaded:
    return reference_data.load(host, "mill", "order", rows, name, by="ada@example.org")


def test_a_changed_file_takes_the_place_of_the_one_before(host: Host) -> None:
    first = load(host, OLD)
    assert (first.fresh, first.version.number, first.change.added) == (True, 1, ("1", "2"))
    table = StoredRecords(host.store, "mill", "order")
    before = table.get("1")
    second = load(host, NEW)
    assert (second.version.number, second.change.added, second.change.removed) == (2, ("3",), ("2",))
    assert [(key, old["net"], new["net"]) for key, old, new in second.change.changed] == [
        ("1", Decimal(500), Decimal(5000))
    ]
    assert table.get("2") is None
    assert [row.key for row in table.find(net=Decimal(5000))] == ["1"]
    assert table.find(net=Decimal(500)) == []
    assert [row.key for row in table.find(net=7)] == ["3"]
    changed = table.get("1")
    assert before is not None
    assert changed is not None
    assert changed.sequence == before.sequence, "the row that stays keeps its place"
    assert [key for key, _ in reference_data.in_force(host, "mill", "order")] == ["1", "3"]


def test_the_same_rows_again_change_nothing(host: Host) -> None:
    load(host, OLD)
    again = load(host, list(reversed(OLD)), "another name.xlsx")
    assert (again.fresh, again.version.number) == (False, 1)
    assert len(reference_data.versions(host, "mill", "order")) == 1
    load(host, NEW)
    assert load(host, OLD).version.number == 3, "going back is a change, too"


def test_the_ledger_says_which_version_came_into_force(host: Host) -> None:
    version = load(host, OLD).version
    load(host, OLD)
    with host.store.transaction() as tx:
        entries = [json.loads(row.line) for row in tx.ledger("mill") if row.type == reference_data.LOADED]
        known = tx.pseudonyms(["ada@example.org"])
    assert [entry["data"] for entry in entries] == [
        {
            "by": known["ada@example.org"],
            "digest": version.digest,
            "kind": "order",
            "name": "orders.csv",
            "rows": 2,
            "version": 1,
        }
    ]


def test_two_versions_are_compared(host: Host) -> None:
    load(host, OLD)
    load(host, NEW)
    change = reference_data.compare(host, "mill", "order", 1, 2)
    assert (change.added, change.removed, [key for key, _, _ in change.changed]) == (("3",), ("2",), ["1"])
    assert reference_data.compare(host, "mill", "order", 0, 1).added == ("1", "2")
    with pytest.raises(DataError, match="no version 9"):
        reference_data.compare(host, "mill", "order", 1, 9)


def test_a_file_that_contradicts_itself_changes_nothing(host: Host) -> None:
    load(host, OLD)
    with pytest.raises(DataError, match="twice"):
        load(host, [*NEW, NEW[0]])
    assert [key for key, _ in reference_data.in_force(host, "mill", "order")] == ["1", "2"]


def test_rows_that_activities_wrote_stay(host: Host) -> None:
    postings = StoredRecords(host.store, "mill", "posting")
    postings.put_once("1", {"net": Decimal(1)})
    load(host, OLD)
    load(host, [])
    assert postings.get("1") is not None
    assert reference_data.in_force(host, "mill", "order") == []


def test_rows_of_before_there_were_versions_are_replaced_too(host: Host) -> None:
    table = StoredRecords(host.store, "mill", "order")
    table.put_all(OLD)
    loaded = load(host, OLD)
    assert (loaded.fresh, loaded.change) == (True, reference_data.Change())
    load(host, NEW)
    assert table.get("2") is None


def test_what_makes_the_transaction_fail_leaves_the_old_version(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    load(host, OLD)

    def fail(*_: object) -> None:
        raise RuntimeError("power cut")

    monkeypatch.setattr(reference_data, "_note", fail)
    with pytest.raises(RuntimeError):
        load(host, NEW)
    monkeypatch.undo()
    assert [key for key, _ in reference_data.in_force(host, "mill", "order")] == ["1", "2"]
    assert load(host, NEW).version.number == 2
