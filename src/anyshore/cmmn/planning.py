"""What may be planned in a live case: the discretionary items its planning tables offer now (5.4.10, 8.8)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from anyshore.cmmn import moves
from anyshore.cmmn.definition import Definition, Item, Offer
from anyshore.cmmn.desk import desk
from anyshore.cmmn.expressions import value
from anyshore.cmmn.lifecycles import ACTIVE
from anyshore.kernel.turn import Turn


@dataclass(frozen=True, slots=True)
class Possible:
    """A discretionary item that may be added now.

    Attributes:
        item: its id.
        name: what people call it.
        stage: node of the stage it would be added to.
        roles: who may add it; empty for anyone.
    """

    item: str
    name: str
    stage: int
    roles: frozenset[str]


def anything_to_plan(turn: Turn, stage: int, item: Item) -> bool:
    """Whether an applicable discretionary item keeps a stage without auto-completion open (8.6.1, Table 8.7).

    Raises:
        WorkFailed: a rule broke FEEL's budget: the stage must not complete as if nothing were offered.
    """
    return any(_applies(turn, stage, offer) for offer in turn.definition.offers.get(item.stage or "", ()))


def _new(turn: Turn, stage: int, offer: Offer) -> bool:
    """Whether an offered item is not there yet, or may repeat."""
    item: Item = turn.definition.items[offer.item]
    if item.repetition is None:
        around = turn.state.nodes[stage]
        there = any(turn.state.nodes[node].parent == stage for node in desk(turn).of(offer.item))
        if there or offer.item in around.private.get("ended", {}):
            return False
    return True


def _applies(turn: Turn, stage: int, offer: Offer) -> bool:
    """Whether an offer holds now, asked without a trace.

    Raises:
        WorkFailed: a rule broke FEEL's budget.
    """
    if not _new(turn, stage, offer):
        return False
    for rule in offer.rules:
        if rule.condition is not None:
            seen = moves.with_context(moves.view(turn, stage, rule.condition), rule.context)
            if value(turn, stage, rule.condition, seen) is not True:
                return False
    return True


def possible(turn: Turn, roles: Collection[str] | None = None) -> Iterator[Possible]:
    """All that may be planned now, stage by stage; with ``roles``, only what one of them may plan."""
    definition: Definition = turn.definition
    for node in turn.state.nodes.values():
        item = definition.items[node.element]
        if node.state != ACTIVE:
            continue
        stage = node.id if item.stage is not None else node.parent
        for offer in definition.offers.get(item.stage or item.id, ()):
            if stage is None or (roles is not None and offer.roles and not offer.roles.intersection(roles)):
                continue
            if _applies(turn, stage, offer):
                yield Possible(offer.item, definition.items[offer.item].name, stage, offer.roles)
