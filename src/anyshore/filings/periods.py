"""Figures of periods that were not reported, from those that were: the fourth quarter, and the trailing twelve months.

Only flows in an amount add up over time: sales, cash paid. What is per share, an average, a rate or a balance does not,
and a value as first reported does not go together with one restated later. Each refusal says which it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from anyshore.base.decimals import CONTEXT
from anyshore.base.errors import DataError
from anyshore.filings.filing import Filing
from anyshore.filings.model import Fact, Period, Unit, local

Vintage = Literal["as reported", "restated"]
_YEAR, _NINE, _QUARTER = (range(350, 380), range(258, 288), range(80, 101))
"""Days of a year of 52 or 53 weeks, of nine months, of a quarter."""
_NO_FLOW = ("average", "weighted", "ratio", "rate", "percent", "pershare")


@dataclass(frozen=True, slots=True)
class Reported:
    """A value of a period, and the filing it is from.

    Attributes:
        fact: the value.
        filing: digest of the filing.
        filed: when it was filed.
        end: last day of the year or quarter the filing is about.
    """

    fact: Fact
    filing: str
    filed: date
    end: date

    @property
    def vintage(self) -> Vintage:
        """``as reported`` in the filing about that period, ``restated`` in a later one."""
        return "as reported" if self.fact.aspects.period.end == self.end else "restated"


@dataclass(frozen=True, slots=True)
class Computed:
    """A value that follows from reported ones.

    Attributes:
        value: the value.
        period: what it is of.
        unit: its unit.
        added: the values that were added.
        subtracted: those that were taken away.
    """

    value: Decimal
    period: Period
    unit: Unit
    added: tuple[Reported, ...]
    subtracted: tuple[Reported, ...]


def reported(filing: Filing, concept: str, *, filed: date, end: date) -> list[Reported]:
    """The values of a concept in a filing, of the entity as a whole."""
    return [Reported(fact, filing.digest, filed, end) for fact in filing.find(concept) if fact.value is not None]


def fourth_quarter(year: Reported, nine_months: Reported) -> Computed:
    """The year less its first nine months.

    Raises:
        DataError: the values are no flows, of other periods, of different vintages or about different things.
    """
    _same([year, nine_months])
    whole, part = year.fact.aspects.period, nine_months.fact.aspects.period
    if whole.days not in _YEAR or part.days not in _NINE or whole.start != part.start or part.end is None:
        message = f"{whole} and {part} are no year and its first nine months."
        raise DataError("period.no-quarter", message, hint="Take both from the same financial year.")
    return _computed([year], [nine_months], Period(part.end + timedelta(days=1), whole.end))


def trailing(year: Reported, this_part: Reported, last_part: Reported) -> Computed:
    """The last twelve months: the year, plus what is reported of the new one, less the same months a year before.

    Raises:
        DataError: the values are no flows, periods do not fit, vintages are mixed or they are about different things.
    """
    _same([year, this_part, last_part])
    whole, new, old = (one.fact.aspects.period for one in (year, this_part, last_part))
    fits = (
        whole.days in _YEAR and whole.end is not None and new.start == whole.end + timedelta(days=1)
        and old.start == whole.start and abs(new.days - old.days) <= 7 and old.end is not None
    )  # fmt: skip
    if not fits or old.end is None:
        message = f"{whole}, {new} and {old} make no twelve months."
        raise DataError("period.no-year", message, hint="Take a year, the months since, and the same of the year.")
    return _computed([year, this_part], [last_part], Period(old.end + timedelta(days=1), new.end))


def is_flow(fact: Fact) -> str:
    """Why a value does not add up over time; empty where it does."""
    if fact.aspects.period.start is None:
        return "it is a balance on a day"
    if fact.unit is None or fact.unit.denominator:
        return "it is per something"
    if any(local(one) == "pure" for one in fact.unit.numerator):
        return "it is a ratio"
    if any(local(one) == "shares" for one in fact.unit.numerator):
        return "it is a number of shares, which is an average"
    name = local(fact.concept).lower()
    word = next((one for one in _NO_FLOW if one in name), None)
    return f"its name says that it is none ({word})" if word else ""


def _same(values: Sequence[Reported]) -> None:
    first = values[0].fact
    for one in values:
        why = is_flow(one.fact)
        if why:
            message = f"{local(one.fact.concept)} does not add up over time: {why}."
            raise DataError("period.no-flow", message, hint="Take what the filer reports of the period itself.")
        same = one.fact.concept == first.concept and one.fact.aspects.entity == first.aspects.entity
        about = one.fact.aspects.dimensions == first.aspects.dimensions
        if not (same and about and one.fact.unit and first.unit and one.fact.unit.measures == first.unit.measures):
            raise DataError(
                "period.differs", "The values are not about the same thing.", hint="Compare like with like."
            )
    if len({one.vintage for one in values}) > 1:
        message = "A value as reported and one restated do not go together."
        raise DataError("period.restated", message, hint="Take all of them as first reported, or all restated.")


def _computed(added: Sequence[Reported], subtracted: Sequence[Reported], period: Period) -> Computed:
    total = Decimal(0)
    for one in added:
        total = CONTEXT.add(total, one.fact.value or Decimal(0))
    for one in subtracted:
        total = CONTEXT.subtract(total, one.fact.value or Decimal(0))
    unit = added[0].fact.unit
    assert unit is not None  # a flow has one
    return Computed(total, period, unit, tuple(added), tuple(subtracted))
