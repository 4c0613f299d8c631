"""The activities of keeping: until when an application is kept, what stops that, and what is due."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

from anyshore.activities.activity import ActivityContext
from anyshore.activities.common import once
from anyshore.activities.common import retention as holds
from anyshore.activities.recruiting import applications, law, retention
from anyshore.activities.recruiting.applications import Given, RecordInput
from anyshore.base.plain import from_values, to_values

KEPT, DISPUTE, DELETED = "application-kept", "application-dispute", "application-deleted"
KINDS = (KEPT, DISPUTE, DELETED)


@dataclass(frozen=True, slots=True)
class KeepInput:
    """What the time for which an application is kept depends on.

    Attributes:
        application: its reference; none to only ask.
        rejected: day on which the rejection is received; none where the applicant was hired.
        pool_until: day to which the applicant consented to a talent pool.
    """

    application: str | None = None
    rejected: date | None = None
    pool_until: date | None = None


@dataclass(frozen=True, slots=True)
class KeepOutcome:
    """Until when it is kept (``retention.Retention``); ``known`` is false where no such application is kept."""

    known: bool
    delete_on: date | None = None
    why: str | None = None
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DisputeInput:
    """A dispute over an application.

    Attributes:
        application: its reference.
        raised: day on which a claim was raised.
        settled: day on which it ended for good; none while it goes on.
    """

    application: str
    raised: date
    settled: date | None = None


@dataclass(frozen=True, slots=True)
class DueInput:
    """Names the day."""

    day: date


@dataclass(frozen=True, slots=True)
class Due:
    """An application that has to be deleted.

    Attributes:
        application: its reference.
        delete_on: since when.
        why: by which rule.
        documents: its files; without those that another application needs, which is not due.
        case: reference of the case it came in as, which goes with all that is kept of it.
    """

    application: str
    delete_on: date
    why: str
    documents: tuple[Given, ...] = ()
    case: str = ""


@dataclass(frozen=True, slots=True)
class DueOutcome:
    """What has to be deleted, oldest first."""

    due: tuple[Due, ...]


@dataclass(frozen=True, slots=True)
class DeletedInput:
    """What was deleted, and when."""

    applications: tuple[str, ...]
    day: date


@dataclass(frozen=True, slots=True)
class DeletedOutcome:
    """How many had not been noted before."""

    deleted: int


def keep(data: KeepInput, context: ActivityContext) -> KeepOutcome:
    """Says until when an application is kept, and notes what that rests on.

    Raises:
        ParamsError: the law of that day is not known.
    """
    found = retention.keep(data.rejected, pool_until=data.pool_until)
    if data.application is not None and data.rejected is not None:
        context.records(KEPT).put_once(data.application, to_values(data))
        _hold(data, None, context)
    return KeepOutcome(True, found.delete_on, found.why, found.sources)


def dispute(data: DisputeInput, context: ActivityContext) -> KeepOutcome:
    """Notes that a dispute began or ended, and says until when the application is kept by now.

    Raises:
        DataError: a dispute ended before the rejection.
    """
    kept = _kept(context).get(data.application)
    if kept is None:
        return KeepOutcome(known=False)
    found = _until(kept, data)
    once.put(context, DISPUTE, to_values(data))
    _hold(kept, data, context)
    return KeepOutcome(True, found.delete_on, found.why, found.sources)


def due(data: DueInput, context: ActivityContext) -> DueOutcome:
    """Lists what has to be deleted by a day."""
    disputes = {
        one.application: one
        for one in (from_values(DisputeInput, row.data, DISPUTE) for row in context.records(DISPUTE).find())
    }
    gone = {row.key for row in context.records(DELETED).find()}
    until = {name: _until(kept, disputes.get(name)) for name, kept in _kept(context).items() if name not in gone}
    over = {name: one for name, one in until.items() if one.delete_on is not None and one.delete_on <= data.day}
    needed = _needed(context, {*gone, *over})
    found = [
        Due(
            name,
            one.delete_on,
            one.why,
            tuple(file for file in _documents(name, context) if file.document not in needed),
            name,
        )
        for name, one in over.items()
        if one.delete_on is not None
    ]
    return DueOutcome(tuple(sorted(found, key=lambda one: (one.delete_on, one.application))))


def deleted(data: DeletedInput, context: ActivityContext) -> DeletedOutcome:
    """Notes what was deleted: the reference and the day, nothing of the application."""
    records = context.records(DELETED)
    new = [name for name in data.applications if records.get(name) is None]
    for name in new:
        records.put_once(name, to_values(_Gone(name, data.day)))
    return DeletedOutcome(len(new))


def _hold(kept: KeepInput, dispute: DisputeInput | None, context: ActivityContext) -> None:
    """Until nobody can claim any more, or a dispute has ended, its case and its documents stay.

    What is kept longer for a talent pool stays only as long as the applicant wants (Art. 7 (3), 17 (1) b GDPR).
    """
    application = kept.application or ""
    owner = f"application {application}"
    wanted, claims = _until(kept, dispute), _until(replace(kept, pool_until=None), dispute)
    for document in ("", *(file.document for file in _documents(application, context))):
        until, source = _last_day(claims), "; ".join(claims.sources)
        holds.hold(context, holds.Hold(document, owner, until, source, application))
        if wanted.why == retention.POOLED:
            until, source = _last_day(wanted), "; ".join(wanted.sources)
            holds.hold(context, holds.Hold(document, f"{owner}, pool", until, source, application, consent=True))


def _last_day(kept: retention.Retention) -> date | None:
    return None if kept.delete_on is None else law.days_later(kept.delete_on, -1)


@dataclass(frozen=True, slots=True)
class _Gone:
    application: str
    day: date


def _kept(context: ActivityContext) -> dict[str, KeepInput]:
    rows = (from_values(KeepInput, row.data, KEPT) for row in context.records(KEPT).find())
    return {one.application: one for one in rows if one.application is not None}


def _until(kept: KeepInput, dispute: DisputeInput | None) -> retention.Retention:
    settled = None if dispute is None else dispute.settled
    return retention.keep(kept.rejected, disputed=dispute is not None, settled=settled, pool_until=kept.pool_until)


def _needed(context: ActivityContext, over: Collection[str]) -> set[str]:
    """The documents of applications that stay: somebody who applied twice sent the same file."""
    rows = (from_values(RecordInput, row.data, applications.KIND) for row in context.records(applications.KIND).find())
    return {file.document for one in rows if one.application not in over for file in one.documents}


def _documents(name: str, context: ActivityContext) -> tuple[Given, ...]:
    row = context.records(applications.KIND).get(name)
    return () if row is None else from_values(RecordInput, row.data, applications.KIND).documents
