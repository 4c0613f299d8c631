"""JUEL, the expression language of Camunda 7, Flowable and Activiti, as FEEL.

``${amount > 10 && country == 'DE'}`` becomes ``amount > 10 and country = "DE"``. What reads variables, compares,
calculates, and the few methods of texts and lists that have a counterpart is translated; what calls into Java is not.
Source: Expression Language Specification (JSR 245), chapter 1.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from anyshore.feel import java_regex
from anyshore.feel.formatting import is_name, member, quoted
from anyshore.feel.lexer import unescape

_TOKEN = re.compile(
    r"""\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<text>'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")|(?P<name>[^\W\d][\w$]*)"""
    r"""|(?P<sign>&&|\|\||==|!=|<=|>=|[-+*/%!<>().,\[\]?:]))"""
)
_START = re.compile(r"[$#]\{")

_WORDS = {"and": "&&", "or": "||", "not": "!", "eq": "==", "ne": "!=", "lt": "<", "gt": ">", "le": "<=", "ge": ">=",
          "div": "/", "mod": "%"}  # fmt: skip
_LITERALS = {"true": "true", "false": "false", "null": "null"}
_POWER = {"||": 1, "&&": 2, "==": 3, "!=": 3, "<": 4, ">": 4, "<=": 4, ">=": 4, "+": 5, "-": 5, "*": 6, "/": 6, "%": 6}
_CALCULATES = frozenset(("+", "-", "*", "/", "%"))
_FEEL_SIGN = {"||": "or", "&&": "and", "==": "="}
_COUNTERS = {
    "nrOfInstances": "numberOfInstances",
    "nrOfCompletedInstances": "numberOfCompletedInstances",
    "nrOfActiveInstances": "numberOfActiveInstances",
    "loopCounter": "(loopCounter - 1)",
}
"""Names of multi-instance activities; their loop counter begins at 0, that of BPMN at 1."""

_NOTHING = 'list contains([null, "", [], {{}}], {0})'
_WHOLE = "(function(a) if a < 0 then ceiling(a) else floor(a))({0})"
_AS_TRUTH = (
    '(function(a) if a = null then false else if a instance of string then lower case(a) = "true" '
    "else not(not(a)))({0})"
)
_TRIM = r'replace({0}, "^[\u0000-\u0020]+|[\u0000-\u0020]+$", "")'
# What Character.isWhitespace of Java says: no-break spaces are none.
_BLANK = r'matches({0}, "^[\u0009-\u000d\u001c-\u0020\u1680\u2000-\u2006\u2008-\u200a\u2028\u2029\u205f\u3000]*$")'
_METHODS: dict[tuple[str, int], str] = {
    ("equals", 1): "({0} = {1})",
    ("contains", 1): "(if {0} instance of string then contains({0}, {1}) else list contains({0}, {1}))",
    ("size", 0): "(function(a) count(if a instance of list<Any> then a else get entries(a)))({0})",
    ("length", 0): "string length({0})",
    ("isEmpty", 0): _NOTHING,
    ("startsWith", 1): "starts with({0}, {1})",
    ("endsWith", 1): "ends with({0}, {1})",
    ("toLowerCase", 0): "lower case({0})",
    ("toUpperCase", 0): "upper case({0})",
    ("isBlank", 0): _BLANK,
    ("trim", 0): _TRIM,
    ("toString", 0): "string({0})",
    ("intValue", 0): _WHOLE,
    ("longValue", 0): _WHOLE,
    ("doubleValue", 0): "{0}",
    ("abs", 0): "abs({0})",
}
"""Methods by name and number of arguments; ``get``, ``matches`` and the methods of ``execution`` are treated apart."""
_OF_JAVA = frozenset(("getBytes", "getChars", "getClass"))
"""Methods that only look like getters of a property."""
_OF_NUMBERS = frozenset(("size", "length", "intValue", "longValue", "doubleValue", "abs"))

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


class _Truth(str):
    """FEEL that compares or combines truths."""

    __slots__ = ()


