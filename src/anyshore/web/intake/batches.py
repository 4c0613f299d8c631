"""Files of work that are decided as one batch: handing them over, and what became of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from anyshore import feel
from anyshore.base.errors import AnyshoreError, DefinitionError, HostError
from anyshore.host.batched import contents, living
from anyshore.host.bulk_ports import BatchRow
from anyshore.host.intake.parcels import Kind, Place
from anyshore.terms import bulk
from anyshore.web.core import audit, permissions
from anyshore.web.core.errors import Invalid, NotFound
from anyshore.web.core.models import Engagement, Person
from anyshore.web.engine import services
from anyshore.web.engine.models import Batch, Instance
from anyshore.web.engine.running import host
from anyshore.web.intake import queries


@dataclass(frozen=True, slots=True)
class Left:
    """Rows that still wait: where, and how many."""

    element: str
    name: str
    rows: int


@dataclass(frozen=True, slots=True)
class Shown:
    """A batch with what became of its rows.

    Attributes:
        row: the batch.
        found: what is kept of it.
        outcomes: how many rows ended how.
        left: the rows that are no cases yet.
        live: how many rows are cases of their own.
    """

    row: BatchRow
    found: contents.Contents
    outcomes: list[tuple[str, int]]
    left: list[Left]
    live: int

    @property
    def ways(self) -> list[contents.Went]:
        """The ways of the rows, the widest first."""
        return sorted(self.found.ways, key=lambda one: -one.rows)

    @property
    def refused(self) -> int:
        """How many rows of the file were not taken in."""
        return len(self.found.refused) + self.found.unnamed


def batches(person: Person, key: str) -> QuerySet[Batch]:
    """The batches of an engagement, the newest first.

    Raises:
        NotFound, Denied: the person may not see them.
    """
    permissions.engagement(person, key, "received.see")
    return Batch.objects.filter(engagement=key).defer("data").order_by("-id")


def kinds(engagement: Engagement) -> list[tuple[str, Kind, str]]:
    """What of the services of an engagement takes files as batches: service, kind and title."""
    return [
        (door.service, kind, door.pack.id)
        for door in queries.doors(engagement)
        for kind in door.kinds
        if kind.bulk
    ]  # fmt: skip


def batch(person: Person, key: str, number: int) -> Shown:
    """One batch.

    Raises:
        NotFound: there is none.
    """
    permissions.engagement(person, key, "received.see")
    with host().store.transaction() as tx:
        row = tx.batch(number)
        if row is None or row.engagement != key:
            raise NotFound(_("There is no such batch."))
        left = tx.still_waiting(number)
    found = contents.read(row)
    process = host().catalogue.get(row.definition).definition
    first = number * bulk.EACH
    live = Instance.objects.filter(pk__gt=first, pk__lt=first + bulk.EACH).count()
    named = [Left(one, process.elements[one].label if one in process.elements else one, rows) for one, rows in left]
    return Shown(row, found, _outcomes(found), named, live)


def _outcomes(found: contents.Contents) -> list[tuple[str, int]]:
    counted: dict[str, int] = {}
    for one in found.classes:
        if one.end is not None:
            word = str(one.events[-1].data.get("outcome") or one.end)
            counted[word] = counted.get(word, 0) + one.rows
    return sorted(counted.items(), key=lambda one: (-one[1], one[0]))


def as_data(row: Batch | BatchRow) -> dict[str, Any]:
    """A batch as REST tells it."""
    names = ("id", "service", "kind", "name", "digest", "at", "status", "rows", "through", "waiting", "alone")
    return {name: getattr(row, name) for name in names} | {"entry": row.sequence or None}


def told(shown: Shown) -> dict[str, Any]:
    """The same with what became of its rows."""
    return as_data(shown.row) | {
        "outcomes": dict(shown.outcomes), "root": shown.found.root, "live": shown.live,
        "left": [{"element": one.element, "rows": one.rows} for one in shown.left],
        "ways": [{"path": one.path, "why": one.why, "rows": one.rows} for one in shown.ways],
        "refused": [{"line": one.line, "code": one.code, "message": one.message} for one in shown.found.refused],
        "documents": [{"digest": one.digest, "rows": one.rows, "root": one.root} for one in shown.found.parts],
    }  # fmt: skip


def hand_over(by: Person, key: str, service: str, kind: str, name: str, content: bytes) -> tuple[BatchRow, bool]:
    """Decides a file of rows as one batch; the batch, and whether it is new.

    Raises:
        Invalid: the service takes none, or the file cannot be read.
    """
    # Polars takes a while to load: only where rows are decided.
    from anyshore.host.bulk import whole

    engagement = permissions.engagement(by, key, "work.start")
    chosen = next((one for one in kinds(engagement) if (one[0], one[1].name) == (service, kind or one[1].name)), None)
    if chosen is None:
        raise Invalid({"service": _("This service takes in no file of rows as one batch.")})
    starts = services.stand_ready(engagement, service, by)
    pack = services.pack(service, key)
    if starts is None or pack is None:
        raise Invalid({"service": _("The pack of this service is not installed.")})
    place = Place(key, service, engagement.zone, by.email, starts)
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"rows{Path(name).suffix.lower()}"
        path.write_bytes(content)
        try:
            row, fresh = whole.run(host(), pack, place, path, kind=chosen[1], name=name)
        except DefinitionError as problem:
            raise Invalid({"file": "\n".join(one.message for one in problem.diagnostics)}) from problem
    audit.record(by, "batch.handed-over", str(row.id), engagement=engagement, file=row.name, rows=row.rows)
    return row, fresh


def document(person: Person, key: str, number: int, part: int) -> tuple[str, bytes]:
    """A document of decided rows: its name and content.

    Raises:
        NotFound: there is none.
    """
    shown = batch(person, key, number)
    permissions.engagement(person, key, "document.see")
    if not 1 <= part <= len(shown.found.parts):
        raise NotFound(_("There is no such document."))
    with host().store.transaction() as tx:
        found = tx.document(key, shown.found.parts[part - 1].digest)
    if found is None:
        raise NotFound(_("There is no such document."), hint=_("It was erased."))
    return f"{number}-{part}.parquet", bytes(found[1])


@dataclass(frozen=True, slots=True)
class OneRow:
    """A row of a batch, as it was decided.

    Attributes:
        number: it has as a case.
        values: by column.
        live: whether it is a case of its own.
        through: whether it ended with the batch.
    """

    number: int
    values: dict[str, Any]
    live: bool
    through: bool


def one_row(person: Person, key: str, number: int, row: int) -> OneRow:
    """One row.

    Raises:
        NotFound: there is none.
    """
    # Polars takes a while to load: only where rows are decided.
    from anyshore.host.batched import documents

    shown = batch(person, key, number)
    if not 1 <= row <= shown.row.rows:
        raise NotFound(_("There is no such row."))
    part, at = divmod(row - 1, documents.PART)
    held = documents.opened(host().store, key, shown.found.parts[part].digest).row(at)
    which = held.pop("@class")
    instance = bulk.number_of(number, row)
    ended = which is not None and shown.found.classes[which].end is not None
    return OneRow(instance, held, Instance.objects.filter(pk=instance).exists(), ended)


def take_out(by: Person, key: str, number: int, row: int) -> int:
    """Makes a case of its own of a row; its number.

    Raises:
        NotFound: there is no such row.
    """
    engagement = permissions.engagement(by, key, "work.start")
    found = one_row(by, key, number, row)
    with host().store.transaction() as tx:
        if living.pull(host(), tx, found.number):
            audit.record(by, "batch.row-taken-out", str(found.number), engagement=engagement)
    return found.number


def reopen(by: Person, key: str, number: int, row: int, reason: str, changes: Mapping[str, str]) -> int:
    """Opens a row again that is through; the number of the case it is then.

    Raises:
        NotFound: there is no such row.
        Invalid: it has not ended, or a value is none.
    """
    engagement = permissions.engagement(by, key, "work.start")
    found = one_row(by, key, number, row)
    if not reason.strip():
        raise Invalid({"reason": _("Say why.")})
    try:
        values = {name: feel.evaluate(text, {}) for name, text in changes.items()}
        with host().store.transaction() as tx:
            living.reopen(host(), tx, found.number, by.email, reason.strip(), values)
            tx.wake()
    except (HostError, AnyshoreError) as problem:
        raise Invalid({"reason": problem.message}) from problem
    audit.record(by, "batch.row-reopened", str(found.number), engagement=engagement, reason=reason.strip())
    return found.number
