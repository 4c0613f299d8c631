"""Mails as people see them in a list, and as JSON has them: what is new in each, and what came back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from anyshore.base.telling import Part, Sheet
from anyshore.mail import kinds, reply
from anyshore.mail.message import Mail

SHOWN = 200
"""Characters of what is new that stand in a list."""


def plain(mail: Mail) -> dict[str, Any]:
    """What is known of a mail."""
    kind, cut = kinds.of(mail), reply.cut(mail.text)
    return {
        "file": mail.name, "kind": kind.kind, "why": kind.why, "from": mail.author.address, "subject": mail.subject,
        "new": cut.text if kind.opens_work else "", "signature": cut.signature if kind.opens_work else "",
        "quoted": bool(cut.quoted), "inline": cut.inline, "forwarded": cut.forwarded,
        "attachments": [part.name for part in mail.attachments], "references": list(mail.references),
        "answerable": kind.answerable,
        "failures": [
            {
                "recipient": one.recipient, "status": one.status, "reply": one.reply, "reason": one.reason,
                "hard": one.hard, "temporary": one.temporary, "said": one.diagnostic,
            }
            for one in kind.failures
        ],
    }  # fmt: skip


def of_mails(found: Sequence[dict[str, Any]]) -> Iterator[Part]:
    """Mails as ``plain`` gives them, and what they are about where somebody added it as ``intent``."""
    rows = [(one["file"], one["kind"], one["from"], one["subject"], one["new"][:SHOWN]) for one in found]
    if rows:
        yield Sheet("Mails", ("file", "kind", "from", "subject", "new in it"), rows)
    failed = [
        (one["file"], failure["recipient"], failure["status"], failure["reason"], "hard" if failure["hard"] else "soft")
        for one in found
        for failure in one["failures"]
    ]
    if failed:
        yield Sheet("What came back", ("file", "recipient", "status", "reason", "hard or soft"), failed)
    about = [(one["file"], *_about(one["intent"])) for one in found if "intent" in one]
    if about:
        columns = ("file", "about", "confidence", "sorted by", "because of")
        yield Sheet("What they are about", columns, about, right=(2,))


def _about(intent: dict[str, Any]) -> tuple[object, ...]:
    who = "" if intent["known"] else "a person"
    return intent["intent"], intent["confidence"], who, ", ".join(intent["words"])
