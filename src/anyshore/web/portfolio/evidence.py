"""More to decide a portfolio on: sites, a rate card, event logs, a business case; each file is kept with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from anyshore.base.errors import AnyshoreError, CommandRejected, HostError
from anyshore.sourcing import portfolio as reading
from anyshore.sourcing.business_case.case import Frame
from anyshore.sourcing.decide import Rules
from anyshore.sourcing.event_log.figures import Figures
from anyshore.sourcing.shores.sites import read_rates, read_sites
from anyshore.web.core import audit, permissions
from anyshore.web.core.errors import Invalid
from anyshore.web.core.models import Person
from anyshore.web.portfolio import deciding, examining, queries
from anyshore.web.portfolio.models import Decided, KeptFile, Portfolio

File = tuple[str, bytes]
Read = TypeVar("Read")
_TRIES = 3


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody hands in beside a portfolio.

    Attributes:
        sites: the sites that could do the work.
        rates: what an hour costs at them.
        log: of events of an activity.
        activity: whose log it is; empty where the portfolio names the file.
        zone: of the business hours of the log.
        columns: of the log, ``case``, ``activity`` and ``time`` → the name of its column, where it is no usual one.
        time_format: of its times, as ``strptime`` writes it, where it is no usual one.
    """

    sites: File | None = None
    rates: File | None = None
    log: File | None = None
    activity: str = ""
    zone: str = "UTC"
    columns: Mapping[str, str] = field(default_factory=dict)
    time_format: str = ""


def add(by: Person, pk: int, given: Given) -> int:
    """Keeps files with a portfolio and decides it again with them; what is settled stays settled.

    Where it cannot be decided with them, nothing is kept.

    Returns:
        the number of activities whose kind or shore is another now.

    Raises:
        Invalid: a file cannot be used.
        CommandRejected: the portfolio was decided before its file was kept.
        HostError: others add files to it at the same time, again and again.
    """
    found = _open(by, pk)
    for _try in range(_TRIES):
        files = list(_evidence(found))
        kept = {_key(one): one for one in files}
        if KeptFile.Kind.ACTIVITIES not in kept:
            told, hint = _("This portfolio was decided before its file was kept."), _("Decide the file once more.")
            raise CommandRejected("portfolio.file", told, hint=hint)
        added, logs = _handed_in(by, found, kept, given)
        rows, problems = _decided(kept | {_key(one): one for one in added}, logs)
        with transaction.atomic():
            Portfolio.objects.select_for_update().get(pk=found.pk)
            if set(_evidence(found).values_list("pk", flat=True)) == {one.pk for one in files}:
                for one in added:
                    one.save()
                return _written(by, found, rows, problems, sorted(one.digest for one in [*files, *added]))
    raise _busy()


def add_case(by: Person, pk: int, file: File, frame: Frame) -> KeptFile:
    """Keeps a business case with a portfolio: its figures, and the digest of its baseline, which is frozen by it.

    Raises:
        Invalid: it cannot be used.
    """
    found = _open(by, pk)
    cases = found.files.filter(kind=KeptFile.Kind.CASE)
    for _try in range(_TRIES):
        version = cases.count() + 1  # part of the digest that is frozen
        numbered = Frame(frame.start, frame.years, frame.discount, frame.currency, version)
        figures = _used("file", file, partial(examining.case, frame=numbered))
        kept = deciding.kept(found, by, KeptFile.Kind.CASE, *file, figures=figures)
        with transaction.atomic():
            Portfolio.objects.select_for_update().get(pk=found.pk)
            if cases.count() + 1 == version:
                kept.save()
                audit.record(
                    by, "portfolio.case", file[0], organisation=found.organisation, version=version, digest=kept.digest
                )
                return kept
    raise _busy()


def _evidence(found: Portfolio) -> QuerySet[KeptFile]:
    """The files a portfolio is decided with, the oldest first."""
    return found.files.exclude(kind=KeptFile.Kind.CASE)


def _key(one: KeptFile) -> str:
    """What a file tells: of files with the same the newest counts."""
    return one.kind + (f":{one.activity}" if one.activity else "")


