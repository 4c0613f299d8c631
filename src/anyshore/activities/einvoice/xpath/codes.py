"""A compiled expression, and where expressions stand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

NODES, STR, BOOL, NUM, ANY, ITEMS = "nodes", "str", "bool", "num", "any", "items"


@dataclass(frozen=True, slots=True)
class Code:
    """Python of an expression, and the kind of what it gives."""

    python: str
    kind: str

    def items(self) -> str:
        """As a sequence."""
        if self.kind in (NODES, ITEMS):
            return self.python
        return f"opt({self.python})" if self.kind in (NUM, ANY) else f"[{self.python}]"

    def truth(self) -> str:
        """As its effective boolean value."""
        match self.kind:
            case "bool":
                return self.python
            case "nodes" | "str":
                return f"bool({self.python})"
            case "num" | "any":
                return f"truth_of({self.python})"
        return f"truth({self.python})"

    def text(self) -> str:
        """Where a string or nothing is expected."""
        return self.python if self.kind == STR else f"text({self.items()})"

    def number(self) -> str:
        """As an operand of arithmetic."""
        return self.python if self.kind == NUM else f"operand({self.items()})"


@dataclass(frozen=True, slots=True)
class Scope:
    """Where an expression stands.

    Attributes:
        namespaces: by prefix.
        variables: gives the code of a variable.
        functions: gives what makes the call of a function of the stylesheet.
        context: Python name of the context item; empty where there is none.
        is_node: whether it is known to be a node.
        position: Python name of its position, where it has one.
        size: of how many.
        current: Python name of what ``current()`` gives.
        names: gives new names.
    """

    namespaces: Mapping[str, str]
    variables: Callable[[str], Code]
    functions: Callable[[str, list[Code]], Code]
    context: str = "n"
    is_node: bool = True
    position: str = ""
    size: str = ""
    current: str = "n"
    local: Mapping[str, Code] = field(default_factory=dict)
    names: list[int] = field(default_factory=lambda: [0])

    def new(self) -> str:
        """A name that is used nowhere else."""
        self.names[0] += 1
        return f"x{self.names[0]}"

    def at(self, context: str, is_node: bool, position: str = "", size: str = "") -> Scope:
        """The same with another context item."""
        return replace(self, context=context, is_node=is_node, position=position, size=size)

    def variable(self, name: str) -> Code:
        """The code of a variable."""
        return self.local.get(name) or self.variables(name)
