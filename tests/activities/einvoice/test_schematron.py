"""A shortened stylesheet finds what the whole one finds, at the same places and in the same words."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree
from tests.activities.building import Line, cii, ubl

from anyshore.activities.einvoice import saxon
from anyshore.activities.einvoice.documents import open_document
from anyshore.activities.einvoice.rulesets import official
from anyshore.activities.einvoice.schematron import NUMBER, SVRL, shortened
from anyshore.activities.einvoice.violations import Violation, from_svrl

OURS = """<xsl:transform version="2.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:svrl="http://purl.oclc.org/dsdl/svrl" xmlns:xs="http://www.w3.org/2001/XMLSchema"
    xmlns:schxslt="https://doi.org/10.5281/zenodo.1495494">
  <xsl:template match="/"><svrl:schematron-output><svrl:active-pattern id="p"/>
    <xsl:apply-templates select="//*[local-name() = ('ID', 'Name')]"/></svrl:schematron-output></xsl:template>
  <xsl:template match="*">
    <svrl:fired-rule context="*"/>
    <svrl:failed-assert id="R-1" flag="warning" location="{schxslt:location(.)}"><xsl:attribute name="test">. = 'x' and
      1 &lt; 2</xsl:attribute><svrl:text>[R-1] Says   the same
      of all.</svrl:text></svrl:failed-assert>
    <svrl:failed-assert role="info" location="{schxslt:location(.)}" test="true()">
      <svrl:text>[R-2] No id.</svrl:text></svrl:failed-assert>
    <svrl:successful-report location="{schxslt:location(.)}" id="R-{local-name()}">
      <svrl:text>Names itself</svrl:text></svrl:successful-report>
    <svrl:failed-assert location="{schxslt:location(@schemeID)}" id="R-3">
      <svrl:text>It is <xsl:value-of select="."/>.</svrl:text></svrl:failed-assert>
  </xsl:template>
  <xsl:function name="schxslt:location" as="xs:string">
    <xsl:param name="node" as="node()?"/>
    <xsl:value-of select="if (empty($node)) then '' else if ($node instance of element()) then path($node)
      else concat('/*/@', local-name($node))"/>
  </xsl:function>
</xsl:transform>"""


def whole(path: Path, content: bytes) -> list[Violation]:
    """What the stylesheet finds as it is."""
    saxonche = pytest.importorskip("saxonche")
    document = open_document(content, "invoice.xml")
    processor: saxonche.PySaxonProcessor = saxon._processor()
    executable = processor.new_xslt30_processor().compile_stylesheet(stylesheet_file=str(path))
    node = processor.parse_xml(xml_text=etree.tostring(document.xml.root, encoding="unicode"))
    return list(from_svrl(etree.fromstring(executable.transform_to_string(xdm_node=node).encode()), document.xml))


def short(path: Path, content: bytes) -> list[Violation]:
    document = open_document(content, "invoice.xml")
    report, known = saxon.report(path, document.xml.root, document.xml.file)
    return list(from_svrl(report, document.xml, known))


def test_numbers_stand_for_what_says_the_same_of_every_document(tmp_path: Path) -> None:
    path = tmp_path / "ours.xsl"
    path.write_text(OURS, encoding="utf-8")
    content = ubl(lines=[Line(), Line(name="Table")])
    found = short(path, content)
    assert found == whole(path, content)
    assert {(one.rule, one.flag) for one in found} >= {("R-1", "warning"), ("R-2", "information"), ("R-Name", "fatal")}
    text, known = shortened(path)
    root = etree.fromstring(text.encode())
    assert [(one.rule, one.text) for one in known] == [("R-1", "[R-1] Says the same of all."), ("R-2", "[R-2] No id.")]
    assert len(list(root.iter(f"{SVRL}fired-rule", f"{SVRL}active-pattern"))) == 0
    assert [one.get(NUMBER) for one in root.iter(f"{SVRL}failed-assert", f"{SVRL}successful-report")] == [
        "0", "1", None, None,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("EN16931-UBL-validation.xsl", ubl(lines=[Line(unit="XX"), Line(quantity="3")]).replace(b">DE<", b">QQ<")),
        ("EN16931-UBL-validation.xsl", ubl().replace(b"119.00", b"120.00").replace(b">EUR<", b">EUX<")),
        ("EN16931-CII-validation.xsl", cii(lines=[Line(unit="XX")]).replace(b">DE<", b">QQ<")),
        ("XRechnung-UBL-validation.xsl", ubl()),
    ],
)
def test_official_rules_are_broken_alike(name: str, content: bytes) -> None:
    found = short(official(name), content)
    assert found
    assert found == whole(official(name), content)
