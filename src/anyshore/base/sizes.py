"""How large a value is once it is written out, and the refusal of one that is too large.

A list that holds another one twice holds it once in memory and twice when it is written: thirty such steps are a
kilobyte here and a gigabyte there. So size is counted as it would be written, what is shared as often as it stands
there, and in time linear in what is there: the size of every part is worked out once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from anyshore.base.errors import TooLargeError


@dataclass(frozen=True, slots=True)
class Limit:
    """How large a value may be.

    Attributes:
        nodes: values in it, counted as often as they stand in it, itself included.
        bytes: about as many as it takes as text in UTF-8.
        depth: lists and contexts within each other.
    """

    nodes: int
    bytes: int
    depth: int


PAYLOAD = Limit(nodes=200_000, bytes=2_000_000, depth=64)
"""Of one variable of running work. Temporal allows as much (2 MB) per payload."""

RECORD = Limit(nodes=1_600_000, bytes=16_000_000, depth=80)
"""Of all that one step gives to another, as all variables of a call together."""

EVALUATED = Limit(nodes=1_000_000, bytes=32_000_000, depth=500)
"""Of what an evaluation gives or is given, before it becomes a variable."""

WRITTEN = Limit(nodes=10_000_000, bytes=256_000_000, depth=500)
"""Of a document of our own that is written in one piece, as a line of an export."""

HINT = "Keep long lists and texts as documents or reference data, and give the work what it looks at."


class Composite:
    """A value of a type of its own that holds others, so that they are counted too."""

    __slots__ = ()

    def parts(self) -> Iterable[object]:
        """The values it holds."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Size:
    """How large a value is, counted as in ``Limit``."""

    nodes: int
    bytes: int
    depth: int


_FIXED = {type(None): 4, bool: 5, float: 24}
_CONTAINERS = (list, dict, tuple, set, frozenset, Composite)
_OTHER = 32
_BRACKETS = 2
_SEPARATOR = 2
_QUOTED = 2 + _SEPARATOR


def check(value: object, limit: Limit = PAYLOAD, what: str = "The value") -> None:
    """Refuses a value that is too large.

    Raises:
        TooLargeError: it has more nodes or bytes than the limit (``value.too-large``), holds itself, or nests deeper
            (``value.too-deep``).
    """
    kind = type(value)
    if kind in _FIXED or (kind is str and len(value) < _SHORT):  # type: ignore[arg-type]  # a text
        return
    measure(value, limit, what)


_SHORT = 1_000
"""Letters of a text that is within every limit."""


def measure(value: object, limit: Limit = WRITTEN, what: str = "The value") -> Size:
    """The size of a value.

    Args:
        value: None, bool, numbers, texts, dates and times, and lists, mappings and ``Composite`` values of those.
        limit: what it may be at most: counting ends where it is passed.
        what: the value in the words of the message.

    Raises:
        TooLargeError: see ``check``.
    """
    walk = _Walk(limit, what)
    if not isinstance(value, _CONTAINERS):
        size = _leaf(value)
        walk.admit(1, size, 0)
        return Size(1, size, 0)
    return _at_once(value, limit) or walk.through(value)


_AT_ONCE = 3_000
"""Parts up to which a value is counted without remembering any of them: what is shared is counted again."""


def _at_once(value: object, limit: Limit) -> Size | None:
    """The size of a value of few parts, level by level; None where it is too large or holds what has to be looked at.

    Nearly all values are such, and this takes a quarter of the time.
    """
    nodes, size, depth, level = 1, -_SEPARATOR, 0, [value]
    while level:
        depth += 1
        below: list[object] = []
        for one in level:
            parts = one
            if type(one) is dict:
                own = _keys(one)
                if own is None:
                    return None
                size += own
                parts = one.values()
            elif type(one) is not list and type(one) is not tuple:
                return None
            size += _BRACKETS + _SEPARATOR
            nodes += len(one)
            for part in parts:  # type: ignore[attr-defined]  # a list, a tuple or the values of a dict
                kind = type(part)
                if kind is str:
                    size += (len(part) if part.isascii() else len(part.encode("utf-8", "surrogatepass"))) + _QUOTED
                elif kind is Decimal:
                    size += _number(part) + _SEPARATOR
                elif kind in _FIXED:
                    size += _FIXED[kind] + _SEPARATOR
                elif isinstance(part, _CONTAINERS):
                    below.append(part)
                else:
                    size += _leaf(part) + _SEPARATOR
        if nodes > _AT_ONCE or depth > limit.depth:
            return None
        level = below
    return Size(nodes, size, depth) if nodes <= limit.nodes and size <= limit.bytes else None


