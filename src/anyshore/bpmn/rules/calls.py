"""Call activities and callable elements that are offered as a service."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from anyshore.bpmn.rules.tree import (
    GLOBAL_TASKS,
    Finding,
    Tree,
    child,
    children,
    label,
    local,
    refs,
    same_item,
    tag,
    text,
)

_CALLABLE = ("process", *sorted(GLOBAL_TASKS))


def call_fits(tree: Tree) -> Iterator[Finding]:
    """The inputs and outputs of a call activity are those of what it calls, where it calls something of the file."""
    for call in tree.all("callActivity"):
        called = tree.target(call.get("calledElement"))
        if called is None or tag(called) not in _CALLABLE:
            continue
        mine, theirs = child(call, "ioSpecification"), child(called, "ioSpecification")
        for what in ("dataInput", "dataOutput"):
            if not _same_items(tree, _of(mine, what), _of(theirs, what)):
                yield call, f"The elements {what} of {label(call)} are not those of {label(called)}."
        for what, inside in (("inputSet", "dataInputRefs"), ("outputSet", "dataOutputRefs")):
            if _sets(mine, what, inside) != _sets(theirs, what, inside):
                yield call, f"The elements {what} of {label(call)} are not those of {label(called)}."


def _of(specification: etree._Element | None, name: str) -> list[etree._Element]:
    return [] if specification is None else children(specification, name)


def _sets(specification: etree._Element | None, name: str, inside: str) -> list[int]:
    """How many elements each set names. A specification that only has empty sets says as much as none."""
    return sorted(found for one in _of(specification, name) if (found := len(children(one, inside))))


def _same_items(tree: Tree, mine: list[etree._Element], theirs: list[etree._Element]) -> bool:
    if len(mine) != len(theirs):
        return False
    left = [tree.item(one) for one in theirs]
    for one in mine:
        item = tree.item(one)
        fitting = next((i for i, other in enumerate(left) if _equal(item, other)), None)
        if fitting is None:
            return False
        del left[fitting]
    return True


def _equal(one: etree._Element | None, other: etree._Element | None) -> bool:
    if one is None or other is None:
        return one is other
    return same_item(one, other)


def service_has_binding(tree: Tree) -> Iterator[Finding]:
    """A callable element that is offered as a service binds its data to every operation of its interfaces."""
    for one in tree.all(*_CALLABLE):
        if child(one, "supportedInterfaceRef") is None:
            continue
        bindings = children(one, "ioBinding")
        if not bindings:
            yield one, f"{label(one)} supports an interface and has no ioBinding."
            continue
        bound = {local(binding.get("operationRef")) for binding in bindings}
        interfaces = [tree.target(name) for name in refs(one, "supportedInterfaceRef")]
        for interface in interfaces:
            for operation in [] if interface is None else children(interface, "operation"):
                if operation.get("id") not in bound:
                    yield one, f"{label(one)} supports {label(operation)} and has no ioBinding for it."


def binding_fits(tree: Tree) -> Iterator[Finding]:
    """A binding ties data to the messages of an operation that carry the same items."""
    ends = (("inputDataRef", "inMessageRef", "dataInputRefs"), ("outputDataRef", "outMessageRef", "dataOutputRefs"))
    for binding in tree.all("ioBinding"):
        operation = tree.target(binding.get("operationRef"))
        if operation is None:
            continue
        for attribute, end, inside in ends:
            message = tree.target(text(child(operation, end)))
            data = tree.target(binding.get(attribute))
            if data is not None and not _is_own(binding, data):
                yield (
                    binding,
                    f"{attribute} of the binding is {label(data)}, which is not of {label(_around(binding))}.",
                )
                continue
            if message is None or data is None:
                continue
            bound = [tree.target(ref) for ref in refs(data, inside)] if tag(data).endswith("Set") else [data]
            wanted = tree.item(message)
            items = [tree.item(one) for one in bound]
            if wanted is not None and not any(item is not None and same_item(wanted, item) for item in items):
                yield binding, f"{attribute} of the binding is another item than {label(message)} of its operation."


def _around(binding: etree._Element) -> etree._Element:
    found = binding.getparent()
    assert found is not None  # a binding is never the root
    return found


def _is_own(binding: etree._Element, data: etree._Element) -> bool:
    """Whether a data element belongs to the callable element that binds it."""
    return _around(binding) in data.iterancestors()
