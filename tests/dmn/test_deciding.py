from __future__ import annotations

import datetime as python
from decimal import Decimal
from typing import Any

import pytest
from tests.dmn.models import decision, input_data, item, literal, model, source

from anyshore import dmn, feel
from anyshore.base.errors import DmnError

N = Decimal
BKM = (
    '<businessKnowledgeModel id="f" name="f"><variable name="f"/><encapsulatedLogic>'
    '<formalParameter name="x" typeRef="number"/>' + literal("x * 2") + "</encapsulatedLogic></businessKnowledgeModel>"
)
RELATION = (
    '<relation><column name="a b"/><column name="c"/><row>' + literal("1") + literal("2") + "</row><row>"
    + literal("3") + literal("4") + "</row></relation>"
)  # fmt: skip


def some(kind: str, domain: str, test: str) -> str:
    return f'<{kind} iteratorVariable="e"><in>{literal(domain)}</in><satisfies>{literal(test)}</satisfies></{kind}>'


def conditional(test: str) -> str:
    then, otherwise = literal('"y"'), literal('"n"')
    return f"<conditional><if>{literal(test)}</if><then>{then}</then><else>{otherwise}</else></conditional>"


def loop(domain: str, result: str) -> str:
    return f'<for iteratorVariable="e"><in>{literal(domain)}</in><return>{literal(result)}</return></for>'


@pytest.mark.parametrize(
    ("logic", "wanted"),
    [
        (literal("1 + 1"), N(2)),
        (literal(""), None),
        (conditional("1 > 0"), "y"),
        (conditional("null"), "n"),
        (conditional('"no boolean"'), None),
        (some("some", "[1, 2]", "e > 1"), True),
        (some("some", "[]", "true"), False),
        (some("every", "[1, 2]", "e > 1"), False),
        (some("every", "[]", "e"), True),
        (some("some", "[1, 2]", 'if e = 2 then true else "x"'), None),
        (some("some", '"no list"', "true"), None),
        (some("some", "[null, 2]", "e > 1"), True),
        (some("some", "[null, 1]", "e > 1"), None),
        (some("every", "[null, 1]", "e > 1"), False),
        (some("every", "[null, 2]", "e > 1"), None),
        (f"<filter><in>{literal('[1, null, 3]')}</in><match>{literal('item > 1')}</match></filter>", [N(3)]),
        (loop("[1, 2]", "e + count(partial)"), [N(1), N(3)]),
        (loop("[1..3]", "e"), [N(1), N(2), N(3)]),
        (loop("null", "e"), None),
        (f"<filter><in>{RELATION}</in><match>{literal('a b > 2')}</match></filter>", [{"a b": N(3), "c": N(4)}]),
        (f"<filter><in>{literal('[1, 2]')}</in><match>{literal('item')}</match></filter>", None),
        (f"<list>{literal('1')}{literal('true')}</list>", [N(1), True]),
        (
            '<context><contextEntry><variable name="a"/>' + literal("1") + "</contextEntry><contextEntry>"
            '<variable name="b"/>' + literal("a + 1") + "</contextEntry></context>",
            {"a": N(1), "b": N(2)},
        ),
        (
            '<context><contextEntry><variable name="g"/><functionDefinition><formalParameter name="x"/>'
            + literal("x + 1") + "</functionDefinition></contextEntry><contextEntry>" + literal("g(1)")
            + "</contextEntry></context>",
            N(2),
        ),
        (
            "<invocation>" + literal("sum") + '<binding><parameter name="list"/>' + literal("[1, 2]")
            + "</binding></invocation>",
            N(3),
        ),
    ],
)  # fmt: skip
def test_boxed_expressions(logic: str, wanted: object) -> None:
    assert model(decision(logic)).decide("D", {}).value == wanted


