"""Checking a pack: every file read, every reference between them resolved, all problems at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from anyshore import cmmn, dmn
from anyshore.activities.families import ACTIVITIES
from anyshore.base.errors import DefinitionError, Diagnostic
from anyshore.base.locations import Location
from anyshore.bpmn import Process
from anyshore.cmmn.definition import Item
from anyshore.cmmn.elements import calls
from anyshore.cmmn.elements.tasks import HumanTask
from anyshore.cmmn.names import local_name
from anyshore.packs import demonstration, intake, learning, play, reading, references, sheet
from anyshore.packs.expressions import Reader
from anyshore.packs.reading import Pack
from anyshore.params.shapes import nearest
from anyshore.runtime import catalogue
from anyshore.terms import reading as terms
from anyshore.terms.book import outcomes_of


def check(folder: Path) -> list[Diagnostic]:
    """Everything that is wrong with a pack; empty when it can be used."""
    try:
        pack = reading.read(folder)
    except DefinitionError as error:
        return list(error.diagnostics)
    problems = [*_name(pack), *_code(pack), *_terms(pack), *_scenarios(pack), *_arrivals(pack)]
    try:
        deployment = catalogue.read(0, pack.id, pack.definitions)
    except DefinitionError as error:
        return [*problems, *_placed(pack, error.diagnostics)]
    for model in deployment.models.values():
        problems += _placed(pack, dmn.check(model))
    return problems + _references(pack, deployment)


def _placed(pack: Pack, found: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Problems of definitions, which know their file by its name alone, with its path."""
    return [
        replace(one, location=replace(one.location, file=str(pack.folder / name)))
        if (name := one.location.file or "") in pack.definitions
        else one
        for one in found
    ]


def _code(pack: Pack) -> list[Diagnostic]:
    """Packs are data (law 8)."""
    return [
        Diagnostic("pack.code", "A pack holds no programs.", Location(str(path)), "Make it an activity.")
        for path in sorted(pack.folder.rglob("*"))
        if path.suffix in (".py", ".js", ".sh")
    ]


def _name(pack: Pack) -> list[Diagnostic]:
    """A pack is found by the name of its folder and delivered under its id: they are one. A template hides behind _."""
    folder = pack.folder.resolve().name
    if folder.removeprefix("_") == pack.id:
        return []
    message = f"The id of the pack is {pack.id!r}, its folder is called {folder!r}."
    return [Diagnostic("pack.id", message, Location(str(pack.folder / "pack.yaml"), "id"), "Give both the same name.")]


def _terms(pack: Pack) -> list[Diagnostic]:
    if pack.terms is None:
        return []
    try:
        services = terms.read(pack.terms).services
    except DefinitionError as error:
        return list(error.diagnostics)
    if pack.id in services:
        return _outcomes(pack, outcomes_of(services[pack.id]))
    message = f"The sample terms agree on no service {pack.id!r}: its work would be neither measured nor billed."
    place = Location(str(pack.terms), "services")
    return [Diagnostic("pack.terms", message, place, nearest(pack.id, services))]


def _outcomes(pack: Pack, asked: Iterable[str]) -> list[Diagnostic]:
    """What the terms price or measure is what the work can come to: else it would never be billed."""
    known, place = pack.report.outcomes, Location(str(pack.terms), f"services.{pack.id}")
    return [
        Diagnostic(
            "pack.terms-outcome", f"The sample terms ask for the outcome {word!r}, which the report does not name.",
            place, nearest(word, known),
        )
        for word in asked
        if known and word not in known
    ]  # fmt: skip


def _arrivals(pack: Pack) -> Iterator[Diagnostic]:
    """What the pack takes in, and the reference data it needs."""
    path = pack.folder / reading.DESCRIPTION
    reader = Reader(reading.load_marked(path, reading.schema()))
    intake.check(reader, pack.intake, pack.forms)
    demonstration.check(reader, pack.demonstration, pack.play, terms=pack.terms is not None)
    fields = {name: [one.id for one in form.fields] for name, form in pack.forms.items()}
    sheet.check(reader, pack.sheet)
    learning.check(reader, pack.learning, pack.intake, fields)
    yield from reader.problems
    yield from references.check(pack.references, str(path))


