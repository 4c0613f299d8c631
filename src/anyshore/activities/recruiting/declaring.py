"""What applicants say of themselves for statistics: by their will, apart from their application, shown in sums only.

A declaration holds a group and how the application ended, no name, no document and no reference: who reads it cannot
tell whose it is, and no other activity reads it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from anyshore.activities.activity import ActivityContext
from anyshore.activities.common import once
from anyshore.activities.recruiting import impact
from anyshore.activities.recruiting.impact import Group, Line
from anyshore.base.errors import DataError
from anyshore.base.plain import to_values

KIND = "declared-group"


@dataclass(frozen=True, slots=True)
class DeclareInput:
    """What an applicant said.

    Attributes:
        characteristic: what is asked, ``sex`` for example.
        group: the answer.
        selected: whether the application was successful.
        period: what it is counted in, a year for example.
    """

    characteristic: str
    group: str
    selected: bool
    period: str


@dataclass(frozen=True, slots=True)
class DeclareOutcome:
    """Whether it was noted now, or had been by an earlier attempt."""

    noted: bool


@dataclass(frozen=True, slots=True)
class ImpactInput:
    """Which declarations are summed up.

    Attributes:
        characteristic: what was asked.
        period: in which they are counted.
        least: applicants a group needs to be shown.
    """

    characteristic: str
    period: str
    least: int | None = None


@dataclass(frozen=True, slots=True)
class ImpactOutcome:
    """Selection rates by group (``impact.Impact``)."""

    lines: tuple[Line, ...]
    best: str | None
    suppressed: int
    least: int


def declare(data: DeclareInput, context: ActivityContext) -> DeclareOutcome:
    """Notes what an applicant said.

    Raises:
        HostError: the idempotency key was used for another declaration.
    """
    return DeclareOutcome(once.put(context, KIND, to_values(data))[1])


def sum_up(data: ImpactInput, context: ActivityContext) -> ImpactOutcome:
    """Sums declarations up by group, small groups left out.

    Raises:
        DataError: fewer would be shown than protect anybody.
    """
    least = impact.LEAST if data.least is None else data.least
    if least < impact.LEAST:
        raise DataError(
            "recruiting.least", f"Groups of {least} could be recognised.", hint=f"Ask for {impact.LEAST} or more."
        )
    rows = context.records(KIND).find(characteristic=data.characteristic, period=data.period)
    applied = Counter(str(row.data["group"]) for row in rows)
    chosen = Counter(str(row.data["group"]) for row in rows if row.data["selected"])
    found = impact.assess([Group(name, applied[name], chosen[name]) for name in sorted(applied)], least=least)
    return ImpactOutcome(found.lines, found.best, found.suppressed, found.least)
