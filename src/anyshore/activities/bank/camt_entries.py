"""The entries of a CAMT message and the transactions inside them."""

from __future__ import annotations

import re

from lxml import etree

from anyshore.activities.bank import camt_parties
from anyshore.activities.bank.camt_elements import Source
from anyshore.activities.bank.model import (
    Charge,
    Charges,
    Code,
    Detail,
    Direction,
    Entry,
    Moment,
    Money,
    Return,
    Status,
    Structured,
)

_STATUS: dict[str, Status] = {"BOOK": "booked", "PDNG": "pending", "INFO": "information", "FUTR": "future"}
_TRUE = frozenset({"true", "1"})
_REFERENCES = (
    "MsgId", "AcctSvcrRef", "PmtInfId", "InstrId", "EndToEndId", "UETR", "TxId", "MndtId", "ChqNb", "ClrSysRef",
    "AcctOwnrTxId", "AcctSvcrTxId", "MktInfrstrctrTxId", "PrcgId",
)  # fmt: skip


def entry(source: Source, element: etree._Element) -> Entry:
    """An entry with its transactions.

    Raises:
        DataError: it lacks amount, direction or status, or one of its parts cannot be read.
    """
    sign = source.sign(element)
    amount = source.one(element, "Amt")
    if amount is None:
        source.refuse(element, "bank.camt.missing", "Ntry has no Amt, which is mandatory.")
    count = source.text(element, "NtryDtls/Btch/NbOfTxs")
    details = source.all(element, "NtryDtls/TxDtls") or source.all(element, "TxDtls")
    return Entry(
        source.money(amount, sign), _status(source, element), source.moment(source.one(element, "BookgDt")),
        source.moment(source.one(element, "ValDt")), source.text(element, "RvslInd") in _TRUE,
        source.text(element, "NtryRef"), source.text(element, "AcctSvcrRef"),
        source.text(element, "NtryDtls/Btch/PmtInfId"),
        int(count) if count is not None and re.fullmatch(r"\d{1,15}", count) else None,
        _code(source, element), _charges(source, element), tuple(_detail(source, one, sign) for one in details),
        source.text(element, "AddtlNtryInf"), source.document.locate(element).line, _direction(sign),
    )  # fmt: skip


def _status(source: Source, element: etree._Element) -> Status:
    written = source.needed(element, "Sts/Cd", "Sts/Prtry", "Sts")
    if written not in _STATUS:
        source.refuse(element, "bank.camt.status", f"The status {written!r} is none of {', '.join(_STATUS)}.")
    return _STATUS[written]


def _detail(source: Source, element: etree._Element, entry_sign: int) -> Detail:
    sign = source.sign(element) if source.one(element, "CdtDbtInd") is not None else entry_sign
    references = source.one(element, "Refs")
    given = [] if references is None else source.all(references, "Prtry")
    return Detail(
        money=_money(source, element, "Amt", sign), transaction=_money(source, element, "AmtDtls/TxAmt/Amt", sign),
        instructed=_money(source, element, "AmtDtls/InstdAmt/Amt", sign),
        direction=_direction(sign),
        references={} if references is None else {
            name: found for name in _REFERENCES if (found := source.text(references, name)) is not None
        },
        proprietary=tuple((source.text(one, "Tp") or "", source.text(one, "Ref") or "") for one in given),
        has_references=references is not None,
        parties=camt_parties.parties(source, element), agents=camt_parties.agents(source, element),
        unstructured=source.texts(element, "RmtInf/Ustrd"),
        structured=tuple(_structured(source, one) for one in source.all(element, "RmtInf/Strd")),
        code=_code(source, element), charges=_charges(source, element), returned=_returned(source, element),
        purpose=source.text(element, "Purp/Cd", "Purp/Prtry"), dates=_dates(source, element),
        information=source.text(element, "AddtlTxInf"),
    )  # fmt: skip


def _direction(sign: int) -> Direction:
    return "credit" if sign > 0 else "debit"


def _money(source: Source, element: etree._Element, path: str, sign: int) -> Money | None:
    found = source.one(element, path)
    return None if found is None else source.money(found, sign)


def _code(source: Source, element: etree._Element) -> Code | None:
    found = source.one(element, "BkTxCd")
    if found is None:
        return None
    return Code(
        source.text(found, "Domn/Cd"), source.text(found, "Domn/Fmly/Cd"), source.text(found, "Domn/Fmly/SubFmlyCd"),
        source.text(found, "Prtry/Cd"), source.text(found, "Prtry/Issr"),
    )  # fmt: skip


def _charges(source: Source, element: etree._Element) -> Charges | None:
    """Charges: a total with records, or, before version 3, each by itself. One without direction is a cost."""
    found = source.all(element, "Chrgs")
    if not found:
        return None
    records = [record for one in found for record in source.all(one, "Rcrd")]
    records += [one for one in found if source.one(one, "Amt") is not None]
    total = next((one for one in (source.one(each, "TtlChrgsAndTaxAmt") for each in found) if one is not None), None)
    return Charges(tuple(_charge(source, one) for one in records), None if total is None else source.money(total, 1))


def _charge(source: Source, element: etree._Element) -> Charge:
    sign = source.sign(element) if source.one(element, "CdtDbtInd") is not None else -1
    amount = source.one(element, "Amt")
    if amount is None:
        source.refuse(element, "bank.camt.missing", "A charge has no Amt, which is mandatory.")
    included = source.text(element, "ChrgInclInd")
    kind = source.text(element, "Tp/Cd", "Tp/Prtry/Id", "Tp/Prtry")
    return Charge(source.money(amount, sign), None if included is None else included in _TRUE, kind)


def _structured(source: Source, element: etree._Element) -> Structured:
    return Structured(
        source.text(element, "CdtrRefInf/Ref"), source.text(element, "CdtrRefInf/Tp/CdOrPrtry/Cd"),
        source.text(element, "CdtrRefInf/Tp/CdOrPrtry/Prtry"), source.text(element, "CdtrRefInf/Tp/Issr"),
        "\n".join(source.texts(element, "AddtlRmtInf")) or None,
        tuple(filter(None, source.texts(element, "RfrdDocInf/Nb"))), source.one(element, "CdtrRefInf") is not None,
    )  # fmt: skip


def _returned(source: Source, element: etree._Element) -> Return | None:
    found = source.one(element, "RtrInf")
    if found is None:
        return None
    return Return(source.text(found, "Rsn/Cd", "Rsn/Prtry"), source.texts(found, "AddtlInf"))


def _dates(source: Source, element: etree._Element) -> dict[str, Moment]:
    found = source.one(element, "RltdDts")
    made: dict[str, Moment] = {}
    for one in () if found is None else found.iterchildren(etree.Element):
        written = (one.text or "").strip()
        if written:
            name = etree.QName(one).localname
            at = source.time(found, name) if "T" in written else None  # type: ignore[arg-type]
            made.setdefault(name, Moment(source.day(one, written), at))
    return made
