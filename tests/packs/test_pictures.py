"""A PDF without electronic invoice, or with two, goes to a person with what its text says; it is never booked."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader, PdfWriter
from tests.activities.building import cii
from tests.activities.einvoice.test_picture import ENGLISH, drawn
from tests.packs.test_payables_kinds import BY_TOTAL, _finish, _received

from anyshore.host.driver import Host
from anyshore.host.intake.parcels import Parcel, Place
from anyshore.host.intake.receiving import receive
from anyshore.kernel.state import ROOT
from anyshore.packs import reading


def _pdf(*names: str) -> bytes:
    writer = PdfWriter(PdfReader(io.BytesIO(drawn(ENGLISH))))
    for place, name in enumerate(names):
        writer.add_attachment(name, cii(f"R-{place}"))
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def _waiting(*names: str) -> tuple[Host, int]:
    host, _ = _received(BY_TOTAL)
    pack = reading.named("payables")
    (found,) = receive(host, pack, Place("e", pack.id, "UTC"), [Parcel("a.pdf", _pdf(*names), "test")])
    host.work()
    assert found.instance is not None
    return host, found.instance


@pytest.mark.parametrize("names", [(), ("factur-x.xml", "xrechnung.xml")])
def test_a_person_sees_what_its_text_says(names: tuple[str, ...]) -> None:
    host, number = _waiting(*names)
    said = host.state(number).variables[ROOT]["suggestion"]
    assert (said["number"], str(said["total"])) == ("A-9", "1190.00")
    _finish(host, number, "look", "ada", {"decision": "by hand", "note": "The landlord writes on paper"})
    assert host.state(number).variables[ROOT]["outcome"] == "invoice left to people"
    with host.store.transaction() as tx:
        assert tx.find_references("e", "posting", {}) == []


def test_it_is_returned_with_the_words_of_the_person() -> None:
    host, number = _waiting()
    _finish(host, number, "look", "ada", {"decision": "return", "note": "We need an electronic invoice."})
    found = host.state(number).variables[ROOT]
    assert found["outcome"] == "invoice returned"
    assert "We need an electronic invoice." in found["answer"]["body"]
