"""What a bank says of an account, whatever the format: messages, statements, entries and their details.

Amounts are signed as the account sees them: positive is money in. Names of fields are those of ISO 20022 in words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

Status = Literal["booked", "pending", "information", "future"]
"""BOOK, PDNG, INFO and FUTR of ISO 20022; only what is booked moves money."""

Direction = Literal["credit", "debit"]


@dataclass(frozen=True, slots=True)
class Money:
    """An amount with its sign and currency (ISO 4217)."""

    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Moment:
    """A day, and the time of it where the bank gave one."""

    day: date
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """An account.

    Attributes:
        iban: as written, blanks removed.
        other: its number where it has no IBAN, with ``scheme`` and ``issuer``.
        bank: code of its bank where the number needs one (German Bankleitzahl).
        bic: of its bank.
    """

    iban: str | None = None
    other: str | None = None
    scheme: str | None = None
    issuer: str | None = None
    name: str | None = None
    currency: str | None = None
    bank: str | None = None
    bic: str | None = None

    @property
    def number(self) -> str:
        """The number it is known by."""
        return self.iban or self.other or ""


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address."""

    department: str | None = None
    sub_department: str | None = None
    street: str | None = None
    building: str | None = None
    post_code: str | None = None
    town: str | None = None
    subdivision: str | None = None
    country: str | None = None
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Identification:
    """How a party is identified beside its name.

    Attributes:
        kind: of an organisation or of a person.
        codes: identifiers by the name of their element, for example ``BICOrBEI`` or ``AnyBIC``.
        other: identifier of another scheme (``scheme``, ``issuer``).
    """

    kind: Literal["organisation", "person"]
    codes: Mapping[str, str] = field(default_factory=dict)
    other: str | None = None
    scheme: str | None = None
    issuer: str | None = None
    birth_date: date | None = None
    birth_city: str | None = None
    birth_country: str | None = None
    birth_province: str | None = None


@dataclass(frozen=True, slots=True)
class Party:
    """A party of a payment.

    Attributes:
        role: ``Dbtr``, ``Cdtr``, ``UltmtDbtr``, ``UltmtCdtr`` … of ISO 20022.
        financial: whether it is named as a bank is (``Agt`` instead of ``Pty``).
    """

    role: str
    name: str | None = None
    address: Address | None = None
    identification: Identification | None = None
    account: Account | None = None
    residence: str | None = None
    financial: bool = False


@dataclass(frozen=True, slots=True)
class Agent:
    """A bank of a payment; ``role`` as ``DbtrAgt``."""

    role: str
    name: str | None = None
    bic: str | None = None
    member: str | None = None


@dataclass(frozen=True, slots=True)
class Structured:
    """Structured remittance information: a creditor's reference with its kind, and more words."""

    reference: str | None = None
    code: str | None = None
    proprietary: str | None = None
    issuer: str | None = None
    additional: str | None = None
    documents: tuple[str, ...] = ()
    has_reference: bool = False


@dataclass(frozen=True, slots=True)
class Code:
    """What kind of transaction it is: domain, family, sub-family, and the bank's own code."""

    domain: str | None = None
    family: str | None = None
    sub_family: str | None = None
    proprietary: str | None = None
    issuer: str | None = None


@dataclass(frozen=True, slots=True)
class Charge:
    """A charge of a bank; ``included``: whether the amount of the entry holds it already."""

    money: Money
    included: bool | None = None
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Charges:
    """The charges of an entry or transaction, and their total as the bank gives it."""

    records: tuple[Charge, ...] = ()
    total: Money | None = None


@dataclass(frozen=True, slots=True)
class Return:
    """Why a payment came back."""

    code: str | None = None
    information: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Detail:
    """One transaction of an entry.

    Attributes:
        money: what of the entry it is, where said.
        transaction: its amount among the amount details.
        instructed: what the payer ordered, in the currency it was ordered in.
        references: by the name of their element, ``EndToEndId`` for example.
        proprietary: further references (type, reference).
        unstructured: remittance information as text.
        structured: remittance information with creditor's references.
        dates: related dates by the name of their element.
    """

    money: Money | None = None
    transaction: Money | None = None
    instructed: Money | None = None
    direction: Direction = "credit"
    references: Mapping[str, str] = field(default_factory=dict)
    proprietary: tuple[tuple[str, str], ...] = ()
    has_references: bool = False
    parties: tuple[Party, ...] = ()
    agents: tuple[Agent, ...] = ()
    unstructured: tuple[str, ...] = ()
    structured: tuple[Structured, ...] = ()
    code: Code | None = None
    charges: Charges | None = None
    returned: Return | None = None
    purpose: str | None = None
    dates: Mapping[str, Moment] = field(default_factory=dict)
    information: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A booking on the account.

    Attributes:
        money: signed as it moves the account, a reversal as well.
        reversal: whether it takes back an earlier booking.
        booked: day of booking.
        value: day from which it bears interest.
        batch: number of the batch it stands for, where it is one.
        transactions: how many transactions the bank says it has.
        direction: money in or out, which an amount of zero does not tell.
        line: where in the file it begins.
    """

    money: Money
    status: Status
    booked: Moment | None = None
    value: Moment | None = None
    reversal: bool = False
    reference: str | None = None
    bank_reference: str | None = None
    batch: str | None = None
    transactions: int | None = None
    code: Code | None = None
    charges: Charges | None = None
    details: tuple[Detail, ...] = ()
    information: str | None = None
    line: int | None = None
    direction: Direction = "credit"

    @property
    def counts(self) -> bool:
        """Whether it moves money: what is pending, announced or only told never does."""
        return self.status == "booked"


@dataclass(frozen=True, slots=True)
class Balance:
    """A balance; ``kind`` is the code of ISO 20022 (OPBD, CLBD, PRCD, ITBD, CLAV, FWAV …)."""

    kind: str
    money: Money
    at: Moment | None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Total:
    """How many entries of a direction there are, and their sum without sign, as the bank counted them."""

    direction: Literal["credit", "debit", "all"]
    count: int | None
    amount: Decimal | None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement, an intraday report or a notification.

    Attributes:
        kind: only a ``statement`` is final.
        number: of the statement, where it is numbered; ``page`` of it.
        legal: its legal number, where it differs.
        notes: what of it was read although it is not as it should be.
    """

    kind: Literal["statement", "report", "notification"]
    id: str
    account: Account
    entries: tuple[Entry, ...] = ()
    balances: tuple[Balance, ...] = ()
    totals: tuple[Total, ...] = ()
    number: str | None = None
    legal: str | None = None
    page: str | None = None
    last_page: bool = True
    created: datetime | None = None
    begins: datetime | None = None
    ends: datetime | None = None
    copy: str | None = None
    owner: Party | None = None
    information: str | None = None
    notes: tuple[str, ...] = ()
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """What one file holds.

    Attributes:
        format: ``mt940``, ``mt942``, ``csv`` or a message of ISO 20022 such as ``camt.053.001.08``.
    """

    format: str
    statements: tuple[Statement, ...]
    id: str | None = None
    created: datetime | None = None
    recipient: Party | None = None
    page: str | None = None
    query: tuple[str | None, str | None, datetime | None] | None = None
    information: str | None = None
