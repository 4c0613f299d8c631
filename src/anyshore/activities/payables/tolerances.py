"""Tolerances and the need of a goods receipt, by order, seller and item: rows of a file, over those of the rules.

Of the rows that fit a line the one for its order goes before the one for its seller, and that before the one for its
item; a row for two of them goes before the row for the stronger alone. Each kind of tolerance is looked for by itself:
what a row leaves empty, the next one says, and in the end the rules of the service do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from pathlib import Path

from anyshore.activities.activity import ActivityContext, Record, Values
from anyshore.activities.common.parties import compact, name_key, seller_key
from anyshore.activities.einvoice.model import Invoice, Party
from anyshore.activities.payables.identity import number_key, same_number
from anyshore.activities.payables.orders import OrderLine, PurchaseOrder
from anyshore.activities.payables.variances import Tolerance
from anyshore.base.plain import from_values, to_values
from anyshore.base.tables import Column, Row, open_table

KIND = "matching-rule"
_LIMITS = {
    "price": ("Preis",),
    "quantity": ("Menge",),
    "line": ("Position",),
    "charge": ("Zuschlag",),
    "order": ("Bestellung",),
    "totals": ("Summen",),
}
_LOWEST = Decimal(0)
COLUMNS = (
    Column("order", aliases=("Bestellung", "Bestellnummer")),
    Column("seller_vat_id", aliases=("USt-IdNr",)),
    Column("seller_name", aliases=("Lieferant",)),
    Column("item", aliases=("Artikel", "Artikelnummer")),
    *(
        Column(f"{name}_percent", "number", aliases=tuple(f"{one} Prozent" for one in german), minimum=_LOWEST)
        for name, german in _LIMITS.items()
    ),
    *(
        Column(f"{name}_amount", "money", aliases=tuple(f"{one} Betrag" for one in german), minimum=_LOWEST)
        for name, german in _LIMITS.items()
    ),
    Column("receipt", "yes-no", aliases=("Wareneingang",)),
)
"""What a file of rules of matching has; a row without order, seller and item is for all."""


@dataclass(frozen=True, slots=True)
class Tolerances:
    """What is let pass; what is left out is said by a weaker rule, and in the end nothing may differ.

    Attributes:
        price: of the net price of a line, its charges and allowances included.
        quantity: of the quantity of an order line over all its invoices; the amount at the price of the order.
        line: of the net amount of an order line over all its invoices.
        charge: of a charge on the whole invoice.
        order: of the net amount of the order over all its invoices.
        totals: of the totals of an invoice beside the prices and charges of the order, both ways; not compared where
            nobody says a tolerance.
        receipt: whether no more may be invoiced than goods receipts say was received.
    """

    price: Tolerance | None = None
    quantity: Tolerance | None = None
    line: Tolerance | None = None
    charge: Tolerance | None = None
    order: Tolerance | None = None
    totals: Tolerance | None = None
    receipt: bool | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """Tolerances for an order, a seller or an item; for all three where they are left out.

    Attributes:
        tolerances: what is let pass.
        order: number of a purchase order.
        seller_vat_id: of a seller.
        seller_name: of a seller.
        item: number of an item.
    """

    tolerances: Tolerances
    order: str | None = None
    seller_vat_id: str | None = None
    seller_name: str | None = None
    item: str | None = None

    @property
    def scope(self) -> str:
        """What the rule is for, in the strongest respect: what it is looked up by."""
        if self.order:
            return f"order:{number_key(self.order)}"
        if self.seller:
            return f"seller:{self.seller}"
        return f"item:{compact(self.item)}" if self.item else "all"

    @property
    def seller(self) -> str | None:
        """Key of the seller."""
        if not (self.seller_name or self.seller_vat_id):
            return None
        return seller_key(Party(self.seller_name or "", vat_id=self.seller_vat_id))

    @property
    def strength(self) -> tuple[bool, bool, bool]:
        """Order before seller before item."""
        return bool(self.order), self.seller is not None, bool(self.item)


@dataclass(frozen=True, slots=True)
class Limits:
    """The tolerances of one order, line by line.

    Attributes:
        rules: those that can fit, the strongest first.
        default: those of the service.
    """

    rules: tuple[Rule, ...]
    default: Tolerances

    def of_line(self, line: OrderLine | None) -> Tolerances:
        """The tolerances of a line of the order; of the order itself where none is given."""
        item = compact(line.item) if line is not None and line.item else None
        found = Tolerances()
        fitting = [rule.tolerances for rule in self.rules if not rule.item or compact(rule.item) == item]
        for one in (*fitting, self.default):
            found = replace(found, **{name: getattr(one, name) for name in _NAMES if getattr(found, name) is None})
        return found


_NAMES = tuple(one.name for one in fields(Tolerances))


def of_order(order: PurchaseOrder, invoice: Invoice, default: Tolerances, context: ActivityContext) -> Limits:
    """The rules that can fit the lines of an order.

    Args:
        order: the order.
        invoice: the invoice at hand, which may say more of the seller than the order.
        default: the tolerances of the service.
        context: where the rules are.
    """
    records = context.records(KIND)
    sellers = {
        order.seller,
        seller_key(invoice.seller),
        *(f"name:{name_key(p.name)}" for p in (order.party, invoice.seller)),
    }
    scopes = [
        f"order:{number_key(order.number)}",
        *(f"seller:{seller}" for seller in sorted(sellers)),
        *sorted({f"item:{compact(line.item)}" for line in order.lines if line.item}),
        "all",
    ]
    found = [_from_record(record) for scope in scopes for record in records.find(scope=scope)]
    fitting = [
        rule
        for rule in found
        if (not rule.order or same_number(rule.order, order.number)) and (rule.seller is None or rule.seller in sellers)
    ]
    return Limits(tuple(sorted(fitting, key=lambda rule: rule.strength, reverse=True)), default)


def read_rules(source: bytes | Path, file: str | None = None) -> list[Rule]:
    """Reads the rules of matching, a row each.

    Args:
        source: a path, or the content: CSV or a workbook with the columns ``COLUMNS``.
        file: the name to show in messages.

    Raises:
        DataError: with every problem at its line and column.
    """
    table = open_table(source, COLUMNS, file)
    found: dict[str, int] = {}
    rules = []
    for row in table:
        rule = Rule(_tolerances(row), *map(row.text, ("order", "seller_vat_id", "seller_name", "item")))
        if rule.tolerances == Tolerances() and not row.broken:
            hint = "Write a percentage, an amount or both, or yes where goods have to be received first."
            row.problem(None, "matching.nothing-said", "This row says nothing of what is let pass.", hint)
        before = found.setdefault(_key(rule), row.line)
        if before != row.line:
            message = f"The row on line {before} is for the same order, seller and item."
            row.problem(None, "matching.rule-twice", message, "Keep one of the two.")
        rules.append(rule)
    table.refuse_if_broken()
    return rules


def rows(rules: Iterable[Rule]) -> list[tuple[str, Values]]:
    """Rules as rows of the table ``matching-rule``: key and data."""
    return [(_key(rule), {"scope": rule.scope, "rule": to_values(rule)}) for rule in rules]


def _key(rule: Rule) -> str:
    return "|".join((number_key(rule.order or ""), rule.seller or "", compact(rule.item or ""))) or "all"


def _tolerances(row: Row) -> Tolerances:
    return Tolerances(**dict(_limits(row)), receipt=row.flag("receipt"))


def _limits(row: Row) -> Iterator[tuple[str, Tolerance]]:
    for name in _LIMITS:
        percent, amount = row.number(f"{name}_percent"), row.number(f"{name}_amount")
        if percent is not None or amount is not None:
            yield name, Tolerance(percent, amount)


def _from_record(record: Record) -> Rule:
    rule = record.data.get("rule")
    return from_values(Rule, rule if isinstance(rule, dict) else {}, f"{KIND} {record.key}")
