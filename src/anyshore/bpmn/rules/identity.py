"""Ids, imported files, and the formats of text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from anyshore.base.errors import BpmnError
from anyshore.base.xml import parse
from anyshore.bpmn.namespaces import BPMN
from anyshore.bpmn.rules.tree import FLOW_NODES, Finding, Tree, is_mime, label, names, tag

_DIAGRAM = "http://www.omg.org/spec/BPMN/20100524/DI"
_REMOTE = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)
_ROOTS = {
    BPMN: f"{{{BPMN}}}definitions",
    "http://www.w3.org/2001/XMLSchema": "{http://www.w3.org/2001/XMLSchema}schema",
    "http://schemas.xmlsoap.org/wsdl/": "{http://schemas.xmlsoap.org/wsdl/}definitions",
    "http://www.w3.org/TR/wsdl20/": "{http://www.w3.org/ns/wsdl}description",
    "http://www.w3.org/ns/wsdl": "{http://www.w3.org/ns/wsdl}description",
}
_REFERENCED = FLOW_NODES | names(
    "process sequenceFlow messageFlow participant itemDefinition message signal error escalation interface operation "
    "dataObject dataObjectReference dataInput dataOutput dataStore dataStoreReference property resource lane "
    "correlationProperty correlationKey textAnnotation group association"
)


def imported_files(tree: Tree) -> Iterator[Finding]:
    """Every imported file is there and is of the kind that the import says."""
    folder = Path(tree.document.file).parent if Path(tree.document.file).is_file() else None
    for one in tree.all("import"):
        location = one.get("location") or ""
        if _REMOTE.match(location) or folder is None:
            continue  # nothing is fetched from a network; content without a path has no place to look from
        file = folder / location
        if not location or not file.is_file():
            yield one, f"The imported file {location!r} is not there."
            continue
        wanted = _ROOTS.get(one.get("importType") or "")
        try:
            root = parse(file, error=BpmnError).root
        except BpmnError as problem:
            yield one, f"The imported file {location!r} cannot be read: {problem.message}"
            continue
        if wanted is not None and root.tag != wanted:
            yield one, f"The imported file {location!r} is not of the type {one.get('importType')!r}."


def unique_ids(tree: Tree) -> Iterator[Finding]:
    """No id stands on two elements, diagram elements included."""
    seen: dict[str, etree._Element] = {}
    for element in tree.root.iter(f"{{{BPMN}}}*", f"{{{_DIAGRAM}}}*"):
        name = element.get("id")
        if name is None:
            continue
        if name in seen:
            line = tree.document.locate(seen[name]).line
            yield element, f"The id {name!r} is used already in line {line}."
        else:
            seen[name] = element


def may_lack_id(element: etree._Element, _message: str) -> bool:
    """Whether nothing in a run needs the id of an element: all but processes and flow nodes, which a state names."""
    return tag(element) not in FLOW_NODES | {"process"}


def ids_present(tree: Tree) -> Iterator[Finding]:
    """Elements that others refer to have an id."""
    for element in tree.all(*sorted(_REFERENCED)):
        if not element.get("id"):
            said = label(element)
            yield element, f"{said[0].upper()}{said[1:]} has no id, so nothing can refer to it."


def documentation_format(tree: Tree) -> Iterator[Finding]:
    """``textFormat`` of a documentation is a MIME type."""
    yield from _text_format(tree, "documentation")


def annotation_format(tree: Tree) -> Iterator[Finding]:
    """``textFormat`` of a text annotation is a MIME type."""
    yield from _text_format(tree, "textAnnotation")


def _text_format(tree: Tree, name: str) -> Iterator[Finding]:
    for element in tree.all(name):
        written = element.get("textFormat")
        if written is not None and not is_mime(written):
            yield element, f"textFormat={written!r} is no MIME type such as text/plain."
