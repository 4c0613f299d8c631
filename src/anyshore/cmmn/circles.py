"""Plan items that wait for each other, so that none of them can ever begin."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from anyshore.base.errors import Diagnostic
from anyshore.cmmn import walk
from anyshore.cmmn.definition import START, Definition, Item
from anyshore.cmmn.model import item_id

_BEGUN = frozenset(
    {"complete", "disable", "enable", "fault", "manualStart", "occur", "reactivate", "reenable", "resume", "start"}
)
"""Transitions that only an item can make whose entry criteria have been met (8.4). ``terminate``, ``exit`` and what
comes from the parent also happen to one that waits for them."""

Part = tuple[str, str]
"""A plan item and a transition of it that is waited for."""


def problems(definition: Definition) -> Iterator[Diagnostic]:
    """A warning for each circle of items none of which can begin. The if-parts of criteria are taken to hold."""
    waits = _Begin(definition).waits()
    places = {item_id(item): item.location for item, _ in walk.plan_items(definition.case)}
    for circle in _circles(waits):
        names = [definition.items[name].name for name in circle]
        message = f"{', '.join(map(repr, names[:-1]))} and {names[-1]!r} wait for each other: none can begin."
        if len(names) == 1:
            message = f"{names[0]!r} waits for itself: it cannot begin."
        hint = "Let one of them begin without the others, or give it one more entry criterion (5.4.6)."
        yield Diagnostic("cmmn.circle", message, places.get(circle[0], definition.case.location), hint, "warning")


class _Begin:
    """Which items can begin: all that are found to, again and again until none is added."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self.hosts: dict[str, list[str]] = {}
        self.parts: dict[tuple[str, str], list[Part]] = {}
        self.heard_by: dict[str, list[str]] = {}
        for item in definition.items.values():
            if item.stage is not None:
                self.hosts.setdefault(item.stage, []).append(item.id)
        for part, listeners in definition.heard_by.items():
            for listener in listeners:
                if listener.entry or listener.criterion == START:
                    self.parts.setdefault((listener.owner, listener.criterion), []).append(part)
                    self.heard_by.setdefault(part[0], []).append(listener.owner)
        self.stuck = dict.fromkeys(name for name in definition.items if name != definition.root)
        todo = list(self.stuck)
        while todo:
            name = todo.pop()
            if name in self.stuck and self.begins(definition.items[name]):
                del self.stuck[name]
                todo += self.heard_by.get(name, ())
                todo += definition.children.get(definition.items[name].stage or "", ())

    def begins(self, item: Item) -> bool:
        """Whether an item can begin, as far as is known by now."""
        around = self.hosts.get(item.container, ())
        if around and all(one in self.stuck for one in around):
            return False
        criteria = self.criteria(item)
        return not criteria or any(not any(self.missing(item, one)) for one in criteria)

    def criteria(self, item: Item) -> list[str]:
        """What lets an item begin: one of these."""
        return [one.id for one in item.entry] or ([START] if item.starts_on else [])

    def missing(self, item: Item, criterion: str) -> Iterator[str]:
        """The items whose beginning a criterion waits for."""
        return (
            source
            for source, event in self.parts.get((item.id, criterion), ())
            if source in self.stuck and event in _BEGUN
        )

    def waits(self) -> dict[str, list[str]]:
        """For each item that never begins, the others that keep it from beginning."""
        found: dict[str, list[str]] = {}
        for name in self.stuck:
            item = self.definition.items[name]
            sources = [source for one in self.criteria(item) for source in self.missing(item, one)]
            sources += [one for one in self.hosts.get(item.container, ()) if one in self.stuck]
            found[name] = list(dict.fromkeys(sources))
        return found


def _circles(waits: Mapping[str, list[str]]) -> list[list[str]]:
    """The sets of items each of which waits for each other one, by way of others too (Kosaraju)."""
    order: list[str] = []
    seen: set[str] = set()
    for name in waits:
        order += _walk(name, waits, seen)
    waited: dict[str, list[str]] = {name: [] for name in waits}
    for name, sources in waits.items():
        for source in sources:
            waited[source].append(name)
    seen = set()
    rank = {name: place for place, name in enumerate(waits)}
    found = [sorted(_walk(name, waited, seen), key=rank.__getitem__) for name in reversed(order)]
    circles = [one for one in found if len(one) > 1 or (one and one[0] in waits[one[0]])]
    return sorted(circles, key=lambda one: rank[one[0]])


def _walk(start: str, edges: Mapping[str, Sequence[str]], seen: set[str]) -> list[str]:
    """What can be reached and was not seen, each behind all that is reached from it."""
    if start in seen:
        return []
    seen.add(start)
    found: list[str] = []
    path = [(start, iter(edges[start]))]
    while path:
        name, rest = path[-1]
        following = next((one for one in rest if one not in seen), None)
        if following is None:
            found.append(name)
            path.pop()
        else:
            seen.add(following)
            path.append((following, iter(edges[following])))
    return found
