"""Queues as a person sees them: one per service and form, with the columns the form names, sorted and searched."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from anyshore.forms import Form
from anyshore.forms.columns import Column, order
from anyshore.web.core import reader
from anyshore.web.core.models import Engagement
from anyshore.web.core.numbers import whole
from anyshore.web.core.paging import Sheet, sheet
from anyshore.web.work import due, known, showing
from anyshore.web.work.items import Fitness, Item
from anyshore.web.work.skilled import Without

FIRST = 20
"""Rows of each queue on the page of all queues."""

REFERENCE, OPENED, DUE = "reference", "opened", "due"
"""What every queue can be sorted by beside its own columns."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to see.

    Attributes:
        queue: only this one; empty for all.
        sort: a column or one of ours, with ``-`` before it the other way round; empty: the oldest first.
        text: only rows with it in a column or in the reference.
        column: look for the text in this column only.
        page: which sheet of the queue.
    """

    queue: str = ""
    sort: str = ""
    text: str = ""
    column: str = ""
    page: str | None = None

    @property
    def wanted(self) -> int | None:
        """How many of the oldest items of each kind show what is asked for; None where all are to be looked at."""
        if self.sort or self.text:
            return None
        return (whole(self.page or "") or 1) * FIRST + 1


@dataclass(frozen=True, slots=True)
class Cell:
    """A value under its column."""

    column: Column
    value: object
    currency: str = ""

    @property
    def text(self) -> str:
        """As people read it."""
        return showing.text(self.value, self.column.kind, self.currency)

    @property
    def heading(self) -> str:
        """The heading it stands under."""
        return heading(self.column)


@dataclass(frozen=True, slots=True)
class Row:
    """A piece of work in its queue.

    Attributes:
        item: the work.
        cells: under the columns of its queue.
        due: when it is due, microseconds since 1970 UTC; None: at no time.
        overdue: whether that is over.
        without: what the person would be given it without.
        zone: in which its times are told.
    """

    item: Item
    cells: tuple[Cell, ...]
    due: int | None
    overdue: bool
    without: Without | None
    zone: str = ""

    @property
    def reference(self) -> str:
        """What people call the piece of work."""
        return self.item.row.reference or str(self.item.row.instance)


@dataclass(frozen=True, slots=True)
class Queue:
    """The work of one service that asks for the same form.

    Attributes:
        key: what it is asked for by.
        title: of the form.
        service: title of the service.
        columns: that its rows have.
        rows: those that are shown.
        waiting: how many wait, searched or not, as far as was looked.
        more: whether more wait than that.
        timed: whether any of those shown is due at some time.
    """

    key: str
    title: str
    service: str
    columns: tuple[Column, ...]
    rows: Sheet
    waiting: int
    more: bool
    timed: bool

    @property
    def headings(self) -> list[tuple[str, str, bool]]:
        """Id, title and whether numbers stand in it, by column."""
        return [(one.id, heading(one), one.kind in ("number", "amount")) for one in self.columns]


def heading(column: Column) -> str:
    """The title of a column in the reader's language."""
    return column.title.get(reader.language()) or column.title["en"]


def queues(waiting: Iterable[Item], fitness: Fitness, asked: Asked, more: Collection[str] = ()) -> list[Queue]:
    """The queues of the work that waits for a person, in the order of their oldest item.

    Args:
        waiting: what could be given to the person, oldest first.
        fitness: why.
        asked: what they want to see.
        more: the queues in which more waits.
    """
    groups: dict[str, list[Item]] = {}
    for one in waiting:
        groups.setdefault(one.queue, []).append(one)
    chosen = {key: rows for key, rows in groups.items() if asked.queue in ("", key)}
    return [_queue(key, rows, fitness, asked, key in more) for key, rows in chosen.items()]


def _queue(key: str, waiting: list[Item], fitness: Fitness, asked: Asked, more: bool) -> Queue:
    columns = waiting[0].form.columns if waiting[0].form is not None else ()
    shown = _shown(waiting, fitness, asked)
    return Queue(
        key, waiting[0].title, waiting[0].service_title, columns, shown, len(waiting), more,
        any(row.due is not None for row in shown),
    )  # fmt: skip


def _shown(waiting: list[Item], fitness: Fitness, asked: Asked) -> Sheet:
    """The sheet that is asked for; in their own order only the items on it are read."""
    if asked.wanted is None:
        return sheet(found(waiting, fitness, asked), asked.page, FIRST)
    cut = sheet(waiting, asked.page, FIRST)
    return Sheet(rows(cut.rows, fitness), cut.number, cut.more)


def found(waiting: Iterable[Item], fitness: Fitness, asked: Asked) -> list[Row]:
    """The work that is asked for, in the order that is asked for."""
    chosen = [one for one in waiting if asked.queue in ("", one.queue)]
    return _sorted(_searched(rows(chosen, fitness), asked), asked.sort)


def rows(waiting: list[Item], fitness: Fitness) -> list[Row]:
    """Work with what its queue shows of it."""
    moments = due.moments((one.row for one in waiting), fitness.now)
    wanted = {one.row.instance for one in waiting if one.form is not None and one.form.columns}
    variables = known.variables(wanted)
    keys = {one.row.engagement for one in waiting}
    zones = dict(Engagement.objects.filter(key__in=keys).values_list("key", "zone"))
    shown = []
    for one in waiting:
        at = moments.get(one.row.instance)
        cells = cells_of(one.form, {**variables.get(one.row.instance, {}), **one.inputs})
        shown.append(
            Row(one, cells, at, at is not None and at < fitness.now, fitness.without(one), zones[one.row.engagement])
        )
    return shown


def cells_of(form: Form | None, variables: Mapping[str, Any]) -> tuple[Cell, ...]:
    """The columns of a form over the variables of a piece of work."""
    if form is None or not form.columns:
        return ()
    seen = showing.beside(variables)
    return tuple(Cell(column, column.value(seen), column.currency_of(seen)) for column in form.columns)


def _searched(rows: list[Row], asked: Asked) -> list[Row]:
    """The rows that hold every word asked for."""
    words = asked.text.casefold().split()
    return [row for row in rows if all(word in _text(row, asked.column) for word in words)]


def _text(row: Row, column: str) -> str:
    cells = [cell for cell in row.cells if column in ("", cell.column.id)]
    texts = [text for cell in cells if cell.value is not None for text in (cell.text, str(cell.value))]
    return "\n".join([*texts, *([row.reference] if column in ("", REFERENCE) else [])]).casefold()


def _sorted(rows: list[Row], by: str) -> list[Row]:
    """The rows in the order asked for; those that have no such value come last, whichever way round."""
    name, backwards = by.removeprefix("-"), by.startswith("-")
    keys = {id(row): _key(row, name) for row in rows}
    there = [row for row in rows if keys[id(row)][0] == 0]
    there.sort(key=lambda row: keys[id(row)], reverse=backwards)
    return there + [row for row in rows if keys[id(row)][0] != 0]


def _key(row: Row, name: str) -> tuple[Any, ...]:
    own: dict[str, object] = {REFERENCE: row.reference, OPENED: row.item.row.opened, DUE: row.due}
    values = {cell.column.id: cell.value for cell in row.cells}
    return order(values[name] if name in values else own.get(name, row.item.row.opened))