@pytest.mark.parametrize(
    ("type_ref", "text", "wanted"),
    [
        ("number", '"x"', None),
        ("number", "[1]", N(1)),
        ("numbers", "1", [N(1)]),
        ("numbers", '[1, "x"]', None),
        ("colour", '"red"', "red"),
        ("colour", '"pink"', None),
        ("colours", '["red"]', ["red"]),
        ("colours", '["red", "pink"]', None),
        ("few", "[1]", [N(1)]),
        ("few", "[1, 2, 3]", None),
        ("shade", '"pink"', None),
        ("point", "{x: 1, y: 2, z: 3}", {"x": N(1), "y": N(2), "z": N(3)}),
        ("point", "{x: 1}", None),
        ("point.x", "1", N(1)),
        ("date and time", 'string(date("2026-01-01"))', None),
        ("unknown", "1", N(1)),
    ],
)
def test_a_result_is_converted_to_its_type_or_null(type_ref: str, text: str, wanted: object) -> None:
    types = item("numbers", "number", collection=True) + item("colour", "string", '"red", "blue"')
    types += item("colours", "string", '"red", "blue"', collection=True) + item("shade", "colour", constraint='"red"')
    types += item("few", "number", constraint="count(?) < 3", collection=True)
    types += (
        '<itemDefinition name="point"><itemComponent name="x"><typeRef>number</typeRef></itemComponent>'
        '<itemComponent name="y"><typeRef>number</typeRef></itemComponent></itemDefinition>'
    )
    result = model(types + decision(literal(text), type_ref=type_ref)).decide("D", {})
    assert result.value == wanted
    assert bool(result.diagnostics) == (wanted is None)


def test_a_date_becomes_its_midnight() -> None:
    value = model(decision(literal('date("2026-01-01")'), type_ref="date and time")).decide("D", {}).value
    assert feel.format(value) == '@"2026-01-01T00:00:00Z"'


def test_inputs_are_converted_and_missing_ones_told() -> None:
    m = model(input_data("amount", "number") + decision(literal("amount"), inputs=("amount",)))
    assert m.decide("D", {"amount": 2}).value == N(2)
    assert m.decide("D", {"amount": "x"}).value is None
    missing = m.decide("D", {"amont": 2})
    assert missing.diagnostics[0].code == "dmn.input-missing"
    assert "amont" in missing.diagnostics[0].hint


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (object(), "no value for object"),
        (float("nan"), "no such number"),
        (python.time(1, tzinfo=python.timezone(python.timedelta(hours=20))), "offset"),
    ],
)
def test_an_input_feel_has_no_value_for_is_null_and_told(given: object, words: str) -> None:
    result = model(input_data("a") + decision(literal("a"), inputs=("a",))).decide("D", {"a": given})
    assert result.value is None
    assert [d.code for d in result.diagnostics] == ["dmn.input-value"]
    assert words in result.diagnostics[0].message


def test_knowledge_decided_by_itself_tells_a_missing_parameter() -> None:
    assert model(BKM).decide("f", {"x": 2}).value == N(4)
    assert "dmn.input-missing" in [d.code for d in model(BKM).decide("f", {}).diagnostics]


@pytest.mark.parametrize("text", ["for i in 1..5000 return i", "(for i in 1..3000 return [partial[-1]])[-1]"])
def test_a_value_too_long_to_read_is_told_by_kind(text: str) -> None:
    result = model(decision(literal(text), type_ref="number")).decide("D", {}, explain=True)
    assert result.value is None
    assert result.diagnostics[-1].message.endswith(("list of 5000.", "list of 1."))
    assert result.explanation is not None
    assert len(model(decision(literal(text))).decide("D", {}, explain=True).explanation.text()) < 100  # type: ignore[union-attr]


def test_strict_raises_what_otherwise_is_null() -> None:
    m = model(decision(literal('1 + "a"')))
    result = m.decide("D", {})
    assert result.value is None
    place = result.diagnostics[0].location
    assert (place.file, place.line, place.element) == ("m.dmn", 2, "D")
    line = source(decision(literal('1 + "a"'))).splitlines()[1].decode()
    assert place.column == line.index("1 + ") + 1
    with pytest.raises(DmnError):
        m.decide("D", {}, strict=True)


def test_what_is_no_feel_is_null_with_its_place() -> None:
    result = model(decision(literal("1 +"))).decide("D", {})
    assert result.value is None
    assert result.diagnostics[0].location.file == "m.dmn"


def test_knowledge_is_called_with_converted_arguments() -> None:
    body = BKM + decision(literal("[f(2), f(x: 3), f([4])]"), knows="f") + decision(literal('f("a")'), "E", knows="f")
    m = model(body)
    assert m.decide("D", {}).value == [N(4), N(6), N(8)]
    assert m.decide("E", {}).value is None
    assert m.decide("f", {"x": 5}).value == N(10)


FUNCTION_TYPE = (
    '<itemDefinition name="tF"><functionItem outputTypeRef="number"><parameters name="x" typeRef="number"/>'
    "</functionItem></itemDefinition>"
)
APPLY = BKM.replace('"f"', '"apply"').replace(
    '<formalParameter name="x" typeRef="number"/>',
    '<formalParameter name="g" typeRef="tF"/><formalParameter name="x" typeRef="number"/>',
).replace("x * 2", "g(x)")  # fmt: skip


