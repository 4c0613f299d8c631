"""The copy of a file that is being translated, with what every dialect needs to change it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from anyshore import feel
from anyshore.base.errors import BpmnError
from anyshore.base.xml import Problems, XmlDocument, parse
from anyshore.bpmn.namespaces import BPMN, bpmn, own
from anyshore.feel import juel

_CRON = re.compile(r"@\w+|\S+(\s+\S+){5,6}")


def copied(document: XmlDocument) -> XmlDocument:
    """A copy of a file, whose elements are located where they stand in the file, however they are moved."""
    copy = parse(document.source, document.file, error=BpmnError)
    copy.locate(copy.root)  # remembers all places before anything moves
    return copy


class Work:
    """One translation.

    Attributes:
        document: a copy of the file, to be changed.
        problems: what could not be translated.
        namespaces: those of the dialect.
        vendor: what to call the dialect.
    """

    def __init__(self, document: XmlDocument, namespaces: frozenset[str], vendor: str) -> None:
        self.document = document
        self.problems = Problems(self.document)
        self.namespaces = namespaces
        self.vendor = vendor

    def elements(self, *names: str) -> Iterator[etree._Element]:
        """All elements of those BPMN tags in executable processes, and outside processes; every one without names."""
        wanted = [bpmn(name) for name in names] or [f"{{{BPMN}}}*"]
        for element in list(self.document.root.iter(*wanted)):
            process = next(element.iterancestors(bpmn("process")), None)
            if process is None or process.get("isExecutable") in ("true", "1"):
                yield element

    def is_ours(self, name: object) -> bool:
        """Whether an element or attribute name is of the dialect."""
        return etree.QName(str(name)).namespace in self.namespaces

    def attributes(self, element: etree._Element) -> dict[str, str]:
        """The attributes of the dialect by local name."""
        return {
            etree.QName(str(name)).localname: str(value) for name, value in element.attrib.items() if self.is_ours(name)
        }

    def drop_attributes(self, element: etree._Element) -> None:
        """Removes the attributes of the dialect."""
        for name in [str(name) for name in element.attrib if self.is_ours(name)]:
            del element.attrib[name]

    def extensions(self, element: etree._Element, name: str = "") -> list[etree._Element]:
        """The extension elements of the dialect on an element: those of a name, or all."""
        holder = element.find(bpmn("extensionElements"))
        if holder is None:
            return []
        return [
            one
            for one in holder.iterchildren(etree.Element)
            if self.is_ours(one.tag) and (not name or etree.QName(one).localname == name)
        ]

    def extension(self, element: etree._Element, name: str) -> etree._Element | None:
        """The first extension element of a name."""
        return next(iter(self.extensions(element, name)), None)

    def children(self, element: etree._Element | None, name: str) -> list[etree._Element]:
        """The children of the dialect of a name."""
        inside = [] if element is None else element.iterchildren(etree.Element)
        return [one for one in inside if self.is_ours(one.tag) and etree.QName(one).localname == name]

    def drop_extensions(self, element: etree._Element) -> None:
        """Removes the extension elements of the dialect."""
        for one in self.extensions(element):
            drop(one)

    def refuse(self, element: etree._Element, what: str, why: str = "", hint: str = "") -> None:
        """Says that something changes what the model does and has no counterpart."""
        message = f"{what} of {self.vendor} is not translated{': ' + why if why else ''}."
        self.problems.add(element, "bpmn.not-translated", message, hint or "Model it in plain BPMN, or remove it.")

    def note(self, element: etree._Element, what: str, why: str) -> None:
        """Says that something is left out and what that changes."""
        self.problems.warn(
            element,
            "bpmn.left-out",
            f"{what} of {self.vendor} is left out: {why}.",
            "Remove it here, if that is what is meant.",
        )

    def all_inputs(self, task: etree._Element) -> None:
        """Lets a person see all variables in work for which the model names no inputs."""
        if next(task.iter(own("input")), None) is None and task.get(own("inputs")) is None:
            task.set(own("inputs"), "all")

    def no_inputs(self, task: etree._Element) -> None:
        """Says of a job for which the model names no inputs that it does not see all variables here."""
        if next(task.iter(own("input")), None) is None:
            self.note(task, "the view of all variables", "an activity gets what input mappings name; add them")

    def mapping(self, element: etree._Element, kind: str, name: str, expression: str) -> None:
        """Adds one of our input or output mappings, after those that stand there."""
        holder = element.find(bpmn("extensionElements"))
        if holder is None:
            holder = etree.Element(bpmn("extensionElements"))
            element.insert(1 if len(element) and element[0].tag == bpmn("documentation") else 0, holder)
        etree.SubElement(holder, own(kind), name=name, expression=expression)

    def mappings(self, element: etree._Element, kind: str, pairs: list[tuple[str, str]]) -> None:
        """Adds mappings; targets such as ``order.id`` become one context per first name."""
        for name, value in grouped(pairs):
            self.mapping(element, kind, name, value)

    def cron(self, element: etree._Element) -> bool:
        """Refuses a cycle in the notation of cron; whether it is one."""
        written = text_of(element) if element.tag == bpmn("timeCycle") else ""
        if not _CRON.fullmatch(written):
            return False
        self.refuse(element, f"the cron expression {written!r}", "", "Write a cycle such as R/PT24H.")
        element.text = "R/PT24H"
        return True

    def variable(self, element: etree._Element, name: str, what: str) -> str | None:
        """A variable, or an entry of one (``order.id``), as FEEL; None, with a problem, where FEEL cannot name it."""
        first, *path = name.split(".")
        if not feel.is_name(first):
            self.refuse(element, f"{what} {name!r}", "FEEL cannot read a variable of that name", "Rename the variable.")
            return None
        found = first
        for step in path:
            found = feel.member(found, step)
        return found

    def juel(self, element: etree._Element, text: str, what: str) -> str | None:
        """A text with ``${…}`` as FEEL; None, with a problem, where that cannot be."""
        try:
            return juel.to_feel(text.strip())
        except juel.NotTranslatable as reason:
            self.refuse(element, f"{what} {text.strip()!r}", str(reason), "Write the expression in FEEL.")
            return None


def drop(element: etree._Element) -> None:
    """Takes an element out of its parent, and leaves the text behind it."""
    around = element.getparent()
    if around is not None:
        around.remove(element)


def retag(element: etree._Element, name: str, *without: str) -> None:
    """Makes an element one of another tag, without the attributes that only the old one has."""
    element.tag = bpmn(name)
    for attribute in without:
        discard(element, attribute)


def discard(element: etree._Element, attribute: str) -> None:
    """Removes an attribute, if it is there."""
    if attribute in element.attrib:
        del element.attrib[attribute]


def text_of(element: etree._Element) -> str:
    """The text in an element."""
    return "".join(str(part) for part in element.itertext()).strip()


def grouped(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Names and expressions with ``a.b`` and ``a.c`` put together as the context ``a``."""
    tree: dict[str, object] = {}
    for name, value in pairs:
        at = tree
        *path, last = name.split(".")
        for step in path:
            inner = at.setdefault(step, {})
            if not isinstance(inner, dict):
                inner = at[step] = {}
            at = inner
        at[last] = value
    return [(name, _context(value)) for name, value in tree.items()]


def _context(value: object) -> str:
    if not isinstance(value, dict):
        return str(value)
    entries = ", ".join(f"{feel.key(name)}: {_context(inner)}" for name, inner in value.items())
    return f"{{{entries}}}"
