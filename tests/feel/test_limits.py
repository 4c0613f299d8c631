"""A stranger's expression ends soon, with a typed error."""

from __future__ import annotations

import pytest

from anyshore import feel
from anyshore.base.errors import FeelError

REFUSED = {
    "parentheses": "(" * 5000 + "1" + ")" * 5000,
    "lists": "[" * 5000,
    "negations": "-" * 5000 + "1",
    "ifs": "if true then " * 3000,
    "functions": "function() " * 3000 + "1",
    "path": "a" + ".b" * 20_000,
    "calls": "f" + "()" * 20_000,
    "types": "1 instance of " + "list<" * 3000 + "number" + ">" * 3000,
    "string without end": '"\\' * 200_000,
    "comment without end": "1 + " + "/*" * 200_000,
    "too long": "1 + " * 400_000 + "1",
    "loop": "for i in 1..1000000000000 return i",
    "loops": "for i in 1..10000, j in 1..10000 return 1",
    "nested loops": "for a in 1..1000 return for b in 1..1000 return for c in 1..1000 return 1",
    "some": "some i in 1..1000000000 satisfies false",
    "days": 'for d in @"-999999999-01-01"..@"999999999-01-01" return d',
    "range": "for i in [1..1e15] return i",
    "endless recursion": "{f: function(n) f(n + 1), r: f(1)}.r",
    "wide recursion": "{f: function(n) if n < 2 then n else f(n - 1) + f(n - 2), r: f(60)}.r",
    "strings that double": '{f: function(s, n) if n = 0 then s else f(s + s, n - 1), r: f("aaaaaaaa", 60)}.r',
    "lists that double": "{f: function(s, n) if n = 0 then s else f(concatenate(s, s), n - 1), r: f([1], 60)}.r",
    "shared values written": "{f: function(s, n) if n = 0 then s else f([s, s], n - 1), r: string(f([1], 60))}.r",
    "shared values flattened": "{f: function(s, n) if n = 0 then s else f([s, s], n - 1), r: flatten(f([1], 60))}.r",
    "deep value written": "string((for i in 1..5000 return if i = 1 then [] else [partial[-1]])[-1])",
    "long list many times": f"for i in 1..1000000 return [{'1,' * 1000}1]",
    "replacement": f'replace("{"a" * 10_000}", "a", "{"b" * 10_000}")',
    "powers": "for i in 1..900000 return i ** 1.5",
    "logarithms": "for i in 1..900000 return log(i)",
    "patterns": 'for i in 1..900000 return matches("abc", string(i))',
    "functions made": "count(for i in 1..900000 return function(x) x)",
    "one value written often": "{v: for i in 1..900 return [partial[-1]], r: for i in 1..1000 return string(v)}.r",
    "filters in filters": "[1, 2][" * 40 + "true" + "]" * 40,
}


@pytest.mark.parametrize("name", [name for name in REFUSED if name != "filters in filters"])
def test_refused(name: str) -> None:
    with pytest.raises(FeelError) as caught:
        feel.compile(REFUSED[name]).evaluate({})
    assert caught.value.code.startswith("feel.")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10 ** 10 ** 10 ** 10", "1E+1000"), ("10 ** (10 ** (10 ** 10))", "null"), ("1.0000001 ** 1e20", "null"),
        ("0.9999999 ** 1e33", "null"), ("exp(1e30)", "null"),
        ("+".join(["1"] * 20_000), "20000"), (" and ".join(["true"] * 20_000), "true"), ("1" * 100_000, "null"),
        ("1 in (" * 90 + "1" + ") + 1" * 90, "false"), ("a[" * 90 + "1" + "]" * 90, "null"),
        ("if a = 1 then 1 else " * 120 + "2", "2"),
        ("{f: function(s, n) if n = 0 then s else f([s, s], n - 1), x: f([1], 60), y: f([1], 60), r: x = y}.r", "true"),
        (
            "{f: function(s, n) if n = 0 then s else f([s, s], n - 1), r: f([1], 60) instance of list<list<number>>}.r",
            "false",
        ),
        ("{f: function(n) if n = 0 then 0 else 1 + f(n - 1), r: f(190)}.r", "190"),
    ],
)  # fmt: skip
def test_answered(text: str, expected: str) -> None:
    assert feel.format(feel.compile(text).evaluate({})) == expected


def test_budgets_are_the_callers() -> None:
    expression = feel.compile("for i in 1..100 return i")
    assert expression.evaluate({}) is not None
    with pytest.raises(FeelError, match="50 steps"):
        expression.evaluate({}, limits=feel.Limits(steps=50))


def test_one_run_is_shared_by_several_expressions() -> None:
    expression = feel.compile("for i in 1..100 return i")
    run = feel.Run(limits=feel.Limits(steps=150))
    expression.evaluate_in(run, {})
    with pytest.raises(FeelError):
        expression.evaluate_in(run, {})


def test_the_shared_quiet_run_is_never_used_up() -> None:
    expression = feel.compile("[1, 2, 3, 4, 5, 6] = [1, 2, 3, 4, 5, 6]")
    for _ in range(1000):
        assert expression.evaluate({}, limits=feel.Limits(steps=1)) is True
