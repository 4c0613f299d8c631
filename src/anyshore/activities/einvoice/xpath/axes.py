"""What compiled paths call: the axes of XPath, its predicates, and the names of nodes."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from anyshore.activities.einvoice.xpath.nodes import NONE, Node
from anyshore.activities.einvoice.xpath.values import Day, Items, RuleError, atoms, truth


def fits(items: Items, position: int) -> bool:
    """Whether a predicate holds whose type is known only now."""
    if len(items) == 1:
        one = items[0]
        if isinstance(one, (int, Decimal, float)) and not isinstance(one, bool):
            return bool(one == position)
    return truth(items)


def chosen(items: Items, holds: Callable[[Any, int, int], bool]) -> list[Any]:
    """The items of a sequence for which a predicate holds."""
    size = len(items)
    return [one for position, one in enumerate(items, 1) if holds(one, position, size)]


def ordered(nodes: Iterable[Node]) -> list[Node]:
    """Nodes in document order, each once."""
    found = list(nodes)
    if len(found) < 2:
        return found
    if any(type(one) is not Node for one in found):
        raise RuleError("a path that leads to values")
    if all(one.order < other.order for one, other in itertools.pairwise(found)):
        return found
    by_order = {(one.order, one.kind, one.tag): one for one in found}
    return [by_order[key] for key in sorted(by_order)]


def below(node: Node, document: Node, tag: str) -> Items:
    """The descendants of a name."""
    if node.kind == "document":
        return node.all_named(tag)
    return [one for one in document.all_named(tag) if node.order < one.order <= node.last]


def everything(node: Node) -> list[Node]:
    """A node and its descendant elements, in document order."""
    if node.kind == "document":
        return node.everything()
    found = [node]
    for child in node.children:
        found += everything(child)
    return found


def all_texts(node: Node) -> list[Node]:
    """The texts within a node, in document order."""
    found = node.texts()
    inner = [one for child in node.children for one in all_texts(child)]
    if len(found) > 1 and inner and node.children:
        raise RuleError("texts between elements, whose order is not kept here")
    return found[:1] + inner if inner else found


def ancestors(node: Node) -> list[Node]:
    """What a node stands in, innermost first, without the document."""
    found, at = [], node.parent
    while at is not None and at.kind != "document":
        found.append(at)
        at = at.parent
    return found


def siblings(node: Node, after: bool) -> list[Node]:  # two axes
    """The elements after or before a node, in document order."""
    if node.parent is None or node.kind != "element":
        return []
    return [one for one in node.parent.children if (one.order > node.order if after else one.order < node.order)]


def earlier(node: Node, document: Node, tag: str) -> list[Node]:
    """The preceding elements of a name: those before it that it does not stand in."""
    return [one for one in document.all_named(tag) if one.last < node.order]


def name(node: Node) -> str:
    """``name()``."""
    if node.kind == "attribute" and node.tag.startswith("{"):
        raise RuleError("the name of an attribute with a namespace")
    return node.name()


def local_name(node: Node) -> str:
    """``local-name()``."""
    return node.tag.rpartition("}")[2]


def namespace(node: Node) -> str:
    """``namespace-uri()``."""
    return node.tag[1:].partition("}")[0] if node.tag.startswith("{") else ""


def opt(value: Any) -> Items:
    """One value or none as a sequence."""
    return NONE if value is None else (value,)


def named_one(ask: Callable[[Node], str], nodes: Items) -> str:
    """What is asked of one node, or of none."""
    if len(nodes) > 1:
        raise RuleError("several nodes for one")
    return ask(nodes[0]) if nodes else ""


def distinct(items: Items) -> list[Any]:
    """``distinct-values()`` of texts."""
    found = atoms(items)
    if not all(isinstance(one, str) and type(one) is not Day for one in found):
        raise RuleError("distinct values of other types")
    return list(dict.fromkeys(str(one) for one in found))


def numbers(first: Any, last: Any) -> Items:
    """``first to last``."""
    if first is None or last is None:
        return NONE
    if type(first) is not int or type(last) is not int or last - first > 100_000:
        raise RuleError("a range of no integers")
    return range(first, last + 1)
