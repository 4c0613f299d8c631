"""The static rules of BPMN 2.0, checked when a model is read: all violations at once, each with its place.

``check`` looks at a parsed file; ``RULES`` says which rules there are.
"""

from __future__ import annotations

from anyshore.base.errors import Diagnostic
from anyshore.base.xml import XmlDocument
from anyshore.bpmn.namespaces import BPMN
from anyshore.bpmn.rules.catalogue import RULES, Rule
from anyshore.bpmn.rules.tree import Tree

__all__ = ["RULES", "Rule", "check"]


def check(document: XmlDocument, *, drawing: bool = False) -> list[Diagnostic]:
    """Every place where a file breaks a static rule, in document order.

    Args:
        document: a BPMN file; a file that is none gives no problems here, since reading refuses it as a whole.
        drawing: whether the file is only to be exchanged, not executed: rules about execution then warn.
    """
    if document.root.tag != f"{{{BPMN}}}definitions":
        return []
    tree = Tree(document)
    lenient = drawing or tree.for_engine or tree.drawing
    found = [
        Diagnostic(
            rule.code, message, document.locate(element), f"{rule.text} (BPMN 2.0.2, {rule.section})",
            "warning" if rule.plain and lenient else rule.severity,
        )
        for rule in RULES
        for element, message in rule.check(tree)
    ]  # fmt: skip
    return sorted(dict.fromkeys(found), key=lambda one: (one.location.line or 0, one.location.column or 0))
