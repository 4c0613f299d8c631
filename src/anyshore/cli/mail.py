"""``anyshore mail``: what mails are, what is new in them, and what reports of delivery say; nothing is kept."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from anyshore.base import files
from anyshore.base.commands import Answer
from anyshore.base.errors import each, plain
from anyshore.mail import message, sheets


def read(
    paths: Annotated[Sequence[Path], "Mails, as .eml files."],
    *,
    learn: Annotated[Path | None, "Requests that were sorted (CSV: text, intent), to sort these mails by."] = None,
) -> Answer:
    """Tell who mails are from and what is new in them; of what came back, recipients and reasons."""
    found, problems = each(lambda path: sheets.plain(message.read(files.read(path), str(path))), paths)
    if learn is not None:
        from anyshore.knowledge import intents  # takes a second to import

        people = [one for one in found if one["kind"] == "person"]
        texts = [f"{one['subject']}\n{one['new']}" for one in people]
        for one, about in zip(people, intents.learn(intents.taught(learn)).sort(texts, explain=True), strict=True):
            one["intent"] = about.as_dict()
    return Answer({"mails": found, "problems": plain(problems)}, problems, sheets.of_mails(found), bad=problems)
