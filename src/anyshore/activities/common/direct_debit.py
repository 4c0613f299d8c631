"""SEPA direct debit initiations: ISO 20022 pain.008.001.08 (EPC guidelines C2B SDD Core and B2B inst 2023)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from typing import Literal

from lxml import etree

from anyshore.activities.common.credit_transfer import Account
from anyshore.activities.common.pain import document, identifier, name, put, spelt, texts
from anyshore.base.errors import DataError
from anyshore.base.iban import iban_key, is_iban

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.008.001.08"
Sequence_ = Literal["FRST", "RCUR", "OOFF"]
"""First and further collections of a mandate, and the only one of a mandate for one."""
Scheme = Literal["CORE", "B2B"]
_CREDITOR = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{3}[A-Z0-9]{1,28}")


@dataclass(frozen=True, slots=True)
class Creditor:
    """Who collects.

    Attributes:
        account: credited.
        id: creditor identifier (AT-02), for example ``DE98ZZZ09999999999``.
    """

    account: Account
    id: str


@dataclass(frozen=True, slots=True)
class Collection:
    """One direct debit.

    Attributes:
        id: end-to-end reference, at most 35 characters.
        debtor: who pays.
        amount: EUR, above zero, to the cent.
        text: remittance information, at most 140 characters.
        mandate: its reference (AT-01).
        signed: when it was signed (AT-25).
        sequence: which collection of it.
        scheme: of it.
        day: of collection.
    """

    id: str
    debtor: Account
    amount: Decimal
    text: str
    mandate: str
    signed: date
    sequence: Sequence_
    scheme: Scheme
    day: date


def is_creditor_id(text: str) -> bool:
    """Whether a text is a creditor identifier: ISO 7064 MOD 97-10 without the business code in places 5 to 7."""
    compact = "".join(text.split()).upper()
    if not _CREDITOR.fullmatch(compact):
        return False
    digits = "".join(str(int(letter, 36)) for letter in compact[7:] + compact[:4])
    return 2 <= int(compact[2:4]) <= 98 and int(digits) % 97 == 1


def direct_debit(message: str, created: datetime, creditor: Creditor, collections: Sequence[Collection]) -> str:
    """The message as XML, a block for each day, scheme and sequence.

    Args:
        message: its id, at most 35 characters.
        created: when it is made, in UTC.
        creditor: who collects.
        collections: the direct debits.

    Raises:
        DataError: there is none, an IBAN or the creditor identifier is wrong, or an amount is not above zero to the
            cent; all at once.
    """
    _check(creditor, collections)
    root = document(NAMESPACE)
    whole = put(root, "CstmrDrctDbtInitn")
    head = put(whole, "GrpHdr")
    texts(head, MsgId=identifier(message), CreDtTm=created.strftime("%Y-%m-%dT%H:%M:%SZ"))
    texts(head, NbOfTxs=str(len(collections)), CtrlSum=_total(collections))
    texts(put(head, "InitgPty"), Nm=name(creditor.account.name))
    ordered = sorted(collections, key=_block)
    for place, (_, own) in enumerate(groupby(ordered, key=_block), 1):
        _put_block(whole, f"{message[:30]}-{place}", creditor, list(own))
    return etree.tostring(root, encoding="unicode", pretty_print=True)


def _block(one: Collection) -> tuple[date, str, str]:
    return one.day, one.scheme, one.sequence


def _put_block(whole: etree._Element, id: str, creditor: Creditor, own: Sequence[Collection]) -> None:
    block, first = put(whole, "PmtInf"), own[0]
    texts(block, PmtInfId=identifier(id), PmtMtd="DD", BtchBookg="true", NbOfTxs=str(len(own)), CtrlSum=_total(own))
    kind = put(block, "PmtTpInf")
    texts(put(kind, "SvcLvl"), Cd="SEPA")
    texts(put(kind, "LclInstrm"), Cd=first.scheme)
    texts(kind, SeqTp=first.sequence)
    texts(block, ReqdColltnDt=first.day.isoformat())
    texts(put(block, "Cdtr"), Nm=name(creditor.account.name))
    texts(put(block, "CdtrAcct", "Id"), IBAN=iban_key(creditor.account.iban))
    texts(put(block, "CdtrAgt", "FinInstnId", "Othr"), Id="NOTPROVIDED")
    texts(block, ChrgBr="SLEV")
    scheme = put(block, "CdtrSchmeId", "Id", "PrvtId", "Othr")
    texts(scheme, Id="".join(creditor.id.split()).upper())
    texts(put(scheme, "SchmeNm"), Prtry="SEPA")
    for one in own:
        _put_collection(block, one)


def _put_collection(block: etree._Element, one: Collection) -> None:
    debit = put(block, "DrctDbtTxInf")
    texts(put(debit, "PmtId"), EndToEndId=identifier(one.id))
    amount = put(debit, "InstdAmt")
    amount.set("Ccy", "EUR")
    amount.text = str(one.amount)
    texts(put(debit, "DrctDbtTx", "MndtRltdInf"), MndtId=identifier(one.mandate), DtOfSgntr=one.signed.isoformat())
    texts(put(debit, "DbtrAgt", "FinInstnId", "Othr"), Id="NOTPROVIDED")
    texts(put(debit, "Dbtr"), Nm=name(one.debtor.name))
    texts(put(debit, "DbtrAcct", "Id"), IBAN=iban_key(one.debtor.iban))
    texts(put(debit, "RmtInf"), Ustrd=spelt(one.text)[:140])


def _total(collections: Sequence[Collection]) -> str:
    return str(sum((one.amount for one in collections), Decimal(0)))


def _check(creditor: Creditor, collections: Sequence[Collection]) -> None:
    accounts = (creditor.account, *(one.debtor for one in collections))
    wrong = [f"{one.name}: {one.iban or 'no IBAN'}" for one in accounts if not is_iban(one.iban)]
    if not is_creditor_id(creditor.id):
        wrong.append(f"creditor identifier {creditor.id or 'missing'}")
    wrong += [
        f"{one.debtor.name}: {one.amount}"
        for one in collections
        if one.amount <= 0 or one.amount != one.amount.quantize(Decimal("0.01"))
    ]
    if wrong or not collections:
        message = f"These cannot be collected: {'; '.join(wrong)}." if wrong else "There is nothing to collect."
        raise DataError("payment.refused", message, hint="Mend accounts and amounts on record.")
