"""Validation against the XML schema of BPMN."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

from lxml import etree

from anyshore.bpmn.rules.tree import Finding, Tree

_FILE = Path(__file__).parent / "xsd" / "BPMN20.xsd"
_NAMESPACE = re.compile(r"\{[^}' ]*\}")
_ID = re.compile(r"valid value of the atomic type 'xs:(ID|IDREF)'")
_ONE_AT_A_TIME = Lock()
_STRICT_WILDCARD = "demanded by the strict wildcard"
_KNOWN = ("Element '{http://www.omg.org/spec/BPMN/", "Element '{http://www.omg.org/spec/DD/")
_NO_TARGET_NAMESPACE = "definitions has no targetNamespace."

_OF = r"Element '(\S+?)'"
_AT = rf"{_OF}, attribute '(\S+?)'"
_CHOICE = r"Expected is (?:one of )?\( ?(.*?) ?\)"
_INVALID = r"'(.*)' is not a valid value of the \w+ type '(?:xs:)?(\S+?)'"

_SAID = (
    (rf"{_OF}: The attribute '(\S+?)' is required but missing", "{0} has no {1}."),
    (rf"{_AT}: The attribute '\S+?' is not allowed", "{0} cannot have the attribute {1}."),
    (
        rf"{_OF}: This element is not expected\. {_CHOICE}",
        "{0} cannot stand in this place of its parent; here can stand: {1}.",
    ),
    (rf"{_OF}: This element is not expected", "{0} cannot stand in this place of its parent."),
    (rf"{_OF}: Missing child element\(s\)\. {_CHOICE}", "{0} lacks a child: {1}."),
    (rf"{_OF}: Missing child element", "{0} lacks a child element."),
    (rf"{_OF}: Character content .* not allowed", "{0} holds text, where only elements can stand."),
    (rf"{_OF}: Element content is not allowed", "{0} holds elements, where only text can stand."),
    (
        rf"{_AT}: \[facet 'enumeration'\] The value '(.*?)' is not an element of the set \{{(.*?)\}}",
        "{1} of {0} is {2!r}; it can be {3}.",
    ),
    (rf"{_AT}: {_INVALID}", "{1} of {0} is {2!r}, which is no {3}."),
    (rf"{_OF}: {_INVALID}", "{0} holds {1!r}, which is no {2}."),
    (rf"{_OF}: The type definition is abstract", "{0} is abstract: write one of the elements that it stands for."),
    (rf"{_OF}: No matching global element declaration", "There is no element {0} in BPMN 2.0."),
    (rf"{_OF}.*QName value '(\S+?)'.*does not resolve to a type definition", "There is no type {1} for {0}."),
)
"""What libxml2 says, and how it is said here."""


@cache
def _schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(_FILE)))


def is_target_namespace(_element: etree._Element, message: str) -> bool:
    """Whether all that a file lacks is its target namespace, in which nothing of it is looked up."""
    return message == _NO_TARGET_NAMESPACE


def schema(tree: Tree) -> Iterator[Finding]:
    """The file follows the XML schema."""
    with _ONE_AT_A_TIME:  # the validator keeps its messages in itself
        validator = _schema()
        if validator.validate(tree.root.getroottree()):
            return
        log: Any = validator.error_log  # the stubs do not know that it can be walked
        found = [(entry.path, entry.line, entry.message) for entry in log]
    told: set[tuple[etree._Element, str]] = set()
    for path, line, message in found:
        if _ID.search(message):
            continue  # duplicate ids have a rule with a better message
        element = _element(tree, path, line)
        if _STRICT_WILDCARD in message and not message.startswith(_KNOWN):
            continue  # a strict wildcard cannot be judged without the schema of the vendor
        # Of one value libxml2 says first which of its limits it breaks, and then that it is not valid.
        attribute = re.search(r"attribute '(\S+?)'", message)
        fault = (element, attribute[1] if attribute else message)
        if fault not in told:
            told.add(fault)
            yield element, _worded(_NAMESPACE.sub("", message))


def _worded(message: str) -> str:
    for pattern, words in _SAID:
        found = re.match(pattern, message)
        if found is not None:
            return words.format(*(_listed(part) for part in found.groups()))
    return message


def _listed(part: str) -> str:
    """Names in a list of libxml2, once each."""
    names = [name.strip("' *") for name in part.split(", ")]
    return ", ".join(dict.fromkeys(names)) if len(names) > 1 else part


def _element(tree: Tree, path: str | None, line: int) -> etree._Element:
    """The element of a message: libxml2 says where it is, or at least in which line."""
    if path:
        prefixes = {prefix: uri for prefix, uri in tree.root.nsmap.items() if prefix}
        try:
            found = tree.root.getroottree().xpath(path, namespaces=prefixes)
        except etree.XPathEvalError:  # a prefix that is declared further in
            found = None
        if isinstance(found, list) and found and isinstance(found[0], etree._Element):
            return found[0]
    return next((one for one in tree.root.iter(etree.Element) if tree.document.locate(one).line == line), tree.root)
