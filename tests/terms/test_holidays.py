"""Which holidays count: those public by law, those the contract adds, and what it leaves undecided."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from typer.testing import CliRunner

from anyshore.cli.main import app
from anyshore.terms import reading
from anyshore.terms.calendars import Calendar, HolidayRegion, holiday_table, instant
from anyshore.terms.clocks import HOUR
from anyshore.terms.figures import figures

PLACE = "{country: DE, subdivision: BE}"


def with_region(text: str, region: str, *, years: str = "", special: str = "") -> str:
    text = text.replace(f"[{PLACE}]", f"[{region}]")
    if years:
        text = text.replace("start: 2026-01-01", years)
    return text.replace("services:", f"    special_days: [{special}]\nservices:", 1) if special else text


def calendar(text: str, region: str, **more: str) -> Calendar:
    return reading.loads(with_region(text, region, **more)).calendars["office"]


def doubts(text: str, region: str, **more: str) -> list[tuple[str, str]]:
    found = reading.doubts(with_region(text, region, **more), file="t.yaml")
    assert all(one.severity == "warning" and one.hint and one.location.line for one in found)
    return [(one.code.removeprefix("terms.holidays-"), one.message) for one in found]


def is_open(office: Calendar, day: date) -> bool:
    zone = ZoneInfo(office.zone)
    start, end = instant(zone, day, 0), instant(zone, day, 1440)
    return any(opens < end and closes > start for opens, closes in office.open_spans(day.year))


@pytest.mark.parametrize(
    ("region", "day", "open_before", "said", "open_then"),
    [
        ("{country: DE, subdivision: BY}", date(2028, 8, 15), True, "also: [catholic]", False),
        ("{country: DE, subdivision: SN}", date(2026, 6, 4), True, "also: [catholic]", False),
        ("{country: HK}", date(2026, 4, 3), True, "also: [optional]", False),
        ("{country: AT}", date(2026, 4, 3), True, "also: [bank]", False),
        ("{country: PT}", date(2026, 2, 17), True, "also: [optional]", False),
        ("{country: DE}", date(2026, 1, 6), True, "subdivision: BY", False),
        ("{country: DE, subdivision: BY}", date(2025, 8, 8), True, None, True),
        ("{country: HU}", date(2026, 1, 10), False, 'working_weekends: ["09:00-17:00"]', True),
        ("{country: HU}", date(2026, 1, 2), False, 'working_weekends: ["09:00-17:00"]', False),
        ("{country: CN}", date(2026, 2, 14), False, 'working_weekends: ["09:00-17:00"]', True),
        ("{country: HU}", date(2026, 1, 17), False, 'working_weekends: ["09:00-17:00"]', False),
    ],
)
def test_the_contract_says_which_days_are_closed(
    terms_text: str, region: str, day: date, open_before: bool, said: str | None, open_then: bool
) -> None:
    assert is_open(calendar(terms_text, region), day) is open_before
    if said:
        assert is_open(calendar(terms_text, region.replace("}", f", {said}}}")), day) is open_then


def test_a_town_with_holidays_of_its_own_is_a_subdivision(terms_text: str) -> None:
    assert not is_open(calendar(terms_text, "{country: DE, subdivision: Augsburg}"), date(2025, 8, 8))


def test_special_days_win_over_working_weekends_and_these_over_the_hours_of_the_week() -> None:
    region = HolidayRegion("HU", make_up=((540, 1020),))
    week = (((540, 1020),),) * 5 + (((600, 720),), ())
    office = Calendar("Europe/Budapest", week, (region,))
    long = sum(end - start for start, end in office.open_spans(2026))
    short = sum(
        end - start for start, end in Calendar("Europe/Budapest", week, (HolidayRegion("HU"),)).open_spans(2026)
    )
    assert long - short == 2 * 6 * HOUR  # 10 January and 8 August: eight hours in place of two
    assert dict(office.made_up(2026)) == {date(2026, 1, 10): ((540, 1020),), date(2026, 8, 8): ((540, 1020),)}


def test_holidays_win_over_working_weekends_of_another_country() -> None:
    regions = (HolidayRegion("HU", make_up=((540, 1020),)), HolidayRegion("NO"))
    both = Calendar("Europe/Budapest", ((),) * 7, regions)
    assert date(2025, 5, 17) in both.made_up(2025)  # worked in Hungary, Constitution Day in Norway
    assert [day for day in both.made_up(2025) if not is_open(both, day)] == [date(2025, 5, 17)]


@pytest.mark.parametrize(
    ("region", "told"),
    [
        ("{country: DE, subdivision: BY}", "2026-08-15 Assumption Day"),  # a Saturday in 2026, and told all the same
        ("{country: HK}", "2026-04-03 Good Friday"),
        ("{country: HU}", "2026-01-10, 2026-08-08"),
        ("{country: DE}", "2026-01-06 Epiphany"),
        ("{country: AT}", "2026-04-03 Good Friday"),
        ("{country: CN}", "International Women's Day"),
        ("{country: AE}", "'government'"),
        ("{country: GB}", "Saint Patrick's Day"),
    ],
)
def test_what_is_not_decided_is_told(terms_text: str, region: str, told: str) -> None:
    found = doubts(terms_text, region)
    assert any(code == "undecided" and told in message for code, message in found)


@pytest.mark.parametrize(
    "region",
    [
        PLACE, "{country: DE, subdivision: BY, also: [catholic]}", "{country: DE, subdivision: BY, also: []}",
        "{country: DE, also: []}", "{country: HK, also: [optional]}", "{country: PL}",
        '{country: HU, working_weekends: ["09:00-17:00"]}', "{country: HU, working_weekends: []}",
    ],
)  # fmt: skip
def test_what_is_decided_is_not_told(terms_text: str, region: str) -> None:
    assert doubts(terms_text, region) == []


def test_single_days_are_decided_as_special_days(terms_text: str) -> None:
    day = "{date: 2026-08-15, name: Assumption}"
    assert doubts(terms_text, "{country: DE, subdivision: BY}", special=day) == []
    worked = '{date: 2026-01-10, name: worked, hours: ["09:00-17:00"]}, {date: 2026-08-08, name: closed}'
    assert doubts(terms_text, "{country: HU}", special=worked) == []
    assert is_open(calendar(terms_text, "{country: HU}", special=worked), date(2026, 1, 10))


def test_days_that_are_not_set_yet_are_told(terms_text: str) -> None:
    years = "start: 2026-01-01\nend: 2028-12-31"
    ((code, message),) = doubts(terms_text, "{country: HU, working_weekends: []}", years=years)
    assert (code, "2027, 2028" in message) == ("unsettled", True)
    (moon,) = [text for _code, text in doubts(terms_text, "{country: AE, also: []}", years=years) if "moon" in text]
    assert "Eid" in moon
    assert doubts(terms_text, PLACE, years=years) == []


def test_only_days_of_the_contract_are_told(terms_text: str) -> None:
    assert doubts(terms_text, "{country: HU}", years="start: 2026-01-15\nend: 2026-07-31") == []
    assert doubts(terms_text, "{country: HK}", years="start: 2026-10-01\nend: 2026-11-30") == []


@pytest.mark.parametrize(
    ("region", "where"),
    [
        ("{country: DE, subdivision: BY, also: [cathlic]}", "also[0]"),
        ("{country: PL, also: [bank]}", "also[0]"),
        ("{country: CN, also: [half_day]}", "also[0]"),
        ("{country: DE, subdivision: Ausgburg}", "subdivision"),
        ('{country: HU, working_weekends: ["17:00-09:00"]}', "working_weekends[0]"),
    ],
)
def test_what_is_not_known_is_an_error(terms_text: str, region: str, where: str) -> None:
    (problem,) = reading.check(with_region(terms_text, region))
    assert problem.location.element == f"calendars.office.holidays[0].{where}"
    assert problem.severity == "error"


def test_years_beyond_the_table_are_incomplete() -> None:
    assert Calendar(regions=(HolidayRegion("DE", "BE"),)).incomplete(2150)
    assert "1991 to 2100" in holiday_table("DE", "BE", 2150).incomplete
    assert not Calendar(regions=(HolidayRegion("DE", "BE"),)).incomplete(2100)


def test_the_command_tells_doubts_and_takes_the_file(terms_text: str, tmp_path: Path) -> None:
    file = tmp_path / "terms.yaml"
    file.write_text(with_region(terms_text, "{country: DE, subdivision: BY}"))
    said = CliRunner().invoke(app, ["terms", "check", str(file)])
    assert said.exit_code == 0
    assert "Assumption Day" in said.output
    (problem,) = json.loads(CliRunner().invoke(app, ["terms", "check", str(file), "--json"]).stdout)["problems"]
    assert (problem["code"], problem["severity"]) == ("terms.holidays-undecided", "warning")


def test_the_closed_days_of_a_month_are_those_of_the_contract(ledger_of, terms_text: str) -> None:
    ledger = ledger_of(with_region(terms_text, "{country: HK, also: [optional]}"))
    closed = ledger.invoice("2026-04").closed_days["office"]
    assert closed[date(2026, 4, 3)] == "Good Friday"
    assert figures(ledger.invoice("2026-04"))
