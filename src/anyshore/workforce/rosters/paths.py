"""The cheapest rows of many people against prices of shifts: shortest paths under resources, all people at once.

A row is a path through the days of a window. What must be remembered of it on the way is how it ends (the shift and the
length of its stretch of work, or the length of its rest), how many weekends and how many minutes it has used; for each
of these the cheapest path is kept (Irnich and Desaulniers 2005, "Shortest path problems with resource constraints").
Limits by kind of shift are remembered for up to two kinds, while there is room; the others are priced until they are
kept (a Lagrangian relaxation), so that what a path costs less its prices is a bound below every row that keeps them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import gcd
from typing import Any

import numpy as np

from anyshore.workforce.rosters.problem import OFF, Person, Problem, Row

NEVER = np.inf
CELLS = 24_000_000
"""Most cells of a table; people beyond it are taken in turn."""
ROOM = 1_200_000
"""Most cells of one person where kinds are counted."""
PRICED = 7
"""How often kinds worked too often are priced higher."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What the rest of a row leaves open inside a window.

    Attributes:
        person: index of the person.
        before: the row before the window; empty at the beginning of a roster.
        after: the row behind it; empty at the end of a roster.
        low: minutes at least inside.
        high: minutes at most.
        weekends: weekends at most.
        most: shifts at most, by kind.
        loose: cost of every minute missing; None: they must not be missing.
    """

    person: int
    before: Row
    after: Row
    low: int
    high: int
    weekends: int
    most: tuple[int, ...]
    loose: float | None = None


def frame(problem: Problem, index: int, row: Row, begin: int, end: int) -> Frame:
    """What a row leaves open if its days from ``begin`` to before ``end`` are made anew."""
    person, outside = problem.people[index], (*row[:begin], *row[end:])
    used = sum(problem.kinds[kind].minutes for kind in outside if kind != OFF)
    days = (*range(begin), *range(end, problem.days))
    weekends = {
        (day + problem.weekday) // 7
        for day in days
        if row[day] != OFF and (problem.saturday(day) or problem.sunday(day))
    }
    most = tuple(
        max(0, min(end - begin, person.most.get(kind.name, problem.days) - outside.count(number)))
        for number, kind in enumerate(problem.kinds)
    )
    return Frame(
        index, row[:begin], row[end:], max(0, person.min_minutes - used), person.max_minutes - used,
        person.max_weekends - len(weekends), most,
    )  # fmt: skip


def stretch(row: Row) -> int:
    """The length of the stretch of work, or of rest, that a row begins with."""
    return next((place for place, kind in enumerate(row) if (kind == OFF) != (row[0] == OFF)), len(row))


class Paths:
    """The cheapest rows of some people inside a window.

    Args:
        problem: the roster asked for.
        frames: a frame per person; all of one window.
        begin: its first day.
        end: the day behind its last.
    """

    def __init__(self, problem: Problem, frames: Sequence[Frame], begin: int, end: int) -> None:
        self.frames = list(frames)
        self._batches: list[tuple[list[int], Table]] = []
        alike: dict[tuple[object, ...], list[int]] = {}
        for place, one in enumerate(self.frames):
            person = problem.people[one.person]
            key = (person.max_run, person.min_run, person.min_rest, counted(problem, one, begin, end))
            alike.setdefault(key, []).append(place)
        for places in alike.values():
            many = max(1, CELLS // Table(problem, [self.frames[place] for place in places], begin, end).cells)
            for first in range(0, len(places), many):
                part = places[first : first + many]
                self._batches.append((part, Table(problem, [self.frames[place] for place in part], begin, end)))

    def cheapest(self, costs: Any, more: int = 0) -> list[list[tuple[float, Row]]]:
        """The cheapest rows of everybody, the cheapest first, and up to ``more`` that end otherwise.

        Args:
            costs: by person, day of the window and kind; infinite where it may not be worked.
            more: further rows, the cheapest of other minutes or weekends.

        Returns:
            Per person the rows of the window with what they cost; none where no row keeps the rules. Limits by kind are
            looked at for the kinds that are counted.
        """
        found: list[list[tuple[float, Row]]] = [[] for _one in self.frames]
        for places, table in self._batches:
            for place, rows in zip(places, table.solve(costs[places], more), strict=True):
                found[place] = rows
        return found


def counted(problem: Problem, one: Frame, begin: int, end: int) -> tuple[int, ...]:
    """The kinds whose number a path remembers: those whose limit can bind, the tightest first, while there is room."""
    person = problem.people[one.person]
    room = {
        kind: min(end - begin, one.high // max(1, problem.kinds[kind].minutes))
        for kind, most in enumerate(one.most) if most > 0
    }  # fmt: skip
    tight = sorted((one.most[kind] / many, kind) for kind, many in room.items() if one.most[kind] < many)
    taken: tuple[int, ...] = ()
    for _share, kind in tight[:2]:
        more = tuple(sorted((*taken, kind)))
        if _shape(problem, [one], begin, end, more).cells(person) <= ROOM:
            taken = more
    return taken


@dataclass(frozen=True, slots=True)
class _Shape:
    """How long the axes of a table are.

    Attributes:
        days: of the window, and one.
        kinds: how many there are.
        weeks: weekends, and none.
        counts: numbers of the kinds counted, and none.
        width: minutes of the kinds not counted, in units.
        unit: minutes each.
    """

    days: int
    kinds: int
    weeks: int
    counts: tuple[int, int]
    width: int
    unit: int

    def cells(self, person: Person) -> int:
        states = self.kinds * max(1, person.max_run) + max(1, person.min_rest)
        return self.days * states * self.weeks * self.counts[0] * self.counts[1] * self.width


def _shape(problem: Problem, frames: Sequence[Frame], begin: int, end: int, taken: Sequence[int]) -> _Shape:
    days = end - begin
    others = [kind.minutes for number, kind in enumerate(problem.kinds) if number not in taken]
    unit = gcd(*others) or 1
    high = min(max(max(0, one.high) for one in frames), days * max(others, default=0))
    weeks = min(max(max(0, one.weekends) for one in frames), days // 7 + 2)
    counts = [max(one.most[kind] for one in frames) + 1 for kind in taken]
    first, second = (*counts, 1, 1)[:2]
    return _Shape(days + 1, len(problem.kinds), weeks + 1, (first, second), high // unit + 1, unit)


def cells(problem: Problem, one: Frame, begin: int, end: int) -> int:
    """How many cells the table of a person has where no kind is counted."""
    return _shape(problem, [one], begin, end, ()).cells(problem.people[one.person])


class Table:
    """People whose tables have one shape: ``[state, person, weekends, count, count, minutes]`` for every day."""

    def __init__(self, problem: Problem, frames: Sequence[Frame], begin: int, end: int) -> None:
        self.problem, self.frames, self.begin, self.end = problem, frames, begin, end
        person = problem.people[frames[0].person]
        self.run, self.least, self.rest = max(1, person.max_run), person.min_run, max(1, person.min_rest)
        self.kinds = len(problem.kinds)
        self.taken = counted(problem, frames[0], begin, end)
        self.shape = _shape(problem, frames, begin, end, self.taken)
        self.states = self.kinds * self.run + self.rest
        self.steps = [self._uses(kind) for kind in range(self.kinds)]
        self.groups: dict[tuple[int, ...], list[int]] = {}
        for kind, before in enumerate(problem.before):
            self.groups.setdefault(before, []).append(kind)
        self.minutes = np.arange(self.shape.width) * self.shape.unit + sum(
            (np.arange(size) * length).reshape(-1, *[1] * after)
            for size, length, after in zip(self.shape.counts, self._lengths(), (2, 1), strict=True)
        )

    @property
    def cells(self) -> int:
        """Cells per person."""
        return self.shape.cells(self.problem.people[self.frames[0].person])

    def _lengths(self) -> tuple[int, int]:
        first, second = (*(self.problem.kinds[kind].minutes for kind in self.taken), 0, 0)[:2]
        return first, second

    def _uses(self, kind: int) -> tuple[int, int, int]:
        """What a shift of a kind adds to the two counts and to the minutes."""
        if kind in self.taken:
            at = self.taken.index(kind)
            return int(at == 0), int(at == 1), 0
        return 0, 0, self.problem.kinds[kind].minutes // self.shape.unit

    def solve(self, costs: Any, more: int) -> list[list[tuple[float, Row]]]:
        """The cheapest rows of everybody in the table, see ``Paths.cheapest``."""
        shape = self.shape
        table = np.full(
            (shape.days, self.states, len(self.frames), shape.weeks, *shape.counts, shape.width), NEVER
        )  # fmt: skip
        for place, one in enumerate(self.frames):
            if one.high >= 0 and one.weekends >= 0:
                table[0, self._first(one), place, 0, 0, 0, 0] = 0.0
        for day in range(self.end - self.begin):
            self._step(table[day], table[day + 1], costs[:, day], self.begin + day)
        return [self._ends(table[:, :, place], one, more) for place, one in enumerate(self.frames)]

    def _first(self, one: Frame) -> int:
        """The state in which a person enters the window."""
        if not one.before:
            return self.states - 1
        length = stretch(one.before[::-1])
        if one.before[-1] == OFF:
            whole = length == len(one.before) or length >= self.rest
            return self.kinds * self.run + (self.rest if whole else length) - 1
        return one.before[-1] * self.run + min(length, self.run) - 1

    def _may_end(self, day: int) -> list[int]:
        """Lengths of a stretch of work, less one, after which ``day`` may be off."""
        return [long - 1 for long in range(1, self.run + 1) if long >= self.least or long == day]

    def _step(self, old: Any, new: Any, costs: Any, day: int) -> None:
        base = self.kinds * self.run
        work, off = old[:base].reshape(self.kinds, self.run, *old.shape[1:]), old[base:]
        rested, rest = off[-1], new[base:]
        ends = self._may_end(day)
        if day == 0:  # a rest that begins the roster may be short
            rest[-1] = rested
        else:
            tired = work[:, ends].min(axis=(0, 1)) if ends else np.full_like(rested, NEVER)
            rest[1:] = off[:-1]
            rest[0] = tired
            rest[-1] = np.minimum(rest[-1], rested)
        here = new[:base].reshape(self.kinds, self.run, *new.shape[1:])
        every, first = self.problem.saturday(day), self.problem.sunday(day)
        for before, kinds in self.groups.items():
            longer = work[list(before), :-1].min(axis=0) if before and self.run > 1 else None
            for kind in kinds:
                price = costs[:, kind, None, None, None, None]
                if np.isfinite(price).any():
                    _put(here[kind, 0], rested, price, (int(every or first), *self.steps[kind]))
                    if longer is not None:
                        _put(here[kind, 1:], longer, price, (int(every), *self.steps[kind]))

    def _ends(self, table: Any, one: Frame, more: int) -> list[tuple[float, Row]]:
        last = table[-1].copy()
        last[[state for state in range(self.states) if not self._joins(state, one)]] = NEVER
        last[:, one.weekends + 1 :] = NEVER
        for axis, kind in enumerate(self.taken):
            last[(slice(None),) * (axis + 2) + (slice(one.most[kind] + 1, None),)] = NEVER
        last[..., self.minutes > one.high] = NEVER
        missing = np.maximum(0, one.low - self.minutes)
        last[...] += np.where(missing > 0, NEVER, 0.0) if one.loose is None else one.loose * missing
        best = last.min(axis=0)
        found = []
        for flat in np.argsort(best, axis=None)[: more + 1] if more else [best.argmin()]:
            at = tuple(int(index) for index in np.unravel_index(flat, best.shape))
            if not np.isfinite(best[at]):
                break
            state = int(last[(slice(None), *at)].argmin())
            found.append((float(best[at]), self._back(table, state, at)))
        return found

    def _joins(self, state: int, one: Frame) -> bool:
        """Whether a path that ends in a state goes on with the row behind the window."""
        if not one.after:
            return True
        length = stretch(one.after)
        to_end = length == len(one.after)
        worked = one.after[0] != OFF
        if state >= self.kinds * self.run:
            rested = state - self.kinds * self.run + 1
            if worked:
                return rested >= self.rest and (to_end or length >= self.least)
            return to_end or rested + length >= self.rest
        kind, run = divmod(state, self.run)
        run += 1
        begun = run == self.end
        if not worked:
            return (run >= self.least or begun) and (to_end or length >= self.rest)
        return (
            run + length <= self.run and (to_end or begun or run + length >= self.least)
            and kind in self.problem.before[one.after[0]]
        )  # fmt: skip

    def _back(self, table: Any, state: int, at: tuple[int, ...]) -> Row:
        """The path that ends in a cell: each day the cheapest cell it can have come from."""
        row = []
        weeks, first, second, minutes = at
        for day in range(self.end - 1, self.begin - 1, -1):
            if state >= self.kinds * self.run:
                row.append(OFF)
                options = self._before_rest(state - self.kinds * self.run, day)
            else:
                kind, run = divmod(state, self.run)
                row.append(kind)
                one, two, width = self.steps[kind]
                first, second, minutes = first - one, second - two, minutes - width
                weeks -= self.problem.saturday(day) or (self.problem.sunday(day) and run == 0)
                options = [self.states - 1]
                if run:
                    options = [earlier * self.run + run - 1 for earlier in self.problem.before[kind]]
            before = table[day - self.begin, options, weeks, first, second, minutes]
            state = options[int(before.argmin())]
        return tuple(reversed(row))

    def _before_rest(self, rested: int, day: int) -> list[int]:
        base = self.kinds * self.run
        if day == 0:
            return [self.states - 1]
        tired = [kind * self.run + run for kind in range(self.kinds) for run in self._may_end(day)]
        options = tired if rested == 0 else [base + rested - 1]
        return [*options, self.states - 1] if rested == self.rest - 1 else options


def _put(target: Any, source: Any, price: Any, step: tuple[int, ...]) -> None:
    """Paths that go on with one more shift: ``step`` along weekends, counts and minutes."""
    sizes = source.shape[-4:]
    if all(more < size for more, size in zip(step, sizes, strict=True)):
        to = (..., *(slice(more, None) for more in step))
        since = (..., *(slice(None, size - more) for more, size in zip(step, sizes, strict=True)))
        target[to] = source[since] + price


def limited(problem: Problem, one: Frame, begin: int, end: int, costs: Any) -> tuple[float, Row] | None:
    """The cheapest row found that keeps the limits by kind as well; None where none is found.

    Kinds worked too often are priced higher and higher, and at last may be worked on as many days as they are allowed,
    those of the row before.
    """
    paths = Paths(problem, [one], begin, end)
    priced, step = np.array(costs, dtype=float), 1.0
    for number in range(PRICED + len(problem.kinds) + 1):
        found = paths.cheapest(priced[None])[0]
        if not found:
            return None
        row = found[0][1]
        over = [kind for kind, most in enumerate(one.most) if row.count(kind) > most]
        if not over:
            return float(sum(costs[day][kind] for day, kind in enumerate(row) if kind != OFF)), row
        for kind in over:
            if number < PRICED:
                priced[:, kind] += step
            else:
                days = sorted((costs[day][kind], day) for day, worked in enumerate(row) if worked == kind)
                kept = [day for _cost, day in days[: one.most[kind]]]
                priced[:, kind] = NEVER
                priced[kept, kind] = np.asarray(costs)[kept, kind]
        step *= 3
    return None


def within(one: Frame, row: Row) -> bool:
    """Whether a row keeps the limits by kind."""
    return all(row.count(kind) <= most for kind, most in enumerate(one.most) if most < len(row))
