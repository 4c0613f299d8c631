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


@dataclass(frozen=True, slots=True)
class Shelf:
    """A pack on the shelf: readable, or with what is wrong with it."""

    folder: str
    pack: Pack | None
    problem: str = ""


def packs(person: Person) -> list[Shelf]:
    """All installed packs."""
    permissions.require(person, "library.see")
    found = []
    for folder in reading.find():
        try:
            found.append(Shelf(folder.name, reading.read(folder)))
        except AnyshoreError as error:
            found.append(Shelf(folder.name, None, str(error)))
    return found


def pack(person: Person, name: str) -> Pack:
    """One installed pack.

    Raises:
        NotFound: there is none of that name.
    """
    for shelf in packs(person):
        if shelf.folder == name and shelf.pack is not None:
            return shelf.pack
    raise NotFound(_("There is no such service pack."))
