"""Reading CAMT: account reports (052), statements (053) and notifications (054) of ISO 20022, of every version.

The versions differ in where a few elements stand; each is looked for in all its places. What every version demands is
demanded here too: an entry has an amount, a direction and a status. Source: ISO 20022 message definition reports,
Bank-to-Customer Cash Management, camt.05x.001.01 to .13.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Literal

from lxml import etree

from anyshore.activities.bank import camt_entries, camt_parties
from anyshore.activities.bank.camt_elements import Source
from anyshore.activities.bank.model import Balance, Message, Statement, Total
from anyshore.base import xml
from anyshore.base.errors import DataError

_NAME = re.compile(r"camt\.05([234])\.001\.(\d\d)$")
_ROOTS: dict[str, tuple[str, str, Literal["report", "statement", "notification"]]] = {
    "2": ("BkToCstmrAcctRpt", "Rpt", "report"),
    "3": ("BkToCstmrStmt", "Stmt", "statement"),
    "4": ("BkToCstmrDbtCdtNtfctn", "Ntfctn", "notification"),
}
_FIRST = {"BkToCstmrAcctRptV01": "2", "BkToCstmrStmtV01": "3", "BkToCstmrDbtCdtNtfctnV01": "4"}
"""The names of the first version, in which a message is named with its number."""


def read(content: bytes, file: str = "<bytes>") -> Message:
    """Reads a message.

    Args:
        content: the XML.
        file: the name to show in messages.

    Raises:
        DataError: it is no such message, lacks what is mandatory, or holds what cannot be read, with its place.
    """
    document = xml.parse(content, file, error=DataError)
    namespace = etree.QName(document.root).namespace or ""
    found = _NAME.search(namespace)
    source = Source(document, namespace)
    if not found:
        source.refuse(document.root, "bank.camt.format", f"{namespace!r} is no namespace of CAMT.052, .053 or .054.")
    root, record, kind = _ROOTS[found[1]]
    top = source.one(document.root, root)
    top = source.one(document.root, f"{root}V01") if top is None else top
    if top is None:
        source.refuse(document.root, "bank.camt.empty", f"The message has no {root}.")
    records = source.all(top, record)
    if not records:
        source.refuse(top, "bank.camt.empty", f"The message has no {record}.")
    header = source.one(top, "GrpHdr")
    if header is None:
        source.refuse(top, "bank.camt.header", "The message has no GrpHdr.")
    statements = tuple(_statement(source, one, kind) for one in records)
    recipient = source.one(header, "MsgRcpt")
    return Message(
        f"camt.05{found[1]}.001.{found[2]}", statements, source.needed(header, "MsgId"),
        source.time(header, "CreDtTm"), None if recipient is None else camt_parties.party(source, recipient, "MsgRcpt"),
        source.text(header, "MsgPgntn/PgNb"), _query(source, header), source.text(header, "AddtlInf"),
    )  # fmt: skip


def is_camt(content: bytes) -> bool:
    """Whether a file is such a message, from its namespace; in UTF-16 every letter of it has a zero beside it."""
    return re.search(rb"camt\.05[234]\.001\.\d\d", content[:16384].replace(b"\0", b"")) is not None


def _query(source: Source, header: etree._Element) -> tuple[str | None, str | None, datetime | None] | None:
    found = source.one(header, "OrgnlBizQry")
    if found is None:
        return None
    return source.text(found, "MsgId"), source.text(found, "MsgNmId"), source.time(found, "CreDtTm")


def _statement(
    source: Source, element: etree._Element, kind: Literal["report", "statement", "notification"]
) -> Statement:
    account = source.one(element, "Acct")
    if account is None:
        source.refuse(element, "bank.camt.account", "The statement names no account: Acct is missing.")
    name = {"report": "Rpt", "statement": "Stmt", "notification": "Ntfctn"}[kind]
    owner = source.one(account, "Ownr")
    return Statement(
        kind, source.needed(element, "Id"), camt_parties.account(source, account),
        entries=tuple(camt_entries.entry(source, one) for one in source.all(element, "Ntry")),
        balances=tuple(_balance(source, one) for one in source.all(element, "Bal")),
        totals=_totals(source, element),
        number=source.text(element, "ElctrncSeqNb"), legal=source.text(element, "LglSeqNb"),
        page=source.text(element, f"{name}Pgntn/PgNb"),
        last_page=source.text(element, f"{name}Pgntn/LastPgInd") not in ("false", "0"),
        created=source.time(element, "CreDtTm"), begins=source.time(element, "FrToDt/FrDtTm"),
        ends=source.time(element, "FrToDt/ToDtTm"), copy=source.text(element, "CpyDplctInd"),
        owner=None if owner is None else camt_parties.party(source, owner, "Ownr"),
        information=source.text(element, f"Addtl{name}Inf"), line=source.document.locate(element).line,
    )  # fmt: skip


def _balance(source: Source, element: etree._Element) -> Balance:
    kind = source.needed(element, "Tp/CdOrPrtry/Cd", "Tp/CdOrPrtry/Prtry", "Tp/Cd", "Tp/Prtry")
    amount = source.one(element, "Amt")
    if amount is None:
        source.refuse(element, "bank.camt.missing", "Bal has no Amt, which is mandatory.")
    money = source.money(amount, source.sign(element))
    return Balance(kind, money, source.moment(source.one(element, "Dt")), source.document.locate(element).line)


def _totals(source: Source, element: etree._Element) -> tuple[Total, ...]:
    made: list[Total] = []
    names: tuple[tuple[str, Literal["all", "credit", "debit"]], ...] = (
        ("TtlNtries", "all"), ("TtlCdtNtries", "credit"), ("TtlDbtNtries", "debit")
    )  # fmt: skip
    for name, direction in names:
        found = source.one(element, f"TxsSummry/{name}")
        if found is None:
            continue
        count, total = source.text(found, "NbOfNtries"), source.one(found, "Sum")
        if count is not None and not re.fullmatch(r"\d{1,15}", count):
            source.refuse(found, "bank.camt.count", f"{count!r} is no number of entries.")
        amount = None if total is None else abs(source.number(total, signed=True))
        made.append(Total(direction, None if count is None else int(count), amount, source.document.locate(found).line))
    return tuple(made)
