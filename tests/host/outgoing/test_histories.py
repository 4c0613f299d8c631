"""Histories of people and campaigns, drawn: not one wrongful send, and nobody forgotten.

People consent, withdraw, object, complain, bounce and are erased while waves are written and mails handed over by
several workers, some of which are killed. What left is judged by rules written down here once more, as simply as can
be: from a list of what happened, by hours of local time and counts.
"""

from __future__ import annotations

import random
from collections import defaultdict
from copy import copy
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import pytest

from anyshore.activities.marketing import coming_back, records, sending
from anyshore.activities.marketing.coming_back import NoteInput
from anyshore.activities.marketing.sending import WaveInput
from anyshore.activities.marketing.writing import Campaign
from anyshore.host.jobs import StoredContext
from anyshore.host.memory import MemoryStore
from anyshore.host.outgoing import box, outbox
from anyshore.host.outgoing.outbox import HandOver, Later, Outgoing, Refused
from anyshore.host.ports import WaitRow
from anyshore.kernel.state import JOB
from anyshore.mail.composing import SENT, STOPPED
from tests import draws

HISTORIES = 200
AT_A_TIME = 50
HOUR = 3_600_000_000
DAY = 24 * HOUR
BEGIN = 1_772_449_200_000_000  # Monday, 2 March 2026, 11:00 UTC
ZONES = {"UTC": 0, "Asia/Karachi": 5, "Asia/Tokyo": 9, "America/Sao_Paulo": -3}
PURPOSES = ("news", "offers")
FOR_GOOD = ("objected", "complained", "hard bounce", "erased")


class Killed(BaseException):
    """A worker is ended."""


@dataclass
class Happened:
    """Something that happened to a person: when, and how many things had happened before."""

    at: int
    what: str
    purpose: str
    order: int


