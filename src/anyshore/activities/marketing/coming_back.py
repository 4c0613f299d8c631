"""What comes back: consents, withdrawals, objections, bounces, complaints, answers; and what a campaign brought."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from anyshore.activities.activity import ActivityContext, Record
from anyshore.activities.marketing import records
from anyshore.activities.marketing.records import CONTACT, EVENT, FOR_GOOD, MESSAGE, OUT, SUPPRESSED
from anyshore.mail import bounces, kinds, message, threads
from anyshore.mail.composing import SENT, STOPPED
from anyshore.marketing.comparing import RATIO_ALARM, Group, compare, drawn_fairly
from anyshore.marketing.permission import hashed

What = Literal[
    "asked", "confirmed", "granted", "withdrawn", "sale", "objected", "complained", "hard bounce", "soft bounce",
    "erased", "answered", "nothing",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class NoteInput:
    """What a person did, or what came back.

    Attributes:
        contact: id; or
        address: of mail.
        what: it was.
        purpose: of a consent, a withdrawal or a sale; empty: of everything.
        channel: of a consent or withdrawal; empty: of all.
        proof: digest of what proves it.
        campaign: that was answered.
    """

    what: What
    contact: str = ""
    address: str = ""
    purpose: str = ""
    channel: str = ""
    proof: str = ""
    campaign: str = ""


@dataclass(frozen=True, slots=True)
class Noted:
    """What came of it.

    Attributes:
        known: whether the person is on record.
        contact: whose it is.
        stopped: messages that stood before leaving and do not leave.
    """

    known: bool
    contact: str = ""
    stopped: int = 0


def note(data: NoteInput, context: ActivityContext, key: str = "") -> Noted:
    """Keeps what somebody did, and takes back at once what has not left yet and may no longer.

    Args:
        data: what it was.
        context: of the job.
        key: under which it is kept once; empty: that of the job.
    """
    key = key or context.idempotency_key
    with context.together(MESSAGE):  # a wave that is being written is waited for, and then found
        found = _whose(data, context)
        address = data.address or str((found.data if found else {}).get("email") or "")
        if data.what in FOR_GOOD and address:
            context.records(SUPPRESSED).put_once(hashed(address, context.secret(records.SECRET)), {"why": data.what})
        if found is None or data.what == "nothing":
            return Noted(found is not None, "", _stop(data, "", address, key, context))
        contact = str(found.data["id"])
        said = {"contact": contact, "what": data.what, "purpose": data.purpose, "channel": data.channel}
        context.records(EVENT).put_once(
            key, {**said, "proof": data.proof, "campaign": data.campaign, "at": str(context.now)}
        )
        return Noted(True, contact, _stop(data, contact, address, key, context))


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a server said that did not take a mail.

    Attributes:
        final: whether for good; else it was tried for days.
        text: its words.
        code: of its reply.
        command: that was refused: ``MAIL``, ``RCPT`` or ``DATA``.
    """

    final: bool
    text: str
    code: str = ""
    command: str = ""


def refused(key: str, said: Refusal, context: ActivityContext) -> Noted:
    """Keeps that a server did not take a message: a bounce like one that comes back by mail.

    Args:
        key: of the message; a mail of another service is passed over.
        said: what the server said.
        context: of no job.
    """
    row = context.records(MESSAGE).get(key)
    if row is None:
        return Noted(False)
    address = str(row.data["address"])
    hard = said.final and bounces.of_reply(address, said.code, said.text, said.command).hard
    given = NoteInput("hard bounce" if hard else "soft bounce", str(row.data["contact"]), address)
    return note(given, context, f"refused {key}")


def behind(token: str, context: ActivityContext) -> Record | None:
    """The message whose token somebody brings; None where it is none of ours."""
    name = threads.ticket_of_token(token, context.secret(records.SECRET))
    return next(iter(context.records(MESSAGE).find(name=name)), None) if name else None


