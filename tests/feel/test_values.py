"""Values between Python and FEEL, as text, and their types."""

from __future__ import annotations

import datetime as python
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from anyshore import feel
from anyshore.base.temporal import Date, DateTime, DaysDuration, MonthsDuration, Time
from anyshore.feel import types

DATES = st.builds(Date.from_ordinal, st.integers(-(10**8), 10**8))
TIMES = st.builds(
    Time,
    st.integers(0, 23), st.integers(0, 59), st.integers(0, 59), st.integers(0, 999_999_999),
    st.none() | st.integers(-64_800, 64_800),
)  # fmt: skip
NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**20), max_value=10**20)
SIMPLE = st.one_of(
    st.none(), st.booleans(), NUMBERS, st.text(max_size=20), DATES, TIMES, st.builds(DateTime, DATES, TIMES),
    st.builds(DaysDuration, st.integers(-(10**18), 10**18)), st.builds(MonthsDuration, st.integers(-(10**6), 10**6)),
)  # fmt: skip
VALUES = st.recursive(
    SIMPLE,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(VALUES)
@example({"? ?": None})
@example([{"null ]": None}, [None]])
@example({"0\r": None})
def test_a_value_written_reads_back(value: object) -> None:
    text = feel.format(value)
    assert feel.compile(text).evaluate({}) == value
    assert types.has_type(value, types.type_of(value))


@given(VALUES)
def test_python_values_stay(value: object) -> None:
    assert feel.from_python(value) == value


def test_from_and_to_python() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    pairs = [
        (5, Decimal(5)), (1.1, Decimal("1.1")), (python.date(2020, 1, 2), Date(2020, 1, 2)),
        (python.time(1, 2, 3, 4), Time(1, 2, 3, 4000)),
        (python.datetime(2020, 1, 2, 3, tzinfo=python.UTC), DateTime(Date(2020, 1, 2), Time(3, 0, 0, 0, 0))),
        (python.datetime(2020, 1, 2, 3, tzinfo=berlin),
         DateTime(Date(2020, 1, 2), Time(3, 0, 0, 0, None, "Europe/Berlin"))),
        (python.timedelta(days=-1, seconds=5), DaysDuration(-86_395 * 10**9)), ({"a": [1]}, {"a": [Decimal(1)]}),
    ]  # fmt: skip
    for plain, ours in pairs:
        assert feel.from_python(plain) == ours
        back = feel.to_python(ours)
        assert back == plain or (isinstance(plain, float) and back == Decimal("1.1"))
    assert feel.from_python(float("nan")) is None
    assert feel.to_python(Date(20_000, 1, 1)) == "20000-01-01"
    assert feel.to_python(MonthsDuration(14)) == "P1Y2M"
    with pytest.raises(TypeError):
        feel.from_python(object())


def test_numbers_have_34_digits() -> None:
    assert feel.from_python(Decimal("1" * 40)) == Decimal("1" * 34 + "0" * 6)
    assert feel.from_python(Decimal("1E+7000")) is None


@pytest.mark.parametrize(
    ("value", "kind", "expected", "fits"),
    [
        (["x"], types.STRING, "x", True), ("x", types.ListType(types.STRING), ["x"], True),
        ("x", types.NUMBER, None, False), (None, types.NUMBER, None, True),
        (Date(2020, 1, 1), types.DATE_AND_TIME, DateTime(Date(2020, 1, 1), Time(0, 0, 0, 0, 0)), True),
        ([Decimal(1), "x"], types.ListType(types.NUMBER), None, False),
        ({"a": Decimal(1)}, types.ContextType({"a": types.NUMBER, "b": types.STRING}), None, False),
        ({"a": None, "b": True}, types.ContextType({"a": types.NUMBER}), {"a": None, "b": True}, True),
    ],
)  # fmt: skip
def test_implicit_conversions(value: object, kind: types.FeelType, expected: object, fits: bool) -> None:
    assert types.coerce(value, kind) == (expected, fits)


def test_conformance() -> None:
    number_list = types.ListType(types.NUMBER)
    assert types.conforms(number_list, types.ANY_LIST)
    assert not types.conforms(types.ANY_LIST, number_list)
    wide = types.ContextType({"a": types.NUMBER, "b": types.STRING})
    assert types.conforms(wide, types.ContextType({"a": types.NUMBER}))
    assert not types.conforms(types.ContextType({"a": types.NUMBER}), wide)
    takes_any = types.FunctionType((types.ANY,), types.NUMBER)
    assert types.conforms(takes_any, types.FunctionType((types.STRING,), types.ANY))
    assert not types.conforms(types.FunctionType((types.STRING,), types.ANY), takes_any)
    assert types.resolve(types.ListType(types.NamedType("t")), {"t": types.DATE}) == types.ListType(types.DATE)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + n", "number"), ('date("2020-01-01").year', "number"), ("[1, 2][item > 1]", "list<number>"),
        ("for i in 1..3 return string(i)", "list<string>"), ("if n > 1 then 1 else s", "Any"),
        ("{b: n, c: [b]}.c", "list<number>"), ("function(x: number) x + 1", "function<number> -> number"),
        ("orders[1].name", "string"), ("orders[total > 1].total", "list<number>"), ("unknown", "Any"),
        ('@"2020-01-01" - @"2019-01-01"', "days and time duration"), ('@"2020-01-01" + @"P1D"', "date"),
        ("n * @\"P1D\"", "days and time duration"), ("[n..5]", "range<number>"),
        ("some x in orders satisfies x.total > 1", "boolean"),
        ("for o in orders return o.name", "list<string>"), ("sum(orders.total)", "number"),
        ("(function(x: string) x)(s)", "string"), ("s - s", "Any"), ("nothing(1)", "Any"), ("abs()", "Null"),
        ("[]", "list<Null>"),
    ],
)  # fmt: skip
def test_inferred_types(text: str, expected: str) -> None:
    order = types.ContextType({"name": types.STRING, "total": types.NUMBER})
    names = {"n": types.NUMBER, "s": types.STRING, "orders": types.ListType(order)}
    assert str(feel.infer(feel.compile(text).tree, names)) == expected


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("1", True), ("-1", True), ('date("2020-01-01")', True), ('date("x")', False), ("[1..5)", True),
        ("[1..x]", False), ("[1, @\"P1D\"]", True), ("x", False), ("(< 5)", True),
        ("date(2020, 1, 2)", True), ("[1..\"a\"]", False),
    ],
)  # fmt: skip
def test_constants(text: str, known: bool) -> None:
    expression = feel.compile(text)
    found, value = feel.constant(expression.tree)
    assert found is known
    if known:
        assert value == expression.evaluate({})


def test_functions_of_the_host() -> None:
    double = feel.Function(
        "double", (feel.Parameter("n", types.NUMBER),), lambda run, given: given[0] * 2, types.NUMBER
    )  # type: ignore[operator]
    variables = {"double": double, "n": Decimal(4)}
    assert feel.compile("double(n)").evaluate(variables) == 8
    assert feel.compile("double(n: [n])").evaluate(variables) == 8
    assert feel.compile('double("x")').evaluate(variables) is None
    assert feel.compile("sort([1, 2], function(a, b) double(a) > double(b))").evaluate(variables) == [2, 1]


def test_the_hour_a_clock_shows_twice_keeps_its_instant() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    for fold, text in ((0, "2025-10-26T02:30:00@Europe/Berlin"), (1, "2025-10-26T02:30:00+01:00")):
        moment = python.datetime(2025, 10, 26, 2, 30, fold=fold, tzinfo=berlin)
        found = feel.from_python(moment)
        assert isinstance(found, DateTime)
        assert str(found) == text
        assert found.instant == int(moment.timestamp()) * 10**9
