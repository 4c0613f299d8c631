"""What all evaluations of a model share: its files, types and compiled expressions."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from anyshore.dmn.compiling import Compiler
from anyshore.dmn.elements import Decision, DecisionService, Definitions, InputData
from anyshore.dmn.library import Library
from anyshore.dmn.types import Types

# Diamonds of imports make paths by powers of two; nobody gives inputs for more than these.
_MOST_PATHS = 1_000


class Linked:
    """The files of a model with their types and their compiler.

    Attributes:
        library: the linked files.
        types: their types.
        compiler: compiles their expressions on first use.
    """

    def __init__(self, library: Library) -> None:
        self.library = library
        self.types = Types(library)
        self.compiler = Compiler(library, self.types)
        self._paths: dict[int, list[tuple[str, ...]]] = {}

    def service_parameters(self, service: DecisionService) -> list[tuple[InputData | Decision, str]]:
        """The parameters of a decision service in order, each with the name it is given by."""
        found: list[tuple[InputData | Decision, str]] = []
        for href in service.input_data + service.input_decisions:
            element = self.library.resolve(href, service.owner)
            if isinstance(element, (InputData, Decision)):
                entry = None
                if element.owner is not service.owner:
                    entry = self.library.import_of(service.owner, element.owner)
                prefix = f"{entry.name}." if entry is not None and entry.name else ""
                found.append((element, prefix + element.name))
        return found

    def paths(self, owner: Definitions) -> list[tuple[str, ...]]:
        """The chains of import names from the root file to another, the shortest first; the empty one to the root."""
        known = self._paths.get(id(owner))
        if known is None:
            known = self._paths[id(owner)] = list(self._search(owner))
        return known

    def _search(self, owner: Definitions) -> Iterator[tuple[str, ...]]:
        pending: deque[tuple[Definitions, tuple[str, ...], frozenset[int]]] = deque()
        pending.append((self.library.root, (), frozenset()))
        for _ in range(_MOST_PATHS):
            if not pending:
                return
            at, path, seen = pending.popleft()
            if at is owner:
                yield path
                continue
            for entry in at.imports:
                target = self.library.imported(entry)
                if target is not None and id(target) not in seen:
                    name = (entry.name,) if entry.name else ()
                    pending.append((target, path + name, seen | {id(at)}))
