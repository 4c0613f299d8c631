"""What tests of other modellers' files share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lxml import etree

from anyshore import feel
from anyshore.base.errors import BpmnError, Diagnostic
from anyshore.base.xml import parse
from anyshore.bpmn import BpmnEngine, Process, vendors
from anyshore.bpmn.namespaces import own
from tests.harness import Instance

SAMPLES = Path(__file__).parent / "samples"
SECOND = 1_000_000
SPACES = {
    "camunda": "http://camunda.org/schema/1.0/bpmn",
    "operaton": "http://operaton.org/schema/1.0/bpmn",
    "flowable": "http://flowable.org/bpmn",
    "activiti": "http://activiti.org/bpmn",
    "zeebe": "http://camunda.org/schema/zeebe/1.0",
}
HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" targetNamespace="urn:test" '
    + " ".join(f'xmlns:{prefix}="{space}"' for prefix, space in SPACES.items())
    + ">"
)


def start(process: Process, **variables: Any) -> Instance:
    instance = Instance(BpmnEngine(), process)
    instance.start(0, **{name: feel.from_python(value) for name, value in variables.items()})
    return instance


def one(node: str, root: str = "", name: str = "t") -> tuple[etree._Element, list[Diagnostic]]:
    """The node ``t`` of a small process after translation, and what was said about it."""
    text = f'{HEAD}{root}<process id="p" isExecutable="true">{node}</process></definitions>'
    document, found = vendors.translate(parse(text, "test.bpmn", error=BpmnError))
    (element,) = [one for one in document.root.iter(etree.Element) if one.get("id") == name]
    return element, found


def mapped(element: etree._Element, kind: str) -> dict[str, str]:
    return {found.get("name", ""): found.get("expression", "") for found in element.iter(own(kind))}
