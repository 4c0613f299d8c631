from lxml import etree

from anyshore.activities.einvoice.violations import from_svrl, place
from anyshore.base import xml
from anyshore.base.errors import DataError

DOCUMENT = xml.parse(b'<a xmlns="urn:a">\n <b/>\n <b><c xmlns="urn:c" x="1"/></b>\n</a>', "in.xml", error=DataError)


def _where(xpath: str) -> tuple[str | None, int | None, int | None]:
    found = place(DOCUMENT, xpath)
    return found.element, found.line, found.column


def test_every_notation_of_a_step_is_resolved() -> None:
    b = ("b", 3, 2)
    assert _where("/*:a[namespace-uri()='urn:a'][1]/*:b[namespace-uri()='urn:a'][2]") == b
    assert _where("/Q{urn:a}a[1]/Q{urn:a}b[2]") == b
    assert _where("/p:a/p:b[2]") == b
    assert _where("/*/*[2]") == b


def test_attribute_is_placed_at_its_element() -> None:
    assert _where("/Q{urn:a}a[1]/Q{urn:a}b[2]/Q{urn:c}c[1]/@x") == ("c", 3, 5)


def test_a_step_that_leads_nowhere_ends_at_the_innermost_element() -> None:
    assert _where("/Q{urn:a}a[1]/Q{urn:a}b[7]") == ("a", 1, 1)
    assert _where("/Q{urn:other}a[1]") == (None, None, None)


def _report(body: str) -> etree._Element:
    return etree.fromstring(
        f'<s:schematron-output xmlns:s="http://purl.oclc.org/dsdl/svrl">{body}</s:schematron-output>'
    )


def test_flag_role_and_default() -> None:
    report = _report(
        '<s:failed-assert id="A" flag="warning" test="t" location="/a"><s:text>x</s:text></s:failed-assert>'
        '<s:failed-assert id="B" role="error" test="t" location="/a"><s:text>x</s:text></s:failed-assert>'
        '<s:failed-assert id="C" test="t" location="/a"><s:text>x</s:text></s:failed-assert>'
        '<s:successful-report id="D" role="info" test="t" location="/a"><s:text>x</s:text></s:successful-report>'
        '<s:fired-rule context="a"/>'
    )
    found = [(v.rule, v.flag) for v in from_svrl(report, DOCUMENT)]
    assert found == [("A", "warning"), ("B", "fatal"), ("C", "fatal"), ("D", "information")]


def test_rule_without_id_takes_it_from_its_text() -> None:
    report = _report(
        '<s:failed-assert test="t" location="/a"><s:text>[BR-01]-An Invoice\n  shall</s:text></s:failed-assert>'
    )
    (violation,) = from_svrl(report, DOCUMENT)
    assert (violation.rule, violation.text) == ("BR-01", "[BR-01]-An Invoice shall")


def test_a_rule_of_a_profile_without_any_name_has_one_all_the_same() -> None:
    report = _report('<s:failed-assert test="true()" location="/a"><s:text>Not used here.</s:text></s:failed-assert>')
    assert [v.rule for v in from_svrl(report, DOCUMENT)] == ["PROFILE"]
