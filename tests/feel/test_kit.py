"""The decisions of the DMN compatibility kit that are one FEEL expression each, where the kit is present."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from lxml import etree
from tests.feel.helpers import NOW

from anyshore import feel
from anyshore.base import temporal
from anyshore.base.errors import Diagnostic, FeelError
from anyshore.feel import types
from anyshore.feel.comparison import equal

NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
Element = etree._Element


def _value(node: Element | None) -> object:
    for child in node if node is not None else ():
        tag = etree.QName(child).localname if isinstance(child.tag, str) else ""
        if tag == "list":
            return None if child.get(NIL) == "true" else [_value(item) for item in child.iterchildren("{*}item")]
        if tag == "component":
            assert node is not None
            return {one.get("name"): _value(one) for one in node.iterchildren("{*}component")}
        if tag == "value":
            return None if child.get(NIL) == "true" else _simple(child.text or "", child.get(TYPE, "xsd:string"))
    return None


def _simple(text: str, kind: str) -> object:
    kind = kind.split(":")[-1]
    if kind in ("decimal", "double", "integer", "int", "float"):
        return Decimal(text)
    if kind == "boolean":
        return text == "true"
    return text if kind == "string" else temporal.parse(text)


def _item_types(model: Element) -> dict[str, types.FeelType]:
    definitions = {one.get("name", ""): one for one in model.iterchildren("{*}itemDefinition")}
    found: dict[str, types.FeelType] = {}

    def named(name: str) -> types.FeelType:
        if name in definitions and name not in found:
            found[name] = built(definitions[name])
        return found.get(name) or types.SIMPLE_TYPES.get(name, types.ANY)

    def built(one: Element) -> types.FeelType:
        parts = list(one.iterchildren("{*}itemComponent"))
        entries = tuple((part.get("name", ""), built(part)) for part in parts)
        kind = types.ContextType(entries) if parts else named((one.findtext("{*}typeRef") or "Any").split(":")[-1])
        return types.ListType(kind) if one.get("isCollection") == "true" else kind

    return {name: named(name) for name in definitions}


def _alike(left: object, right: object) -> bool:
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return abs(left - right) <= Decimal("1e-8")
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(_alike, left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(_alike(left[key], right[key]) for key in left)
    return equal(left, right) is True


def _cases(folder: Path) -> Iterator[tuple[str, Element, Element, Element, dict[str, object]]]:
    for file in sorted(folder.glob("*-test-*.xml")):
        kit = etree.parse(file).getroot()
        model = etree.parse(folder / (kit.findtext("{*}modelName") or "")).getroot()
        decisions = {one.get("name"): one for one in model.iterchildren("{*}decision")}
        for case in kit.iterchildren("{*}testCase"):
            inputs = {str(one.get("name")): _value(one) for one in case.iterchildren("{*}inputNode")}
            for result in case.iterchildren("{*}resultNode"):
                decision = decisions.get(result.get("name"))
                if decision is not None and case.get("type") != "decisionService":
                    yield f"{file.name} {case.get('id')}", model, decision, result, inputs


def _stands_alone(decision: Element) -> bool:
    needs_more = (
        decision.find("{*}knowledgeRequirement"),
        decision.find("{*}informationRequirement/{*}requiredDecision"),
    )
    return decision.find("{*}literalExpression") is not None and needs_more == (None, None)


def test_single_expressions(data_dir: Path) -> None:
    kit = data_dir / "dmn-tck"
    if not kit.is_dir():
        pytest.skip("no compatibility kit among the real data")
    count = 0
    failures: list[str] = []
    for folder in sorted(kit.glob("compliance-level-*/*")):
        for name, model, decision, result, inputs in _cases(folder):
            if not _stands_alone(decision):
                continue
            count += 1
            text = decision.findtext("{*}literalExpression/{*}text") or ""
            defined = _item_types(model)
            found: list[Diagnostic] = []
            try:
                value = feel.compile(text, names=inputs, types=defined).evaluate(inputs, now=NOW, diagnostics=found)
            except FeelError as error:
                value, found = None, list(error.diagnostics)
            variable = decision.find("{*}variable")
            wanted = "Any" if variable is None else variable.get("typeRef", "Any").split(":")[-1]
            kind = defined.get(wanted) or types.SIMPLE_TYPES.get(wanted, types.ANY)
            value, fits = types.coerce(value, kind)
            if not _alike(value, _value(result.find("{*}expected"))):
                failures.append(f"{name}: {text.strip()!r} gives {value!r}")
            elif result.get("errorResult") == "true" and fits and not found:
                failures.append(f"{name}: {text.strip()!r} is null without a reason")
    assert failures == []
    assert count > 2000
