"""Reads XPath 2.0 (W3C, 2010) as far as compiled Schematron uses it, into plain tuples.

A tuple begins with its kind: ``num``, ``str``, ``var``, ``context``, ``call``, ``path``, ``filter``, ``seq``, ``if``,
``for``, ``quantified``, ``cast``, ``castable``, ``binary``, ``unary``.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from anyshore.base.errors import DefinitionError

Tree = tuple[Any, ...]

_TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)"
    r"|(?P<string>'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\")"
    r"|\$(?P<variable>[A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?)"
    r"|(?P<name>\*:[A-Za-z_][\w.-]*|[A-Za-z_][\w.-]*(?::(?:[A-Za-z_][\w.-]*|\*)(?!:))?)"
    r"|(?P<sign>::|//|\.\.|!=|<=|>=|<<|>>|[/()\[\]@,.|+*=<>?-]))"
)
_AXES = frozenset({
    "child", "descendant", "descendant-or-self", "attribute", "self", "parent", "ancestor", "ancestor-or-self",
    "preceding-sibling", "following-sibling", "preceding", "following",
})  # fmt: skip
_NODE_TESTS = frozenset({"node", "text", "comment", "processing-instruction", "element", "attribute"})
_RANKS = {
    "or": 0, "and": 1, **dict.fromkeys(("=", "!=", "<", "<=", ">", ">=", "eq", "ne", "lt", "le", "gt", "ge"), 2),
    "to": 3, "+": 4, "-": 4, "*": 5, "div": 5, "idiv": 5, "mod": 5, "|": 6, "union": 6,
}  # fmt: skip
"""How tightly operators bind."""

ANY_NODE = "node()"


class NotUnderstoodError(DefinitionError):
    """An expression this compiler does not know; whoever asked leaves it to the XSLT processor."""

    def __init__(self, message: str) -> None:
        super().__init__("einvoice.rule-not-compiled", message)


def parse(text: str) -> Tree:
    """The tree of an expression.

    Raises:
        NotUnderstoodError: it uses what is not known here.
    """
    parser = _Parser(text)
    found = parser.expression()
    if parser.peek() is not None:
        raise NotUnderstoodError(f"{parser.peek()} is not expected in {text[:200]!r}")
    return found


def _tokens(text: str) -> list[tuple[str, str]]:
    found, at = [], 0
    end = len(text.rstrip())
    while at < end:
        match = _TOKEN.match(text, at)
        if match is None:
            raise NotUnderstoodError(f"{text[at : at + 20]!r} is not read")
        kind = match.lastgroup or ""
        found.append((kind, match[kind]))
        at = match.end()
    return found


class _Parser:
    """One method a level of precedence, loosest first."""

    def __init__(self, text: str) -> None:
        self._tokens, self._at = _tokens(text), 0
        self._end = len(self._tokens)

    def peek(self, ahead: int = 0) -> tuple[str, str] | None:
        """The next token."""
        at = self._at + ahead
        return self._tokens[at] if at < self._end else None

    def _is(self, *texts: str, ahead: int = 0) -> bool:
        at = self._at + ahead
        if at >= self._end:
            return False
        kind, text = self._tokens[at]
        return text in texts and kind in ("name", "sign")

    def _take(self, *texts: str) -> str | None:
        if self._at < self._end:
            kind, text = self._tokens[self._at]
            if text in texts and kind in ("name", "sign"):
                self._at += 1
                return text
        return None

    def _need(self, text: str) -> None:
        if self._take(text) is None:
            raise NotUnderstoodError(f"{text!r} is missing before {self.peek()}")

    def _kind(self, kind: str) -> str:
        token = self.peek()
        if token is None or token[0] != kind:
            raise NotUnderstoodError(f"a {kind} is missing before {token}")
        self._at += 1
        return token[1]

    def expression(self) -> Tree:
        """Expr: one or more, separated by commas."""
        parts = [self._single()]
        while self._take(","):
            parts.append(self._single())
        return parts[0] if len(parts) == 1 else ("seq", parts)

    def _single(self) -> Tree:
        token, after = self.peek(), self.peek(1)
        if token is not None and token[0] == "name" and after is not None:
            if token[1] in ("for", "some", "every") and after[0] == "variable":
                return self._bound(token[1])
            if token[1] == "if" and after == ("sign", "("):
                return self._if()
        return self._or()

    def _bound(self, word: str) -> Tree:
        self._at += 1
        bindings = []
        while True:
            name = self._kind("variable")
            self._need("in")
            bindings.append((name, self._single()))
            if not self._take(","):
                break
        self._need("return" if word == "for" else "satisfies")
        result = self._single()
        return ("for", bindings, result) if word == "for" else ("quantified", word, bindings, result)

    def _if(self) -> Tree:
        self._at += 1
        self._need("(")
        condition = self.expression()
        self._need(")")
        self._need("then")
        then = self._single()
        self._need("else")
        return ("if", condition, then, self._single())

    def _or(self, least: int = 0) -> Tree:
        """Operators between two operands: those that bind at least so tightly, by climbing."""
        left = self._castable()
        while (token := self.peek()) is not None and token[0] in ("name", "sign"):
            rank = _RANKS.get(token[1])
            if rank is None or rank < least:
                break
            self._at += 1
            sign = "|" if token[1] == "union" else token[1]
            left = ("binary", sign, left, self._or(rank + 1))
        if self._is("intersect", "except") or (self._is("instance", "treat") and self._is("of", "as", ahead=1)):
            raise NotUnderstoodError("set operators and types are not known")
        return left

    def _castable(self) -> Tree:
        left = self._unary()
        for word in ("castable", "cast"):
            if self._is(word) and self._is("as", ahead=1):
                self._at += 2
                left = (word, left, self._kind("name"), bool(self._take("?")))
        return left

    def _unary(self) -> Tree:
        sign = 1
        signed = False
        while word := self._take("+", "-"):
            signed, sign = True, -sign if word == "-" else sign
        value = self._path()
        return ("unary", sign, value) if signed else value

    def _path(self) -> Tree:
        """A path: where it starts (``None`` for the context, ``root``, or an expression), and its steps."""
        steps: list[Tree] = []
        start: Any = None
        if self._take("//"):
            start = "root"
            steps.append(("step", "descendant-or-self", ANY_NODE, []))
            steps.append(self._step())
        elif self._take("/"):
            start = "root"
            if not self._step_follows():
                return ("path", "root", [])
            steps.append(self._step())
        else:
            first = self._step()
            if not self._is("/", "//"):
                return first if first[0] != "step" else ("path", None, [first])
            if first[0] == "step":
                steps.append(first)
            else:
                start = first
        while word := self._take("/", "//"):
            if word == "//":
                steps.append(("step", "descendant-or-self", ANY_NODE, []))
            steps.append(self._step())
        return ("path", start, steps)

    def _step_follows(self) -> bool:
        token = self.peek()
        if token is None:
            return False
        if token[0] == "name":
            return token[1] not in ("or", "and", "div", "mod", "eq", "ne", "return", "then", "else", "satisfies", "to")
        return token[0] == "variable" or token[1] in ("@", ".", "..", "*", "(")

    def _step(self) -> Tree:
        token = self.peek()
        if token is None:
            raise NotUnderstoodError("a step is missing")
        if self._take(".."):
            return ("step", "parent", ANY_NODE, self._predicates())
        if self._take("@"):
            return ("step", "attribute", self._node_test("attribute"), self._predicates())
        following = self.peek(1)
        if token[0] == "name" and following == ("sign", "::"):
            if token[1] not in _AXES:
                raise NotUnderstoodError(f"the axis {token[1]} is not known")
            self._at += 2
            return ("step", token[1], self._node_test(token[1]), self._predicates())
        is_call = token[0] == "name" and following == ("sign", "(")
        if token[1] == "*" or (token[0] == "name" and (not is_call or token[1] in _NODE_TESTS)):
            axis = "attribute" if token[1] == "attribute" and is_call else "child"
            return ("step", axis, self._node_test(axis), self._predicates())
        primary = self._primary()
        predicates = self._predicates()
        return ("filter", primary, predicates) if predicates else primary

    def _node_test(self, axis: str) -> str:
        del axis
        if self._take("*"):
            return "*"
        name = self._kind("name")
        if self._take("("):
            if name not in _NODE_TESTS:
                raise NotUnderstoodError(f"{name}() is no test of nodes")
            self._need(")")
            return f"{name}()"
        return name

    def _predicates(self) -> list[Tree]:
        found = []
        while self._take("["):
            found.append(self.expression())
            self._need("]")
        return found

    def _primary(self) -> Tree:
        token = self.peek()
        assert token is not None
        kind, text = token
        self._at += 1
        if kind == "number":
            return ("num", _number(text))
        if kind == "string":
            return ("str", text[1:-1].replace(text[0] * 2, text[0]))
        if kind == "variable":
            return ("var", text)
        if text == ".":
            return ("context",)
        if text == "(":
            if self._take(")"):
                return ("seq", [])
            inner = self.expression()
            self._need(")")
            return inner
        if kind == "name" and self._take("("):
            return ("call", text, self._arguments())
        raise NotUnderstoodError(f"{text!r} is not expected")

    def _arguments(self) -> list[Tree]:
        arguments: list[Tree] = []
        if self._take(")"):
            return arguments
        while True:
            arguments.append(self._single())
            if not self._take(","):
                break
        self._need(")")
        return arguments


def _number(text: str) -> int | Decimal | float:
    if "e" in text.lower():
        return float(text)
    return Decimal(text) if "." in text else int(text)
