"""The activity ``website.follow``: what a run of checks changes about the findings on record.

A run is a file that the checks write (``anyshore website crawl --run``): what was looked at and found. Findings are
kept as changes, so that a run that is read twice changes nothing, and nothing that was found is ever forgotten.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from anyshore.activities.activity import ActivityContext
from anyshore.base.errors import DataError
from anyshore.base.plain import from_values, to_values
from anyshore.website.checks import findings
from anyshore.website.checks.findings import Finding, Followed

CHANGE = "website-finding"
RUN = "website-run"
MOST_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Run:
    """A run of checks as it stands in its file.

    Attributes:
        site: which site, as in the terms.
        at: when it ran.
        looked: pairs of check and address that were really looked at.
        findings: what was found.
    """

    site: str
    at: datetime
    looked: tuple[tuple[str, ...], ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class FollowInput:
    """Which file.

    Attributes:
        document: digest of the run's file.
    """

    document: str


@dataclass(frozen=True, slots=True)
class Item:
    """A finding that is work now.

    Attributes:
        identity: what it is known by.
        change: ``new`` or ``returned``.
        check: which check found it.
        code: what it is.
        address: of the page.
        place: in it.
        reason: in one sentence.
        section: of the standard.
        weight: ``fault``, ``person`` or ``note``.
        returned: how often it came back.
    """

    identity: str
    change: str
    check: str
    code: str
    address: str
    place: str
    reason: str
    section: str
    weight: str
    returned: int


@dataclass(frozen=True, slots=True)
class FollowOutcome:
    """What a run changed.

    Attributes:
        site: which site.
        at: when the run was.
        items: findings that are new or came back.
        fixed: how many are gone.
        open: how many are open now.
        ages: of those by class of days.
        problem: why the file could not be used; empty where it could.
    """

    site: str
    at: datetime | None
    items: tuple[Item, ...]
    fixed: int
    open: int
    ages: dict[str, int]
    problem: str = ""


def read(content: bytes) -> Run:
    """A run from its file.

    Raises:
        DataError: it is none, with what is wrong.
    """
    hint = "Give a file that a run of checks wrote."
    try:
        told = json.loads(content.decode("utf-8"))
    except (UnicodeDecodeError, ValueError, RecursionError) as problem:
        raise DataError("website.run", f"This is no run of checks: {problem}.", hint=hint) from problem
    if not isinstance(told, dict) or len(content) > MOST_BYTES:
        raise DataError("website.run", "This is no run of checks.", hint=hint)
    try:
        at = datetime.fromisoformat(str(told.get("at")))
    except ValueError as problem:
        raise DataError(
            "website.run", f"{told.get('at')!r} is no moment.", hint="Write 2026-05-01T09:00:00Z."
        ) from problem
    if at.tzinfo is None:
        raise DataError("website.run", "The moment of the run has no zone.", hint="Write 2026-05-01T09:00:00Z.")
    return from_values(Run, {**told, "at": at}, "the run")


def follow(data: FollowInput, context: ActivityContext) -> FollowOutcome:
    """Follows the findings of a site over one more run."""
    try:
        run = read(context.read_document(data.document))
    except DataError as problem:
        return FollowOutcome("", None, (), 0, 0, {}, problem.message)
    context.records(RUN).put_once(context.idempotency_key, _kept(run))
    known = on_record(context, run.site, context.idempotency_key)
    looked = {(one[0], one[1]) for one in run.looked if len(one) == 2}
    changes = findings.follow(known, run.findings, looked, run.at)
    changed = [("new", changes.new), ("returned", changes.returned), ("fixed", changes.fixed)]
    for change, ones in changed:
        for one in ones:
            data_ = {"site": run.site, "change": change, "job": context.idempotency_key, **_kept(one)}
            context.records(CHANGE).put_once(f"{context.idempotency_key}/{one.finding.identity}", data_)
    now = {**known, **{one.finding.identity: one for one in changes.all}}
    return FollowOutcome(
        run.site, run.at, tuple(_items(changed[:2])), len(changes.fixed),
        sum(one.state == "open" for one in now.values()), findings.ages(now.values(), run.at),
    )  # fmt: skip


def of_site(context: ActivityContext, site: str) -> list[Run]:
    """Runs of a site, the latest last."""
    found = [from_values(Run, _moments(one.data, MOMENTS[Run]), RUN) for one in context.records(RUN).find(site=site)]
    return sorted(found, key=_at)


MOMENTS: Mapping[type, tuple[str, ...]] = {Run: ("at",), Followed: ("first", "last", "since")}
"""Fields that are moments: kept as texts, so that they come back with their zone."""


def _kept(one: Run | Followed) -> dict[str, object]:
    moments = {name: getattr(one, name).isoformat() for name in MOMENTS[type(one)]}
    return {**to_values(one), **moments}


def _moments(kept: Mapping[str, object], names: tuple[str, ...]) -> dict[str, object]:
    return {**kept, **{name: datetime.fromisoformat(str(kept[name])) for name in names}}


def _at(one: Run) -> datetime:
    return one.at


def on_record(context: ActivityContext, site: str, without: str = "") -> dict[str, Followed]:
    """Findings of a site by identity, as the last change left each.

    Args:
        context: of the activity.
        site: which.
        without: a job whose own changes do not count: it is run again.
    """
    found: dict[str, Followed] = {}
    for row in context.records(CHANGE).find(site=site):
        if row.data.get("job") == without:
            continue
        plain = {name: value for name, value in row.data.items() if name not in ("site", "change", "job")}
        one = from_values(Followed, _moments(plain, MOMENTS[Followed]), CHANGE)
        found[one.finding.identity] = one
    return found


def _items(changed: Iterable[tuple[str, tuple[Followed, ...]]]) -> Iterable[Item]:
    for change, ones in changed:
        for one in ones:
            about = one.finding
            yield Item(
                about.identity, change, about.check, about.code, about.address, about.place, about.reason,
                about.section, about.weight, one.returned,
            )  # fmt: skip
