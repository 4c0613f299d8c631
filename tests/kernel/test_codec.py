"""Stored form: exact, validated, and closed to what cannot be stored."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anyshore.base.errors import CommandRejected, HostError
from anyshore.base.temporal import Date, DateTime, DaysDuration, MonthsDuration, Time
from anyshore.kernel import codec
from anyshore.kernel.commands import Resolve, Start
from anyshore.kernel.records import Entered, replay
from anyshore.kernel.state import State
from anyshore.kernel.turn import advance
from tests.draws import examples
from tests.kernel.toy import ToyEngine

SCALARS = st.one_of(
    st.none(), st.booleans(), st.text(), st.integers(-(2**40), 2**40),
    st.decimals(allow_nan=False, allow_infinity=False),
    st.sampled_from(
        [Date.parse("2026-02-28"), Time.parse("23:59:59.5+01:00"), DateTime.parse("2026-01-01T00:00:00Z"),
         DaysDuration.parse("P1DT2H"), MonthsDuration.parse("P1Y2M")]
    ),
)  # fmt: skip
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4)
)


@given(VALUES)
def test_a_value_comes_back_as_it_was(value: object) -> None:
    back = codec.decode_value(codec.encode_value(value))
    assert back == value
    assert type(back) is type(value)


@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_a_number_keeps_its_digits(value: Decimal) -> None:
    assert codec.decode_value(codec.encode_value(value)).as_tuple() == value.as_tuple()


@given(st.dictionaries(st.text(), VALUES, max_size=3))
def test_a_command_comes_back_as_it_was(variables: dict[str, object]) -> None:
    for command in (Start(at=5, variables=variables), Resolve(at=5, wait=3, variables=variables, by="a@b.de")):
        assert codec.decode_command(codec.encode_command(command)) == command


@pytest.mark.parametrize("value", [object(), lambda: 1, {1, 2}, 1.5j])
def test_what_cannot_be_stored_is_refused_by_type(value: object) -> None:
    with pytest.raises(CommandRejected, match=type(value).__name__):
        codec.encode_value({"deep": [value]})


def test_nesting_is_bounded() -> None:
    value: object = 1
    for _ in range(1000):
        value = [value]
    with pytest.raises(CommandRejected, match="nests deeper"):
        codec.encode_value(value)


@pytest.mark.parametrize("value", [Decimal("NaN"), Decimal("Infinity")])
def test_what_is_no_number_is_refused(value: Decimal) -> None:
    with pytest.raises(CommandRejected, match="cannot be stored"):
        codec.encode_value([value])


def written() -> dict[str, tuple[bytes, Callable[[bytes], object]]]:
    """Stored forms that hold every kind of thing, with what reads them."""
    engine, state = ToyEngine(), State(definition="test:1")
    steps = [("set", "y", Decimal("1.50")), ("spawn", "child", 2), ("wait", "timer", {"due": 5, "data": {"k": [1]}})]
    definition = {"start": [("go", "next")], "next": steps, "child": [("wait", "work", {"name": "form"})]}
    given = {"d": Date.parse("2026-02-28"), "deep": {"list": [Decimal(2), None, DaysDuration.parse("P1D")]}}
    records = advance(engine, definition, state, Start(at=0, variables=given))
    return {
        "state": (codec.encode_state(state), codec.decode_state),
        "records": (codec.encode_records(records), lambda data: codec.decode_records(data, engine)),
        "log": (codec.encode_records(records), lambda data: replay(codec.decode_records(data, engine), engine, "x")),
        "command": (codec.encode_command(Start(at=0, variables=given)), codec.decode_command),
        "value": (codec.encode_value(given), codec.decode_value),
    }


@pytest.mark.parametrize("form", ["state", "records", "log", "command", "value"])
@settings(max_examples=examples(60))
@given(data=st.data())
def test_whatever_is_changed_in_a_stored_form_is_read_or_refused_by_type(form: str, data: st.DataObject) -> None:
    stored, read = written()[form]
    for _ in range(20):  # drawing an example costs more than trying it
        place = data.draw(st.integers(0, len(stored) - 1))
        damage = data.draw(st.binary(max_size=3))
        with suppress(HostError):
            read(stored[:place] + damage + stored[place + data.draw(st.integers(0, 3)) :])


@pytest.mark.parametrize(
    "data", [b"", b"\xc1", b"\x91" * 100_000, b"\xc7\x03\x01abc", b"\xc7\x03\x01NaN", b"\xc7\x01\x63a"]
)
def test_what_was_never_stored_is_refused_by_type(data: bytes) -> None:
    with pytest.raises(HostError):
        codec.decode_value(data)
    for _, read in written().values():
        with suppress(HostError):
            read(data)


@pytest.mark.parametrize(
    ("nodes", "waits"), [([[2, "a", 1, "active", {}]], []), ([[1, "a", None, "active", {}]], [[2, 3, "work"]])]
)
def test_a_state_that_hangs_in_the_air_is_refused(nodes: list[object], waits: list[object]) -> None:
    whole = ["test:1", 3, nodes, {}, waits, [], 0, False, None]
    with pytest.raises(HostError, match="does not have"):
        codec.decode_state(msgspec.msgpack.encode(whole))


def test_a_log_with_a_record_lost_is_refused() -> None:
    stored, _ = written()["log"]
    records = list(codec.decode_records(stored, ToyEngine()))
    # Without the last of them, a log is a shorter log.
    entered = [number for number, record in enumerate(records[:-3]) if isinstance(record, Entered)]
    assert len(entered) > 2
    for lost in entered:
        with pytest.raises(HostError, match="does not follow"):
            replay(records[:lost] + records[lost + 1 :], ToyEngine(), "x")
