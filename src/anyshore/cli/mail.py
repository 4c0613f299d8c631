"""``anyshore mail``: what mails are, what is new in them, and what reports of delivery say; nothing is kept."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from anyshore.base import files
from anyshore.base.errors import each, plain
from anyshore.cli import output
from anyshore.cli.shared import Json
from anyshore.mail import message, sheets

Taught = Annotated[
    Path | None,
    typer.Option("--learn", help="Requests that were sorted (CSV: text, intent), to sort these mails by."),
]
Files = Annotated[list[Path], typer.Argument(help="Mails, as .eml files.")]


def read(paths: Files, learn: Taught = None, json: Json = False) -> None:
    """Tell who mails are from and what is new in them; of what came back, recipients and reasons."""
    found, problems = each(lambda path: sheets.plain(message.read(files.read(path), str(path))), paths)
    if learn is not None:
        _sorted(found, learn)
    data = {"mails": found, "problems": plain(problems)}
    output.answer(json, data, *sheets.of_mails(found), wrong=problems)
    output.end(problems)


def _sorted(found: list[dict[str, Any]], learn: Path) -> None:
    """Adds to mails of people what they are about."""
    from anyshore.knowledge import intents  # takes a second to import

    people = [one for one in found if one["kind"] == "person"]
    texts = [f"{one['subject']}\n{one['new']}" for one in people]
    for one, about in zip(people, intents.learn(intents.taught(learn)).sort(texts, explain=True), strict=True):
        one["intent"] = about.as_dict()
