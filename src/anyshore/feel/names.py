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


class Members:
    """Names that are no variables but may stand behind a dot, prepared once for any number of scopes.

    Args:
        entries: keys of contexts; inside a filter they are names too.
        elements: names that stand behind that of an import only.

    Attributes:
        behind_dot: all of them that are more than one token.
        in_filter: the keys among these.
    """

    __slots__ = ("behind_dot", "in_filter")

    def __init__(self, entries: Iterable[str] = (), elements: Iterable[str] = ()) -> None:
        self.in_filter: Long = {}
        for name in entries:
            _add_name(self.in_filter, name)
        self.behind_dot: Long = {first: [*names] for first, names in self.in_filter.items()}
        for name in elements:
            _add_name(self.behind_dot, name)


NO_MEMBERS = Members()


class Names:
    """The names in scope, prepared once for any number of expressions.

    Args:
        names: as users write them, in any spacing.
        members: what else may stand behind a dot.
        filtered: whether the expressions stand inside a filter, where the keys among the members are names.
        functions_apart: whether functions have names of their own, so that ``date("…")`` calls the built-in function
            although a variable is named ``date``. FEEL has one space of names (DMN 1.5, 10.3.2.11); Camunda has two.
    """

    __slots__ = ("functions_apart", "keys", "long", "members")

    def __init__(
        self,
        names: Iterable[str] = (),
        members: Members = NO_MEMBERS,
        *,
        filtered: bool = False,
        functions_apart: bool = False,
    ) -> None:
        self.keys: dict[str, str] = {}
        self.long: Long = {first: [*known] for first, known in members.in_filter.items()} if filtered else {}
        self.members = members
        self.functions_apart = functions_apart
        for name in names:
            self.keys[_add_name(self.long, name)] = name
        self.keys.pop("", None)

    def __contains__(self, name: str) -> bool:
        return name in self.keys


def _add_name(long: Long, name: str) -> str:
    """Add a name as a user writes it; returns its normal form, empty where it holds no token."""
    if name.isidentifier():
        return name
    tokens = name_tokens(name)
    normal_form = _join(tokens)
    if len(tokens) > 1:
        add_long(long, tokens, normal_form)
    return normal_form


def add_long(long: Long, tokens: tuple[str, ...], normal_form: str) -> None:
    """Add a name of several tokens."""
    entry = (tokens, normal_form)
    known = long.setdefault(tokens[0], [])
    if entry not in known:
        known.append(entry)
        known.sort(key=lambda one: -len(one[0]))
