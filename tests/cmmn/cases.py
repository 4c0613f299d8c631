"""Cases under test: written as templates, run on the harness (restart and replay checked after every command)."""

from __future__ import annotations

from textwrap import dedent
from typing import Any

from anyshore import cmmn, feel
from anyshore.cmmn.definition import Definition
from anyshore.cmmn.records import Transitioned
from anyshore.kernel.commands import Act, Fail, Resolve, Write
from anyshore.kernel.records import Record, Sent
from anyshore.kernel.state import ROOT
from tests.harness import Instance

SECOND = 1_000_000
HOUR = 3600 * SECOND


def linked(text: str, **kinds: Any) -> Definition:
    """A template made ready; ``case: x`` is put before it where it names none."""
    text = dedent(text)
    if not text.lstrip().startswith(("case:", "{")):
        text = f"case: x\n{text}"
    return cmmn.link(cmmn.native.loads(text, "x.case.yaml"), **kinds)


class Case(Instance):
    """A running case."""

    def __init__(self, template: str | Definition, *, strict: bool = True, **kinds: Any) -> None:
        definition = template if isinstance(template, Definition) else linked(template, **kinds)
        super().__init__(cmmn.CaseEngine(), definition, strict=strict)

    def act(self, verb: str, element: str | None = None, *, reason: str = "", **data: Any) -> list[Record]:
        node = data.pop("node", None)
        command = Act(at=self.now, by="ada", verb=verb, node=node, element=element, data=data, reason=reason)
        return self.do(command)

    def start(self, at: int = 0, **variables: Any) -> list[Record]:
        return super().start(at, **values(variables))

    def set(self, **variables: Any) -> list[Record]:
        return self.do(Write(at=self.now, variables=values(variables)))

    def complete(self, element: str, **variables: Any) -> list[Record]:
        return self.resolve(element, "work", **values(variables))

    def fail(self, element: str, kind: str = "work") -> list[Record]:
        return self.do(Fail(at=self.now, wait=self.wait(element, kind).id, code="broken", message="it broke"))

    def fire_timers(self, until: int) -> None:
        """Resolves due timers in order of time."""
        while True:
            due = [w for w in self.waits(kind="timer") if w.due is not None and w.due <= until]
            if not due:
                break
            first = min(due, key=lambda w: (w.due, w.id))
            assert first.due is not None
            self.do(Resolve(at=max(self.now, first.due), wait=first.id))
        self.now = until

    def states(self, element: str) -> list[str]:
        return [node.state for node in self.nodes(element)]

    @property
    def open(self) -> list[str]:
        """Elements that wait for a person, in order."""
        return [self.element(wait) for wait in self.waits(kind="work")]

    @property
    def incidents(self) -> list[str | None]:
        return [wait.name for wait in self.waits(kind="incident")]

    def last(self, element: str) -> str | None:
        """State in which the last instance of an item ended."""
        found = [r.state for r in self.log if isinstance(r, Transitioned) and r.element == element]
        return found[-1] if found else None

    @property
    def milestones(self) -> list[str]:
        return [r.name for r in self.log if isinstance(r, Sent) and r.kind == "milestone"]

    @property
    def private(self) -> dict[str, Any]:
        return self.state.nodes[ROOT].private


def values(variables: dict[str, Any]) -> dict[str, Any]:
    return {name: feel.from_python(value) for name, value in variables.items()}


def moves(records: list[Record]) -> list[tuple[str, str]]:
    """Element and transition of every transition, in order."""
    return [(r.element, r.transition) for r in records if isinstance(r, Transitioned)]
