"""Findings keep their identity over runs, are fixed where somebody looked, and reopen."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from anyshore.website.checks.findings import Changes, Finding, Followed, ages, follow

DAY = timedelta(days=1)
BEGIN = datetime(2026, 11, 2, tzinfo=UTC)
PAGE = "https://shop.example/a"
BROKEN = Finding("links", "broken", PAGE, "line 7: a", "It leads nowhere (404).", subject="https://shop.example/b")
ALT = Finding("accessibility", "image-alt", PAGE, "#logo", "The image has no text.")
LOOKED = {("links", PAGE), ("accessibility", PAGE)}


def known(changes: Changes, before: dict[str, Followed] | None = None) -> dict[str, Followed]:
    return {**(before or {}), **{one.finding.identity: one for one in changes.all}}


def test_a_finding_is_new_then_the_same_then_fixed_then_returns() -> None:
    first = follow({}, [BROKEN, ALT, BROKEN], LOOKED, BEGIN)
    assert [one.finding for one in first.new] == [ALT, BROKEN]
    store = known(first)

    moved = replace(BROKEN, place="line 9: a", reason="It leads nowhere (410).")
    second = follow(store, [moved], LOOKED, BEGIN + DAY)
    assert [one.finding for one in second.still] == [moved]
    assert second.still[0].first == BEGIN
    assert [one.finding for one in second.fixed] == [ALT]
    store = known(second, store)

    third = follow(store, [ALT, moved], LOOKED, BEGIN + 2 * DAY)
    assert [(one.finding, one.returned, one.first) for one in third.returned] == [(ALT, 1, BEGIN)]
    assert third.new == ()
    assert not follow(known(third, store), [ALT, moved], LOOKED, BEGIN + 3 * DAY).returned


def test_what_nobody_looked_at_is_not_fixed() -> None:
    store = known(follow({}, [BROKEN, ALT], LOOKED, BEGIN))
    assert [one.finding for one in follow(store, [], {("links", PAGE)}, BEGIN + DAY).fixed] == [BROKEN]
    assert follow(store, [], set(), BEGIN + DAY).all == ()


def test_ages_count_what_is_open() -> None:
    store = known(follow({}, [BROKEN, ALT], LOOKED, BEGIN))
    assert ages(store.values(), BEGIN + 8 * DAY) == {"7": 0, "30": 2, "90": 0, "more": 0}
    gone = known(follow(store, [], LOOKED, BEGIN + 8 * DAY))
    assert sum(ages(gone.values(), BEGIN + 9 * DAY).values()) == 0
