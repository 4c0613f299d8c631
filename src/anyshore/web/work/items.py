"""Who gets which work item: the role the definition names, the skills its service asks for, the people kept apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from anyshore.base.zones import find_zone
from anyshore.cmmn.model import Case
from anyshore.forms import Field, Form
from anyshore.packs.reading import Pack
from anyshore.packs.skills import CERTIFICATE, Held, Lack, Need
from anyshore.web.core import queries as people
from anyshore.web.core.models import Engagement, Person, Role
from anyshore.web.core.reader import language
from anyshore.web.engine import roles, services
from anyshore.web.engine.models import Wait
from anyshore.web.engine.queries import data
from anyshore.web.engine.running import host
from anyshore.web.walls import queries as walls
from anyshore.web.work import known, skilled
from anyshore.web.work.skilled import Without

ADDED = "added-task"
"""The form of a task that somebody added to a live case: it asks what the task came to."""

ADDED_FORM = Form(
    ADDED, {"en": "Added task", "de": "Hinzugefügte Aufgabe"}, (),
    (
        Field("result", "long text", {"en": "Result", "de": "Ergebnis"}, required=True, max_length=20_000),
        Field(
            "minutes", "minutes", {"en": "Time worked", "de": "Arbeitszeit"}, minimum=Decimal(0), maximum=Decimal(6000)
        ),
    ),
)  # fmt: skip

PERFORMERS: dict[str, frozenset[str]] = {
    "agent": frozenset({Role.AGENT}),
    "expert": frozenset({Role.EXPERT}),
    "reviewer": frozenset({Role.EXPERT}),
    "manager": frozenset({Role.MANAGER}),
    "client": frozenset({Role.OWNER}),
}
"""The performer a definition names → the roles that may be one. A name that is not here is any role of the provider."""

DESKS = {"review": "review-desk", "adjudication": "review-adjudication"}
"""The desk a form names → the name of its page, in packs with a playbook."""

_PROVIDER = frozenset({Role.AGENT, Role.EXPERT, Role.MANAGER})


@dataclass(frozen=True, slots=True)
class Item:
    """An open work item with everything needed to do it.

    Attributes:
        row: the wait it is.
        data: what it was opened with.
        pack: the service pack it belongs to; None where that is not installed here.
        form: its form; None where it has none.
    """

    row: Wait
    data: dict[str, Any]
    pack: Pack | None
    form: Form | None

    @property
    def title(self) -> str:
        """What people call it."""
        if self.form is not None and self.form is not ADDED_FORM:
            return self.form.text(self.form.title, language())
        return str(self.data.get("name") or self.row.element)

    @property
    def service_title(self) -> str:
        """The name of its service."""
        if self.pack is None:
            return self.row.service
        return self.pack.title.get(language()) or self.pack.title.get("en", self.row.service)

    @property
    def desk(self) -> str | None:
        """Name of the page on which it is done instead of its form; blinded reviews have one."""
        if self.pack is None or not (self.pack.folder / "playbook.yaml").is_file():
            return None
        return DESKS.get(self.form.desk) if self.form is not None else None

    @property
    def queue(self) -> str:
        """Which queue it waits in: that of its service and form."""
        return f"{self.row.service}:{self.form.id if self.form is not None else ''}"

    @property
    def inputs(self) -> dict[str, Any]:
        """The variables its task was given."""
        return dict(self.data.get("inputs") or self.data.get("variables") or {})

    @property
    def added(self) -> dict[str, Any] | None:
        """What is to be done and until when, of a task somebody added; None of any other."""
        return self.inputs if self.form is ADDED_FORM else None

    @property
    def kept_apart(self) -> list[str]:
        """Who may not do it, because they did the part before it."""
        return list(self.data.get("apart") or [])

    @property
    def performer(self) -> str:
        """Who should do it, as the definition says."""
        return str(self.data.get("role") or "")


def item(row: Wait) -> Item:
    """A work item from its row."""
    return _item(row, services.pack(row.service, row.engagement))


def _item(row: Wait, found: Pack | None) -> Item:
    opened = data(row)
    name = row.name or opened.get("form") or ""
    form = ADDED_FORM if name == ADDED else found.forms.get(name) if found else None
    return Item(row, opened, found, form)


@dataclass(slots=True)
class Fitness:
    """What a person may be given: their roles and what they have shown to know, looked up once.

    Attributes:
        roles: of the person.
        held: what counts on the day of ``now``, by time zone: a certificate ends at midnight where the client is.
        now: microseconds since 1970 UTC by the host's clock.
        person: who; None where nobody's place on a case matters.
        missing: what else they would need, by service.
        staff: (case, role) → who is on it.
        cases: number → the case, for what its roles keep apart.
        variables: number → variables, of the work whose service routes by them.
        zones: time zone by engagement.
        ended: last day of certificates that are held no more, by time zone.
        certificates: those that are lacking, by service.
    """

    roles: frozenset[str]
    held: Mapping[str, Held]
    now: int
    person: Person | None = None
    missing: dict[str, str] = field(default_factory=dict)
    staff: Mapping[tuple[int, str], Mapping[int, bool]] = field(default_factory=dict)
    cases: Mapping[int, Case] = field(default_factory=dict)
    variables: Mapping[int, known.Variables] = field(default_factory=dict)
    zones: Mapping[str, str] = field(default_factory=dict)
    ended: Mapping[str, Mapping[str, date]] = field(default_factory=dict)
    certificates: dict[str, str] = field(default_factory=dict)
    _lacks: dict[str, dict[Lack, None]] = field(default_factory=dict)

    @classmethod
    def of(cls, person: Person, found: Iterable[Item] = ()) -> Fitness:
        """As of now, with all that the items ask for."""
        found = list(found)
        now = host().clock()
        numbers = {one.row.instance for one in found}
        keys = {one.row.engagement for one in found}
        zones = dict(Engagement.objects.filter(key__in=keys).values_list("key", "zone"))
        days = {zone: day_of(now, zone) for zone in {"", *zones.values()}}
        rows = list(person.credentials.all())
        routed = {one.row.instance for one in found if one.pack is not None and one.pack.skills.routes}
        return cls(
            frozenset(one.role for one in person.memberships.all()),
            {zone: people.held_of(rows, day) for zone, day in days.items()}, now,
            person=person, staff=walls.staff(numbers), cases=roles.of_instances(numbers),
            variables=known.variables(routed), zones=zones,
            ended={zone: people.ended(rows, day) for zone, day in days.items()},
        )  # fmt: skip

    def fits(self, found: Item) -> bool:
        """Whether the item may be given to the person; what is lacking is noted in ``missing`` by service."""
        if not self._of_role(found) or not self._has_place(found):
            return False
        lacks = self._lacking(found, self._lapsed(found))
        if lacks:
            noted = self._lacks.setdefault(found.service_title, {})
            noted.update(dict.fromkeys(lacks))
            self.missing[found.service_title] = skilled.words(noted, self.ended.get(self._zone(found), skilled.NOTHING))
            for one in lacks:
                if one.kind == CERTIFICATE:
                    self.certificates[found.service_title] = one.subject
        return not lacks

    def could_fit(self, found: Item) -> bool:
        """Whether other work of this kind may fit though this does not: where its case or its variables decide."""
        if not self._of_role(found):
            return False
        return found.pack is None or found.pack.skills.routes or not self._lacking(found, ())

    def _of_role(self, found: Item) -> bool:
        return bool(self.roles & PERFORMERS.get(found.performer, _PROVIDER))

    def without(self, found: Item) -> Without | None:
        """What a fitting item would be given to the person without, and after what time; None: it asks nothing more."""
        lacks = self._lacking(found, ())
        if not lacks or found.pack is None:
            return None
        skills = found.pack.skills
        lapsed = self._lapsed(found)
        needed = next(n for n in range(len(lapsed) + 1) if not self._lacking(found, lapsed[:n]))
        return Without(lacks, needed * skills.after)

    def _zone(self, found: Item) -> str:
        return self.zones.get(found.row.engagement, "")

    def _has_place(self, found: Item) -> bool:
        if self.person is None:
            return True
        if self.person.email in found.kept_apart:
            return False
        number, role = found.row.instance, found.performer
        apart = self.cases.get(number, roles.NOBODY).apart(role)
        return walls.may_have(self.person, number, role, self.staff, apart)

    def _lapsed(self, found: Item) -> tuple[str, ...]:
        return () if found.pack is None else found.pack.skills.lapsed(self.now - found.row.opened)

    def _lacking(self, found: Item, lapsed: tuple[str, ...]) -> tuple[Lack, ...]:
        if self.roles <= {Role.OWNER} or found.pack is None:
            return ()
        skills = found.pack.skills
        # What a manager or a client has to decide is theirs, whatever language it came in: nobody else would get it.
        own = found.performer in ("manager", "client")
        need = Need() if own else skills.need(self.variables.get(found.row.instance, {}))
        agent = Role.AGENT in self.roles
        # Judgement work is for experts: an agent who does some of it needs what they need.
        expert = Role.EXPERT in self.roles or (agent and found.pack.kind == "kpo")
        return skills.lacking(self.held[self._zone(found)], need, lapsed, agent=agent, expert=expert)


def day_of(now: int, zone: str = "") -> date:
    """The date at a time of the host's clock, in a time zone or else the installation's: credentials hold by days."""
    return timezone.localdate(datetime.fromtimestamp(now / 1_000_000, UTC), find_zone(zone) if zone else None)


def read(rows: Iterable[Wait]) -> list[Item]:
    """Work items from their rows, in order; each pack is looked up once."""
    rows = list(rows)
    packs = {place: services.pack(*place) for place in {(row.service, row.engagement) for row in rows}}
    return [_item(row, packs[row.service, row.engagement]) for row in rows]


def fitting(person: Person, rows: Iterable[Wait]) -> tuple[list[Item], Fitness]:
    """The items a person may be given, in order, and what else would have been possible."""
    found = read(rows)
    fitness = Fitness.of(person, found)
    return [one for one in found if fitness.fits(one)], fitness
