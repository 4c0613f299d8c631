"""Compiled expressions, and how to make them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from anyshore.base import sizes
from anyshore.base.decimals import CONTEXT
from anyshore.base.errors import Diagnostic, FeelError, TooLargeError
from anyshore.base.locations import Location
from anyshore.feel.builtins.table import BUILTIN_NAMES, BUILTINS
from anyshore.feel.compile_access import ACCESS
from anyshore.feel.compile_calls import CALLS
from anyshore.feel.compile_flow import FLOW
from anyshore.feel.compile_operators import OPERATORS
from anyshore.feel.compiler import FIRST_SLOT, LIGHT, Code, Compiler
from anyshore.feel.hints import HINTS
from anyshore.feel.lexer import unescape
from anyshore.feel.names import Names
from anyshore.feel.nodes import Literal, Node
from anyshore.feel.origin import Origin
from anyshore.feel.parser import Parser
from anyshore.feel.run import DEFAULT_LIMITS, QUIET, Limits, Run
from anyshore.feel.shapes import (
    BLANKS,
    LONGEST,
    ONCE,
    Key,
    Literals,
    NotSharedError,
    Shape,
    Shapes,
    SharedOrigin,
    cut,
    outline,
)
from anyshore.feel.types import FeelType
from anyshore.feel.values import number

_SMALL = frozenset((bool, Decimal, type(None)))
_SHORT = 1_000
_TABLE = {**OPERATORS, **ACCESS, **CALLS, **FLOW}
_NO_NAMES = Names()
_NO_TYPES: Mapping[str, FeelType] = MappingProxyType({})


class Expression:
    """A compiled expression. It never changes, and any number of evaluations may share it.

    Attributes:
        source: the text it was compiled from.
        location: where that text stands.
        tree: its syntax tree.
        free_names: the variables it reads (entries of filtered elements excepted, where they cannot be told apart);
            also names of built-in functions it does not call, as a variable of that name stands before them.
        functions_read: the built-in functions it reads and does not call, where no known variable has the name.
    """

    __slots__ = (
        "_code",
        "_known",
        "_literals",
        "_needs_run",
        "_shape",
        "_slots",
        "_used",
        "_weight",
        "functions_read",
        "location",
        "source",
        "tree",
    )

    _shape: Shape
    _literals: list[Any] | None

    def __init__(self, origin: Origin, tree: Node, compiler: Compiler, code: Code) -> None:
        self.source = origin.text
        self.location = origin.location
        self.tree = tree
        self._code = code
        self._used = compiler.free
        self.functions_read = compiler.values_of_functions
        self._known = compiler.names
        self._needs_run = compiler.needs_run
        self._weight = compiler.compiled >> LIGHT
        self._slots = [None] * (compiler.size - FIRST_SLOT)

    @property
    def free_names(self) -> frozenset[str]:
        """The variables it reads."""
        return frozenset(self._used)

    @property
    def unknown_names(self) -> list[tuple[str, Location]]:
        """The variables it reads that were not among the known names, with the place of each."""
        origin = Origin(self.source, self.location)
        return [
            (name, origin.locate(start))
            for name, start in sorted(self._used.items(), key=lambda one: one[1])
            if name not in self._known and name != "?" and name not in self.functions_read
        ]

    def evaluate(
        self,
        variables: Mapping[str, object],
        *,
        now: int | None = None,
        zone: str = "UTC",
        diagnostics: list[Diagnostic] | None = None,
        strict: bool = False,
        limits: Limits = DEFAULT_LIMITS,
    ) -> object:
        """The value of the expression.

        Args:
            variables: FEEL values by name.
            now: microseconds since 1970-01-01T00:00Z for ``now()`` and ``today()``.
            zone: the IANA zone they are told in.
            diagnostics: a list to note in why something is null.
            strict: raise for the first of them instead.
            limits: the budget.

        Raises:
            FeelError: the budget is used up, the value is too large to be written out (``value.too-large``), or, if
                strict, something is null that should not be.
        """
        if self._needs_run or diagnostics is not None or strict:
            found = self.evaluate_in(Run(now, zone, diagnostics, strict, limits), variables)
        else:
            try:
                found = self._code([variables, QUIET, *self._slots])
            except RecursionError:
                raise self._too_deep() from None
        if type(found) in _SMALL:
            return found
        return self._bounded(found, limits)

    def _bounded(self, value: object, limits: Limits) -> object:
        """The value, where it is no larger than whoever asked may write out."""
        try:
            sizes.check(value, limits.value, "What the expression gives")
        except TooLargeError as problem:
            raise FeelError(problem.code, problem.message, self.location, problem.hint) from None
        return value

    def evaluate_in(self, run: Run, variables: Mapping[str, object]) -> object:
        """The value within a run that several expressions share, with its budget and its diagnostics."""
        run.spend(self._weight)
        try:
            return self._code([variables, run, *self._slots])
        except RecursionError:
            raise self._too_deep() from None

    def _too_deep(self) -> FeelError:
        return FeelError(
            "feel.budget.depth", "the expression calls or nests too deep", self.location, HINTS["feel.budget.depth"]
        )

    def __repr__(self) -> str:
        return f"Expression({self.source!r})"


_OWN = tuple(name for name in Expression.__slots__ if name not in ("_literals", "_shape"))


class Sharing(Expression):
    """An expression whose first evaluation uses code that it shares with others of its shape.

    It is compiled for itself where more is wanted: its tree, the reasons of a null, a second evaluation.
    """

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        if name not in Expression.__slots__:
            raise AttributeError(name)
        return getattr(self._alone(), name)

    def _alone(self) -> Expression:
        """Compiles the expression for itself, and makes it one like any other."""
        whole = _compile(self.source, (), _NO_TYPES, self.location, False)
        for slot in _OWN:
            setattr(self, slot, getattr(whole, slot))
        self.__class__ = Expression  # type: ignore[assignment]
        return self

    @property
    def free_names(self) -> frozenset[str]:
        """The variables it reads."""
        return frozenset(self._shape.free) if self._shape.plain else self._alone().free_names

    def evaluate(
        self,
        variables: Mapping[str, object],
        *,
        now: int | None = None,
        zone: str = "UTC",
        diagnostics: list[Diagnostic] | None = None,
        strict: bool = False,
        limits: Limits = DEFAULT_LIMITS,
    ) -> object:
        """The value of the expression, as `Expression.evaluate`."""
        shape, literals = self._shape, self._literals
        if literals is None or diagnostics is not None or strict:
            return self._alone().evaluate(
                variables, now=now, zone=zone, diagnostics=diagnostics, strict=strict, limits=limits
            )
        self._literals = None
        run: Run = QUIET
        try:
            if shape.needs_run:
                run = Run(now, zone, None, False, limits)
                run.spend(shape.weight)
            found = shape.code([variables, run, *literals, *shape.slots])
        except RecursionError:
            raise self._too_deep() from None
        except FeelError as error:
            raise shape.told(error, Origin(self.source, self.location)) from None
        kind = type(found)
        if kind in _SMALL or (kind is str and len(found) < _SHORT and limits is DEFAULT_LIMITS):
            return found
        if kind is list and limits is DEFAULT_LIMITS and sizes.is_small(found):
            return found
        if shape.has_functions:
            return self._alone().evaluate(variables, now=now, zone=zone, limits=limits)
        return self._bounded(found, limits)


def compile(
    text: str,
    *,
    names: Names | Iterable[str] = (),
    types: Mapping[str, FeelType] = _NO_TYPES,
    location: Location | None = None,
) -> Expression:
    """Compile an expression.

    Args:
        text: the expression.
        names: names its variables have; needed for names with operators or keywords in them. Prepare them once with
            `Names` if many expressions share them.
        types: the types the model defines, by name.
        location: where the text stands.

    Raises:
        FeelError: the text is not FEEL; says where.
    """
    if names or types or len(text) > LONGEST:
        return _compile(text, names, types, location, False)
    parts = cut(text.strip(BLANKS))
    try:
        literals = [
            _create(one) if one[0] != '"' else one[1:-1] if "\\" not in one else unescape(one) for one in parts[1::2]
        ]
    except ArithmeticError:
        return _compile(text, names, types, location, False)
    key = (*parts[::2], *map(type, literals))
    shape = SHAPES.found.get(key) or _shape(text, parts, literals, key)
    if shape is None or not (shape.plain or _completed(shape, literals)):
        return _compile(text, names, types, location, False)
    # Filled here: a call of a constructor would take as long as finding the shape.
    made = _new(Sharing)
    made.source, made.location, made._shape, made._literals = text, location or _NOWHERE, shape, literals
    return made


SHAPES = Shapes()
"""Those of this process."""
_create = CONTEXT.create_decimal
_new: Callable[[type[Sharing]], Sharing] = object.__new__


def _completed(shape: Shape, literals: list[Any]) -> bool:
    """Makes of literals what a shape wants, and puts the names behind them; whether it could be."""
    for at, conversion in shape.conversions:
        if (value := conversion(literals[at])) is None:
            return False
        literals[at] = value
    literals += shape.names
    return True


def _shape(text: str, parts: list[str], values: list[Any], key: Key) -> Shape | None:
    """The shape of a text; None where its code cannot be shared, or where it is no expression."""
    known, shape = SHAPES.look(key)
    if known:
        return shape
    between, names = outline(parts)
    if not between:
        return None
    wider = (None, between, *map(type, values))
    known, shape = SHAPES.look(wider)
    if not known:
        SHAPES.add(wider, ONCE)
        return None
    try:
        if shape is ONCE:
            shape = _made(text, Literals(text, parts, values, names))
            SHAPES.add(wider, shape)
        if shape is None and names:
            shape = _made(text, Literals(text, parts, values, {}))
        elif shape is not None and names:
            shape = shape.of(names)
    except (FeelError, RecursionError):
        return None
    SHAPES.add(key, shape)
    return shape


def _made(text: str, literals: Literals) -> Shape | None:
    """A shape whose code is made from a text; None where it cannot be shared."""
    parser = Parser(SharedOrigin(text, _NOWHERE), _NO_NAMES, BUILTIN_NAMES)
    origin = SharedOrigin("", _NOWHERE)
    compiler = Compiler(origin, _NO_NAMES, _NO_TYPES, BUILTINS, _TABLE, shared=literals)
    tree = parser.parse_expression()
    try:
        code, conversions = compiler.code(tree), literals.conversions()
    except NotSharedError:
        return None
    slots = [None] * (compiler.size - FIRST_SLOT - literals.count)
    weight = compiler.compiled >> LIGHT
    return Shape(
        code, (), conversions, slots, compiler.needs_run, weight, compiler.free, parser.starts, literals.has_functions
    )


def compile_unary_tests(
    text: str,
    *,
    names: Names | Iterable[str] = (),
    types: Mapping[str, FeelType] = _NO_TYPES,
    location: Location | None = None,
    truth_decides: bool = False,
) -> Expression:
    """Compile the unary tests of a decision table's cell; the input value is the variable ``?``.

    Arguments and errors are those of `compile`.

    Args:
        text: the tests.
        names: names in scope.
        types: the types the model defines, by name.
        location: where the text stands.
        truth_decides: whether a test that is true matches though it does not speak of ``?``, as Camunda decides; in
            DMN 1.5 (10.3.2.10, table 55) it is a value the input value must equal.
    """
    return _compile(text, names, types, location, True, truth_decides)


def _compile(
    text: str,
    names: Names | Iterable[str],
    types: Mapping[str, FeelType],
    location: Location | None,
    unary: bool,
    truth_decides: bool = False,
) -> Expression:
    known = names if isinstance(names, Names) else (Names(names) if names else _NO_NAMES)
    origin = Origin(text, location or _NOWHERE)
    if not unary and _CONSTANT.fullmatch(text):
        return _constant(origin, known, types)
    try:
        parser = Parser(origin, known, BUILTIN_NAMES, types=types)
        tree: Node = parser.parse_unary_tests() if unary else parser.parse_expression()
        compiler = Compiler(origin, known, types, BUILTINS, _TABLE, truth_decides)
        return Expression(origin, tree, compiler, compiler.code(tree))
    except RecursionError:
        raise FeelError(
            "feel.too-deep", "the expression is nested too deep", origin.location, HINTS["feel.too-deep"]
        ) from None


# Most outputs of decision tables are one literal: it needs no tokens and no parser.
_CONSTANT = re.compile(r'[0-9]{1,30}(?:\.[0-9]{1,30})?|"[^"\\]*"|true|false|null')
_WORDS = {"true": True, "false": False, "null": None}


def _constant(origin: Origin, known: Names, types: Mapping[str, FeelType]) -> Expression:
    text = origin.text
    if text[0] == '"':
        value: object = text[1:-1]
    else:
        value = _WORDS[text] if text in _WORDS else number(text)
    tree = Literal(0, len(text), value)
    compiler = Compiler(origin, known, types, BUILTINS, _TABLE)
    return Expression(origin, tree, compiler, lambda frame: value)


_NOWHERE = Location()


@lru_cache(maxsize=1024)
def _cached(text: str) -> Expression:
    return compile(text)


def evaluate(text: str, variables: Mapping[str, object] = MappingProxyType({}), **options: object) -> object:
    """Compile (once) and evaluate an expression whose names need no telling; options are those of `evaluate`."""
    return _cached(text).evaluate(variables, **options)  # type: ignore[arg-type]
