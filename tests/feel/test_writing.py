"""What writes FEEL writes names so that they are read back: in quotes where they need them."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from anyshore import feel
from anyshore.feel import juel
from anyshore.feel.lexer import KEYWORDS

PARTS = st.sampled_from(
    [*sorted(KEYWORDS), "a", "b c", "?", "?a", "é", "ª", "·", "_", "1", "0.5", " ", "  ", "\t", "\n", "\r", "-", "+",
     "*", "/", "//", "/*", "*/", ".", "..", "'", '"', "\\", "\\n", ":", ",", "{", "}", "[", "]", "(", ")", "=", "<",
     "@", "$", "#{", "${", "\u00a0", "\u2028", "\U0001f600", "not", "date", "item"]
)  # fmt: skip
KEYS = st.text(max_size=8) | st.lists(PARTS, max_size=5).map("".join) | st.lists(PARTS, max_size=4).map(" ".join)
"""Keys of contexts, most of them of the signs and words that mean something to FEEL."""
VALUES = st.sampled_from([None, True, False, "null ]", [None], [True, None], {"null": None}, [{"true": True}, False]])


@given(st.dictionaries(KEYS, VALUES, max_size=4))
@example({"? ?": None})
@example({"null ]": None, "a": [None]})
@example({"true , false": True, "a": [True, False]})
@example({"a  b": None, "a b": True})
@example({"for": None, "a for": True})
@example({"a // b": None, "a": None})
@example({"": None, "\r\n": True})
@example({"0\r": None, "a ": True})
def test_a_context_is_read_back_whatever_its_keys(context: dict[str, object]) -> None:
    assert feel.compile(feel.format(context)).evaluate({}) == context


@given(KEYS)
@example("then")
@example("a$b")
@example("? ?")
@example("ª")
def test_an_entry_is_reached_whatever_its_key(name: str) -> None:
    assert feel.compile(feel.member("x", name)).evaluate({"x": {name: "found"}}) == "found"
    written = "{" + feel.key(name) + ": 1}"
    assert feel.compile(written).evaluate({}) == {name: 1}


@given(KEYS)
@example("then")
@example("a-b")
def test_what_is_a_name_reads_the_variable_of_that_name(name: str) -> None:
    if feel.is_name(name):
        assert feel.compile(name).evaluate({name: "found"}) == "found"
        assert feel.compile(f"if {name} = null then 1 else {name}").evaluate({name: "found"}) == "found"


@given(st.text(max_size=20) | KEYS)
def test_a_text_is_read_back(text: str) -> None:
    assert feel.compile(feel.quoted(text)).evaluate({}) == text
    if not juel.is_expression(text):
        assert feel.compile(juel.to_feel(text)).evaluate({}) == text


@given(KEYS)
@example("then")
@example("a$b")
@example("ª")
def test_a_juel_name_reads_its_variable_or_is_refused(name: str) -> None:
    try:
        found = juel.to_feel(f"${{{name}}}")
    except juel.NotTranslatable:
        return
    if juel.is_expression(f"${{{name}}}") and name.isidentifier() and name not in ("true", "false", "null", "empty"):
        assert feel.compile(found).evaluate({name: "found"}) == "found"


@given(KEYS)
@example("a$b")
@example("for")
@example("? ?")
@example('it\'s "so"')
@example("\\")
def test_a_juel_entry_is_read_whatever_its_key(key: str) -> None:
    written = key.replace("\\", "\\\\").replace("'", "\\'")
    assert feel.compile(juel.to_feel(f"${{order['{written}']}}")).evaluate({"order": {key: "found"}}) == "found"


@pytest.mark.parametrize("name", ["for", "then", "in", "a$b", "ª"])
def test_a_variable_that_feel_cannot_name_is_refused_by_name(name: str) -> None:
    with pytest.raises(juel.NotTranslatable, match="variable"):
        juel.to_feel(f"${{{name}}}")
    with pytest.raises(juel.NotTranslatable, match="variable"):
        juel.to_feel(f"${{execution.getVariable('{name}')}}")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("${order.then}", "order.then"),
        ("${order.a$b}", 'get value(order, "a$b")'),
        ("${order.getFor()}", "order.for"),
        ("${order.lines[0].in == 1}", "order.lines[1].in = 1"),
    ],
)
def test_entries_of_juel(text: str, expected: str) -> None:
    assert juel.to_feel(text) == expected
    feel.compile(expected)
