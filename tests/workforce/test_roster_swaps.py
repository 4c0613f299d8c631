"""Swaps by rule, and one roster over several zones and laws."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from anyshore.base.errors import DataError
from anyshore.cli.main import app
from anyshore.runtime.rosters import judged, swap
from anyshore.workforce.rosters import sheets
from anyshore.workforce.rosters.problem import OFF
from anyshore.workforce.rosters.swaps import Swap, against, swapped

SHIFTS = "shift,from,until,break,zone\nberlin,08:00,16:30,30,\nsydney,08:00,16:30,30,Australia/Sydney\n"
STAFF = "person,hours at most,shifts,days in a row,country\nAna,40,,5,\nBen,40,berlin,5,\nCem,40,,2,AT\n"
NEED = "day,shift,people\n" + "".join(
    f"2026-03-{day:02},{shift},1\n" for day in (2, 3, 4) for shift in ("berlin", "sydney")
)
B, S = 0, 1
ROWS = [(B, OFF, S), (OFF, B, OFF), (S, S, OFF)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in (("shifts", SHIFTS), ("staff", STAFF), ("need", NEED)):
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    return tmp_path


def test_rest_between_sites_is_counted_in_real_hours(folder: Path) -> None:
    """08:00 in Sydney is 22:00 the day before in Berlin: 5.5 hours after a day of work there, by hand."""
    asked = sheets.read(folder, 11, "Europe/Berlin")
    kinds = {kind.name: kind for kind in asked.problem.kinds}
    assert kinds["berlin"].no_next == {"sydney"}
    assert kinds["sydney"].no_next == frozenset()
    begins = [one.begin.isoformat() for one in sheets.duties(asked, ROWS, "Europe/Berlin")]
    assert begins[0] == "2026-03-02T08:00:00+01:00"
    assert begins[1] == "2026-03-04T08:00:00+11:00"


def test_each_is_judged_by_the_law_of_their_country(folder: Path) -> None:
    asked = sheets.read(folder, 11, "Europe/Berlin")
    tight = [(B, S, OFF), (OFF, OFF, OFF), (B, S, OFF)]
    sources = {one.worker: one.source for one in judged(asked, tight, "DE", "Europe/Berlin", sundays=False)}
    assert "ArbZG" in sources["Ana"]
    assert "AZG" in sources["Cem"]
    assert "ArbZG" not in sources["Cem"]


def test_what_is_wrong_with_a_zone_is_told(folder: Path) -> None:
    (folder / "shifts.csv").write_text(SHIFTS.replace("Australia/Sydney", "Mars/Base"), encoding="utf-8")
    with pytest.raises(DataError, match="no time zone"):
        sheets.read(folder)


def test_a_swap_is_checked_against_qualification_run_and_law(folder: Path) -> None:
    asked = sheets.read(folder, 11, "Europe/Berlin")
    problem = asked.problem
    assert swapped(problem, ROWS, Swap("Ana", 0, "Ben", 1)) == [(OFF, B, S), (B, OFF, OFF), (S, S, OFF)]
    against_ben = against(problem, ROWS, swapped(problem, ROWS, Swap("Ana", 2, "Ben")))
    assert [(one.person, one.rule) for one in against_ben] == [("Ben", "next"), ("Ben", "kind")]
    against_cem = against(problem, ROWS, swapped(problem, ROWS, Swap("Ana", 2, "Cem")))
    assert [(one.person, one.rule) for one in against_cem] == [("Cem", "run")]
    tried = swap(asked, ROWS, Swap("Ben", 1, "Ana"), "DE", "Europe/Berlin", sundays=False)
    assert not tried.allowed  # Berlin until 16:30, and Sydney from 22:00
    assert {one.rule for one in tried.law} == {"rest"}
    for wrong in (Swap("Ana", 1, "Ben"), Swap("Ana", 9, "Ben"), Swap("Ana", 0, "Cem"), Swap("Ana", 0, "Eve")):
        with pytest.raises(DataError):
            swapped(problem, ROWS, wrong)


def test_commands_make_spread_and_swap(folder: Path) -> None:
    runner, roster = CliRunner(), folder / "roster.json"
    made = runner.invoke(
        app, ["workforce", "roster", str(folder), "--seconds", "5", "--country", "DE", "--out", str(roster)]
    )
    assert made.exit_code == 0, made.output
    told = json.loads(roster.read_text(encoding="utf-8"))
    assert told["missing"] == []
    assert told["spread"] is not None
    assert [one["person"] for one in told["borne"]] == ["Ana", "Ben", "Cem"]
    names = {OFF: None, B: "berlin", S: "sydney"}
    rows = {name: [names[kind] for kind in row] for name, row in zip(("Ana", "Ben", "Cem"), ROWS, strict=True)}
    roster.write_text(json.dumps({"roster": rows}), encoding="utf-8")
    command = ["workforce", "swap", str(folder), str(roster), "--from", "Ana", "--to", "Ben", "--json", "--on"]
    allowed = runner.invoke(app, [*command, "2026-03-02"])
    assert (allowed.exit_code, json.loads(allowed.stdout)["allowed"]) == (0, True)
    assert json.loads(allowed.stdout)["roster"]["Ben"] == ["berlin", "berlin", None]
    refused = runner.invoke(app, [*command, "2026-03-04", "--country", "DE"])
    assert (refused.exit_code, json.loads(refused.stdout)["allowed"]) == (1, False)
    assert "Ben works sydney 1 times" in json.loads(refused.stdout)["rules"][1]
    roster.write_text("[]", encoding="utf-8")
    assert "roster.told" in runner.invoke(app, [*command, "2026-03-02"]).output
