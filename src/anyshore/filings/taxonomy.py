"""Schemas and linkbases of a filing: concepts, roles, and arcs as they hold. Source: XBRL 2.1, 3.5 and 5.

An arc is in force unless it is prohibited with a priority as high as its own (3.5.3.9.7.5). Arcs of extended links with
the same role make up one network. Nothing outside the filing is fetched: a locator that points there is understood by
the namespace under which the schemas import that file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from urllib.parse import unquote

from lxml import etree

from anyshore.base.errors import Diagnostic
from anyshore.base.xml import XmlDocument
from anyshore.filings.instance import LANG, LINK, XBRLI, line_of, number
from anyshore.filings.model import Concept

XLINK = "{http://www.w3.org/1999/xlink}"
XS = "{http://www.w3.org/2001/XMLSchema}"
SUMMATION = "http://www.xbrl.org/2003/arcrole/summation-item"
SUMMATION_11 = "https://xbrl.org/2023/arcrole/summation-item"
PARENT_CHILD = "http://www.xbrl.org/2003/arcrole/parent-child"
STANDARD_LABEL = "http://www.xbrl.org/2003/role/label"


@dataclass(frozen=True, slots=True)
class Arc:
    """From one concept to another in a network.

    Attributes:
        parent: name of the concept it starts from.
        child: name of the concept it ends at.
        order: where the child stands among its siblings.
        weight: with which the child adds to its parent; 0 where the arc has none.
        label: role of the label the child is shown with; may be empty.
        file: where it stands.
        line: in that file.
    """

    parent: str
    child: str
    order: Decimal
    weight: Decimal
    label: str
    file: str
    line: int


@dataclass(slots=True)
class Taxonomy:
    """What the schemas of a filing say.

    Attributes:
        concepts: by name.
        roles: definition of each role type by its URI.
        namespaces: target namespace of each schema file, of the filing and imported, by file name or address.
        ids: names of the concepts by id, each with the file that defines it.
        prefixes: what the filing's documents call a namespace.
        embedded: linkbases that stand in a schema.
        problems: what could not be read as it should.
    """

    concepts: dict[str, Concept] = field(default_factory=dict)
    roles: dict[str, str] = field(default_factory=dict)
    namespaces: dict[str, str] = field(default_factory=dict)
    ids: dict[str, dict[str, str]] = field(default_factory=dict)
    prefixes: dict[str, str] = field(default_factory=dict)
    embedded: list[tuple[XmlDocument, etree._Element]] = field(default_factory=list)
    problems: list[Diagnostic] = field(default_factory=list)
    _pointed: dict[tuple[str, str], str] = field(default_factory=dict, repr=False)

    def add(self, document: XmlDocument) -> None:
        """Adds a schema."""
        self.spoken(document)
        space = document.root.get("targetNamespace", "")
        file = base_name(document.file)
        self.namespaces[file] = space
        for one in document.root.iter(XS + "import"):
            if location := one.get("schemaLocation"):
                self.namespaces.setdefault(location.strip(), one.get("namespace", ""))
                self.namespaces.setdefault(base_name(location), one.get("namespace", ""))
        for element in document.root.iterchildren(XS + "element"):
            concept = _concept(element, space)
            self.concepts[concept.name] = concept
            self.ids.setdefault(concept.id, {})[file] = concept.name
        for role in document.root.iter(LINK + "roleType"):
            self.roles[role.get("roleURI", "")] = " ".join((role.findtext(LINK + "definition") or "").split())
        self.embedded += [(document, one) for one in document.root.iter(LINK + "linkbase")]

    def name(self, href: str, file: str) -> str:
        """The concept a locator points to; empty where nothing can be said of it.

        Args:
            href: of the locator.
            file: in which it stands.
        """
        key = (href, file)
        if key not in self._pointed:
            self._pointed[key] = self._name(href, file)
        return self._pointed[key]

    def _name(self, href: str, file: str) -> str:
        address, _hash, pointer = href.strip().partition("#")
        found = re.search(r"element\(([^/)]+)\)", pointer)
        pointer = unquote(found[1] if found else pointer)
        address = address or file
        own = self.ids.get(pointer, {})
        if base_name(address) in own:
            return own[base_name(address)]
        space = self.namespaces.get(address, self.namespaces.get(base_name(address)))
        if space is None and len(own) == 1:  # a file of the filing under another name than when it was filed
            return next(iter(own.values()))
        prefix, line, rest = pointer.partition("_")
        space = space if space is not None else self.prefixes.get(prefix)
        return f"{{{space}}}{rest}" if line and space else ""

    def spoken(self, document: XmlDocument) -> None:
        """Notes the prefixes of a document."""
        for prefix, space in document.root.nsmap.items():
            if prefix:
                self.prefixes.setdefault(prefix, space)


def base_name(address: str) -> str:
    """The last part of a path or address."""
    return address.strip().replace("\\", "/").rpartition("/")[2]


def _concept(element: etree._Element, space: str) -> Concept:
    name = element.get("name", "")
    return Concept(
        f"{{{space}}}{name}", element.get("id", ""), _qualified(element, "type"), element.get(XBRLI + "periodType", ""),
        element.get(XBRLI + "balance", ""), element.get("abstract") in ("true", "1"),
        _qualified(element, "substitutionGroup"),
    )  # fmt: skip


def _qualified(element: etree._Element, attribute: str) -> str:
    prefix, _colon, rest = element.get(attribute, "").strip().rpartition(":")
    space = element.nsmap.get(prefix or None)
    return f"{{{space}}}{rest}" if space and rest else rest


def networks(
    linkbases: Iterable[tuple[XmlDocument, etree._Element]], taxonomy: Taxonomy, kind: str, arcroles: Iterable[str]
) -> dict[str, list[Arc]]:
    """The arcs in force of every role, in the order of the siblings.

    Args:
        linkbases: documents with the element that holds the links.
        taxonomy: to know what locators point to.
        kind: ``calculation`` or ``presentation``.
        arcroles: arcs with another are left out.
    """
    wanted = frozenset(arcroles)
    found: dict[str, dict[tuple[object, ...], _Candidates]] = {}
    for document, linkbase in linkbases:
        for link in linkbase.iter(f"{LINK}{kind}Link"):
            role = link.get(XLINK + "role", "")
            _link(document, link, f"{LINK}{kind}Arc", wanted, taxonomy, found.setdefault(role, {}))
    return {role: _in_force(candidates) for role, candidates in found.items()}


@dataclass(slots=True)
class _Candidates:
    """Equivalent arcs, and the highest priority by which they are prohibited."""

    arc: Arc
    priority: int
    prohibited: int | None = None


def _link(
    document: XmlDocument, link: etree._Element, tag: str, arcroles: frozenset[str], taxonomy: Taxonomy,
    found: dict[tuple[object, ...], _Candidates],
) -> None:  # fmt: skip
    names: dict[str, list[str]] = {}
    for locator in link.iterchildren(LINK + "loc"):
        name = taxonomy.name(locator.get(XLINK + "href", ""), document.file)
        if name:
            names.setdefault(locator.get(XLINK + "label", ""), []).append(name)
    for element in link.iterchildren(tag):
        if element.get(XLINK + "arcrole") not in arcroles:
            continue
        order, weight = _decimal(element.get("order", "1")), _decimal(element.get("weight", "0"))
        label, line = element.get("preferredLabel", ""), line_of(element)
        priority, prohibits = _priority(element), element.get("use") == "prohibited"
        for parent in names.get(element.get(XLINK + "from", ""), ()):
            for child in names.get(element.get(XLINK + "to", ""), ()):
                key = (parent, child, order, weight, label)
                arc = Arc(parent, child, order, weight, label, document.file, line)
                _weigh(found, key, arc, priority, prohibits=prohibits)


def _weigh(
    found: dict[tuple[object, ...], _Candidates], key: tuple[object, ...], arc: Arc, priority: int, *, prohibits: bool
) -> None:
    known = found.setdefault(key, _Candidates(arc, -1))
    if prohibits:
        known.prohibited = max(priority, known.prohibited if known.prohibited is not None else priority)
    elif priority > known.priority:
        known.arc, known.priority = arc, priority


@lru_cache(maxsize=4096)
def _decimal(text: str) -> Decimal:
    """A number as XML Schema writes it, 0 for what is none; the few orders and weights stand in thousands of arcs."""
    return number(text) or Decimal(0)


def _priority(element: etree._Element) -> int:
    text = element.get("priority")
    found = number(text) if text else None
    return int(found) if found is not None else 0


def _in_force(found: Mapping[tuple[object, ...], _Candidates]) -> list[Arc]:
    arcs = [
        one.arc for one in found.values()
        if one.priority >= 0 and (one.prohibited is None or one.priority > one.prohibited)
    ]  # fmt: skip
    return sorted(arcs, key=lambda arc: arc.order)


def labels(
    linkbases: Iterable[tuple[XmlDocument, etree._Element]], taxonomy: Taxonomy
) -> dict[tuple[str, str, str], str]:
    """The labels by (concept, role, language in small letters)."""
    found: dict[tuple[str, str, str], str] = {}
    weights: dict[tuple[str, str, str], int] = {}
    for document, linkbase in linkbases:
        for link in linkbase.iter(LINK + "labelLink"):
            texts: dict[str, list[tuple[str, str, str]]] = {}
            for one in link.iterchildren(LINK + "label"):
                role, language = one.get(XLINK + "role", STANDARD_LABEL), one.get(LANG, "").lower()
                text = "".join(str(part) for part in one.itertext(etree.Element)) if len(one) else one.text or ""
                texts.setdefault(one.get(XLINK + "label", ""), []).append((role, language, text))
            names = {
                one.get(XLINK + "label", ""): taxonomy.name(one.get(XLINK + "href", ""), document.file)
                for one in link.iterchildren(LINK + "loc")
            }
            for arc in link.iterchildren(LINK + "labelArc"):
                name = names.get(arc.get(XLINK + "from", ""))
                if not name or arc.get("use") == "prohibited":
                    continue
                priority = _priority(arc)
                for role, language, text in texts.get(arc.get(XLINK + "to", ""), ()):
                    key = (name, role, language)
                    if priority > weights.get(key, -1):
                        found[key], weights[key] = text, priority
    return found
