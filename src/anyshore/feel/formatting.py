"""Values as text: as ``string()`` gives them, and as literals that can be read back."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from anyshore.base import sizes
from anyshore.base.decimals import plain
from anyshore.base.errors import FeelError, TooLargeError
from anyshore.base.temporal import Date, DateTime, DaysDuration, MonthsDuration, Time
from anyshore.feel.hints import HINTS
from anyshore.feel.lexer import KEYWORDS, tokenize
from anyshore.feel.names import normal
from anyshore.feel.values import Function, Range

# By number: what XML 1.0 cannot hold, and what ends a line to some reader.
_BY_NUMBER = [*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029, 0xFFFE, 0xFFFF]
_ESCAPES = str.maketrans(
    {chr(code): f"\\u{code:04x}" for code in _BY_NUMBER}
    | {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
)


MAX_LENGTH = 10_000_000
_ANY_LENGTH = 1 << 62


def to_string(value: object, limit: int = MAX_LENGTH, spend: Callable[[int], None] | None = None) -> str:
    """The value as ``string()`` gives it: a string is itself, times are ISO 8601. Raises FeelError past the limit.

    Of a list or context, ``spend`` is told how many parts were written.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, (Date, Time, DateTime, DaysDuration, MonthsDuration)):
        return str(value)
    return format_value(value, limit, spend)


def format_value(value: object, limit: int = MAX_LENGTH, spend: Callable[[int], None] | None = None) -> str:
    """The value as a FEEL literal: reading it back gives an equal value (functions excepted).

    Raises:
        FeelError: the text would be longer than ``limit`` characters, or lists lie too deep in each other.
    """
    writer = _Writer(limit)
    _refuse_endless(value, limit)
    try:
        writer.write(value)
    except RecursionError:
        raise FeelError(
            "feel.budget.depth", "the value is nested too deep to be written", hint=HINTS["feel.budget.depth"]
        ) from None
    if spend is not None:
        spend(len(writer.parts))
    return "".join(writer.parts)


def _refuse_endless(value: object, limit: int) -> None:
    """Refuses before the first character what shares its parts so often that it would never end; each takes one."""
    try:
        sizes.check(value, sizes.Limit(nodes=limit, bytes=_ANY_LENGTH, depth=_ANY_LENGTH))
    except TooLargeError:
        raise _too_long() from None


def _too_long() -> FeelError:
    return FeelError("feel.budget.string", "the value is too long to be written", hint=HINTS["feel.budget.string"])


def quoted(text: str) -> str:
    """A text as a FEEL string literal."""
    return f'"{text.translate(_ESCAPES)}"'


def is_name(text: str) -> bool:
    """Whether a text, as it stands, is read as one name wherever an expression may stand: no keyword, no operator."""
    tokens = tokenize(text)
    return tokens.kinds == ["name", "end"] and tokens.texts[0] == text


def key(name: str) -> str:
    """A name as the key of a context: in quotes where it would be read as another name or as none."""
    kinds = tokenize(name).kinds
    return name if set(kinds[:-1]) == {"name"} and normal(name) == name else quoted(name)


def member(owner: str, name: str) -> str:
    """An entry of a context: behind a dot where it can stand there.

    Args:
        owner: the context, an expression in FEEL that binds at least as strong as a path.
        name: the key of the entry, any text.
    """
    return f"{owner}.{name}" if is_name(name) or name in KEYWORDS else f"get value({owner}, {quoted(name)})"


class _Writer:
    """Writes values and counts the characters: one value may stand in many places of another."""

    __slots__ = ("left", "parts")

    def __init__(self, limit: int) -> None:
        self.parts: list[str] = []
        self.left = limit

    def put(self, text: str) -> None:
        self.left -= len(text)
        if self.left < 0:
            raise _too_long()
        self.parts.append(text)

    def write(self, value: object) -> None:
        match value:
            case list():
                self.put("[")
                for at, item in enumerate(value):
                    self.put(", " if at else "")
                    self.write(item)
                self.put("]")
            case dict():
                self.put("{")
                for at, (name, item) in enumerate(value.items()):
                    self.put(f"{', ' if at else ''}{key(name)}: ")
                    self.write(item)
                self.put("}")
            case Range():
                self.range(value)
            case _:
                self.put(_simple(value))

    def range(self, value: Range) -> None:
        """Writes a range; the end of one written by an operator may be a list, as of ``(= [1, 2])``."""
        if value.operator:
            self.put(f"({value.operator} ")
            self.write(value.end if value.operator in ("<", "<=") else value.start)
            self.put(")")
            return
        self.put("[" if value.start_included else "(")
        self.write(value.start)
        self.put("..")
        self.write(value.end)
        self.put("]" if value.end_included else ")")


def _simple(value: object) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case Decimal():
            return plain(value)
        case str():
            return quoted(value)
        case Function():
            return f"function({', '.join(parameter.name for parameter in value.parameters)})"
    return f'@"{value}"'
