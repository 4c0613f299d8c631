"""Service packs as installed, and the diagrams of what runs."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from anyshore.base.errors import AnyshoreError
from anyshore.packs import reading
from anyshore.packs.reading import Pack
from anyshore.web.core import permissions
from anyshore.web.core.errors import NotFound
from anyshore.web.core.models import Person
from anyshore.web.engine import own_packs, services


@dataclass(frozen=True, slots=True)
class Shelf:
    """A pack on the shelf: readable, or with what is wrong with it.

    Attributes:
        folder: its id.
        pack: what it holds.
        problem: why it cannot be used.
        organisation: whose own it is; empty for a pack that is installed.
        version: how many of them there were, where it is an organisation's own.
        terms: whether it has sample terms.
    """

    folder: str
    pack: Pack | None
    problem: str = ""
    organisation: str = ""
    version: int = 0
    terms: bool = False


def packs(person: Person) -> list[Shelf]:
    """All installed packs, and the own ones of the person's organisations."""
    permissions.require(person, "library.see")
    found = []
    for folder in reading.find():
        try:
            pack = services.installed(folder)
            found.append(Shelf(folder.name, pack, terms=pack.terms is not None))
        except AnyshoreError as error:
            found.append(Shelf(folder.name, None, str(error)))
    organisations = permissions.organisations(person, "library.see").values_list("key", flat=True)
    unreadable = _("This version of Anyshore cannot read it.")
    for own in own_packs.of(organisations):
        problem = "" if own.pack is not None else unreadable
        terms = "terms.yaml" in own_packs.names(own.deployment)
        number = own_packs.ordinals([f"@{own.deployment}"]).get(f"@{own.deployment}", 1)
        found.append(Shelf(own.id, own.pack, problem, own.organisation, number, terms))
    return found


def pack(person: Person, name: str) -> Pack:
    """One of them.

    Raises:
        NotFound: there is none of that name.
    """
    for shelf in packs(person):
        if shelf.folder == name and shelf.pack is not None:
            return shelf.pack
    raise NotFound(_("There is no such service pack."))
