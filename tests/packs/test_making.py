"""A pack made from a template works as it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from anyshore.base.errors import PackError
from anyshore.cli.main import app
from anyshore.packs import checking, making, reading, testing


@pytest.mark.parametrize("kind", making.TEMPLATES)
def test_it_has_no_problem_and_passes_its_scenarios(tmp_path: Path, kind: str) -> None:
    found = CliRunner().invoke(app, ["pack", "new", "visas", "--kind", kind, "--in", str(tmp_path)])
    assert found.exit_code == 0
    folder = tmp_path / "visas"
    assert checking.check(folder) == []
    pack = reading.read(folder)
    assert (pack.id, pack.kind) == ("visas", kind)
    assert [one.problem for one in testing.run(pack) if one.problem] == []
    assert "template" not in (folder / "pack.yaml").read_text() + (folder / "terms.yaml").read_text()


@pytest.mark.parametrize("name", ["Visas", "", "../x", "a b", "-a", "payables"])
def test_a_name_that_is_none_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(PackError) as caught:
        making.make(name, "bpo", tmp_path)
    assert caught.value.code == "pack.name"
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_written_over(tmp_path: Path) -> None:
    making.make("visas", "bpo", tmp_path)
    with pytest.raises(PackError, match="already"):
        making.make("visas", "kpo", tmp_path)
    (tmp_path / "file").write_text("x")
    with pytest.raises(PackError) as caught:
        making.make("visas", "bpo", tmp_path / "file")
    assert caught.value.code == "pack.not-written"
