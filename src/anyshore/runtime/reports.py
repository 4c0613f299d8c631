"""What a service's work comes to, as its pack says it: outcomes, reasons, what counts as untouched, measures.

Pure: expressions over the variables of a piece of work, and counters over many of them. A run counts what the store
holds with it, and the host writes what a finished piece of work measured into the ledger (``facts``), so that a
dashboard needs the ledger alone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from anyshore import feel
from anyshore.base.errors import FeelError
from anyshore.base.measures import Figure
from anyshore.feel import Expression

Texts = Mapping[str, str]
"""A text by language."""

END = "end"
"""The name under which an expression knows how the definition ended."""

ELAPSED = "elapsed"
"""The name under which it knows how many hours went by from the start of the work to its end, night and day."""

GIVEN = frozenset({END, ELAPSED})
"""What an expression knows beside the variables of the work."""

_HOUR = 3_600_000_000


MOST = 40
"""Words of one piece of work in a counted list of the ledger, at most."""

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:/-]{0,59}")
"""A code, as that of a rule: no text somebody wrote."""


@dataclass(frozen=True, slots=True)
class Detail:
    """A counted list: how often each value stands among the finished work.

    Attributes:
        title: by language.
        of: the value of one piece of work, or a list of them.
        when: which pieces of work it is asked of; None for all.
    """

    title: Texts
    of: Expression
    when: Expression | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure of the trade.

    Attributes:
        title: by language.
        of: its value for one piece of work: a number, or for ``share`` and ``count`` whether it is so.
        when: which pieces of work it is asked of; None for all.
        kind: one of ``base.measures.KINDS``.
        unit: ``%``, ``min``, a currency; empty for a plain number.
        direction: ``up`` where more is better, ``down`` where less is; empty for neither.
        standard: what the trade's standard calls it.
    """

    title: Texts
    of: Expression
    when: Expression | None = None
    kind: str = "mean"
    unit: str = ""
    direction: str = ""
    standard: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """What a pack says about what its work comes to.

    Attributes:
        outcome: the word for how a piece of work ended; None: its variable ``outcome``, else the end it reached.
        outcomes: titles of outcomes, by word.
        reason: why a person has to see it; None: the task it waits at.
        reasons: titles of reasons, by word.
        untouched: whether no person was needed; None: where no person completed work on it.
        details: counted lists, by name.
        measures: by name.
    """

    outcome: Expression | None = None
    outcomes: Mapping[str, Texts] = field(default_factory=dict)
    reason: Expression | None = None
    reasons: Mapping[str, Texts] = field(default_factory=dict)
    untouched: Expression | None = None
    details: Mapping[str, Detail] = field(default_factory=dict)
    measures: Mapping[str, Measure] = field(default_factory=dict)

    def outcome_of(self, variables: Mapping[str, Any], end: str | None) -> str:
        """How a finished piece of work ended."""
        found = _text(_value(self.outcome, variables, end)) if self.outcome is not None else ""
        told = variables.get("outcome")
        return found or (told if isinstance(told, str) and told else end or "")

    def untouched_by(self, variables: Mapping[str, Any], end: str | None) -> bool | None:
        """Whether no person was needed, where the pack says what that is."""
        return _value(self.untouched, variables, end) is True if self.untouched is not None else None

    def reason_of(self, variables: Mapping[str, Any], waits_at: str) -> str:
        """Why a piece of work that waits for a person does."""
        found = _text(_value(self.reason, variables, None)) if self.reason is not None else ""
        return found or waits_at

    def values(
        self, variables: Mapping[str, Any], end: str | None, elapsed: int | None = None
    ) -> dict[str, Decimal | bool]:
        """What a finished piece of work contributes to each measure that is asked of it.

        Args:
            variables: of its root scope.
            end: how its definition ended.
            elapsed: microseconds from its start to its end, where that is known.
        """
        found: dict[str, Decimal | bool] = {}
        variables = {**variables, ELAPSED: None if elapsed is None else Decimal(elapsed) / _HOUR}
        for name, measure in self.measures.items():
            if measure.when is not None and _value(measure.when, variables, end) is not True:
                continue
            value = _value(measure.of, variables, end)
            if isinstance(value, bool if measure.kind in ("share", "count") else Decimal):
                found[name] = value
        return found

    def facts(self, variables: Mapping[str, Any], end: str | None, elapsed: int | None = None) -> dict[str, Any]:
        """What the ledger keeps of a finished piece of work: ``outcome``, ``untouched``, ``measures``, ``details``."""
        found: dict[str, Any] = {"outcome": self.outcome_of(variables, end)}
        untouched = self.untouched_by(variables, end)
        if untouched is not None:
            found["untouched"] = untouched
        if measured := self.values(variables, end, elapsed):
            found["measures"] = measured
        counted = {name: self._kept(words) for name, words in self.counted(variables, end).items()}
        if counted := {name: words for name, words in counted.items() if words}:
            found["details"] = counted
        return found

    def counted(self, variables: Mapping[str, Any], end: str | None) -> dict[str, list[str]]:
        """What a finished piece of work puts into each counted list."""
        return {
            name: list(_texts(_value(detail.of, variables, end)))
            for name, detail in self.details.items()
            if detail.when is None or _value(detail.when, variables, end) is True
        }

    def _kept(self, words: list[str]) -> list[str]:
        """The words that may stand in a ledger for ever: those the pack has a title for, and codes; no free text."""
        known = [word for word in words if word in self.reasons or word in self.outcomes or _CODE.fullmatch(word)]
        return known[:MOST]


