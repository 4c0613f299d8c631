"""Playing work through without people: the answers of a pack's play, entered by the people of the demonstration.

They go through the same actions as pages and REST do, so that nothing is possible here that is not possible there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from anyshore.base.errors import AnyshoreError, Diagnostic, PackError
from anyshore.base.locations import Location
from anyshore.feel import Expression
from anyshore.host.driver import Host
from anyshore.host.ports import ENDED
from anyshore.knowledge.anchors import Span
from anyshore.knowledge.claims import Claim
from anyshore.packs.play import Answer, Call, Planned, Play
from anyshore.packs.reading import Pack
from anyshore.web.cases import findings, plan
from anyshore.web.core.models import Engagement, Person, Role
from anyshore.web.engine import outside
from anyshore.web.engine import queries as engine
from anyshore.web.engine.models import Instance, Wait
from anyshore.web.review import entering
from anyshore.web.work import actions as work
from anyshore.web.work import acts, conflicts, items

_BESIDE_THE_QUEUE = frozenset({Role.OWNER, Role.MANAGER})
MOST_STEPS = 200
"""Tasks done in one piece of work; a play that goes round in a circle ends there."""


def call(host: Host, engagement: str, named: Call, variables: Mapping[str, Any]) -> dict[str, object]:
    """Runs an activity a play names, outside of any process.

    Args:
        host: whose store it reads.
        engagement: whose documents and records.
        named: the activity.
        variables: what the expressions of its input read; those of the same name as a field are the field's value
            where it has no expression.

    Raises:
        DataError: the input does not fit.
    """
    given = {name: expression.evaluate(variables) for name, expression in named.input.items()}
    return outside.run(engagement, named.activity, given or variables, host)


@dataclass(slots=True)
class Player:
    """Plays pieces of work of one service.

    Attributes:
        host: the host.
        engagement: under which the work is done.
        pack: whose play it is.
        progress: told how many pieces are done.
        problems: what went wrong.
    """

    host: Host
    engagement: Engagement
    pack: Pack
    progress: Callable[[int], None] = lambda done: None
    problems: list[Diagnostic] = field(default_factory=list)
    _people: list[Person] = field(default_factory=list)

    def __post_init__(self) -> None:
        role = Role.EXPERT if self.pack.kind == "kpo" else Role.AGENT
        found = Person.objects.filter(memberships__role=role, assignments__engagement=self.engagement)
        self._people = list(found.order_by("pk").distinct())

    @property
    def _play(self) -> Play:
        if self.pack.play is None:
            hint = "Leave --play out, or write a section play."
            raise PackError("pack.no-play", f"The pack {self.pack.id!r} says nothing about playing it.", hint=hint)
        return self.pack.play

    def check(self) -> None:
        """Refuses before anything is done where nothing can be played.

        Raises:
            PackError: the pack has no play, or asks for more people than there are.
        """
        for answer in self._play.items.values():
            self._person(answer.person)

    def play(self, numbers: Sequence[int]) -> Iterable[Diagnostic]:
        """Plays pieces of work, in their order; what has ended stays as it is. Gives what went wrong."""
        for number, instance in enumerate(numbers, 1):
            row = Instance.objects.filter(pk=instance).first()
            if row is not None and row.status != ENDED:
                try:
                    self._one(row, number)
                except AnyshoreError as error:
                    place = Location(row.reference or str(instance))
                    self.problems += [Diagnostic(one.code, one.message, place, one.hint) for one in error.diagnostics]
            self.progress(number)
        return self.problems

    def _one(self, row: Instance, number: int) -> None:
        known: dict[str, Any] = {"number": Decimal(number)}
        named = self._play.call
        if named is not None:
            found = call(self.host, self.engagement.key, named, engine.variables(row))
            known[named.name] = found
            self._lost(row, found)
        if self._play.when is not None and self._play.when.evaluate({**engine.variables(row), **known}) is not True:
            return
        for _ in range(MOST_STEPS):
            step = self._next(row.pk)
            if step is None:
                return
            wait, answer = step
            variables = {**engine.variables(Instance.objects.get(pk=row.pk)), **known}
            self._plan(row.pk, wait.element, variables)
            self._answer(row.pk, wait, answer, variables)
            self.host.work()

    def _lost(self, row: Instance, found: Mapping[str, Any]) -> None:
        """Passages that are told to stand in a document and do not."""
        for one in found.get("refused") or ():
            place = Location(row.reference, one["clause"])
            self.problems.append(Diagnostic("play.refused", one["reason"], place, "Compare with the document."))

    def _next(self, instance: int) -> tuple[Wait, Answer] | None:
        """The first open task the play has an answer to, in the order of the play."""
        waits = {wait.element: wait for wait in Wait.objects.filter(instance=instance, kind="work").order_by("-wait")}
        return next(
            ((waits[element], answer) for element, answer in self._play.items.items() if element in waits), None
        )

    def _plan(self, instance: int, during: str, variables: Mapping[str, Any]) -> None:
        for one in self._play.plan:
            if one.during != during or self._is_planned(instance, one):
                continue
            reason = one.reason.evaluate(variables)
            if isinstance(reason, str):
                person = self._person(one.person)
                plan.change(person, instance, "plan", reason, element=one.element, data=dict(one.data))
                self.host.work()

    @staticmethod
    def _is_planned(instance: int, one: Planned) -> bool:
        return Wait.objects.filter(instance=instance, element=one.element).exists()

    def _person(self, number: int, among: Sequence[Person] | None = None) -> Person:
        people = self._people if among is None else among
        if number > len(people):
            message = f"The play asks for person {number}; {len(people)} work for {self.engagement.key}."
            raise PackError("pack.play", message, hint="Assign more people to the engagement.")
        return people[number - 1]

    def _those_of(self, one: items.Item) -> list[Person] | None:
        """Who does a task that is not for the people of the queue: the client's, or the managers; None for others."""
        roles = items.PERFORMERS.get(one.performer, frozenset())
        if not roles or not roles <= _BESIDE_THE_QUEUE:
            return None
        sides = (self.engagement.client_id, self.engagement.provider_id)
        found = Person.objects.filter(memberships__role__in=roles, memberships__organisation__in=sides)
        return list(found.order_by("pk").distinct())

    def _answer(self, instance: int, wait: Wait, answer: Answer, variables: Mapping[str, Any]) -> None:
        one = items.item(wait)
        person = self._person(answer.person, self._those_of(one))
        given: dict[str, Any] = {name: expression.evaluate(variables) for name, expression in answer.answers.items()}
        work.take(person, instance, wait.wait)
        row = Instance.objects.get(pk=instance)
        taken = items.item(Wait.objects.get(instance=instance, wait=wait.wait))
        if conflicts.asked_first(person, taken, row, self.engagement):
            conflicts.answer(person, instance, wait.wait, clear=True)
        self._add_findings(person, instance, answer.findings, variables)
        minutes = str(given.get("minutes") or "")
        match one.desk:
            case "review-desk":
                entering.answers(person, instance, wait.wait, given.get("findings") or {}, minutes)
            case "review-adjudication":
                entering.decisions(person, instance, wait.wait, str(given.get("reason") or ""), minutes)
            case _:
                shown = acts.shown(one.form, Instance.objects.get(pk=instance), self.engagement)
                work.complete(person, instance, wait.wait, given, shown)

    def _add_findings(
        self, person: Person, instance: int, found: Expression | None, variables: Mapping[str, Any]
    ) -> None:
        if found is None:
            return
        told = found.evaluate(variables)
        claims = list(_claims(told if isinstance(told, list) else [], person.name, self.host.clock()))
        findings.add_all(person, instance, claims)


def _claims(found: Iterable[Mapping[str, Any]], author: str, at: int) -> Iterator[Claim]:
    for one in found:
        evidence = tuple(
            Span(
                span["document"], int(span["start"]), int(span["end"]), int(span["page"]), span["quote"],
                tuple((int(start), int(end)) for start, end in span["parts"]),
            )
            for span in one["evidence"]
        )  # fmt: skip
        figures = tuple(one.get("figures") or ())
        yield Claim(one["id"], one["text"], author, 1.0, evidence, at=at, topic=one["topic"], figures=figures)
