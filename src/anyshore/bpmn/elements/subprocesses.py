"""Sub-processes: embedded, event, transaction and ad-hoc. Source: BPMN 2.0.2, 10.3.5 and 13.3.4 to 13.3.5."""

from __future__ import annotations

from lxml import etree

from anyshore.bpmn import scope
from anyshore.bpmn.model import Element, Scope
from anyshore.bpmn.reading import activity as common
from anyshore.bpmn.reading.context import Reading


def read_subprocess(reading: Reading, xml: etree._Element, container: str) -> Element:
    """``subProcess``, also as an event sub-process."""
    return Scope(
        **common.read(reading, xml, container),
        begin=scope.begin,
        settle=scope.settle,
        triggered_by_event=reading.flag(xml, "triggeredByEvent", False),
    )


def read_transaction(reading: Reading, xml: etree._Element, container: str) -> Element:
    """``transaction``: undone by compensation; other methods are refused."""
    method = xml.get("method", "##Compensate").lower()
    if method not in ("##compensate", "compensate"):
        reading.problems.add(
            xml, "bpmn.transaction-method", f"The transaction method {xml.get('method')!r} is not executed.",
            "Use ##Compensate.",
        )  # fmt: skip
    return Scope(**common.read(reading, xml, container), begin=scope.begin, settle=scope.settle, transaction=True)


def read_adhoc(reading: Reading, xml: etree._Element, container: str) -> Element:
    """``adHocSubProcess``."""
    ordering = xml.get("ordering", "Parallel")
    if ordering not in ("Parallel", "Sequential"):
        reading.problems.add(
            xml, "bpmn.ordering", f"ordering={ordering!r} is neither Parallel nor Sequential.",
            "Write one of them, or leave it out for Parallel (10.3.5).",
        )  # fmt: skip
    return Scope(
        **common.read(reading, xml, container),
        begin=scope.begin,
        settle=scope.settle,
        ordering=ordering,
        completion=reading.expression_child(xml, "completionCondition"),
        cancel_remaining=reading.flag(xml, "cancelRemainingInstances", True),
    )
