"""Checking a pack: every file read, every reference between them resolved, all problems at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from anyshore import dmn
from anyshore.activities.table import ACTIVITIES
from anyshore.base.errors import DefinitionError, Diagnostic
from anyshore.base.locations import Location
from anyshore.bpmn import Process
from anyshore.packs import reading
from anyshore.packs.reading import Pack
from anyshore.params.shapes import nearest
from anyshore.runtime import catalogue
from anyshore.terms import reading as terms


def check(folder: Path) -> list[Diagnostic]:
    """Everything that is wrong with a pack; empty when it can be used."""
    try:
        pack = reading.read(folder)
    except DefinitionError as error:
        return list(error.diagnostics)
    problems = [*_code(pack), *_terms(pack), *_scenarios(pack)]
    try:
        deployment = catalogue.read(0, pack.id, pack.definitions)
    except DefinitionError as error:
        return [*problems, *error.diagnostics]
    for model in deployment.models.values():
        problems += dmn.check(model)
    return problems + _references(pack, deployment)


def _code(pack: Pack) -> list[Diagnostic]:
    """Packs are data (law 8)."""
    return [
        Diagnostic("pack.code", "A pack holds no programs.", Location(str(path)), "Make it an activity.")
        for path in sorted(pack.folder.rglob("*"))
        if path.suffix in (".py", ".js", ".sh")
    ]


def _terms(pack: Pack) -> list[Diagnostic]:
    if pack.terms is None:
        return []
    try:
        terms.read(pack.terms)
    except DefinitionError as error:
        return list(error.diagnostics)
    return []


def _scenarios(pack: Pack) -> list[Diagnostic]:
    path = pack.folder / "scenarios.yaml"
    if not path.is_file():
        message = "The pack has no scenarios.yaml: nothing shows that it works."
        return [Diagnostic("pack.untested", message, Location(str(pack.folder)), "Write one.", "warning")]
    try:
        reading.load_yaml(path, reading.schema("scenarios.json"))
    except DefinitionError as error:
        return list(error.diagnostics)
    return []


def _references(pack: Pack, deployment: catalogue.Deployment) -> list[Diagnostic]:
    """Names one file uses that another has to have."""
    problems = []
    if pack.starts not in deployment.definitions:
        message = f"The pack starts {pack.starts!r}, but no file defines it."
        hint = nearest(pack.starts, deployment.definitions)
        problems.append(Diagnostic("pack.start", message, Location(str(pack.folder / "pack.yaml"), "starts"), hint))
    decisions = {name for model in deployment.models.values() for name in catalogue.decision_names(model)}
    known = {
        "activity": set(ACTIVITIES), "decision": decisions, "form": set(pack.forms), "call": set(deployment.definitions)
    }  # fmt: skip
    for linked in deployment.definitions.values():
        for kind, name in _uses(linked):
            if name not in known[kind]:
                message = f"{linked.reference.rpartition('@')[0]} names the {kind} {name!r}, which there is not."
                place = Location(str(pack.folder), linked.key)
                problems.append(Diagnostic(f"pack.unknown-{kind}", message, place, nearest(name, known[kind])))
    return problems


def _uses(linked: catalogue.Linked) -> Iterator[tuple[str, str]]:
    """What a definition names outside itself."""
    if isinstance(linked.definition, Process):
        process = linked.definition
        for kind, names in (
            ("activity", process.activities), ("decision", process.decisions), ("form", process.forms),
            ("call", process.calls),
        ):  # fmt: skip
            yield from ((kind, name) for name in names)
