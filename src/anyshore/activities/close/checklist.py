"""The tasks of a close: by working day, one after another, done by one person and looked at by another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, NoReturn

from anyshore.base.errors import CommandRejected, DataError

State = Literal["waiting", "ready", "done", "reviewed"]


@dataclass(frozen=True, slots=True)
class Task:
    """A task of every close.

    Attributes:
        id: of the list.
        title: what is to be done.
        working_day: by which it is due: 1 is the first after the period, -1 the last day of it.
        owner: who does it.
        reviewer: who looks at it, somebody else; nobody where it needs none.
        after: ids of the tasks that come before.
    """

    id: str
    title: str
    working_day: int
    owner: str
    reviewer: str = ""
    after: tuple[str, ...] = ()


def check(tasks: Sequence[Task]) -> None:
    """Whether a list can be worked through.

    Raises:
        DataError: ids repeat, a task waits for one that is not there or for itself, or is reviewed by its owner.
    """
    known = {task.id: task for task in tasks}
    if len(known) != len(tasks):
        raise DataError("close.tasks", "Two tasks of a close have one id.", hint="Give each one of its own.")
    for task in tasks:
        missing = [name for name in task.after if name not in known]
        if missing:
            message = f"Task {task.id!r} waits for {missing[0]!r}, which is not there."
            raise DataError("close.tasks", message, hint="Add that task, or leave it out of what is waited for.")
        if task.reviewer and task.reviewer == task.owner:
            raise DataError("close.review", f"Task {task.id!r} is reviewed by its owner.", hint="Name somebody else.")
    order(tasks)


def order(tasks: Sequence[Task]) -> list[Task]:
    """The tasks, each behind those it waits for.

    Raises:
        DataError: some wait for each other.
    """
    left, found, done = list(tasks), [], set[str]()
    while left:
        ready = [task for task in left if set(task.after) <= done]
        if not ready:
            names = ", ".join(task.id for task in left)
            raise DataError("close.circle", f"These tasks wait for each other: {names}.", hint="Break the circle.")
        found += ready
        done |= {task.id for task in ready}
        left = [task for task in left if task.id not in done]
    return found


def due(task: Task, end: date, is_working: Callable[[date], bool]) -> date:
    """The day by which a task is due.

    Args:
        task: the task.
        end: last day of the period.
        is_working: whether a day is one on which the client works.
    """
    step, day = (1, end) if task.working_day > 0 else (-1, end + timedelta(1))
    left = abs(task.working_day)
    while left:
        day += timedelta(step)
        left -= is_working(day)
    return day


@dataclass(frozen=True, slots=True)
class Sign:
    """Somebody did or reviewed a task."""

    task: str
    by: str
    day: date
    review: bool = False


def states(tasks: Sequence[Task], signs: Iterable[Sign]) -> Mapping[str, State]:
    """How far each task is; a task is ready when all before it are done and, where they need it, reviewed.

    Raises:
        CommandRejected: a task was done before its time, or reviewed by who did it.
    """
    known = {task.id: task for task in tasks}
    doers: dict[str, str] = {}
    finished: set[str] = set()
    for sign in signs:
        task = known.get(sign.task)
        if task is None or not set(task.after) <= finished:
            _stop("close.early", f"Task {sign.task!r} is not ready: what comes before it is not finished.")
        if sign.review and (sign.task not in doers or doers[sign.task] == sign.by):
            _stop("close.review", f"Task {sign.task!r} is reviewed by somebody else than who did it, when it is done.")
        if not sign.review:
            doers[sign.task] = sign.by
        if sign.review or not task.reviewer:
            finished.add(sign.task)
    return {task.id: _state(task, doers, finished) for task in tasks}


def _state(task: Task, doers: Mapping[str, str], finished: set[str]) -> State:
    if task.id in finished:
        return "reviewed" if task.reviewer else "done"
    if task.id in doers:
        return "done"
    return "ready" if set(task.after) <= finished else "waiting"


def _stop(code: str, message: str) -> NoReturn:
    raise CommandRejected(code, message, hint="Look at the list of tasks.")
