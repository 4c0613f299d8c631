"""The activity ``payables.read-bank-answer``: pain.002, the bank's word on payments that were ordered.

Only settlement (ACSC, ACCC) counts as paid and is posted; acceptance, of whatever step, does not. A rejected payment
can be ordered again. What the verification of payee says against a name (Regulation (EU) 2024/886) goes to a person.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from lxml import etree

from anyshore.activities.activity import ActivityContext, Record
from anyshore.activities.common import money, postings
from anyshore.activities.common.postings import Entry, entry
from anyshore.activities.payables.attempts import PAID, PAYMENT, REJECTED
from anyshore.activities.payables.proposing import Item, Ordered, Posted, posted
from anyshore.base.errors import DataError, DefinitionError
from anyshore.base.plain import from_values, to_values
from anyshore.base.xml import parse

_SPACE = "urn:iso:std:iso:20022:tech:xsd:pain.002.001."
Status = Literal["settled", "accepted", "rejected", "payee", "unknown"]
_STATUS: dict[str, Status] = {
    **dict.fromkeys(("ACSC", "ACCC"), "settled"),
    **dict.fromkeys(("RCVD", "PDNG", "ACTC", "ACCP", "ACFC", "ACSP", "ACWC", "RCVC", "RVNA", "RVNC"), "accepted"),
    **dict.fromkeys(("RJCT", "CANC"), "rejected"),
    **dict.fromkeys(("RVNM", "RVMC"), "payee"),
}
"""Codes of ISO 20022 for payments and their verification of payee: no match, close match; PART and RVCM are of a group,
and say that its transactions differ."""


@dataclass(frozen=True, slots=True)
class Accounts:
    """Where a payment is posted.

    Attributes:
        payables: debited with what was owed.
        bank: credited with what was paid.
        discounts: credited with the net part of a discount.
        vat: credited with the VAT in it, which is no input VAT any more (§ 17 (1) UStG).
    """

    payables: str
    bank: str
    discounts: str
    vat: str


@dataclass(frozen=True, slots=True)
class AnswerInput:
    """The document that may be an answer, and the accounts."""

    document: str
    accounts: Accounts


@dataclass(frozen=True, slots=True)
class Answered:
    """What the bank says of one transfer.

    Attributes:
        end_to_end: reference of the transfer.
        status: what it means.
        code: as the bank says it.
        reasons: codes and words, as name and account on record of the payee.
        payee: who should get it.
        numbers: of the invoices.
        amount: of the transfer.
        payments: keys of the payments in it.
    """

    end_to_end: str
    status: Status
    code: str
    reasons: tuple[str, ...]
    payee: str
    numbers: tuple[str, ...]
    amount: Decimal
    payments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AnswerOutcome:
    """What the bank answered.

    Attributes:
        answer: whether the document is an answer of a bank at all.
        transfers: what it says of each.
        settled: number of transfers that are paid now.
        rejected: number of those that are not and can be ordered again.
        payee: number of those whose payee's name does not fit the account.
        problems: what nobody ordered, contradicts an earlier answer, or is not understood.
    """

    answer: bool
    transfers: tuple[Answered, ...] = ()
    settled: int = 0
    rejected: int = 0
    payee: int = 0
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PaymentPosting:
    """A payment in the general ledger.

    Attributes:
        payment: its key.
        number: of the invoice.
        issue_date: day of execution.
        currency: ISO 4217.
        entries: debits and credits of the same sum.
    """

    payment: str
    number: str
    issue_date: date
    currency: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class WithdrawInput:
    """Keys of payments that are not to go out."""

    payments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WithdrawOutcome:
    """How many were withdrawn."""

    withdrawn: int


def read_answer(data: AnswerInput, context: ActivityContext) -> AnswerOutcome:
    """Reads an answer and keeps what it says; the same answer again changes nothing."""
    try:
        root = parse(context.read_document(data.document), data.document, error=DataError).root
    except DefinitionError:
        return AnswerOutcome(False)
    if not (etree.QName(root).namespace or "").startswith(_SPACE):
        return AnswerOutcome(False)
    problems: list[str] = []
    found = list(_answers(root, context, problems))
    for one in found:
        if one.status in ("settled", "rejected"):
            problems += _keep(one, data.accounts, context)
    count = {status: sum(one.status == status for one in found) for status in ("settled", "rejected", "payee")}
    problems += [f"{one.end_to_end}: status {one.code!r}" for one in found if one.status == "unknown"]
    return AnswerOutcome(True, tuple(found), **count, problems=tuple(problems))


def withdraw(data: WithdrawInput, context: ActivityContext) -> WithdrawOutcome:
    """Takes payments back that a person withdraws at the bank; what is settled already stays."""
    paid, rejected = context.records(PAID), context.records(REJECTED)
    open_ones = [key for key in data.payments if paid.get(key) is None]
    for key in open_ones:
        rejected.put_once(key, {"code": "withdrawn", "reasons": []})
    return WithdrawOutcome(len(open_ones))


def _answers(root: etree._Element, context: ActivityContext, problems: list[str]) -> Iterator[Answered]:
    """What an answer says of each transfer: of the transaction, else of its block, else of the message."""
    whole = next(root.iter(_any("OrgnlGrpInfAndSts")), root)
    message, group = _text(whole, "OrgnlMsgId"), _text(whole, "GrpSts")
    told: dict[str, tuple[str, tuple[str, ...]]] = {}
    blocks = list(root.iter(_any("OrgnlPmtInfAndSts")))
    for block in blocks:
        of_block = _text(block, "PmtInfSts") or group
        for transaction in block.iter(_any("TxInfAndSts")):
            reference = _text(transaction, "OrgnlEndToEndId")
            told[reference] = (_text(transaction, "TxSts") or of_block, tuple(_reasons(transaction)))
        if message and next(block.iter(_any("TxInfAndSts")), None) is None and of_block:
            told.update(_of_run(message, of_block, _reasons(block), context))
    if not blocks and message and group:
        told.update(_of_run(message, group, _reasons(whole), context))
    for reference, (code, reasons) in told.items():
        rows = context.records(PAYMENT).find(end_to_end=reference)
        if not rows:
            problems.append(f"{reference or 'a transaction without reference'}: nobody ordered it")
            continue
        items = [_ordered(row).item for row in rows]
        yield Answered(
            reference, _STATUS.get(code, "unknown"), code, reasons, items[0].payee,
            tuple(item.number for item in items), money.add(*(item.amount for item in items)),
            tuple(row.key for row in rows),
        )  # fmt: skip


def _of_run(
    message: str, code: str, reasons: Iterable[str], context: ActivityContext
) -> dict[str, tuple[str, tuple[str, ...]]]:
    """The same word for every transfer of a message."""
    said = code, tuple(reasons)
    return {str(row.data["end_to_end"]): said for row in context.records(PAYMENT).find(run=message)}


def _keep(one: Answered, accounts: Accounts, context: ActivityContext) -> Iterator[str]:
    """Keeps settlement or rejection of each payment of a transfer; gives what contradicts an earlier answer."""
    paid, rejected = context.records(PAID), context.records(REJECTED)
    here, other = (paid, rejected) if one.status == "settled" else (rejected, paid)
    for key in one.payments:
        if other.get(key) is not None:
            yield f"{one.end_to_end}: {one.code} contradicts an earlier answer"
            return
        here.put_once(key, {"code": one.code, "reasons": list(one.reasons), "at": context.now})
        if one.status == "settled":
            _post(key, accounts, context)


def _post(key: str, accounts: Accounts, context: ActivityContext) -> None:
    row = context.records(PAYMENT).get(key)
    payment = _ordered(row) if row else None
    booked = context.records(postings.KIND).get(payment.item.posting) if payment else None
    invoice = posted(booked) if booked else None
    if payment is None or invoice is None:
        return
    posting = PaymentPosting(
        key, payment.item.number, payment.day, invoice.currency, tuple(_entries(payment.item, invoice, accounts))
    )
    context.records(postings.KIND).put_once(f"payment|{key}", to_values(posting))


def _ordered(row: Record) -> Ordered:
    return from_values(Ordered, row.data, PAYMENT)


def _entries(item: Item, invoice: Posted, accounts: Accounts) -> Iterator[Entry]:
    """What was owed, what was paid, and the discount with the VAT in it in the same share as in the invoice."""
    tax = money.divide(money.multiply(item.discount, invoice.vat), invoice.gross, 2) or Decimal(0)
    yield from entry("debit", accounts.payables, money.add(item.amount, item.discount))
    yield from entry("credit", accounts.bank, item.amount)
    yield from entry("credit", accounts.discounts, money.subtract(item.discount, tax))
    yield from entry("credit", accounts.vat, tax)


def _reasons(element: etree._Element) -> Iterator[str]:
    for reason in element.iter(_any("StsRsnInf")):
        words = [
            _text(reason, "Cd") or _text(reason, "Prtry"),
            *(one.text or "" for one in reason.iter(_any("AddtlInf"))),
        ]
        if said := " ".join(word.strip() for word in words if word.strip()):
            yield said


def _any(name: str) -> str:
    return f"{{*}}{name}"


def _text(element: etree._Element, name: str) -> str:
    found = element.find(f".//{_any(name)}")
    return (found.text or "").strip() if found is not None else ""
