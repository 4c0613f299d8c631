"""Marketing operations on the samples of the service: who is reached, what comes back, what a campaign brought."""

from __future__ import annotations

import email
from dataclasses import replace
from decimal import Decimal
from email.policy import default
from pathlib import Path
from typing import Any

import pytest

from anyshore.activities.activity import Record, Values
from anyshore.activities.marketing import coming_back, records, sending
from anyshore.activities.marketing.coming_back import MeasureInput, NoteInput, ReadInput
from anyshore.activities.marketing.sending import CountInput, Wave, WaveInput
from anyshore.activities.marketing.writing import Campaign
from anyshore.activities.memory import MemoryContext, MemoryRecords
from anyshore.base.errors import DataError
from anyshore.mail.composing import OUTBOX
from anyshore.packs import reading

SAMPLES = Path(__file__).resolve().parents[3] / "src/anyshore/services/bpo/marketing-operations/samples"
DAY = 86_400_000_000
NOON = 1_772_452_800_000_000  # Monday, 2 March 2026, 12:00 UTC
SPRING = Campaign(
    "spring", "news", "Spring is near", "Dear {name}, the seeds are in.", segment='contains(tags, "garden")',
    sender="garden", similar_to=("garden tools",),
)  # fmt: skip


@pytest.fixture
def context() -> MemoryContext:
    """The reference data of the samples, as the pack reads it."""
    pack = reading.read(SAMPLES.parent)
    made = MemoryContext(now=NOON)
    for kind, one in pack.references.items():
        made.load(kind, list(one.read((SAMPLES / one.file).read_bytes(), one.file)))
    return made


def wave(context: MemoryContext, brief: Campaign = SPRING, at: int = NOON, most: int = 500) -> Wave:
    context.now = at
    return sending.send(WaveInput(brief, Decimal(most)), context)


def reached(context: MemoryContext) -> list[str]:
    return sorted(row.data["to"][0] for row in context.records(OUTBOX).find())  # type: ignore[index]


def note(context: MemoryContext, what: Any, job: str = "", **given: str) -> coming_back.Noted:
    return coming_back.note(NoteInput(what, **given), context.with_key(job or f"{what} {given}"))


def test_everybody_in_the_segment_is_counted_with_the_reason(context: MemoryContext) -> None:
    found = sending.count(CountInput(SPRING), context)
    assert (found.people, found.segment, found.allowed, found.later) == (12, 9, 5, 1)
    assert {one.reason: one.count for one in found.held} == {
        "no consent": 1, "objection": 1, "no address": 1, "quiet hours": 1,
    }  # fmt: skip
    assert context.records(records.MESSAGE).find() == []


