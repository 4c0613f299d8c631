"""An agent fails, learns, passes, works, and expires at midnight where the client is."""

from __future__ import annotations

import datetime
import json
from typing import Any

import jwt
import pytest
from django.test import Client
from tests.web.conftest import HOUR, World

from anyshore.assessment.drawing import keyed
from anyshore.assessment.questions import Text
from anyshore.base.errors import CommandRejected
from anyshore.terms import ledger
from anyshore.web.core.errors import Denied, Invalid, NotFound
from anyshore.web.core.models import Credential, Person
from anyshore.web.engine.models import LedgerEntry, Wait
from anyshore.web.learning import badges, certificates, item_pages, queries, testing
from anyshore.web.learning.models import Attempt, Certificate
from anyshore.web.work import actions as work
from anyshore.web.work import queries as desks

pytestmark = pytest.mark.django_db

DAY = 24 * HOUR


@pytest.fixture
def newcomer(world: World) -> World:
    """The agent has no certificate, and work waits."""
    Credential.objects.filter(person=world.people["agent"]).delete()
    world.start("03-over-tolerance-ubl.xml")
    return world


def right(one: Attempt, world: World) -> dict[str, list[str]]:
    """The right answers to a test, by the place of the question."""
    found: dict[str, list[str]] = {}
    for place, drawn in enumerate(testing.test(queries.subject(world.people["agent"], one.subject), one), start=1):
        question = drawn.question
        if question.kind == "true-false":
            found[str(place)] = ["true" if question.true else "false"]
        elif question.kind == "choice":
            found[str(place)] = [str(n) for n, answer in enumerate(question.answers, start=1) if answer.share > 0]
        else:
            given = question.answers[0].given
            found[str(place)] = [given.text if isinstance(given, Text) else str(getattr(given, "number", ""))]
    return found


def passes(world: World) -> Certificate:
    agent = world.people["agent"]
    one = testing.begin(agent, "payables")
    testing.answer(agent, one.pk, right(one, world))
    return Certificate.objects.get(attempt=one)


def test_an_agent_fails_learns_passes_works_and_expires(newcomer: World) -> None:
    browser, agent = newcomer.browser("agent"), newcomer.people["agent"]
    told = browser.post("/work/next/", follow=True).content.decode()
    assert "Nothing can be given to you: Accounts payable: payables" in told
    assert '<a href="/learning/">' in told
    assert "14 (4) UStG" in browser.get("/learning/payables/").content.decode()
    page = browser.post("/learning/payables/begin/")
    failed = browser.post(page["Location"], {"q1": "9"}, follow=True).content.decode()
    assert "not passed" in failed
    page = browser.post("/learning/payables/begin/")
    one = Attempt.objects.get(person=agent, ended=None)
    passed = browser.post(page["Location"], {f"q{n}": text for n, text in right(one, newcomer).items()}, follow=True)
    won = Certificate.objects.get(person=agent)
    assert won.number in passed.content.decode()
    assert won.until == datetime.date(2027, 1, 5)
    assert work.pull(agent) is not None
    work.give_back(agent, *Wait.objects.filter(claimed_by=agent.email).values_list("instance", "wait").get())
    # Berlin is an hour ahead: on 5 January 2027 at 23:59 there it holds, a minute later it does not.
    midnight = int(datetime.datetime(2027, 1, 5, 23, tzinfo=datetime.UTC).timestamp()) * 1_000_000
    newcomer.clock.now = midnight - 1
    assert len(desks.desk(agent).waiting) == 1
    newcomer.clock.now = midnight
    assert work.pull(agent) is None
    told = browser.post("/work/next/", follow=True).content.decode()
    assert "payables (expired on 2027-01-05)" in told
    with pytest.raises(Denied) as caught:
        work.take(agent, *Wait.objects.filter(kind="work").values_list("instance", "wait").get())
    assert "expired" in caught.value.hint
    assert queries.subject(agent, "payables").standing == queries.EXPIRED


def test_a_question_everybody_gets_right_is_told_to_be_too_easy(newcomer: World) -> None:
    bank = queries.subject(newcomer.people["agent"], "payables").assessment.bank
    easy, hard, *_rest = keyed(bank)
    for number in range(20):
        person = Person.objects.create_user(f"p{number}@example.org")
        marks = [{"key": easy, "share": "1", "feedback": []}, {"key": hard, "share": str(number % 2), "feedback": []}]
        for share in (marks, []):  # what is learnt from the first test does not count
            Attempt.objects.create(
                person=person, engagement=newcomer.engagement, subject="payables", seed="s", bank="b", begun=1, ended=2,
                marks=share,
            )  # fmt: skip
    _pack, found, _known = item_pages.analysis(newcomer.people["manager"], "payables")
    assert {one.name: (one.people, one.difficulty) for one in found.items} == {easy: (20, 1.0), hard: (20, 0.5)}
    page = newcomer.browser("manager").get("/skills/payables/questions/").content.decode()
    assert page.count("too easy") == 1
    assert newcomer.browser("manager").get("/skills/none/questions/").status_code == 404


