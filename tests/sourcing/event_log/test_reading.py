"""Reading logs: every writing of one log gives one log, and what is wrong is told with its place."""

from __future__ import annotations

import gzip
import io
from itertools import pairwise
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anyshore.base.errors import AnyshoreError, DataError
from anyshore.sourcing.event_log import xes
from anyshore.sourcing.event_log.counts import count
from anyshore.sourcing.event_log.log import EventLog
from anyshore.sourcing.event_log.reading import read

EVENT = '<event><string key="concept:name" value="{}"/><date key="time:timestamp" value="{}"/></event>'
ROWS = [("1", "take & check", "2026-01-05T09:00:00"), ("2", "take & check", "2026-01-05T09:05:00"),
        ("1", "pay", "2026-01-05T10:00:00"), ("1", "pay", "2026-01-05T10:00:00")]  # fmt: skip


def as_xes(rows: list[tuple[str, str, str]], extra: str = "") -> str:
    traces = []
    for case in dict.fromkeys(row[0] for row in rows):
        events = [EVENT.format(name.replace("&", "&amp;"), time) for key, name, time in rows if key == case]
        traces.append(f'<trace><string key="concept:name" value="{case}"/>{"".join(events)}</trace>')
    return f"<?xml version='1.0' encoding='UTF-8'?>\n<log>{extra}{''.join(traces)}</log>"


def as_csv(rows: list[tuple[str, str, str]]) -> bytes:
    return "\n".join(["Case ID;Activity;Timestamp", *(";".join(row) for row in rows)]).encode()


def as_parquet(rows: list[tuple[str, str, str]]) -> bytes:
    out = io.BytesIO()
    pl.DataFrame(rows, schema=["case", "activity", "time"], orient="row").write_parquet(out)
    return out.getvalue()


def plain(log: EventLog) -> list[tuple[list[str], list[int]]]:
    edges = [*log.starts.tolist(), len(log.activity)]
    return [([log.activities[n] for n in log.activity[a:b]], log.time[a:b].tolist()) for a, b in pairwise(edges)]


def test_one_log_in_every_writing() -> None:
    writings = {
        "l.xes": as_xes(ROWS).encode(), "l.xes.gz": gzip.compress(as_xes(ROWS).encode()), "l.csv": as_csv(ROWS),
        "l.parquet": as_parquet(ROWS),
    }  # fmt: skip
    logs = [plain(read(content, name)) for name, content in writings.items()]
    assert logs[0][0][0] == ["take & check", "pay", "pay"]
    assert all(log == logs[0] for log in logs)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<log>", '<log xmlns="http://www.xes-standard.org/">'),
        ("<log>", "<log><!-- exported -->"),
        ("/></event>", '></date><string key="note" value="x"><string key="concept:name" value="no"/></string></event>'),
        ('key="concept:name" value="pay"', 'value="pay" key="concept:name"'),
        ('"', "'"),
        ("<event>", "<event >"),
        ('value="pay"', 'value="p&#97;y"'),
    ],
)
def test_a_file_of_another_shape_is_read_the_same(old: str, new: str) -> None:
    content = as_xes(ROWS)
    head, body = content.split("\n", 1)
    assert plain(read(f"{head}\n{body.replace(old, new)}".encode(), "l.xes")) == plain(read(content.encode(), "l.xes"))


@given(
    st.lists(
        st.tuples(st.sampled_from("ABC"), st.text("ab<>&'\"=/ é", max_size=6), st.sampled_from(["", "x", '"/>'])),
        min_size=1, max_size=12,
    ),
    st.sampled_from(["\n", " ", ""]),
)  # fmt: skip
def test_scanning_gives_what_parsing_gives(rows: list[tuple[str, str, str]], gap: str) -> None:
    def quoted(text: str) -> str:
        return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")

    events = "".join(
        f'<event>{gap}<string key="concept:name" value="{quoted(case + name)}"/>{gap}<string key="note"'
        f' value="{quoted(note)}"/>{gap}<date key="time:timestamp" value="2026-01-01T00:00:00Z"/></event>{gap}'
        for case, name, note in rows
    )
    content = f"<log>{gap}<trace>{gap}{events}</trace>{gap}</log>".encode()
    scanned = xes._scanned(content)
    assert scanned is None or scanned == xes._parsed(content, "l.xes")
    if not any(">" in name + note for _, name, note in rows):
        assert scanned is not None


