"""Two versions of a model over the same rows: what changes is what deciding one by one says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
from tests.host.bulk_rows import files, frame
from typer.testing import CliRunner

from anyshore import dmn
from anyshore.base.tables.writing import write_csv
from anyshore.cli.main import app
from anyshore.dmn import spreadsheets


def version(folder: Path, *changes: tuple[str, str]) -> Path:
    folder.mkdir()
    for name, content in files().items():
        text = content.decode()
        for before, after in changes if name.endswith(".dmn") else ():
            assert before in text
            text = text.replace(before, after)
        (folder / name).write_text(text)
    return folder


def ran(*words: str | Path) -> Any:
    found = CliRunner().invoke(app, [*map(str, words), "--json"])
    assert found.exit_code == 0, found.output
    return json.loads(found.stdout)


def test_a_new_version_is_tried_on_last_months_rows(tmp_path: Path) -> None:
    rows = frame(500)
    rows.write_parquet(tmp_path / "rows.parquet")
    old = version(tmp_path / "old")
    new = version(tmp_path / "new", ("&lt;= 200", "&lt;= 250"), ("&gt; 200", "&gt; 250"))
    told = ran("bpmn", "dry-run", old, new, tmp_path / "rows.parquet")
    between = rows.with_row_index().filter((pl.col("zone") == "EU") & pl.col("amount").is_between(200.01, 250))
    assert (told["rows"], told["same"]) == (500, 500 - between.height)
    assert [(one["where"], one["before"], one["after"], one["rows"]) for one in told["changes"]] == [
        ("@rest", "Approve it", "paid", between.height),
        ("check", "rule 2: approve", "rule 1: paid", between.height),
    ]
    assert {one["example"] for one in told["changes"]} == {between["index"][0] + 1}
    assert ran("bpmn", "dry-run", old, old, tmp_path / "rows.parquet")["changes"] == []


def test_a_table_in_a_workbook_is_backtested_against_a_csv(tmp_path: Path) -> None:
    old = version(tmp_path / "old")
    new = version(tmp_path / "new", ("&lt;= 100", "&lt;= 150"))
    spreadsheets.save(dmn.read(new / "checks.dmn"), tmp_path / "checks.xlsx", None)
    rows = frame(400)
    cells = [rows.columns, *([str(cell) for cell in row] for row in rows.iter_rows())]
    (tmp_path / "rows.csv").write_text(write_csv(cells))
    told = ran("dmn", "backtest", tmp_path / "checks.xlsx", tmp_path / "rows.csv", "--against", old / "checks.dmn")
    model = dmn.read(new / "checks.dmn")
    alone = [model.decide("Check", row).value for row in rows.select("zone", "amount").iter_rows(named=True)]
    counted: dict[str, int] = {}
    for one in told["rules"]:
        counted[one["result"]] = counted.get(one["result"], 0) + one["rows"]
    assert counted == {word: alone.count(None if word == "null" else word) for word in counted}
    assert sum(counted.values()) == 400
    changed = rows.filter((pl.col("zone") == "CH") & pl.col("amount").is_between(100.01, 150)).height
    assert [(one["before"], one["after"], one["rows"]) for one in told["difference"]["changes"]] == [
        ("rule –: null", "rule 5: refused", changed)
    ]
