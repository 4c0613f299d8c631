"""Experts to the day's open cases: what the records say of both goes into the matching, its result onto the cases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from anyshore.base.telling import Sheet
from anyshore.knowledge import matching
from anyshore.knowledge.matching import Assignment, Expert, Need, Qualification
from anyshore.knowledge.walls import Wall
from anyshore.packs.reading import Pack
from anyshore.packs.skills import Skills
from anyshore.web.core import permissions
from anyshore.web.core import queries as core
from anyshore.web.core.errors import Invalid, NotFound
from anyshore.web.core.models import Credential, Engagement, Person, Role
from anyshore.web.engine import notices, roles, services
from anyshore.web.engine import queries as engine
from anyshore.web.engine.models import Instance, Notification
from anyshore.web.engine.running import host
from anyshore.web.review import blinding
from anyshore.web.review.models import Review
from anyshore.web.staffing.models import Profile
from anyshore.web.walls import actions as staff
from anyshore.web.walls import queries as walls
from anyshore.web.work import items

HOURS = 2.5
"""Expert hours of one person on one case, where the records do not tell more."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """Who is proposed for the places of a case that nobody has yet, and why.

    Attributes:
        row: the case.
        places: its roles that nobody has, in order.
        people: who is proposed for the first of them, in order; fewer than places where too few are possible.
        why: the explanation, a sentence per point.
        possible: everybody who could be put on a place, the best fit first.
        staffed: role → who has it.
    """

    row: Instance
    places: tuple[str, ...]
    people: tuple[Person, ...]
    why: tuple[str, ...]
    possible: tuple[Person, ...] = ()
    staffed: tuple[tuple[str, Person], ...] = ()

    @property
    def names(self) -> list[str]:
        """Their names, in the order of the roles the case keeps apart."""
        return [person.name for person in self.people]

    def title(self, role: str) -> str:
        """What people call a role."""
        return roles.title(roles.of(self.row.definition), role)

    @property
    def offered(self) -> list[tuple[str, str, Person | None]]:
        """Each place: its role, the name of it, and who is proposed for it."""
        filled = [*self.people, *[None] * (len(self.places) - len(self.people))]
        return [(role, self.title(role), person) for role, person in zip(self.places, filled, strict=True)]

    @property
    def filled(self) -> list[tuple[str, Person]]:
        """Each place that somebody has: the name of its role, and who."""
        return [(self.title(role), person) for role, person in self.staffed]


def plain(made: Sequence[Proposal]) -> list[dict[str, Any]]:
    """Proposals as plain data."""
    return [{"case": one.row.pk, "reference": one.row.reference, "people": one.names, "why": one.why} for one in made]


def sheet(made: Sequence[Proposal]) -> Sheet:
    """The same as a table."""
    rows = [(one.row.reference, ", ".join(one.names) or "open", "\n".join(one.why)) for one in made]
    return Sheet("Experts for open cases", ("Case", "Experts", "Why"), rows)


def propose(engagement: Engagement) -> list[Proposal]:
    """The best assignment of an engagement's experts to the places of its open cases that nobody has yet.

    All places of a case first; where that is not possible, as many as are.
    """
    now = host().clock()
    rows = list(Instance.objects.filter(engagement=engagement.key, kind="case", status="active", parent=None))
    apart = {row.pk: roles.of(row.definition).kept_apart for row in rows}
    known = walls.staff(apart)
    places = {row.pk: [role for role in apart[row.pk] if not known.get((row.pk, role))] for row in rows}
    open_rows = [row for row in rows if places[row.pk]]
    people = {
        one.email: one
        for one in Person.objects.filter(
            assignments__engagement=engagement, memberships__role=Role.EXPERT, is_active=True
        )
        .distinct()
        .prefetch_related("credentials__verified_by")
    }
    profiles = {one.person_id: one for one in Profile.objects.filter(person__in=people.values())}
    tracks = _tracks(set(people))
    experts = [
        _expert(one, profiles.get(one.pk) or Profile(person=one), tracks.get(one.email, {}), items.day_of(now))
        for one in people.values()
    ]
    by_key = {one.pk: one for one in people.values()}
    on_it = {
        row.pk: [(role, by_key[pk]) for role in apart[row.pk] for pk in known.get((row.pk, role), ()) if pk in by_key]
        for row in open_rows
    }
    # Whoever has a place of a case cannot have another that is kept apart from it.
    taken = [
        Wall(str(case), person.email, "declared", "", 0, "") for case, found in on_it.items() for _r, person in found
    ]
    packs = {service: services.pack(service, engagement.key) for service in {row.service for row in open_rows}}
    needs = [_need(row, len(places[row.pk]), packs[row.service]) for row in open_rows]
    made = _matched(experts, needs, [*walls.all_walls(row.pk for row in open_rows), *taken], now)
    return [_proposal(row, tuple(places[row.pk]), made[row.pk], people, tuple(on_it[row.pk])) for row in open_rows]


def _matched(
    experts: Sequence[Expert], needs: Sequence[Need], standing: Sequence[Wall], now: int
) -> dict[int, Assignment]:
    """An assignment per case; one that cannot have all its people has as many as the others leave it."""
    made = {int(one.case): one for one in matching.assign(experts, needs, standing, now)} if needs else {}
    left = {one.id: one.free_hours for one in experts}
    hours = {int(one.case): one.hours for one in needs}
    for case, one in made.items():
        for name in one.experts:
            left[name] -= hours[case]
    for need in needs:
        fewer = need
        while not made[int(need.case)].experts and fewer.people > 1:
            fewer = replace(fewer, people=fewer.people - 1)
            free = [replace(one, free_hours=left[one.id]) for one in experts]
            [found] = matching.assign(free, [fewer], standing, now)
            if found.experts:
                made[int(need.case)] = replace(found, why=(*found.why, f"{fewer.people} of {need.people} places"))
                for name in found.experts:
                    left[name] -= need.hours
    return made


def _proposal(
    row: Instance, places: tuple[str, ...], made: Assignment, people: dict[str, Person],
    staffed: tuple[tuple[str, Person], ...],
) -> Proposal:  # fmt: skip
    # Of a person behind a wall no list says more than that the person is not available.
    why = tuple(line for line in made.why if not line.endswith(": screened"))
    possible = tuple(people[one.expert] for one in made.fits if not one.excluded)
    return Proposal(row, places, tuple(people[email] for email in made.experts), why, possible, staffed)


def _expert(person: Person, profile: Profile, track: dict[str, tuple[int, int]], day: date) -> Expert:
    credentials = list(person.credentials.all())
    return Expert(
        person.email,
        tuple(
            Qualification(one.subject, one.verified_by.email if one.verified_by else "", _end(one))
            for one in credentials
            if one.kind == Credential.Kind.QUALIFICATION and one.valid_from <= day
        ),
        core.held_of(credentials, day).languages, profile.shore, profile.hours, track,
    )  # fmt: skip


def _end(one: Credential) -> int | None:
    if one.valid_until is None:
        return None
    midnight = datetime(one.valid_until.year, one.valid_until.month, one.valid_until.day, tzinfo=UTC)
    return int(midnight.timestamp() + 86_400) * 1_000_000


def _tracks(people: set[str]) -> dict[str, dict[str, tuple[int, int]]]:
    """Findings upheld of those that were decided about, by person and service."""
    found: dict[str, dict[str, tuple[int, int]]] = {}
    for review, loaded in blinding.load_all(Review.objects.exclude(concluded=None)):
        for decided in loaded.with_status("adjudicated"):
            for answer in decided.answers:
                if answer.reviewer in people:
                    of = found.setdefault(answer.reviewer, {})
                    upheld, judged = of.get(review.service, (0, 0))
                    of[review.service] = (upheld + (decided.outcome == answer.value), judged + 1)
    return found


def _need(row: Instance, people: int, pack: Pack | None) -> Need:
    skills = pack.skills if pack else Skills()
    asked = skills.need(engine.variables(row)) if skills.routes else None
    spoken = {asked.language: asked.level} if asked and asked.language else {}
    return Need(str(row.pk), HOURS, people, skills.qualifications, languages=spoken, topic=row.service)


@transaction.atomic
def keep(made: list[Proposal], by: str) -> None:
    """Puts the people on their cases: from now on nobody else is given those tasks."""
    now = host().clock()
    for one in made:
        for role, person in zip(one.places, one.people, strict=False):
            staff.staff(person, one.row.pk, role, now, by, why=one.why)
        notices.tell(one.people, one.row.pk, Notification.Kind.ASSIGNED, now)


@transaction.atomic
def assign(by: Person, key: str) -> list[Proposal]:
    """Matches and keeps, for the manager of an engagement. Cases the manager may not see are left alone."""
    made = _open(by, key)
    keep(made, by.email)
    return made


@transaction.atomic
def put(by: Person, key: str, number: int, chosen: Mapping[str, str]) -> Proposal:
    """Puts people a manager chose on places of one case; places for which nobody is chosen stay open.

    Args:
        by: the manager.
        key: of the engagement.
        number: the case.
        chosen: role → email; empty for nobody.

    Raises:
        NotFound: no such case waits for people.
        Invalid: somebody is chosen twice, or cannot be put there.
    """
    found = next((one for one in _open(by, key) if one.row.pk == number), None)
    if found is None:
        raise NotFound(_("This case waits for nobody."))
    possible = {one.email: one for one in found.possible}
    wanted = {role: email for role, email in chosen.items() if role in found.places and email}
    if len(set(wanted.values())) < len(wanted) or not set(wanted.values()) <= set(possible):
        raise Invalid({"people": _("Each place needs a person of its own, of those who are possible.")})
    kept = replace(
        found, places=tuple(wanted), people=tuple(possible[email] for email in wanted.values()), why=(_("chosen"),)
    )  # fmt: skip
    keep([kept], by.email)
    return kept


def _open(by: Person, key: str) -> list[Proposal]:
    engagement = permissions.engagement(by, key, "people.manage")
    Engagement.objects.select_for_update().get(pk=engagement.pk)  # one staffing at a time: both would fill the same
    hidden = engine.blocked(by)
    return [one for one in propose(engagement) if one.row.pk not in hidden]


def waiting(by: Person) -> list[tuple[Engagement, int]]:
    """The engagements somebody staffs, and how many of their open cases have places that nobody has."""
    permissions.require(by, "people.manage")
    found = list(permissions.visible_engagements(by, "people.manage").order_by("title", "key").select_related("client"))
    rows = (
        Instance.objects.filter(engagement__in=[one.key for one in found], kind="case", status="active", parent=None)
        .exclude(pk__in=engine.blocked(by))
        .values_list("pk", "engagement", "definition")
    )
    apart = {number: (key, roles.of(definition).kept_apart) for number, key, definition in rows}
    known = walls.staff(apart)
    open_cases = Counter(
        key for number, (key, places) in apart.items() if any(not known.get((number, role)) for role in places)
    )
    return [(one, open_cases[one.key]) for one in found]