class _Number(str):
    """FEEL that surely gives a number."""

    __slots__ = ()


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
        self._chooses = ("sign", "?") in self._tokens

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
        no = self._ternary()
        if condition in _LITERALS.values() or condition.startswith("list contains("):
            return f"(if {condition} then {yes} else {no})"
        if not isinstance(condition, _Truth):
            condition = _AS_TRUTH.format(condition)
        # FEEL's null is what JUEL refuses to compare or to calculate with; "if" would take it for false.
        return f"(function(c) if c = null then null else if c then {yes} else {no})({condition})"

    def _binary(self, least: int) -> str:
        left = self._unary()
        while True:
            sign = self._peek()
            power = _POWER.get(sign or "", 0) if self._kind() == "sign" else 0
            if power < least or sign is None:
                return left
            self._at += 1
            right = self._binary(power + 1)
            if sign in _CALCULATES:
                left = self._calculation(sign, left, right)
            else:
                if self._chooses and power in (3, 4) and isinstance(left, _Number) != isinstance(right, _Number):
                    left, right = self._compared(left), self._compared(right)
                left = _Truth(_operation(left, _FEEL_SIGN.get(sign, sign), right))
                if power in (3, 4) and _POWER.get(self._peek() or "", 0) in (3, 4):
                    left = _Truth(f"({left})")

    def _calculation(self, sign: str, left: str, right: str) -> _Number:
        """Arithmetic: texts of digits are numbers; null, which counts as 0 in JUEL, is told where it happens."""
        a, b = self._operand(left), self._operand(right)
        if sign != "%":
            return _Number(f"{a} {sign} {b}")
        # The remainder has the sign of the dividend in Java, that of the divisor in FEEL.
        return _Number(f"(function(a, b) if a < 0 then -modulo(-a, abs(b)) else modulo(a, abs(b)))({a}, {b})")

    def _compared(self, written: str) -> str:
        """What a number is compared with: a text of digits is one."""
        if isinstance(written, _Number) or written in _LITERALS.values():
            return written
        if written.startswith('"'):
            return self._operand(written)
        return f"(function(a) if a instance of string and number(a) != null then number(a) else a)({written})"

    def _operand(self, written: str) -> _Number:
        if isinstance(written, _Number):
            return written
        if written.startswith('"'):
            if re.fullmatch(r'"-?\d+(\.\d+)?"', written):
                return _Number(written[1:-1])
            raise NotTranslatable(f"the text {written} is calculated with, but is no number; + never joins texts here")
        if written in _LITERALS.values():
            raise NotTranslatable(f"{written} is calculated with")
        if re.fullmatch(r"[\w.]+", written):
            return _Number(f"(if {written} instance of string then number({written}) else {written})")
        return _Number(f"(function(a) if a instance of string then number(a) else a)({written})")

    def _unary(self) -> str:
        if self._take("!"):
            return _Truth(f"not({self._unary()})")
        if self._take("-"):
            return _Number(f"-{self._operand(self._unary())}")
        if self._kind() == "name" and self._peek() == "empty":
            self._at += 1
            return _NOTHING.format(self._unary())
        return self._postfix()

    def _postfix(self) -> str:
        kind, written = self._next()
        if kind == "number":
            found: str = _Number(written)
        elif kind == "text":
            found = quoted(_unescaped(written))
        elif (kind, written) == ("sign", "("):
            inner = self._ternary()
            found = type(inner)(f"({inner})")
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
        return _Number(self._counters[written]) if written in self._counters else _named(written)

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
        if (name, len(arguments)) == ("matches", 1):
            return _matches(owner, arguments[0])
        if pattern is not None:
            found = pattern.format(owner, *arguments)
            return _Number(found) if name in _OF_NUMBERS else found
        if getter is not None and not arguments and name not in _OF_JAVA:
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


def _operation(left: str, sign: str, right: str) -> str:
    """A comparison or combination. What is calculated is never null in JUEL: a null of FEEL there equals nothing."""
    failing = [name for name, side in (("a", left), ("b", right)) if isinstance(side, (_Number, _Truth))]
    failing = [name for name in failing if not re.fullmatch(r"[\d.]+", left if name == "a" else right)]
    if sign not in ("=", "!=") or not failing:
        return f"{left} {sign} {right}"
    condition = " or ".join(f"{name} = null" for name in failing)
    return f"(function(a, b) if {condition} then null else a {sign} b)({left}, {right})"


def _matches(owner: str, pattern: str) -> str:
    """Java's ``matches``: the whole text, by a pattern that must be known to be translated."""
    if not pattern.startswith('"'):
        raise NotTranslatable(f"whether the pattern {pattern} means the same in FEEL is not known before it runs")
    try:
        translated = java_regex.whole(unescape(pattern))
    except java_regex.NoCounterpart as reason:
        raise NotTranslatable(f"the pattern {pattern} of Java has no counterpart: {reason}") from reason
    return f"matches({owner}, {quoted(translated)})"


def _unescaped(literal: str) -> str:
    unknown = re.search(r"\\[^\\'\"]", re.sub(r"\\\\", "", literal[1:-1]))
    if unknown is not None:
        raise NotTranslatable(f"{unknown[0]} is no escape of a text: a backslash is written twice")
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