def test_events_outside_traces_are_kept_as_a_count() -> None:
    log = read(as_xes(ROWS, EVENT.format("stray", "2026-01-01T00:00:00")).encode(), "l.xes")
    assert (log.without_case, len(log.starts)) == (1, 2)
    log = read(as_csv([("", "stray", "2026-01-01T00:00:00"), *ROWS]), "l.csv")
    assert (log.without_case, len(log.starts)) == (1, 2)


def test_what_lacks_a_name_or_a_time_is_told() -> None:
    content = as_xes(ROWS).replace('<string key="concept:name" value="pay"/>', "", 1)
    (problem,) = read(content.encode(), "l.xes").problems
    assert problem.code == "event-log.unnamed"
    content = as_xes(ROWS).replace('<date key="time:timestamp" value="2026-01-05T10:00:00"/>', "", 1)
    log = read(content.encode(), "l.xes")
    assert ([problem.code for problem in log.problems], len(log.activity)) == (["event-log.no-time"], 4)
    (problem,) = read(as_csv([*ROWS, ("3", "", "2026-01-05T10:00:00")]), "l.csv").problems
    assert (problem.code, problem.location.line) == ("event-log.row", 6)


@pytest.mark.parametrize(
    ("time", "zoned", "form"),
    [
        ("2026-01-05T09:00:00", False, ""), ("2026-01-05 09:00:00.000", False, ""),
        ("2026-01-05T10:00:00+01:00", True, ""),
        ("2026-01-05T09:00:00Z", True, ""), ("2026-01-05T09:00:00.000000Z", True, ""), ("05.01.2026 09:00", False, ""),
        ("2026-01-05 09:00", False, ""), ("01/05/2026 09:00", False, "%m/%d/%Y %H:%M"),
        ("05/01/26 09:00", False, "%d/%m/%y %H:%M"), ("2026-01-05T10:00:00.5+0100", True, ""),
    ],
)  # fmt: skip
def test_times(time: str, zoned: bool, form: str) -> None:
    log = read(as_csv([("1", "a", time)]), "l.csv", time_format=form)
    nine = np.datetime64("2026-01-05T09:00:00", "us").astype(np.int64)
    assert (log.zoned, int(log.time[0]) // 1_000_000) == (zoned, int(nine) // 1_000_000)


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (as_csv([("1", "a", "03/04/2026 10:00")]), "l.csv", "event-log.time"),
        (as_csv([("1", "a", "2026-01-01"), ("1", "b", "2026-13-01")]), "l.csv", "event-log.time"),
        (b"x,y\n1,2\n", "l.csv", "event-log.column"),
        (b"", "l.csv", "event-log.csv"),
        (b"case,activity,time\n", "l.csv", "event-log.empty"),
        (b"PAR1", "l.parquet", "event-log.parquet"),
        (b"<log>", "l.xes", "xml.malformed"),
        (b"<html/>", "l.xes", "event-log.no-xes"),
        (b"<log/>", "l.xes", "event-log.empty"),
        (b"<!DOCTYPE log [<!ENTITY a 'b'>]><log>&a;</log>", "l.xes", "xml.doctype"),
        (b"\x1f\x8bnonsense", "l.xes.gz", "event-log.gzip"),
        (b"", "l.txt", "event-log.kind"),
    ],
)
def test_what_cannot_be_read_is_told(content: bytes, name: str, code: str) -> None:
    with pytest.raises(DataError) as raised:
        read(content, name)
    assert raised.value.code == code
    assert raised.value.location.file == name


@given(st.binary(max_size=80) | st.text(alphabet='<>/"= elogtracvnskyu', max_size=60).map(str.encode))
def test_nothing_else_comes_out_of_any_bytes(content: bytes) -> None:
    for name in ("l.xes", "l.csv", "l.parquet"):
        try:
            read(content, name)
        except AnyshoreError:
            continue


@pytest.mark.parametrize("name", ["Helpdesk", "SEPSIS"])
def test_real_logs_are_the_same_as_xes_and_as_table(data_dir: Path, name: str) -> None:
    folder = data_dir / "event-logs"
    found, other = (count(read(folder / f"{name}{ending}")) for ending in (".xes.gz", ".parquet"))
    assert found == other
