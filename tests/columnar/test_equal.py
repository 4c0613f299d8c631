"""Random models over random rows, and real rules over real rows: all ways agree."""

from __future__ import annotations

from pathlib import Path

import pytest
from conformance import equal, hmda
from conformance.scores import Score
from tests import draws

ROWS = 20_000


MODELS = draws.seeds(15)


@pytest.mark.long
@pytest.mark.drawn
@pytest.mark.parametrize("first", MODELS[::5])
def test_columns_and_duckdb_give_what_rows_give(first: int) -> None:
    score = Score("equal", 0, 0, extra=dict.fromkeys(equal.COUNTED, 0))
    problems = [equal.compared(equal.SEED * 1000 + number, ROWS, score) for number in range(first, first + 5)]
    assert problems == [""] * 5


def test_edits_agree_with_given_rows(data_dir: Path) -> None:
    folder = data_dir / "hmda-edits"
    if not folder.is_dir():
        pytest.skip(f"no {folder}: the rows of the edits are not here")
    score = hmda.run(folder)
    assert score.failed == []
    assert score.total == score.passed > 200
    assert score.extra["rows one by one"] == 0
