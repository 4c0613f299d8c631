"""One click and out: from the mail that was signed to the list nobody is on any more (RFC 8058)."""

from __future__ import annotations

import email
import re
import urllib.request
from dataclasses import dataclass, replace
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

import dkim
import pytest
from django.test import Client
from tests.mail.test_dkim import PEM, keep, named
from tests.web.conftest import World

from anyshore.activities.marketing import coming_back, records, sending
from anyshore.activities.marketing.coming_back import NoteInput
from anyshore.activities.marketing.sending import WaveInput
from anyshore.activities.marketing.writing import Campaign
from anyshore.base.errors import DataError
from anyshore.host.jobs import StoredContext
from anyshore.host.outgoing import box, outbox
from anyshore.host.outgoing.outbox import HandOver, Later, Outgoing, Refused
from anyshore.host.ports import WaitRow
from anyshore.kernel.state import JOB
from anyshore.mail.composing import SENT
from anyshore.web.accounts import throttle
from anyshore.web.engine.models import LedgerEntry, Reference, ReferenceIndex
from anyshore.web.site import handing

pytestmark = pytest.mark.django_db

CLICK = {"List-Unsubscribe": "One-Click"}
SPRING = Campaign("spring", "news", "Spring", "Dear {name}", sender="garden")


@dataclass
class Garden:
    """A client with two contacts who asked for news."""

    world: World

    def context(self, job: str = "job") -> StoredContext:
        row = WaitRow(instance=0, wait=0, kind=JOB, element="", engagement="payables")
        made = StoredContext(self.world.host.store, row, self.world.clock())
        made.idempotency_key = job
        return made

    def load(self, one_click: str) -> None:
        context = self.context()
        sender = {"id": "garden", "address": "news@garden.example", "name": "Garden", "imprint": "Garden GmbH"}
        context.records(records.SENDER).put_once("garden", {**sender, "one_click": one_click})
        for name in ("ana", "bo"):
            context.records(records.CONTACT).put_once(name, {"id": name, "email": f"{name}@x.example", "name": name})
            grant = {"contact": name, "what": "granted", "purpose": "news", "channel": "email", "day": None}
            context.records(records.CONSENT).put_once(name, {**grant, "proof": "form"})

    def wave(self, brief: Campaign = SPRING) -> int:
        return sending.send(WaveInput(brief), self.context()).sent

    def taken(self, **how: Any) -> list[Outgoing]:
        """The mails as a server gets them."""
        found: list[Outgoing] = []
        outbox.hand_over(self.world.host.store, "payables", found.append, self.world.clock, HandOver(**how))
        return found


@pytest.fixture
def garden(world: World) -> Garden:
    made = Garden(world)
    made.load("https://shore.example/unsubscribe/payables")
    return made


def read(content: bytes) -> EmailMessage:
    return email.message_from_bytes(content, policy=default)  # type: ignore[return-value]


def path_of(one: Outgoing) -> str:
    page = read(one.content)["List-Unsubscribe"].split(",")[0].strip("<>")
    assert page.startswith("https://shore.example/unsubscribe/payables/m")
    return str(page.removeprefix("https://shore.example"))


def test_one_click_as_a_provider_of_mail_does_it(garden: Garden, live_server: Any, tmp_path: Path) -> None:
    keep(tmp_path, "garden.example", "s2026a.pem", PEM)
    garden.wave()
    first, second = garden.taken(keys=tmp_path)
    assert dkim.verify(first.content, dnsfunc=named)
    mail = read(first.content)
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    covered = re.search(r"\sh=([^;]+);", mail["DKIM-Signature"])
    assert covered is not None
    assert {"list-unsubscribe", "list-unsubscribe-post"} < set(re.findall(r"[a-z-]+", covered[1]))
    assert path_of(first) in mail.get_content(), "people find it as well"
    asked = urllib.request.Request(f"{live_server.url}{path_of(first)}", b"List-Unsubscribe=One-Click", method="POST")
    with urllib.request.urlopen(asked) as answer:
        assert (answer.status, answer.headers.get("Set-Cookie")) == (200, None)
    assert garden.wave(Campaign("summer", "news", "Summer", "Dear {name}", sender="garden")) == 1
    assert garden.taken()[0].to == second.to
    with pytest.raises(HTTPError, match="404"):
        urllib.request.urlopen(f"{live_server.url}{path_of(first)[:-1]}a")


def test_looking_takes_nobody_out(garden: Garden) -> None:
    garden.wave()
    page, browser = path_of(garden.taken()[0]), Client(enforce_csrf_checks=True, headers={"accept-language": "de"})
    shown = browser.get(page)
    assert "Abmelden" in shown.content.decode()
    assert browser.head(page).status_code == 200
    assert browser.post(page, {"List-Unsubscribe": "Maybe"}).status_code == 400
    assert garden.context().records(records.EVENT).find() == []
    assert browser.post(page, CLICK).status_code == 200
    assert not browser.cookies, "nobody is known again"
    [event] = garden.context().records(records.EVENT).find()
    assert (event.data["what"], event.data["purpose"]) == ("withdrawn", "news")


