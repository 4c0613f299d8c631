"""Bates numbers of a production set: one of each document, families in a row."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from anyshore.activities.documents.codes import Code
from anyshore.activities.documents.model import Item
from anyshore.base.errors import DataError

_PREFIX = re.compile(r"[A-Z0-9][A-Z0-9_-]{0,19}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Produced:
    """A document of the set.

    Attributes:
        bates: its number.
        first: number of the first document of its family in the set; ``last`` that of the last.
        form: ``native``; ``redacted``; ``text`` for a mail some of whose attachments are withheld or redacted.
        confidential: whether it is stamped so.
    """

    bates: str
    first: str
    last: str
    control: str
    family: str
    kind: str
    name: str
    day: str
    digest: str
    form: str
    confidential: bool


def number(
    items: Sequence[Item], chosen: Sequence[Item], decided: Mapping[str, Code], prefix: str, start: int,
    redacted: Collection[str] = (),
) -> list[Produced]:  # fmt: skip
    """The set with its numbers.

    Args:
        items: of the delivery, without copies.
        chosen: what goes out, in the order of the delivery.
        decided: code by control number.
        prefix: letters, digits, ``-`` and ``_``, at most 20.
        start: first number, 1 or more; numbers have six digits or more.
        redacted: control numbers of what goes out without some of its passages.

    Raises:
        DataError: the prefix or the start is none.
    """
    if not _PREFIX.fullmatch(prefix) or start < 1:
        message = f"{prefix!r} with {start} is no beginning of Bates numbers."
        raise DataError("production.numbers", message, hint="Letters, digits, - and _, at most 20; from 1.")
    numbers = {one.control: f"{prefix}{place:06d}" for place, one in enumerate(chosen, start)}
    families: dict[str, list[str]] = {}
    for one in chosen:
        families.setdefault(one.family, []).append(numbers[one.control])
    lacking = {one.family for one in items if one.control not in numbers or one.control in redacted}
    return [
        Produced(
            numbers[one.control], families[one.family][0], families[one.family][-1], one.control, one.family, one.kind,
            one.name, one.day, one.digest,
            "redacted" if one.control in redacted
            else "text" if one.kind == "mail" and one.family in lacking else "native",
            decided[one.control].confidential,
        )
        for one in chosen
    ]  # fmt: skip


def told(produced: Sequence[Produced], log: Sequence[str]) -> str:
    """Set and log as lines."""
    lines = ["Production set: Bates number | family | control number | type | date | form | stamp | SHA-256"]
    lines += [
        " | ".join((
            one.bates, f"{one.first} to {one.last}", one.control, one.kind, one.day or "-", one.form,
            "confidential" if one.confidential else "-", one.digest,
        ))
        for one in produced
    ]  # fmt: skip
    head = "Privilege log: control number | family | date | author | to | cc and bcc | type | basis | description"
    return "\n".join([*lines, "", head, *log])
