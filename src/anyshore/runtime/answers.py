"""Who answers when a process is tried out: a file of answers, or a person who is asked for the rest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from anyshore import feel
from anyshore.base.commands import pair
from anyshore.base.errors import DataError
from anyshore.base.files import read_text
from anyshore.base.temporal import DaysDuration
from anyshore.kernel.state import CHILD, JOB, MESSAGE, SIGNAL, WORK, Wait
from anyshore.params import marked
from anyshore.runtime.tryout import Answer, Running, World

Ask = Callable[[str, Wait], Answer | None]
"""Asks a person: given what the element is called and the wait; None leaves it open."""

KINDS = {WORK: "Work", JOB: "Activity", MESSAGE: "Message", SIGNAL: "Signal", CHILD: "Call"}


def variable(text: str) -> tuple[str, Any]:
    """``name=feel`` as a name and a value; a text stands in double quotes.

    Raises:
        DataError: it is none.
        FeelError: the value is no FEEL expression.
    """
    name, written = pair(text)
    return name, feel.compile(written).evaluate({})


def duration(text: object) -> int:
    """An ISO 8601 duration in microseconds.

    Raises:
        ValueError: it is none.
    """
    return DaysDuration.parse(str(text)).nanoseconds // 1000


class Answers:
    """Answers by the id or name of an element, or by what it waits for; what has none is asked for, or left open.

    Args:
        given: an answer (a mapping of variables; ``$after`` and ``$error`` are no variables) or a list of them, which
            are given one after the other, the last again and again.
        ask: asks a person for the rest; None leaves it open.
    """

    def __init__(self, given: Mapping[str, Any], ask: Ask | None = None) -> None:
        self._given = given
        self._ask = ask
        self._used: dict[str, int] = {}

    def take(self, world: World, one: Running, wait: Wait) -> Answer | None:
        """See ``Worker``."""
        element = one.process.elements[one.element_of(wait)]
        names = (element.id, element.name, wait.name or "", (wait.name or "").partition(":")[2])
        key = next((name for name in names if name and name in self._given), None)
        if key is not None:
            return self._next(key)
        if self._ask is None or wait.kind not in KINDS:
            return None
        return self._ask(element.label, wait)

    def _next(self, key: str) -> Answer:
        found = self._given[key]
        if isinstance(found, list):
            number = self._used.get(key, 0)
            self._used[key] = number + 1
            found = found[min(number, len(found) - 1)] if found else {}
        values = dict(found or {})
        after, error = values.pop("$after", None), values.pop("$error", None)
        variables = {name: feel.from_python(value) for name, value in values.items()}
        return Answer(variables, duration(after) if after else 0, error)


def document(file: Path) -> marked.Document:
    """A YAML file, read as YAML 1.2, with the place of everything in it.

    Raises:
        DataError: it cannot be read, or is no mapping; with every problem.
    """
    found, problems = marked.load(read_text(file), str(file))
    if problems:
        raise DataError.of(problems)
    if found.data is None:
        found.data = {}
    if not isinstance(found.data, dict):
        raise DataError(
            "yaml.shape", "The file is no mapping.", found.at(()), "Write names, and below each what belongs to it."
        )
    return found


def read(file: Path) -> dict[str, Any]:
    """A file of answers.

    Raises:
        DataError: it cannot be read, or is no mapping of answers.
    """
    found = document(file)
    assert isinstance(found.data, dict)
    for name, answer in found.data.items():
        if isinstance(answer, list):
            for number, one in enumerate(answer):
                _check(found, (name, number), one)
        else:
            _check(found, (name,), answer)
    return found.data


def _check(found: marked.Document, path: marked.Path, answer: object) -> None:
    if not isinstance(answer, dict | None):
        hint = "Write variables and values below it, or nothing."
        raise DataError("answers.shape", f"The answer is no mapping but {answer!r}.", found.at(path), hint)
    after = (answer or {}).get("$after")
    if after is not None:
        try:
            duration(after)
        except ValueError as problem:
            where = found.at((*path, "$after"))
            raise DataError("answers.after", f"{after!r} is no duration: {problem}.", where, "Write PT2H.") from problem
