"""What automatic checks say about the accessibility of a page, by criterion of WCAG, and what they leave to a person.

Automatic rules find some failures of some criteria. That none is found is never a statement of conformance: what a rule
could not decide, and every criterion no rule looks at, is for a person.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from anyshore.website.checks.findings import Finding, Weight

CHECK = "accessibility"
_CRITERION = re.compile(r"wcag(\d)(\d)(\d{1,2})")
_LEVEL = re.compile(r"wcag2\d?(a{1,3})")
WCAG_A_AA = (
    "1.1.1", "1.2.1", "1.2.2", "1.2.3", "1.2.4", "1.2.5", "1.3.1", "1.3.2", "1.3.3", "1.3.4", "1.3.5", "1.4.1", "1.4.2",
    "1.4.3", "1.4.4", "1.4.5", "1.4.10", "1.4.11", "1.4.12", "1.4.13", "2.1.1", "2.1.2", "2.1.4", "2.2.1", "2.2.2",
    "2.3.1", "2.4.1", "2.4.2", "2.4.3", "2.4.4", "2.4.5", "2.4.6", "2.4.7", "2.5.1", "2.5.2", "2.5.3", "2.5.4", "3.1.1",
    "3.1.2", "3.2.1", "3.2.2", "3.2.3", "3.2.4", "3.3.1", "3.3.2", "3.3.3", "3.3.4", "4.1.1", "4.1.2", "4.1.3",
)  # fmt: skip
"""The 50 success criteria of levels A and AA of WCAG 2.1, to which EN 301 549 V3.2.1 refers (table A.1)."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What a rule of the checker is about.

    Attributes:
        id: its name.
        criteria: of WCAG: ``1.4.3``.
        level: ``A``, ``AA``, ``AAA``; empty for good practice beyond WCAG.
    """

    id: str
    criteria: tuple[str, ...]
    level: str


def rule(told: Mapping[str, Any]) -> Rule:
    """A rule of axe-core from its tags."""
    tags = [str(one) for one in told.get("tags", ())]
    criteria = tuple(".".join(found.groups()) for one in tags if (found := _CRITERION.fullmatch(one)))
    levels = [found[1].upper() for one in tags if (found := _LEVEL.fullmatch(one))]
    return Rule(str(told.get("id", "")), criteria, max(levels, key=len, default=""))


def findings(page: str, told: Mapping[str, Any], levels: Sequence[str] = ("A", "AA")) -> list[Finding]:
    """What is wrong with a page, and what a person has to look at.

    Args:
        page: its address.
        told: what axe-core says: ``violations`` and ``incomplete``.
        levels: of WCAG that were agreed; what is beyond them, and good practice, is only told.
    """
    found = list(_of(page, told.get("violations", ()), "fault", levels))
    found += _of(page, told.get("incomplete", ()), "person", levels)
    return sorted(found, key=lambda one: (one.weight, one.code, one.place))


def _of(
    page: str, rules: Iterable[Mapping[str, Any]], weight: Weight, levels: Sequence[str]
) -> Iterator[Finding]:  # fmt: skip
    for one in rules:
        about = rule(one)
        section = "WCAG " + ", ".join(about.criteria) if about.criteria else "good practice"
        heavy: Weight = weight if about.level in levels and about.criteria else "note"
        for node in one.get("nodes", ()):
            yield Finding(
                CHECK, about.id, page, place(node.get("target", ())), f"{one.get('help', '')}.", section, heavy
            )


def place(target: Sequence[Any]) -> str:
    """Where an element is: a path of CSS, through frames and shadow trees."""
    return " » ".join(" ".join(part) if isinstance(part, list) else str(part) for part in target)


@dataclass(frozen=True, slots=True)
class Criterion:
    """What is known about a criterion over all pages looked at.

    Attributes:
        number: of WCAG.
        failed: pages on which a rule found a failure.
        person: pages on which a rule could not decide.
        looked: whether any rule looks at it at all.
    """

    number: str
    failed: tuple[str, ...]
    person: tuple[str, ...]
    looked: bool

    @property
    def result(self) -> str:
        """``failed``, or ``to be examined``: an automatic check never says that a criterion is met."""
        return "failed" if self.failed else "to be examined"


def criteria(found: Iterable[Finding], looked: Iterable[Rule]) -> list[Criterion]:
    """All criteria of levels A and AA with what the checks say about each.

    Args:
        found: findings of all pages.
        looked: the rules that ran.
    """
    failed: dict[str, set[str]] = {}
    person: dict[str, set[str]] = {}
    for one in found:
        if one.check != CHECK or not one.section.startswith("WCAG "):
            continue
        into = {"fault": failed, "person": person}.get(one.weight, {})
        for number in one.section.removeprefix("WCAG ").split(", "):
            into.setdefault(number, set()).add(one.address)
    asked = {number for one in looked for number in one.criteria}
    return [
        Criterion(number, tuple(sorted(failed.get(number, ()))), tuple(sorted(person.get(number, ()))), number in asked)
        for number in WCAG_A_AA
    ]
