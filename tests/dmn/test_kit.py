"""The cases of the DMN kit that are at hand; the runner beside it is what counts them."""

from __future__ import annotations

from pathlib import Path

import pytest
from conformance import dmn_tck

from anyshore import dmn


def test_every_case_of_the_kit_passes(data_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    score = dmn_tck.run(data_dir)
    capsys.readouterr()
    assert score.failed == []
    assert score.total > 2000


def test_cases_pass_in_the_namespaces_of_another_version(data_dir: Path) -> None:
    ran = 0
    for folder in sorted((data_dir / "dmn-tck").glob("*/*"))[::4]:
        for file in sorted(folder.glob("*.xml")):
            cases = list(dmn_tck.read_cases(file))
            others = [path for path in folder.glob("*.dmn") if path.name != cases[0].model]
            copies = [dmn.write(dmn.read(path), "1.6") for path in others]
            model = dmn.read(dmn.write(dmn.read(folder / cases[0].model), "1.6"), imports=copies)
            assert model.definitions.version == "1.6"
            assert [case.id for case in cases if dmn_tck.run_case(model, case)] == [], file
            ran += len(cases)
    assert ran > 200
