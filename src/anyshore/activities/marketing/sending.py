"""Who a campaign reaches, and its waves: each person is asked about at the moment the message would leave."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from anyshore import feel
from anyshore.activities.activity import ActivityContext
from anyshore.activities.marketing import records, writing
from anyshore.activities.marketing.records import MESSAGE, Known, Person
from anyshore.activities.marketing.writing import Campaign
from anyshore.base.errors import AnyshoreError, DataError
from anyshore.mail.addresses import is_address
from anyshore.marketing.permission import MAIL, Verdict, may

TOGETHER = 500
"""People who are asked about, and whose messages are kept, in one transaction."""


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
    most: Decimal = Decimal(5000)


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
    inside, everybody = _segment(data.brief.segment), list(records.people(context))
    some = [one for one in everybody if inside(one.data)]
    allowed, later = 0, 0
    held: Counter[str] = Counter()
    known = records.known(data.brief.campaign, context)
    for _person, verdict in _verdicts(data.brief, some, known, context.now):
        allowed += verdict.allowed
        later += not verdict.allowed and verdict.until is not None
        if not verdict.allowed:
            held[verdict.reason] += 1
    return Counted(len(everybody), len(some), allowed, later, _held(held), ())


def send(data: WaveInput, context: ActivityContext) -> Wave:
    """Writes the messages of a wave into the outbox, one per person and campaign whatever is run again.

    Asking about some people, keeping what their messages rest on and writing them are kept together or not at all; who
    notes a withdrawal meanwhile waits, and then finds the message, or is known of when the next are asked about.

    Raises:
        DataError: the segment is no FEEL, or there is no such sender.
    """
    brief, kept = data.brief, context.records(MESSAGE)
    writer, inside = writing.Writer(brief, context), _segment(brief.segment)
    before = {str(row.data["contact"]): row.data["version"] == "" for row in kept.find(campaign=brief.campaign)}
    left = [one.id for one in records.people(context) if one.id not in before and inside(one.data)]
    wave = _Wave(len(before), sum(before.values()))
    for start in range(0, len(left), TOGETHER):
        with context.together(MESSAGE):
            some = [one for one in records.some_people(left[start : start + TOGETHER], context) if inside(one.data)]
            there = {row.key for row in kept.some(records.key_of(brief.campaign, one.id) for one in some)}
            fresh = [one for one in some if records.key_of(brief.campaign, one.id) not in there]
            room = int(data.most) - wave.sent
            written = wave.judged(
                _verdicts(brief, fresh, records.known(brief.campaign, context, fresh), context.now), room
            )
            intents = [(person, _intent(brief, person, verdict, context)) for person, verdict in written]
            rows = ((records.key_of(brief.campaign, person.id), intent) for person, intent in intents)
            kept.put_all(rows, records.FOUND_BY)
            wave.held_out += sum(intent["version"] == "" for _person, intent in intents)
            writer.write(intents)
        if wave.full:
            wave.again.append(context.now)
            break
    return wave.told()


@dataclass(slots=True)
class _Wave:
    """A wave as it is written.

    Attributes:
        before: messages of the campaign before it.
        held_out: of all messages, those of people who get nothing.
        sent: messages of this wave.
        again: when somebody may be asked about again.
        held: why people were held back.
        full: whether it has as many as it may: the next asks about everybody who is left.
    """

    before: int
    held_out: int
    sent: int = 0
    again: list[int] = field(default_factory=list)
    held: Counter[str] = field(default_factory=Counter)
    full: bool = False

    def judged(self, verdicts: Iterable[tuple[Person, Verdict]], room: int) -> list[tuple[Person, Verdict]]:
        """Those who may be reached now, at most so many; the others are counted."""
        found: list[tuple[Person, Verdict]] = []
        for person, verdict in verdicts:
            if not verdict.allowed:
                self.held[verdict.reason] += 1
                self.again += [] if verdict.until is None else [verdict.until]
            elif len(found) < room:
                found.append((person, verdict))
            else:
                self.full = True
                break
        self.sent += len(found)
        return found

    def told(self) -> Wave:
        """What it came to."""
        again = records.moment(min(self.again, default=None))
        return Wave(self.sent, self.before + self.sent, self.held_out, not self.again, again, _held(self.held))


def _verdicts(brief: Campaign, people: Iterable[Person], known: Known, now: int) -> Iterator[tuple[Person, Verdict]]:
    """What the rules say of people of the segment."""
    message = brief.message
    for person in people:
        if brief.channel == MAIL and not is_address(person.address):
            yield person, Verdict(False, "no address")
            continue
        yield person, may(
            message, known.events.get(person.id, ()), known.sent.get(person.id, ()), known.limits, person.zone, now,
            suppressed=known.suppressed(person.address),
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
