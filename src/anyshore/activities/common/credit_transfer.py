"""SEPA credit transfer initiations: ISO 20022 pain.001.001.09 (EPC guidelines C2B SCT inst 2023)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from lxml import etree

from anyshore.activities.common.iban import iban_key, is_iban
from anyshore.base.errors import DataError

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
_ALLOWED = re.compile(r"[^A-Za-z0-9/\-?:().,'+ ]")
_SPELT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss", "&": "+"})


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
    root = etree.Element(f"{{{NAMESPACE}}}Document", nsmap={None: NAMESPACE})  # type: ignore[dict-item]
    whole = _in(root, "CstmrCdtTrfInitn")
    head = _in(whole, "GrpHdr")
    total = str(sum((one.amount for one in payments), Decimal(0)))
    _texts(head, MsgId=_id(message), CreDtTm=created.strftime("%Y-%m-%dT%H:%M:%SZ"))
    _texts(head, NbOfTxs=str(len(payments)), CtrlSum=total)
    _texts(_in(head, "InitgPty"), Nm=_name(debtor.name))
    block = _in(whole, "PmtInf")
    _texts(block, PmtInfId=_id(message), PmtMtd="TRF", BtchBookg="true", NbOfTxs=str(len(payments)), CtrlSum=total)
    kind = _in(block, "PmtTpInf")
    _texts(_in(kind, "SvcLvl"), Cd="SEPA")
    _texts(_in(kind, "CtgyPurp"), Cd=purpose)
    _texts(_in(block, "ReqdExctnDt"), Dt=execution.isoformat())
    _texts(_in(block, "Dbtr"), Nm=_name(debtor.name))
    _texts(_in(_in(block, "DbtrAcct"), "Id"), IBAN=iban_key(debtor.iban))
    _texts(_in(_in(_in(block, "DbtrAgt"), "FinInstnId"), "Othr"), Id="NOTPROVIDED")
    _texts(block, ChrgBr="SLEV")
    for one in payments:
        _transfer(block, one)
    return etree.tostring(root, encoding="unicode", pretty_print=True)


def _transfer(block: etree._Element, one: Payment) -> None:
    transfer = _in(block, "CdtTrfTxInf")
    _texts(_in(transfer, "PmtId"), EndToEndId=_id(one.id))
    amount = _in(_in(transfer, "Amt"), "InstdAmt")
    amount.set("Ccy", "EUR")
    amount.text = str(one.amount)
    _texts(_in(transfer, "Cdtr"), Nm=_name(one.to.name))
    _texts(_in(_in(transfer, "CdtrAcct"), "Id"), IBAN=iban_key(one.to.iban))
    _texts(_in(transfer, "RmtInf"), Ustrd=_spelt(one.text)[:140])


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


def _spelt(text: str) -> str:
    """A text in the characters every bank of SEPA takes."""
    plain = unicodedata.normalize("NFKD", text.translate(_SPELT))
    return _ALLOWED.sub(" ", "".join(one for one in plain if not unicodedata.combining(one))).strip() or "-"


def _name(text: str) -> str:
    return _spelt(text)[:70]


def _id(text: str) -> str:
    return _spelt(text).replace(" ", "-").strip("/")[:35]


def _in(parent: etree._Element, name: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{NAMESPACE}}}{name}")


def _texts(parent: etree._Element, **texts: str) -> None:
    for name, text in texts.items():
        _in(parent, name).text = text
