"""Tokens for programs: for a purpose, for some services, for a time."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anyshore.web.accounts import secrecy, security
from anyshore.web.core.errors import Invalid
from anyshore.web.core.models import ApiToken, Limits, Person

SCOPES: dict[str, tuple[object, frozenset[str]]] = {
    "read": (gettext_lazy("Read"), frozenset({
        "work.see", "case.see", "document.see", "scorecard.see", "invoice.see", "ledger.see", "process.see",
        "portfolio.see", "audit.see", "received.see", "references.see", "incident.see", "library.see",
    })),
    "work": (gettext_lazy("Hand in and do work"), frozenset({
        "work.do", "work.start", "question.answer", "case.plan", "interest.note", "course.take",
    })),
    "sign": (gettext_lazy("Sign deliverables"), frozenset({"case.sign"})),
    "operate": (gettext_lazy("Operate services"), frozenset({
        "incident.act", "process.check", "process.deploy", "references.load", "channel.manage", "portfolio.decide",
        "webhook.manage",
    })),
    "bill": (gettext_lazy("Issue and answer invoices"), frozenset({"invoice.issue", "invoice.answer"})),
    "manage": (gettext_lazy("Manage people and engagements"), frozenset({
        "people.manage", "people.invite", "engagement.create",
    })),
}  # fmt: skip
"""What a token is for → its label and the abilities it carries; every ability stands in one."""

LASTS = 90
"""Days a token goes on where nothing else is said."""
LONGEST = 365
_USE_NOTED_EVERY = timedelta(minutes=1)


@transaction.atomic
def issue(
    by: Person, name: str, scopes: list[str] | None = None, services: list[str] | None = None, days: int = LASTS
) -> str:
    """A token for the person's own programs. Shown once.

    Args:
        by: who acts through it.
        name: what it is for.
        scopes: of :data:`SCOPES`; all where None.
        services: ids of services it is bound to; none: all of the person's.
        days: how long it goes on.

    Raises:
        Invalid: a part is missing or does not fit.
    """
    problems = {}
    wanted = sorted(SCOPES) if scopes is None else sorted(set(scopes))
    if not name.strip():
        problems["name"] = _("Give the token a name.")
    if not wanted or not set(wanted) <= set(SCOPES):
        problems["scopes"] = _("Say what it is for: %s.") % ", ".join(SCOPES)
    if not 1 <= days <= LONGEST:
        problems["days"] = _("It ends within %d days.") % LONGEST
    if problems:
        raise Invalid(problems)
    token = secrecy.fresh("any_")
    ApiToken.objects.create(
        person=by, name=name.strip()[:80], digest=secrecy.digest(token), scopes=wanted,
        services=sorted(set(services or ())), expires=timezone.now() + timedelta(days=days),
    )  # fmt: skip
    security.note("token.issued", by, by=by, name=name.strip()[:80], scopes=wanted, services=services or [], days=days)
    return token


def current(person: Person) -> QuerySet[ApiToken]:
    """The tokens that work, newest first."""
    return person.tokens.filter(revoked=None, expires__gt=timezone.now()).order_by("-id")


@transaction.atomic
def revoke(by: Person, token: int) -> None:
    """Ends one of the person's own tokens."""
    if ApiToken.objects.filter(pk=token, person=by, revoked=None).update(revoked=timezone.now()):
        security.note("token.revoked", by, by=by, token=token)


@transaction.atomic
def revoke_all(person: Person, by: Person | None, why: str) -> int:
    """Ends all tokens of a person; how many there were."""
    ended = current(person).update(revoked=timezone.now())
    if ended:
        security.note("token.revoked", person, by=by, number=ended, why=why)
    return ended


def person_of_token(token: str) -> Person | None:
    """Whose token it is while it works; the person is limited to what it is for."""
    found = ApiToken.objects.filter(
        digest=secrecy.digest(token), revoked=None, expires__gt=timezone.now(), person__is_active=True
    )
    row = found.select_related("person").first()
    if row is None:
        return None
    now = timezone.now()
    if row.last_used is None or now - row.last_used >= _USE_NOTED_EVERY:
        ApiToken.objects.filter(pk=row.pk).update(last_used=now)
    row.person.limits = limits(row)
    return row.person


def limits(row: ApiToken) -> Limits:
    """What a token lets do."""
    able = frozenset[str]().union(*(SCOPES[scope][1] for scope in row.scopes if scope in SCOPES))
    return Limits(able, frozenset(row.services))
