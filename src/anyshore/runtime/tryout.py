"""A host for trying processes out: everything in memory, and a clock that jumps to what happens next."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from anyshore.bpmn import BpmnEngine, Process
from anyshore.bpmn.records import Passed
from anyshore.kernel.commands import Act, Cancel, Command, Continue, Fail, Resolve, Start
from anyshore.kernel.records import Entered, Left, Record, Sent, WaitOpened
from anyshore.kernel.state import CHILD, CONDITION, INCIDENT, MESSAGE, ROOT, SIGNAL, TIMER, State, Wait
from anyshore.kernel.turn import advance


@dataclass(slots=True)
class Answer:
    """What somebody says when work is offered.

    Attributes:
        variables: the result.
        after: microseconds until it is there.
        error: error code, where the work fails.
    """

    variables: dict[str, Any] = field(default_factory=dict)
    after: int = 0
    error: str | None = None


class Worker(Protocol):
    """Who does the work, receives the messages and stands for what is called and is not there."""

    def take(self, world: World, one: Running, wait: Wait) -> Answer | None:
        """The answer to a wait; None leaves it open."""


@dataclass(frozen=True, slots=True)
class Step:
    """One line of an instance's history.

    Attributes:
        at: when, microseconds since 1970 UTC.
        element: id of the element.
        what: ``passed``, ``begins``, an outcome such as ``completed``, or ``incident: …``.
    """

    at: int
    element: str
    what: str


@dataclass(slots=True, eq=False)
class Running:
    """One instance.

    Attributes:
        number: from 1.
        process: what it runs.
        state: its state.
        started: when.
        ended: when; None while it runs.
        parent: who called it, and the wait there.
        called: what it called and waits for, by wait.
        seen: ids of waits that were offered.
        path: its history.
    """

    number: int
    process: Process
    state: State
    started: int
    ended: int | None = None
    parent: tuple[Running, int] | None = None
    called: dict[int, Running] = field(default_factory=dict)
    seen: set[int] = field(default_factory=set)
    path: list[Step] = field(default_factory=list)

    @property
    def variables(self) -> dict[str, Any]:
        """The variables of the process."""
        return self.state.variables.get(ROOT, {})

    def element_of(self, wait: Wait) -> str:
        """The element that waits."""
        return self.state.nodes[wait.owner].element


Watch = Callable[[Running, Record, int], None]
"""Told of every record: instance, record, time."""


class World:
    """All instances of one try.

    Attributes:
        processes: what can be started and called, by id.
        worker: who does the work.
        now: the time, microseconds since 1970 UTC.
        zone: IANA zone of dates without an offset.
        running: every instance, called ones too.
    """

    def __init__(
        self, processes: Mapping[str, Process], worker: Worker, *, now: int = 0, zone: str = "UTC",
        watch: Watch | None = None,
    ) -> None:  # fmt: skip
        self.processes = processes
        self.worker = worker
        self.now = now
        self.zone = zone
        self.running: list[Running] = []
        self._watch = watch
        self._engine = BpmnEngine()
        self._due: list[tuple[int, int, Callable[[], None]]] = []
        self._number = 0
        self._kept: list[Sent] = []

    def start(
        self, process: Process, variables: Mapping[str, Any], *, element: str | None = None,
        parent: tuple[Running, int] | None = None,
    ) -> Running:  # fmt: skip
        """Starts an instance now."""
        one = Running(len(self.running) + 1, process, State(process.id), self.now, parent=parent)
        self.running.append(one)
        self.do(one, Start(at=self.now, zone=self.zone, variables=dict(variables), element=element))
        return one

    def later(self, at: int, action: Callable[[], None]) -> None:
        """Plans something for a time."""
        self._number += 1
        heapq.heappush(self._due, (at, self._number, action))

    def run(self, until: int, most: int = 1_000_000) -> int:
        """Lets time jump from event to event; gives how many there were.

        Args:
            until: the end, microseconds since 1970 UTC.
            most: how many events at most.
        """
        done = 0
        while self._due and self._due[0][0] <= until and done < most:
            self.now, _, action = heapq.heappop(self._due)
            action()
            done += 1
        return done

    def do(self, one: Running, command: Command) -> None:
        """Gives a command to an instance, and takes up what comes of it."""
        records = list(advance(self._engine, one.process, one.state, command))
        while one.state.pending:
            records += advance(self._engine, one.process, one.state, Continue(at=command.at, zone=self.zone))
        for record in records:
            self._note(one, record)
        for record in records:
            if isinstance(record, Sent):
                self._carry(one, record)
        for wait in list(one.state.waits.values()):
            if wait.id not in one.seen and wait.id in one.state.waits:
                one.seen.add(wait.id)
                self._offer(one, wait)
        self._leave(one)
        if one.state.outcome is not None and one.ended is None:
            one.ended = self.now
            self._return(one)

    def answer(self, one: Running, wait: int, answer: Answer) -> None:
        """Answers a wait, if it is still open."""
        if wait not in one.state.waits:
            return
        if answer.error is not None:
            self.do(one, Fail(at=self.now, zone=self.zone, wait=wait, code=answer.error, variables=answer.variables))
        else:
            self.do(one, Resolve(at=self.now, zone=self.zone, wait=wait, variables=answer.variables))

    def _offer(self, one: Running, wait: Wait) -> None:
        if wait.kind in (INCIDENT, CONDITION):
            return
        if wait.kind == TIMER:
            self.later(wait.due or self.now, lambda: self.answer(one, wait.id, Answer()))
            return
        called = self.processes.get((wait.name or "").partition(":")[2]) if wait.kind == CHILD else None
        if called is not None:
            self.later(self.now, lambda: self._call(one, wait, called))
            return
        kept = next((sent for sent in self._kept if _fits(wait, sent)), None)
        answer = self.worker.take(self, one, wait) if kept is None else Answer(dict(kept.data))
        if kept is not None:
            self._kept.remove(kept)
        if answer is not None:
            self.later(self.now + answer.after, lambda: self.answer(one, wait.id, answer))

    def _call(self, one: Running, wait: Wait, called: Process) -> None:
        if wait.id in one.state.waits:
            one.called[wait.id] = self.start(called, wait.data["variables"], parent=(one, wait.id))

    def _leave(self, one: Running) -> None:
        """Cancels what an instance called and waits for no more: its call was interrupted."""
        for wait in [wait for wait in one.called if wait not in one.state.waits]:
            called = one.called.pop(wait)
            if called.ended is None:
                self.do(called, Cancel(at=self.now, reason="the calling instance left"))

    def _return(self, one: Running) -> None:
        """Brings the results of a called instance back."""
        if one.parent is None:
            return
        caller, wait = one.parent
        if wait in caller.state.waits:
            results, outcome = dict(one.variables), one.state.outcome
            self.do(caller, Resolve(at=self.now, zone=self.zone, wait=wait, variables=results, outcome=outcome))

    def _note(self, one: Running, record: Record) -> None:
        if self._watch is not None:
            self._watch(one, record, self.now)
        if isinstance(record, Passed):
            one.path.append(Step(self.now, record.element, "passed"))
        elif isinstance(record, Entered):
            one.path.append(Step(self.now, record.element, "begins"))
        elif isinstance(record, Left):
            one.path.append(Step(self.now, record.element, record.outcome))
        elif isinstance(record, WaitOpened) and record.kind == INCIDENT:
            node = one.state.nodes.get(record.owner)
            what = record.data.get("message") or record.name or ""
            one.path.append(Step(self.now, node.element if node else "", f"incident: {what}"))

    def _carry(self, sender: Running, sent: Sent) -> None:
        """Takes what one instance sends to the others, and to the processes that it starts."""
        if sent.kind == "escalation" and sender.parent is not None:
            caller, wait = sender.parent
            if wait in caller.state.waits:
                node, data = caller.state.waits[wait].owner, {"code": sent.name, **sent.data}
                self.do(caller, Act(at=self.now, zone=self.zone, verb="escalate", node=node, data=data))
            return
        if sent.kind in (MESSAGE, SIGNAL):
            self.later(self.now, lambda: self._deliver(sender, sent))

    def _deliver(self, sender: Running, sent: Sent) -> None:
        heard, gathering = self._bring(sent), self._broadcast(sender, sent)
        for process in self.processes.values():
            for trigger in process.starts:
                starts = trigger.kind == sent.kind and trigger.name == sent.name and process.id not in gathering
                if starts and not heard:
                    self.start(process, sent.data, element=trigger.element)
                    heard = sent.kind == MESSAGE
        if sent.kind == MESSAGE and not heard:
            self._kept.append(sent)

    def _bring(self, message: Sent) -> bool:
        """Brings a message to the first who waits for it; whether there was anybody."""
        for one in list(self.running) if message.kind == MESSAGE else ():
            for wait in list(one.state.waits.values()):
                if _fits(wait, message):
                    self.do(one, Resolve(at=self.now, zone=self.zone, wait=wait.id, variables=dict(message.data)))
                    return True
        return False

    def _broadcast(self, sender: Running, signal: Sent) -> set[str]:
        """Brings a signal to all who wait for it; which processes an instance of was still gathering its start events.

        Such an instance takes the signal for its start, so that it starts no further one (BPMN 2.0.2, 13.4.4).
        """
        gathering = set()
        for one in list(self.running) if signal.kind == SIGNAL else ():
            if one is sender:
                continue  # a signal reaches the instance that throws it by itself
            for wait in list(one.state.waits.values()):
                if wait.id in one.state.waits and _fits(wait, signal):
                    if _gathers(one, wait):
                        gathering.add(one.process.id)
                    self.do(one, Resolve(at=self.now, zone=self.zone, wait=wait.id, variables=dict(signal.data)))
        return gathering


def _fits(wait: Wait, sent: Sent) -> bool:
    return wait.kind == sent.kind and wait.name == sent.name and wait.key in (None, sent.key)


def _gathers(one: Running, wait: Wait) -> bool:
    """Whether a wait is for the rest of the events that bring the instance to life together."""
    return one.process.begins_at(one.element_of(wait))
