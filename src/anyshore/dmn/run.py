"""One evaluation of a decision: values decided so far, problems met, and the trace where an explanation is wanted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from anyshore.base.errors import DefinitionError, Diagnostic
from anyshore.base.locations import Location
from anyshore.dmn.elements import DecisionService, Definitions
from anyshore.dmn.expressions import Compiled, Expression, UnaryTests
from anyshore.dmn.hints import hinted
from anyshore.dmn.linked import Linked
from anyshore.dmn.results import Explanation, shown
from anyshore.dmn.types import Type, convert
from anyshore.feel.run import Run as FeelRun

if TYPE_CHECKING:
    from lxml import etree

Scope = Mapping[str, object]
Evaluator = Callable[[Expression | None, Scope, "Run", Definitions], object]
Serve = Callable[[DecisionService, Mapping[str, object], "Run"], object]
MAX_DEPTH = 200


@dataclass(slots=True)
class Run:
    """The state of one evaluation.

    Attributes:
        model: what is evaluated.
        inputs: the values given, by name.
        feel: the run all its expressions share: their clock and their budget.
        diagnostics: problems so far.
        evaluator: evaluates a boxed expression; functions need it, and it needs functions.
        serve: decides a decision service.
        path: the names of the imports that lead from the file of the root to the element being decided. One imported
            element seen through two imports is two variables (10.3.1.5), so values are kept by path too.
        values: the values of decisions and input data decided, by the identity of the element and its path.
        bound: the arguments of the decision service being decided, by the identity of the element they stand for.
        active: decisions being decided, to notice a cycle.
        trace: the explanation being written, innermost last; nothing where none is wanted.
        depth: how deep functions call each other.
    """

    model: Linked
    inputs: Mapping[str, object]
    feel: FeelRun
    diagnostics: list[Diagnostic]
    evaluator: Evaluator
    serve: Serve
    path: tuple[str, ...] = ()
    values: dict[tuple[int, tuple[str, ...]], object] = field(default_factory=dict)
    bound: dict[int, object] = field(default_factory=dict)
    active: set[int] = field(default_factory=set)
    trace: list[Explanation] | None = None
    depth: int = 0

    def evaluate(self, compiled: Compiled | None, scope: Scope) -> object:
        """The value of a compiled expression; one that could not be compiled is null, with its problem."""
        if compiled is None or isinstance(compiled, DefinitionError):
            if compiled is not None:
                self.diagnostics.extend(d for d in compiled.diagnostics if d not in self.diagnostics)
            return None
        return compiled.evaluate_in(self.feel, scope)

    def convert(self, value: object, target: Type, source: etree._Element, owner: Definitions, what: str) -> object:
        """A value made to fit a type; where it does not, null with a problem."""
        result, problem = convert(value, target, self.admits, self.feel)
        if problem:
            message = f"{what} became null: {problem}, but it is {shown(value)}."
            self.report("dmn.type", message, owner.locate(source))
        return result

    def admits(self, tests: UnaryTests, owner: Definitions, value: object) -> bool:
        """Whether a constraint of a type lets a value through."""
        compiled = self.model.compiler.constraint(tests, owner)
        return self.evaluate(compiled, {"?": value}) is True

    def report(self, code: str, message: str, location: Location, hint: str = "") -> None:
        """Notes a problem."""
        self.diagnostics.append(hinted(Diagnostic(code, message, location, hint)))

    def branch(self, path: tuple[str, ...]) -> Run:
        """A run for a decision service called from here: its own inputs and values, the same problems and trace."""
        return Run(
            self.model, {}, self.feel, self.diagnostics, self.evaluator, self.serve, path,
            trace=self.trace, depth=self.depth,
        )  # fmt: skip
