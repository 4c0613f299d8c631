"""One search over everything, within what one may see: engagements, cases, invoices by number or amount, people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from anyshore.web.core import permissions
from anyshore.web.core.models import Engagement, Person
from anyshore.web.engagements import settling
from anyshore.web.engine import queries as engine

EACH = 6
"""Hits of each kind that are shown."""
MOST = 100
"""Characters of what is searched for."""
MOST_ENGAGEMENTS = 50
"""Engagements whose invoices are looked through."""


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found: what it is called, where it is, what else it is known by."""

    title: str
    address: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Hits of a kind."""

    title: str
    hits: list[Hit]


def found(person: Person, text: str) -> list[Group]:
    """What a text finds, by kind; nothing for a text of nothing.

    Args:
        person: who searches.
        text: words, a reference, a number or an amount.
    """
    wanted = " ".join(text.split())[:MOST].casefold()
    if not wanted:
        return []
    kinds = (
        (_("Engagements"), _engagements), (_("Cases"), _cases), (_("Invoices"), _invoices), (_("People"), _people),
    )  # fmt: skip
    groups = [Group(title, list(islice(search(person, wanted), EACH))) for title, search in kinds]
    return [one for one in groups if one.hits]


def _engagements(person: Person, wanted: str) -> Iterator[Hit]:
    named = Q(title__icontains=wanted) | Q(key__icontains=wanted) | Q(client__name__icontains=wanted)
    seen = permissions.visible_engagements(person, "scorecard.see").filter(named | Q(provider__name__icontains=wanted))
    for one in seen.select_related("client", "provider").order_by("title")[:EACH]:
        yield Hit(one.title, reverse("engagement", args=[one.key]), f"{one.client} · {one.provider}")


def _cases(person: Person, wanted: str) -> Iterator[Hit]:
    for row in engine.instances(person, text=wanted, limit=EACH).defer("state"):
        yield Hit(row.reference or str(row.pk), reverse("instance", args=[row.pk]), row.engagement)


def _invoices(person: Person, wanted: str) -> Iterator[Hit]:
    """By number, or by an amount: as billed, as paid, as open."""
    amount = wanted.replace(",", ".")
    for one in _billing(person):
        for each in settling.sent(one):
            amounts = {f"{each.settlement.amount:f}", f"{each.settlement.left:f}"}
            if wanted in each.document.number.casefold() or amount in amounts:
                about = f"{each.settlement.amount:f} {each.currency}"
                yield Hit(
                    each.document.number, reverse("invoice-document", args=[one.key, each.document.number]), about
                )


def _billing(person: Person) -> list[Engagement]:
    return list(permissions.visible_engagements(person, "invoice.see").order_by("-pk")[:MOST_ENGAGEMENTS])


def _people(person: Person, wanted: str) -> Iterator[Hit]:
    """Those a manager manages: nobody else has pages of people."""
    managed = permissions.organisations(person, "people.manage")
    rows = Person.objects.filter(memberships__organisation__in=managed).distinct()
    for one in rows.filter(Q(name__icontains=wanted) | Q(email__icontains=wanted)).order_by("name")[:EACH]:
        yield Hit(one.name, reverse("person", args=[one.pk]), one.email)
