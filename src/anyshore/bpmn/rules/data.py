"""Data: collections, where data elements may stand, input and output sets, associations."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from anyshore.bpmn.namespaces import bpmn
from anyshore.bpmn.rules.tree import (
    ACTIVITIES,
    CATCHING,
    EVENTS,
    SUBPROCESSES,
    THROWING,
    Finding,
    Tree,
    child,
    children,
    flag,
    label,
    local,
    parent,
    refs,
    same_item,
    tag,
    text,
)

_WITH_ITEM = frozenset(("message", "error", "escalation", "signal"))


def collections_agree(tree: Tree) -> Iterator[Finding]:
    """``isCollection`` of a data element is that of its item definition."""
    yield from _collection(tree, "dataObject", "dataInput", "dataOutput")


def object_collections_agree(tree: Tree) -> Iterator[Finding]:
    """``isCollection`` of a data object is that of its item definition."""
    yield from _collection(tree, "dataObject")


def reference_names(tree: Tree) -> Iterator[Finding]:
    """A reference to a data object in a state is called as the object, with the state behind it in square brackets."""
    for element in tree.all("dataObjectReference"):
        state = child(element, "dataState")
        meant = tree.target(element.get("dataObjectRef"))
        name = (state.get("name") or "").strip() if state is not None else ""
        called = (meant.get("name") or "").strip() if meant is not None else ""
        if not name or not called:
            continue
        wanted = f"{called} [{name}]"
        if " ".join((element.get("name") or "").split()) != wanted:
            yield element, f"{label(element)} is {called!r} in the state {name!r}, so its name is {wanted!r}."


def input_collections_agree(tree: Tree) -> Iterator[Finding]:
    """``isCollection`` of a data input is that of its item definition."""
    yield from _collection(tree, "dataInput")


def output_collections_agree(tree: Tree) -> Iterator[Finding]:
    """``isCollection`` of a data output is that of its item definition."""
    yield from _collection(tree, "dataOutput")


def _collection(tree: Tree, *names: str) -> Iterator[Finding]:
    for element in tree.all(*names):
        item = tree.item(element)
        if item is not None and flag(item, "isCollection") != flag(element, "isCollection"):
            yield element, f"isCollection of {label(element)} is not that of {label(item)}."


def property_place(tree: Tree) -> Iterator[Finding]:
    """Properties stand in processes, activities and events."""
    for element in tree.all("property"):
        around = parent(element)
        if around is None or tag(around) not in ACTIVITIES | EVENTS | {"process"}:
            place = "nowhere" if around is None else tag(around)
            yield element, f"{label(element)} stands in {place}; it belongs into a process, an activity or an event."


def no_specification_in_subprocess(tree: Tree) -> Iterator[Finding]:
    """A sub-process has no input and output specification."""
    for one in tree.all(*sorted(SUBPROCESSES)):
        found = child(one, "ioSpecification")
        if found is not None:
            yield found, f"{label(one)} has an ioSpecification; it reads and writes the data around it."


def _of_process(tree: Tree, name: str) -> Iterator[etree._Element]:
    for process in tree.all("process"):
        specification = child(process, "ioSpecification")
        if specification is not None:
            yield from children(specification, name)


def _associations(tree: Tree) -> Iterator[etree._Element]:
    return tree.all("dataInputAssociation", "dataOutputAssociation", "dataAssociation")


def process_input_not_written(tree: Tree) -> Iterator[Finding]:
    """A data input of a process is not written within it."""
    inputs = {one.get("id") for one in _of_process(tree, "dataInput")}
    for association in _associations(tree):
        for target in refs(association, "targetRef"):
            if target in inputs:
                yield association, f"The data input {target!r} of the process is the target of a data association."


def process_output_not_read(tree: Tree) -> Iterator[Finding]:
    """A data output of a process is not read within it."""
    outputs = {one.get("id") for one in _of_process(tree, "dataOutput")}
    for association in _associations(tree):
        for source in refs(association, "sourceRef"):
            if source in outputs:
                yield association, f"The data output {source!r} of the process is the source of a data association."


def input_in_set(tree: Tree) -> Iterator[Finding]:
    """A data input belongs to an input set."""
    yield from _in_set(tree, "dataInput", "inputSet", "dataInputRefs")


def output_in_set(tree: Tree) -> Iterator[Finding]:
    """A data output belongs to an output set."""
    yield from _in_set(tree, "dataOutput", "outputSet", "dataOutputRefs")


def _in_set(tree: Tree, name: str, sets: str, inside: str) -> Iterator[Finding]:
    for element in tree.all(name):
        around = parent(element)
        named = [] if around is None else [ref for one in children(around, sets) for ref in refs(one, inside)]
        if element.get("id") not in named:
            yield element, f"{label(element)} belongs to no {sets}."


def optional_inputs(tree: Tree) -> Iterator[Finding]:
    """An optional input is one of the inputs of its set."""
    yield from _subset(tree, "inputSet", "optionalInputRefs", "dataInputRefs")


def while_executing_inputs(tree: Tree) -> Iterator[Finding]:
    """An input that is read while executing is one of the inputs of its set."""
    yield from _subset(tree, "inputSet", "whileExecutingInputRefs", "dataInputRefs")


def optional_outputs(tree: Tree) -> Iterator[Finding]:
    """An optional output is one of the outputs of its set."""
    yield from _subset(tree, "outputSet", "optionalOutputRefs", "dataOutputRefs")


def while_executing_outputs(tree: Tree) -> Iterator[Finding]:
    """An output that is written while executing is one of the outputs of its set."""
    yield from _subset(tree, "outputSet", "whileExecutingOutputRefs", "dataOutputRefs")


def _subset(tree: Tree, sets: str, part: str, whole: str) -> Iterator[Finding]:
    for one in tree.all(sets):
        for name in refs(one, part):
            if name not in refs(one, whole):
                yield one, f"{name!r} is listed in {part} and not in {whole} of the {sets}."


def sets_refer_to_each_other(tree: Tree) -> Iterator[Finding]:
    """An input set and an output set refer to each other, or neither does."""
    for sets, there, back in (("inputSet", "outputSetRefs", "inputSetRefs"), ("outputSet", "inputSetRefs",
                                                                             "outputSetRefs")):  # fmt: skip
        for one in tree.all(sets):
            for name in refs(one, there):
                other = tree.target(name)
                if other is not None and one.get("id") not in refs(other, back):
                    yield one, f"{label(one)} refers to {name!r}, which does not refer back."


def association_items(tree: Tree) -> Iterator[Finding]:
    """Both ends of a data association are the same item, or it has a transformation."""
    for association in _associations(tree):
        if child(association, "transformation") is not None:
            continue
        target = tree.item(tree.target(text(child(association, "targetRef"))))
        for name in refs(association, "sourceRef"):
            source = tree.item(tree.target(name))
            if source is not None and target is not None and not same_item(source, target):
                yield association, f"{name!r} and the target of {label(association)} are different items."


def one_source_or_transformation(tree: Tree) -> Iterator[Finding]:
    """A data association with several sources has a transformation that makes one item of them."""
    for association in _associations(tree):
        sources = refs(association, "sourceRef")
        if len(sources) > 1 and child(association, "transformation") is None:
            yield association, f"The data association has {len(sources)} sources and no transformation."


def _event_data(event: etree._Element) -> list[etree._Element]:
    name = "dataOutput" if tag(event) in CATCHING else "dataInput"
    return children(event, name)


def event_data_count(tree: Tree) -> Iterator[Finding]:
    """An event with data has one data element for each of its event definitions."""
    for event in tree.all(*sorted(CATCHING | THROWING)):
        data = _event_data(event)
        if data and len(data) != len(tree.definitions(event)):
            yield event, f"{label(event)} has not as many data elements as event definitions."


def event_data_items(tree: Tree) -> Iterator[Finding]:
    """The data of an event is the item of its message, signal, error or escalation, in the order of both."""
    for event in tree.all(*sorted(CATCHING | THROWING)):
        carried = [one for one in tree.definitions(event) if tag(one).removesuffix("EventDefinition") in _WITH_ITEM]
        for definition, data in zip(carried, _event_data(event), strict=False):
            kind = tag(definition).removesuffix("EventDefinition")
            root = tree.target(definition.get(f"{kind}Ref"))
            one, other = tree.item(root), tree.item(data)
            if one is not None and other is not None and not same_item(one, other):
                yield event, f"{label(data)} of {label(event)} is another item than its {kind}."


def shared_definitions(tree: Tree) -> Iterator[Finding]:
    """An event definition that belongs to a throwing event is used by no other event."""
    for reference in tree.all("eventDefinitionRef"):
        found = tree.ids.get(local(text(reference)))
        around = None if found is None else parent(found)
        if around is not None and around.tag in {bpmn(name) for name in THROWING} and around is not parent(reference):
            yield reference, f"The event definition {text(reference)!r} belongs to the throwing {label(around)}."
