"""What would flip a decision: single changes of what is known, each tried by the same rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Protocol

from anyshore.sourcing.criteria import CRITERIA
from anyshore.sourcing.evidence import Judgement, Log, Source
from anyshore.sourcing.gates import Gate
from anyshore.sourcing.portfolio import Activity
from anyshore.sourcing.prior.reading import Reading as Name
from anyshore.sourcing.text import Text

MOST = 8
UNSETTLED = "not settled"
_BUSY_HOURS = Decimal(160)
"""Hours a month, of one person, that are tried where volume is not known or low."""


@dataclass(frozen=True, slots=True)
class Flip:
    """One change that flips the kind.

    Attributes:
        change: what would be otherwise.
        kind: what it would be then; ``not settled`` where the evidence would not settle it.
    """

    change: Text
    kind: str

    def as_dict(self) -> dict[str, Any]:
        """As plain data."""
        return {"if": self.change.as_dict(), "kind": self.kind}


class Tries(Protocol):
    """The rules, as far as a change is tried by them: see ``decide.Rules``."""

    def gates_of(self, activity: Activity, name: Name) -> tuple[Gate, ...]:
        """What the gates say."""

    def judge(self, criteria: Mapping[str, str], name: Name, log: Log | None) -> Judgement:
        """The judgement on criteria, name and log."""

    def combined(self, sources: Sequence[Source], answered: int) -> Judgement:
        """The judgement on pieces of evidence."""

    def kind_of(
        self, activity: Activity, judged: Judgement, gates: tuple[Gate, ...], log: Log | None,
        routine: float | None, asked: int,
    ) -> tuple[str, Text]:  # fmt: skip
        """What becomes of an activity."""


def flips(
    rules: Tries, activity: Activity, name: Name, log: Log | None, gates: tuple[Gate, ...], judged: Judgement,
    sources: Sequence[Source], kind: str,
) -> tuple[Flip, ...]:  # fmt: skip
    """The changes that would flip the kind of an activity, at most eight.

    Args:
        rules: that decided.
        activity: as it was decided.
        name: what its name says.
        log: what its event log says.
        gates: what the gates said.
        judged: the judgement on all evidence.
        sources: the pieces of it.
        kind: what was decided.
    """
    now = _settled(kind)
    found = []
    for change, other in _changes_of_facts(activity):
        then, _ = rules.kind_of(other, judged, rules.gates_of(other, name), log, name.routine, asked=0)
        if _settled(then) != now:
            found.append(Flip(change, _settled(then)))
    if not any(gate.result == "keep" for gate in gates):
        for change, other_judgement in _changes_of_evidence(rules, activity, name, log, sources):
            then, _ = rules.kind_of(activity, other_judgement, gates, log, name.routine, asked=0)
            if _settled(then) != now:
                found.append(Flip(change, _settled(then)))
    return tuple(found[:MOST])


def _settled(kind: str) -> str:
    return UNSETTLED if kind in ("ask", "pilot") else kind


def _changes_of_facts(activity: Activity) -> Iterator[tuple[Text, Activity]]:
    if activity.core is not True:
        yield Text("core: yes", "Kerntätigkeit: ja"), replace(activity, core=True)
    else:
        yield Text("core: no", "Kerntätigkeit: nein"), replace(activity, core=False)
    if activity.place_bound is not True:
        yield Text("bound to a place: yes", "ortsgebunden: ja"), replace(activity, place_bound=True)
    if activity.place_bound is not False:
        yield Text("bound to a place: no", "ortsgebunden: nein"), replace(activity, place_bound=False)
    if activity.done_by != "provider":
        yield Text("done by: provider", "erledigt durch: Dienstleister"), replace(activity, done_by="provider")
    if (activity.monthly_hours or 0) < _BUSY_HOURS:
        busy = replace(activity, volume_per_month=_BUSY_HOURS, handling_minutes=Decimal(60))
        yield Text(f"work a month: {_BUSY_HOURS} hours", f"Arbeit im Monat: {_BUSY_HOURS} Stunden"), busy


def _changes_of_evidence(
    rules: Tries, activity: Activity, name: Name, log: Log | None, sources: Sequence[Source]
) -> Iterator[tuple[Text, Judgement]]:
    for one in CRITERIA:
        for word in (one.values[0], one.values[-1]):
            if activity.criteria.get(one.name) != word:
                change = Text(f"{one.name}: {word}", f"{one.german}: {word}")
                yield change, rules.judge({**activity.criteria, one.name: word}, name, log)
    for piece in sources if len(sources) > 1 else ():
        rest = [one for one in sources if one is not piece]
        change = Text(f"without the evidence “{piece.source}”", f"ohne den Beleg „{piece.source}“")
        yield change, rules.combined(rest, len(activity.criteria))
