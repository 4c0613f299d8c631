"""A document is where it was declared to be."""

from __future__ import annotations

from typing import Any

import pytest

from anyshore.runtime import catalogue, documents

CASE = b"""
case: file
name: File
roles: {expert: Expert}
documents:
  contract: {name: contract}
  letters: {name: letters, many: true}
items:
  look: {type: human, name: Look, role: expert}
"""


def test_a_case_declares_its_file_and_everything_its_intake() -> None:
    found = catalogue.read(1, "test", {"file.case.yaml": CASE})
    [linked] = found.definitions.values()
    assert documents.names(linked.definition) == {"document", "documents", "contract", "letters"}
    assert documents.names(object()) == {"document", "documents"}


@pytest.mark.parametrize(
    ("value", "held"),
    [
        ("d1", ["d1"]),
        ({"document": "d1", "name": "a.txt"}, ["d1"]),
        ([{"document": "d1", "name": "a.txt"}, "d2"], ["d1", "d2"]),
        ({"name": "d1"}, []),
        ([], []), (None, []), (3, []), (True, []),
    ],
)  # fmt: skip
def test_a_variable_of_documents_holds_one_or_several(value: Any, held: list[str]) -> None:
    assert list(documents.digests(value)) == held
