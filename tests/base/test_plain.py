from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anyshore.base.errors import DataError, InternalError
from anyshore.base.plain import from_values, to_value, to_values
from anyshore.base.temporal import Date


@dataclass(frozen=True, slots=True)
class Part:
    name: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class Whole:
    amount: Decimal
    day: date
    parts: tuple[Part, ...]
    kind: Literal["a", "b"] = "a"
    note: str | None = None
    sure: bool = False
    more: dict[str, object] | None = None


WHOLE = Whole(Decimal("1.50"), date(2026, 3, 1), (Part("x", 2),), "b", None, True, {"k": [Decimal(1)]})
PLAIN = {
    "amount": Decimal("1.50"),
    "day": Date(2026, 3, 1),
    "parts": [{"name": "x", "count": Decimal(2)}],
    "kind": "b",
    "note": None,
    "sure": True,
    "more": {"k": [Decimal(1)]},
}


def test_there_and_back() -> None:
    assert to_values(WHOLE) == PLAIN
    assert from_values(Whole, PLAIN) == WHOLE


def test_defaults_can_be_left_out_and_dates_written_as_text() -> None:
    made = from_values(Whole, {"amount": Decimal(1), "day": "2026-03-01", "parts": []})
    assert made == Whole(Decimal(1), date(2026, 3, 1), ())


@pytest.mark.parametrize(
    ("changes", "element", "code"),
    [
        ({"amount": "1"}, "act.amount", "plain.wrong-type"),
        ({"amount": True}, "act.amount", "plain.wrong-type"),
        ({"amount": None}, "act.amount", "plain.wrong-type"),
        ({"day": "1.3.2026"}, "act.day", "plain.wrong-type"),
        ({"day": Date(10_000, 1, 1)}, "act.day", "plain.wrong-type"),
        ({"parts": "x"}, "act.parts", "plain.wrong-type"),
        ({"parts": [{"name": "x"}, {"name": Decimal(1)}]}, "act.parts[2].name", "plain.wrong-type"),
        ({"parts": [{"name": "x", "count": Decimal("1.5")}]}, "act.parts[1].count", "plain.wrong-type"),
        ({"parts": [{}]}, "act.parts[1].name", "plain.missing-field"),
        ({"parts": [None]}, "act.parts[1]", "plain.wrong-type"),
        ({"kind": "c"}, "act.kind", "plain.wrong-type"),
        ({"kind": []}, "act.kind", "plain.wrong-type"),
        ({"sure": Decimal(1)}, "act.sure", "plain.wrong-type"),
        ({"more": "x"}, "act.more", "plain.wrong-type"),
        ({"moer": None}, "act", "plain.unknown-field"),
    ],
)
def test_what_does_not_fit_is_named(changes: dict[str, object], element: str, code: str) -> None:
    with pytest.raises(DataError) as caught:
        from_values(Whole, PLAIN | changes, "act")
    assert [(d.location.element, d.code) for d in caught.value.diagnostics] == [(element, code)]


def test_all_misfits_come_at_once() -> None:
    with pytest.raises(DataError) as caught:
        from_values(Whole, {"amount": None, "parts": [{}], "x": None})
    assert len(caught.value.diagnostics) == 4


def test_a_float_is_no_plain_value() -> None:
    with pytest.raises(InternalError):
        to_value({"x": 1.5})
    with pytest.raises(InternalError):
        to_values("text")


plain = st.recursive(
    st.none() | st.booleans() | st.text(max_size=3) | st.integers().map(Decimal),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*PLAIN, "name"]), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from([*PLAIN, "x"]), plain, max_size=7))
def test_any_plain_values_fit_or_are_refused(values: dict[str, object]) -> None:
    try:
        made = from_values(Whole, PLAIN | values)
    except DataError:
        return
    assert from_values(Whole, to_values(made)) == made
