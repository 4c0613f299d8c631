"""Multi-instance markers."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from anyshore.bpmn.rules.tree import (
    SUBPROCESSES,
    Finding,
    Tree,
    child,
    children,
    executable,
    flag,
    has_extension,
    label,
    local,
    parent,
    same_item,
    tag,
    text,
)

_MULTI = "multiInstanceLoopCharacteristics"


def number_of_instances(tree: Tree) -> Iterator[Finding]:
    """A multi-instance activity of an executable process says how many instances it has."""
    for loop in tree.all(_MULTI):
        if not executable(loop) or has_extension(loop, "collection", "loopCharacteristics"):
            continue
        if child(loop, "loopCardinality") is None and child(loop, "loopDataInputRef") is None:
            yield loop, "The multi-instance marker has neither a loopCardinality nor a loopDataInputRef."


def loop_input_is_own(tree: Tree) -> Iterator[Finding]:
    """The list of a multi-instance task is a data input of the task."""
    for loop in tree.all(_MULTI):
        activity, source = parent(loop), child(loop, "loopDataInputRef")
        if activity is None or source is None or tag(activity) in SUBPROCESSES or not executable(loop):
            continue
        specification = child(activity, "ioSpecification")
        own = [] if specification is None else children(specification, "dataInput")
        if local(text(source)) not in {one.get("id") for one in own}:
            yield source, f"{text(source)!r} is no data input of {label(activity)}."


def loop_output_item(tree: Tree) -> Iterator[Finding]:
    """The output of an instance is one item of the list that the activity gives."""
    yield from _scalar(tree, "loopDataOutputRef", "outputDataItem")


def loop_input_item(tree: Tree) -> Iterator[Finding]:
    """The input of an instance is one item of the list that the activity takes."""
    yield from _scalar(tree, "loopDataInputRef", "inputDataItem")


def _scalar(tree: Tree, reference: str, item: str) -> Iterator[Finding]:
    for loop in tree.all(_MULTI):
        listed, single = child(loop, reference), child(loop, item)
        if listed is None or single is None or not executable(loop):
            continue
        whole, part = tree.item(tree.target(text(listed))), tree.item(single)
        if part is not None and (_is_collection(part) or (whole is not None and not same_item(whole, part))):
            yield single, f"The {item} is not one item of the list that {reference} names."


def _is_collection(item: etree._Element) -> bool:
    return flag(item, "isCollection")
