"""Boxed expressions from XML: a method per kind and one table of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, cast, get_args

from lxml import etree

from anyshore.base.xml import Problems
from anyshore.dmn.expressions import (
    Aggregation,
    Binding,
    Conditional,
    Context,
    ContextEntry,
    DecisionTable,
    Expression,
    Filter,
    FunctionDefinition,
    FunctionKind,
    HitPolicy,
    InformationItem,
    InputClause,
    Invocation,
    Iterator,
    ListExpression,
    LiteralExpression,
    OutputClause,
    Relation,
    Rule,
    UnaryTests,
)

Element = etree._Element
HIT_POLICIES: tuple[str, ...] = get_args(HitPolicy)
AGGREGATIONS: tuple[str, ...] = get_args(Aggregation)


class ExpressionReader:
    """Reads the boxed expressions of one file.

    Args:
        namespace: the model namespace in braces, as ``lxml`` writes it before a tag.
        problems: where problems go.
        language: the expression language of the file; FEEL if it names none.
    """

    def __init__(self, namespace: str, problems: Problems, language: str | None = None) -> None:
        self.namespace = namespace
        self.problems = problems
        self.language = language
        self.typed: list[InformationItem | LiteralExpression | OutputClause] = []
        self._readers: dict[str, Callable[[Element], Expression]] = {
            namespace + name: reader
            for name, reader in (
                ("literalExpression", self.literal),
                ("context", self.context),
                ("decisionTable", self.table),
                ("invocation", self.invocation),
                ("functionDefinition", self.function),
                ("relation", self.relation),
                ("list", self.list),
                ("conditional", self.conditional),
                ("filter", self.filter),
                ("for", self.iterator),
                ("some", self.iterator),
                ("every", self.iterator),
            )
        }

    def tag(self, name: str) -> str:
        """The full tag of a local name."""
        return self.namespace + name

    def local(self, node: Element) -> str:
        """The local name of an element of the model namespace, else its full tag."""
        return str(node.tag).removeprefix(self.namespace)

    def name(self, node: Element) -> str:
        """The required name attribute, spaces normalised as FEEL reads names (10.3.1.5)."""
        name = " ".join((node.get("name") or "").split())
        if not name:
            self.problems.add(node, "dmn.name", f"This {self.local(node)} has no name.", "Give it a name attribute.")
        return name

    def information_item(self, node: Element) -> InformationItem:
        """A variable, parameter or column."""
        item = InformationItem(self.name(node), node.get("typeRef"), node)
        self.typed.append(item)
        return item

    def variable(self, node: Element) -> InformationItem | None:
        """The variable of an element, where it has one."""
        found = node.find(self.tag("variable"))
        return None if found is None else self.information_item(found)

    def expression(self, node: Element) -> Expression | None:
        """The expression an element is, or nothing where it is none."""
        reader = self._readers.get(node.tag)
        return reader(node) if reader else None

    def expression_in(self, node: Element | None) -> Expression | None:
        """The first expression among the children of an element."""
        if node is None:
            return None
        for child in node.iterchildren(etree.Element):
            found = self.expression(child)
            if found is not None:
                return found
        return None

    def literal(self, node: Element) -> LiteralExpression:
        """A literal expression, also where the schema gives it another tag, such as ``outputEntry``."""
        found = LiteralExpression(
            node.findtext(self.tag("text")) or "",
            node.get("typeRef"),
            node,
            self.language_of(node),
            node.find(self.tag("importedValues")) is not None,
        )
        self.typed.append(found)
        return found

    def language_of(self, node: Element) -> str | None:
        """The expression language of an element, or of the file where it says nothing (6.3.2)."""
        return node.get("expressionLanguage") or self.language

    def unary_tests(self, node: Element | None) -> UnaryTests | None:
        """Unary tests, or nothing where the element or its text is left out."""
        if node is None:
            return None
        text = node.findtext(self.tag("text")) or ""
        return UnaryTests(text, node, self.language_of(node)) if text.strip() else None

    def context(self, node: Element) -> Context:
        """A boxed context."""
        entries = []
        for child in node.iterchildren(self.tag("contextEntry")):
            entries.append(ContextEntry(self.variable(child), self.expression_in(child), child))
        for entry in entries[:-1]:
            if entry.variable is None:
                self.problems.add(entry.source, "dmn.context", "Only the last entry of a context may have no name.")
        return Context(tuple(entries), node.get("typeRef"), node)

    def invocation(self, node: Element) -> Invocation:
        """A boxed invocation."""
        bindings = []
        for child in node.iterchildren(self.tag("binding")):
            parameter = child.find(self.tag("parameter"))
            if parameter is None:
                self.problems.add(child, "dmn.binding", "This binding names no parameter.")
                continue
            value = self.expression_in(child)
            bindings.append(Binding(self.name(parameter), value, child))
        return Invocation(self.expression_in(node), tuple(bindings), node.get("typeRef"), node)

    def function(self, node: Element) -> FunctionDefinition:
        """A boxed function definition or the logic of a business knowledge model."""
        kind = node.get("kind") or "FEEL"
        if kind not in get_args(FunctionKind):
            self.problems.add(node, "dmn.function-kind", f"{kind} is no kind of function.", "FEEL, Java or PMML.")
        parameters = tuple(self.information_item(p) for p in node.iterchildren(self.tag("formalParameter")))
        return FunctionDefinition(
            parameters, self.expression_in(node), cast(FunctionKind, kind), node.get("typeRef"), node
        )

    def relation(self, node: Element) -> Relation:
        """A relation."""
        columns = tuple(self.information_item(c) for c in node.iterchildren(self.tag("column")))
        rows = []
        for child in node.iterchildren(self.tag("row")):
            row = self._expressions(child)
            if len(row) != len(columns):
                self.problems.add(child, "dmn.relation", f"This row has {len(row)} cells for {len(columns)} columns.")
            rows.append(row)
        return Relation(columns, tuple(rows), node.get("typeRef"), node)

    def list(self, node: Element) -> ListExpression:
        """A boxed list."""
        return ListExpression(self._expressions(node), node.get("typeRef"), node)

    def conditional(self, node: Element) -> Conditional:
        """A boxed conditional."""
        condition, then, otherwise = (self._required(node, part) for part in ("if", "then", "else"))
        return Conditional(condition, then, otherwise, node.get("typeRef"), node)

    def filter(self, node: Element) -> Filter:
        """A boxed filter."""
        collection, match = self._required(node, "in"), self._required(node, "match")
        return Filter(collection, match, node.get("typeRef"), node)

    def iterator(self, node: Element) -> Iterator:
        """A boxed for, some or every."""
        kind = cast(Literal["for", "some", "every"], self.local(node))
        variable = " ".join((node.get("iteratorVariable") or "").split())
        if not variable:
            self.problems.add(node, "dmn.iterator", f"This {kind} has no iteratorVariable.")
        source = node.find(self.tag("in"))
        return Iterator(
            kind,
            variable,
            None if source is None else source.get("typeRef"),
            self._required(node, "in"),
            self._required(node, "return" if kind == "for" else "satisfies"),
            node.get("typeRef"),
            node,
        )

    def table(self, node: Element) -> DecisionTable:
        """A decision table."""
        policy = " ".join((node.get("hitPolicy") or "UNIQUE").split())
        if policy not in HIT_POLICIES:
            self.problems.add(node, "dmn.hit-policy", f"{policy} is no hit policy.", ", ".join(HIT_POLICIES))
        aggregation = node.get("aggregation")
        if aggregation is not None and aggregation not in AGGREGATIONS:
            self.problems.add(node, "dmn.aggregation", f"{aggregation} is no aggregation.", ", ".join(AGGREGATIONS))
        inputs = tuple(self._input_clause(child) for child in node.iterchildren(self.tag("input")))
        outputs = tuple(self._output_clause(child) for child in node.iterchildren(self.tag("output")))
        if not outputs:
            self.problems.add(node, "dmn.outputs", "This decision table has no output.")
        for output in outputs if len(outputs) > 1 else ():
            if not output.name:
                self.problems.add(output.source, "dmn.output-name", "Of several outputs each needs a name.")
        rules = tuple(self._rule(child, inputs, outputs) for child in node.iterchildren(self.tag("rule")))
        return DecisionTable(
            inputs,
            outputs,
            rules,
            tuple(child.get("name") or "" for child in node.iterchildren(self.tag("annotation"))),
            cast(HitPolicy, policy),
            cast("Aggregation | None", aggregation),
            node.get("preferredOrientation") or "Rule-as-Row",
            node.get("typeRef"),
            node.get("outputLabel"),
            node,
        )

    def _input_clause(self, node: Element) -> InputClause:
        expression = node.find(self.tag("inputExpression"))
        if expression is None:
            self.problems.add(node, "dmn.input-expression", "This input column has no inputExpression.")
        literal = self.literal(node if expression is None else expression)
        label = node.get("label") or " ".join(literal.text.split())
        return InputClause(literal, self.unary_tests(node.find(self.tag("inputValues"))), label, node)

    def _output_clause(self, node: Element) -> OutputClause:
        default = node.find(self.tag("defaultOutputEntry"))
        name = " ".join((node.get("name") or "").split()) or None
        clause = OutputClause(
            name,
            node.get("typeRef"),
            self.unary_tests(node.find(self.tag("outputValues"))),
            None if default is None else self.literal(default),
            node.get("label") or name or "",
            node,
        )
        self.typed.append(clause)
        return clause

    def _rule(self, node: Element, inputs: tuple[InputClause, ...], outputs: tuple[OutputClause, ...]) -> Rule:
        cells = tuple(
            UnaryTests(c.findtext(self.tag("text")) or "", c, self.language_of(c))
            for c in node.iterchildren(self.tag("inputEntry"))
        )
        results = tuple(self.literal(c) for c in node.iterchildren(self.tag("outputEntry")))
        for found, wanted, what in ((cells, inputs, "input"), (results, outputs, "output")):
            if len(found) != len(wanted):
                self.problems.add(
                    node,
                    "dmn.rule-width",
                    f"This rule has {len(found)} {what} entries for {len(wanted)} {what} columns.",
                    "Write - into an input cell that does not matter.",
                )
        annotations = tuple(
            (c.findtext(self.tag("text")) or "").strip() for c in node.iterchildren(self.tag("annotationEntry"))
        )
        return Rule(cells, results, annotations, node, node.get("id"))

    def _expressions(self, node: Element) -> tuple[Expression, ...]:
        found = (self.expression(child) for child in node.iterchildren(etree.Element))
        return tuple(expression for expression in found if expression is not None)

    def _required(self, node: Element, part: str) -> Expression | None:
        found = self.expression_in(node.find(self.tag(part)))
        if found is None:
            self.problems.add(node, "dmn.incomplete", f"This {self.local(node)} has no expression in its {part}.")
        return found
