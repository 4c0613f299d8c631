"""How long a site was up, and what that leaves of what was agreed.

Availability is ``(agreed - unplanned down) / agreed``: time in an announced maintenance window is not unplanned, and
time in which nobody looked is neither up nor down but told by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from anyshore.website.checks.spans import Span, joined, length, met, without

PLACES = Decimal("0.0001")
_UNIT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Look:
    """What one look at a site came to, after its second try.

    Attributes:
        at: when.
        up: whether it answered as it should, at the first or the second try.
        probe: from where it was looked at.
        seconds: until the answer; None where there was none.
        reason: why it is down.
    """

    at: datetime
    up: bool
    probe: str = ""
    seconds: float | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Window:
    """Announced maintenance.

    Attributes:
        begin: when it begins.
        end: when it ends.
        announced: when the client was told.
    """

    begin: datetime
    end: datetime
    announced: datetime


@dataclass(frozen=True, slots=True)
class Agreed:
    """What was agreed about a site.

    Attributes:
        hours: times in which it has to be up.
        target: percent of them.
        every: how often it is looked at; after twice as long without a look nobody knows.
        notice: how long before its beginning maintenance has to be announced, else it counts as unplanned.
        most: time maintenance may take of the hours; what is beyond it is unplanned. None for no limit.
    """

    hours: tuple[Span, ...]
    target: Decimal
    every: timedelta
    notice: timedelta = timedelta()
    most: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Availability:
    """What the looks at a site come to.

    Attributes:
        agreed: how long it had to be up.
        planned: how long it was down in maintenance that counts.
        unplanned: how long it was down besides.
        unwatched: how long nobody looked.
        percent: availability, to four places; None where nothing was agreed.
        budget: how long it may be down unplanned.
        left: of the budget; negative where it is overspent.
        failures: how many times it went down unplanned.
        mttr: mean time until it was up again; None without a failure that ended.
        mtbf: mean time it was up between failures; None without one.
        outages: unplanned ones within the hours.
    """

    agreed: timedelta
    planned: timedelta
    unplanned: timedelta
    unwatched: timedelta
    percent: Decimal | None
    budget: timedelta
    left: timedelta
    failures: int
    mttr: timedelta | None
    mtbf: timedelta | None
    outages: tuple[Span, ...]


def down(looks: Iterable[Look], until: datetime, every: timedelta) -> list[Span]:
    """When a site was down: from a look that says so to the next that does not.

    With several probes it is down while more than half of those that looked lately say so: one of them may itself be
    cut off. What nobody looked at for twice the interval is no longer down, for nobody knows.

    Args:
        looks: of all probes, in any order.
        until: end of what is asked for; later looks do not count.
        every: how often each probe looks.
    """
    latest: dict[str, Look] = {}
    spans: list[Span] = []
    ordered = sorted((one for one in looks if one.at < until), key=lambda one: (one.at, one.probe))
    ends = [one.at for one in ordered[1:]] + [until]
    for look, end in zip(ordered, ends, strict=True):
        latest[look.probe] = look
        told = [one for one in latest.values() if look.at - one.at < 2 * every]
        if 2 * sum(not one.up for one in told) > len(told):
            spans.append((look.at, min(end, look.at + 2 * every)))
    return joined(spans)


def watched(looks: Iterable[Look], until: datetime, every: timedelta) -> list[Span]:
    """When somebody looked: from each look on for at most twice the interval."""
    times = sorted({one.at for one in looks if one.at < until})
    return joined((at, min(after, at + 2 * every)) for at, after in pairwise([*times, until]))


def availability(looks: Sequence[Look], windows: Iterable[Window], agreed: Agreed) -> Availability:
    """What the looks at a site come to under what was agreed.

    Args:
        looks: of the whole time, of all probes.
        windows: announced maintenance.
        agreed: hours, target, interval, notice.
    """
    hours = joined(agreed.hours)
    if not hours:
        zero = timedelta()
        return Availability(zero, zero, zero, zero, None, zero, zero, 0, None, None, ())
    until = hours[-1][1]
    out = met(down(looks, until, agreed.every), hours)
    planned = _planned(out, windows, agreed)
    outages = without(out, planned)
    whole, lost = length(hours), length(outages)
    share = Fraction((whole - lost) // _UNIT, whole // _UNIT)
    budget = int(Fraction(100 - agreed.target) * (whole // _UNIT) / 100) * _UNIT
    ended = [(begin, end) for begin, end in outages if end < until]
    return Availability(
        agreed=whole,
        planned=length(planned),
        unplanned=lost,
        unwatched=length(without(hours, watched(looks, until, agreed.every))),
        percent=_percent(share),
        budget=budget,
        left=budget - lost,
        failures=len(outages),
        mttr=length(ended) / len(ended) if ended else None,
        mtbf=(whole - lost) / len(outages) if outages else None,
        outages=tuple(outages),
    )


def _planned(out: Sequence[Span], windows: Iterable[Window], agreed: Agreed) -> list[Span]:
    """Down time in maintenance that was announced in time, as far as it is not more than was agreed."""
    counting = [(one.begin, one.end) for one in windows if one.begin - one.announced >= agreed.notice]
    found = met(out, counting)
    if agreed.most is None:
        return found
    left, kept = agreed.most, []
    for begin, end in found:
        taken = min(end - begin, left)
        kept.append((begin, begin + taken))
        left -= taken
    return joined(kept)


def _percent(share: Fraction) -> Decimal:
    """Rounded down: a target is met or it is not, and rounding does not meet it."""
    return Decimal(int(share * 1_000_000)) * PLACES
