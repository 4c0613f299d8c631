"""A message as the getters of genkgo/camt show it, to hold our reading against that peer's, field by field.

Where the peer itself loses something, the view follows it: of several balances it knows nine kinds, it calls PRCD an
opening balance, the batch of an entry is overwritten by the first transaction's, amounts of transactions take their
sign from the entry, of charges it reads the records of version 4 and later only, and of the entries at one place of
several statements its list of all entries keeps the last.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from anyshore.activities.bank import model
from anyshore.terms import money

AGAIN = "__RECURSIVITY__"
"""Stands for an object that was shown before."""
_BALANCES = {
    "OPBD": "opening", "PRCD": "opening", "OPAV": "opening_available", "CLBD": "closing", "CLAV": "closing_available",
    "FWAV": "forward_available", "INFO": "information", "ITAV": "interim_available", "ITBD": "interim",
    "XPCD": "expected_credit",
}  # fmt: skip
_STATUS = {"booked": "BOOK", "pending": "PDNG", "information": "INFO", "future": "FUTR"}
_REFERENCES = {
    "getAccountOwnerTransactionId": "AcctOwnrTxId", "getAccountServicerReference": "AcctSvcrRef",
    "getAccountServicerTransactionId": "AcctSvcrTxId", "getChequeNumber": "ChqNb",
    "getClearingSystemReference": "ClrSysRef", "getEndToEndId": "EndToEndId", "getInstructionId": "InstrId",
    "getMandateId": "MndtId", "getMarketInfrastructureTransactionId": "MktInfrstrctrTxId", "getMessageId": "MsgId",
    "getPaymentInformationId": "PmtInfId", "getProcessingId": "PrcgId", "getTransactionId": "TxId",
    "getUuidEndToEndReference": "UETR",
}  # fmt: skip
_CODES = {
    "getBankPartyId": "BkPtyId", "getChipsUniversalId": "USCHU", "getDuns": "DUNS", "getEangln": "EANGLN",
    "getIbei": "IBEI", "getTaxId": "TaxIdNb",
}  # fmt: skip
_PARTIES = ("Cdtr", "UltmtCdtr", "Dbtr", "UltmtDbtr")


def differences(expected: Any, seen: Any, place: str = "") -> list[str]:
    """Where a parse of the peer says something else than ours; an object shown before only has to be there."""
    if expected == AGAIN:
        return [] if seen not in (None, [], "") else [f"{place}: is missing"]
    if isinstance(expected, dict):
        if not isinstance(seen, dict):
            return [f"{place}: {seen!r} instead of an object"]
        names = [name for name in expected if name != "__CLASS__"]
        return [
            line
            for name in names
            for line in differences(expected[name], seen.get(name, f"no {name}"), f"{place}.{name}")
        ]
    if isinstance(expected, list):
        if not isinstance(seen, list) or len(expected) != len(seen):
            return [f"{place}: {seen!r} instead of {len(expected)} things"]
        pairs = enumerate(zip(expected, seen, strict=True))
        return [line for number, (one, two) in pairs for line in differences(one, two, f"{place}[{number}]")]
    return [] if expected == seen and type(expected) is type(seen) else [f"{place}: {seen!r} instead of {expected!r}"]


def message(read: model.Message) -> dict[str, Any]:
    """The message."""
    records = [_record(one) for one in read.statements]
    entries = {
        place: _entry(one, place) | {"getRecord": record}
        for statement, record in zip(read.statements, records, strict=True)
        for place, one in enumerate(statement.entries)
    }
    header = {
        "getAdditionalInformation": read.information, "getCreatedOn": _time(read.created), "getMessageId": read.id,
        "getMessageRecipient": _some(read.recipient, _recipient), "getPagination": _page(read.page),
        "getOriginalBusinessQuery": _some(read.query, lambda query: {
            "getMessageId": query[0], "getMessageNameId": query[1], "getCreatedOn": _time(query[2])
        }),
    }  # fmt: skip
    return {
        "getEntries": [entries[place] for place in sorted(entries)],
        "getGroupHeader": header,
        "getRecords": records,
    }


def _record(one: model.Statement) -> dict[str, Any]:
    shown = [balance for balance in one.balances if balance.kind in _BALANCES]
    return {
        "getAccount": _account(one.account), "getAdditionalInformation": one.information,
        "getBalances": [
            {"getAmount": _money(b.money), "getDate": _some(b.at, _day), "getType": _BALANCES[b.kind]} for b in shown
        ],
        "getCopyDuplicateIndicator": one.copy, "getCreatedOn": _time(one.created),
        "getElectronicSequenceNumber": one.number, "getEntries": [_entry(e, n) for n, e in enumerate(one.entries)],
        "getFromDate": _time(one.begins), "getId": one.id, "getLegalSequenceNumber": one.legal,
        "getPagination": _page(one.page), "getToDate": _time(one.ends),
    }  # fmt: skip


def _entry(one: model.Entry, place: int) -> dict[str, Any]:
    details = [_detail(detail, one) for detail in one.details]
    first = one.details[0].references.get("PmtInfId") if one.details else None
    return {
        "getAccountServicerReference": one.bank_reference, "getAdditionalInfo": one.information or "",
        "getAmount": _money(one.money), "getBankTransactionCode": _some(one.code, _code),
        "getBatchPaymentId": first or one.batch, "getBookingDate": _some(one.booked, _moment),
        "getCharges": _some(one.charges, _charges), "getCreditDebitIndicator": _indicator(one),
        "getIndex": place, "getReference": one.reference, "getReversalIndicator": one.reversal,
        "getStatus": _STATUS[one.status], "getTransactionDetail": details[0] if details else None,
        "getTransactionDetails": details, "getValueDate": _some(one.value, _moment),
    }  # fmt: skip


def _detail(one: model.Detail, entry: model.Entry) -> dict[str, Any]:
    parties = [_party(p) for role in _PARTIES for p in one.parties if p.role == role and _is_named(p)]
    agents = [
        {"getRelatedAgentType": {"getBIC": agent.bic or "", "getName": agent.name or ""}}
        for role in ("CdtrAgt", "DbtrAgt") for agent in one.agents if agent.role == role
    ]  # fmt: skip
    accepted = one.dates.get("AccptncDtTm")
    returned = one.returned
    return {
        "getAdditionalTransactionInformation": _some(one.information, lambda text: {"getInformation": text}),
        "getAmount": _some(one.money, lambda m: _signed(m, entry)),
        "getAmountDetails": _some(one.transaction, lambda m: _signed(m, entry)),
        "getBankTransactionCode": _code(one.code or model.Code()),
        "getCharges": _some(one.charges, _charges), "getCreditDebitIndicator": _indicator(entry),
        "getReference": _reference(one) if one.has_references else None,
        "getRelatedAgent": agents[0] if agents else None, "getRelatedAgents": agents,
        "getRelatedDates": _some(accepted, lambda at: {"getAcceptanceDateTime": _moment(at)}),
        "getRelatedParties": parties, "getRelatedParty": parties[0] if parties else None,
        "getRemittanceInformation": _remittance(one),
        "getReturnInformation": _some(returned, lambda r: {
            "getCode": r.code, "getAdditionalInformation": (r.information or ("",))[0]
        } if r.code else None),
    }  # fmt: skip


def _is_named(party: model.Party) -> bool:
    return party != model.Party(party.role, account=party.account)


def _party(one: model.Party) -> dict[str, Any]:
    kind = {
        "getAddress": _some(one.address, _address), "getIdentification": _some(one.identification, _identification),
        "getName": one.name,
    }  # fmt: skip
    own = one.role in ("Cdtr", "Dbtr")
    return {"getAccount": _some(one.account, _account) if own else None, "getRelatedPartyType": kind}


def _recipient(one: model.Party) -> dict[str, Any]:
    return {
        "getAddress": _some(one.address, _address), "getContactDetails": None,
        "getCountryOfResidence": one.residence, "getName": one.name,
        "getIdentification": _some(one.identification, _identification),
    }  # fmt: skip


def _address(one: model.Address) -> dict[str, Any]:
    return {
        "getAddressLines": list(one.lines), "getBuildingNumber": one.building, "getCountry": one.country,
        "getCountrySubDivision": one.subdivision, "getDepartment": one.department, "getPostCode": one.post_code,
        "getStreetName": one.street, "getSubDepartment": one.sub_department, "getTownName": one.town,
    }  # fmt: skip


def _identification(one: model.Identification) -> dict[str, Any]:
    codes = one.codes
    if one.kind == "person":
        return {
            "getBirthDate": _some(one.birth_date, lambda day: _day(model.Moment(day))),
            "getCityOfBirth": one.birth_city, "getCountryOfBirth": one.birth_country, "getIdentification": None,
            "getOtherId": one.other, "getOtherIssuer": one.issuer, "getOtherSchemeName": one.scheme,
            "getProvinceOfBirth": one.birth_province,
        }  # fmt: skip
    return {
        **{name: codes.get(code) for name, code in _CODES.items()},
        "getBei": codes.get("BICOrBEI") or codes.get("BEI"),
        "getBic": codes.get("BIC") or codes.get("BICOrBEI") or codes.get("AnyBIC"),
        "getIdentification": one.other, "getIssuer": None, "getOtherId": one.other, "getOtherIssuer": one.issuer,
        "getOtherSchemeName": one.scheme, "getOtherType": None,
    }  # fmt: skip


def _account(one: model.Account) -> dict[str, Any]:
    if one.iban:
        return {"getIban": {"getIban": one.iban}, "getIdentification": one.iban, "getName": one.name}
    return {"getIdentification": one.other, "getIssuer": one.issuer, "getSchemeName": one.scheme, "getName": one.name}


def _reference(one: model.Detail) -> dict[str, Any]:
    own = [{"getReference": reference, "getType": kind} for kind, reference in one.proprietary]
    return {**{name: one.references.get(key) for name, key in _REFERENCES.items()}, "getProprietaries": own}


def _remittance(one: model.Detail) -> dict[str, Any] | None:
    if not one.unstructured and not one.structured:
        return None
    texts = [{"getMessage": text} for text in one.unstructured]
    blocks = [
        {"getAdditionalRemittanceInformation": block.additional,
         "getCreditorReferenceInformation": _creditor_reference(block) if block.has_reference else None}
        for block in one.structured
    ]  # fmt: skip
    referring = [block for block in one.structured if block.has_reference]
    first = None if one.unstructured or not referring else _creditor_reference(referring[0])
    return {
        "getCreditorReferenceInformation": first,
        "getMessage": one.unstructured[0] if one.unstructured else first and first["getRef"],
        "getStructuredBlock": blocks[0] if blocks else None, "getStructuredBlocks": blocks,
        "getUnstructuredBlock": texts[0] if texts else None, "getUnstructuredBlocks": texts,
    }  # fmt: skip


def _creditor_reference(one: model.Structured) -> dict[str, Any]:
    return {"getCode": one.code, "getProprietary": one.proprietary, "getRef": one.reference}


def _code(one: model.Code) -> dict[str, Any]:
    family = {"getCode": one.family or "", "getSubFamilyCode": one.sub_family or ""}
    return {
        "getDomain": {"getCode": one.domain, "getFamily": family if one.family else None} if one.domain else None,
        "getProprietary": _some(one.proprietary, lambda code: {"getCode": code, "getIssuer": one.issuer or ""}),
    }  # fmt: skip


def _charges(one: model.Charges) -> dict[str, Any]:
    return {
        "getTotalChargesAndTaxAmount": _some(one.total, _money),
        "getRecords": [
            {"getAmount": _money(each.money), "getIdentification": each.kind, "getChargesIncludedIndicator": False}
            for each in one.records
        ],
    }


def _money(one: model.Money) -> dict[str, Any]:
    minor = one.amount.scaleb(money.places(one.currency)).quantize(Decimal(1), ROUND_HALF_UP)
    return {"getAmount": str(minor if minor else abs(minor)), "getCurrency": {"getCode": one.currency}}


def _signed(one: model.Money, entry: model.Entry) -> dict[str, Any]:
    return _money(replace(one, amount=abs(one.amount) * (-1 if entry.direction == "debit" else 1)))


def _indicator(entry: model.Entry) -> str:
    return "DBIT" if entry.direction == "debit" else "CRDT"


def _page(number: str | None) -> dict[str, Any] | None:
    return {"getPageNumber": number} if number is not None else None


def _time(at: datetime | None) -> dict[str, str] | None:
    if at is None:
        return None
    utc = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    return {"0": utc.replace(microsecond=0).isoformat()}


def _moment(one: model.Moment) -> dict[str, str] | None:
    return _time(one.at) if one.at else _day(one)


def _day(one: model.Moment) -> dict[str, str] | None:
    day: date = one.day
    return {"0": f"{day.isoformat()}T00:00:00+00:00"}


def _some(value: Any, shown: Callable[[Any], Any]) -> Any:
    return None if value is None else shown(value)