def _busy() -> HostError:
    return HostError("store.busy", _("Others add files to this portfolio at the moment."), hint=_("Try again."))


def _open(by: Person, pk: int) -> Portfolio:
    found = queries.portfolio(by, pk)
    permissions.organisation(by, found.organisation.key, "portfolio.decide")
    return found


def _used(field: str, file: File | None, read: Callable[[str, bytes], Read]) -> Read | None:
    if file is None:
        return None
    try:
        return read(*file)
    except AnyshoreError as error:
        raise Invalid({field: deciding.said(error)}) from error


def _handed_in(
    by: Person, found: Portfolio, kept: dict[str, KeptFile], given: Given
) -> tuple[list[KeptFile], dict[str, Figures]]:
    """The files to be kept, each read once to see that it can be; with the figures of a log by activity."""
    if not any((given.sites, given.rates, given.log)):
        raise Invalid({"": _("Choose at least one file.")})
    if given.rates and not given.sites and KeptFile.Kind.SITES not in kept:
        raise Invalid({"rates": _("A rate card alone ranks nothing: add the sites too.")})
    _used("sites", given.sites, lambda name, content: read_sites(content, name))
    _used("rates", given.rates, lambda name, content: read_rates(content, name))
    added = [
        deciding.kept(found, by, kind, *file)
        for kind, file in ((KeptFile.Kind.SITES, given.sites), (KeptFile.Kind.RATES, given.rates))
        if file is not None
    ]
    if given.log is None:
        return added, {}
    activities = _logged(kept[KeptFile.Kind.ACTIVITIES], given.log[0], given.activity)
    how: dict[str, Any] = {"zone": given.zone, "columns": dict(given.columns), "time_format": given.time_format}
    figures = _used("log", given.log, lambda name, content: examining.log(name, content, **how)[0])
    assert figures is not None
    told = {"read": how, **figures.as_dict()}
    added += [deciding.kept(found, by, KeptFile.Kind.LOG, *given.log, activity=one, figures=told) for one in activities]
    return added, dict.fromkeys(activities, figures)


def _logged(file: KeptFile, name: str, chosen: str) -> list[str]:
    """Whose log it is: the activity that was chosen, or those that name the file."""
    activities = reading.read(bytes(file.content), file.name).activities
    found = [one.name for one in activities if (one.name == chosen if chosen else one.event_log == name)]
    if not found:
        raise Invalid({"activity": _("Choose the activity: no row of the portfolio names this file.")})
    return found


def _decided(kept: dict[str, KeptFile], logs: dict[str, Figures]) -> tuple[list[Decided], list[dict[str, Any]]]:
    """What the rules say with all files; of logs only those are read whose figures are not known."""
    today, file = timezone.localdate(), kept[KeptFile.Kind.ACTIVITIES]
    read = reading.read(bytes(file.content), file.name)
    siting, doubts = deciding.sited(kept, read, today)
    known, problems = dict(logs), [one.as_dict() for one in doubts]
    for one in kept.values():
        if one.kind == KeptFile.Kind.LOG and one.activity not in known:
            how = (one.figures or {}).get("read", {"zone": "UTC"})
            known[one.activity], odd = examining.log(one.name, bytes(one.content), **how)
            problems += [each.as_dict() for each in odd]
    rows, others = deciding.rows(Rules(today, siting=siting), read, known)
    return rows, others + problems


def _written(
    by: Person, found: Portfolio, rows: list[Decided], problems: list[dict[str, Any]], digests: list[str]
) -> int:
    known = {one.line: one for one in found.decided.all()}
    changed = 0
    for row in rows:
        old = known.get(row.line)
        if old is None:
            row.portfolio = found
            row.save()
            continue
        changed += (old.kind, old.shore) != (row.kind, row.shore)
        old.kind, old.shore, old.data = row.kind, row.shore, row.data
        old.save(update_fields=["kind", "shore", "data"])
    found.problems = problems
    found.save(update_fields=["problems"])
    audit.record(
        by, "portfolio.decided-again", found.name, organisation=found.organisation, changed=changed, files=digests
    )
    return changed
