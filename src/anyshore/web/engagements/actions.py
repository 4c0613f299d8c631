"""Agreeing on terms and issuing invoices."""

from __future__ import annotations

import calendar
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from anyshore.base import zones
from anyshore.base.errors import AnyshoreError, CommandRejected, TermsError
from anyshore.host.ledgers import LedgerWriter
from anyshore.terms import figures, months, reading
from anyshore.terms.invoice import draft
from anyshore.web.core import audit, permissions
from anyshore.web.core.errors import Denied, Invalid, NotFound
from anyshore.web.core.models import Engagement, Organisation, Person, Role
from anyshore.web.engagements import billing
from anyshore.web.engagements.models import TermsVersion
from anyshore.web.engine import notices, services
from anyshore.web.engine.books import book, head
from anyshore.web.engine.models import Notification
from anyshore.web.engine.running import host
from anyshore.web.engine.tallies import services_of
from anyshore.web.walls import actions as interests
from anyshore.web.walls import queries as known

MOST_REASON = 2000
"""Characters of the reason of a correction."""


@transaction.atomic
def propose(by: Person, provider: Organisation, client: Organisation, text: str) -> TermsVersion:
    """Proposes terms to a client: of a new engagement, or a new version for the one the terms name.

    Raises:
        Invalid: the terms cannot be read, or belong to another client's engagement.
    """
    permissions.organisation(by, provider.key, "engagement.create")
    if client.kind != Organisation.Kind.CLIENT:
        raise Invalid({"client": _("Choose a client.")})
    try:
        terms = reading.loads(text)
    except TermsError as error:
        raise Invalid({"text": "\n".join(str(one) for one in error.diagnostics)}) from error
    engagement, new = Engagement.objects.get_or_create(
        key=terms.id,
        defaults={"title": terms.title, "client": client, "provider": provider, "zone": terms.time_zone},
    )
    if (engagement.client_id, engagement.provider_id) != (client.pk, provider.pk):
        raise Invalid({"text": _("The id “%s” belongs to another engagement. Choose another id.") % terms.id})
    Engagement.objects.select_for_update().get(pk=engagement.pk)  # versions are counted up by one at a time
    newest = engagement.terms.first()
    if newest is not None and terms.version <= newest.version:
        raise Invalid({"text": _("Version %d exists. Count the version up.") % newest.version})
    if newest is not None and replace(terms, version=newest.version) == reading.loads(newest.text):
        raise Invalid({"text": _("These terms are those of version %d: nothing was changed.") % newest.version})
    if new:  # whoever is bound to the client must not see it: not even these terms
        interests.wall_off_clients(known.standing_interests(provider), host().clock())
    found = TermsVersion.objects.create(
        engagement=engagement, version=terms.version, text=text.replace("\r\n", "\n"), proposed_by=by
    )
    audit.record(by, "terms.proposed", f"{engagement.key} {terms.version}", engagement=engagement)
    notices.tell_of(notices.owners(engagement), engagement, Notification.Kind.PROPOSED, host().clock())
    return found


@transaction.atomic
def accept(by: Person, key: str, version: int) -> TermsVersion:
    """The client accepts proposed terms: they are signed into the ledger and hold from their day on."""
    engagement = permissions.engagement(by, key)
    owns = by.memberships.filter(organisation=engagement.client, role=Role.OWNER).exists()
    if not owns:
        raise Denied(_("Only the client accepts terms."))
    engagement = Engagement.objects.select_for_update().select_related("client", "provider").get(pk=engagement.pk)
    found = TermsVersion.objects.select_for_update().filter(engagement=engagement, version=version).first()
    if found is None:
        raise NotFound(_("There is no such version."))
    if found.accepted is not None:
        raise CommandRejected("terms.accepted", _("These terms were accepted before."))
    runtime = host()
    with runtime.store.transaction() as tx:
        chain = LedgerWriter(tx, engagement.key)
        data = {
            "terms": found.text, "version": found.version, "proposed_by": found.proposed_by.email,
            "accepted_by": by.email,
        }  # fmt: skip
        entry = chain.add(runtime.clock(), "engagement.signed", data)
        chain.write()
    found.accepted_by, found.accepted, found.sequence = by, timezone.now(), entry.sequence
    found.save()
    engagement.status = Engagement.Status.ACTIVE
    engagement.zone = reading.loads(found.text).time_zone
    engagement.save(update_fields=["status", "zone"])
    for service in services_of(engagement):
        _stand_ready(by, engagement, service)
    audit.record(by, "terms.accepted", f"{key} {version}", engagement=engagement)
    notices.tell_of(notices.managers(engagement), engagement, Notification.Kind.ACCEPTED, runtime.clock())
    return found


