"""Passages that are redacted: a line each, as ``D0003: "the passage"; basis; description``.

A passage goes wherever it stands in its document. What else is produced must not say it; somebody decides on that.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from anyshore.activities.activity import ActivityContext
from anyshore.activities.documents import contents
from anyshore.activities.documents.families import Member
from anyshore.activities.documents.model import Item
from anyshore.base.files import is_pdf
from anyshore.knowledge import redaction

_LINE = re.compile(r"\s*(D\d{4,})\s*:\s*[\"“„«](.+)[\"”“»]\s*;\s*([^;]+?)\s*(?:;\s*(.*?)\s*)?", re.IGNORECASE)

_PART = "part of the document"


@dataclass(frozen=True, slots=True)
class Redaction:
    """A passage of an item, why it is protected, and what the log says of it."""

    passage: str
    basis: str
    description: str = _PART


def read(text: str, items: Sequence[Item]) -> tuple[dict[str, list[Redaction]], list[str]]:
    """Redactions by control number, those of a copy at its original; and the lines that are none."""
    original = {one.control: one.copy_of or one.control for one in items}
    found: dict[str, list[Redaction]] = {}
    wrong = []
    for line in filter(str.strip, text.splitlines()):
        match = _LINE.fullmatch(line)
        if match is None or match[1].upper() not in original or not re.search(r"\w", match[2]):
            wrong.append(line.strip())
            continue
        made = Redaction(match[2], match[3], match[4] or _PART)
        found.setdefault(original[match[1].upper()], []).append(made)
    return found, wrong


def problems(
    items: Sequence[Item], going: Sequence[str], redacted: Mapping[str, Sequence[Redaction]], context: ActivityContext
) -> list[str]:
    """What stands against them: passages that are not found, and other documents that say them.

    Args:
        items: of the delivery, without copies.
        going: control numbers of what is to go out.
        redacted: by control number.
        context: where the documents are.
    """
    if not redacted:
        return []
    found = []
    passages = {one.passage for given in redacted.values() for one in given}
    digests = {one.digest: one.control for one in items if one.control in redacted}
    for item, member in contents.chosen(items, {*going, *redacted}, context):
        text = contents.text(member)
        if item.control in redacted:
            found += _not_found(item, text, redacted[item.control])
        elif item.digest in digests:
            found.append(f"{item.control}: same content as {digests[item.digest]}, which is redacted")
        elif any(map(redaction.finder(f"{item.name}\n{text or ''}"), sorted(passages))):
            found.append(f"{item.control}: says a passage that is redacted elsewhere")
    return found


def _not_found(item: Item, text: str | None, given: Sequence[Redaction]) -> list[str]:
    if text is None:
        return [f"{item.control}: cannot be read, so nothing can be redacted in it"]
    find = redaction.finder(text)
    return [
        f"{item.control}: passage {number} is not in it"
        for number, one in enumerate(given, 1) if not find(one.passage)
    ]  # fmt: skip


def applied(member: Member, given: Sequence[Redaction]) -> tuple[str, bytes]:
    """The item without its passages, and the ending of its name: a PDF as pictures, anything else as its text."""
    passages = [one.passage for one in given]
    if not member.is_mail and is_pdf(member.content):
        return ".pdf", redaction.of_pdf(member.content, member.name, passages).content
    return ".txt", redaction.of_text(contents.text(member) or "", passages).encode()
