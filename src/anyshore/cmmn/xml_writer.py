"""A model as CMMN 1.1 XML. What was read comes out again: ids, foreign attributes, extensions, the diagram."""

from __future__ import annotations

from typing import Any

from lxml import etree

from anyshore.cmmn.binding import Bound, Comment, bound_fields
from anyshore.cmmn.elements.table import TAGS
from anyshore.cmmn.model import (
    CaseFileItemOnPart,
    DiscretionaryItem,
    Model,
    PlanItem,
    PlanItemOnPart,
    PlanningTable,
)  # fmt: skip
from anyshore.cmmn.names import ANYSHORE, CMMN

_CHILD_TAGS: dict[type, str] = {
    **TAGS, PlanItem: "planItem", DiscretionaryItem: "discretionaryItem", PlanningTable: "planningTable",
    PlanItemOnPart: "planItemOnPart", CaseFileItemOnPart: "caseFileItemOnPart",
}  # fmt: skip


def write(model: Model) -> bytes:
    """The model as a UTF-8 file."""
    prefixes: dict[str | None, str] = dict(model.prefixes) or {None: CMMN}
    if CMMN not in prefixes.values():
        prefixes[None] = CMMN
    if ANYSHORE not in prefixes.values() and "anyshore" not in prefixes:
        prefixes["anyshore"] = ANYSHORE
    root = etree.Element(f"{{{CMMN}}}definitions", nsmap=prefixes)  # type: ignore[arg-type]
    _fill(root, model)
    etree.cleanup_namespaces(root, keep_ns_prefixes=[p for p, _ in model.prefixes if p])
    etree.indent(root)
    before, behind = model.around
    for text in before:
        root.addprevious(_node(text))
    for text in reversed(behind):
        root.addnext(_node(text))
    return etree.tostring(root.getroottree(), xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _fill(element: etree._Element, value: Any) -> None:
    kind: Any = type(value)
    for name, bound in bound_fields(kind):
        content = getattr(value, name)
        if content is None or (content == () and bound.kind != "wrapped") or content == bound.absent:
            continue
        match bound.kind:
            case "attribute":
                element.set(bound.name, _text(content))
            case "text":
                element.text = content
            case "raw":
                for text in content:
                    element.append(etree.fromstring(text))
            case "wrapped":
                wrapper = etree.SubElement(element, f"{{{CMMN}}}{bound.name}")
                _children(wrapper, content, bound)
            case _:
                _children(element, content if isinstance(content, tuple) else (content,), bound)
    for name, text in getattr(value, "foreign", ()):
        element.set(name, text)
    for text in getattr(value, "foreign_elements", ()):
        element.append(etree.fromstring(text))
    _comment(element, getattr(value, "comments", ()))


def _comment(element: etree._Element, comments: tuple[Comment, ...]) -> None:
    """Puts comments where they stood; at the end where what they stood before is gone."""
    for place, tag, number, text in comments:
        inside = element if place == element.tag else element.find(place)
        if inside is None:
            continue
        behind = inside.findall(tag)[number : number + 1] if tag else []
        if behind:
            behind[0].addprevious(_node(text))
        else:
            inside.append(_node(text))


def _node(text: str) -> etree._Element:
    """A comment or processing instruction."""
    return etree.fromstring(f"<x>{text}</x>")[0]


def _children(element: etree._Element, content: tuple[Any, ...], bound: Bound) -> None:
    for item in content:
        tag = _CHILD_TAGS.get(type(item))
        if tag is None or bound.kind == "child":
            types = bound.types() if callable(bound.types) else {}
            tag = next(tag for tag, kind in types.items() if kind is type(item))
        _fill(etree.SubElement(element, f"{{{CMMN}}}{tag}"), item)


def _text(content: Any) -> str:
    if isinstance(content, bool):
        return "true" if content else "false"
    return " ".join(content) if isinstance(content, tuple) else str(content)
