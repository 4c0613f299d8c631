"""Handing things over: work, and reference data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from anyshore.base.errors import AnyshoreError, CommandRejected, DataError, Diagnostic
from anyshore.base.locations import Location
from anyshore.base.tables.writing import write_csv
from anyshore.host.intake import receiving, reference_data
from anyshore.host.intake.parcels import Parcel, Place, Receipt
from anyshore.host.intake.reference_data import Loaded
from anyshore.host.intake_ports import ACCEPTED, DUPLICATE, REFUSED
from anyshore.web.core import audit, permissions
from anyshore.web.core.errors import Invalid
from anyshore.web.core.models import Engagement, Person
from anyshore.web.engine import queries as engine
from anyshore.web.engine import services
from anyshore.web.engine.running import host
from anyshore.web.engine.tallies import services_of
from anyshore.web.intake import queries


def receive(by: Person, key: str, service: str, parcels: Iterable[Parcel]) -> list[Receipt]:
    """Hands parcels over to a service of an engagement; how each thing in them was answered.

    Raises:
        Invalid: the engagement has no such service, or its pack is not installed.
        DefinitionError: a file of the pack cannot be used.
    """
    return receive_in(permissions.engagement(by, key, "work.start"), service, by, parcels)


def receive_in(engagement: Engagement, service: str, by: Person, parcels: Iterable[Parcel]) -> list[Receipt]:
    """The same where another ability lets somebody in, which who calls has asked for."""
    if service not in services_of(engagement):
        raise Invalid({"service": _("The terms in force have no such service.")})
    starts = services.stand_ready(engagement, service, by)
    pack = services.pack(service, engagement.key)
    if starts is None or pack is None:
        raise Invalid({"service": _("The pack of this service is not installed.")})
    place = Place(engagement.key, service, engagement.zone, by.email, starts)
    return _told(by, receiving.receive(host(), pack, place, parcels))


def _told(by: Person, receipts: Iterable[Receipt]) -> list[Receipt]:
    """Receipts as their sender may see them: what became, or is, a case behind a wall has no number and no fate."""
    kept, hidden = list(receipts), engine.blocked(by)
    return [_unseen(one) if one.instance in hidden else one for one in kept]


def _unseen(one: Receipt) -> Receipt:
    hint = _("Ask the delivery manager of the engagement.")
    reason = Diagnostic("intake.not-taken", _("This is not taken in from you."), Location(one.name), hint)
    return replace(one, status=REFUSED, instance=None, reason=reason)


def request(
    by: Person, key: str, service: str, *, reference: str = "", variables: Mapping[str, Any] | None = None,
    documents: Sequence[tuple[str, bytes]] = (), rows: Sequence[Mapping[str, Any]] = (), kind: str | None = None,
) -> list[Receipt]:  # fmt: skip
    """Hands over what a program sends at once: files that belong together, values, rows.

    Raises:
        Invalid: as for ``receive``.
    """
    name = reference or _("Request")
    parcels = []
    if rows:
        parcels.append(Parcel(f"{name}.csv", _table(rows), "rest", kind=kind))
    if documents or not rows:
        first, *beside = documents or ((name, None),)
        parcels.append(
            Parcel(
                first[0],
                first[1],
                "rest",
                tuple((one, content or b"") for one, content in beside),
                payload=variables or None,
                reference=reference,
                kind=kind,
            )
        )
    return receive(by, key, service, parcels)


def _table(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """Rows as a file, so that one reader reads them whichever way they come."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    cells = [[_cell(row.get(name)) for name in names] for row in rows]
    return write_csv([names, *cells]).encode()


def _cell(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case float():
            return f"{Decimal(repr(value)):f}"
        case _:
            return str(value)


def load(by: Person, key: str, service: str, kind: str, name: str, content: bytes) -> Loaded:
    """Puts the reference data of a file in force, in place of what was there.

    Raises:
        NotFound: the service has no such reference data.
        DataError: with every problem of the file; nothing changed.
    """
    engagement = permissions.engagement(by, key, "references.load")
    loaded = load_in(engagement, service, kind, name, content, by.email)
    if loaded.fresh:
        audit.record(by, "references.loaded", kind, engagement=engagement, version=loaded.version.number)
    return loaded


def load_in(
    engagement: Engagement, service: str, kind: str, name: str, content: bytes, by: str | None = None
) -> Loaded:
    """The same for the command line, which stands above permissions.

    Raises:
        NotFound: the service has no such reference data.
        DataError: with every problem of the file; nothing changed.
    """
    known = queries.reference_kind(engagement, service, kind)
    return reference_data.load(host(), engagement.key, kind, known.read(content, name), name, by=by)


def refusal(answers: Sequence[Receipt]) -> AnyshoreError | None:
    """The error that stands for answers none of which is new work; None where one is here or comes as it is."""
    differing = next((one.reason for one in answers if one.status == DUPLICATE and one.reason is not None), None)
    if differing is not None and all(one.status != ACCEPTED for one in answers):
        return CommandRejected(differing.code, differing.message, differing.location, differing.hint)
    if any(one.instance is not None for one in answers):
        return None
    return DataError.of([one.reason for one in answers if one.reason is not None])
