"""The semantic model of an invoice, as far as accounts payable needs it.

Names and numbers are those of EN 16931-1: a business term is a ``BT``, a group of them a ``BG``. Amounts are in the
invoice currency (BT-5) unless said otherwise and are kept exactly as written, trailing zeros included.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal

Syntax = Literal["UBL Invoice", "UBL CreditNote", "CII"]

Kind = Literal["invoice", "credit note", "corrected invoice", "down payment", "no invoice"]

# The values of BT-3 which BR-CL-01 lists for credit notes (UNTDID 1001); 502 and 503 are the self-billed credit note
# and the credit note of a down payment, which UBL writes as another document.
CREDIT_NOTE_TYPES = frozenset({"81", "83", "261", "262", "296", "308", "381", "396", "420", "458", "502", "503", "532"})
CORRECTED_TYPES = frozenset({"384", "471", "472", "473"})
"""Corrected invoices, also self-billed and factored ones: each stands for an invoice that came before it."""
DOWN_PAYMENT_TYPES = frozenset({"386", "500"})
"""Invoices of a down payment, which the final invoice sets off (BT-113)."""
INVOICE_TYPES = frozenset(
    {
        "80", "82", "84", "295", "326", "331", "380", "382", "383", "385", "387", "388", "389", "390", "393", "394",
        "395", "457", "501", "527", "575", "623", "780", "875", "876", "877",
    }
)  # fmt: skip
"""Invoices that are nothing special. What BR-CL-01 lists besides asks for money or tells of it and is no invoice:
requests for payment (71, 211, 218, 219), valuations of payments (202 to 204), pro forma (325), customs (870, 935) and
the like."""


_TWO_CENTS = Fraction(2, 100)


@dataclass(frozen=True, slots=True)
class Identifier:
    """An identifier with its scheme.

    Attributes:
        value: as written.
        scheme: ISO 6523 or EAS code of the scheme, where given.
    """

    value: str
    scheme: str | None = None


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address (BG-5, BG-8).

    Attributes:
        lines: address lines 1 to 3 (BT-35, BT-36, BT-162; buyer BT-50, BT-51, BT-163).
        city: BT-37, BT-52.
        post_code: BT-38, BT-53.
        country: ISO 3166-1 code, BT-40, BT-55.
    """

    lines: tuple[str, ...] = ()
    city: str | None = None
    post_code: str | None = None
    country: str | None = None


@dataclass(frozen=True, slots=True)
class Party:
    """A seller (BG-4), buyer (BG-7) or payee (BG-10).

    Attributes:
        name: BT-27, BT-44, BT-59.
        trading_name: BT-28, BT-45.
        identifiers: BT-29, BT-46, BT-60.
        registration: legal registration, BT-30, BT-47, BT-61.
        vat_id: BT-31, BT-48.
        tax_registration: local tax number of a seller, BT-32.
        endpoint: electronic address, BT-34, BT-49.
        address: BG-5, BG-8.
    """

    name: str
    trading_name: str | None = None
    identifiers: tuple[Identifier, ...] = ()
    registration: Identifier | None = None
    vat_id: str | None = None
    tax_registration: str | None = None
    endpoint: Identifier | None = None
    address: Address = Address()


@dataclass(frozen=True, slots=True)
class PaymentMeans:
    """How to pay (BG-16).

    Attributes:
        code: UNTDID 4461, BT-81.
        text: BT-82.
        remittance: what to write on the payment, BT-83.
        account: IBAN or account number of the payee, BT-84.
        account_name: BT-85.
        bic: BT-86.
        mandate: direct debit mandate, BT-89.
        debited_account: BT-91.
    """

    code: str
    text: str | None = None
    remittance: str | None = None
    account: str | None = None
    account_name: str | None = None
    bic: str | None = None
    mandate: str | None = None
    debited_account: str | None = None


@dataclass(frozen=True, slots=True)
class AllowanceCharge:
    """An allowance (BG-20) or a charge (BG-21) on the whole invoice.

    Attributes:
        charge: whether it adds to the invoice.
        amount: BT-92, BT-99.
        reason: BT-97, BT-104.
        vat_category: BT-95, BT-102.
        vat_rate: percent, BT-96, BT-103.
    """

    charge: bool
    amount: Decimal
    reason: str | None = None
    vat_category: str | None = None
    vat_rate: Decimal | None = None


@dataclass(frozen=True, slots=True)
class VatBreakdown:
    """One VAT category with one rate (BG-23).

    Attributes:
        taxable: BT-116.
        tax: BT-117.
        category: UNTDID 5305 (S, Z, E, AE, K, G, O, L, M, B), BT-118.
        rate: percent, BT-119; none for category O.
        exemption_reason: BT-120.
        exemption_code: BT-121.
    """

    taxable: Decimal
    tax: Decimal
    category: str
    rate: Decimal | None = None
    exemption_reason: str | None = None
    exemption_code: str | None = None


