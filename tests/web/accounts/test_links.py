"""People come in by links that open once; nobody hands anybody a password."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from tests.web.conftest import PASSWORD

from anyshore.web.accounts import links, tokens
from anyshore.web.accounts.models import Link
from anyshore.web.core.errors import Invalid, NotFound
from anyshore.web.core.models import AuditEntry, Organisation, Person
from anyshore.web.site.mailing import of as mail_server

FRESH = "another long phrase"


def invited(world: Any, by: str, organisation: Organisation, email: str, role: str) -> str:
    body = {"form": "person", "organisation": organisation.pk, "name": "Nora New", "email": email, "role": role}
    answer = world.browser(by).post("/people/", body)
    assert answer.status_code == 200, answer.content.decode()[-1500:]
    return re.search(r"http://testserver(/links/[\w-]+/)", answer.content.decode())[1]


def open_with(path: str, password: str = FRESH, browser: Client | None = None) -> Any:
    browser = browser or Client()
    answer = browser.get(path)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/links/"), "the secret leaves the address"
    return browser.post("/links/", {"password": password})


@pytest.mark.parametrize(("by", "role"), [("manager", "agent"), ("owner", "owner")])
def test_an_invitation_makes_nobody_until_it_is_opened(world: Any, by: str, role: str) -> None:
    organisation = world.provider if by == "manager" else world.client
    path = invited(world, by, organisation, "New@Example.org ", role)
    assert not Person.objects.filter(email="new@example.org").exists()
    assert path.split("/")[2] not in str(Link.objects.values()), "only a digest is kept"
    weak = open_with(path, "short")
    assert weak.status_code == 422
    assert "at least 10 characters" in weak.content.decode()
    assert open_with(path).headers["Location"] == "/sign-in/"
    person = Person.objects.get(email="new@example.org")
    assert [(m.organisation, m.role) for m in person.memberships.all()] == [(organisation, role)]
    assert Client().post("/sign-in/", {"email": person.email, "password": FRESH}).status_code == 302
    assert Client().get(path).status_code == 404, "it opens once"
    assert AuditEntry.objects.get(action="role.given", object=person.email).data["given"]["role"] == role


@pytest.mark.parametrize("end", ["expired", "withdrawn", "replaced", "unknown"])
def test_a_link_that_has_ended_opens_nothing_and_says_no_more(world: Any, end: str) -> None:
    path = invited(world, "manager", world.provider, "new@example.org", "agent")
    browser = Client()
    assert browser.get(path).status_code == 302
    if end == "expired":
        Link.objects.update(expires=timezone.now() - timedelta(seconds=1))
    elif end == "withdrawn":
        assert world.browser("rival").post(f"/people/invitations/{Link.objects.get().pk}/withdraw/").status_code == 404
        world.browser("manager").post(f"/people/invitations/{Link.objects.get().pk}/withdraw/")
    elif end == "replaced":
        invited(world, "manager", world.provider, "new@example.org", "agent")
    else:
        path = "/links/nothing-of-ours/"
    again = Client().get(path)
    assert again.status_code == 404
    assert "does not open" in again.content.decode()
    if end != "unknown":
        assert browser.post("/links/", {"password": FRESH}).status_code == 404
    assert not Person.objects.filter(email="new@example.org").exists()


def test_whether_an_address_has_an_account_is_not_told(world: Any) -> None:
    """What the inviter sees is the same for an address nobody has and for one of somebody elsewhere."""
    seen = {}
    for email in ("nobody@example.org", "rival@example.org", "stranger@example.org"):
        body = {"form": "person", "organisation": world.provider.pk, "name": "N", "email": email, "role": "agent"}
        page = world.browser("manager").post("/people/", body).content.decode().replace(email, "…")
        page = re.sub(r"/links/[\w-]+/|invitations/\d+/|\d+:\d+(?::\d+)*", "", page)
        seen[email] = re.sub(r'csrf\w*"[^>]*|X-CSRFToken[^}]*', "", page)
        Link.objects.all().delete()
    assert len(set(seen.values())) == 1
    body = {"form": "client", "provider": world.provider.pk, "client": "Neu", "name": "N", "email": "rival@example.org"}
    assert world.browser("manager").post("/people/", body).status_code == 200


def test_who_has_an_account_accepts_with_it_and_nobody_else_does(world: Any) -> None:
    path = invited(world, "manager", world.provider, "rival@example.org", "agent")
    taken = open_with(path)
    assert taken.status_code == 422, "a password of whoever holds the link does not replace the account's"
    assert Client().post("/sign-in/", {"email": "rival@example.org", "password": FRESH}).status_code == 422
    wrong = world.browser("agent")
    wrong.get(path)
    assert wrong.post("/links/").status_code == 403
    right = world.browser("rival")
    right.get(path)
    assert right.post("/links/").status_code == 302
    assert world.people["rival"].memberships.filter(organisation=world.provider, role="agent").exists()
    assert wrong.get(path).status_code == 404


def test_a_client_is_introduced_with_a_link_for_its_owner(world: Any) -> None:
    body = {"form": "client", "provider": world.provider.pk, "client": "Neubau KG", "name": "O", "email": "o@neubau.de"}
    page = world.browser("manager").post("/people/", body).content.decode()
    assert open_with(re.search(r"http://testserver(/links/[\w-]+/)", page)[1]).status_code == 302
    owner = Person.objects.get(email="o@neubau.de")
    assert owner.memberships.get().organisation.introduced_by == world.provider
    assert world.browser("manager").get(f"/people/{owner.pk}/").status_code == 404, "the client's people are its own"


def test_a_new_password_comes_by_a_link_and_ends_what_the_old_one_opened(world: Any) -> None:
    agent, browser = world.people["agent"], world.browser("agent")
    token = {"authorization": f"Bearer {tokens.issue(agent, 'report')}"}
    page = world.browser("manager").post(f"/people/{agent.pk}/", {"form": "recover"}).content.decode()
    path = re.search(r"http://testserver(/links/[\w-]+/)", page)[1]
    assert browser.get("/work/").status_code == 200, "nothing ends before the link was opened"
    assert Client().get("/api/me", headers=token).status_code == 200
    assert open_with(path).status_code == 302
    assert browser.get("/work/").status_code == 302
    assert Client().get("/api/me", headers=token).status_code == 401
    assert Client().post("/sign-in/", {"email": agent.email, "password": PASSWORD}).status_code == 422
    assert Client().post("/sign-in/", {"email": agent.email, "password": FRESH}).status_code == 302
    made, renewed = (AuditEntry.objects.get(action=one, object=agent.email) for one in ("link.made", "password.reset"))
    assert (made.person, renewed.person) == (world.people["manager"], agent)


@pytest.mark.parametrize("about", ["manager", "elsewhere"])
def test_a_link_to_a_password_is_not_made_for_oneself_or_who_works_elsewhere(world: Any, about: str) -> None:
    person = world.people["manager" if about == "manager" else "agent"]
    if about == "elsewhere":
        person.memberships.create(organisation=Organisation.objects.get(key="fern"), role="agent")
    with pytest.raises(Invalid):
        links.recover(world.people["manager"], person)


def test_where_mails_are_sent_who_invites_never_sees_the_link(world: Any, settings: Any) -> None:
    settings.MAIL = mail_server("smtps://me:p%40ss@mail.example?from=anyshore@example.org")
    body = {"form": "person", "organisation": world.provider.pk, "name": "N", "email": "n@example.org", "role": "agent"}
    browser = world.browser("manager")
    assert browser.post("/people/", body).status_code == 302
    assert "/links/" not in browser.get("/people/").content.decode()
    (sent,) = mail.outbox
    assert sent.to == ["n@example.org"]
    assert open_with(re.search(r"http://testserver(/links/[\w-]+/)", sent.body)[1]).status_code == 302


def test_the_first_manager_comes_in_by_the_one_link_of_the_bootstrap(db: None) -> None:
    before = Person.objects.count()
    made = links.first("Südwind Services", "mia@suedwind.example", "Mia Manager")
    assert Person.objects.count() == before
    links.first("Südwind Services", "mia@suedwind.example", "Mia Manager")
    assert Client().get(made.path).status_code == 404, "a second one ends the first"
    made = links.first("Südwind Services", "mia@suedwind.example", "Mia Manager")
    assert open_with(made.path).status_code == 302
    with pytest.raises(Invalid, match="correct"):
        links.first("Südwind Services", "other@suedwind.example", "Other")
    browser = Client()
    browser.post("/sign-in/", {"email": "mia@suedwind.example", "password": FRESH})
    assert browser.get("/people/").status_code == 200


def test_a_link_is_opened_once_though_two_try(world: Any) -> None:
    path = invited(world, "manager", world.provider, "new@example.org", "agent")
    secret = path.split("/")[2]
    links.choose(secret, FRESH)
    with pytest.raises(NotFound):
        links.choose(secret, FRESH)