def test_midnight_is_that_of_the_client(newcomer: World) -> None:
    passes(newcomer)
    newcomer.engagement.zone = "America/New_York"
    newcomer.engagement.save()
    newcomer.clock.now = int(datetime.datetime(2027, 1, 6, 4, 59, tzinfo=datetime.UTC).timestamp()) * 1_000_000
    assert len(desks.desk(newcomer.people["agent"]).waiting) == 1
    newcomer.clock.now += 60_000_000
    assert desks.desk(newcomer.people["agent"]).waiting == []


def test_the_seed_stands_in_the_ledger_before_the_first_answer(newcomer: World) -> None:
    one = testing.begin(newcomer.people["agent"], "payables")
    [line] = LedgerEntry.objects.filter(engagement="payables", type="assessment.begun").values_list("line", flat=True)
    said = json.loads(bytes(line))["data"]
    assert (said["seed"], said["keys"], said["bank"]) == (one.seed, one.keys, one.bank)
    assert newcomer.people["agent"].email not in bytes(line).decode()
    testing.answer(newcomer.people["agent"], one.pk, {})
    assert LedgerEntry.objects.filter(type="assessment.ended").count() == 1
    assert {"assessment.begun", "assessment.ended"} <= set(ledger.ENTRY_TYPES)


def test_a_test_that_was_begun_is_gone_on_with_and_handed_in_once(newcomer: World) -> None:
    agent = newcomer.people["agent"]
    one = testing.begin(agent, "payables")
    assert testing.begin(agent, "payables") == one
    testing.answer(agent, one.pk, {})
    with pytest.raises(CommandRejected, match="handed in"):
        testing.answer(agent, one.pk, right(one, newcomer))


def test_what_comes_too_late_counts_as_not_answered(newcomer: World) -> None:
    agent = newcomer.people["agent"]
    one = testing.begin(agent, "payables")
    newcomer.clock.now += 22 * 60_000_000
    assert testing.answer(agent, one.pk, right(one, newcomer)).passed is False


def test_after_three_failures_there_is_a_day_of_pause(newcomer: World) -> None:
    agent = newcomer.people["agent"]
    for _number in range(3):
        testing.answer(agent, testing.begin(agent, "payables").pk, {})
    with pytest.raises(CommandRejected, match="2026-01-06"):
        testing.begin(agent, "payables")
    newcomer.clock.now += DAY
    assert testing.begin(agent, "payables").ended is None


def test_a_certificate_is_renewed_within_its_window_and_goes_on_from_its_end(newcomer: World) -> None:
    passes(newcomer)
    with pytest.raises(CommandRejected, match="is valid"):
        testing.begin(newcomer.people["agent"], "payables")
    newcomer.clock.now += 305 * DAY
    assert passes(newcomer).until == datetime.date(2028, 1, 5)


def test_a_revoked_certificate_opens_nothing_from_that_moment(newcomer: World) -> None:
    won = passes(newcomer)
    assert len(desks.desk(newcomer.people["agent"]).waiting) == 1
    browser = newcomer.browser("manager")
    browser.post(f"/learning/certificates/{won.number}/revoke/", {"reason": ""})
    assert len(desks.desk(newcomer.people["agent"]).waiting) == 1
    browser.post(f"/learning/certificates/{won.number}/revoke/", {"reason": "The test was shared."})
    assert desks.desk(newcomer.people["agent"]).waiting == []
    assert "revoked" in Client().get(f"/check/{won.number}/").content.decode()
    assert "shared" not in Client().get(f"/check/{won.number}/").content.decode()


def test_who_may_not_revoke(newcomer: World) -> None:
    won = passes(newcomer)
    for name in ("agent", "expert", "owner", "stranger"):
        with pytest.raises((Denied, NotFound, Invalid)):
            certificates.revoke(newcomer.people[name], won.number, "because")
    won.refresh_from_db()
    assert won.revoked is None


