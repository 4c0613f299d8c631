"""Moving running instances to another version of their definition, by a plan that is checked first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from anyshore.base.errors import CommandRejected
from anyshore.base.telling import Part, Sheet
from anyshore.bpmn import Process, migration
from anyshore.host.driver import Host
from anyshore.host.operations import BATCH, Progress, execute_all
from anyshore.host.ports import ACTIVE, SUSPENDED, InstanceRow, Page
from anyshore.kernel.commands import Migrate
from anyshore.runtime.catalogue import Linked

EXAMPLES = 5
"""Instances that are named for each reason."""


@dataclass(frozen=True, slots=True)
class Plan:
    """From one version to another.

    Attributes:
        source: exact reference of the version the instances run on.
        target: exact reference of the version they are to run on.
        elements: old element id → new element id; the rest keep their id.
    """

    source: str
    target: str
    elements: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Check:
    """What the definitions say of a plan, without looking at any instance.

    Attributes:
        maps: old element → new element, of the same kind.
        differs: old element → why an instance that stands there may not be able to go on, or goes on otherwise.
        gone: old elements without a place in the new version: only instances that stand there cannot migrate.
        added: elements of the new version alone.
        unknown: names in the plan that neither version has.
    """

    maps: dict[str, str] = field(default_factory=dict)
    differs: dict[str, str] = field(default_factory=dict)
    gone: list[str] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "maps": self.maps, "differs": self.differs, "gone": self.gone, "added": self.added, "unknown": self.unknown
        }  # fmt: skip

    def sheet(self, title: str) -> Sheet:
        """As a table."""
        rows = [
            *((old, new, "maps") for old, new in self.maps.items()),
            *((old, "", why) for old, why in self.differs.items()),
            *((old, "", "no place") for old in self.gone),
            *(("", new, "new") for new in self.added),
            *((name, "", "unknown name in the plan") for name in self.unknown),
        ]
        return Sheet(title, ("Old element", "New element", ""), rows)


@dataclass(slots=True)
class Report:
    """What a run of a plan did, or a dry run would do.

    Attributes:
        instances: how many run on the old version.
        migrated: how many went over (or would).
        refused: reason → how many.
        examples: reason → some of those instances.
    """

    instances: int = 0
    migrated: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[int]] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """As plain data."""
        refused = [{"reason": why, "count": n, "examples": self.examples[why]} for why, n in self.refused.most_common()]
        return {"instances": self.instances, "migrated": self.migrated, "refused": refused}

    def parts(self, word: str) -> Iterator[Part]:
        """For people; ``word`` says what became of those that could go on."""
        yield f"{self.instances:,} running instances; {self.migrated:,} {word}."
        rows = [(n, why, ", ".join(map(str, self.examples.get(why, ())))) for why, n in self.refused.most_common()]
        if rows:
            yield Sheet("Cannot go on", ("Count", "Reason", "For example"), rows, right=(0,))

    def refuse(self, instance: int, reason: str) -> None:
        """Counts a refusal."""
        self.refused[reason] += 1
        named = self.examples.setdefault(reason, [])
        if len(named) < EXAMPLES:
            named.append(instance)


def plan(host: Host, source: str, target: str | None = None, elements: Mapping[str, str] | None = None) -> Plan:
    """A plan, to the newest version where no target is named.

    Raises:
        CommandRejected: there is no such definition, or the two are of different kinds.
    """
    old = host.catalogue.get(source)
    new = host.catalogue.latest(target) if target else host.newest(source)
    if old.kind != new.kind:
        raise CommandRejected("migration.kind", f"{old.reference} is a {old.kind}, {new.reference} a {new.kind}.")
    if old.reference == new.reference:
        raise CommandRejected(
            "migration.same", f"{old.reference} is the newest version already.", hint="Deploy the new version first."
        )
    return Plan(old.reference, new.reference, dict(elements or {}))


def check(host: Host, plan: Plan) -> Check:
    """Which elements map, and which cannot."""
    before, after = host.catalogue.get(plan.source), host.catalogue.get(plan.target)
    old, new = _elements(before), _elements(after)
    told = _told(before, after, plan.elements)
    onto = Counter(plan.elements.get(name, name) for name in old)
    found = Check()
    for name, kind in old.items():
        goes = plan.elements.get(name, name)
        if goes not in new:
            found.gone.append(name)
        elif new[goes] != kind:
            found.differs[name] = f"{kind} becomes {new[goes]}"
        elif onto[goes] > 1:
            found.differs[name] = f"{onto[goes]} elements become {goes}: not where several are active"
        elif name in told:
            found.differs[name] = told[name]
        else:
            found.maps[name] = goes
    taken = {*found.maps.values(), *(plan.elements.get(name, name) for name in found.differs)}
    known, aims = old.keys() | _flows(before), new.keys() | _flows(after)
    found.added = [name for name in new if name not in taken]
    found.unknown = [name for name in plan.elements if name not in known]
    found.unknown += [name for name in plan.elements.values() if name not in aims]
    return found


def _elements(linked: Linked) -> dict[str, str]:
    """The elements of a definition with their kind."""
    found: Mapping[str, Any] = getattr(linked.definition, "elements", None) or linked.definition.items
    return {name: type(element).__name__ for name, element in found.items()}


def _flows(linked: Linked) -> set[str]:
    """The sequence flows of a process: tokens may rest on them, so a plan may name them."""
    return set(getattr(linked.definition, "flows", ()))


def _told(old: Linked, new: Linked, elements: Mapping[str, str]) -> dict[str, str]:
    """What becomes another within its kind."""
    if not isinstance(old.definition, Process):
        return {}
    return migration.differences(old.definition, new.definition, elements)


def run(
    host: Host,
    plan: Plan,
    *,
    dry_run: bool = False,
    by: str | None = None,
    engagement: str | None = None,
    without: Collection[int] = frozenset(),
    limit: int | None = None,
    batch: int = BATCH,
    progress: Progress | None = None,
) -> Report:
    """Migrates the running instances of the old version, or says for each whether it could go on.

    A dry run lets every instance answer the command and keeps nothing of it.

    Args:
        host: the host.
        plan: the plan.
        dry_run: change nothing.
        by: who asks.
        engagement: only instances of this engagement.
        without: instances that are left alone.
        limit: at most so many instances.
        batch: instances per transaction.
        progress: called with the number of instances done so far.
    """
    report = Report()
    for rows in _pages(host, plan.source, engagement, without, batch, limit):
        report.instances += len(rows)
        if dry_run:
            _try(host, plan, rows, by, report)
        else:
            asked = ((row.id, _command(host, plan, by)) for row in rows)
            done = execute_all(host, asked, batch=batch)
            report.migrated += done.done
            for instance, reason in done.reasons:
                report.refuse(instance, reason)
        if progress is not None:
            progress(report.instances)
    return report


def _command(host: Host, plan: Plan, by: str | None) -> Migrate:
    return Migrate(at=host.clock(), by=by, definition=plan.target, elements=dict(plan.elements))


def _try(host: Host, plan: Plan, rows: list[InstanceRow], by: str | None, report: Report) -> None:
    with host.store.transaction() as tx:
        locked = tx.load([row.id for row in rows])
        trial = host.batch(tx)
        for row in rows:
            if row.id not in locked:
                report.refuse(row.id, "Another worker holds it at the moment: it may be able to go on.")
                continue
            problem = trial.attempt(locked[row.id], _command(host, plan, by))
            if problem is None:
                report.migrated += 1
            else:
                report.refuse(row.id, problem)


def _pages(
    host: Host, definition: str, engagement: str | None, without: Collection[int], batch: int, limit: int | None
) -> Iterator[list[InstanceRow]]:
    """The running instances of a version, newest first."""
    left = limit
    for status in (ACTIVE, SUSPENDED):
        page = Page(definition=definition, engagement=engagement, status=status, limit=batch)
        while left is None or left > 0:
            with host.store.transaction() as tx:
                rows = tx.instances(page)
            if not rows:
                break
            page.after = (rows[-1].id,)
            wanted = [row for row in rows if row.id not in without][:left]
            left = None if left is None else left - len(wanted)
            if wanted:
                yield wanted
