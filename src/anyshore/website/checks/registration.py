"""When the registration of a domain ends, as its registry tells by RDAP (RFC 9083; RFC 8056 for the states)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from anyshore.base.errors import DataError
from anyshore.website.checks.findings import Finding

SOON = 60
"""Days before its end at which a registration is a finding: a renewal may need a person with the right to order it."""
_GONE = {
    "client hold": "It is on hold by its registrar: the DNS does not know it.",
    "server hold": "It is on hold by its registry: the DNS does not know it.",
    "redemption period": "It was deleted and can only be redeemed for some weeks.",
    "pending delete": "It is about to be deleted and given to others.",
    "inactive": "It has no name servers.",
}
"""States in which a domain does not work, or soon will not (RFC 5731, 2.3; RFC 3915)."""


@dataclass(frozen=True, slots=True)
class Registration:
    """What a registry tells of a domain.

    Attributes:
        domain: its name, in small letters and A-labels.
        ends: when the registration ends; None where the registry does not tell (as DENIC for .de).
        states: in words of RFC 8056.
        servers: names of its name servers.
    """

    domain: str
    ends: datetime | None
    states: tuple[str, ...]
    servers: tuple[str, ...]


def read(content: bytes, domain: str) -> Registration:
    """Reads an answer of RDAP.

    Args:
        content: JSON.
        domain: that was asked about.

    Raises:
        DataError: it is no answer about this domain, or a time in it is none.
    """
    try:
        found: Any = json.loads(content)
    except (ValueError, RecursionError) as problem:
        raise _refused(domain, "it is no JSON") from problem
    if not isinstance(found, Mapping) or found.get("objectClassName") != "domain":
        raise _refused(domain, "it tells of no domain (RFC 9083, 5.3)")
    name = str(found.get("ldhName") or "").rstrip(".").lower()
    if name != domain.rstrip(".").lower():
        raise _refused(domain, f"it tells of {name or 'nothing'!r}")
    ends = [one for one in _objects(found, "events") if one.get("eventAction") == "expiration"]
    states = found.get("status")
    servers = (str(one.get("ldhName") or "").lower() for one in _objects(found, "nameservers"))
    return Registration(
        name, _moment(ends[0].get("eventDate"), domain) if ends else None,
        tuple(str(one) for one in states) if isinstance(states, list) else (), tuple(filter(None, servers)),
    )  # fmt: skip


def findings(address: str, told: Registration, at: datetime, soon: int = SOON) -> list[Finding]:
    """What follows for a site.

    Args:
        address: of the site.
        told: of its domain.
        at: the moment, with its zone.
        soon: days before its end from which on that is a finding.
    """
    found = [
        Finding("domain", state.replace(" ", "-"), address, told.domain, _GONE[state], "RFC 8056 2")
        for state in told.states
        if state in _GONE
    ]
    if told.ends is None:
        reason = "Its registry does not tell when the registration ends: ask the registrar."
        return [*found, Finding("domain", "end-not-told", address, told.domain, reason, "RFC 9083 4.5", "person")]
    left = (told.ends - at).days
    if told.ends <= at:
        found.append(Finding("domain", "ended", address, told.domain, f"It ended on {told.ends:%Y-%m-%d}."))
    elif left < soon:
        reason = f"It ends in {left} days, on {told.ends:%Y-%m-%d}."
        found.append(Finding("domain", "ends-soon", address, told.domain, reason))
    return found


def _objects(found: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    value = found.get(name)
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def _moment(text: object, domain: str) -> datetime:
    """A time of RFC 3339; without a zone it is UTC."""
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError as problem:
        raise _refused(domain, f"{text!r} is no time") from problem
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


def _refused(domain: str, why: str) -> DataError:
    message = f"The answer about {domain} cannot be used: {why}."
    return DataError("website.rdap", message, hint="Name the server of the registry: --rdap https://rdap.nic.example/.")
