"""Frequency caps over all campaigns."""

from __future__ import annotations

import random

import pytest
from tests.draws import seeds

from anyshore.base.errors import DataError
from anyshore.marketing.caps import Cap, held_until, latest

DAY = 86_400_000_000


def test_a_cap_for_ever_holds_for_ever() -> None:
    sent = [(day * DAY, "email") for day in range(3)]
    assert held_until(Cap(3), sent[:2], 5 * DAY, "email") == 5 * DAY
    assert held_until(Cap(3), sent, 5 * DAY, "email") is None
    assert held_until(Cap(0), [], 5 * DAY, "email") is None


def test_a_cap_within_a_time_lets_go_when_the_first_of_them_is_old() -> None:
    sent = [(0, "email"), (DAY, "email")]
    cap = Cap(2, 7 * DAY)
    assert held_until(cap, sent, 2 * DAY, "email") == 7 * DAY
    assert held_until(cap, sent, 7 * DAY, "email") == 7 * DAY, "a week later it may"
    assert held_until(cap, [*sent, (7 * DAY, "email")], 7 * DAY, "email") == 8 * DAY


def test_channels_count_where_they_are_named() -> None:
    sent = [(0, "call"), (1, "email")]
    assert held_until(Cap(1, channels=frozenset({"call"})), sent, 5, "email") == 5
    assert held_until(Cap(2), sent, 5, "email") is None, "one cap over all"


def test_of_several_caps_the_longest_holds() -> None:
    sent = [(0, "email"), (DAY, "email")]
    assert latest([Cap(2, 7 * DAY), Cap(1, 3 * DAY)], sent, 2 * DAY, "email") == 7 * DAY
    assert latest([Cap(2, 7 * DAY), Cap(2)], sent, 2 * DAY, "email") is None
    assert latest([], sent, 2 * DAY, "email") == 2 * DAY


@pytest.mark.drawn
def test_no_window_ever_holds_more_than_the_cap() -> None:
    for seed in seeds(300):
        chance = random.Random(seed)
        caps = [Cap(chance.randint(1, 4), chance.randint(1, 9) * DAY) for _ in range(chance.randint(1, 3))]
        sent: list[tuple[int, str]] = []
        for at in sorted(chance.randrange(60 * DAY) for _ in range(60)):
            if latest(caps, sent, at, "email") == at:
                sent.append((at, "email"))
        for cap in caps:
            assert cap.within is not None
            for at, _ in sent:
                inside = [when for when, _ in sent if at - cap.within < when <= at]
                assert len(inside) <= cap.most, (seed, cap)


@pytest.mark.parametrize(("most", "within"), [(-1, None), (3, 0)])
def test_caps_that_cannot_be_kept_are_refused(most: int, within: int | None) -> None:
    with pytest.raises(DataError):
        Cap(most, within)
