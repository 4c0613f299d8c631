"""``anyshore mail``: what mails are, what is new in them, and what reports of delivery say; nothing is kept."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from anyshore.base import files
from anyshore.base.errors import DataError, Diagnostic
from anyshore.base.telling import Sheet
from anyshore.cli import output
from anyshore.mail import kinds, message, reply
from anyshore.mail.message import Mail

Taught = Annotated[
    Path | None,
    typer.Option("--learn", help="Requests that were sorted (CSV: text, intent), to sort these mails by."),
]
Files = Annotated[list[Path], typer.Argument(help="Mails, as .eml files.")]


def read(paths: Files, learn: Taught = None, json: output.Json = False) -> None:
    """Tell who mails are from and what is new in them; of what came back, recipients and reasons."""
    found, problems = [], list[Diagnostic]()
    for path in paths:
        try:
            found.append(_told(message.read(files.read(path), str(path))))
        except DataError as problem:
            problems += problem.diagnostics
    if learn is not None:
        _sorted(found, learn)
    output.problems(() if json else problems)
    rows = [(one["file"], one["kind"], one["from"], one["subject"], one["new"][:200]) for one in found]
    failed = [
        (
            one["file"],
            *(failure[name] for name in ("recipient", "status", "reason")),
            "hard" if failure["hard"] else "soft",
        )
        for one in found
        for failure in one["failures"]
    ]
    parts = [Sheet("Mails", ["file", "kind", "from", "subject", "new in it"], rows)] if rows else []
    parts += (
        [Sheet("What came back", ["file", "recipient", "status", "reason", "hard or soft"], failed)] if failed else []
    )
    about = [_about(one["file"], one["intent"]) for one in found if "intent" in one]
    columns = ["file", "about", "confidence", "sorted by", "because of"]
    parts += [Sheet("What they are about", columns, about, (2,))] if about else []
    output.answer(json, {"mails": found, "problems": output.plain(problems)}, *parts)
    output.end(bool(problems))


def _about(file: str, intent: dict[str, Any]) -> tuple[object, ...]:
    who = "" if intent["known"] else "a person"
    return file, intent["intent"], intent["confidence"], who, ", ".join(intent["words"])


def _sorted(found: list[dict[str, Any]], learn: Path) -> None:
    """Adds to mails of people what they are about."""
    from anyshore.knowledge import intents  # takes a second to import

    sorter = intents.learn(intents.taught(learn))
    people = [one for one in found if one["kind"] == "person"]
    texts = [f"{one['subject']}\n{one['new']}" for one in people]
    for one, about in zip(people, sorter.sort(texts, explain=True), strict=True):
        one["intent"] = {
            "intent": about.intent, "confidence": round(about.confidence, 2), "known": about.known,
            "others": list(about.others), "words": [word for word, _ in about.words],
        }  # fmt: skip


def _told(mail: Mail) -> dict[str, Any]:
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
