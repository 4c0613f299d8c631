"""Sets up both sides of an engagement from a terms file: organisations, people, signed terms.

For trying the system on one machine. Passwords are drawn at random and kept in the installation's own folder, so that
they can be shown again; nothing is known beforehand.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from itertools import chain, count
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from anyshore.base.telling import Sheet
from anyshore.packs.reading import Pack
from anyshore.sourcing import portfolio as sample
from anyshore.sourcing.decide import Decision, Rules
from anyshore.terms import reading
from anyshore.terms.model import Terms
from anyshore.web.core.models import Assignment, Credential, Engagement, Membership, Organisation, Person, Role
from anyshore.web.engagements import actions
from anyshore.web.portfolio import actions as portfolio
from anyshore.web.portfolio import queries

_PEOPLE = (
    (Role.OWNER, "Olga Owner", Organisation.Kind.CLIENT),
    (Role.MANAGER, "Max Manager", Organisation.Kind.PROVIDER),
    (Role.AGENT, "Ada Agent", Organisation.Kind.PROVIDER),
    (Role.EXPERT, "Emil Expert", Organisation.Kind.PROVIDER),
    (Role.EXPERT, "Eva Expert", Organisation.Kind.PROVIDER),
    (Role.EXPERT, "Ines Expert", Organisation.Kind.PROVIDER),
)


@dataclass(frozen=True, slots=True)
class Account:
    """Someone who can sign in."""

    email: str
    password: str
    role: str
    organisation: str

    def as_dict(self) -> dict[str, str]:
        """As plain data."""
        return asdict(self)


def sheet(accounts: Sequence[Account]) -> Sheet:
    """Who can sign in."""
    rows = [(one.role, one.email, one.password, one.organisation) for one in accounts]
    return Sheet("Who can sign in", ("Role", "Email", "Password", "Organisation"), rows)


@transaction.atomic
def engage(text: str, file: str | None = None, *, told: bool = True) -> tuple[Engagement, list[Account], bool]:
    """Both sides of an engagement, its people and its signed terms; what is there already stays.

    Args:
        text: the terms file.
        file: its name, for messages.
        told: whether the accounts are shown to somebody. One nobody is told of has no password, and no time is spent on
            one, until it is asked for.

    Returns:
        The engagement, the accounts of its people, and whether these terms were signed now.

    Raises:
        TermsError: the terms cannot be used.
        Invalid: they belong to others, or an older version is proposed.
    """
    terms = reading.loads(text, file=file)
    client = _organisation(terms.client.name, Organisation.Kind.CLIENT)
    provider = _organisation(terms.provider.name, Organisation.Kind.PROVIDER)
    people, accounts = _people(client, provider, told=told)
    owner, manager = people[0], people[1]
    known = Engagement.objects.filter(key=terms.id).first()
    signed = known is None or not known.terms.filter(text=text, accepted__isnull=False).exists()
    if signed:
        version = actions.propose(manager, provider, client, text)
        actions.accept(owner, terms.id, version.version)
    engagement = Engagement.objects.get(key=terms.id)
    for person in people[2:]:
        Assignment.objects.get_or_create(person=person, engagement=engagement)
    _certify(people[2:], manager, terms)
    return engagement, accounts, signed


def decided() -> list[Decision]:
    """The shipped sample portfolio, decided where and when the demonstration runs."""
    rules = Rules(timezone.localdate())
    return [rules.decide(one) for one in sample.read(queries.sample(), "portfolio.csv").activities]


def engage_all(packs: Iterable[Pack]) -> tuple[list[Engagement], list[Account]]:
    """The sample terms of packs signed, and the sample portfolio decided for the client of the first; with accounts."""
    engaged: list[Engagement] = []
    accounts: list[Account] = []
    for pack in packs:
        assert pack.terms is not None  # its check says so
        made, accounts, _signed = engage(pack.terms.read_text(encoding="utf-8"))
        engaged.append(made)
    decide_sample(engaged[0])
    return engaged, accounts


def decide_sample(engagement: Engagement) -> None:
    """The shipped sample portfolio, decided for the engagement's client; one that has a portfolio keeps it."""
    client = engagement.client
    if client.portfolios.exists():
        return
    owner = Person.objects.filter(memberships__organisation=client, memberships__role=Role.OWNER).first()
    if owner is not None:
        portfolio.decide(owner, client, "portfolio.csv", queries.sample())


def _organisation(name: str, kind: str) -> Organisation:
    """The organisation of that name and side, under a key of its own: two names may be written alike in a key."""
    found = Organisation.objects.filter(name=name, kind=kind).first()
    if found is not None:
        return found
    stem = slugify(name)[:40] or kind
    keys = chain([stem], (f"{stem}-{number}" for number in count(2)))
    free = next(key for key in keys if not Organisation.objects.filter(key=key).exists())
    return Organisation.objects.create(key=free, name=name, kind=kind)


def _people(client: Organisation, provider: Organisation, *, told: bool) -> tuple[list[Person], list[Account]]:
    known = _kept()
    people, accounts = [], []
    for role, name, side in _PEOPLE:
        organisation = client if side == Organisation.Kind.CLIENT else provider
        email = f"{slugify(name).split('-')[0]}@{organisation.key}.example"
        person = Person.objects.filter(email=email).first()
        password = known.setdefault(email, secrets.token_urlsafe(9)) if told else ""
        if person is None:
            person = Person.objects.create_user(email, password or None, name=name)
        elif told and not person.has_usable_password():
            person.set_password(password)
            person.save(update_fields=["password"])
        Membership.objects.get_or_create(person=person, organisation=organisation, role=role)
        people.append(person)
        accounts.append(Account(email, password, str(Role(role).label), organisation.name))
    _keep(known)
    return people, accounts


def _certify(people: list[Person], manager: Person, terms: Terms) -> None:
    """The agent has the certificate of every rule service, the experts the qualification of every judgement service.

    The agent speaks German and English on the telephone, too.
    """
    since = timezone.localdate() - timedelta(days=30)
    for person in people:
        agent = person.memberships.filter(role=Role.AGENT).exists()
        for key, service in terms.services.items():
            if (service.kind == "bpo") == agent:
                kind = Credential.Kind.CERTIFICATE if agent else Credential.Kind.QUALIFICATION
                Credential.objects.get_or_create(
                    person=person, kind=kind, subject=key, defaults={"valid_from": since, "verified_by": manager}
                )
        if agent:
            spoken = [(Credential.Kind.LANGUAGE, tag, "C1") for tag in ("de", "en")]
            for kind, subject, level in [*spoken, (Credential.Kind.CHANNEL, "phone", "")]:
                Credential.objects.get_or_create(
                    person=person, kind=kind, subject=subject,
                    defaults={"level": level, "valid_from": since, "verified_by": manager},
                )  # fmt: skip


def _file() -> Path:
    return Path(settings.HOME) / "demonstration-accounts.json"


def _kept() -> dict[str, str]:
    if not _file().is_file():
        return {}
    kept: dict[str, str] = json.loads(_file().read_text(encoding="utf-8"))
    return kept


def _keep(passwords: dict[str, str]) -> None:
    descriptor = os.open(_file(), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        json.dump(passwords, stream, indent=1)
