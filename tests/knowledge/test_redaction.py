"""What is redacted is gone: two readers, and a look at the bytes, find nothing of it in any layer of the file."""

from __future__ import annotations

import io
import zlib

import pypdf
import pytest
import typst
from pypdf.annotations import FreeText

from anyshore.base.errors import DataError
from anyshore.knowledge import pdf, redaction
from anyshore.knowledge.pdf_layout import Box

TEXT = """#set page(width: 10cm, height: 7cm, margin: 1cm)
#set document(title: "Recipe of Karla Holm")
The supplier pays Karla Holm a fee of 1,200.50 EUR for every day of delay, but no more than five per cent in all.

Nothing else is owed to the buyer.
"""
SECRET = "Karla Holm"


def drawn(markup: str = TEXT) -> bytes:
    return bytes(typst.compile(markup.encode(), format="pdf", ignore_system_fonts=True))


def layered() -> bytes:
    """The document with the secret in a note, an attachment, the metadata and an earlier version."""
    first = io.BytesIO(drawn())
    made = pypdf.PdfWriter(first, incremental=True)
    made.add_attachment("note.txt", SECRET.encode())
    made.add_annotation(0, FreeText(text=f"Ask {SECRET}", rect=(40, 10, 240, 40)))
    made.add_metadata({"/Author": SECRET})
    out = io.BytesIO()
    made.write(out)
    return out.getvalue()


def redacted(data: bytes, *passages: str, **more: object) -> redaction.Redacted:
    return redaction.of_pdf(data, "a.pdf", passages, **more)  # type: ignore[arg-type]


def black(content: bytes) -> int:
    """Black pixels of the first page."""
    (image,) = pypdf.PdfReader(io.BytesIO(content)).pages[0].images
    return sum(image.image.convert("L").histogram()[:8]) if image.image else 0


def test_nothing_of_the_passage_is_left_in_any_layer() -> None:
    before = layered()
    assert {"text (PDFium)", "text (pypdf)", "metadata", "notes", "attachments", "earlier versions"} <= set(
        redaction.remains(before, "a.pdf")
    )
    made = redacted(before, SECRET)
    assert redaction.remains(made.content, "a.pdf") == []
    packed = [zlib.decompress(part.split(b"\nendstream")[0]) for part in made.content.split(b"FlateDecode")[1:]
              for part in [part.partition(b"stream\n")[2]]]  # fmt: skip
    assert packed
    assert not any(SECRET.encode() in part for part in (made.content, *packed))
    assert made.places == (1,)
    assert SECRET not in made.text
    assert "pays [REDACTED] a fee" in made.text


def test_what_shows_is_black_where_the_passage_stood_and_as_it_was_elsewhere() -> None:
    plain, made = redacted(drawn()), redacted(drawn(), SECRET)
    assert black(made.content) > black(plain.content) + 500
    page = pdf.picture(made.content, "a.pdf", 0)
    assert page != pdf.picture(plain.content, "a.pdf", 0)
    assert redacted(drawn(), SECRET).content == made.content, "the same bytes again"


def test_a_note_that_shows_the_passage_is_blackened_too() -> None:
    made = pypdf.PdfWriter(io.BytesIO(drawn("#set page(width: 10cm, height: 7cm)\nPlain text.")))
    made.add_annotation(0, FreeText(text=f"Ask {SECRET}", rect=(40, 10, 240, 40)))
    out = io.BytesIO()
    made.write(out)
    assert black(redacted(out.getvalue(), SECRET).content) > black(redacted(out.getvalue()).content) + 10_000


def test_an_area_is_blackened_and_a_page_that_is_not_there_is_an_error() -> None:
    box = Box(10, 10, 110, 60)
    assert black(redacted(drawn(), areas={1: [box]}).content) > 100 * 50 * redaction.SCALE**2
    with pytest.raises(DataError, match="no page 3"):
        redacted(drawn(), areas={3: [box]})


@pytest.mark.parametrize(
    ("text", "passage", "found"),
    [
        ("Karla Holm and KARLA\nHOLM", "Karla Holm", 2),
        ("the agree-\nment of agree\u00adment", "agreement", 2),
        ("112 or 12, 12.5", "12", 2),
        ("Holmes", "Holm", 0),
        ("Holm", "", 0),
    ],
)
def test_a_passage_is_found_across_lines_and_never_inside_a_word(text: str, passage: str, found: int) -> None:
    assert len(redaction.finder(text)(passage)) == found


def test_a_turned_page_is_blackened_where_it_shows() -> None:
    turned = pypdf.PdfWriter(io.BytesIO(drawn()))
    turned.pages[0].rotate(90)
    out = io.BytesIO()
    turned.write(out)
    plain, made = redacted(out.getvalue()), redacted(out.getvalue(), SECRET)
    upright = black(redacted(drawn(), SECRET).content) - black(redacted(drawn()).content)
    assert abs(black(made.content) - black(plain.content) - upright) < upright / 10


def test_a_scan_is_blackened_by_area_and_said_to_be_unread() -> None:
    scan = redacted(drawn()).content
    made = redacted(scan, SECRET, areas={1: [Box(10, 10, 110, 60)]})
    assert (made.places, made.unread) == ((0,), (1,))
    assert black(made.content) > black(scan) + 10_000
