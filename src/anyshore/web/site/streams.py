"""What a stream of events tells: the entries of an engagement's ledger, as far as who listens may see them.

Who listens is known by a token or by the cookie of a signed-in browser, and looked at again while they listen. The id
of an event is the sequence of its entry: ``Last-Event-ID`` goes on behind it (HTML Living Standard, 9.2).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from http.cookies import SimpleCookie
from importlib import import_module

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest

from anyshore.base.errors import AnyshoreError
from anyshore.web.accounts.tokens import person_of_token
from anyshore.web.core import permissions
from anyshore.web.core.errors import Denied
from anyshore.web.core.models import Person
from anyshore.web.engine import queries as engine
from anyshore.web.engine.models import LedgerEntry, LedgerHead

AT_ONCE = 500
"""Entries that are read at a time."""
OF_WORK = ("instance.", "work.", "milestone.", "incident.", "case.")
"""How the types begin that whoever sees work is told; the rest is for whoever sees the ledger."""


@dataclass(frozen=True, slots=True)
class Told:
    """An entry as it is told.

    Attributes:
        sequence: of the entry.
        type: of the entry.
        instance: what it is about, if it is about one.
        service: whose it is.
        text: the event as it is sent.
    """

    sequence: int
    type: str
    instance: int | None
    service: str
    text: bytes


@dataclass(frozen=True, slots=True)
class Listener:
    """What somebody may be told of an engagement.

    Attributes:
        person: number of who listens.
        whole: whether they see the ledger, or work alone.
        hidden: cases a wall keeps from them.
        services: to which their program is bound; none: all.
    """

    person: int
    whole: bool
    hidden: frozenset[int]
    services: frozenset[str] = frozenset()

    def hears(self, one: Told) -> bool:
        """Whether they are told of it."""
        if one.instance in self.hidden or (self.services and one.service not in self.services):
            return False
        return self.whole or one.type.startswith(OF_WORK)


class Unknown(AnyshoreError):
    """Nobody we know asks."""


def person_of(authorization: str, cookies: str) -> Person:
    """Who asks.

    Args:
        authorization: the header of that name, or nothing.
        cookies: the header ``Cookie``, or nothing.

    Raises:
        Unknown: there is no such token or session (``stream.unknown``).
        Denied: somebody else chose their password.
    """
    scheme, _, token = authorization.partition(" ")
    found = person_of_token(token) if scheme.lower() == "bearer" else _of_session(cookies)
    if found is None:
        raise Unknown("stream.unknown", "Nobody is signed in.", hint="Send a token, or sign in.")
    if found.handed:
        raise Denied("Choose a password of your own first.")
    return found


def _of_session(cookies: str) -> Person | None:
    morsel = SimpleCookie(cookies).get(settings.SESSION_COOKIE_NAME) if cookies else None
    if morsel is None:
        return None
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(morsel.value)
    found = get_user(request)
    return found if isinstance(found, Person) and found.is_active else None


def listener(person: Person, key: str) -> Listener:
    """What somebody may be told.

    Raises:
        NotFound: they may not know of the engagement.
        Denied: they see neither its work nor its ledger.
    """
    engagement = permissions.engagement(person, key)
    able = permissions.able(person, engagement)
    if not {"work.see", "ledger.see"} & able:
        raise Denied("Your role does not allow this.")
    limits = person.limits
    return Listener(
        person.pk, "ledger.see" in able, engine.blocked(person), limits.services if limits is not None else frozenset()
    )


def heads() -> dict[str, int]:
    """The last entry of every engagement."""
    return dict(LedgerHead.objects.values_list("engagement", "sequence"))


def head(key: str) -> int:
    """The last entry of an engagement; 0 before the first."""
    return LedgerHead.objects.filter(pk=key).values_list("sequence", flat=True).first() or 0


def entries(key: str, after: int) -> list[Told]:
    """The next entries of an engagement, ``AT_ONCE`` of them at most."""
    rows = LedgerEntry.objects.filter(engagement=key, sequence__gt=after).order_by("sequence")
    return [
        _told(sequence, type, instance, bytes(line))
        for sequence, type, instance, line in rows.values_list("sequence", "type", "instance", "line")[:AT_ONCE]
    ]


def _told(sequence: int, type: str, instance: int | None, line: bytes) -> Told:
    text = b"id: %d\nevent: %s\ndata: %s\n\n" % (sequence, type.encode(), line)  # a canonical line has no line break
    return Told(sequence, type, instance, str(json.loads(line)["service"]), text)
