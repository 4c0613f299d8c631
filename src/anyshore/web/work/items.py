"""Who gets which work item: the role the definition names, the certificate or qualifications the service asks for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from django.utils.translation import get_language

from anyshore.forms import Form
from anyshore.packs.reading import Pack
from anyshore.web.cases import queries as cases
from anyshore.web.core import queries as people
from anyshore.web.core.models import Credential, Person, Role
from anyshore.web.engine import services
from anyshore.web.engine.models import Wait
from anyshore.web.engine.queries import data

PERFORMERS: dict[str, frozenset[str]] = {
    "agent": frozenset({Role.AGENT}),
    "expert": frozenset({Role.EXPERT}),
    "reviewer": frozenset({Role.EXPERT}),
    "manager": frozenset({Role.MANAGER}),
    "client": frozenset({Role.OWNER}),
}
"""The performer a definition names → the roles that may be one. A name that is not here is any role of the provider."""

DESKS = {"review": "review-desk", "adjudication": "review-adjudication"}
"""Forms of a pack with a playbook that are filled on a page of their own → the name of that page."""

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
        if self.form is not None:
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
        return DESKS.get(str(self.row.name or self.data.get("form") or ""))

    @property
    def performer(self) -> str:
        """Who should do it, as the definition says."""
        return str(self.data.get("role") or "")


def language() -> Literal["en", "de"]:
    """The language forms and titles are shown in."""
    return "de" if (get_language() or "en").startswith("de") else "en"


def item(row: Wait) -> Item:
    """A work item from its row."""
    return _item(row, services.pack(row.service, row.engagement))


def _item(row: Wait, found: Pack | None) -> Item:
    opened = data(row)
    name = row.name or opened.get("form") or ""
    return Item(row, opened, found, found.forms.get(name) if found else None)


@dataclass(slots=True)
class Fitness:
    """What a person may be given: their roles and valid credentials, looked up once."""

    roles: frozenset[str]
    certificates: frozenset[str]
    qualifications: frozenset[str]
    missing: dict[str, str] = field(default_factory=dict)
    person: Person | None = None
    staff: Mapping[tuple[int, str], Mapping[int, bool]] = field(default_factory=dict)

    @classmethod
    def of(cls, person: Person, instances: Iterable[int] = ()) -> Fitness:
        """As of today, with who is on the instances."""
        credentials = list(people.credentials(person))
        return cls(
            frozenset(person.memberships.values_list("role", flat=True)),
            frozenset(one.subject for one in credentials if one.kind == Credential.Kind.CERTIFICATE),
            frozenset(one.subject for one in credentials if one.kind == Credential.Kind.QUALIFICATION),
            person=person, staff=cases.staff(set(instances)),
        )  # fmt: skip

    def fits(self, found: Item) -> bool:
        """Whether the item may be given to the person; what is lacking is noted in ``missing`` by service."""
        if not self.roles & PERFORMERS.get(found.performer, _PROVIDER):
            return False
        on_it = self.person is None or cases.may_have(self.person, found.row.instance, found.performer, self.staff)
        if not on_it:
            return False
        if self.roles <= {Role.OWNER} or found.pack is None:
            return True
        certificate = found.pack.certificate
        if Role.AGENT in self.roles and certificate and certificate not in self.certificates:
            self.missing[found.service_title] = certificate
            return False
        lacking = set(found.pack.qualifications) - self.qualifications
        if Role.EXPERT in self.roles and lacking:
            self.missing[found.service_title] = ", ".join(sorted(lacking))
            return False
        return True


def fitting(person: Person, rows: Iterable[Wait]) -> tuple[list[Item], Fitness]:
    """The items a person may be given, in order, and what else would have been possible."""
    rows = list(rows)
    fitness = Fitness.of(person, (row.instance for row in rows))
    packs = {place: services.pack(*place) for place in {(row.service, row.engagement) for row in rows}}
    items = [_item(row, packs[row.service, row.engagement]) for row in rows]
    return [found for found in items if fitness.fits(found)], fitness
