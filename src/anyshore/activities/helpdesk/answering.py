"""Answers: proposed from templates, and written as mails that come back to their ticket."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from anyshore.activities.activity import ActivityContext, Record
from anyshore.activities.helpdesk import records
from anyshore.activities.helpdesk.records import NUMBER, TEMPLATE, TOLD, Desk
from anyshore.base.errors import DataError
from anyshore.base.locations import Location
from anyshore.mail import composing, threads
from anyshore.mail.addresses import is_address

_PLACE = re.compile(r"\{([a-z]+)\}")
DAY = 86_400_000_000
MAX_QUOTED = 4_000
_SAID = {"en": "{} wrote:", "de": "{} schrieb:"}


@dataclass(frozen=True, slots=True)
class ProposeInput:
    """For what: templates of the intent come first, those for every intent after them.

    Attributes:
        ticket: its name.
        intent: what it is about.
        language: of the customer.
        name: of the customer.
    """

    ticket: str
    intent: str
    language: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A reply that could be sent, by the name of its template."""

    template: str
    text: str


@dataclass(frozen=True, slots=True)
class Proposed:
    """What could be answered."""

    proposals: tuple[Proposal, ...]


def propose(data: ProposeInput, context: ActivityContext) -> Proposed:
    """The templates that fit, filled in; those an automatic mail is made of are left out."""
    rows = [row for row in context.records(TEMPLATE).find(language=data.language) if not row.data.get("automatic")]
    own = [row for row in rows if data.intent and row.data.get("intent") == data.intent]
    common = [row for row in rows if not row.data.get("intent")]
    values = {"name": data.name, "ticket": data.ticket}
    return Proposed(tuple(Proposal(str(row.data["id"]), _filled(row.data, values)) for row in (*own, *common)))


@dataclass(frozen=True, slots=True)
class ReplyInput:
    """A mail to a customer.

    Attributes:
        ticket: its name.
        desk: which writes.
        to: address of the customer.
        name: of the customer.
        language: of the customer.
        subject: of what is answered.
        text: what is said; empty: the template says it.
        template: name of a template.
        automatic: whether no person wrote it: sent once a day to an address, and never to a machine.
        answerable: whether what is answered allows an automatic answer.
        references: identifiers of the mails before, the last is answered.
        quoted: what the customer wrote.
    """

    ticket: str
    desk: str
    to: str
    language: str
    subject: str
    name: str = ""
    text: str | None = None
    template: str | None = None
    automatic: bool = False
    answerable: bool = True
    references: tuple[str, ...] = ()
    quoted: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """The mail that was written.

    Attributes:
        sent: whether one was.
        why: why none was.
        message: its Message-ID.
        subject: its subject.
        text: what it says, without what it quotes.
    """

    sent: bool
    why: str = ""
    message: str = ""
    subject: str = ""
    text: str = ""


def write(data: ReplyInput, context: ActivityContext) -> Reply:
    """Writes a mail into the outbox; its Message-ID, the address it is answered to and its subject name the ticket.

    Raises:
        DataError: there is neither a text nor such a template.
    """
    desk = next((one for one in records.desks(context) if one.id == data.desk), records.UNNAMED)
    if not is_address(data.to):
        return Reply(False, "no address to write to")
    if data.automatic and not data.answerable:
        return Reply(False, "what came is not answered automatically (RFC 3834)")
    if data.automatic and not _first_today(data, context):
        return Reply(False, "the address was told of it today already")
    text = _text(data, context)
    row = context.records(composing.OUTBOX).get(context.idempotency_key)
    if row is None:
        row = _put(data, desk, text, context)
    return Reply(True, "", str(row.data["message"]), str(row.data["subject"]), text)


def _text(data: ReplyInput, context: ActivityContext) -> str:
    """What is said: as it was written, else by the template; a person's words may name its places, too."""
    values = {"name": data.name, "ticket": data.ticket}
    if data.text and data.text.strip():
        return _with(data.text.strip(), values)
    found = context.records(TEMPLATE).find(id=data.template or "", language=data.language)
    found = found or context.records(TEMPLATE).find(id=data.template or "", language="en")
    if not found:
        message = f"There is neither a text nor a template {data.template!r} in {data.language!r}."
        raise DataError("helpdesk.nothing-to-say", message, Location(), "Write the reply, or name a template.")
    return _filled(found[0].data, values)


def _put(data: ReplyInput, desk: Desk, text: str, context: ActivityContext) -> Record:
    """Puts the mail into the outbox: its Message-ID counts the mails of the desk, so every attempt writes the same."""
    key = context.secret(records.SECRET)
    number = context.records(NUMBER).put_once(context.idempotency_key, {"ticket": data.ticket}).sequence
    message = threads.message_id(data.ticket, number, key, desk.domain)
    subject = data.subject if data.subject.lower().startswith(("re:", "aw:")) else f"Re: {data.subject}".strip()
    body = f"{text}\n\n-- \n{desk.signature(data.language)}\n"
    if data.quoted:
        said = _SAID.get(data.language, _SAID["en"]).format(data.name or data.to)
        body += f"\n{composing.quoted(data.quoted[:MAX_QUOTED], said)}\n"
    draft = composing.Draft(
        desk.address, desk.name, (data.to,), threads.marked(subject, data.ticket, key), body, message, context.now,
        threads.reply_address(desk.address, data.ticket, key), data.references, data.automatic, data.language,
    )  # fmt: skip
    records.note(context, data.ticket, message, data.to)
    return context.records(composing.OUTBOX).put_once(context.idempotency_key, composing.record(draft))


def _first_today(data: ReplyInput, context: ActivityContext) -> bool:
    """Whether an address has not been written to automatically today: two machines must not talk all night."""
    key = f"{data.to.lower()} {context.now // DAY}"
    return context.records(TOLD).put_once(key, {"by": context.idempotency_key}).data["by"] == context.idempotency_key


def _filled(template: Mapping[str, object], values: Mapping[str, str]) -> str:
    return _with(str(template["text"]), values)


def _with(text: str, values: Mapping[str, str]) -> str:
    """A text with its places filled; a line that only greets somebody without a name greets without it."""
    filled = _PLACE.sub(lambda found: values.get(found[1], found[0]), text.replace("\\n", "\n"))
    return re.sub(r"[ \t]+([,!.])", r"\1", filled)
