"""SEPA credit transfer initiations: ISO 20022 pain.001.001.09 (EPC guidelines C2B SCT inst 2023)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from lxml import etree

from anyshore.activities.common.pain import document, identifier, name, put, spelt, texts
from anyshore.base.errors import DataError
from anyshore.base.iban import iban_key, is_iban

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"


@dataclass(frozen=True, slots=True)
class Account:
    """Whose account: name and IBAN; the BIC is not needed within SEPA."""

    name: str
    iban: str


@dataclass(frozen=True, slots=True)
class Payment:
    """One transfer.

    Attributes:
        id: end-to-end reference, at most 35 characters.
        to: the payee.
        amount: EUR, above zero, to the cent.
        text: remittance information, at most 140 characters.
    """

    id: str
    to: Account
    amount: Decimal
    text: str


def credit_transfer(
    message: str, created: datetime, debtor: Account, execution: date, payments: Sequence[Payment], purpose: str
) -> str:
    """The message as XML.

    Args:
        message: its id, at most 35 characters.
        created: when it is made, in UTC.
        debtor: whose account is debited.
        execution: requested day of execution.
        payments: the transfers.
        purpose: of all of them, a code of ISO 20022: SALA for salaries, SUPP for suppliers.

    Raises:
        DataError: there is no payment, an IBAN is wrong, or an amount is not above zero to the cent; all at once.
    """
    _check(debtor, payments)
    root = document(NAMESPACE)
    whole = put(root, "CstmrCdtTrfInitn")
    head = put(whole, "GrpHdr")
    total = str(sum((one.amount for one in payments), Decimal(0)))
    texts(head, MsgId=identifier(message), CreDtTm=created.strftime("%Y-%m-%dT%H:%M:%SZ"))
    texts(head, NbOfTxs=str(len(payments)), CtrlSum=total)
    texts(put(head, "InitgPty"), Nm=name(debtor.name))
    block = put(whole, "PmtInf")
    texts(
        block, PmtInfId=identifier(message), PmtMtd="TRF", BtchBookg="true", NbOfTxs=str(len(payments)), CtrlSum=total
    )
    kind = put(block, "PmtTpInf")
    texts(put(kind, "SvcLvl"), Cd="SEPA")
    texts(put(kind, "CtgyPurp"), Cd=purpose)
    texts(put(block, "ReqdExctnDt"), Dt=execution.isoformat())
    texts(put(block, "Dbtr"), Nm=name(debtor.name))
    texts(put(block, "DbtrAcct", "Id"), IBAN=iban_key(debtor.iban))
    texts(put(block, "DbtrAgt", "FinInstnId", "Othr"), Id="NOTPROVIDED")
    texts(block, ChrgBr="SLEV")
    for one in payments:
        _transfer(block, one)
    return etree.tostring(root, encoding="unicode", pretty_print=True)


def _transfer(block: etree._Element, one: Payment) -> None:
    transfer = put(block, "CdtTrfTxInf")
    texts(put(transfer, "PmtId"), EndToEndId=identifier(one.id))
    amount = put(transfer, "Amt", "InstdAmt")
    amount.set("Ccy", "EUR")
    amount.text = str(one.amount)
    texts(put(transfer, "Cdtr"), Nm=name(one.to.name))
    texts(put(transfer, "CdtrAcct", "Id"), IBAN=iban_key(one.to.iban))
    texts(put(transfer, "RmtInf"), Ustrd=spelt(one.text)[:140])


def _check(debtor: Account, payments: Sequence[Payment]) -> None:
    accounts = (debtor, *(one.to for one in payments))
    wrong = [f"{one.name}: {one.iban or 'no IBAN'}" for one in accounts if not is_iban(one.iban)]
    wrong += [
        f"{one.to.name}: {one.amount}"
        for one in payments
        if one.amount <= 0 or one.amount != one.amount.quantize(Decimal("0.01"))
    ]
    if wrong or not payments:
        message = f"These cannot be paid: {'; '.join(wrong)}." if wrong else "There is nothing to pay."
        raise DataError("payment.refused", message, hint="Mend accounts and amounts on record.")
