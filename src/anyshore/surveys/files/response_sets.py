"""Multiple response sets in a system file of SPSS, which ReadStat reads and does not write.

Source: *GNU PSPP Developers' Guide*, A.9 "Multiple Response Sets Records": an extension record (7, subtype 7) in the
dictionary, before its end (999); a line per set.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence

from anyshore.base.errors import DataError
from anyshore.surveys.files.model import ResponseSet

_HEADER = 176
_VARIABLE, _LABELS, _LABELLED, _DOCUMENT, _EXTENSION, _END = 2, 3, 4, 6, 7, 999
_LONG_NAMES = 13


def added(content: bytes, sets: Sequence[ResponseSet]) -> bytes:
    """A system file with its multiple response sets.

    Args:
        content: of an uncompressed or row-compressed ``.sav`` file, little endian.
        sets: to add.

    Raises:
        DataError: the dictionary cannot be followed.
    """
    if not sets:
        return content
    end, short = _walked(content)
    lines = "".join(_line(one, short) for one in sets).encode("utf-8")
    record = struct.pack("<iiii", _EXTENSION, 7, 1, len(lines)) + lines
    return content[:end] + record + content[end:]


def _line(one: ResponseSet, short: dict[str, str]) -> str:
    names = " ".join(short.get(name, name).lower() for name in one.variables)
    label = f"{len(one.label.encode())} {one.label}"
    if one.counted is None:
        return f"${one.name}=C {label} {names}\n"
    counted = f"{one.counted:g}" if isinstance(one.counted, float) else str(one.counted)
    return f"${one.name}=D{len(counted)} {counted} {label} {names}\n"


def _walked(content: bytes) -> tuple[int, dict[str, str]]:
    """Where the dictionary ends, and the short name of each long one."""
    place = _HEADER
    short: dict[str, str] = {}
    while place + 4 <= len(content):
        kind = _int(content, place)
        if kind == _END:
            return place, short
        if kind == _EXTENSION:
            subtype, size, count = struct.unpack_from("<iii", content, place + 4)
            if subtype == _LONG_NAMES:
                text = content[place + 16 : place + 16 + size * count].decode("utf-8", "replace")
                pairs = (pair.split("=", 1) for pair in text.split("\t") if "=" in pair)
                short = {long: name for name, long in pairs}
        place += _length(content, place, kind)
    raise DataError("spss.dictionary", "The dictionary of the file has no end.", hint="Write it anew.")


def _length(content: bytes, place: int, kind: int) -> int:
    if kind == _VARIABLE:
        has_label, missing = _int(content, place + 8), _int(content, place + 12)
        label = 4 + (_int(content, place + 32) + 3) // 4 * 4 if has_label else 0
        return 32 + label + 8 * abs(missing)
    if kind == _LABELS:
        at = place + 8
        for _ in range(_int(content, place + 4)):
            at += 8 + (content[at + 8] + 8) // 8 * 8
        return at - place
    if kind == _LABELLED:
        return 8 + 4 * _int(content, place + 4)
    if kind == _DOCUMENT:
        return 8 + 80 * _int(content, place + 4)
    if kind == _EXTENSION:
        size, count = struct.unpack_from("<ii", content, place + 8)
        return 16 + int(size) * int(count)
    raise DataError("spss.dictionary", f"The dictionary has a record of kind {kind}.", hint="Write it anew.")


def _int(content: bytes, place: int) -> int:
    return int(struct.unpack_from("<i", content, place)[0])
