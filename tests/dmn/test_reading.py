from __future__ import annotations

import io
from decimal import Decimal
from pathlib import Path

import pytest
from lxml import etree
from tests.dmn.models import decision, input_data, item, literal, model, source

from anyshore import dmn
from anyshore.base.errors import DmnError
from anyshore.dmn.namespaces import MODEL

EVERYTHING = (
    "<!-- a comment --><extensionElements><x:thing xmlns:x='urn:x' a='1'/></extensionElements>"
    + item("t", "string", '"a"') + input_data("i", "t") + decision(literal("i"), inputs=("i",))
    + '<dmndi:DMNDI xmlns:dmndi="https://www.omg.org/spec/DMN/20230324/DMNDI/"><dmndi:DMNDiagram id="dd"/>'
    "</dmndi:DMNDI>"
)  # fmt: skip


def canonical(text: bytes) -> bytes:
    return etree.tostring(etree.parse(io.BytesIO(text)), method="c14n")


@pytest.mark.parametrize("version", sorted(MODEL))
def test_every_version_is_read(version: str) -> None:
    m = dmn.read(source(decision(literal("1 + 1")), version=version))
    assert m.definitions.version == version
    assert m.decide("D", {}).value == Decimal(2)


def test_a_path_may_be_text(tmp_path: Path) -> None:
    path = tmp_path / "m.dmn"
    path.write_bytes(source(decision(literal("1 + 1"))))
    assert dmn.read(str(path)).decide("D", {}).value == Decimal(2)
    assert dmn.read("\ufeff " + source(decision(literal("3"))).decode()).decide("D", {}).value == Decimal(3)
    with pytest.raises(DmnError, match="No such file") as caught:
        dmn.read("absent.dmn")
    assert caught.value.location.file == "absent.dmn"


def test_types_of_dmn_11_have_prefixes() -> None:
    head = f'<definitions xmlns="{MODEL["1.1"]}" xmlns:feel="http://www.omg.org/spec/FEEL/20140401" xmlns:me="urn:me"'
    body = item("t", "feel:number", "[0..9]") + decision(literal("12"), type_ref="me:t")
    m = dmn.read(f'{head} id="d" name="d" namespace="urn:me">{body}</definitions>'.encode())
    assert m.decide("D", {}).value is None
    assert "allows only" in m.decide("D", {}).diagnostics[0].message


@pytest.mark.parametrize(
    ("uri", "version"),
    [
        ("http://www.omg.org/spec/DMN/20151101/dmn11.xsd", "1.1"),
        ("http://www.omg.org/spec/DMN/20151101", "1.1"),
        ("http://www.omg.org/spec/DMN/20151130", "1.1"),
        ("http://www.omg.org/spec/DMN/20151101/dmn.xsd", "1.1"),
        ("http://www.omg.org/spec/DMN/20180521/MODEL", "1.2"),
        ("http://www.omg.org/spec/DMN/20191111/MODEL/", "1.3"),
        ("https://www.omg.org/spec/DMN/20230324/MODEL", "1.5"),
    ],
)
def test_namespaces_as_tools_wrote_them(uri: str, version: str) -> None:
    text = f'<definitions xmlns="{uri}" id="d" name="d" namespace="urn:d">{decision(literal("1 + 1"))}</definitions>'
    m = dmn.read(text.encode())
    assert m.definitions.version == version
    assert m.decide("D", {}).value == 2
    assert uri.encode() in dmn.write(m)
    if version != "1.1":
        assert dmn.read(dmn.write(m, "1.4")).definitions.version == "1.4"


def test_a_file_of_the_first_modeller_decides() -> None:
    table = """<decision id="level" name="Level"><decisionTable id="t"><input id="i" label="score">
    <inputExpression id="e" typeRef="integer"><text>score</text></inputExpression></input><output id="o" name="level"
    typeRef="string"/><rule id="r1"><inputEntry id="a"><text>[50..100]</text></inputEntry><outputEntry id="b"><text>
    "high"</text></outputEntry></rule><rule id="r2"><inputEntry id="c"><text>&lt; 50</text></inputEntry>
    <outputEntry id="d2">
    <text>"low"</text></outputEntry></rule></decisionTable></decision>"""
    head = 'xmlns="http://www.omg.org/spec/DMN/20151101/dmn11.xsd" id="x" name="x"'
    m = dmn.read(f'<definitions {head} namespace="http://camunda.org/schema/1.0/dmn">{table}</definitions>')
    assert [m.decide("Level", {"score": score}).value for score in (50, 49)] == ["high", "low"]


