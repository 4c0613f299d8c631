"""Decisions as queries: the SQL an engine runs, and what it gives as outcomes.

A query gives the plan's own values (whole numbers of the last digit, days since 1970) beside a truth that tells which
rows are doubtful; those are decided one by one here. So the engine decides nothing about types, digits or zones.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from anyshore.base.errors import DmnError
from anyshore.columnar.by_plan import decoded
from anyshore.columnar.decisions import Compiled, compile_decision
from anyshore.columnar.dialects.duckdb import DUCKDB
from anyshore.columnar.dialects.sql import Dialect, text_of
from anyshore.columnar.plan import NotCompiled
from anyshore.dmn import Model
from anyshore.dmn.elements import Decision

DIALECTS: dict[str, Dialect] = {DUCKDB.name: DUCKDB}


@dataclass(frozen=True, slots=True)
class Query:
    """A decision in the words of an engine.

    Attributes:
        value: the expression of its value.
        doubt: the expression that is true for rows that are decided one by one.
        rule: that of the number of the rule that fired; empty where there is none.
        compiled: the plan it was made of.
    """

    value: str
    doubt: str
    rule: str
    compiled: Compiled


def query_of(model: Model, decision: str, columns: Mapping[str, pl.DataType], dialect: str = "duckdb") -> Query:
    """A decision as SQL.

    Args:
        model: the model.
        decision: a decision by name or id.
        columns: the types of the columns at hand, in the words of Polars.
        dialect: one of `DIALECTS`.

    Raises:
        DmnError: there is no such decision or dialect, or the decision has no columnar form; says why.
    """
    element = model.find(decision)
    engine = DIALECTS.get(dialect)
    if not isinstance(element, Decision) or engine is None:
        what = f"{decision} is no decision" if engine else f"{dialect} is none of {', '.join(DIALECTS)}"
        raise DmnError("columnar.query", f"There is no query: {what}.")
    try:
        compiled = compile_decision(element, model.linked, columns)
        rule = "" if compiled.rule is None else text_of(compiled.rule, engine)
        return Query(text_of(compiled.value.plan, engine), text_of(compiled.doubt, engine), rule, compiled)
    except NotCompiled as reason:
        hint = "Decide it over columns with decide_table, which decides such rows one by one."
        raise DmnError("columnar.query", f"{element.name} has no query: {reason}.", hint=hint) from None


def outcomes(
    model: Model, decision: str, relation: Any, *, now: int | None = None, zone: str = "UTC"
) -> tuple[pl.Series, int]:
    """The outcomes of the rows of a DuckDB relation, decided by DuckDB itself.

    Args:
        model: the model.
        decision: a decision by name or id.
        relation: the rows.
        now: the time of the command in microseconds since 1970 UTC, for rows that are decided one by one.
        zone: the IANA zone ``today()`` is told in.

    Returns:
        The outcomes in the order of the rows, and how many were decided one by one.

    Raises:
        DmnError: the decision has no query.
    """
    schema = dict(pl.DataFrame(pl.from_arrow(relation.limit(0).to_arrow_table())).schema)
    query = query_of(model, decision, schema)
    names = "".join(f'"{name}", ' for name in query.compiled.fields)
    told = relation.project(f'{names}{query.value} AS "value of plan", {query.doubt} AS "doubt of plan"')
    frame = pl.DataFrame(pl.from_arrow(told.to_arrow_table()))
    doubtful = frame["doubt of plan"].arg_true().to_list()
    rows = frame.select(query.compiled.fields)
    others = [model.decide(decision, rows.row(at, named=True), now=now, zone=zone).value for at in doubtful]
    value = query.compiled.value
    numbers = frame["value of plan"]
    if isinstance(numbers.dtype, pl.Decimal):  # 128 bits come as decimals without a point
        numbers = numbers.to_physical()
    series, _ = decoded(value, numbers.alias(decision), doubtful, others)
    return series, len(doubtful)
