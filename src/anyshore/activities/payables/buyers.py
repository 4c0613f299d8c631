"""The activity ``payables.check-buyer``: is this invoice for the client at all?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from anyshore.activities.activity import ActivityContext, Record, Values
from anyshore.activities.common.parties import compact, name_key
from anyshore.activities.einvoice.model import Invoice, Party
from anyshore.base.plain import from_values, to_values
from anyshore.base.tables import Column, open_table

KIND = "own-company"
COLUMNS = (
    Column("name", aliases=("Firma", "Käufer"), required=True),
    Column("vat_id", aliases=("USt-IdNr",)),
    Column("registration", aliases=("Registernummer", "Handelsregister")),
    Column("endpoint", aliases=("Elektronische Adresse", "peppol_id")),
)
"""What a file of the names has under which the client is invoiced."""


@dataclass(frozen=True, slots=True)
class Buyer:
    """A name under which the client is invoiced: its own, of a branch or of a company it answers for.

    Attributes:
        name: BT-44.
        vat_id: BT-48.
        registration: BT-47.
        endpoint: BT-49.
    """

    name: str
    vat_id: str | None = None
    registration: str | None = None
    endpoint: str | None = None


@dataclass(frozen=True, slots=True)
class BuyerInput:
    """The invoice whose buyer is checked."""

    invoice: Invoice


@dataclass(frozen=True, slots=True)
class BuyerOutcome:
    """Whether the invoice is for the client.

    Attributes:
        agrees: whether its buyer is the client of the terms or one of the names on record; true where neither is known.
        name: of the buyer on the invoice (BT-44).
        client: of the client in the terms in force; none where there are no terms.
    """

    agrees: bool
    name: str | None
    client: str | None


def check_buyer(data: BuyerInput, context: ActivityContext) -> BuyerOutcome:
    """Compares the buyer of an invoice with the client: by number where both are known, else by name."""
    party, client = data.invoice.buyer, context.client
    known = [_from_record(record) for record in context.records(KIND).find()]
    if client is not None:
        known.append(Buyer(client))
    agrees = not known or (party is not None and any(_is(party, buyer) for buyer in known))
    return BuyerOutcome(agrees, party.name if party else None, client)


def read_buyers(source: bytes | Path, file: str | None = None) -> list[Buyer]:
    """Reads the names under which the client is invoiced, a row each.

    Args:
        source: a path, or the content: CSV or a workbook with the columns ``COLUMNS``.
        file: the name to show in messages.

    Raises:
        DataError: with every problem at its line and column.
    """
    table = open_table(source, COLUMNS, file)
    found = [
        Buyer(row.required("name"), row.text("vat_id"), row.text("registration"), row.text("endpoint")) for row in table
    ]
    table.refuse_if_broken()
    return list(dict.fromkeys(found))


def rows(buyers: Iterable[Buyer]) -> list[tuple[str, Values]]:
    """Buyers as rows of the table ``buyer``: key and data."""
    return [("|".join(map(str, _key(buyer))), to_values(buyer)) for buyer in buyers]


def _key(buyer: Buyer) -> tuple[str, ...]:
    return name_key(buyer.name), buyer.vat_id or "", buyer.registration or "", buyer.endpoint or ""


def _from_record(record: Record) -> Buyer:
    return from_values(Buyer, record.data, f"{KIND} {record.key}")


def _is(party: Party, buyer: Buyer) -> bool:
    """Numbers both have must agree; then one of them is enough, and where they share none, the name decides."""
    pairs = (
        (party.vat_id, buyer.vat_id),
        (party.registration.value if party.registration else None, buyer.registration),
        (party.endpoint.value if party.endpoint else None, buyer.endpoint),
    )
    shared = [compact(one) == compact(other) for one, other in pairs if one and other]
    return all(shared) if shared else name_key(party.name) == name_key(buyer.name)
