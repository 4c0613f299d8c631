"""A process as one query: the way of each row and what elements give, computed by an engine.

What several plans share is a column of a query inside, so that an engine computes it once and the text stays as short
as the plan. The engine gives whole numbers of the last digit; `Answer` makes columns of outcomes of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl
from sqlglot import exp

from anyshore.base.errors import BpmnError
from anyshore.bpmn.model import Process
from anyshore.columnar import plan
from anyshore.columnar.by_plan import decoded
from anyshore.columnar.dialects.sql import Emitter
from anyshore.columnar.flowed import Outcome, Way, ways_of
from anyshore.columnar.flows import one_plan
from anyshore.columnar.plan import NotCompiled, Plan, Shapes
from anyshore.columnar.queries import DIALECTS
from anyshore.columnar.routes import Routes
from anyshore.dmn import Model

# Columns of the answer; no column given may begin so.
OWN = "anyshore "
WAY = f"{OWN}way"


@dataclass(frozen=True, slots=True)
class ProcessQuery:
    """A process in the words of an engine.

    Attributes:
        text: the query: the columns given, the number of the way of each row (null where it goes alone), and a column
            for each variable.
        ways: the ways, by number.
        columns: the column of each variable.
    """

    text: str
    ways: tuple[Way, ...]
    columns: Mapping[str, str]
    _routes: Routes

    def outcome(self, answer: pl.DataFrame) -> Outcome:
        """What the rows of the engine's answer came to.

        Args:
            answer: the columns of the query, in any order of rows.
        """
        way = answer[WAY].cast(pl.UInt8)

        def variables() -> pl.DataFrame:
            found = []
            for name, column in self.columns.items():
                value = self._routes.variables[name]
                series = answer[column]
                if isinstance(series.dtype, pl.Decimal):  # 128 bits come as decimals without a point
                    series = series.to_physical()
                giving = [at for at, one in enumerate(self.ways) if name in one.gave]
                there = way.is_in(pl.Series(giving, dtype=pl.UInt8).implode()).fill_null(False)
                found.append(decoded(value, series.set(~there, None).alias(name), (), (), 1)[0])
            return pl.DataFrame(found)

        return Outcome(way.alias("way"), variables)


def process_query(
    process: Process, models: Sequence[Model], columns: Mapping[str, pl.DataType], table: str, dialect: str = "duckdb"
) -> ProcessQuery:
    """A process as a query.

    Args:
        process: the process.
        models: the decision models its business rule tasks call.
        columns: the types of the columns of the table, in the words of Polars.
        table: the name of the table or view of its rows.
        dialect: one of `queries.DIALECTS`.

    Raises:
        BpmnError: there is no such dialect, or the process has no query; says why.
    """
    engine = DIALECTS.get(dialect)
    if engine is None or any(name.startswith(OWN) for name in columns):
        why = f"{dialect} is none of {', '.join(DIALECTS)}" if engine is None else f"a column begins with “{OWN}”"
        raise BpmnError(
            "columnar.query", f"There is no query: {why}.", hint="Name another dialect, or the column otherwise."
        )
    routes = one_plan(process, models, columns)
    names = {name: f"{OWN}{at}" for at, name in enumerate(routes.variables)}
    asked = {WAY: _way(routes), **{names[name]: value.plan for name, value in routes.variables.items()}}
    try:
        text = _layered(asked, Emitter(engine), table).sql(dialect=engine.name)
    except NotCompiled as reason:
        hint = "Take the rows through the process with flow(), or with anyshore bpmn rows."
        raise BpmnError("columnar.query", f"{process.id} has no query: {reason}.", hint=hint) from None
    return ProcessQuery(text, tuple(ways_of(routes)), names, routes)


def _way(routes: Routes) -> Plan:
    """The number of the way; null where a row goes alone."""
    number = plan.whole(0)
    for at, route in enumerate(routes.routes[1:], 1):
        number = plan.choose(route.taken, plan.whole(at), number)
    return plan.choose(routes.doubt, plan.nothing("whole"), number)


def _layered(asked: Mapping[str, Plan], emitter: Emitter, table: str) -> exp.Select:
    """A query in a query in a query: in each layer what the next share."""
    shared = _Shared(asked.values())
    source: exp.Expression = exp.Table(this=exp.Identifier(this=table, quoted=True))
    for layer in shared.layers:
        chosen = [exp.alias_(emitter.of(own), name, quoted=True) for name, own in layer]
        source = exp.Subquery(
            this=exp.Select(expressions=[exp.Star(), *chosen]).from_(source),
            alias=exp.TableAlias(this=exp.Identifier(this="rows", quoted=True)),
        )
    hidden = [exp.column(name, quoted=True) for layer in shared.layers for name, _ in layer]
    star = exp.Star(except_=hidden) if hidden else exp.Star()
    last = [exp.alias_(emitter.of(shared.outer(own)), name, quoted=True) for name, own in asked.items()]
    return exp.Select(expressions=[star, *last]).from_(source)


class _Shared:
    """Plans with what they share taken out, layer by layer.

    Attributes:
        layers: names and plans; those of a layer read columns of the layers before.
    """

    def __init__(self, plans: Iterable[Plan]) -> None:
        self._shapes = Shapes()
        self._plans: dict[int, Plan] = {}
        self._uses: dict[int, int] = {}
        for one in plans:
            self._count(one)
        shared = [shape for shape, times in self._uses.items() if times > 1 and self._plans[shape].op != "constant"]
        self._names = {shape: f"{OWN}part {at}" for at, shape in enumerate(shared)}
        depths: dict[int, int] = {}
        self.layers: list[list[tuple[str, Plan]]] = []
        for shape, name in self._names.items():
            depth = self._depth(shape, depths)
            self.layers += [[] for _ in range(depth - len(self.layers))]
            self.layers[depth - 1].append((name, self._within(self._plans[shape])))

    def _count(self, one: Plan) -> None:
        shape = self._shapes.of(one)
        self._uses[shape] = self._uses.get(shape, 0) + 1
        if shape not in self._plans:
            self._plans[shape] = one
            for arg in one.args:
                self._count(arg)

    def _depth(self, shape: int, known: dict[int, int]) -> int:
        """How many layers a plan needs before it, with its own where it has one."""
        if shape not in known:
            inside = max((self._depth(self._shapes.of(arg), known) for arg in self._plans[shape].args), default=0)
            known[shape] = inside + (shape in self._names)
        return known[shape]

    def outer(self, one: Plan) -> Plan:
        """A plan over the columns of all layers."""
        name = self._names.get(self._shapes.of(one))
        return self._within(one) if name is None else Plan("column", (), one.kind, one.bound, name)

    def _within(self, one: Plan) -> Plan:
        return replace(one, args=tuple(self.outer(arg) for arg in one.args)) if one.args else one