def test_a_click_takes_back_what_waits_and_counts_once(garden: Garden) -> None:
    garden.wave()
    waiting = outbox.waiting(garden.world.host.store, "payables")
    page, browser = path_of(waiting[0]), Client()
    for _ in range(3):
        assert browser.post(page, CLICK).status_code == 200
    assert len(garden.context().records(records.EVENT).find()) == 1
    assert [one.key for one in garden.taken()] == [waiting[1].key]
    entries = LedgerEntry.objects.filter(engagement="payables", type="marketing.unsubscribed")
    assert entries.count() == 1
    garden.world.clock.now += 60_000_000
    again = NoteInput("granted", "ana", purpose="news", channel="email", proof="again")
    coming_back.note(again, garden.context("again"))
    garden.world.clock.now += 60_000_000
    assert browser.post(page, CLICK).status_code == 200
    assert len(garden.context().records(records.EVENT).find()) == 3, "a link of an old mail works all the same"
    assert garden.wave(Campaign("summer", "news", "Summer", "x", sender="garden")) == 1


def test_who_is_not_on_record_any_more_is_kept_off_new_lists(garden: Garden) -> None:
    garden.wave()
    page = path_of(garden.taken()[0])
    ReferenceIndex.objects.filter(kind=records.CONTACT, key="ana").delete()
    Reference.objects.filter(kind=records.CONTACT, key="ana").delete()
    assert Client().post(page, CLICK).status_code == 200
    context = garden.context()
    assert context.records(records.EVENT).find() == []
    assert records.suppressed(context)("ana@x.example")
    assert not records.suppressed(context)("bo@x.example")


def test_links_that_lead_nowhere_are_counted_and_those_of_people_are_not(
    garden: Garden, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttle, "MAX_FROM_ADDRESS", 3)
    garden.wave()
    page, browser = path_of(garden.taken()[0]), Client()
    other = page.replace("/payables/", "/nowhere/")
    found = [browser.post(wrong, CLICK).status_code for wrong in (page[:-1], page + "a" * 200, other, other)]
    assert found == [404, 404, 404, 429]
    assert browser.post(page, CLICK).status_code == 200


def test_one_click_leads_to_a_protected_page_or_nowhere(garden: Garden) -> None:
    context = garden.context()
    bare = {"id": "bare", "address": "n@garden.example", "imprint": "x", "one_click": "http://shore.example/u/"}
    context.records(records.SENDER).put_once("bare", bare)
    with pytest.raises(DataError, match="One click"):
        garden.wave(Campaign("x", "news", "x", "y", sender="bare"))


def test_a_mail_is_claimed_by_one_and_in_doubt_after_a_kill(garden: Garden) -> None:
    garden.wave()
    store, clock = garden.world.host.store, garden.world.clock
    seen: list[str] = []

    class Killed(BaseException):
        pass

    def killed(one: Outgoing) -> None:
        seen.append(one.key)
        others = [other.key for other in garden.taken()]  # another worker, at the same time
        assert len(others) == 1
        assert one.key not in others
        raise Killed

    with pytest.raises(Killed):
        outbox.hand_over(store, "payables", killed, clock)
    [doubt] = outbox.waiting(store, "payables")
    assert (doubt.key, doubt.claimed) == (seen[0], True)
    assert garden.taken() == [], "somebody may be at it still"
    clock.now += box.CLAIM
    assert garden.taken(doubtful=False) == []
    assert [one.message for one in garden.taken()] == [doubt.message]
    assert outbox.waiting(store, "payables") == []


def test_a_server_that_is_away_leaves_no_doubt_and_a_refusal_stops_one_mail(garden: Garden) -> None:
    garden.wave()
    store, clock = garden.world.host.store, garden.world.clock

    def away(one: Outgoing) -> None:
        raise ConnectionError(one.message)

    for _ in range(2):
        with pytest.raises(ConnectionError):
            outbox.hand_over(store, "payables", away, clock)
    first, second = outbox.waiting(store, "payables")

    def picky(one: Outgoing) -> None:
        if one.key == first.key:
            raise Refused("550 no such user")

    assert [one.key for one in outbox.hand_over(store, "payables", picky, clock)] == [second.key]
    assert outbox.waiting(store, "payables") == []
    assert len(garden.context().records(SENT).find()) == 1


