"""Callers at a line: who is answered when, against a count second by second, and by hand."""

from __future__ import annotations

import random

import pytest

from anyshore.workforce.line import Caller, Present, Served, level, served


def test_the_second_caller_waits_and_the_third_gives_up() -> None:
    """One person, calls of 100 seconds: by hand."""
    callers = [Caller(0, 100, 60), Caller(10, 100, 95), Caller(20, 100, 60), Caller(205, 10, 60)]
    found = served(callers, [Present("Ada", 0, 300)])
    assert [(one.waited, one.person) for one in found] == [(0, "Ada"), (90, "Ada"), (60, None), (0, "Ada")]
    assert level(found, 20) == 0.5
    assert level([Served(Caller(0, 1, 1), 3, None)], 20, short=5) is None


def test_who_has_been_free_longest_answers_and_a_break_is_kept() -> None:
    present = [Present("Ada", 0, 100), Present("Ada", 200, 400), Present("Bo", 0, 400)]
    found = served([Caller(at, 10, 50) for at in (0, 20, 120, 125)], present)
    assert [one.person for one in found] == ["Ada", "Bo", "Bo", "Bo"]
    assert found[3].waited == 5
    assert served([Caller(500, 10, 50)], present) == [Served(Caller(500, 10, 50), 50, None)]


def _by_seconds(callers: list[Caller], present: list[Present]) -> dict[Caller, tuple[float, bool]]:
    """The same queue, walked second by second: a list of who waits, and until when each person is busy."""
    found: dict[Caller, tuple[float, bool]] = {}
    waiting: list[Caller] = []
    busy: dict[str, float] = {}
    for now in range(600):
        waiting += [one for one in callers if one.at == now]
        names = {one.person for one in present if one.begin <= now < one.end and busy.get(one.person, 0) <= now}
        for _free in names:
            if waiting:
                first = waiting.pop(0)
                person = min(names, key=lambda name: (busy.get(name, float("-inf")), name))
                names = names - {person}
                busy[person] = now + first.handling
                found[first] = (now - first.at, True)
        for one in [one for one in waiting if now - one.at >= one.patience]:
            waiting.remove(one)
            found[one] = (one.patience, False)
    return found


@pytest.mark.parametrize("seed", range(30))
def test_the_queue_is_the_one_walked_second_by_second(seed: int) -> None:
    draw = random.Random(seed)
    starts = draw.sample(range(300), 25)
    callers = [Caller(at, draw.randint(1, 60), draw.randint(0, 80)) for at in sorted(starts)]
    present = []
    for name in "ABC"[: draw.randint(1, 3)]:
        first, second = sorted(draw.sample(range(350), 2))
        present += [Present(name, first, second), Present(name, second + draw.randint(1, 60), 500)]
    expected = _by_seconds(callers, present)
    for one in served(callers, present):
        assert (one.waited, one.person is not None) == expected[one.caller]
