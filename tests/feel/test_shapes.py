"""Code that texts of one shape share: whatever their literals are, they mean what they mean alone."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path

import pytest
from lxml import etree
from tests.draws import seeds

from anyshore import feel
from anyshore.base.errors import FeelError
from anyshore.base.locations import Location
from anyshore.feel.expression import Sharing
from anyshore.feel.shapes import Shapes

ALONE = feel.Names()
"""Names of none: what is compiled with names of its own shares no code."""

TEXTS = (
    "1 + 2 * 3", "-5", "--5", "-(5)", "- -(-5) ** 2", "[1, 2, 3][2]", "[1, 2, 3][-1]", "[1..5]", "5 in [1..10]",
    "5 in (1..10[", "1..5", "1...5", "1.5.5", ".5", "x.5", "x .5", "1.", "5 e3", "5e3 + 1", "1E-7000 + 2",
    "1e9 + 1e9999", '"a" + "b"', '"a\\"b" = "a\\u0041"', '"" + "\\n"', '"a" "b"', '"', '1 + "', "x1 + 1", "x 1 + 1",
    "step 2 + 1", '{"a b": 1, c: a b}', "{a 1: 5, b: a 1 + 2}", '{a: 1, a: 2}', "{a: 1, b: a + 1}.b",
    'x = "a" or x = 5', "a > 10", '@"2026-01-01"', '@"2026-01-01" + @"P1D"', '@"12:00:00" < @"13:00:00"', '@"foo"',
    "@5", 'date("2026-02-30")', 'date("2026-01-31") + duration("P1M")', 'date and time("2026-01-01T10:00:00").year',
    'date("2026-01-01").month', 'time("10:00:00")', 'duration("P1D") * 2', 'date("x" + "y")',
    'if 1 > 2 then "a" else "b"', "1 / 0", "1 < \"a\"", "for i in 1..3 return i * 2",
    "for i in [1, 2] return for j in [10, 20] return i + j", "some x in [1, 2] satisfies x > 1",
    "every x in [1, 2] satisfies x > 0 and x < 3", "[1, 2, 3][item > 1]", "[{a: 1}, {a: 2}][a = 2].a",
    'contains("abc", "b")', 'substring("abcde", 2, 2)', 'substring(string: "abc", start position: 2)',
    'split("a,b", ",")', 'split("a.b", ".")', 'matches("abc", "b")', 'matches("abc", "[")',
    'replace("abc", "b", "x")', "max(1, 2, 3)", "max([1, 2])", "sum([])", "(function(a) a + 1)(2)",
    "sort([2, 1], function(a, b) a < b)", "1 instance of number", '"a" instance of string', "5 between 1 and 10",
    "1 // 2", "1 /* 2 */ + 3", '1 + 2 // "x', '"http://x" = "http://y"', "floor(1.5)", "decimal(1/3, 2)",
    "number(\"1\", \",\", \".\")", 'string length("abc")', "not(true)", "true and 1", "null = 1", "abs(-1)",
    "[[1], [2]][1]", "count([1, 2, 3]) + 1", "range(\"[1..5]\")", "(> 5)", "5 in (> 3)", "5 in (1, 2, 5)",
    "index of([1, 2, 1], 1)", "@\"P1D\" = 1", "for i in 1..100000000 return i",
    "for i in 1..30000 return for j in 1..30000 return 1", '"a" in ["a", "b"]', "today()", "a + b", "a = x",
    "[a, b, a]", "{a: 1, x: a}", "{a: b, b: a}", "{a: 1}.a", "{a: {b: 2}}.a.b", "a.b", "[{a: 1}][a = 1]",
    "for a in b return a + x", "for a in b, x in a return x", "some a in [1] satisfies a = b", "a in (b, x)", "a(1)",
    "a(x: 1)", "1 in a", "a instance of b", "a instance of number", "a instance of list<b>",
    "a instance of context<b: number>", "x.start", "[{a: 1}, {b: 2}].b", "if a then b else x", "a between b and x",
    "count(a)", "abs(n: a)", "abs(a: 1)", "a b", "a b + 1", "{a b: 1, x: a b}", "{a-b: 1, x: a-b}",
    "{a: 1, b: {x: a}}.b.x", "b[1]", "b[item = 1]", "b[a = 12]", "a[x]", "-a", "a in [1..b]",
)  # fmt: skip

LITERALS = (
    "0", "1", "2", "-1", "10", "1.50", "0.5", ".5", "007", "1e3", "2E-2", "1e9999", "1e-9999",
    "12345678901234567890123456789012345678", '""', '"a"', '"abc"', '"if"', '"2026-01-31"', '"2026-02-30"', '"P1D"',
    '"P1M"', '"10:00:00"', '"2026-01-01T10:00:00"', '"\\u00e9"', '"\\\\"', '"\\""', '" "', '"a b"', '","', '"//"',
    '"/* x"', '"."', '"["', '"横"', '"[1..3]"',
)  # fmt: skip
_LITERAL = re.compile(r'"(?:[^"\\]|\\.)*"|(?<![\w.])\d*\.?\d+(?:[eE][+-]?\d+)?')
LIMITS = feel.Limits(steps=10_000)
_WORD = re.compile(r'"(?:[^"\\]|\\.)*"|[ ]+|(?<![\w.])[a-z]\w*')
WORDS = (
    "a", "b", "x", "zz", "date", "item", "count", "if", "time", "start", "partial", "number", "of", "in", "a b", "x1",
    "é", "list", "and", "not", "null", "year", "matches", "function", "?", "a-b", "é1", "Any", "external",
)  # fmt: skip
VARIABLES = {"a": Decimal(12), "x": "a", "b": [Decimal(1)], "x1": Decimal(3)}


def varied(text: str, chance: random.Random) -> str:
    """The text with other literals, mostly of the same kind, and here and there other names or blanks."""
    others: dict[str, str] = {}

    def renamed(found: re.Match[str]) -> str:
        word = found[0]
        if word[0] in '" ':
            return word if word[0] == '"' or chance.random() < 0.9 else chance.choice(("  ", "\n ", "\t"))
        if word not in others:
            others[word] = chance.choice(WORDS) if chance.random() < (0.5 if len(word) == 1 else 0.03) else word
        return others[word]

    def other(found: re.Match[str]) -> str:
        same = [one for one in LITERALS if (one[0] == '"') == (found[0][0] == '"')]
        return chance.choice(LITERALS if chance.random() < 0.1 else same) if chance.random() < 0.7 else found[0]

    return _WORD.sub(renamed, _LITERAL.sub(other, text))


def outcome(text: str, *, alone: bool) -> object:
    """What an expression gives, or why not, in full."""
    try:
        compiled = feel.compile(text, names=ALONE if alone else (), location=Location("f", line=7, column=3))
        found = compiled.evaluate(VARIABLES, now=10**15, limits=LIMITS)
    except FeelError as problem:
        return problem.code, problem.message, problem.location, problem.hint
    return type(found), "" if callable(getattr(found, "body", None)) else repr(found), compiled.free_names


def same(texts: list[str]) -> int:
    """How many of the texts shared code; each means the same as alone."""
    shared = 0
    for text in texts:
        assert outcome(text, alone=False) == outcome(text, alone=True), text
        try:
            shared += isinstance(feel.compile(text), Sharing)
        except FeelError:
            continue
    return shared


@pytest.mark.drawn
def test_what_shares_code_means_what_it_means_alone() -> None:
    shared = total = 0
    for seed in seeds(30):
        chance = random.Random(seed)
        texts = [varied(text, chance) for text in TEXTS]
        shared, total = shared + same(texts), total + len(texts)
    assert shared > total / 2


@pytest.mark.drawn
def test_the_expressions_of_the_kit_mean_the_same_with_other_literals(data_dir: Path) -> None:
    texts = list(dict.fromkeys(_of_the_kit(data_dir)))
    for seed in seeds(1, 4):
        chance = random.Random(seed)
        assert same([varied(text, chance) for text in texts if len(text) < 200]) > len(texts) / 2


def _of_the_kit(data_dir: Path) -> Iterator[str]:
    for model in sorted((data_dir / "dmn-tck").rglob("*.dmn")):
        for one in etree.parse(model).iterfind(".//{*}decision/{*}literalExpression/{*}text"):
            yield (one.text or "").strip()


def test_messages_tell_of_the_text_that_was_given() -> None:
    for limit in range(5, 8):
        feel.compile(f"for i in 1..{limit} return i")
    with pytest.raises(FeelError) as caught:
        feel.compile("  for i in 1..9000000000 return i", location=Location("f.dmn")).evaluate({})
    assert (caught.value.code, caught.value.location) == ("feel.budget.steps", Location("f.dmn", line=1, column=7))


def test_reasons_tell_of_the_text_that_was_given() -> None:
    for text in ('1 + "a"', '  100 + "bc"'):
        reasons: list[feel.Run] = []
        assert feel.compile(text).evaluate({}, diagnostics=reasons) is None  # type: ignore[arg-type]
        assert [one.location.column for one in reasons] == [len(text) - len(text.lstrip()) + 1]  # type: ignore[attr-defined]


def test_an_expression_that_shares_code_is_one_like_any_other() -> None:
    for limit in range(5, 7):
        feel.compile(f"b + 1 > {limit}")
    one = feel.compile("b + 3 > 7", location=Location("x"))
    assert isinstance(one, Sharing)
    assert one.free_names == {"b"}
    assert [one.evaluate({"b": Decimal(5)}), one.evaluate({"b": Decimal(4)})] == [True, False]
    assert type(one) is feel.Expression
    assert one.source == "b + 3 > 7"
    assert one.tree == feel.compile("b + 3 > 7", names=ALONE).tree
    assert [name for name, _ in feel.compile("b + 4 > 7").unknown_names] == ["b"]
    with pytest.raises(AttributeError):
        feel.compile("b + 5 > 7").other  # type: ignore[attr-defined]  # noqa: B018


def test_threads_share_code() -> None:
    def many(offset: int) -> list[object]:
        return [feel.compile(f"[{n}, {n + offset}][2] - {n}").evaluate({}) for n in range(300)]

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(many, range(8))) == [[Decimal(offset)] * 300 for offset in range(8)]


def test_a_shape_that_is_long_out_of_use_is_forgotten() -> None:
    shapes = Shapes(most=2)
    for key in "abc":
        shapes.add((key,), None)
    assert [(key in shapes.found) for (key) in (("a",), ("b",), ("c",))] == [False, False, True]
    assert shapes.look(("a",)) == (True, None)  # it is among the newest again
    shapes.add(("d",), None)
    assert [shapes.look((key,))[0] for key in "abcd"] == [True, False, True, True]
    shapes.forget()
    assert not shapes.look(("d",))[0]
