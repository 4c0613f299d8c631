"""Small BPMN files for the rules: snippets, with the flows listed at both ends."""

from __future__ import annotations

from lxml import etree

from anyshore.base.errors import BpmnError, Diagnostic
from anyshore.base.xml import parse
from anyshore.bpmn import rules
from anyshore.bpmn.namespaces import bpmn

HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:t="urn:test" targetNamespace="urn:test" {more}>'
)
F = 'xsi:type="tFormalExpression"'
_BEFORE_FLOWS = {bpmn(name) for name in ("documentation", "extensionElements", "auditing", "monitoring")}


def flows(links: str) -> str:
    """``a>b c>d`` as sequence flows named ``a_b``, ``c_d``."""
    found = []
    for link in links.split():
        source, target = link.split(">")
        found.append(f'<sequenceFlow id="{source}_{target}" sourceRef="{source}" targetRef="{target}"/>')
    return "".join(found)


def file(
    body: str = "", links: str = "", *, root: str = "", after: str = "", listed: bool = True, attributes: str = "",
    executable: bool = True, more: str = "",
) -> bytes:  # fmt: skip
    """A file with one process ``p``; the nodes list their flows unless ``listed`` is false."""
    process = f'<process id="p" isExecutable="{str(executable).lower()}" {attributes}>{body}{flows(links)}</process>'
    whole = etree.fromstring(f"{HEAD.format(more=more)}{root}{process}{after}</definitions>".encode())
    if listed:
        _list_flows(whole)
    return etree.tostring(whole)


def _list_flows(whole: etree._Element) -> None:
    nodes = {one.get("id"): one for one in whole.iter(etree.Element)}
    for flow in whole.iter(bpmn("sequenceFlow")):
        for end, name in (("targetRef", "incoming"), ("sourceRef", "outgoing")):
            node = nodes.get(flow.get(end))
            if node is None or any(one.text == flow.get("id") for one in node.iterchildren(bpmn(name))):
                continue
            at = sum(1 for one in node if one.tag in _BEFORE_FLOWS)
            if name == "outgoing":
                at += len(node.findall(bpmn("incoming")))
            listed = etree.Element(bpmn(name))
            listed.text = flow.get("id")
            node.insert(at, listed)


def problems(content: bytes, *, drawing: bool = False) -> list[Diagnostic]:
    """What the rules find."""
    return rules.check(parse(content, "test.bpmn", error=BpmnError), drawing=drawing)


def codes(content: bytes, severity: str = "error") -> set[str]:
    """The rules that a file breaks."""
    return {one.code.removeprefix("bpmn.") for one in problems(content) if one.severity == severity}
