"""Files as somebody hands them over, without a folder around them: checked one by one, or together as a pack."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from anyshore import bpmn, cmmn, dmn
from anyshore.base.errors import DefinitionError, Diagnostic, PackError
from anyshore.base.locations import Location
from anyshore.packs import checking, reading
from anyshore.packs.reading import Pack
from anyshore.params import marked
from anyshore.runtime.catalogue import READERS, case_model

BESIDE = frozenset({"pack.yaml", "forms.yaml", "scenarios.yaml", "terms.yaml", "questions.gift", "questions.yaml"})
"""Files of a pack that are no definitions."""

_NAME = re.compile(r"[^\W_][\w .()+,-]{0,199}")


def check(files: Mapping[str, bytes]) -> list[Diagnostic]:
    """Every problem of every file: what ``anyshore bpmn check``, ``dmn check`` and ``case check`` find.

    Where ``pack.yaml`` is among them, they are checked as a pack too, as ``anyshore pack check`` does.

    Args:
        files: content by file name. Decision models may import each other.
    """
    found = [problem for name in sorted(files) for problem in _problems(name, files)]
    if "pack.yaml" in files and not _misnamed(files):
        found += check_pack(files, id_of(files["pack.yaml"]))
    return list(dict.fromkeys(found))


def check_pack(files: Mapping[str, bytes], id: str) -> list[Diagnostic]:
    """Everything that is wrong with the files as the pack of that id.

    Raises:
        PackError: a file has a name that no file of a pack has.
    """
    with _unpacked(files, id) as folder:
        return [_bare(problem, folder) for problem in checking.check(folder)]


def read(files: Mapping[str, bytes], id: str) -> Pack:
    """The files as a pack; its folder is gone when this returns, so it has no samples and no playbook.

    Raises:
        PackError: with every problem of ``pack.yaml`` and ``forms.yaml``.
    """
    with _unpacked(files, id) as folder:
        try:
            return reading.read(folder)
        except DefinitionError as error:
            raise PackError.of([_bare(problem, folder) for problem in error.diagnostics]) from error


@contextmanager
def _unpacked(files: Mapping[str, bytes], id: str) -> Iterator[Path]:
    misnamed = _misnamed(files)
    if misnamed:
        raise PackError.of(misnamed)
    with TemporaryDirectory(prefix="anyshore-pack-") as place:
        folder = Path(place) / (id if _NAME.fullmatch(id) else "pack")
        folder.mkdir()
        for name, content in files.items():
            (folder / name).write_bytes(content)
        yield folder


def _bare(problem: Diagnostic, folder: Path) -> Diagnostic:
    """A problem located by the name of its file alone."""
    file = problem.location.file or ""
    if not Path(file).is_relative_to(folder):
        return problem
    name = Path(file).name if Path(file) != folder else None
    return replace(problem, location=replace(problem.location, file=name))


def id_of(content: bytes) -> str:
    """The id a ``pack.yaml`` gives; what is wrong with the file is for the check to say."""
    document, _problems = marked.load(content.decode("utf-8", "replace"))
    found = document.data.get("id") if isinstance(document.data, dict) else None
    return found if isinstance(found, str) else "pack"


def _misnamed(files: Iterable[str]) -> list[Diagnostic]:
    return [
        Diagnostic(
            "pack.file-name", f"{name!r} is no name for a file of a pack.", Location(name),
            "Use letters, digits, blanks and - _ . ( ) + , without a folder.",
        )
        for name in sorted(files)
        if not _NAME.fullmatch(name)
    ]  # fmt: skip


def _problems(name: str, files: Mapping[str, bytes]) -> Iterable[Diagnostic]:
    checker = next((checks for ending, checks in CHECKS.items() if name.endswith(ending)), None)
    try:
        if checker is not None:
            return checker(name, files)
    except DefinitionError as error:
        return error.diagnostics
    if name in BESIDE:
        return []
    hint = f"Give files that end in {', '.join(READERS)}, or {', '.join(sorted(BESIDE))}."
    return [Diagnostic("pack.file-kind", "This is no file of a process, case or decision.", Location(name), hint)]


def _decisions(name: str, files: Mapping[str, bytes]) -> list[Diagnostic]:
    return dmn.check(decisions(name, files))


def decisions(name: str, files: Mapping[str, bytes]) -> dmn.Model:
    """The decision model in a file, with the others it may import.

    Raises:
        DmnError: it cannot be used.
    """
    others = [content for other, content in files.items() if other.endswith(".dmn") and other != name]
    return dmn.read(files[name], file=name, imports=others)


def _processes(name: str, files: Mapping[str, bytes]) -> list[Diagnostic]:
    return list(bpmn.read(files[name], file=name).diagnostics)


def _cases(name: str, files: Mapping[str, bytes]) -> list[Diagnostic]:
    return list(cmmn.check(case_model(name, files[name])))


CHECKS: Mapping[str, Callable[[str, Mapping[str, bytes]], list[Diagnostic]]] = {
    ".dmn": _decisions, ".bpmn": _processes, ".cmmn": _cases, "case.yaml": _cases,
}  # fmt: skip
"""How a definition is checked, by the end of its file's name."""
