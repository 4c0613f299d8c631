"""``anyshore diagnose``: causes and questions of a network."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from anyshore.cli.main import app

LAMP = """network lamp { }
variable bulb { type discrete [ 2 ] { fine, burnt }; }
variable plug { type discrete [ 2 ] { in, out }; }
variable light { type discrete [ 2 ] { on, off }; }
variable radio { type discrete [ 2 ] { plays, silent }; }
probability ( bulb ) { table 0.9, 0.1; }
probability ( plug ) { table 0.8, 0.2; }
probability ( light | bulb, plug ) { (fine, in) 1, 0; default 0, 1; }
probability ( radio | plug ) { (in) 0.95, 0.05; (out) 0, 1; }
"""


def cli(*arguments: str) -> Any:
    return CliRunner().invoke(app, arguments)


@pytest.fixture
def network(tmp_path: Path) -> str:
    path = tmp_path / "lamp.bif"
    path.write_text(LAMP, encoding="utf-8")
    return str(path)


def test_causes_and_questions_are_told(network: str) -> None:
    found = cli("diagnose", network, "--seen", "light=off", "--json")
    data = json.loads(found.stdout)
    assert [one["cause"] for one in data["suspects"]] == ["plug", "bulb"]
    assert [one["variable"] for one in data["questions"]] == ["radio"]
    assert "Mend first" in cli("diagnose", network, "--seen", "light=off").output


def test_cost_and_what_was_seen_change_the_order(network: str) -> None:
    dear = cli("diagnose", network, "--seen", "light=off", "--cost", "plug=10", "--json")
    assert json.loads(dear.stdout)["suspects"][0]["cause"] == "bulb"
    plays = cli("diagnose", network, "--seen", "light=off", "--seen", "radio=plays", "--json")
    assert json.loads(plays.stdout)["suspects"][0] == {
        "cause": "bulb",
        "state": "burnt",
        "probability": 1.0,
        "cost": 1.0,
    }


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--seen", "fan=on"), "no 'fan'"), (("--seen", "light"), "NAME=VALUE"),
        (("--cost", "plug=much"), "cost of plug"),
        (("--seen", "light=on", "--seen", "radio=silent", "--seen", "bulb=burnt"), "cannot be"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(network: str, options: tuple[str, ...], told: str) -> None:
    found = cli("diagnose", network, *options)
    assert found.exit_code != 0
    assert told in " ".join(found.output.split())
