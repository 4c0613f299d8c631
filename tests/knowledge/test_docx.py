"""Word processors' files are read as text, whatever stands in them."""

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.draws import examples

from anyshore.base.errors import AnyshoreError, DataError
from anyshore.knowledge import docx

SPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def made(body: str, *, part: str = "word/document.xml", space: str = SPACE, before: str = "") -> bytes:
    """A document of these paragraphs."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(part, f"{before}<w:document {space}><w:body>{body}</w:body></w:document>")
    return out.getvalue()


def said(text: str, more: str = "") -> str:
    return f"<w:p>{more}<w:r><w:t>{text}</w:t></w:r></w:p>"


def test_paragraphs_are_lines_and_cells_stand_beside_each_other() -> None:
    table = f"<w:tbl><w:tr><w:tc>{said('2019')}</w:tc><w:tc>{said('Clerk')}</w:tc></w:tr></w:tbl>"
    broken = "<w:p><w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t></w:r></w:p>"
    found = docx.read(made(said("Skills") + table + broken), "cv.docx")
    assert found.text == "Skills\n2019\tClerk\na\tb\nc"
    assert found.page_at(3) == (1, 3)


def test_cells_of_several_lines_stay_together() -> None:
    left, right = said("Skills") + said("Excel"), said("Work") + said("Clerk")
    found = docx.read(made(f"<w:tbl><w:tr><w:tc>{left}</w:tc><w:tc>{right}</w:tc></w:tr></w:tbl>"), "cv.docx")
    assert found.text == "Skills\nExcel\nWork\nClerk"


def test_what_nobody_sees_is_not_read() -> None:
    hidden = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>SAP SAP SAP</w:t></w:r>"
    shown = '<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t> kept</w:t></w:r>'
    struck = "<w:del><w:r><w:delText>gone</w:delText></w:r></w:del>"
    assert docx.read(made(said("a", hidden + struck) + f"<w:p>{shown}</w:p>"), "cv.docx").text == "a\n kept"


def test_text_boxes_are_read_once() -> None:
    box = f"<w:txbxContent>{said('in a box')}</w:txbxContent>"
    mc = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    both = (
        f"<mc:AlternateContent {mc}><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent>"
    )
    assert docx.read(made(f"<w:p><w:r>{both}</w:r></w:p>"), "cv.docx").text == "\nin a box".strip("\n")


def test_the_strict_form_is_read() -> None:
    space = 'xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main"'
    assert docx.read(made(said("strict"), space=space), "cv.docx").text == "strict"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"PK\x03\x04 nothing", "document.unreadable-docx"),
        (made(said("a"), part="xl/workbook.xml"), "document.kind"),
        (made(said("a"), before='<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]>'), "xml.doctype"),
        (made("<w:p/>"), "document.no-text"),
        (made("<w:p>"), "xml.malformed"),
    ],
)
def test_what_cannot_be_read_says_what_to_do(data: bytes, code: str) -> None:
    with pytest.raises(DataError) as told:
        docx.read(data, "cv.docx")
    assert told.value.code == code
    assert told.value.location.file == "cv.docx"


def test_a_bomb_is_refused_before_it_unpacks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(docx, "MOST_BYTES", 1000)
    with pytest.raises(DataError, match="1,000 bytes"):
        docx.read(made(said("a" * 2000)), "cv.docx")


def test_only_an_archive_with_a_text_is_a_document() -> None:
    assert docx.is_docx(made(said("a")))
    assert not docx.is_docx(made(said("a"), part="xl/workbook.xml"))
    assert not docx.is_docx(b"%PDF-1.7")
    assert not docx.is_docx(b"PK\x03\x04")


@given(st.binary(max_size=60), st.integers(0, 500))
@settings(max_examples=examples(60))
def test_damage_is_told_and_nothing_else_happens(noise: bytes, at: int) -> None:
    whole = made(said("Skills") + said("Excel"))
    at = min(at, len(whole))
    try:
        docx.read(whole[:at] + noise + whole[at + len(noise) :], "cv.docx")
    except AnyshoreError as problem:
        assert problem.hint  # noqa: PT017


def test_every_real_cv_is_read(data_dir: Path) -> None:
    files = sorted((data_dir / "recruiting/vacancy-resume/CV").glob("*.docx"))
    assert len([docx.read(file.read_bytes(), file.name) for file in files]) == len(files) > 0
