"""A BPMN file as a document: opened whatever it holds, edited in a few ways, written back without loss.

Reading for execution (``bpmn.read``) refuses what would not be executed. A document refuses only what is no BPMN file
at all: drawings, unfinished models and the files of other tools are opened, and what nobody here knows is written back:
extensions, comments, prefixes, order, diagrams.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from anyshore.base.errors import BpmnError, Diagnostic
from anyshore.base.xml import XmlDocument, parse
from anyshore.bpmn import rules
from anyshore.bpmn.namespaces import ANYSHORE, BPMN, XSI, bpmn, own
from anyshore.bpmn.reading.vocabulary import OWN

DIAGRAM = frozenset(
    ("http://www.omg.org/spec/BPMN/20100524/DI", "http://www.omg.org/spec/DD/20100524/DI",
     "http://www.omg.org/spec/DD/20100524/DC")
)  # fmt: skip
"""The namespaces of BPMN diagrams (BPMN 2.0.2, chapter 12)."""

_BEFORE_CONDITION = frozenset(bpmn(name) for name in ("documentation", "extensionElements", "auditing", "monitoring"))


class Document:
    """One BPMN file.

    Attributes:
        xml: the parsed file, as it is now.
    """

    def __init__(self, xml: XmlDocument) -> None:
        root = xml.root
        if root.tag != bpmn("definitions"):
            raise BpmnError(
                "bpmn.not-bpmn", f"The file is no BPMN 2.0 file: its root is {etree.QName(root).localname!r}.",
                xml.locate(root), f"The root has to be definitions in {BPMN}.",
            )  # fmt: skip
        self.xml = xml
        xml.locate(root)  # remembers where everything stands before anything is edited
        self._ids = {name: one for one in root.iter(f"{{{BPMN}}}*") if (name := one.get("id")) is not None}

    @classmethod
    def open(cls, source: bytes | str | Path, *, file: str | None = None) -> Document:
        """Opens a file, whatever it models.

        Args:
            source: a path, or the content.
            file: the name to show in messages.

        Raises:
            BpmnError: the file cannot be read, is no XML or no BPMN.
        """
        path = Path(source) if isinstance(source, str) and not source.lstrip().startswith("<") else source
        return cls(parse(path, file, error=BpmnError, keep_cdata=True))

    def check(self, *, strict: bool = True) -> list[Diagnostic]:
        """What of the static rules the file breaks as a model to be exchanged; see ``rules.check``."""
        return rules.check(self.xml, drawing=True, strict=strict)

    def element(self, name: str) -> etree._Element:
        """The BPMN element with that id.

        Raises:
            BpmnError: there is none.
        """
        found = self._ids.get(name)
        if found is None:
            raise BpmnError(
                "bpmn.unknown-element", f"There is no element {name!r}.", self.xml.locate(self.xml.root),
                "Use the id of an element of the file.",
            )  # fmt: skip
        return found

    def elements(self, *tags: str) -> Iterator[etree._Element]:
        """The BPMN elements of those tags, or all, in document order."""
        yield from self.xml.root.iter(*([bpmn(tag) for tag in tags] or [f"{{{BPMN}}}*"]))

    def diagram_elements(self) -> list[etree._Element]:
        """Everything that is drawn: diagrams, planes, shapes, edges, labels, bounds, waypoints, fonts."""
        return [one for one in self.xml.root.iter(etree.Element) if etree.QName(one).namespace in DIAGRAM]

    def rename(self, name: str, new: str) -> None:
        """Gives an element another name; an empty one takes the name away.

        Args:
            name: id of the element.
            new: what people will call it.
        """
        element = self.element(name)
        if new:
            element.set("name", new)
        elif "name" in element.attrib:
            del element.attrib["name"]

    def set_condition(self, name: str, expression: str | None) -> None:
        """Changes the condition of a sequence flow, or takes it away.

        Args:
            name: id of the flow.
            expression: a FEEL expression.

        Raises:
            BpmnError: the element is no sequence flow.
        """
        flow = self.element(name)
        self._require(flow, flow.tag == bpmn("sequenceFlow"), "has no condition: it is no sequence flow")
        found = flow.find(bpmn("conditionExpression"))
        if expression is None:
            if found is not None:
                _remove(found)
            return
        if found is None:
            found = etree.Element(bpmn("conditionExpression"), nsmap={"xsi": XSI})
            found.set(f"{{{XSI}}}type", self._qualified(flow, "tFormalExpression"))
            _insert(flow, sum(1 for one in flow if one.tag in _BEFORE_CONDITION), found)
        if "language" in found.attrib:
            del found.attrib["language"]
        for inner in list(found):
            found.remove(inner)
        found.text = expression

    def set_extension(self, name: str, attribute: str, value: str | None) -> None:
        """Sets one of our own attributes, or takes it away; see docs/reference/bpmn-extensions.md.

        Args:
            name: id of the element.
            attribute: its name without the prefix, for example ``role``.
            value: its value.

        Raises:
            BpmnError: elements of that kind have no such attribute.
        """
        element = self.element(name)
        allowed = OWN.get(etree.QName(element).localname, frozenset())
        self._require(element, attribute in allowed, f"has no anyshore:{attribute}", ", ".join(sorted(allowed)))
        if value is None:
            if own(attribute) in element.attrib:
                del element.attrib[own(attribute)]
            return
        declared = ANYSHORE in element.nsmap.values()
        element.set(own(attribute), value)
        if not declared:
            self._declare()

    def set_documentation(self, name: str, text: str) -> None:
        """Says something about an element, in place of what its first documentation said; nothing takes it away.

        Args:
            name: id of the element.
            text: plain text.
        """
        element = self.element(name)
        found = element.find(bpmn("documentation"))
        if not text:
            if found is not None:
                _remove(found)
            return
        if found is None:
            found = etree.Element(bpmn("documentation"))
            _insert(element, 0, found)
        for inner in list(found):
            found.remove(inner)
        found.text = text

    def write(self) -> bytes:
        """The file, in the encoding and with the line ends it came with."""
        tree = self.xml.root.getroottree()
        encoding = tree.docinfo.encoding or "UTF-8"
        root = tree.getroot()
        # A parser keeps comments around the root, not the line ends between them.
        before, behind = list(root.itersiblings(preceding=True))[::-1], list(root.itersiblings())
        parts = [str(etree.tostring(one, encoding="unicode", with_tail=False)) for one in (*before, root, *behind)]
        text = "\n".join([f'<?xml version="1.0" encoding="{encoding}"?>', *parts, ""])
        line_end = "\r\n" if "\r\n" in self.xml.source.decode(encoding, "replace") else "\n"
        return text.replace("\n", line_end).encode(encoding, "xmlcharrefreplace")

    def _require(self, element: etree._Element, condition: bool, message: str, known: str = "") -> None:
        if not condition:
            what = f"{etree.QName(element).localname} {element.get('id')!r} {message}."
            raise BpmnError("bpmn.edit", what, self.xml.locate(element), f"It has: {known}." if known else "")

    @staticmethod
    def _qualified(element: etree._Element, name: str) -> str:
        prefix = next((prefix for prefix, uri in element.nsmap.items() if uri == BPMN), None)
        return f"{prefix}:{name}" if prefix else name

    def _declare(self) -> None:
        """Declares our namespace at the root, so that it has a prefix people can read."""
        kept = {prefix for one in self.xml.root.iter(etree.Element) for prefix in one.nsmap if prefix}
        etree.cleanup_namespaces(self.xml.root, top_nsmap={"anyshore": ANYSHORE}, keep_ns_prefixes=sorted(kept))


def _insert(around: etree._Element, at: int, new: etree._Element) -> None:
    """Puts an element among its siblings, indented as they are."""
    if len(around):
        new.tail = around.text if at == 0 else around[at - 1].tail
        if at == len(around):
            around[at - 1].tail, new.tail = around.text, around[at - 1].tail
    around.insert(at, new)


def _remove(element: etree._Element) -> None:
    """Takes an element out, with the space behind it."""
    around = element.getparent()
    if around is not None:
        before = element.getprevious()
        if element.getnext() is None and before is not None:
            before.tail = element.tail
        around.remove(element)
