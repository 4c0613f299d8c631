"""Writes a stylesheet's rules as Python functions, and reads them in.

A rule that cannot be written raises where its context is met, so that such a document alone is left to the XSLT
processor.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

from anyshore.activities.einvoice.schematron import Assertion
from anyshore.activities.einvoice.xpath.codes import Code, Scope
from anyshore.activities.einvoice.xpath.compiling import clark, compiled, passes
from anyshore.activities.einvoice.xpath.parsing import ANY_NODE, NotUnderstoodError, Tree, parse
from anyshore.activities.einvoice.xpath.stylesheets import (
    Check,
    Function,
    Rule,
    Stylesheet,
    Variable,
    function,
    variable,
)

_KINDS = {
    "xs:string": ("text_needed({0})", "str"), "xs:boolean": ("one_truth({0})", "bool"),
    "xs:decimal": ("one_decimal({0})", "num"), "xs:integer": ("integer({0})", "num"), "": ("{0}", "items"),
    "node()": ("{0}", "nodes"),
}  # fmt: skip


Alternative = tuple[str, str, str]
"""Of a pattern: what it matches (``element`` or ``attribute``), its name or ``*``, and a condition on the node."""

Test = Callable[[Any, Any, Any], bool]
Judge = Callable[[Any, Any, Any, list[Any]], None]


class Writer:
    """Writes the functions of one stylesheet, each when it is first asked for: most invoices meet few of the rules.

    Args:
        sheet: the stylesheet.
        names: what the functions may call, by name.

    Attributes:
        assertions: what the checks written so far say, by number.
        left: why rules were not written.
    """

    def __init__(self, sheet: Stylesheet, names: dict[str, Any]) -> None:
        self._sheet, self._names = sheet, names
        self._globals: dict[str, Code] = {}
        self._functions: dict[str, tuple[str, Function] | None] = {}
        self._count = 0
        self.assertions: list[Assertion] = []
        self.left: list[str] = []

    def judge(self, rule: Rule) -> Judge:
        """The checks of a rule as a function of the node, the document, what is kept of it, and what is found."""
        name = self._new("rule")
        scope = Scope(rule.namespaces, self._variable, self._call)
        try:
            body = list(self._body(rule, scope))
        except NotUnderstoodError as problem:
            self.left.append(f"{rule.match[:80]}: {problem.message}")
            body = ["    raise RuleError('a rule that is not compiled')"]
        judge: Judge = self._define(name, [f"def {name}(n, D, V, found):", *(body or ["    pass"])])
        return judge

    def test(self, condition: str) -> Test:
        """A condition of a pattern as a function of the node, the document, and what is kept of it."""
        name = self._new("test")
        test: Test = self._define(name, [f"def {name}(n, D, V):", f"    return {condition}"])
        return test

    def alternatives(self, rule: Rule) -> Iterator[Alternative]:
        """What the pattern of a rule matches.

        Raises:
            NotUnderstoodError: it is no pattern known here.
        """
        scope = Scope(rule.namespaces, self._variable, self._call)
        for tree in _paths(parse(rule.match)):
            yield _alternative(tree, scope)

    def _new(self, kind: str) -> str:
        self._count += 1
        return f"{kind}{self._count}"

    def _define(self, name: str, lines: list[str]) -> Any:
        exec("\n".join(lines), self._names)  # noqa: S102  # written above; words of the stylesheet stand in it as literals
        return self._names[name]

    def _body(self, rule: Rule, scope: Scope) -> Iterator[str]:
        for position, (below, group) in enumerate(_grouped(rule.body(), scope)):
            first = group[0]
            if isinstance(first, Variable):
                here = replace(scope, namespaces=first.namespaces)
                code = self._typed(compiled(parse(first.select), here), first.type)
                yield f"    v{position} = {code.python}"
                scope = replace(scope, local={**scope.local, first.name: Code(f"v{position}", code.kind)})
            elif below and not scope.local:  # most checks say what must not be there: one look for all below a child
                name = self._new("below")
                self._names[name] = self._later(name, group, rule, scope)
                yield f"    if {below!r} in n.named:"
                yield f"        {name}(n, D, V, found)"
            else:
                for one in group:
                    yield from self._check(one, rule, scope)

    def _later(self, name: str, group: list[Check], rule: Rule, scope: Scope) -> Judge:
        """Checks that are written when they are first called."""

        def first(node: Any, document: Any, kept: Any, found: list[Any]) -> None:
            lines = [line for one in group for line in self._check(one, rule, scope)]
            judge: Judge = self._define(name, [f"def {name}(n, D, V, found):", *lines])
            judge(node, document, kept, found)

        return first

    def _check(self, check: Check, rule: Rule, scope: Scope) -> Iterator[str]:
        test = compiled(parse(check.test), scope).truth()
        said = self._text(check, scope)
        number = len(self.assertions)
        self.assertions.append(check.said)
        yield f"    if {f'not {test}' if check.negated else test}:"
        yield f"        found.append(({rule.pattern}, n, {number}, {said}))"

    def _text(self, check: Check, scope: Scope) -> str:
        if check.text is None:
            return "None"
        parts = [
            repr(piece) if isinstance(piece, str)
            else f"joined({compiled(parse(piece.select), replace(scope, namespaces=piece.namespaces)).items()})"
            for piece in check.text
        ]  # fmt: skip
        return " + ".join(part for part in parts if part != "''") or "''"

    @staticmethod
    def _typed(code: Code, said: str) -> Code:
        if not said:
            return code
        if said not in _KINDS:
            raise NotUnderstoodError(f"the type {said} is not known")
        form, kind = _KINDS[said]
        return Code(form.format(code.items()), kind)

    def _variable(self, name: str) -> Code:
        """The code of a variable of the whole stylesheet, worked out once a document, where it is asked for."""
        if name not in self._globals:
            if name not in self._sheet.variables:
                raise NotUnderstoodError(f"the variable {name} is not known")
            one = variable(self._sheet.variables[name])
            scope = Scope(one.namespaces, self._variable, self._call, context="D")
            code = self._typed(compiled(parse(one.select), scope), one.type)
            called = self._new("whole")
            self._define(called, [f"def {called}(D, V):", f"    return {code.python}"])
            self._globals[name] = Code(f"once({called}, D, V)", code.kind)
        return self._globals[name]

    def _call(self, name: str, arguments: list[Code]) -> Code:
        if name not in self._functions:
            if name not in self._sheet.functions:
                raise NotUnderstoodError(f"the function {name}() is not known")
            one = function(self._sheet.functions[name])
            self._functions[name] = self._new("call"), one  # it may call itself
            try:
                self._function(one, self._functions[name][0])  # type: ignore[index]  # set above
            except NotUnderstoodError:
                self._functions[name] = None
        known = self._functions[name]
        if known is None or len(known[1].parameters) != len(arguments):
            raise NotUnderstoodError(f"the function {name}() is not compiled")
        called, one = known
        given = [
            self._typed(code, kind).python if kind else code.items()
            for code, (_, kind) in zip(arguments, one.parameters, strict=True)
        ]
        return Code(f"{called}({', '.join([*given, 'D', 'V'])})", _KINDS[one.result.type][1])

    def _function(self, one: Function, name: str) -> None:
        if one.result.type not in _KINDS or any(kind not in _KINDS for _, kind in one.parameters):
            raise NotUnderstoodError("a function of other types")
        local = {said: Code(f"p{n}", _KINDS[kind][1]) for n, (said, kind) in enumerate(one.parameters)}
        scope = Scope(one.result.namespaces, self._variable, self._call, context="", local=local)
        lines = [f"def {name}({', '.join([*(f'p{n}' for n in range(len(one.parameters))), 'D', 'V'])}):"]
        for number, inner in enumerate(one.variables):
            code = self._typed(compiled(parse(inner.select), scope), inner.type)
            lines.append(f"    v{number} = {code.python}")
            scope = replace(scope, local={**scope.local, inner.name: Code(f"v{number}", code.kind)})
        code = self._typed(compiled(parse(one.result.select), scope), one.result.type)
        self._define(name, [*lines, f"    return {code.python if one.result.type else code.items()}"])


_ABSENT = re.compile(r"not\(\s*not\(\s*(?P<child>[\w-]+:[\w-]+)(?:/[\w-]+:[\w-]+)*(?:/@[\w-]+)?\s*\)\s*\)")
"""A check that something below a child of the context is absent."""


def _grouped(body: Iterable[Variable | Check], scope: Scope) -> Iterator[tuple[str, list[Any]]]:
    """Variables and checks one by one; checks that find nothing without one child of the context together, by it."""
    below, group = "", list[Any]()
    for one in body:
        match = _ABSENT.fullmatch(one.test) if isinstance(one, Check) and not one.negated and not one.text else None
        child = clark(match["child"], scope) if match is not None else ""
        if group and (child != below or not child):
            yield below, group
            group = []
        below = child
        group.append(one)
    if group:
        yield below, group


def _paths(tree: Tree) -> Iterator[Tree]:
    """The single paths of a pattern, in which unions may stand anywhere."""
    match tree:
        case ("binary", "|", left, right):
            yield from _paths(left)
            yield from _paths(right)
        case ("filter", primary, predicates):
            for path in _paths(primary):
                *steps, last = path[2]
                yield ("path", path[1], [*steps, (*last[:3], [*last[3], *predicates])])
        case ("path", start, steps) if start is None or start == "root":
            yield tree
        case ("path", start, steps):
            for path in _paths(start):
                yield ("path", path[1], [*path[2], *steps])
        case _:
            raise NotUnderstoodError("a pattern that is no path")


def _alternative(tree: Tree, scope: Scope) -> Alternative:
    start, steps = tree[1], list(tree[2])
    if not steps or any(step[0] != "step" for step in steps):
        raise NotUnderstoodError("a pattern from elsewhere")
    last = steps[-1]
    if last[1] not in ("child", "attribute"):
        raise NotUnderstoodError("a pattern by another axis")
    kind, tag = "element" if last[1] == "child" else "attribute", last[2]
    if tag.endswith("()") or (kind == "attribute" and "*" in tag and tag != "*"):
        raise NotUnderstoodError(f"a pattern of {tag}")
    conditions = [passes("n", tag, scope)] if "*" in tag and tag != "*" else []
    conditions += _met("n", last, scope, is_named=True)
    conditions += _above("n", steps[:-1], start == "root", scope)
    return kind, "*" if "*" in tag else clark(tag, scope), " and ".join(conditions) or "True"


def _met(node: str, step: Tree, scope: Scope, *, is_named: bool) -> Iterator[str]:
    if not is_named:
        yield passes(node, step[2], scope)
    for one in step[3]:
        inner = replace(scope, context=node, current="n")
        code = compiled(one, inner)
        if code.kind not in ("nodes", "bool", "str"):
            raise NotUnderstoodError("a pattern with a position")
        yield code.truth()


def _above(node: str, steps: list[Tree], from_root: bool, scope: Scope) -> list[str]:  # one or the other
    """The conditions on what stands above a node of a pattern."""
    if not steps:
        return [f"{node}.parent.kind == 'document'"] if from_root else []
    last = steps[-1]
    if last[1] == "descendant-or-self" and last[2] == ANY_NODE:
        if len(steps) == 1:
            return []
        one = scope.new()
        inner = [*_met(one, steps[-2], scope, is_named=False), *_above(one, steps[:-2], from_root, scope)]
        return [f"any({' and '.join(inner)} for {one} in ancestors({node}))"]
    if last[1] != "child":
        raise NotUnderstoodError("a pattern by another axis")
    above = f"{node}.parent"
    return [*_met(above, last, scope, is_named=False), *_above(above, steps[:-1], from_root, scope)]
