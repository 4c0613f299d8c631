"""Edits of a loan register: 222 rules of one row each, written by us as decisions from their published text.

A case is an edit over all rows: it passes where deciding row by row, over columns and in DuckDB give the same, and that
is what the rows say. Where given rows contradict the text of an edit, the edit as they read it is an option of its own
(``hmda/readings.dmn``); none is on by default, and the suite counts the edits it switches one on for.

    python -m conformance.hmda [data folder]
"""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb
import polars as pl

from anyshore import dmn
from anyshore.columnar import decide_table
from anyshore.columnar.queries import outcomes
from conformance.folders import files, of_suite, told
from conformance.scores import Score

HERE = Path(__file__).parent / "hmda"
YEAR = "2023"
"""The year of the register, which the rows do not carry."""


def run(data: Path) -> Score:
    """Runs the suite.

    Args:
        data: the folder of all data, or any folder of such files: Parquet with the fields and a list ``failed``.
    """
    texts, readings = dmn.read(HERE / "edits.dmn"), dmn.read(HERE / "readings.dmn")
    options = {decision.name: decision.description for decision in readings.decisions}
    score = Score("hmda", 0, 0, extra={"by text": 0, "by option": 0, "rows one by one": 0, "options": []})
    for path in files(of_suite(data, "hmda-edits"), ".parquet"):
        rows = told(lambda path=path: _rows(path, texts), lambda reason: reason)
        if isinstance(rows, str):
            score.total += 1
            score.failed.append(f"{path.name}: {rows}")
            continue
        for decision in texts.decisions:
            name = decision.name
            option = options.get(name, "")
            model = readings if option else texts
            problem = told(lambda name=name, model=model, rows=rows: _check(name, model, rows, score), str)
            score.total += 1
            if problem:
                score.failed.append(f"{path.name} {name}: {problem}")
                continue
            score.passed += 1
            score.extra["by option" if option else "by text"] += 1
            if option and option not in score.extra["options"]:
                score.extra["options"].append(option)
    return score


def _rows(path: Path, texts: dmn.Model) -> pl.DataFrame:
    rows = pl.read_parquet(path)
    if "failed" not in rows.columns:
        raise ValueError("no column “failed”")
    rows = rows.with_columns(pl.lit(YEAR).alias("reporting_year"))
    fields = [element.name for element in texts.inputs]
    missing = [name for name in fields if name not in rows.columns]
    if missing:
        raise ValueError(f"no column {missing[0]}")
    return rows.select(*(pl.col(name).cast(pl.String).fill_null("") for name in fields), "failed")


def _check(name: str, model: dmn.Model, rows: pl.DataFrame, score: Score) -> str:
    """What is wrong with an edit; nothing where all ways agree with the rows."""
    element = next(one for one in model.decisions if one.name == name)
    fields = [href.removeprefix("#in_") for href in element.required_inputs]
    data = rows.select(fields)
    wanted = rows["failed"].list.contains(name)
    decided = decide_table(model, name, data)
    columns = decided.data[name]
    score.extra["rows one by one"] += decided.rows_by_row
    engine, alone = outcomes(model, name, duckdb.from_arrow(data.to_arrow()))
    score.extra["rows one by one"] += alone
    # Rows that agree in all fields of an edit are decided once.
    distinct = data.unique(maintain_order=True)
    values = [model.decide(name, row).value for row in distinct.iter_rows(named=True)]
    one_by_one = data.join(
        distinct.with_columns(pl.Series("value", values, dtype=pl.Boolean)),
        on=fields,
        how="left",
        maintain_order="left",
    )["value"]
    for way, found in (("columns", columns), ("DuckDB", engine)):
        if not found.eq_missing(one_by_one).all():
            return f"{way} and rows differ in {(~found.eq_missing(one_by_one)).sum()} rows"
    differ = one_by_one.fill_null(False) != wanted
    return f"{differ.sum()} of {len(differ)} rows say otherwise" if differ.any() else ""


if __name__ == "__main__":
    result = run(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data"))
    result.print()
    sys.exit(bool(result.failed))
