"""A Parquet file of rows through a process: outcomes row by row, exceptions beside, nothing half written."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from tests.columnar.test_flows import INVOICE, linked, rows

from anyshore.base.errors import BpmnError
from anyshore.columnar import files, routes
from anyshore.columnar.files import flow_file
from anyshore.columnar.flows import flow


def test_a_file_comes_to_what_its_rows_come_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "BATCH", 64)  # so that batches have dictionaries of their own
    process, model = linked(INVOICE)
    frame = rows(300)
    frame.write_parquet(tmp_path / "in.parquet")
    told: list[tuple[int, int]] = []
    report = flow_file(
        process, [model], tmp_path / "in.parquet", tmp_path / "out.parquet", tmp_path / "left.parquet",
        told=lambda done, of: told.append((done, of)),
    )  # fmt: skip
    flowed = flow(process, [model], frame)
    assert (report.counts, report.alone, report.rows) == (list(flowed.counts), len(flowed.alone), 300)
    assert told == [(64, 300), (128, 300), (192, 300), (256, 300), (300, 300)]
    outcomes, left = pl.read_parquet(tmp_path / "out.parquet"), pl.read_parquet(tmp_path / "left.parquet")
    assert flowed.outcome is not None
    assert outcomes.drop("@element", "@path").equals(flowed.outcome.variables)
    elements = [None if way is None else flowed.ways[way].element for way in flowed.outcome.way]
    assert outcomes["@element"].cast(pl.String).to_list() == elements
    assert outcomes["@path"][elements.index("paid")] == "start > net > large > fee > total > where > paid"
    waiting = [at for at, element in enumerate(elements) if element in (None, "approve")]
    assert left["@row"].to_list() == waiting
    assert left["amount"].to_list() == frame["amount"].gather(waiting).to_list()
    assert set(left.filter(pl.col("@element") == "approve")["@why"]) == {"a person does it"}
    assert min(left.filter(pl.col("@element") == "approve")["net"]) > Decimal(100)


def test_a_file_without_rows_gives_files_without_rows(tmp_path: Path) -> None:
    process, model = linked(INVOICE)
    rows(0).write_parquet(tmp_path / "in.parquet")
    report = flow_file(process, [model], tmp_path / "in.parquet", tmp_path / "out.parquet", tmp_path / "left.parquet")
    assert report.rows == 0
    assert pl.read_parquet(tmp_path / "out.parquet").columns == ["@element", "@path", "net", "fee", "total"]
    assert pl.read_parquet(tmp_path / "left.parquet").height == 0


def test_what_is_no_parquet_is_refused_and_nothing_written(tmp_path: Path) -> None:
    process, model = linked(INVOICE)
    (tmp_path / "in.parquet").write_bytes(b"zone;amount\n")
    with pytest.raises(BpmnError, match=r"in\.parquet cannot be read"):
        flow_file(process, [model], tmp_path / "in.parquet", tmp_path / "out.parquet", tmp_path / "left.parquet")
    assert [one.name for one in tmp_path.iterdir()] == ["in.parquet"]


def test_a_run_that_fails_leaves_what_stood_there(tmp_path: Path) -> None:
    process, model = linked(INVOICE)
    rows(10).write_parquet(tmp_path / "in.parquet")
    (tmp_path / "out.parquet").write_bytes(b"of last month")

    def told(done: int, of: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        flow_file(
            process, [model], tmp_path / "in.parquet", tmp_path / "out.parquet", tmp_path / "left.parquet", told=told
        )
    assert (tmp_path / "out.parquet").read_bytes() == b"of last month"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["in.parquet", "out.parquet"]


def test_ways_that_are_no_one_plan_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routes, "MOST_ROUTES", 2)
    process, model = linked(INVOICE)
    rows(10).write_parquet(tmp_path / "in.parquet")
    with pytest.raises(BpmnError, match="no one plan"):
        flow_file(process, [model], tmp_path / "in.parquet", tmp_path / "out.parquet", tmp_path / "left.parquet")
