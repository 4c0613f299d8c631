"""A mail, or what a form or a program says, as part of a ticket: who wrote it, what is new in it, where it belongs."""

from __future__ import annotations

import re
from dataclasses import dataclass

from anyshore.activities.activity import ActivityContext
from anyshore.activities.helpdesk import records
from anyshore.activities.helpdesk.records import Desk
from anyshore.knowledge.languages import guess, primary
from anyshore.mail import kinds, message, reply, threads
from anyshore.mail.message import Mail

MAX_TEXT = 50_000
"""Characters of a mail that are worked with; the mail itself is kept whole."""
_THANKS = re.compile(
    r"(?i)\b(thank(?:s| you)|thx|cheers|danke\w*|dank|merci|gracias|grazie|obrigad[oa]|bedankt|dziękuj\w*|tack|takk?)\b"
)
_THANKS_WORDS = 12
_DOUBT = re.compile(r"(?i)\?|\b(but|still|not|aber|noch|nicht|kein\w*|leider|however|trotzdem)\b")


@dataclass(frozen=True, slots=True)
class ReadInput:
    """A mail by its digest, or what a person or program said without one.

    Attributes:
        document: digest of the mail; none: the rest says it.
        sender: address of who asks.
        name: of who asks.
        subject: in a line.
        text: what is asked.
        follows: the ticket it came out of, where it was split from one.
    """

    document: str | None = None
    sender: str | None = None
    name: str | None = None
    subject: str | None = None
    text: str | None = None
    follows: str | None = None


@dataclass(frozen=True, slots=True)
class Read:
    """What came.

    Attributes:
        kind: ``person``, ``automatic``, ``bounce``, ``report``, ``receipt``; ``refused`` by a rule of the desk.
        why: what says so.
        ticket: where it belongs; empty where it opens none.
        new: whether it opened that ticket.
        how: by what it was threaded: ``token``, ``references``; empty for a new ticket.
        stranger: whether its author had no part in the ticket, so that a person looks twice.
        follows: the ticket before, where that is closed or this was split from it.
        desk: which desk it came to.
        sender: address answers go to.
        name: of who wrote it.
        customer: on record; empty: unknown.
        plan: of the customer.
        language: of the text, as far as it tells; else of the customer, else of the desk.
        subject: on one line.
        text: what is new in it, without signature.
        whole: whether nothing was cut, as it answers between the lines or passes a mail on.
        thanks: whether it says nothing but thanks.
        attachments: names of its files.
        answerable: whether it may be answered automatically.
        message: its Message-ID.
        references: identifiers of the mails before it, with its own.
        failed: addresses a bounce says cannot be reached.
    """

    kind: str
    why: str
    ticket: str = ""
    new: bool = False
    how: str = ""
    stranger: bool = False
    follows: str = ""
    desk: str = ""
    sender: str = ""
    name: str = ""
    customer: str = ""
    plan: str = ""
    language: str = ""
    subject: str = ""
    text: str = ""
    whole: bool = False
    thanks: bool = False
    attachments: tuple[str, ...] = ()
    answerable: bool = False
    message: str = ""
    references: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()


def read(data: ReadInput, context: ActivityContext) -> Read:
    """Reads what came and says which ticket it belongs to; what belongs to none opens one, machines never do."""
    if data.document is None:
        return _said(data, context)
    mail = message.read(context.read_document(data.document), "mail.eml")
    desk = records.desk_of(context, records.addresses_of(mail))
    kind = kinds.of(mail)
    if kind.kind == "bounce":
        return _returned(mail, kind, context)
    refused = _refused(mail, desk)
    if refused or not kind.opens_work:
        said = refused or kind.why
        return Read("refused" if refused else kind.kind, said, sender=mail.answers_to, subject=mail.subject)
    return _letter(mail, kind, desk, context)


def _letter(mail: Mail, kind: kinds.Kind, desk: Desk, context: ActivityContext) -> Read:
    cut = reply.cut(mail.text)
    who = records.customer(context, mail.author.address)
    thread = threads.of(
        mail, context.secret(records.SECRET),
        lambda identifiers: records.ticket_of(context, identifiers),
        lambda ticket: records.has_part(context, ticket, mail.author.address),
    )  # fmt: skip
    state, ticket = records.state_of(context, thread.ticket) if thread.ticket else ("", "")
    goes_on = state not in ("", "closed")
    here = ticket if goes_on else _opened(context)
    records.note(context, here, mail.id, mail.author.address)
    text = cut.text[:MAX_TEXT]
    return Read(
        "person", kind.why, here, not goes_on, thread.how if goes_on else "", goes_on and thread.ticket_of_others,
        "" if goes_on else ticket, desk.id, mail.answers_to, who.name or mail.author.name, who.id, who.plan,
        guess(f"{mail.subject}\n{text}") or primary(who.language) or desk.language, mail.subject, text,
        cut.inline or cut.forwarded, _only_thanks(text), tuple(part.name for part in mail.attachments),
        kind.answerable, mail.id, (*mail.references, mail.id) if mail.id else mail.references,
    )  # fmt: skip


def _said(data: ReadInput, context: ActivityContext) -> Read:
    """What a form or a program says opens a ticket, or goes on one split from another."""
    desk = records.desk_of(context, ())
    sender, text = (data.sender or "").strip(), (data.text or "")[:MAX_TEXT]
    who = records.customer(context, sender)
    ticket = _opened(context)
    records.note(context, ticket, "", sender)
    return Read(
        "person", "somebody said it in a form", ticket, True, follows=data.follows or "", desk=desk.id, sender=sender,
        name=data.name or who.name, customer=who.id, plan=who.plan,
        language=guess(f"{data.subject or ''}\n{text}") or primary(who.language) or desk.language,
        subject=data.subject or "", text=text, answerable=bool(sender),
    )  # fmt: skip


def _returned(mail: Mail, kind: kinds.Kind, context: ActivityContext) -> Read:
    """A bounce opens nothing; it is told to the ticket whose mail came back, as far as it says which."""
    ticket = threads.ticket_in(mail.content.decode("latin-1"), context.secret(records.SECRET))
    state, ticket = records.state_of(context, ticket) if ticket else ("", "")
    failed = tuple(dict.fromkeys(one.recipient for one in kind.failures if one.hard and one.recipient))
    here = ticket if failed and state not in ("", "closed") else ""
    return Read(
        "bounce", kind.why, here, sender=mail.author.address, subject=mail.subject, text=mail.text[:2000], failed=failed
    )


def _opened(context: ActivityContext) -> str:
    """A new ticket's name: by the number of its row, the same for every attempt at the job."""
    row = context.records(records.TICKET).put_once(context.idempotency_key, {"opened": context.now})
    return f"t{row.sequence}"


def _refused(mail: Mail, desk: Desk) -> str:
    """Why a rule of the desk keeps a mail out; empty where none does."""
    address = mail.author.address.lower()
    if len(mail.content) > desk.largest:
        return f"the mail is larger than {desk.largest:,} bytes"
    if address == desk.address.lower():
        return "it comes from the desk itself"
    domain = address.rpartition("@")[2]
    if any(one in (address, domain) for one in desk.blocked):
        return "its sender is blocked"
    if mail.header("x-spam-flag").strip().lower() == "yes":
        return "the mail server marked it as spam"
    return ""


def _only_thanks(text: str) -> bool:
    words = text.split()
    return 0 < len(words) <= _THANKS_WORDS and bool(_THANKS.search(text)) and not _DOUBT.search(text)
