"""Handovers and waiting: equal to independent SQL on a real log, and to what a log was made to hold."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import polars as pl
import pytest

from anyshore.base.errors import DataError
from anyshore.sourcing.event_log.handovers import handovers

BEGIN = datetime(2026, 1, 5, 8, tzinfo=UTC)

SQL = """
with numbered as (select *, row_number() over () as n from log),
ordered as (select *, row_number() over (partition by "case" order by "time", n) as k from numbered),
changed as (
    select a."case", a.k, a.resource from ordered a left join ordered b on a."case" = b."case" and a.k = b.k + 1
    where b.resource is null or a.resource <> b.resource
),
runs as (select *, row_number() over (partition by "case" order by k) as r from changed),
steps as (
    select one."case", one.r,
        exists (select 1 from runs x
            where x."case" = one."case" and x.r < one.r and x.resource = one.resource) as again,
        exists (select 1 from runs x
            where x."case" = one."case" and x.r = one.r - 2 and x.resource = one.resource) as back
    from runs one where one.r > 1
),
spans as (
    select a.state, epoch_us(b."time") - epoch_us(a."time") as us
    from ordered a join ordered b on a."case" = b."case" and b.k = a.k + 1
)
select (select count(distinct "case") from log), (select count(*) from steps), (select count(*) from steps where again),
    (select count(*) from steps where back), (select count(distinct "case") from steps where back),
    (select sum(us) / 1e6 from spans), (select sum(us) / 1e6 from spans where state like 'Wait%')
"""


def by_sql(log: pl.DataFrame) -> tuple[float, ...]:
    with duckdb.connect() as connection:
        connection.register("log", log.to_arrow())
        found = connection.execute(SQL).fetchone()
    assert found is not None
    return tuple(float(one or 0) for one in found)


def by_us(log: pl.DataFrame) -> tuple[float, ...]:
    one = handovers(log)
    return (
        one.cases, one.handovers, one.returns, one.ping_pong, one.ping_pong_cases, one.seconds, one.waiting_seconds,
    )  # fmt: skip


def test_the_incident_log_gives_what_sql_gives(data_dir: Path) -> None:
    file = data_dir / "event-logs" / "BPIC13_incidents.parquet"
    if not file.is_file():
        pytest.skip(f"{file} is not there")
    log = pl.read_parquet(file).rename({"ts": "time", "lifecycle": "state"}).select("case", "time", "resource", "state")
    found = by_us(log)
    assert found == pytest.approx(by_sql(log), abs=1e-3)
    assert found[0] == 7554
    assert 0 < handovers(log).waiting_share < 1


def test_a_log_that_was_made_has_what_was_put_into_it() -> None:
    chance = random.Random(0)
    rows, handed, back, waited, front = [], 0, 0, 0.0, 0
    for case in range(200):
        now, line = BEGIN, ["first"]
        for _ in range(chance.randint(0, 4)):
            line.append("second" if line[-1] == "first" else "first")
        handed, back, front = handed + len(line) - 1, back + max(len(line) - 2, 0), front + (len(line) == 1)
        for who in line:
            wait = timedelta(minutes=chance.randint(1, 90))
            rows.append((str(case), now, who, "In Progress"))
            rows.append((str(case), now + timedelta(minutes=5), who, "Wait - Customer"))
            waited += wait.total_seconds()
            now += timedelta(minutes=5) + wait
        rows.append((str(case), now, line[-1], "Closed"))
    log = pl.DataFrame(rows, schema=["case", "time", "resource", "state"], orient="row")
    found = handovers(log.sample(fraction=1, shuffle=True, seed=1), first_line={"first"})
    assert (found.cases, found.handovers, found.ping_pong, found.at_the_front) == (200, handed, back, front)
    assert found.waiting_seconds == waited
    assert found.waiting_by_state == {"Wait - Customer": waited}


def test_a_return_is_no_ping_pong_where_somebody_was_in_between() -> None:
    rows = [("1", BEGIN + timedelta(hours=n), who, "In Progress") for n, who in enumerate("abca")]
    found = handovers(pl.DataFrame(rows, schema=["case", "time", "resource", "state"], orient="row"))
    assert (found.handovers, found.returns, found.ping_pong, found.waiting_share) == (3, 1, 0, 0)


def test_a_column_that_is_missing_is_named() -> None:
    with pytest.raises(DataError, match="resource"):
        handovers(pl.DataFrame({"case": ["1"], "time": [BEGIN], "state": ["x"]}))
