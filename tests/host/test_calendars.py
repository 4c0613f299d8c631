"""Timers by the business calendar of the engagement's signed terms, on every store."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from anyshore.base.errors import DefinitionError
from anyshore.host import operations
from anyshore.host.driver import Host
from anyshore.host.ledgers import LedgerWriter
from anyshore.host.operations import Selection
from tests.host import processes as bpmn
from tests.host.fixtures import SECOND, Clock, line, outcome, waits
from tests.terms.conftest import TERMS

BANGALORE = TERMS.replace("Europe/Berlin", "Asia/Kolkata").replace("{country: DE, subdivision: BE}", "{country: IN}")


def moment(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp()) * SECOND


def timer(kind: str, text: str) -> bpmn.Element:
    return (
        "intermediateCatchEvent",
        {},
        (f'<timerEventDefinition anyshore:calendar="office"><{kind}>{text}</{kind}></timerEventDefinition>'),
    )


def sign(host: Host, engagement: str, terms: str) -> None:
    with host.store.transaction() as tx:
        chain = LedgerWriter(tx, engagement)
        chain.add(host.clock(), "engagement.signed", {"terms": terms})
        chain.write()


@pytest.fixture
def ready(host: Host, clock: Clock) -> Host:
    clock.now = moment("2026-12-23T15:00:00+01:00")
    steps = {"b": timer("timeDuration", "P1DT2H"), "c": timer("timeDate", "2026-12-29T23:00:00")}
    host.deploy("due", {"due.bpmn": line("due", **steps).encode()})
    return host


def due(host: Host, instance: int) -> list[str]:
    return [datetime.fromtimestamp(wait.due / SECOND, UTC).isoformat()[:16] for wait in waits(host, instance, "timer")]


def test_each_engagement_counts_by_its_own_calendar(ready: Host, clock: Clock) -> None:
    sign(ready, "berlin", TERMS)
    sign(ready, "bangalore", BANGALORE)
    there, here = (
        ready.start("process:due", engagement=name, zone=zone)
        for name, zone in (("bangalore", "Asia/Kolkata"), ("berlin", "Europe/Berlin"))
    )
    ready.work()
    # In Berlin the 24th is open, 25th and 26th are holidays: a day later is the 24th at 15:00, two hours on 17:00.
    assert due(ready, here) == ["2026-12-24T16:00"]
    # In Bangalore it is 19:30: counting begins on the 24th at 9:00; the 25th is a holiday, the 26th a Saturday.
    assert due(ready, there) == ["2026-12-28T05:30"]
    clock.now = moment("2026-12-28T12:00:00+00:00")
    ready.work()
    assert due(ready, here) == ["2026-12-30T08:00"], "the 29th at 23:00 is closed: the next morning"
    clock.now = moment("2026-12-31T12:00:00+00:00")
    ready.work()
    assert {outcome(ready, number) for number in (here, there)} == {"completed"}


def test_the_terms_in_force_are_meant(ready: Host) -> None:
    sign(ready, "berlin", TERMS)
    sign(ready, "berlin", TERMS.replace("start: 2026-01-01", "start: 2027-01-01").replace("17:00", "16:00"))
    number = ready.start("process:due", engagement="berlin", zone="Europe/Berlin")
    ready.work()
    assert due(ready, number) == ["2026-12-24T16:00"]


@pytest.mark.parametrize("engagement", ["", "berlin"])
def test_without_the_calendar_it_is_an_incident_that_can_be_retried(ready: Host, engagement: str) -> None:
    if engagement:
        sign(ready, engagement, TERMS.replace("office:", "shop:").replace("calendar: office", "calendar: shop"))
    number = ready.start("process:due", engagement=engagement, zone="Europe/Berlin")
    ready.work()
    (found,) = operations.incidents(ready, Selection(instance=number))
    assert found.row.name == "bpmn.bad-timer"
    assert ("shop" if engagement else "no signed terms") in found.message
    if engagement:
        sign(ready, engagement, TERMS)
        assert operations.retry(ready, Selection(instance=number)).done == 1
        assert due(ready, number) == ["2026-12-24T16:00"]


def test_a_cycle_is_due_in_business_time(host: Host, clock: Clock) -> None:
    clock.now = moment("2026-11-27T16:00:00+01:00")
    boundary: dict[str, Any] = {"attachedToRef": "b", "cancelActivity": "false"}
    cycle = '<timerEventDefinition anyshore:calendar="office"><timeCycle>R3/PT4H</timeCycle></timerEventDefinition>'
    elements = {"a": bpmn.start(), "b": bpmn.user(), "t": ("boundaryEvent", boundary, cycle), "e": bpmn.end()}
    process = bpmn.process("cycle", elements | {"f": bpmn.end()}, "a -> b\nb -> e\nt -> f")
    host.deploy("cycle", {"cycle.bpmn": process.encode()})
    sign(host, "berlin", TERMS)
    number = host.start("process:cycle", engagement="berlin", zone="Europe/Berlin")
    host.work()
    assert due(host, number) == ["2026-11-30T11:00"], "an hour on Friday, three on Monday"
    clock.now = moment("2026-11-30T18:00:00+01:00")
    host.work()
    assert due(host, number) == ["2026-12-01T11:00"], "the second was due at 16:00, an hour before closing time"


@pytest.mark.parametrize("text", ["P1M", "P1W", "-PT1H"])
def test_months_and_weeks_are_not_counted_in_business_time(host: Host, text: str) -> None:
    with pytest.raises(DefinitionError, match="business days"):
        host.deploy("due", {"due.bpmn": line("due", b=timer("timeDuration", text)).encode()})


# Cases

CASE = """
case: due
items:
  look: {type: timer, at: TEXT, calendar: office}
  answer: {type: human, after: look}
  other: {type: human}
