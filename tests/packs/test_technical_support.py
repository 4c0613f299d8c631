"""Technical support as it runs: which wait stops which clock, what goes along, who is told."""

from __future__ import annotations

import pytest
from tests.packs.running import HOUR, Running, moment

from anyshore.packs import reading

PACK = reading.named("technical-support")


@pytest.fixture
def support() -> Running:
    return Running(PACK, moment("2026-02-02T08:00:00+01:00"))


def incident(support: Running, **more: object) -> int:
    said = {
        "reporter": "ann",
        "service": "warehouse",
        "symptom": "Scanners lose the connection",
        "impact": 3,
        "urgency": 3,
    }
    return support.asked(**{**said, **more})


@pytest.mark.parametrize(
    ("waits_for", "restored", "own_time"),
    [("customer", True, True), ("vendor", False, True), ("nobody", False, False)],
)
def test_each_wait_stops_its_own_clock(support: Running, waits_for: str, restored: bool, own_time: bool) -> None:
    one = incident(support)
    if waits_for == "customer":
        support.answer(one, "work_on", action="ask", text="Since when?")
        support.work(3 * 24 * HOUR)
        support.asked(incident="i1", text="Since Monday")
    elif waits_for == "vendor":
        support.answer(one, "work_on", action="vendor")
        support.work(3 * 24 * HOUR)
        support.answer(one, "vendor", note="Update to 7.2")
    else:
        support.work(3 * 24 * HOUR)
    support.answer(one, "work_on", action="restore", text="Updated", cause="firmware")
    support.work(8 * 24 * HOUR)
    assert support.ended(one)
    assert support.incidents() == []
    found = {key: [result.met for result in each.results] for key, each in support.scores("2026-02").items()}
    assert found == {"restored": [restored], "own_time": [own_time]}


def test_evidence_goes_along_and_an_incident_that_is_late_is_told_to_two_levels(support: Running) -> None:
    one = incident(support, impact=1, urgency=1, network="printing")
    support.answer(one, "work_on", action="observe", variable="panel", state="fault")
    support.answer(one, "work_on", action="escalate", text="Panel shows a fault after each restart")
    (given,) = support.of(one)["handovers"]
    assert (given["from"], given["to"], given["evidence"]) == (1, 2, {"panel": "fault"})
    support.work(HOUR)
    assert support.open() == [(one, "lead"), (one, "work_on")]
    support.work(HOUR)
    assert support.open() == [(one, "inform"), (one, "lead"), (one, "work_on")]
    support.answer(one, "work_on", action="restore", text="Mended")
    assert support.open() == []


def test_an_objection_opens_it_again(support: Running) -> None:
    one = incident(support)
    support.answer(one, "work_on", action="restore", text="Restarted")
    support.asked(incident="i1", text="It is gone again")
    assert support.open() == [(one, "work_on")]
    assert support.milestones(one) == ["restored", "reopened"]


def test_causes_change_with_what_is_seen(support: Running) -> None:
    one = incident(support, network="printing", service="printing", symptom="Nothing comes out")
    first = support.of(one)["diagnosis"]
    assert {look["variable"] for look in first["looks"]} <= {"panel", "test_page", "file"}
    support.answer(one, "work_on", action="observe", variable="test_page", state="blank")
    causes = support.of(one)["diagnosis"]["causes"]
    assert next(cause for cause in causes if cause["cause"] == "toner")["probability"] > 85
    support.answer(one, "work_on", action="observe", variable="smell", state="burnt")  # nothing the network knows
    assert support.of(one)["diagnosis"]["seen"] == 1
