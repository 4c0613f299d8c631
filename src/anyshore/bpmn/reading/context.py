"""What every reader of an element needs: references, flags, expressions, and a place for problems."""

from __future__ import annotations

from typing import Any

from lxml import etree

from anyshore.base.errors import DefinitionError
from anyshore.base.locations import Location
from anyshore.base.xml import Problems, XmlDocument
from anyshore.bpmn import expressions
from anyshore.bpmn.namespaces import BPMN, FEEL_LANGUAGES, bpmn, own
from anyshore.feel import Expression

_TRUTH = {"true": True, "1": True, "false": False, "0": False}


class Reading:
    """The reading of one file.

    Attributes:
        document: the file.
        problems: what is wrong with it.
        ids: every BPMN element by its id.
        variables: name of the variable behind a data element, by the id of the data element.
        names: names of variables that are no simple FEEL names.
        calls: what call activities call.
        decisions: what business rule tasks decide.
        activities: what service tasks ask for.
        forms: form keys of user tasks.
        unlabelled: whether there is an expression that does not say in which language it is.
    """

    def __init__(self, document: XmlDocument) -> None:
        self.document = document
        self.problems = Problems(document)
        self.ids: dict[str, etree._Element] = {}
        self.variables: dict[str, str] = {}
        self.names: tuple[str, ...] = ()
        self.calls: list[str] = []
        self.decisions: list[str] = []
        self.activities: list[str] = []
        self.forms: list[str] = []
        self.unlabelled = False
        for element in document.root.iter(f"{{{BPMN}}}*"):
            self._index(element)

    def _index(self, element: etree._Element) -> None:
        name = element.get("id")
        if name is None:
            return
        if name in self.ids:
            first = self.document.locate(self.ids[name])
            self.problems.add(
                element, "bpmn.duplicate-id", f"The id {name!r} is used already in line {first.line}.",
                "Give every element an id of its own.",
            )  # fmt: skip
        else:
            self.ids[name] = element

    @staticmethod
    def tag(xml: etree._Element) -> str:
        """The local tag."""
        return etree.QName(xml).localname

    @staticmethod
    def child(xml: etree._Element, name: str) -> etree._Element | None:
        """The first child of that BPMN tag."""
        return xml.find(bpmn(name))

    @staticmethod
    def children(xml: etree._Element, name: str) -> list[etree._Element]:
        """All children of that BPMN tag."""
        return xml.findall(bpmn(name))

    @staticmethod
    def text(xml: etree._Element | None) -> str:
        """The text of an element without the space around it; empty where there is no element."""
        return "" if xml is None else "".join(str(part) for part in xml.itertext()).strip()

    @staticmethod
    def own(xml: etree._Element, name: str) -> str | None:
        """One of our own attributes; None where it is absent or empty."""
        return xml.get(own(name)) or None

    def location(self, xml: etree._Element) -> Location:
        """Where an element stands."""
        return self.document.locate(xml)

    def flag(self, xml: etree._Element, name: str, default: bool) -> bool:
        """A boolean attribute."""
        written = xml.get(name)
        if written is None:
            return default
        found = _TRUTH.get(written.strip())
        if found is None:
            self.problems.add(
                xml, "bpmn.bad-flag", f'{name}="{written}" is neither true nor false.', "Write true or false."
            )
            return default
        return found

    def number(
        self, xml: etree._Element, name: str, default: int | None, least: int, most: int | None = None
    ) -> int | None:
        """A whole number attribute."""
        written = xml.get(name)
        if written is None:
            return default
        try:
            found = int(written)
        except ValueError:
            found = least - 1
        if found < least or (most is not None and found > most):
            limits = f"from {least}" + (f" to {most:,}" if most is not None else "")
            self.problems.add(
                xml, "bpmn.bad-number", f'{name}="{written}" is no whole number {limits}.', "Correct the number."
            )
            return default
        return found

    def reference(self, xml: etree._Element, name: str, *, required: bool = False) -> str | None:
        """The id in an attribute that refers to another element, without its prefix; checked to exist."""
        return self.resolve(xml, name, xml.get(name), required=required)

    def resolve(self, xml: etree._Element, name: str, written: str | None, *, required: bool = False) -> str | None:
        """The id that a reference means, checked to exist."""
        if not written:
            if required:
                self.problems.add(
                    xml, "bpmn.missing-reference", f"{self.tag(xml)} needs {name}.", "Name an element by its id."
                )
            return None
        found = written.strip()
        if found not in self.ids:
            found = found.rsplit(":", 1)[-1]
        if found not in self.ids:
            self.problems.add(
                xml, "bpmn.unknown-reference", f"{name} refers to {written!r}, which is not in the file.",
                "Correct the reference or add the element.",
            )  # fmt: skip
            return None
        return found

    def common(self, xml: etree._Element, container: str) -> dict[str, Any]:
        """What every element has."""
        return {
            "id": xml.get("id", ""),
            "name": (xml.get("name") or "").strip(),
            "kind": self.tag(xml),
            "location": self.location(xml),
            "container": container,
        }

    def expression(self, xml: etree._Element, text: str) -> Expression | None:
        """A compiled expression; None, with a problem, where it is none."""
        if not text:
            self.problems.add(xml, "bpmn.empty-expression", f"{self.tag(xml)} holds no expression.", "Write one.")
            return None
        return self._compiled(xml, text, self.names)

    def variable(self, xml: etree._Element, name: str) -> Expression | None:
        """The variable of a name, which may hold what elsewhere is an operator; None, with a problem, for a keyword."""
        return self._compiled(xml, name, (*self.names, name))

    def _compiled(self, xml: etree._Element, text: str, names: tuple[str, ...]) -> Expression | None:
        try:
            return expressions.compile_text(text, names, self.location(xml))
        except DefinitionError as problem:
            for one in problem.diagnostics:
                self.problems.add(xml, one.code, f"{one.message} In: {text}", one.hint)
            return None

    def expression_child(self, xml: etree._Element, name: str) -> Expression | None:
        """The expression in a child element; None where there is no such child."""
        found = self.child(xml, name)
        return None if found is None else self.formal(found)

    def formal(self, xml: etree._Element) -> Expression | None:
        """A ``tFormalExpression`` (or one that leaves its type away)."""
        self.language(xml, xml.get("language"))
        self.unlabelled = self.unlabelled or not xml.get("language")
        return self.expression(xml, self.text(xml))

    def language(self, xml: etree._Element, language: str | None) -> None:
        """Refuses every expression language but FEEL."""
        if language and language.strip().lower() not in FEEL_LANGUAGES and language not in FEEL_LANGUAGES:
            self.problems.add(
                xml, "bpmn.language", f"The expression language {language!r} is not executed.",
                "Write the expression in FEEL.",
            )  # fmt: skip
