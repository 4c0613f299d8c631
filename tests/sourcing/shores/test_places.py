"""Where places are, how far apart, what they share of the day, and where personal data may go."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.draws import examples

from anyshore.base.countries import COUNTRIES
from anyshore.base.errors import DataError
from anyshore.sourcing.shores import places, transfers
from anyshore.sourcing.shores.daylight import Office, shared

DAY = date(2026, 11, 30)
positions = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


def at(position: tuple[float, float]) -> places.Place:
    return places.Place("DE", "Europe/Berlin", *position)


def test_distances_that_are_known() -> None:
    # A quarter of a meridian of the mean sphere, and Berlin to Warsaw (about 517 km).
    assert places.distance(at((0, 0)), at((90, 0))) == pytest.approx(10_007.6, abs=0.1)
    assert places.distance(places.place("DE"), places.place("PL")) == pytest.approx(517, abs=6)


@given(positions, positions)
@settings(max_examples=examples(50), deadline=None)
def test_a_distance_is_the_same_both_ways_and_no_more_than_half_around(
    one: tuple[float, float], other: tuple[float, float]
) -> None:
    there = places.distance(at(one), at(other))
    assert there == pytest.approx(places.distance(at(other), at(one)), abs=1e-6)
    assert 0 <= there <= 20_015.2
    assert places.distance(at(one), at(one)) == pytest.approx(0, abs=1e-6)


def test_every_country_is_somewhere_or_asks_for_a_zone() -> None:
    asked = {country for country in COUNTRIES if _asks(country)}
    # Uninhabited, or with several clocks of which none is principal.
    assert asked == {"AQ", "BV", "HM", "UM"}


def _asks(country: str) -> bool:
    try:
        return not -90 <= places.place(country).latitude <= 90
    except DataError as problem:
        return problem.code == "shore.zone"


@pytest.mark.parametrize(
    ("client", "site", "expected"),
    [
        ("DE", "DE", "onshore"), ("DE", "PL", "nearshore"), ("DE", "MA", "nearshore"), ("DE", "IN", "offshore"),
        ("US", "MX", "nearshore"), ("US", "IN", "offshore"), ("JP", "CN", "nearshore"), ("AU", "PH", "offshore"),
        # The clocks agree and the way is long; the way is short in hours of flight and the clocks are not: both far.
        ("DE", "ZA", "offshore"), ("US", "BR", "offshore"), ("GB", "GE", "offshore"),
    ],
)  # fmt: skip
def test_near_is_near_in_distance_and_in_time(client: str, site: str, expected: str) -> None:
    one, other = places.place(client), places.place(site)
    apart = shared(Office(one.zone), Office(other.zone), 2026).apart
    assert places.shore(one, other, places.distance(one, other), apart) == expected


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("UK",), "shore.country"), (("DE", "Europe/Nowhere"), "shore.zone"), (("DE", "Asia/Tokyo"), "shore.zone"),
        (("DE", "Europe/Berlin", 91.0, 0.0), "shore.coordinates"), (("AQ",), "shore.zone"),
    ],
)  # fmt: skip
def test_what_is_no_place_is_refused(arguments: tuple[object, ...], code: str) -> None:
    with pytest.raises(DataError) as error:
        places.place(*arguments)  # type: ignore[arg-type]
    assert error.value.code == code
    assert error.value.hint


def test_own_coordinates_need_no_zone_of_the_country() -> None:
    assert places.place("de", "Asia/Tokyo", 35.0, 139.0) == places.Place("DE", "Asia/Tokyo", 35.0, 139.0)


def test_the_same_office_shares_every_hour() -> None:
    berlin = Office("Europe/Berlin")
    found = shared(berlin, berlin, 2026)
    assert (found.hours, found.least, found.days, found.apart) == (8, 8, 1, 0)


def test_clocks_that_change_on_different_days_are_seen() -> None:
    # New York is on summer time from 8 March to 1 November 2026, Berlin from 29 March to 25 October: 5 h for 4 weeks.
    found = shared(Office("Europe/Berlin"), Office("America/New_York"), 2026)
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
    work = [day for day in days if day.weekday() < 5]
    five = [
        day
        for day in work
        if date(2026, 3, 8) <= day < date(2026, 3, 29) or date(2026, 10, 25) <= day < date(2026, 11, 1)
    ]
    assert found.apart == pytest.approx(6 - len(five) / len(work))
    assert found.hours == pytest.approx(2 + len(five) / len(work))
    assert found.least == pytest.approx(2)


def test_a_holiday_of_the_site_is_a_day_without_it_and_one_of_the_client_does_not_count() -> None:
    day = date(2026, 6, 4)
    berlin = Office("Europe/Berlin")
    assert shared(berlin, Office("Europe/Berlin", closed=frozenset({day})), 2026).hours == pytest.approx(8 * 260 / 261)
    assert shared(Office("Europe/Berlin", closed=frozenset({day})), berlin, 2026).hours == 8


def test_an_office_over_the_date_line_is_an_hour_away_not_23() -> None:
    found = shared(Office("Pacific/Auckland"), Office("Pacific/Honolulu"), 2026)
    assert found.apart < 3
    # Auckland's Monday is Honolulu's Sunday.
    assert found.days == pytest.approx(0.8, abs=0.01)


def test_an_office_that_never_works_is_refused() -> None:
    for broken in (lambda: Office("UTC", 600, 600), lambda: Office("UTC", weekdays=frozenset())):
        with pytest.raises(DataError):
            broken()


@pytest.mark.parametrize(
    ("sender", "receiver", "day", "free"),
    [
        ("DE", "DE", DAY, True), ("DE", "PL", DAY, True), ("NO", "FR", DAY, True), ("DE", "IN", DAY, False),
        ("DE", "GB", DAY, True), ("DE", "GB", date(2032, 1, 1), False), ("DE", "BR", date(2025, 12, 1), False),
        ("DE", "BR", DAY, True), ("DE", "US", DAY, True), ("IN", "DE", DAY, None), ("CH", "DE", DAY, None),
    ],
)  # fmt: skip
def test_where_personal_data_may_go_by_whose_law_and_when(
    sender: str, receiver: str, day: date, free: bool | None
) -> None:
    found = transfers.basis(sender, receiver, day)
    assert found.free is free
    assert found.source


def test_a_limited_decision_is_worth_anything_until_the_provider_is_known() -> None:
    assert transfers.basis("DE", "US", DAY).score == (0, 1)
    assert transfers.basis("DE", "JP", DAY).score == (1, 1)
    assert transfers.basis("DE", "IN", DAY).score == (0, 0)
    assert transfers.basis("IN", "DE", DAY).score == (0, 1)


def test_the_table_of_languages_is_what_its_source_says(data_dir: object) -> None:
    import csv
    from pathlib import Path

    source = Path(str(data_dir)) / "countries" / "country-codes.csv"
    if not source.is_file():
        pytest.skip("no table of countries")
    with source.open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            tags = [tag.strip().partition("-")[0] for tag in row["Languages"].split(",")]
            wanted = list(dict.fromkeys(tag for tag in tags if len(tag) == 2 and tag.islower()))
            if wanted and row["ISO3166-1-Alpha-2"].strip():
                assert list(places.languages()[row["ISO3166-1-Alpha-2"]]) == wanted
