"""The figures of a log, and what they say about the kind of the work in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from anyshore.sourcing.event_log import hours as business
from anyshore.sourcing.event_log.counts import Counts, count
from anyshore.sourcing.event_log.hours import Hours
from anyshore.sourcing.event_log.log import EventLog
from anyshore.sourcing.event_log.steps import Foretold, Step, foretell, normal

ENOUGH = 100
"""Cases from which on a log says anything."""
RULES_FROM, JUDGEMENT_TO = 0.775, 0.69
"""Share of next steps foretold from which on, and up to which, 15 real processes were rule work and judgement work."""
_SHARE = 0.2  # of next steps that both kinds of step must have for a log to be mixed
_TIMES = 30  # a step that happens less often is of no kind
_SURE = 1.96  # two-sided 95 %


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures of a log. They follow the granularity of its activities: see how many there are.

    Attributes:
        counts: what a process miner counts.
        foretold: how well next steps are foretold.
        top_ten: share of cases of the ten most frequent variants, 0 to 1.
        rework: share of cases in which an activity occurs more than once, at least.
        cases_per_day: cases begun per working day.
        business_hours: share of events inside business hours.
        median_business_hours: business hours of the median case.
        without_case: events of no case.
    """

    counts: Counts
    foretold: Foretold
    top_ten: float
    rework: float
    cases_per_day: float
    business_hours: float
    median_business_hours: float
    without_case: int

    @property
    def enough(self) -> bool:
        """Whether there are enough cases to say anything."""
        return self.counts.cases >= ENOUGH

    @property
    def lean(self) -> float:
        """-1 rules to 1 judgement; nearer to 0 where the thresholds lie within the sampling error."""
        if not self.enough:
            return 0.0
        middle, half = (RULES_FROM + JUDGEMENT_TO) / 2, (RULES_FROM - JUDGEMENT_TO) / 2
        distance = middle - self.foretold.accuracy
        sure = half / (half + _SURE * self.foretold.error)
        return max(-1.0, min(1.0, distance / half)) * sure

    @property
    def rule_steps(self) -> tuple[Step, ...]:
        """Steps after which the next is foretold as in rule work."""
        return self._steps(
            lambda step: step.accuracy - _SURE * step.error >= JUDGEMENT_TO and step.accuracy >= RULES_FROM
        )

    @property
    def judgement_steps(self) -> tuple[Step, ...]:
        """Steps after which the next is foretold as in judgement work."""
        return self._steps(
            lambda step: step.accuracy + _SURE * step.error <= RULES_FROM and step.accuracy <= JUDGEMENT_TO
        )

    @property
    def mixed(self) -> bool:
        """Whether steps of both kinds make up much of the work."""
        total = sum(step.times for step in self.foretold.steps)
        parts = (sum(step.times for step in steps) for steps in (self.rule_steps, self.judgement_steps))
        return self.enough and all(part >= _SHARE * total for part in parts)

    @property
    def detail(self) -> str:
        """In one line."""
        if not self.enough:
            return f"{self.counts.cases:,} cases are too few: {ENOUGH} are needed"
        return (
            f"next step foretold {self.foretold.accuracy:.1%} ± {_SURE * self.foretold.error:.1%}, "
            f"{self.counts.activities} activities, {self.counts.cases:,} cases, ten variants {self.top_ten:.0%}"
        )

    def as_dict(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "events": self.counts.events, "cases": self.counts.cases, "activities": self.counts.activities,
            "variants": self.counts.variants, "events_without_case": self.without_case, "enough": self.enough,
            "next_step_accuracy": round(self.foretold.accuracy, 4), "standard_error": round(self.foretold.error, 4),
            "entropy_bits": round(self.foretold.entropy, 4),
            "entropy_share": round(normal(self.foretold.entropy, self.counts.activities), 4),
            "top_ten_variants": round(self.top_ten, 4), "rework": round(self.rework, 4),
            "cases_per_day": round(self.cases_per_day, 3), "inside_business_hours": round(self.business_hours, 4),
            "median_business_hours": round(self.median_business_hours, 3),
            "median_duration_s": self.counts.median_duration_s, "lean": round(self.lean, 4), "mixed": self.mixed,
            "rule_steps": [step.activity for step in self.rule_steps],
            "judgement_steps": [step.activity for step in self.judgement_steps],
        }  # fmt: skip

    def _steps(self, fits: Any) -> tuple[Step, ...]:
        return tuple(step for step in self.foretold.steps if step.times >= _TIMES and fits(step))


def figures(log: EventLog, hours: Hours | None = None) -> Figures:
    """The figures of a log.

    Args:
        log: the log.
        hours: business hours where the work is done; Monday to Friday, 8 to 18, in UTC where left out.

    Raises:
        ValueError: the hours name no known zone.
    """
    hours = hours or Hours()
    counts = count(log)
    times = business.local(log.time, hours, zoned=log.zoned)
    starts, ends = times[log.starts], times[log.ends]
    days = business.working_days(int(starts.min()), int(starts.max()), hours)
    worked = business.between(starts, ends, hours)
    return Figures(
        counts, foretell(log), sum(counts.largest_variants) / counts.cases, _rework_share(log),
        counts.cases / max(days, 1), business.share_inside(times, hours), float(np.median(worked)) / 3_600e6,
        log.without_case,
    )  # fmt: skip


def _rework_share(log: EventLog) -> float:
    """Share of cases with an activity more than once."""
    n = len(log.activities)
    case = np.repeat(np.arange(len(log.starts)), log.sizes)
    keys = np.sort(case * n + log.activity)
    again = keys[1:][keys[1:] == keys[:-1]] // n
    return len(np.unique(again)) / len(log.starts)
