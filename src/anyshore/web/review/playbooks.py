"""Playbooks of packs: the questions of a blinded review, their answers, and what an answer means to the client."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Any

from anyshore import dmn
from anyshore.base.errors import Diagnostic, PackError
from anyshore.base.locations import Location
from anyshore.packs import reading
from anyshore.packs.reading import Pack
from anyshore.params import shapes

ABSENT = "absent"
"""The answer that a clause is not in the contract; the only one that needs no quotation."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause kind and its question.

    Attributes:
        kind: its name, also that of the data it was learnt from.
        name: by language.
        question: by language.
        answers: answer → text by language; :data:`ABSENT` is the last.
        positions: ``preferred``, ``acceptable``, ``refused`` → text by language.
        marked: the answer that stands for a clause lawyers marked, in runs without people.
        when: answer → pattern: it stands instead where the marked words fit.
    """

    kind: str
    name: Mapping[str, str]
    question: Mapping[str, str]
    answers: Mapping[str, Mapping[str, str]]
    positions: Mapping[str, Mapping[str, str]]
    marked: str = ""
    when: Mapping[str, str] = field(default_factory=dict)

    def answer_for(self, words: str) -> str:
        """The answer that stands for a marked clause with these words."""
        fitting = (answer for answer, pattern in self.when.items() if re.search(pattern, words, re.IGNORECASE))
        return next(fitting, self.marked)


@dataclass(frozen=True, slots=True)
class Deviation:
    """What an answer means: its position, how grave the deviation is, what to do."""

    kind: str
    answer: str
    position: str
    severity: str
    texts: Mapping[str, str]

    @property
    def deviates(self) -> bool:
        """Whether it belongs into the deliverable."""
        return self.severity != "none"


@dataclass(frozen=True, slots=True)
class Playbook:
    """The questions of a service in their order, with the rules over the answers."""

    id: str
    version: str
    digest: str
    clauses: Mapping[str, Clause]
    decision: str
    _rules: Any

    def deviation(self, kind: str, answer: str) -> Deviation:
        """What the rules say about an answer.

        Raises:
            PackError: the rules give nothing usable.
        """
        found = self._rules.decide(self.decision, {"clause kind": kind, "answer": answer}).value
        if not isinstance(found, dict):
            raise PackError("playbook.no-rule", f"playbook.dmn says nothing about {kind}: {answer}.")
        texts = {language: str(found[language]) for language in ("en", "de")}
        return Deviation(kind, answer, str(found["position"]), str(found["severity"]), texts)


def of(pack: Pack | None) -> Playbook | None:
    """The playbook of a pack; None where it has none.

    Raises:
        PackError: with every problem of the files.
    """
    if pack is None or not (pack.folder / "playbook.yaml").is_file():
        return None
    path = pack.folder / "playbook.yaml"
    return _read(path, path.stat().st_mtime_ns, (pack.folder / "playbook.dmn").stat().st_mtime_ns)


@lru_cache(maxsize=20)
def _read(path: Any, changed: int, rules_changed: int) -> Playbook:
    del changed, rules_changed  # parts of the key: edited files are read again
    schema = shapes.load_schema(files(__package__).joinpath("playbook.schema.json").read_text(encoding="utf-8"))
    data = reading.load_yaml(path, schema)
    clauses = {one["kind"]: _clause(one, data["absent"]) for one in data["clauses"]}
    if len(clauses) != len(data["clauses"]):
        raise PackError("playbook.duplicate", "A clause kind stands twice in the playbook.", Location(str(path)))
    rules = path.with_name("playbook.dmn")
    digest = hashlib.sha256(path.read_bytes() + rules.read_bytes()).hexdigest()
    found = Playbook(data["playbook"], data["version"], digest, clauses, data["decision"], dmn.read(rules))
    problems = [
        Diagnostic("playbook.no-rule", f"No rule for {one.kind}: {answer}.", Location(str(rules)), "Add a rule.")
        for one in clauses.values()
        for answer in one.answers
        if found.deviation(one.kind, answer).position == "unknown"
    ]
    if problems:
        raise PackError.of(problems)
    return found


def _clause(data: Mapping[str, Any], absent: Mapping[str, str]) -> Clause:
    marked = data.get("marked", {})
    return Clause(
        data["kind"], data["name"], data["question"], {**data["answers"], ABSENT: absent}, data["positions"],
        marked.get("answer", ""), marked.get("when", {}),
    )  # fmt: skip
