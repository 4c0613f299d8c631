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
from anyshore.bpmn.vendors import camunda7, camunda8
from anyshore.bpmn.vendors.work import Work, copied

__all__ = ["translate"]


def translate(document: XmlDocument) -> tuple[XmlDocument, list[Diagnostic]]:
    """A file in our own terms, and what of it cannot be translated.

    Args:
        document: a BPMN file. One without extensions of a known dialect is given back as it is.
    """
    used = _used(document)
    dialects = [(names, run) for names, run in _DIALECTS if used & set(names)]
    if not dialects:
        return document, []
    copy, found = copied(document), []
    for namespaces, run in dialects:
        name = namespaces[sorted(used & set(namespaces))[0]]
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


def _camunda7(work: Work) -> None:
    camunda7.Family(work).run()


def _camunda8(work: Work) -> None:
    camunda8.Zeebe(work).run()


_DIALECTS = ((camunda7.VENDORS, _camunda7), (camunda8.VENDORS, _camunda8))