"""


def start_case(host: Host, text: str, *, engagement: str = "berlin", **variables: Any) -> int:
    host.deploy("due", {"case.yaml": CASE.replace("TEXT", text).encode()})
    number = host.start("case:due", variables, engagement=engagement, zone="Europe/Berlin")
    host.work()
    return number


@pytest.mark.parametrize(
    ("text", "then"),
    [
        ("PT5H", "2026-12-24T11:00"),
        ("P1DT2H", "2026-12-24T16:00"),
        ("patience", "2026-12-24T16:00"),
        ("'2026-12-26T10:00:00'", "2026-12-28T08:00"),
        ("'2026-12-26'", "2026-12-28T08:00"),
        ("R2/P1D", "2026-12-24T14:00"),
    ],
)
def test_a_timer_of_a_case_counts_by_the_calendar(ready: Host, text: str, then: str) -> None:
    sign(ready, "berlin", TERMS)
    number = start_case(ready, text, patience="PT10H")
    assert due(ready, number) == [then]


def test_a_cycle_of_a_case_goes_on_in_business_time(ready: Host, clock: Clock) -> None:
    sign(ready, "berlin", TERMS)
    number = start_case(ready, "R3/P1D")
    seen = []
    while found := due(ready, number):
        seen += found
        clock.now = moment(f"{found[0]}:00+00:00") + 3600 * SECOND
        ready.work()
    assert seen == ["2026-12-24T14:00", "2026-12-28T14:00", "2026-12-29T14:00"]


def test_without_the_calendar_a_timer_of_a_case_is_an_incident_that_can_be_retried(ready: Host) -> None:
    number = start_case(ready, "PT5H")
    (found,) = operations.incidents(ready, Selection(instance=number))
    assert (found.row.name, found.row.element) == ("case.timer", "look")
    assert "no signed terms" in found.message
    sign(ready, "berlin", TERMS)
    assert operations.retry(ready, Selection(instance=number)).done == 1
    assert due(ready, number) == ["2026-12-24T11:00"]


@pytest.mark.parametrize("text", ["P1M", "P1W", "-PT1H", "R2/P1M"])
def test_months_and_weeks_of_a_case_are_not_counted_in_business_time(host: Host, text: str) -> None:
    with pytest.raises(DefinitionError, match="business days"):
        host.deploy("due", {"case.yaml": CASE.replace("TEXT", text).encode()})
