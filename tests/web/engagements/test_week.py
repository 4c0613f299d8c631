"""The coming week of an engagement: from its ledger and its signed terms, for its delivery manager."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from typer.testing import CliRunner

from anyshore.cli.main import app
from anyshore.terms.book import Book
from anyshore.terms.calendars import Calendar
from anyshore.terms.ledger import EMPTY, append, head_of
from anyshore.web.core.models import Engagement
from anyshore.web.engagements import week
from anyshore.web.engine import books

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = date(2026, 1, 5)
PAGE = "/engagements/payables/week/"


def at(day: date, hour: int, minute: int = 0) -> int:
    return int(datetime(day.year, day.month, day.day, hour, minute, tzinfo=BERLIN).timestamp()) * 1_000_000


class Ledger:
    """Writes what happened to the payables of the world into its book."""

    def __init__(self, world: Any, book: Book) -> None:
        self.world, self.book, self.head, self.cases = world, book, EMPTY, 0

    def case(self, opened: int, done: int | None = None, performer: str = "agent", **told: object) -> None:
        """An invoice that came to a person, who finished it or did not."""
        self.cases += 1
        facts = {"wait": 7, "party": "provider"}
        self.say(opened, "instance.started", {})
        self.say(opened, "work.opened", facts)
        if done is not None:
            self.say(done, "work.completed", facts | {"performer": performer} | told)
            self.say(done, "instance.completed", {"outcome": "invoice booked"})

    def say(self, when: int, kind: str, facts: dict[str, object]) -> None:
        entry = append(self.head, engagement="payables", at=when, type=kind, service="payables", data=facts,
                       instance=str(self.cases), reference="")  # fmt: skip
        self.head = head_of(entry)
        self.book.add(entry)


@pytest.fixture
def ledger(world: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ledger]:
    """Six weeks with eight items each working day, each taking a quarter of an hour; now it is Sunday, 15 February."""
    signed = books.book("payables").versions
    book = Book(versions=list(signed))
    monkeypatch.setattr(week, "book", lambda _key: book)
    made = Ledger(world, book)
    for day in (MONDAY + timedelta(weeks=number, days=one) for number in range(6) for one in range(5)):
        for number in range(8):
            opened = at(day, 9 + number // 4, number % 4)
            made.case(opened, at(day, 13, 15 * number) if number < 4 else at(day, 14, 15 * (number - 4)))
    world.clock.now = at(date(2026, 2, 15), 12)
    return made


def plan(**options: Any) -> week.Week:
    return week.plan(Engagement.objects.get(key="payables"), **options)


def test_the_ledger_tells_what_comes_what_it_takes_and_who_has_to_be_there(ledger: Ledger) -> None:
    found = plan()
    assert found.first == date(2026, 2, 16)
    assert found.objective is not None
    assert found.objective.key == "decided"
    assert found.handling is not None
    assert (found.seconds, found.handling.told) == (900.0, False)
    assert [round(day.items, 6) for day in found.days] == [8, 8, 8, 8, 8, 0, 0]
    assert [day.hours for day in found.days] == [pytest.approx(2)] * 5 + [None] * 2
    assert [(str(crew.shift), crew.people) for crew in found.crews] == [("09:00-17:00", 1)] * len(found.crews)
    assert found.forecast is not None
    assert (found.forecast.error, found.forecast.judged) == (0, 1440)


def test_what_waits_is_planned_when_its_time_is_up(ledger: Ledger) -> None:
    for _item in range(40):
        ledger.case(at(date(2026, 2, 13), 16))  # Friday: due on Monday at 16:00
    ledger.case(at(date(2026, 2, 10), 9))  # late
    found = plan(handling=3600.0)
    assert (found.waiting, found.late) == (41, 1)
    assert found.work is not None
    assert found.days[0].due == pytest.approx(40 + 1 + 4)  # with what comes on Monday until 9:30: due at its end
    monday = sum(crew.people for crew in found.crews if crew.day == found.first)
    assert monday == 6  # 40 hours in the seven until 16:00


def test_told_minutes_holidays_and_shifts_count(ledger: Ledger) -> None:
    ledger.case(at(date(2026, 2, 13), 9), at(date(2026, 2, 13), 10), minutes="30")
    assert plan().seconds == 1800
    found = plan(handling=900.0, options=[week.shifts.parse("09:00-13:00")], shrinkage=0.5)
    assert {str(crew.shift) for crew in found.crews} == {"09:00-13:00"}
    assert (
        sum(crew.people for crew in found.crews) == 6
    )  # ten hours, and a few minutes of the one item, by halves of four
    ledger.world.clock.now = at(date(2026, 4, 1), 12)  # Good Friday and Easter Monday are closed
    assert [day.hours is None for day in plan().days] == [False, True, True, True, True, False, False]


def test_a_week_in_which_nobody_works_has_no_crews(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(week, "opening", lambda *_all: [])
    ledger.case(at(date(2026, 2, 13), 16))
    found = plan()
    assert (found.crews, [day.hours for day in found.days]) == ((), [None] * 7)
    assert ledger.world.browser("manager").get(PAGE).content.decode().count("closed") == 7


def test_while_little_is_known_little_is_said(world: Any) -> None:
    found = plan()
    assert (found.forecast, found.work, found.crews, found.waiting) == (None, None, (), 0)
    page = world.browser("manager").get(PAGE).content.decode()
    assert "less than a week" in page


def test_an_office_that_never_closes_works_in_three_shifts() -> None:
    starts = week.opening(Calendar("Europe/Berlin"), date(2026, 3, 28), "Europe/Berlin")
    assert len(starts) == 7 * 48 - 2  # the clock goes forward
    assert week._usual_shifts(starts) == week.THREE_SHIFTS
    starts = week.opening(Calendar("Europe/Berlin"), date(2025, 12, 29), "Europe/Berlin")
    assert (starts[0], len(starts)) == (datetime(2025, 12, 29), 7 * 48)


def test_the_manager_sees_the_week_and_may_change_what_it_rests_on(ledger: Ledger) -> None:
    browser = ledger.world.browser("manager")
    assert PAGE in browser.get("/engagements/payables/").content.decode()
    page = browser.get(PAGE).content.decode()
    for text in (
        "estimated from the times between completions",
        "<svg",
        "Monday, 2026-02-16",
        "mean of four weeks",
        "closed",
    ):
        assert text in page
    page = browser.get(PAGE, {"minutes": "60", "away": "20", "shifts": "09:00-13:00, 13:00-17:00"}).content.decode()
    assert "as given" in page
    assert "13:00-17:00" in page


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"shifts": "nine to five"}, "Write shifts as 08:00-16:00"),
        ({"shifts": "01:00-02:00"}, "not there when work is due"),
        ({"shifts": ",".join(["09:00-17:00"] * 13)}, "At most 12 shifts."),
        ({"minutes": "-3"}, "greater than or equal to 0.1"),
        ({"away": "100"}, "less than or equal to 95"),
    ],
)
def test_what_cannot_be_planned_with_is_told_at_its_field(ledger: Ledger, asked: dict[str, str], told: str) -> None:
    answer = ledger.world.browser("manager").get(PAGE, asked)
    assert (answer.status_code, told in answer.content.decode()) == (422, True)


def test_the_week_in_german(ledger: Ledger) -> None:
    browser = ledger.world.browser("manager")
    page = browser.get(PAGE, headers={"accept-language": "de"}).content.decode()
    for text in ("Die kommende Woche", "Montag, 16.02.2026", "Mittel aus vier Wochen", "geschlossen", "Stunden"):
        assert text in page


def test_the_command_plans_the_same_week(ledger: Ledger, tmp_path: Any) -> None:
    picture = tmp_path / "week.svg"
    words = ["workforce", "plan", "payables", "--picture", str(picture)]
    found = CliRunner().invoke(app, [*words, "--json"])
    assert found.exit_code == 0, found.stderr
    told = json.loads(found.stdout)
    assert (told["from"], told["handling_seconds"], told["handling_from"]) == ("2026-02-16", 900, "estimated")
    assert picture.read_text(encoding="utf-8").startswith("<svg")
    shown = CliRunner().invoke(app, words).stdout
    assert "An item takes 900 s, estimated" in shown
    assert "proven to be the fewest" in shown
    absent = CliRunner().invoke(app, ["workforce", "plan", "nobody"])
    assert (absent.exit_code, "engagement.unknown" in absent.stderr) == (1, True)
