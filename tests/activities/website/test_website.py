"""The activities of website services, on the samples of the pack and twice under one key."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from anyshore.activities.memory import MemoryContext
from anyshore.activities.website import caring, runs, times
from anyshore.base.errors import DataError

SAMPLES = Path(__file__).parents[3] / "src/anyshore/services/bpo/website-services/samples"
RUNS = ("1-monday.run.json", "2-tuesday.run.json", "3-wednesday.run.json", "5-thursday.run.json")


@pytest.fixture
def context() -> MemoryContext:
    names = (*RUNS, "4-shop.cdx.json")
    return MemoryContext(documents={**{one: (SAMPLES / one).read_bytes() for one in names}, "odd": b"{}"})


def followed(context: MemoryContext, *names: str) -> runs.FollowOutcome:
    for name in names:
        found = runs.follow(runs.FollowInput(name), context.with_key(f"job of {name}"))
    return found


def test_findings_are_followed_over_runs(context: MemoryContext) -> None:
    assert [one.change for one in followed(context, RUNS[0]).items] == ["new", "new"]
    second = followed(context, RUNS[1])
    assert (second.fixed, second.open) == (1, 3)
    third = followed(context, RUNS[2])
    assert [(one.code, one.change, one.returned) for one in third.items] == [("broken", "returned", 1)]
    assert third.at == datetime(2026, 11, 4, 6, tzinfo=UTC)


def test_a_run_that_is_read_twice_gives_the_same(context: MemoryContext) -> None:
    first = followed(context, *RUNS[:2])
    rows = {kind: len(table.rows) for kind, table in context.tables.items()}
    assert followed(context, RUNS[1]) == first
    assert {kind: len(table.rows) for kind, table in context.tables.items()} == rows


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"site": "x", "at": "today", "looked": [], "findings": []}'])
def test_what_is_no_run_is_told(content: bytes) -> None:
    with pytest.raises(DataError):
        runs.read(content)
    found = runs.follow(runs.FollowInput("x"), MemoryContext(documents={"x": content}))
    assert found.problem
    assert found.items == ()


def test_two_runs_are_compared(context: MemoryContext) -> None:
    assert caring.compare(caring.CompareInput("shop"), context).problem
    followed(context, *RUNS[1:3])
    worse = caring.compare(caring.CompareInput("shop"), context)
    link = "https://shop.example/catalogue.pdf is not there (404)."
    assert worse.worse == (f"https://shop.example/ line 42: a: {link}",)
    followed(context, RUNS[3])
    better = caring.compare(caring.CompareInput("shop"), context)
    assert (better.worse, better.better, better.problem) == ((), 1, "")


def site(context: MemoryContext, *looks: tuple[str, bool], **told: Any) -> None:
    row = {"site": "shop", "target": Decimal("99.9"), "every": Decimal(30), "zone": "Europe/Berlin", **told}
    context.load(times.SITE, [("shop", row)])
    rows = [{"site": "shop", "at": at, "up": up, "probe": "a", "reason": "" if up else "down"} for at, up in looks]
    context.load(times.LOOK, [(str(number), row) for number, row in enumerate(rows)])


def test_a_month_is_measured_in_the_zone_of_the_site(context: MemoryContext) -> None:
    site(context, ("2026-03-31T20:00:00Z", False), ("2026-03-31T20:30:00Z", True))
    found = times.month(times.AvailabilityInput("shop", 2026, 3), context)
    assert found.agreed == (31 * 24 - 1) * 60  # an hour is missing where clocks go forward
    assert (found.unplanned, found.failures, found.mttr) == (30, 1, 30)
    assert found.outages[0].reason == "down"
    assert times.month(times.AvailabilityInput("shop", 2026, 4), context).percent is None
    assert not times.month(times.AvailabilityInput("other", 2026, 3), context).known
    with pytest.raises(DataError):
        times.month(times.AvailabilityInput("shop", 2026, 13), context)


def test_a_moment_without_its_zone_is_refused(context: MemoryContext) -> None:
    site(context, ("2026-03-31 20:00", True))
    with pytest.raises(DataError):
        times.month(times.AvailabilityInput("shop", 2026, 3), context)


def test_weaknesses_come_from_the_advisories_in_force(context: MemoryContext) -> None:
    context.load(caring.ADVISORY, caring.advisories((SAMPLES / "advisories.osv.json").read_bytes(), "x"))
    found = caring.weaknesses(caring.WeaknessesInput("4-shop.cdx.json"), context)
    assert [(one.component, one.fixed, one.severity) for one in found.weaknesses] == [
        ("npm/sliderkit", "2.3.4", "high")
    ]
    assert found.parts == 2
    assert caring.weaknesses(caring.WeaknessesInput("odd"), context).problem


def publish(context: MemoryContext, job: str, content: str | None, by: str = "ada", approver: str = "mia") -> Any:
    return caring.publish(caring.PublishInput("/imprint", content, by, approver), context.with_key(job))


def test_a_page_goes_back_step_by_step_and_nothing_is_lost(context: MemoryContext) -> None:
    assert publish(context, "1", None).problem
    for job, content in (("1", "one"), ("2", "two"), ("3", "three")):
        assert publish(context, job, content).content == content
    assert publish(context, "3", "three").version == 3  # the same job again
    assert publish(context, "4", None).content == "two"
    assert publish(context, "5", None).content == "one"
    assert publish(context, "6", None).problem == "There is no version to go back to."
    assert publish(context, "7", "x", by="mia").problem == "Who writes a page does not approve it."
    assert len(context.records(caring.VERSION).rows) == 5


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_draft_names_barriers_and_claims_nothing(context: MemoryContext, language: str) -> None:
    followed(context, RUNS[0])
    found = caring.declare(caring.DeclareInput("shop", language), context)
    assert [(one.criterion, one.pages) for one in found.barriers] == [("1.1.1", 1)]
    assert len(found.examine) == 49
    nothing = caring.declare(caring.DeclareInput("other", language), context)
    assert nothing.barriers == ()
    assert not any(word in nothing.text.lower() for word in ("conformant", "vereinbar", "barrierefrei."))
    assert len(nothing.examine) == 50


def test_criteria_with_alike_numbers_are_told_apart() -> None:
    finding = {
        "check": "accessibility", "code": "reflow", "address": "https://a.example/", "place": "p",
        "reason": "Too wide.", "section": "WCAG 1.4.10", "weight": "fault", "subject": "",
    }  # fmt: skip
    run = {"site": "a", "at": "2026-11-02T06:00:00Z", "looked": [], "findings": [finding]}
    context = MemoryContext(documents={"x": json.dumps(run).encode()})
    runs.follow(runs.FollowInput("x"), context)
    assert [one.criterion for one in caring.declare(caring.DeclareInput("a"), context).barriers] == ["1.4.10"]
