"""Where a service asks for two people, one person cannot be both: its own scenarios fail when one does all of it."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from anyshore.packs import reading, testing

TWO = [
    ("payroll", "two people release a month"),
    ("payroll", "the second person holds a month back"),
    ("period-close", "a month is closed for good after tasks, reviews and words"),
]


@pytest.mark.parametrize(("pack", "scenario"), TWO, ids=lambda value: value)
def test_one_person_does_not_do_the_work_of_two(pack: str, scenario: str, tmp_path: Path) -> None:
    folder = tmp_path / pack
    shutil.copytree(reading.named(pack).folder, folder)
    path = folder / "scenarios.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"by: \S+?,", "by: scenario,", text), encoding="utf-8")
    (found,) = (one for one in testing.run(reading.read(folder)) if one.scenario == scenario)
    assert found.problem is not None
    assert "work.kept-apart" in found.problem
