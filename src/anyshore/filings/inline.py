"""Reading inline XBRL: the facts in a page people read, made into those of an instance. Source: Inline XBRL 1.1.

Continuations are put together, excluded parts left out, nested facts read from within; scale and sign applied, formats
transformed by the registry. What stands in ``ix:hidden`` is a fact like others, and marked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from lxml import etree

from anyshore.base.decimals import CONTEXT
from anyshore.base.xml import XmlDocument
from anyshore.filings import instance
from anyshore.filings.accuracy import decimals_of
from anyshore.filings.instance import LANG, NIL, Reading
from anyshore.filings.model import Fact
from anyshore.filings.transformations import transform

SPACES = ("{http://www.xbrl.org/2013/inlineXBRL}", "{http://www.xbrl.org/2008/inlineXBRL}")
_MOST_SCALE = 100
_MOST_PARTS = 10_000


def is_inline(content: bytes) -> bool:
    """Whether a page says that it holds inline XBRL."""
    return b"/inlineXBRL" in content


def read(document: XmlDocument, reading: Reading) -> None:
    """Adds what an inline document holds; its contexts and units first."""
    for space in SPACES:
        for part in document.root.iter(space + "resources"):
            instance.resources(document, part, reading)
    for space in SPACES:
        page = _Page(document, reading, space)
        for element in document.root.iter(*(space + name for name in ("nonFraction", "fraction", "nonNumeric"))):
            page.fact(element)


class _Page:
    """One document, one version of the namespace."""

    def __init__(self, document: XmlDocument, reading: Reading, space: str) -> None:
        self.document, self.reading, self.space = document, reading, space
        self.continuations = {one.get("id"): one for one in document.root.iter(space + "continuation")}
        self.hidden = {inner for outer in document.root.iter(space + "hidden") for inner in outer.iter(etree.Element)}

    def fact(self, element: etree._Element) -> None:
        found = instance.refer(self.document, element, self.reading)
        if found is None:
            return
        context, unit = found
        nil = element.get(NIL, "false").strip() in ("true", "1")
        try:
            name = instance.qualified(element, element.get("name"), self.reading.spaces)
            value, text = (None, "") if nil else self.content(element, numeric=unit is not None)
            decimals = decimals_of(element.get("decimals"), element.get("precision"), value)
        except (ValueError, KeyError) as problem:
            what = f"The format {problem} is unknown" if isinstance(problem, KeyError) else str(problem).rstrip(".")
            hint = "The fact is left out: write it as its format says."
            self.reading.problem(self.document, element, "filing.inline", f"{what}.", hint)
            return
        self.reading.facts.append(
            Fact(name, context, unit, text, value, nil, decimals, element.get("id", ""), len(self.reading.facts),
                 instance.line_of(element), self.document.file, element in self.hidden, _language(element))
        )  # fmt: skip

    def content(self, element: etree._Element, *, numeric: bool) -> tuple[Decimal | None, str]:
        """Value and text of a fact that is not nil."""
        if element.tag == self.space + "fraction":
            above, below = (self.part(element, name) for name in ("numerator", "denominator"))
            return above / below, f"{above}/{below}"
        if numeric:
            value = self.number(element)
            return value, f"{value:f}"
        return None, self.words(element)

    def part(self, element: etree._Element, name: str) -> Decimal:
        inner = next(element.iter(self.space + name), None)
        if inner is None:
            raise ValueError(f"the fraction has no {name}")
        return self.number(inner)

    def number(self, element: etree._Element) -> Decimal:
        """The number an element shows, with scale and sign (Inline XBRL 1.1, 10.1)."""
        text = "".join(str(part) for part in element.itertext(etree.Element)).strip()
        form = element.get("format")
        plain = transform(form.rpartition(":")[2], text) if form else text
        value = instance.number(plain)
        if value is None or value < 0:
            raise ValueError(f"{text[:40]!r} is no number without a sign")
        scale = int(element.get("scale", "0"))
        if abs(scale) > _MOST_SCALE:
            raise ValueError(f"the scale {scale} is none a report has")
        value = value.scaleb(scale, CONTEXT)
        return -value if element.get("sign") == "-" and value else value

    def words(self, element: etree._Element) -> str:
        """The text of a fact through its continuations; with ``escape`` the markup in it as well."""
        escape = element.get("escape", "false").strip() in ("true", "1")
        text = "".join(self.inside(part, escape=escape) for part in self.chain(element))
        form = element.get("format")
        return transform(form.rpartition(":")[2], text) if form else text

    def chain(self, element: etree._Element) -> Iterator[etree._Element]:
        seen: set[str] = set()
        yield element
        following = element.get("continuedAt")
        while following:
            part = self.continuations.get(following)
            if part is None:
                raise ValueError(f"there is no continuation {following!r}")
            if following in seen or len(seen) > _MOST_PARTS:
                raise ValueError(f"the continuation {following!r} comes back to itself")
            seen.add(following)
            yield part
            following = part.get("continuedAt")

    def inside(self, element: etree._Element, *, escape: bool) -> str:
        """The content of an element without what is excluded and without the inline elements themselves."""
        parts = [_escaped(element.text) if escape else element.text or ""]
        for child in element:
            own = isinstance(child.tag, str) and child.tag.startswith(self.space)
            if isinstance(child.tag, str) and child.tag != self.space + "exclude":
                within = self.inside(child, escape=escape)
                parts.append(within if own or not escape else _tagged(child, within))
            parts.append(_escaped(child.tail) if escape else child.tail or "")
        return "".join(parts)


def _escaped(text: str | None) -> str:
    return (text or "").replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _tagged(element: etree._Element, within: str) -> str:
    name = etree.QName(element).localname
    attributes = "".join(
        f' {re.sub("{.*}", "", str(key))}="{_escaped(str(value)).replace(chr(34), "&quot;")}"'
        for key, value in element.items()
    )
    return f"<{name}{attributes}>{within}</{name}>" if within else f"<{name}{attributes}/>"


def _language(element: etree._Element) -> str:
    at: etree._Element | None = element
    while at is not None:
        if (found := at.get(LANG)) is not None:
            return found
        at = at.getparent()
    return ""
