"""Cells that can never match: what they test for is of another kind than the value they are given, or no value at all.

What a cell without ``?`` gives is compared with the input value (DMN 1.5, 10.3.2.10, table 55), and values of different
kinds never equal each other (10.3.2.13). So the type of each test, as far as it can be told, is held against the
type of the column.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from anyshore import feel
from anyshore.base.errors import Diagnostic, FeelError, Severity
from anyshore.base.locations import Location
from anyshore.dmn.constants import CONVERSIONS, constant_of
from anyshore.dmn.elements import Definitions, InputData
from anyshore.dmn.expressions import DecisionTable, LiteralExpression, UnaryTests
from anyshore.dmn.types import Type
from anyshore.feel import nodes
from anyshore.feel.compile_operators import mentions_input
from anyshore.feel.types import (
    ANY,
    ANY_FUNCTION,
    BOOLEAN,
    DATE,
    DATE_AND_TIME,
    DAYS_DURATION,
    MONTHS_DURATION,
    NULL,
    NUMBER,
    STRING,
    TIME,
    ContextType,
    FeelType,
    FunctionType,
    ListType,
    RangeType,
    type_of,
)

Names = Mapping[str, FeelType]
_ORDERED = frozenset((NUMBER, STRING, DATE, TIME, DATE_AND_TIME, DAYS_DURATION, MONTHS_DURATION))
_BARE_DATE = re.compile(r"(?<![\w\"-])\d{4}-\d{1,2}-\d{1,2}(?![\w\"])")


@dataclass(slots=True)
class Cells:
    """What a check of the cells of one table knows.

    Attributes:
        table: the table.
        label: what to call the element it stands in.
        owner: its file.
        names: the types of the names in scope.
        types: the types the model defines.
    """

    table: DecisionTable
    label: str
    owner: Definitions
    names: Names
    types: Mapping[str, FeelType]

    def check(self, input_types: Sequence[Type]) -> Iterator[Diagnostic]:
        """The cells of the input columns that never match, and words that look like texts without quotes."""
        for at, (clause, type_) in enumerate(zip(self.table.inputs, input_types, strict=True)):
            if clause.values is not None:
                yield from self._tests(clause.values, type_.feel, f'input "{clause.label}", values')
            for rule, row in enumerate(self.table.rules, 1):
                yield from self._tests(row.inputs[at], type_.feel, f'rule {rule}, input "{clause.label}"')
        if self.owner.camunda:
            yield from self._words(input_types)

    def _tests(self, tests: UnaryTests, wanted: FeelType, cell: str) -> Iterator[Diagnostic]:
        compiled = tests.compiled
        if not isinstance(compiled, feel.Expression) or not isinstance(compiled.tree, nodes.UnaryTests):
            return
        names = {**self.names, "?": wanted}
        if tests.input_name:
            names[tests.input_name] = wanted
        for test in compiled.tree.tests:
            found = _Test(test, compiled, wanted, names, self.types, self.owner.camunda).never()
            if found is not None:
                message, hint = found
                yield Diagnostic("dmn.cell-type", message, self._place(tests, cell), hint)
                return  # one finding per cell

    def _place(self, tests: UnaryTests | LiteralExpression, cell: str) -> Location:
        where = self.owner.locate(tests.source, self.label)
        return Location(where.file, self.label, where.line, where.column, cell)

    def _words(self, input_types: Sequence[Type]) -> Iterator[Diagnostic]:
        """Cells of texts that are one bare word: the name of a variable that nothing else in the file speaks of."""
        for rule, row in enumerate(self.table.rules, 1):
            for clause, type_, tests in zip(self.table.inputs, input_types, row.inputs, strict=True):
                tree = getattr(tests.compiled, "tree", None)
                if type_.feel in (STRING, ANY) and isinstance(tree, nodes.UnaryTests):
                    for test in tree.tests:
                        yield from self._word(test, tests, f'rule {rule}, input "{clause.label}"')
            for output, literal in zip(self.table.outputs, row.outputs, strict=True):
                if output.type_ref == "string":
                    tree = getattr(literal.compiled, "tree", None)
                    yield from self._word(tree, literal, f'rule {rule}, output "{output.label}"')

    def _word(self, node: object, where: UnaryTests | LiteralExpression, cell: str) -> Iterator[Diagnostic]:
        if not isinstance(node, nodes.Name):
            return
        element = self.owner.by_id.get(f"inputData:{node.name}")
        if isinstance(element, InputData) and element.implied == "cell":
            message = f"This cell reads a variable named {node.name}, which no column reads."
            hint = f'A text stands in double quotes: "{node.name}".'
            severity: Severity = "warning"
            yield Diagnostic("dmn.bare-word", message, self._place(where, cell), hint, severity)


@dataclass(slots=True)
class _Test:
    """One test of a cell."""

    node: nodes.Node
    compiled: feel.Expression
    wanted: FeelType
    names: Names
    types: Mapping[str, FeelType]
    truth_decides: bool

    def never(self) -> tuple[str, str] | None:
        """Why the test never holds and what to write; None where it may."""
        match self.node:
            case nodes.UnaryTest(operator=operator, operand=operand):
                return self._comparison(operator, operand)
            case nodes.Interval(low=low, high=high):
                return self._against(low, "<=") or self._against(high, "<=")
            case nodes.Comparison(operator=operator, left=nodes.Name(name="?"), right=right) if not mentions_input(
                right
            ):
                return self._against(right, operator)
            case node if mentions_input(node):
                return None
        return self._against(self.node, "=")

    def _comparison(self, operator: str, operand: nodes.Node) -> tuple[str, str] | None:
        if isinstance(operand, (nodes.UnaryTest, nodes.Interval)) and operator not in ("=", "!="):
            written = self.compiled.source[self.node.start : self.node.end]
            hint = "Not equal is written != 5 or not(5)." if written.replace(" ", "").startswith("<>") else ""
            message = f"“{operator}” compares with a range, which is below or above nothing; this cell never matches."
            return message, hint or "Compare with one value, as in < 5."
        if operator == "=" and isinstance(operand, nodes.UnaryTest) and not isinstance(self.wanted, RangeType):
            message = "“=” compares with a range, which equals no such value; this cell never matches."
            return message, "At least is written >= 5." if operand.operator == ">" else "Write the test without “=”."
        return self._against(operand, operator)

    def _against(self, node: nodes.Node, operator: str) -> tuple[str, str] | None:
        if isinstance(node, nodes.Name) and node.name in self.compiled.functions_read:
            message = f"This cell speaks of the function {node.name}, which equals no input value; it never matches."
            return message, f'A text stands in double quotes: "{node.name}". A function is called with parentheses.'
        if (reason := self._null(node, operator)) is not None:
            return reason
        known, value = constant_of(node)
        known = known and value is not None and not self.compiled.free_names & CONVERSIONS
        found = type_of(value) if known else feel.infer(node, self.names, types=self.types)
        if isinstance(node, nodes.ListLiteral) and not node.items:
            if self.wanted in (ANY, NULL) or isinstance(self.wanted, ListType):
                return None
            return "This cell is an empty list, which no value is in; it never matches.", "Write - for any value."
        if operator in ("=", "!="):
            fits = _may_equal(found, self.wanted)
        else:
            fits = _may_compare(found, self.wanted)
        if fits or (self.truth_decides and found is BOOLEAN and not isinstance(node, nodes.Literal)):
            return None
        return self._of_another_kind(node, found)

    def _null(self, node: nodes.Node, operator: str) -> tuple[str, str] | None:
        """What to say of a constant that is null, as a date that there is not, or a call with too few arguments."""
        if isinstance(node, nodes.Literal):
            if node.value is None and operator not in ("=", "!="):
                return (
                    f"“{operator}” compares with null, which is null; this cell never matches.",
                    "Compare with a value.",
                )
            return None
        if not isinstance(node, nodes.Call):
            return None
        text = self.compiled.source[node.start : node.end]
        reasons: list[Diagnostic] = []
        try:
            alone = feel.compile(text)
            if alone.free_names or alone.evaluate({}, now=0, diagnostics=reasons) is not None or not reasons:
                return None
        except FeelError:
            return None  # told where it is compiled, or where it is evaluated
        why, hint = reasons[0].message, reasons[0].hint
        if why.startswith("the arguments do not fit"):
            hint = f'A function that looks at the input is given it as ?, as in contains(?, "a"). {hint}'
        return f"{text} is always null: {why}; no value equals it or compares with it.", hint

    def _of_another_kind(self, node: nodes.Node, found: FeelType) -> tuple[str, str]:
        message = f"This cell tests for a {found}, but the input is a {self.wanted}; it never matches."
        text = self.compiled.source[node.start : node.end]
        if found is BOOLEAN and not isinstance(node, nodes.Literal):
            return (
                message,
                f"A condition on the input speaks of it as ?; without ? what it gives must equal a {self.wanted}.",
            )
        if found is NUMBER and self.wanted in (DATE, DATE_AND_TIME) and (date := _BARE_DATE.search(text)):
            return message, f'{text} is a subtraction. A date is written date("{date[0]}").'
        return message, written(self.wanted)


def _may_equal(found: FeelType, wanted: FeelType) -> bool:
    """Whether a value of one type may be a test that one of another passes: equal to it, in it as a list or a range."""
    if ANY in (found, wanted) or NULL in (found, wanted):
        return True
    match found, wanted:
        case ListType(element=element), _:
            return isinstance(wanted, ListType) or _may_equal(element, wanted)
        case RangeType(of=of), _:
            return isinstance(wanted, RangeType) or _may_compare(of, wanted)
        case (FunctionType(), FunctionType()) | (ContextType(), ContextType()):
            return True
    return found == wanted or ANY_FUNCTION in (found, wanted)


def _may_compare(found: FeelType, wanted: FeelType) -> bool:
    """Whether a value of one type may be below or above one of another."""
    if ANY in (found, wanted) or NULL in (found, wanted):
        return True
    return found == wanted and found in _ORDERED


def written(type_: FeelType) -> str:
    """How a constant of a type is written, as a hint."""
    example = _EXAMPLES.get(type_)
    return f"Write it like {example}." if example else "Mend it or the type of the column."


_EXAMPLES: dict[FeelType, str] = {
    NUMBER: "12.50, without quotes", STRING: '"EU", in double quotes', BOOLEAN: "true or false, without quotes",
    DATE: 'date("2026-07-01")', DAYS_DURATION: 'duration("P14D")', MONTHS_DURATION: 'duration("P1Y")',
    TIME: 'time("08:30:00")', DATE_AND_TIME: 'date and time("2026-07-01T08:30:00")',
}  # fmt: skip
