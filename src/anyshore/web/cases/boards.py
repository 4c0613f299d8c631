"""A case as a board (a column per stage), and open waits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from anyshore import cmmn
from anyshore.base.errors import AnyshoreError
from anyshore.cmmn.definition import Definition, Item
from anyshore.kernel.state import ROOT, WORK, Node, State
from anyshore.web.cases import added, deliverable, findings, signing
from anyshore.web.core.models import Person
from anyshore.web.engine import queries as engine
from anyshore.web.engine import roles
from anyshore.web.engine.models import Instance, Wait
from anyshore.web.engine.running import host
from anyshore.web.work import items

PLANNED = "planned"
"""Our word for an item whose stage has not begun."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """A plan item on the board.

    Attributes:
        id: of the plan item.
        name: what people call it.
        kind: its CMMN tag.
        state: the lifecycle word of its newest instance; ``planned`` before its stage begins.
        node: the live node; None when there is none.
        wait: the open work item, for a link.
        holder: who has it.
        added: whether somebody added it to this case.
        required: whether its stage waits for it in any case.
        startable: whether a person may start it now.
        due: the day by which it is wanted, of a task somebody added.
        about: what is to be done, of such a task.
    """

    id: str
    name: str
    kind: str
    state: str
    node: int | None = None
    wait: int | None = None
    holder: str = ""
    added: bool = False
    required: bool = False
    startable: bool = False
    due: object = None
    about: str = ""


@dataclass(slots=True)
class Column:
    """A stage of the case; the first column is the case itself."""

    id: str
    name: str
    state: str
    node: int | None
    tickets: list[Ticket] = field(default_factory=list)


def case(row: Instance, person: Person) -> dict[str, Any]:
    """All a case page shows beyond what every instance shows."""
    state = engine.state(row)
    linked = engine.linked(row)
    definition: Definition = cmmn.live_plan(linked.definition, state)
    history = _history(row)
    new = {edit["id"] for edit in _root(state).get("plan", []) if edit.get("do") == "add"}
    work = _work(row)
    names = engine.people_by_key({one.claimed_by for one in work.values() if one.claimed_by})
    board = _Board(row, state, definition, history, new, work, names)
    claims = findings.claims_of(row)
    sources = findings.sources(row)
    columns = board.columns()
    blind = roles.of(row.definition)
    return {
        "columns": columns,
        "offers": _offers(row, linked.definition, state) if row.status == "active" else [],
        "claims": claims,
        "sources": [
            {"source": source, "pieces": marked(source.text, digest, claims)} for digest, source in sources.items()
        ],
        "signatures": deliverable.signatures(row),
        "signing": signing_task(row, work),
        "signed_by_task": signing.by_task(row),
        "unreviewed": signing.unreviewed(row),
        "staffed": bool(blind.kept_apart),
        "results": added.results(row),
        "stages": [column for column in columns if column.node is not None],
    }


def _root(state: State) -> Mapping[str, Any]:
    node = state.nodes.get(ROOT)
    return node.private if node is not None else {}


def _history(row: Instance) -> dict[str, str]:
    """The last state every plan item reached, from the log."""
    found: dict[str, str] = {}
    for turn in reversed(engine.log(row)):
        found.update(turn.reached)
    return found


def _work(row: Instance) -> dict[int, Wait]:
    return {one.wait: one for one in Wait.objects.filter(instance=row.pk, kind=WORK)}


def signing_task(row: Instance, work: Mapping[int, Wait] | None = None) -> int | None:
    """The open task that is the signature of a case; None where there is none, or the service signs by no task."""
    if not signing.by_task(row):
        return None
    forms = {wait: items.item(one).form for wait, one in (_work(row) if work is None else work).items()}
    return next((wait for wait, form in forms.items() if form is not None and form.act == signing.SIGN), None)


@dataclass(slots=True)
class _Board:
    row: Instance
    state: State
    definition: Definition
    history: dict[str, str]
    added: set[str]
    work: dict[int, Wait]
    names: dict[str, str]

    def columns(self) -> list[Column]:
        root = self.definition.items[self.definition.root]
        first = Column(root.id, self._name(root), self._root_state(), ROOT if ROOT in self.state.nodes else None)
        found = [first]
        for element in self.definition.children.get(root.stage or "", ()):
            item = self.definition.items[element]
            if item.stage is None:
                first.tickets += self._tickets(item)
            else:
                found.append(self._stage(item))
        return found if first.tickets else found[1:]

    def _root_state(self) -> str:
        node = self.state.nodes.get(ROOT)
        return node.state if node is not None else (self.state.outcome or PLANNED)

    def _stage(self, item: Item) -> Column:
        live = self._live(item)
        state = live[-1].state if live else self.history.get(item.id, PLANNED)
        column = Column(item.id, self._name(item), state, live[-1].id if live else None)
        for element in self.definition.children.get(item.stage or "", ()):
            child = self.definition.items[element]
            column.tickets += self._tickets(child)
            if child.stage is not None:
                column.tickets += self._stage(child).tickets
        return column

    def _name(self, item: Item) -> str:
        """What the pack calls an item in the reader's language; what the plan calls it, where it does not say."""
        return engine.element_name(self.row, item.id) if item.id not in self.added else item.name

    def _live(self, item: Item) -> list[Node]:
        return [node for node in self.state.nodes.values() if node.element == item.id]

    def _tickets(self, item: Item) -> list[Ticket]:
        live = self._live(item)
        if live:
            return [self._ticket(item, node) for node in live]
        if item.discretionary and item.id not in self.history:
            return []
        state = self.history.get(item.id, PLANNED)
        return [Ticket(item.id, self._name(item), item.family.tag, state, added=item.id in self.added)]

    def _ticket(self, item: Item, node: Node) -> Ticket:
        wait = next((w for w in self.state.owned.get(node.id, ()) if w in self.work), None)
        holder = self.work[wait].claimed_by or "" if wait is not None else ""
        asked = (items.item(self.work[wait]).added if wait is not None else None) or {}
        return Ticket(
            item.id, self._name(item), item.family.tag, node.state, node.id, wait,
            self.names.get(holder, holder), item.id in self.added,
            bool(node.private.get("required")), node.state == "enabled",
            asked.get("due"), str(asked.get("description") or ""),
        )  # fmt: skip


