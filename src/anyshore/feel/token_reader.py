"""What the parser reads tokens with: where it is, what it expects, and which tokens are one name.

Source: DMN 1.5, 10.3.1.4 (names may hold spaces, operators and keywords; the longest known one is meant).
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NoReturn

from anyshore.base.errors import FeelError
from anyshore.feel import nodes
from anyshore.feel.hints import HINTS
from anyshore.feel.lexer import tokenize
from anyshore.feel.names import NO_MEMBERS, Long, Names, add_long, normal
from anyshore.feel.origin import Origin

MAX_LENGTH = 1_000_000
_NEVER_IN_NAMES = frozenset(("{", "}", "[", "]", "(", ")", ",", "=", "<", ">", ":", '"'))


class TokenReader:
    """The tokens of a text; those from ``_at`` on are still to be read."""

    __slots__ = (
        "_at", "_behind_dot", "_depth", "_ends", "_in_filter", "_kinds", "_long", "_members", "_origin", "_starts",
        "_texts", "_types",
    )  # fmt: skip

    def __init__(self, origin: Origin, *known: Names, types: Collection[str] = ()) -> None:
        if len(origin.text) > MAX_LENGTH:
            message = f"the expression has over {MAX_LENGTH:,} characters"
            raise FeelError("feel.too-long", message, origin.location, HINTS["feel.too-long"])
        tokens = tokenize(origin.text)
        self._kinds, self._texts, self._starts, self._ends = tokens.kinds, tokens.texts, tokens.starts, tokens.ends
        self._origin = origin
        self._at = 0
        self._depth = 0
        # Known sets are shared between expressions; names declared inside this one go to a set of its own.
        self._long: list[Long] = [names.long for names in known if names.long]
        self._members: Long = {}
        members = known[0].members if known else NO_MEMBERS
        self._behind_dot, self._in_filter = members.behind_dot, members.in_filter
        self._types = types

    @property
    def starts(self) -> list[int]:
        """Where each token begins."""
        return self._starts

    def fail(self, message: str, at: int | None = None, *, code: str = "feel.syntax", hint: str = "") -> NoReturn:
        """Refuse the text at a token (the next one if none is given)."""
        start = self._starts[self._at if at is None else at]
        raise FeelError(code, message, self._origin.locate(start), hint or HINTS.get(code, ""))

    def _found(self, at: int | None = None) -> str:
        text = self._texts[self._at if at is None else at]
        return f"“{text[:40]}”" if text else "the end"

    def _expect(self, kind: str, where: str) -> int:
        at = self._at
        if self._kinds[at] != kind:
            self.fail(f"expected “{kind}” {where}, found {self._found()}")
        self._at = at + 1
        return at

    def _expect_end(self) -> None:
        if self._kinds[self._at] != "end":
            self.fail(f"the expression should end before {self._found()}")

    def _previous_end(self) -> int:
        return self._ends[self._at - 1]

    def _long_name(self) -> nodes.Name | None:
        """The longest known name of several tokens that begins here."""
        at = self._at
        length, name = self._longest(at, self._long)
        if self._members:
            more, other = self._longest(at, (self._members,))
            if more > length:
                length, name = more, other
        if not length:
            return None
        self._at = at + length
        if self._kinds[self._at] == "name":
            name = self._more_words(name)
        return nodes.Name(self._starts[at], self._ends[self._at - 1], name)

    def _longest(self, at: int, sets: list[Long] | tuple[Long, ...]) -> tuple[int, str]:
        best, name = 0, ""
        for long in sets:
            for tokens, normal_form in long.get(self._texts[at], ()):
                size = len(tokens)
                if size > best and tuple(self._texts[at : at + size]) == tokens:
                    best, name = size, normal_form
        return best, name

    def _more_words(self, name: str) -> str:
        """Two names never stand side by side, so unknown words that do are one name."""
        while self._kinds[self._at] in ("name", "number"):
            name += f" {self._texts[self._at]}"
            self._at += 1
        return name

    def _add_member(self, tokens: tuple[str, ...], key: str) -> None:
        """Makes the key of an entry known behind a dot and in a filter, wherever the context comes from.

        A key in quotes may hold anything: what no name can hold would swallow what stands behind a ``null``.
        """
        if len(tokens) > 1 and not any(token[0] in _NEVER_IN_NAMES for token in tokens):
            add_long(self._members, tokens, key)

    def _declared(self, stops: tuple[str, ...], what: str) -> str:
        """A name being declared: all tokens up to a stop."""
        start = self._at
        kinds = self._kinds
        while kinds[self._at] not in stops:
            if kinds[self._at] in ("end", "string") or (kinds[self._at] in _NEVER_IN_NAMES):
                self.fail(f"expected {' or '.join(f'“{stop}”' for stop in stops)} after the name of {what}")
            self._at += 1
        if start == self._at or (kinds[start] not in ("name",) and self._at == start + 1):
            self.fail(f"expected the name of {what}, found {self._found(start)}", start)
        if self._at == start + 1:
            return self._texts[start]
        tokens = tuple(self._texts[start : self._at])
        name = normal(" ".join(tokens))
        own: Long = {}
        add_long(own, tokens, name)
        self._long.append(own)
        return name
