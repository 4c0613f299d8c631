"""A file and the files it imports, linked: finds elements by name, id and reference across files (DMN 1.5, 6.3.3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from anyshore.base import xml
from anyshore.base.errors import DefinitionError, DmnError
from anyshore.dmn.elements import Definitions, DrgElement, Import
from anyshore.dmn.namespaces import version_of
from anyshore.dmn.reader import read_definitions

Source: TypeAlias = Path | bytes | str


@dataclass(slots=True)
class Library:
    """Linked files.

    Attributes:
        root: the file that was asked for.
        by_namespace: it and every file it needs, by namespace.
    """

    root: Definitions
    by_namespace: dict[str, Definitions]

    def resolve(self, href: str, owner: Definitions) -> DrgElement | None:
        """The element a reference ``#id`` or ``namespace#id`` means, seen from a file."""
        namespace, mark, name = href.partition("#")
        if not mark:
            namespace, name = "", href
        target = self.by_namespace.get(namespace) if namespace else owner
        return None if target is None else target.by_id.get(name)

    def imported(self, entry: Import) -> Definitions | None:
        """The file an import brings in."""
        return self.by_namespace.get(entry.namespace)

    def import_of(self, owner: Definitions, target: Definitions) -> Import | None:
        """The import through which a file sees another one."""
        return next((entry for entry in owner.imports if entry.namespace == target.namespace), None)

    def find(self, name: str) -> DrgElement | None:
        """An element of the root file by its name, its id, or its qualified name ``import.import.name``."""
        found = self.root.by_name.get(name) or self.root.by_id.get(name)
        return found if found is not None else self._qualified(name, self.root, set())

    def _qualified(self, name: str, owner: Definitions, seen: set[tuple[int, str]]) -> DrgElement | None:
        if (id(owner), name) in seen:
            return None
        seen.add((id(owner), name))
        for entry in owner.imports:
            target = self.imported(entry)
            prefix = f"{entry.name}." if entry.name else ""
            if target is None or not name.startswith(prefix):
                continue
            rest = name[len(prefix) :]
            found = target.by_name.get(rest) or self._qualified(rest, target, seen)
            if found is not None:
                return found
        return None

    def all(self) -> Iterator[Definitions]:
        """The root file, then the others."""
        yield self.root
        yield from (d for d in self.by_namespace.values() if d is not self.root)


def load(source: Source, *, file: str | None = None, imports: Iterable[Source] = ()) -> Library:
    """Reads a file and what it imports.

    Args:
        source: a path, or the content.
        file: the name to show in messages.
        imports: files that may be imported, as paths or content. Where ``source`` is a path, its folder is searched
            too: first where ``locationURI`` points, then every ``.dmn`` in it.

    Raises:
        DmnError: a file is broken, or an imported one is not to be found.
    """
    root = read_definitions(xml.parse(source, file, error=DmnError))
    found = {root.namespace: root}
    folder = source.parent if isinstance(source, Path) else None
    pending = [root]
    given: list[Definitions] | None = None
    while pending:
        owner = pending.pop()
        for entry in owner.imports:
            if entry.namespace in found or not _is_dmn(entry):
                continue
            if given is None:
                given = [read_definitions(xml.parse(item, error=DmnError)) for item in imports]
            target = next((d for d in given if d.namespace == entry.namespace), None)
            target = target or (_in_folder(entry, folder, source) if folder else None)
            if target is None:
                raise DmnError(
                    "dmn.import",
                    f"The imported model {entry.name or entry.namespace} is not there.",
                    owner.locate(entry.source),
                    f"No file with the namespace {entry.namespace} was given"
                    + (f" or stands in {folder}." if folder else "."),
                )
            found[entry.namespace] = target
            pending.append(target)
    return Library(root, found)


def _is_dmn(entry: Import) -> bool:
    return version_of(entry.import_type) is not None or not entry.import_type or "/DMN/" in entry.import_type.upper()


def _in_folder(entry: Import, folder: Path, source: object) -> Definitions | None:
    candidates = []
    if entry.location and "://" not in entry.location:
        named = folder / entry.location
        # A location may not lead out of the folder: a model of a stranger must not read files elsewhere.
        if named.is_file() and folder.resolve() in named.resolve().parents:
            candidates.append(named)
    candidates += [path for path in sorted(folder.glob("*.dmn")) if path != source and path not in candidates]
    for path in candidates:
        try:
            definitions = read_definitions(xml.parse(path, error=DmnError))
        except DefinitionError:
            # A broken neighbour that is not the one wanted is no fault of this model; missing is reported above.
            continue
        if definitions.namespace == entry.namespace:
            return definitions
    return None
