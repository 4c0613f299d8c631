"""XPath 2.0 as Python: the same values as the XSLT processor's own evaluator, and the same findings as its reports."""

import random
from copy import deepcopy
from decimal import localcontext
from importlib.resources import files

import pytest
from lxml import etree
from saxonche import PySaxonApiError

from anyshore.activities.einvoice import rulesets, saxon
from anyshore.activities.einvoice.documents import open_document
from anyshore.activities.einvoice.violations import from_svrl
from anyshore.activities.einvoice.xpath import evaluating, nodes, values
from anyshore.activities.einvoice.xpath.codes import Scope
from anyshore.activities.einvoice.xpath.compiling import compiled
from anyshore.activities.einvoice.xpath.parsing import NotUnderstoodError, parse
from anyshore.base.errors import DataError

XML = """<r xmlns="urn:a" xmlns:b="urn:b" id="r1"><l n="1"><amount c="EUR">10.10</amount><q>3</q><t>x  y</t></l>
<l n="2"><amount c="USD">0.20</amount><q>2.5</q><t> x</t><b:t>B</b:t></l>
<l n="3"><amount c="EUR">-7</amount><flag>true</flag></l>
<total>3.3</total><empty/><day>2024-02-29</day><deep><l n="9"><q>8</q></l></deep><text>a<!-- c -->b</text></r>"""

VALUES = [
    "1 + 2 * 3 - 4", "7 idiv 2", "-7 idiv 2", "7 mod 3", "-7 mod 3", "1 div 4", "10 div 3", "1.10 + 2.205",
    "0.1 + 0.2 = 0.3", "number('0.1') + number('0.2') = 0.3", "round(2.5)", "round(-2.5)",
    "round(1.005 * 10 * 10) div 100", "abs(-3.2)", "sum(//a:amount) = 3.3", "sum(//a:amount/xs:decimal(.))",
    "sum(())", "count(//a:l)", "count(a:l)", "count(//a:l/@n)", "//a:amount[@c = 'EUR'][2]", "(//a:l)[2]/@n",
    "a:l[2]/a:amount", "a:l[last()]/@n", "a:l[position() = 2]/@n", "a:l[a:q > 2.4]/@n",
    "string-join(//a:l/@n, '-')", "string-join(//a:l[not(a:flag)]/@n, '')", "a:l/a:q = 3", "a:l/a:q != 3",
    "a:l/a:q = 4", "a:empty = ''", "not(a:none)", "exists(a:none)", "a:none = ''", "a:l/a:flag = true()",
    "a:l/a:flag = false()", "a:total = 3.3", "a:total = 3.30", "a:total = '3.30'", "a:total > 3",
    "xs:decimal(a:total) = xs:decimal('3.30')", "number(a:total) = 3.3", "number('x') = number('x')",
    "a:total eq '3.3'", "normalize-space(a:l[1]/a:t)", "normalize-space(a:none) = ''", "string-length(a:l[2]/a:t)",
    "upper-case('aß')", "substring('12345', 2, 3)", "substring('12345', 0, 3)", "substring('12345', 1.5)",
    "substring-after('a.b.c', '.')", "substring-before('a.b', 'x')", "concat('a', 1, a:total)",
    "translate('abc', 'ab', 'x')", "contains('abc', '')", "starts-with('abc', 'ab')", "ends-with('abc', 'c')",
    "matches('12', '^[0-9]+$')", "matches(' a', '^\\s')", "string-join(tokenize('a b  c', ' '), '|')",
    "replace('a b', '\\s', '')", "'1' castable as xs:integer", "'x' castable as xs:decimal", "xs:integer('07') + 1",
    "every $q in //a:q satisfies $q > 1", "some $q in //a:q satisfies $q > 7", "for $i in 1 to 3 return $i * 2",
    "if (a:total) then 'y' else 'n'", "(a:total | a:day)[2]", "count(a:total | //a:total)", "name(b:x)",
    "//b:t/local-name()", "name(//b:t)", "string(a:l[2]/a:t)", "//a:q[ancestor::a:deep]", "//a:q/../@n",
    "count(//a:l[3]/preceding-sibling::a:l)", "a:l[2]/following-sibling::a:l/@n", "count(//*[@n])", "count(//@c)",
    "distinct-values(//@c)", "xs:date(a:day) < xs:date('2024-03-01')", "a:text", "count(a:text/text())",
    "a:text = 'ab'", "normalize-space(string-join(a:deep//text(), ''))", "count((a:l, a:total))", "boolean(0)",
    "boolean('false')", "-a:total < -3", "count(//a:q[not(preceding::a:q = .)])", "root()/a:r/@id", "/a:r/@id",
    "string(1.50)", "string(2)", "self::a:r/@id", "10 to 8", "reverse((1, 2))", "string-to-codepoints('A')",
    "floor(1.7)", "ceiling(1.2)", "count(a:*)", "count(*:total)", "1 = (2, 1)",
]  # fmt: skip
NAMES = {"a": "urn:a", "b": "urn:b", "xs": "http://www.w3.org/2001/XMLSchema"}


