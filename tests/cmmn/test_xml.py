"""CMMN 1.1 XML: read whole, written back without loss, refused by name with all problems at once."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from lxml import etree

from anyshore import cmmn
from anyshore.base.errors import CmmnError
from anyshore.cmmn import names
from tests.cmmn.cases import Case

NS = 'xmlns="http://www.omg.org/spec/CMMN/20151109/MODEL"'
OURS = 'xmlns:anyshore="https://anyshore.org/cmmn"'
EVERYTHING = Path(__file__).parent / "everything.cmmn"


def read(plan: str, case: str = "", definitions: str = "", **kinds: object) -> cmmn.Model:
    text = f"""<definitions {NS} {OURS} xmlns:v="http://vendor.example/x" id="d" targetNamespace="t">
<case id="x">{case}<casePlanModel id="x.plan">{plan}</casePlanModel></case>{definitions}</definitions>"""
    return cmmn.read(text.encode(), file="x.cmmn", **kinds)  # type: ignore[arg-type]


def parts(content: bytes) -> Counter[tuple[str, ...]]:
    """Every element as its path of tags and ids, with attributes and text: what must not get lost."""
    found: Counter[tuple[str, ...]] = Counter()

    def walk(element: etree._Element, path: str) -> None:
        here = f"{path}/{element.tag}"
        attributes = sorted(
            (str(k), " ".join(str(v).split())) for k, v in element.attrib.items() if "schemaLocation" not in k
        )
        found[(here, str(attributes), (element.text or "").strip())] += 1
        for child in element:
            if isinstance(child.tag, str):
                walk(child, f"{here}[{element.get('id', '')}]")

    walk(etree.fromstring(content), "")
    return found


def test_what_is_read_is_written_again() -> None:
    model = cmmn.read(EVERYTHING)
    written = cmmn.write(model)
    assert cmmn.read(written, file=str(EVERYTHING)) == model
    assert parts(written) == parts(EVERYTHING.read_bytes())


def test_the_models_of_the_kit_survive_writing(data_dir: Path) -> None:
    models = sorted((data_dir / "cmmn-kit" / "models").glob("*.cmmn"))
    assert models
    plain = [path for path in models if "flowable:sentryRef" not in path.read_text()]
    assert len(plain) > 100
    for path in plain:
        assert parts(cmmn.write(cmmn.read(path, tolerant=True))) == parts(path.read_bytes()), path


@pytest.mark.parametrize(
    ("plan", "code", "hint"),
    [
        ('<planItem id="a" definitionRef="h"/><humanTask id="g"/>', "cmmn.dangling", "g"),
        ('<planItem id="a" definitionRef="h" color="red"/><humanTask id="h"/>', "cmmn.unknown-attribute", ""),
        ('<planItem id="a" definitionRef="h"/><humanTask id="h" anyshore:from="x"/>', "cmmn.unknown-attribute", "form"),
        ('<planItem id="a" definitionRef="h" anyshore:form="x"/><humanTask id="h"/>', "cmmn.unknown-attribute", ""),
        ('<planItem id="a" definitionRef="c"/><caseTask id="c" caseRef="d" anyshore:activity="x"/>',
         "cmmn.activity", ""),
        ('<planItem id="a" definitionRef="h"/><humanTask id="h"/><signal id="s"/>', "cmmn.unknown-element", "remove"),
        ('<planItem id="a" definitionRef="h"><entryCriterion sentryRef="no"/></planItem><humanTask id="h"/>',
         "cmmn.dangling", ""),
        ('<planItem id="a" definitionRef="h"/><planItem id="a" definitionRef="h"/><humanTask id="h"/>',
         "cmmn.duplicate-id", ""),
        ('<sentry id="s"><planItemOnPart sourceRef="a"><standardEvent>done</standardEvent></planItemOnPart></sentry>'
         '<planItem id="a" definitionRef="h"/><humanTask id="h"/>', "cmmn.event", ""),
        ('<planItem id="a" definitionRef="t"/><timerEventListener id="t"/>', "cmmn.no-time", "timerExpression"),
        ('<planItem id="a" definitionRef="t"/><timerEventListener id="t"><timerExpression>P1H</timerExpression>'
         "</timerEventListener>", "cmmn.timer", ""),
        ('<planItem id="a" definitionRef="p"/><processTask id="p"/>', "cmmn.no-reference", "processRef"),
        ('<sentry id="s"/>', "cmmn.empty-sentry", "on-part"),
        ('<planItem id="a" definitionRef="h"/><humanTask id="h" performerRef="nobody"/>', "cmmn.dangling", ""),
        ('<planItem id="a" definitionRef="s"/><stage id="s"><planItem id="b" definitionRef="s"/></stage>',
         "cmmn.recursive", "case task"),
        ('<planItem id="a" definitionRef="h"/><humanTask id="h" isBlocking="perhaps"/>', "cmmn.boolean", "true"),
        ('<sentry id="s"><ifPart><condition>${bean.check(x)}</condition></ifPart></sentry>'
         '<planItem id="a" definitionRef="h"><entryCriterion sentryRef="s"/></planItem><humanTask id="h"/>',
         "cmmn.language", "FEEL"),
        ('<sentry id="s"><ifPart><condition language="http://www.w3.org/1999/XPath">x</condition></ifPart></sentry>'
         '<planItem id="a" definitionRef="h"><exitCriterion sentryRef="s"/></planItem><humanTask id="h"/>',
         "cmmn.language", "FEEL"),
        ('<planItem id="a" definitionRef="u"><entryCriterion sentryRef="s"/></planItem><userEventListener id="u"/>'
         '<sentry id="s"><ifPart><condition>true</condition></ifPart></sentry>', "cmmn.listener-criteria", "stage"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(plan: str, code: str, hint: str) -> None:
    with pytest.raises(CmmnError) as refused:
        read(plan)
    found = refused.value.diagnostics
    assert code in [d.code for d in found]
    mine = next(d for d in found if d.code == code)
    assert mine.location.file == "x.cmmn"
    assert mine.location.line == 2
    assert mine.location.column
    assert hint in mine.hint


def test_all_problems_come_back_at_once() -> None:
    with pytest.raises(CmmnError) as refused:
        read('<planItem id="a" definitionRef="h"/>\n<planItem id="b" definitionRef="g"/>\n<sentry id="s"/>')
    assert [d.location.line for d in refused.value.diagnostics] == [2, 3, 4]
    assert "3 problems" in str(refused.value)


def test_expressions_of_other_languages_are_translated_on_reading() -> None:
    plan = """<planItem id="a" definitionRef="h"><entryCriterion sentryRef="s"/></planItem><humanTask id="h"/>
      <sentry id="s"><ifPart><condition> ${bean.above(1)} </condition></ifPart></sentry>"""
    model = read(plan, expressions={"${bean.above(1)}": "x > 1"})
    assert b"x &gt; 1" in cmmn.write(model)


def test_attributes_of_a_named_vendor_can_stand_in() -> None:
    plan = """<planItem id="a" definitionRef="h"><entryCriterion v:sentryRef="s"/></planItem><humanTask id="h"/>
      <sentry id="s"><ifPart><condition>x</condition></ifPart></sentry>"""
    with pytest.raises(CmmnError):
        read(plan)
    assert read(plan, also=("http://vendor.example/x",))


def test_other_files_are_refused() -> None:
    for text, code in (
        ('<definitions xmlns="http://www.omg.org/spec/CMMN/20131201/MODEL"/>', "cmmn.version"),
        ("<html/>", "cmmn.root"),
        (f'<definitions {NS} targetNamespace="t"/>', "cmmn.empty"),
        ("<definitions", "xml.malformed"),
        ("<!DOCTYPE x><x/>", "xml.doctype"),
    ):
        with pytest.raises(CmmnError) as refused:
            cmmn.read(text)
        assert refused.value.diagnostics[0].code == code


def test_a_case_is_chosen_by_its_id() -> None:
    model = read('<planItem id="a" definitionRef="h"/><humanTask id="h"/>',
                 definitions='<case id="y"><casePlanModel id="y.plan"/></case>')  # fmt: skip
    assert cmmn.link(model, "y").case.id == "y"
    with pytest.raises(CmmnError, match="2 cases: x, y"):
        cmmn.link(model)
    with pytest.raises(CmmnError, match="no case 'z'"):
        cmmn.link(model, "z")


def test_an_on_part_that_can_never_occur_is_a_warning() -> None:
    model = read("""<planItem id="u" definitionRef="l"/>
      <planItem id="a" definitionRef="h"><entryCriterion sentryRef="s"/></planItem>
      <sentry id="s"><planItemOnPart sourceRef="u"><standardEvent>complete</standardEvent></planItemOnPart>
      </sentry><humanTask id="h"/><userEventListener id="l"/>""")
    assert [(d.code, d.severity) for d in cmmn.check(model)] == [("cmmn.never", "warning")]


def test_parameters_are_mapped_to_the_called_process() -> None:
    model = read(
        """<planItem id="p" definitionRef="t"/><planItem id="b" definitionRef="h"/><humanTask id="h"/>
        <processTask id="t" processRef="pay">
          <input id="in1" name="invoice" bindingRef="inv"/><output id="out1" name="state" bindingRef="done"/>
          <parameterMapping sourceRef="in1" targetRef="amount"><transformation>invoice.total</transformation>
          </parameterMapping>
          <parameterMapping sourceRef="result" targetRef="out1"/>
        </processTask>""",
        case='<caseFileModel><caseFileItem id="inv" name="invoice"/><caseFileItem id="done"/></caseFileModel>',
        definitions="""<process id="pay" externalRef="payables">
          <input id="amount" name="sum"/><output id="result" name="outcome"/></process>""",
    )
    case = Case(cmmn.link(model))
    case.start(invoice={"total": 7})
    assert case.wait("p", "child").data == {"target": "process:payables", "variables": {"sum": 7}}
    case.resolve("p", "child", outcome="paid")
    assert case.variables["done"] == "paid"


def test_a_path_may_be_text(tmp_path: Path) -> None:
    everything = Path(__file__).with_name("everything.cmmn")
    path = tmp_path / "a.cmmn"
    path.write_bytes(everything.read_bytes())
    assert [case.id for case in cmmn.read(str(path)).cases] == [case.id for case in cmmn.read(everything).cases]
    with pytest.raises(CmmnError, match="No such file"):
        cmmn.read("absent.cmmn")


def test_comments_and_where_the_schema_is_are_kept() -> None:
    text = f"""<?xml version="1.0"?><!-- before --><definitions xmlns="{names.CMMN}" targetNamespace="t"
      xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="{names.CMMN} CMMN11.xsd">
      <!-- agreed --><case id="c"><?tool keep?><caseFileModel><caseFileItem id="f"><children><!-- inner -->
      <caseFileItem id="g"/></children></caseFileItem></caseFileModel><casePlanModel id="p">
      <planItem id="a" definitionRef="t"/><!-- the second --><planItem id="b" definitionRef="t"/>
      <humanTask id="t"><extensionElements><x xmlns="urn:x"><!-- deep --></x></extensionElements></humanTask>
      <!-- last --></casePlanModel></case></definitions><!-- behind -->"""
    written = cmmn.write(cmmn.read(text)).decode()
    order = [
        "<!-- before -->", "schemaLocation", "<!-- agreed -->", "<?tool keep?>", "<!-- inner -->", 'id="g"', 'id="a"',
        "<!-- the second -->", 'id="b"', "<!-- deep -->", "<!-- last -->", "</casePlanModel>", "<!-- behind -->",
    ]  # fmt: skip
    places = [written.index(one) for one in order]
    assert places == sorted(places)
    assert cmmn.write(cmmn.read(written)).decode() == written
