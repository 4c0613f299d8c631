"""Every problem of a model and of an expression says what to do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.dmn.models import decision, input_data, literal, model, source

import anyshore
from anyshore import dmn, feel
from anyshore.base.errors import Diagnostic, DmnError, FeelError
from anyshore.dmn.hints import HINTS as OF_MODELS
from anyshore.feel.hints import HINTS as OF_EXPRESSIONS

CODE = Path(anyshore.__file__).parent


@pytest.mark.parametrize(("package", "hints"), [("feel", OF_EXPRESSIONS), ("dmn", OF_MODELS)])
def test_hints_are_of_codes_there_are(package: str, hints: dict[str, str]) -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in (CODE / package).glob("**/*.py"))
    written = set(re.findall(rf'"({package}\.[a-z.-]+)"', text))
    assert {code for code in hints if not code.startswith("feel.budget.")} <= written


BROKEN = [
    "1 +", "x y", "1 + null", "[1][3]", "{a: 1, a: 2}", '@"x"', "1 / 0", "9e6144 * 9", "missing", "abs(1, 2)",
    'abs("x")', "null(1)", "function(a) external {}", "1 instance of list", 'number("x", ",", ".")', '"a" - 1',
    "for i in 1..2000000 return i", "if 1 then 2 else 3", "1 in [2..1]", "1 instance of nothing", "", "(1",
    "some x in 5 satisfies x", "[1, 2][item = ]", "not(5)",
]  # fmt: skip


@pytest.mark.parametrize("text", BROKEN)
def test_every_problem_of_an_expression_has_a_hint(text: str) -> None:
    found: list[Diagnostic] = []
    try:
        feel.compile(text).evaluate({}, diagnostics=found)
    except FeelError as error:
        found += error.diagnostics
    assert all(one.hint for one in found)
    assert len(set(found)) == len(found)


MODELS = [
    decision(literal("missing + 1")), decision(literal("1 +")), decision(literal('"a"'), type_ref="number"),
    decision(literal("x"), type_ref="nothing"), input_data("unused") + decision(literal("1")),
    '<decision id="d" name="d"/>', '<decision id="d" name="d"><informationRequirement><requiredInput href="#none"/>'
    "</informationRequirement></decision>", decision(literal('1 + "a"')),
    '<decision id="d" name="d"><informationRequirement><requiredDecision href="#d"/></informationRequirement>'
    + literal("d") + "</decision>",
]  # fmt: skip


@pytest.mark.parametrize("body", MODELS)
def test_every_finding_of_a_model_has_a_hint(body: str) -> None:
    m = model(body)
    found = dmn.check(m) + m.decide(m.decisions[0].name, {}).diagnostics
    assert found
    assert [one.code for one in found if not one.hint] == []


def test_every_refusal_of_a_file_has_a_hint() -> None:
    broken = (
        '<decision id="a"/><decision id="a" name="b"/><decision id="c" name="c">'
        '<decisionTable hitPolicy="MOST"><input/>'
        "<rule><outputEntry><text>1</text></outputEntry></rule></decisionTable></decision>"
        '<decision id="e" name="e"><for/></decision><decision id="f" name="f"><context><contextEntry/><contextEntry/>'
        '</context></decision><decision id="g" name="g"><relation><column name="x"/><row/></relation></decision>'
        '<decision id="h" name="h"><informationRequirement><requiredInput/></informationRequirement></decision>'
        '<decision id="i" name="i"><invocation><binding/></invocation></decision>'
    )
    with pytest.raises(DmnError) as caught:
        dmn.read(source(broken))
    assert len(caught.value.diagnostics) > 8
    assert [one.code for one in caught.value.diagnostics if not one.hint] == []
