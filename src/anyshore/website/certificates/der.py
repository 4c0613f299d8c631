"""The little of DER (X.690) that a library's model of a certificate no longer shows."""

from __future__ import annotations

from collections.abc import Iterator

SEQUENCE = 0x30
UTC_TIME = 0x17
GENERALIZED_TIME = 0x18


def parts(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Tag and content of each value that stands in a row.

    Raises:
        ValueError: they are no DER of tags below 31.
    """
    at = 0
    while at < len(content):
        tag, size, start = _head(content, at)
        at = start + size
        if at > len(content):
            raise ValueError("a value is longer than what holds it")
        yield tag, content[start:at]


def inside(content: bytes) -> list[tuple[int, bytes]]:
    """The values within the one value given."""
    return list(parts(next(parts(content))[1]))


def _head(content: bytes, at: int) -> tuple[int, int, int]:
    tag = content[at]
    if tag & 0x1F == 0x1F or at + 1 >= len(content):
        raise ValueError("a tag of several octets, or no length")
    size, start = content[at + 1], at + 2
    if size & 0x80:
        many = size & 0x7F
        size, start = int.from_bytes(content[start : start + many]), start + many
        if not 0 < many < 5:
            raise ValueError("a length that DER does not have")
    return tag, size, start


def validity(tbs: bytes) -> list[tuple[int, str]]:
    """Tags and letters of the two times of a certificate.

    Args:
        tbs: the part of it that is signed (RFC 5280, section 4.1).
    """
    fields = inside(tbs)
    first = 1 if fields[0][0] == 0xA0 else 0  # the version is left out of the oldest
    _serial, _algorithm, _issuer, times = fields[first : first + 4]
    return [(tag, letters.decode("ascii")) for tag, letters in parts(times[1])]
