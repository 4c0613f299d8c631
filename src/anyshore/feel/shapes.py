"""Code that texts share which differ in their literals and names only, as the statements a database has prepared.

A text is cut at its numbers and strings. What stands between them, with their kinds, is its shape: texts of one shape
have the same tokens but for the literals, and so the same tree. The code of a shape reads them from the frame.

Names of one word that mean nothing to FEEL are looked at where a shape is not known: with numbers for them, the same
number for the same name, most shapes are an outline that is known. Its code reads the names from the frame as well.

That a text of a known shape has the tokens of the one the code was made from, follows from the cut: a number does not
begin behind a character of a name or a dot, so no token in front reaches into it; both kinds are written here as the
lexer writes them, so none ends elsewhere; and there is no comment to hide one. That each literal of the first text is
a literal of its tree, and not part of a name as in ``step 2``, is looked at when its code is made.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from itertools import accumulate
from typing import Any, NoReturn

from anyshore.base import temporal
from anyshore.base.decimals import CONTEXT
from anyshore.base.errors import FeelError
from anyshore.base.locations import Location
from anyshore.feel import nodes
from anyshore.feel.builtins.table import BUILTINS
from anyshore.feel.compiler import FIRST_SLOT, Code
from anyshore.feel.lexer import KEYWORDS, NAME_PART, name_tokens, tokenize
from anyshore.feel.nodes import Node
from anyshore.feel.origin import Origin
from anyshore.feel.properties import PROPERTIES
from anyshore.feel.types import SIMPLE_TYPES

LONGEST = 400
"""Characters of a text whose code is shared. Longer ones have a shape of their own nearly always."""

REMEMBERED = 3_000
"""Shapes in a generation: about 6 MB, and there are two."""

BLANKS = " \t\n\r"
cut = re.compile(
    # It begins with a set of characters, so that a search looks for one of them; what may stand before is asked behind.
    r'([".0-9](?:(?<=")[^"\\]*+(?:\\.[^"\\]*+)*+"'
    rf"|(?:(?<=[0-9])(?<![{NAME_PART}][0-9])[0-9]*+(?:\.[0-9]+)?|(?<=\.)(?<![{NAME_PART}.]\.)[0-9]+)(?:[eE][+-]?[0-9]+)?))",
    re.DOTALL,
).split
"""A text → what stands between its literals, and they, by turns. Begins and ends with what stands between."""

Key = tuple[Any, ...]
"""What stands between the literals of a text, then the types of their values."""
Conversion = Callable[[Any], object]

_BETWEEN, _FOR_NAME = "\x01", "\x02"
_words = re.compile(rf"(?<![{NAME_PART}])([A-Za-z_][A-Za-z0-9_]*)(?![{NAME_PART}])").split
_BLANK = re.compile(f"[{BLANKS}]+")
_NOT_SHARED = ("//", "/*", _FOR_NAME)
WORDS_OF_FEEL = frozenset(
    word
    for phrase in (
        *KEYWORDS, *SIMPLE_TYPES, *BUILTINS, *(name for names in PROPERTIES.values() for name in names),
        *(one.name for function in BUILTINS.values() for row in function.rows for one in row.parameters),
        "instance of", "item", "partial", "external",
    )
    for word in phrase.split()
)  # fmt: skip
"""Words that mean something to FEEL, or are parts of what does."""


def outline(parts: list[str]) -> tuple[str, dict[str, int]]:
    """What stands between the literals of a text with a number for each name, and the names with their numbers.

    Blanks that stand together are one. Empty where code of such a text is never shared.
    """
    between = _BETWEEN.join(parts[::2])
    for one in _NOT_SHARED:
        if one in between:
            return "", {}
    if between.count(_BETWEEN) != len(parts) // 2:
        return "", {}
    if "  " in between or "\n" in between:
        between = _BLANK.sub(" ", between)
    pieces = _words(between)
    words = pieces[1::2]
    names: dict[str, int] = {}
    if WORDS_OF_FEEL.issuperset(words):
        return between, names
    pieces[1::2] = [
        word if word in WORDS_OF_FEEL else f"{_FOR_NAME}{names.setdefault(word, len(names))}" for word in words
    ]
    return "".join(pieces), names


class Shape:
    """What is known of a shape.

    Attributes:
        code: its code; literals have the first slots of the frame.
        names: those of the text, where the code reads them from the frame behind the literals.
        conversions: what becomes of some literals before: place among them → conversion.
        slots: the rest of an empty frame.
        plain: whether there is neither a name nor a conversion.
        needs_run: whether a run of its own must be made.
        weight: steps that evaluating it takes at least.
        free: the variables it reads.
        starts: where the tokens of the text it was made from begin.
        has_functions: whether it defines a function. One that is given away may be called with messages wanted, which
            tell of the text it came from, so such a text is evaluated alone.
    """

    __slots__ = (
        "code",
        "conversions",
        "free",
        "has_functions",
        "names",
        "needs_run",
        "plain",
        "slots",
        "starts",
        "weight",
    )

    def __init__(
        self,
        code: Code,
        names: Iterable[str],
        conversions: tuple[tuple[int, Conversion], ...],
        slots: list[None],
        needs_run: bool,
        weight: int,
        free: Mapping[str, int],
        starts: list[int],
        has_functions: bool = False,
    ) -> None:
        self.code, self.names, self.conversions, self.slots = code, tuple(names), conversions, slots
        self.needs_run, self.weight, self.free, self.starts = needs_run, weight, free, starts
        self.plain = not self.names and not conversions
        self.has_functions = has_functions

    def of(self, names: Iterable[str]) -> Shape:
        """The same for a text with these names."""
        return Shape(
            self.code, names, self.conversions, self.slots, self.needs_run, self.weight, self.free, self.starts,
            self.has_functions,
        )  # fmt: skip

    def told(self, error: FeelError, origin: Origin) -> FeelError:
        """The error of shared code as the error of a text: of the token that is in the place of the one it names."""
        offset = error.location.column
        if error.location.line is not None or offset is None:
            return error
        at = bisect_right(self.starts, offset) - 1
        return FeelError(error.code, error.message, origin.locate(tokenize(origin.text).starts[at]), error.hint)


ONCE = Shape(lambda frame: None, (), (), [], False, 0, {}, [])
"""Stands for a shape of which one text was seen: code to be shared is made when there is another."""


class SharedOrigin(Origin):
    """Where shared code comes from: a place in it is no place in a text of the shape, but tells of a token."""

    __slots__ = ()

    def locate(self, offset: int) -> Location:
        """The offset itself, as a column without a line."""
        return Location(column=offset)


class NotSharedError(Exception):
    """The code of a text cannot be shared."""


class Literals:
    """The literals and names of a text whose code is being made to be shared (a `compiler.Shared`).

    Args:
        text: the text.
        parts: it, cut.
        values: those of its literals.
        names: those that are read from the frame, with their numbers.
    """

    def __init__(self, text: str, parts: list[str], values: list[Any], names: Mapping[str, int]) -> None:
        self._text, self._values, self._names = text, values, names
        self.count = len(values) + len(names)
        self.has_functions = False
        self._at: dict[int, tuple[int, int]] = {}
        self._conversions: dict[int, Conversion | None] = {}
        if values:
            ends = [*accumulate(map(len, parts), initial=len(text) - len(text.lstrip(BLANKS)))]
            for at in range(len(values)):
                self._at[ends[2 * at + 2]] = at, ends[2 * at + 1]

    def slot(self, node: Node) -> int | None:
        """The slot of a literal's value; None of ``true``, ``false`` and ``null``."""
        assert isinstance(node, nodes.Literal)
        if node.value is None or type(node.value) is bool:
            return None
        at, start = self._at.get(node.end, (-1, 0))
        if at < 0 or at in self._conversions:
            raise NotSharedError
        self._conversions[at] = None if node.start == start else _conversion(self._text[node.start : start])
        return FIRST_SLOT + at

    def converted(self, node: Node, convert: Conversion) -> int:
        """The slot of what becomes of a literal."""
        slot = self.slot(node)
        if slot is None or self._conversions[slot - FIRST_SLOT] is not None:
            raise NotSharedError
        self._conversions[slot - FIRST_SLOT] = convert
        return slot

    def name_slot(self, name: str) -> int | None:
        """The slot of a name; None where it is the same in every text."""
        at = self._names.get(name)
        if at is not None:
            return FIRST_SLOT + len(self._values) + at
        if self._names and not name.isidentifier() and not self._names.keys().isdisjoint(name_tokens(name)):
            raise NotSharedError  # which words of a text are one name hangs on where they stand
        return None

    def refuse(self) -> NoReturn:
        """The code cannot be shared."""
        raise NotSharedError

    def conversions(self) -> tuple[tuple[int, Conversion], ...]:
        """What becomes of the literals; all must have been found in the tree."""
        found = self._conversions.values()
        if len(found) != len(self._values) or (self.has_functions and _temporal in found):
            # What a function gives is told by the types of its literals, and those of “@” are not in the shape.
            raise NotSharedError
        return tuple((at, one) for at, one in self._conversions.items() if one is not None)


