from decimal import Decimal

import pytest

from anyshore.activities.memory import MemoryContext, MemoryRecords
from anyshore.base.errors import HostError


def test_a_key_keeps_its_first_row() -> None:
    records = MemoryRecords()
    first = records.put_once("a", {"x": "1"})
    assert records.put_once("a", {"x": "2"}) is first
    assert records.get("a") is first
    assert records.get("b") is None


def test_rows_are_found_by_equality_in_sequence() -> None:
    records = MemoryRecords()
    assert records.find(x=Decimal(1)) == []
    for key, x in (("a", "1.0"), ("b", "2"), ("c", "1.00")):
        records.put_once(key, {"x": Decimal(x), "y": "same", "z": [key]})
    assert [r.key for r in records.find(x=Decimal(1))] == ["a", "c"]
    assert [r.key for r in records.find(x=Decimal(1), y="same")] == ["a", "c"]
    assert [r.key for r in records.find(z=["b"])] == ["b"]
    assert [r.sequence for r in records.find(y="same")] == [1, 2, 3]
    assert records.find(missing="x") == []


def test_a_row_is_not_changed_through_what_was_put_in() -> None:
    records = MemoryRecords()
    data = {"x": "1"}
    records.put_once("a", data)
    data["x"] = "2"
    assert [r.key for r in records.find(x="1")] == ["a"]


def test_jobs_share_documents_and_tables() -> None:
    context = MemoryContext(documents={"d": b"x"})
    other = context.with_key("other")
    context.records("k").put_once("a", {})
    assert other.records("k").get("a")
    assert other.read_document("d") == b"x"
    assert (context.idempotency_key, other.idempotency_key) == ("job-1", "other")
    with pytest.raises(HostError, match="Known are: d"):
        context.read_document("e")
