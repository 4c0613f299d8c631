"""Definitions by reference: read once, linked to the decisions they call, found by key or exact version.

A *deployment* is a set of files that belong together (a version of a service pack). A definition's reference is
``process:payables@3``: kind, key and number of the deployment. Running instances stay with theirs; new ones take the
newest. Decisions are looked up in the deployment of the caller, so a rule cannot change under a running instance.

A pack called ``ORGANISATION/ID`` is that organisation's own: its definitions are found by exact reference and by calls
and messages from within, never as the newest of a key, so that nobody's work begins on a stranger's process.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from anyshore import bpmn, cmmn, dmn
from anyshore.base.errors import CmmnError, CommandRejected, DefinitionError, Diagnostic, DmnError
from anyshore.base.files import read_text
from anyshore.bpmn.starter import STARTER
from anyshore.kernel.turn import Engine
from anyshore.runtime.reports import Report


def is_own(pack: str) -> bool:
    """Whether a pack is an organisation's own, to be found only by those who name it."""
    return "/" in pack


@dataclass(slots=True)
class Linked:
    """A definition ready to run."""

    reference: str
    kind: str
    key: str
    definition: Any
    engine: Engine


@dataclass(slots=True)
class Deployment:
    """The definitions of one set of files.

    Attributes:
        number: unique; grows with time.
        pack: id of the pack.
        files: content by file name.
        definitions: by ``kind:key``.
        models: the decision models, by file name.
    """

    number: int
    pack: str
    files: Mapping[str, bytes]
    definitions: dict[str, Linked] = field(default_factory=dict)
    models: dict[str, dmn.Model] = field(default_factory=dict)

    def decide(self, decision: str, variables: Mapping[str, Any], now: int, zone: str) -> Any:
        """The value of a decision of this deployment, by name or id.

        Raises:
            CommandRejected: no model here has that decision.
            DmnError: the decision came to null because something was wrong, or no rule fits: work that depends on it
                must not go on as if nothing had happened.
        """
        for model in self.models.values():
            if decision in decision_names(model):
                result = model.decide(decision, variables, now=now, zone=zone)
                if result.value is None and result.diagnostics:
                    raise DmnError.of(result.diagnostics)
                return result.value
        raise CommandRejected(
            "decision.unknown", f"No decision {decision!r} in {', '.join(self.models) or 'this deployment'}."
        )


def decision_names(model: dmn.Model) -> set[str]:
    """Names and ids by which a model's decisions can be called."""
    return {name for decision in model.decisions for name in (decision.name, decision.id) if name}


_ENGINES: dict[str, Engine] = {"process": bpmn.BpmnEngine(), "case": cmmn.CaseEngine()}
_STARTER_ENGINE = bpmn.StarterEngine()


def read(number: int, pack: str, files: Mapping[str, bytes]) -> Deployment:
    """Reads and links the definitions of a set of files.

    Raises:
        DefinitionError: with all problems of all files.
    """
    deployment = Deployment(number, pack, files)
    problems: list[Diagnostic] = []
    for name in sorted(files):
        try:
            _read_file(deployment, name, files[name])
        except DefinitionError as error:
            problems += error.diagnostics
    if problems:
        raise DefinitionError.of(problems)
    return deployment


def _read_file(deployment: Deployment, name: str, content: bytes) -> None:
    for ending, reader in READERS.items():
        if name.endswith(ending):
            reader(deployment, name, content)


def _read_decisions(deployment: Deployment, name: str, content: bytes) -> None:
    others = [text for other, text in deployment.files.items() if other.endswith(".dmn") and other != name]
    deployment.models[name] = dmn.read(content, file=name, imports=others)


def _read_processes(deployment: Deployment, name: str, content: bytes) -> None:
    for process in bpmn.read(content, file=name).processes.values():
        process.decide = deployment.decide
        _add(deployment, "process", process.id, process)


def case_model(name: str, content: bytes) -> cmmn.Model:
    """The case model in a CMMN file (``.cmmn``) or a case template.

    Raises:
        CmmnError: it cannot be used.
    """
    if name.endswith(".cmmn"):
        return cmmn.read(content, file=name)
    return cmmn.native.loads(read_text(content, error=CmmnError, name=name), name)


def _read_cases(deployment: Deployment, name: str, content: bytes) -> None:
    model = case_model(name, content)
    for case in model.cases:
        if case.id is not None:
            _add(deployment, "case", case.id, cmmn.link(model, case.id, decide=deployment.decide))


READERS: Mapping[str, Callable[[Deployment, str, bytes], None]] = {
    ".dmn": _read_decisions, ".bpmn": _read_processes, ".cmmn": _read_cases, "case.yaml": _read_cases,
}  # fmt: skip
"""Which files of a deployment are definitions, by the end of their name; forms, terms and texts are not."""


def _add(deployment: Deployment, kind: str, key: str, definition: Any) -> None:
    reference = f"{kind}:{key}@{deployment.number}"
    deployment.definitions[f"{kind}:{key}"] = Linked(reference, kind, key, definition, _ENGINES[kind])


