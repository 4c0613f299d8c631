"""What all evaluations of a model share: its files, types and compiled expressions."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from anyshore.dmn.compiling import Compiler
from anyshore.dmn.elements import Decision, DecisionService, Definitions, InputData
from anyshore.dmn.library import Library
from anyshore.dmn.types import Types

# Diamonds of imports make paths by powers of two; more than these nobody gives inputs for.
_MOST_PATHS = 100


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
        """The chains of import names that lead from the root file to another one; the empty chain to the root."""
        known = self._paths.get(id(owner))
        if known is None:
            known = self._paths[id(owner)] = list(
                islice(self._search(self.library.root, owner, (), frozenset()), _MOST_PATHS)
            )
        return known

    def _search(
        self, at: Definitions, owner: Definitions, path: tuple[str, ...], seen: frozenset[int]
    ) -> Iterable[tuple[str, ...]]:
        if at is owner:
            yield path
            return
        for entry in at.imports:
            target = self.library.imported(entry)
            if target is not None and id(target) not in seen:
                name = (entry.name,) if entry.name else ()
                yield from self._search(target, owner, path + name, seen | {id(at)})
