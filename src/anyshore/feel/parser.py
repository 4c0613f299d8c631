"""Second pass: tokens to a syntax tree, by precedence climbing (a Pratt parser).

Source: DMN 1.5, 10.3.1.2. From weakest to strongest: ``or``, ``and``, comparisons, ``+ -``, ``* /``, ``**`` (all to
the left), negation, ``instance of``, and the postfix path, filter and invocation.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import NoReturn

from anyshore.base import temporal
from anyshore.base.decimals import CONTEXT
from anyshore.feel import nodes
from anyshore.feel.lexer import KEYWORDS, tokenize, unescape
from anyshore.feel.names import Names, normal
from anyshore.feel.nodes import Node
from anyshore.feel.token_reader import TokenReader
from anyshore.feel.type_parser import parse_type_tokens
from anyshore.feel.types import ANY, FeelType
from anyshore.feel.values import number

MAX_DEPTH = 150

_OR, _AND, _COMPARISON, _SUM, _PRODUCT, _POWER, _NEGATION, _INSTANCE, _POSTFIX = range(1, 10)
_INFIX = {
    "or": _OR, "and": _AND, "=": _COMPARISON, "!=": _COMPARISON, "<": _COMPARISON, "<=": _COMPARISON,
    ">": _COMPARISON, ">=": _COMPARISON, "between": _COMPARISON, "in": _COMPARISON, "+": _SUM, "-": _SUM,
    "*": _PRODUCT, "/": _PRODUCT, "**": _POWER, "instance": _INSTANCE, ".": _POSTFIX, "[": _POSTFIX, "(": _POSTFIX,
}  # fmt: skip
_COMPARISONS = frozenset(("=", "!=", "<", "<=", ">", ">="))
# What cannot begin a filter's condition: a ``[`` before it closes an interval, as in ``[1..10[``.
_AFTER_INTERVAL = frozenset(
    ("end", ")", "]", "}", ",", "=", "!=", "<", "<=", ">", ">=", "+", "*", "/", "**", ":", "..", ".")
) | (KEYWORDS - {"if", "for", "some", "every", "function", "not", "true", "false", "null"})


class Parser(TokenReader):
    """Reads one expression."""

    __slots__ = ()

    # ---- whole texts

    def parse_expression(self) -> Node:
        """The whole text as one expression."""
        node = self._expression(0)
        self._expect_end()
        return node

    def parse_unary_tests(self) -> nodes.UnaryTests:
        """The whole text as the unary tests of a table cell."""
        kinds, end = self._kinds, self._starts[-1]
        if kinds[0] == "end" or (kinds[0] == "-" and kinds[1] == "end"):
            return nodes.UnaryTests(0, end, (), False)
        if self._texts[0] == "not" and kinds[1] == "(":
            mark = self._at
            self._at = 2
            tests = self._tests()
            if self._kinds[self._at] == ")" and self._kinds[self._at + 1] == "end":
                return nodes.UnaryTests(0, end, tests, True)
            self._at = mark
        tests = self._tests()
        self._expect_end()
        return nodes.UnaryTests(0, end, tests, False)

    # ---- expressions

    def _expression(self, weakest: int) -> Node:
        """An expression of operators that bind stronger than ``weakest``."""
        self._depth += 1
        if self._depth > MAX_DEPTH:
            self.fail(f"the expression is nested deeper than {MAX_DEPTH} levels", code="feel.too-deep")
        kinds = self._kinds
        prefix = _PREFIXES.get(kinds[self._at])
        if prefix is None:
            self._no_operand()
        left = self._continued(prefix(self), weakest)
        self._depth -= 1
        return left

    def _continued(self, left: Node, weakest: int) -> Node:
        """What follows an operand, as far as the operators bind stronger than ``weakest``."""
        kinds = self._kinds
        while True:
            kind = kinds[self._at]
            power = _INFIX.get(kind)
            if power is None or power <= weakest or (kind == "[" and kinds[self._at + 1] in _AFTER_INTERVAL):
                return left
            left = _INFIXES[kind](self, left)

    def _no_operand(self) -> NoReturn:
        if self._kinds[self._at] in ('"', "/*"):
            self.fail("the string or comment has no end", hint="close it")
        self.fail(f"expected an expression, found {self._found()}")

    def _number(self) -> Node:
        at = self._at
        self._at = at + 1
        value = number(self._texts[at])
        if value is None:
            return nodes.InvalidLiteral(self._starts[at], self._ends[at], "the number is past FEEL's range")
        return nodes.Literal(self._starts[at], self._ends[at], value)

    def _string(self) -> Node:
        at = self._at
        self._at = at + 1
        return nodes.Literal(self._starts[at], self._ends[at], unescape(self._texts[at]))

    def _word(self) -> Node:
        """A keyword that is a literal, unless it begins a known name."""
        if (name := self._long_name()) is not None:
            return name
        at = self._at
        self._at = at + 1
        return nodes.Literal(self._starts[at], self._ends[at], _WORDS[self._kinds[at]])

    def _at_literal(self) -> Node:
        at = self._at
        if self._kinds[at + 1] != "string":
            self.fail("“@” wants a string with a date, time or duration behind it")
        self._at = at + 2
        text = unescape(self._texts[at + 1])
        try:
            return nodes.Literal(self._starts[at], self._ends[at + 1], temporal.parse(text))
        except ValueError as error:
            return nodes.InvalidLiteral(self._starts[at], self._ends[at + 1], str(error))

    def _negation(self) -> Node:
        start = self._starts[self._at]
        self._at += 1
        operand = self._expression(_NEGATION)
        if isinstance(operand, nodes.Literal) and type(operand.value) is Decimal:
            return nodes.Literal(start, operand.end, CONTEXT.minus(operand.value))
        return nodes.Negation(start, operand.end, operand)

    # ---- names

    def _name(self) -> Node:
        at = self._at
        if (long := self._long_name()) is not None:
            return long
        self._at = at + 1
        name = self._texts[at]
        if self._kinds[self._at] == "name":
            name = self._more_words(name)
        return nodes.Name(self._starts[at], self._ends[self._at - 1], name)

    # ---- parentheses, lists, intervals, contexts

    def _parenthesis(self) -> Node:
        at = self._at
        self._at = at + 1
        kind = self._kinds[self._at]
        if kind in _COMPARISONS:
            self._at += 1
            operand = self._expression(_COMPARISON)
            self._expect(")", "after the range")
            return nodes.UnaryTest(self._starts[at], self._previous_end(), kind, operand)
        inner = self._expression(0)
        if self._kinds[self._at] == "..":
            return self._interval(self._starts[at], False, inner)
        self._expect(")", "to close the parenthesis")
        return inner

    def _one_ended(self) -> Node:
        """``< 10`` and its kin, a range with one end (grammar rule 7.a)."""
        start, kind = self._starts[self._at], self._kinds[self._at]
        self._at += 1
        operand = self._expression(_COMPARISON)
        return nodes.UnaryTest(start, operand.end, kind, operand)

    def _bracket(self) -> Node:
        start = self._starts[self._at]
        self._at += 1
        if self._kinds[self._at] == "]":
            self._at += 1
            return nodes.ListLiteral(start, self._previous_end(), ())
        first = self._expression(0)
        if self._kinds[self._at] == "..":
            return self._interval(start, True, first)
        items = [first]
        while self._kinds[self._at] == ",":
            self._at += 1
            items.append(self._expression(0))
        self._expect("]", "to close the list")
        return nodes.ListLiteral(start, self._previous_end(), tuple(items))

    def _open_interval(self) -> Node:
        start = self._starts[self._at]
        self._at += 1
        low = self._expression(_COMPARISON)
        if self._kinds[self._at] != "..":
            self.fail(f"expected “..” in the interval, found {self._found()}")
        return self._interval(start, False, low)

    def _interval(self, start: int, start_included: bool, low: Node) -> Node:
        self._at += 1
        high = self._expression(_COMPARISON)
        closing = self._kinds[self._at]
        if closing not in ("]", ")", "["):
            self.fail(f"expected “]”, “)” or “[” to close the interval, found {self._found()}")
        self._at += 1
        return nodes.Interval(start, self._previous_end(), start_included, low, high, closing == "]")

    def _context(self) -> Node:
        start = self._starts[self._at]
        self._at += 1
        scope = len(self._long)
        entries: list[nodes.Entry] = []
        while self._kinds[self._at] != "}" or entries:
            entries.append(self._entry())
            if self._kinds[self._at] != ",":
                break
            self._at += 1
        self._expect("}", "to close the context")
        del self._long[scope:]
        return nodes.ContextLiteral(start, self._previous_end(), tuple(entries))

    def _entry(self) -> nodes.Entry:
        at = self._at
        named = self._kinds[at] != "string"
        if named:
            key = self._declared((":",), "a context entry")
        else:
            key = unescape(self._texts[at])
            self._at += 1
        tokens = tuple(self._texts[at : self._at]) if named else tuple(tokenize(key).texts[:-1])
        self._add_member(tokens, key if not named else normal(" ".join(tokens)))
        self._expect(":", "after the key")
        value = self._expression(0)
        return nodes.Entry(self._starts[at], value.end, key, value, named)

    # ---- if, for, some, every, function

    def _if(self) -> Node:
        if (name := self._long_name()) is not None:
            return name
        start = self._starts[self._at]
        self._at += 1
        condition = self._expression(0)
        self._expect("then", "after the condition")
        then = self._expression(0)
        self._expect("else", "after the value of “then”")
        otherwise = self._expression(0)
        return nodes.If(start, otherwise.end, condition, then, otherwise)

    def _for(self) -> Node:
        if (name := self._long_name()) is not None:
            return name
        start = self._starts[self._at]
        scope = len(self._long)
        iterators = self._iterators("return")
        result = self._expression(0)
        del self._long[scope:]
        return nodes.For(start, result.end, iterators, result)

    def _quantified(self) -> Node:
        if (name := self._long_name()) is not None:
            return name
        at = self._at
        scope = len(self._long)
        iterators = self._iterators("satisfies")
        condition = self._expression(0)
        del self._long[scope:]
        return nodes.Quantified(self._starts[at], condition.end, self._kinds[at], iterators, condition)

    def _iterators(self, stop: str) -> tuple[nodes.Iterator, ...]:
        iterators: list[nodes.Iterator] = []
        while True:
            self._at += 1
            start = self._starts[self._at]
            name = self._declared(("in",), "a loop's variable")
            self._at += 1
            domain = self._expression(0)
            to = None
            if self._kinds[self._at] == "..":
                self._at += 1
                to = self._expression(0)
            iterators.append(nodes.Iterator(start, self._previous_end(), name, domain, to))
            if self._kinds[self._at] != ",":
                break
        self._expect(stop, "after what the loop goes over")
        return tuple(iterators)

    def _function(self) -> Node:
        if (name := self._long_name()) is not None:
            return name
        start = self._starts[self._at]
        scope = len(self._long)
        self._at += 1
        self._expect("(", "after “function”")
        parameters: list[nodes.Parameter] = []
        while self._kinds[self._at] != ")" or parameters:
            parameters.append(self._parameter())
            if self._kinds[self._at] != ",":
                break
            self._at += 1
        self._expect(")", "after the parameters")
        external = self._kinds[self._at] == "external"
        self._at += external
        body = self._expression(0)
        del self._long[scope:]
        return nodes.FunctionDefinition(start, body.end, tuple(parameters), body, external)

    def _parameter(self) -> nodes.Parameter:
        start = self._starts[self._at]
        name = self._declared((":", ",", ")"), "a parameter")
        kind = ANY
        if self._kinds[self._at] == ":":
            self._at += 1
            kind = self._type()
        return nodes.Parameter(start, self._previous_end(), name, kind)

    # ---- operators

    def _arithmetic(self, left: Node) -> Node:
        operator = self._kinds[self._at]
        self._at += 1
        right = self._expression(_INFIX[operator])
        return nodes.Arithmetic(left.start, right.end, operator, left, right)

    def _comparison(self, left: Node) -> Node:
        operator = self._kinds[self._at]
        self._at += 1
        if self._kinds[self._at] in _COMPARISONS:
            # A range never stands right of a comparison: “<>” and “= >” are slips.
            self._no_operand()
        right = self._expression(_COMPARISON)
        return nodes.Comparison(left.start, right.end, operator, left, right)

    def _logic(self, left: Node) -> Node:
        operator = self._kinds[self._at]
        power = _INFIX[operator]
        operands = [left]
        while self._kinds[self._at] == operator:
            self._at += 1
            operands.append(self._expression(power))
        return nodes.Logic(left.start, operands[-1].end, operator, tuple(operands))

    def _between(self, left: Node) -> Node:
        self._at += 1
        low = self._expression(_COMPARISON)
        self._expect("and", "between the two ends")
        high = self._expression(_COMPARISON)
        return nodes.Between(left.start, high.end, left, low, high)

    def _in(self, left: Node) -> Node:
        self._at += 1
        tests = self._test_list() if self._kinds[self._at] == "(" else (self._test(_COMPARISON),)
        return nodes.In(left.start, self._previous_end(), left, tests)

    def _test_list(self) -> tuple[Node, ...]:
        """``(test, test)``; a single one may turn out to be an interval, or only to begin an expression."""
        start = self._starts[self._at]
        self._at += 1
        tests = self._tests()
        if self._kinds[self._at] == ".." and len(tests) == 1:
            tests = (self._interval(start, False, tests[0]),)
        else:
            self._expect(")", "after the tests")
        return (self._continued(tests[0], _COMPARISON),) if len(tests) == 1 else tests

    def _tests(self) -> tuple[Node, ...]:
        tests = [self._test(0)]
        while self._kinds[self._at] == ",":
            self._at += 1
            tests.append(self._test(0))
        return tuple(tests)

    def _test(self, weakest: int) -> Node:
        """A positive unary test: an operator with its operand, or any expression."""
        kind = self._kinds[self._at]
        if kind not in _COMPARISONS:
            return self._expression(weakest)
        start = self._starts[self._at]
        self._at += 1
        operand = self._expression(_COMPARISON)
        return nodes.UnaryTest(start, operand.end, kind, operand)

    def _instance(self, left: Node) -> Node:
        self._at += 1
        if self._texts[self._at] != "of":
            self.fail(f"expected “of” after “instance”, found {self._found()}")
        self._at += 1
        kind = self._type()
        return nodes.InstanceOf(left.start, self._previous_end(), left, kind)

    def _type(self) -> FeelType:
        known = Names(self._types)
        kind, self._at = parse_type_tokens(self._kinds, self._texts, self._at, self.fail, known)
        return kind

    # ---- postfix

    def _path(self, left: Node) -> Node:
        at = self._at + 1
        self._at = at
        length, name = self._longest(at, (*self._long, self._behind_dot, self._members))
        if length:
            self._at = at + length
        elif self._kinds[at] != "name" and self._kinds[at] not in KEYWORDS:
            self.fail(f"expected a name after “.”, found {self._found()}")
        else:
            self._at = at + 1
            name = self._texts[at]
        if self._kinds[self._at] == "name":
            name = self._more_words(name)
        return nodes.Path(left.start, self._previous_end(), left, name)

    def _filter(self, left: Node) -> Node:
        self._at += 1
        scope = len(self._long)
        self._long.append(self._in_filter)
        condition = self._expression(0)
        del self._long[scope:]
        self._expect("]", "to close the filter")
        return nodes.Filter(left.start, self._previous_end(), left, condition)

    def _call(self, left: Node) -> Node:
        self._at += 1
        if self._kinds[self._at] == ")":
            self._at += 1
            return nodes.Call(left.start, self._previous_end(), left, (), None)
        arguments: list[Node] = []
        names: list[str] = []
        while True:
            if (colon := self._named_argument()) is not None:
                names.append(normal(" ".join(self._texts[self._at : colon])))
                self._at = colon + 1
            if names and len(names) != len(arguments) + 1:
                self.fail("either all arguments are named or none is")
            arguments.append(self._expression(0))
            if self._kinds[self._at] != ",":
                break
            self._at += 1
        self._expect(")", "after the arguments")
        return nodes.Call(left.start, self._previous_end(), left, tuple(arguments), tuple(names) if names else None)

    def _named_argument(self) -> int | None:
        """Where the colon is if an argument's name begins here."""
        at = self._at
        kinds = self._kinds
        if kinds[at] != "name" and kinds[at] not in KEYWORDS:
            return None
        while kinds[at] in ("name", "number") or kinds[at] in KEYWORDS or kinds[at] in _INSIDE_NAMES:
            at += 1
        return at if kinds[at] == ":" else None


