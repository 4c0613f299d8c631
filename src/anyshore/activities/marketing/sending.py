"""Who a campaign reaches, and its waves: each person is asked about at the moment the message would leave."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from anyshore import feel
from anyshore.activities.activity import ActivityContext, Record
from anyshore.activities.marketing import records
from anyshore.activities.marketing.records import MESSAGE, OUTGOING, SENDER, Person
from anyshore.base.errors import AnyshoreError, DataError
from anyshore.mail import composing, threads
from anyshore.mail.addresses import is_address
from anyshore.marketing.permission import MAIL, Message, Verdict, may

_TELLS = {
    "de": "Sie können dem Erhalt solcher E-Mails jederzeit kostenlos widersprechen: {}",
    "en": "You may object to such mails at any time, free of charge: {}",
}


@dataclass(frozen=True, slots=True)
class Campaign:
    """A campaign, as its brief says it.

    Attributes:
        campaign: id.
        purpose: what it is about, as people consented to.
        channel: ``email``; others give a list to work on.
        segment: FEEL over what is on record of a person; empty: everybody.
        subject: of version A.
        text: of version A.
        subject_b: of version B; empty: there is no test.
        text_b: of version B; empty: as A.
        sender: id of the sender.
        similar_to: kinds of own goods it advertises, for existing customers.
        hold_out: percent of the people who get nothing, to be compared with.
        advertising: False for what a contract asks for.
    """

    campaign: str
    purpose: str
    subject: str
    text: str
    channel: str = MAIL
    segment: str = ""
    subject_b: str = ""
    text_b: str = ""
    sender: str = ""
    similar_to: tuple[str, ...] = ()
    hold_out: Decimal = Decimal(0)
    advertising: bool = True

    @property
    def message(self) -> Message:
        """What permission is asked for."""
        return Message(self.purpose, self.channel, self.advertising, frozenset(self.similar_to))


@dataclass(frozen=True, slots=True)
class Held:
    """How many are held back for a reason."""

    reason: str
    count: int


@dataclass(frozen=True, slots=True)
class Counted:
    """Who a campaign would reach now.

    Attributes:
        people: on record.
        segment: of them in the segment.
        allowed: of them who may be reached now.
        later: of them who may be reached later, by cap or quiet hours.
        held: who may not, by reason, most first.
        problems: what keeps the campaign from leaving; then nobody is counted.
    """

    people: int
    segment: int
    allowed: int
    later: int
    held: tuple[Held, ...]
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WaveInput:
    """A wave.

    Attributes:
        brief: the campaign.
        most: messages of one wave.
    """

    brief: Campaign
    most: Decimal = Decimal(500)


@dataclass(frozen=True, slots=True)
class Wave:
    """What a wave came to.

    Attributes:
        sent: messages written by this wave.
        all: of the campaign so far.
        held_out: people who get nothing, to be compared with.
        done: whether nobody waits any more.
        again: when to go on, where somebody does: date and time of ISO 8601, UTC.
        held: who may not be reached, by reason.
    """

    sent: int
    all: int
    held_out: int
    done: bool
    again: str | None
    held: tuple[Held, ...]


@dataclass(frozen=True, slots=True)
class CountInput:
    """The campaign that is counted."""

    brief: Campaign


def count(data: CountInput, context: ActivityContext) -> Counted:
    """Counts who a campaign would reach now, and why others are held back; nothing leaves."""
    problems = list(_problems(data.brief, context))
    if problems:
        return Counted(0, 0, 0, 0, (), tuple(problems))
    people, inside, allowed, later = 0, 0, 0, 0
    held: Counter[str] = Counter()
    for _person, verdict in _judged(data.brief, context):
        people += 1
        if verdict is None:
            continue
        inside += 1
        allowed += verdict.allowed
        later += not verdict.allowed and verdict.until is not None
        if not verdict.allowed:
            held[verdict.reason] += 1
    return Counted(people, inside, allowed, later, _held(held), ())


def send(data: WaveInput, context: ActivityContext) -> Wave:
    """Writes the messages of a wave into the outbox, one per person and campaign whatever is run again.

    Raises:
        DataError: the segment is no FEEL, or there is no such sender.
    """
    brief, kept = data.brief, context.records(MESSAGE)
    sender = _sender(brief, context)
    sent, waiting, held_out, again = 0, 0, 0, []
    held: Counter[str] = Counter()
    for person, verdict in _judged(brief, context):
        if verdict is None:
            continue
        row = kept.get(records.key_of(brief.campaign, person.id))
        if row is None and not verdict.allowed:
            held[verdict.reason] += 1
            if verdict.until is not None:
                again.append(verdict.until)
            continue
        if row is None and sent >= int(data.most):
            waiting += 1
            continue
        sent += row is None
        row = row or kept.put_once(records.key_of(brief.campaign, person.id), _intent(brief, person, verdict, context))
        held_out += row.data["version"] == ""
        if row.data["version"]:
            _leave(brief, person, sender, row, context)
    if waiting:
        again.append(context.now)
    every = len(kept.find(campaign=brief.campaign))
    return Wave(sent, every, held_out, not again, records.moment(min(again, default=None)), _held(held))


def _judged(brief: Campaign, context: ActivityContext) -> Iterator[tuple[Person, Verdict | None]]:
    """Everybody with what the rules say of them; None where they are not in the segment."""
    inside = _segment(brief.segment)
    known, left, limits = records.events(context), records.messages(context), records.limits(context)
    for person in records.people(context):
        if not inside(person.data):
            yield person, None
            continue
        if brief.channel == MAIL and not is_address(person.address):
            yield person, Verdict(False, "no address")
            continue
        others = [row for row in left.get(person.id, ()) if row.data["campaign"] != brief.campaign]
        yield person, may(
            brief.message, known.get(person.id, ()), records.sent(others, context), limits, person.zone, context.now,
            suppressed=records.is_suppressed(context, person.address),
        )  # fmt: skip


def _segment(text: str) -> Any:
    """Asks whether somebody is in a segment."""
    if not text.strip():
        return lambda data: True
    try:
        compiled = feel.compile(text)
    except AnyshoreError as problem:
        raise DataError(
            "marketing.segment", f"The segment is no FEEL: {problem.message}", hint=problem.hint
        ) from problem
    unknown = compiled.free_names

    def inside(data: dict[str, object]) -> bool:
        values = {name: data.get(name) for name in unknown}
        return compiled.evaluate(values) is True

    return inside


def _intent(brief: Campaign, person: Person, verdict: Verdict, context: ActivityContext) -> dict[str, object]:
    """What is kept of a message before it is written: on what it rests, and which version it is."""
    return {
        "campaign": brief.campaign, "contact": person.id, "address": person.address, "channel": brief.channel,
        "purpose": brief.purpose, "advertising": brief.advertising, "version": _version(brief, person),
        "at": str(context.now), "ground": verdict.reason, "proof": verdict.proof,
        "name": f"m{records.key_of(brief.campaign, person.id)}",
    }  # fmt: skip


def _version(brief: Campaign, person: Person) -> str:
    """A, B, or nothing for who is held out: by a digest, so that a draw can be repeated and nobody chooses."""
    drawn = int.from_bytes(hashlib.sha256(f"{brief.campaign}\0{person.id}\0draw".encode()).digest()[:8], "big")
    share = drawn / 2**64 * 100
    if share < float(brief.hold_out):
        return ""
    return "B" if (brief.subject_b or brief.text_b) and drawn % 2 else "A"


def _sender(brief: Campaign, context: ActivityContext) -> dict[str, str]:
    row = next(
        (one for one in context.records(SENDER).find() if one.data["id"] == brief.sender or not brief.sender), None
    )
    if row is None:
        hint = "Load senders.csv, or name one of it in the brief."
        raise DataError("marketing.sender", f"There is no sender {brief.sender!r}.", hint=hint)
    return {name: str(row.data.get(name) or "") for name in ("address", "name", "imprint")}


def _leave(brief: Campaign, person: Person, sender: dict[str, str], row: Record, context: ActivityContext) -> None:
    """Writes the mail; its Message-ID is that of the one message of the campaign to this person."""
    if brief.channel != MAIL:
        return  # a call or a letter is worked from the list of messages
    name, key = str(row.data["name"]), context.secret(records.SECRET)
    domain = sender["address"].rpartition("@")[2]
    way_out = threads.reply_address(sender["address"], name, key)
    second = row.data["version"] == "B"
    subject = brief.subject_b if second and brief.subject_b else brief.subject
    text = brief.text_b if second and brief.text_b else brief.text
    language = person.language if person.language in _TELLS else "en"
    parts = [_filled(text, person)]
    if brief.advertising:
        parts.append(_TELLS[language].format(way_out))
    parts.append(sender["imprint"])
    draft = composing.Draft(
        sender["address"], sender["name"], (str(row.data["address"]),), _filled(subject, person),
        "\n\n".join(parts) + "\n", threads.message_id(name, 1, key, domain), int(str(row.data["at"])), way_out,
        language=language, unsubscribe=(f"mailto:{way_out}",) if brief.advertising else (),
    )  # fmt: skip
    content = composing.compose(draft).decode("ascii")
    context.records(OUTGOING).put_once(
        str(row.key),
        {"message": draft.id, "from": draft.sender, "to": list(draft.to), "subject": draft.subject, "content": content},
    )


def _filled(text: str, person: Person) -> str:
    return text.replace("{name}", person.name)


def _problems(brief: Campaign, context: ActivityContext) -> Iterator[str]:
    """What keeps a campaign from leaving."""
    try:
        _segment(brief.segment)
    except DataError:
        yield "segment is no FEEL"
    try:
        sender = _sender(brief, context)
    except DataError:
        yield "no sender"
        return
    if not sender["imprint"]:
        yield "no imprint"  # DDG § 5, HGB § 37a, GmbHG § 35a: business letters say whose they are
    if not brief.text.strip() or not brief.subject.strip():
        yield "no content"
    if (brief.subject_b or brief.text_b) and brief.hold_out >= 100:
        yield "nobody to test on"


def _held(held: Counter[str]) -> tuple[Held, ...]:
    return tuple(Held(reason, number) for reason, number in held.most_common())
