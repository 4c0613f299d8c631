"""Field :86:, in its three ways of being written."""

import pytest

from anyshore.activities.bank import mt940_details
from anyshore.activities.bank.model import Detail


def read(text: str, *, credit: bool = True) -> Detail:
    return mt940_details.read(text, credit=credit)


GERMAN = (
    "166?00GUTSCHRIFT?10931?20EREF+TRX-0A4A47C3-F846-4729?21-8A1B-5DF620F?22MREF+CAC97D2144174318AC18D9?23BF815BD4FB\n"
    "?24CRED+DE98ZZZ09999999999?25SVWZ+RE 4711 vom?2601.02.2026?30BYLADEMM?31DE89370400440532013000?32Peter Pan\n"
    "?33 Handels GmbH?34000?60 und Kunde 12?61ABWA+Wendy AG"
)


def test_every_subfield() -> None:
    found = read(GERMAN)
    assert found.references == {
        "EndToEndId": "TRX-0A4A47C3-F846-4729-8A1B-5DF620F",
        "MndtId": "CAC97D2144174318AC18D9BF815BD4FB",
        "CdtrSchmeId": "DE98ZZZ09999999999",
    }
    assert found.unstructured == ("RE 4711 vom 01.02.2026  und Kunde 12",)
    payer, ultimate = found.parties
    assert (payer.role, payer.name) == ("Dbtr", "Peter Pan  Handels GmbH")
    assert payer.account is not None
    assert payer.account.iban == "DE89370400440532013000"
    assert (ultimate.role, ultimate.name) == ("UltmtDbtr", "Wendy AG")
    assert (found.agents[0].role, found.agents[0].bic) == ("DbtrAgt", "BYLADEMM")
    assert [number for number, _ in mt940_details.subfields(GERMAN)] == [
        "00", "10", *(f"{n}" for n in range(20, 27)), "30", "31", "32", "33", "34", "60", "61"
    ]  # fmt: skip


def test_the_account_stands_in_31_or_38_and_not_in_the_name() -> None:
    other = read("166?30BILLLULL?31WHATEVER?32DE12345678901234567890?38LU280019400644750000")
    assert other.parties[0].account is not None
    assert other.parties[0].account.iban == "LU280019400644750000"
    assert other.parties[0].name == "DE12345678901234567890"
    old = read("051?20Miete?3010020030?311234567?32MUELLER")
    assert old.parties[0].account is not None
    assert (old.parties[0].account.other, old.parties[0].account.bank) == ("1234567", "10020030")
    none = read("051?20Miete?32DE89370400440532013000")
    assert none.parties[0].account is None


def test_who_is_paid_is_the_other_party_of_a_debit() -> None:
    found = read("105?20SVWZ+Rate?32Bank AG?31DE89370400440532013000?62ABWE+Kasse", credit=False)
    assert [party.role for party in found.parties] == ["Cdtr", "UltmtCdtr"]


def test_a_word_inside_a_word_is_none() -> None:
    found = read("166?20SVWZ+FREEREF+1 EREF+2")
    assert (found.unstructured, found.references) == (("FREEREF+1",), {"EndToEndId": "2"})


def test_another_separator_and_returned_payments() -> None:
    assert read("000>100987654321\n>20ALGEMENE >21KOSTEN").unstructured == ("ALGEMENE KOSTEN",)
    back = read("109?00RETOURE?20EREF+X?34914")
    assert back.returned is not None
    assert back.returned.code == "914"


def test_code_words() -> None:
    found = read("/EREF/E-1/BENM//NAME/CONTRA ACCOUN\nT HOLDER/REMI/Reference 201301234/ISDT/2013-01-02", credit=False)
    assert found.references == {"EndToEndId": "E-1"}
    assert (found.parties[0].role, found.parties[0].name) == ("Cdtr", "CONTRA ACCOUNT HOLDER")
    assert found.unstructured == ("Reference 201301234",)
    other = read("/TRTP/SEPA/CNTP/NL65INGB0123456789/INGBNL2A/PICQER/DELFT/REMI/USTD//FACTUUR 1/")
    assert other.parties[0].account is not None
    assert (other.parties[0].account.iban, other.parties[0].name) == ("NL65INGB0123456789", "PICQER")
    assert other.agents[0].bic == "INGBNL2A"
    assert other.unstructured == ("FACTUUR 1",)


def test_a_slash_that_ends_a_value_is_no_part_of_it() -> None:
    found = read(
        "/RTRN/MS03//EREF/EV1/A//MARF/M-1//CNTP/NL32INGB0000012345/INGBNL2A/ING BANK NV///REMI/USTD//EV10//",
        credit=True,
    )
    assert found.references == {"EndToEndId": "EV1/A", "MndtId": "M-1"}
    assert found.returned is not None
    assert (found.returned.code, found.unstructured) == ("MS03", ("EV10",))


@pytest.mark.parametrize("text", ["", "091", "Miete?20 Euro", "166?", "FREE\n\nTEXT"])
def test_plain_text_stays_as_it_is(text: str) -> None:
    found = read(text)
    assert found.parties == ()
    assert "".join(found.unstructured).replace("\n", "") == text.replace("\n", "")
