"""What a case comes to: percentiles over the draws, the median case with its return and break-even, and a tornado."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from anyshore.finance import returns
from anyshore.finance.returns import Returns
from anyshore.sourcing.business_case.case import BASELINE, QUANTITIES, Case
from anyshore.sourcing.business_case.cash import Flows, drawn_flows, median_flows
from anyshore.sourcing.business_case.distributions import fixed

Array = NDArray[np.float64]
DRAWS = 10_000
PERCENTILES = (10, 50, 90)
_BARS = 10


@dataclass(frozen=True, slots=True)
class Spread:
    """p10, p50 and p90 of something; infinite where it never comes."""

    p10: float
    p50: float
    p90: float

    def as_list(self) -> list[float | None]:
        """Rounded to cents; None for never."""
        return [round(one, 2) if np.isfinite(one) else None for one in (self.p10, self.p50, self.p90)]


@dataclass(frozen=True, slots=True)
class Bar:
    """How much one quantity moves the net present value, all others at their median.

    Attributes:
        quantity: its name.
        at_p10: value where the quantity is at its p10.
        at_p90: likewise at its p90.
        source: where the quantity is from.
    """

    quantity: str
    at_p10: float
    at_p90: float
    source: str

    @property
    def width(self) -> float:
        """How far apart the two are."""
        return abs(self.at_p90 - self.at_p10)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an activity comes to at a site.

    Attributes:
        activity: its name.
        site: likewise.
        npv: of the draws.
        yearly: saving in the last year, of the draws.
        payback: years, of the draws.
        gains: share of draws with a net present value above zero.
        median_npv: with every quantity at its median.
        median_flows: dated, likewise.
        xirr: of those.
        break_even: share of the planned volume at which that is zero; None where no volume makes it so.
        tornado: the widest first.
    """

    activity: str
    site: str
    npv: Spread
    yearly: Spread
    payback: Spread
    gains: float
    median_npv: float
    median_flows: tuple[tuple[date, float], ...]
    xirr: Returns
    break_even: float | None
    tornado: tuple[Bar, ...]

    def as_dict(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "activity": self.activity, "site": self.site, "npv": self.npv.as_list(), "yearly": self.yearly.as_list(),
            "payback_years": self.payback.as_list(), "gains": round(self.gains, 6),
            "median_npv": round(self.median_npv, 2),
            "median_flows": [[day.isoformat(), round(amount, 2)] for day, amount in self.median_flows],
            "xirr": _rounded(self.xirr.rate), "xirr_all": [_rounded(one) for one in self.xirr.all],
            "break_even_share": _rounded(self.break_even),
            "tornado": [
                {"quantity": bar.quantity, "npv_at_p10": round(bar.at_p10, 2), "npv_at_p90": round(bar.at_p90, 2),
                 "source": bar.source}
                for bar in self.tornado
            ],
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Portfolio:
    """What all activities together come to, each at the site where its median is best.

    Attributes:
        outcomes: of every activity at every site.
        best: site by activity.
        npv: of the sum, draws of the same number added.
        gains: share of draws above zero.
    """

    outcomes: tuple[Outcome, ...]
    best: dict[str, str]
    npv: Spread
    gains: float


def evaluate(case: Case, *, draws: int = DRAWS, seed: int = 0) -> Portfolio:
    """Draws a case and puts it together.

    Raises:
        DataError: there is no draw.
    """
    outcomes: list[Outcome] = []
    best: dict[str, str] = {}
    total = np.zeros(draws)
    for activity in case.activities:
        npv, yearly, payback = _draws(case, activity, draws, seed)
        median = median_flows(case, activity)
        values = median.npv(case.frame.discount)[0]
        for number in range(len(case.sites)):
            columns = (npv[:, number], yearly[:, number], payback[:, number])
            outcomes.append(_outcome(case, activity, number, columns, median))
        number = int(values.argmax())
        best[activity] = case.sites[number]
        total += npv[:, number]
    return Portfolio(tuple(outcomes), best, _spread(total), float((total > 0).mean()))


def _draws(case: Case, activity: str, draws: int, seed: int) -> tuple[Array, Array, Array]:
    """Net present value, saving of the last year and payback, draws × sites."""
    parts = [
        (flows.npv(case.frame.discount), flows.saving[:, :, -1], flows.payback())
        for flows in drawn_flows(case, activity, draws, seed)
    ]
    npv, yearly, payback = (np.concatenate(column) for column in zip(*parts, strict=True))
    sites = (draws, len(case.sites))
    return tuple(np.broadcast_to(one, sites) for one in (npv, yearly, payback))  # type: ignore[return-value]


def _outcome(case: Case, activity: str, number: int, columns: Sequence[Array], median: Flows) -> Outcome:
    site, frame = case.sites[number], case.frame
    npv, yearly, payback = columns
    dated = _dated(case, median, number)
    value = float(median.npv(frame.discount)[0, number])
    one_off = float(median.one_off[0, number])
    return Outcome(
        activity, site, _spread(npv), _spread(yearly), _spread(payback), float((npv > 0).mean()), value, dated,
        returns.xirr(dated), _break_even(value, one_off), tornado(case, activity, site),
    )  # fmt: skip


def _dated(case: Case, flows: Flows, number: int) -> tuple[tuple[date, float], ...]:
    """The one-off cost on the first day, savings on its anniversaries."""
    start = case.frame.start
    days = [_anniversary(start, year) for year in range(case.frame.years + 1)]
    amounts = [-float(flows.one_off[0, number]), *map(float, flows.saving[0, number])]
    return tuple(zip(days, amounts, strict=True))


def _anniversary(start: date, years: int) -> date:
    try:
        return start.replace(year=start.year + years)
    except ValueError:  # 29 February
        return start.replace(year=start.year + years, day=28)


def _break_even(value: float, one_off: float) -> float | None:
    """Savings grow with volume and the one-off cost does not, so the value is a straight line in volume."""
    per_volume = value + one_off
    return one_off / per_volume if per_volume > 0 else None


def tornado(case: Case, activity: str, site: str) -> tuple[Bar, ...]:
    """How far each uncertain quantity moves the median case, from its p10 to its p90."""
    one = Case(case.frame, (activity,), (site,), case.rows)
    bars = []
    for quantity in QUANTITIES:
        known = one.of(activity, site, quantity.name)
        if quantity.name in BASELINE or known.is_known:
            continue
        ends = [
            float(
                median_flows(one.with_row((activity, site, quantity.name), fixed(known.quantile(share))), activity)
                .npv(case.frame.discount)[0, 0]
            )
            for share in (0.1, 0.9)
        ]  # fmt: skip
        bars.append(Bar(quantity.name, ends[0], ends[1], known.source))
    return tuple(sorted(bars, key=lambda bar: (-bar.width, bar.quantity))[:_BARS])


def _spread(values: Array) -> Spread:
    """Percentiles; of infinite values the order counts, nothing is put between them."""
    with np.errstate(invalid="ignore"):
        found = np.percentile(values, PERCENTILES, method="lower" if np.isinf(values).any() else "linear")
    return Spread(*map(float, found))


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 8)
