"""``anyshore workforce``: what is printed, drawn and refused."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from typer.testing import CliRunner

from anyshore.cli.main import app

MONDAY = datetime(2026, 1, 5)
runner = CliRunner()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Six weeks, Monday to Friday, 9 to 12: 10 calls an hour, 20 in the second one."""
    hours = [MONDAY + timedelta(weeks=week, days=day, hours=9 + hour)
             for week in range(6) for day in range(5) for hour in range(3)]  # fmt: skip
    target = tmp_path / "calls.csv"
    target.write_text("start,calls\n" + "".join(f"{at},{20 if at.hour == 10 else 10}\n" for at in hours))
    return target


def ask(*words: object) -> Any:
    return runner.invoke(app, ["workforce", *map(str, words)])


def document(*words: object) -> Any:
    found = ask(*words, "--json")
    assert found.exit_code == 0, found.stderr
    return json.loads(found.stdout)


def test_a_forecast_as_a_table_and_as_a_document(file: Path) -> None:
    shown = ask("forecast", file).stdout
    assert "Backtest: 30 times 60 min" in shown
    assert "Mon 16 Feb" in shown
    found = document("forecast", file)
    assert found["wape"] == dict.fromkeys(found["wape"], 0.0)
    assert (found["minutes"], found["tested"], len(found["week"])) == (60, 30, 15)
    assert found["week"][1] == {"start": "2026-02-16T10:00:00", "arrivals": 20}


def test_days_can_be_moved_and_closed(file: Path) -> None:
    found = document("forecast", file, "--from", "2026-02-23", "--closed", "2026-02-24", "--method", "last week")
    assert {row["start"][:10] for row in found["week"]} == {f"2026-02-{day}" for day in (23, 25, 26, 27)}
    assert found["method"] == "last week"


def test_people_crews_and_a_picture(file: Path, tmp_path: Path) -> None:
    picture = tmp_path / "week.svg"
    words = ("staff", file, "--handling", 600, "--shrinkage", 0.25, "--shift", "09:00-12:00", "--picture", picture)
    found = document(*words)
    (nine, ten) = found["week"][:2]
    assert (nine["agents"], nine["scheduled"], ten["agents"], ten["scheduled"]) == (4, 6, 6, 8)
    assert nine["service_level"] >= 0.8
    assert found["crews"] == [{"day": f"2026-02-{16 + day}", "shift": "09:00-12:00", "people": 8} for day in range(5)]
    assert "People planned" in "".join(etree.parse(picture).getroot().itertext())
    shown = ask(*words).stdout
    assert "are taken up in time" in shown
    assert "120.0 paid hours, proven to be the fewest; the intervals alone need 100.0." in shown


def test_impatient_callers_give_up(file: Path) -> None:
    assert "give up" in ask("staff", file, "--handling", 600, "--patience", 60).stdout


def test_work_that_may_wait(file: Path) -> None:
    """40 calls of half an hour are 20 hours a day; with 6 hours waiting, due on Monday."""
    words = ("clear", file, "--handling", 1800, "--within", 8, "--waiting", 12)
    found = document(*words)
    assert found["waiting_hours"] == 6
    assert found["days"][0] == {"day": "2026-02-16", "hours": 20, "due": 11}
    people = [crew["people"] for crew in found["crews"]]
    assert len(people) == 5
    assert 100 <= 8 * sum(people) < 100 + 16  # the week ends with no more than the 6 hours it began with
    assert "Must be done" in ask(*words).stdout
    weekend = document(*words, "--weekends", "--from", "2026-02-14", "--shift", "08:00-12:00", "--shift", "12:00-16:00")
    assert weekend["days"][0]["day"] == "2026-02-14"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["forecast", "absent.csv"], "file.unreadable"),
        (["forecast", "FILE", "--from", "soon"], "option.date"),
        (["forecast", "FILE", "--method", "oracle"], "workforce.method"),
        (["forecast", "FILE", "--from", "2031-01-01"], "workforce.no-history"),
        (["forecast", "FILE", "--picture", "absent/x.svg"], "file.unwritable"),
        (["staff", "FILE", "--handling", "-1"], "workforce.handling"),
        (["staff", "FILE", "--handling", "60", "--level", "80"], "workforce.level"),
        (["staff", "FILE", "--handling", "60", "--shrinkage", "30"], "workforce.shrinkage"),
        (["staff", "FILE", "--handling", "60", "--shift", "9-12"], "workforce.shift"),
        (["staff", "FILE", "--handling", "60", "--shift", "09:00-11:00"], "workforce.uncovered"),
        (["clear", "FILE", "--handling", "60", "--within", "0"], "workforce.within"),
    ],
)
def test_what_is_wrong_is_told(file: Path, words: list[str], code: str, tmp_path: Path) -> None:
    places = {"FILE": str(file), "absent/x.svg": str(tmp_path / "absent" / "x.svg")}
    found = ask(*(places.get(word, word) for word in words))
    assert (found.exit_code, f"[{code}]" in found.stderr) == (1, True), found.stderr


def test_all_slips_of_a_file_are_told_with_their_places(file: Path) -> None:
    file.write_text("start,calls\n2026-01-05 09:00,-3\n2026-01-05 10:00,x\n")
    told = ask("forecast", file).stderr
    assert f"{file}:2:2, column 'calls': '-3' is below zero. [workforce.count]" in told
    assert f"{file}:3:2, column 'calls': 'x' is no number" in told


def test_days_that_lack_are_told_and_holidays_are_closed(file: Path) -> None:
    lines = [line for line in file.read_text().splitlines(True) if "2026-01-06" not in line]
    lines = [line for line in lines if "2026-01-20" not in line]
    file.write_text("".join(lines))
    shown = ask("forecast", file, "--holidays", "DE-BY").stdout  # 6 January: Epiphany
    assert "No counts on Tue 2026-01-20: filled in from the weeks around." in shown
    found = document("forecast", file, "--from", "2026-04-06", "--holidays", "DE")
    assert {row["start"][:10] for row in found["week"]} == {f"2026-04-{day:02}" for day in range(7, 11)}
    assert ask("forecast", file, "--holidays", "XX").exit_code == 1


def test_the_rest_of_a_day_again(file: Path) -> None:
    found = document("today", file, "--at", "2026-02-13T10:00")
    assert (found["came"], found["factor"], found["wape"]) == (10, 1, None)
    assert [row["arrivals"] for row in found["rest"]] == [20, 10]
    shown = ask("today", file, "--at", "2026-02-13T10:00").stdout
    assert "the morning's forecast stands" in shown
    for wrong in ("noon", "2026-02-13T10:07", "2026-02-13T10:00+01:00"):
        assert "option.time" in ask("today", file, "--at", wrong).stderr


def test_other_work_is_done_between_calls(file: Path) -> None:
    found = document("staff", file, "--handling", 600, "--beside", 10)["beside"]
    assert found["between"] == 10 == found["hours"] < found["free"]
    assert "hours of other work are done between calls" in ask("staff", file, "--handling", 600, "--beside", 10).stdout
