"""CMMN 1.1 XML into a model: everything in the file is kept, everything strange is named, all of it at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import fields
from pathlib import Path
from typing import Any

from lxml import etree

from anyshore.base import xml
from anyshore.base.errors import CmmnError, Diagnostic
from anyshore.cmmn import checks
from anyshore.cmmn.binding import Bound, Comment, bound_fields
from anyshore.cmmn.elements.table import DEFINITIONS
from anyshore.cmmn.model import Expression, Model
from anyshore.cmmn.names import ANYSHORE, CMMN, CMMN_1_0, FEEL, FLOWABLE
from anyshore.params.shapes import nearest

_TABLES = {"planItemDefinition": DEFINITIONS}
_TRUE = {"true": True, "1": True, "false": False, "0": False}
_OURS = f"{{{ANYSHORE}}}"
_TYPED = frozenset(f"{{http://www.w3.org/2001/XMLSchema-instance}}{name}" for name in ("type", "nil"))
"""What says no more than the element itself; ``schemaLocation`` is kept."""


def read(
    source: bytes | str | Path,
    *,
    file: str | None = None,
    expressions: Mapping[str, str] | None = None,
    also: Sequence[str] = (),
    literal_references: bool = False,
    tolerant: bool = False,
) -> Model:
    """Reads a CMMN 1.1 file.

    Args:
        source: a path, or the content; text that does not begin with ``<`` is a path.
        file: the name to show in messages.
        expressions: replacements for expression texts in another language: text (stripped) → FEEL.
        also: namespaces whose attributes count as CMMN's own where those are absent (some modellers write
            ``sentryRef`` into their own namespace).
        literal_references: a reference expression that has no replacement is the reference itself, not FEEL; files of
            Flowable are always read so.
        tolerant: passes over extensions of other products that change what a case does and are not executed, instead
            of refusing them.

    Raises:
        CmmnError: the file is no CMMN 1.1, refers to what is not there, or holds what is not executed; with all
            problems.
    """
    path = Path(source) if isinstance(source, str) and not source.lstrip("\ufeff \t\r\n").startswith("<") else source
    document = xml.parse(path, file, error=CmmnError)
    flowable = FLOWABLE in document.root.nsmap.values()
    reader = _Reader(
        document, expressions or {}, (*also, FLOWABLE) if flowable else also, literal_references or flowable, tolerant
    )
    model = reader.model()
    problems = reader.problems.errors
    if model is not None and not problems:
        problems = [d for d in checks.check(model) if d.severity == "error"]
    if problems:
        raise _error(problems)
    assert model is not None
    return model


def _error(problems: Sequence[Diagnostic]) -> CmmnError:
    first = problems[0]
    message = first.message if len(problems) == 1 else f"{len(problems)} problems in the case model"
    return CmmnError(first.code, message, first.location, first.hint, diagnostics=problems)


class _Reader:
    def __init__(
        self,
        document: xml.XmlDocument,
        expressions: Mapping[str, str],
        also: Sequence[str],
        literal_references: bool,
        tolerant: bool,
    ) -> None:
        self.document = document
        self.problems = xml.Problems(document)
        self.expressions = {text.strip(): feel for text, feel in expressions.items()}
        self.also = also
        self.literal_references = literal_references
        self.tolerant = tolerant

    def model(self) -> Model | None:
        root = self.document.root
        name = etree.QName(root)
        if name.namespace == CMMN_1_0:
            self.problems.add(root, "cmmn.version", "This is a CMMN 1.0 file.", "Export it as CMMN 1.1.")
        elif name.namespace != CMMN or name.localname != "definitions":
            self.problems.add(
                root, "cmmn.root", f"The root is {name.localname!r} of {name.namespace!r}, not CMMN's definitions.",
                "Export the case as CMMN 1.1.",
            )  # fmt: skip
        else:
            values = self.values(root, Model)
            return Model(
                **values, prefixes=tuple(root.nsmap.items()), around=_around(root),
                literal_references=self.literal_references,
                tolerant=self.tolerant,
            )  # fmt: skip
        return None

    def element(self, element: etree._Element, kind: type) -> Any:
        values = self.values(element, kind)
        if kind is Expression:
            self.translate(values)
        return kind(**values)

    def translate(self, values: dict[str, Any]) -> None:
        """Replaces the text of an expression in another language."""
        feel = self.expressions.get(values.get("text", ""))
        if feel is not None:
            values["text"] = feel
            values["language"] = FEEL

    def values(self, element: etree._Element, kind: type) -> dict[str, Any]:
        attributes = {str(name): str(value) for name, value in element.attrib.items()}
        below = [child for child in element if isinstance(child.tag, str)]
        values: dict[str, Any] = {}
        known: dict[str, str] = {}
        for name, bound in bound_fields(kind):
            match bound.kind:
                case "attribute":
                    known[bound.name] = name
                    value = self.attribute(element, attributes, bound)
                    if value is not None:
                        values[name] = value
                case "text":
                    values[name] = "".join(str(text) for text in element.itertext()).strip()
                case _:
                    found, below = self.children(element, below, bound)
                    if found is not None and found != ():
                        values[name] = found
        self.rest(element, attributes, below, known, values)
        if "comments" in {f.name for f in fields(kind)}:
            lists = {f"{{{CMMN}}}{bound.name}" for _, bound in bound_fields(kind) if bound.kind == "wrapped"}
            values["comments"] = tuple(
                comment
                for place in (element, *(child for child in element if child.tag in lists))
                for comment in _comments(place)
            )
        if "location" in {f.name for f in fields(kind)}:
            values["location"] = self.document.locate(element)
        return values

    def attribute(self, element: etree._Element, attributes: dict[str, str], bound: Bound) -> Any:
        text = attributes.pop(bound.name, None)
        for namespace in self.also if text is None else ():
            text = attributes.pop(f"{{{namespace}}}{bound.name}", None)
            if text is not None:
                break
        if text is None:
            return None
        if bound.values is bool:
            if text.strip() not in _TRUE:
                self.problems.add(
                    element, "cmmn.boolean", f"{bound.name} is {text!r}, not true or false.", "Write true or false."
                )
            return _TRUE.get(text.strip())
        return tuple(text.split()) if bound.values is tuple else text

    def children(
        self, element: etree._Element, below: list[etree._Element], bound: Bound
    ) -> tuple[Any, list[etree._Element]]:
        if bound.kind == "raw":
            names = bound.name.split()
            mine = [child for child in below if child.tag in names]
            return tuple(_outer(child) for child in mine), [child for child in below if child.tag not in names]
        types = _TABLES[bound.types] if isinstance(bound.types, str) else bound.types()
        tags = {f"{{{CMMN}}}{tag}": kind for tag, kind in types.items()}
        if bound.kind == "wrapped":
            wrapper = f"{{{CMMN}}}{bound.name}"
            found = [child for child in below if child.tag == wrapper]
            inner = [self.element(c, tags[str(c.tag)]) for w in found for c in w if c.tag in tags]
            return (tuple(inner) if found else None), [child for child in below if child.tag != wrapper]
        mine = [child for child in below if child.tag in tags]
        rest = [child for child in below if child.tag not in tags]
        built = [self.element(child, tags[str(child.tag)]) for child in mine]
        if bound.kind == "children":
            return tuple(built), rest
        if len(built) > 1:
            self.problems.add(
                mine[1], "cmmn.twice", f"{bound.name} stands here twice.", "CMMN allows one; remove the other."
            )
        return (built[0] if built else None), rest

    def rest(
        self,
        element: etree._Element,
        attributes: dict[str, str],
        below: list[etree._Element],
        known: dict[str, str],
        values: dict[str, Any],
    ) -> None:
        """Keeps what is of other namespaces; names what claims to be CMMN and is not."""
        tag = etree.QName(element).localname
        own = [name for name in attributes if not name.startswith("{")]
        for name in own:
            self.problems.add(
                element, "cmmn.unknown-attribute", f"CMMN 1.1 has no attribute {name!r} on {tag}.",
                nearest(name, known) or "Remove it, or put it into a namespace of its own.",
            )  # fmt: skip
        for name in (name for name in attributes if name.startswith(_OURS)):
            ours = [known_name.removeprefix(_OURS) for known_name in known if known_name.startswith(_OURS)]
            self.problems.add(
                element, "cmmn.unknown-attribute", f"{name.removeprefix(_OURS)!r} of ours means nothing on {tag}.",
                nearest(name.removeprefix(_OURS), ours) or "Remove it: it would not be executed.",
            )  # fmt: skip
        foreign = tuple((n, v) for n, v in attributes.items() if n.startswith("{") and n not in _TYPED)
        if foreign:
            values["foreign"] = foreign
        kept = []
        for child in below:
            inner = etree.QName(child)
            if inner.namespace == CMMN:
                self.problems.add(
                    child, "cmmn.unknown-element", f"{inner.localname!r} has no place in {tag} in CMMN 1.1.",
                    "It would not be executed; remove it.",
                )  # fmt: skip
            else:
                kept.append(_outer(child))
        if kept:
            values["foreign_elements"] = tuple(kept)


def _comments(element: etree._Element) -> Iterator[Comment]:
    """The comments and processing instructions directly in an element, each with what stands behind it."""
    before: Counter[str] = Counter()
    waiting: list[str] = []
    place = str(element.tag)
    for child in element:
        name: Any = child.tag  # the stubs know of elements only
        if not isinstance(name, str):
            waiting.append(etree.tostring(child, encoding="unicode", with_tail=False))
            continue
        yield from ((place, child.tag, before[child.tag], text) for text in waiting)
        waiting = []
        before[child.tag] += 1
    yield from ((place, "", 0, text) for text in waiting)


def _around(root: etree._Element) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The comments and processing instructions before and behind the root."""
    before = [etree.tostring(one, encoding="unicode", with_tail=False) for one in root.itersiblings(preceding=True)]
    behind = [etree.tostring(one, encoding="unicode", with_tail=False) for one in root.itersiblings()]
    return tuple(reversed(before)), tuple(behind)


def _outer(element: etree._Element) -> str:
    """An element as XML text that stands for itself; white space between its elements does not count."""
    copy = deepcopy(element)
    copy.tail = None
    for found in copy.iter():
        if len(found) and found.text is not None and not found.text.strip():
            found.text = None
        if found.tail is not None and not found.tail.strip():
            found.tail = None
    return etree.tostring(copy, method="c14n2", with_comments=True).decode()
