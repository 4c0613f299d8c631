from __future__ import annotations

import hashlib

import pytest
import typst

from anyshore.base.errors import DataError
from anyshore.knowledge import documents
from anyshore.knowledge.anchors import anchor


def typeset(markup: str) -> bytes:
    return bytes(typst.compile(markup.encode(), format="pdf", ignore_system_fonts=True))


def hand_made_pdf(*, encrypted: bool = False, truncated: bool = False) -> bytes:
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>"]
    objects.append(b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>")
    if encrypted:
        key = b"<" + b"41" * 32 + b">"
        objects.append(b"<</Filter/Standard/V 1/R 2/P -4/O " + key + b"/U " + key + b">>")
    out = b"%PDF-1.4\n"
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj%sendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"<</Size %d/Root 1 0 R/ID[<41><41>]" % (len(objects) + 1)
    trailer += b"/Encrypt 4 0 R>>" if encrypted else b">>"
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    out += b"trailer%s\nstartxref\n%d\n%%%%EOF" % (trailer, start)
    return out[:40] if truncated else out


def test_text_keeps_every_character_and_is_one_page():
    data = "Zeile eins\r\nZeile zwei – ü\n".encode()
    source = documents.read(data, "a.txt")
    assert source.text == "Zeile eins\r\nZeile zwei – ü\n"
    assert source.pages == ((0, len(source.text)),)
    assert source.hash == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_decides(encoding: str):
    assert documents.read("§ 5 Haftung".encode(encoding), "a.txt").text == "§ 5 Haftung"


def test_a_named_encoding_is_used():
    assert documents.read("Größe".encode("cp1252"), "a.txt", encoding="cp1252").text == "Größe"


def test_an_older_file_of_a_western_office_is_read():
    text = "The “Supplier” shall deliver – within thirty (30) days of the order – goods worth 500 € to Müller GmbH."
    assert documents.read(text.encode("cp1252"), "a.txt").text == text


def test_pages_of_a_pdf_have_offsets():
    source = documents.read(typeset("First page here.\n#pagebreak()\nSecond page *there*."), "two.pdf")
    assert len(source.pages) == 2
    assert [source.text[a:b] for a, b in source.pages] == ["First page here.", "Second page there."]
    found = anchor(source, "page there")
    assert isinstance(found, list)
    assert [span.page for span in found] == [2]
    assert source.page_at(found[0].start) == (2, 7)


def test_textless_pages_are_named():
    source = documents.read(typeset("One.\n#pagebreak()\n#rect()\n#pagebreak()\nThree."), "scan.pdf")
    assert source.textless_pages() == (2,)


def test_lines_and_columns():
    source = documents.read(b"ab\ncd\n", "a.txt")
    assert [source.line_at(offset) for offset in (0, 1, 3, 4)] == [(1, 1), (1, 2), (2, 1), (2, 2)]


@pytest.mark.parametrize(
    ("data", "code", "line", "column"),
    [
        (b"", "document.empty", None, None),
        (b" \n\t ", "document.empty", None, None),
        (b"ok\nGr\xf6\xdfe", "document.wrong-encoding", 2, 3),
        ("ok\nПоставщик обязуется".encode("cp1251"), "document.wrong-encoding", 2, 1),
        (b"ok\na\0b", "document.binary", 2, 2),
        (b"PK\x03\x04word/document.xml", "document.kind", None, None),
        (b"{\\rtf1 This Agreement}", "document.kind", None, None),
        (b"\x89PNG\r\n", "document.kind", None, None),
        (hand_made_pdf(), "document.no-text", None, None),
        (hand_made_pdf(encrypted=True), "document.encrypted", None, None),
        (hand_made_pdf(truncated=True), "document.unreadable-pdf", None, None),
        (b"%PDF-1.7\ngarbage", "document.unreadable-pdf", None, None),
    ],
)
def test_unreadable_files_are_refused_where_they_break(data: bytes, code: str, line: int | None, column: int | None):
    with pytest.raises(DataError) as refused:
        documents.read(data, "in.bin")
    error = refused.value
    assert (error.code, error.location.file) == (code, "in.bin")
    assert (error.location.line, error.location.column) == (line, column)
    assert error.hint


def test_an_unknown_encoding_is_refused():
    with pytest.raises(DataError, match="no encoding 'klingon'"):
        documents.read(b"x", "a.txt", encoding="klingon")


def test_a_word_broken_at_a_line_end_of_a_pdf_is_quoted_whole():
    words = "incomprehensible responsibilities " * 12
    source = documents.read(
        typeset(f'#set page(width: 6cm, height: auto)\n#set text(hyphenate: true, lang: "en")\n{words}'), "a.pdf"
    )
    assert "\u00ad" in source.text
    assert isinstance(anchor(source, words.strip()), list)


def test_a_long_pdf_is_read_page_by_page():
    pages = "#pagebreak()\n".join(f"#lorem(400) page {number}\n" for number in range(60))
    content = typeset(pages)
    assert len(documents.read(content, "long.pdf").pages) >= 60