@pytest.mark.parametrize(
    ("logic", "written", "fits"),
    [
        (literal("x * 2"), "", True),
        (literal('"a"'), "", False),
        (literal("x * 2").replace("<literalExpression>", '<literalExpression typeRef="number">'), "", True),
        (conditional("true"), "", False),
        (conditional("true"), ' typeRef="tF"', True),
        (conditional("true"), ' typeRef="number"', True),
        (conditional("true"), ' typeRef="string"', False),
    ],
)
def test_knowledge_has_the_type_of_its_parameters_and_result(logic: str, written: str, fits: bool) -> None:
    knowledge = BKM.replace(literal("x * 2"), logic).replace('<variable name="f"/>', f'<variable name="f"{written}/>')
    asked = decision(literal("f instance of tF"), knows="f")
    assert model(FUNCTION_TYPE + knowledge + asked).decide("D", {}).value is fits


def test_a_function_is_given_where_its_type_is_wanted() -> None:
    both = '<knowledgeRequirement><requiredKnowledge href="#f"/></knowledgeRequirement>'
    calls = "[apply(f, 2), apply(function(x: number) x + 1, 2), apply(function(x: string) x, 2), apply(1, 2)]"
    body = FUNCTION_TYPE + BKM + APPLY + decision(both + literal(calls), knows="apply")
    assert model(body).decide("D", {}).value == [N(4), N(3), None, None]
    boxed = f'<functionDefinition><formalParameter name="x"/>{literal("string(x)")}</functionDefinition>'
    assert model(FUNCTION_TYPE + decision(boxed, type_ref="tF")).decide("D", {}).value is None


def test_knowledge_may_call_itself_but_not_for_ever() -> None:
    recursive = BKM.replace("x * 2", "if x &lt;= 1 then 1 else x * f(x - 1)").replace("&amp;lt;", "&lt;")
    m = model(recursive + decision(literal("f(20)"), knows="f") + decision(literal("f(100000)"), "E", knows="f"))
    assert m.decide("D", {}).value == N("2432902008176640000")
    endless = m.decide("E", {})
    assert endless.value is None
    assert endless.diagnostics


SERVICE = (
    input_data("B") + decision(literal('"x"'), "first")
    + '<decision id="second" name="second"><variable name="second"/><informationRequirement><requiredDecision href='
    '"#first"/></informationRequirement><informationRequirement><requiredInput href="#in_B"/></informationRequirement>'
    + literal("first + B") + "</decision>"
    '<decisionService id="one" name="one"><variable name="one"/><outputDecision href="#second"/><inputDecision href='
    '"#first"/><inputData href="#in_B"/></decisionService>'
    '<decisionService id="two" name="two"><variable name="two"/><outputDecision href="#second"/><outputDecision href='
    '"#first"/><inputData href="#in_B"/></decisionService>'
)  # fmt: skip


def test_a_long_chain_of_decisions_and_a_deep_recursion_are_decided() -> None:
    def link(number: int) -> str:
        needs = f'<informationRequirement><requiredDecision href="#d{number - 1}"/></informationRequirement>'
        logic = literal(f"d{number - 1} + 1") if number else literal("0")
        name = f"d{number}"
        return (
            f'<decision id="{name}" name="{name}"><variable name="{name}"/>{needs if number else ""}{logic}</decision>'
        )

    assert model("".join(map(link, range(400)))).decide("d399", {}).value == N(399)
    deep = BKM.replace("x * 2", "if x &lt; 2 then 1 else 1 + f(x - 1)")
    assert model(deep + decision(literal("f(190)"), knows="f")).decide("D", {}).value == N(190)


@pytest.mark.parametrize(
    "logic",
    [
        loop("[1..1000000000]", "e"),
        f'<for iteratorVariable="a"><in>{literal("[1..2000]")}</in><return>{loop("[1..2000]", "e")}</return></for>',
        loop("[1..5000]", "count(partial)"),
        loop("[1..1000000]", "f(e)"),
    ],
)
def test_boxed_loops_are_taken_from_the_budget(logic: str) -> None:
    result = model(BKM + decision(logic, knows="f")).decide("D", {})
    assert result.value is None
    assert [d.code for d in result.diagnostics] == ["feel.budget.steps"]


