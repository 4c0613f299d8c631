"""The text of a document is read once, and so is the finding that it has none that could be read."""

from __future__ import annotations

import pytest

from anyshore.base.errors import DataError
from anyshore.knowledge import documents
from anyshore.web.engine import texts


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    seen: list[str] = []
    read = documents.read

    def counted(content: bytes, name: str) -> documents.Source:
        seen.append(name)
        return read(content, name)

    monkeypatch.setattr(documents, "read", counted)
    monkeypatch.setattr(texts, "_kept", {})
    return seen


def test_it_is_read_once(reads: list[str]) -> None:
    first = texts.text("d1", "a.txt", b"Lease of land")
    assert texts.text("d1", "a.txt", b"Lease of land") is first
    assert first.text == "Lease of land"
    assert reads == ["a.txt"]


def test_what_cannot_be_read_is_not_tried_again(reads: list[str]) -> None:
    for _ in range(3):
        with pytest.raises(DataError) as told:
            texts.text("d2", "a.pdf", b"%PDF-1.7 and nothing else")
        assert told.value.code == "document.unreadable-pdf"
    assert reads == ["a.pdf"]


def test_what_was_asked_for_longest_ago_goes_first(reads: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "MOST_CHARACTERS", 25)
    for digest in ("d1", "d2", "d1", "d3", "d1", "d2"):
        texts.text(digest, f"{digest}.txt", b"ten letter")
    assert reads == ["d1.txt", "d2.txt", "d3.txt", "d2.txt"]
