"""Experts to the day's open cases: what the records say of both goes into the matching, its result onto the cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.db import transaction

from anyshore.base.telling import Sheet
from anyshore.knowledge import matching
from anyshore.knowledge.matching import Assignment, Expert, Need, Qualification
from anyshore.packs.skills import Skills
from anyshore.web.core import permissions
from anyshore.web.core import queries as core
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
    """The people proposed for a case and why."""

    row: Instance
    people: tuple[Person, ...]
    why: tuple[str, ...]

    @property
    def names(self) -> list[str]:
        """Their names, in the order of the roles the case keeps apart."""
        return [person.name for person in self.people]


def plain(made: Sequence[Proposal]) -> list[dict[str, Any]]:
    """Proposals as plain data."""
    return [{"case": one.row.pk, "reference": one.row.reference, "people": one.names, "why": one.why} for one in made]


def sheet(made: Sequence[Proposal]) -> Sheet:
    """The same as a table."""
    rows = [(one.row.reference, ", ".join(one.names) or "open", "\n".join(one.why)) for one in made]
    return Sheet("Experts for open cases", ("Case", "Experts", "Why"), rows)


def propose(engagement: Engagement) -> list[Proposal]:
    """The best assignment of an engagement's experts to its open cases that have nobody yet."""
    now = host().clock()
    rows = list(Instance.objects.filter(engagement=engagement.key, kind="case", status="active", parent=None))
    apart = {row.pk: roles.of(row.definition).kept_apart for row in rows}
    staffed = {case for case, role in walls.staff(apart) if role in apart[case]}
    open_rows = [row for row in rows if apart[row.pk] and row.pk not in staffed]
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
    needs = [_need(row, len(apart[row.pk])) for row in open_rows]
    standing = walls.all_walls(row.pk for row in open_rows)
    made = {int(one.case): one for one in matching.assign(experts, needs, standing, now)} if needs else {}
    return [_proposal(row, made[row.pk], people) for row in open_rows]


def _proposal(row: Instance, made: Assignment, people: dict[str, Person]) -> Proposal:
    # Of a person behind a wall no list says more than that the person is not available.
    why = tuple(line for line in made.why if not line.endswith(": screened"))
    return Proposal(row, tuple(people[email] for email in made.experts), why)


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


def _need(row: Instance, people: int) -> Need:
    pack = services.pack(row.service, row.engagement)
    skills = pack.skills if pack else Skills()
    asked = skills.need(engine.variables(row)) if skills.routes else None
    spoken = {asked.language: asked.level} if asked and asked.language else {}
    return Need(str(row.pk), HOURS, people, skills.qualifications, languages=spoken, topic=row.service)


@transaction.atomic
def keep(made: list[Proposal], by: str) -> None:
    """Puts the people on their cases: from now on nobody else is given those tasks."""
    now = host().clock()
    for one in made:
        for role, person in zip(roles.of(one.row.definition).kept_apart, one.people, strict=False):
            staff.staff(person, one.row.pk, role, now, by, why=one.why)
        notices.tell(one.people, one.row.pk, Notification.Kind.ASSIGNED, now)


@transaction.atomic
def assign(by: Person, key: str) -> list[Proposal]:
    """Matches and keeps, for the manager of an engagement. Cases the manager may not see are left alone."""
    engagement = permissions.engagement(by, key, "people.manage")
    Engagement.objects.select_for_update().get(pk=engagement.pk)  # one staffing at a time: both would fill the same
    hidden = engine.blocked(by)
    made = [one for one in propose(engagement) if one.row.pk not in hidden]
    keep(made, by.email)
    return made
