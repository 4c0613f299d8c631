"""A service at a glance, from its ledger alone."""

from __future__ import annotations

import json
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from tests.terms.conftest import at
from typer.testing import CliRunner

from anyshore.base.errors import TermsError
from anyshore.cli.main import app
from anyshore.terms import dashboard_reading
from anyshore.terms.dashboard_sheets import sheets
from anyshore.terms.dashboards import Dashboard, as_dict, periods
from anyshore.terms.ledger import append, head_of

MEASURES = {
    "matched": {"title": {"en": "Matched", "de": "Passt"}, "as": "share", "unit": "%", "direction": "up",
                "standard": "first-time match rate"},
    "lines": {"title": {"en": "Lines", "de": "Zeilen"}, "as": "sum", "unit": "", "direction": "", "standard": ""},
}  # fmt: skip


def shown(ledger: Any, by: str = "day", until: str = "2026-01-08T12:00") -> Dashboard:
    reader = dashboard_reading.Reader("payables", "Europe/Berlin", at(until))
    for entry in ledger.entries:
        reader.add(entry)
    agreed = dashboard_reading.by_book(ledger.book())
    return dashboard_reading.dashboard(reader, agreed, by, engagement="mill", until=at(until))


def describe(ledger: Any, service: str = "payables") -> None:
    data = {"service": service, "measures": MEASURES}
    head = head_of(ledger.entries[-1])
    ledger.entries.append(
        append(head, engagement="acme", at=at("2026-01-05T08:00"), type="service.described", data=data)
    )


def of_day(found: Dashboard, day: str) -> Any:
    return next(period for period in found.periods if period.name == day)


def test_why_people_were_asked_is_counted_from_the_ledger(ledger) -> None:
    ledger.case("i1", "2026-01-05T09:00", "2026-01-05T10:00", details={"why": ["price"]})
    ledger.case("i2", "2026-01-05T09:00", "2026-01-05T11:00", details={"why": ["price", "unit"]})
    data = {"service": "payables", "details": {"why": {"title": {"en": "Why", "de": "Warum"}}},
            "words": {"price": {"en": "Price over the order", "de": "Preis"}}}  # fmt: skip
    head = head_of(ledger.entries[-1])
    ledger.entries.append(
        append(head, engagement="acme", at=at("2026-01-06T08:00"), type="service.described", data=data)
    )
    found = shown(ledger)
    assert as_dict(found)["periods"][0]["details"] == {"why": {"price": 2, "unit": 1}}
    sheet = next(one for one in sheets(found, "en") if one.title == "Why")
    assert [list(row)[:2] for row in sheet.rows] == [["Price over the order", "2"], ["unit", "1"]]


def test_nothing_before_the_first_piece_of_work(ledger) -> None:
    assert shown(ledger).periods == []


def test_work_counts_when_it_came_and_when_it_ended(ledger) -> None:
    ledger.case("i1", "2026-01-05T09:00", "2026-01-05T10:00")
    ledger.case("i2", "2026-01-05T23:59", "2026-01-07T00:00")
    ledger.add("instance.started", "2026-01-06T09:00", "i3")
    ledger.add("instance.cancelled", "2026-01-07T09:00", "i3")
    found = shown(ledger)
    assert [(one.name, one.received, one.completed, one.cancelled, one.open) for one in found.periods] == [
        ("2026-01-05", 2, 1, 0, 1), ("2026-01-06", 1, 0, 0, 2), ("2026-01-07", 0, 1, 1, 0), ("2026-01-08", 0, 0, 0, 0),
    ]  # fmt: skip
    assert [one.received for one in shown(ledger, "month").periods] == [3]
    assert [one.name for one in shown(ledger, "week").periods] == ["2026-W02"]


def test_what_happened_after_the_instant_is_not_seen(ledger) -> None:
    ledger.case("i1", "2026-01-05T09:00", "2026-01-05T13:00")
    period = of_day(shown(ledger, until="2026-01-05T12:00"), "2026-01-05")
    assert (period.received, period.completed, period.open) == (1, 0, 1)


def test_a_person_makes_the_difference_also_in_what_was_called(ledger) -> None:
    for name in ("i1", "i2", "i3"):
        ledger.add("instance.started", "2026-01-05T09:00", name)
    ledger.add("instance.started", "2026-01-05T09:00", "i4", parent="i2")
    ledger.add("instance.started", "2026-01-05T09:00", "i5", parent="i4")
    ledger.add("work.completed", "2026-01-05T09:10", "i5", wait=3, performer="ada")
    ledger.add("work.completed", "2026-01-05T09:10", "i3", wait=4, withdrawn=True)
    ledger.add("instance.completed", "2026-01-05T09:20", "i5", outcome="x")
    for name in ("i1", "i2", "i3"):
        ledger.add("instance.completed", "2026-01-05T10:00", name, outcome="booked")
    period = of_day(shown(ledger), "2026-01-05")
    assert (period.received, dict(period.outcomes), period.untouched) == (3, {"booked": 3}, 2)
    assert period.straight_through == Decimal("66.6667")


def test_what_the_pack_says_of_untouched_work_holds(ledger) -> None:
    ledger.add("instance.started", "2026-01-05T09:00", "i1")
    ledger.add("instance.completed", "2026-01-05T10:00", "i1", outcome="booked", untouched=False)
    assert of_day(shown(ledger), "2026-01-05").untouched == 0


