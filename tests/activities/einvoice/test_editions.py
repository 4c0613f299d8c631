"""Old hybrid invoices, and PDFs that hold more than one."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter
from tests.activities.building import EN_16931, cii

from anyshore.activities.einvoice import open_document, validate
from anyshore.activities.einvoice.documents import InvoiceDocument
from anyshore.activities.einvoice.rulesets import profile_of, rule_set_for
from anyshore.base.errors import DataError

MINIMUM = "urn:factur-x.eu:1p0:minimum"


def hybrid(specification: str = EN_16931, issued: str = "20180305", **changes: str) -> InvoiceDocument:
    return replace(open_document(_issued(cii(specification=specification, **changes), issued)), embedded=True)


def _issued(content: bytes, day: str) -> bytes:
    assert b">20260310<" in content
    return content.replace(b">20260310<", f">{day}<".encode())


@pytest.mark.parametrize(("day", "rules"), [("20180305", "EN 16931, CII"), ("20200324", "Factur-X 1 EN 16931")])
def test_an_old_hybrid_is_judged_by_en_16931_itself(day: str, rules: str) -> None:
    assert rule_set_for(hybrid(issued=day)).name == rules


@pytest.mark.parametrize(("day", "flag"), [("20180305", "warning"), ("20210305", "fatal")])
def test_codes_of_an_old_hybrid_are_told_and_not_held_against_it(day: str, flag: str) -> None:
    found = validate(hybrid(issued=day, account=None, means="ZZX")).violations
    codes = [one.flag for one in found if one.rule.startswith("BR-CL-") or one.text.startswith("Value of")]
    assert codes
    assert set(codes) == {flag}


def test_a_rule_that_is_no_code_list_holds_for_old_hybrids() -> None:
    assert "CII-SR-470" in {one.rule for one in validate(hybrid(account=None)).fatal}


@pytest.mark.parametrize(
    ("specification", "profile"),
    [
        (EN_16931, "EN 16931"),
        (MINIMUM, "MINIMUM"),
        ("urn:zugferd.de:2p0:basicwl", "BASIC WL"),
        (f"{EN_16931}#compliant#urn:factur-x.eu:1p0:basic", "BASIC"),
        (f"{EN_16931}#conformant#urn:zugferd.de:2p0:extended", "EXTENDED"),
        (f"{EN_16931}#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0", "XRECHNUNG"),
        ("urn:example.org:own", None),
    ],
)
def test_the_profile_is_named(specification: str, profile: str | None) -> None:
    assert profile_of(hybrid(specification)) == profile


def test_a_pdf_with_two_invoices_is_for_a_person(samples: Path) -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO((samples / "15-factur-x.pdf").read_bytes())))
    writer.add_attachment("xrechnung.xml", cii())
    written = io.BytesIO()
    writer.write(written)
    with pytest.raises(DataError) as caught:
        open_document(written.getvalue(), "two.pdf")
    assert caught.value.code == "einvoice.pdf-several-invoices"
    assert "factur-x.xml, xrechnung.xml" in str(caught.value)
