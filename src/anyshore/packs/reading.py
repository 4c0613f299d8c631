"""Finding and reading packs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from anyshore import forms
from anyshore.base.errors import DefinitionError, Diagnostic, PackError
from anyshore.base.locations import Location
from anyshore.forms import Form
from anyshore.params import marked, shapes
from anyshore.runtime.catalogue import READERS

SHIPPED = Path(__file__).parent.parent / "services"
"""The packs that come with the distribution."""


@dataclass(frozen=True, slots=True)
class Pack:
    """A service pack as read from its folder.

    Attributes:
        id: its name in terms and references.
        kind: ``bpo`` or ``kpo``.
        title: by language.
        summary: one sentence by language.
        starts: what a new piece of work starts: ``process:KEY`` or ``case:KEY``.
        folder: where it stands.
        definitions: content of the files a host deploys, by name.
        forms: by id.
        certificate: what an agent must hold before the queue gives them work.
        qualifications: what an expert must hold.
        documents: variables that hold documents, beside those of the intake and of the case file of a case.
    """

    id: str
    kind: str
    title: Mapping[str, str]
    summary: Mapping[str, str]
    starts: str
    folder: Path
    definitions: Mapping[str, bytes]
    forms: Mapping[str, Form] = field(default_factory=dict)
    certificate: str | None = None
    qualifications: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()

    @property
    def samples(self) -> Path:
        """The folder of sample documents."""
        return self.folder / "samples"

    @property
    def terms(self) -> Path | None:
        """The sample terms, where the pack has some."""
        path = self.folder / "terms.yaml"
        return path if path.is_file() else None


@cache
def schema(name: str = "schema.json") -> shapes.Schema:
    """A published JSON Schema: of ``pack.yaml``, or with ``scenarios.json`` of its scenarios."""
    return shapes.load_schema(files(__package__).joinpath(name).read_text(encoding="utf-8"))


def find(folder: Path = SHIPPED) -> list[Path]:
    """The folders of all packs below a folder, in order of name. A name that begins with ``_`` hides a pack."""
    found = (path.parent for path in folder.glob("**/pack.yaml"))
    return sorted(path for path in found if not path.name.startswith("_"))


def named(name: str, folder: Path = SHIPPED) -> Pack:
    """The pack with that id, or in that folder.

    Raises:
        PackError: there is none, or it cannot be used.
    """
    if (Path(name) / "pack.yaml").is_file():
        return read(Path(name))
    folders = {path.name: path for path in find(folder)}
    if name not in folders:
        raise PackError("pack.unknown", f"There is no service pack {name!r}.", hint=shapes.nearest(name, folders))
    return read(folders[name])


def load_yaml(path: Path, against: shapes.Schema) -> Any:
    """The content of a YAML file, checked.

    Raises:
        PackError: with every problem of the file, located.
    """
    try:
        text = path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise PackError("pack.unreadable", f"The file cannot be read: {problem}.", Location(str(path))) from problem
    document, problems = marked.load(text, str(path))
    if document.data is not None or not problems:
        problems += shapes.check(document, against)
    if problems:
        raise PackError.of(problems)
    return document.data


def read(folder: Path) -> Pack:
    """Reads a pack; its definitions are kept as files (``check`` reads them).

    Raises:
        PackError: with every problem of ``pack.yaml`` and ``forms.yaml``.
    """
    problems: list[Diagnostic] = []
    found: dict[str, Form] = {}
    form_file = folder / "forms.yaml"
    if form_file.is_file():
        try:
            found = forms.read(form_file)
        except DefinitionError as error:
            problems += error.diagnostics
    try:
        data = load_yaml(folder / "pack.yaml", schema())
    except PackError as error:
        problems += error.diagnostics
    if problems:
        raise PackError.of(problems)
    definitions = {
        path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.name.endswith(tuple(READERS))
    }
    return Pack(
        id=data["id"], kind=data["kind"], title=data["title"], summary=data["summary"], starts=data["starts"],
        folder=folder, definitions=definitions, forms=found, certificate=data.get("certificate"),
        qualifications=tuple(data.get("qualifications", ())), documents=tuple(data.get("documents", ())),
    )  # fmt: skip
