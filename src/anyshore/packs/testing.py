"""Running the scenarios of a pack: real definitions and real activities on a host in memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from anyshore.activities.families import ACTIVITIES
from anyshore.base import files
from anyshore.base.errors import AnyshoreError, PackError
from anyshore.forms import validate
from anyshore.host.driver import Host
from anyshore.host.intake import reference_data
from anyshore.host.intake.parcels import Parcel, Place
from anyshore.host.intake.receiving import receive
from anyshore.host.ledgers import LedgerWriter
from anyshore.host.memory import MemoryStore
from anyshore.host.ports import Page, WaitRow
from anyshore.kernel.commands import Resolve
from anyshore.kernel.state import ROOT
from anyshore.packs.reading import Pack, load_yaml, schema
from anyshore.params.shapes import nearest

ENGAGEMENT = "scenario"
START = 1_767_258_000_000_000
"""Scenarios begin on 1 January 2026, 09:00 UTC."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one scenario went; ``problem`` is None where everything was as expected."""

    scenario: str
    problem: str | None


def run(pack: Pack) -> list[Outcome]:
    """Runs every scenario of a pack, each on a host of its own.

    Raises:
        PackError: ``scenarios.yaml`` cannot be used.
        DefinitionError: a definition of the pack cannot be used.
    """
    path = pack.folder / "scenarios.yaml"
    data = load_yaml(path, schema("scenarios.json"))
    outcomes = []
    for scenario in data["scenarios"]:
        try:
            problem = _run(pack, data.get("references", {}), scenario)
        except AnyshoreError as error:
            problem = str(error)
        outcomes.append(Outcome(scenario["name"], problem))
    return outcomes


def _run(pack: Pack, references: dict[str, str], scenario: dict[str, Any]) -> str | None:
    host = Host(MemoryStore(rollback=False), ACTIVITIES, clock=lambda: START, worker="scenario")
    host.deploy(pack.id, pack.definitions)
    _sign(host, pack)
    for kind, file in references.items():
        _load_references(host, pack, kind, file)
    for earlier in scenario.get("after", []):
        _done(host, pack, {"document": earlier} if isinstance(earlier, str) else earlier)
    return _compare(host, _done(host, pack, scenario), scenario["expect"])


def _sign(host: Host, pack: Pack) -> None:
    """The sample terms are in force, so that timers count by their calendars."""
    if pack.terms is None:
        return
    with host.store.transaction() as tx:
        chain = LedgerWriter(tx, ENGAGEMENT)
        chain.add(START, "engagement.signed", {"terms": pack.terms.read_text(encoding="utf-8")})
        chain.write()


def _done(host: Host, pack: Pack, piece: dict[str, Any]) -> int:
    """A piece of work, and the answers people give to it; its number."""
    instance = _start(host, pack, piece.get("document"), piece.get("variables", {}))
    host.work()
    for item in piece.get("work", []):
        _finish(host, pack, instance, item)
        host.work()
    return instance


def _load_references(host: Host, pack: Pack, kind: str, file: str) -> None:
    known = pack.references.get(kind)
    if known is None:
        hint = nearest(kind, pack.references)
        raise PackError("pack.unknown-records", f"The pack has no reference data {kind!r}.", hint=hint)
    reference_data.load(host, ENGAGEMENT, kind, known.read(_sample(pack, file), file), file)


def _sample(pack: Pack, name: str) -> bytes:
    return files.read(pack.samples / name, error=PackError)


def _start(host: Host, pack: Pack, document: str | None, variables: dict[str, Any]) -> int:
    """The work a document or a payload becomes, by the only way in."""
    content = _sample(pack, document) if document is not None else None
    parcel = Parcel(document or "scenario", content, "scenario", payload=variables or None)
    answers = list(receive(host, pack, Place(ENGAGEMENT, pack.id, "UTC"), [parcel]))
    reasons = [one.reason for one in answers if one.reason is not None]
    if reasons:
        raise PackError.of(reasons)
    numbers = [one.instance for one in answers if one.instance is not None]
    if not numbers:
        raise PackError("pack.no-start", f"Nothing in {document!r} starts work.")
    return numbers[0]


def _finish(host: Host, pack: Pack, instance: int, item: dict[str, Any]) -> None:
    with host.store.transaction() as tx:
        rows: list[WaitRow] = tx.waits(Page(kind="work", engagement=ENGAGEMENT, limit=1000))
    found = next((row for row in rows if row.instance == instance and row.element == item["element"]), None)
    if found is None:
        raise PackError("pack.no-work", f"No work item is open at {item['element']!r}.")
    answers = item["answers"]
    form = pack.forms.get(found.name or "")
    if form is not None:
        answers, problems = validate(form, {name: _plain(value) for name, value in answers.items()})
        if problems:
            raise PackError.of(problems)
    host.execute(instance, Resolve(at=START, wait=found.wait, variables=answers, by=item.get("by", "scenario")))


def _plain(value: Any) -> Any:
    return value if isinstance(value, (str, bool)) or value is None else str(value)


def _compare(host: Host, instance: int, expect: dict[str, Any]) -> str | None:
    with host.store.transaction() as tx:
        row = tx.load([instance])[instance]
        waits = [w for w in tx.waits(Page(engagement=ENGAGEMENT, limit=10_000)) if w.instance == instance]
    variables = host.state(instance).variables.get(ROOT, {})
    actual = {
        "status": row.status,
        "open work": sorted(w.element for w in waits if w.kind == "work"),
        "incidents": [w.name for w in waits if w.kind == "incident"],
    } | variables
    wrong = [
        f"{name} is {_shown(actual.get(name))}, expected {_shown(value)}"
        for name, value in expect.items()
        if _shown(actual.get(name)) != _shown(value)
    ]
    return "; ".join(wrong) or None


def _shown(value: Any) -> str:
    return repr(value) if isinstance(value, (str, bool, type(None))) else str(value)
