"""One standard chart beside the filer's own statements: the same line for the same thing, whatever it is called.

A line has the concepts that report it, the most exact first; taxonomies are told apart by nothing but their local
names, as editions change the namespace every year. Which concept was taken stands beside every value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from anyshore.filings.filing import Filing
from anyshore.filings.model import Fact, Period, local

CHART: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "revenue": ("Revenue", (
        "RevenueFromContractWithCustomerExcludingAssessedTax", "Revenues", "SalesRevenueNet", "Revenue",
        "RevenueFromContractsWithCustomers",
    )),
    "cost_of_revenue": ("Cost of revenue", ("CostOfRevenue", "CostOfGoodsAndServicesSold", "CostOfSales")),
    "gross_profit": ("Gross profit", ("GrossProfit",)),
    "operating_income": ("Operating income", ("OperatingIncomeLoss", "ProfitLossFromOperatingActivities")),
    "tax": ("Income tax", ("IncomeTaxExpenseBenefit", "IncomeTaxExpenseContinuingOperations")),
    "net_income": ("Net income", ("NetIncomeLoss", "ProfitLoss")),
    "operating_cash": ("Cash from operations", (
        "NetCashProvidedByUsedInOperatingActivities", "CashFlowsFromUsedInOperatingActivities",
    )),
    "capital_expenditure": ("Capital expenditure", (
        "PaymentsToAcquirePropertyPlantAndEquipment", "PaymentsToAcquireProductiveAssets",
        "PurchaseOfPropertyPlantAndEquipmentClassifiedAsInvestingActivities",
    )),
    "cash": ("Cash", ("CashAndCashEquivalentsAtCarryingValue", "CashAndCashEquivalents")),
    "debt": ("Debt", ("LongTermDebt", "LongTermDebtNoncurrent", "Borrowings", "DebtInstrumentCarryingAmount")),
    "assets": ("Assets", ("Assets",)),
    "liabilities": ("Liabilities", ("Liabilities",)),
    "equity": ("Equity", ("StockholdersEquity", "Equity")),
    "diluted_shares": ("Diluted shares", (
        "WeightedAverageNumberOfDilutedSharesOutstanding", "AdjustedWeightedAverageShares",
    )),
}  # fmt: skip
"""Line, what it is called, and the concepts that report it."""
_YEAR = range(350, 380)


@dataclass(frozen=True, slots=True)
class Line:
    """A value of the standard chart.

    Attributes:
        id: line of the chart with the year its period ends, ``revenue_2025``.
        label: what the line is called.
        fact: where the value is from.
    """

    id: str
    label: str
    fact: Fact


def lines(filing: Filing) -> list[Line]:
    """The lines of the chart a filing has for whole years and ends of years, newest first within a line."""
    found = []
    for name, (label, concepts) in CHART.items():
        taken: set[Period] = set()
        for concept in concepts:
            for fact in filing.find(concept):
                period = fact.aspects.period
                whole = period.instant or period.days in _YEAR
                if whole and period not in taken and fact.value is not None and period.end is not None:
                    taken.add(period)
                    found.append(Line(f"{name}_{period.end.year}", label, fact))
    return _newest(found)


def _newest(found: list[Line]) -> list[Line]:
    """One value per line and year: the latest end wins, where two balances end in one year."""
    best: dict[str, Line] = {}
    for line in found:
        known = best.get(line.id)
        if known is None or _end(line) > _end(known):
            best[line.id] = line
    order = list(CHART)
    return sorted(best.values(), key=lambda line: (order.index(line.id.rpartition("_")[0]), -int(line.id[-4:])))


def _end(line: Line) -> str:
    return str(line.fact.aspects.period.end)


def address(fact: Fact) -> str:
    """Where a fact stands in its filing: concept, context and unit."""
    unit = f", {fact.unit.id}" if fact.unit else ""
    return f"{local(fact.concept)}, {fact.context.id}{unit}"


def held(filing: Filing) -> dict[str, Decimal]:
    """What a filing says, by address; where it says two things, the first."""
    found: dict[str, Decimal] = {}
    for fact in filing.facts:
        if fact.value is not None:
            found.setdefault(address(fact), fact.value)
    return found
