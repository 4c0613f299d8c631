"""Answers from a file, for processes that are tried out."""

from __future__ import annotations

from pathlib import Path

import pytest

from anyshore.base.errors import DataError
from anyshore.runtime import answers


def written(folder: Path, text: str) -> Path:
    path = folder / "answers.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_list_of_answers_is_given_one_after_the_other() -> None:
    found = answers.Answers({"a": [{"x": 1}, {"x": 2}]})
    assert [found._next("a").variables["x"] for _ in range(3)] == [1, 2, 2]


@pytest.mark.parametrize("text", ["- a", "a: [1]", "a: 5", "a: {$after: soon}", "a: {", "\x00"])
def test_wrong_answers(tmp_path: Path, text: str) -> None:
    with pytest.raises(DataError):
        answers.read(written(tmp_path, text))


def test_no_answers(tmp_path: Path) -> None:
    assert answers.read(written(tmp_path, "")) == {}


@pytest.mark.parametrize("text", ["amount", "=1", " = 1"])
def test_a_variable_needs_a_name_and_a_value(text: str) -> None:
    with pytest.raises(DataError, match="name=value"):
        answers.variable(text)
