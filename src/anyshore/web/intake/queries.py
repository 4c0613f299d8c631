"""What was received, and the reference data in force."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from anyshore.base.telling import Sheet, moment
from anyshore.host.intake import receiving, reference_data
from anyshore.host.intake.parcels import ANYTHING, Kind, Receipt
from anyshore.host.intake.reference_data import Change, Loaded
from anyshore.host.intake.sorting import taken
from anyshore.host.intake_ports import STATUSES, ReceiptRow, VersionRow
from anyshore.packs.reading import Pack
from anyshore.packs.references import ReferenceKind
from anyshore.web.core import permissions
from anyshore.web.core.errors import NotFound
from anyshore.web.core.models import Engagement, Person
from anyshore.web.engine import models, services
from anyshore.web.engine import queries as engine
from anyshore.web.engine.running import host
from anyshore.web.engine.tallies import services_of

_FIELDS = ReceiptRow.__struct_fields__


@dataclass(frozen=True, slots=True)
class Door:
    """A service of an engagement, and what it takes in.

    Attributes:
        service: its id.
        pack: what it is delivered by.
        kinds: of intake; one for anything where the pack says nothing.
    """

    service: str
    pack: Pack
    kinds: tuple[Kind, ...]

    @property
    def takes_files(self) -> bool:
        """Whether a person can hand files over."""
        return any(kind.files or kind.table or kind.mails for kind in self.kinds)

    @property
    def takes(self) -> str:
        """What files it takes, in words."""
        return taken(kind for kind in self.kinds if kind.files or kind.table or kind.mails)

    @property
    def takes_values(self) -> bool:
        """Whether work can begin by nothing but values."""
        return any(kind.free or kind.payload is not None for kind in self.kinds)

    @property
    def values(self) -> list[str]:
        """The values it describes, by name."""
        return sorted({name for kind in self.kinds if kind.payload is not None for name in kind.payload.names})

    @property
    def forms(self) -> list[Kind]:
        """The kinds that have a start form."""
        return [kind for kind in self.kinds if kind.form in self.pack.forms]


@dataclass(frozen=True, slots=True)
class Shelf:
    """Reference data of a service: its kind and its versions, newest first."""

    service: str
    kind: ReferenceKind
    versions: list[VersionRow] = field(default_factory=list)


def doors(engagement: Engagement) -> list[Door]:
    """The services whose packs are here."""
    found = []
    for service in services_of(engagement):
        pack = services.pack(service, engagement.key)
        if pack is not None:
            found.append(Door(service, pack, tuple(pack.intake.values()) or (ANYTHING,)))
    return found


def received(by: Person, key: str, status: str = "", service: str = "", channel: str = "") -> QuerySet[models.Receipt]:
    """What an engagement has received, newest first, without what belongs to cases a wall keeps the person from."""
    engagement = permissions.engagement(by, key, "received.see")
    found = models.Receipt.objects.filter(engagement=engagement.key).exclude(instance__in=engine.blocked(by))
    found = found.order_by("-id")
    if status in STATUSES:
        found = found.filter(status=status)
    if channel:
        found = found.filter(channel=channel)
    return found.filter(service=service) if service else found


def receipt(row: models.Receipt) -> Receipt:
    """How one thing was answered."""
    return receiving.from_row(ReceiptRow(**{name: getattr(row, name) for name in _FIELDS}))


def as_data(one: Receipt) -> dict[str, Any]:
    """A receipt as plain data, for REST and ``--json``."""
    return {
        "name": one.name, "status": one.status, "instance": one.instance, "kind": one.kind, "digest": one.digest,
        "channel": one.channel, "sender": one.sender, "at": one.at,
        "reason": one.reason.as_dict() if one.reason is not None else None,
    }  # fmt: skip


def of_receipts(title: str, found: Iterable[Receipt]) -> Sheet:
    """Receipts as a table."""
    rows = [
        (moment(one.at), one.name, one.status, "" if one.instance is None else one.instance,
         "" if one.reason is None else f"{one.reason.message} {one.reason.hint}".strip(), one.channel)
        for one in found
    ]  # fmt: skip
    return Sheet(title, ("When", "Name", "Answer", "Case", "Reason", "By"), rows, right=(3,))


def reference_kind(engagement: Engagement, service: str, kind: str) -> ReferenceKind:
    """A kind of reference data of a service.

    Raises:
        NotFound: the service has none of that name.
    """
    pack = services.pack(service, engagement.key)
    if pack is None or kind not in pack.references:
        known = ", ".join(pack.references) if pack is not None else ""
        raise NotFound(_("The service has no such reference data."), hint=_("Known are: %s") % known if known else "")
    return pack.references[kind]


def shelves(by: Person, key: str) -> list[Shelf]:
    """The reference data of an engagement, with its versions."""
    engagement = permissions.engagement(by, key, "references.see")
    return shelves_of(engagement)


def shelves_of(engagement: Engagement) -> list[Shelf]:
    """The same for the command line, which stands above permissions."""
    known = reference_data.versions(host(), engagement.key)
    found = []
    for service in services_of(engagement):
        pack = services.pack(service, engagement.key)
        for kind in (pack.references if pack is not None else {}).values():
            found.append(Shelf(service, kind, [row for row in known if row.kind == kind.name]))
    return found


def shelf(by: Person, key: str, service: str, kind: str) -> Shelf:
    """One kind of reference data of a service.

    Raises:
        NotFound: the service has none of that name.
    """
    engagement = permissions.engagement(by, key, "references.see")
    return shelf_of(engagement, service, kind)


def shelf_of(engagement: Engagement, service: str, kind: str) -> Shelf:
    """The same for the command line.

    Raises:
        NotFound: the service has none of that name.
    """
    known = reference_kind(engagement, service, kind)
    return Shelf(service, known, reference_data.versions(host(), engagement.key, kind))


def shelf_data(one: Shelf) -> dict[str, Any]:
    """A kind of reference data with the version in force, as plain data."""
    in_force = version_data(one.versions[0]) if one.versions else None
    return {"service": one.service, "kind": one.kind.name, "file": one.kind.file, "in_force": in_force}


def of_shelves(found: Iterable[Shelf]) -> Sheet:
    """The same as a table."""
    rows = []
    for one in found:
        newest = one.versions[0] if one.versions else None
        known = ("–", "–", "–") if newest is None else (newest.number, newest.rows, moment(newest.at))
        rows.append((one.service, one.kind.name, one.kind.file, *known))
    return Sheet("Reference data", ("Service", "Kind", "File", "Version", "Rows", "Since"), rows, right=(3, 4))


def of_versions(title: str, shelf: Shelf) -> Sheet:
    """The versions of one kind as a table."""
    rows = [(row.number, moment(row.at), row.by or "–", row.name, row.rows, row.digest[:12]) for row in shelf.versions]
    return Sheet(title, ("Version", "Since", "By", "File", "Rows", "SHA-256"), rows, right=(0, 4))


def change(shelf: Shelf, engagement: str, number: int) -> Change:
    """What a version changed.

    Raises:
        NotFound: there is no such version.
    """
    if number not in {row.number for row in shelf.versions}:
        raise NotFound(_("There is no such version."))
    return reference_data.compare(host(), engagement, shelf.kind.name, number - 1, number)


def of_loaded(kind: str, loaded: Loaded) -> str:
    """What came of loading a file, in words."""
    version = loaded.version
    if not loaded.fresh:
        return f"Nothing changed: version {version.number} holds the same {version.rows:,} rows."
    told = ", ".join(f"{count:,} {word}" for word, count in loaded.change.counts.items())
    return f"Version {version.number} of {kind} is in force: {version.rows:,} rows, {told}."


def of_change(title: str, found: Change) -> Sheet:
    """What a version changed, as a table."""
    return Sheet(title, ("Change", "Key"), [(word, key) for word, some in found.keys.items() for key in some])


def version_data(row: VersionRow) -> dict[str, Any]:
    """A version as plain data."""
    return {
        "kind": row.kind, "version": row.number, "digest": row.digest, "rows": row.rows, "name": row.name,
        "at": row.at, "by": row.by,
    }  # fmt: skip
