"""Dialects of other modellers and engines: Camunda 7 and 8, Operaton, Flowable and Activiti.

``translate`` gives a copy of a file in which their extensions are ours, for reading it for execution. The file itself
is left alone, so that it is written back as it came. What changes the run of a model and has no counterpart is an
error; what is left out without changing the way a token goes is a warning; what is only for the modeller is not spoken
of.
"""

from __future__ import annotations

from lxml import etree

from anyshore.base.errors import Diagnostic
from anyshore.base.xml import XmlDocument
from anyshore.bpmn.namespaces import bpmn
from anyshore.bpmn.vendors import camunda7, camunda8
from anyshore.bpmn.vendors.work import Work, copied, text_of
from anyshore.feel import juel

__all__ = ["translate"]


def translate(document: XmlDocument) -> tuple[XmlDocument, list[Diagnostic]]:
    """A file in our own terms, and what of it cannot be translated.

    Args:
        document: a BPMN file. One without extensions of a known dialect is given back as it is.
    """
    used = _used(document)
    dialects = [
        (names, run, spoken) for names, run, speaks in _DIALECTS if (spoken := used & set(names) or speaks(document))
    ]
    if not dialects:
        return document, []
    copy, found = copied(document), []
    for namespaces, run, spoken in dialects:
        name = namespaces[sorted(spoken)[0]]
        work = Work(copy, frozenset(namespaces), name)
        run(work)
        found += work.problems.found
    return copy, found


def _used(document: XmlDocument) -> set[str]:
    """The namespaces of all elements and attributes."""
    found: set[str] = set()
    for element in document.root.iter(etree.Element):
        found.update(str(etree.QName(str(name)).namespace) for name in (element.tag, *element.attrib))
    return found


_CAMUNDA = "http://camunda.org/schema/1.0/bpmn"
_EXPORTERS = {
    "camunda": (_CAMUNDA, "http://camunda.org/schema/zeebe/1.0"),
    "zeebe": ("http://camunda.org/schema/zeebe/1.0",),
    "operaton": ("http://operaton.org/schema/1.0/bpmn",),
    "flowable": ("http://flowable.org/bpmn",),
    "activiti": ("http://activiti.org/bpmn",),
}
"""A word in the name of a modeller → the dialects of what it writes."""

_EXPRESSIONS = tuple(
    bpmn(name)
    for name in (
        *("activationCondition", "completionCondition", "condition", "conditionExpression", "loopCardinality"),
        *("loopCondition", "timeCycle", "timeDate", "timeDuration"),
    )
)


def _declared(document: XmlDocument) -> set[str]:
    """The dialects that a file names without using them: by a namespace, or by the modeller it comes from."""
    found = {uri for element in document.root.iter(etree.Element) for uri in element.nsmap.values()}
    exporter = (document.root.get("exporter") or "").lower()
    for word, namespaces in _EXPORTERS.items():
        if word in exporter:
            found.update(namespaces)
    return found


def _speaks_camunda7(document: XmlDocument) -> set[str]:
    """The dialects with ``${…}`` that a file names, where it has such an expression and no attribute of theirs."""
    if not any(juel.is_expression(text_of(one)) for one in document.root.iter(*_EXPRESSIONS)):
        return set()
    return _declared(document) & set(camunda7.VENDORS)


def _speaks_camunda8(document: XmlDocument) -> set[str]:
    """Camunda 8, where a file names it and marks an expression by ``=`` as it does."""
    if not any(text_of(one).startswith("=") for one in document.root.iter(*_EXPRESSIONS)):
        return set()
    return _declared(document) & set(camunda8.VENDORS)


def _camunda7(work: Work) -> None:
    camunda7.Family(work).run()


def _camunda8(work: Work) -> None:
    camunda8.Zeebe(work).run()


_DIALECTS = (
    (camunda7.VENDORS, _camunda7, _speaks_camunda7),
    (camunda8.VENDORS, _camunda8, _speaks_camunda8),
)
"""The namespaces of a dialect, its translation, and how a file shows that it is written in it without using them."""
