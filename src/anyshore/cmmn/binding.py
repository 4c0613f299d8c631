"""How a frozen dataclass and an XML element correspond: each field names its attribute or child elements.

Reading and writing walk the same table, so what can be read can be written, in the order of the schema.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from functools import cache
from typing import Any, Literal

from anyshore.base.locations import Location
from anyshore.cmmn.names import CMMN

Kind = Literal["attribute", "child", "children", "text", "raw", "wrapped"]


@dataclass(frozen=True, slots=True)
class Bound:
    """Where a field stands in XML.

    Attributes:
        kind: ``raw`` keeps whole elements as text; ``wrapped`` is a list inside an element of its own.
        name: attribute or element name, in Clark notation where it has a namespace of its own.
        values: ``str``, ``bool`` or ``tuple`` (a list of names separated by spaces) for attributes.
        types: what the children may be, tag → dataclass, asked for late because stages nest; or the name of a table
            that the reader is given, because families are not known here.
        absent: the value of a field whose attribute is absent.
    """

    kind: Kind
    name: str
    values: type = str
    types: Callable[[], dict[str, type]] | str = ""
    absent: Any = None


def attribute(name: str, values: type = str, *, default: Any = None, namespace: str = "") -> Any:
    """A field read from an attribute; None (or the default) where the attribute is absent."""
    full = f"{{{namespace}}}{name}" if namespace else name
    return field(default=default, metadata={"xml": Bound("attribute", full, values, absent=default)})


def text() -> Any:
    """A field read from the text of the element, white space at its ends ignored."""
    return field(default="", metadata={"xml": Bound("text", "")})


def child(name: str, kind: type) -> Any:
    """A field read from at most one child element."""
    return field(default=None, metadata={"xml": Bound("child", name, types=lambda: {name: kind})})


def children(types: Callable[[], dict[str, type]] | dict[str, type] | str) -> Any:
    """A field read from all child elements with one of these tags, or with the tags of a named table."""
    late = (lambda: types) if isinstance(types, dict) else types
    return field(default=(), metadata={"xml": Bound("children", "", types=late)})


def wrapped(wrapper: str, types: Callable[[], dict[str, type]]) -> Any:
    """A field read from the children of one wrapping element; None where the wrapper is absent."""
    return field(default=None, metadata={"xml": Bound("wrapped", wrapper, types=types)})


def raw(*names: str) -> Any:
    """A field that keeps child elements as their XML text."""
    return field(default=(), metadata={"xml": Bound("raw", " ".join(names))})


@cache
def bound_fields(kind: Any) -> tuple[tuple[str, Bound], ...]:
    """The bound fields of a dataclass, in the order they are written."""
    found = [(f.name, f.metadata["xml"]) for f in fields(kind) if "xml" in f.metadata]
    order = getattr(kind, "XML_ORDER", ())
    return tuple(sorted(found, key=lambda pair: order.index(pair[0]) if pair[0] in order else len(order)))


Comment = tuple[str, str, int, str]
"""Where a comment stands, and its XML text; see ``Element.comments``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Documentation:
    """A remark on an element (5.1.1)."""

    id: str | None = attribute("id")
    text_format: str | None = attribute("textFormat")
    text: str = text()
    foreign: tuple[tuple[str, str], ...] = ()
    foreign_elements: tuple[str, ...] = ()
    comments: tuple[Comment, ...] = field(default=(), compare=False, repr=False)
    location: Location = field(default=Location(), compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """What every CMMN element has (5.1.1).

    Attributes:
        id: unique in its file.
        documentation: remarks.
        extensions: ``extensionElements`` as XML text, kept and not executed.
        foreign: attributes of other namespaces, kept and not executed: (Clark name, value).
        foreign_elements: child elements of other namespaces, as XML text.
        comments: comments and processing instructions in it: its own tag or that of a list in it, the tag of the
            element that follows, how many of that tag stand before, and the text; kept, and not compared.
        location: where it stands; two elements that differ only in this are equal.
    """

    id: str = attribute("id", default="")
    documentation: tuple[Documentation, ...] = children({"documentation": Documentation})
    extensions: tuple[str, ...] = raw(f"{{{CMMN}}}extensionElements")
    foreign: tuple[tuple[str, str], ...] = ()
    foreign_elements: tuple[str, ...] = ()
    comments: tuple[Comment, ...] = field(default=(), compare=False, repr=False)
    location: Location = field(default=Location(), compare=False, repr=False)
