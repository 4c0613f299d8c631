"""Which names an expression sees, and what stands before what (DMN 1.5, 10.3.2.11 and 10.4)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.dmn.models import decision, input_data, item, literal, model, source

from anyshore import dmn, feel
from anyshore.feel.builtins.table import BUILTINS


@pytest.mark.parametrize("name", sorted(BUILTINS))
def test_an_input_stands_before_the_function_of_its_name(name: str) -> None:
    m = dmn.read(
        f"""<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" id="d" name="d" namespace="urn:d">
        <inputData id="i" name="{name}"/><decision id="D" name="D"><informationRequirement><requiredInput href="#i"/>
        </informationRequirement><literalExpression><text>[{name}, {{a: {name}}}.a]</text></literalExpression>
        </decision></definitions>"""
    )
    assert dmn.check(m) == []
    assert m.decide("D", {name: "given"}).value == ["given", "given"]
    assert feel.compile(name).evaluate({name: "given"}) == "given"
    assert name in feel.compile(name).free_names
    assert feel.compile(name).unknown_names == []


@pytest.mark.parametrize(
    ("name", "call", "value"),
    [
        ("met by", "met by([3..4], [1..3])", True),
        ("day of week", 'day of week(@"2026-11-30")', "Monday"),
        ("list contains", "list contains([1], 1)", True),
        ("date and time", 'date and time("2026-11-30T10:00:00").hour', Decimal(10)),
        ("index of", "index of([1], 1)[1]", Decimal(1)),
    ],
)
def test_a_decision_named_like_a_function_hides_it_from_those_who_require_it_only(
    name: str, call: str, value: object
) -> None:
    named = decision(literal(call), name).replace(f'id="{name}"', 'id="n"')
    m = model(named + decision(literal(call), "other"))
    assert m.decide(name, {}).value == value  # its own name is not in its scope
    assert m.decide("other", {}).value == value
    requires = '<informationRequirement><requiredDecision href="#n"/></informationRequirement>'
    m = model(named + decision(requires + literal(f"[{name}, count([1])]"), "user"))
    assert m.decide("user", {}).value == [value, Decimal(1)]


def test_a_name_with_an_operator_is_one_name_only_where_it_is_in_scope() -> None:
    minus = decision(literal('"the decision"'), "price - discount").replace('id="price - discount"', 'id="m"')
    inputs = input_data("price") + input_data("discount")
    m = model(minus + inputs + decision(literal("price - discount"), "D", inputs=("price", "discount")))
    assert m.decide("D", {"price": 10, "discount": 3}).value == Decimal(7)
    requires = '<informationRequirement><requiredDecision href="#m"/></informationRequirement>'
    m = model(minus + decision(requires + literal("price - discount")))
    assert m.decide("D", {}).value == "the decision"


def test_keys_of_contexts_are_names_behind_a_dot_and_in_filters() -> None:
    kind = (
        '<itemDefinition name="t" isCollection="true"><itemComponent name="net-amount"><typeRef>number</typeRef>'
        "</itemComponent></itemDefinition>"
    )
    rows = input_data("rows", "t")
    for text in ("rows[net-amount > 5].net-amount", "for row in rows[item.net-amount > 5] return row.net-amount"):
        m = model(kind + rows + decision(literal(text), inputs=("rows",)))
        assert m.decide("D", {"rows": [{"net-amount": 4}, {"net-amount": 6}]}).value == [Decimal(6)]
    numbers = input_data("net") + input_data("amount")
    m = model(kind + numbers + decision(literal("net-amount"), inputs=("net", "amount")))
    assert m.decide("D", {"net": 5, "amount": 2}).value == Decimal(3)


def test_knowledge_named_like_a_function_calls_the_function() -> None:
    body = literal("count(list) + 1")
    knowledge = (
        '<businessKnowledgeModel id="k" name="count"><variable name="count"/><encapsulatedLogic>'
        f'<formalParameter name="list"/>{body}</encapsulatedLogic></businessKnowledgeModel>'
    )
    m = model(knowledge + decision(literal("count([5, 5])"), knows="k"))
    assert m.decide("D", {}).value == Decimal(3)


def test_in_a_file_of_the_standard_a_variable_hides_the_function_also_from_calls() -> None:
    m = model(input_data("count") + decision(literal("count([1, 2])"), inputs=("count",)))
    result = m.decide("D", {"count": 7})
    assert result.value is None
    assert "count is no function" in result.diagnostics[0].message or "no function" in result.diagnostics[0].message


DATE = input_data("date", "date")
COLUMN = '<inputExpression><text>date</text></inputExpression></input><output/><rule id="r"><inputEntry><text>'
TABLE = (
    f'<decisionTable><input id="c">{COLUMN}&lt; date("2026-06-01")</text></inputEntry>'
    "<outputEntry><text>1</text></outputEntry></rule></decisionTable>"
)


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (DATE + decision(literal('date < date("2026-06-01")'), inputs=("date",)), 1),
        (DATE + decision(TABLE, inputs=("date",)), 1),
        (input_data("date") + decision(TABLE, inputs=("date",)), 1),
        (input_data("met by", "number") + decision(literal("for x in [1] return met by(x, [met by])"),
                                                   inputs=("met by",)), 1),
        (DATE + decision(literal('date < @"2026-06-01"'), inputs=("date",)), 0),
        (DATE + decision(literal('{date: function(x) x, r: date(1), s: date}.s'), inputs=("date",)), 0),
        (input_data("day", "date") + decision(literal('day < date("2026-06-01")'), inputs=("day",)), 0),
    ],
)  # fmt: skip
def test_the_check_tells_a_call_of_what_is_a_value_here(body: str, found: int) -> None:
    problems = [one for one in dmn.check(model(body)) if one.code == "dmn.hidden-function"]
    assert len(problems) == found
    assert all("no function" in one.message and "rename" in one.hint for one in problems)


def test_a_file_of_camunda_calls_the_function_and_is_not_told() -> None:
    body = DATE + decision(literal('date("2026-06-01")'), inputs=("date",))
    text = source(body).replace(b"<definitions ", b'<definitions exporter="Camunda Modeler" ')
    assert "dmn.hidden-function" not in [one.code for one in dmn.check(dmn.read(text))]


def test_a_type_named_like_a_function_changes_nothing() -> None:
    m = model(item("count", "number") + decision(literal("count([1, 2])")))
    assert m.decide("D", {}).value == Decimal(2)
