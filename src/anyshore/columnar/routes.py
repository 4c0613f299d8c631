"""The straight-through part of a process as one plan: every route from the start to a rest, with what leads there.

A route is told by a truth over the columns of a row, and each variable by a value over them; so a whole process is
computed, or asked of an engine, at once. Routes end where `flows` says that work begins. Source: BPMN 2.0.2, 13.3.3
(tasks) and 13.4.2 (exclusive gateway).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from anyshore.bpmn.elements.gateways import Gateway
from anyshore.bpmn.elements.tasks import RuleTask, ScriptTask
from anyshore.bpmn.model import Element, Process
from anyshore.columnar import plan
from anyshore.columnar.by_plan import output_of
from anyshore.columnar.decisions import compile_decision
from anyshore.columnar.forks import PARALLEL, fork_of
from anyshore.columnar.plan import FALSE, TRUE, NotCompiled, Plan
from anyshore.columnar.readings import reading
from anyshore.columnar.straight import structure
from anyshore.columnar.translate import Translator
from anyshore.columnar.typed import Typed, of_kinds
from anyshore.dmn import Model
from anyshore.dmn.elements import Decision
from anyshore.feel import Expression

RULE = "@rule "
"""How variables begin that tell which rule of a task's table fired; no variable of FEEL has such a name."""
# More routes than this, as behind many gateways in a row, are gone batch by batch.
MOST_ROUTES = 32
MOST_STEPS = 200
# Whole numbers of columns are taken up to here, or fewer digits where numbers made of them get too many.
CAPS = (10**15, 10**12, 10**9)


@dataclass(frozen=True, slots=True)
class Route:
    """A way through a process.

    Attributes:
        element: where it ends; an end event where rows are through.
        through: whether they are.
        why: why they stop, where they do.
        path: the elements it goes through, in order, with the last.
        taken: tells of a row, never null, whether it goes this way; of a row that is not doubtful, one is true.
        variables: what elements on the way gave.
    """

    element: str
    through: bool
    why: str
    path: tuple[str, ...]
    taken: Plan
    variables: Mapping[str, Typed]


@dataclass(frozen=True, slots=True)
class Routes:
    """All ways through a process.

    Attributes:
        routes: the ways.
        doubt: tells of a row, never null, whether it goes as an instance of its own.
        variables: what elements gave, by name, whichever way a row went: of one kind and scale, and anything where its
            way gave nothing.
    """

    routes: tuple[Route, ...]
    doubt: Plan
    variables: Mapping[str, Typed]

    @property
    def plans(self) -> list[Plan]:
        """The doubt, then what tells of each way, then the variables."""
        return [self.doubt, *(one.taken for one in self.routes), *(one.plan for one in self.variables.values())]


@dataclass(frozen=True, slots=True)
class _At:
    element: str
    path: tuple[str, ...]
    taken: Plan
    variables: Mapping[str, Typed]


def routes_of(
    process: Process,
    models: Sequence[Model],
    columns: Mapping[str, pl.DataType],
    cap: int,
    *,
    rules: bool = False,
) -> Routes:
    """The ways through a process.

    Args:
        process: the process.
        models: the decision models its business rule tasks call.
        columns: the types of the columns at hand.
        cap: how large whole numbers of columns may be; rows with larger ones are doubtful.
        rules: whether each task that decides by a table gives, beside its result, the number of the rule that fired,
            from 1, and 0 where none did and the default stands, as ``@rule TASK``.

    Raises:
        NotCompiled: there are too many ways, a way has no end, or a variable is of several kinds.
    """
    found = _Routing(process, models, columns, cap, rules)
    found.pending.append(_At(process.root.starts[0], (), TRUE, {}))
    while found.pending:
        if len(found.routes) + len(found.pending) > MOST_ROUTES:
            raise NotCompiled(f"there are more than {MOST_ROUTES} ways")
        found.take(found.pending.popleft())
    return Routes(tuple(found.routes), plan.either(*found.doubts), _together(found.routes))


def _together(routes: Sequence[Route]) -> dict[str, Typed]:
    """Each variable over all routes."""
    found = {}
    for name in {name: None for route in routes for name in route.variables}:
        givers = [route for route in routes if name in route.variables]
        plans, kind, scale = of_kinds([route.variables[name] for route in givers])
        ways: dict[int, tuple[Plan, list[Plan]]] = {}
        for route, one in zip(givers, plans, strict=True):
            ways.setdefault(id(route.variables[name]), (one, []))[1].append(route.taken)
        (value, _), *others = ways.values()
        for one, taken in others:
            value = plan.choose(plan.either(*taken), one, value)
        found[name] = Typed(kind, value, scale)
    return found


