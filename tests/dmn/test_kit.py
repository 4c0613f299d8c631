"""The cases of the DMN kit that are at hand; the runner beside it is what counts them."""

from __future__ import annotations

from pathlib import Path

import pytest
from conformance import dmn_tck


def test_every_case_of_the_kit_passes(data_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    score = dmn_tck.run(data_dir)
    capsys.readouterr()
    assert score.failed == []
    assert score.total > 2000
