"""How data goes in and out of an element: data associations, and our own input and output mappings."""

from __future__ import annotations

from lxml import etree

from anyshore.bpmn.data import Association, DataMapping
from anyshore.bpmn.namespaces import bpmn, own
from anyshore.bpmn.reading.context import Reading
from anyshore.feel import Expression

_ITEMS = ("dataObject", "dataObjectReference", "property", "dataInput", "dataOutput", "inputDataItem", "outputDataItem")


def name_variables(reading: Reading) -> None:
    """Finds the variable behind every data element of the file."""
    for xml in reading.document.root.iter(*(bpmn(tag) for tag in _ITEMS)):
        name = xml.get("id")
        if name is None:
            continue
        label = xml.get("name")
        if reading.tag(xml) == "dataObject" and not label:
            label = _name_of_reference(reading, name)
        reading.variables[name] = label or name
    for xml in reading.document.root.iter(bpmn("dataObjectReference")):
        target = (xml.get("dataObjectRef") or "").rsplit(":", 1)[-1]
        if target in reading.variables:
            reading.variables[xml.get("id", "")] = reading.variables[target]
    reading.names = tuple(sorted({name for name in reading.variables.values() if not name.isidentifier()}))


def _name_of_reference(reading: Reading, data_object: str) -> str | None:
    for xml in reading.document.root.iter(bpmn("dataObjectReference")):
        if (xml.get("dataObjectRef") or "").rsplit(":", 1)[-1] == data_object and xml.get("name"):
            return xml.get("name")
    return None


def read(reading: Reading, xml: etree._Element, result: str | None = None) -> DataMapping:
    """The data of an activity, an event or a process."""
    specification = reading.child(xml, "ioSpecification")
    holder = xml if specification is None else specification
    return DataMapping(
        inputs=_pairs(reading, xml, "input"),
        outputs=_pairs(reading, xml, "output"),
        result=result,
        reads=tuple(_association(reading, one) for one in reading.children(xml, "dataInputAssociation")),
        writes=tuple(_association(reading, one) for one in reading.children(xml, "dataOutputAssociation")),
        produced=tuple(reading.variables.get(one.get("id", ""), "") for one in reading.children(holder, "dataOutput")),
        input_sets=_input_sets(reading, xml),
        all_inputs=_everything(reading, xml, "inputs"),
        all_outputs=_everything(reading, xml, "outputs"),
    )


def _everything(reading: Reading, xml: etree._Element, name: str) -> bool:
    """Whether all variables go in or out, and not only those that a mapping names."""
    written = reading.own(xml, name)
    if written not in (None, "all", "mapped"):
        reading.problems.add(xml, "bpmn.call-data", f"anyshore:{name}={written!r} is unknown.", "Write all, or mapped.")
    return written == "all"


def _input_sets(reading: Reading, xml: etree._Element) -> tuple[tuple[str, ...], ...]:
    """The required inputs of every set; an input that no association fills cannot be waited for."""
    filled = {reading.text(reading.child(one, "targetRef")) for one in reading.children(xml, "dataInputAssociation")}
    specification = reading.child(xml, "ioSpecification")
    if specification is None or not filled:
        return ()
    found = []
    for one in reading.children(specification, "inputSet"):
        optional = {reading.text(ref) for ref in reading.children(one, "optionalInputRefs")}
        refs = (reading.text(ref) for ref in reading.children(one, "dataInputRefs"))
        found.append(tuple(reading.variables.get(ref, ref) for ref in refs if ref in filled and ref not in optional))
    return tuple(found) if all(found) else ()


def _pairs(reading: Reading, xml: etree._Element, tag: str) -> tuple[tuple[str, Expression], ...]:
    extensions = reading.child(xml, "extensionElements")
    if extensions is None:
        return ()
    found = []
    for one in extensions.findall(own(tag)):
        name, text = one.get("name"), one.get("expression") or reading.text(one)
        if not name:
            reading.problems.add(one, "bpmn.mapping", f"anyshore:{tag} needs a name.", 'Write name="…": the variable.')
            continue
        expression = reading.expression(one, text) if text else reading.variable(one, name)
        if expression is not None:
            found.append((name, expression))
    return tuple(found)


def _association(reading: Reading, xml: etree._Element) -> Association:
    sources = tuple(variable(reading, one) for one in reading.children(xml, "sourceRef"))
    target = reading.child(xml, "targetRef")
    if target is None:
        reading.problems.add(xml, "bpmn.association", "The data association has no target.", "Add targetRef (10.4.2).")
    assignments = []
    for one in reading.children(xml, "assignment"):
        expression = reading.expression_child(one, "from")
        path = reading.text(reading.child(one, "to")).split(".")
        if expression is not None:
            assignments.append((expression, path))
    name = "" if target is None else variable(reading, target)
    return Association(
        tuple(source for source in sources if source),
        name,
        reading.expression_child(xml, "transformation"),
        tuple((expression, tuple(path[1:] if path[0] == name else path)) for expression, path in assignments),
    )


def variable(reading: Reading, reference: etree._Element) -> str:
    """The variable that a reference to a data element means."""
    target = reading.resolve(reference, reading.tag(reference), reading.text(reference), required=True)
    if target is None:
        return ""
    found = reading.variables.get(target)
    if found is None:
        kind = reading.tag(reading.ids[target])
        reading.problems.add(
            reference, "bpmn.not-executed", f"A data association with a {kind} ({target!r}) is not executed.",
            "Read and write data objects, properties, data inputs and data outputs.",
        )  # fmt: skip
    return found or ""


def declared(reading: Reading, xml: etree._Element) -> tuple[str, ...]:
    """The variables that live as long as an activity, a process or a sub-process: its properties and data objects."""
    found = [
        reading.variables[one.get("id", "")]
        for one in xml.iterchildren(bpmn("property"), bpmn("dataObject"))
        if one.get("id") in reading.variables
    ]
    return tuple(dict.fromkeys(found))