def _scenarios(pack: Pack) -> list[Diagnostic]:
    path = pack.folder / "scenarios.yaml"
    if not path.is_file():
        message = "The pack has no scenarios.yaml: nothing shows that it works."
        return [Diagnostic("pack.untested", message, Location(str(pack.folder)), "Write one.", "warning")]
    try:
        data = reading.load_yaml(path, reading.schema("scenarios.json"))
    except DefinitionError as error:
        return list(error.diagnostics)
    named = [
        ("references", list(data.get("references", {}).values())),
        *((s["name"], _documents(s)) for s in data["scenarios"]),
    ]
    samples = {file.relative_to(pack.samples).as_posix() for file in pack.samples.rglob("*") if file.is_file()}
    return [
        Diagnostic("pack.sample", f"There is no sample {name!r}.", Location(str(path), place), nearest(name, samples))
        for place, names in named
        for name in names
        if name not in samples
    ]


def _documents(scenario: dict[str, Any]) -> list[str]:
    """The samples a scenario names, and those of the work before it."""
    pieces = [{"document": one} if isinstance(one, str) else one for one in scenario.get("after", [])]
    return [one["document"] for one in (*pieces, scenario) if "document" in one]


def _references(pack: Pack, deployment: catalogue.Deployment) -> list[Diagnostic]:
    """Names one file uses that another has to have."""
    problems = []
    if pack.starts not in deployment.definitions:
        message = f"The pack starts {pack.starts!r}, but no file defines it."
        hint = nearest(pack.starts, deployment.definitions)
        problems.append(Diagnostic("pack.start", message, Location(str(pack.folder / "pack.yaml"), "starts"), hint))
    decisions = {name for model in deployment.models.values() for name in catalogue.decision_names(model)}
    known = {
        "activity": {name for name, one in ACTIVITIES.items() if not one.tries}, "decision": decisions,
        "form": set(pack.forms), "call": set(deployment.definitions),
    }  # fmt: skip
    reader = Reader(reading.load_marked(pack.folder / reading.DESCRIPTION, reading.schema()))
    play.check(reader, pack.play, {name for linked in deployment.definitions.values() for name in _elements(linked)})
    problems += reader.problems
    for linked in deployment.definitions.values():
        for kind, name in _uses(linked):
            if name not in known[kind]:
                message = f"{linked.reference.rpartition('@')[0]} names the {kind} {name!r}, which there is not."
                place = Location(str(pack.folder), linked.key)
                problems.append(Diagnostic(f"pack.unknown-{kind}", message, place, nearest(name, known[kind])))
    return problems


def _elements(linked: catalogue.Linked) -> Iterator[str]:
    """What a work item of a definition can stand at."""
    definition = linked.definition
    if isinstance(definition, Process):
        yield from definition.elements
    else:
        yield from definition.items


def _uses(linked: catalogue.Linked) -> Iterator[tuple[str, str]]:
    """What a definition names outside itself."""
    definition = linked.definition
    if isinstance(definition, Process):
        for kind, names in (
            ("activity", definition.activities), ("decision", definition.decisions), ("form", definition.forms),
            ("call", definition.calls),
        ):  # fmt: skip
            yield from ((kind, name) for name in names)
    else:
        yield from dict.fromkeys(use for item in definition.items.values() for use in _case_uses(definition, item))


def _case_uses(definition: cmmn.Definition, item: Item) -> Iterator[tuple[str, str]]:
    """What a plan item of a case names: a form, or the model it calls where that is fixed."""
    if isinstance(item.definition, HumanTask) and item.definition.form:
        yield "form", item.definition.form
    kind, fixed = calls.reference_of(item.definition)
    if fixed is not None:
        name = calls.external(definition, kind, local_name(fixed))
        yield ("decision", name) if kind == "decision" else ("call", f"{kind}:{name}")
