"""A process asked of DuckDB as one query gives what it gives over columns here."""

from __future__ import annotations

import duckdb
import polars as pl
import pytest
from tests.columnar.test_flows import INVOICE, linked, rows

from anyshore.base.errors import BpmnError
from anyshore.columnar.flows import flow
from anyshore.columnar.process_queries import process_query


def test_an_engine_gives_ways_and_variables() -> None:
    process, model = linked(INVOICE)
    frame = rows(400)
    query = process_query(process, [model], frame.schema, "invoices")
    connection = duckdb.connect()
    connection.register("invoices", frame.to_arrow())
    answer = pl.DataFrame(pl.from_arrow(connection.sql(query.text).to_arrow_table()))
    assert answer.select(frame.columns).equals(frame)
    outcome, wanted = query.outcome(answer), flow(process, [model], frame).outcome
    assert wanted is not None
    assert outcome.way.to_list() == wanted.way.to_list()
    assert outcome.variables.equals(wanted.variables)
    assert None in outcome.way
    assert {query.ways[way].element for way in outcome.way.drop_nulls()} == {"approve", "paid", "abroad"}


def test_what_plans_share_is_computed_once() -> None:
    process, model = linked(INVOICE)
    text = process_query(process, [model], rows(1).schema, "invoices").text
    assert text.count("//") == 2  # the one division, of numbers above and below zero
    assert len(text) < 6_000


@pytest.mark.parametrize(("dialect", "column"), [("cobol", "zone"), ("duckdb", "anyshore way")])
def test_what_has_no_query_says_why(dialect: str, column: str) -> None:
    process, model = linked(INVOICE)
    with pytest.raises(BpmnError, match="There is no query"):
        process_query(process, [model], {column: pl.String()}, "invoices", dialect)
