"""Files as Camunda's modeller (dmn-js) writes them decide as they do there."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from lxml import etree
from tests.dmn.models import source

from anyshore import dmn, feel
from anyshore.base.errors import DmnError
from anyshore.dmn.namespaces import MODEL

HEAD = f"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="{MODEL["1.3"]}" xmlns:camunda="http://camunda.org/schema/1.0/dmn" id="d" name="DRD"
  xmlns:biodi="http://bpmn.io/schema/dmn/biodi/2.0" namespace="http://camunda.org/schema/1.0/dmn">"""
TABLE = """
<decision id="season_id" name="Season"><decisionTable id="t" hitPolicy="FIRST">
  <input id="i1" label="Temperature" biodi:width="192" camunda:inputVariable="x">
    <inputExpression id="x1" typeRef="integer"><text>temp</text></inputExpression>
    <inputValues><text></text></inputValues>
  </input>
  <input id="i2"><inputExpression id="x2" typeRef="string"><text></text></inputExpression></input>
  <output id="o" name="season" typeRef="string"/>
  <rule id="r1"><description>cold</description><inputEntry><text>&lt; limit</text></inputEntry>
    <inputEntry><text></text></inputEntry><outputEntry><text>"winter"</text></outputEntry></rule>
  <rule id="r2"><inputEntry><text><![CDATA[>= limit]]></text></inputEntry><inputEntry><text>-</text></inputEntry>
    <outputEntry><text>"summer"</text></outputEntry></rule>
</decisionTable></decision>"""


def dish(name: str, type_ref: str = "double") -> bytes:
    """A decision that knows the table by a name."""
    return f"""{HEAD}{TABLE}<decision id="dish" name="Dish"><variable name="dish" typeRef="{type_ref}"/>
    <informationRequirement><requiredDecision href="#season_id"/></informationRequirement>
    <literalExpression><text>if {name} = "winter" then price * 2 else price</text></literalExpression></decision>
    </definitions>""".encode()


@pytest.mark.parametrize("name", ["season", "season_id", "Season"])
def test_inputs_are_read_by_name_and_decisions_known_by_id_and_output(name: str) -> None:
    model = dmn.read(dish(name))
    assert dmn.check(model) == []
    for temp, wanted in ((3, 5), (20, Decimal("2.5"))):
        result = model.decide("Dish", {"temp": temp, "limit": 10, "price": 2.5})
        assert (result.value, result.diagnostics) == (wanted, [])
    assert model.decide("season_id", {"temp": 3, "limit": 10}).value == "winter"


def test_what_is_not_given_is_told() -> None:
    result = dmn.read(dish("season")).decide("Season", {"temp": 3})
    assert result.value is None
    assert result.diagnostics[0].message == "No value was given for the input limit."


def test_a_type_of_java_is_a_number_of_its_own_name_a_type() -> None:
    own = dish("season", "long").replace(
        b"<decision", b'<itemDefinition name="long"><typeRef>string</typeRef></itemDefinition><decision', 1
    )
    result = dmn.read(own).decide("Dish", {"temp": 3, "limit": 10, "price": 2})
    assert result.value is None
    assert "type long" in result.diagnostics[0].message
    assert dmn.read(dish("season", "long")).decide("Dish", {"temp": 3, "limit": 10, "price": 2}).value == 4


def test_it_is_written_as_it_came() -> None:
    written = dmn.write(dmn.read(dish("season")))
    assert etree.tostring(etree.fromstring(written), method="c14n2") == etree.tostring(
        etree.fromstring(dish("season")), method="c14n2"
    )


def test_other_files_require_what_they_read() -> None:
    text = '<decision id="d" name="D"><literalExpression><text>a + 1</text></literalExpression></decision>'
    assert [one.code for one in dmn.check(dmn.read(source(text)))] == ["dmn.unknown-name"]


def test_a_rule_with_a_cell_too_many_is_refused_with_its_place() -> None:
    ragged = dish("season").replace(b"<outputEntry>", b"<inputEntry><text>-</text></inputEntry><outputEntry>", 1)
    with pytest.raises(DmnError, match="3 input entries for 2") as refused:
        dmn.read(ragged)
    assert refused.value.diagnostics[0].location.line


CLOUD = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" {attributes}
  namespace="http://camunda.org/schema/1.0/dmn" xmlns:camunda="http://camunda.org/schema/1.0/dmn">"""


def tabled(
    rules: list[tuple[str, str]], column: str = "a", type_ref: str = "", extra: str = "", out: str = "string"
) -> dmn.Model:
    """A table of one column as Camunda's modeller writes it."""
    typed = f' typeRef="{type_ref}"' if type_ref else ""
    rows = "".join(
        f"<rule><inputEntry><text><![CDATA[{cell}]]></text></inputEntry>"
        f"<outputEntry><text>{output}</text></outputEntry></rule>"
        for cell, output in rules
    )
    return dmn.read(
        f"""{CLOUD.format(attributes="")}<decision id="D" name="D"><decisionTable hitPolicy="FIRST">
        <input label="{column}" {extra}><inputExpression{typed}><text>{column}</text></inputExpression></input>
        <output name="o" typeRef="{out}"/>{rows}</decisionTable></decision></definitions>"""
    )


