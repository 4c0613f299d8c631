"""``filings.value``: what a share is worth by free cash flows, each step a figure with its derivation.

The analyst's assumptions are figures whose source is the cell of their table; everything else follows from those and
from the filing, so that a stranger can compute the price target again. The derivations say the same as
``finance.dcf``, by which sensitivity and scenarios are computed beside them.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from decimal import Decimal

from anyshore.activities.activity import ActivityContext
from anyshore.activities.filings import assumptions
from anyshore.activities.filings.reading import StatedFigure
from anyshore.base.decimals import plain
from anyshore.base.errors import DataError
from anyshore.finance import dcf
from anyshore.knowledge import derivations

NEEDED = (
    "risk_free", "equity_premium", "beta", "debt_rate", "tax_rate", "equity_value", "long_growth",
)  # fmt: skip
"""What a valuation assumes beside its scenarios, each ``growth_NAME`` and ``weight_NAME``."""
LINES = ("operating_cash", "capital_expenditure", "cash", "debt", "diluted_shares")
YEARS = 5
_STEP = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class ValueInput:
    """What a valuation rests on.

    Attributes:
        document: name of the document in the host that holds the assumptions.
        name: what it is called in citations.
        figures: those of the filing.
        year: its last year.
    """

    document: str
    figures: tuple[StatedFigure, ...]
    year: int
    name: str = ""


@dataclass(frozen=True, slots=True)
class ScenarioValue:
    """What a share is worth in one scenario, and which share of the enterprise lies behind the years forecast."""

    name: str
    weight: Decimal
    per_share: Decimal
    terminal_share: Decimal


@dataclass(frozen=True, slots=True)
class ValueOutcome:
    """What a share is worth.

    Attributes:
        per_share: over all scenarios.
        upside: how far that is above the market price, as a share.
        wacc: weighted average cost of capital.
        scenarios: each by itself.
        rates: costs of capital, a row of the sensitivity each.
        growths: growths for ever, a column each.
        sensitivity: value per share of the first scenario; None where growth reaches the rate.
        figures: assumptions and what was derived.
    """

    per_share: Decimal
    upside: Decimal
    wacc: Decimal
    scenarios: tuple[ScenarioValue, ...]
    rates: tuple[Decimal, ...]
    growths: tuple[Decimal, ...]
    sensitivity: tuple[tuple[Decimal | None, ...], ...]
    figures: tuple[StatedFigure, ...]


def value(data: ValueInput, context: ActivityContext) -> ValueOutcome:
    """Values the company.

    Raises:
        DataError: filing or assumptions lack something that is needed, or make no value.
    """
    content = context.read_document(data.document)
    work = _Work(data, hashlib.sha256(content).hexdigest(), assumptions.read(content, data.name or data.document))
    names = [name.removeprefix("growth_") for name in work.assumed if name.startswith("growth_")]
    if not names:
        hint = "Give growth_NAME and weight_NAME for each."
        raise DataError("valuation.scenarios", "The assumptions name no scenario.", hint=hint)
    work.capital()
    for name in names:
        work.scenario(name)
    weighted = " + ".join(f"weight_{name} * per_share_{name}" for name in names)
    target = work.derive("per_share", "Value per share, weighted", f"{work.currency}/share", weighted)
    price = f"(equity_value / diluted_shares_{data.year})"
    upside = work.derive("upside", "Value over market price", "pure", f"per_share / {price} - 1")
    cases = [work.case(name) for name in names]
    dcf.weighted([dcf.Scenario(name, work.of(f"weight_{name}"), case) for name, case in zip(names, cases, strict=True)])
    rates = tuple(work.of("wacc") + _STEP * shift for shift in (-1, 0, 1))
    growths = tuple(work.of("long_growth") + _STEP / 2 * shift for shift in (-1, 0, 1))
    found = tuple(
        ScenarioValue(
            name, work.of(f"weight_{name}"), work.of(f"per_share_{name}"), dcf.value(case).terminal_share or Decimal(0)
        )
        for name, case in zip(names, cases, strict=True)
    )
    table = tuple(map(tuple, dcf.sensitivity(cases[0], rates, growths)))
    return ValueOutcome(target, upside, work.of("wacc"), found, rates, growths, table, tuple(work.made))


class _Work:
    """The figures as they are made, each computed from those before it."""

    def __init__(self, data: ValueInput, digest: str, assumed: dict[str, assumptions.Assumption]) -> None:
        self.assumed = assumed
        self.values = {one.id: one.value for one in data.figures}
        self.year = data.year
        self.made: list[StatedFigure] = []
        missing = [name for name in (*NEEDED, *self._weights()) if name not in assumed]
        lines = [name for name in LINES if f"{name}_{data.year}" not in self.values]
        if missing or lines:
            what = ", ".join([*missing, *(f"{name} of {data.year}" for name in lines)])
            hint = "Add it to the assumptions, or correct the filing's figures by hand."
            raise DataError("valuation.missing", f"Not there: {what}.", hint=hint)
        self.currency = next(one.unit for one in data.figures if one.id == f"cash_{data.year}")
        for name, one in assumed.items():
            label = re.sub(r"_", " ", name).capitalize()
            self._add(StatedFigure(name, label, one.value, one.unit or "pure", "", digest, one.cell,
                                   f"{plain(one.value)} ({one.source})", data.name))  # fmt: skip

    def _weights(self) -> list[str]:
        return [name.replace("growth_", "weight_", 1) for name in self.assumed if name.startswith("growth_")]

    def of(self, name: str) -> Decimal:
        return self.values[name]

    def _add(self, figure: StatedFigure) -> None:
        self.values[figure.id] = figure.value
        self.made.append(figure)

    def derive(self, name: str, label: str, unit: str, derivation: str) -> Decimal:
        found = derivations.compute(derivations.parse(derivation), self.values)
        self._add(StatedFigure(name, label, found, unit, str(self.year), derivation=derivation))
        return found

    def capital(self) -> None:
        """Cost of capital, cash flow and net debt."""
        year, capital = self.year, f"(equity_value + debt_{self.year})"
        self.derive("cost_of_equity", "Cost of equity", "pure", "risk_free + beta * equity_premium")
        self.derive("cost_of_debt", "Cost of debt after tax", "pure", "debt_rate * (1 - tax_rate)")
        self.derive("wacc", "Weighted average cost of capital", "pure",
                    f"(cost_of_equity * equity_value + cost_of_debt * debt_{year}) / {capital}")  # fmt: skip
        self.derive("free_cash_flow", "Free cash flow", self.currency,
                    f"operating_cash_{year} - capital_expenditure_{year}")  # fmt: skip
        self.derive("net_debt", "Net debt", self.currency, f"debt_{year} - cash_{year}")

    def scenario(self, name: str) -> None:
        """Enterprise value and value per share of a scenario."""
        if self.of("long_growth") >= self.of("wacc"):
            dcf.value(self.case(name))  # says why it has no value
        flow = f"free_cash_flow * (1 + growth_{name})"
        years = " + ".join(f"{flow}^{year} / (1 + wacc)^{year}" for year in range(1, YEARS + 1))
        self.derive(f"forecast_{name}", f"Present value of {YEARS} years, {name}", self.currency, years)
        last = f"{flow}^{YEARS} * (1 + long_growth) / (wacc - long_growth) / (1 + wacc)^{YEARS}"
        self.derive(f"terminal_{name}", f"Present value of all later years, {name}", self.currency, last)
        whole = f"(forecast_{name} + terminal_{name} - net_debt) / diluted_shares_{self.year}"
        self.derive(f"per_share_{name}", f"Value per share, {name}", f"{self.currency}/share", whole)

    def case(self, name: str) -> dcf.Case:
        """The same scenario for the arithmetic of valuation."""
        growth = 1 + self.of(f"growth_{name}")
        flows = tuple(self.of("free_cash_flow") * growth**year for year in range(1, YEARS + 1))
        return dcf.Case(
            flows, self.of("wacc"), self.of("long_growth"), self.of("net_debt"), self.of(f"diluted_shares_{self.year}")
        )