def _conversion(before: str) -> Conversion:
    """What the characters of a literal make of it that stand before its number or string."""
    signs = before.strip(BLANKS)
    if signs == "@":
        return _temporal
    if signs.strip("-(" + BLANKS):
        raise NotSharedError
    return _negative if signs.count("-") % 2 else _plus


def _temporal(text: str) -> object:
    try:
        return temporal.parse(text)
    except ValueError:
        return None


def _negative(value: Decimal) -> Decimal:
    return CONTEXT.minus(value)


def _plus(value: Decimal) -> Decimal:
    return CONTEXT.plus(value)


class Shapes:
    """The shapes seen of late: two generations, so that finding one costs a look into a dict.

    Threads may share it: what one of them loses to another's change is made again.
    """

    __slots__ = ("_before", "_most", "found")

    def __init__(self, most: int = REMEMBERED) -> None:
        self._most = most
        self.found: dict[Key, Shape | None] = {}
        self._before: dict[Key, Shape | None] = {}

    def look(self, key: Key) -> tuple[bool, Shape | None]:
        """Whether a shape is known, and it; None is known of those whose code cannot be shared."""
        if key in self.found:
            return True, self.found[key]
        if key in self._before:
            self.add(key, shape := self._before[key])
            return True, shape
        return False, None

    def forget(self) -> None:
        """Know none."""
        self.found, self._before = {}, {}

    def add(self, key: Key, shape: Shape | None) -> None:
        """Remember a shape, and forget the generation before the last where there are too many."""
        if len(self.found) >= self._most:
            self._before, self.found = self.found, {}
        self.found[key] = shape
