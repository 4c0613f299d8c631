from __future__ import annotations

import dataclasses
import hashlib
import json
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anyshore.base.errors import AnyshoreError
from anyshore.terms.ledger import (
    EMPTY,
    GENESIS,
    Entry,
    Head,
    append,
    entry_hash,
    head_of,
    plain,
    verify_chain,
)  # fmt: skip


def chain(count: int, engagement: str = "e1") -> list[Entry]:
    head, entries = EMPTY, []
    for n in range(count):
        kind = "instance.completed" if n % 2 else "instance.started"
        data = {"outcome": "paid", "amount": Decimal("12.50"), "n": n}
        case = {"service": "payables", "instance": f"i{n // 2}", "reference": f"RE-{n // 2}"}
        entry = append(head, engagement=engagement, at=1000 + n, type=kind, data=data, **case)
        entries.append(entry)
        head = head_of(entry)
    return entries


def test_the_hash_is_what_the_format_says() -> None:
    first, second = chain(2)
    assert first.previous == GENESIS
    assert second.previous == first.hash
    body = {f.name: getattr(second, f.name) for f in dataclasses.fields(second) if f.name != "hash"}
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert second.hash == hashlib.sha256(first.hash.encode() + text.encode()).hexdigest()


def test_decimals_and_dates_become_texts() -> None:
    entry = append(
        EMPTY, engagement="e", at=0, type="turn", data={"a": Decimal("1E+2"), "b": date(2026, 1, 2), "c": (1, None)}
    )
    assert entry.data == {"a": "100", "b": "2026-01-02", "c": [1, None]}


@pytest.mark.parametrize(
    ("value", "message"),
    [(0.5, "float has no exact form"), (Decimal("NaN"), "not a number"), (2**53, "beyond"), ({1: 2}, "not a text"),
     ("\ud800", "half a character"), ({"\udfff": 1}, "half a character"), (b"x", "bytes has no exact form"),
     ({1}, "set")],
)  # fmt: skip
def test_values_without_an_exact_form(value: object, message: str) -> None:
    with pytest.raises(AnyshoreError, match=message) as caught:
        append(EMPTY, engagement="e", at=0, type="turn", data={"a": [value]})
    assert "data.a[0]" in caught.value.message


plain_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner, max_size=4)
    ),
)


@given(plain_values)
def test_plain_values_stay_as_they_are(value: object) -> None:
    assert plain(value) == value


def test_a_sound_chain() -> None:
    assert verify_chain(chain(20)) == []
    assert verify_chain([]) == []


def forged(entry: Entry, **changes: object) -> Entry:
    """A changed entry whose own hash was computed anew."""
    changed = dataclasses.replace(entry, **changes)  # type: ignore[arg-type]
    return dataclasses.replace(changed, hash=entry_hash(changed))


def test_faults_are_found_and_named() -> None:
    good = chain(10)
    changed = [*good[:4], dataclasses.replace(good[4], at=7), *good[5:]]
    replaced = [*good[:4], forged(good[4], at=7), *good[5:]]
    removed = good[:4] + good[5:]
    removed_two = good[:4] + good[6:]
    inserted = [*good[:4], forged(good[3], at=7), *good[4:]]
    swapped = [*good[:4], good[5], good[4], *good[6:]]
    cases = {
        "changed": (changed, [("ledger.changed-entry", "entry 5")]),
        "replaced": (replaced, [("ledger.broken-link", "entry 6")]),
        "removed": (removed, [("ledger.missing-entry", "entry 6")]),
        "removed two": (removed_two, [("ledger.missing-entry", "entry 7")]),
        "inserted": (inserted, [("ledger.out-of-place", "entry 4")]),
        "swapped": (swapped, [("ledger.missing-entry", "entry 6"), ("ledger.out-of-place", "entry 5")]),
        "first removed": (good[1:], [("ledger.missing-entry", "entry 2")]),
    }
    for name, (entries, expected) in cases.items():
        assert [(f.code, f.location.element) for f in verify_chain(entries)] == expected, name
    assert "entries 5 to 6 are missing" in verify_chain(removed_two)[0].message


def test_only_an_anchor_shows_a_chain_written_anew_or_cut() -> None:
    good = chain(6)
    head, anew = EMPTY, []
    for entry in good:
        entry = append(head, engagement="e1", at=entry.at + 1, type=entry.type, data=entry.data)
        anew.append(entry)
        head = head_of(entry)
    anchors = {4: good[3].hash}
    assert verify_chain(anew) == []
    assert [f.code for f in verify_chain(anew, anchors=anchors)] == ["ledger.rewritten"]
    assert verify_chain(good, anchors=anchors) == []
    assert [f.code for f in verify_chain(good[:3], anchors=anchors)] == ["ledger.cut"]


@given(st.integers(1, 12), st.data())
def test_any_single_removal_move_or_change_is_found(count: int, data: st.DataObject) -> None:
    good = chain(count)
    index = data.draw(st.integers(0, count - 1))
    kind = data.draw(st.sampled_from(["remove", "move", "change", "repeat"]))
    entries = list(good)
    if kind == "remove":
        entries.pop(index)
    elif kind == "repeat":
        entries.insert(data.draw(st.integers(0, count)), good[index])
    elif kind == "move":
        entries.insert(data.draw(st.integers(0, count - 1)), entries.pop(index))
    else:
        entries[index] = dataclasses.replace(good[index], reference="other")
    if entries != good and not (kind == "remove" and index == count - 1):
        assert verify_chain(entries, anchors={})
    last = head_of(good[-1])
    if entries != good:
        assert verify_chain(entries, anchors={last.sequence: last.hash})


def test_appending_needs_only_the_head() -> None:
    entry = append(Head(41, "f" * 64), engagement="e", at=5, type="turn")
    assert (entry.sequence, entry.previous, entry.data) == (42, "f" * 64, {})
