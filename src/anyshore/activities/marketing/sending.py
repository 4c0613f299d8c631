"""Who a campaign reaches, and its waves: each person is asked about at the moment the message would leave."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Container, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from anyshore import feel
from anyshore.activities.activity import ActivityContext
from anyshore.activities.marketing import records, writing
from anyshore.activities.marketing.records import MESSAGE, Person
from anyshore.activities.marketing.writing import Campaign
from anyshore.base.errors import AnyshoreError, DataError
from anyshore.mail.addresses import is_address
from anyshore.marketing.permission import MAIL, Verdict, may


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

    Asking about a person, keeping what the message rests on and writing it are kept together or not at all; who
    notes a withdrawal meanwhile waits, and then finds the message.

    Raises:
        DataError: the segment is no FEEL, or there is no such sender.
    """
    brief, kept = data.brief, context.records(MESSAGE)
    writer = writing.Writer(brief, context)
    sent, again, full = 0, [], False
    held: Counter[str] = Counter()
    with context.together(MESSAGE):
        before = {str(row.data["contact"]): row for row in kept.find(campaign=brief.campaign)}
        held_out = sum(row.data["version"] == "" for row in before.values())
        for person, verdict in _judged(brief, context, skipped=before):
            if verdict is None:
                continue
            if not verdict.allowed:
                held[verdict.reason] += 1
                again += [] if verdict.until is None else [verdict.until]
                continue
            if full := sent >= int(data.most):
                break  # the next wave asks about everybody who is left, and is told why others are held back
            row = kept.put_once(records.key_of(brief.campaign, person.id), _intent(brief, person, verdict, context))
            sent += 1
            held_out += row.data["version"] == ""
            writer.write(person, row)
    if full:
        again.append(context.now)
    return Wave(
        sent, len(before) + sent, held_out, not again, records.moment(min(again, default=None)), _held(held)
    )  # fmt: skip


def _judged(
    brief: Campaign, context: ActivityContext, skipped: Container[str] = ()
) -> Iterator[tuple[Person, Verdict | None]]:
    """Everybody but those to be skipped, with what the rules say of them; None where they are not in the segment."""
    inside = _segment(brief.segment)
    known, left, limits = records.events(context), records.sent(brief.campaign, context), records.limits(context)
    suppressed = records.suppressed(context)
    for person in records.people(context):
        if person.id in skipped:
            continue
        if not inside(person.data):
            yield person, None
            continue
        if brief.channel == MAIL and not is_address(person.address):
            yield person, Verdict(False, "no address")
            continue
        yield person, may(
            brief.message, known.get(person.id, ()), left.get(person.id, ()), limits, person.zone, context.now,
            suppressed=suppressed(person.address),
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


def _problems(brief: Campaign, context: ActivityContext) -> Iterator[str]:
    """What keeps a campaign from leaving."""
    try:
        _segment(brief.segment)
    except DataError:
        yield "segment is no FEEL"
    try:
        sender = writing.sender(brief.sender, context)
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