def test_the_backlog_is_told_by_age(ledger) -> None:
    for number, start in enumerate(
        ("2026-01-08T09:00", "2026-01-07T09:00", "2026-01-05T09:00", "2025-12-31T09:00", "2025-12-01T09:00")
    ):
        ledger.add("instance.started", start, f"i{number}")
    found = shown(ledger)
    assert found.periods[-1].backlog == [1, 1, 1, 1, 1]
    assert of_day(found, "2026-01-05").backlog == [1, 0, 0, 1, 1], "at the end of that day"


def test_time_in_hand_goes_from_taking_to_finishing_or_giving_back(ledger) -> None:
    ledger.add("instance.started", "2026-01-05T09:00", "i1")
    ledger.add("work.taken", "2026-01-05T09:00", "i1", wait=2, by="ada")
    ledger.add("work.returned", "2026-01-05T09:10", "i1", wait=2, by="ada")
    ledger.add("work.taken", "2026-01-05T10:00", "i1", wait=2, by="bob")
    ledger.add("work.completed", "2026-01-05T10:20", "i1", wait=2, performer="bob")
    ledger.add("work.completed", "2026-01-05T10:30", "i1", wait=3, performer="bob")
    period = of_day(shown(ledger), "2026-01-05")
    assert (period.held.cases, period.held.value) == (2, Decimal(900_000_000))


def test_measures_are_those_the_ledger_describes(ledger) -> None:
    describe(ledger, "payroll")
    for number, measured in enumerate(
        ({"matched": True, "lines": "2"}, {"matched": False, "lines": "0.5"}, {"odd": "1"})
    ):
        ledger.add("instance.started", "2026-01-05T09:00", f"i{number}")
        ledger.add("instance.completed", "2026-01-05T10:00", f"i{number}", outcome="booked", measures=measured)
    assert shown(ledger).measures == {}, "described for another service"
    describe(ledger)
    period = of_day(shown(ledger), "2026-01-05")
    assert {name: one.value for name, one in period.figures.items()} == {"matched": 50, "lines": Decimal("2.5")}


def test_attainment_and_cost_follow_the_terms(ledger) -> None:
    ledger.case("i1", "2026-01-05T09:00", "2026-01-05T10:00")
    ledger.case("i2", "2026-01-05T09:00", "2026-01-07T10:00")
    found = shown(ledger)
    assert dict(found.objectives.values())
    (key,) = found.objectives
    assert {one.name: one.attained.get(key) for one in found.periods} == {
        "2026-01-05": (1, 1), "2026-01-06": (0, 1), "2026-01-07": None, "2026-01-08": None
    }, "a late one counts when its limit had run out"  # fmt: skip
    (cost,) = found.costs
    assert (str(cost.month), cost.cases) == ("2026-01", 2)
    assert cost.unit_cost == cost.cost / 2
    assert "costs" in as_dict(found)
    assert "costs" not in as_dict(found, money=False)


@pytest.mark.parametrize(
    ("by", "since", "until", "names"),
    [
        ("day", "2026-03-28T23:59", "2026-03-30T00:00", ["2026-03-28", "2026-03-29"]),
        ("week", "2025-12-31T12:00", "2026-01-05T00:00:00.000001", ["2026-W01", "2026-W02"]),
        ("month", "2025-12-31T12:00", "2026-01-01T12:00", ["2025-12", "2026-01"]),
    ],
)
def test_periods_follow_each_other_through_changes_of_clock_and_year(by, since, until, names) -> None:
    found = list(periods(at(since), at(until), by, "Europe/Berlin"))
    assert [one.name for one in found] == names
    assert all(one.end == other.start for one, other in pairwise(found))
    if by == "day":
        assert found[1].end - found[1].start == 23 * 3_600_000_000


def test_an_export_alone_gives_the_same(ledger, tmp_path: Path) -> None:
    describe(ledger)
    ledger.case("i1", "2026-01-05T09:00", "2026-01-05T10:00")
    ledger.add("instance.started", "2026-01-05T09:00", "i2")
    path = ledger.export(tmp_path / "mill.jsonl", "2026-01-08T11:59:59.999999")
    found, problems = dashboard_reading.of_export(path, "payables", "day")
    same = shown(ledger)
    assert as_dict(found) == as_dict(same) | {"engagement": "acme"}
    assert (found.measures, problems) == (MEASURES, [])
    with pytest.raises(TermsError, match="no service"):
        dashboard_reading.of_export(path, "payroll", "day")


def test_the_command_tells_a_changed_export(ledger, tmp_path: Path) -> None:
    ledger.case("i1", "2026-01-05T09:00", "2026-01-05T10:00")
    path = ledger.export(tmp_path / "mill.jsonl", "2026-01-08T12:00")
    runner = CliRunner()
    found = runner.invoke(app, ["ledger", "dashboard", str(path), "payables", "--by", "month", "--json"])
    assert found.exit_code == 0
    assert [one["completed"] for one in json.loads(found.stdout)["periods"]] == [1]
    assert "2026-W02" in runner.invoke(app, ["ledger", "dashboard", str(path), "payables"]).stdout
    path.write_text(path.read_text(encoding="utf-8").replace('"paid"', '"paiD"'), encoding="utf-8")
    changed = runner.invoke(app, ["ledger", "dashboard", str(path), "payables"])
    assert changed.exit_code == 1
