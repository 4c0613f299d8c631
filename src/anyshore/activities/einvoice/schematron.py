"""What a compiled Schematron writes into its report, cut down to what is read of it.

A report names every rule that was looked at, and repeats for every failure its test and its words. Both stand in the
stylesheet: so it is compiled without the first, and says the second by a number. This halves the time of a report.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from lxml import etree

Flag = Literal["fatal", "warning", "information"]

SVRL = "{http://purl.oclc.org/dsdl/svrl}"
_XSL = "{http://www.w3.org/1999/XSL/Transform}"
_SAID = frozenset({"id", "flag", "role", "test"})
_UNREAD = ("fired-rule", "suppressed-rule", "active-pattern")
_FOUND = (f"{SVRL}failed-assert", f"{SVRL}successful-report")
NUMBER = "number"
"""The attribute of a failure that says which of the stylesheet's assertions it is of."""

_LOCATION = "schxslt:location"
_MARKED = re.compile(r"^\s*\[(?P<rule>[A-Za-z0-9-]+)\]")
UNNAMED = "PROFILE"
"""The rules of Factur-X profiles that forbid an element have no identifier of their own."""

_FLAGS: dict[str, Flag] = {
    "fatal": "fatal",
    "error": "fatal",
    "warning": "warning",
    "warn": "warning",
    "info": "information",
    "information": "information",
}


@dataclass(frozen=True, slots=True)
class Assertion:
    """What a failure says wherever it is found.

    Attributes:
        rule: identifier of the rule; ``PROFILE`` where it has none.
        flag: how bad it is.
        test: the XPath test that fails.
        text: what the rule demands.
    """

    rule: str
    flag: Flag
    test: str
    text: str


def assertion(said: Mapping[str, str], found: etree._Element) -> Assertion:
    """What a failure of a report says.

    Args:
        said: its attributes.
        found: the element with its words.

    Note:
        An assertion without flag and role is an error by Schematron's own default.
    """
    text = " ".join("".join(str(part) for part in found.itertext(f"{SVRL}text")).split())
    marked = _MARKED.match(text)
    flag = (said.get("flag") or said.get("role") or "fatal").lower()
    rule = said.get("id") or (marked["rule"] if marked else UNNAMED)
    return Assertion(rule, _FLAGS.get(flag, "fatal"), said.get("test", ""), text)


def shortened(path: Path) -> tuple[str, tuple[Assertion, ...]]:
    """A compiled Schematron that writes no more than is read, and the assertions its failures give the numbers of.

    A failure whose words are put together from the document, or that holds what is not known here, stays as it is.
    """
    root = etree.parse(str(path)).getroot()
    root.base = path.as_uri()  # what it reads beside itself, as lists of codes, is found from there
    for name in _UNREAD:
        for one in list(root.iter(f"{SVRL}{name}")):
            _take_out(one)
    for output in root.iter(f"{_XSL}output"):
        output.set("indent", "no")
    for function in root.iter(f"{_XSL}function"):
        if function.get("name") == _LOCATION:
            _quick_location(function)
    assertions: list[Assertion] = []
    for found in root.iter(*_FOUND):
        said = _constant(found)
        if said is not None:
            _number(found, len(assertions))
            assertions.append(said)
    return etree.tostring(root, encoding="unicode"), tuple(assertions)


def _take_out(one: etree._Element) -> None:
    parent = one.getparent()
    if parent is not None:
        parent.remove(one)


def _constant(found: etree._Element) -> Assertion | None:
    """What a failure says, where it says the same of every document."""
    said = {str(name): str(value) for name, value in found.attrib.items()}
    if any("{" in value for name, value in said.items() if name != "location"):
        return None
    for child in found.iterchildren(etree.Element):
        name = child.get("name", "")
        if child.tag == f"{_XSL}attribute" and name in _SAID and not len(child) and child.get("select") is None:
            said[name] = child.text or ""
        elif child.tag == f"{_XSL}attribute" and name == "location":
            continue
        elif child.tag != f"{SVRL}text" or len(child):
            return None
    return assertion(said, found)


def _number(found: etree._Element, number: int) -> None:
    """Leaves a failure its place and gives it a number."""
    for child in list(found):
        if child.get("name") != "location":
            found.remove(child)
    for name in list(found.attrib):
        if name != "location":
            del found.attrib[name]
    found.set(NUMBER, str(number))


def _quick_location(function: etree._Element) -> None:
    """Lets the path of an element be written by the processor, as the function would; other nodes are left to it."""
    parameter = function.find(f"{_XSL}param")
    if parameter is None or parameter.get("name") != "node":
        return
    choose, quick = etree.Element(f"{_XSL}choose"), etree.Element(f"{_XSL}when", test="$node instance of element()")
    etree.SubElement(quick, f"{_XSL}sequence", select="path($node)")
    other = etree.SubElement(choose, f"{_XSL}otherwise")
    for child in list(function):
        if child is not parameter:
            other.append(child)
    choose.insert(0, quick)
    function.append(choose)
