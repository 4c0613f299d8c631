"""Judges a document by a compiled stylesheet: the same findings in the same order as the XSLT processor's."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, localcontext
from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree

from anyshore.activities.einvoice.schematron import Assertion
from anyshore.activities.einvoice.xpath import arithmetic, axes, comparing, nodes, values, words
from anyshore.activities.einvoice.xpath.nodes import Node
from anyshore.activities.einvoice.xpath.parsing import NotUnderstoodError
from anyshore.activities.einvoice.xpath.stylesheets import Rule, read
from anyshore.activities.einvoice.xpath.writing import Judge, Test, Writer

_FALLS = (
    values.RuleError, NotUnderstoodError, ArithmeticError, ValueError, RecursionError, TypeError, AttributeError,
    SyntaxError,
)  # fmt: skip
"""What ends a judgement here: what XPath calls an error, what was not understood, and what is too deep to be written.
Its processor decides then."""


class _Met:
    """A rule where its pattern may match: written when it is first met."""

    __slots__ = ("_condition", "_judge", "_rule", "_test", "_writer", "order", "pattern")

    def __init__(self, rule: Rule, order: int, condition: str, writer: Writer) -> None:
        self._rule, self._writer, self._condition = rule, writer, condition
        self.pattern, self.order = rule.pattern, order
        self._judge: Judge | None = None
        self._test: Test | None = None

    def fits(self, node: Node, document: Node, kept: dict[Any, Any]) -> bool:
        """Whether the pattern matches a node of its name."""
        if self._condition == "True":
            return True
        if self._test is None:
            self._test = self._writer.test(self._condition)
        return self._test(node, document, kept)

    def judge(self, node: Node, document: Node, kept: dict[Any, Any], found: list[Any]) -> None:
        """Adds what is found at a node."""
        if self._judge is None:
            self._judge = self._writer.judge(self._rule)
        self._judge(node, document, kept, found)


@dataclass(frozen=True, slots=True)
class Finding:
    """An assertion that fails, or a report that is made.

    Attributes:
        said: what it says.
        text: its words.
        element: the element it is about, or whose attribute.
        xpath: the place, as the report writes it.
    """

    said: Assertion
    text: str
    element: etree._Element
    xpath: str


class Rules:
    """A stylesheet as Python. Used by one thread at a time.

    Args:
        stylesheet: its path; documents that it reads lie beside it.

    Attributes:
        left: why rules of it were not written, as far as they were met.

    Raises:
        NotUnderstoodError: none of it can be written.
    """

    def __init__(self, stylesheet: Path) -> None:
        sheet = read(etree.parse(str(stylesheet)).getroot())
        self._skeleton, self._folder = sheet.skeleton, stylesheet.parent
        self._documents: dict[str, Node] = {}
        self._lock = threading.Lock()
        names = {**called(), "once": _once, "document": self._document}
        self._writer = Writer(sheet, names)
        self.left = self._writer.left
        self._elements: dict[str, list[_Met]] = {}
        self._attributes: dict[str, list[_Met]] = {}
        for order, rule in enumerate(sheet.rules):
            for kind, tag, condition in self._writer.alternatives(rule):
                table = self._elements if kind == "element" else self._attributes
                if kind == "element" or sheet.attributes.get(rule.pattern, True):
                    table.setdefault(tag, []).append(_Met(rule, order, condition, self._writer))
        _everywhere(self._elements)
        _everywhere(self._attributes)

    def findings(self, document: Node) -> list[Finding] | None:
        """What is found in a document, in the order of the report; None where it cannot be said here.

        Args:
            document: as ``nodes.read`` gives it.
        """
        found: list[tuple[int, Node, int, str | None]] = []
        try:
            with self._lock, localcontext(values.EXACT):
                self._visit(document, {}, found)
        except _FALLS:
            return None
        found.sort(key=lambda one: one[0])
        return [self._finding(self._writer.assertions[number], node, text) for _, node, number, text in found]

    def _finding(self, said: Assertion, node: Node, text: str | None) -> Finding:
        words = said.text if text is None else " ".join(text.split())
        return Finding(said, words, node.source, nodes.path_of(node, skeleton=self._skeleton))

    def _visit(self, document: Node, kept: dict[Any, Any], found: list[Any]) -> None:
        every = self._elements.get("*", [])
        todo = list(document.children)
        while todo:
            node = todo.pop()
            _meet(node, self._elements.get(node.tag, every), document, kept, found)
            if self._attributes and node.source.attrib:
                self._meet_attributes(node, document, kept, found)
            todo.extend(reversed(node.children))

    def _meet_attributes(self, node: Node, document: Node, kept: dict[Any, Any], found: list[Any]) -> None:
        every = self._attributes.get("*", [])
        for name, attribute in node.attributes.items():
            _meet(attribute, self._attributes.get(name, every), document, kept, found)

    def _document(self, name: str) -> list[Node]:
        """A document beside the stylesheet."""
        known = self._documents.get(name)
        if known is None:
            path = self._folder / name
            if path.parent != self._folder:
                raise values.RuleError("a document elsewhere")
            parser = etree.XMLParser(resolve_entities=False, no_network=True)
            known = self._documents[name] = nodes.read(etree.parse(str(path), parser).getroot())
        return [known]


def called() -> dict[str, Any]:
    """What expressions may call, by name."""
    rooms = (values, arithmetic, comparing, axes, words)
    return {name: one for room in rooms for name, one in vars(room).items()} | {"Decimal": Decimal, "NONE": nodes.NONE}


def _everywhere(table: dict[str, list[_Met]]) -> None:
    """Puts the rules of any name among those of each, in the order in which they are tried."""
    every = table.get("*", [])
    for tag, rows in table.items():
        if tag != "*":
            rows.extend(every)
            rows.sort(key=lambda row: row.order)


def _meet(node: Node, rows: list[_Met], document: Node, kept: dict[Any, Any], found: list[Any]) -> None:
    """Lets a node meet the first rule of each pattern that fits it."""
    met: list[int] = []
    for row in rows:
        if row.pattern not in met and row.fits(node, document, kept):
            met.append(row.pattern)
            row.judge(node, document, kept, found)


def _once(make: Callable[[Any, Any], Any], document: Node, kept: dict[Any, Any]) -> Any:
    """A variable of the whole stylesheet: worked out once a document."""
    if make not in kept:
        kept[make] = make(document, kept)
    return kept[make]


@cache
def rules_of(stylesheet: Path) -> Rules | None:
    """A stylesheet as Python, made once a process; None where none of it can be written."""
    try:
        return Rules(stylesheet)
    except NotUnderstoodError:
        return None
