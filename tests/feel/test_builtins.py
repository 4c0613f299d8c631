"""Every built-in function: what it gives, and null for what it does not take."""

from __future__ import annotations

import pytest
from tests.feel.helpers import literal, problems

from anyshore.feel.builtins.table import BUILTINS

CASES = [
    # conversion
    ("date(2017, 8, 30)", '@"2017-08-30"'), ("date(2017, 2, 30)", "null"), ("date(2017.5, 1, 1)", "null"),
    ('date("2017-08-30")', '@"2017-08-30"'),
    ('date("2012-12-24T23:59:00")', "null"), ('date("2012-12-24Z")', '@"2012-12-24"'),
    ('date("2012-12-24+19:00")', "null"),
    ('date and time("2012-03-07+01:00")', '@"2012-03-07T00:00:00+01:00"'),
    ('date(@"2012-12-24T23:59:00")', '@"2012-12-24"'), ("date(null)", "null"),
    ("date(1e6000, 1, 1)", "null"),
    ('time("10:30:00")', '@"10:30:00"'), ("time(10, 30, 0)", '@"10:30:00"'),
    ('time(10, 30, 0.5, @"PT2H")', '@"10:30:00.5+02:00"'), ("time(10, 30, 0, null)", '@"10:30:00"'),
    ("time(10, 30, 60)", "null"), ('time(@"2017-08-30")', '@"00:00:00Z"'),
    ('time(@"2017-08-30T10:00:00Z")', '@"10:00:00Z"'), ('time(10, 30, 0, @"PT20H")', "null"),
    ('date and time(@"2017-01-01", @"23:59:01Z")', '@"2017-01-01T23:59:01Z"'),
    ('date and time("2012-12-24")', '@"2012-12-24T00:00:00"'), ("date and time(2017)", "null"),
    ('duration("P1Y2M")', '@"P1Y2M"'), ('duration("x")', "null"),
    ('years and months duration(@"2011-12-22", @"2013-08-24")', '@"P1Y8M"'),
    ('years and months duration(@"2013-08-24", @"2011-12-22")', '@"-P1Y8M"'),
    ('years and months duration(@"999999999-12-31", @"-999999999-01-01")', '@"-P1999999998Y11M"'),
    ('number("1 000,5", " ", ",")', "1000.5"), ('number("1,5", ",", ",")', "null"),
    ('number("1.5", null, ",")', "null"), ('number("abc")', "null"), ('number("-1.5e2")', "-150"),
    ("string(null)", "null"), ("string(1.10)", '"1.1"'), ('string("a")', '"a"'),
    ('string([1, "a", {b: null}])', r'"[1, \"a\", {b: null}]"'), ('string(@"P1D")', '"P1D"'),
    ("string(true)", '"true"'), ('string({"a:b": 1})', r'"{\"a:b\": 1}"'),
    ('range("[1..3)")', "[1..3)"),
    ('range("[date(\\"1970-01-01\\")..@\\"1970-01-02\\"]")', '[@"1970-01-01"..@"1970-01-02"]'),
    ('range("[2..)")', "(>= 2)"), ('range("(2..)")', "(> 2)"), ('range("]2.5..[")', "(> 2.5)"),
    ('range("(..2]")', "(<= 2)"),
    ('range("(..2)")', "(< 2)"), ('range("]..@\\"2026-01-01\\"[")', '(< @"2026-01-01")'),
    ('range("[2..)") = (>= 2)', "true"), ('range("(..2)") = (< 2)', "true"), ('range("[2..)") = [2..null)', "false"),
    ('5 in range("[2..)")', "true"), ('1 in range("[2..)")', "false"), ('2 in range("(..2]")', "true"),
    ('range("[2..]")', "null"), ('range("[..2]")', "null"), ('range("(..)")', "null"), ('range("[null..)")', "null"),
    ('range("[x..)")', "null"), ('range("[true..)")', "null"), ('range("[2..")', "null"),
    ('range("[3..1]")', "null"), ('range("1")', "null"),
    ('range("[a..b]")', "null"), ('range("[")', "null"), ("context([{key: \"a\", value: 1}])", "{a: 1}"),
    ("context({key: \"a\", value: 1})", "{a: 1}"),
    ('context([{key: "a", value: 1}, {key: "a", value: 2}])', "null"), ("context([{key: 1, value: 1}])", "null"),
    # booleans
    ("not(false)", "true"), ('is(@"10:00:00Z", @"10:00:00+00:00")', "true"),
    ('is(@"10:00:00Z", @"11:00:00+01:00")', "false"), ('is(1, "1")', "false"), ("is(null, null)", "true"),
    ("is([1, {a: 1}], [1, {a: 1}])", "true"),
    ('string length("abc")', "3"),
    # strings
    ('substring("foobar", 3)', '"obar"'), ('substring("foobar", -2, 1)', '"a"'), ('substring("foobar", 0)', "null"),
    ('substring("foobar", 7)', "null"), ('substring("a", 1, 0)', "null"),
    ('substring("abc", 2, 3)', "null"), ('substring("abc", 2, 2)', '"bc"'),
    ('substring("\\U01F40Eab", 2)', '"ab"'), ('upper case("aBc4")', '"ABC4"'), ('lower case("ÀÉ")', '"àé"'),
    ('substring before("foobar", "bar")', '"foo"'), ('substring before("foobar", "x")', '""'),
    ('substring after("foobar", "ob")', '"ar"'), ('substring after("abc", "")', '"abc"'),
    ('contains("foobar", "of")', "false"), ('starts with("foobar", "fo")', "true"),
    ('ends with("foobar", "r")', "true"),
    ('split("a;b;;", ";")', '["a", "b", "", ""]'), ('split("abc", "x*")', "null"),
    ('string join(["a", null, "c"], "-")', '"a-c"'), ('string join([1], "-")', "null"), ('string join("a")', '"a"'),
    ('replace("abcd", "(ab)|(a)", "[1=$1][2=$2]")', '"[1=ab][2=]cd"'), ('replace("a.b", ".", "X", "q")', '"aXb"'),
    ('replace("abc", "b", "\\\\$")', '"a$c"'), ('replace("abc", "b", "$")', "null"),
    ('replace("abc", "x*", "-")', "null"), ('replace("abc", "b", "$12")', '"a2c"'),
    ('matches("foobar", "^fo*b")', "true"), ('matches("foobar", "[")', "null"),
    # lists
    ("list contains([1, null], null)", "true"), ("count([1, [2, 3]])", "2"), ("count(5)", "1"),
    ("count(null)", "null"), ("count(1, 2)", "null"), ("min(3, 1, 2)", "1"), ('max("a", "b")', '"b"'),
    ('max(1, "b")', "null"),
    ("min([])", "null"),
    ("sum(1, 2)", "3"), ("sum([])", "null"), ('sum(1, "2")', "null"), ("mean([1, 2])", "1.5"),
    ("product([2, 3, 4])", "24"), ("median([6, 1, 2, 3])", "2.5"), ("stddev([47])", "null"),
    ("mode([6, 1, 9, 6, 1])", "[1, 6]"),
    ("mode([])", "[]"), ("all([true, null, true])", "null"), ("all([false, null])", "false"), ("all([])", "true"),
    ("any([])", "false"), ("any([false, null])", "null"), ("any(false, true)", "true"), ("any(null)", "null"),
    ("sublist([1, 2, 3], -2, 1)", "[2]"), ("sublist([1, 2, 3], 2)", "[2, 3]"), ("sublist([1, 2, 3], 2, 5)", "null"),
    ("sublist([1, 2, 3], 2, 0)", "null"), ("sublist([1, 2, 3], 2, null)", "[2, 3]"),
    ("sublist(start position: 2, list: [1, 2, 3])", "[2, 3]"),
    ("append([1], 2, 3)", "[1, 2, 3]"), ("concatenate([1], 2, [3])", "[1, 2, 3]"), ("concatenate([1], null)", "null"),
    ("insert before([1, 3], 2, 2)", "[1, 2, 3]"), ("insert before([1], 3, 2)", "null"),
    ("remove([1, 2, 3], -1)", "[1, 2]"), ("list replace([1, 2, 3], 2, 4)", "[1, 4, 3]"),
    ("list replace([2, 4, 7, 8], function(item, newItem) item < newItem, 5)", "[5, 5, 7, 8]"),
    ("list replace([2], function(item) true, 5)", "null"), ("list replace([2], function(a, b) a, 5)", "null"),
    ("reverse([1, 2, 3])", "[3, 2, 1]"), ("index of([1, 2, 1], 1)", "[1, 3]"), ("index of([1, null], null)", "[2]"),
    ("union([1, 2], [2, 3])", "[1, 2, 3]"),
    ('distinct values([1, 2, 1.0, "1", [1], [1], null, null])', '[1, 2, "1", [1], null]'),
    ("flatten([[1, [2]], 3, []])", "[1, 2, 3]"), ('distinct values([true, 1, @"P1D", @"PT24H"])', '[true, 1, @"P1D"]'),
    # numbers
    ("decimal(2.5, 0)", "2"), ("decimal(1/3, 2.5)", "0.33"), ("decimal(1234.567, -2)", "1200"),
    ("decimal(-0.6, 0)", "-1"), ("decimal(1, 7000)", "null"), ("floor(-1.56, 1)", "-1.6"),
    ("floor(1.5, null)", "null"), ("ceiling(-1.5)", "-1"),
    ("ceiling(1e-6000)", "1"), ("floor(-1e-6000)", "-1"), ("round up(1.121, 2)", "1.13"),
    ("round down(-1.126, 2)", "-1.12"), ("round half up(-5.5, 0)", "-6"), ("round half down(5.5, 0)", "5"),
    ("round half up(0.04999, 1)", "0"),
    ("round up(5.5, 6176)", "5.5"), ("round up(5.5, 6177)", "null"), ("abs(-1)", "1"), ('abs(@"-P1Y")', '@"P1Y"'),
    ("modulo(-12, 5)", "3"), ("modulo(12, -5)", "-3"), ("modulo(10.1, 4.5)", "1.1"), ("modulo(1, 0)", "null"),
    ("modulo(1e6000, 3)", "1"), ("modulo(-1e40, 7)", "3"), ("modulo(1e6144, 1e-6176)", "0"),
    ("sqrt(16)", "4"), ("sqrt(-1)", "null"), ("log(1)", "0"), ("log(0)", "null"), ("exp(0)", "1"),
    ("exp(1e10)", "null"), ("odd(3)", "true"), ("odd(-3)", "true"), ("even(2.5)", "false"), ("even(1e40)", "true"),
    ("odd(1e40)", "false"),
    # temporal
    ('day of year(@"2020-12-31")', "366"), ('day of week(@"2019-09-17T10:00:00")', '"Tuesday"'),
    ('month of year(@"2019-09-17")', '"September"'), ('week of year(@"2003-12-29")', "1"),
    ("now()", '@"2023-11-14T22:13:20Z"'), ("today()", '@"2023-11-14"'),
    # sort
    ("sort([3, 1, 2])", "[1, 2, 3]"), ("sort([3, 1, 2], function(a, b) a > b)", "[3, 2, 1]"),
    ('sort([1, "a"])', "null"), ("sort([1], function(a) true)", "null"),
    ("sort([{a: 1, b: 1}, {a: 0, b: 2}, {a: 1, b: 3}], function(x, y) x.a < y.a).b", "[2, 1, 3]"),
    # contexts
    ('get value({a: 1}, "a")', "1"), ('get value({a: 1}, "b")', "null"),
    ('get value({a: {b: 1}}, ["a", "b"])', "null"), ("get value({a: 1}, [{a: 1}])", "null"),
    ('get entries({a: 1})', '[{key: "a", value: 1}]'), ('context put({a: 1}, "b", 2)', "{a: 1, b: 2}"),
    ('context put({x: 1, y: {a: 0}}, ["y", "a"], 2)', "{x: 1, y: {a: 2}}"), ('context put({}, ["y", "a"], 2)', "null"),
    ('context put({}, [], 2)', "null"), ("context merge([{a: 1}, {a: 2, b: 3}])", "{a: 2, b: 3}"),
    ("context merge([1])", "null"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_function(text: str, expected: str) -> None:
    assert literal(text) == expected


def test_every_function_has_a_case() -> None:
    texts = " ".join(text for text, _ in (*CASES, *RELATIONS))
    assert [name for name in BUILTINS if f"{name}(" not in texts] == []


RELATIONS = [
    ("before(1, 10)", True), ("before(1, (1..10])", True), ("before([1..10], 10)", False),
    ("before([1..10), 10)", True), ("before([1..10), [10..20])", True), ("after([12..21], [1..10])", True),
    ("after(11, [1..11))", True), ("after(1, (<1))", True),
    ("meets([1..5], [5..10])", True), ("meets([1..5), [5..10])", False), ("met by([5..10], [1..5])", True),
    ("overlaps([1..5], [3..8])", True), ("overlaps([1..5), [5..8])", False), ("overlaps((3..8], [1..5])", True),
    ("overlaps before([1..5], [3..8])", True), ("overlaps before([1..5], [5..8])", True),
    ("overlaps before([1..5), (1..5])", True), ("overlaps before([3..8], [1..5])", False),
    ("overlaps after([3..8], [1..5])", True), ("overlaps after((1..5], [1..5))", True),
    ("finishes(10, [1..10])", True), ("finishes(10, [1..10))", False), ("finishes([5..10], [1..10])", True),
    ("finishes([5..10), [1..10])", False), ("finished by([1..10], 10)", True), ("finished by([1..10], [5..10])", True),
    ("finished by([5..10], 10)", True),
    ("includes([1..10], 5)", True), ("includes([1..10), 10)", False), ("includes([1..10], [4..6])", True),
    ("includes([1..10], [1..10))", True), ("during(5, [1..10])", True), ("during((1..10), [1..10])", True),
    ("during((<3), [1..5])", False),
    ("starts(1, [1..10])", True), ("starts(1, (1..10])", False), ("starts([1..5], [1..10])", True),
    ("starts((1..5], [1..10])", False), ("started by([1..10], 1)", True), ("started by([1..10], [1..5])", True),
    ("started by([1..10], [1..10))", True),
    ("coincides(5, 5)", True), ("coincides([1..5], [1..5])", True), ("coincides((1..5], [1..5])", False),
    ('before(1, "a")', None), ('before(@"2020-01-01", [@"2020-01-02"..@"2020-01-03"])', True), ("before(1)", None),
    ("meets(1, [1..2])", None),
    ("before(point: 1, range: [2..3])", True), ("before(range: [1..2], point: 3)", True),
    ("after(range: [1..2], point: 3)", False), ("after(point: 3, range: [1..2])", True),
    ("coincides(< 5, < 5)", True), ("coincides(< 5, < 6)", False), ("starts(< 3, < 5)", True),
    ("finishes(> 5, >= 3)", True), ("coincides([null..5], < 5)", False), ("coincides(> 5, < 5)", False),
    ("before(point1: 1, point2: 2)", True), ("includes(range: [1..10], point: 5)", True),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), RELATIONS)
def test_ranges(text: str, expected: bool | None) -> None:
    assert literal(text) == {True: "true", False: "false", None: "null"}[expected]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('sum(1, 2, "x")', ["not numbers"]),
        ('substring("abc", "x")', ["start position", "substring", "string", "number"]),
        ("abs(1, 2)", ["abs(n)"]),
        ("count()", ["count(list)"]),
        ('date("2020-02-30")', ["2020", "30"]),
        ('matches("a", "[")', ["character 2"]),
    ],
)
def test_null_has_a_reason(text: str, words: list[str]) -> None:
    (found,) = problems(text)
    assert all(word in found.message for word in words), found.message
