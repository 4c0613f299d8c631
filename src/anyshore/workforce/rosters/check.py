"""Whether a roster keeps every rule, and what it costs: counted day by day, without anything of the search."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from anyshore.workforce.rosters.problem import OFF, Person, Problem, Row


@dataclass(frozen=True, slots=True)
class Broken:
    """A rule that a roster breaks.

    Attributes:
        person: whose.
        rule: which: ``away``, ``kind``, ``next``, ``minutes``, ``run``, ``rest`` or ``weekends``.
        day: the day it shows on, None where it is the whole roster.
        message: what is wrong, for a reader.
    """

    person: str
    rule: str
    day: int | None
    message: str


def broken(problem: Problem, roster: Sequence[Row]) -> list[Broken]:
    """The rules a roster breaks.

    Args:
        problem: what was asked.
        roster: a row per person, a place per day.
    """
    if len(roster) != len(problem.people) or any(len(row) != problem.days for row in roster):
        return [Broken("", "shape", None, "The roster has not a row per person and a place per day.")]
    rows = zip(problem.people, roster, strict=True)
    return [one for person, row in rows for one in broken_by(problem, person, row)]


def broken_by(problem: Problem, person: Person, row: Row) -> list[Broken]:
    """The rules the row of one person breaks."""
    names = [None if index == OFF else problem.kinds[index].name for index in row]
    return [Broken(person.name, rule, day, message) for rule, day, message in _wrong(problem, person, names)]


Wrong = tuple[str, int | None, str]


def _wrong(problem: Problem, person: Person, names: Sequence[str | None]) -> Iterator[Wrong]:
    known = {kind.name: kind for kind in problem.kinds}
    for day, name in enumerate(names):
        if name is not None and day in person.away:
            yield "away", day, f"works {name} on a day away"
        if day and name is not None and (last := names[day - 1]) is not None and name in known[last].no_next:
            yield "next", day, f"works {name} the day after {last}"
    for name, many in Counter(name for name in names if name is not None).items():
        if many > person.most.get(name, many):
            yield "kind", None, f"works {name} {many} times, {person.most[name]} allowed"
    minutes = sum(known[name].minutes for name in names if name is not None)
    if not person.min_minutes <= minutes <= person.max_minutes:
        yield "minutes", None, f"works {minutes} minutes, {person.min_minutes} to {person.max_minutes} allowed"
    yield from _stretches(person, names)
    weekends = {
        (day + problem.weekday) // 7
        for day, name in enumerate(names)
        if name is not None and (problem.saturday(day) or problem.sunday(day))
    }
    if len(weekends) > person.max_weekends:
        yield "weekends", None, f"works on {len(weekends)} weekends, {person.max_weekends} allowed"


def _stretches(person: Person, names: Sequence[str | None]) -> Iterator[Wrong]:
    day = 0
    for works, group in groupby(names, key=lambda name: name is not None):
        length = len(list(group))
        inner = day > 0 and day + length < len(names)
        if works and length > person.max_run:
            yield "run", day, f"works {length} days in a row, {person.max_run} allowed"
        if works and inner and length < person.min_run:
            yield "run", day, f"works {length} days in a row, {person.min_run} are the least"
        if not works and inner and length < person.min_rest:
            yield "rest", day, f"has {length} days off in a row, {person.min_rest} are the least"
        day += length


def cost(problem: Problem, roster: Sequence[Row]) -> int:
    """What a roster costs: people missing and too many, and wishes not met."""
    total = 0
    for cover in problem.covers:
        index = problem.number[cover.kind]
        there = sum(row[cover.day] == index for row in roster)
        total += cover.under * max(0, cover.people - there) + cover.over * max(0, there - cover.people)
    for wish in problem.wishes:
        works = roster[problem.row[wish.person]][wish.day] == problem.number[wish.kind]
        total += wish.weight * (works != wish.wanted)
    return total