@dataclass(slots=True)
class _Routing:
    process: Process
    models: Sequence[Model]
    columns: Mapping[str, pl.DataType]
    cap: int
    rules: bool = False
    pending: deque[_At] = field(default_factory=deque)
    routes: list[Route] = field(default_factory=list)
    doubts: list[Plan] = field(default_factory=list)

    def take(self, at: _At) -> None:
        """Goes from an element to those behind it, or ends there."""
        if len(at.path) >= MOST_STEPS:
            raise NotCompiled("a way has no end")
        element = self.process.elements[at.element]
        if element.kind == PARALLEL:
            return self._fork(at, element)
        why = structure(self.process, element)
        if why or element.kind == "endEvent":
            return self._rest(at, why)
        try:
            if isinstance(element, Gateway):
                return self._choose(at, element)
            if isinstance(element, (ScriptTask, RuleTask)):
                at = self._compute(at, element)
        except NotCompiled as reason:
            return self._rest(at, str(reason))
        return self._on(at, element.outgoing[0].target, at.taken)

    def _fork(self, at: _At, element: Element) -> None:
        """Goes through the branches of a parallel gateway, one after the other, to behind where they meet."""
        fork = fork_of(self.process, element)
        if isinstance(fork, str):
            return self._rest(at, fork)
        if any(name in self.columns or name in at.variables for name in fork.gives()):
            return self._rest(at, "a branch of it gives a variable that is there already")
        known, together = len(self.doubts), dict(at.variables)
        path = (*at.path, element.id)
        for branch in fork.branches:
            one = _At(at.element, path, at.taken, at.variables)  # what the others give is not there for it
            for task in branch:
                try:
                    if isinstance(task, (ScriptTask, RuleTask)):
                        one = self._compute(one, task)
                except NotCompiled as reason:
                    del self.doubts[known:]
                    return self._rest(at, f"a branch of it: {reason}")
                path = (*path, task.id)
            together |= one.variables
        behind = _At(at.element, path, at.taken, together)
        return self._on(behind, fork.join.outgoing[0].target, at.taken, fork.join.id)

    def _rest(self, at: _At, why: str) -> None:
        self.routes.append(Route(at.element, not why, why, (*at.path, at.element), at.taken, at.variables))

    def _on(self, at: _At, target: str, taken: Plan, passed: str = "") -> None:
        self.pending.append(_At(target, (*at.path, passed or at.element), taken, at.variables))

    def _compute(self, at: _At, task: ScriptTask | RuleTask) -> _At:
        name = task.data.result
        assert name is not None
        fired: dict[str, Typed] = {}
        if isinstance(task, RuleTask):
            element, model = decision_of(self.models, task.decision)
            compiled = compile_decision(element, model.linked, {**self.columns, **at.variables}, self.cap)
            value, doubt = compiled.value, compiled.doubt
            if self.rules and compiled.rule is not None:
                none = plan.is_null(compiled.rule)
                fired[RULE + task.id] = Typed("number", plan.choose(none, plan.whole(0), compiled.rule), 0)
        else:
            assert task.script is not None
            value, doubt = translated(task.script, self.columns, at.variables, self.cap)
        output_of(value, 1)
        self.doubts.append(plan.both(at.taken, plan.either(doubt, plan.is_null(value.plan))))
        return _At(at.element, at.path, at.taken, {**at.variables, name: value, **fired})

    def _choose(self, at: _At, gateway: Gateway) -> None:
        if len(gateway.outgoing) == 1:
            return self._on(at, gateway.outgoing[0].target, at.taken)
        default = next((one for one in gateway.outgoing if one.is_default), None)
        # All conditions are translated before a way goes on, so that a gateway takes all rows or none.
        conditions = [
            (one, condition_of(one.condition, self.columns, at.variables, self.cap))
            for one in gateway.outgoing
            if not one.is_default
        ]
        rest = at.taken
        for outgoing, (condition, doubt) in conditions:
            self.doubts.append(plan.both(rest, plan.either(doubt, plan.is_null(condition))))
            self._on(at, outgoing.target, plan.both(rest, plan.is_true(condition)))
            rest = plan.both(rest, plan.negate(plan.is_true(condition)))
        if default is None:  # where no flow can be taken the engine makes an incident, which is an instance's
            self.doubts.append(rest)
        else:
            self._on(at, default.target, rest)
        return None


def translated(
    source: Expression, columns: Mapping[str, pl.DataType], variables: Mapping[str, Typed], cap: int
) -> tuple[Typed, Plan]:
    """An expression over variables: its value, and the rows that are doubtful.

    Args:
        source: the expression.
        columns: the types of the columns at hand.
        variables: values that stand before them.
        cap: how large whole numbers of columns may be.

    Raises:
        NotCompiled: it has no columnar form.
    """
    doubts: list[Plan] = []
    names = {}
    for name in source.free_names:
        if name in variables:
            names[name] = variables[name]
            continue
        if name not in columns:
            raise NotCompiled(f"there is no variable {name}")
        read = reading(name, columns[name], cap)
        names[name] = read.value
        doubts += [] if read.doubt is None else [read.doubt]
    translator = Translator(dict(names), doubts)
    value = translator.typed(source.tree)
    return value, plan.either(*translator.doubts)


def condition_of(
    source: Expression | None, columns: Mapping[str, pl.DataType], variables: Mapping[str, Typed], cap: int
) -> tuple[Plan, Plan]:
    """The condition of a flow, true where it has none, and the rows that are doubtful; see ``translated``."""
    if source is None:
        return TRUE, FALSE
    value, doubt = translated(source, columns, variables, cap)
    if value.kind != "truth":
        raise NotCompiled("a condition is neither true nor false")
    return value.plan, doubt


def decision_of(models: Sequence[Model], name: str) -> tuple[Decision, Model]:
    """A decision by name or id, with its model.

    Raises:
        NotCompiled: none has it.
    """
    for model in models:
        for decision in model.decisions:
            if name in (decision.name, decision.id):
                return decision, model
    raise NotCompiled(f"no model has the decision {name}")
