"""Stored form: exact, validated, and closed to what cannot be stored."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anyshore.base.errors import CommandRejected, HostError
from anyshore.base.temporal import Date, DateTime, DaysDuration, MonthsDuration, Time
from anyshore.kernel import codec
from anyshore.kernel.commands import Resolve, Start
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


@given(st.binary(max_size=200))
def test_garbage_gives_a_typed_error(data: bytes) -> None:
    for read in (codec.decode_state, codec.decode_command, lambda d: codec.decode_records(d, ToyEngine())):
        with suppress(HostError):
            read(data)
