"""What an error says: where, what, what to do; all problems of a file."""

from __future__ import annotations

import pytest

from anyshore.base.errors import AnyshoreError, DefinitionError, Diagnostic, DmnError
from anyshore.base.locations import Location

PLACE = Location("a.dmn", "fee", 3, 5, "rule 2")


def test_an_error_says_where_what_and_what_to_do() -> None:
    error = AnyshoreError("test.code", "It broke.", PLACE, "Mend it.")
    assert str(error) == "a.dmn:3:5, fee, rule 2: It broke. [test.code] (Mend it.)"
    assert str(AnyshoreError("test.code", "It broke.")) == "It broke. [test.code]"
    assert error.diagnostics == (Diagnostic("test.code", "It broke.", PLACE, "Mend it."),)


def test_an_error_about_a_file_carries_all_its_problems_and_is_worded_by_the_first() -> None:
    problems = [Diagnostic("test.one", "One.", PLACE, "Mend one."), Diagnostic("test.two", "Two.", Location("a.dmn"))]
    error = DmnError.of(problems)
    assert isinstance(error, DmnError)
    assert (error.code, error.location, error.hint) == ("test.one", PLACE, "Mend one.")
    assert list(error.diagnostics) == problems
    assert str(error).splitlines() == [
        "2 problems [test.one]", "a.dmn:3:5, fee, rule 2: error: One. [test.one]", "    Mend one.",
        "a.dmn: error: Two. [test.two]",
    ]  # fmt: skip
    assert str(DefinitionError.of(problems[1:])) == "a.dmn: Two. [test.two]"


def test_a_problem_as_data() -> None:
    assert Diagnostic("test.one", "One.", PLACE, "Mend.", "warning").as_dict() == {
        "code": "test.one", "severity": "warning", "message": "One.", "hint": "Mend.", "file": "a.dmn",
        "element": "fee", "line": 3, "column": 5, "cell": "rule 2",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("place", "text"),
    [
        (Location(), "unknown place"), (Location("a.x"), "a.x"), (Location("a.x", line=1), "a.x:1"),
        (Location("a.x", line=1, column=2), "a.x:1:2"), (Location(line=1, column=2), "line 1, column 2"),
        (Location(element="b"), "b"), (Location("a.x", "b", 1, 2, "c"), "a.x:1:2, b, c"),
    ],
)  # fmt: skip
def test_a_place_in_words(place: Location, text: str) -> None:
    assert str(place) == text


def test_an_inner_place_keeps_its_own_and_takes_the_rest_from_around() -> None:
    around = Location("a.x", "outer", 3, 5)
    assert Location(element="inner").within(around) == Location("a.x", "inner", 3, 5)
    assert Location(line=9).within(around) == Location("a.x", "outer", 9, None), "no column of another line"
    assert Location().within(around) == around
