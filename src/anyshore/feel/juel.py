"""JUEL, the expression language of Camunda 7, Flowable and Activiti, as FEEL.

``${amount > 10 && country == 'DE'}`` becomes ``amount > 10 and country = "DE"``. What reads variables, compares,
calculates, and the few methods of texts and lists that have a counterpart is translated; what calls into Java is not.
Source: Expression Language Specification (JSR 245), chapter 1.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from anyshore.feel.formatting import is_name, member, quoted

_TOKEN = re.compile(
    r"""\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<text>'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")|(?P<name>[^\W\d][\w$]*)"""
    r"""|(?P<sign>&&|\|\||==|!=|<=|>=|[-+*/%!<>().,\[\]?:]))"""
)
_START = re.compile(r"[$#]\{")

_WORDS = {"and": "&&", "or": "||", "not": "!", "eq": "==", "ne": "!=", "lt": "<", "gt": ">", "le": "<=", "ge": ">=",
          "div": "/", "mod": "%"}  # fmt: skip
_LITERALS = {"true": "true", "false": "false", "null": "null"}
_POWER = {"||": 1, "&&": 2, "==": 3, "!=": 3, "<": 4, ">": 4, "<=": 4, ">=": 4, "+": 5, "-": 5, "*": 6, "/": 6, "%": 6}
_FEEL_SIGN = {"||": "or", "&&": "and", "==": "="}
_COUNTERS = {
    "nrOfInstances": "numberOfInstances",
    "nrOfCompletedInstances": "numberOfCompletedInstances",
    "nrOfActiveInstances": "numberOfActiveInstances",
    "loopCounter": "(loopCounter - 1)",
}
"""Names of multi-instance activities; their loop counter begins at 0, that of BPMN at 1."""

_NOTHING = 'list contains([null, "", []], {0})'
_METHODS: dict[tuple[str, int], str] = {
    ("equals", 1): "({0} = {1})",
    ("contains", 1): "(if {0} instance of string then contains({0}, {1}) else list contains({0}, {1}))",
    ("size", 0): "count({0})",
    ("length", 0): "string length({0})",
    ("isEmpty", 0): _NOTHING,
    ("startsWith", 1): "starts with({0}, {1})",
    ("endsWith", 1): "ends with({0}, {1})",
    ("matches", 1): "matches({0}, {1})",
    ("toLowerCase", 0): "lower case({0})",
    ("toUpperCase", 0): "upper case({0})",
    ("trim", 0): "trim({0})",
    ("toString", 0): "string({0})",
    ("intValue", 0): "{0}",
    ("doubleValue", 0): "{0}",
    ("longValue", 0): "{0}",
    ("abs", 0): "abs({0})",
}
"""Methods by name and number of arguments; ``get`` and the methods of ``execution`` are treated apart."""

_FUNCTIONS: dict[tuple[str, int], str] = {
    ("now", 0): "now()",
    ("dateTime", 0): "now()",
    ("var:get", 1): "{0}",
    ("var:getOrDefault", 2): "(if {0} = null then {1} else {0})",
    ("var:eq", 2): "({0} = {1})",
    ("var:equals", 2): "({0} = {1})",
    ("var:ne", 2): "({0} != {1})",
    ("var:notEquals", 2): "({0} != {1})",
    ("var:lt", 2): "({0} < {1})",
    ("var:gt", 2): "({0} > {1})",
    ("var:lte", 2): "({0} <= {1})",
    ("var:gte", 2): "({0} >= {1})",
    ("var:contains", 2): "list contains({0}, {1})",
    ("var:empty", 1): _NOTHING,
    ("var:isEmpty", 1): _NOTHING,
    ("var:exists", 1): "({0} != null)",
}
"""Functions; ``variables:`` and ``vars:`` are other names for ``var:``, and take the name of a variable first."""

_EXECUTION = frozenset(("execution", "task", "caseExecution", "caseInstance", "planItemInstance"))


class NotTranslatable(ValueError):
    """An expression that has no counterpart in FEEL; the text says why."""


@dataclass(frozen=True, slots=True)
class Call:
    """``${bean.method(a, b)}``: a call into Java, which an activity takes over.

    Attributes:
        name: ``bean.method``.
        arguments: in FEEL.
    """

    name: str
    arguments: tuple[str, ...]


def is_expression(text: str) -> bool:
    """Whether a text holds ``${…}`` or ``#{…}``."""
    return _START.search(text) is not None


