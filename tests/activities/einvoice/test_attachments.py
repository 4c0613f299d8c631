"""Attachments of invoices (BT-125): listed, and handed out only where they are what they say."""

import base64
import io
import zipfile

import pytest
from tests.activities.building import cii, ubl

from anyshore.activities.einvoice.attachments import LARGEST, attachment, attachments

PDF, PNG = b"%PDF-1.7 x", b"\x89PNG\r\n\x1a\n.."
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OPEN_SHEET = "application/vnd.oasis.opendocument.spreadsheet"


def packed(**files: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, text in files.items():
            archive.writestr(name.replace("__", "/"), text)
    return made.getvalue()


def ubl_with(*embedded: tuple[str, str, bytes | str], location: str = "") -> bytes:
    parts = [
        f"<cac:AdditionalDocumentReference><cbc:ID>T-{n}</cbc:ID><cbc:DocumentDescription>Hours  worked"
        f'</cbc:DocumentDescription><cac:Attachment><cbc:EmbeddedDocumentBinaryObject mimeCode="{kind}" '
        f'filename="{name}">{base64.b64encode(content).decode() if isinstance(content, bytes) else content}'
        "</cbc:EmbeddedDocumentBinaryObject></cac:Attachment></cac:AdditionalDocumentReference>"
        for n, (kind, name, content) in enumerate(embedded, 1)
    ]
    if location:
        parts.append(
            "<cac:AdditionalDocumentReference><cbc:ID>E</cbc:ID><cac:Attachment><cac:ExternalReference>"
            f"<cbc:URI>{location}</cbc:URI></cac:ExternalReference></cac:Attachment></cac:AdditionalDocumentReference>"
        )
    at = b"<cac:AccountingSupplierParty>"
    return ubl().replace(at, "".join(parts).encode() + at, 1)


def test_what_is_embedded_is_listed_and_handed_out_byte_by_byte():
    content = ubl_with(
        ("application/pdf", "hours.pdf", PDF), ("image/png", "site.png", PNG), location="https://x.example/a"
    )
    first, second, third = attachments(content)
    assert (first.place, first.reference, first.description, first.name, first.size, first.problem) == (
        1, "T-1", "Hours worked", "hours.pdf", len(PDF), "",
    )  # fmt: skip
    assert second.is_offered
    assert (third.location, third.is_offered) == ("https://x.example/a", False)
    found = attachment(content, 2)
    assert found is not None
    assert found[1] == PNG
    assert attachment(content, 3) is None
    assert attachment(content, 4) is None


def test_that_of_a_cii_is_found_too():
    inner = (
        "<ram:AdditionalReferencedDocument><ram:IssuerAssignedID>T</ram:IssuerAssignedID><ram:TypeCode>916</ram:TypeCode>"
        f'<ram:Name>Plan</ram:Name><ram:AttachmentBinaryObject mimeCode="text/csv" filename="plan.csv">'
        f"{base64.b64encode(b'a;b').decode()}</ram:AttachmentBinaryObject></ram:AdditionalReferencedDocument>"
    )
    (found,) = attachments(cii(reference=inner))
    assert (found.name, found.description, found.size, found.is_offered) == ("plan.csv", "Plan", 3, True)


@pytest.mark.parametrize(
    ("kind", "name", "content", "problem"),
    [
        ("text/html", "a.html", b"<script>", "kind"),
        ("image/svg+xml", "a.svg", b"<svg/>", "kind"),
        ("application/x-msdownload", "a.exe", b"MZ", "kind"),
        ("application/pdf", "a.pdf", b"MZ", "content"),
        ("image/png", "a.png", b"<svg/>", "content"),
        ("text/csv", "a.csv", b" <html>", "content"),
        ("text/csv", "a.csv", b"a\0b", "content"),
        ("application/pdf", "a.pdf", b"", "content"),
        ("application/pdf", "a.pdf", "no base64!", "damaged"),
        (SHEET, "a.xlsx", packed(x="y"), "content"),
        (
            SHEET,
            "a.xlsx",
            packed(**{"[Content_Types].xml": "", "xl__workbook.xml": "", "xl__vbaProject.bin": ""}),
            "content",
        ),
        (OPEN_SHEET, "a.ods", packed(mimetype="application/zip"), "content"),
        (OPEN_SHEET, "a.ods", b"PK\x03\x04", "content"),
    ],
)
def test_what_is_not_what_it_says_is_told_and_kept_back(kind, name, content, problem):
    document = ubl_with((kind, name, content))
    (found,) = attachments(document)
    assert (found.problem, found.is_offered) == (problem, False)
    assert attachment(document, 1) is None


def test_sheets_of_both_kinds_are_handed_out():
    xlsx = packed(**{"[Content_Types].xml": "", "xl__workbook.xml": ""})
    found = attachments(ubl_with((SHEET, "a.xlsx", xlsx), (OPEN_SHEET, "a.ods", packed(mimetype=OPEN_SHEET))))
    assert [one.is_offered for one in found] == [True, True]


def test_too_large_is_told_without_unpacking(monkeypatch):
    monkeypatch.setattr("anyshore.activities.einvoice.attachments.LARGEST", 100)
    assert LARGEST > 100
    (found,) = attachments(ubl_with(("application/pdf", "a.pdf", b"%PDF-" + b"x" * 100)))
    assert (found.problem, found.size) == ("size", 105)


@pytest.mark.parametrize(
    ("name", "safe"),
    [("../../etc/passwd", "passwd.pdf"), ("C:\\a\\b.pdf", "b.pdf"), ("", "T-1.pdf"), ("a.exe", "a.exe.pdf"),
     (".hidden.pdf", "hidden.pdf"),
     ("x&lt;y&gt;.PDF", "x_y_.PDF")],
)  # fmt: skip
def test_a_name_is_safe_to_save_under(name, safe):
    assert attachments(ubl_with(("application/pdf", name, PDF)))[0].name == safe
