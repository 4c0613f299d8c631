"""Ethical walls: who must not come near a case, and the proof that nobody did.

A wall keeps a person from a case and all its sub-cases. It is declared by somebody or found from interests; it never
disappears: lifting one gives it an end. Every list, search, queue and page asks the same predicate, :func:`screened`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeVar

from anyshore.base.errors import CommandRejected
from anyshore.base.locations import Location

Item = TypeVar("Item")

# Words that name a legal form, not a party.
_LEGAL_FORMS = frozenset({
    "ab", "ag", "as", "asa", "bv", "co", "company", "corp", "corporation", "eg", "ev", "gmbh", "inc",
    "incorporated", "kg", "kgaa", "limited", "llc", "llp", "lp", "ltd", "mbh", "nv", "ohg", "oy", "plc",
    "pte", "pty", "sa", "sarl", "sas", "se", "spa", "srl", "the", "ug", "und", "and", "holding", "holdings",
    "group", "gruppe",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wall:
    """A person kept from a case.

    Attributes:
        case: id of the case.
        person: who is kept out.
        kind: ``declared`` by somebody, or ``found`` from interests.
        reason: why, without a word about the case itself.
        since: from when, microseconds since 1970-01-01T00:00Z.
        by: who declared it, or which check found it.
        until: when it was lifted; None while it stands.
        lifted_reason: why it was lifted.
    """

    case: str
    person: str
    kind: Literal["declared", "found"]
    reason: str
    since: int
    by: str
    until: int | None = None
    lifted_reason: str = ""

    def stands(self, at: int) -> bool:
        """Whether it stood at that time; its end is outside."""
        return self.since <= at and (self.until is None or at < self.until)


@dataclass(frozen=True, slots=True)
class Interest:
    """What binds a person to a party: employment, shares, family, an earlier mandate."""

    person: str
    party: str
    relation: str
    until: int | None = None


@dataclass(frozen=True, slots=True)
class Access:
    """An entry of the access record: who did what with which case, when. ``denied`` where it was refused."""

    at: int
    person: str
    case: str
    action: str
    denied: bool = False


@dataclass(frozen=True, slots=True)
class Screening:
    """The report on one wall.

    Attributes:
        wall: the wall.
        breaches: accesses that succeeded while it stood.
        refused: attempts that were refused while it stood.
        before: accesses before it stood: what the person already knew.
    """

    wall: Wall
    breaches: tuple[Access, ...]
    refused: tuple[Access, ...]
    before: tuple[Access, ...]

    @property
    def clean(self) -> bool:
        """Whether no access happened while the wall stood."""
        return not self.breaches


def screened(
    walls: Iterable[Wall], person: str, case: str, at: int, *, parents: Mapping[str, str] | None = None
) -> Wall | None:
    """The wall that keeps a person from a case at a time, or None: THE question to ask before anything is shown.

    Args:
        walls: all of them.
        person: who wants to see it.
        case: which case.
        at: when.
        parents: case → the case it is part of; a wall around a case stands around its parts.
    """
    around = set(_line(case, parents or {}))
    return next((w for w in walls if w.person == person and w.case in around and w.stands(at)), None)


def visible(
    walls: Iterable[Wall],
    person: str,
    items: Iterable[Item],
    case_of: Callable[[Item], str],
    at: int,
    *,
    parents: Mapping[str, str] | None = None,
) -> list[Item]:
    """The items (cases, documents, tasks, search results) whose case the person may see, in their order."""
    blocked = [wall for wall in walls if wall.person == person]
    return [item for item in items if screened(blocked, person, case_of(item), at, parents=parents) is None]


def allowed(
    walls: Iterable[Wall], people: Iterable[str], case: str, at: int, *, parents: Mapping[str, str] | None = None
) -> list[str]:
    """The people who may work on a case, in their order."""
    walls = list(walls)
    return [person for person in people if screened(walls, person, case, at, parents=parents) is None]


def blocked_cases(walls: Iterable[Wall], person: str, at: int) -> frozenset[str]:
    """The cases a person is kept from, for a database query to exclude (with their sub-cases)."""
    return frozenset(wall.case for wall in walls if wall.person == person and wall.stands(at))


def lift(wall: Wall, at: int, reason: str) -> Wall:
    """The wall with its end.

    Raises:
        CommandRejected: it is lifted already, the time lies before it, or no reason is given.
    """
    place = Location(element=wall.case)
    if wall.until is not None:
        raise CommandRejected("wall.lifted", "the wall is lifted already", place)
    if at < wall.since or not reason.strip():
        raise CommandRejected("wall.reason", "lifting a wall needs a reason and a time after its start", place)
    return replace(wall, until=at, lifted_reason=reason)


def find(case: str, parties: Iterable[str], interests: Iterable[Interest], at: int) -> list[Wall]:
    """The walls that interests call for: every person bound to a party of the case, by name.

    Names are compared without case, accents, punctuation and legal forms, so that *ACME Corp.* is *Acme Corporation*.

    Args:
        case: id of the case.
        parties: client, opponents, affiliates: everybody concerned.
        interests: of the people who could work on it; one that has ended does not count.
        at: when the check is made.
    """
    concerned = {party_key(party) for party in parties} - {""}
    found: dict[tuple[str, str], Wall] = {}
    for interest in interests:
        over = interest.until is not None and interest.until <= at
        if not over and party_key(interest.party) in concerned:
            reason = f"{interest.relation}: {interest.party}"
            found.setdefault((interest.person, reason), Wall(case, interest.person, "found", reason, at, "interests"))
    return list(found.values())


def party_key(name: str) -> str:
    """A party's name reduced to what identifies it."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    # Abbreviations lose their full stops (S.A., G.m.b.H.) before words are told apart.
    words = re.findall(r"\w+", plain.replace(".", "").replace("&", " und "))
    return " ".join(word for word in words if word not in _LEGAL_FORMS) or " ".join(words)


def report(
    walls: Sequence[Wall], accesses: Iterable[Access], *, parents: Mapping[str, str] | None = None
) -> list[Screening]:
    """Who was screened from what and when, and that no access happened, from the record of all accesses."""
    accesses = sorted(accesses, key=lambda access: access.at)
    found = []
    for wall in walls:
        near = [a for a in accesses if a.person == wall.person and wall.case in _line(a.case, parents or {})]
        inside = [access for access in near if wall.stands(access.at)]
        found.append(
            Screening(
                wall,
                tuple(access for access in inside if not access.denied),
                tuple(access for access in inside if access.denied),
                tuple(access for access in near if access.at < wall.since and not access.denied),
            )
        )
    return found


def _line(case: str, parents: Mapping[str, str]) -> list[str]:
    """The case, the case it is part of, and so on up; a circle ends it."""
    line = [case]
    while (parent := parents.get(line[-1])) is not None and parent not in line:
        line.append(parent)
    return line
