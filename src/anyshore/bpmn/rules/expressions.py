"""Expressions of executable processes: formal, not empty, of the type that is needed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from lxml import etree

from anyshore import feel
from anyshore.base import iso8601
from anyshore.base.errors import FeelError
from anyshore.bpmn.namespaces import BPMN, FEEL_LANGUAGES, bpmn
from anyshore.bpmn.rules.tree import (
    Finding,
    Tree,
    child,
    children,
    executable,
    is_formal,
    is_uri,
    label,
    tag,
    text,
)
from anyshore.feel.juel import is_expression as is_juel
from anyshore.feel.types import ANY, BOOLEAN, NULL, FunctionType

_XSD = "http://www.w3.org/2001/XMLSchema"
_HOLDERS = {
    "adHocSubProcess": ("completionCondition",),
    "assignment": ("from", "to"),
    "complexGateway": ("activationCondition",),
    "multiInstanceLoopCharacteristics": ("loopCardinality", "completionCondition"),
    "sequenceFlow": ("conditionExpression",),
    "standardLoopCharacteristics": ("loopCondition",),
    "timerEventDefinition": ("timeDate", "timeDuration", "timeCycle"),
}
_ALWAYS_FORMAL = ("dataPath", "messagePath", "transformation")
_FORMULA = re.compile(r"[=<>(){}+*]|[$#]\{|\b(and|or|not)\b")
_LITERAL = re.compile(r"""-?\d+(\.\d+)?|"[^"]*"|'[^']*'""")

_NAME = re.compile(r"[^\W\d][\w. ]*")


def formal(tree: Tree) -> Iterator[Finding]:
    """Expressions of executable processes are formal expressions, not natural language.

    A file that says that it is in FEEL, or is made for an engine, has said it for all its expressions.
    """
    if tree.feel or tree.for_engine:
        return
    for holder, names in _HOLDERS.items():
        for element in tree.all(holder):
            if not tree.executed(element):
                continue
            for name in names:
                found = child(element, name)
                if found is not None and not is_formal(found) and not _is_plain_condition(name, found):
                    yield found, f"The {name} of {label(element)} is no formal expression."


def _is_plain_condition(name: str, expression: etree._Element) -> bool:
    """Whether the condition of a flow is plainly a formula: there, many modellers leave the type away."""
    return name == "conditionExpression" and _FORMULA.search(text(expression)) is not None


def not_empty(tree: Tree) -> Iterator[Finding]:
    """A formal expression of an executable process has a body."""
    for holder, names in {**_HOLDERS, "conditionalEventDefinition": ("condition",)}.items():
        for element in tree.all(holder):
            for name in names:
                found = child(element, name)
                if found is not None and tree.executed(element) and is_formal(found) and not text(found):
                    yield found, f"The {name} of {label(element)} is empty."
    for element in tree.all(*_ALWAYS_FORMAL):
        if not text(element) and _executed(tree, element):
            yield element, f"The {tag(element)} is empty."
    for element in tree.all("complexBehaviorDefinition"):
        condition = child(element, "condition")
        if condition is not None and not text(condition) and _executed(tree, element):
            yield condition, "The condition of the complex behaviour is empty."


def _executed(tree: Tree, element: etree._Element) -> bool:
    """Whether an element belongs to an executable process, or to none in a file that has one."""
    if next(element.iterancestors(bpmn("process")), None) is not None:
        return executable(element)
    return any(executable(process) for process in tree.all("process"))


def condition(tree: Tree) -> Iterator[Finding]:
    """A conditional event of an executable process has a formal condition."""
    for element in tree.all("conditionalEventDefinition"):
        if not tree.executed(element):
            continue
        found = child(element, "condition")
        if found is None or not text(found) or not is_formal(found):
            yield element, "The conditional event has no formal condition."


def completion_is_boolean(tree: Tree) -> Iterator[Finding]:
    """The completion condition of a multi-instance activity is true or false, not a number or a text."""
    for element in tree.all("multiInstanceLoopCharacteristics"):
        found = child(element, "completionCondition")
        if found is not None and _is_no_boolean(found):
            yield found, f"The completion condition {text(found)} is neither true nor false."


def behavior_is_boolean(tree: Tree) -> Iterator[Finding]:
    """The condition of a complex behaviour is true or false, not a number or a text."""
    for element in tree.all("complexBehaviorDefinition"):
        found = child(element, "condition")
        if found is not None and _is_no_boolean(found):
            yield found, f"The condition {text(found)} of the complex behaviour is neither true nor false."


def _is_no_boolean(expression: etree._Element) -> bool:
    """Whether an expression surely gives something else: it says so itself, or is a number, a text or a calculation."""
    prefix, _, name = (expression.get("evaluatesToTypeRef") or "").strip().rpartition(":")
    if name and expression.nsmap.get(prefix or None) == _XSD:
        return name != "boolean"
    written = text(expression)
    if _LITERAL.fullmatch(written):
        return True
    if not written or is_juel(written):
        return False
    try:
        found = feel.infer(feel.compile(written.removeprefix("=")).tree, {})
    except FeelError:
        return False  # another language, or told where it is compiled
    # The name of a function is that of a variable, where it is given.
    return found not in (ANY, NULL, BOOLEAN) and not isinstance(found, FunctionType)


def language_is_uri(tree: Tree) -> Iterator[Finding]:
    """The language of an expression, and those of a file, are written as URIs; FEEL may be called so, as here."""
    for attribute in ("expressionLanguage", "typeLanguage"):
        yield from _uri(tree.root, attribute)
    for element in tree.root.iter(f"{{{BPMN}}}*"):
        yield from _uri(element, "language")


def _uri(element: etree._Element, attribute: str) -> Iterator[Finding]:
    written = element.get(attribute)
    if written is None or is_uri(written) or written.strip().lower() in FEEL_LANGUAGES:
        return
    yield element, f"{attribute}={written!r} of {label(element)} is no URI."


def one_time(tree: Tree) -> Iterator[Finding]:
    """A timer has one of timeDate, timeDuration and timeCycle, not several."""
    for element in tree.all("timerEventDefinition"):
        found = [tag(one) for one in children(element, "timeDate", "timeDuration", "timeCycle")]
        if len(found) > 1:
            yield element, f"The timer has {len(found)} times: {', '.join(found)}."


def time_date(tree: Tree) -> Iterator[Finding]:
    """A date of a timer is written as ISO 8601 says."""
    yield from _time(tree, "timeDate", iso8601.is_moment, "2026-12-31T12:00:00Z")


def time_cycle(tree: Tree) -> Iterator[Finding]:
    """A cycle of a timer is written as ISO 8601 says."""
    yield from _time(tree, "timeCycle", iso8601.is_cycle, "R3/PT10H")


def time_duration(tree: Tree) -> Iterator[Finding]:
    """A duration of a timer is written as ISO 8601 says."""
    yield from _time(tree, "timeDuration", iso8601.is_duration, "PT10M")


def _time(tree: Tree, name: str, has_form: Callable[[str], bool], example: str) -> Iterator[Finding]:
    for element in tree.all(name):
        written = text(element)
        if not tree.executed(element) or not written or has_form(written):
            continue
        if not _is_expression(tree, element, written):
            yield element, f"{written!r} is no {name} of ISO 8601 such as {example}."


def _is_expression(tree: Tree, element: etree._Element, written: str) -> bool:
    """Whether a time that is no literal is worked out when the process runs.

    A bare name can be meant as an expression only where the file or the element says in which language, or where the
    file is made for an engine.
    """
    return tree.feel or tree.for_engine or element.get("language") is not None or not _NAME.fullmatch(written)
