"""A broken rule, and how Schematron's report (SVRL, ISO/IEC 19757-3 annex D) becomes a list of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lxml import etree

from anyshore.activities.einvoice.schematron import NUMBER, SVRL, Assertion, Flag, assertion
from anyshore.base.locations import Location
from anyshore.base.xml import XmlDocument

# The location is an absolute XPath. Its steps are *:Name[namespace-uri()='…'][2] or Q{…}Name[2] in a report, p:Name[2]
# or *[2] from the schema; it can end in an attribute.
_STEP = re.compile(
    r"/(?:\*:(?P<any>[\w.-]+)\[namespace-uri\(\)='(?P<uri>[^']*)'\]"
    r"|Q\{(?P<quri>[^}]*)\}(?P<qname>[\w.-]+)"
    r"|\*"
    r"|(?:[\w.-]+:)?(?P<name>[\w.-]+))(?:\[(?P<index>\d+)\])?"
)


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule an invoice breaks.

    Attributes:
        rule: identifier of the rule, for example ``BR-CO-15``; ``XSD`` for the schema, ``PROFILE`` for an element that
            the profile does not know.
        flag: whether it makes the invoice invalid (``fatal``) or not.
        test: the XPath test that failed; empty for the schema.
        text: what the rule demands.
        xpath: the place as the rule engine wrote it.
        location: file, element, line and column in the source, as far as the place can be resolved.
    """

    rule: str
    flag: Flag
    test: str
    text: str
    xpath: str
    location: Location


def from_svrl(report: etree._Element, document: XmlDocument, known: Sequence[Assertion] = ()) -> Iterator[Violation]:
    """The violations in a report.

    Args:
        report: ``schematron-output``.
        document: the document that was checked.
        known: the assertions it says by number.
    """
    for found in report.iter(f"{SVRL}failed-assert", f"{SVRL}successful-report"):
        number = found.get(NUMBER)
        if number is None:
            said = assertion({str(name): str(value) for name, value in found.attrib.items()}, found)
        else:
            said = known[int(number)]
        xpath = found.get("location", "")
        yield Violation(said.rule, said.flag, said.test, said.text, xpath, place(document, xpath))


def place(document: XmlDocument, xpath: str) -> Location:
    """The place in the source of the element an absolute XPath of a report leads to.

    Where a step leads nowhere, the innermost element that exists is the place.
    """
    element = element_at(document.root, xpath)
    if element is None:
        return Location(document.file)
    return document.locate(element, etree.QName(element).localname)


def element_at(root: etree._Element, xpath: str) -> etree._Element | None:
    """The innermost element that an absolute XPath of a report leads to."""
    element: etree._Element | None = None
    for step in _STEP.finditer(xpath):
        below = _below(root, element, step)
        if below is None:
            break
        element = below
    return element


def _below(root: etree._Element, parent: etree._Element | None, step: re.Match[str]) -> etree._Element | None:
    name: str | None = step["any"] or step["qname"] or step["name"]
    uri = step["uri"] if step["uri"] is not None else step["quri"]
    children = [root] if parent is None else parent.iterchildren(etree.Element)
    fitting = [child for child in children if _fits(etree.QName(child), name, uri)]
    index = int(step["index"] or 1) - 1
    return fitting[index] if index < len(fitting) else None


def _fits(name: etree.QName, local: str | None, uri: str | None) -> bool:
    return local in (None, name.localname) and (uri is None or (name.namespace or "") == uri)
