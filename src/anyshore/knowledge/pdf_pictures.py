"""A PDF made of nothing but pictures of pages, parts of them blackened before they are pictures.

Used by the process that reads PDFs. What was drawn, written, attached, noted or changed earlier in the document stays
behind: only the pixels that show go over, and those below a black box are black. The same document and boxes give the
same bytes on one machine.
"""

from __future__ import annotations

import ctypes
import zlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from anyshore.knowledge.pdf_boxes import Frame
from anyshore.knowledge.pdf_layout import Box

_MARGIN = 0.15
"""How far a box is grown on every side, in its heights: italic letters and the soft edges of letters reach beyond."""


class Picture(NamedTuple):
    """A page: width and height in points, and in pixels, the colour space (PDF name) and pixels, packed (zlib)."""

    wide: float
    high: float
    width: int
    height: int
    space: str
    packed: bytes


def blackened(data: bytes, boxes: Mapping[int, Sequence[Box]], folded: Sequence[str], scale: float) -> bytes:
    """The document as pictures.

    Args:
        data: the PDF.
        boxes: by page (from 0), in points of the page's own space.
        folded: passages as :func:`fold` gives them; notes and form fields that hold one are blackened whole.
        scale: pixels per point.
    """
    import pypdfium2

    pdf = pypdfium2.PdfDocument(data)
    try:
        pdf.init_forms()  # without, the values of form fields are not drawn
        return written(_picture(pdf[number], boxes.get(number, ()), folded, scale) for number in range(len(pdf)))
    finally:
        pdf.close()


def fold(text: str) -> str:
    """What is compared of a text: without case, blanks and hyphens."""
    return "".join(one for one in text.casefold() if not one.isspace() and one not in "-\u00ad\u2010\u2011")


def _picture(page: Any, boxes: Sequence[Box], folded: Sequence[str], scale: float) -> Picture:
    left, bottom, right, top = page.get_bbox()
    frame = Frame(left, bottom, right, top, page.get_rotation())
    bitmap = page.render(scale=scale, rev_byteorder=True, prefer_bgrx=False, force_bitmap_format=None)
    width, height, channels, stride = bitmap.width, bitmap.height, bitmap.n_channels, bitmap.stride
    pixels = bytearray(bitmap.buffer)
    for box in (*boxes, *_notes(page, folded)):
        _blacken(pixels, frame.shown(_grown(box)), scale, (width, height, channels, stride))
    rows = b"".join(pixels[row * stride : row * stride + width * channels] for row in range(height))
    if channels == 3 and rows[0::3] == rows[1::3] == rows[2::3]:
        rows, channels = rows[0::3], 1
    wide, high = frame.size
    space = "/DeviceGray" if channels == 1 else "/DeviceRGB"
    return Picture(wide, high, width, height, space, zlib.compress(rows, 6))


def _grown(box: Box) -> Box:
    more = _MARGIN * box.height
    return Box(box.left - more, box.bottom - more, box.right + more, box.top + more)


def _blacken(
    pixels: bytearray, shown: tuple[float, float, float, float], scale: float, size: tuple[int, int, int, int]
) -> None:
    left, top, wide, high = shown
    width, height, channels, stride = size
    first, last = max(int(left * scale), 0), min(int((left + wide) * scale) + 1, width)
    black = bytes(max(last - first, 0) * channels)
    for row in range(max(int(top * scale), 0), min(int((top + high) * scale) + 1, height)):
        start = row * stride + first * channels
        pixels[start : start + len(black)] = black


def _notes(page: Any, folded: Sequence[str]) -> list[Box]:
    """The places of notes and form fields of a page that hold one of the passages."""
    from pypdfium2 import raw

    found = []
    for place in range(raw.FPDFPage_GetAnnotCount(page) if folded else 0):
        note = raw.FPDFPage_GetAnnot(page, place)
        said = fold(" ".join(_said(note, key) for key in ("Contents", "V")) + _value(page, note))
        area = raw.FS_RECTF()
        if any(one in said for one in folded) and raw.FPDFAnnot_GetRect(note, ctypes.byref(area)):
            found.append(Box(area.left, area.bottom, area.right, area.top))
        raw.FPDFPage_CloseAnnot(note)
    return found


def _said(note: Any, key: str) -> str:
    from pypdfium2 import raw

    return _string(lambda buffer, size: raw.FPDFAnnot_GetStringValue(note, key.encode(), buffer, size))


def _value(page: Any, note: Any) -> str:
    """The value of a form field, wherever in the tree of fields it stands."""
    from pypdfium2 import raw

    if page.formenv is None:
        return ""
    return _string(lambda buffer, size: raw.FPDFAnnot_GetFormFieldValue(page.formenv, note, buffer, size))


def _string(ask: Any) -> str:
    from pypdfium2 import raw

    size = ask(None, 0)
    buffer = ctypes.create_string_buffer(size)
    ask(ctypes.cast(buffer, ctypes.POINTER(raw.FPDF_WCHAR)), size)
    return buffer.raw.decode("utf-16-le", "replace").rstrip("\0")


def written(pages: Iterable[Picture]) -> bytes:
    """A PDF 1.4 (ISO 32000-1) whose pages are pictures: no metadata, no identifier, no date."""
    objects: list[bytes] = [b"<< /Type /Catalog /Pages 2 0 R >>", b""]
    kids = []
    for one in pages:
        number = len(objects) + 1
        kids.append(f"{number} 0 R")
        drawn = f"q {one.wide:.4f} 0 0 {one.high:.4f} 0 0 cm /P Do Q".encode()
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {one.wide:.4f} {one.high:.4f}] /Contents {number + 1} 0 R "
            f"/Resources << /XObject << /P {number + 2} 0 R >> >> >>".encode()
        )
        objects.append(_stream("", drawn))
        head = f"/Type /XObject /Subtype /Image /Width {one.width} /Height {one.height} /ColorSpace {one.space} "
        objects.append(_stream(f"{head}/BitsPerComponent 8 /Filter /FlateDecode ", one.packed))
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>".encode()
    out, places = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"), []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + content + b"\nendobj\n"
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table)
    return bytes(out)


def _stream(head: str, content: bytes) -> bytes:
    return f"<< {head}/Length {len(content)} >>\nstream\n".encode() + content + b"\nendstream"
