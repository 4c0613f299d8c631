"""Expressions of a flow chart to Python over integers; the same text runs over one row and over columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NoReturn

from anyshore.payroll.wagetax import scaled, syntax
from anyshore.payroll.wagetax.scaled import Value
from anyshore.payroll.wagetax.syntax import Node, SyntaxProblem

PLACES_OF_ANY_QUOTIENT = 20
"""Decimal places kept of an exact division by what is not known before running; a quotient with more is refused."""
_LIMIT = 2**62
"""Amount that a column's integers stay below; what could be larger is watched while it runs."""


@dataclass(slots=True)
class Line:
    """One assignment of the translation.

    Attributes:
        name: what is assigned; empty where the code is run for its effect.
        code: Python.
        keep: whether it can fail, or is run for its effect, so that it stays though nobody reads it.
    """

    name: str
    code: str
    keep: bool = False


@dataclass(slots=True)
class Branch:
    """A branch of the translation; both sides assign the same names at their end."""

    condition: str
    then: list[Item]
    otherwise: list[Item]


Item = Line | Branch


@dataclass(slots=True)
class Translator:
    """What translating one flow chart collects.

    Attributes:
        columns: whether values are columns of 64-bit integers instead of integers of any size.
        state: what is known of each variable at this point.
        items: the lines so far.
        mask: name of the condition under which the rows of a column are here; empty where all are.
    """

    columns: bool
    state: dict[str, Value]
    constants: Mapping[str, Value]
    items: list[Item] = field(default_factory=list)
    mask: str = ""
    _names: int = 0

    def fresh(self, stem: str = "t") -> str:
        """A name that nothing has yet."""
        self._names += 1
        return f"{stem}_{self._names}"

    def named(self, value: Value, stem: str = "t") -> Value:
        """The value under a name of its own, so that its code runs once."""
        if value.code.isidentifier() or value.constant is not None:
            return value
        name = self.fresh(stem)
        self.items.append(Line(name, value.code))
        return Value(value.sort, name, value.scale, value.known, value.bound)

    def expression(self, node: Node) -> Value:
        """The value of an expression; lines it needs first are appended.

        Raises:
            SyntaxProblem: it is not among what flow charts may say.
        """
        match node:
            case syntax.Number():
                return scaled.literal(node)
            case syntax.Name(name):
                return self._variable(name)
            case syntax.Member(syntax.Name("BigDecimal"), ("ZERO" | "ONE" | "TEN") as name):
                return scaled.constant({"ZERO": 0, "ONE": 1, "TEN": 10}[name])
            case syntax.Index():
                return self._element(self.expression(node.of), self.expression(node.index))
            case syntax.Array(items):
                return _array([self.expression(one) for one in items])
            case syntax.Unary():
                return self._unary(node.operator, self.expression(node.operand))
            case syntax.Binary(operator, syntax.Call(of, "compareTo", (other,)), right) if operator in _COMPARISONS:
                return self._asked(operator, self._decimal(of), self._decimal(other), self.expression(right))
            case syntax.Binary():
                return self._binary(node)
            case syntax.Call(syntax.Name("BigDecimal"), ("valueOf" | "new") as name, arguments):
                return self._made(name, arguments)
            case syntax.Call():
                return self._called(node)
        return _refuse(node)

    def _variable(self, name: str) -> Value:
        found = self.state.get(name) or self.constants.get(name)
        if found is None:
            raise SyntaxProblem(f"there is no variable {name}")
        return found

    def _element(self, array: Value, index: Value) -> Value:
        if array.sort != "array" or index.sort != "integer" or array.known is None:
            raise SyntaxProblem("an element of something that is no array")
        size = len(array.known)
        if index.constant is not None:
            if not 0 <= index.constant < size:
                raise SyntaxProblem(f"the array has no element {index.constant}")
            return scaled.constant(array.known[index.constant], array.scale)
        name = self.fresh()
        lanes = f", {self.mask or 'True'}" if self.columns else ""
        self.items.append(Line(name, f"element({array.code}, {index.code}{lanes})", keep=True))
        return Value("decimal", name, array.scale, None, array.bound)

    def _unary(self, operator: str, operand: Value) -> Value:
        if operator == "!":
            if operand.sort != "boolean":
                raise SyntaxProblem("! of something that is no condition")
            if operand.constant is not None:
                return scaled.truth(not operand.constant)
            code = f"~{operand.code}" if self.columns else f"not {operand.code}"
            return Value("boolean", f"({code})")
        if operand.sort != "integer" and operand.constant is None:
            raise SyntaxProblem("- before something that is no integer")
        return self._negated(operand)

    def _negated(self, value: Value) -> Value:
        if value.constant is not None:
            return scaled.constant(-value.constant, value.scale, value.sort)
        return Value(value.sort, f"(-{value.code})", value.scale, scaled.known(lambda a: -a, value), value.bound)

    def _binary(self, node: syntax.Binary) -> Value:
        left, right = self.expression(node.left), self.expression(node.right)
        operator = node.operator
        if operator in ("&&", "||"):
            return self._joined(operator, left, right)
        if operator in _COMPARISONS:
            return self._compared(operator, left, right)
        if operator not in _ARITHMETIC:
            raise SyntaxProblem(f"{operator} is not computed")
        if left.sort == "integer" and right.sort == "integer":
            return self._computed(operator, "integer", 0, left, right)
        # ``0.008+0.07`` is 0.078, as the chart on paper has it, though Java's binary floats make it a trace more
        if left.constant is None or right.constant is None or {left.sort, right.sort} - {"integer", "decimal"}:
            raise SyntaxProblem(f"{operator} between what are no integers: binary floats are not computed with")
        if operator == "*":
            return self._product(left, right)
        return self._sum(left, right) if operator == "+" else self._difference(left, right)

    def _joined(self, operator: str, left: Value, right: Value) -> Value:
        if left.sort != "boolean" or right.sort != "boolean":
            raise SyntaxProblem(f"{operator} between what are no conditions")
        decisive = operator == "||"
        for one, other in ((left, right), (right, left)):
            if one.constant is not None:
                return scaled.truth(decisive) if bool(one.constant) is decisive else other
        word = {"&&": "&", "||": "|"}[operator] if self.columns else {"&&": "and", "||": "or"}[operator]
        return Value("boolean", f"({left.code} {word} {right.code})")

    def _asked(self, operator: str, left: Value, right: Value, answer: Value) -> Value:
        """``a.compareTo(b) == 1`` is ``a > b``."""
        told = None if answer.constant is None else _COMPARED.get((operator, answer.constant))
        if told is None:
            raise SyntaxProblem(f"compareTo {operator} {answer.code} is no question")
        return self._compared(told, left, right)

    def _compared(self, operator: str, left: Value, right: Value) -> Value:
        if {left.sort, right.sort} - {"integer", "decimal"}:
            raise SyntaxProblem(f"{operator} between what are no numbers")
        left, right = self._aligned(left, right)
        answers = scaled.known(lambda a, b: int(_COMPARISONS[operator](a, b)), left, right)
        if answers is not None and len(answers) == 1:
            return scaled.truth(bool(answers[0]))
        return Value("boolean", f"({left.code} {operator} {right.code})")

    def _made(self, name: str, arguments: tuple[Node, ...]) -> Value:
        if len(arguments) == 1 and isinstance(arguments[0], syntax.Text):
            return scaled.literal(syntax.Number(arguments[0].text.strip()))
        values = [self.expression(one) for one in arguments]
        if len(values) == 1 and values[0].sort in ("integer", "decimal"):
            one = values[0]
            if name == "new" and one.scale:
                raise SyntaxProblem("new BigDecimal of a binary float is not exact")
            return Value("decimal", one.code, one.scale, one.known, one.bound)
        return _refuse(arguments)

    def _called(self, node: syntax.Call) -> Value:
        of = self.expression(node.of)
        if of.sort != "decimal":
            raise SyntaxProblem(f"{node.name} of something that is no BigDecimal")
        if node.name == "setScale":
            return self._set_scale(of, *_rounding(node.arguments))
        arguments = node.arguments
        if node.name == "divide" and len(arguments) == 3:
            return self._divided(of, self._decimal(arguments[0]), *_rounding(arguments[1:]))
        plain: dict[str, Callable[[Value, Value], Value]] = {
            "add": self._sum, "subtract": self._difference, "multiply": self._product, "divide": self._quotient,
            "compareTo": self._comparison, "min": self._least, "max": self._most,
        }  # fmt: skip
        if node.name in plain and len(arguments) == 1:
            return plain[node.name](of, self._decimal(arguments[0]))
        alone: dict[str, Callable[[Value], Value]] = {
            "negate": self._negated, "abs": self._amount, "longValue": self._whole, "intValue": self._whole,
        }  # fmt: skip
        if node.name in alone and not arguments:
            return alone[node.name](of)
        raise SyntaxProblem(f"{node.name} with {len(arguments)} arguments is not computed")

    def _decimal(self, node: Node) -> Value:
        value = self.expression(node)
        if value.sort != "decimal":
            raise SyntaxProblem("a BigDecimal is needed here")
        return value

    def _computed(self, operator: str, sort: scaled.Sort, scale: int, left: Value, right: Value) -> Value:
        """A sum, difference or product of the integers; watched in a column, where it could grow too large."""
        function, bounding = _ARITHMETIC[operator]
        found = scaled.known(function, left, right)
        if found is not None and len(found) == 1:
            return scaled.constant(found[0], scale, sort)
        bound = scaled.grown(bounding, left, right)
        if self.columns and (bound is None or bound >= _LIMIT):
            name = self.fresh()
            code = f"watched({operator!r}, {left.code}, {right.code}, {self.mask or 'True'})"
            self.items.append(Line(name, code, keep=True))
            return Value(sort, name, scale, None, _LIMIT - 1)
        return Value(sort, f"({left.code} {operator} {right.code})", scale, found, bound)

    def raised(self, value: Value, factor: int, scale: int) -> Value:
        """The integer times a factor, at a given scale."""
        if scale > scaled.MAX_SCALE:
            raise SyntaxProblem(f"more than {scaled.MAX_SCALE} decimal places are needed")
        if factor == 1:
            return Value(value.sort, value.code, scale, value.known, value.bound)
        return self._computed("*", value.sort, scale, value, scaled.constant(factor))

    def rescaled(self, value: Value, scale: int) -> Value:
        """The same value with more decimal places."""
        return self.raised(value, 10 ** (scale - value.scale), scale)

    def _aligned(self, left: Value, right: Value) -> tuple[Value, Value]:
        scale = max(left.scale, right.scale)
        return self.rescaled(left, scale), self.rescaled(right, scale)

    def _sum(self, left: Value, right: Value) -> Value:
        left, right = self._aligned(left, right)
        return self._computed("+", "decimal", left.scale, left, right)

    def _difference(self, left: Value, right: Value) -> Value:
        left, right = self._aligned(left, right)
        return self._computed("-", "decimal", left.scale, left, right)

    def _product(self, left: Value, right: Value) -> Value:
        scale = left.scale + right.scale
        if scale > scaled.MAX_SCALE:
            raise SyntaxProblem(f"more than {scaled.MAX_SCALE} decimal places are needed")
        return self._computed("*", "decimal", scale, left, right)

    def _quotient(self, left: Value, right: Value) -> Value:
        """Exact, as ``divide`` without a scale is; a quotient that does not end is an error."""
        if right.known is not None and 0 in right.known:
            raise SyntaxProblem("a division by what can be zero")
        places, always = scaled.places_of_quotient(right.known) if right.known else (PLACES_OF_ANY_QUOTIENT, False)
        raised = self.named(self.raised(left, 10 ** (places + right.scale), left.scale + places))
        if always:
            return self._by(raised, right, "DOWN", raised.scale)
        return self._by(raised, right, "UNNECESSARY", raised.scale)

    def _divided(self, left: Value, right: Value, scale: int, mode: str) -> Value:
        if right.known is not None and 0 in right.known:
            raise SyntaxProblem("a division by what can be zero")
        up = scale + right.scale - left.scale
        if up >= 0:
            return self._by(self.named(self.raised(left, 10**up, scale)), right, mode, scale)
        return self._by(self.named(left), self.raised(right, 10**-up, 0), mode, scale)

    def _set_scale(self, value: Value, scale: int, mode: str) -> Value:
        if scale >= value.scale:
            return self.rescaled(value, scale)
        return self._by(self.named(value), scaled.constant(10 ** (value.scale - scale)), mode, scale)

    def _by(self, value: Value, divisor: Value, mode: str, scale: int) -> Value:
        """The integer of a value divided by an integer and rounded."""
        by = divisor.constant
        if by is None or by < 0 or mode not in ("DOWN", "UP") or self.columns:
            return self._by_function(value, divisor, mode, scale)
        found = scaled.known(lambda one: scaled.rounded(one, by, mode), value)
        if found is not None and len(found) == 1:
            return scaled.constant(found[0], scale)
        bound = None if value.bound is None else value.bound // by + 1
        if by == 1:
            return Value("decimal", value.code, scale, found, bound)
        x = value.code
        code = f"({x} // {by} if {x} >= 0 else -(-{x} // {by}))" if mode == "DOWN" else (
            f"(-(-{x} // {by}) if {x} >= 0 else {x} // {by})"
        )  # fmt: skip
        return Value("decimal", code, scale, found, bound)

    def _by_function(self, value: Value, divisor: Value, mode: str, scale: int) -> Value:
        one, by = value.constant, divisor.constant
        if one is not None and by is not None and by > 0 and not (mode == "UNNECESSARY" and one % by):
            return scaled.constant(scaled.rounded(one, by, mode), scale)
        if by == 1:
            return Value("decimal", value.code, scale, value.known, value.bound)
        lanes = f", {self.mask or 'True'}" if self.columns else ""
        name = self.fresh()
        code = f"quotient({value.code}, {divisor.code}, {mode!r}{lanes})"
        self.items.append(Line(name, code, keep=mode == "UNNECESSARY" or divisor.known is None))
        return Value("decimal", name, scale, None, None if value.bound is None else value.bound + 1)

    def _comparison(self, left: Value, right: Value) -> Value:
        left, right = (self.named(one) for one in self._aligned(left, right))
        code = f"1 * ({left.code} > {right.code}) - ({left.code} < {right.code})"
        found = scaled.known(lambda a, b: (a > b) - (a < b), left, right)
        return Value("integer", f"({code})", 0, found, 1)

    def _least(self, left: Value, right: Value) -> Value:
        return self._chosen("least", left, right)

    def _most(self, left: Value, right: Value) -> Value:
        return self._chosen("most", left, right)

    def _chosen(self, function: str, left: Value, right: Value) -> Value:
        left, right = self._aligned(left, right)
        bound = scaled.grown(max, left, right)
        return Value("decimal", f"{function}({left.code}, {right.code})", left.scale, None, bound)

    def _amount(self, value: Value) -> Value:
        return Value("decimal", f"abs({value.code})", value.scale, scaled.known(abs, value), value.bound)

    def _whole(self, value: Value) -> Value:
        """``longValue``: what stands before the point."""
        found = self._set_scale(value, 0, "DOWN")
        return Value("integer", found.code, 0, found.known, found.bound)


