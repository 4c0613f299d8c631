"""A file whose bytes are not what its name says."""

from __future__ import annotations

import pytest

from anyshore.host.intake.kinds_of_files import belies


@pytest.mark.parametrize(
    ("name", "content", "not_this"),
    [
        ("a.pdf", b"%PDF-1.7 ...", ""), ("a.PDF", b"\r\n%PDF-1.4", ""), ("a.pdf", b"Dear Sir", "a PDF"),
        ("a.txt", b"Dear Sir", ""), ("a.txt", "Straße".encode("latin-1"), ""), ("a.txt", "Straße".encode("utf-16"), ""),
        ("a.txt", bytes(range(256)), "a text"), ("a.txt", b"PK\x03\x04\x00\x00\x00\x08", "a text"),
        ("a.bin", bytes(range(256)), ""),
    ],
)  # fmt: skip
def test_names_are_held_against_bytes(name: str, content: bytes, not_this: str) -> None:
    assert belies(name, content) == not_this
