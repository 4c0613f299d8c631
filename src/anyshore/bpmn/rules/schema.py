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
_NAMESPACE = re.compile(r"\{[^}]*\}")
_ID = re.compile(r"valid value of the atomic type 'xs:(ID|IDREF)'")
_ONE_AT_A_TIME = Lock()


@cache
def _schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(_FILE)))


def schema(tree: Tree) -> Iterator[Finding]:
    """The file follows the XML schema."""
    with _ONE_AT_A_TIME:  # the validator keeps its messages in itself
        validator = _schema()
        if validator.validate(tree.root.getroottree()):
            return
        log: Any = validator.error_log  # the stubs do not know that it can be walked
        found = [(entry.path, entry.line, entry.message) for entry in log]
    for path, line, message in found:
        if not _ID.search(message):  # duplicate ids have a rule with a better message
            yield _element(tree, path, line), _NAMESPACE.sub("", message)


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
