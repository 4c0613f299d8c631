"""Merkle trees over rows: one hash stands for a whole file, and one row is proved by some forty hashes.

The tree is that of certificate transparency (RFC 9162, 2.1): a leaf is SHA-256 over a zero byte and its text, a node
SHA-256 over a one byte and its two halves, of which the left is the largest power of two that leaves something to the
right. So the trees of groups of a power of two of leaves are parts of the tree over all of them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import NamedTuple

EMPTY = hashlib.sha256(b"").digest()
"""The hash of a tree without leaves."""


class Step(NamedTuple):
    """A hash beside the way from a leaf to the root.

    Attributes:
        left: whether it stands left of the way.
        hash: it.
    """

    left: bool
    hash: bytes


def leaf(text: bytes) -> bytes:
    """The hash of a leaf."""
    return hashlib.sha256(b"\0" + text).digest()


def leaves(texts: Iterable[bytes]) -> list[bytes]:
    """The hashes of many leaves."""
    sha = hashlib.sha256
    return [sha(b"\0" + text).digest() for text in texts]


def root(hashes: Sequence[bytes]) -> bytes:
    """The root over hashes of leaves, or of whole groups of the same power of two of them."""
    if not hashes:
        return EMPTY
    level = list(hashes)
    while len(level) > 1:
        level = _above(level)
    return level[0]


def path(hashes: Sequence[bytes], at: int) -> list[Step]:
    """What stands beside the way from a leaf to the root, from below.

    Args:
        hashes: of the leaves, or of whole groups.
        at: which, from 0.
    """
    found: list[Step] = []
    level = list(hashes)
    while len(level) > 1:
        beside = at ^ 1
        if beside < len(level):
            found.append(Step(beside < at, level[beside]))
        level, at = _above(level), at // 2
    return found


def climbed(start: bytes, steps: Iterable[Step]) -> bytes:
    """The root that a hash and what stands beside its way come to."""
    for left, beside in steps:
        start = _node(beside, start) if left else _node(start, beside)
    return start


def _above(level: list[bytes]) -> list[bytes]:
    """The nodes above a level; one that stands alone goes up as it is."""
    sha = hashlib.sha256
    pairs = zip(level[::2], level[1::2], strict=False)
    above = [sha(b"\1" + one + other).digest() for one, other in pairs]
    return above + level[-1:] if len(level) % 2 else above


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()
