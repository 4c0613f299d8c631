"""Loop markers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from lxml import etree

from anyshore.bpmn import data, expressions
from anyshore.bpmn.data import DataMapping
from anyshore.bpmn.model import Loop, Trigger
from anyshore.bpmn.reading import mappings, triggers
from anyshore.bpmn.reading.context import Reading
from anyshore.feel import Expression
from anyshore.kernel.turn import Turn

_BEHAVIORS = ("None", "One", "All", "Complex")


def read(reading: Reading, xml: etree._Element, mapping: DataMapping) -> Loop | None:
    """The loop marker of an activity; None where it has none."""
    standard = reading.child(xml, "standardLoopCharacteristics")
    if standard is not None:
        return _standard(reading, standard)
    multi = reading.child(xml, "multiInstanceLoopCharacteristics")
    return None if multi is None else _multi(reading, multi, mapping)


def _standard(reading: Reading, xml: etree._Element) -> Loop:
    condition = reading.expression_child(xml, "loopCondition")
    maximum = reading.number(xml, "loopMaximum", None, 1)
    if condition is None and maximum is None:
        reading.problems.add(
            xml, "bpmn.endless-loop", "The loop has neither a condition nor a maximum: it would never end.",
            "Give it a loopCondition or a loopMaximum.",
        )  # fmt: skip
    return Loop(multi=False, condition=condition, maximum=maximum, test_before=reading.flag(xml, "testBefore", False))


def _multi(reading: Reading, xml: etree._Element, mapping: DataMapping) -> Loop:
    behavior = xml.get("behavior", "All")
    if behavior not in _BEHAVIORS:
        reading.problems.add(
            xml, "bpmn.behavior", f"behavior={behavior!r} is unknown.", f"Use {', '.join(_BEHAVIORS)}."
        )
    loop = Loop(
        multi=True,
        sequential=reading.flag(xml, "isSequential", False),
        condition=reading.expression_child(xml, "completionCondition"),
        cardinality=reading.expression_child(xml, "loopCardinality"),
        behavior=behavior.lower(),
        behavior_trigger=_behavior_event(reading, xml, behavior),
        complex=tuple(_complex(reading, one) for one in reading.children(xml, "complexBehaviorDefinition")),
    )
    _data(reading, xml, mapping, loop)
    if loop.collection is None and reading.child(xml, "loopCardinality") is None:
        reading.problems.add(
            xml, "bpmn.no-instances", "The multi-instance marker has neither a loopCardinality nor a collection.",
            "Give it a loopCardinality, a loopDataInputRef or anyshore:collection.",
        )  # fmt: skip
    return loop


def _behavior_event(reading: Reading, xml: etree._Element, behavior: str) -> Trigger | None:
    attribute = {"None": "noneBehaviorEventRef", "One": "oneBehaviorEventRef"}.get(behavior)
    if attribute is None:
        return None
    reference = reading.reference(xml, attribute, required=True)
    return (
        None if reference is None else _throwable(reading, triggers.read_one(reading, xml, reading.ids[reference]), xml)
    )


def _throwable(reading: Reading, trigger: Trigger, xml: etree._Element) -> Trigger:
    """A multi-instance tells about its progress by a signal, a message or an escalation."""
    if trigger.kind not in ("signal", "message", "escalation"):
        reading.problems.add(
            xml, "bpmn.behavior", f"A multi-instance cannot throw a {trigger.kind} about its progress.",
            "Use a signal, a message or an escalation.",
        )  # fmt: skip
    return trigger


def _complex(reading: Reading, xml: etree._Element) -> tuple[Expression, tuple[Trigger, ...]]:
    condition = reading.expression_child(xml, "condition")
    if condition is None:
        if reading.child(xml, "condition") is None:
            reading.problems.add(
                xml, "bpmn.no-condition", "The complex behaviour has no condition.", "Write a condition (10.3.8)."
            )
        condition = expressions.compile_text("false", (), reading.location(xml))
    event = reading.child(xml, "event")
    found = triggers.read(reading, event) if event is not None else ()
    return condition, tuple(_throwable(reading, one, xml) for one in found)


def _data(reading: Reading, xml: etree._Element, mapping: DataMapping, loop: Loop) -> None:
    """What the instances get and give, from the data elements of BPMN or from our own attributes."""
    source = reading.child(xml, "loopDataInputRef")
    written = reading.own(xml, "collection")
    if source is not None:
        loop.collection = _from_variable(mappings.variable(reading, source), mapping)
    elif written is not None:
        loop.collection = _from_expression(reading.expression(xml, written))
    item = _item(reading, xml, "inputDataItem")
    loop.item = item or reading.own(xml, "item")
    loop.output_item = _item(reading, xml, "outputDataItem")
    collect = reading.own(xml, "collect")
    if loop.output_item is not None:
        loop.collect = _variable(reading, xml, loop.output_item)
    elif collect is not None:
        loop.collect = reading.expression(xml, collect)
        # A result of that name belongs to its instance, so that parallel instances do not overwrite each other.
        loop.output_item = collect if collect.isidentifier() else None
    target = reading.child(xml, "loopDataOutputRef")
    if target is not None:
        loop.into = _outside(mappings.variable(reading, target), mapping)
    else:
        loop.into = reading.own(xml, "into")


def _item(reading: Reading, xml: etree._Element, tag: str) -> str | None:
    found = reading.child(xml, tag)
    return None if found is None else reading.variables.get(found.get("id", ""), found.get("name"))


def _variable(reading: Reading, xml: etree._Element, name: str) -> Expression:
    return expressions.compile_text(name, (name,), reading.location(xml))


Collection = Callable[[Turn, Mapping[str, Any]], Any]


def _from_variable(name: str, mapping: DataMapping) -> Collection:
    """A list in a variable; where the name is a data input of the activity, what its association brings."""

    def collection(turn: Turn, view: Mapping[str, Any]) -> Any:
        given = data.inputs(turn, mapping, view)
        return given[name] if name in given else view.get(name)

    return collection


def _from_expression(expression: Expression | None) -> Collection | None:
    if expression is None:
        return None

    def collection(turn: Turn, view: Mapping[str, Any]) -> Any:
        return expressions.evaluate(turn, expression, view)

    return collection


def _outside(name: str, mapping: DataMapping) -> str:
    """The variable that gets the list: behind a data output of the activity, the target of its association."""
    for association in mapping.writes:
        if name in association.sources:
            return association.target
    return name
