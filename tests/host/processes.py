"""Process files for measuring and for tests of the host: complete BPMN, a line per element and a line per flow."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from xml.sax.saxutils import escape, quoteattr

HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:anyshore="https://anyshore.org/bpmn"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="file" targetNamespace="urn:test">'
)

Element = tuple[str, Mapping[str, str], str]
"""Tag, attributes, content."""


def process(key: str, elements: Mapping[str, Element], flows: str, root: str = "") -> str:
    """One executable process.

    Args:
        key: its id.
        elements: by id.
        flows: a line ``a -> b`` or ``a -> b : condition`` each; ``a -> b : default`` is the default flow of ``a``.
        root: messages and the like.
    """
    links = []
    for line in filter(None, map(str.strip, flows.splitlines())):
        ends, _, condition = line.partition(" : ")
        source, _, target = ends.partition(" -> ")
        links.append((f"{source}-{target}", source, target, condition))
    body = []
    for name, (tag, attributes, content) in elements.items():
        default = [flow for flow, source, _, condition in links if source == name and condition == "default"]
        given = {"id": name, **attributes, **({"default": default[0]} if default else {})}
        inner = "".join(f"<incoming>{flow}</incoming>" for flow, _, target, _ in links if target == name)
        inner += "".join(f"<outgoing>{flow}</outgoing>" for flow, source, _, _ in links if source == name)
        words = "".join(f" {key}={quoteattr(value)}" for key, value in given.items())
        before, _, behind = content.rpartition("</extensionElements>")
        before += "</extensionElements>" if before else ""
        body.append(f"<{tag}{words}>{before}{inner}{behind}</{tag}>")
    for flow, source, target, condition in links:
        inside = ""
        if condition and condition != "default":
            inside = f"<conditionExpression>{escape(condition)}</conditionExpression>"
        body.append(f'<sequenceFlow id="{flow}" sourceRef="{source}" targetRef="{target}">{inside}</sequenceFlow>')
    return f'{HEAD}{root}<process id="{key}" isExecutable="true">{"".join(body)}</process></definitions>'


def chain(*names: str) -> str:
    """Flows from each to the next."""
    return "\n".join(f"{source} -> {target}" for source, target in pairwise(names))


def start() -> Element:
    return "startEvent", {}, ""


def end() -> Element:
    return "endEvent", {}, ""


def script(expression: str, result: str) -> Element:
    return "scriptTask", {"anyshore:result": result}, f"<script>{escape(expression)}</script>"


def user() -> Element:
    return "userTask", {}, ""


def gateway(kind: str) -> Element:
    return f"{kind}Gateway", {}, ""


def receive(message: str, key: str = "") -> Element:
    """Waits for a message by its id (see ``message``), correlated by an expression."""
    words = {"anyshore:correlation": key} if key else {}
    return "intermediateCatchEvent", words, f'<messageEventDefinition messageRef="{message}"/>'


def send(message: str, key: str = "") -> Element:
    """Sends a message, correlated by an expression."""
    words = {"anyshore:correlation": key} if key else {}
    return "intermediateThrowEvent", words, f'<messageEventDefinition messageRef="{message}"/>'


def message(name: str) -> str:
    """A message of that id and name."""
    return f'<message id="{name}" name="{name}"/>'


def timer(duration: str) -> Element:
    """Waits for an ISO 8601 duration or a FEEL expression."""
    return "intermediateCatchEvent", {}, (
        f"<timerEventDefinition><timeDuration>{escape(duration)}</timeDuration></timerEventDefinition>"
    )  # fmt: skip


def date(moment: str) -> Element:
    """Waits for a date, from ISO 8601 text or a FEEL expression."""
    return "intermediateCatchEvent", {}, (
        f"<timerEventDefinition><timeDate>{escape(moment)}</timeDate></timerEventDefinition>"
    )  # fmt: skip


def call(target: str) -> Element:
    """Calls a process, whose variable ``result`` comes back."""
    return "callActivity", {"calledElement": target}, mapped("output", "result")


def service(activity: str) -> Element:
    """Runs an activity on the variable ``x``."""
    return "serviceTask", {"anyshore:activity": activity}, mapped("input", "x")


def mapped(tag: str, name: str) -> str:
    """Extension elements with one mapping."""
    return f'<extensionElements><anyshore:{tag} name="{name}" expression="{name}"/></extensionElements>'


SCRIPTS = process(
    "scripts",
    {"a": start(), "b": script("x + 1", "y"), "c": script("y * 2", "z"), "d": end()},
    chain("a", "b", "c", "d"),
)
"""Start, two scripts, end."""

CHOICE = process(
    "choice",
    {
        "a": start(), "g": gateway("exclusive"), "b1": script("x + 1", "y"), "b2": script("x + 2", "y"),
        "b3": script("x + 3", "y"), "j": gateway("exclusive"), "d": end(),
    },
    """a -> g
    g -> b1 : x < 10
    g -> b2 : x < 20
    g -> b3 : default
    b1 -> j
    b2 -> j
    b3 -> j
    j -> d""",
)  # fmt: skip
"""An exclusive gateway of three."""

PARALLEL = process(
    "parallel",
    {
        "a": start(), "g": gateway("parallel"), "b1": script("x + 1", "y1"), "b2": script("x + 2", "y2"),
        "b3": script("x + 3", "y3"), "j": gateway("parallel"), "d": end(),
    },
    "\n".join(("a -> g", "j -> d", *(f"g -> b{n}\nb{n} -> j" for n in (1, 2, 3)))),
)  # fmt: skip
"""A parallel split and join of three."""

LOOP = process(
    "loop",
    {"a": start(), "m": gateway("exclusive"), "b": script("x + 1", "x"), "g": gateway("exclusive"), "d": end()},
    """a -> m
    m -> b
    b -> g
    g -> m : x < limit
    g -> d : default""",
)
"""A loop back until ``x`` has reached ``limit``."""