def test_a_service_takes_input_data_then_input_decisions() -> None:
    m = model(
        SERVICE + decision(literal('one("b", "1")'), knows="one") + decision(literal('two("b")'), "E", knows="two")
    )
    assert m.decide("D", {}).value == "1b"
    assert m.decide("E", {}).value == {"second": "xb", "first": "x"}
    assert m.decide("one", {"B": "b", "first": "f"}).value == "fb"
    assert m.decide("second", {"B": "b"}).value == "xb"


TYPED_SERVICE = (
    input_data("n", "number") + decision(literal('if n = null then "none" else "some"'), "told", inputs=("n",))
    + decision(literal('"always"'), "fixed")
    + '<decisionService id="s" name="s"><variable name="s"/><outputDecision href="#told"/><inputData href="#in_n"/>'
    '</decisionService><decisionService id="t" name="t"><variable name="t"/><outputDecision href="#fixed"/>'
    '<inputData href="#in_n"/></decisionService>'
)  # fmt: skip


@pytest.mark.parametrize(
    ("call", "value"),
    [
        ("s(1)", "some"), ("s(null)", "none"), ("s([1])", "some"), ('s("x")', None), ("s([1, 2])", None),
        ('s(n: "x")', None), ('t("x")', None), ("t(1)", "always"), ('is(s("x"), null)', True),
    ],
)  # fmt: skip
def test_a_service_given_what_does_not_conform_is_null(call: str, value: object) -> None:
    caller = decision(literal(call), knows="s").replace('href="#s"', 'href="#s"/><requiredKnowledge href="#t"')
    m = model(TYPED_SERVICE + caller)
    result = m.decide("D", {})
    assert result.value == value
    assert bool(result.diagnostics) is (value is None or value is True)
    if "(" in call and call[0] in "st" and call.endswith('("x")'):
        direct = m.decide(call[0], {"n": "x"})
        assert direct.value is None
        assert [one.code for one in direct.diagnostics] == ["dmn.type"]


def test_a_function_without_declared_types_may_stand_where_a_type_of_functions_is_wanted() -> None:
    kind = (
        '<itemDefinition name="tF"><functionItem outputTypeRef="number"><parameters name="a" typeRef="number"/>'
        "</functionItem></itemDefinition>"
    )
    knowledge = (
        '<businessKnowledgeModel id="apply" name="apply"><variable name="apply"/><encapsulatedLogic>'
        '<formalParameter name="f" typeRef="tF"/>' + literal("f(3)") + "</encapsulatedLogic></businessKnowledgeModel>"
    )

    def applied(function: str) -> object:
        return model(kind + knowledge + decision(literal(f"apply({function})"), knows="apply")).decide("D", {}).value

    assert applied("function(x) x + 1") == N(4)
    assert applied("function(x) x") == N(3)
    assert applied("function(x: number) x * 2") == N(6)
    assert applied('function(x) if x = 3 then "text" else 1') is None
    assert applied('function(x) "text"') is None
    assert applied("function(x: string) 1") is None
    assert applied("function() 1") is None
    assert applied("function(x, y) 1") is None


A = source(
    item("tName", "string") + input_data("Person name", "tName").replace("in_Person name", "in_p")
    + decision(literal('"Hello " + Person name'), "Greet", inputs=("p",)),
    "urn:a",
)  # fmt: skip


def importing(name: str, text: str) -> bytes:
    head = f'<import name="{name}" namespace="urn:a" importType="https://www.omg.org/spec/DMN/20230324/MODEL/"/>'
    needs = (
        '<informationRequirement><requiredInput href="urn:a#in_p"/></informationRequirement>'
        '<informationRequirement><requiredDecision href="urn:a#Greet"/></informationRequirement>'
    )
    prefix = f"{name}." if name else ""
    variable = f'<variable name="E" typeRef="{prefix}tName"/>'
    return source(f'{head}<decision id="E" name="E">{variable}{needs}{literal(text)}</decision>', "urn:b")


@pytest.mark.parametrize("inputs", [{"the a": {"Person name": "J"}}, {"the a.Person name": "J"}, {"Person name": "J"}])
def test_imported_elements_stand_under_the_imports_name(inputs: dict[str, Any]) -> None:
    m = dmn.read(importing("the a", "the a.Greet + the a.Person name"), imports=[A])
    assert m.decide("E", inputs).value == "Hello JJ"
    assert m.decide("the a.Greet", inputs).value == "Hello J"


