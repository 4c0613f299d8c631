"""A snapshot that lags behind: loading is replaying; writing stays in proportion."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anyshore.host import states
from anyshore.host.driver import Host
from anyshore.host.memory import MemoryStore
from anyshore.kernel import codec
from anyshore.kernel.commands import Write
from anyshore.kernel.records import replay
from tests.draws import examples
from tests.host.fixtures import FILES, Clock, row

VALUES = st.one_of(st.integers(-9, 9).map(Decimal), st.text(max_size=400), st.lists(st.text(max_size=50), max_size=5))


def make(*, rollback: bool = True) -> Host:
    host = Host(MemoryStore(rollback=rollback), clock=Clock())
    host.deploy("test", {"work.bpmn": FILES["work"].encode()})
    return host


def write(host: Host, number: int, **values: Any) -> None:
    host.execute(number, Write(at=host.clock(), variables=values))


@settings(max_examples=examples(25))
@given(
    st.integers(0, 30_000),
    st.lists(st.dictionaries(st.sampled_from("abc"), VALUES, min_size=1, max_size=3), max_size=12),
    st.integers(0, 12),
)
def test_loading_is_replaying(size: int, writes: list[dict[str, Any]], forget: int) -> None:
    host = make()
    number = host.start("process:work", {"filler": "x" * size})
    host.work()
    for index, values in enumerate(writes):
        if index == forget:
            host.states = states.States()
        write(host, number, **values)
    with host.store.transaction() as tx:
        stored, turns = tx.load([number])[number], tx.turns(number)
    linked = host.catalogue.get(stored.definition)
    records = [one for turn in turns for one in codec.decode_records(turn.records, linked.engine)]
    replayed = replay(records, linked.engine, stored.definition)
    assert codec.encode_state(host.state(number)) == codec.encode_state(replayed)
    assert stored.since <= max(len(stored.state), states.SMALL)


def test_small_snapshots_are_always_whole() -> None:
    host = make()
    number = host.start("process:work")
    host.work()
    write(host, number, a="1")
    stored = row(host, number)
    assert (stored.covered, stored.since) == (stored.turns, 0)


def test_bytes_written_stay_in_proportion(monkeypatch: pytest.MonkeyPatch) -> None:
    host = make(rollback=False)
    number = host.start("process:work", {"filler": "x" * 100_000})
    host.work()
    written = 0
    real = codec.encode_state

    def encode(state: Any) -> bytes:
        nonlocal written
        stored = real(state)
        written += len(stored)
        return stored

    monkeypatch.setattr(states.codec, "encode_state", encode)
    for index in range(2_000):
        write(host, number, a=str(index))
    logged = sum(len(turn.records) for turn in host.store.tables["turns"][number])  # type: ignore[attr-defined]
    assert written <= 2 * logged


def test_a_kept_state_is_used_only_for_the_same_records() -> None:
    host, kept = make(), states.States(1)
    number = host.start("process:work", {"filler": "x" * 40_000})
    host.work()
    stored, state = row(host, number), host.state(number)
    kept.keep(stored, state)
    stored.digest = "other"
    assert kept.take(stored) is None, "another worker has advanced it since"
    kept.keep(stored, state)
    assert kept.take(stored) is state
    assert kept.take(stored) is None, "it is handed out once"