def test_a_wave_reaches_who_may_be_reached_once(context: MemoryContext) -> None:
    first, second = wave(context), wave(context)
    assert (first.sent, first.done, second.sent, second.all) == (5, False, 0, 5)
    assert reached(context) == [
        "ana.silva@example.org", "b.kern@example.org", "e.lund@example.org", "k.nowak@example.org",
        "l.haas@example.org",
    ]  # fmt: skip
    assert first.again == "2026-03-02T19:00:00Z", "08:00 in Wellington"
    morning = wave(context, at=NOON + 8 * DAY // 24)
    assert (morning.sent, morning.done) == (1, True)
    assert "g.orwin@example.org" in reached(context)


def test_existing_customers_are_told_of_similar_goods_only(context: MemoryContext) -> None:
    tools = replace(SPRING, campaign="tools", segment="spent > 2000")
    assert wave(context, replace(tools, similar_to=("cars",))).sent == 0
    assert wave(context, tools).sent == 1
    assert reached(context) == ["h.meier@example.org"]


def test_a_mail_says_whose_it_is_and_how_to_get_out(context: MemoryContext) -> None:
    wave(context)
    row = next(one for one in context.records(OUTBOX).find() if one.data["to"] == ["b.kern@example.org"])
    mail = email.message_from_string(str(row.data["content"]), policy=default)
    text = mail.get_content()
    assert mail["From"] == "Gartenhaus Kern <news@garden.example>"
    assert "Dear Birgit Kern" in text
    assert "widersprechen" in text, "in the language of the person"
    assert "HRB 00000" in text
    assert mail["List-Unsubscribe"].startswith("<mailto:news+m")
    assert "List-Unsubscribe-Post" not in mail, "one click is for web addresses (RFC 8058)"


def test_who_goes_out_in_the_middle_of_a_wave_is_not_written_to(context: MemoryContext) -> None:
    wave(context, most=2)
    first = reached(context)
    out = note(context, "withdrawn", contact="c05", purpose="news")
    assert (out.known, out.stopped) == (True, 0)
    wave(context)
    assert "e.lund@example.org" not in reached(context)
    gone = note(context, "objected", address=first[0])
    assert gone.stopped == 1, "what stands in the outbox does not leave"
    assert note(context, "objected", address=first[0]).stopped == 1, "the same job says the same"
    assert note(context, "objected", job="another", address=first[0]).stopped == 0


def test_what_is_withdrawn_for_one_purpose_stops_that(context: MemoryContext) -> None:
    wave(context)
    assert note(context, "withdrawn", contact="c01", purpose="offers").stopped == 0
    assert note(context, "withdrawn", contact="c01", channel="call").stopped == 0
    assert note(context, "withdrawn", contact="c01").stopped == 1


def test_suppression_survives_a_new_list(context: MemoryContext) -> None:
    note(context, "erased", contact="c02")
    fresh = MemoryContext(now=NOON, tables={records.SUPPRESSED: context.records(records.SUPPRESSED)})
    for kind in (records.CONTACT, records.CONSENT, records.LIMIT, records.SENDER):
        fresh.load(kind, [(row.key, row.data) for row in context.records(kind).find()])
    assert {one.reason for one in sending.count(CountInput(SPRING), fresh).held} >= {"suppressed"}
    assert all("kern" not in str(row) for row in context.records(records.SUPPRESSED).find())


def test_caps_count_over_all_campaigns(context: MemoryContext) -> None:
    for number in (1, 2):
        assert wave(context, replace(SPRING, campaign=f"c{number}"), NOON + number * DAY // 24).sent == 5
    third = sending.count(CountInput(replace(SPRING, campaign="c3")), context)
    assert {one.reason: one.count for one in third.held}["cap"] == 5
    assert wave(context, replace(SPRING, campaign="c3"), NOON + 8 * DAY).sent == 5


def test_who_got_nothing_has_no_cap_used_up(context: MemoryContext) -> None:
    nobody = replace(SPRING, hold_out=Decimal(100))
    for number in (1, 2):
        assert wave(context, replace(nobody, campaign=f"held{number}")).held_out == 5
    assert note(context, "withdrawn", contact="c12", purpose="news").stopped == 0, "there is nothing to take back"
    assert wave(context, replace(SPRING, campaign="real")).sent == 4


def test_what_was_taken_back_has_no_cap_used_up(context: MemoryContext) -> None:
    for number in (1, 2):
        wave(context, replace(SPRING, campaign=f"c{number}"))
    assert note(context, "withdrawn", contact="c01").stopped == 2
    note(context, "granted", contact="c01", purpose="news", channel="email", proof="again")
    third = sending.count(CountInput(replace(SPRING, campaign="c3")), context)
    assert third.allowed == 1


class Broken(MemoryRecords):
    """A table that fails from a row on: the process was killed there."""

    left = 3

    def put_once(self, key: str, data: Values) -> Record:
        if self.left == 0:
            raise RuntimeError("killed")
        self.left -= 1
        return super().put_once(key, data)


def test_a_kill_in_the_middle_of_a_wave_loses_and_doubles_nothing(context: MemoryContext) -> None:
    whole = Broken()
    context.tables[OUTBOX] = whole
    with pytest.raises(RuntimeError):
        wave(context)
    assert (context.records(records.MESSAGE).find(), whole.find()) == ([], []), "what belongs together is kept together"
    whole.left = 99
    wave(context)
    ids = [row.data["message"] for row in whole.find()]
    assert len(ids) == len(set(ids)) == 5


def test_a_bounce_a_complaint_and_a_way_out_are_read(context: MemoryContext) -> None:
    wave(context)
    way_out = email.message_from_string(str(context.records(OUTBOX).find()[0].data["content"]), policy=default)[
        "Reply-To"
    ]
    context.documents = {
        "bounce": (SAMPLES / "bounce.eml").read_bytes(),
        "out": f"From: ana.silva@example.org\nTo: {way_out}\nSubject: please no more\nMessage-ID: <x@example.org>\n\n"
        "Please take me off your list.\n".encode(),
        "other": b"From: x@example.org\nTo: news@garden.example\nSubject: Hello\nMessage-ID: <y@example.org>\n\nHi\n",
    }
    bounced = coming_back.read(ReadInput("bounce"), context)
    assert (bounced.what, bounced.address) == ("hard bounce", "k.nowak@example.org")
    out = coming_back.read(ReadInput("out"), context)
    assert (out.what, out.contact, out.purpose) == ("withdrawn", "c01", "news")
    assert coming_back.read(ReadInput("other"), context).what == "nothing"
    assert note(context, "hard bounce", address=bounced.address).known
    assert "hard bounce" in {
        one.reason for one in sending.count(CountInput(replace(SPRING, campaign="next")), context).held
    }


def many(context: MemoryContext, people: int) -> None:
    context.load(
        records.CONTACT,
        [
            (f"p{n}", {"id": f"p{n}", "email": f"p{n}@example.org", "tags": "crowd", "zone": "UTC"})
            for n in range(people)
        ],
    )
    rows = [
        (
            f"g{n}",
            {"contact": f"p{n}", "what": "granted", "purpose": "news", "channel": "email", "day": None, "proof": "x"},
        )
        for n in range(people)
    ]
    context.load(records.CONSENT, rows)


def test_two_versions_are_drawn_fairly_and_compared(context: MemoryContext) -> None:
    many(context, 800)
    brief = replace(SPRING, segment='tags = "crowd"', subject_b="Your garden wakes up", hold_out=Decimal(10))
    done = wave(context, brief, most=10_000)
    assert 50 < done.held_out < 110
    rows = context.records(records.MESSAGE).find()
    groups = {one: [row.data["contact"] for row in rows if row.data["version"] == one] for one in ("A", "B", "")}
    for version, share in (("A", 5), ("B", 2)):
        for place, contact in enumerate(groups[version]):
            if place % 10 < share:
                note(context, "answered", contact=str(contact), campaign="spring")
    note(context, "answered", contact=str(groups["A"][9]), campaign="another campaign")
    found = coming_back.measure(MeasureInput("spring"), context)
    assert found.versions == "A"
    assert found.difference is not None
    assert found.low is not None
    assert found.low > Decimal("0.2") > 0
    assert found.lift is not None
    assert found.lift > Decimal("0.3")
    assert found.written == len(groups["A"]) + len(groups["B"])
    again = replace(brief, campaign="other")
    assert [sending._version(again, one) for one in records.people(context)] == [
        sending._version(again, one) for one in records.people(context)
    ]


def test_a_test_with_too_few_says_so(context: MemoryContext) -> None:
    wave(context, replace(SPRING, subject_b="Your garden wakes up"))
    assert coming_back.measure(MeasureInput("spring"), context).versions in ("no difference", "")


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"sender": "nobody"}, "no sender"), ({"sender": "bare"}, "no imprint"), ({"text": " "}, "no content"),
        ({"segment": "country ="}, "segment is no FEEL"),
        ({"subject_b": "B", "hold_out": Decimal(100)}, "nobody to test on"),
    ],
)  # fmt: skip
def test_what_keeps_a_campaign_from_leaving_is_told(
    context: MemoryContext, change: dict[str, Any], problem: str
) -> None:
    found = sending.count(CountInput(replace(SPRING, **change)), context)
    assert found.problems == (problem,)
    assert found.allowed == 0


def test_a_wave_without_a_sender_is_refused(context: MemoryContext) -> None:
    with pytest.raises(DataError, match="sender"):
        wave(context, replace(SPRING, sender="nobody"))


def test_other_channels_leave_a_list_and_no_mail(context: MemoryContext) -> None:
    letters = replace(SPRING, campaign="letters", channel="letter")
    assert wave(context, letters).sent > 5, "letters ask for no consent"
    assert reached(context) == []
