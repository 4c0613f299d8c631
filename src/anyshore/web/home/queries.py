"""What waits for somebody, and what is at stake, as far as they may see it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count

from anyshore.kernel.state import INCIDENT
from anyshore.terms.scorecard import ObjectiveScore
from anyshore.web.core import permissions
from anyshore.web.core.models import Engagement, Person
from anyshore.web.engagements import queries as engagements
from anyshore.web.engagements.models import TermsVersion
from anyshore.web.engagements.queries import Card
from anyshore.web.engine import queries as engine
from anyshore.web.engine.models import Wait
from anyshore.web.engine.running import host
from anyshore.web.talk import queries as talk
from anyshore.web.work import due
from anyshore.web.work import queries as work
from anyshore.web.work.items import Item

SOON = 100
"""Open pieces of work among which the one that is due first is looked for."""


@dataclass(frozen=True, slots=True)
class Next:
    """What somebody does next.

    Attributes:
        item: it; None: nothing waits.
        mine: whether it is in their hands already.
        due: when an objective is missed with it, microseconds since 1970 UTC.
        overdue: whether that is over.
        zone: of its engagement.
        since: when its case came in.
        waiting: how many pieces of work they could be given.
        held: how many are in their hands.
        lacking: what they would need for more, see ``work.queries.Desk``.
    """

    item: Item | None
    mine: bool
    due: int | None
    overdue: bool
    zone: str
    since: int
    waiting: int
    held: int
    lacking: list[tuple[str, str, str]]


def next_of(person: Person) -> Next:
    """The piece of work to do next: in hand, else the one that ``work.actions.pull`` gives."""
    desk = work.desk(person)
    item = next(iter(desk.mine or desk.waiting), None)
    if item is None:
        return Next(None, False, None, False, "", 0, 0, 0, desk.lacking)
    now, number = host().clock(), item.row.instance
    at = due.moments([item.row], now).get(number)
    zone = Engagement.objects.filter(key=item.row.engagement).values_list("zone", flat=True).first() or ""
    return Next(
        item, bool(desk.mine), at, at is not None and at < now, zone, engine.received([number]).get(number, now),
        len(desk.waiting), len(desk.mine), desk.lacking,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stake:
    """What an engagement costs and keeps this month.

    Attributes:
        card: its month so far.
        total: to pay for it so far, without tax.
        credits: what the client is credited of it.
        currency: of both.
        missed: the objectives below their target.
    """

    card: Card
    total: Decimal | None
    credits: Decimal
    currency: str
    missed: list[ObjectiveScore]


def stakes(person: Person) -> list[Stake]:
    """Money and promises of this month, an engagement each; what is missed comes first."""
    sees_money = set(engine.engagement_keys(person, "invoice.see"))
    found = []
    for card in engagements.cards(person):
        if card.engagement.key not in sees_money or card.invoice is None:
            continue
        credits = sum((one.amount for one in card.invoice.credits), Decimal(0))
        missed = [one for one in card.scores if one.status == "missed"]
        found.append(Stake(card, card.invoice.net, credits, card.invoice.terms.currency, missed))
    return sorted(found, key=lambda one: (not one.missed, one.card.engagement.title))


@dataclass(frozen=True, slots=True)
class Asked:
    """What waits for a client's word.

    Attributes:
        terms: proposed, and neither accepted nor replaced.
        questions: of experts, not answered yet.
    """

    terms: list[TermsVersion]
    questions: int


def asked(person: Person) -> Asked:
    """What waits for the person's signature or answer."""
    return Asked(terms_to_sign(person), questions_open(person))


def terms_to_sign(person: Person) -> list[TermsVersion]:
    """The newest terms of each engagement the person can accept, where these are not accepted yet."""
    able = permissions.visible_engagements(person, "portfolio.decide")
    rows = (
        TermsVersion.objects.filter(engagement__in=able).select_related("engagement").order_by("engagement", "version")
    )
    newest = {row.engagement_id: row for row in rows.defer("text")}
    return [row for row in newest.values() if row.accepted is None]


def to_sign(person: Person) -> int:
    """How many terms wait for the person's signature."""
    able = permissions.visible_engagements(person, "portfolio.decide")
    rows = TermsVersion.objects.filter(engagement__in=able).order_by("version")
    newest = dict(rows.values_list("engagement", "accepted"))
    return sum(accepted is None for accepted in newest.values())


def questions_open(person: Person) -> int:
    """How many questions wait for the person's answer."""
    return talk.questions_open(person)


def unread(person: Person) -> int:
    """Notifications the person has not read."""
    return talk.unread(person)


def in_hand(person: Person) -> int:
    """Pieces of work in the person's hands."""
    return Wait.objects.filter(kind="work", claimed_by=person.email).count()


@dataclass(frozen=True, slots=True)
class Stuck:
    """Incidents of a service."""

    engagement: str
    service: str
    count: int


def incidents(person: Person) -> list[Stuck]:
    """Open incidents by engagement and service, the most first."""
    theirs = engine.engagement_keys(person, "incident.see")
    if not theirs:
        return []
    found = Wait.objects.filter(kind=INCIDENT, engagement__in=theirs).exclude(instance__in=engine.blocked(person))
    counted = found.order_by().values_list("engagement", "service").annotate(n=Count("wait")).order_by("-n")
    return [Stuck(*row) for row in counted]


def stuck(person: Person) -> int:
    """How many incidents are open."""
    return sum(one.count for one in incidents(person))
