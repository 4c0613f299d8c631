"""What is wrong with a chain of certificates: the rule, the certificate, the reason."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

BR = "CABF BR"
"""The Baseline Requirements of the CA/Browser Forum for certificates of TLS servers."""
RFC = "RFC 5280"


class Profile(Enum):
    """By whose rules a chain is judged."""

    RFC5280 = "rfc5280"
    """The Internet's: enough for a house's own authority."""
    WEBPKI = "webpki"
    """The browsers' on top (CA/Browser Forum, Baseline Requirements): what a public website has to meet."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong with a certificate, or worth knowing.

    Attributes:
        code: stable short name.
        certificate: whose; the subject as RFC 4514 writes it.
        reason: in one sentence.
        section: of the standard that says so.
        grave: whether a chain with it does not hold.
    """

    code: str
    certificate: str
    reason: str
    section: str
    grave: bool = True
