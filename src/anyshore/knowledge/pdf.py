"""The text of PDFs, read in a process of its own (ADR 0503): a hostile file costs an error, not the server."""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import BinaryIO, cast

from anyshore.base.errors import DataError
from anyshore.base.locations import Location
from anyshore.knowledge import pdf_child
from anyshore.knowledge.pdf_boxes import Frame
from anyshore.knowledge.pdf_layout import Box, Laid

MOST_PAGES = 10_000
MOST_CHARACTERS = 50_000_000
MOST_MEMORY = 1024 * 1024 * 1024
"""Bytes of address space."""
MOST_SECONDS = 30
"""Seconds on a processor for one document; a contract of 59 pages takes 0.4."""
MOST_SCALE = 4.0
"""Pixels per point of a picture, about 288 per inch."""
SERVED = 200
"""Documents after which a process is replaced, so that nothing it lost adds up."""

_one_at_a_time = Lock()


@dataclass(slots=True)
class _Child:
    """A reading process, and whose child it is: after a fork it is somebody else's."""

    process: subprocess.Popen[bytes]
    parent: int
    served: int = 0

    @property
    def pipes(self) -> tuple[BinaryIO, BinaryIO]:
        return cast(BinaryIO, self.process.stdin), cast(BinaryIO, self.process.stdout)


_children: list[_Child] = []
"""The one that is running; empty before the first PDF."""


def page_texts(data: bytes, name: str) -> list[Laid]:
    """The text of each page, as PDFium gives it, columns in their order.

    Raises:
        DataError: damaged, encrypted with a password, or more than is read: pages, characters, memory, time.
    """
    return _texts(_asked({"texts": True}, data, name), name)


def boxes(data: bytes, name: str, ranges: Sequence[tuple[int, int, int]]) -> tuple[list[list[Box]], dict[int, Frame]]:
    """Where ranges of text stand: for each its lines as boxes, and the frame of each page that was asked for.

    Args:
        data: the PDF.
        name: its name, for errors.
        ranges: (page from 0, start, end) in the text of the page as a source holds it.

    Raises:
        DataError: as :func:`page_texts`.
    """
    found = json.loads(_whole(_asked({"boxes": list(ranges)}, data, name), name))
    frames = {page: Frame(*frame) for page, *frame in found["frames"]}
    return [[Box(*box) for box in lines] for lines in found["boxes"]], frames


def picture(data: bytes, name: str, page: int, scale: float = 1.5) -> bytes:
    """A page (from 0) as a PNG of so many pixels per point, at most ``MOST_SCALE``.

    Raises:
        DataError: as :func:`page_texts`, or there is no such page.
    """
    return _whole(_asked({"picture": page, "scale": min(scale, MOST_SCALE)}, data, name), name)[1:]


def blackened(
    data: bytes, name: str, boxes: Mapping[int, Sequence[Box]], passages: Sequence[str], scale: float
) -> bytes:
    """The document as pictures of its pages (PDF), black where the boxes and notes with the passages are.

    Args:
        data: the PDF.
        name: its name, for errors.
        boxes: by page (from 0), in points of the page's own space.
        passages: folded as ``pdf_pictures.fold`` does.
        scale: pixels per point, at most ``MOST_SCALE``.

    Raises:
        DataError: as :func:`page_texts`.
    """
    wanted = {"blacken": [(page, list(given)) for page, given in sorted(boxes.items())], "passages": list(passages)}
    return _whole(_asked({**wanted, "scale": min(scale, MOST_SCALE)}, data, name), name)[1:]


def _whole(found: bytes, name: str) -> bytes:
    """The answer, unless it is an error."""
    if found.startswith((b"\n", b'{"boxes"')):
        return found
    head = json.loads(found)
    if "memory" in head:
        raise _costly(name, f"{MOST_MEMORY // 1024**2:,} MB")
    raise _unreadable(head["error"], int(head["page"]), name)


def _asked(wanted: dict[str, object], data: bytes, name: str) -> bytes:
    """What the process answers about a document."""
    with _one_at_a_time:
        child = _running()
        try:
            pipe_in, pipe_out = child.pipes
            pdf_child.write(pipe_in, b"\n".join([json.dumps(wanted).encode(), data]))
            found = pdf_child.read(pipe_out)
        except OSError:  # it ended before it had read the document
            found = None
        child.served += 1
        if found is None:
            end()
            raise _costly(name, f"{MOST_SECONDS} seconds or {MOST_MEMORY // 1024**2:,} MB")
        if child.served >= SERVED:
            end()
    return found


def _texts(found: bytes, name: str) -> list[Laid]:
    line, _, rest = found.partition(b"\n")
    head = json.loads(line)
    texts = []
    at = 0
    for length, asides in zip(head["lengths"], head["asides"], strict=True):
        text = rest[at : at + length].decode("utf-8", "surrogatepass")
        texts.append(Laid(text, [(start, end) for start, end in asides]))
        at += length
    if "large" in head:
        has, most = head["large"]
        raise DataError(
            "document.too-large", f"the PDF has {has}", Location(file=name), f"at most {most} are read: split the file"
        )
    if "memory" in head:
        raise _costly(name, f"{MOST_MEMORY // 1024**2:,} MB")
    if "error" in head:
        raise _unreadable(head["error"], int(head["page"]), name)
    return texts


def _costly(name: str, limit: str) -> DataError:
    return DataError(
        "document.too-costly", f"reading the PDF would take more than {limit}", Location(file=name),
        "open it in a viewer and print it as a new PDF, or split it",
    )  # fmt: skip


def _unreadable(problem: str, page: int, name: str) -> DataError:
    if "password" in problem.lower() or "security" in problem.lower():
        return DataError(
            "document.encrypted",
            "the PDF is encrypted and needs a password",
            Location(file=name),
            "save a copy without password protection",
        )
    return DataError(
        "document.unreadable-pdf",
        f"the PDF is damaged: {problem}".rstrip(),
        Location(file=name, element=f"page {page}"),
        "open it in a viewer and save or print it as a new PDF",
    )


def _running() -> _Child:
    if _children and (_children[0].parent != os.getpid() or _children[0].process.poll() is not None):
        if _children[0].parent == os.getpid():
            end()
        else:
            _children.clear()
    if not _children:
        limits = map(str, (MOST_PAGES, MOST_CHARACTERS, MOST_MEMORY, MOST_SECONDS))
        command = [sys.executable, str(Path(pdf_child.__file__)), *limits]
        process = subprocess.Popen(  # noqa: S603 - a fixed command of our own
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        _children.append(_Child(process, os.getpid()))
    return _children[0]


@atexit.register
def end() -> None:
    """Ends the process, if it is ours; the next document starts another."""
    while _children:
        child = _children.pop()
        if child.parent != os.getpid():
            continue
        child.process.kill()
        child.process.wait()
        for pipe in child.pipes:
            with suppress(OSError):  # what could not be sent to a process that had ended
                pipe.close()