def to_feel(text: str, *, counters: bool = True) -> str:
    """A text with ``${…}`` or ``#{…}`` in it, as a FEEL expression; without any, as a FEEL text.

    Args:
        text: the text.
        counters: whether the counters of multi-instance activities are meant by their names.

    Raises:
        NotTranslatable: see there.
    """
    parts = _split(text)
    if len(parts) == 1:
        is_code, part = parts[0]
        return _Parser(part, counters).whole() if is_code else quoted(part)
    pieces = [f"string({_Parser(part, counters).whole()})" if is_code else quoted(part) for is_code, part in parts]
    return " + ".join(pieces) or '""'


def call(text: str) -> Call | None:
    """The call of a method, where the whole text is one; None otherwise."""
    found = re.fullmatch(r"[$#]\{\s*([^\W\d]\w*(?:\.[^\W\d]\w*)+)\s*\((.*)\)\s*\}", text.strip(), re.DOTALL)
    if found is None:
        return None
    name, inside = found.groups()
    if name.partition(".")[0] in _EXECUTION:
        return None
    try:
        parser = _Parser(f"{inside})")
        arguments = parser.arguments()
    except NotTranslatable:
        return None
    # The execution itself is what every delegate is handed; it is no argument of an activity.
    return Call(name, tuple(one for one in arguments if one not in _EXECUTION)) if parser.is_at_end() else None


def _split(text: str) -> list[tuple[bool, str]]:
    """The literal and the coded parts of a text."""
    parts: list[tuple[bool, str]] = []
    at = 0
    while (found := _START.search(text, at)) is not None:
        if found.start() > at:
            parts.append((False, text[at : found.start()]))
        end = _closing(text, found.end())
        parts.append((True, text[found.end() : end]))
        at = end + 1
    if at < len(text) or not parts:
        parts.append((False, text[at:]))
    return parts


def _closing(text: str, at: int) -> int:
    quote, escaped = "", False
    for position in range(at, len(text)):
        sign = text[position]
        if escaped:
            escaped = False
        elif quote and sign == "\\":
            escaped = True
        elif quote:
            quote = "" if sign == quote else quote
        elif sign in "'\"":
            quote = sign
        elif sign == "}":
            return position
    raise NotTranslatable("a brace is not closed")


