"""The XML namespaces that a process model is made of."""

from __future__ import annotations

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
ANYSHORE = "https://anyshore.org/bpmn"
"""What our own models add to BPMN; see docs/reference/bpmn-extensions.md."""

FEEL_LANGUAGES = frozenset(
    {
        "feel",
        "text/feel",
        "application/feel",
        "text/x-feel",
        "http://www.omg.org/spec/FEEL/20140401",
        "http://www.omg.org/spec/DMN/20151101/FEEL",
        "http://www.omg.org/spec/DMN/20180521/FEEL/",
        "https://www.omg.org/spec/DMN/20191111/FEEL/",
        "https://www.omg.org/spec/DMN/20211108/FEEL/",
        "https://www.omg.org/spec/DMN/20230324/FEEL/",
    }
)

EXECUTING_VENDORS = {
    "http://camunda.org/schema/1.0/bpmn": "Camunda 7",
    "http://camunda.org/schema/zeebe/1.0": "Camunda 8",
    "http://activiti.org/bpmn": "Activiti",
    "http://flowable.org/bpmn": "Flowable",
    "http://www.jboss.org/drools": "jBPM",
    "http://operaton.org/schema/1.0/bpmn": "Operaton",
    "http://spiffworkflow.org/bpmn/schema/1.0/core": "SpiffWorkflow",
}
"""Vendors whose extensions change what a model does. Left untranslated they would be passed through in silence."""

DRAWING_VENDORS = frozenset(
    {
        "http://www.signavio.com",
        "http://www.bizagi.com/bpmn20",
        "http://bpmn.sourceforge.net",
        "http://bpmn.io/schema/bpmn/biocolor/1.0",
        "http://www.omg.org/spec/BPMN/non-normative/color/1.0",
        "http://camunda.org/schema/modeler/1.0",
        "http://flowable.org/design",
    }
)
"""What modellers keep for themselves: colours, palettes, attributes of a glossary. It means nothing for a run."""


def bpmn(name: str) -> str:
    """The qualified tag of a BPMN element."""
    return f"{{{BPMN}}}{name}"


def own(name: str) -> str:
    """The qualified name of one of our own extensions."""
    return f"{{{ANYSHORE}}}{name}"
