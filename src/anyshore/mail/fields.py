"""Header fields written out: folded (RFC 5322, 2.2.3), other letters than ASCII as encoded words (RFC 2047).

Written by hand, because a campaign writes a hundred thousand mails of which most fields are the same: the policy of
``email`` parses each value before it writes it (a millisecond a mail), and breaks long identifiers into encoded words.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from functools import lru_cache

LINE = 78
"""Characters of a line where it can be folded (RFC 5322, 2.1.1)."""
LONGEST = 998
"""Characters of a line at most (RFC 5322, 2.1.1)."""
_PLAIN = re.compile(r"[ -~]*")
_WORDS = re.compile(r" *[^ ]+")
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]*")
_ADDRESS = re.compile(
    r"(?!.{255})[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*"
)
# What may stand for itself in an encoded word wherever it stands (RFC 2047, 5 (3)); a blank is an underline.
_SAFE = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!*+-/")
_WRITTEN = [chr(one) if one in _SAFE else "_" if one == 32 else f"={one:02X}" for one in range(256)]
_WIDTH = [len(one) for one in _WRITTEN]
_WORD, _ENCODED_LINE, _AROUND = 75, 76, len("=?utf-8?q??=")


def unstructured(name: str, value: str) -> str:
    """A field of free text, with its line end.

    Args:
        name: of the field.
        value: on one line.
    """
    if _PLAIN.fullmatch(value) and "=?" not in value:
        if len(name) + 2 + len(value) <= LINE:
            return f"{name}: {value}\r\n"
        words = _WORDS.findall(value)
        if max(map(len, words)) < LONGEST - len(name) - 2:
            return _folded(f"{name}:", (f" {words[0]}", *words[1:]))
    return _folded(f"{name}:", (f" {word}" for word in _encoded(value, _ENCODED_LINE - len(name) - 2)), _ENCODED_LINE)


def tokens(name: str, values: Iterable[str], divided: str = "") -> str:
    """A field of addresses or identifiers that are never broken, with its line end.

    Args:
        name: of the field.
        values: each stays whole.
        divided: by what, beside a blank.

    Raises:
        ValueError: one is longer than a line may be, or holds what a line may not.
    """
    known = list(values)
    for one in known:
        if len(one) > LONGEST - len(name) - 3 or not _PLAIN.fullmatch(one):
            raise ValueError(f"{one[:60]!r} cannot stand in {name}.")
    ends = [divided] * (len(known) - 1) + [""]
    return _folded(f"{name}:", (f" {one}{end}" for one, end in zip(known, ends, strict=True)))


@lru_cache(maxsize=1024)
def mailbox(address: str, name: str = "") -> str:
    """An address with the name shown beside it, as it stands in a field.

    Raises:
        ValueError: the address is none.
    """
    if not is_plain(address):
        raise ValueError(f"{address!r} is no address that can stand in a field.")
    if not name:
        return address
    if not _PLAIN.fullmatch(name) or "=?" in name:
        return f"{' '.join(_encoded(name, _ENCODED_LINE - 8))} <{address}>"
    if not _ATOMS.fullmatch(name):
        name = '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return f"{name} <{address}>"


@lru_cache(maxsize=1024)
def mailboxes(field: str, *known: tuple[str, str]) -> str:
    """A field of addresses with their names, with its line end.

    Raises:
        ValueError: an address is none.
    """
    written = [mailbox(*one) for one in known]
    words = [
        word for at, one in enumerate(written) for word in _WORDS.findall(one + ("," if at + 1 < len(written) else ""))
    ]
    return _folded(f"{field}:", (word if word.startswith(" ") else f" {word}" for word in words))


def is_plain(address: str) -> bool:
    """Whether an address can be written without quotes: a dot-atom, and a domain of letters, digits and hyphens."""
    return _ADDRESS.fullmatch(address) is not None


def _folded(line: str, words: Iterable[str], most: int = LINE) -> str:
    """Words, each behind its blanks, in lines; the first stays beside the name, as some readers want it."""
    lines, first = [], True
    for word in words:
        if not first and len(line) + len(word) > most:
            lines.append(line)
            line = ""
        line += word
        first = False
    return "\r\n".join([*lines, line]) + "\r\n"


def _encoded(value: str, first: int) -> Iterator[str]:
    """A text as encoded words of UTF-8; none breaks a letter (RFC 2047, 5)."""
    letters = [one.encode("utf-8", "replace") for one in value]
    widths = [sum(map(_WIDTH.__getitem__, one)) for one in letters]
    quoted = sum(widths) <= 4 * ((sum(map(len, letters)) + 2) // 3)
    taken, width, room = bytearray(), 0, min(first, _WORD) - _AROUND
    for letter, wide in zip(letters, widths, strict=True):
        more = width + wide if quoted else 4 * ((len(taken) + len(letter) + 2) // 3)
        if taken and more > room:
            yield _quoted(taken) if quoted else _based(taken)
            taken, width, room = bytearray(), 0, _WORD - _AROUND
        taken += letter
        width += wide
    yield _quoted(taken) if quoted else _based(taken)


def _quoted(raw: bytearray) -> str:
    return f"=?utf-8?q?{''.join(map(_WRITTEN.__getitem__, raw))}?="


def _based(raw: bytearray) -> str:
    return f"=?utf-8?b?{b64encode(raw).decode('ascii')}?="
