"""The activity ``payables.check-seller``: do we know who sends this, and is the money to go where it always goes?"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from anyshore.activities.activity import ActivityContext, Record, Values
from anyshore.activities.common.parties import compact, identifiers, seller_key
from anyshore.activities.einvoice.model import Identifier, Invoice, Party, PaymentMeans
from anyshore.activities.payables import accounts
from anyshore.base.iban import is_iban
from anyshore.base.plain import from_values, to_value
from anyshore.base.tables import Column, open_table

KIND = "approved-seller"
COLUMNS = (
    Column("vat_id", aliases=("USt-IdNr",), header=True),
    Column("name", aliases=("Lieferant",), header=True),
    Column("iban", aliases=("account", "Konto", "Kontonummer"), header=True),
    Column("expense_account", aliases=("Aufwandskonto",), header=True),
    Column("tax_number", aliases=("Steuernummer",)),
    Column("registration", aliases=("Registernummer", "Handelsregister")),
    Column("gln", aliases=("GLN", "ILN", "identifier")),
    Column("endpoint", aliases=("Elektronische Adresse", "Leitweg", "peppol_id")),
)
"""What a file of approved sellers has; a row per account, which need not be an IBAN (Bankgiro, sort code)."""


@dataclass(frozen=True, slots=True)
class Seller:
    """A seller the client has approved.

    Attributes:
        name: of the seller.
        vat_id: where there is one.
        accounts: IBANs and other accounts to which may be paid.
        expense_account: general ledger account for what is bought there.
        tax_number: local tax number (BT-32), where there is one.
        registration: number in a register (BT-30).
        gln: identifier on invoices (BT-29), for example a GLN.
        endpoint: electronic address (BT-34).
    """

    name: str
    vat_id: str | None = None
    accounts: tuple[str, ...] = ()
    expense_account: str | None = None
    tax_number: str | None = None
    registration: str | None = None
    gln: str | None = None
    endpoint: str | None = None

    @property
    def party(self) -> Party:
        """The seller as invoices name it."""
        return Party(
            self.name,
            identifiers=(Identifier(self.gln),) if self.gln else (),
            registration=Identifier(self.registration) if self.registration else None,
            vat_id=self.vat_id,
            tax_registration=self.tax_number,
            endpoint=Identifier(self.endpoint) if self.endpoint else None,
        )

    @property
    def key(self) -> str:
        """Key of the seller, the same as ``seller_key`` of invoices that say as much of it."""
        return seller_key(self.party)


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
        account_agrees: whether every account it names is on record or was confirmed; true where it names none.
        account_valid: whether every IBAN among them has the right check digits (ISO 13616).
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
    """Looks the seller up by whatever identifies it, and compares the accounts to pay to."""
    party = data.invoice.seller
    seller = find_seller(party, context)
    key = seller.key if seller else seller_key(party)
    given = [means for means in data.invoice.payment if means.account]
    known = {*seller.accounts, *accounts.confirmed(key, context)} if seller else set()
    on_record = {_account_key(account) for account in known}
    unknown = tuple(means.account for means in given if means.account and not _notations(means) & on_record)
    return SellerOutcome(
        known=seller is not None,
        seller=key,
        name=seller.name if seller else party.name,
        account_given=bool(given),
        account_agrees=not unknown,
        account_valid=all(is_iban(m.account) for m in given if m.account and _looks_like_iban(m.account)),
        unknown_accounts=unknown,
        expense_account=seller.expense_account if seller else None,
    )


def find_seller(party: Party, context: ActivityContext) -> Seller | None:
    """The approved seller that a party is.

    Any identifier on the invoice leads to it, the name too, unless a stronger one that both have says otherwise. Where
    several fit, the strongest identifier decides; where that fits several, nobody is known.
    """
    records = context.records(KIND)
    mine = _identified(party)
    for kind in _STRENGTH:
        if kind not in mine:
            continue
        found = [_from_record(record) for record in records.find(**{f"by_{kind}": mine[kind]})]
        stronger = _STRENGTH[: _STRENGTH.index(kind)]
        fitting = [seller for seller in found if not _contradict(mine, _identified(seller.party), stronger)]
        if fitting:
            return fitting[0] if len(fitting) == 1 else None
    return None


_STRENGTH = ("vat", "tax", "registration", "gln", "endpoint", "name")


def _identified(party: Party) -> dict[str, str]:
    found = identifiers(party)
    if party.identifiers:
        found["gln"] = compact(party.identifiers[0].value)
    if party.endpoint:
        found["endpoint"] = party.endpoint.value.strip().casefold()
    return found


def _contradict(one: dict[str, str], other: dict[str, str], kinds: Iterable[str]) -> bool:
    """Whether two parties have different numbers of one of these kinds; an address may change."""
    numbers = [kind for kind in kinds if kind in ("vat", "tax", "registration")]
    return any(kind in one and kind in other and one[kind] != other[kind] for kind in numbers)


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
        if iban and _looks_like_iban(iban) and not is_iban(iban):
            row.problem("iban", "sellers.iban", f"{iban!r} is no IBAN.", "Check it digit by digit.")
        elif iban and not is_account(iban):
            hint = "Write an IBAN, or the account with its bank as the seller writes them on invoices."
            row.problem("iban", "sellers.account", f"{iban!r} is no account.", hint)
        seller = Seller(
            row.required("name"), row.text("vat_id"), (iban,) if iban else (), row.text("expense_account"),
            row.text("tax_number"), row.text("registration"), row.text("gln"), row.text("endpoint"),
        )  # fmt: skip
        known = found.get(seller.key)
        if known and replace(known, accounts=()) != replace(seller, accounts=()):
            message = f"{seller.vat_id or seller.name} has another name, number or account in a row above."
            row.problem(None, "sellers.contradiction", message, "All rows of a seller agree but for the account.")
        every = (*known.accounts, *seller.accounts) if known else seller.accounts
        found[seller.key] = replace(seller, accounts=every)
    table.refuse_if_broken()
    return list(found.values())


def rows(sellers: Iterable[Seller]) -> list[tuple[str, Values]]:
    """Sellers as rows of the table ``approved-seller``: key and data, with what each is found by."""
    return [
        (
            seller.key,
            {"seller": to_value(seller), **{f"by_{kind}": key for kind, key in _identified(seller.party).items()}},
        )
        for seller in sellers
    ]


def _from_record(record: Record) -> Seller:
    seller = record.data.get("seller")
    return from_values(Seller, seller if isinstance(seller, dict) else {}, f"{KIND} {record.key}")


def is_account(text: str) -> bool:
    """Whether a text can be an account that is no IBAN: some digits, and no more letters than a code of a bank has.

    Bankgiro ``5050-1055``, Plusgiro, a sort code with an account (``20-00-00 55779911``), a routing number with one
    (``021000021/123456789``), a BSB, a CLABE: each country has its own, few with check digits.
    """
    return re.fullmatch(r"(?=(?:.*\d){4})[\w .:/-]{4,40}", text.strip()) is not None and (
        sum(map(str.isalpha, text)) <= _LETTERS
    )


_LETTERS = 12
_PREFIX = re.compile(r"(bankgiro|plusgiro|bgnr|pgnr|bg|pg)(?=\d)")


def _account_key(account: str) -> str:
    """An account in one notation, without the name of the giro before it."""
    return _PREFIX.sub("", compact(account))


def _notations(means: PaymentMeans) -> set[str]:
    """How an account may be on record: by itself, or behind its bank (BT-86, a sort code where there is no BIC)."""
    account = means.account or ""
    found = {_account_key(account)}
    return found | {_account_key(means.bic + account)} if means.bic else found


def _looks_like_iban(account: str) -> bool:
    return re.match(r"[A-Za-z]{2}\d{2}", account.strip()) is not None
