"""Small process models for tests: a line per element, a line per flow."""

from __future__ import annotations

import re
from typing import Any

from anyshore import bpmn, feel
from anyshore.bpmn import BpmnEngine, Definitions, Process
from tests.harness import Instance

HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:anyshore="https://anyshore.org/bpmn"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="file" targetNamespace="urn:test">'
)
_FLOW = re.compile(r"\s*(\w+)\s*->\s*(\w+)\s*(?:\[(\w+)\])?\s*(?::\s*(.*))?$")

ROOT = """
<message id="M1" name="order"/><message id="M2" name="reply"/>
<signal id="S1" name="alarm"/><signal id="S2" name="calm"/>
<error id="E1" errorCode="E-1"/><error id="E2" errorCode="E-2"/>
<escalation id="X1" escalationCode="X-1"/><escalation id="X2" escalationCode="X-2"/>
"""


def flows(text: str) -> str:
    """Sequence flows from lines ``a -> b [id] : condition``; id and condition may be left out."""
    found = []
    for number, line in enumerate(line for line in text.splitlines() if line.strip()):
        match = _FLOW.match(line)
        assert match, line
        source, target, name, condition = match.groups()
        inner = f"<conditionExpression>{_escape(condition)}</conditionExpression>" if condition else ""
        name = name or f"f_{source}_{target}_{number}"
        found.append(f'<sequenceFlow id="{name}" sourceRef="{source}" targetRef="{target}">{inner}</sequenceFlow>')
    return "".join(found)


def _escape(text: str) -> str:
    return text.strip().replace("&", "&amp;").replace("<", "&lt;")


def script(name: str, expression: str, result: str = "", more: str = "", inner: str = "") -> str:
    """A script task."""
    into = f' anyshore:result="{result}"' if result else ""
    return f'<scriptTask id="{name}"{into} {more}>{inner}<script>{_escape(expression)}</script></scriptTask>'


def log(name: str, more: str = "", inner: str = "") -> str:
    """A script task that writes its id to the end of the variable ``trace``."""
    return script(name, f'append(trace, "{name}")', "trace", more, inner)


def definitions(body: str, links: str = "", *, root: str = ROOT, extra: str = "") -> Definitions:
    """A file with one executable process ``p``."""
    return bpmn.read(
        f'{HEAD}{root}<process id="p" isExecutable="true">{body}{flows(links)}</process>{extra}</definitions>',
        file="test.bpmn",
        check_rules=False,
    )


def process(body: str, links: str = "", **more: Any) -> Process:
    """One executable process."""
    return definitions(body, links, **more).process("p")


def run(body: str, links: str = "", *, at: int = 0, strict: bool = True, **variables: Any) -> Instance:
    """Starts a process; ``trace`` is an empty list to begin with."""
    return start(process(body, links), at=at, strict=strict, **variables)


def start(
    definition: Process,
    *,
    at: int = 0,
    strict: bool = True,
    yield_after: int | None = None,
    check_every: int = 1,
    **variables: Any,
) -> Instance:
    """Starts a process that is read already; ``strict``, ``yield_after`` and ``check_every`` as `Instance` has them."""
    instance = Instance(BpmnEngine(), definition, strict=strict, yield_after=yield_after, check_every=check_every)
    given: dict[str, Any] = {"trace": [], **variables}
    instance.start(at, **{name: feel.from_python(value) for name, value in given.items()})
    return instance


def trace(instance: Instance) -> list[str]:
    """What the ``log`` tasks wrote."""
    return list(instance.variables["trace"])


def passed(instance: Instance) -> list[str]:
    """The elements that ran, from the records: passed, or left as completed."""
    found = []
    for record in instance.log:
        kind = type(record).__name__
        if kind == "Passed" or (kind == "Left" and record.outcome == "completed"):
            found.append(record.element)
    return found