def _offers(row: Instance, definition: Definition, state: State) -> list[cmmn.Possible]:
    """What may be planned now."""
    try:
        return cmmn.offers(definition, state, host().clock(), row.zone)
    except AnyshoreError:
        return []  # a rule of the plan fails: its incident is on the case already


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a source: plain, or marked as the evidence of findings."""

    text: str
    claims: tuple[str, ...] = ()
    first: bool = False


def marked(text: str, digest: str, claims: list[Any]) -> list[Piece]:
    """A source cut where evidence begins and ends, so that overlapping quotations are all marked."""
    spans = [
        (start, end, claim.id)
        for claim in claims
        for span in claim.evidence
        if span.document == digest
        for start, end in span.parts
    ]
    cuts = sorted({0, len(text), *(edge for start, end, _ in spans for edge in (start, end) if 0 <= edge <= len(text))})
    pieces, seen = [], set[str]()
    for start, end in pairwise(cuts):
        here = tuple(dict.fromkeys(name for low, high, name in spans if low <= start and end <= high))
        pieces.append(Piece(text[start:end], here, bool(set(here) - seen)))
        seen.update(here)
    return pieces


def open_waits(row: Instance) -> list[dict[str, Any]]:
    """What an instance waits for, with the names of its elements."""
    rows = Wait.objects.filter(instance=row.pk).order_by("opened", "wait")
    return [{"row": one, "name": engine.element_name(row, one.element), "data": engine.data(one)} for one in rows]