def ours(expression: str) -> str:
    """The value of an expression, written as the processor's evaluator writes it."""

    def unknown(name, *_):
        raise NotUnderstoodError(name)

    code = compiled(parse(expression), Scope(NAMES, unknown, unknown)).items()
    document = nodes.read(etree.fromstring(XML))
    names = {**evaluating.called(), "n": document.children[0], "D": document}
    with localcontext(values.EXACT):
        return "|".join(values.written_one(one) for one in eval(code, names))  # what was written above


@pytest.fixture(scope="module")
def evaluator():
    processor = saxon._processor()
    found = processor.new_xpath_processor()
    found.set_context(xdm_item=processor.parse_xml(xml_text=XML).children[0])
    for prefix, uri in NAMES.items():
        found.declare_namespace(prefix, uri)
    return found


@pytest.mark.parametrize("expression", VALUES)
def test_a_value_is_that_of_the_processor(evaluator, expression):
    found = evaluator.evaluate(expression)
    assert ours(expression) == "|".join(item.string_value for item in found or ())


@pytest.mark.parametrize(
    "expression",
    [
        "xs:decimal('x')",
        "normalize-space(//a:q)",
        "a:l/a:t > 3",
        "'a' + 1",
        "a:total = true()",
        "boolean((1, 2))",
        "1 idiv 0",
    ],
)
def test_an_error_is_one_for_both(evaluator, expression):
    with pytest.raises((values.RuleError, ArithmeticError)):
        ours(expression)
    with pytest.raises(PySaxonApiError):
        evaluator.evaluate(expression)


@pytest.mark.parametrize(
    "expression", ["a intersect b", "a instance of xs:string", "unknown(1)", "namespace::a", "a/{b}"]
)
def test_what_is_not_known_is_left_to_the_processor(expression):
    with pytest.raises(NotUnderstoodError):
        ours(expression)


SAMPLES = files("anyshore") / "services" / "bpo" / "payables" / "samples"
INVOICES = [
    (SAMPLES / name)
    .read_bytes()
    .replace(named, b"urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0")
    for name in ("01-matching-ubl.xml", "11-credit-note-ubl.xml", "12-two-rates-cii.xml", "13-reverse-charge-cii.xml")
    for named in (b"nothing", b"urn:cen.eu:en16931:2017")
]
CHANGED = ["", "0", "-1", "100.005", "abc", "2024-02-30", "DE", "S", "O", "381", "true", "1e3", "ä", "A b", "USD"]


def mutated(content: bytes, chance: random.Random) -> bytes:
    """An invoice with a few elements gone, doubled or changed."""
    root = etree.fromstring(content)
    for _ in range(chance.randint(0, 3)):
        one = chance.choice([one for one in root.iter(etree.Element) if one.getparent() is not None])
        kind = chance.random()
        if kind < 0.25:
            one.getparent().remove(one)
        elif kind < 0.4:
            one.addnext(deepcopy(one))
        else:
            leaves = [one for one in root.iter(etree.Element) if not len(one)]
            chance.choice(leaves).text = chance.choice(CHANGED)
    return etree.tostring(root)


@pytest.mark.parametrize("seed", range(40))
def test_findings_are_those_of_the_official_stylesheets(seed, capfd):
    chance = random.Random(seed)
    content = mutated(chance.choice(INVOICES), chance)
    document = open_document(content, "invoice.xml")
    for stylesheet in rulesets.rule_set_for(document).schematron():
        rules = evaluating.rules_of(stylesheet)
        found = rules.findings(nodes.read(document.xml.root))
        assert rules.left == []
        try:
            report, known = saxon.report(stylesheet, document.xml.root, "invoice.xml")
        except DataError:
            assert found is None
            continue
        told = [(one.rule, one.flag, one.test, one.text, one.xpath) for one in from_svrl(report, document.xml, known)]
        assert found is None or told == [
            (one.said.rule, one.said.flag, one.said.test, one.text, one.xpath) for one in found
        ]
    capfd.readouterr()  # the processor tells its errors itself
