"""Clock readings: business time between two moments, beside businesstimedelta; equal away from changes of clocks.

The peer is given ``tz=``: without it, it counts in the wrong zone and says nothing. Both count the same spans of
office hours in Berlin; the goal is thirty times as many readings.

Run: ``python -m benchmarks.ticket_clocks [readings]``.
"""

from __future__ import annotations

import random
import sys
import time
from datetime import UTC, datetime, timedelta
from datetime import time as of_day

from anyshore.terms.calendars import Calendar
from anyshore.terms.clocks import MINUTE, clock_of

READINGS = 2_000
FIRST = datetime(2025, 4, 7, tzinfo=UTC)
"""A Monday with five months of one offset behind it."""


def drawn(count: int) -> list[tuple[int, int]]:
    """Spans of up to three weeks, in microseconds."""
    draw = random.Random(3)
    first = int(FIRST.timestamp()) * 1_000_000
    starts = [first + draw.randrange(100 * 1440) * MINUTE for _ in range(count)]
    return [(start, start + draw.randrange(1, 21 * 1440) * MINUTE) for start in starts]


def main() -> None:
    """Prints the figures."""
    import businesstimedelta
    import pytz

    count = int(sys.argv[1]) if len(sys.argv) > 1 else READINGS
    spans = drawn(count)
    clock = clock_of(Calendar("Europe/Berlin", (((9 * 60, 17 * 60),),) * 5 + ((),) * 2))
    clock.business_time_between(*spans[0])  # the table of the year is built once per calendar
    begun = time.process_time()
    found = [clock.business_time_between(start, end) for start, end in spans]
    mine = time.process_time() - begun

    hours = businesstimedelta.WorkDayRule(
        start_time=of_day(9), end_time=of_day(17), working_days=[0, 1, 2, 3, 4], tz=pytz.timezone("Europe/Berlin")
    )
    moments = [tuple(datetime.fromtimestamp(at // 1_000_000, UTC) for at in span) for span in spans]
    begun = time.process_time()
    told = [hours.difference(start, end) for start, end in moments]
    peer = time.process_time() - begun
    same = sum(timedelta(microseconds=one) == other.timedelta for one, other in zip(found, told, strict=True))
    print(f"{count:,} readings: {mine:.4f} CPU s, {mine / count * 1e6:.1f} µs each")
    print(f"businesstimedelta:  {peer:.4f} CPU s; equal: {same:,} of {count:,}; {peer / mine:,.0f} times as fast")


if __name__ == "__main__":
    main()
