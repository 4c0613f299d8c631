"""A finding of any check, and how it stays the same one over many runs."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

Weight = Literal["fault", "person", "note"]
"""Something is wrong; a person has to look; worth knowing."""
State = Literal["open", "fixed"]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a check found.

    Attributes:
        check: which: ``uptime``, ``certificate``, ``links``, ``accessibility`` …
        code: stable short name of what it is.
        address: of the page.
        place: in it: a line and an element, or a path to one.
        reason: in one sentence.
        section: of the standard that says so; empty where none does.
        weight: what follows from it.
        subject: what makes it this one where the place may move: the address a broken link leads to, for example.
    """

    check: str
    code: str
    address: str
    place: str
    reason: str
    section: str = ""
    weight: Weight = "fault"
    subject: str = ""

    @property
    def identity(self) -> str:
        """What it is known by over many runs: lines move and reasons are worded anew, the rest stays."""
        parts = (self.check, self.code, self.address, self.subject or self.place)
        return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:24]


@dataclass(frozen=True, slots=True)
class Followed:
    """A finding over time.

    Attributes:
        finding: as it was found last.
        first: when it was found first.
        last: when it was found last.
        state: whether it is there.
        since: when this state began.
        returned: how often it came back after it was gone.
    """

    finding: Finding
    first: datetime
    last: datetime
    state: State
    since: datetime
    returned: int = 0


@dataclass(frozen=True, slots=True)
class Changes:
    """What a run changes.

    Attributes:
        new: found for the first time.
        returned: were gone and are there again.
        still: are there as before.
        fixed: were there and are gone.
    """

    new: tuple[Followed, ...]
    returned: tuple[Followed, ...]
    still: tuple[Followed, ...]
    fixed: tuple[Followed, ...]

    @property
    def all(self) -> tuple[Followed, ...]:
        """Everything that is to be stored."""
        return (*self.new, *self.returned, *self.still, *self.fixed)


def follow(
    known: Mapping[str, Followed], found: Iterable[Finding], looked: Collection[tuple[str, str]], moment: datetime
) -> Changes:
    """What has become of findings after a run.

    Args:
        known: those of earlier runs by identity.
        found: those of this run; of equals the first counts.
        looked: checks and addresses this run really looked at: what was not looked at is not fixed.
        moment: of the run.
    """
    now = {one.identity: one for one in reversed(list(found))}
    new, returned, still = [], [], []
    for identity, one in now.items():
        before = known.get(identity)
        if before is None:
            new.append(Followed(one, moment, moment, "open", moment))
        elif before.state == "fixed":
            returned.append(
                replace(before, finding=one, last=moment, state="open", since=moment, returned=before.returned + 1)
            )
        else:
            still.append(replace(before, finding=one, last=moment))
    fixed = [
        replace(one, state="fixed", since=moment)
        for identity, one in known.items()
        if one.state == "open" and identity not in now and (one.finding.check, one.finding.address) in looked
    ]
    return Changes(*(tuple(sorted(each, key=_order)) for each in (new, returned, still, fixed)))


def _order(one: Followed) -> tuple[str, ...]:
    found = one.finding
    return (found.check, found.address, found.code, found.place, found.subject)


def ages(followed: Iterable[Followed], moment: datetime, steps: Sequence[int] = (7, 30, 90)) -> dict[str, int]:
    """How many findings are open for how many days.

    Args:
        followed: findings over time.
        moment: until when.
        steps: days at which a class ends.

    Returns:
        counts by class: ``"7"`` for up to seven days, … and the last with ``"more"``.
    """
    counts = dict.fromkeys([*(str(one) for one in steps), "more"], 0)
    for one in followed:
        if one.state == "open":
            days = (moment - one.since).days
            counts[next((str(step) for step in steps if days <= step), "more")] += 1
    return counts