def test_another_document_is_refused() -> None:
    with pytest.raises(DmnError, match="not the definitions"):
        dmn.read(b"<definitions/>")
    with pytest.raises(DmnError, match="DOCTYPE"):
        dmn.read(b'<!DOCTYPE definitions SYSTEM "x"><definitions/>')


def test_all_structural_problems_come_at_once() -> None:
    broken = (
        '<decision id="a"><variable name="a"/></decision><decision id="a" name="b"/>'
        '<decision id="c" name="c"><decisionTable hitPolicy="MOST"><input><inputExpression><text>x</text>'
        "</inputExpression></input><output/><rule><outputEntry><text>1</text></outputEntry></rule></decisionTable></decision>"
        '<decision id="e" name="e"><conditional><if/></conditional></decision>'
    )
    with pytest.raises(DmnError) as caught:
        dmn.read(source(broken), file="x.dmn")
    codes = [d.code for d in caught.value.diagnostics]
    assert {"dmn.name", "dmn.duplicate-id", "dmn.hit-policy", "dmn.rule-width", "dmn.incomplete"} <= set(codes)
    assert all(d.location.file == "x.dmn" and d.location.line == 2 for d in caught.value.diagnostics)


def test_an_unknown_decision_is_named() -> None:
    with pytest.raises(DmnError, match="It has D"):
        model(decision(literal("1"))).decide("nothing", {})


def test_writing_loses_nothing() -> None:
    text = source(EVERYTHING)
    again = dmn.write(dmn.read(text))
    assert etree.tostring(etree.fromstring(again), method="c14n") == etree.tostring(
        etree.fromstring(text), method="c14n"
    )


def test_every_kit_file_is_written_as_it_was(data_dir: Path) -> None:
    files = sorted((data_dir / "dmn-tck").glob("*/*/*.dmn"))
    assert files
    for file in files:
        before = etree.tostring(etree.parse(file), method="c14n")
        assert canonical(dmn.write(dmn.read(file))) == before, file


def test_a_copy_in_an_older_version() -> None:
    older = dmn.write(dmn.read(source(EVERYTHING)), "1.3")
    assert MODEL["1.3"].encode() in older
    assert b"20230324" not in older
    assert dmn.read(older).decide("D", {"i": "a"}).value == "a"


def test_a_copy_leaves_texts_and_comments_as_they_are() -> None:
    text = source(f"<!-- '{MODEL['1.5']}' \"{MODEL['1.5']}\" -->" + decision(literal(f'"{MODEL["1.5"]}"')))
    other = dmn.write(dmn.read(text), "1.3")
    assert dmn.read(other).definitions.version == "1.3"
    assert dmn.read(other).decide("D", {}).value == MODEL["1.5"]
    assert f'"{MODEL["1.5"]}" -->'.encode() in other


@pytest.mark.parametrize(
    ("language", "value"),
    [
        ("https://www.omg.org/spec/DMN/20230324/FEEL", Decimal(2)),
        ("feel", Decimal(2)),
        ("http://www.ecma-international.org/ecma-262", None),
    ],
)
def test_the_language_of_a_file_is_that_of_its_expressions(language: str, value: object) -> None:
    text = source(decision(literal("1 + 1"))).replace(b' id="m"', f' id="m" expressionLanguage="{language}"'.encode())
    result = dmn.read(text).decide("D", {})
    assert result.value == value
    assert [d.code for d in result.diagnostics] == ([] if value else ["dmn.language"])


def test_what_an_older_version_lacks_is_told() -> None:
    then = literal("1")
    logic = f"<conditional><if>{literal('true')}</if><then>{then}</then><else>{then}</else></conditional>"
    with pytest.raises(DmnError, match="has no conditional"):
        dmn.write(model(decision(logic)), "1.3")
    with pytest.raises(DmnError, match="cannot be written"):
        dmn.write(model(decision(logic)), "2.0")


def test_imports_are_found_beside_the_file(tmp_path: Path) -> None:
    (tmp_path / "other name.dmn").write_bytes(source(item("t", "number"), "urn:lib"))
    (tmp_path / "broken.dmn").write_bytes(b"<nothing")
    head = f'<import name="lib" namespace="urn:lib" importType="{MODEL["1.5"]}" locationURI="../../secret.dmn"/>'
    file = tmp_path / "main.dmn"
    file.write_bytes(source(head + decision(literal('"x"'), type_ref="lib.t")))
    assert dmn.read(file).decide("D", {}).value is None
    (tmp_path / "other name.dmn").unlink()
    with pytest.raises(DmnError, match="not there"):
        dmn.read(file)
