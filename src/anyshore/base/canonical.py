"""The one form in which plain data is hashed and signed: canonical JSON, and its digest.

JSON (RFC 8259) in UTF-8, keys sorted by code point, no spaces, only necessary escapes. What is hashed holds no binary
fractions: decimal numbers stand as texts, as two programs need not write a fraction alike.
"""

from __future__ import annotations

import hashlib

import msgspec

from anyshore.base import sizes

_ENCODER = msgspec.json.Encoder(order="sorted")


def encode(value: object) -> bytes:
    """The canonical form of plain data: None, bool, int, str, lists and dicts of those, or a dataclass of them.

    Raises:
        UnicodeEncodeError: a text holds half a character (a lone surrogate).
        TooLargeError: it would be longer than one document of ours may be.
    """
    sizes.check(value, sizes.WRITTEN)
    return _ENCODER.encode(value)


def stands(value: object, text: bytes) -> bool:
    """Whether a text is the canonical form of the value that was read from it: no larger than the text it came from."""
    return _ENCODER.encode(value) == text


def digest(value: object) -> str:
    """SHA-256 over the canonical form of plain data, in hexadecimal.

    Raises:
        UnicodeEncodeError: a text holds half a character (a lone surrogate).
        TooLargeError: see ``encode``.
    """
    return hashlib.sha256(encode(value)).hexdigest()
