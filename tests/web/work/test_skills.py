"""Work goes to whoever has shown to know what it asks for; with time, what can be done without is."""

from __future__ import annotations

import datetime
import json
from typing import Any

import pytest
from tests.web.beginning import begin as hand_over
from tests.web.conftest import World

from anyshore.packs import reading
from anyshore.web.core import actions, queries
from anyshore.web.core.errors import Denied, Invalid
from anyshore.web.core.models import Assignment, AuditEntry, Credential, Engagement
from anyshore.web.engagements import actions as terms_actions
from anyshore.web.engine import people
from anyshore.web.engine.models import LedgerEntry, Wait
from anyshore.web.library import draft_actions as drafts
from anyshore.web.work import actions as work
from anyshore.web.work import queries as desks

TEMPLATE = reading.SHIPPED / "_template"
MINUTE = 60_000_000
SKILLS = """skills:
  certificate: visas
  language: {of: language, level: B2}
  channel: {of: channel}
  fallback: {after: PT30M, without: [language-level, language, channel]}
"""


ASKED = """        language: {}
        channel: {type: string}
"""


@pytest.fixture
def visas(world: World) -> World:
    """A service of the provider's own whose work asks for a language and a channel; the agent has its certificate."""
    pack = (TEMPLATE / "pack.yaml").read_text(encoding="utf-8").replace("id: template", "id: visas")
    pack = pack.replace("skills:\n  certificate: template\n", SKILLS)
    pack = pack.replace("      properties:\n", f"      properties:\n{ASKED}")
    files = [(name, (TEMPLATE / name).read_bytes()) for name in ("request.bpmn", "way.dmn", "forms.yaml")]
    draft = drafts.begin(world.people["manager"], [*files, ("pack.yaml", pack.encode())])
    given = {"id": "visas", "kind": "bpo", "title": "Visas", "title_de": "Visa", "starts": "process:request"}
    drafts.put_to_use(world.people["manager"], draft.pk, world.provider, given)
    terms = (TEMPLATE / "terms.yaml").read_text(encoding="utf-8")
    terms = terms.replace("id: template", "id: visas", 1).replace("  template:", "  visas:", 1)
    terms_actions.propose(world.people["manager"], world.provider, world.client, terms)
    terms_actions.accept(world.people["owner"], "visas", 1)
    for name in ("agent", "idle"):
        Assignment.objects.create(person=world.people[name], engagement=Engagement.objects.get(key="visas"))
        shows(world, name, "certificate", "visas")
    return world


def shows(world: World, name: str, kind: str, subject: str, level: str = "", **dates: datetime.date) -> Credential:
    since = dates.pop("valid_from", datetime.date(2020, 1, 1))
    until = dates.pop("valid_until", None)
    return actions.certify(world.people["manager"], world.people[name], kind, subject, level, since, until)


def begin(world: World, **variables: Any) -> Wait:
    reference = f"R-{Wait.objects.count()}"
    given = {"number": reference, "amount": 200} | {name: one for name, one in variables.items() if one is not None}
    number = hand_over(world.people["manager"], "visas", "visas", reference, variables=given)
    world.host.work()
    return Wait.objects.get(instance=number, kind="work")


def offered(world: World, name: str) -> list[int]:
    return [one.row.instance for one in desks.desk(world.people[name]).waiting]


def test_a_language_is_needed_at_its_level_or_better(visas: World) -> None:
    wait = begin(visas, language="de-AT")
    assert offered(visas, "agent") == []
    shows(visas, "agent", "language", "Deutsch", "B1")
    assert offered(visas, "agent") == []
    assert desks.desk(visas.people["agent"]).missing == {"Requests": "German B2 or better"}
    shows(visas, "agent", "language", "de", "C1")
    assert offered(visas, "agent") == [wait.instance]
    assert desks.desk(visas.people["agent"]).missing == {}