class _Parser:
    """A Pratt parser that writes FEEL."""

    def __init__(self, text: str, counters: bool = True) -> None:
        self._tokens = _tokens(text)
        self._counters = _COUNTERS if counters else {}
        self._at = 0

    def whole(self) -> str:
        found = self._ternary()
        if not self.is_at_end():
            raise NotTranslatable(f"{self._peek()!r} is not expected")
        return found

    def is_at_end(self) -> bool:
        return self._at >= len(self._tokens)

    def arguments(self) -> list[str]:
        """What stands between parentheses; the opening one is read already."""
        found: list[str] = []
        if self._take(")"):
            return found
        while True:
            found.append(self._ternary())
            if self._take(")"):
                return found
            self._expect(",")

    def _peek(self) -> str | None:
        return None if self.is_at_end() else self._tokens[self._at][1]

    def _kind(self) -> str | None:
        return None if self.is_at_end() else self._tokens[self._at][0]

    def _take(self, sign: str) -> bool:
        if self._kind() != "text" and self._peek() == sign:
            self._at += 1
            return True
        return False

    def _expect(self, sign: str) -> None:
        if not self._take(sign):
            raise NotTranslatable(f"{sign!r} is missing")

    def _next(self) -> tuple[str, str]:
        if self.is_at_end():
            raise NotTranslatable("it ends too early")
        self._at += 1
        return self._tokens[self._at - 1]

    def _ternary(self) -> str:
        condition = self._binary(1)
        if not self._take("?"):
            return condition
        yes = self._ternary()
        self._expect(":")
        return f"(if {condition} then {yes} else {self._ternary()})"

    def _binary(self, least: int) -> str:
        left = self._unary()
        while True:
            sign = self._peek()
            power = _POWER.get(sign or "", 0) if self._kind() == "sign" else 0
            if power < least or sign is None:
                return left
            self._at += 1
            right = self._binary(power + 1)
            if sign == "%":
                left = f"modulo({left}, {right})"
            else:
                left = f"{left} {_FEEL_SIGN.get(sign, sign)} {right}"
                if power in (3, 4) and _POWER.get(self._peek() or "", 0) in (3, 4):
                    left = f"({left})"

    def _unary(self) -> str:
        if self._take("!"):
            return f"not({self._unary()})"
        if self._take("-"):
            return f"-{self._unary()}"
        if self._kind() == "name" and self._peek() == "empty":
            self._at += 1
            return _NOTHING.format(self._unary())
        return self._postfix()

    def _postfix(self) -> str:
        kind, written = self._next()
        if kind == "number":
            found = written
        elif kind == "text":
            found = quoted(_unescaped(written))
        elif (kind, written) == ("sign", "("):
            found = f"({self._ternary()})"
            self._expect(")")
        elif kind == "name":
            found = self._name(written)
        else:
            raise NotTranslatable(f"{written!r} is not expected")
        while True:
            if self._take("."):
                found = self._member(found)
            elif self._take("["):
                found = self._index(found)
            else:
                return found

    def _name(self, written: str) -> str:
        if written in _LITERALS:
            return _LITERALS[written]
        if written in ("var", "vars", "variables") and self._take(":"):
            written = f"var:{self._next()[1]}"
        if self._take("("):
            return self._function(written)
        return self._counters.get(written) or _named(written)

    def _function(self, name: str) -> str:
        arguments = self.arguments()
        if name.startswith("var:") and arguments:
            arguments[0] = _variable(arguments[0])
        pattern = _FUNCTIONS.get((name, len(arguments)))
        if pattern is None:
            raise NotTranslatable(f"the function {name} has no counterpart")
        return pattern.format(*arguments)

    def _member(self, owner: str) -> str:
        kind, name = self._next()
        if kind != "name":
            raise NotTranslatable(f"{name!r} is no property")
        if not self._take("("):
            if owner in _EXECUTION:
                raise NotTranslatable(f"{owner}.{name} is a property of the engine")
            return member(owner, name)
        arguments = self.arguments()
        if owner in _EXECUTION:
            return _of_execution(name, arguments, self._counters)
        if name == "get" and len(arguments) == 1:
            return _element(owner, arguments[0])
        getter = re.fullmatch(r"(?:get|is)([A-Z])(\w*)", name)
        pattern = _METHODS.get((name, len(arguments)))
        if pattern is not None:
            return pattern.format(owner, *arguments)
        if getter is not None and not arguments:
            return member(owner, f"{getter[1].lower()}{getter[2]}")
        raise NotTranslatable(f"the method {name} has no counterpart")

    def _index(self, owner: str) -> str:
        inside = self._ternary()
        self._expect("]")
        return _element(owner, inside)


def _of_execution(name: str, arguments: list[str], counters: dict[str, str]) -> str:
    if name in ("getVariable", "getVariableLocal") and len(arguments) == 1:
        return counters.get(_variable(arguments[0]), _variable(arguments[0]))
    if name in ("hasVariable", "hasVariableLocal") and len(arguments) == 1:
        return f"({_variable(arguments[0])} != null)"
    raise NotTranslatable(f"execution.{name} belongs to the engine")


def _variable(argument: str) -> str:
    """The name of a variable, given as a text literal or, in functions, as a name."""
    name = argument[1:-1] if argument.startswith('"') else argument
    if not is_name(name):
        raise NotTranslatable(f"{argument} is not the name of a variable")
    return name


def _named(name: str) -> str:
    if not is_name(name):
        raise NotTranslatable(f"{name} cannot be the name of a variable in FEEL")
    return name


def _element(owner: str, inside: str) -> str:
    """One element of a list, which JUEL counts from 0 and FEEL from 1, or one entry of a context."""
    if inside.isdigit():
        return f"{owner}[{int(inside) + 1}]"
    if inside.startswith('"'):
        return f"get value({owner}, {inside})"
    raise NotTranslatable(f"whether [{inside}] is a number or a name is not known before it runs")


def _unescaped(literal: str) -> str:
    return re.sub(r"\\(.)", r"\1", literal[1:-1])


def _is_member(before: list[tuple[str, str]]) -> bool:
    """Whether a word stands where only a name can: behind a dot, or behind ``var:``."""
    if not before:
        return False
    return before[-1][1] == "." or [one[1] for one in before[-2:]] in (["var", ":"], ["vars", ":"], ["variables", ":"])


def _tokens(text: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    at = 0
    while text[at:].strip():
        match = _TOKEN.match(text, at)
        if match is None:
            raise NotTranslatable(f"{text[at:].strip()[0]!r} is not expected")
        kind = match.lastgroup or ""
        written = match[kind]
        if kind == "name" and written in _WORDS and not _is_member(found):
            kind, written = "sign", _WORDS[written]
        found.append((kind, written))
        at = match.end()
    return found