@dataclass(frozen=True, slots=True)
class Left:
    """What came of a click.

    Attributes:
        new: whether the person was in.
        stopped: messages that stood before leaving and do not leave.
    """

    new: bool
    stopped: int = 0


def leave(message: Record, context: ActivityContext) -> Left:
    """Takes the person of a message out of what it was about; who is out already stays so.

    Of somebody who is not on record any more the address is kept, so that no new list brings them back.
    """
    contact, purpose = (str(message.data[name]) for name in ("contact", "purpose"))
    if _is_out(contact, purpose, context):
        return Left(False)
    noted = note(NoteInput("withdrawn", contact, purpose=purpose, proof=f"one click {message.key}"), context)
    if not noted.known:
        note(NoteInput("objected", address=str(message.data["address"])), context)
    return Left(True, noted.stopped)


def _is_out(contact: str, purpose: str, context: ActivityContext) -> bool:
    """Whether the last a person said was to be out of this."""
    last = max(records.events_of(contact, context), key=lambda event: event.at, default=None)
    return last is not None and (last.kind, last.purpose, last.channel) == ("withdrawn", purpose, "")


def _whose(data: NoteInput, context: ActivityContext) -> Record | None:
    if data.contact:
        return next(iter(context.records(CONTACT).find(id=data.contact)), None)
    wanted = data.address.strip().lower()
    rows = context.records(CONTACT).find()
    return next((row for row in rows if wanted and str(row.data.get("email") or "").lower() == wanted), None)


def _stop(data: NoteInput, contact: str, address: str, key: str, context: ActivityContext) -> int:
    """Stops the advertising that waits to be handed over; a message that was handed over cannot be.

    What is about an address stops what goes there whoever it was meant for.
    """
    if data.what not in OUT or data.what == "soft bounce":
        return 0
    kept = context.records(MESSAGE)
    rows = {row.key: row for row in kept.find(contact=contact)} if contact else {}
    if data.what in FOR_GOOD and address:
        rows |= {row.key: row for row in kept.find(address=address)}
    over = {row.key for row in context.records(SENT).some(rows)}
    stopped = 0
    for row in rows.values():
        fits = data.what != "withdrawn" or (
            data.purpose in ("", row.data["purpose"]) and data.channel in ("", row.data["channel"])
        )
        if fits and row.key not in over and row.data["advertising"] and row.data["version"]:
            stop = context.records(STOPPED).put_once(str(row.key), {"why": data.what, "by": key})
            stopped += stop.data.get("by") == key
    return stopped


@dataclass(frozen=True, slots=True)
class ReadInput:
    """A mail that came back.

    Attributes:
        document: the mail.
    """

    document: str


@dataclass(frozen=True, slots=True)
class Returned:
    """What a mail says.

    Attributes:
        what: as ``marketing.note`` takes it; ``nothing`` where it says nothing of the kind.
        address: whose it is.
        contact: whose, where its token says so.
        campaign: of the message it answers.
        reason: of a bounce, in words.
        purpose: of the message it answers.
    """

    what: What
    address: str = ""
    contact: str = ""
    campaign: str = ""
    reason: str = ""
    purpose: str = ""


def read(data: ReadInput, context: ActivityContext) -> Returned:
    """Reads a mail: a report of delivery, a complaint, or an answer to the address that takes people out.

    Raises:
        DataError: it is no mail.
    """
    mail = message.read(context.read_document(data.document), "mail.eml")
    kind = kinds.of(mail)
    if kind.kind == "bounce":
        failures = [one for one in kind.failures if one.recipient]
        if failures:
            first = failures[0]
            return Returned("hard bounce" if first.hard else "soft bounce", first.recipient, reason=first.reason)
    if kind.kind == "report":
        return Returned("complained", kind.feedback.get("original-rcpt-to", ""), reason=kind.why)
    row = _answered(mail, context)
    if row is not None and kind.opens_work:
        said = {name: str(row.data[name]) for name in ("address", "contact", "campaign", "purpose")}
        return Returned("withdrawn", **said)
    return Returned("nothing", mail.author.address, reason=kind.why)


