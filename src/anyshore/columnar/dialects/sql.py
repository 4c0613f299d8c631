"""Plans as SQL: a tree of sqlglot made by hand, so that no transpiler decides what an operation is.

Only what stands in the table of a dialect is ever written; sqlglot writes the text, and is asked for nothing else.
What engines do differently stands in `Dialect`, with the version it was seen in.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlglot import exp

from anyshore.columnar.plan import NARROW, NotCompiled, Plan

Emit = Callable[[Plan], exp.Expression]


@dataclass(frozen=True, slots=True)
class Dialect:
    """What an engine has words of its own for.

    Attributes:
        name: as sqlglot calls it.
        version: the version its differences were seen in.
        narrow: the type of whole numbers of 64 bits.
        wide: that of larger ones; nothing where the engine has none that never rounds.
        field: a column by its reading.
        functions: the operations that are functions of the engine.
    """

    name: str
    version: str
    narrow: str
    wide: str | None
    field: Callable[[exp.Expression, list[str], Plan], exp.Expression]
    functions: dict[str, Callable[[Plan, list[exp.Expression]], exp.Expression]]


def call(name: str, *arguments: exp.Expression) -> exp.Expression:
    """A function of the engine, by its own name."""
    return exp.Anonymous(this=name, expressions=list(arguments))


def number(value: int) -> exp.Expression:
    """A whole number; a negative one in parentheses, as ``7 %-2`` is read as an operator of its own."""
    literal = exp.Literal.number(abs(value))
    return exp.Paren(this=exp.Neg(this=literal)) if value < 0 else literal


def string(value: str) -> exp.Expression:
    """A text."""
    return exp.Literal.string(value)


def cast(value: exp.Expression, kind: str, *, tried: bool = False) -> exp.Expression:
    """A value as a type of the engine; tried, null where it cannot be."""
    make = exp.TryCast if tried else exp.Cast
    return make(this=value, to=exp.DataType(this=exp.DataType.Type.USERDEFINED, kind=kind))


def case(condition: exp.Expression, then: exp.Expression, otherwise: exp.Expression | None = None) -> exp.Expression:
    """``CASE WHEN … THEN … ELSE … END``."""
    return exp.Case(ifs=[exp.If(this=condition, true=then)], default=otherwise)


class Emitter:
    """Emits a plan in a dialect."""

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect

    def of(self, plan: Plan) -> exp.Expression:
        """The expression of a plan.

        Raises:
            NotCompiled: the engine has no exact form for it.
        """
        match plan.op:
            case "constant":
                return self._constant(plan)
            case "field":
                name, reading = plan.pair
                column = exp.Column(this=exp.Identifier(this=name, quoted=True))
                return self.dialect.field(column, reading.split(), plan)
            case "column":  # what a query inside has computed
                return exp.Column(this=exp.Identifier(this=str(plan.value), quoted=True))
            case "if":
                return case(*(self.of(one) for one in plan.args))
            case "among":
                values = [string(v) if isinstance(v, str) else number(v) for v in plan.value]  # type: ignore[attr-defined]
                return exp.Paren(this=exp.In(this=self.of(plan.args[0]), expressions=values))
            case "and" | "or":
                make = exp.And if plan.op == "and" else exp.Or
                return _balanced(make, [exp.Paren(this=self.of(one)) for one in plan.args])
        arguments = [self.of(one) for one in plan.args]
        operator = _OPERATORS.get(plan.op)
        if operator is not None:
            return exp.Paren(this=operator(*arguments))
        if plan.op in _ARITHMETIC:
            return self._arithmetic(plan)
        return self.dialect.functions[plan.op](plan, arguments)

    def kind(self, plan: Plan) -> str:
        """The type of a whole number.

        Raises:
            NotCompiled: it can be larger than the engine's whole numbers.
        """
        if plan.bound < NARROW:
            return self.dialect.narrow
        if self.dialect.wide is None:
            raise NotCompiled(f"a number can be larger than the whole numbers of {self.dialect.name}")
        return self.dialect.wide

    def _constant(self, plan: Plan) -> exp.Expression:
        value = plan.value
        if value is None:
            kind = {"truth": "BOOLEAN", "text": "STRING" if self.dialect.name == "spark" else "VARCHAR"}
            return cast(exp.Null(), kind.get(plan.kind) or self.dialect.narrow)
        if isinstance(value, bool):
            return exp.Boolean(this=value)
        if isinstance(value, int):
            return cast(number(value), self.kind(plan))
        return string(str(value))

    def _arithmetic(self, plan: Plan) -> exp.Expression:
        left, right = plan.args
        widest = max((plan, left, right), key=lambda one: one.bound)
        kind = self.kind(widest)
        a, b = (
            self.of(one) if one.bound >= NARROW or widest.bound < NARROW else cast(self.of(one), kind)
            for one in (left, right)
        )
        if plan.op != "floor divide":
            return exp.Paren(this=_ARITHMETIC[plan.op](this=a, expression=b))
        return self._floor_divided(plan, a, b)

    def _floor_divided(self, plan: Plan, a: exp.Expression, b: exp.Expression) -> exp.Expression:
        """Engines cut the quotient towards zero; and a divisor of zero never reaches one."""
        divide = self.dialect.functions["divide"]
        quotient = divide(plan, [a.copy(), b.copy()])
        one = cast(number(1), self.dialect.narrow)
        minus = exp.Paren(this=exp.Neg(this=a.copy()))
        raised = exp.Paren(this=exp.Sub(this=exp.Add(this=minus, expression=b.copy()), expression=one))
        below = exp.Neg(this=exp.Paren(this=divide(plan, [raised, b.copy()])))
        found = case(exp.LT(this=a.copy(), expression=number(0)), exp.Paren(this=below), quotient)
        if plan.args[1].op == "constant":
            return found
        return case(exp.GT(this=b.copy(), expression=number(0)), found)


def _balanced(make: Callable[..., exp.Expression], parts: list[exp.Expression]) -> exp.Expression:
    if len(parts) == 1:
        return parts[0]
    middle = len(parts) // 2
    left, right = _balanced(make, parts[:middle]), _balanced(make, parts[middle:])
    return exp.Paren(this=make(this=left, expression=right))


_ARITHMETIC: dict[str, Callable[..., exp.Expression]] = {
    "add": exp.Add, "subtract": exp.Sub, "multiply": exp.Mul, "floor divide": exp.Div,
}  # fmt: skip
_OPERATORS: dict[str, Callable[..., exp.Expression]] = {
    "below": lambda a, b: exp.LT(this=a, expression=b),
    "equals": lambda a, b: exp.EQ(this=a, expression=b),
    "same": lambda a, b: exp.NullSafeEQ(this=a, expression=b),
    "is null": lambda a: exp.Is(this=a, expression=exp.Null()),
    "not": lambda a: exp.Not(this=exp.Paren(this=a)),
    "is true": lambda a: exp.Coalesce(this=a, expressions=[exp.Boolean(this=False)]),
}


def text_of(plan: Plan, dialect: Dialect) -> str:
    """The SQL of a plan.

    Raises:
        NotCompiled: the engine has no exact form for it.
    """
    return Emitter(dialect).of(plan).sql(dialect=dialect.name)
