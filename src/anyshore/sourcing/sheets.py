"""Sourcing decisions as tables and sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from anyshore.base.telling import Part, Reasons, Sheet
from anyshore.sourcing.decide import Decision


def of_decisions(decisions: Sequence[Decision], lang: str) -> Iterator[Part]:
    """The decisions, then why each was taken."""
    rows = [
        (d.activity.name, d.kind, f"{d.judgement_share:.2f}", ", ".join(d.shores_allowed) or "–", d.shore or "–")
        for d in decisions
    ]
    yield Sheet("Sourcing", ("Activity", "Kind", "Judgement", "Shores allowed", "Shore"), rows, right=(2,))
    whys = (" ".join(reason.say(lang) for reason in (d.kind_reason, *d.shore_reasons)) for d in decisions)
    yield Reasons([f"{d.activity.name}: {why}" for d, why in zip(decisions, whys, strict=True)], whole=True)


def of_criteria(decisions: Sequence[Decision], lang: str) -> Iterator[Part]:
    """Every criterion of each decision with its reason."""
    for d in decisions:
        lines = [(r.criterion, r.value, r.leans or "–", r.weight, r.reason.say(lang)) for r in d.readings]
        yield Sheet(d.activity.name, ("Criterion", "Value", "Leans to", "Weight", "Why"), lines, right=(3,))
