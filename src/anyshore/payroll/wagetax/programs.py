"""A flow chart as one Python function: methods set in where they are called, branches that are decided left out.

What is known when it is translated (constants, inputs nobody gives) is computed then, and what no wanted output needs
is left out. A function with steps keeps every assignment and calls ``step`` after it, to show a computation line by
line.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from anyshore.base.errors import Diagnostic
from anyshore.base.locations import Location
from anyshore.payroll.wagetax import scaled
from anyshore.payroll.wagetax.reading import Chart, Eval, Execute, If, Statement, Variable, WageTaxError
from anyshore.payroll.wagetax.scaled import Value
from anyshore.payroll.wagetax.syntax import SyntaxProblem
from anyshore.payroll.wagetax.translating import Branch, Item, Line, Translator

MAX_LINES = 60_000
MAX_DEPTH = 40
"""Lines a translation may have, and methods called inside each other; published flow charts need 2,500 and 8."""
_SORTS: Mapping[str, scaled.Sort] = {"BigDecimal": "decimal", "double": "decimal", "int": "integer"}
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Program:
    """A translation.

    Attributes:
        source: a Python module with one function ``run``; its parameters are the given inputs, in their order.
        outputs: by name of an output its scale, in the order ``run`` gives them.
        tables: values of the arrays the source names.
        steps: the assignments ``step`` is called for, by the number it is given.
    """

    source: str
    outputs: dict[str, int]
    tables: dict[str, tuple[int, ...]]
    steps: tuple[Eval, ...] = ()


def translate(
    chart: Chart,
    given: Mapping[str, int],
    outputs: Sequence[str],
    *,
    columns: bool = False,
    steps: bool = False,
    fixed: Mapping[str, int] | None = None,
    bounds: Mapping[str, int] | None = None,
) -> Program:
    """Translates a flow chart.

    Args:
        chart: what was read.
        given: by name of an input that is given when it runs, its decimal places.
        outputs: names of the outputs that are wanted.
        columns: whether ``run`` takes columns of 64-bit integers.
        steps: whether ``run`` takes ``step`` too and calls it after every assignment.
        fixed: inputs whose scaled value is known now, for those in ``given``.
        bounds: by input, what its scaled amount stays below; for columns.

    Raises:
        WageTaxError: with every place of the chart that cannot be translated.
    """
    walk = _Walk(chart, columns, steps)
    walk.begin(given, fixed or {}, bounds or {})
    walk.method("MAIN", 0)
    if walk.problems:
        raise WageTaxError.of(walk.problems)
    found = [walk.translator.state[name] for name in outputs]
    items = walk.translator.items
    if not steps:
        live = {name for value in found for name in _NAME.findall(value.code)}
        items = _needed(items, live)
    parameters = [name for name in given if name not in (fixed or {})]
    head = f"def run({', '.join([*parameters, *(['step'] if steps else [])])}):"
    body = "\n".join([head, *_written(items, 1), f"    return ({''.join(value.code + ', ' for value in found)})"])
    tables = {name: value.known or () for name, value in walk.translator.constants.items() if value.sort == "array"}
    return Program(
        body + "\n", dict(zip(outputs, (value.scale for value in found), strict=True)), tables, tuple(walk.evals)
    )


@dataclass(slots=True)
class _Walk:
    chart: Chart
    columns: bool
    steps: bool
    problems: list[Diagnostic] = field(default_factory=list)
    evals: list[Eval] = field(default_factory=list)
    lines: int = 0
    translator: Translator = field(init=False)
    doubles: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        self.translator = Translator(self.columns, {}, {})
        every = (self.chart.inputs | self.chart.outputs | self.chart.internals).values()
        self.doubles = frozenset(one.name for one in every if one.kind == "double")
        constants: dict[str, Value] = {}
        for name, one in self.chart.constants.items():
            value = self.first(one)
            constants[name] = (
                Value("array", name, value.scale, value.known, value.bound) if value.sort == "array" else value
            )
            self.translator.constants = constants

    def begin(self, given: Mapping[str, int], fixed: Mapping[str, int], bounds: Mapping[str, int]) -> None:
        state = self.translator.state
        for variables in (self.chart.internals, self.chart.outputs, self.chart.inputs):
            for name, one in variables.items():
                state[name] = self.first(one)
        for name, scale in given.items():
            sort = _SORTS[self.chart.inputs[name].kind]
            if name in fixed:
                state[name] = scaled.constant(fixed[name], scale, sort)
            else:
                state[name] = Value(sort, name, scale, None, bounds.get(name))

    def first(self, variable: Variable) -> Value:
        if variable.value is None:
            return scaled.constant(0, 0, _SORTS[variable.kind])
        try:
            value = self.translator.expression(variable.value)
            if variable.kind == "int" and value.scale:  # "1.0" as the default of an int
                value = self.translator.expression(variable.value)
                value = scaled.constant((value.constant or 0) // 10**value.scale, 0, "integer")
        except SyntaxProblem as problem:
            self.problem(0, variable.name, problem)
            return scaled.constant(0, 0, _SORTS.get(variable.kind, "decimal"))
        sort = _SORTS.get(variable.kind, value.sort)
        return Value(sort, value.code, value.scale, value.known, value.bound)

    def problem(self, line: int, text: str, problem: SyntaxProblem) -> None:
        place = Location(self.chart.file, text[:60], line or None)
        found = Diagnostic("wagetax.expression", f"{text!r} cannot be computed: {problem}.", place, "Report the file.")
        if found not in self.problems:
            self.problems.append(found)

    def method(self, name: str, depth: int) -> None:
        if depth > MAX_DEPTH:
            raise WageTaxError("wagetax.depth", f"{name} calls itself.", Location(self.chart.file, name))
        self.block(self.chart.methods[name], depth)

    def block(self, statements: Sequence[Statement], depth: int) -> None:
        for one in statements:
            self.lines += 1
            if self.lines > MAX_LINES:
                message = f"The flow chart unfolds to more than {MAX_LINES:,} lines."
                raise WageTaxError("wagetax.size", message, Location(self.chart.file))
            if isinstance(one, Execute):
                self.method(one.method, depth + 1)
            elif isinstance(one, Eval):
                self.assign(one)
            else:
                self.branch(one, depth)

    def assign(self, one: Eval) -> None:
        translator = self.translator
        before = translator.state.get(one.name)
        try:
            if before is None:
                raise SyntaxProblem(f"there is no variable {one.name}")
            value = translator.expression(one.value)
            if one.name in self.doubles and value.sort == "integer":
                value = Value("decimal", value.code, 0, value.known, value.bound)
            if value.sort != before.sort:
                raise SyntaxProblem(f"{one.name} is of another type")
        except SyntaxProblem as problem:
            self.problem(one.line, one.text, problem)
            return
        translator.state[one.name] = translator.named(value, one.name)
        if self.steps:
            now = translator.state[one.name]
            code = f"step({len(self.evals)}, {now.code}, {now.scale})"
            self.evals.append(one)
            translator.items.append(Line("", code, keep=True))

    def branch(self, one: If, depth: int) -> None:
        translator = self.translator
        try:
            condition = translator.expression(one.condition)
            if condition.sort != "boolean":
                raise SyntaxProblem("it is no condition")
        except SyntaxProblem as problem:
            self.problem(one.line, one.text, problem)
            return
        if condition.constant is not None:
            self.block(one.then if condition.constant else one.otherwise, depth)
            return
        condition = translator.named(condition, "c")
        before, items, mask = translator.state, translator.items, translator.mask
        then = self.side(one.then, depth, before, condition.code)
        otherwise = self.side(one.otherwise, depth, before, f"~{condition.code}")
        translator.items, translator.mask, translator.state = items, mask, before
        self.join(condition.code, before, then, otherwise)

    def side(
        self, statements: Sequence[Statement], depth: int, before: Mapping[str, Value], condition: str
    ) -> tuple[dict[str, Value], list[Item]]:
        """One side of a branch: what holds after it, and its lines."""
        translator = self.translator
        outer = translator.mask
        translator.items, translator.state = [], dict(before)
        if self.columns:
            translator.mask = translator.fresh("m")
            translator.items.append(Line(translator.mask, f"{outer} & {condition}" if outer else condition))
        self.block(statements, depth)
        found = translator.state, translator.items
        translator.mask = outer
        return found

    def join(
        self,
        condition: str,
        before: dict[str, Value],
        then: tuple[dict[str, Value], list[Item]],
        otherwise: tuple[dict[str, Value], list[Item]],
    ) -> None:
        translator = self.translator
        lines = translator.items
        joined: list[tuple[str, str, str]] = []
        for name in before:
            left, right = then[0][name], otherwise[0][name]
            if left == right:
                before[name] = left
                continue
            scale = max(left.scale, right.scale)
            translator.items = then[1]
            left = translator.rescaled(left, scale)
            translator.items = otherwise[1]
            right = translator.rescaled(right, scale)
            before[name] = self.either(left, right, name)
            if left.code != right.code:
                joined.append((before[name].code, left.code, right.code))
        if self.columns:
            lines += [*then[1], *otherwise[1]]
            lines += [Line(fresh, f"where({condition}, {left}, {right})") for fresh, left, right in joined]
        else:
            left_side = [*then[1], *(Line(fresh, left) for fresh, left, _right in joined)]
            right_side = [*otherwise[1], *(Line(fresh, right) for fresh, _left, right in joined)]
            lines.append(Branch(condition, left_side, right_side))
        translator.items = lines

    def either(self, left: Value, right: Value, stem: str) -> Value:
        """What is known of a value that is one of two."""
        known = None
        if left.known is not None and right.known is not None:
            both = sorted({*left.known, *right.known})
            known = tuple(both) if len(both) <= scaled.MAX_KNOWN else None
        code = left.code if left.code == right.code else self.translator.fresh(stem)
        return Value(left.sort, code, left.scale, known, scaled.grown(max, left, right))


def _needed(items: Sequence[Item], live: set[str]) -> list[Item]:
    """The lines whose names somebody reads, in their order; ``live`` grows by what they read."""
    found: list[Item] = []
    for item in reversed(items):
        if isinstance(item, Line):
            if item.keep or item.name in live:
                live.update(_NAME.findall(item.code))
                found.append(item)
        else:
            then, otherwise = _needed(item.then, live), _needed(item.otherwise, live)
            if then or otherwise:
                live.update(_NAME.findall(item.condition))
                found.append(Branch(item.condition, then, otherwise))
    return found[::-1]


def _written(items: Sequence[Item], level: int) -> list[str]:
    """The lines as Python."""
    indent = "    " * level
    found: list[str] = []
    for item in items:
        if isinstance(item, Line):
            found.append(f"{indent}{item.name} = {item.code}" if item.name else f"{indent}{item.code}")
            continue
        condition, then, otherwise = item.condition, item.then, item.otherwise
        if not then:
            condition, then, otherwise = f"not {condition}", otherwise, []
        found += [f"{indent}if {condition}:", *_written(then, level + 1)]
        if otherwise:
            found += [f"{indent}else:", *_written(otherwise, level + 1)]
    return found
