"""``play:`` of a pack: answers with which a run without people goes on. Never in a real run, unless it is asked for."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from anyshore.activities.families import ACTIVITIES
from anyshore.base.errors import Diagnostic
from anyshore.feel import Expression
from anyshore.packs.expressions import Reader
from anyshore.params.marked import Path
from anyshore.params.shapes import nearest
from anyshore.runtime.reports import Texts

SECTION = "play"


@dataclass(frozen=True, slots=True)
class Call:
    """An activity that is run for a played run.

    Attributes:
        activity: its name.
        input: expressions of its input, by field.
        name: the variable under which the other expressions of the play know its output.
    """

    activity: str
    input: Mapping[str, Expression] = field(default_factory=dict)
    name: str = "found"


@dataclass(frozen=True, slots=True)
class MadeUp:
    """Reference data made up from what was received, so that a process can be tried without any.

    Attributes:
        note: what every report of such a run says.
        call: the activity; it is given ``documents``, the digests of all documents received.
    """

    note: Texts
    call: Call


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person of the demonstration answers to a task.

    Attributes:
        person: which of the people who may do it, from 1.
        answers: expressions by field of the form.
        findings: a list of findings that are added before the task is finished; None for none.
    """

    person: int = 1
    answers: Mapping[str, Expression] = field(default_factory=dict)
    findings: Expression | None = None


@dataclass(frozen=True, slots=True)
class Planned:
    """A task a person adds to a live case.

    Attributes:
        element: what is planned.
        during: the task that has to be open; so it is planned once.
        reason: why, as the person says it; where this is null nothing is planned.
        person: which of the people, from 1.
        data: of the command, for example ``roles``.
    """

    element: str
    during: str
    reason: Expression
    person: int = 1
    data: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Play:
    """How a run goes on without people.

    Attributes:
        note: what every report of a played run says.
        items: by element of the task, in the order in which they are looked for.
        when: which pieces of work are played; None for all.
        call: what is looked up for each piece of work.
        plan: what is added to live cases.
        references: reference data to be made up.
    """

    note: Texts = field(default_factory=dict)
    items: Mapping[str, Answer] = field(default_factory=dict)
    when: Expression | None = None
    call: Call | None = None
    plan: tuple[Planned, ...] = ()
    references: MadeUp | None = None

    @property
    def calls(self) -> Iterator[tuple[Path, Call]]:
        """The activities it names, with their place in the file."""
        if self.call is not None:
            yield (SECTION, "call"), self.call
        if self.references is not None:
            yield (SECTION, "references"), self.references.call


def read(reader: Reader) -> Play | None:
    """The section of a pack; None where it has none. Problems are noted in the reader."""
    found = reader.value((SECTION,))
    if found is None:
        return None
    plan = tuple(_planned(reader, number) for number in range(len(found.get("plan", ()))))
    made_up = found.get("references")
    play = Play(
        note=found.get("note", {}),
        items={name: _answer(reader, name) for name in found.get("items", {})},
        when=reader.expression((SECTION, "when")),
        call=_call(reader, (SECTION, "call")) if "call" in found else None,
        plan=plan,
        references=MadeUp(made_up["note"], _call(reader, (SECTION, "references"))) if made_up is not None else None,
    )
    for number, one in enumerate(play.plan):
        if one.during not in play.items:
            place = reader.document.at((SECTION, "plan", number, "during"))
            message = f"{one.element!r} is planned during {one.during!r}, which nobody of the play does."
            reader.problems.append(Diagnostic("pack.play", message, place, "Name one of its items."))
    return play


def check(reader: Reader, play: Play | None, elements: Collection[str]) -> None:
    """Names of tasks and activities that are not there; problems are noted in the reader."""
    if play is None:
        return
    for path, call in play.calls:
        if call.activity not in ACTIVITIES:
            message = f"There is no activity {call.activity!r}."
            place = reader.document.at((*path, "activity"))
            reader.problems.append(
                Diagnostic("pack.unknown-activity", message, place, nearest(call.activity, ACTIVITIES))
            )
    named: list[tuple[Path, str]] = [((SECTION, "items", name), name) for name in play.items]
    named += [((SECTION, "plan", number, "element"), one.element) for number, one in enumerate(play.plan)]
    for where, name in named:
        if name not in elements:
            message = f"There is no task {name!r} in the definitions."
            place = reader.document.at(where)
            reader.problems.append(Diagnostic("pack.unknown-task", message, place, nearest(name, elements)))


def _call(reader: Reader, path: Path) -> Call:
    found = reader.value(path)
    return Call(found["activity"], reader.expressions((*path, "input")), found.get("as", "found"))


def _answer(reader: Reader, name: str) -> Answer:
    path = (SECTION, "items", name)
    return Answer(
        reader.value((*path, "person")) or 1, reader.expressions((*path, "answers")),
        reader.expression((*path, "findings")),
    )  # fmt: skip


def _planned(reader: Reader, number: int) -> Planned:
    path = (SECTION, "plan", number)
    found = reader.value(path)
    return Planned(
        found["element"], found["during"], reader.required((*path, "reason")), found.get("person", 1),
        found.get("data", {}),
    )  # fmt: skip
