"""A small world: two clients, a provider, a person in every role, real work of the payables pack in every state."""

from __future__ import annotations

import datetime
import hashlib
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client, override_settings
from django.utils import translation
from tests.host.invariants import rows_are_the_waits
from tests.web.beginning import begin
from tests.web.contract import Desk, scene
from tests.web.kept import Rows, made_by

from anyshore.activities import families
from anyshore.host.driver import Host
from anyshore.host.intake import reference_data
from anyshore.packs import reading
from anyshore.web.core.models import (
    Assignment,
    Credential,
    Engagement,
    Membership,
    Organisation,
    Person,
    Role,
)
from anyshore.web.engagements import actions as terms_actions
from anyshore.web.engine import running
from anyshore.web.engine.models import Instance, Wait
from anyshore.web.engine.store import DatabaseStore

PASSWORD = "a long enough phrase"
NOON = 1_767_265_200_000_000  # 1 January 2026, 12:00 in Berlin
HOUR = 3_600_000_000
CHROMIUM = Path(os.environ.get("ANYSHORE_CHROMIUM", "/usr/bin/chromium"))
PAYABLES = reading.SHIPPED / "bpo" / "payables"
QUICK = {
    "PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"],
    "ALLOWED_HOSTS": ["testserver", "localhost"],
    "UNDO_SECONDS": 0,  # decisions are done at once, but where a test is about undoing them
}


@dataclass
class Clock:
    """The host's time; tests turn it by hand."""

    now: int = NOON + 4 * 24 * HOUR  # Monday, 5 January

    def __call__(self) -> int:
        return self.now


def confirm(browser: Client, person: Person) -> None:
    """What a session remembers of a password given a moment ago to confirm something."""
    session = browser.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time(), "reauthenticated": True}]
    session["account_authentication_methods_user"] = str(person.pk)
    session.save()


@dataclass
class World:
    clock: Clock
    host: Host
    people: dict[str, Person] = field(default_factory=dict)
    client: Organisation | None = None
    rival: Organisation | None = None
    provider: Organisation | None = None
    engagement: Engagement | None = None
    other: Engagement | None = None

    def browser(self, name: str | None, *, confirmed: bool = True) -> Client:
        """A browser in which that person is signed in, and has just confirmed that it is them."""
        browser = Client(headers={"accept-language": "en"})
        if name is not None:
            browser.force_login(self.people[name])
        if name is not None and confirmed:
            confirm(browser, self.people[name])
        return browser

    def start(self, sample: str) -> int:
        """Starts a payables sample and runs it as far as it goes."""
        content = (PAYABLES / "samples" / sample).read_bytes()
        number = begin(self.people["manager"], self.engagement.key, "payables", documents=[(sample, content)])
        self.host.work()
        return number

    def open_item(self) -> Wait:
        return Wait.objects.filter(kind="work").order_by("instance").first()

    def instance(self, number: int) -> Instance:
        return Instance.objects.get(pk=number)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Nothing of one test's language reaches the next."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def quick_passwords(settings: Any) -> None:
    for name, value in QUICK.items():
        setattr(settings, name, value)


@pytest.fixture(autouse=True, scope="module")
def no_host_left() -> Iterator[None]:
    """No file finds the host of the file before, whichever that was."""
    yield
    running.forget()


def host_of(clock: Clock) -> Host:
    """A host that has read nothing yet, in use."""
    host = Host(DatabaseStore(), families.ACTIVITIES, clock=clock, worker="test")
    running.install(host)
    return host


