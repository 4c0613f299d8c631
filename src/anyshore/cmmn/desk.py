"""Working memory of one turn: where the instances of a plan item are, and what keeps a stage from completing.

Everything here follows from the state; it is built when first asked for and kept up to date while the turn runs, so
that no question costs a walk over the whole case.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Any

from anyshore.cmmn.definition import Definition, Item
from anyshore.cmmn.lifecycles import ACTIVE, DISABLED, ENDED, FAILED, SUSPENDED, TASK_OR_STAGE
from anyshore.kernel.state import Node, State
from anyshore.kernel.turn import Turn

_NOBODY: dict[int, None] = {}

_FEW_QUESTIONS = 2
_FEW_CHILDREN = 32
"""Most stages are held by one of the children that waited longest; where none of them holds it, all are counted."""


class Desk:
    """Indexes over the live nodes of one turn.

    Attributes:
        instances: plan item id → its live nodes, in order of creation; None until they were asked for a few times.
        holding: stage node → [children that hold it unless it completes automatically, children that hold it anyhow].
    """

    __slots__ = ("_asked", "definition", "holding", "instances", "state")

    def __init__(self, turn: Turn) -> None:
        self.state: State = turn.state
        self.definition: Definition = turn.definition
        self.instances: dict[str, dict[int, None]] | None = None
        self.holding: dict[int, list[int]] = {}
        self._asked = 0

    def of(self, element: str) -> Iterable[int]:
        """The live nodes of a plan item."""
        if self.instances is None:
            # Most turns ask once or twice: walking past the nodes is then cheaper than an index of all of them.
            self._asked += 1
            if self._asked <= _FEW_QUESTIONS:
                nodes = self.state.nodes.values()
                return [node.id for node in nodes if node.element == element and node.state not in ENDED]
            self.instances = {}
            for node in self.state.nodes.values():
                if node.state not in ENDED:  # one that has ended is still there while that is told
                    self.instances.setdefault(node.element, {})[node.id] = None
        return self.instances.get(element, _NOBODY)

    def entered(self, node: int, element: str) -> None:
        """A node came to life."""
        if self.instances is not None:
            self.instances.setdefault(element, {})[node] = None
        self._count(self.state.nodes[node], 1)

    def moves(self, node: Node, left: bool) -> None:
        """A node is about to change its state; ``moved`` must follow."""
        self._count(node, -1)
        if left:
            if self.instances is not None:
                self.instances[node.element].pop(node.id, None)
            self.holding.pop(node.id, None)

    def moved(self, node: Node) -> None:
        """A node has changed its state."""
        if node.state not in ENDED:
            self._count(node, 1)

    def held(self, stage: int, *, lightly: bool) -> bool:
        """Whether a child keeps the stage from completing (8.6.1, Table 8.7).

        Args:
            stage: its node.
            lightly: it completes automatically or by hand, so that only what is under way or required holds it.
        """
        counts = self.holding.get(stage)
        if counts is None:
            children = self.state.children.get(stage, _NOBODY)
            if any(self._holds(self.state.nodes[child])[lightly] for child in islice(children, _FEW_CHILDREN)):
                return True
            counts = self.holding[stage] = [0, 0]
            for child in children:
                self._add(counts, self.state.nodes[child], 1)
        return counts[lightly] > 0

    def _count(self, node: Node, sign: int) -> None:
        if node.parent is not None:
            counts = self.holding.get(node.parent)
            if counts is not None:
                self._add(counts, node, sign)

    def _add(self, counts: list[int], node: Node, sign: int) -> None:
        plain, anyhow = self._holds(node)
        counts[0] += sign * plain
        counts[1] += sign * anyhow

    def _holds(self, node: Node) -> tuple[bool, bool]:
        item = self.definition.items[node.element]
        return holds_plain(node, self.definition.options.failed_holds), holds(node, item)


def holds(node: Node, item: Item) -> bool:
    """Whether a child holds a stage that completes automatically or by hand: work under way, or required and open."""
    if node.state == ACTIVE or (node.state == SUSPENDED and item.family.lifecycle is TASK_OR_STAGE):
        return True
    return bool(node.private.get("required")) and node.state not in (DISABLED, FAILED)


def holds_plain(node: Node, failed_holds: bool) -> bool:
    """Whether a child holds a stage without auto-completion: anything not yet at an end."""
    return node.state != DISABLED and (failed_holds or node.state != FAILED)


def desk(turn: Turn) -> Desk:
    """The working memory of a turn."""
    found: Any = turn.scratch
    if found is None or found.definition is not turn.definition:
        found = turn.scratch = Desk(turn)
    return found  # type: ignore[no-any-return]
