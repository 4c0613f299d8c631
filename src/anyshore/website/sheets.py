"""Answers about websites as people read them and as JSON has them: robots.txt, certificates, runs of checks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from anyshore.base.telling import Part, Sheet
from anyshore.website.certificates.chains import Verdict
from anyshore.website.checks.findings import Finding
from anyshore.website.robots import Robots


def allowed(found: Robots, agent: str, addresses: Iterable[str]) -> list[dict[str, Any]]:
    """Which addresses a robots.txt lets an agent look at, and by which rule."""
    return [
        {"address": one, "allowed": rule is None or rule.allow, "rule": rule and rule.path, "line": rule and rule.line}
        for one in addresses
        for rule in (found.decides(agent, one),)
    ]


def of_allowed(data: Sequence[dict[str, Any]]) -> Sheet:
    """The same for people."""
    rows = [(one["address"], "yes" if one["allowed"] else "no", one["rule"] or "–", one["line"] or "–") for one in data]
    return Sheet("May be looked at", ("Address", "Allowed", "Rule", "Line"), rows, right=(3,))


def verdict_data(found: Verdict) -> dict[str, Any]:
    """What is to be said about a certificate."""
    return {
        "holds": found.holds, "chain": found.chain, "names": found.names, "ends": found.ends and found.ends.isoformat(),
        "days_left": found.days_left, "findings": [asdict(one) for one in found.findings],
    }  # fmt: skip


def of_verdict(found: Verdict) -> Iterator[Part]:
    """The same for people."""
    yield f"{'It holds' if found.holds else 'It does not hold'}; {_days(found.days_left)}."
    yield Sheet("Chain", ("Certificate",), [(one,) for one in found.chain])
    rows = [("refused" if one.grave else "told", one.certificate, one.reason, one.section) for one in found.findings]
    yield Sheet("Findings", ("", "Certificate", "What", "Rule"), rows)


def _days(left: int | None) -> str:
    if left is None:
        return "it cannot be read"
    many = f"{abs(left)} day{'s' * (abs(left) != 1)}"
    return f"{many} left" if left >= 0 else f"it ended {many} ago"


def of_run(looked: int, found: Sequence[Finding], left: Mapping[str, str]) -> Iterator[Part]:
    """What a run of checks found.

    Args:
        looked: how much was looked at.
        found: findings.
        left: what was not looked at, and why.
    """
    yield f"{looked} looked at, {len(found)} findings."
    rows = [(one.weight, one.code, f"{one.address} {one.place}".strip(), one.reason, one.section) for one in found]
    yield Sheet("Findings", ("", "What", "Where", "Why", "Rule"), rows)
    if left:
        yield Sheet("Not looked at", ("Address", "Because of"), list(left.items()))