_WORDS: dict[str, object] = {"true": True, "false": False, "null": None}
_INSIDE_NAMES = frozenset(("-", "+", "*", "/", "'", "."))

_PREFIXES: dict[str, Callable[[Parser], Node]] = {
    "name": Parser._name, "number": Parser._number, "string": Parser._string, "-": Parser._negation,
    "(": Parser._parenthesis, "[": Parser._bracket, "]": Parser._open_interval, "{": Parser._context,
    "@": Parser._at_literal, "true": Parser._word, "false": Parser._word, "null": Parser._word, "if": Parser._if,
    "for": Parser._for, "some": Parser._quantified, "every": Parser._quantified, "function": Parser._function,
    "<": Parser._one_ended, "<=": Parser._one_ended, ">": Parser._one_ended, ">=": Parser._one_ended,
}  # fmt: skip
_INFIXES: dict[str, Callable[[Parser, Node], Node]] = {
    "+": Parser._arithmetic, "-": Parser._arithmetic, "*": Parser._arithmetic, "/": Parser._arithmetic,
    "**": Parser._arithmetic, "=": Parser._comparison, "!=": Parser._comparison, "<": Parser._comparison,
    "<=": Parser._comparison, ">": Parser._comparison, ">=": Parser._comparison, "and": Parser._logic,
    "or": Parser._logic, "between": Parser._between, "in": Parser._in, "instance": Parser._instance,
    ".": Parser._path, "[": Parser._filter, "(": Parser._call,
}  # fmt: skip
