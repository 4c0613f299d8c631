"""Makes Python of a parsed XPath expression.

What an expression yields is known to a degree when it is compiled: ``nodes``, ``str`` (one string), ``bool``, ``num``
(one number or none), ``any`` (one value or none), ``items`` (a sequence of anything). Each kind is Python of its own,
so that most rules become look-ups in dictionaries.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from anyshore.activities.einvoice.xpath import calling
from anyshore.activities.einvoice.xpath.codes import ANY, BOOL, ITEMS, NODES, NUM, STR, Code, Scope
from anyshore.activities.einvoice.xpath.parsing import ANY_NODE, NotUnderstoodError, Tree


def compiled(tree: Tree, scope: Scope) -> Code:  # a kind of expression each
    """The Python of an expression.

    Raises:
        NotUnderstoodError: there is none.
    """
    match tree:
        case ("num", value):
            return Code(f"Decimal({str(value)!r})" if not isinstance(value, (int, float)) else repr(value), NUM)
        case ("str", value):
            return Code(repr(value), STR)
        case ("var", name):
            return scope.variable(name)
        case ("context",):
            return _context(scope)
        case ("seq", parts):
            return _sequence([compiled(part, scope) for part in parts])
        case ("if", condition, then, otherwise):
            return _if(compiled(condition, scope), compiled(then, scope), compiled(otherwise, scope))
        case ("for", bindings, result):
            return _for(bindings, result, scope)
        case ("quantified", word, bindings, condition):
            return _quantified(word, bindings, condition, scope)
        case ("unary", sign, value):
            return Code(f"negated({compiled(value, scope).number()}, {sign})", NUM)
        case ("cast" | "castable", value, name, empty):
            return calling.cast(tree[0], compiled(value, scope), name, empty)
        case ("binary", sign, left, right):
            return _binary(sign, compiled(left, scope), compiled(right, scope))
        case ("call", name, arguments):
            return calling.call(name, [compiled(one, scope) for one in arguments], scope)
        case ("filter", primary, predicates):
            return _filter(compiled(primary, scope), predicates, scope)
        case ("path", start, steps):
            return _Path(scope).code(start, steps)
    raise NotUnderstoodError(f"{tree[0]} is not compiled")


def _context(scope: Scope) -> Code:
    if not scope.context:
        raise NotUnderstoodError("there is no context item")
    return Code(f"[{scope.context}]", NODES if scope.is_node else ITEMS)


def _sequence(parts: list[Code]) -> Code:
    return Code("[" + ", ".join(f"*{part.items()}" for part in parts) + "]", ITEMS)


def _if(condition: Code, then: Code, otherwise: Code) -> Code:
    if then.kind == otherwise.kind:
        kind, left, right = then.kind, then.python, otherwise.python
    else:
        kind, left, right = ITEMS, then.items(), otherwise.items()
    return Code(f"({left} if {condition.truth()} else {right})", kind)


def _bound(bindings: list[tuple[str, Tree]], scope: Scope) -> tuple[str, Scope]:
    clauses = []
    for name, tree in bindings:
        items, variable = compiled(tree, scope), scope.new()
        clauses.append(f"for {variable} in {items.items()}")
        code = Code(f"[{variable}]", NODES if items.kind == NODES else ITEMS)
        scope = replace(scope, local={**scope.local, name: code})
    return " ".join(clauses), scope


def _for(bindings: list[tuple[str, Tree]], result: Tree, scope: Scope) -> Code:
    clauses, inner = _bound(bindings, scope)
    one, code = scope.new(), compiled(result, inner)
    return Code(f"[{one} {clauses} for {one} in {code.items()}]", ITEMS)


def _quantified(word: str, bindings: list[tuple[str, Tree]], condition: Tree, scope: Scope) -> Code:
    clauses, inner = _bound(bindings, scope)
    every = "all" if word == "every" else "any"
    return Code(f"{every}({compiled(condition, inner).truth()} {clauses})", BOOL)


def _binary(sign: str, left: Code, right: Code) -> Code:
    match sign:
        case "or" | "and":
            return Code(f"({left.truth()} {sign} {right.truth()})", BOOL)
        case "+" | "-" | "*" | "div" | "idiv" | "mod":
            return Code(f"calculate({sign!r}, {left.number()}, {right.number()})", NUM)
        case "to":
            return Code(f"numbers({left.number()}, {right.number()})", ITEMS)
        case "|":
            if left.kind != NODES or right.kind != NODES:
                raise NotUnderstoodError("a union of what may be no nodes")
            return Code(f"ordered([*{left.python}, *{right.python}])", NODES)
        case "eq" | "ne" | "lt" | "le" | "gt" | "ge":
            return Code(f"compared_one({sign!r}, {left.items()}, {right.items()})", ANY)
    return _compared(sign, left, right)


_TURNED = {"=": "=", "!=": "!=", "<": ">", ">": "<", "<=": ">=", ">=": "<="}


def _compared(sign: str, left: Code, right: Code) -> Code:
    """A general comparison, by the kinds of its sides; most are of nodes with something."""
    if right.kind == NODES and left.kind != NODES:
        left, right, sign = right, left, _TURNED[sign]
    if left.kind == STR and right.kind == STR and sign in _EQUAL:
        return Code(f"({left.python} {_EQUAL[sign]} {right.python})", BOOL)
    if left.kind == NUM and right.kind == NUM:
        return Code(f"compared_numbers({sign!r}, {left.python}, {right.python})", BOOL)
    if left.kind == NODES and sign in _EQUAL and right.kind in (STR, NODES, BOOL):
        form = {STR: "{0}_text", NODES: "{0}_nodes", BOOL: "{0}_truth"}[right.kind]
        return Code(f"{form.format(_WORDS[sign])}({left.python}, {right.python})", BOOL)
    return Code(f"compared({sign!r}, {left.items()}, {right.items()})", BOOL)


_EQUAL = {"=": "==", "!=": "!="}
_WORDS = {"=": "equal", "!=": "other"}


def _filter(primary: Code, predicates: list[Tree], scope: Scope) -> Code:
    python, kind = primary.items(), NODES if primary.kind == NODES else ITEMS
    for tree in predicates:
        python = predicate(python, tree, scope, kind == NODES)
    return Code(python, kind)


def predicate(items: str, tree: Tree, scope: Scope, is_node: bool) -> str:  # as ``Scope.at``
    """The Python of a sequence of which a predicate leaves some."""
    if tree[0] == "num" and isinstance(tree[1], int):
        return f"{items}[{max(tree[1] - 1, 0)}:{max(tree[1], 0)}]"
    one, position, size = scope.new(), scope.new(), scope.new()
    code = compiled(tree, scope.at(one, is_node, position, size))
    if code.kind in (NODES, STR, BOOL) and position not in code.python and size not in code.python:
        return f"[{one} for {one} in {items} if {code.truth()}]"
    holds = code.truth() if code.kind in (NODES, STR, BOOL) else f"fits({code.items()}, {position})"
    return f"chosen({items}, lambda {one}, {position}, {size}: {holds})"


class _Path:
    """Compiles one path, step by step, into a comprehension."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.clauses: list[str] = []
        self.at = ""
        self.is_one = True
        self.mixed = False
        self.kind = NODES

    def code(self, start: Any, steps: list[Tree]) -> Code:
        """The code of a path."""
        self._begin(start)
        position = 0
        while position < len(steps):
            following = steps[position + 1] if position + 1 < len(steps) else None
            position += self._step(steps[position], following)
        return self._closed()

    def _closed(self) -> Code:
        if not self.clauses:
            return Code(f"[{self.at}]", self.kind)
        last = self.clauses[-1]
        if len(self.clauses) == 1 and last.startswith(f"for {self.at} in "):
            python = last.removeprefix(f"for {self.at} in ")
        else:
            python = f"[{self.at} {' '.join(self.clauses)}]"
        return Code(f"ordered({python})" if self.mixed and self.kind == NODES else python, self.kind)

    def _begin(self, start: Any) -> None:
        scope = self.scope
        if start is None:
            if not (scope.context and scope.is_node):
                raise NotUnderstoodError("a path from what is no node")
            self.at = scope.context
        elif start == "root":
            self.at = "D"
        else:
            code = compiled(start, scope)
            if code.kind not in (NODES, ITEMS):
                raise NotUnderstoodError("a path from a value")
            self._over(code.python)
            self.is_one = False
            # Of variables and functions it is not known whether their nodes stand in order; of paths it is.
            self.mixed = start[0] not in ("path", "binary", "filter") and len(code.python) > 0 and start[0] != "var"

    def _over(self, items: str) -> None:
        self.at = self.scope.new()
        self.clauses.append(f"for {self.at} in {items}")

    def _step(self, step: Tree, following: Tree | None) -> int:
        """Takes a step; how many it took, as two are often one."""
        if self.kind != NODES:
            raise NotUnderstoodError("a step from a value")
        if step[0] != "step":
            self._value(step)
            return 1
        axis, test, predicates = step[1:]
        if axis == "descendant-or-self" and test == ANY_NODE and not predicates and following is not None:
            return self._descend(following)
        items, one = self._axis(axis, test)
        for tree in predicates:
            if axis in _REVERSE and _may_count(tree):
                raise NotUnderstoodError("a position on an axis that runs backwards")
            items = predicate(items, tree, self.scope, is_node=True)
        self._over(items)
        if not one:
            self.mixed = self.mixed or (not self.is_one and axis not in ("child", "attribute", "self"))
            self.is_one = False
        elif not self.is_one and axis == "parent":
            self.mixed = True
        return 1

    def _descend(self, following: Tree) -> int:
        if following[0] == "step" and following[1] == "child" and not any(map(_may_count, following[3])):
            items, predicates = self._descendants(following[2]), following[3]
            for tree in predicates:
                items = predicate(items, tree, self.scope, is_node=True)
            self._over(items)
            self.mixed, self.is_one = self.mixed or not self.is_one, False
            return 2
        self._over(f"everything({self.at})")
        self.mixed, self.is_one = True, False
        return 1

    def _descendants(self, test: str) -> str:
        if test == "*":
            return f"everything({self.at})[1:]"
        if test == "text()":
            return f"all_texts({self.at})"
        if "*" in test or test.endswith("()"):
            raise NotUnderstoodError("descendants by another test")
        return f"below({self.at}, D, {clark(test, self.scope)!r})"

    def _value(self, step: Tree) -> None:
        code = compiled(step, self.scope.at(self.at, is_node=True))
        self._over(code.items())
        self.kind = NODES if code.kind == NODES else ITEMS
        self.mixed, self.is_one = self.mixed or code.kind == NODES, False

    def _axis(self, axis: str, test: str) -> tuple[str, bool]:
        """The nodes of an axis that pass a test, and whether there is at most one from one."""
        at, scope = self.at, self.scope
        if axis == "child" and test == "text()":
            return f"{at}.texts()", False
        if test not in ("*", ANY_NODE) and test.endswith("()"):
            raise NotUnderstoodError(f"{test} is not known")
        if axis == "child" and (test == "*" or test == ANY_NODE):
            if test == ANY_NODE:
                raise NotUnderstoodError("all nodes below")
            return f"{at}.children", False
        if axis == "attribute":
            if test == "*":
                return f"list({at}.attributes.values())", False
            return f"opt({at}.attributes.get({clark(test, scope)!r}))", True
        if axis == "child" and "*" not in test:
            return f"{at}.named.get({clark(test, scope)!r}, NONE)", False
        return self._filtered(axis, test)

    def _filtered(self, axis: str, test: str) -> tuple[str, bool]:
        at, one = self.at, self.scope.new()
        if axis == "preceding" and "*" not in test:
            return f"earlier({at}, D, {clark(test, self.scope)!r})", False
        items = {
            "self": f"[{at}]", "parent": f"opt({at}.parent)", "child": f"{at}.children",
            "ancestor": f"ancestors({at})", "ancestor-or-self": f"[{at}, *ancestors({at})]",
            "following-sibling": f"siblings({at}, True)", "preceding-sibling": f"siblings({at}, False)",
        }.get(axis)  # fmt: skip
        if items is None:
            raise NotUnderstoodError(f"the axis {axis} is not known")
        if axis in _REVERSE:
            items = f"ordered({items})"
        if test == ANY_NODE:
            if axis in ("ancestor", "ancestor-or-self"):
                raise NotUnderstoodError("the document among the ancestors")
            return items, axis in ("self", "parent")
        return f"[{one} for {one} in {items} if {passes(one, test, self.scope)}]", axis in ("self", "parent")