@dataclass(frozen=True, slots=True)
class Totals:
    """Document totals (BG-22).

    Attributes:
        net: total without VAT, BT-109.
        gross: total with VAT, BT-112.
        due: amount due for payment, BT-115.
        lines: sum of line net amounts, BT-106; none in the profiles without lines.
        vat: total VAT, BT-110.
        vat_accounting: total VAT in the accounting currency (BT-6), BT-111.
        allowances: BT-107.
        charges: BT-108.
        prepaid: BT-113.
        rounding: BT-114.
    """

    net: Decimal
    gross: Decimal
    due: Decimal
    lines: Decimal | None = None
    vat: Decimal | None = None
    vat_accounting: Decimal | None = None
    allowances: Decimal | None = None
    charges: Decimal | None = None
    prepaid: Decimal | None = None
    rounding: Decimal | None = None


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """An invoice line (BG-25).

    Attributes:
        id: BT-126.
        quantity: BT-129.
        unit: UN/ECE Recommendation 20 or 21 code, BT-130.
        net: line net amount, BT-131.
        price: item net price, BT-146, for ``price_base`` units.
        price_base: BT-149; 1 where left out.
        order_line: referenced purchase order line, BT-132.
        accounting: buyer accounting reference, BT-133.
        name: BT-153.
        description: BT-154.
        seller_item: BT-155.
        buyer_item: BT-156.
        standard_item: for example a GTIN, BT-157.
        vat_category: BT-151.
        vat_rate: percent, BT-152.
        note: BT-127.
        added: charges (BG-28) less allowances (BG-27) of the line.
    """

    id: str
    quantity: Decimal
    unit: str | None
    net: Decimal
    price: Decimal
    price_base: Decimal = Decimal(1)
    order_line: str | None = None
    accounting: str | None = None
    name: str | None = None
    description: str | None = None
    seller_item: str | None = None
    buyer_item: str | None = None
    standard_item: str | None = None
    vat_category: str | None = None
    vat_rate: Decimal | None = None
    note: str | None = None
    added: Decimal = Decimal(0)

    @property
    def miscalculated(self) -> bool:
        """Whether the net amount is not quantity × price / base quantity and what is added.

        No rule of EN 16931 asks, though its definition of BT-131 says it; Peppol's R120 does, within two cents. A price
        is rounded where it is written: half its last digit, times the quantity, is let pass as well.
        """
        price = Fraction(self.price) / Fraction(self.price_base or 1)
        gap = abs(Fraction(self.quantity) * price + Fraction(self.added) - Fraction(self.net))
        exponent = self.price.as_tuple().exponent
        last = Fraction(10) ** exponent / 2 if isinstance(exponent, int) else Fraction(0)
        return gap > max(_TWO_CENTS, abs(Fraction(self.quantity)) * last / Fraction(self.price_base or 1))


@dataclass(frozen=True, slots=True)
class PrecedingInvoice:
    """A reference to an earlier invoice (BG-3).

    Attributes:
        number: BT-25.
        issue_date: BT-26.
    """

    number: str
    issue_date: date | None = None


@dataclass(frozen=True, slots=True)
class Invoice:
    """An invoice or a credit note (EN 16931-1, clause 6.3).

    Attributes:
        syntax: how it was written.
        number: BT-1.
        issue_date: BT-2.
        type_code: UNTDID 1001, BT-3.
        currency: ISO 4217, BT-5.
        seller: BG-4.
        buyer: BG-7; none where the document names no buyer.
        totals: BG-22.
        lines: BG-25; empty in the profiles without lines.
        vat: BG-23.
        due_date: BT-9.
        vat_currency: BT-6.
        order_reference: purchase order of the buyer, BT-13.
        sales_order_reference: order number of the seller, BT-14.
        contract_reference: BT-12.
        buyer_reference: BT-10.
        accounting: buyer accounting reference, BT-19.
        preceding: BG-3.
        payee: BG-10.
        payment: BG-16, an entry per account to pay to.
        payment_terms: BT-20.
        allowances_charges: BG-20, BG-21.
        notes: BT-22.
        specification: identifier of the rules the sender followed, BT-24.
    """

    syntax: Syntax
    number: str
    issue_date: date
    type_code: str
    currency: str
    seller: Party
    buyer: Party | None
    totals: Totals
    lines: tuple[InvoiceLine, ...] = ()
    vat: tuple[VatBreakdown, ...] = ()
    due_date: date | None = None
    vat_currency: str | None = None
    order_reference: str | None = None
    sales_order_reference: str | None = None
    contract_reference: str | None = None
    buyer_reference: str | None = None
    accounting: str | None = None
    preceding: tuple[PrecedingInvoice, ...] = ()
    payee: Party | None = None
    payment: tuple[PaymentMeans, ...] = ()
    payment_terms: str | None = None
    allowances_charges: tuple[AllowanceCharge, ...] = ()
    notes: tuple[str, ...] = ()
    specification: str | None = None

    @property
    def is_credit_note(self) -> bool:
        """Whether its amounts are owed to the buyer."""
        return self.syntax == "UBL CreditNote" or self.type_code in CREDIT_NOTE_TYPES

    @property
    def kind(self) -> Kind:
        """What the document is, by its type code (BT-3)."""
        if self.is_credit_note:
            return "credit note"
        if self.type_code in CORRECTED_TYPES:
            return "corrected invoice"
        if self.type_code in DOWN_PAYMENT_TYPES:
            return "down payment"
        return "invoice" if self.type_code in INVOICE_TYPES else "no invoice"
