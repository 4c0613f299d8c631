"""Adverse impact: selection rates by group, the four-fifths rule, Fisher's exact test. Of groups, never of people.

Uniform Guidelines on Employee Selection Procedures, 29 CFR § 1607.4 D: a rate below four fifths of that of the group
with the highest one is taken as evidence of adverse impact; where numbers are small, a test has to say whether it is
chance. Everything is computed in whole numbers; only what is shown is rounded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import comb

from anyshore.activities.common import money
from anyshore.base.errors import DataError, Diagnostic

FOUR_FIFTHS = Fraction(4, 5)
LEAST = 5
"""Applicants of a group below which nothing of it is shown: fewer could be recognised."""
LEVEL = Fraction(1, 20)
MOST = 100_000
"""Applicants in all; the exact test of so many takes seconds."""
_PLACES = 4


@dataclass(frozen=True, slots=True)
class Group:
    """How a group fared.

    Attributes:
        name: of the group.
        applicants: who applied.
        selected: who was selected.
    """

    name: str
    applicants: int
    selected: int

    @property
    def rate(self) -> Fraction:
        """Share that was selected."""
        return Fraction(self.selected, self.applicants)


@dataclass(frozen=True, slots=True)
class Line:
    """What is shown of a group.

    Attributes:
        group: its name.
        applicants: who applied.
        selected: who was selected.
        rate: share selected, four places.
        ratio: that against the group with the highest rate, four places.
        below: whether the ratio is below four fifths.
        p: chance of a table as uneven or more against that group, two-sided, four places; none for that group itself.
        adverse: ``yes`` where below four fifths and hardly by chance (p < 0.05), ``by chance?`` where only the first,
            ``no`` else.
    """

    group: str
    applicants: int
    selected: int
    rate: Decimal
    ratio: Decimal
    below: bool
    p: Decimal | None
    adverse: str


@dataclass(frozen=True, slots=True)
class Impact:
    """What is shown of all groups.

    Attributes:
        lines: of every group that is large enough, in the order given.
        best: the group with the highest rate; none where nothing is shown.
        suppressed: how many groups are not shown.
        least: applicants a group needs to be shown.
    """

    lines: tuple[Line, ...]
    best: str | None
    suppressed: int
    least: int


def assess(groups: Sequence[Group], *, least: int = LEAST) -> Impact:
    """The selection rates of groups, and which of them are adversely affected.

    Where exactly one group is too small, the smallest of the others is left out with it: whoever knows the sum of all
    would else know the one that is hidden.

    Args:
        groups: each once.
        least: applicants a group needs to be shown.

    Raises:
        DataError: a group stands twice, or its numbers cannot be; all of it at once.
    """
    _check(groups)
    shown = [one for one in groups if one.applicants >= max(least, 1)]
    if len(groups) - len(shown) == 1 and shown and any(one.applicants for one in groups if one not in shown):
        shown.remove(min(shown, key=lambda one: one.applicants))
    if not shown:
        return Impact((), None, len(groups), least)
    best = max(shown, key=lambda one: one.rate)
    lines = tuple(_line(one, best) for one in shown)
    return Impact(lines, best.name, len(groups) - len(shown), least)


def fisher(first: Group, second: Group) -> Fraction:
    """Fisher's exact test, two-sided: the chance of all tables with these sums that are no likelier than this one.

    Exact: likelihoods are compared as whole numbers (Fisher 1935; the sum over tables as R's ``fisher.test`` has it).
    """
    chosen = first.selected + second.selected
    lowest = max(0, chosen - second.applicants)
    highest = min(chosen, first.applicants)
    seen = comb(first.applicants, first.selected) * comb(second.applicants, second.selected)
    ways = comb(first.applicants, lowest) * comb(second.applicants, chosen - lowest)
    uneven = 0
    for taken in range(lowest, highest + 1):
        uneven += ways if ways <= seen else 0
        ways = ways * (first.applicants - taken) * (chosen - taken)
        ways //= (taken + 1) * (second.applicants - chosen + taken + 1)
    return Fraction(uneven, comb(first.applicants + second.applicants, chosen))


def _line(group: Group, best: Group) -> Line:
    ratio = group.rate / best.rate if best.rate else Fraction(1)
    below = ratio < FOUR_FIFTHS
    p = None if group is best else fisher(group, best)
    adverse = "no" if not below else "yes" if p is not None and p < LEVEL else "by chance?"
    return Line(
        group.name, group.applicants, group.selected, _rounded(group.rate), _rounded(ratio), below,
        None if p is None else _rounded(p), adverse,
    )  # fmt: skip


def _rounded(value: Fraction) -> Decimal:
    found = money.divide(Decimal(value.numerator), Decimal(value.denominator), _PLACES)
    assert found is not None
    return found


def _check(groups: Sequence[Group]) -> None:
    problems = []
    names: set[str] = set()
    for one in groups:
        if one.name in names:
            problems.append(Diagnostic(
                "recruiting.group", f"The group {one.name!r} stands twice.", hint="Add its numbers up to one row.",
            ))  # fmt: skip
        names.add(one.name)
        if not 0 <= one.selected <= one.applicants:
            message = f"{one.selected} of {one.applicants} applicants of {one.name!r} were selected."
            problems.append(
                Diagnostic("recruiting.group", message, hint="Count those who were selected among those who applied.")
            )
    if sum(one.applicants for one in groups) > MOST:
        problems.append(
            Diagnostic("recruiting.group", f"More than {MOST:,} applicants.", hint="Take a year at a time.")
        )
    if problems:
        raise DataError.of(problems)
