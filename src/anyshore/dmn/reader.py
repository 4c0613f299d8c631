"""One DMN file as :class:`Definitions`: DMN 1.1 to 1.6, every structural problem reported at once."""

from __future__ import annotations

from lxml import etree

from anyshore.base.errors import DmnError
from anyshore.base.xml import Problems, XmlDocument
from anyshore.dmn import dialect
from anyshore.dmn.elements import (
    BusinessKnowledgeModel,
    Decision,
    DecisionService,
    Definitions,
    DrgElement,
    FunctionItem,
    Import,
    InputData,
    ItemDefinition,
    KnowledgeSource,
)
from anyshore.dmn.expression_reader import ExpressionReader
from anyshore.dmn.expressions import FunctionDefinition
from anyshore.dmn.hints import all_hinted
from anyshore.dmn.namespaces import MODEL, version_of

Element = etree._Element


def read_definitions(document: XmlDocument) -> Definitions:
    """The definitions of a parsed document.

    Raises:
        DmnError: it is no DMN file, or its structure is broken; with every problem found.
    """
    tag = etree.QName(document.root)
    version = version_of(tag.namespace)
    if tag.localname != "definitions" or version is None:
        raise DmnError(
            "dmn.namespace",
            f"The document element is {{{tag.namespace}}}{tag.localname}, not the definitions of a DMN version known.",
            document.locate(document.root),
            f"Known are DMN {', '.join(MODEL)}; export the model again as DMN 1.3 or later.",
        )
    reader = _DefinitionsReader(document, f"{{{tag.namespace}}}", version)
    definitions = reader.read()
    if reader.problems.errors:
        raise DmnError.of(all_hinted(reader.problems.found))
    return definitions


