"""A wage-tax flow chart from its XML: variables, constants, and methods of assignments, branches and calls."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from lxml import etree

from anyshore.base import xml
from anyshore.base.errors import DefinitionError
from anyshore.payroll.wagetax import syntax
from anyshore.payroll.wagetax.syntax import Node

Kind = Literal["BigDecimal", "int", "double", "BigDecimal[]"]


class WageTaxError(DefinitionError):
    """A flow chart cannot be used, or not with these inputs."""


@dataclass(frozen=True, slots=True)
class Variable:
    """An input, output, internal field or constant.

    Attributes:
        name: its name, for example ``RE4``.
        kind: its Java type.
        value: its default, or the value of the constant; None is zero.
        about: what the comment before it says, on one line.
    """

    name: str
    kind: Kind
    value: Node | None
    about: str


@dataclass(frozen=True, slots=True)
class Eval:
    """An assignment, with the line it stands in and its text."""

    line: int
    text: str
    name: str
    value: Node


@dataclass(frozen=True, slots=True)
class Execute:
    """A call of another method."""

    line: int
    method: str


@dataclass(frozen=True, slots=True)
class If:
    """A branch."""

    line: int
    text: str
    condition: Node
    then: tuple[Statement, ...]
    otherwise: tuple[Statement, ...]


Statement = Eval | Execute | If


@dataclass(frozen=True, slots=True)
class Chart:
    """A flow chart as it was read.

    Attributes:
        name: its name, for example ``Lohnsteuer2026``.
        version: the version it states.
        valid_from: first day it holds, told from its name: ``Lohnsteuer2023AbJuli`` from the 1st of July 2023.
        inputs: by name, in their order; outputs, internals and constants likewise.
        methods: by name; the first to run is ``MAIN``.
        about: by name of a method, what the comment before it says.
        file: where it was read from.
    """

    name: str
    version: str
    valid_from: date
    inputs: dict[str, Variable]
    outputs: dict[str, Variable]
    internals: dict[str, Variable]
    constants: dict[str, Variable]
    methods: dict[str, tuple[Statement, ...]]
    about: dict[str, str]
    file: str


_MONTHS = (
    "januar", "februar", "märz", "april", "mai", "juni",
    "juli", "august", "september", "oktober", "november", "dezember",
)  # fmt: skip
_NAME = re.compile(rf"(20[0-9]{{2}})(?:(ab|bis)?({'|'.join(_MONTHS)}))?")
_KINDS: tuple[Kind, ...] = ("BigDecimal", "int", "double", "BigDecimal[]")


def valid_from(name: str) -> date | None:
    """First day a flow chart of that name holds; None where the name tells no year."""
    found = _NAME.search(name.lower())
    if found is None:
        return None
    month = 1
    if found[3] and found[2] != "bis":
        month = _MONTHS.index(found[3]) + 1
    return date(int(found[1]), month, 1)


def read(content: bytes, file: str) -> Chart:
    """Reads a flow chart.

    Args:
        content: the XML as published.
        file: its name, for messages.

    Raises:
        WageTaxError: with every problem of the file, located.
    """
    document = xml.parse(content, file, error=WageTaxError)
    if document.root.tag != "PAP":
        message = f"The file is no flow chart: it begins with <{etree.QName(document.root).localname}>."
        raise WageTaxError("wagetax.no-chart", message, document.locate(document.root), "Take the XML with <PAP>.")
    return _Reader(document).chart()


@dataclass(slots=True)
class _Reader:
    document: xml.XmlDocument
    problems: xml.Problems = field(init=False)

    def __post_init__(self) -> None:
        self.problems = xml.Problems(self.document)

    def chart(self) -> Chart:
        root = self.document.root
        name = root.get("name", "")
        since = valid_from(name)
        if since is None:
            message = f"The name {name!r} tells no year."
            self.problems.add(root, "wagetax.no-year", message, "Name it as published, as Lohnsteuer2026.")
        chart = Chart(
            name, root.get("versionNummer", root.get("version", "")), since or date.min,
            self.variables("VARIABLES/INPUTS/INPUT"), self.variables("VARIABLES/OUTPUTS/OUTPUT"),
            self.variables("VARIABLES/INTERNALS/INTERNAL"), self.variables("CONSTANTS/CONSTANT", key="value"),
            self.methods(), {one.get("name", "MAIN"): _about(one) for one in root.iterfind("METHODS/*")},
            self.document.file,
        )  # fmt: skip
        if "MAIN" not in chart.methods:
            self.problems.add(root, "wagetax.no-main", "There is no <MAIN>.", "Take the file as published.")
        if self.problems.errors:
            raise WageTaxError.of(self.problems.errors)
        return chart

    def variables(self, path: str, key: str = "default") -> dict[str, Variable]:
        found: dict[str, Variable] = {}
        for element in self.document.root.iterfind(path):
            name, kind = element.get("name", ""), element.get("type", "")
            if not name.isidentifier() or name in found:
                what = "a second time" if name in found else "is no name"
                self.problems.add(element, "wagetax.name", f"The variable {name!r} stands {what}.")
            elif kind not in _KINDS:
                message = f"The type {kind!r} of {name} is not known."
                self.problems.add(element, "wagetax.type", message, f"Known are {', '.join(_KINDS)}.")
            else:
                text = element.get(key)
                value = self.parsed(element, text) if text else None
                found[name] = Variable(name, kind, value, _about(element))
        return found

    def methods(self) -> dict[str, tuple[Statement, ...]]:
        found: dict[str, tuple[Statement, ...]] = {}
        for element in self.document.root.iterfind("METHODS/*"):
            if element.tag in ("MAIN", "METHOD"):
                found["MAIN" if element.tag == "MAIN" else element.get("name", "")] = self.body(element)
        for element in self.document.root.iter("EXECUTE"):
            if element.get("method") not in found:
                message = f"There is no method {element.get('method')!r}."
                self.problems.add(element, "wagetax.no-method", message)
        return found

    def body(self, parent: etree._Element) -> tuple[Statement, ...]:
        found: list[Statement] = []
        for element in parent.iterchildren(etree.Element):
            if element.tag == "EVAL":
                self.eval(element, found)
            elif element.tag == "EXECUTE":
                found.append(Execute(_line(element), element.get("method", "")))
            elif element.tag == "IF":
                self.branch(element, found)
            elif element.tag == "ELSE" and parent.tag != "IF" and found and isinstance(found[-1], If):
                last = found[-1]  # some years close <IF> before its <ELSE>
                found[-1] = If(last.line, last.text, last.condition, last.then, last.otherwise + self.body(element))
            else:
                self.problems.add(element, "wagetax.element", f"<{element.tag}> is not known here.")
        return tuple(found)

    def eval(self, element: etree._Element, found: list[Statement]) -> None:
        text = " ".join(element.get("exec", "").split())
        try:
            name, value = syntax.assignment(text)
        except syntax.SyntaxProblem as problem:
            self.problems.add(element, "wagetax.syntax", f"{text!r} cannot be read: {problem}.")
        else:
            found.append(Eval(_line(element), text, name, value))

    def branch(self, element: etree._Element, found: list[Statement]) -> None:
        text = " ".join(element.get("expr", "").split())
        condition = self.parsed(element, text)
        parts: dict[str, tuple[Statement, ...]] = {"THEN": (), "ELSE": ()}
        for part in element.iterchildren(etree.Element):
            if part.tag not in parts:
                self.problems.add(part, "wagetax.element", f"<{part.tag}> is not known here.")
            else:
                parts[str(part.tag)] += self.body(part)
        if condition is not None:
            found.append(If(_line(element), text, condition, parts["THEN"], parts["ELSE"]))

    def parsed(self, element: etree._Element, text: str) -> Node | None:
        try:
            return syntax.expression(text)
        except syntax.SyntaxProblem as problem:
            self.problems.add(element, "wagetax.syntax", f"{text[:60]!r} cannot be read: {problem}.")
            return None


def _line(element: etree._Element) -> int:
    line: Any = element.sourceline
    return int(line or 0)


def _about(element: etree._Element) -> str:
    before: Any = element.getprevious()
    if before is None or before.tag is not etree.Comment:
        return ""
    return " ".join((before.text or "").split())


Given = int | Decimal
"""A value of an input: never a float."""
