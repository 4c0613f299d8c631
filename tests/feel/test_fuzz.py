"""Whatever text and values come in: a value or a FeelError comes out."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.draws import examples
from tests.feel.helpers import NOW

from anyshore import feel
from anyshore.base.errors import Diagnostic, FeelError
from anyshore.feel.builtins.table import BUILTINS

WORDS = [
    "1", "0", "2.5", "-", "+", "*", "/", "**", "(", ")", "[", "]", "{", "}", ",", ":", ".", "..", "=", "!=", "<", ">=",
    '"a"', '"P1D"', "@", "x",
    "a b", "?", "item", "partial", "for", "in", "return", "some", "every", "satisfies", "if", "then", "else",
    "function", "external", "null", "true",
    "false", "and", "or", "not", "between", "instance of", "list<number>", "number", "date", "1e400", '"\\u00', "/*",
    "//", "1..3", "[1..3]", "x[1]",
    *(f"{name}(" for name in BUILTINS),
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join) | st.text(max_size=30)
LIMITS = feel.Limits(steps=5_000, string=10_000, regex_seconds=0.05)

ATOMS = st.sampled_from(
    ["null", "true", "1", "-2.5", "1e300", '""', '"ab"', '"[a-"', '@"2020-02-29"', '@"10:00:00@Europe/Paris"',
     '@"2020-01-01T00:00:00Z"',
     '@"P1D"', '@"-P1Y"', "[]", "[1, 2]", '["a", null]', "{a: 1}", "[1..5)", "(< 3)", "function(a) a",
     "function(a, b) a < b", "abs", "x", "1e-6000"]
)  # fmt: skip


def _expressions(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    operators = ["+", "-", "*", "/", "**", "=", "!=", "<", "<=", "and", "or", "in"]
    return st.one_of(
        st.tuples(inner, st.sampled_from(operators), inner).map(lambda p: f"({p[0]} {p[1]} {p[2]})"),
        st.tuples(st.sampled_from(sorted(BUILTINS)), st.lists(inner, max_size=4)).map(
            lambda p: f"{p[0]}({', '.join(p[1])})"
        ),
        st.tuples(inner, inner).map(lambda p: f"({p[0]})[{p[1]}]"),
        st.tuples(inner, inner).map(lambda p: f"(for x in {p[0]} return {p[1]})"),
        st.tuples(inner, inner).map(lambda p: f"(some x in {p[0]} satisfies {p[1]})"),
        inner.map(lambda p: f"({p}).a"),
        st.tuples(inner, inner).map(lambda p: f"[{p[0]}..{p[1]}]"),
        st.tuples(inner, inner).map(lambda p: f"(function(x) {p[0]})({p[1]})"),
    )


def _evaluated(text: str) -> None:
    found: list[Diagnostic] = []
    try:
        expression = feel.compile(text, names=["a b"])
        with_diagnostics = expression.evaluate({"x": None}, now=NOW, diagnostics=found, limits=LIMITS)
        quiet = expression.evaluate({"x": None}, now=NOW, limits=LIMITS)
        assert feel.format(with_diagnostics) == feel.format(quiet)
        feel.infer(expression.tree, {})
        feel.constant(expression.tree)
    except FeelError:
        return
    for one in found:
        assert one.location.line is not None
        assert "Python" not in one.message


@settings(max_examples=examples(300))
@given(TEXTS)
def test_any_text(text: str) -> None:
    _evaluated(text)
    try:
        feel.compile_unary_tests(text).evaluate({"?": None, "x": None}, limits=LIMITS)
    except FeelError:
        return


@settings(max_examples=examples(400))
@given(st.recursive(ATOMS, _expressions, max_leaves=8))
def test_any_expression(text: str) -> None:
    _evaluated(text)