def _answered(mail: message.Mail, context: ActivityContext) -> Record | None:
    """The message a mail answers, by the token in the address it went to or in what it answers."""
    thread = threads.of(mail, context.secret(records.SECRET), lambda _: "", lambda _: True)
    return next(iter(context.records(MESSAGE).find(name=thread.ticket)), None) if thread.ticket else None


@dataclass(frozen=True, slots=True)
class MeasureInput:
    """The campaign that is measured."""

    campaign: str


@dataclass(frozen=True, slots=True)
class Measured:
    """What a campaign brought.

    Attributes:
        written: messages that were written.
        stopped: of them, that did not leave.
        bounced: addresses that cannot be reached.
        withdrawn: people who went out since.
        answered: people who answered, over all versions.
        held_out: people who got nothing.
        lift: share of answers of those written to less that of those held out; None without them.
        versions: what the test of two versions says: ``A``, ``B``, ``no difference``, ``unfair draw``, or empty.
        difference: share of answers of A less that of B.
        low: lower end of its interval of 95 %.
        high: upper end.
        p_value: of the difference.
    """

    written: int
    stopped: int
    bounced: int
    withdrawn: int
    answered: int
    held_out: int
    lift: Decimal | None = None
    versions: str = ""
    difference: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    p_value: Decimal | None = None


def measure(data: MeasureInput, context: ActivityContext) -> Measured:
    """Counts what a campaign brought; each person counts once."""
    rows = context.records(MESSAGE).find(campaign=data.campaign)
    stopped = records.stopped([row.key for row in rows], context)
    since = {str(row.data["contact"]): int(str(row.data["at"])) for row in rows}
    did: dict[str, set[str]] = {}
    for event in context.records(EVENT).find():
        contact, what = str(event.data["contact"]), str(event.data["what"])
        asked = event.data.get("campaign") in ("", None, data.campaign)
        if contact in since and int(str(event.data["at"])) >= since[contact] and (what != "answered" or asked):
            did.setdefault(what, set()).add(contact)
    groups = {version: [str(row.data["contact"]) for row in rows if row.data["version"] == version and
                        str(row.key) not in stopped] for version in ("A", "B", "")}  # fmt: skip
    answers = did.get("answered", set())
    counted = {version: Group(len(answers & set(ids)), len(ids)) for version, ids in groups.items()}
    written = [row for row in rows if row.data["version"]]
    base = Measured(
        len(written), sum(str(row.key) in stopped for row in written), len(did.get("hard bounce", ())),
        len(did.get("withdrawn", set()) | did.get("objected", set()) | did.get("complained", set())),
        sum(counted[one].events for one in "AB"), counted[""].size, _lift(counted),
    )  # fmt: skip
    return _tested(base, counted)


def _lift(counted: dict[str, Group]) -> Decimal | None:
    there, held = [counted[one] for one in "AB"], counted[""]
    size = sum(one.size for one in there)
    if not size or not held.size:
        return None
    return _share(sum(one.events for one in there) / size - held.share)


def _tested(base: Measured, counted: dict[str, Group]) -> Measured:
    first, second = counted["A"], counted["B"]
    if not first.size or not second.size:
        return base
    figures = (base.written, base.stopped, base.bounced, base.withdrawn, base.answered, base.held_out, base.lift)
    if drawn_fairly((first.size, second.size)) < RATIO_ALARM:
        return Measured(*figures, "unfair draw")
    found = compare(first, second)
    says = "no difference" if found.p_value >= 0.05 else "A" if found.difference > 0 else "B"
    return Measured(
        *figures, says, _share(found.difference), _share(found.newcombe[0]), _share(found.newcombe[1]),
        _share(found.p_value),
    )  # fmt: skip


def _share(value: float) -> Decimal:
    return Decimal(str(round(value, 6)))
