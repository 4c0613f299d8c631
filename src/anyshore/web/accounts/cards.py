"""Who one may be in the demonstration: cards on the page one signs in on, and what to look at first.

The passwords of the demonstration are drawn and kept in its own folder. They are shown to no browser but one on the
same machine that names the machine itself, so an installation that is reached from elsewhere never gives them away.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from anyshore.web.core.models import Engagement, Membership, Person, Role

FILE = "demonstration-accounts.json"
LOCAL = frozenset({"localhost", "127.0.0.1", "[::1]"})
_LOOPBACK = frozenset({"127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Card:
    """Somebody one may be."""

    email: str
    password: str
    name: str
    role: str
    organisation: str
    about: str


@dataclass(frozen=True, slots=True)
class Step:
    """A place to look at, and why."""

    title: str
    address: str


def passwords(request: HttpRequest) -> dict[str, str]:
    """The drawn passwords by address; none where there is no demonstration, or the browser is elsewhere."""
    host = request.get_host().rpartition(":")[0] or request.get_host()
    near = request.META.get("REMOTE_ADDR") in _LOOPBACK and not request.headers.get("X-Forwarded-For")
    file = Path(settings.HOME) / FILE
    if host not in LOCAL or not near or not file.is_file():
        return {}
    found: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
    return found


def cards(request: HttpRequest) -> list[Card]:
    """One of each role, of the engagements with most to see: those of the story, else the first."""
    known = passwords(request)
    if not known:
        return []
    found = Membership.objects.filter(person__email__in=known, person__is_active=True)
    rows = found.select_related("person", "organisation").order_by("pk")
    story = [one for one in rows if one.organisation.key == "rheinwerk-maschinen-ag"]
    about = {
        Role.OWNER: _("Is the provider delivering what we pay for?"),
        Role.MANAGER: _("Staff it, keep it inside its promises, invoice it."),
        Role.AGENT: _("Give me the next item, let me finish it."),
        Role.EXPERT: _("Plan my case, see the evidence, sign."),
    }
    shown = {one.role: one for one in [*reversed(list(rows)), *reversed(story)]}
    return [
        Card(
            shown[role].person.email, known[shown[role].person.email], shown[role].person.name,
            str(Role(role).label), shown[role].organisation.name, about[role],
        )
        for role in about
        if role in shown
    ]  # fmt: skip


def tour(request: HttpRequest, person: Person) -> list[Step]:
    """Three things to look at, by role; nothing outside of the demonstration."""
    if person.email not in passwords(request):
        return []
    return list(_steps(person))[:3]


def _steps(person: Person) -> Iterator[Step]:
    roles = {one.role for one in person.memberships.all()}
    engagement = _engagement(person)
    if Role.OWNER in roles and engagement:
        yield Step(
            _("See what was promised and what was delivered, month by month."), _at("engagement-objectives", engagement)
        )
        yield Step(
            _("An amendment of the terms waits for you: what it changes is marked."),
            _at("engagement-terms", engagement),
        )
        yield Step(_("Let your browser recompute the whole ledger."), _at("engagement-proof", engagement))
    elif Role.MANAGER in roles and engagement:
        yield Step(_("One case stopped on an incident: try it again."), reverse("incidents"))
        yield Step(_("What was billed, what is paid, what is overdue."), _at("engagement-money", engagement))
        yield Step(_("Plan the coming week from what the ledger lets expect."), _at("engagement-week", engagement))
    elif Role.AGENT in roles:
        yield Step(_("Take the next item and decide it."), reverse("work"))
        yield Step(_("Look at a case from receipt to its end."), reverse("instances"))
        yield Step(_("Your certificates, and what they open."), reverse("learning"))
    elif Role.EXPERT in roles:
        yield Step(_("Take a contract under review."), reverse("work"))
        yield Step(_("Look at the cases, the walls around them included."), reverse("instances"))
        yield Step(_("How well reviewers agree."), reverse("reviews"))


def _at(page: str, engagement: str) -> str:
    return reverse(page, args=[engagement])


def _engagement(person: Person) -> str:
    """That of the story, else the first there is."""
    sides = person.memberships.values("organisation")
    found = Engagement.objects.filter(client__in=sides) | Engagement.objects.filter(provider__in=sides)
    keys = list(found.order_by("pk").values_list("key", flat=True))
    return next((one for one in keys if one == "rheinwerk-payables"), keys[0] if keys else "")
