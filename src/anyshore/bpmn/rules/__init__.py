"""The static rules of BPMN 2.0, checked when a model is read: all violations at once, each with its place.

``check`` looks at a parsed file; ``RULES`` says which rules there are.
"""

from __future__ import annotations

from lxml import etree

from anyshore.base.errors import Diagnostic
from anyshore.base.xml import XmlDocument
from anyshore.bpmn.namespaces import BPMN
from anyshore.bpmn.rules.catalogue import RULES, Rule
from anyshore.bpmn.rules.tree import Tree

__all__ = ["RULES", "Rule", "check"]


def check(document: XmlDocument, *, drawing: bool = False, strict: bool = True) -> list[Diagnostic]:
    """Every place where a file breaks a static rule, in document order.

    Args:
        document: a BPMN file; a file that is none gives no problems here, since reading refuses it as a whole.
        drawing: whether the file is only to be exchanged, not executed: rules about execution then warn.
        strict: whether also what whole families of modellers do, and what changes nothing in a run, is an error. What
            two rules say of one element is then said twice.
    """
    if document.root.tag != f"{{{BPMN}}}definitions":
        return []
    tree = Tree(document, strict=strict)
    lenient = drawing or tree.for_engine or tree.drawing
    found: dict[tuple[etree._Element, str], Diagnostic] = {}
    for rule in RULES:
        for element, message in rule.check(tree):
            mild = rule.mild is not None and not strict and rule.mild(element, message)
            severity = "warning" if mild or (rule.plain and lenient) else rule.severity
            hint = f"{rule.text} (BPMN 2.0.2, {rule.section})"
            one = Diagnostic(rule.code, message, document.locate(element), hint, severity)
            # Some rules say the same of one element: it is one fault.
            found.setdefault((element, f"{rule.code} {message}" if strict else message), one)
    return sorted(found.values(), key=lambda one: (one.location.line or 0, one.location.column or 0))
