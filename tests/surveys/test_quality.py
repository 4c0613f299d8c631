"""Quality of the field, trends, and tables as files."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from anyshore.base.errors import DataError
from anyshore.surveys import asking, quality
from anyshore.surveys.files.model import Answer, Span, Text, Variable
from anyshore.surveys.tabulation import banner, cells, questions, trends


def test_speeders_are_far_below_the_median_and_unknown_lengths_are_none() -> None:
    found = quality.speeders([300, 310, 290, 90, 101, np.nan])
    assert list(found.cases) == [False, False, False, True, False, False]
    assert found.threshold == "shorter than 97 seconds"
    with pytest.raises(DataError, match="No interview"):
        quality.speeders([np.nan, 0])


def test_straight_lines_need_enough_answers() -> None:
    grid = [[3, 3, 3, 3, 3], [3, 3, 3, 3, 4], [3, 3, np.nan, np.nan, 3], [1, 2, 3, 4, 5]]
    assert list(quality.straight_lines(grid).cases) == [True, False, False, False]
    assert list(quality.straight_lines(grid, differing=1).cases) == [True, True, False, False]
    with pytest.raises(DataError, match="fewer than 5"):
        quality.straight_lines([[1, 1]])


def test_routing_and_repeated_cases() -> None:
    asked, answered = np.array([True, True, False, False]), np.array([True, False, True, False])
    wrong, silent = quality.routing({"q": asked}, {"q": answered})
    assert (list(wrong.cases), list(silent.cases)) == ([False, False, True, False], [False, True, False, False])
    twice = quality.repeated([[1, 2, 1], ["a", "b", "a"]])
    assert list(twice.cases) == [False, False, True]
    assert list(quality.kept([wrong, silent], 4)) == [1, 0, 0, 1]


def wave(yes: int, no: int) -> banner.Table:
    codes = [1] * yes + [0] * no
    return banner.tables([questions.single("q", "Q?", codes, ["no", "yes"])], [])[0]


def test_a_trend_says_whether_a_step_is_more_than_chance() -> None:
    first, second = trends.trend([("1", wave(50, 50)), ("2", wave(80, 20)), ("3", wave(81, 19))], "yes")
    assert (first.before, first.after) == (0.5, 0.8)
    assert first.p < 0.001
    assert second.p > 0.5
    with pytest.raises(DataError, match="no column"):
        trends.trend([("1", wave(5, 5))], "yes", "men")


def test_cells_are_lines_that_are_read_again_and_sheets_and_bars() -> None:
    sex = questions.single("sex", "Sex", [0] * 50 + [1] * 50, ["men", "women"])
    likes = questions.single("q", "Q?", [1] * 40 + [0] * 60, ["no", "yes"], scores=[0, 1])
    tables = banner.tables([likes], questions.head(sex))
    text = cells.lines(tables, asking.Plan(("sex",)).line)
    assert asking.planned(text) == asking.Plan(("sex",))
    found = {(one.row, one.column): one for one in cells.read(text)}
    assert found["yes", "men"].line == "q | yes | men | 80 % | base 50 | above women (B)"
    assert found["Mean", "Total"].value == "0.40"
    (sheet,) = cells.sheets(tables)
    assert sheet.rows[2] == ["", "Total", "men A", "women B"]
    assert ["yes", "40 %", "80 % B", "0 %"] in sheet.rows
    assert "40 %" in cells.bars(tables[0])
    plain = cells.plain(tables)[0]
    assert plain["rows"][1]["above"] == ["", "B", ""]  # type: ignore[index]
    with pytest.raises(DataError, match="no cell"):
        cells.read("nothing")


def test_kinds_of_missing_answers_are_in_no_base() -> None:
    answers = (Answer(1.0, (Text("yes"),)), Answer(2.0, (Text("no"),)), Answer(9.0, (Text("refused"),)))
    variable = Variable(
        "q", "single", answers=answers, missing=(Span(9.0, 9.0),), values=[1.0, 2.0, 9.0, None, 1.0, 5.0]
    )
    question = asking.question(variable, score=True)
    assert question.answers == ("yes", "no", "5.0")
    (table,) = banner.tables([question], [], options=banner.Options(suppressed_below=0))
    assert table.cases == pytest.approx([4])
    assert table.row("Mean").values == pytest.approx([(1 + 2 + 1 + 5) / 4])


def test_csv_has_numbers_and_words_and_tells_broken_lines(tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_text('a,b\n1.5,"x, y"\n,\n', encoding="utf-8")
    survey = asking.opened(file)
    assert [one.kind for one in survey.variables] == ["quantity", "single"]
    assert survey.variables[1].values == ["x, y", None]
    assert math.isnan(asking.numbers(survey.variables[0])[1])
    with pytest.raises(DataError, match="has 1 fields"):
        asking.table("a,b\n1\n", "x.csv")
    with pytest.raises(DataError, match="does not name"):
        asking.table("a,a\n1,2\n", "x.csv")
    with pytest.raises(DataError, match="are not read"):
        asking.opened(tmp_path / "x.doc")
