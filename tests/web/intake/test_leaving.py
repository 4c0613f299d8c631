"""One click and out: from the mail that was signed to the list nobody is on any more (RFC 8058)."""

from __future__ import annotations

import email
import re
import urllib.request
from dataclasses import dataclass
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
from anyshore.host.outgoing.outbox import HandOver, Outgoing, Refused
from anyshore.host.ports import WaitRow
from anyshore.kernel.state import JOB
from anyshore.mail.composing import SENT
from anyshore.web.accounts import throttle
from anyshore.web.engine.models import LedgerEntry, Reference, ReferenceIndex

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
