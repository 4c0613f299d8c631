"""Problems of several things come back together, in the order of the things."""

from __future__ import annotations

from anyshore.base.errors import DataError, Diagnostic, each, grave, plain, wrong_with


def _read(text: str) -> int:
    if not text.isdecimal():
        raise DataError("number", f"{text} is none")
    return int(text)


def test_what_can_be_read_and_what_is_wrong_with_the_rest() -> None:
    found, problems = each(_read, ["1", "two", "3", "four"])
    assert found == [1, 3]
    assert [one.message for one in problems] == ["two is none", "four is none"]
    assert grave(problems)
    assert [one["code"] for one in plain(problems)] == ["number", "number"]


def test_a_check_goes_on_after_what_it_cannot_read() -> None:
    doubt = Diagnostic("small", "it is small", severity="warning")
    found = wrong_with(lambda text: [doubt] if _read(text) < 5 else [], ["1", "two", "7", "3"])
    assert [one.code for one in found] == ["small", "number", "small"]
    assert not grave([doubt])
