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
from anyshore.base.files import read_text
from anyshore.forms import Form
from anyshore.host.intake.parcels import Kind
from anyshore.packs import demonstration, intake, learning, play, references, report, sheet, skills, unseen, words
from anyshore.packs.demonstration import Demonstration
from anyshore.packs.expressions import Reader
from anyshore.packs.learning import Learning
from anyshore.packs.play import Play
from anyshore.packs.references import ReferenceKind
from anyshore.packs.sheet import Sheet
from anyshore.packs.skills import Skills
from anyshore.packs.unseen import Unseen
from anyshore.packs.words import Words
from anyshore.params import marked, shapes
from anyshore.runtime.catalogue import READERS
from anyshore.runtime.reports import Report

DESCRIPTION = "pack.yaml"
"""The file that makes a folder a pack."""

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
        definitions: content of the files a host deploys, by name: what it runs, and what the pack says of it.
        forms: by id.
        skills: what the people who do its work must have shown to know.
        intake: what it takes in, by name; empty: anything.
        references: its reference data, by kind.
        report: what its work comes to.
        words: what the words of its models are called.
        play: answers with which a run without people goes on; None where it has none.
        demonstration: what ``anyshore demo`` runs of it; None where it is no part of that.
        documents: variables that hold documents, beside those of the intake and of the case file of a case.
        unseen: what nobody is shown until something holds; None where everything is shown.
        learning: what those who learn see and do themselves; None where nobody learns under it.
        sheet: what a finished piece of work is looked at as; None where it has none.
        personal: whether its work is about people, so that looking at it is recorded.
    """

    id: str
    kind: str
    title: Mapping[str, str]
    summary: Mapping[str, str]
    starts: str
    folder: Path
    definitions: Mapping[str, bytes]
    forms: Mapping[str, Form] = field(default_factory=dict)
    skills: Skills = Skills()
    intake: Mapping[str, Kind] = field(default_factory=dict)
    references: Mapping[str, ReferenceKind] = field(default_factory=dict)
    report: Report = field(default_factory=Report)
    words: Words = field(default_factory=Words)
    play: Play | None = None
    demonstration: Demonstration | None = None
    documents: tuple[str, ...] = ()
    unseen: Unseen | None = None
    learning: Learning | None = None
    sheet: Sheet | None = None
    personal: bool = False

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


def shown() -> list[Pack]:
    """The shipped packs that have something to show, in their order."""
    packs = [(pack.demonstration.order, pack) for pack in map(read, find()) if pack.demonstration]
    return [pack for _order, pack in sorted(packs, key=lambda one: (one[0], one[1].id))]


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
    return load_marked(path, against).data


def load_marked(path: Path, against: shapes.Schema) -> marked.Document:
    """A YAML file, checked, with the place of everything in it.

    Raises:
        PackError: with every problem of the file, located.
    """
    return loaded(read_text(path, error=PackError), str(path), against)


def loaded(text: str, file: str, against: shapes.Schema) -> marked.Document:
    """A YAML text, checked, with the place of everything in it.

    Raises:
        PackError: with every problem, located.
    """
    document, problems = marked.load(text, file)
    if document.data is not None or not problems:
        problems += shapes.check(document, against)
    if problems:
        raise PackError.of(problems)
    return document


def _described(path: Path) -> marked.Document:
    """``pack.yaml``, checked; a key that stood elsewhere once is told where it stands now.

    Raises:
        PackError: with every problem of the file, located.
    """
    document, problems = marked.load(read_text(path, error=PackError), str(path))
    given = document.data
    moved = [key for key in skills.MOVED if isinstance(given, dict) and key in given]
    if given is not None or not problems:
        places = [document.at((key,), key=True) for key in moved]
        problems += [one for one in shapes.check(document, schema()) if one.location not in places]
    problems += [_moved(key, document) for key in moved]
    if problems:
        raise PackError.of(problems)
    return document


def _moved(key: str, document: marked.Document) -> Diagnostic:
    message = f"The key {key!r} stands in the section 'skills' now."
    hint = f"Write skills: with {key}: below it."
    return Diagnostic("pack.moved", message, document.at((key,), key=True), hint)


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
    sections: dict[str, Any] = {}
    try:
        reader = Reader(_described(folder / DESCRIPTION))
        sections = _sections(reader)
        problems += reader.problems
    except PackError as error:
        problems += error.diagnostics
    if problems:
        raise PackError.of(problems)
    definitions = {
        path.name: path.read_bytes()
        for path in sorted(folder.iterdir())
        if path.name.endswith(tuple(READERS)) or path.name == DESCRIPTION
    }
    return Pack(folder=folder, definitions=definitions, forms=found, **sections)


def _sections(reader: Reader) -> dict[str, Any]:
    """What ``pack.yaml`` says, by attribute of the pack; problems are noted in the reader."""
    data = reader.value(())
    said = report.read(reader)
    return {name: data[name] for name in ("id", "kind", "title", "summary", "starts")} | {
        "skills": skills.read(reader), "documents": tuple(data.get("documents", ())),
        "intake": intake.read(reader), "references": references.read(reader),
        "report": said, "words": words.read(reader, said), "play": play.read(reader),
        "demonstration": demonstration.read(reader), "unseen": unseen.read(reader),
        "learning": learning.read(reader), "sheet": sheet.read(reader),
        "personal": bool(data.get("personal", False)),
    }  # fmt: skip


def report_of(files: Mapping[str, bytes]) -> Report | None:
    """The report of a pack by its files, as a host keeps them; None where there is none, or none that can be used."""
    content = files.get(DESCRIPTION)
    if content is None:
        return None
    try:
        return report.read(Reader(loaded(content.decode("utf-8"), DESCRIPTION, schema())))
    except (DefinitionError, UnicodeDecodeError):
        return None
