import io
from pathlib import Path

import pytest
from pypdf import PdfWriter

from anyshore.activities.einvoice import open_document
from anyshore.base.errors import DataError


def _refused(content: bytes) -> DataError:
    with pytest.raises(DataError) as caught:
        open_document(content, "in.xml")
    assert caught.value.location.file == "in.xml"
    return caught.value


@pytest.mark.parametrize(
    ("content", "code", "part"),
    [
        (b"", "einvoice.empty", "empty"),
        (b" \n ", "einvoice.empty", "empty"),
        (b"Dear Sir", "einvoice.not-xml", "Dear Sir"),
        (b"<a><b></a>", "xml.malformed", "well-formed"),
        (b"<!DOCTYPE a><a/>", "xml.doctype", "DOCTYPE"),
        (b"<?xml version='1.0'?><?a <!-- ?><!DOCTYPE a [<!ENTITY b 'c'>]><?a --> ?><a/>", "xml.doctype", "DOCTYPE"),
        ("<!DOCTYPE a><a/>".encode("utf-16"), "xml.doctype", "DOCTYPE"),
        (b"<?xml version='1.0' encoding='UTF-7'?><+ACE-DOCTYPE a><a/>", "xml.doctype", "DOCTYPE"),
        (b"<order/>", "einvoice.unknown-root", "<order>"),
        (b"<Invoice/>", "einvoice.unknown-root", "<Invoice>"),
        (b"<Order xmlns='urn:x'/>", "einvoice.unknown-root", "'urn:x'"),
        (b"%PDF-1.7 broken", "einvoice.pdf-damaged", "PDF"),
    ],
)
def test_what_is_no_invoice_is_refused_saying_what_it_is(content: bytes, code: str, part: str) -> None:
    error = _refused(content)
    assert error.code == code
    assert part in error.message


def test_unknown_root_is_located_and_explained() -> None:
    error = _refused(b"\n  <Invoice xmlns='urn:other'/>")
    assert (error.location.line, error.location.column) == (2, 3)
    assert "namespace does not" in error.hint


def test_zugferd_1_is_named() -> None:
    error = _refused(b"<CrossIndustryDocument xmlns='urn:ferd:CrossIndustryDocument:invoice:1p0'/>")
    assert "ZUGFeRD 1.0" in error.hint


def _pdf(attachments: dict[str, bytes]) -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    for name, content in attachments.items():
        writer.add_attachment(name, content)
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def test_pdf_without_invoice_lists_its_attachments() -> None:
    error = _refused(_pdf({"photo.jpg": b"x"}))
    assert error.code == "einvoice.pdf-without-invoice"
    assert "photo.jpg" in error.message


@pytest.mark.parametrize("name", ["factur-x.xml", "ZUGFeRD-invoice.xml", "xrechnung.xml"])
def test_attachment_is_found_under_each_of_its_names(samples: Path, name: str) -> None:
    document = open_document(_pdf({name: (samples / "02-matching-cii.xml").read_bytes()}), "a.pdf")
    assert document.embedded
    assert document.xml.file == f"a.pdf!{name}"


def _encrypted(samples: Path, algorithm: str, password: str) -> bytes:
    writer = PdfWriter(clone_from=samples / "15-factur-x.pdf")
    writer.encrypt(user_password=password, owner_password="owner", algorithm=algorithm)
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def test_pdf_with_a_password_is_told(samples: Path) -> None:
    error = _refused(_encrypted(samples, "RC4-128", "secret"))
    assert error.code == "einvoice.pdf-password"
    assert "password" in error.message


def test_pdf_that_only_restricts_changes_is_read(samples: Path) -> None:
    document = open_document(_encrypted(samples, "RC4-128", ""), "in.pdf")
    assert document.embedded
    assert document.xml.file == "in.pdf!factur-x.xml"


AES = Path(__file__).parent / "encrypted"
"""The sample, encrypted with AES: what writes PDFs here knows the older cipher only."""


@pytest.mark.parametrize("name", ["aes-128-open.pdf", "aes-256-open.pdf"])
def test_pdf_encrypted_with_aes_is_read(name: str) -> None:
    assert open_document(AES / name).embedded


def test_pdf_encrypted_with_aes_and_a_password_is_told() -> None:
    assert _refused((AES / "aes-256-password.pdf").read_bytes()).code == "einvoice.pdf-password"


def test_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="No such file"):
        open_document(tmp_path / "none.xml")


def test_other_encodings_are_read(samples: Path) -> None:
    text = (samples / "01-matching-ubl.xml").read_text(encoding="utf-8").split("?>", 1)[1]
    for encoding in ("utf-16", "iso-8859-1"):
        content = f'<?xml version="1.0" encoding="{encoding}"?>{text}'.encode(encoding)
        assert open_document(content).syntax == "UBL Invoice"