def build(clock: Clock) -> World:
    """The organisations, people and the engagement under the sample terms."""
    world = World(clock, host_of(clock))
    world.provider = Organisation.objects.create(key="nordlicht", name="Nordlicht Services", kind="provider")
    foreign = Organisation.objects.create(key="fern", name="Fern & Co", kind="provider")
    world.client = Organisation.objects.create(
        key="musterbau", name="Musterbau GmbH", kind="client", introduced_by=world.provider
    )
    world.rival = Organisation.objects.create(key="rival", name="Rival AG", kind="client", introduced_by=world.provider)
    for name, organisation, role in (
        ("owner", world.client, Role.OWNER),
        ("rival", world.rival, Role.OWNER),
        ("manager", world.provider, Role.MANAGER),
        ("agent", world.provider, Role.AGENT),
        ("idle", world.provider, Role.AGENT),
        ("expert", world.provider, Role.EXPERT),
        ("stranger", foreign, Role.MANAGER),
    ):
        person = Person.objects.create_user(f"{name}@example.org", PASSWORD, name=f"{name.title()} Example")
        Membership.objects.create(person=person, organisation=organisation, role=role)
        world.people[name] = person
    terms = (PAYABLES / "terms.yaml").read_text(encoding="utf-8")
    terms_actions.propose(world.people["manager"], world.provider, world.client, terms)
    terms_actions.accept(world.people["owner"], "payables", 1)
    world.engagement = Engagement.objects.get(key="payables")
    rival_terms = terms.replace("id: payables", "id: rival-payables", 1).replace("Musterbau GmbH", "Rival AG")
    terms_actions.propose(world.people["manager"], world.provider, world.rival, rival_terms)
    terms_actions.accept(world.people["rival"], "rival-payables", 1)
    world.other = Engagement.objects.get(key="rival-payables")
    for name in ("agent", "expert"):
        Assignment.objects.create(person=world.people[name], engagement=world.engagement)
    for kind, subject, name in (("certificate", "payables", "agent"), ("qualification", "attorney", "expert")):
        Credential.objects.create(
            person=world.people[name], kind=kind, subject=subject, valid_from=datetime.date(2020, 1, 1),
            verified_by=world.people["manager"],
        )  # fmt: skip
    samples = PAYABLES / "samples"
    for kind in reading.named("payables").references.values():
        content = (samples / kind.file).read_bytes()
        reference_data.load(world.host, world.engagement.key, kind.name, kind.read(content, kind.file), kind.file)
    return world


@dataclass(frozen=True, slots=True)
class Beginning:
    """What was made in a world once, to begin with again and again.

    Attributes:
        rows: of the database.
        now: the time of the world's clock then, microseconds since 1970 UTC.
        people: names of who is there then.
        number: of the piece of work it is about.
    """

    rows: Rows
    now: int
    people: tuple[str, ...]
    number: int = 0

    def put_into(self, world: World) -> World:
        """The world as it was then."""
        self.rows.put_back()
        world.clock.now = self.now
        missing = [name for name in self.people if name not in world.people]
        everybody = Person.objects.in_bulk([f"{name}@example.org" for name in missing], field_name="email")
        world.people |= {name: everybody[f"{name}@example.org"] for name in missing}
        return world

    def again(self) -> World:
        """The world before any work, as a process that has just been started finds it."""
        clock = Clock()
        world = self.put_into(World(clock, host_of(clock)))
        organisations = Organisation.objects.in_bulk(field_name="key")
        world.provider, world.client, world.rival = map(organisations.get, ("nordlicht", "musterbau", "rival"))
        engagements = Engagement.objects.in_bulk(field_name="key")
        world.engagement, world.other = map(engagements.get, ("payables", "rival-payables"))
        return world


def begun(make: Callable[[], Desk]) -> Beginning:
    """What something makes in a world, which is not left there."""
    made: list[Desk] = []
    rows = made_by(lambda: made.append(make()))
    running.forget()
    world = made[0].world
    return Beginning(rows, world.clock.now, tuple(world.people), made[0].number)


def resumed(beginnings: dict[str, Beginning], name: str, world: World, make: Callable[[], Desk]) -> Desk:
    """What a fixture makes in the world it is given: made once in a process, put back from its rows ever after."""
    if name not in beginnings:
        now = world.clock.now
        beginnings[name] = begun(make)
        world.clock.now = now
        running.install(world.host)
    return Desk(beginnings[name].put_into(world), beginnings[name].number)


