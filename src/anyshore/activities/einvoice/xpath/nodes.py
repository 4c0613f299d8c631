"""A document as XPath's data model sees it, read once: small objects whose children are found by name.

Elements, attributes and text, in document order by a number; comments and processing instructions are no nodes here,
for no rule asks for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lxml import etree

_text_of = etree.XPath("string()")
NONE: tuple[Any, ...] = ()


class Node:
    """The document, an element, an attribute or a text.

    Attributes:
        tag: name in Clark's notation; empty for the document and for texts.
        parent: what it stands in.
        order: its number in document order.
        last: the number of its last descendant.
        named: its children elements by name.
        children: its children elements.
        attributes: by name.
        kind: ``document``, ``element``, ``attribute`` or ``text``.
        source: the element it was read from.
    """

    __slots__ = (
        "_all", "_attributes", "_by_name", "_name", "_text", "children", "kind", "last", "named", "order", "parent",
        "source", "tag",
    )  # fmt: skip

    def __init__(self, tag: str, parent: Node | None, order: int, kind: str, source: Any, text: str | None) -> None:
        self.tag, self.parent, self.order, self.kind, self.source, self._text = tag, parent, order, kind, source, text
        self.last = order
        self.named: dict[str, list[Node]] = {}
        self.children: list[Node] = []
        self._attributes: dict[str, Node] | None = None
        self._by_name: dict[str, list[Node]] | None = None
        self._name: str | None = None
        self._all: list[Node] | None = None

    @property
    def attributes(self) -> dict[str, Node]:
        """Attributes by name, made when they are asked for."""
        found = self._attributes
        if found is None:
            found = {}
            if self.kind == "element":
                for position, (name, value) in enumerate(self.source.attrib.items(), 1):
                    found[name] = Node(name, self, self.order + position, "attribute", self.source, value)
            self._attributes = found
        return found

    @property
    def text(self) -> str:
        """The string value."""
        found = self._text
        if found is None:
            found = self._text = str(_text_of(self.source))
        return found

    def name(self) -> str:
        """The name as it is written, with its prefix; an attribute's must have no namespace."""
        found = self._name
        if found is None:
            local = self.tag.rpartition("}")[2]
            prefix = self.source.prefix if self.kind == "element" else None
            found = self._name = f"{prefix}:{local}" if prefix else local
        return found

    def everything(self) -> list[Node]:
        """Of the document: itself and all elements, in document order."""
        found = self._all
        if found is None:
            found, todo = [self], list(reversed(self.children))
            while todo:
                node = todo.pop()
                found.append(node)
                todo.extend(reversed(node.children))
            self._all = found
        return found

    def texts(self) -> list[Node]:
        """The text nodes below an element."""
        if self.kind != "element":
            return []
        found = [self.source.text, *(child.tail for child in self.source)]
        return [
            Node("", self, self.order + 1 + position, "text", self.source, one)
            for position, one in enumerate(found)
            if one
        ]

    def all_named(self, tag: str) -> Sequence[Node]:
        """Of the document: all elements of a name, in document order."""
        return self._by_name.get(tag, NONE) if self._by_name is not None else NONE


_GAP = 1_000
"""Numbers kept free after an element for its attributes and texts."""


def read(root: etree._Element) -> Node:
    """A document, from its root element.

    Args:
        root: the root; it has no document type.
    """
    document = Node("", None, 0, "document", root, None)
    by_name: dict[str, list[Node]] = {}
    document._by_name = by_name
    known: dict[str, str] = {}
    order = _add(root, document, 0, by_name, known)
    document.last = order
    return document


def _add(
    element: etree._Element, parent: Node, order: int, by_name: dict[str, list[Node]], known: dict[str, str]
) -> int:
    tag = element.tag
    tag = known.setdefault(tag, tag)
    order += _GAP
    leaf = len(element) == 0
    node = Node(tag, parent, order, "element", element, (element.text or "") if leaf else None)
    parent.children.append(node)
    named = parent.named.get(tag)
    if named is None:
        parent.named[tag] = [node]
    else:
        named.append(node)
    everywhere = by_name.get(tag)
    if everywhere is None:
        by_name[tag] = [node]
    else:
        everywhere.append(node)
    if not leaf:
        for child in element:
            if type(child.tag) is str:
                order = _add(child, node, order, by_name, known)
    node.last = order + _GAP - 1
    return order


def path_of(node: Node, *, skeleton: bool) -> str:
    """The place of a node in words of XPath.

    Args:
        node: an element or an attribute.
        skeleton: whether as Schematron's skeleton writes it; else as XPath's ``path()`` and SchXslt do.
    """
    step, attribute = (_SKELETON, _SKELETON_ATTRIBUTE) if skeleton else ("Q{{{0}}}{1}[{2}]", "@Q{{{0}}}{1}")
    steps = []
    at: Node | None = node
    while at is not None and at.kind != "document":
        namespace, _, local = at.tag[1:].partition("}") if at.tag.startswith("{") else ("", "", at.tag)
        if at.kind == "attribute":
            plain = skeleton and not namespace
            steps.append(f"@{local}" if plain else attribute.format(namespace, local))
        else:
            same = at.parent.named[at.tag] if at.parent is not None else [at]
            form = "{1}[{2}]" if skeleton and not namespace else step
            steps.append(form.format(namespace, local, same.index(at) + 1))
        at = at.parent
    return "/" + "/".join(reversed(steps))


_SKELETON = "*:{1}[namespace-uri()='{0}'][{2}]"
_SKELETON_ATTRIBUTE = "@*[local-name()='{1}' and namespace-uri()='{0}']"
