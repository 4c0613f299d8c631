"""Boxes of quoted text: those of its characters merged per line, and how they stand on the picture of their page.

Used by the process that reads PDFs, so it imports nothing of ours but the layout of pages.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from typing import NamedTuple

from anyshore.knowledge.pdf_layout import Box

_GAP = 3.0
"""Blank inside one box, in heights of its text, at most: beyond it another column may begin."""
_OVERLAP = 0.5
"""Share of the smaller height in which two characters of one line overlap, at least."""
_COLOURS = {1: 0, 3: 2, 4: 6}
"""Colour type of a PNG by channels (ISO/IEC 15948, table 11.1)."""


class Frame(NamedTuple):
    """What of a page is shown: its box in points, and the degrees it is turned by clockwise when it is shown."""

    left: float
    bottom: float
    right: float
    top: float
    turned: int

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the page as it is shown, in points."""
        wide, high = self.right - self.left, self.top - self.bottom
        return (high, wide) if self.turned in (90, 270) else (wide, high)

    def shown(self, box: Box) -> tuple[float, float, float, float]:
        """Left, top, width and height of a box on the page as it is shown, in points from its upper left corner."""
        left, right = box.left - self.left, box.right - self.left
        low, high = box.bottom - self.bottom, box.top - self.bottom
        wide, tall = self.right - self.left, self.top - self.bottom
        if self.turned == 90:
            return low, left, high - low, right - left
        if self.turned == 180:
            return wide - right, low, right - left, high - low
        if self.turned == 270:
            return tall - high, wide - right, high - low, right - left
        return left, tall - high, right - left, high - low


def lines_of(drawn: Iterable[tuple[str, Box | None]]) -> list[Box]:
    """The boxes of characters, merged where they follow each other in one line."""
    lines: list[Box] = []
    for character, box in drawn:
        if box is None or character.isspace() or box.right <= box.left or box.top <= box.bottom:
            continue
        if lines and _goes_on(lines[-1], box):
            last = lines[-1]
            lines[-1] = Box(min(last.left, box.left), min(last.bottom, box.bottom), max(last.right, box.right),
                            max(last.top, box.top))  # fmt: skip
        else:
            lines.append(box)
    return lines


def _goes_on(line: Box, box: Box) -> bool:
    shared = min(line.top, box.top) - max(line.bottom, box.bottom)
    height = min(line.height, box.height)
    return shared >= _OVERLAP * height and -height < box.left - line.right < _GAP * height


def png(pixels: bytes, width: int, height: int, stride: int, channels: int) -> bytes:
    """A picture as a PNG file (ISO/IEC 15948), eight bits a channel."""
    rows = b"".join(b"\0" + pixels[row * stride : row * stride + width * channels] for row in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, _COLOURS[channels], 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(rows, 6)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        for kind, content in chunks
    )