@pytest.fixture(scope="session")
def beginnings(django_db_setup: None, django_db_blocker: Any) -> dict[str, Beginning]:
    """The world before any work, what ``busy`` and ``desk`` make in it, and what else comes to be made."""
    found: dict[str, Beginning] = {}
    with django_db_blocker.unblock(), override_settings(**QUICK), translation.override("en"), transaction.atomic():
        found["world"] = begun(lambda: Desk(build(Clock()), 0))
        for name, make in (("busy", lambda world: Desk(full(world), 0)), ("desk", scene)):
            with transaction.atomic():
                world = found["world"].again()
                found[name] = begun(lambda make=make, world=world: make(world))
                transaction.set_rollback(True)
        transaction.set_rollback(True)
    return found


@pytest.fixture
def world(db: None, beginnings: dict[str, Beginning]) -> Iterator[World]:
    """The world before any work; whatever a test did, what can be found is what is waited for."""
    found = beginnings["world"].again()
    yield found
    rows_are_the_waits(found.host)
    running.forget()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """A real browser, started once for a module."""
    if not CHROMIUM.exists():
        pytest.skip(f"no browser: {CHROMIUM} is absent (set ANYSHORE_CHROMIUM)")
    playwright = pytest.importorskip("playwright.sync_api", reason="no browser: playwright is not installed")
    with pytest.MonkeyPatch.context() as patch:
        # Playwright's loop runs in this thread; Django only sees that there is one.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        with playwright.sync_playwright() as started:
            found = started.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
            yield found
            found.close()


CONTRACT = (
    "SERVICE AGREEMENT\n\nThis agreement is governed by the laws of Ireland.\n"
    "Either party may terminate this agreement with ninety (90) days written notice.\n"
    "The liability of the supplier is limited to the fees of the last twelve months.\n"
)
BROKEN = b"""<?xml version="1.0"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
             xmlns:anyshore="https://anyshore.org/bpmn" id="d" targetNamespace="t">
  <process id="stumble" isExecutable="true">
    <startEvent id="start"><outgoing>a</outgoing></startEvent>
    <sequenceFlow id="a" sourceRef="start" targetRef="call"/>
    <serviceTask id="call" name="Call nothing" anyshore:activity="there.is.no.such">
      <incoming>a</incoming><outgoing>b</outgoing></serviceTask>
    <sequenceFlow id="b" sourceRef="call" targetRef="end"/>
    <endEvent id="end"><incoming>b</incoming></endEvent>
  </process>
</definitions>"""


def full(world: World) -> World:
    """Work in every state: straight through (1), waiting for a person (2), a case (3), an incident (4)."""
    world.start("01-matching-ubl.xml")
    world.start("04-no-order-ubl.xml")
    template = Path(__file__).with_name("review.case.yaml").read_bytes()
    world.host.deploy("review", {"review.case.yaml": template})
    digest = hashlib.sha256(CONTRACT.encode()).hexdigest()
    common = {"engagement": world.engagement.key, "zone": "Europe/Berlin"}
    world.host.start(
        "case:review", {"document": digest}, service="review", reference="Lease",
        documents={digest: ("contract.txt", CONTRACT.encode())}, **common,
    )  # fmt: skip
    world.host.deploy("stumble", {"stumble.bpmn": BROKEN})
    world.host.start("process:stumble", {}, service="payables", reference="Stuck", **common)
    for _attempt in range(5):
        world.host.work()
        world.clock.now += 60_000_000
    return world


@pytest.fixture
def busy(world: World, beginnings: dict[str, Beginning]) -> World:
    """The world with work in every state."""
    return beginnings["busy"].put_into(world)


@pytest.fixture(scope="module")
def shared(beginnings: dict[str, Beginning], django_db_blocker: Any) -> Iterator[World]:
    """The busy world once for a whole module; whoever changes it takes the change back."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield beginnings["busy"].put_into(beginnings["world"].again())
        transaction.set_rollback(True)
    running.forget()


@pytest.fixture
def desk(world: World, beginnings: dict[str, Beginning]) -> Desk:
    """A contract under review, see :func:`tests.web.contract.scene`."""
    return Desk(beginnings["desk"].put_into(world), beginnings["desk"].number)
