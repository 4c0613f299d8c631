"""Random cases and random commands: every family, nested stages, planning tables, documents, rules and sentries."""

from __future__ import annotations

from decimal import Decimal
from random import Random
from typing import Any

from anyshore.base.errors import DmnError
from anyshore.cmmn.acts import LIFECYCLE_VERBS
from anyshore.kernel.commands import Act, Command, Fail, Migrate, Resolve, Resume, Retry, Suspend, Write
from anyshore.kernel.state import State
from tests.cmmn.cases import HOUR

_TASK = ["complete", "exit", "start", "fault", "create", "enable", "disable", "manualStart", "suspend", "terminate"]
_EVENTS = {
    "human": [*_TASK, "resume", "reactivate", "parentSuspend", "parentResume", "reenable"], "stage": _TASK[:5],
    "task": ["complete", "start"], "process": ["complete", "fault", "terminate"], "case": ["complete", "exit"],
    "decision": ["complete"], "milestone": ["occur", "create", "parentTerminate", "exit"],
    "user": ["occur", "create", "parentTerminate"], "timer": ["occur", "create"], "message": ["occur"],
}  # fmt: skip
_LISTENERS = ("timer", "user", "message")
_RULES = [None, None, None, True, "p", "not(p)", "q > 1", "repetitionCounter < 3", "d != null"]
_DOCUMENTS = ["d create", "d update", "d delete", "l create", "l addChild", "c create"]
_ADDED: list[dict[str, Any]] = [
    {"type": "human"}, {"type": "timer", "at": "PT1H"}, {"type": "milestone", "after": "i0"},
    {"type": "stage", "items": {"inside": {"type": "human"}}},
]  # fmt: skip


def decide(_reference: str, inputs: Any, _now: int, _zone: str) -> object:
    """The one decision of drawn cases; it fails where ``p`` is true."""
    if inputs.get("p"):
        raise DmnError("dmn.drawn", "It does not decide.")
    return Decimal(3)


class Drawer:
    """Draws one case and what is asked of it."""

    def __init__(self, seed: int) -> None:
        self.draw = Random(seed)
        self.names = [f"i{number}" for number in range(self.draw.randint(2, 10))]
        kinds = [*_EVENTS, "human", "stage"]
        self.kinds = {name: self.draw.choice(kinds) for name in self.names}

    def chance(self, likely: float) -> bool:
        return self.draw.random() < likely

    def template(self) -> dict[str, Any]:
        found: dict[str, Any] = {
            "case": "x", "auto_complete": self.chance(0.5), "items": {},
            "documents": {"d": {}, "l": {"many": True, "documents": {"c": {}}}},
        }  # fmt: skip
        if self.chance(0.2):
            found["exit"] = [self.criterion()]
        items = {name: self.item(name) for name in self.names}
        holders: list[dict[str, Any]] = [found]
        for name, item in items.items():  # a stage holds only what is drawn after it: no stage within itself
            holder = self.draw.choice(holders) if self.chance(0.7) else found
            optional = self.chance(0.25)
            if optional and self.chance(0.5):
                item["when"] = self.draw.choice(["p", "q > 1", "true"])
            holder.setdefault("optional" if optional else "items", {})[name] = item
            if item["type"] == "stage":
                holders.append(item)
        return found

    def criterion(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        sources = self.draw.sample(self.names, self.draw.randint(0, 2))
        events = [f"{source} {self.draw.choice(_EVENTS[self.kinds[source]])}" for source in sources]
        if self.chance(0.25):
            events.append(self.draw.choice(_DOCUMENTS))
        if events:
            found["on"] = events
        if not events or self.chance(0.4):
            found["if"] = self.draw.choice(["p", "q > 1", "not(p)", "true", "d != null", "count(l) > 1"])
        return found

    def item(self, name: str) -> dict[str, Any]:
        kind = self.kinds[name]
        found: dict[str, Any] = {"type": kind, **self.own(kind)}
        for key in ("required", "repeat", "manual"):
            rule = self.draw.choice(_RULES)
            if rule is not None and not (key == "manual" and kind in (*_LISTENERS, "milestone")):
                found[key] = rule
        for key in ("enter", "exit"):
            count = self.draw.choice([0, 0, 0, 1, 2])
            if count and not (key == "enter" and kind in _LISTENERS):
                found[key] = [self.criterion() for _ in range(count)]
        return found

    def own(self, kind: str) -> dict[str, Any]:
        match kind:
            case "stage":
                return {"items": {}, "auto_complete": self.chance(0.5)}
            case "timer":
                source = self.draw.choice(self.names)
                trigger = {"starts_on": f"{source} {self.draw.choice(_EVENTS[self.kinds[source]])}"}
                text = self.draw.choice(["PT1H", "R2/PT1H", "R/PT3H", "w"])
                return {"at": text, **(trigger if self.chance(0.3) else {})}
            case "message":
                return {"message": "m"}
            case "task":
                return {"wait": self.chance(0.5), **({"activity": "act"} if self.chance(0.5) else {})}
            case "process" | "case":
                return {"calls": "sub", "wait": self.chance(0.7), "outputs": {"p": "p"}}
            case "decision":
                return {"calls": "dec", "outputs": {"q": "result"}}
        return {}

    def values(self) -> dict[str, Any]:
        given = {
            "p": self.chance(0.5), "q": Decimal(self.draw.choice([0, 5])), "d": self.draw.choice(["x", "y", None]),
            "l": [Decimal(number) for number in range(self.draw.randint(0, 3))],
            "w": self.draw.choice(["PT1H", "nonsense", None]),
        }  # fmt: skip
        return {name: value for name, value in given.items() if self.chance(0.4)}

    def command(self, state: State, before: int) -> Command:
        """A command that may or may not fit; about half the time the end of a wait."""
        now = before + self.draw.choice([0, 0, HOUR, 2 * HOUR])
        wait = self.draw.choice([*state.waits.values(), None])
        node = self.draw.choice(list(state.nodes))
        if wait is not None and self.chance(0.4):
            if wait.kind == "incident":
                return Retry(at=now, wait=wait.id, variables=self.values())
            outcome = self.draw.choice([None, "completed", "terminated"]) if wait.kind == "child" else None
            return Resolve(at=now, wait=wait.id, variables=self.values(), outcome=outcome)
        kinds: list[Command] = [
            Fail(at=now, wait=wait.id if wait is not None else 0, code="e"),
            Write(at=now, variables=self.values(), scope=self.draw.choice([None, node])),
            Suspend(at=now), Resume(at=now), Resume(at=now), Migrate(at=now, definition="test:1"),
            Act(at=now, verb="plan", element=self.draw.choice(self.names), reason="r"),
            self.file(now),
            Act(at=now, verb="add", reason="r", node=node, data={
                "id": f"n{self.draw.randint(0, 5)}", "item": self.draw.choice(_ADDED)}),
            *(self.verb(now, node) for _ in range(4)),
        ]  # fmt: skip
        return self.draw.choice(kinds)

    def verb(self, now: int, node: int) -> Command:
        verb = self.draw.choice([*LIFECYCLE_VERBS, "skip", "repeat", "reorder", "occur", "manual_start", "reactivate"])
        return Act(at=now, verb=verb, node=node, reason="r", data={"after": self.draw.choice([[], ["i0"]])})

    def file(self, now: int) -> Command:
        event = self.draw.choice(["create", "update", "delete", "replace", "addChild"])
        data = {"event": event, **({"value": "v"} if self.chance(0.6) else {})}
        return Act(at=now, verb="file", element=self.draw.choice(["d", "l", "c"]), data=data)
