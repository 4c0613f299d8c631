"""Files as Camunda's modeller (dmn-js) writes them decide as they do there."""

from __future__ import annotations

from decimal import Decimal

import pytest
from lxml import etree
from tests.dmn.models import source

from anyshore import dmn
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