def test_anybody_checks_a_number_and_learns_no_more_than_it_says(newcomer: World) -> None:
    won = passes(newcomer)
    stranger = Client(headers={"accept-language": "en"})
    page = stranger.get(f"/check/?number={won.number.lower()[:6]}-{won.number[6:]}", follow=True).content.decode()
    assert "Agent Example" in page
    assert "Nordlicht Services" in page
    assert ">valid<" in page
    assert newcomer.people["agent"].email not in page
    newcomer.clock.now += 400 * DAY
    assert ">expired<" in stranger.get(f"/check/{won.number}/").content.decode()
    assert stranger.get("/check/AAAAAAAAAAAA/").status_code == 404


def test_guessing_numbers_is_slowed_down(world: World) -> None:
    stranger = Client()
    found = [stranger.get("/check/AAAAAAAAAAAA/").status_code for _n in range(certificates.MOST + 1)]
    assert found[-2:] == [404, 429]


def test_a_badge_is_a_credential_signed_with_a_key_anybody_can_fetch(newcomer: World) -> None:
    won = passes(newcomer)
    badge = newcomer.browser("agent").get(f"/learning/certificates/{won.number}/badge/").content.decode()
    [key] = Client().get("/check/keys.json").json()["keys"]
    assert set(key) == {"kty", "n", "e"}
    assert jwt.get_unverified_header(badge)["alg"] == "RS256"
    assert jwt.get_unverified_header(badge)["jwk"] == key
    options: Any = {"verify_exp": False, "verify_nbf": False}
    public = jwt.PyJWK.from_dict(key | {"alg": "RS256"})
    said = jwt.decode(badge, public, algorithms=["RS256"], options=options)
    assert said["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    assert said["credentialSubject"]["achievement"]["name"] == "Accounts payable"
    assert said["validUntil"] == "2027-01-05T23:00:00Z"  # midnight in Berlin, where the client is
    head, body, signature = badge.split(".")
    with pytest.raises(jwt.InvalidTokenError):
        badges.verified(f"{head}.{body[:-4]}AAAA.{signature}", key)


def test_a_certificate_is_a_pdf_for_its_holder_and_manager(newcomer: World) -> None:
    won = passes(newcomer)
    for name, status in (("agent", 200), ("manager", 200), ("expert", 404), ("stranger", 404)):
        answer = newcomer.browser(name).get(f"/learning/certificates/{won.number}/pdf/")
        assert answer.status_code == status
    pdf = newcomer.browser("agent").get(f"/learning/certificates/{won.number}/pdf/").content
    assert pdf.startswith(b"%PDF")


def test_a_manager_sees_who_knows_what_and_who_ends_soon(newcomer: World) -> None:
    passes(newcomer)
    found = queries.matrix(newcomer.people["manager"])
    standing = {row.person.name: {cell.key: cell.standing for cell in row.cells} for row in found.rows}
    assert standing["Agent Example"]["payables"] == queries.VALID
    assert standing["Idle Example"]["payables"] == queries.NEVER
    assert found.expiring == ()
    cover = next(one for one in found.covers if one.engagement == newcomer.engagement)
    assert (cover.certified, cover.needed) == (1, None)
    newcomer.clock.now += 340 * DAY
    [(person, key, until)] = queries.matrix(newcomer.people["manager"]).expiring
    assert (person, key, until) == (newcomer.people["agent"], "payables", datetime.date(2027, 1, 5))
    page = newcomer.browser("manager").get("/skills/?week").content.decode()
    assert "Agent Example: payables, 2027-01-05" in page
    assert "not known yet" in page


def test_questions_come_in_the_language_of_who_reads(newcomer: World) -> None:
    browser = newcomer.browser("agent")
    browser.post("/language/", {"language": "de"})
    page = browser.post("/learning/payables/begin/")
    assert "Abgeben" in browser.get(page["Location"]).content.decode()
    assert all(key.startswith("de-") for key in Attempt.objects.get().keys)


def test_a_test_and_a_badge_are_of_who_took_it(newcomer: World) -> None:
    one = testing.begin(newcomer.people["agent"], "payables")
    assert newcomer.browser("agent").get(f"/learning/tests/{one.pk}/").status_code == 200
    for name in ("manager", "expert", "owner", "stranger"):
        assert newcomer.browser(name).get(f"/learning/tests/{one.pk}/").status_code == 404
    testing.answer(newcomer.people["agent"], one.pk, right(one, newcomer))
    won = Certificate.objects.get(attempt=one)
    for name in ("expert", "owner", "stranger"):
        assert newcomer.browser(name).get(f"/learning/certificates/{won.number}/badge/").status_code == 404
