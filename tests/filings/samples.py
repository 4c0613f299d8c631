"""Filings written for the tests."""

from __future__ import annotations

from collections.abc import Mapping

CONTEXT = """
<xbrli:context id="{id}"><xbrli:entity><xbrli:identifier scheme="http://www.sec.gov/CIK">0000000001</xbrli:identifier>
{segment}</xbrli:entity><xbrli:period>{period}</xbrli:period>{scenario}</xbrli:context>"""
NAMES = (
    'xmlns:xbrli="http://www.xbrl.org/2003/instance" xmlns:link="http://www.xbrl.org/2003/linkbase" '
    'xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:iso4217="http://www.xbrl.org/2003/iso4217" '
    'xmlns:xbrldi="http://xbrl.org/2006/xbrldi" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xmlns:o="http://own.example/2026" xmlns:g="http://public.example/gaap"'
)
UNITS = """
<xbrli:unit id="usd"><xbrli:measure>iso4217:USD</xbrli:measure></xbrli:unit>
<xbrli:unit id="perShare"><xbrli:divide><xbrli:unitNumerator><xbrli:measure>iso4217:USD</xbrli:measure>
</xbrli:unitNumerator><xbrli:unitDenominator><xbrli:measure>xbrli:shares</xbrli:measure></xbrli:unitDenominator>
</xbrli:divide></xbrli:unit>"""
YEAR = "<xbrli:startDate>2025-01-01</xbrli:startDate><xbrli:endDate>2025-12-31</xbrli:endDate>"


def context(name: str, period: str = YEAR, segment: str = "", scenario: str = "") -> str:
    return CONTEXT.format(id=name, period=period, segment=segment, scenario=scenario)


def instance(facts: str, contexts: str | None = None) -> bytes:
    body = (context("y") if contexts is None else contexts) + UNITS + facts
    return f"<?xml version='1.0'?><xbrli:xbrl {NAMES}>{body}</xbrli:xbrl>".encode()


def page(body: str, *, hidden: str = "", contexts: str | None = None, names: str = "") -> bytes:
    resources = (context("y") if contexts is None else contexts) + UNITS
    return f"""<html xmlns="http://www.w3.org/1999/xhtml" xmlns:ix="http://www.xbrl.org/2013/inlineXBRL"
xmlns:ixt="http://www.xbrl.org/inlineXBRL/transformation/2022-02-16" {NAMES} {names}><body>
<div style="display:none"><ix:header><ix:hidden>{hidden}</ix:hidden><ix:resources>{resources}</ix:resources></ix:header>
</div>{body}</body></html>""".encode()


SCHEMA = b"""<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xbrli="http://www.xbrl.org/2003/instance"
 xmlns:link="http://www.xbrl.org/2003/linkbase" targetNamespace="http://own.example/2026">
<xs:annotation><xs:appinfo><link:roleType roleURI="http://own.example/role/Income">
<link:definition>0002 - Statement - Income</link:definition></link:roleType>%s</xs:appinfo></xs:annotation>
<xs:import namespace="http://public.example/gaap" schemaLocation="https://public.example/gaap-2026.xsd"/>
<xs:element name="Extra" id="o_Extra" type="xbrli:monetaryItemType" substitutionGroup="xbrli:item"
 xbrli:periodType="duration" xbrli:balance="credit"/></xs:schema>"""


def linkbase(kind: str, arcs: str, role: str = "http://own.example/role/Income") -> bytes:
    """A linkbase whose locators are called like the concepts: ``g_Total``, ``o_Extra``."""
    places = {"g": "https://public.example/gaap-2026.xsd", "o": "own-2026.xsd"}
    locators = "".join(
        f'<link:loc xlink:type="locator" xlink:label="{one}" xlink:href="{places[one[0]]}#{one}"/>'
        for one in ("g_Total", "g_Sales", "g_Cost", "o_Extra")
    )
    return (
        f'<link:linkbase {NAMES}><link:{kind}Link xlink:type="extended" xlink:role="{role}">{locators}{arcs}'
        f"</link:{kind}Link></link:linkbase>"
    ).encode()


def arc(parent: str, child: str, weight: str = "1", more: str = "") -> str:
    return (
        f'<link:calculationArc xlink:type="arc" xlink:arcrole="http://www.xbrl.org/2003/arcrole/summation-item" '
        f'xlink:from="{parent}" xlink:to="{child}" weight="{weight}" {more}/>'
    )


def summed(facts: str, arcs: str, *, embedded: bool = False) -> Mapping[str, bytes]:
    """A filing with a calculation."""
    calculation = linkbase("calculation", arcs)
    if embedded:
        return {"own.xml": instance(facts), "own-2026.xsd": SCHEMA % calculation}
    return {"own.xml": instance(facts), "own-2026.xsd": SCHEMA % b"", "own_cal.xml": calculation}


def fact(name: str, value: str, more: str = 'decimals="0"', place: str = "y", unit: str = "usd") -> str:
    return f'<{name} contextRef="{place}" unitRef="{unit}" {more}>{value}</{name}>'
