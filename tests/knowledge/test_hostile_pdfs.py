"""Files made to hurt whoever reads them: a typed error each, within limits, and the next file is read as ever."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

import pytest
import typst

from anyshore.base.errors import DataError
from anyshore.knowledge import documents, pdf


def pdf_of(*bodies: bytes) -> bytes:
    """A PDF of these objects, the first of them the catalog."""
    out = b"%PDF-1.7\n"
    places = []
    for number, body in enumerate(bodies, 1):
        places.append(len(out))
        out += b"%d 0 obj %s endobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(bodies) + 1
    return out + b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        size, table, size, len(out)
    )  # fmt: skip


def stream(content: bytes, extra: bytes = b"") -> bytes:
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (extra, len(content), content)


CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"
FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"


def page(content: bytes, *more: bytes, resources: bytes = b"") -> bytes:
    """One page (object 3) with a content stream (4), a font (5) and further objects (from 6)."""
    body = (
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>%s>>>>" % resources
    )
    return pdf_of(CATALOG, b"<</Type/Pages/Kids[3 0 R]/Count 1>>", body, content, FONT, *more)


def many_pages(count: int) -> bytes:
    kids = b"3 0 R " * count
    return pdf_of(CATALOG, b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, count), b"<</Type/Page/Parent 2 0 R>>")


def squeezed(megabytes: int) -> bytes:
    """A stream of text operators that was compressed twice: a few kilobytes that become many megabytes."""
    line = b"BT /F 9 Tf (aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa) Tj ET\n"
    once = zlib.compressobj(1)
    block = line * (1024 * 1024 // len(line))
    content = b"".join([*(once.compress(block) for _ in range(megabytes)), once.flush()])
    return page(stream(zlib.compress(content), b"/Filter[/FlateDecode/FlateDecode]"))


def forms_in_forms(depth: int, times: int) -> bytes:
    """Each form draws the next one so many times: an exponential number of words from a small file."""
    forms = []
    for level in range(depth):
        following = b"/XObject<</X %d 0 R>>" % (7 + level) if level < depth - 1 else b""
        content = b"/X Do " * times if level < depth - 1 else b"BT /F 9 Tf (word) Tj ET"
        head = b"/Type/XObject/Subtype/Form/BBox[0 0 200 200]/Resources<</Font<</F 5 0 R>>%s>>" % following
        forms.append(stream(content, head))
    return page(stream(b"/X Do"), *forms, resources=b"/XObject<</X 6 0 R>>")


@pytest.fixture
def tight(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Small limits, so that the files can be small too."""
    for name, most in (("MOST_PAGES", 500), ("MOST_CHARACTERS", 100_000), ("MOST_SECONDS", 1)):
        monkeypatch.setattr(pdf, name, most)
    monkeypatch.setattr(pdf, "MOST_MEMORY", 300 * 1024**2)
    pdf.end()
    yield
    pdf.end()


def code_of(data: bytes) -> str:
    with pytest.raises(DataError) as found:
        documents.read(data, "hostile.pdf")
    assert found.value.location.file == "hostile.pdf"
    assert found.value.hint
    return found.value.code


@pytest.mark.parametrize(
    ("data", "codes"),
    [
        (many_pages(501), {"document.too-large"}),
        (pdf_of(CATALOG, b"<</Type/Pages/Kids[]/Count 2000000000>>"), {"document.unreadable-pdf"}),
        (page(stream(b"BT /F 9 Tf 9 TL " + b"(%s) Tj T* " % (b"a" * 1000) * 101 + b"ET")), {"document.too-large"}),
        (squeezed(400), {"document.too-costly"}),
        (forms_in_forms(8, 30), {"document.too-costly"}),
        (page(b"[" * 200_000 + b"]" * 200_000), {"document.no-text", "document.unreadable-pdf"}),
        (
            page(
                stream(b"/X Do"),
                stream(zlib.compress(b"\0" * 1000), b"/Subtype/Image/Width 100000/Height 100000/BitsPerComponent 8"
                       b"/ColorSpace/DeviceRGB/Filter/FlateDecode"),
                resources=b"/XObject<</X 6 0 R>>",
            ),
            {"document.no-text"},
        ),
    ],
    ids=["pages", "count", "characters", "compression", "forms", "depth", "image"],
)  # fmt: skip
def test_a_hostile_file_is_an_error_and_the_next_file_is_read(tight: None, data: bytes, codes: set[str]) -> None:
    assert code_of(data) in codes
    good = bytes(typst.compile(b"Payment within 30 days.", format="pdf", ignore_system_fonts=True))
    assert documents.read(good, "good.pdf").text == "Payment within 30 days."


def test_a_reading_process_serves_many_files_and_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "SERVED", 2)
    pdf.end()
    good = bytes(typst.compile(b"Once.", format="pdf", ignore_system_fonts=True))
    numbers = []
    for _ in range(4):
        assert documents.read(good, "good.pdf").text == "Once."
        numbers.append(pdf._children[0].process.pid if pdf._children else None)
    assert numbers[0] is not None
    assert numbers[1] is None
    assert numbers[2] not in (None, numbers[0])


def test_a_process_that_was_killed_is_replaced() -> None:
    good = bytes(typst.compile(b"Once.", format="pdf", ignore_system_fonts=True))
    documents.read(good, "good.pdf")
    pdf._children[0].process.kill()
    pdf._children[0].process.wait()
    assert documents.read(good, "good.pdf").text == "Once."
