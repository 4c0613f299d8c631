"""Whether what was decided comes true: the months of the ledger against the business case of the client's portfolio."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from anyshore.base.errors import AnyshoreError
from anyshore.sourcing.business_case import case as cases
from anyshore.sourcing.business_case.case import Case, Frame
from anyshore.sourcing.business_case.tracking import Month as Shown
from anyshore.sourcing.business_case.tracking import Tracked, track
from anyshore.terms.arbitrage import Worked, worked_months
from anyshore.terms.months import Month, month_of
from anyshore.web.core import audit, permissions
from anyshore.web.core.errors import Invalid, NotFound
from anyshore.web.core.models import Engagement, Person
from anyshore.web.engine.books import book
from anyshore.web.engine.running import host
from anyshore.web.portfolio.models import KeptFile, Tracking


@dataclass(frozen=True, slots=True)
class Kept:
    """A service of an engagement against the case it was decided on.

    Attributes:
        tracking: what is held against what.
        months: what the ledger shows, the oldest first; only months that are over and in the years of the case.
        tracked: what comes of it; None while no month is over.
        problem: why nothing can be said; empty where it can.
    """

    tracking: Tracking
    months: tuple[tuple[Month, Worked], ...]
    tracked: Tracked | None
    problem: str = ""


def engagement(person: Person, key: str) -> Engagement:
    """An engagement whose client's business cases a person may see: what the client paid before is no news for others.

    Raises:
        NotFound: there is none, or the person may not know of its case.
    """
    found = permissions.engagement(person, key, "scorecard.see")
    if not sees(person, found):
        raise NotFound(_("There is no such page."))
    return found


def sees(person: Person, found: Engagement) -> bool:
    """Whether a person may see the business cases of the client of an engagement."""
    return permissions.organisations(person, "portfolio.see").filter(pk=found.client_id).exists()


def business_cases(found: Engagement) -> QuerySet[KeptFile]:
    """The business cases of the client, the newest first."""
    kept = KeptFile.objects.filter(portfolio__organisation=found.client_id, kind=KeptFile.Kind.CASE)
    return kept.defer("content").select_related("portfolio").order_by("-id")


def hold(by: Person, key: str, case: int, service: str, activity: str, site: str) -> Tracking:
    """Holds a service against an activity of a case from now on; another case takes the place of the one before.

    Raises:
        Invalid: the client has no such case, or the case no such activity or site, or its money is another.
    """
    found = engagement(by, key)
    permissions.organisation(by, found.client.key, "portfolio.decide")
    kept = business_cases(found).filter(pk=case).first()
    if kept is None or not kept.figures:
        raise Invalid({"case": _("The client has no such business case.")})
    pairs = {(one["activity"], one["site"]) for one in kept.figures["outcomes"]}
    if (activity, site) not in pairs:
        raise Invalid({"place": _("The case has no such activity at this site.")})
    versions = book(key).versions
    terms = versions[-1].terms if versions else None
    if terms is None or service not in terms.services:
        raise Invalid({"service": _("The terms have no such service.")})
    if terms.currency != kept.figures["currency"]:
        money = {"case": kept.figures["currency"], "terms": terms.currency}
        raise Invalid({"case": _("The case is in %(case)s, the terms are in %(terms)s.") % money})
    with transaction.atomic():
        tracking, _made = Tracking.objects.update_or_create(
            engagement=found, service=service, defaults={"case": kept, "activity": activity, "site": site, "by": by}
        )
        audit.record(
            by, "case.held", kept.name, organisation=found.client, engagement=found, service=service,
            activity=activity, site=site, baseline=kept.figures["baseline"]["digest"],
        )  # fmt: skip
    return tracking


def kept(found: Engagement) -> list[Kept]:
    """Every service that is held against a case."""
    return [_kept(found, one) for one in found.tracked.select_related("case__portfolio")]


def _kept(found: Engagement, tracking: Tracking) -> Kept:
    try:
        case = _case(tracking.case)
        months = tuple(_months(found, case, tracking.service))
        shown = [Shown(month.first, Decimal(one.items), one.fees, one.credits) for month, one in months]
        tracked = track(case, tracking.activity, tracking.site, shown) if shown else None
    except AnyshoreError as error:
        return Kept(tracking, (), None, "\n".join(str(one) for one in error.diagnostics))
    return Kept(tracking, months, tracked)


def _case(kept: KeptFile) -> Case:
    figures = kept.figures or {}
    frame = Frame(
        date.fromisoformat(figures["start"]), figures["years"], figures["discount"], figures["currency"],
        figures["baseline"]["version"],
    )  # fmt: skip
    return cases.read(bytes(kept.content), frame, kept.name)


def _months(found: Engagement, case: Case, service: str) -> list[tuple[Month, Worked]]:
    """The months that are over, of the years of the case and under terms."""
    ledger = book(found.key)
    if not ledger.versions:
        return []
    since = max(case.frame.start, min(one.terms.in_force_from for one in ledger.versions))
    first = Month(since.year, since.month)
    end = Month(case.frame.start.year + case.frame.years, case.frame.start.month)
    months: list[tuple[Month, Worked]] = []
    running = month_of(host().clock(), found.zone)
    while first < min(running, end):
        months += worked_months(ledger, first, first, service)
        first = first.next
    return months