def test_what_lacks_is_told_on_the_page_and_by_rest_in_the_readers_language(visas: World) -> None:
    begin(visas, language="fr", channel="Telephone")
    browser = visas.browser("agent")
    assert "French B2 or better, channel telephone" in browser.get("/work/").content.decode()
    assert browser.get("/api/work").json()["missing"] == {"Requests": "French B2 or better, channel telephone"}
    browser.post("/language/", {"language": "de"})
    assert "Französisch B2 oder besser, Kanal telephone" in browser.get("/work/").content.decode()
    with pytest.raises(Denied) as caught:
        work.take(visas.people["agent"], *Wait.objects.filter(kind="work").values_list("instance", "wait").last())
    assert "Kanal telephone" in caught.value.hint


def test_work_without_a_language_asks_for_none(visas: World) -> None:
    waits = [begin(visas), begin(visas, language=None, channel=" "), begin(visas, language=7)]
    assert offered(visas, "agent") == [one.instance for one in waits]


def test_requirements_lapse_in_their_order_and_what_was_done_without_is_recorded(visas: World) -> None:
    wait = begin(visas, language="de", channel="telephone")
    shows(visas, "agent", "language", "German", "A2")
    shows(visas, "agent", "channel", "Telephone")
    visas.clock.now = wait.opened + 30 * MINUTE - 1
    assert (offered(visas, "agent"), offered(visas, "idle")) == ([], [])
    visas.clock.now += 1
    assert (offered(visas, "agent"), offered(visas, "idle")) == ([wait.instance], [])
    page = visas.browser("agent").get("/work/").content.decode()
    assert "without German B2 or better" in " ".join(page.split())
    assert work.pull(visas.people["agent"]) == (wait.instance, wait.wait)
    visas.clock.now += 90 * MINUTE
    page = visas.browser("agent").get(f"/work/{wait.instance}/{wait.wait}/").content.decode()
    assert "Given to you without German B2 or better, after 30 min." in page
    [line] = LedgerEntry.objects.filter(type="work.taken").values_list("line", flat=True)
    facts = json.loads(bytes(line))["data"]
    assert (facts["wait"], facts["element"], people.address(facts["by"])) == (wait.wait, "decide", "agent@example.org")
    assert facts["after"] == 30 * MINUTE
    assert facts["without"] == [{"kind": "language", "subject": "de", "level": "B2"}]
    [mine] = visas.browser("agent").get("/api/work").json()["mine"]
    assert mine["without"] == [{"kind": "language", "subject": "de", "level": "B2"}]


def test_nothing_waits_for_ever(visas: World) -> None:
    wait = begin(visas, language="is", channel="fax")
    visas.clock.now = wait.opened + 90 * MINUTE - 1
    assert offered(visas, "idle") == []
    visas.clock.now += 1
    assert work.pull(visas.people["idle"]) == (wait.instance, wait.wait)
    page = visas.browser("idle").get(f"/work/{wait.instance}/{wait.wait}/").content.decode()
    assert "Given to you without Icelandic B2 or better, channel fax, after 1 h 30 min." in page
    work.give_back(visas.people["idle"], wait.instance, wait.wait)
    shows(visas, "agent", "language", "is", "native")
    shows(visas, "agent", "channel", "fax")
    work.take(visas.people["agent"], wait.instance, wait.wait)
    page = visas.browser("agent").get(f"/work/{wait.instance}/{wait.wait}/").content.decode()
    assert "Given to you without" not in page, "that was somebody else's"


def test_the_certificate_does_not_lapse(visas: World) -> None:
    wait = begin(visas)
    visas.people["idle"].credentials.all().delete()
    visas.clock.now = wait.opened + 10_000 * MINUTE
    assert offered(visas, "idle") == []
    assert desks.desk(visas.people["idle"]).missing == {"Requests": "visas"}


def test_credentials_count_on_the_days_of_the_hosts_clock(visas: World) -> None:
    wait = begin(visas, language="de")
    shows(visas, "agent", "language", "de", "C2", valid_until=datetime.date(2026, 1, 5))
    assert offered(visas, "agent") == [wait.instance], "the clock of the host stands at 5 January 2026"
    visas.clock.now += 24 * 60 * MINUTE
    day = datetime.date(2026, 1, 6)
    assert queries.held(visas.people["agent"], day).languages == {}
    shows(visas, "agent", "language", "de", "C2", valid_from=datetime.date(2026, 1, 7))
    assert queries.held(visas.people["agent"], day).languages == {}
    assert queries.held(visas.people["agent"], datetime.date(2026, 1, 7)).languages == {"de": "C2"}