@dataclass
class History:
    """A client, its people, and what happens."""

    seed: int
    folder: Path
    now: int = BEGIN
    order: int = 0
    happened: dict[str, list[Happened]] = field(default_factory=lambda: defaultdict(list))
    intents: dict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))
    left: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    doubtful: set[str] = field(default_factory=set)
    under_way: int = 0

    def __post_init__(self) -> None:
        self.rng = random.Random(self.seed)
        self.store = MemoryStore()
        self.store.rollback = False  # done in ``wave`` by hand: a deep copy each time takes most of the time
        self.journals = self.folder / str(self.seed) if self.rng.random() < 0.5 else None  # many at once, or one by one
        self.people = [f"p{number}" for number in range(self.rng.randrange(2, 6))]
        self.zones = {one: self.rng.choice(list(ZONES)) for one in self.people}
        self.campaigns = [
            Campaign(f"c{number}", self.rng.choice(PURPOSES), "Hello", "Dear {name}", sender="s")
            for number in range(self.rng.randrange(1, 4))
        ]
        context = self.context("load")
        context.records(records.SENDER).put_once("s", {"id": "s", "address": "n@x.example", "imprint": "X GmbH"})
        cap = {"name": "cap", "channel": "email", "most": Decimal(2), "days": Decimal(7)}
        night = {"name": "night", "quiet_from": "20:00", "quiet_until": "08:00"}
        context.records(records.LIMIT).put_all([("cap", cap), ("night", night)])
        context.records(records.CONTACT).put_all(
            (one, {"id": one, "email": f"{one}@x.example", "name": one, "zone": self.zones[one]}) for one in self.people
        )
        for person in self.people:
            for purpose in PURPOSES:
                if self.rng.random() < 0.7:
                    self.note(person, "granted", purpose)

    def context(self, job: str) -> StoredContext:
        row = WaitRow(instance=0, wait=0, kind=JOB, element="", engagement="e")
        made = StoredContext(self.store, row, self.now)
        made.idempotency_key = job
        return made

    # what happens
    def step(self) -> None:
        self.now += self.rng.choice((0, 0, 1, HOUR, HOUR, 7 * HOUR, DAY)) + 1
        self.rng.choices((self.event, self.wave, self.hand_over), (4, 4, 3))[0]()

    def event(self) -> None:
        person = self.rng.choice(self.people)
        what = self.rng.choices(
            ("asked", "confirmed", "granted", "withdrawn", "soft bounce", *FOR_GOOD), (6, 6, 12, 5, 4, 1, 1, 1, 1)
        )[0]
        purpose = "" if what not in ("asked", "confirmed", "granted", "withdrawn") else self.rng.choice(PURPOSES)
        if what == "withdrawn" and self.rng.random() < 0.3:
            purpose = ""
        self.note(person, what, purpose)

    def note(self, person: str, what: str, purpose: str = "") -> None:
        channel = "email" if what in ("asked", "confirmed", "granted") else ""
        given = NoteInput(what, person, purpose=purpose, channel=channel, proof="form")  # type: ignore[arg-type]
        coming_back.note(given, self.context(f"job {self.order}"))
        self.keep(person, what, purpose)

    def keep(self, person: str, what: str, purpose: str = "") -> None:
        self.order += 1
        self.happened[person].append(Happened(self.now, what, purpose, self.order))
        self.now += 1

    def wave(self) -> None:
        brief = self.rng.choice(self.campaigns)
        before = set(self.intents[brief.campaign])
        most = Decimal(self.rng.choice((1, 2, 500)))
        context = self.context(f"wave {self.order}")
        killed = self.rng.random() < 0.15
        kept = {name: {key: copy(one) for key, one in table.items()} for name, table in self.store.tables.items()}
        try:
            with self.store.transaction():
                sending.send(WaveInput(brief, most), context)
                if killed:
                    raise Killed
        except Killed:
            self.store.tables |= kept
            assert {
                row.data["contact"] for row in context.records(records.MESSAGE).find(campaign=brief.campaign)
            } == before
        for row in context.records(records.MESSAGE).find(campaign=brief.campaign):
            person = str(row.data["contact"])
            if person not in before:
                assert self.why_not(person, brief, self.now) == "", f"seed {self.seed}"
                self.intents[brief.campaign][person] = self.now
        self.now += 1

    def hand_over(self) -> None:
        self.under_way += 1
        try:
            how = HandOver(doubtful=self.rng.random() < 0.8, told=self.told, journals=self.journals)
            outbox.hand_over(self.store, "e", self.take, lambda: self.now, how)
        except (Killed, ConnectionError):
            pass
        finally:
            self.under_way -= 1

    def told(self, one: Outgoing, said: dict[str, str], final: bool) -> None:
        noted = coming_back.refused(one.key, coming_back.Refusal(final=final, **said), self.context("refused"))
        hard = final and said["text"].startswith("550 5.1.1")
        if noted.known:
            self.keep(noted.contact, "hard bounce" if hard else "soft bounce")

    def take(self, one: Outgoing) -> None:
        person, campaign = self.whose(one)
        assert self.stopped_since(person, campaign) == "", f"seed {self.seed}: {one.message}"
        chance = self.rng.random()
        if chance < 0.1:
            raise Refused(self.rng.choice(("550 5.1.1 unknown", "552 5.2.2 full")), "550", "RCPT")
        if chance < 0.2:
            raise Later("451 4.7.1 later", "451", "RCPT")
        if chance < 0.25:
            raise ConnectionError
        if chance < 0.35:
            self.doubtful.add(one.key)
            raise Killed
        if chance < 0.5 and self.under_way < 3:  # others work, and people act, while this one is under way
            self.doubtful.discard("")
            self.rng.choice((self.hand_over, self.wave, self.event))()
        self.left[one.key] += 1
        assert self.left[one.key] == 1 or one.key in self.doubtful, f"seed {self.seed}: twice"

    # what is right
    def whose(self, one: Outgoing) -> tuple[str, Campaign]:
        person = one.to[0].partition("@")[0]
        found = [brief for brief in self.campaigns if records.key_of(brief.campaign, person) == one.key]
        return person, found[0]

    def why_not(self, person: str, brief: Campaign, at: int) -> str:
        """Why nobody may write to a person; empty where one may."""
        known = self.happened[person]
        if any(one.what in FOR_GOOD for one in known):
            return "out"
        if sum(one.what == "soft bounce" and one.at > at - 30 * DAY for one in known) >= 3:
            return "soft bounces"
        consent = asked = False
        for one in known:
            if one.what == "withdrawn" and one.purpose in ("", brief.purpose):
                consent = asked = False
            elif one.purpose == brief.purpose:
                consent = consent or one.what == "granted" or (one.what == "confirmed" and asked)
                asked = asked or one.what == "asked"
        if not consent:
            return "no consent"
        hour = (at // HOUR + ZONES[self.zones[person]]) % 24
        if hour >= 20 or hour < 8:
            return "night"
        others = [
            (when, name)
            for name, when_by in self.intents.items()
            if name != brief.campaign and (when := when_by.get(person)) is not None
        ]
        counted = [name for when, name in others if when > at - 7 * DAY and not self.taken_back(person, name)]
        return "cap" if len(counted) >= 2 else ""

    def taken_back(self, person: str, campaign: str) -> bool:
        key = records.key_of(campaign, person)
        context = self.context("look")
        return context.records(STOPPED).get(key) is not None and self.left[key] == 0

    def stopped_since(self, person: str, brief: Campaign) -> str:
        """What was said since a message was written that has to keep it from leaving."""
        since = self.intents[brief.campaign][person]
        for one in self.happened[person]:
            fits = one.what in FOR_GOOD or (one.what == "withdrawn" and one.purpose in ("", brief.purpose))
            if one.at > since and fits:
                return one.what
        return ""

    def end(self) -> None:
        """Days later nothing is under way any more: everybody who may be reached was."""
        self.rng.random = lambda: 0.99  # type: ignore[method-assign] - every server works
        self.now += max(box.GIVEN_UP, 8 * DAY)
        outbox.hand_over(self.store, "e", self.take, lambda: self.now, HandOver(journals=self.journals))
        assert outbox.waiting(self.store, "e") == [], f"seed {self.seed}"
        for brief in self.campaigns:
            self.now += 8 * DAY
            for hours in (0, 12, 14):
                moment = self.now + hours * HOUR
                due = [one for one in self.people if one not in self.intents[brief.campaign]]
                wanted = {one for one in due if not self.why_not(one, brief, moment)}
                before, self.now = self.now, moment
                sending.send(WaveInput(brief), self.context(f"last {self.order} {hours}"))
                rows = self.context("look").records(records.MESSAGE).find(campaign=brief.campaign)
                got = {str(row.data["contact"]) for row in rows} - set(self.intents[brief.campaign])
                assert got == wanted, f"seed {self.seed}: {brief.campaign} at {moment}"
                self.intents[brief.campaign] |= dict.fromkeys(got, moment)
                self.now = before
        self.now += DAY
        outbox.hand_over(self.store, "e", self.take, lambda: self.now)
        for campaign, people in self.intents.items():
            for person in people:
                key = records.key_of(campaign, person)
                context = self.context("look")
                done = context.records(SENT).get(key) is not None
                assert done or context.records(STOPPED).get(key) is not None, f"seed {self.seed}: forgotten"
                assert (self.left[key] > 0) == done, f"seed {self.seed}: {key}"


@pytest.mark.drawn
@pytest.mark.parametrize("part", range(draws.examples(HISTORIES, 100_000) // AT_A_TIME))
def test_not_one_wrongful_send_and_nobody_forgotten(part: int, tmp_path: Path) -> None:
    for seed in range(part * AT_A_TIME, (part + 1) * AT_A_TIME):
        history = History(seed + draws.SEED * 1_000_003, tmp_path)
        for _ in range(history.rng.randrange(6, 30)):
            history.step()
        history.end()
