"""JUEL as FEEL: the same value for the same variables."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anyshore import feel
from anyshore.feel import juel

GIVEN = {
    "x": 5, "y": 2, "amount": 12, "country": "DE", "ok": True, "none": None, "names": ["a", "b"], "nothing": [],
    "order": {"id": 7, "total": 4.5, "a b": {"deep": "d"}, "lines": [{"sku": "s1"}]},
    "numberOfInstances": 4, "numberOfCompletedInstances": 2, "loopCounter": 1,
}  # fmt: skip


def value(text: str) -> Any:
    variables = {name: feel.from_python(one) for name, one in GIVEN.items()}
    return feel.to_python(feel.compile(juel.to_feel(text)).evaluate(variables))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("${amount > 10 && country == 'DE'}", True),
        ("#{x}", 5),
        ('${execution.getVariable("x")}', 5),
        ("${task.getVariableLocal('x')}", 5),
        ("${execution.hasVariable('none')}", False),
        ("R3/PT10S", "R3/PT10S"),
        ("plain", "plain"),
        ("", ""),
        ('say "yes"\\n', 'say "yes"\\n'),
        ("Order ${order.id} of ${country}!", "Order 7 of DE!"),
        ("${x}${y}", "52"),
        ("${x == 5 and y ne 3}", True),
        ("${x lt 5 or y ge 2}", True),
        ("${not ok || !ok}", False),
        ("${x + y * 2 - 1}", 8),
        ("${(x + y) * 2}", 14),
        ("${-x}", -5),
        ("${x % y}", 1),
        ("${x mod y}", 1),
        ("${10 div 4}", 2.5),
        ("${x > y ? 'big' : 'small'}", "big"),
        ("${ok ? (x > 9 ? 1 : 2) : 3}", 2),
        ("${empty nothing}", True),
        ("${empty none}", True),
        ("${empty x}", False),
        ("${not empty names && ok}", True),
        ("${order.lines[0].sku}", "s1"),
        ("${order['a b'].deep}", "d"),
        ('${order.get("id")}', 7),
        ("${order.getTotal()}", 4.5),
        ("${names.get(1)}", "b"),
        ("${names.size() == 2}", True),
        ("${names.contains('b')}", True),
        ("${country.contains('E')}", True),
        ("${nothing.isEmpty()}", True),
        ("${country.isBlank()}", False),
        ("${' \u2003'.isBlank()}", True),
        ("${'\u00a0'.isBlank() ? 'blank' : 'kept'}", "kept"),
        ("${country.equals('DE')}", True),
        ("${country.toLowerCase().startsWith('d')}", True),
        ("${country.length()}", 2),
        ("${nrOfCompletedInstances / nrOfInstances >= 0.5}", True),
        ("${loopCounter}", 0),
        ("${vars:get(x)}", 5),
        ("${var:getOrDefault(none, 3)}", 3),
        ("${variables:eq('x', 5)}", True),
        ("${none == null}", True),
        ("${true}", True),
        ("${'it\\'s'}", "it's"),
        ("${'a}b'}", "a}b"),
    ],
)
def test_translated(text: str, expected: Any) -> None:
    found = value(text)
    assert found == expected
    assert type(found) is type(expected) or isinstance(expected, (int, float))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("${service.run(x)}", "run"),
        ("${order.getClass()}", "getClass"),
        ("${execution.processInstanceId}", "engine"),
        ("${execution.getProcessBusinessKey()}", "engine"),
        ("${S(json).prop('a').value()}", "function S"),
        ("${names[x]}", "number or a name"),
        ("${x", "brace"),
        ("${x +}", "early"),
        ("${x y}", "expected"),
        ("${(x}", "missing"),
        ("${x.(y)}", "property"),
        ("${x @ y}", "expected"),
        ("${var:get('a b')}", "variable"),
        ("${*}", "expected"),
    ],
)
def test_not_translated(text: str, why: str) -> None:
    with pytest.raises(juel.NotTranslatable, match=why):
        juel.to_feel(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("${mailer.send(to, order.id)}", juel.Call("mailer.send", ("to", "order.id"))),
        ("#{bean.run(execution)}", juel.Call("bean.run", ())),
        ("${a.b.c('x')}", juel.Call("a.b.c", ('"x"',))),
        ("${execution.setVariable('x', 1)}", None),
        ("${a + b}", None),
        ("${f(x)}", None),
        ("${a.b(c) + 1}", None),
    ],
)
def test_calls(text: str, expected: juel.Call | None) -> None:
    assert juel.call(text) == expected


NUMBERS = st.integers(0, 99).map(str)
TERMS = st.recursive(
    NUMBERS | st.sampled_from(["x", "y"]),
    lambda inner: st.tuples(inner, st.sampled_from(["+", "-", "*"]), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
    max_leaves=8,
)


@given(TERMS, TERMS, st.sampled_from([("<", "<"), ("ge", ">="), ("==", "=="), ("ne", "!=")]))
def test_arithmetic_and_comparison_agree_with_python(left: str, right: str, sign: tuple[str, str]) -> None:
    expected = eval(f"{left} {sign[1]} {right}", {"x": 5, "y": 2})  # written by the strategies above
    assert value(f"${{{left} {sign[0]} {right}}}") is expected


@given(st.text(max_size=40))
def test_any_text_is_translated_to_feel_or_refused(text: str) -> None:
    try:
        found = juel.to_feel(text)
    except juel.NotTranslatable:
        return
    if not juel.is_expression(text):
        assert feel.compile(found).evaluate({}) == text
