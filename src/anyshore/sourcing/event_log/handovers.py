"""How work wanders between people, and how long it waits: from a log of who had a case in which state.

A case is with the resource of its last event until the next event, and in its state as long; events of equal time stand
in the order of the log. Being handed to somebody who had the case before is a return; being handed straight back to
whoever had it just before is ping-pong (van Dongen et al., BPI Challenge 2013, question 2). A case that never leaves
the first line was solved at the front (ibid., question 1, "push to front").
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import polars as pl

from anyshore.base.errors import DataError

COLUMNS = ("case", "time", "resource", "state")
PREFIX_WAIT = "Wait"


@dataclass(frozen=True, slots=True)
class Handovers:
    """What a log says.

    Attributes:
        cases: in it.
        handovers: times a case went from one resource to another.
        returns: of them those to somebody who had the case before.
        ping_pong: of them those straight back.
        ping_pong_cases: cases in which that happened.
        seconds: from the first event of each case to its last, together.
        waiting_seconds: of them those in a waiting state.
        waiting_by_state: the same by state.
        at_the_front: cases that never left the first line; None where no line is named.
    """

    cases: int
    handovers: int
    returns: int
    ping_pong: int
    ping_pong_cases: int
    seconds: float
    waiting_seconds: float
    waiting_by_state: dict[str, float]
    at_the_front: int | None

    @property
    def waiting_share(self) -> float:
        """Share of time that is waiting; 0 where no time passed."""
        return self.waiting_seconds / self.seconds if self.seconds else 0.0


def handovers(events: pl.DataFrame, first_line: Collection[str] | None = None, waiting: str = PREFIX_WAIT) -> Handovers:
    """Counts handovers and waiting.

    Args:
        events: columns ``case``, ``time`` (a datetime), ``resource``, ``state``; in the order of the log.
        first_line: resources (or groups, where these stand in the column) of the first line.
        waiting: with what the names of waiting states begin.

    Raises:
        DataError: a column is missing.
    """
    missing = [name for name in COLUMNS if name not in events.columns]
    if missing:
        hint = f"There are {', '.join(events.columns)}."
        raise DataError("event-log.column", f"The log has no column {', '.join(missing)}.", hint=hint)
    ordered = events.select(COLUMNS).with_row_index().sort("case", "time", "index")
    runs = _runs(ordered)
    spans = _spans(ordered)
    waits = spans.filter(pl.col("state").str.starts_with(waiting)).group_by("state").agg(pl.col("seconds").sum())
    by_state = dict(sorted(waits.iter_rows()))
    return Handovers(
        ordered["case"].n_unique(), int(runs["handed"].sum()), int(runs["returned"].sum()), int(runs["back"].sum()),
        runs.filter("back")["case"].n_unique(), float(spans["seconds"].sum()), float(sum(by_state.values())), by_state,
        None if first_line is None else _at_the_front(ordered, first_line),
    )  # fmt: skip


def _runs(ordered: pl.DataFrame) -> pl.DataFrame:
    """A row each time another resource has the case, with whom it had before."""
    before = pl.col("resource").shift(1).over("case")
    runs = ordered.filter(before.is_null() | (pl.col("resource") != before))
    earlier = pl.col("resource").shift(2).over("case")
    return runs.with_columns(
        handed=pl.col("resource").shift(1).over("case").is_not_null(),
        returned=pl.int_range(pl.len()).over("case", "resource") > 0,
        back=(pl.col("resource") == earlier).fill_null(value=False),
    )


def _spans(ordered: pl.DataFrame) -> pl.DataFrame:
    """Seconds each event lasts: until the next of its case."""
    until = pl.col("time").shift(-1).over("case")
    return ordered.with_columns(seconds=((until - pl.col("time")).dt.total_microseconds() / 1_000_000).fill_null(0))


def _at_the_front(ordered: pl.DataFrame, first_line: Collection[str]) -> int:
    front = ordered.group_by("case").agg(pl.col("resource").is_in(list(first_line)).all().alias("front"))
    return int(front["front"].sum())
