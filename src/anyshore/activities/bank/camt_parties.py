"""The parties, banks and accounts of a CAMT message."""

from __future__ import annotations

from lxml import etree

from anyshore.activities.bank.camt_elements import Source
from anyshore.activities.bank.model import Account, Address, Agent, Identification, Party
from anyshore.base.iban import iban_key

_ROLES = ("Cdtr", "UltmtCdtr", "Dbtr", "UltmtDbtr", "InitgPty", "TradgPty")
_AGENTS = ("CdtrAgt", "DbtrAgt", "IntrmyAgt1", "IntrmyAgt2", "IntrmyAgt3", "RcvgAgt", "DlvrgAgt", "IssgAgt")
_CODES = ("BIC", "BICOrBEI", "AnyBIC", "BEI", "IBEI", "EANGLN", "USCHU", "DUNS", "BkPtyId", "TaxIdNb", "LEI")


def parties(source: Source, element: etree._Element) -> tuple[Party, ...]:
    """The parties of a transaction, each with its account."""
    found = source.one(element, "RltdPties")
    if found is None:
        return ()
    made = []
    for role in _ROLES:
        one = source.one(found, role)
        given = source.one(found, f"{role}Acct")
        if one is not None or given is not None:
            number = None if given is None else account(source, given)
            made.append(Party(role, account=number) if one is None else party(source, one, role, number))
    return tuple(made)


def party(source: Source, element: etree._Element, role: str, number: Account | None = None) -> Party:
    """A party; since version 8 it is a choice of a party and a bank."""
    bank = source.one(element, "Agt/FinInstnId")
    inner = source.one(element, "Pty")
    found = bank if bank is not None else inner if inner is not None else element
    address = source.one(found, "PstlAdr")
    return Party(
        role, source.text(found, "Nm"), None if address is None else _address(source, address),
        _identification(source, found), number, source.text(found, "CtryOfRes"), bank is not None,
    )  # fmt: skip


def agents(source: Source, element: etree._Element) -> tuple[Agent, ...]:
    """The banks of a transaction."""
    found = source.one(element, "RltdAgts")
    made = []
    for role in _AGENTS:
        one = None if found is None else source.one(found, f"{role}/FinInstnId")
        if one is not None:
            bic = source.text(one, "BIC", "BICFI", "CmbndId/BIC")
            member = source.text(one, "ClrSysMmbId/MmbId", "ClrSysMmbId/Id")
            made.append(Agent(role, source.text(one, "Nm", "CmbndId/Nm"), bic, member))
    return tuple(made)


def account(source: Source, element: etree._Element) -> Account:
    """An account: IBAN, or a number of another scheme."""
    iban = source.text(element, "Id/IBAN")
    return Account(
        iban_key(iban) if iban else None,
        source.text(element, "Id/Othr/Id", "Id/BBAN", "Id/UPIC", "Id/PrtryAcct/Id"),
        source.text(element, "Id/Othr/SchmeNm/Cd", "Id/Othr/SchmeNm/Prtry"), source.text(element, "Id/Othr/Issr"),
        source.text(element, "Nm"), source.text(element, "Ccy"),
        bic=source.text(element, "Svcr/FinInstnId/BIC", "Svcr/FinInstnId/BICFI"),
    )  # fmt: skip


def _address(source: Source, element: etree._Element) -> Address:
    return Address(
        source.text(element, "Dept"), source.text(element, "SubDept"), source.text(element, "StrtNm"),
        source.text(element, "BldgNb"), source.text(element, "PstCd"), source.text(element, "TwnNm"),
        source.text(element, "CtrySubDvsn"), source.text(element, "Ctry"), source.texts(element, "AdrLine"),
    )  # fmt: skip


def _identification(source: Source, element: etree._Element) -> Identification | None:
    organisation, person = source.one(element, "Id/OrgId"), source.one(element, "Id/PrvtId")
    found = organisation if organisation is not None else person
    if found is None:
        return None
    other = source.one(found, "Othr")
    other = source.one(found, "PrtryId") if other is None else other
    birth = source.one(found, "DtAndPlcOfBirth")
    day = None if birth is None else source.text(birth, "BirthDt")
    place = {
        name: None if birth is None else source.text(birth, name)
        for name in ("CityOfBirth", "CtryOfBirth", "PrvcOfBirth")
    }
    return Identification(
        "organisation" if organisation is not None else "person",
        {name: text for name in _CODES if (text := source.text(found, name)) is not None},
        None if other is None else source.text(other, "Id"),
        None if other is None else source.text(other, "SchmeNm/Cd", "SchmeNm/Prtry", "SchmeNm"),
        None if other is None else source.text(other, "Issr"),
        source.day(birth, day) if birth is not None and day else None,
        place["CityOfBirth"], place["CtryOfBirth"], place["PrvcOfBirth"],
    )  # fmt: skip
