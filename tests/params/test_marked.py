from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anyshore.params import marked

PLAIN = [
    ("NO", "NO"), ("no", "no"), ("on", "on"), ("17:00", "17:00"), ("09:00", "09:00"), ("0.1", Decimal("0.1")),
    ("-12", -12), ("+3", 3), ("1e3", Decimal("1E+3")), (".5", Decimal("0.5")), ("0012", "0012"),
    ("2026-02-28", date(2026, 2, 28)),
    ("2026-02-30", "2026-02-30"), ("null", None), ("~", None), ("", None), ("true", True), ("False", False),
    ("yes", "yes"), (".inf", ".inf"), ("e5", "e5"), ("1_000", "1_000"), ("0x1F", "0x1F"), ("-", "-"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "value"), PLAIN)
def test_plain_words(text: str, value: object) -> None:
    read = marked.scalar(text)
    assert read == value
    assert type(read) is type(value)


def test_quoted_words_stay_text() -> None:
    document, problems = marked.load("a: '12'\nb: \"true\"\nc: |\n  2026-01-01\n")
    assert not problems
    assert document.data == {"a": "12", "b": "true", "c": "2026-01-01\n"}


def test_places_of_keys_and_values() -> None:
    document, problems = marked.load("a:\n  - x: 1\n    yy: 22\n", "f.yaml")
    assert not problems
    place = document.at(("a", 0, "yy"))
    assert (place.file, place.element, place.line, place.column) == ("f.yaml", "a[0].yy", 3, 9)
    key = document.at(("a", 0, "yy"), key=True)
    assert (key.line, key.column) == (3, 5)


def test_an_absent_path_is_placed_at_its_surroundings() -> None:
    document, _ = marked.load("a:\n  - x: 1\n")
    place = document.at(("a", 0, "zz"))
    assert (place.element, place.line, place.column) == ("a[0].zz", 2, 5)


REFUSED = [
    ("a: 1\na: 2\n", "yaml.duplicate-key", 2, 1),
    ("a: {b: 1, b: 2}\n", "yaml.duplicate-key", 1, 11),
    ("a: &x 1\nb: *x\n", "yaml.alias", 2, 4),
    ("a: !!python/object:os.system x\n", "yaml.tag", 1, 4),
    ("a: 1\n---\nb: 2\n", "yaml.many-documents", 2, 1),
    ("a: [1, 2\nb: 3\n", "yaml.syntax", None, None),
    ("a: 'x\n", "yaml.syntax", None, None),
    ("[a, b]: 1\n", "yaml.key", 1, 1),
    ("[" * 500 + "]" * 500, "yaml.depth", 1, 41),
    ("a: \x00", "yaml.syntax", None, None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "code", "line", "column"), REFUSED)
def test_refused(text: str, code: str, line: int | None, column: int | None) -> None:
    _, problems = marked.load(text, "f.yaml")
    assert [p.code for p in problems] == [code]
    if line:
        assert (problems[0].location.line, problems[0].location.column) == (line, column)


def test_two_duplicates_are_both_told() -> None:
    _, problems = marked.load("a: 1\na: 2\nb:\n  c: 1\n  c: 2\n")
    assert [p.location.line for p in problems] == [2, 5]


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_with_a_diagnostic(text: str) -> None:
    document, problems = marked.load(text)
    assert problems or not isinstance(document.data, float)