_REVERSE = frozenset({"ancestor", "ancestor-or-self", "preceding-sibling", "preceding"})


def passes(node: str, test: str, scope: Scope) -> str:
    """Whether a node is an element of a name."""
    if test == "*":
        return f"{node}.kind == 'element'"
    if test.startswith("*:"):
        return f"{node}.kind == 'element' and local_name({node}) == {test[2:]!r}"
    if test.endswith(":*"):
        return f"{node}.tag.startswith({clark(test, scope)[:-1]!r}) and {node}.kind == 'element'"
    return f"{node}.tag == {clark(test, scope)!r} and {node}.kind == 'element'"


def clark(name: str, scope: Scope) -> str:
    """A name in Clark's notation; one without prefix has no namespace."""
    prefix, _, local = name.rpartition(":")
    if not prefix:
        return local
    if prefix not in scope.namespaces:
        raise NotUnderstoodError(f"the prefix {prefix} is not known")
    return f"{{{scope.namespaces[prefix]}}}{local}"


def _may_count(tree: Any) -> bool:
    """Whether a predicate may ask for a position."""
    if tree[0] in ("num", "var", "unary", "filter", "if", "for"):
        return True
    if tree[0] == "call":
        return tree[1] not in _TRUTHS or any(_counts(one) for one in tree[2])
    if tree[0] == "binary":
        return tree[1] not in ("or", "and", "=", "!=", "<", "<=", ">", ">=", "|") or _counts(tree)
    return _counts(tree)


_TRUTHS = frozenset({"not", "exists", "empty", "boolean", "contains", "starts-with", "ends-with", "matches"})


def _counts(tree: Any) -> bool:
    """Whether ``position()`` or ``last()`` is called somewhere within."""
    if isinstance(tree, tuple) and tree[:2] in (("call", "position"), ("call", "last")):
        return True
    return isinstance(tree, (tuple, list)) and any(_counts(one) for one in tree)
