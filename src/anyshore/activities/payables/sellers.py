"""The activity ``payables.check-seller``: do we know who sends this, and is the money to go where it always goes?"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from anyshore.activities.activity import ActivityContext, Values
from anyshore.activities.common.parties import compact, seller_key
from anyshore.activities.einvoice.model import Invoice, Party
from anyshore.base.plain import from_values, to_value
from anyshore.base.tables import Column, open_table

KIND = "seller"
COLUMNS = (
    Column("vat_id", aliases=("USt-IdNr",), header=True),
    Column("name", aliases=("Lieferant",), header=True),
    Column("iban", header=True),
    Column("expense_account", aliases=("Aufwandskonto",), header=True),
)
"""What a file of approved sellers has."""


@dataclass(frozen=True, slots=True)
class Seller:
    """A seller the client has approved.

    Attributes:
        name: of the seller.
        vat_id: where there is one.
        accounts: IBANs to which may be paid.
        expense_account: general ledger account for what is bought there.
    """

    name: str
    vat_id: str | None = None
    accounts: tuple[str, ...] = ()
    expense_account: str | None = None

    @property
    def key(self) -> str:
        """Key of the seller, the same as ``seller_key`` of its invoices."""
        return seller_key(Party(self.name, vat_id=self.vat_id))


@dataclass(frozen=True, slots=True)
class SellerInput:
    """The invoice whose seller is checked."""

    invoice: Invoice


@dataclass(frozen=True, slots=True)
class SellerOutcome:
    """What is known of the seller.

    Attributes:
        known: whether the seller is approved.
        seller: key of the seller.
        name: as on record; as on the invoice where unknown.
        account_given: whether the invoice names an account to pay to.
        account_agrees: whether every account it names is on record; true where it names none.
        account_valid: whether every IBAN it names has the right check digits (ISO 13616).
        unknown_accounts: those not on record.
        expense_account: as on record.
    """

    known: bool
    seller: str
    name: str
    account_given: bool
    account_agrees: bool
    account_valid: bool
    unknown_accounts: tuple[str, ...] = ()
    expense_account: str | None = None


def check_seller(data: SellerInput, context: ActivityContext) -> SellerOutcome:
    """Looks the seller up and compares the accounts to pay to."""
    party = data.invoice.seller
    key = seller_key(party)
    record = context.records(KIND).get(key)
    seller = from_values(Seller, record.data, f"{KIND} {key}") if record else None
    given = [means.account for means in data.invoice.payment if means.account]
    on_record = {compact(account) for account in seller.accounts} if seller else set()
    unknown = tuple(account for account in given if compact(account) not in on_record)
    return SellerOutcome(
        known=seller is not None,
        seller=key,
        name=seller.name if seller else party.name,
        account_given=bool(given),
        account_agrees=not unknown,
        account_valid=all(is_iban(account) for account in given if _looks_like_iban(account)),
        unknown_accounts=unknown,
        expense_account=seller.expense_account if seller else None,
    )


def read_sellers(source: bytes | Path, file: str | None = None) -> list[Seller]:
    """Reads sellers, a row per account to pay to.

    Args:
        source: a path, or the content: CSV or a workbook with the columns ``COLUMNS``.
        file: the name to show in messages.

    Raises:
        DataError: with every problem at its line and column.
    """
    table = open_table(source, COLUMNS, file)
    found: dict[str, Seller] = {}
    for row in table:
        iban = row.text("iban")
        if iban and not is_iban(iban):
            row.problem("iban", "sellers.iban", f"{iban!r} is no IBAN.", "Check it digit by digit.")
        seller = Seller(row.required("name"), row.text("vat_id"), (iban,) if iban else (), row.text("expense_account"))
        known = found.get(seller.key)
        if known and (known.name, known.expense_account) != (seller.name, seller.expense_account):
            message = f"{seller.vat_id or seller.name} has another name or account in a row above."
            row.problem(None, "sellers.contradiction", message, "All rows of a seller agree but for the IBAN.")
        accounts = (*known.accounts, *seller.accounts) if known else seller.accounts
        found[seller.key] = Seller(seller.name, seller.vat_id, accounts, seller.expense_account)
    table.refuse_if_broken()
    return list(found.values())


def rows(sellers: Iterable[Seller]) -> list[tuple[str, Values]]:
    """Sellers as rows of the table ``seller``: key and data."""
    return [(seller.key, value) for seller in sellers if isinstance(value := to_value(seller), dict)]


def is_iban(account: str) -> bool:
    """Whether a text is an IBAN with the right check digits (ISO 13616, ISO 7064 MOD 97-10)."""
    iban = compact(account).upper()
    if not re.fullmatch(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", iban, re.ASCII):
        return False
    return int("".join(str(int(character, 36)) for character in iban[4:] + iban[:4])) % 97 == 1


def _looks_like_iban(account: str) -> bool:
    return re.match(r"[A-Za-z]{2}\d{2}", account.strip()) is not None
