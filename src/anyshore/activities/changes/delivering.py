"""What became of a change: earned value, the open items of its handover, the figures of all changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from anyshore.activities.activity import ActivityContext
from anyshore.activities.changes.planning import HOUR, Step
from anyshore.activities.changes.records import ITEM, MADE
from anyshore.base.temporal import DateTime
from anyshore.projects.changes import Delivered, delivery
from anyshore.projects.earned_value import Progress, value


@dataclass(frozen=True, slots=True)
class Result:
    """What was reported of a package: hours spent, share done in per cent."""

    package: str
    hours: Decimal
    done: Decimal


@dataclass(frozen=True, slots=True)
class ValueInput:
    """A plan, what was reported of it, and when: hours since its beginning; none: its end."""

    steps: tuple[Step, ...]
    results: tuple[Result, ...]
    now: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ValueOutcome:
    """Earned value in hours; indexes are none where nothing was planned or spent."""

    planned: Decimal
    earned: Decimal
    actual: Decimal
    spi: Decimal | None
    cpi: Decimal | None
    at_completion: Decimal
    estimate: Decimal | None


def earned(data: ValueInput, context: ActivityContext) -> ValueOutcome:
    """Compares what was planned with what was done and what it took."""
    del context
    told = {one.package: one for one in data.results}
    nothing = Result("", Decimal(0), Decimal(0))
    parts = [
        Progress(
            float(one.budget), one.start, one.end, float(told.get(one.package, nothing).done) / 100,
            float(told.get(one.package, nothing).hours),
        )
        for one in data.steps
    ]  # fmt: skip
    end = max((one.end for one in data.steps), default=0)
    found = value(parts, float(end if data.now is None else data.now))
    return ValueOutcome(
        _exact(found.planned), _exact(found.earned), _exact(found.actual), _or_none(found.schedule_index),
        _or_none(found.cost_index), _exact(found.at_completion), _or_none(found.estimate_at_completion),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Checked:
    """An item of the checklist, as somebody answered it; ``done`` is ``done``, ``does not apply`` or ``open``."""

    item: str
    done: str
    note: str | None = None


@dataclass(frozen=True, slots=True)
class ChecklistInput:
    """For which kind of change, and what was answered so far."""

    kind: str
    answers: tuple[Checked, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """An item that is open."""

    item: str
    title: str


@dataclass(frozen=True, slots=True)
class ChecklistOutcome:
    """What is open still; nothing may be handed over before that is nothing."""

    open: tuple[Item, ...]
    count: int


def checklist(data: ChecklistInput, context: ActivityContext) -> ChecklistOutcome:
    """The items of the checklist that are open: not answered, answered with open, or put aside without saying why."""
    answers = {one.item: one for one in data.answers}

    def is_open(item: str) -> bool:
        one = answers.get(item)
        if one is None or one.done not in ("done", "does not apply"):
            return True
        return one.done == "does not apply" and not (one.note or "").strip()

    rows = [row for row in context.records(ITEM).find() if row.data.get("kind") in (None, "", data.kind)]
    found = tuple(Item(row.key, str(row.data["title"])) for row in rows if is_open(row.key))
    return ChecklistOutcome(found, len(found))


@dataclass(frozen=True, slots=True)
class MadeInput:
    """A change that was made, or became worse or better."""

    change: str
    asked: DateTime
    made: DateTime
    failed: bool = False
    restored: DateTime | None = None


@dataclass(frozen=True, slots=True)
class MadeOutcome:
    """Whether it was noted."""

    noted: bool


def note(data: MadeInput, context: ActivityContext) -> MadeOutcome:
    """Keeps what became of a change; the last row of a change counts."""
    row = {
        "change": data.change, "asked": data.asked.to_micros("UTC"), "made": data.made.to_micros("UTC"),
        "failed": data.failed, "restored": data.restored.to_micros("UTC") if data.restored is not None else None,
    }  # fmt: skip
    context.records(MADE).put_once(context.idempotency_key, row)
    return MadeOutcome(True)


@dataclass(frozen=True, slots=True)
class FiguresInput:
    """A period: from a day to another, which is outside."""

    start: date
    end: date


@dataclass(frozen=True, slots=True)
class FiguresOutcome:
    """DORA's four; none where there is nothing to tell.

    Attributes:
        changes: how many.
        per_week: deployment frequency.
        lead_hours: median lead time.
        failure_rate: in per cent.
        restore_hours: median time to restore.
    """

    changes: int
    per_week: Decimal
    lead_hours: Decimal | None
    failure_rate: Decimal | None
    restore_hours: Decimal | None


def figures(data: FiguresInput, context: ActivityContext) -> FiguresOutcome:
    """How well changes were delivered in a period."""
    latest: dict[str, Delivered] = {}
    for row in context.records(MADE).find():
        restored = row.data.get("restored")
        latest[str(row.data["change"])] = Delivered(
            int(str(row.data["asked"])), int(str(row.data["made"])), bool(row.data["failed"]),
            None if restored is None else int(str(restored)),
        )  # fmt: skip
    found = delivery(latest.values(), _midnight(data.start), _midnight(data.end))
    rate = None if found.failure_rate is None else _exact(100 * found.failure_rate)
    return FiguresOutcome(
        found.changes, _exact(7 * found.per_day), _hours(found.lead_time), rate, _hours(found.restore_time),
    )  # fmt: skip


def _midnight(day: date) -> int:
    return (day - date(1970, 1, 1)).days * 24 * HOUR


def _hours(value: float | None) -> Decimal | None:
    return None if value is None else _exact(value / HOUR)


def _or_none(value: float | None) -> Decimal | None:
    return None if value is None else _exact(value)


def _exact(value: float) -> Decimal:
    return Decimal(str(round(value, 3)))
