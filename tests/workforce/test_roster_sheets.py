"""Rosters from people's tables: what is read, what is refused, and what is told."""

from __future__ import annotations

import json
from datetime import date, time
from pathlib import Path

import pytest
from lxml import etree
from typer.testing import CliRunner

from anyshore.base.errors import DataError
from anyshore.cli.main import app
from anyshore.workforce.rosters import sheets
from anyshore.workforce.rosters.check import broken
from anyshore.workforce.rosters.search import solve

SHIFTS = "shift,from,until,break\nearly,06:00,14:30,30\nlate,13:30,22:00,30\nnight,22:00,06:30,30\n"
STAFF = (
    "person,hours at most,hours at least,shifts,days in a row,days off in a row,weekends,away\n"
    "Ana,40,32,,5,2,1,\nBen,40,32,early;late,5,2,1,2026-03-04\nCem,40,32,,5,2,1,\nDana,24,16,early,5,2,1,\n"
    "Emil,40,32,,5,2,1,\nFatou,40,32,late;night,5,2,1,\n"
)
NEED = "day,shift,people\n" + "".join(
    f"2026-03-{day:02d},{shift},1\n" for day in range(2, 9) for shift in ("early", "late", "night")
)
WISHES = "person,day,shift,weight,no\nAna,2026-03-02,early,3,\nEmil,2026-03-05,night,5,yes\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in (("shifts", SHIFTS), ("staff", STAFF), ("need", NEED), ("wishes", WISHES)):
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    return tmp_path


def test_tables_become_a_problem(folder: Path) -> None:
    asked = sheets.read(folder)
    kinds = {kind.name: kind for kind in asked.problem.kinds}
    assert [kind.minutes for kind in kinds.values()] == [480, 480, 480]
    assert kinds["late"].no_next == {"early"}, "eight hours until the next morning"
    assert kinds["night"].no_next == {"early", "late"}
    assert kinds["early"].no_next == frozenset()
    ben = asked.problem.people[1]
    assert (ben.most, ben.max_minutes, ben.min_minutes, ben.away) == ({"night": 0}, 2400, 1920, {2})
    assert (asked.problem.days, asked.first, asked.problem.weekday) == (7, date(2026, 3, 2), 0)
    assert [(one.day, one.wanted) for one in asked.problem.wishes] == [(0, True), (3, False)]


def test_a_shift_round_the_clock_has_its_break_off(folder: Path) -> None:
    (folder / "shifts.csv").write_text(SHIFTS + "guard,08:00,08:00,60\n", encoding="utf-8")
    assert sheets.read(folder).problem.kinds[3].minutes == 23 * 60


def test_less_rest_lets_more_follow(folder: Path) -> None:
    kinds = {kind.name: kind for kind in sheets.read(folder, rest=8).problem.kinds}
    assert kinds["late"].no_next == frozenset()


def test_the_roster_keeps_the_rules_and_tells_what_the_law_says(folder: Path) -> None:
    asked = sheets.read(folder)
    found = solve(asked.problem, lambda: 30.0)
    assert found.roster is not None
    assert found.proven
    assert broken(asked.problem, found.roster) == []
    data = sheets.plain(asked, found)
    assert data["missing"] == []
    assert data["roster"]["Ana"][0] == "early", "a wish that costs nothing is met"
    duties = sheets.duties(asked, found.roster, "Europe/Berlin")
    nights = [one for one in duties if one.begin.time() == time(22)]
    assert all(one.end.date() > one.begin.date() and one.hours == 8 for one in nights)


def test_a_picture_has_a_cell_for_each_shift_worked(folder: Path) -> None:
    asked = sheets.read(folder)
    found = solve(asked.problem, lambda: 30.0)
    assert found.roster is not None
    drawn = etree.fromstring(sheets.picture(asked, found.roster).encode())
    worked = sum(index >= 0 for row in found.roster for index in row)
    assert len(drawn.findall(".//{*}rect")) == worked


@pytest.mark.parametrize(
    ("file", "text", "code"),
    [
        ("shifts", SHIFTS + "early,07:00,15:00,\n", "roster.twice"),
        ("shifts", "shift,from,until\na,6 am,14:00\n", "roster.time"),
        ("shifts", SHIFTS + "brief,06:00,07:00,60\n", "roster.break"),
        ("staff", STAFF + "Ana,40,,,,,,\n", "roster.twice"),
        ("staff", STAFF + "Gül,40,,dawn,,,,\n", "roster.unknown"),
        ("staff", STAFF + "Gül,40,,,,,,tomorrow\n", "roster.day"),
        ("need", "day,shift,people\n", "roster.empty"),
        ("need", NEED + "2026-03-02,dawn,1\n", "roster.unknown"),
        ("wishes", WISHES + "Zoe,2026-03-02,early,1,\n", "roster.unknown"),
    ],
)
def test_what_does_not_fit_is_told_with_its_place(folder: Path, file: str, text: str, code: str) -> None:
    (folder / f"{file}.csv").write_text(text, encoding="utf-8")
    with pytest.raises(DataError) as error:
        sheets.read(folder)
    assert code in {one.code for one in error.value.diagnostics}


def test_by_command(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "week.svg"
    call = ["workforce", "roster", str(folder), "--country", "DE", "--picture", str(target), "--json"]
    done = CliRunner().invoke(app, call)
    assert done.exit_code == 0
    data = json.loads(done.stdout)
    assert data["proven"]
    assert {one["source"] for one in data["breaches"]} == {"§ 9 (1) ArbZG"}, "Sunday is worked without an exception"
    assert target.read_text(encoding="utf-8").startswith("<svg")
    allowed = CliRunner().invoke(app, [*call, "--sundays"])
    assert json.loads(allowed.stdout)["breaches"] == []


def test_what_cannot_be_is_said(folder: Path) -> None:
    (folder / "staff.csv").write_text("person,hours at most,hours at least\nAna,8,400\n", encoding="utf-8")
    (folder / "wishes.csv").unlink()
    done = CliRunner().invoke(app, ["workforce", "roster", str(folder), "--seconds", "2"])
    assert done.exit_code == 1
    assert "No roster was found" in done.stdout