class _DefinitionsReader(ExpressionReader):
    """Reads the graph; the boxed expressions are read by its base class."""

    def __init__(self, document: XmlDocument, namespace: str, version: str) -> None:
        root = document.root
        super().__init__(namespace, Problems(document), root.get("expressionLanguage"))
        self.definitions = Definitions(
            root.get("id") or "", root.get("name") or "", root.get("namespace") or "", version, document
        )

    def read(self) -> Definitions:
        for node in self.definitions.document.root.iterchildren(etree.Element):
            match self.local(node):
                case "import":
                    self.definitions.imports.append(self._import(node))
                case "itemDefinition":
                    item = self._item(node)
                    if item.name in self.definitions.items:
                        self.problems.add(node, "dmn.duplicate-type", f"The type {item.name} is defined twice.")
                    self.definitions.items[item.name] = item
                case "inputData":
                    self._add(self._input_data(node))
                case "decision":
                    self._add(self._decision(node))
                case "businessKnowledgeModel":
                    self._add(self._knowledge_model(node))
                case "decisionService":
                    self._add(self._service(node))
                case "knowledgeSource":
                    self._add(
                        KnowledgeSource(
                            self._id(node), self.name(node), node.get("locationURI"), node, self.definitions
                        )
                    )
        self._bind_prefixes()
        if dialect.is_camunda(self.definitions.document.root):
            self.definitions.camunda = True
            dialect.complete(self.definitions, self.typed)
        return self.definitions

    def _bind_prefixes(self) -> None:
        """In DMN 1.1 a ``typeRef`` is a QName: its prefix stands for FEEL, this file or an import."""
        if self.definitions.version != "1.1":
            return
        root = self.definitions.document.root
        imports = {entry.namespace: entry.name for entry in self.definitions.imports}
        names = {prefix: imports.get(uri, "") for prefix, uri in root.nsmap.items() if prefix}
        for item in self.definitions.items.values():
            _rename_types(item, names)
        for info in self.typed:
            info.type_ref = _without_prefix(info.type_ref, names)

    def _add(self, element: DrgElement) -> None:
        definitions = self.definitions
        if element.id in definitions.by_id:
            self.problems.add(element.source, "dmn.duplicate-id", f"The id {element.id} is used twice.")
        if element.name in definitions.by_name and not isinstance(element, KnowledgeSource):
            before = definitions.by_name[element.name]
            if not isinstance(before, KnowledgeSource):
                self.problems.warn(
                    element.source, "dmn.duplicate-name", f"The name {element.name} is used twice in this file."
                )
        definitions.by_id[element.id] = element
        if not isinstance(element, KnowledgeSource) or element.name not in definitions.by_name:
            definitions.by_name[element.name] = element

    def _id(self, node: Element) -> str:
        """The id; a name stands in where a file leaves the optional id out, so nothing else may refer to it."""
        return node.get("id") or f"{self.local(node)}:{node.get('name')}"

    def _hrefs(self, node: Element, outer: str | None, *inner: str) -> tuple[str, ...]:
        found = []
        for child in node.iterchildren(*(self.tag(outer),) if outer else tuple(map(self.tag, inner))):
            targets = child.iterchildren(*map(self.tag, inner)) if outer else (child,)
            for target in targets:
                href = target.get("href")
                if href:
                    found.append(href)
                else:
                    self.problems.add(target, "dmn.reference", f"A {self.local(target)} has no href.")
        return tuple(found)

    def _import(self, node: Element) -> Import:
        return Import(
            node.get("name") or "",
            node.get("namespace") or "",
            node.get("locationURI"),
            node.get("importType") or "",
            node,
        )

    def _item(self, node: Element) -> ItemDefinition:
        function = node.find(self.tag("functionItem"))
        return ItemDefinition(
            self.name(node),
            (node.findtext(self.tag("typeRef")) or "").strip() or None,
            node.get("isCollection") in ("true", "1"),
            self.unary_tests(node.find(self.tag("allowedValues"))),
            self.unary_tests(node.find(self.tag("typeConstraint"))),
            tuple(self._item(child) for child in node.iterchildren(self.tag("itemComponent"))),
            None
            if function is None
            else FunctionItem(
                tuple(self.information_item(p) for p in function.iterchildren(self.tag("parameters"))),
                function.get("outputTypeRef"),
            ),
            node,
        )

    def _input_data(self, node: Element) -> InputData:
        return InputData(self._id(node), self.name(node), self.variable(node), node, self.definitions)

    def _decision(self, node: Element) -> Decision:
        return Decision(
            self._id(node),
            self.name(node),
            self.variable(node),
            self.expression_in(node),
            self._hrefs(node, "informationRequirement", "requiredInput"),
            self._hrefs(node, "informationRequirement", "requiredDecision"),
            self._hrefs(node, "knowledgeRequirement", "requiredKnowledge"),
            self._hrefs(node, "authorityRequirement", "requiredAuthority", "requiredDecision", "requiredInput"),
            (node.findtext(self.tag("question")) or "").strip(),
            (node.findtext(self.tag("allowedAnswers")) or "").strip(),
            (node.findtext(self.tag("description")) or "").strip(),
            node,
            self.definitions,
        )

    def _knowledge_model(self, node: Element) -> BusinessKnowledgeModel:
        logic = node.find(self.tag("encapsulatedLogic"))
        function: FunctionDefinition | None = None if logic is None else self.function(logic)
        return BusinessKnowledgeModel(
            self._id(node),
            self.name(node),
            self.variable(node),
            function,
            self._hrefs(node, "knowledgeRequirement", "requiredKnowledge"),
            node,
            self.definitions,
        )

    def _service(self, node: Element) -> DecisionService:
        return DecisionService(
            self._id(node),
            self.name(node),
            self.variable(node),
            self._hrefs(node, None, "outputDecision"),
            self._hrefs(node, None, "encapsulatedDecision"),
            self._hrefs(node, None, "inputDecision"),
            self._hrefs(node, None, "inputData"),
            node,
            self.definitions,
        )


def _rename_types(item: ItemDefinition, names: dict[str, str]) -> None:
    item.type_ref = _without_prefix(item.type_ref, names)
    for component in item.components:
        _rename_types(component, names)


def _without_prefix(type_ref: str | None, names: dict[str, str]) -> str | None:
    prefix, colon, rest = (type_ref or "").partition(":")
    if not colon or prefix not in names:
        return type_ref
    return f"{names[prefix]}.{rest}" if names[prefix] else rest