def starter_of(process: Linked) -> Linked:
    """What keeps the timer and conditional start events of a process ready: ``starter:KEY@NUMBER``."""
    return Linked(f"{STARTER}:{_bare(process.reference)}", STARTER, process.key, process.definition, _STARTER_ENGINE)


def _process_of(target: str) -> str | None:
    """The process a starter starts; None where the target is no starter."""
    return f"process:{_bare(target)}" if target.startswith(f"{STARTER}:") else None


def _bare(reference: str) -> str:
    return reference.partition(":")[2]


ReportOf = Callable[[Mapping[str, bytes]], Report | None]
"""Reads the report of a pack from its files."""


class Catalogue:
    """All deployments a host has seen, read when first needed.

    Args:
        load: gives pack and files of a deployment by number, from where the host keeps them.
        report_of: reads from the files of a deployment what its work comes to.

    Attributes:
        seen: all deployments up to this number have been read (``learn``).
    """

    def __init__(
        self,
        load: Callable[[int], tuple[str, Mapping[str, bytes]]] | None = None,
        report_of: ReportOf | None = None,
    ) -> None:
        self._load = load
        self._report_of = report_of
        self._reports: dict[int, Report | None] = {}
        self._deployments: dict[int, Deployment] = {}
        self._linked: dict[str, Linked] = {}
        self._newest: dict[str, Deployment] = {}
        self.seen = 0

    def add(self, deployment: Deployment) -> None:
        """Makes a deployment known."""
        self._deployments[deployment.number] = deployment
        for target, linked in deployment.definitions.items():
            self._linked[linked.reference] = linked
            if is_own(deployment.pack):
                continue
            newest = self._newest.get(target)
            if newest is None or newest.number <= deployment.number:
                self._newest[target] = deployment

    def deployment(self, number: int) -> Deployment:
        """A deployment by number, read from the store if need be.

        Raises:
            CommandRejected: there is none.
        """
        found = self._deployments.get(number)
        if found is None:
            found = read(number, *self._loaded(number))
            self.add(found)
        return found

    def report(self, reference: str) -> Report | None:
        """What the pack of a definition says its work comes to; None where it says nothing."""
        number = int(reference.rpartition("@")[2])
        if number not in self._reports:
            read_report = self._report_of
            self._reports[number] = read_report(self.deployment(number).files) if read_report is not None else None
        return self._reports[number]

    def _loaded(self, number: int) -> tuple[str, Mapping[str, bytes]]:
        if self._load is None:
            raise CommandRejected("deployment.unknown", f"There is no deployment {number}.")
        return self._load(number)

    def get(self, reference: str) -> Linked:
        """The definition with exactly this reference.

        Raises:
            CommandRejected: there is none.
        """
        found = self._linked.get(reference)
        if found is None and (process := _process_of(reference)) is not None:
            found = self._linked[reference] = starter_of(self.get(process))
        if found is None:
            target, _, number = reference.rpartition("@")
            if number.isdigit():
                found = self.deployment(int(number)).definitions.get(target)
            if found is None:
                raise CommandRejected("definition.unknown", f"There is no definition {reference!r}.")
        return found

    def starters(self, kind: str, name: str, caller: str | None = None) -> list[tuple[Linked, bpmn.StartTrigger]]:
        """The processes that a message or signal brings to life, each with the way in which.

        Args:
            kind: ``message`` or ``signal``.
            name: its name.
            caller: reference of the sender's definition, whose own deployment comes first; then the newest versions.
        """
        own = self.deployment(int(caller.rpartition("@")[2])).definitions if caller else {}
        others = {name: found.definitions[name] for name, found in self._newest.items() if name not in own}
        return [
            (linked, trigger)
            for linked in (*own.values(), *others.values())
            if linked.kind == "process"
            for trigger in linked.definition.starts
            if (trigger.kind, trigger.name) == (kind, name)
        ]  # fmt: skip

    def learn(self, numbers: Iterable[int]) -> None:
        """Reads deployments made elsewhere, in order; an organisation's own is read when somebody names it."""
        for number in numbers:
            if number not in self._deployments:
                pack, files = self._loaded(number)
                if not is_own(pack):
                    self.add(read(number, pack, files))
            self.seen = max(self.seen, number)

    def latest(self, target: str, caller: str | None = None) -> Linked:
        """The definition a call means.

        Args:
            target: ``process:KEY``, ``case:KEY`` or ``starter:KEY``, or an exact reference.
            caller: reference of the calling definition, whose own deployment is searched first.

        Raises:
            CommandRejected: there is none.
        """
        if "@" in target:
            return self.get(target)
        if (process := _process_of(target)) is not None:
            return starter_of(self.latest(process))
        if caller is not None and "@" in caller:
            own = self.deployment(int(caller.rpartition("@")[2])).definitions.get(target)
            if own is not None:
                return own
        newest = self._newest.get(target)
        if newest is None:
            known = ", ".join(sorted(self._newest)) or "none"
            raise CommandRejected(
                "definition.unknown", f"There is no definition {target!r}.", hint=f"Deployed here: {known}."
            )
        return newest.definitions[target]
