"""What a company is worth by its free cash flows: cost of capital, present values, terminal value, sensitivity,
scenarios.

Everything is in decimals of 34 digits, so that a derivation over the same figures comes to the same value. Rates are
shares (0.08). Source: Koller, Goedhart and Wessels, Valuation, chapters 10, 14 and 15; CAPM of Sharpe 1964.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, DecimalException

from anyshore.base.decimals import CONTEXT
from anyshore.base.errors import DataError

_ONE = Decimal(1)
_DAYS = Decimal(365)


@dataclass(frozen=True, slots=True)
class CapitalCost:
    """What the capital of a company costs, built up from its parts.

    Attributes:
        risk_free: return without risk.
        equity_premium: what the market returns above it.
        beta: how the share moves with the market.
        further_premium: for size, country or the company itself.
        debt_rate: interest on its debt, before tax.
        tax: share of a saved interest that taxes take.
        equity: market value of the equity.
        debt: market value of the debt.
    """

    risk_free: Decimal
    equity_premium: Decimal
    beta: Decimal
    debt_rate: Decimal
    tax: Decimal
    equity: Decimal
    debt: Decimal
    further_premium: Decimal = Decimal(0)

    @property
    def of_equity(self) -> Decimal:
        """Cost of equity by the capital asset pricing model."""
        return CONTEXT.add(self.risk_free, CONTEXT.fma(self.beta, self.equity_premium, self.further_premium))

    @property
    def of_debt(self) -> Decimal:
        """Cost of debt after tax."""
        return CONTEXT.multiply(self.debt_rate, _ONE - self.tax)

    @property
    def average(self) -> Decimal:
        """Weighted average cost of capital.

        Raises:
            DataError: equity and debt come to nothing, or one is negative.
        """
        whole = CONTEXT.add(self.equity, self.debt)
        if whole <= 0 or self.equity < 0 or self.debt < 0:
            hint = "Give market values of equity and debt, not below zero."
            raise DataError("valuation.capital", "There is no capital to weigh.", hint=hint)
        sides = CONTEXT.fma(self.of_equity, self.equity, CONTEXT.multiply(self.of_debt, self.debt))
        return CONTEXT.divide(sides, whole)


@dataclass(frozen=True, slots=True)
class Case:
    """What is valued.

    Attributes:
        flows: free cash flow of each year, the first one year ahead.
        rate: weighted average cost of capital.
        growth: of the flows behind the last year, for ever.
        net_debt: debt less cash, and what else stands before the shareholders.
        shares: number of shares, diluted.
        mid_year: whether flows come in the middle of their year.
    """

    flows: tuple[Decimal, ...]
    rate: Decimal
    growth: Decimal
    net_debt: Decimal
    shares: Decimal
    mid_year: bool = False


@dataclass(frozen=True, slots=True)
class Value:
    """What it is worth.

    Attributes:
        present: present value of each year's flow.
        terminal: value, at the end of the last year, of all flows behind it.
        terminal_present: its present value.
        enterprise: value of the operations.
        equity: what of it is the shareholders'.
        per_share: of one share.
        terminal_share: share of the enterprise value that lies behind the years forecast.
    """

    present: tuple[Decimal, ...]
    terminal: Decimal
    terminal_present: Decimal
    enterprise: Decimal
    equity: Decimal
    per_share: Decimal
    terminal_share: Decimal | None


def discounted(rate: Decimal, flows: Sequence[tuple[Decimal, Decimal]]) -> list[Decimal]:
    """Present value of each flow.

    Args:
        rate: per year or period.
        flows: (years or periods from now, amount).

    Raises:
        DataError: the rate is -100 % or less.
    """
    if rate <= -1:
        hint = "Give a rate above -100 %, as 0.08 for 8 %."
        raise DataError("valuation.rate", f"A rate of {rate:.0%} takes everything.", hint=hint)
    growth = CONTEXT.add(_ONE, rate)
    try:
        return [CONTEXT.divide(amount, CONTEXT.power(growth, time)) for time, amount in flows]
    except DecimalException as problem:
        raise DataError("valuation.range", "A flow is too far away to be discounted.", hint="Check dates.") from problem


def dated(flows: Sequence[tuple[date, Decimal]]) -> list[tuple[Decimal, Decimal]]:
    """Dated flows by the years from the earliest, of 365 days (actual/365 fixed).

    Raises:
        DataError: there are none.
    """
    if not flows:
        raise DataError("valuation.flows", "There are no flows.", hint="Give at least one.")
    first = min(day for day, _amount in flows)
    return [(CONTEXT.divide(Decimal((day - first).days), _DAYS), amount) for day, amount in flows]


def value(case: Case) -> Value:
    """Values a company by its free cash flows, the terminal value by constant growth (Gordon 1959).

    Raises:
        DataError: there are no flows or shares, or the growth is not below the rate.
    """
    if not case.flows or case.shares <= 0:
        raise DataError("valuation.flows", "There are no flows, or no shares.", hint="Give both.")
    if case.growth >= case.rate:
        message = f"A growth of {case.growth:.2%} for ever is not below the cost of capital of {case.rate:.2%}."
        raise DataError("valuation.growth", message, hint="No company outgrows the economy for ever: lower the growth.")
    early = Decimal("0.5") if case.mid_year else Decimal(0)
    last = len(case.flows)
    times = [Decimal(year) - early for year in range(1, last + 1)]
    present = discounted(case.rate, list(zip(times, case.flows, strict=True)))
    following = CONTEXT.multiply(case.flows[-1], CONTEXT.add(_ONE, case.growth))
    terminal = CONTEXT.divide(following, CONTEXT.subtract(case.rate, case.growth))
    (terminal_present,) = discounted(case.rate, [(Decimal(last) - early, terminal)])
    enterprise = terminal_present
    for one in present:
        enterprise = CONTEXT.add(enterprise, one)
    equity = CONTEXT.subtract(enterprise, case.net_debt)
    share = CONTEXT.divide(terminal_present, enterprise) if enterprise else None
    per_share = CONTEXT.divide(equity, case.shares)
    return Value(tuple(present), terminal, terminal_present, enterprise, equity, per_share, share)


def sensitivity(
    case: Case, rates: Sequence[Decimal], growths: Sequence[Decimal], of: Callable[[Value], Decimal] | None = None
) -> list[list[Decimal | None]]:
    """What becomes of a result where rate and growth are others.

    Args:
        case: the rest of it stays.
        rates: a row each.
        growths: a column each.
        of: what is shown; the value per share where left out.

    Returns:
        Rows of values; None where the growth is not below the rate.
    """
    shown = of or (lambda found: found.per_share)
    return [
        [None if growth >= rate else shown(value(replace(case, rate=rate, growth=growth))) for growth in growths]
        for rate in rates
    ]


@dataclass(frozen=True, slots=True)
class Scenario:
    """A case and how probable it is."""

    name: str
    weight: Decimal
    case: Case


def weighted(scenarios: Sequence[Scenario]) -> Decimal:
    """The value per share over all scenarios.

    Raises:
        DataError: the weights do not come to 1, one is negative, or there are none.
    """
    whole = sum((one.weight for one in scenarios), Decimal(0))
    if whole != 1 or any(one.weight < 0 for one in scenarios):
        hint = "Give every scenario a probability; together they are 1."
        raise DataError("valuation.weights", f"The weights of the scenarios come to {whole}.", hint=hint)
    total = Decimal(0)
    for one in scenarios:
        total = CONTEXT.fma(one.weight, value(one.case).per_share, total)
    return total
