"""Threads of mails, and which mail of a thread says all of another."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from anyshore.mail.message import Mail

_QUOTE = re.compile(r"(?m)^[ \t]*(?:>[ \t]?)+")
_SHORTEST = 20
"""Characters a text must have before finding it in another mail says anything."""


def threads(mails: Sequence[tuple[str, Mail]]) -> dict[str, str]:
    """The first mail of the conversation of each, by ``References`` and ``In-Reply-To``, never by subject alone.

    Two mails that answer a mail which was not delivered belong together as well.

    Args:
        mails: control number and mail, in order.
    """
    above: dict[str, str] = {}

    def root(name: str) -> str:
        while above.setdefault(name, name) != name:
            above[name] = name = above[above[name]]
        return name

    for control, mail in mails:
        for identifier in (mail.id, *mail.references):
            if identifier:
                above[root(f"<{identifier}>")] = root(control)
    first: dict[str, str] = {}
    return {control: first.setdefault(root(control), control) for control, _ in mails}


def held(mails: Sequence[tuple[str, Mail]], thread: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """For each mail, the others of its thread whose whole text it says again, whoever quotes it how."""
    texts = {control: words(mail.text) for control, mail in mails}
    together: dict[str, list[str]] = {}
    for control, _ in mails:
        together.setdefault(thread[control], []).append(control)
    found: dict[str, tuple[str, ...]] = {}
    for controls in together.values():
        for one in controls:
            found[one] = tuple(
                other for other in controls
                if other != one and _SHORTEST <= len(texts[other]) < len(texts[one]) and texts[other] in texts[one]
            )  # fmt: skip
    return found


def covers(outer: Mail, inner: Mail) -> bool:
    """Whether a mail that quotes another brings all its attachments again."""
    brought = [one.content for one in outer.attachments]
    return all(one.content in brought for one in inner.attachments)


def words(text: str) -> str:
    """A text without marks of quoting, on one line."""
    return " ".join(_QUOTE.sub("", text).split())
