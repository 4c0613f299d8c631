"""Asks the registry of a domain by RDAP (RFC 7480, 9082), through the gate."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import quote, urlsplit

from anyshore.base.errors import DataError
from anyshore.host.outgoing.client import Client, Limits
from anyshore.mail.domains import registrable
from anyshore.website.checks import registration
from anyshore.website.checks.findings import Finding

_ACCEPT: Mapping[str, str] = {"Accept": "application/rdap+json, application/json;q=0.9"}


def looked(address: str, server: str, at: datetime, client: Client | None = None) -> list[Finding]:
    """What the registration of a site's domain leads to.

    Args:
        address: of the site.
        server: base address of the registry's server; it counts as agreed, and where it leads on to does not.
        at: the moment.
        client: asks; behind the installation's gate by default.

    Raises:
        DataError: the site has no domain that can be registered, or the answer cannot be used.
        OutgoingError: the server is refused or does not answer.
    """
    host = urlsplit(address).hostname or ""
    domain = "" if _is_number(host) else registrable(host)
    if not domain:
        hint = "Such as https://www.shop.example/."
        raise DataError("website.domain", f"{address} has no domain that somebody registered.", hint=hint)
    answer = (client or Client(limits=Limits(redirects=0))).get(f"{server.rstrip('/')}/domain/{quote(domain)}", _ACCEPT)
    if answer.status == 404:
        reason = "The registry knows no such domain."
        return [Finding("domain", "unknown", address, domain, reason, "RFC 7480 5.3")]
    if answer.status != 200:
        message = f"The registry answers with status {answer.status} about {domain}."
        leads = answer.header("location")
        hint = f"It leads on to {leads}: name that server." if leads else "Status 429: ask again later."
        raise DataError("website.rdap", message, hint=hint)
    return registration.findings(address, registration.read(answer.body, domain), at)


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
