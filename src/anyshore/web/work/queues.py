"""Queues as a person sees them: one per service and form, with the columns the form names, sorted and searched."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from anyshore.forms import Form
from anyshore.forms.columns import Column, order
from anyshore.web.core import paging, reader
from anyshore.web.core.models import Engagement
from anyshore.web.core.paging import Sheet, sheet
from anyshore.web.engine import queries as engine
from anyshore.web.work import due, known, many, showing
from anyshore.web.work.items import Fitness, Item
from anyshore.web.work.skilled import Without

FIRST = 20
"""Rows of each queue on the page of all queues."""

MOST_VALUES = 12
"""Different values of a column that a queue can be cut down by."""

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
        only: only rows that have these texts in these columns.
    """

    queue: str = ""
    sort: str = ""
    text: str = ""
    column: str = ""
    page: str | None = None
    only: tuple[tuple[str, str], ...] = ()

    @property
    def query(self) -> str:
        """What a page is asked for, without the sheet: what a view keeps."""
        given = {"queue": self.queue, "sort": self.sort, "text": self.text, "in": self.column}
        given |= {f"is-{column}": text for column, text in self.only}
        return urlencode({name: value for name, value in given.items() if value})

    @property
    def wanted(self) -> int | None:
        """How many of the oldest items of each kind show what is asked for; None where all are to be looked at."""
        if self.sort or self.text or self.only:
            return None
        return paging.place(self.page) * paging.length(FIRST) + 1


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
        since: when its case came in, microseconds since 1970 UTC; work that came back has been open since then.
    """

    item: Item
    cells: tuple[Cell, ...]
    due: int | None
    overdue: bool
    without: Without | None
    zone: str = ""
    since: int = 0

    @property
    def reference(self) -> str:
        """What people call the piece of work."""
        return self.item.row.reference or str(self.item.row.instance)


@dataclass(frozen=True, slots=True)
class Facet:
    """A column with few values: a queue can be cut down to one of them.

    Attributes:
        id: of the column.
        title: its heading.
        values: text, how many rows have it, whether it is the one asked for.
    """

    id: str
    title: str
    values: list[tuple[str, int, bool]]


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
        facets: the columns it can be cut down by, as far as was looked.
        alike: whether several can be decided at once.
    """

    key: str
    title: str
    service: str
    columns: tuple[Column, ...]
    rows: Sheet
    waiting: int
    more: bool
    timed: bool
    facets: list[Facet]
    alike: bool

    @property
    def plain(self) -> str:
        """What it is asked for by, and nothing else of it."""
        return Asked(self.key).query

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
    everything, shown = _shown(waiting, fitness, asked)
    return Queue(
        key, waiting[0].title, waiting[0].service_title, columns, shown, len(waiting), more,
        any(row.due is not None for row in shown), _facets(columns, everything, asked.only), many.alike(waiting),
    )  # fmt: skip


def _shown(waiting: list[Item], fitness: Fitness, asked: Asked) -> tuple[list[Row], Sheet]:
    """The rows that were looked at and the sheet that is asked for; in their own order only its items are read."""
    if asked.wanted is None:
        everything = rows(waiting, fitness)
        shown = _sorted(_searched(_cut(everything, asked.only), asked), asked.sort)
        return everything, sheet(shown, asked.page, FIRST)
    cut = sheet(waiting, asked.page, FIRST)
    read = rows(cut.rows, fitness)
    return read, Sheet(read, cut.number, cut.more)


def _facets(columns: Iterable[Column], everything: list[Row], only: Iterable[tuple[str, str]]) -> list[Facet]:
    asked, found = dict(only), []
    for place, column in enumerate(columns):
        counted = Counter(row.cells[place].text for row in everything)
        if column.kind == "text" and (1 < len(counted) <= MOST_VALUES and len(counted) < len(everything)):
            values = [(text, n, asked.get(column.id) == text) for text, n in counted.most_common()]
            found.append(Facet(column.id, heading(column), values))
    return found


def _cut(everything: list[Row], only: Iterable[tuple[str, str]]) -> list[Row]:
    wanted = set(only)
    return [row for row in everything if wanted <= {(cell.column.id, cell.text) for cell in row.cells}]


def found(waiting: Iterable[Item], fitness: Fitness, asked: Asked) -> list[Row]:
    """The work that is asked for, in the order that is asked for."""
    chosen = [one for one in waiting if asked.queue in ("", one.queue)]
    return _sorted(_searched(_cut(rows(chosen, fitness), asked.only), asked), asked.sort)


def rows(waiting: list[Item], fitness: Fitness) -> list[Row]:
    """Work with what its queue shows of it."""
    moments = due.moments((one.row for one in waiting), fitness.now)
    wanted = {one.row.instance for one in waiting if one.form is not None and one.form.columns}
    variables = known.variables(wanted)
    keys = {one.row.engagement for one in waiting}
    zones = dict(Engagement.objects.filter(key__in=keys).values_list("key", "zone"))
    since = engine.received({one.row.instance for one in waiting})
    shown = []
    for one in waiting:
        at = moments.get(one.row.instance)
        cells = cells_of(one.form, {**variables.get(one.row.instance, {}), **one.inputs})
        shown.append(
            Row(
                one,
                cells,
                at,
                at is not None and at < fitness.now,
                fitness.without(one),
                zones[one.row.engagement],
                since.get(one.row.instance, one.row.opened),
            )
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
    own: dict[str, object] = {REFERENCE: row.reference, OPENED: row.since, DUE: row.due}
    values = {cell.column.id: cell.value for cell in row.cells}
    return order(values[name] if name in values else own.get(name, row.since))
