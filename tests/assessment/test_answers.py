"""A table of marks."""

import pytest

from anyshore.assessment.answers import read
from anyshore.base.errors import DataError


def test_a_row_stands_for_people() -> None:
    found = read(b"a;b;people\n1;0,5;3\n0;;2\n", "marks.csv")
    assert [(item.name, item.people, item.difficulty) for item in found.items] == [("a", 5, 0.6), ("b", 3, 0.5)]


def test_all_problems_come_at_once() -> None:
    with pytest.raises(DataError) as caught:
        read(b"a,people\n2,1\n1,many\n1,1,1\n", "marks.csv")
    found = [(one.code, one.location.line) for one in caught.value.diagnostics]
    assert found == [("marks.mark", 2), ("marks.people", 3), ("marks.row", 4)]


@pytest.mark.parametrize("content", [b"", b"a,b\n", b"people\n1\n"])
def test_a_table_without_answers_is_refused(content: bytes) -> None:
    with pytest.raises(DataError) as caught:
        read(content, "marks.csv")
    assert caught.value.code == "marks.empty"
