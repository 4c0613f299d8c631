"""Letters by mail: written once into the outbox, from the sender on record, and kept as they went.

A family has its own kind of senders, so that one engagement may write in the name of two services. Without a sender on
record nothing is written, and the letter says so: a person sends it another way.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from anyshore.activities.activity import ActivityContext
from anyshore.mail import composing
from anyshore.mail.addresses import is_address
from anyshore.mail.composing import OUTBOX

SECRET = "letters"  # noqa: S105 - what the key is for, not the key
NO_SENDER, NO_ADDRESS = "no sender on record", "no address to write to"


@dataclass(frozen=True, slots=True)
class Sender:
    """Who writes.

    Attributes:
        address: the mail comes from it, and answers go there.
        name: shown beside it.
        signatures: under the text, by language.
        pages: web address of the pages a receiver has here; empty: none is told.
    """

    address: str
    name: str = ""
    signatures: Mapping[str, str] = field(default_factory=dict)
    pages: str = ""


@dataclass(frozen=True, slots=True)
class Posted:
    """Whether a letter went into the outbox; why not; its Message-ID."""

    sent: bool
    why: str = ""
    message: str = ""


def sender(context: ActivityContext, kind: str) -> Sender | None:
    """The sender of a family: the first on record."""
    row = next(iter(context.records(kind).find()), None)
    if row is None:
        return None
    said = {name: str(row.data.get(name) or "") for name in ("address", "name", "pages")}
    signatures = {tag: text for tag in ("en", "de") if (text := str(row.data.get(f"signature_{tag}") or ""))}
    return Sender(said["address"], said["name"], signatures, said["pages"])


def post(
    context: ActivityContext, kind: str, to: str, subject: str, text: str, language: str, part: str = ""
) -> Posted:
    """Puts a letter into the outbox, once for a job and a part of it.

    Args:
        context: of the job.
        kind: of the records that hold the family's senders.
        to: the address.
        subject: on one line.
        text: what it says, without a signature.
        language: tag of BCP 47.
        part: which of the letters of one job it is.
    """
    who = sender(context, kind)
    if who is None or not is_address(who.address):
        return Posted(False, NO_SENDER)
    if not is_address(to):
        return Posted(False, NO_ADDRESS)
    key = f"{context.idempotency_key} {part}".strip()
    signed = hashlib.sha256(context.secret(SECRET) + key.encode()).hexdigest()[:32]
    draft = composing.Draft(
        who.address, who.name, (to,), subject, _body(who, text, language), f"{signed}@{who.address.rpartition('@')[2]}",
        context.now, automatic=True, language=language,
    )  # fmt: skip
    row = context.records(OUTBOX).put_once(key, composing.record(draft))
    return Posted(True, "", str(row.data["message"]))


def _body(who: Sender, text: str, language: str) -> str:
    signature = who.signatures.get(language) or who.signatures.get("en") or who.name
    parts = [text, who.pages, f"-- \n{signature}" if signature else ""]
    return "\n\n".join(part for part in parts if part) + "\n"