def test_a_kill_leaves_one_mail_in_doubt_and_those_behind_it_wait(garden: Garden, tmp_path: Path) -> None:
    """The journal says how far they came who claimed many at once."""
    context = garden.context()
    for name in ("cy", "di"):
        context.records(records.CONTACT).put_once(name, {"id": name, "email": f"{name}@x.example", "name": name})
        grant = {"contact": name, "what": "granted", "purpose": "news", "channel": "email", "day": None}
        context.records(records.CONSENT).put_once(name, {**grant, "proof": "form"})
    garden.wave()
    store, clock = garden.world.host.store, garden.world.clock
    sent: list[str] = []

    class Killed(BaseException):
        pass

    def killed(one: Outgoing) -> None:
        if len(sent) == 2:
            assert garden.taken(journals=tmp_path) == [], "who lives has what was claimed"
            raise Killed
        sent.append(one.key)

    with pytest.raises(Killed):
        outbox.hand_over(store, "payables", killed, clock, HandOver(journals=tmp_path))
    assert [one.claimed for one in outbox.waiting(store, "payables")] == [True] * 4, "until the journal is read"
    [last] = garden.taken(journals=tmp_path)
    [doubt] = outbox.waiting(store, "payables")
    assert (doubt.claimed, doubt.key in sent, last.key in sent) == (True, False, False)
    assert list(tmp_path.iterdir()) == []
    clock.now += box.CLAIM
    assert [one.key for one in garden.taken(journals=tmp_path)] == [doubt.key]
    assert len(garden.context().records(SENT).find()) == 4


def test_what_is_not_taken_for_now_is_tried_again_and_given_up_after_days(garden: Garden) -> None:
    garden.wave()
    store, clock = garden.world.host.store, garden.world.clock
    tries: list[str] = []

    def grey(one: Outgoing) -> None:
        tries.append(one.key)
        raise Later("451 4.7.1 come again", "451", "RCPT")

    how = handing.hand_over(garden.world.host, "payables")
    assert outbox.hand_over(store, "payables", grey, clock, how) == []
    assert (len(tries), [one.claimed for one in outbox.waiting(store, "payables")]) == (2, [False, False])
    assert outbox.hand_over(store, "payables", grey, clock, how) == []
    assert len(tries) == 2, "not at once"
    clock.now += box.BACK_OFF[0]
    outbox.hand_over(store, "payables", grey, clock, how)
    assert len(tries) == 4
    clock.now += box.GIVEN_UP
    outbox.hand_over(store, "payables", grey, clock, how)
    assert outbox.waiting(store, "payables") == []
    assert [one.data["what"] for one in garden.context().records(records.EVENT).find()] == ["soft bounce"] * 2


@pytest.mark.parametrize(
    ("reply", "what"),
    [
        ("550 5.1.1 <ana@x.example>: no such user", "hard bounce"), ("550 5.1.10 null MX", "hard bounce"),
        ("550", "hard bounce"), ("552 5.2.2 mailbox full", "soft bounce"), ("550 5.7.1 blocked", "soft bounce"),
    ],
)  # fmt: skip
def test_a_refusal_is_a_bounce_by_its_status_and_a_hard_one_is_out_of_all_lists(
    garden: Garden, reply: str, what: str
) -> None:
    offers = Campaign("offers", "offers", "Offers", "Dear {name}", sender="garden")
    grant = {"contact": "ana", "what": "granted", "purpose": "offers", "channel": "email", "day": None, "proof": "x"}
    garden.context().records(records.CONSENT).put_once("ana offers", grant)
    garden.wave()
    garden.wave(offers)
    store, clock = garden.world.host.store, garden.world.clock
    sent: list[str] = []

    def server(one: Outgoing) -> None:
        if one.to == ("ana@x.example",):
            raise Refused(reply, reply[:3], "RCPT")
        sent.append(one.to[0])

    outbox.hand_over(store, "payables", server, clock, handing.hand_over(garden.world.host, "payables"))
    clock.now += 60_000_000
    context = garden.context()
    events = context.records(records.EVENT).find()
    hard = what == "hard bounce"
    assert [(one.data["what"], one.data["contact"]) for one in events] == [(what, "ana")] * (1 if hard else 2)
    assert sent == ["bo@x.example"]
    assert records.suppressed(context)("ana@x.example") is hard
    again = [garden.wave(replace(offers, campaign="again")), garden.wave(replace(SPRING, campaign="more"))]
    assert again == ([0, 1] if hard else [1, 2])


def test_what_was_handed_over_is_not_taken_back_and_counts(garden: Garden) -> None:
    garden.wave()
    assert len(garden.taken()) == 2
    out = coming_back.note(NoteInput("withdrawn", "ana"), garden.context("out"))
    assert out.stopped == 0
    found = coming_back.measure(coming_back.MeasureInput("spring"), garden.context())
    assert (found.written, found.stopped, found.withdrawn) == (2, 0, 1)
