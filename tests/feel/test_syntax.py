"""Reading: names, places, and what is refused."""

from __future__ import annotations

import pytest
from tests.feel.helpers import literal, problems, value

from anyshore import feel
from anyshore.base.errors import FeelError
from anyshore.base.locations import Location
from anyshore.feel import nodes
from anyshore.feel.lexer import name_tokens, tokenize


def test_every_node_knows_its_place() -> None:
    text = 'if  amount > 10 then f(a, [1..2]) else {b: "x"}.b'
    tree = feel.compile(text).tree
    found: list[str] = []

    def walk(node: object) -> None:
        if isinstance(node, nodes.Node):
            found.append(text[node.start : node.end])
            for name in node.__slots__:
                walk(getattr(node, name))
        elif isinstance(node, tuple):
            for item in node:
                walk(item)

    walk(tree)
    assert found == [
        text, "amount > 10", "amount", "10", "f(a, [1..2])", "f", "a", "[1..2]", "1", "2", '{b: "x"}.b', '{b: "x"}',
        'b: "x"', '"x"',
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "variables", "expected"),
    [
        ("Full Name", {"Full Name": "x"}, "x"),
        ("Full   Name + Full", {"Full Name": "x", "Full": "y"}, "xy"),
        ("a-b - a", {"a-b": 5, "a": 2, "b": 1}, 3),
        ("a - b", {"a": 5, "b": 2}, 3),
        ("days in weekend + 1", {"days in weekend": 2}, 3),
        ("Mother's age", {"Mother's age": 50}, 50),
        ("if x then y", {"if x then y": 1}, 1),
        ("date", {"date": 5}, 5),
        ("loan.monthly rate * 2", {"loan": {"monthly rate": 3}}, 6),
        ("loan.rate/12", {"loan": {"rate/12": 3}}, None),
        ("_a1 + Ä", {"_a1": 1, "Ä": 2}, 3),
        ("不 + 1", {"不": 1}, 2),
        ("x.y", {"x": {"y": 1}, "x.y": 7}, 7),
    ],
)
def test_names(text: str, variables: dict[str, object], expected: object) -> None:
    assert value(text, **variables) == feel.from_python(expected)


def test_words_side_by_side_are_one_name_without_being_told() -> None:
    expression = feel.compile('Applicant Age > 18 and Country of Birth = "DE"')
    assert expression.free_names == {"Applicant Age", "Country of Birth"}


def test_free_and_unknown_names() -> None:
    expression = feel.compile("for i in list return i + rate +\n  other", names=["list", "rate"])
    assert expression.free_names == {"list", "rate", "other"}
    assert expression.unknown_names == [("other", Location(line=2, column=3))]


def test_names_inside_filters_may_be_entries() -> None:
    expression = feel.compile("orders[total > limit]", names=["orders", "limit"])
    assert expression.free_names == {"orders", "limit"}


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("", 1), ("1 +", 4), ("(1", 3), ("[1, ", 5), ("{a 1}", 5), ("{a: }", 5), ("1 2", 3), ("if a then b", 12),
        ("for in x return 1", 5), ("for x in y", 11), ("some x in y return 1", 13), ("f(a: 1, 2)", 9), ('"abc', 1),
        ("a.1", 2), ("a.+", 3), ("[1..2", 6), ("1 between 2", 12), ("x instance of", 14), ("x instance number", 12),
        ("1 /* a", 3),
        ("#", 1), ("@5", 1), ("function x", 10), ("]1..2", 6), ("1..2", 2), ("a[(", 4), ("and", 1),
        ("x instance of list<", 20), ("1 <> 2", 4), ("a = > 1", 5),
    ],
)  # fmt: skip
def test_refused_with_its_place(text: str, column: int) -> None:
    with pytest.raises(FeelError) as caught:
        feel.compile(text)
    assert caught.value.location.column == column
    assert caught.value.code.startswith("feel.")


def test_places_are_counted_from_where_the_text_stands() -> None:
    with pytest.raises(FeelError) as caught:
        feel.compile("1 +\n  )", location=Location(file="a.dmn", element="d", line=10, column=5))
    assert caught.value.location == Location(file="a.dmn", element="d", line=11, column=3)


def test_a_diagnostic_says_what_and_where() -> None:
    found, follows = problems('1 + 2 * "x"')
    assert found.location == Location(line=1, column=5)
    assert "“*”" in found.message
    assert '"x"' in found.message
    assert follows.location.column == 1
    missing, _ = problems("1 + nothing")
    assert missing.code == "feel.unknown-name"
    assert missing.location.column == 5


def test_strict_raises_at_the_first() -> None:
    expression = feel.compile('1 + "x"')
    assert expression.evaluate({}) is None
    with pytest.raises(FeelError, match="not defined"):
        expression.evaluate({}, strict=True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("number", "number"), ("list<string>", "list<string>"),
        ("context<a: number, b c: list<date and time>>", "context<a: number, b c: list<date and time>>"),
        ("function<number, string> -> Any", "function<number, string> -> Any"),
        ("range<days and time duration>", "range<days and time duration>"),
        ("tOwn Type", "tOwn Type"), ("other.tType", "other.tType"), ("list", "list<Any>"),
        ("function<>->number", "function<> -> number"),
    ],
)  # fmt: skip
def test_types_as_text(text: str, expected: str) -> None:
    assert str(feel.parse_type(text)) == expected


def test_a_type_named_with_operators_is_known_by_the_model() -> None:
    known = {"t-Foo": feel.parse_type("number"), "lib.t-Bar 2": feel.parse_type("string")}
    for text in (
        "1 instance of t - Foo and true",
        '["a"] instance of list<lib.t-Bar 2>',
        "(function(x: t-Foo) x = 1)(1)",
    ):
        assert feel.compile(text, types=known).evaluate({}) is True


@pytest.mark.parametrize("text", ["", "list<", "list<number", "context<a>", "5", "number number>", "list<" * 100])
def test_types_refused(text: str) -> None:
    with pytest.raises(FeelError):
        feel.parse_type(text)


def test_intervals_closed_by_an_opening_bracket() -> None:
    assert literal("{a: [1..3[, b: ]1..3[}") == "{a: [1..3), b: (1..3)}"
    assert literal("[1..[5, 6][2]]") == "[1..6]"


@pytest.mark.parametrize("text", ["1", "1 ", " 1\n", "1 // last", "1 /* last */ ", "", "  "])
def test_a_text_has_one_end(text: str) -> None:
    tokens = tokenize(text)
    assert tokens.kinds.count("end") == 1
    assert tokens.starts[-1] == tokens.ends[-1] == len(text)
    assert name_tokens("a-b ") == ("a", "-", "b")
