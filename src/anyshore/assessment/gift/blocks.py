"""A GIFT file in blocks: what stands between blank lines, without comments, with the lines it comes from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_ID = re.compile(r"\[id:((?:\\\]|[^\]\x00-\x1f\x7f])+)\]")
_TAG = re.compile(r"\[tag:((?:\\\]|[^\]\x00-\x1f\x7f])+)\]")


@dataclass(slots=True)
class Block:
    """What stands between blank lines.

    Attributes:
        rows: (number from 1, text) of its lines.
        id: told by a comment before it.
        tags: told by comments before it.
    """

    rows: list[tuple[int, str]] = field(default_factory=list)
    id: str | None = None
    tags: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """All lines."""
        return "\n".join(text for _number, text in self.rows)

    def line(self, at: int) -> int:
        """The line of the file at a place of the text."""
        return self.rows[min(self.text.count("\n", 0, max(0, at)), len(self.rows) - 1)][0]


def blocks(text: str) -> Iterator[Block]:
    """The blocks of a file; a category is a block of its own, whether a blank line follows it or not."""
    block = Block()
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for number, line in enumerate(lines, start=1):
        bare = line.strip()
        if bare.startswith("//"):
            if not block.rows:
                _told(block, bare)
        elif bare:
            block.rows.append((number, line))
            if len(block.rows) == 1 and bare.startswith("$CATEGORY:"):
                yield block
                block = Block()
        elif block.rows:
            yield block
            block = Block()
    if block.rows:
        yield block


def _told(block: Block, comment: str) -> None:
    found = _ID.search(comment)
    if found:
        block.id = found[1].strip().replace("\\]", "]")
    block.tags += tuple(one.strip().replace("\\]", "]") for one in _TAG.findall(comment))