_Function = Callable[[int, int], int]
_ARITHMETIC: Mapping[str, tuple[_Function, _Function]] = {
    "+": (lambda a, b: a + b, lambda a, b: a + b),
    "-": (lambda a, b: a - b, lambda a, b: a + b),
    "*": (lambda a, b: a * b, lambda a, b: a * b),
}
"""By operator what it computes, and how a bound of the result follows from bounds of the operands."""
_COMPARISONS: Mapping[str, Callable[[int, int], bool]] = {
    "==": lambda a, b: a == b, "!=": lambda a, b: a != b, "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b, ">": lambda a, b: a > b, ">=": lambda a, b: a >= b,
}  # fmt: skip
_COMPARED: Mapping[tuple[str, int], str] = {
    ("==", 1): ">", ("==", 0): "==", ("==", -1): "<", ("!=", 1): "<=", ("!=", 0): "!=", ("!=", -1): ">=",
    (">", 0): ">", (">=", 0): ">=", ("<", 0): "<", ("<=", 0): "<=", (">=", 1): ">", ("<=", -1): "<",
    ("<", 1): "<=", (">", -1): ">=",
}  # fmt: skip


def _array(items: list[Value]) -> Value:
    if not items or any(one.constant is None for one in items):
        raise SyntaxProblem("an array of what is not known")
    scale = max(one.scale for one in items)
    numbers = tuple((one.constant or 0) * 10 ** (scale - one.scale) for one in items)
    return Value("array", "", scale, numbers, max(map(abs, numbers)))


def _rounding(arguments: tuple[Node, ...]) -> tuple[int, str]:
    """Scale and rounding mode of ``setScale`` and of ``divide``."""
    if not arguments or not isinstance(arguments[0], syntax.Number) or not arguments[0].text.isdigit():
        raise SyntaxProblem("a scale that is no number")
    scale = int(arguments[0].text)
    if scale > scaled.MAX_SCALE:
        raise SyntaxProblem(f"more than {scaled.MAX_SCALE} decimal places are asked for")
    if len(arguments) == 1:
        return scale, "UNNECESSARY"
    match arguments[1:]:
        case (syntax.Member(syntax.Name("BigDecimal" | "RoundingMode"), name),):
            mode = name.removeprefix("ROUND_")
            if mode in scaled.ROUNDINGS:
                return scale, mode
    raise SyntaxProblem("a rounding that is not known")


def _refuse(node: object) -> NoReturn:
    raise SyntaxProblem(f"{type(node).__name__} is not computed here")
