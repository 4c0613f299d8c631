"""Types as text: the grammar behind ``instance of`` and of formal parameters (DMN 1.5, grammar rule 54)."""

from __future__ import annotations

from collections.abc import Callable
from typing import NoReturn

from anyshore.base.errors import FeelError
from anyshore.base.locations import Location
from anyshore.feel.hints import HINTS
from anyshore.feel.lexer import tokenize
from anyshore.feel.names import Names, normal
from anyshore.feel.types import (
    ANY,
    ANY_FUNCTION,
    SIMPLE_TYPES,
    ContextType,
    FeelType,
    FunctionType,
    ListType,
    NamedType,
    RangeType,
)

Fail = Callable[..., NoReturn]
_MAX_DEPTH = 50
_NONE = Names()
_PHRASES = (
    ("date", "and", "time"),
    ("days", "and", "time", "duration"),
    ("years", "and", "months", "duration"),
)


def parse_type(text: str) -> FeelType:
    """Read a whole text as a type; a name FEEL does not define becomes a `NamedType`. Raises FeelError."""
    tokens = tokenize(text)

    def fail(message: str, at: int | None = None) -> NoReturn:
        raise FeelError("feel.type", f"{message} in the type “{text}”", Location(), HINTS["feel.type"])

    kind, at = parse_type_tokens(tokens.kinds, tokens.texts, 0, fail)
    if tokens.kinds[at] != "end":
        fail(f"unexpected “{tokens.texts[at]}”")
    return kind


def parse_type_tokens(
    kinds: list[str], texts: list[str], at: int, fail: Fail, known: Names = _NONE
) -> tuple[FeelType, int]:
    """Read a type that begins at a token; returns it and where it ends. Names in ``known`` may hold operators."""
    return _Types(kinds, texts, at, fail, known).read()


class _Types:
    __slots__ = ("at", "depth", "fail", "kinds", "known", "texts")

    def __init__(self, kinds: list[str], texts: list[str], at: int, fail: Fail, known: Names) -> None:
        self.kinds, self.texts, self.at, self.fail, self.depth, self.known = kinds, texts, at, fail, 0, known

    def read(self) -> tuple[FeelType, int]:
        return self._type(), self.at

    def _type(self) -> FeelType:
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            self.fail("types are nested too deep", self.at)
        word = self.texts[self.at]
        argued = self.kinds[self.at + 1] == "<" if self.kinds[self.at] != "end" else False
        if word == "function" and (argued or self.kinds[self.at] == "function"):
            kind = self._function()
        elif argued and word in ("list", "range", "context"):
            self.at += 2
            kind = self._context() if word == "context" else self._argument(word)
        else:
            kind = self._named()
        self.depth -= 1
        return kind

    def _argument(self, word: str) -> FeelType:
        inner = self._type()
        self._close()
        return ListType(inner) if word == "list" else RangeType(inner)

    def _close(self) -> None:
        if self.kinds[self.at] != ">":
            self.fail(f"expected “>” to close the type, found “{self.texts[self.at]}”", self.at)
        self.at += 1

    def _context(self) -> FeelType:
        entries: list[tuple[str, FeelType]] = []
        while self.kinds[self.at] != ">":
            start = self.at
            while self.kinds[self.at] not in (":", "end", ">", ","):
                self.at += 1
            if self.kinds[self.at] != ":" or start == self.at:
                self.fail("expected “name: type” in the context type", start)
            name = normal(" ".join(self.texts[start : self.at]))
            self.at += 1
            entries.append((name, self._type()))
            if self.kinds[self.at] != ",":
                break
            self.at += 1
        self._close()
        return ContextType(tuple(entries))

    def _function(self) -> FeelType:
        self.at += 1
        if self.kinds[self.at] != "<":
            return ANY_FUNCTION
        self.at += 1
        parameters: list[FeelType] = []
        while self.kinds[self.at] != ">":
            parameters.append(self._type())
            if self.kinds[self.at] != ",":
                break
            self.at += 1
        self._close()
        result = ANY
        if self.kinds[self.at] == "->":
            self.at += 1
            result = self._type()
        return FunctionType(tuple(parameters), result)

    def _named(self) -> FeelType:
        start = self.at
        for phrase in _PHRASES:
            if tuple(self.texts[start : start + len(phrase)]) == phrase:
                self.at += len(phrase)
                return SIMPLE_TYPES[" ".join(phrase)]
        for tokens, name in self.known.long.get(self.texts[start], ()):
            if tuple(self.texts[start : start + len(tokens)]) == tokens:
                self.at += len(tokens)
                return NamedType(self.known.keys[name])
        if self.kinds[start] not in ("name", "null"):
            self.fail(f"expected a type, found “{self.texts[start]}”", start)
        while self.kinds[self.at] in ("name", "null") or (
            self.kinds[self.at] == "." and self.kinds[self.at + 1] == "name"
        ):
            self.at += 1
        name = normal(" ".join(self.texts[start : self.at]))
        return SIMPLE_TYPES.get(name) or NamedType(name)
