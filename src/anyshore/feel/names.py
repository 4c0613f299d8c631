"""Which neighbouring tokens form one name: names may hold spaces, operators and keywords (DMN 1.5, 10.3.1.4)."""

from __future__ import annotations

from collections.abc import Iterable

from anyshore.feel.lexer import name_tokens

# First token → names that begin with it and have more, the longest first: (tokens, normal form).
Long = dict[str, list[tuple[tuple[str, ...], str]]]


def normal(name: str) -> str:
    """A name with single spaces between its parts; one name has one normal form however it is spaced."""
    return name if name.isidentifier() else _join(name_tokens(name))


def _join(tokens: tuple[str, ...]) -> str:
    text = ""
    for token in tokens:
        # Spaces are kept between words only: "a - b" and "a-b" are one name.
        text += f" {token}" if text and (text[-1] + token[0]).replace("_", "a").isalnum() else token
    return text


class Names:
    """A set of known names, prepared once for any number of expressions.

    Args:
        names: as users write them, in any spacing.
    """

    __slots__ = ("keys", "long")

    def __init__(self, names: Iterable[str] = ()) -> None:
        self.keys: dict[str, str] = {}
        self.long: Long = {}
        for name in names:
            self._add(name)

    def _add(self, name: str) -> None:
        if name.isidentifier():
            self.keys[name] = name
            return
        tokens = name_tokens(name)
        if not tokens:
            return
        normal_form = _join(tokens)
        self.keys[normal_form] = name
        if len(tokens) > 1:
            add_long(self.long, tokens, normal_form)

    def __contains__(self, name: str) -> bool:
        return name in self.keys


def add_long(long: Long, tokens: tuple[str, ...], normal_form: str) -> None:
    """Add a name of several tokens."""
    entry = (tokens, normal_form)
    known = long.setdefault(tokens[0], [])
    if entry not in known:
        known.append(entry)
        known.sort(key=lambda one: -len(one[0]))
