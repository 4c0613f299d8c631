"""``demo``: a provider, its client and its people, with real work of the payables pack done over some weeks.

Nothing is made up behind the pages: every document runs through the same actions, activities and rules as in earnest;
only the clock is turned forward between them.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from anyshore.activities import table
from anyshore.activities.payables import orders, sellers
from anyshore.host.driver import Host
from anyshore.host.jobs import StoredRecords
from anyshore.packs import reading
from anyshore.web.core.models import Assignment, Credential, Engagement, Membership, Organisation, Person, Role
from anyshore.web.engagements import actions as engagements
from anyshore.web.engine import running
from anyshore.web.engine.store import DatabaseStore
from anyshore.web.portfolio import actions as portfolio
from anyshore.web.work import actions as work
from anyshore.web.work import queries

PEOPLE = (
    ("owner@musterbau.example", "Olga Brandt", "client", Role.OWNER),
    ("manager@nordlicht.example", "Marek Nowak", "provider", Role.MANAGER),
    ("agent@nordlicht.example", "Ada Lindqvist", "provider", Role.AGENT),
    ("expert@nordlicht.example", "Dr. Erik Sommer", "provider", Role.EXPERT),
)
HOUR = 3_600_000_000
DAY = 24 * HOUR


@dataclass
class Turned:
    """A clock that is turned by hand."""

    now: int

    def __call__(self) -> int:
        return self.now


class Command(BaseCommand):
    """Sets the demonstration up, in an empty installation only."""

    help = "Fills an empty installation with a demonstration: organisations, people, terms, weeks of real work."

    def add_arguments(self, parser: Any) -> None:
        """The password of all four people, and how many weeks of work."""
        parser.add_argument("--password", help="of all people; one is made up and printed where left out")
        parser.add_argument("--weeks", type=int, default=7)

    def handle(self, *args: Any, **options: Any) -> None:
        """All or nothing."""
        if Person.objects.exists():
            raise CommandError("There are people here already: the demonstration is for an empty installation.")
        password = options["password"] or secrets.token_urlsafe(9)
        start = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) - timedelta(weeks=options["weeks"])
        clock = Turned(int(start.timestamp()) * 1_000_000)
        end = int(datetime.now(UTC).timestamp()) * 1_000_000
        running.install(Host(DatabaseStore(), table.ACTIVITIES, clock=clock, worker="demo"))
        try:
            with transaction.atomic():
                people = self._people(password)
                self._engagement(people)
                self._weeks(people, clock, end)
                self._portfolio(people["owner"])
        finally:
            running.forget()
        for email, name, _side, role in PEOPLE:
            self.stdout.write(f"{email:28} {name} ({Role(role).label})")
        if not options["password"]:
            self.stdout.write(f"Password of all four: {password}")

    def _people(self, password: str) -> dict[str, Person]:
        provider = Organisation.objects.create(key="nordlicht", name="Nordlicht Services", kind="provider")
        client = Organisation.objects.create(
            key="musterbau", name="Musterbau GmbH", kind="client", introduced_by=provider
        )
        found = {}
        for email, name, side, role in PEOPLE:
            person = Person.objects.create_user(email, password, name=name)
            Membership.objects.create(person=person, organisation=client if side == "client" else provider, role=role)
            found[str(role)] = person
        for role, kind, subject in (
            (Role.AGENT, Credential.Kind.CERTIFICATE, "payables"),
            (Role.EXPERT, Credential.Kind.QUALIFICATION, "attorney"),
        ):
            Credential.objects.create(
                person=found[role], kind=kind, subject=subject, valid_from=date(2025, 1, 1),
                verified_by=found[Role.MANAGER],
            )  # fmt: skip
        return found

    def _engagement(self, people: dict[str, Person]) -> None:
        pack = reading.named("payables")
        client, provider = (Organisation.objects.get(kind=kind) for kind in ("client", "provider"))
        assert pack.terms is not None
        # Some fifteen invoices in seven weeks: the minimum charge of a real contract would drown their prices.
        terms = pack.terms.read_text(encoding="utf-8").replace("minimum_charge: 250", "minimum_charge: 0")
        engagements.propose(people[Role.MANAGER], provider, client, terms)
        engagements.accept(people[Role.OWNER], "payables", 1)
        engagement = Engagement.objects.get(key="payables")
        for role in (Role.AGENT, Role.EXPERT):
            Assignment.objects.create(person=people[role], engagement=engagement)
        samples = pack.folder / "samples"
        for kind, rows in (
            (orders.KIND, orders.rows(orders.read_orders(samples / "purchase-orders.csv"))),
            (sellers.KIND, sellers.rows(sellers.read_sellers(samples / "sellers.csv"))),
        ):
            for key, row in rows:
                StoredRecords(running.host().store, engagement.key, kind).put_once(key, row)

    def _weeks(self, people: dict[str, Person], clock: Turned, end: int) -> None:
        """The pack's samples arrive one after the other; the agent decides what the rules leave over, once late."""
        samples = sorted(
            path for path in (reading.named("payables").folder / "samples").iterdir() if path.name[0].isdigit()
        )
        step = max((end - clock.now) // (len(samples) + 1), HOUR)
        for number, sample in enumerate(samples):
            clock.now = _working(min(clock.now + step, end - (len(samples) - number) * 60_000_000))
            self._arrives(people, sample)
            running.host().work()
            if number < len(samples) - 3:
                clock.now += 26 * HOUR if number % 9 == 2 else (1 + number % 4) * HOUR // 2
                self._agent(people[Role.AGENT])
        clock.now = end

    def _arrives(self, people: dict[str, Person], sample: Path) -> None:
        work.start(people[Role.MANAGER], "payables", "payables", documents=[(sample.name, sample.read_bytes())])

    def _agent(self, agent: Person) -> None:
        found = work.pull(agent)
        if found is None:
            return
        one, row, _engagement = queries.item(agent, *found)
        fields = {field.id: field for field in one.form.fields} if one.form else {}
        choice = next((field.choices for field in fields.values() if field.type == "choice"), ())
        decision = "return" if "return" in {option.value for option in choice} else choice[0].value
        work.complete(
            agent, row.pk, one.row.wait, {"decision": decision, "note": "Sent back: the order number is missing."}
        )
        running.host().work()

    def _portfolio(self, owner: Person) -> None:
        sample = Path(portfolio.__file__).parents[2] / "sourcing" / "samples" / "portfolio.csv"
        if sample.is_file():
            portfolio.decide(owner, Organisation.objects.get(kind="client"), sample.name, sample.read_bytes())


def _working(now: int) -> int:
    """The same day at the next working hour, or Monday morning where it falls on a weekend."""
    at = datetime.fromtimestamp(now / 1_000_000, UTC)
    if at.weekday() >= 5:
        at = (at + timedelta(days=7 - at.weekday())).replace(hour=8)
    hour = 8 + at.hour % 6
    return int(at.replace(hour=hour).timestamp()) * 1_000_000
