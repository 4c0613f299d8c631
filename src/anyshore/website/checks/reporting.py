"""A run of checks as a file: what was looked at and what was found, for whoever follows findings."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from anyshore.base.plain import to_values
from anyshore.website.certificates.chains import Verdict
from anyshore.website.checks.findings import Finding

SOON = 30
"""Days before its end at which a certificate is a finding."""


def run(site: str, at: datetime, looked: Iterable[tuple[str, str]], found: Iterable[Finding]) -> dict[str, Any]:
    """A run as plain data, ready to be written as JSON.

    Args:
        site: its name in the terms.
        at: when it ran, with its zone.
        looked: checks and addresses that were really looked at.
        found: findings.
    """
    return {
        "site": site, "at": at.isoformat(), "looked": sorted(list(one) for one in looked),
        "findings": [to_values(one) for one in found],
    }  # fmt: skip


def dumps(run: dict[str, Any]) -> str:
    """A run as the file a service follows."""
    return json.dumps(run, ensure_ascii=False, indent=1) + "\n"


def of_certificate(address: str, verdict: Verdict, soon: int = SOON) -> list[Finding]:
    """Findings of a server's certificate.

    Args:
        address: of the site.
        verdict: on what it shows.
        soon: days before its end from which on that is a finding.
    """
    found = [
        Finding(
            "certificate", one.code, address, one.certificate, one.reason, one.section, "fault" if one.grave else "note"
        )
        for one in verdict.findings
    ]
    if verdict.days_left is not None and 0 <= verdict.days_left < soon:
        leaf = verdict.chain[0] if verdict.chain else ""
        reason = f"It ends in {verdict.days_left} days."
        found.append(Finding("certificate", "ends-soon", address, leaf, reason, "RFC 5280 4.1.2.5"))
    return found