def test_a_qualification_counts_only_where_somebody_verified_it(world: World) -> None:
    expert, day = world.people["expert"], datetime.date(2026, 1, 5)
    Credential.objects.create(
        person=expert, kind="qualification", subject="notary", valid_from=datetime.date(2020, 1, 1)
    )
    assert queries.held(expert, day).qualifications == {"attorney"}
    assert "not verified" in world.browser("expert").get("/account/").content.decode()


@pytest.mark.parametrize(
    ("kind", "subject", "level", "kept"),
    [
        ("language", "Deutsch", "B2", ("de", "B2")),
        ("language", "german", "native", ("de", "native")),
        ("language", "pt-BR", "A1", ("pt", "A1")),
        ("channel", "Chat", "", ("chat", "")),
        ("qualification", "Attorney", "", ("Attorney", "")),
    ],
)
def test_a_manager_notes_what_somebody_knows(
    world: World, kind: str, subject: str, level: str, kept: tuple[str, str]
) -> None:
    person = world.people["agent"]
    given = {"form": "certify", "kind": kind, "subject": subject, "level": level, "valid_from": "2026-01-01"}
    assert world.browser("manager").post(f"/people/{person.pk}/", given).status_code == 302
    noted = person.credentials.latest("pk")
    assert (noted.kind, noted.subject, noted.level) == (kind, *kept)
    assert noted.verified_by == world.people["manager"]
    assert "verified by Manager Example" in " ".join(
        world.browser("manager").get(f"/people/{person.pk}/").content.decode().replace("<small>", " ").split()
    )


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"kind": "language", "subject": "Klingonish", "level": "B2"}, "subject"),
        ({"kind": "language", "subject": "de"}, "level"),
        ({"kind": "language", "subject": "de", "level": "B3"}, "level"),
        ({"kind": "channel", "subject": " "}, "subject"),
        ({"kind": "hobby", "subject": "chess"}, "kind"),
    ],
)
def test_what_cannot_be_noted_is_said_at_its_field(world: World, given: dict[str, str], field: str) -> None:
    pk = world.people["agent"].pk
    answer = world.browser("manager").post(f"/api/people/{pk}/credentials", given, content_type="application/json")
    assert answer.status_code == 422
    assert [one["element"] for one in answer.json()["problems"]] == [field]


def test_programs_see_who_knows_what(world: World) -> None:
    shows(world, "agent", "language", "de", "C1")
    [found] = [one for one in world.browser("manager").get("/api/people").json() if one["name"] == "Agent Example"]
    assert found["credentials"][-1] == {
        "kind": "language", "subject": "de", "level": "C1", "valid_from": "2020-01-01", "valid_until": None,
        "verified_by": "manager@example.org",
    }  # fmt: skip
    own = world.browser("agent").get("/api/me/credentials").json()
    assert {one["subject"] for one in own} == {"payables", "de"}


def test_nobody_verifies_their_own_knowledge(world: World) -> None:
    with pytest.raises(Invalid):
        shows(world, "manager", "language", "de", "C2")


def test_a_wall_between_a_person_and_a_client_ends_with_a_reason(world: World) -> None:
    manager, agent = world.people["manager"], world.people["agent"]
    wall = actions.wall_off(manager, agent, world.client, "Held shares")
    assert world.browser("agent").get("/engagements/payables/").status_code in (403, 404)
    address = f"/people/{agent.pk}/conflicts/{wall.pk}/lift/"
    assert world.browser("manager").post(address, {"reason": " "}).status_code == 422
    assert world.browser("manager").post(address, {"reason": "Sold them"}).status_code == 302
    assert not agent.conflicts.exists()
    entry = AuditEntry.objects.get(action="conflict.lifted")
    assert (entry.data["reason"], entry.data["declared"]) == ("Sold them", "Held shares")
