"""Technical solutions as they run: slots of changes, what they earned, handover, warranty, the four figures."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from lxml import etree
from tests.packs.running import HOUR, Running, moment

from anyshore.packs import reading
from anyshore.projects.estimates import checked, together

PACK = reading.named("technical-solutions")
PATCH = {
    "title": "Patches",
    "kind": "standard",
    "starts": "2026-03-14T20:00",
    "hours": 3,
    "services": "mail",
    "plan": "patch",
}
GO = {"decision": "go", "risk": "low", "plan": "patch", "hours": Decimal(3), "back_out": "Restore the snapshot"}


@pytest.fixture
def solutions() -> Running:
    return Running(PACK, moment("2026-03-02T09:00:00+01:00"))


def delivered(solutions: Running, change: str, **more: Any) -> int:
    """A standard change that was handed over."""
    one = solutions.asked(change=change, **{**PATCH, **more})
    solutions.answer(one, "assess", **GO)
    for hours in ("0.5", "2"):
        solutions.work(2 * HOUR)
        solutions.answer(one, "do_package", hours=Decimal(hours), done=Decimal(100))
    solutions.answer(one, "test", decision="passed", note="Mail sent and received")
    solutions.answer(one, "accept", decision="accept")
    while (one, "check_item") in solutions.open():
        solutions.answer(one, "check_item", done="done", note="Page 4")
    return one


def test_a_plan_is_estimated_planned_and_drawn(solutions: Running) -> None:
    one = solutions.asked(change="C-1", **{**PATCH, "kind": "normal", "plan": "wifi-hall", "services": "warehouse"})
    solutions.answer(one, "assess", **{**GO, "plan": "wifi-hall"})
    points = [checked(2, 4, 6), checked(4, 6, 14), checked(2, 3, 4), checked(1, 2, 6)]
    wanted = together(points)
    found = solutions.of(one)["estimated"]
    assert found["mean"] == Decimal(str(round(wanted.mean, 1)))
    assert found["sure"] == Decimal(str(round(wanted.with_confidence(0.8), 1)))
    solutions.answer(one, "approve", decision="approve")
    known = solutions.of(one)
    assert (known["plan_hours"], known["plan_proven"]) == (11, True)  # 4, then 4 for two people, then 3
    order = [step["package"] for step in known["steps"]]
    assert (order[0], order[-1], len(order)) == ("Survey the hall", "Measure coverage", 4)
    assert etree.fromstring(known["gantt"].encode()).tag.endswith("svg")
    assert solutions.incidents() == []


def test_what_was_done_earns_its_budget(solutions: Running) -> None:
    one = solutions.asked(change="C-2", **PATCH)
    solutions.answer(one, "assess", **GO)
    solutions.answer(one, "do_package", hours=Decimal(1), done=Decimal(100))
    solutions.answer(one, "do_package", hours=Decimal(1), done=Decimal(50))
    earned = solutions.of(one)["earned"]
    # Budgets 0.6 and 1.3 hours, both planned to be done by then; earned 0.6 + 0.65, spent 2.
    assert (earned["planned"], earned["earned"], earned["actual"]) == (Decimal("1.9"), Decimal("1.25"), Decimal(2))
    assert (earned["spi"], earned["cpi"]) == (Decimal("0.658"), Decimal("0.625"))


def test_a_slot_that_was_given_is_not_given_again_and_the_next_free_time_is_told(solutions: Running) -> None:
    solutions.answer(solutions.asked(change="C-2", **PATCH), "assess", **GO)
    other = solutions.asked(change="C-5", **{**PATCH, "services": "web; MAIL", "starts": "2026-03-14T22:00"})
    solutions.answer(other, "assess", **GO)
    found = solutions.of(other)
    assert (found["slot"]["free"], found["slot"]["collides"]) == (False, ["C-2"])
    assert found["slot"]["next"].to_micros() == moment("2026-03-14T23:00:00+00:00")
    solutions.answer(other, "assess", **GO, begins="2026-03-14T23:00")
    assert solutions.open()[-1] == (other, "do_package")
    elsewhere = solutions.asked(change="C-6", **{**PATCH, "services": "shop"})
    solutions.answer(elsewhere, "assess", **GO)
    assert (elsewhere, "do_package") in solutions.open()


def test_a_handover_goes_round_until_nothing_is_open_and_an_item_put_aside_says_why(solutions: Running) -> None:
    one = solutions.asked(change="C-2", **PATCH)
    solutions.answer(one, "assess", **GO)
    for _ in range(2):
        solutions.answer(one, "do_package", hours=Decimal(1), done=Decimal(100))
    solutions.answer(one, "test", decision="passed", note="Works")
    solutions.answer(one, "accept", decision="accept")
    assert solutions.open() == [(one, "check_item")] * 4
    for done in ("done", "open", "does not apply", "done"):
        solutions.answer(one, "check_item", done=done, note=None)
    assert solutions.open() == [(one, "check_item")] * 2
    assert "handed over" not in solutions.milestones(one)
    solutions.answer(one, "check_item", done="done", note="Tried")
    solutions.answer(one, "check_item", done="does not apply", note="Nobody had any")
    assert solutions.milestones(one) == ["planned", "handed over"]


def test_a_defect_under_warranty_counts_as_a_failed_change_and_the_figures_tell_it(solutions: Running) -> None:
    first, second = delivered(solutions, "C-2"), delivered(solutions, "C-7", services="web")
    solutions.work(24 * HOUR)
    solutions.asked(change="C-2", text="Mail is slow")
    solutions.work(5 * HOUR)
    solutions.answer(first, "repair", caused="yes", note="Setting corrected")
    report = solutions.asked(since="2026-03-01", until="2026-03-29")
    dora = solutions.of(report)["dora"]
    assert (dora["changes"], dora["per_week"], dora["failure_rate"]) == (2, Decimal("0.5"), 50)
    assert dora["restore_hours"] == Decimal(29 + 4)  # the second change took four hours meanwhile
    assert dora["lead_hours"] == 4
    solutions.work(31 * 24 * HOUR)
    assert [solutions.of(one)["outcome"] for one in (first, second)] == ["solution delivered"] * 2
    assert (solutions.of(first)["failed"], solutions.of(second)["failed"]) == (True, False)
    assert solutions.of(first)["made_at"] is not None
    assert solutions.incidents() == []


def test_an_emergency_is_decided_by_the_manager_in_a_frozen_time(solutions: Running) -> None:
    one = solutions.asked(change="C-4", **{**PATCH, "kind": "emergency", "starts": "2026-03-21T10:00"})
    solutions.answer(one, "assess", **GO)
    assert solutions.open() == [(one, "emergency")]
    assert solutions.of(one)["approval"]["way"] == "emergency"