def test_one_element_seen_through_two_imports_is_two_variables() -> None:
    space = "https://www.omg.org/spec/DMN/20230324/MODEL/"
    left, right = (
        importing("the a", f'"{n}: " + the a.Greet').replace(b'"urn:b"', f'"urn:{n}"'.encode()) for n in "lr"
    )
    head = "".join(f'<import name="{n}" namespace="urn:{n}" importType="{space}"/>' for n in "lr")
    needs = "".join(
        f'<informationRequirement><requiredDecision href="urn:{n}#E"/></informationRequirement>' for n in "lr"
    )
    top = source(
        f'{head}<decision id="D" name="D"><variable name="D"/>{needs}{literal("[l.E, r.E]")}</decision>', "urn:t"
    )
    m = dmn.read(top, imports=[A, left, right])
    both = {"l": {"the a": {"Person name": "J"}}, "r": {"the a": {"Person name": "K"}}}
    assert m.decide("D", both).value == ["l: Hello J", "r: Hello K"]
    assert m.decide("D", {"Person name": "J"}).value == ["l: Hello J", "r: Hello J"]
    assert m.decide("l.the a.Greet", {"Person name": "J"}).value == "Hello J"


def test_files_that_all_import_each_other_are_decided_once_each() -> None:
    space, last = "https://www.omg.org/spec/DMN/20230324/MODEL/", 20

    def file(number: int) -> bytes:
        others = range(number + 1, last)
        head = "".join(f'<import name="m{o}" namespace="urn:{o}" importType="{space}"/>' for o in others)
        needs = "".join(
            f'<informationRequirement><requiredDecision href="urn:{o}#D"/></informationRequirement>' for o in others
        )
        return source(head + decision(needs + literal(" + ".join(f"m{o}.D" for o in others) or "1")), f"urn:{number}")

    m = dmn.read(file(0), imports=[file(number) for number in range(1, last)])
    assert m.decide("D", {}).value == N(2 ** (last - 2))
    with pytest.raises(DmnError):
        m.find("m1.m2.nothing")


def test_an_import_without_a_name_has_no_prefix() -> None:
    assert dmn.read(importing("", "Greet"), imports=[A]).decide("E", {"Person name": "J"}).value == "Hello J"


def test_a_missing_import_is_an_error() -> None:
    with pytest.raises(DmnError, match="not there"):
        dmn.read(importing("a", "1"))


def test_a_cycle_is_null_and_told() -> None:
    body = (
        '<decision id="D" name="D"><variable name="D"/><informationRequirement><requiredDecision href="#D"/>'
        f"</informationRequirement>{literal('D')}</decision>"
    )
    assert "dmn.cycle" in [d.code for d in model(body).decide("D", {}).diagnostics]


def test_now_is_the_commands() -> None:
    m = model(decision(literal("string(today())")))
    assert m.decide("D", {}, now=1_700_000_000_000_000).value == "2023-11-14"
    assert m.decide("D", {}).value is None


def test_a_method_of_java_that_is_known_is_called() -> None:
    text = 'function(a, b) external {java: {class: "java.lang.Math", method signature: "max(int, int)"}}'
    entry = f'<contextEntry><variable name="g"/>{literal(text)}</contextEntry>'
    call = f"<contextEntry>{literal('g(1, 2)')}</contextEntry>"
    body = f"<context>{entry}{call}</context>"
    assert model(decision(body)).decide("D", {}).value == N(2)
    unknown = decision(body.replace("java.lang.Math", "java.lang.Runtime"))
    assert model(unknown).decide("D", {}).value is None


TABLE = (
    '<decisionTable hitPolicy="UNIQUE"><input label="Age"><inputExpression typeRef="number"><text>age</text>'
    '</inputExpression></input><output name="fee"/><annotation name="why"/><rule id="r1"><inputEntry><text>&lt; 18'
    "</text></inputEntry><outputEntry><text>f(1)</text></outputEntry><annotationEntry><text>young</text>"
    "</annotationEntry></rule></decisionTable>"
)


def test_a_decision_explains_itself_when_asked() -> None:
    m = model(input_data("age") + BKM + decision(TABLE, inputs=("age",), knows="f"))
    assert m.decide("D", {"age": 3}).explanation is None
    explanation = m.decide("D", {"age": 3}, explain=True).explanation
    assert explanation is not None
    text = explanation.text()
    assert "D = 2" in text
    assert "given age = 3" in text
    assert "rule 1 matched: 2 – young" in text
    assert "f = 2" in text
    plain = explanation.as_dict()
    assert plain["tables"][0]["rules"][0]["id"] == "r1"  # type: ignore[index]
    none = m.decide("D", {"age": 30}, explain=True).explanation
    assert none is not None
    assert "no rule matched" in none.text()