def _value(expression: Expression | None, variables: Mapping[str, Any], end: str | None) -> object:
    """The value of an expression; null where it used up its budget: a report never stops the work it is about."""
    if expression is None:
        return None
    try:
        return expression.evaluate({**variables, END: end})
    except FeelError:
        return None


def _text(value: object) -> str:
    return "" if value is None else value if isinstance(value, str) else feel.to_string(value)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a piece of work stands.

    Attributes:
        status: ``ended``, ``waiting`` (for a person or for an event), ``incident`` or ``undecided`` (it is due).
        variables: of its root scope.
        end: how its definition ended.
        waits_at: where it waits.
        touched: whether a person completed work on it.
        elapsed: microseconds from its start to its end.
    """

    status: str
    variables: Mapping[str, Any] = field(default_factory=dict)
    end: str | None = None
    waits_at: str = ""
    touched: bool = False
    elapsed: int | None = None


@dataclass(slots=True)
class Tally:
    """What many pieces of work came to.

    Attributes:
        report: as the pack says it.
        outcomes: how many ended how.
        untouched: how many ended without any person.
        waiting: how many wait, by reason.
        incidents: how many stand still.
        undecided: how many are due: neither ended nor waiting.
        details: the counted lists.
        figures: the measures.
    """

    report: Report
    outcomes: Counter[str] = field(default_factory=Counter)
    untouched: int = 0
    waiting: Counter[str] = field(default_factory=Counter)
    incidents: int = 0
    undecided: int = 0
    details: dict[str, Counter[str]] = field(init=False)
    figures: dict[str, Figure] = field(init=False)

    def __post_init__(self) -> None:
        self.details = {name: Counter() for name in self.report.details}
        self.figures = {name: Figure(measure.kind) for name, measure in self.report.measures.items()}

    @property
    def ended(self) -> int:
        """How many have ended."""
        return self.outcomes.total()

    def add(self, one: Standing) -> None:
        """Counts one piece of work."""
        match one.status:
            case "ended":
                self._ended(one)
            case "waiting":
                self.waiting[self.report.reason_of(one.variables, one.waits_at)] += 1
            case "incident":
                self.incidents += 1
            case _:
                self.undecided += 1

    def _ended(self, one: Standing) -> None:
        variables, end = one.variables, one.end
        self.outcomes[self.report.outcome_of(variables, end) or "?"] += 1
        said = self.report.untouched_by(variables, end)
        self.untouched += not one.touched if said is None else said
        for name, words in self.report.counted(variables, end).items():
            self.details[name].update(words)
        for name, value in self.report.values(variables, end, one.elapsed).items():
            self.figures[name].values.add(value)


def _texts(value: object) -> Iterator[str]:
    for one in value if isinstance(value, list) else [value]:
        if one is not None:
            yield _text(one)
