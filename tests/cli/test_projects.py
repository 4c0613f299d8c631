"""``anyshore project``: packages in, the shortest plan out, as table, JSON and picture."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from typer.testing import CliRunner

from anyshore.cli.main import app

PACKAGES = (
    "package,duration,after,needs\nFreeze,1,,ops = 1\nCopy,3,Freeze,ops = 1\nServers,4,,ops = 1\n"
    "Test,5,Copy; Servers,testers = 2\nTrain,2,Servers,testers = 1\n"
)


def cli(*arguments: str) -> Any:
    return CliRunner().invoke(app, arguments)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "move.csv"
    path.write_text(PACKAGES, encoding="utf-8")
    return path


def test_the_plan_is_told_and_drawn(file: Path, tmp_path: Path) -> None:
    drawn = tmp_path / "plan.svg"
    found = cli("project", "schedule", str(file), "--team", "ops=2", "--team", "testers=2", "--picture", str(drawn))
    assert found.exit_code == 0
    assert "11 units. No plan is shorter." in found.output
    assert len(etree.parse(drawn).findall(".//{*}rect")) == 5


def test_json_has_the_same(file: Path) -> None:
    found = cli("project", "schedule", str(file), "--team", "ops=1", "--team", "testers=2", "--json")
    data = json.loads(found.stdout)
    assert (data["makespan"], data["proven"]) == (13, True)
    assert [one["package"] for one in data["packages"]][-1] in ("Test", "Train")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("ops = 1\nCopy", "ops\nCopy", "is no need"), ("Freeze,1,", "Freeze,1.5,", "no whole number"),
        ("Copy,3,Freeze", "Copy,3,Thaw", "is no package"), ("testers = 2", "testers = 9", "of whom there are 2"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_file(file: Path, old: str, new: str, told: str) -> None:
    assert old in PACKAGES
    file.write_text(PACKAGES.replace(old, new, 1), encoding="utf-8")
    found = cli("project", "schedule", str(file), "--team", "ops=2", "--team", "testers=2")
    assert found.exit_code != 0
    assert told in " ".join(found.output.split())
    assert "move.csv" in found.output


def test_a_team_is_a_number(file: Path) -> None:
    found = cli("project", "schedule", str(file), "--team", "ops=many")
    assert found.exit_code != 0
    assert "mason=2" in found.output


def test_a_project_of_a_collection_is_read(tmp_path: Path) -> None:
    path = tmp_path / "one.rcp"
    path.write_bytes(b"3 1\n1\n2 1 1 3\n3 1 1 3\n0 0 0\n")
    found = cli("project", "schedule", str(path), "--json")
    assert json.loads(found.stdout)["makespan"] == 5


def test_a_package_is_moved_and_lasts_longer_by_hand(file: Path) -> None:
    words = ("project", "schedule", str(file), "--team", "ops=2", "--team", "testers=2")
    found = json.loads(cli(*words, "--move", "Copy=6", "--lasts", "Train=4", "--json").stdout)
    rows = {one["package"]: one for one in found["packages"]}
    assert (rows["Copy"]["from"], rows["Train"]["to"] - rows["Train"]["from"]) == (6, 4)
    assert (found["makespan"], found["proven"]) == (14, True)
    for wrong, told in (("Copy=0", "cannot begin at 0"), ("Roof=1", "is no package"), ("Copy=soon", "is no unit")):
        refused = cli(*words, "--move", wrong)
        assert refused.exit_code == 1
        assert told in " ".join(refused.output.split())
