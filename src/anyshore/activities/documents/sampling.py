"""The activity ``documents.sample``: what is read at the second level."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass

from anyshore.activities.activity import ActivityContext
from anyshore.activities.documents import codes
from anyshore.activities.documents.model import Item


@dataclass(frozen=True, slots=True)
class SampleInput:
    """What was coded.

    Attributes:
        items: of the delivery.
        first: what the reviewers of the first level wrote, a text each.
        share: percent of the other families that are read again, at least one of them.
    """

    items: tuple[Item, ...]
    first: tuple[str, ...]
    share: int = 10


@dataclass(frozen=True, slots=True)
class Again:
    """An item that is read again: what it is, why, and how it was coded."""

    control: str
    family: str
    name: str
    why: str
    responsive: bool | None
    privileged: bool | None


@dataclass(frozen=True, slots=True)
class SampleOutcome:
    """What is read again.

    Attributes:
        again: whole families, in the order of the delivery.
        privileged: items coded as privileged.
        uncoded: items nobody coded.
        wrong: lines that code nothing.
    """

    again: tuple[Again, ...]
    privileged: int
    uncoded: int
    wrong: tuple[str, ...]


def sample(data: SampleInput, context: ActivityContext) -> SampleOutcome:
    """All that is privileged, in doubt, screened for counsel or uncoded, and a sample of the rest.

    The sample is drawn with a key of the client, so that nobody at the first level can tell what will be in it.
    """
    read = [codes.read(text) for text in data.first]
    decided = codes.of_items(data.items, [layer for layer, _ in read])
    items = [one for one in data.items if not one.copy_of]
    reasons = _reasons(items, decided)
    key = context.secret("documents.sample")
    rest = [one for one in dict.fromkeys(item.family for item in items) if one not in reasons]
    rest.sort(key=lambda family: hmac.new(key, family.encode(), hashlib.sha256).digest())
    share = min(max(data.share, 0), 100)
    drawn = -(-len(rest) * share // 100)
    reasons |= dict.fromkeys(rest[:drawn], "sample")
    again = [
        Again(
            one.control, one.family, one.name, reasons[one.family],
            code.responsive if code else None, code.privileged if code else None,
        )
        for one in items if one.family in reasons for code in (decided.get(one.control),)
    ]  # fmt: skip
    return SampleOutcome(
        tuple(again), sum(decided[one.control].privileged for one in items if one.control in decided),
        sum(one.control not in decided for one in items), tuple(line for _, wrong in read for line in wrong),
    )  # fmt: skip


def _reasons(items: Iterable[Item], decided: dict[str, codes.Code]) -> dict[str, str]:
    """Why a family is read again; the gravest reason counts."""
    found: dict[str, str] = {}
    items = list(items)
    doubts = codes.doubts(items, decided)
    for one in items:
        code = decided.get(one.control)
        if code is None:
            found.setdefault(one.family, "not coded")
        elif code.privileged:
            found[one.family] = "privileged"
        elif one.control in doubts:
            found.setdefault(one.family, doubts[one.control])
        elif one.screened:
            found.setdefault(one.family, "counsel")
    return found