@pytest.mark.parametrize(
    ("cell", "inputs", "matches"),
    [
        ('list contains(roles, "auditor")', {"a": "x", "roles": ["auditor"]}, True),
        ('list contains(roles, "auditor")', {"a": "x", "roles": ["clerk"]}, False),
        ("limit > 5", {"a": "x", "limit": 9}, True),
        ("limit > 5", {"a": "x", "limit": 5}, False),
        ("limit > 5 and limit < 8", {"a": None, "limit": 7}, True),
        ("flag", {"a": "x", "flag": True}, True),
        ("not(limit > 5)", {"a": "x", "limit": 9}, False),
        ('starts with(?, "x")', {"a": "xy"}, True),
        ("true", {"a": True}, True),
        ("true", {"a": False}, False),
        ("false", {"a": False}, True),
        ("limit > 5", {"a": False, "limit": 1}, True),  # false equals the input, as there
        ("other", {"a": 3, "other": 3}, True),
        ("other", {"a": 3, "other": [1, 3]}, True),
    ],
)
def test_a_cell_that_is_true_matches_without_speaking_of_the_input(
    cell: str, inputs: dict[str, Any], matches: bool
) -> None:
    m = tabled([(cell, '"yes"'), ("-", '"no"')])
    assert m.decide("D", inputs).value == ("yes" if matches else "no")
    assert m.compile("D")(inputs) == ("yes" if matches else "no")
    assert not [one for one in dmn.check(m) if one.code == "dmn.cell-type"]


def test_elsewhere_it_is_compared_with_the_input_and_told_of() -> None:
    m = dmn.read(source(_standard('list contains(["a"], "a")', "string")))
    assert m.decide("D", {"a": "x"}).value is None
    found = [one for one in dmn.check(m) if one.code == "dmn.cell-type"]
    assert len(found) == 1
    assert "?" in found[0].hint


def _standard(cell: str, type_ref: str) -> str:
    return f"""<inputData id="i" name="a"><variable name="a" typeRef="{type_ref}"/></inputData>
    <decision id="D" name="D"><informationRequirement><requiredInput href="#i"/></informationRequirement>
    <decisionTable><input label="a"><inputExpression typeRef="{type_ref}"><text>a</text></inputExpression></input>
    <output name="o"/><rule><inputEntry><text><![CDATA[{cell}]]></text></inputEntry><outputEntry><text>1</text>
    </outputEntry></rule></decisionTable></decision>"""


@pytest.mark.parametrize(
    ("extra", "cell"),
    [
        ('camunda:inputVariable="total"', "total > 100"),
        ('camunda:inputVariable="total"', "total > limit"),
        ("", "cellInput > 100"),
        ('camunda:inputVariable=" "', "cellInput > 100"),
        ('camunda:inputVariable="total"', "? > 100"),
    ],
)
def test_the_value_of_a_cell_has_the_name_its_column_says(extra: str, cell: str) -> None:
    m = tabled([(cell, '"much"'), ("-", '"little"')], "price * quantity", "number", extra)
    assert dmn.check(m) == []
    inputs = {"price": 30, "quantity": 5, "limit": 100}
    assert m.decide("D", inputs).value == "much"
    assert m.decide("D", {**inputs, "price": 3}).value == "little"
    assert {one.name for one in m.inputs} <= {"price", "quantity", "limit"}


@pytest.mark.parametrize("name", ["product", "date", "count", "mode", "duration"])
def test_a_column_named_like_a_function_reads_the_input(name: str) -> None:
    m = tabled([('"card"', '"five"'), ("-", '"nine"')], name, "string")
    assert dmn.check(m) == []
    assert m.decide("D", {name: "card"}).value == "five"
    assert m.decide("D", {name: "cash"}).value == "nine"


def test_functions_have_names_of_their_own() -> None:
    m = tabled([('< date("2026-06-01")', '"early"'), ("-", '"late"')], "date", "date")
    assert dmn.check(m) == []
    assert m.decide("D", {"date": feel.evaluate('date("2026-05-01")')}).value == "early"
    assert m.decide("D", {"date": feel.evaluate('date("2026-07-01")')}).value == "late"


@pytest.mark.parametrize("cell", ["VIP", "VIP, GOLD", "not(VIP)"])
def test_a_word_without_quotes_matches_nothing_and_is_told(cell: str) -> None:
    m = tabled([(cell, '"gold"'), ("-", '"plain"')], "customer", "string")
    words = [one for one in dmn.check(m) if one.code == "dmn.bare-word"]
    assert words
    assert words[0].severity == "warning"
    assert '"VIP"' in words[0].hint
    for inputs in ({}, {"customer": None}, {"customer": "x"}):
        result = m.decide("D", inputs)
        assert result.value == "plain"
        assert any('"VIP"' in one.hint for one in result.diagnostics)
    assert m.decide("D", {"customer": "x", "VIP": "y", "GOLD": "z"}).diagnostics == []


def test_a_word_that_is_given_is_a_variable() -> None:
    m = tabled([("VIP", '"gold"'), ("-", '"plain"')], "customer", "string")
    assert m.decide("D", {"customer": "x", "VIP": "x"}).value == "gold"
    assert m.decide("D", {"customer": None, "VIP": None}).value == "gold"


def test_a_word_without_quotes_as_output_is_told() -> None:
    found = dmn.check(tabled([("-", "gold")], "customer", "string"))
    assert [one.code for one in found] == ["dmn.bare-word"]
    assert 'output "' in (found[0].location.cell or "")
