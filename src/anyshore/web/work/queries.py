"""Queues and work items, as far as a person may see them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from anyshore.forms.counterparts import Compared, Find, Pair, compare
from anyshore.forms.texts import text as by_language
from anyshore.host.batched import living
from anyshore.host.jobs import StoredRecords
from anyshore.terms import bulk
from anyshore.web.core import permissions, reader
from anyshore.web.core.errors import Denied, NotFound
from anyshore.web.core.models import Engagement, Person
from anyshore.web.engine import oldest
from anyshore.web.engine import queries as engine
from anyshore.web.engine.models import Instance, Wait
from anyshore.web.engine.running import host
from anyshore.web.work import items, showing, skilled
from anyshore.web.work.items import Fitness, Item
from anyshore.web.work.models import Draft
from anyshore.web.work.skilled import Without

WINDOW = 2_000
"""Open items looked at for one person where they are sorted or searched: the oldest."""


@dataclass(slots=True)
class Desk:
    """What a person has to do.

    Attributes:
        mine: items in their hands, without those they have decided and can still undo.
        waiting: items they could be given, oldest first.
        fitness: what they may be given, and why.
        more: the queues in which more waits than that.
    """

    mine: list[Item]
    waiting: list[Item]
    fitness: Fitness
    more: frozenset[str] = frozenset()

    @property
    def missing(self) -> dict[str, str]:
        """Service title → what they lack for more of its work."""
        return self.fitness.missing

    @property
    def lacking(self) -> list[tuple[str, str, str]]:
        """Service title, what they lack, and the certificate among that which can be won; empty: none."""
        return [(title, words, self.fitness.certificates.get(title, "")) for title, words in self.missing.items()]


def desk(person: Person, wanted: int | None = None) -> Desk:
    """The person's items and queue.

    Args:
        person: who.
        wanted: how many items of each kind are enough, the oldest; all of the window where left out.
    """
    permissions.require(person, "work.do")
    keys = engine.engagement_keys(person, "work.do")
    if wanted is not None:
        return _desk(person, keys, wanted)
    rows = list(engine.open_work(keys, person)[:WINDOW])
    decided = _decided(person)
    held = (row for row in rows if row.claimed_by == person.email and (row.instance, row.wait) not in decided)
    mine = items.read(held)
    waiting, fitness = items.fitting(person, [row for row in rows if row.claimed_by is None])
    return Desk(mine, waiting, fitness)


def _decided(person: Person) -> set[tuple[int, int]]:
    """What the person has decided and can still undo."""
    return set(Draft.objects.filter(person=person, due__isnull=False).values_list("instance", "wait"))


def _desk(person: Person, keys: list[str], wanted: int) -> Desk:
    """Looks at the oldest of each kind, and at more of a kind while too few of it fit the person."""
    depths = dict.fromkeys(oldest.kinds(keys), wanted)
    while True:
        rows: list[Wait] = []
        further: set[oldest.Kind] = set()
        for kind, depth in depths.items():
            some, more = oldest.waiting(person, kind, depth)
            rows += some
            if more:
                further.add(kind)
        # What came back keeps the place of its case, and a row of a batch that of the batch.
        rows.sort(key=lambda row: (bulk.batch_of(row.instance) or row.instance, row.instance, row.wait))
        looked_at = items.read(rows)
        fitness = items.Fitness.of(person, looked_at)
        waiting = [one for one in looked_at if fitness.fits(one)]
        fit = Counter(_kind(one) for one in waiting)
        worth = {_kind(one) for one in looked_at if fitness.could_fit(one)} & further
        short = {kind for kind in worth if fit[kind] < wanted and depths[kind] < WINDOW}
        if not short:
            decided = _decided(person)
            mine = items.read(row for row in oldest.in_hands(person, keys) if (row.instance, row.wait) not in decided)
            return Desk(mine, waiting, fitness, frozenset(one.queue for one in waiting if _kind(one) in further))
        depths |= {kind: min(4 * depths[kind], WINDOW) for kind in short}


def _kind(one: Item) -> oldest.Kind:
    return oldest.Kind(one.row.engagement, one.row.service, one.row.element)


def item(person: Person, instance: int, wait: int) -> tuple[Item, Instance, Engagement]:
    """One open work item with its instance.

    Raises:
        NotFound: it is done already, never was, or the person may not know of it.
        Denied: the person sees it but cannot do work.
    """
    row = Wait.objects.filter(instance=instance, wait=wait, kind="work").first()
    if row is not None and bulk.place_of(instance) is not None and permissions.may(person, "work.see", row.engagement):
        with host().store.transaction() as tx:
            living.pull(host(), tx, instance)
        row = Wait.objects.filter(instance=instance, wait=wait, kind="work").first()
    if row is None:
        raise NotFound(_("This work item is not open."), hint=_("It was done or taken back."))
    found, engagement = engine.instance(person, instance, "work.see")
    return items.item(row), found, engagement


def shown(one: Item, instance: Instance) -> list[tuple[str, Any]]:
    """The variables a person sees beside the form: what the form names, then the inputs of the task.

    The reason, and what the form's view shows, stand elsewhere on the page. On a desk of its own nothing is shown but
    what the form names: what is known of a blinded review is shown to whom it may be.
    """
    if one.added is not None:
        return []  # it stands above its form
    known = dict(engine.variables(instance))
    inputs = one.inputs if one.desk is None else {}
    names = one.form.shows if one.form is not None else tuple(inputs)
    rows = [(name, inputs.get(name, known.get(name))) for name in names]
    rows += [(name, value) for name, value in inputs.items() if name not in names]
    told = reason(one, instance)
    viewed = one.form.view.variables if one.form is not None and one.form.view is not None else frozenset()

    def says_more(name: str, value: Any) -> bool:
        elsewhere = (
            name == "reason" or name in viewed or (isinstance(value, dict) and told in value.values() and bool(told))
        )
        return value not in (None, [], {}) and not elsewhere

    return [(name, value) for name, value in rows if says_more(name, value)]


def reason(one: Item, instance: Instance) -> str:
    """Why a person sees this item at all.

    The task's own ``reason``; where a decision gave that reason together with a text for people (``text en``,
    ``text de``), the text.
    """
    known = engine.variables(instance)
    found = one.inputs.get("reason", known.get("reason"))
    if not isinstance(found, str):
        return ""
    for value in known.values():
        if isinstance(value, dict) and value.get("reason") == found:
            text = value.get(f"text {reader.language()}") or value.get("text en")
            if isinstance(text, str):
                return text
    return found


def given_without(one: Item) -> Without | None:
    """What the holder of an item was given it without; only work that is routed can be."""
    return skilled.noted(one.row) if one.pack is not None and one.pack.skills.routes else None


@dataclass(frozen=True, slots=True)
class Beside:
    """A counterpart beside the document, as one person may see it.

    Attributes:
        compared: what was compared.
        case: the case it is from, where the person may see that.
    """

    compared: Compared
    case: Instance | None


def counterparts(person: Person, one: Item, instance: Instance) -> list[Beside]:
    """What stands beside the document of an item to compare it with; nothing on a desk of its own."""
    if one.form is None or one.desk is not None:
        return []
    variables = showing.beside({**engine.variables(instance), **one.inputs})
    find = _records(instance.engagement)
    found = [two for what in one.form.counterparts for two in compare(what, variables, find)]
    return [Beside(two, _seen(person, two.case, instance.engagement)) for two in found]


MOST_DIFFERENCES = 8
"""That stand above a decision."""


def differences(compared: list[Beside]) -> list[tuple[str, str, Pair]]:
    """The first things in which a document and its counterparts differ: in which line, what, the two values."""
    found = []
    for one in compared:
        lines = [("", one.compared.pairs), *((line.title, line.pairs) for line in one.compared.lines)]
        found += [
            (place, by_language(pair.title, reader.language()), pair)
            for place, pairs in lines
            for pair in pairs
            if not pair.same
        ]
    return found[:MOST_DIFFERENCES]


def _records(engagement: str) -> Find:
    def find(kind: str, key: str | None, where: Mapping[str, object]) -> Mapping[str, object] | None:
        table = StoredRecords(host().store, engagement, kind)
        record = table.get(key) if key is not None else next(iter(table.find(**where)), None)
        return None if record is None else record.data

    return find


def _seen(person: Person, number: int | None, engagement: str) -> Instance | None:
    """A case of the same engagement, where the person may know of it."""
    if number is None:
        return None
    try:
        found, _engagement = engine.instance(person, number)
    except (NotFound, Denied):
        return None
    return found if found.engagement == engagement else None