def _stand_ready(by: Person, engagement: Engagement, service: str) -> None:
    """Opens what begins by itself in a service. A faulty pack is no reason against the terms: it is written down."""
    try:
        services.stand_ready(engagement, service, by)
    except AnyshoreError as problem:
        audit.record(by, "starters.failed", service, engagement=engagement, reason=problem.message)


TRIES = 3
"""Times a document is computed while others go on writing; after that they wait for it."""

Fact = tuple[str, dict[str, Any]]
"""Type and data of a ledger entry."""


def _recorded(by: Person, engagement: Engagement, compute: Callable[[], Fact]) -> str:
    """Computes a document while others write, and records it where the ledger is still the one it was computed on.

    Returns:
        Its number.
    """
    for left in reversed(range(TRIES)):
        before = head(engagement.key)
        kind, data = compute()
        with transaction.atomic(), host().store.transaction() as tx:
            chain = LedgerWriter(tx, engagement.key)  # locks the ledger: nothing is added to it from here on
            if (chain.head.sequence, chain.head.hash) != before:
                if left:
                    continue
                kind, data = compute()
            chain.add(host().clock(), kind, data)
            chain.write()
            audit.record(by, kind, data["number"], engagement=engagement)
        return str(data["number"])
    raise AssertionError("the last try is recorded")


def issue_invoice(by: Person, key: str, month: str) -> str:
    """Issues the invoice of a month that is over, once: its figures go into the ledger. Returns its number."""
    engagement = permissions.engagement(by, key, "invoice.issue")
    return _recorded(by, engagement, lambda: _invoice(by, engagement, month))


def _invoice(by: Person, engagement: Engagement, month: str) -> Fact:
    """An invoice of a month, as it is recorded."""
    try:
        wanted = months.parse(month)
        invoice = draft(book(engagement.key), wanted)
    except AnyshoreError as error:
        raise NotFound(error.message, hint=error.hint) from error
    if wanted.bounds(invoice.terms.time_zone)[1] > host().clock():
        last = calendar.monthrange(*wanted)[1]
        raise CommandRejected("invoice.too-early", _("The month is not over."), hint=_("Issue it after day %d.") % last)
    if book(engagement.key).documents.get(wanted):
        raise CommandRejected("invoice.issued", _("The invoice of this month was issued before."))
    recorded = {"number": f"{engagement.key}-{wanted}", "month": str(wanted), "by": by.email}
    return "invoice.issued", recorded | {"figures": figures.figures(invoice), "time_zones": zones.VERSION}


def issue_correction(by: Person, key: str, month: str, reason: str, shown: str = "") -> str:
    """Issues the correction of a billed month: what it comes to on all entries, and the difference to what was billed.

    Args:
        by: who issues it.
        key: the engagement.
        month: the billed month.
        reason: why, in the person's own words.
        shown: digest of the correction the person looked at; another one is refused.

    Returns:
        Its number.

    Raises:
        NotFound: the month was not billed.
        Invalid: no reason is given, or a very long one.
        CommandRejected: there is nothing to correct, or it is no longer the correction that was shown.
    """
    engagement = permissions.engagement(by, key, "invoice.issue")
    if not 0 < len(reason.strip()) <= MOST_REASON:
        raise Invalid({"reason": _("Say why the invoice is corrected, in at most %d characters.") % MOST_REASON})
    return _recorded(by, engagement, lambda: _correction(by, engagement, month, reason.strip(), shown))


def _correction(by: Person, engagement: Engagement, month: str, reason: str, shown: str) -> Fact:
    """A correction of a billed month, as it is recorded."""
    found = billing.correction(engagement, month)
    if found.empty:
        raise CommandRejected("invoice.nothing-to-correct", _("There is nothing to correct in this month."))
    if shown and shown != found.digest:
        raise CommandRejected(
            "invoice.changed", _("The ledger has grown since you looked."), hint=_("Look at the differences again.")
        )
    number = f"{engagement.key}-{found.month}-C{len(found.preceding)}"
    recorded = {"number": number, "month": str(found.month), "by": by.email, "reason": reason}
    return "invoice.corrected", recorded | found.contents()
