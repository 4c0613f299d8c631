"""One site at one moment: is it up, and what of the certificate it shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from anyshore.host.outgoing import shown
from anyshore.host.outgoing.gate import OutgoingError
from anyshore.host.outgoing.trusted import of_this_machine
from anyshore.host.websites.looking import Looking, look
from anyshore.website.certificates import chains, reading
from anyshore.website.checks import reporting
from anyshore.website.checks.availability import Look
from anyshore.website.checks.findings import Finding


@dataclass(frozen=True, slots=True)
class Inspected:
    """What came of it.

    Attributes:
        look: whether it was up.
        looked: checks that could be made.
        findings: of these.
    """

    look: Look
    looked: tuple[str, ...]
    findings: tuple[Finding, ...]


def inspect(
    address: str, at: datetime, how: Looking | None = None, trusted: Sequence[bytes] | None = None
) -> Inspected:
    """Looks at a site, twice before it is down, and judges its certificate whether it is up or not.

    Args:
        address: of the site.
        at: moment for which the certificate has to hold.
        how: one looks.
        trusted: certificates in PEM; those of this machine by default.
    """
    how = how or Looking()
    seen = look(address, how)
    found = [] if seen.up else [Finding("uptime", "down", address, "", seen.reason)]
    parts = urlsplit(address)
    if parts.scheme != "https" or parts.hostname is None:
        return Inspected(seen, ("uptime",), tuple(found))
    try:
        leaf, *sent = shown.certificates(parts.hostname, parts.port or 443, how.limits.seconds, how.gate)
    except (OutgoingError, ValueError):  # that nothing is there is told already
        return Inspected(seen, ("uptime",), tuple(found))
    material = chains.Material(leaf, sent, trusted if trusted is not None else reading.split(of_this_machine()))
    verdict = chains.judge(material, chains.Question(at, (parts.hostname,)))
    found += reporting.of_certificate(address, verdict)
    return Inspected(seen, ("uptime", "certificate"), tuple(found))
