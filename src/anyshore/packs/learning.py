"""``learning:`` of a pack: what those who learn see and do themselves, and what a program is told of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from anyshore.activities.families import ACTIVITIES
from anyshore.base.errors import Diagnostic, FeelError
from anyshore.feel import Expression
from anyshore.packs.expressions import Reader
from anyshore.params.shapes import nearest

SECTION = "learning"


@dataclass(frozen=True, slots=True)
class Test:
    """The form of a test.

    Attributes:
        form: its id.
        questions: the input of its task that holds them: ``number``, ``text``, ``options``, ``kind``, ``several``,
            ``parts``.
        answers: the field of the form that takes a line per question, ``1: answer``.
        minutes: the input of its task that says how many there are for it; empty: as many as one likes.
    """

    form: str
    questions: str
    answers: str
    minutes: str = ""


@dataclass(frozen=True, slots=True)
class Attendance:
    """The form in which attendance is recorded: its field, and the values for there and not there."""

    form: str
    field: str
    there: str
    away: str


@dataclass(frozen=True, slots=True)
class Learning:
    """How people learn under a service.

    Attributes:
        own: activity that tells somebody, by their address and a day, what they have to, can and did learn.
        file: activity that gives a file of the material of a course.
        ask: kind of intake by which a seat is asked for; its reference begins with the learner and a blank.
        learner: variable of a piece of work that says whose it is.
        forms: those the learner fills in themselves.
        test: the form of a test.
        attendance: the form of attendance.
        tells: expressions over a piece of work, by what programs and pages call them.
    """

    own: str
    file: str
    ask: str
    learner: str
    forms: tuple[str, ...]
    test: Test
    attendance: Attendance
    tells: Mapping[str, Expression] = field(default_factory=dict)

    def told(self, variables: Mapping[str, Any]) -> dict[str, Any]:
        """What is told of a piece of work; null where it cannot be told yet."""
        return {name: _value(one, variables) for name, one in self.tells.items()}


def _value(expression: Expression, variables: Mapping[str, Any]) -> Any:
    try:
        return expression.evaluate(dict(variables))
    except FeelError:
        return None


def read(reader: Reader) -> Learning | None:
    """The section of a pack; None where nobody learns under it."""
    given = reader.value((SECTION,))
    if given is None:
        return None
    return Learning(
        given["own"], given["file"], given["ask"], given["learner"], tuple(given.get("forms", ())),
        Test(**given["test"]), Attendance(**given["attendance"]), reader.expressions((SECTION, "tells")),
    )  # fmt: skip


def check(
    reader: Reader, found: Learning | None, intake: Collection[str], forms: Mapping[str, Collection[str]]
) -> None:
    """Names that are nowhere else; problems are noted in the reader.

    Args:
        reader: of ``pack.yaml``.
        found: the section.
        intake: the kinds the pack takes in.
        forms: the fields of its forms, by id.
    """
    if found is None:
        return
    tested, there = found.test, found.attendance
    asked: list[tuple[tuple[str | int, ...], str, str, Collection[str]]] = [
        (("own",), "activity", found.own, ACTIVITIES), (("file",), "activity", found.file, ACTIVITIES),
        (("ask",), "kind of intake", found.ask, intake),
        (("test", "form"), "form", tested.form, forms),
        (("test", "answers"), "field", tested.answers, forms.get(tested.form, ())),
        (("attendance", "form"), "form", there.form, forms),
        (("attendance", "field"), "field", there.field, forms.get(there.form, ())),
        *((("forms", number), "form", one, forms) for number, one in enumerate(found.forms)),
    ]  # fmt: skip
    for path, what, name, known in asked:
        if name not in known:
            place = reader.document.at((SECTION, *path))
            reader.problems.append(
                Diagnostic("pack.learning", f"There is no {what} {name!r}.", place, nearest(name, known))
            )
