"""Setting webhooks up, back, and down."""

from __future__ import annotations

import base64
import ipaddress
import secrets
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from anyshore.host.outgoing import gate
from anyshore.terms.ledger import ENTRY_TYPES
from anyshore.web.accounts import secrecy
from anyshore.web.core import audit, permissions
from anyshore.web.core.errors import Invalid, NotFound
from anyshore.web.core.models import Person
from anyshore.web.engine.models import LedgerHead
from anyshore.web.webhooks import signing
from anyshore.web.webhooks.models import Webhook

MOST = 20
"""Webhooks of an engagement."""


def mine(by: Person, key: str) -> QuerySet[Webhook]:
    """The webhooks of an engagement that the person made: each side has its own."""
    engagement = permissions.engagement(by, key, "webhook.manage")
    return Webhook.objects.filter(engagement=engagement, person=by).order_by("pk")


@transaction.atomic
def add(by: Person, key: str, url: str, types: list[str]) -> tuple[Webhook, str]:
    """Tells an address what happens from now on; the webhook and its secret, which is shown once.

    Raises:
        Invalid: the address is none that is told, or there is no such type.
    """
    engagement = permissions.engagement(by, key, "webhook.manage")
    problems = {}
    if not _may_be_told(url):
        problems["url"] = _("Write an address of https.")
    unknown = sorted(set(types) - set(ENTRY_TYPES))
    if unknown:
        problems["types"] = _("There is no such type of entry: %s.") % ", ".join(unknown)
    if Webhook.objects.filter(engagement=engagement).count() >= MOST:
        problems["url"] = _("An engagement has at most %d webhooks.") % MOST
    if problems:
        raise Invalid(problems)
    secret = signing.PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()
    head = LedgerHead.objects.filter(engagement=key).values_list("sequence", flat=True).first()
    made = Webhook.objects.create(
        engagement=engagement, person=by, url=url, types=sorted(set(types)), secret=secrecy.sealed(secret),
        cursor=head or 0,
    )  # fmt: skip
    audit.record(by, "webhook.added", urlsplit(url).netloc, engagement=engagement, webhook=made.pk)
    return made, secret


@transaction.atomic
def replay(by: Person, key: str, webhook: int, after: int) -> Webhook:
    """Tells again what came after an entry, or goes on where it paused.

    Raises:
        Invalid: the ledger has no such entry.
    """
    found = _one(by, key, webhook)
    head = LedgerHead.objects.filter(engagement=key).values_list("sequence", flat=True).first() or 0
    if not 0 <= after <= head:
        raise Invalid({"after": _("The ledger has the entries 1 to %d.") % head})
    found.cursor, found.failures, found.problem, found.paused, found.due = after, 0, "", False, 0
    found.save(update_fields=["cursor", "failures", "problem", "paused", "due"])
    audit.record(by, "webhook.replayed", urlsplit(found.url).netloc, engagement=found.engagement, after=after)
    return found


@transaction.atomic
def remove(by: Person, key: str, webhook: int) -> None:
    """Tells an address nothing any more."""
    found = _one(by, key, webhook)
    audit.record(by, "webhook.removed", urlsplit(found.url).netloc, engagement=found.engagement, webhook=webhook)
    found.delete()


def _one(by: Person, key: str, webhook: int) -> Webhook:
    found = mine(by, key).select_for_update().filter(pk=webhook).select_related("engagement").first()
    if found is None:
        raise NotFound(_("There is no such webhook."))
    return found


def _may_be_told(url: str) -> bool:
    """https, or http to an address of one's own network that the installation lists."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    plain = bool(parts.hostname) and parts.username is None and port != 0 and url.isascii() and len(url) <= 500
    if not plain or any(ord(one) <= 32 for one in url):
        return False
    if parts.scheme == "https":
        return True
    try:
        address = ipaddress.ip_address(parts.hostname or "")
    except ValueError:
        return False
    networks = gate.of_installation().listed
    return parts.scheme == "http" and any(address.version == one.version and address in one for one in networks)
