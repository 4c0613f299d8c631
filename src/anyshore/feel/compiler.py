"""Third pass: a syntax tree to Python closures. A closure takes the frame of its evaluation and returns a value.

A frame is a list: the variables, the run, then one slot per name the expression itself declares. A function value
keeps a copy of the frame it was made in, so it needs no parent pointers, and a loop's next turn does not change it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NoReturn, Protocol

from anyshore.base.errors import FeelError
from anyshore.feel.hints import HINTS
from anyshore.feel.names import Names
from anyshore.feel.nodes import Node
from anyshore.feel.origin import Origin, Place
from anyshore.feel.types import FeelType
from anyshore.feel.values import Function

Frame = list[Any]
Code = Callable[[Frame], Any]
VARIABLES, RUN, FIRST_SLOT = 0, 1, 2
_NONE: frozenset[str] = frozenset()


LIGHT = 3
"""So many nodes, as a power of two, take about as long as a turn of a loop."""


class Scope:
    """Names an expression declares around a node, from the inside out.

    Attributes:
        parent: the scope around.
        slots: name → slot of a loop variable, parameter or context entry.
        item: slot of the element a filter looks at, whose entries are names too; None if this is no filter.
    """

    __slots__ = ("item", "parent", "slots")

    def __init__(self, parent: Scope | None, slots: dict[str, int], item: int | None = None) -> None:
        self.parent, self.slots, self.item = parent, slots, item


class Shared(Protocol):
    """The literals and names of a text whose code other texts, with others, are to share."""

    count: int
    has_functions: bool

    def slot(self, node: Node) -> int | None:
        """The slot of a literal's value; None where it is the same in every text."""

    def converted(self, node: Node, convert: Callable[[Any], object]) -> int:
        """The same, where the code wants what becomes of the literal."""

    def name_slot(self, name: str) -> int | None:
        """The slot of a name; None where it is the same in every text."""

    def refuse(self) -> NoReturn:
        """The code cannot be shared."""


class Compiler:
    """What compiling one expression collects.

    Attributes:
        size: length of the frame.
        compiled: nodes so far.
        free: names the expression takes from its variables → where they stand first.
        values_of_functions: those of them that are built-in functions where no variable has the name.
        truth_decides: whether a cell's test that is true matches, whatever the input value is.
        needs_run: whether it loops, calls a function or asks for the time, so that a run of its own must be made.
        shared: where the code is for all texts of one shape, the places of their literals in the frame.
    """

    __slots__ = (
        "builtins", "compiled", "free", "names", "needs_run", "origin", "scope", "shared", "size", "table",
        "truth_decides", "types", "values_of_functions",
    )  # fmt: skip

    def __init__(
        self,
        origin: Origin,
        names: Names,
        types: Mapping[str, FeelType],
        builtins: Mapping[str, Function],
        table: Mapping[type, Callable[[Compiler, Any], Code]],
        truth_decides: bool = False,
        shared: Shared | None = None,
    ) -> None:
        self.origin, self.names, self.types, self.builtins, self.table = origin, names, types, builtins, table
        self.scope: Scope | None = None
        self.compiled = 0
        self.shared = shared
        self.size = FIRST_SLOT if shared is None else FIRST_SLOT + shared.count
        self.free: dict[str, int] = {}
        self.values_of_functions = _NONE
        self.needs_run = False
        self.truth_decides = truth_decides

    def code(self, node: Node) -> Code:
        """The closure of a node."""
        self.compiled += 1
        return self.table[type(node)](self, node)

    def literal_slot(self, node: Node) -> int | None:
        """Where the frame has a literal, if each text of the shape brings its own."""
        return None if self.shared is None else self.shared.slot(node)

    def name_slot(self, name: str) -> int | None:
        """Where the frame has a name, if each text of the shape brings its own."""
        return None if self.shared is None else self.shared.name_slot(name)

    def fixed_name(self, name: str) -> None:
        """A name the code depends on."""
        if self.shared is not None and self.shared.name_slot(name) is not None:
            self.shared.refuse()

    def weighed(self, node: Node) -> tuple[Code, int]:
        """The closure of what is done again and again, and what one time costs beyond the turn it is done in."""
        before = self.compiled
        code = self.code(node)
        return code, (self.compiled - before) >> LIGHT

    def place(self, node: Node) -> Place:
        """Where a node stands, for messages."""
        return self.origin, node.start

    def fail(self, node: Node, code: str, message: str, hint: str = "") -> NoReturn:
        """Refuse the expression."""
        raise FeelError(code, message, self.origin.locate(node.start), hint or HINTS.get(code, ""))

    def slot(self) -> int:
        """A new slot of the frame."""
        self.size += 1
        return self.size - 1

    def enter(self, slots: dict[str, int], item: int | None = None) -> None:
        """Open a scope for the nodes compiled next."""
        self.scope = Scope(self.scope, slots, item)

    def leave(self) -> None:
        """Close the innermost scope."""
        assert self.scope is not None
        self.scope = self.scope.parent

    def find(self, name: str) -> tuple[int | None, list[int]]:
        """The slot a name is declared in, if any, and the filters whose elements may have it first, inmost first."""
        items: list[int] = []
        scope = self.scope
        while scope is not None:
            if scope.item is not None:
                items.append(scope.item)
            if name in scope.slots:
                return scope.slots[name], items
            scope = scope.parent
        return None, items