def _keys(one: dict[Any, Any]) -> int | None:
    """The bytes of the keys of a dict; None where one is no text."""
    try:
        text = "".join(one)
    except TypeError:
        return None
    return (len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))) + _QUOTED * len(one)


class _Open:
    """A container whose parts are being counted."""

    __slots__ = ("bytes", "depth", "left", "nodes", "value")

    def __init__(self, value: object) -> None:
        self.value = value
        self.left, self.bytes = _parts(value)
        self.nodes = 1
        self.depth = 1


class _Walk:
    """One count, without recursion: a value may be nested deeper than the stack of Python."""

    def __init__(self, limit: Limit, what: str) -> None:
        self.limit, self.what = limit, what
        # A value stays in memory while it is counted, so its address stands for it.
        self.known: dict[int, Size | None] = {}

    def admit(self, nodes: int, size: int, depth: int) -> None:
        """Refuses what is over: a part is no larger than the whole, so the first part that is tells of the whole."""
        limit = self.limit
        if nodes > limit.nodes:
            message = f"{self.what} has more than {limit.nodes:,} parts when it is written out."
            raise TooLargeError("value.too-large", message, hint=HINT)
        if size > limit.bytes:
            message = f"{self.what} is longer than {limit.bytes:,} bytes when it is written out."
            raise TooLargeError("value.too-large", message, hint=HINT)
        if depth > limit.depth:
            raise TooLargeError("value.too-deep", f"{self.what} nests deeper than {limit.depth} levels.", hint=HINT)

    def through(self, value: object) -> Size:
        known = self.known
        known[id(value)] = None
        path = [_Open(value)]
        while True:
            inner = self._count(path[-1])
            if inner is not None:
                known[id(inner)] = None
                path.append(_Open(inner))
                if len(path) > self.limit.depth:
                    self.admit(0, 0, len(path))
                continue
            done = path.pop()
            size = Size(done.nodes, done.bytes, done.depth)
            known[id(done.value)] = size
            if not path:
                return size
            self._add(path[-1], size)

    def _count(self, one: _Open) -> object | None:
        """Counts the parts of a container up to the first whose own parts are not counted yet; that one, or None."""
        nodes, size, known = one.nodes, one.bytes, self.known
        most_nodes, most_bytes = self.limit.nodes, self.limit.bytes
        for part in one.left:
            if isinstance(part, _CONTAINERS):
                one.nodes, one.bytes = nodes, size
                if id(part) not in known:
                    return part
                found = known[id(part)]
                if found is None:
                    raise TooLargeError("value.too-large", f"{self.what} holds itself.", hint=HINT)
                self._add(one, found)
                nodes, size = one.nodes, one.bytes
                continue
            nodes += 1
            size += _leaf(part) + _SEPARATOR
            if nodes > most_nodes or size > most_bytes:
                self.admit(nodes, size, 0)
        one.nodes, one.bytes = nodes, size
        self.admit(nodes, size, one.depth)
        return None

    def _add(self, one: _Open, part: Size) -> None:
        one.nodes += part.nodes
        one.bytes += part.bytes + _SEPARATOR
        one.depth = max(one.depth, part.depth + 1)
        self.admit(one.nodes, one.bytes, one.depth)


def _parts(value: Any) -> tuple[Iterator[object], int]:
    """The values a container holds, and the bytes of what is its own."""
    if isinstance(value, dict):
        return iter(value.values()), _BRACKETS + sum(_leaf(key) + _SEPARATOR for key in value)
    return iter(value.parts() if isinstance(value, Composite) else value), _BRACKETS


def _leaf(value: object) -> int:
    """About how many bytes a value without parts takes as text."""
    kind = type(value)
    if kind is str:
        return _text(value)  # type: ignore[arg-type]
    if kind is Decimal:
        return _number(value)  # type: ignore[arg-type]
    fixed = _FIXED.get(kind)
    if fixed is not None:
        return fixed
    if isinstance(value, int):
        return value.bit_length() // 3 + 2
    if isinstance(value, str):
        return _text(value)
    return len(value) if isinstance(value, (bytes, bytearray)) else _OTHER


def _text(value: str) -> int:
    return 2 + (len(value) if value.isascii() else len(value.encode("utf-8", "surrogatepass")))


def _number(value: Decimal) -> int:
    """A number written out without an exponent, as FEEL writes it."""
    power = value.adjusted()
    return 16 if -8 < power < 16 else 36 + abs(power)
