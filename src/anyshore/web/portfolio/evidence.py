"""More to decide a portfolio on: sites, a rate card, event logs, a business case; each file is kept with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import transaction
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
    """

    sites: File | None = None
    rates: File | None = None
    log: File | None = None
    activity: str = ""
    zone: str = "UTC"


def current(found: Portfolio) -> dict[str, KeptFile]:
    """The files that count, by kind; of event logs, by ``log`` and the activity."""
    return {one.kind + (f":{one.activity}" if one.activity else ""): one for one in found.files.all()}


def add(by: Person, pk: int, given: Given) -> int:
    """Keeps files with a portfolio and decides it again with them; what is settled stays settled.

    Returns:
        the number of activities whose kind or shore is another now.

    Raises:
        Invalid: a file cannot be used.
        CommandRejected: the portfolio was decided before its file was kept.
    """
    found = _open(by, pk)
    before = current(found)
    if KeptFile.Kind.ACTIVITIES not in before:
        hint = _("Decide the file once more.")
        raise CommandRejected("portfolio.file", _("This portfolio was decided before its file was kept."), hint=hint)
    if not any((given.sites, given.rates, given.log)):
        raise Invalid({"": _("Choose at least one file.")})
    if given.rates and not given.sites and KeptFile.Kind.SITES not in before:
        raise Invalid({"rates": _("A rate card alone ranks nothing: add the sites too.")})
    _used("sites", given.sites, lambda name, content: read_sites(content, name))
    _used("rates", given.rates, lambda name, content: read_rates(content, name))
    figures = _used("log", given.log, lambda name, content: examining.log(name, content, given.zone)[0])
    activities = _logged(before[KeptFile.Kind.ACTIVITIES], given) if given.log else []
    with transaction.atomic():
        for kind, file in ((KeptFile.Kind.SITES, given.sites), (KeptFile.Kind.RATES, given.rates)):
            if file is not None:
                deciding.keep(found, by, kind, *file)
        for activity in activities:
            known = {"zone": given.zone, **(figures.as_dict() if figures else {})}
            deciding.keep(found, by, KeptFile.Kind.LOG, *given.log or ("", b""), activity=activity, figures=known)
    return _again(by, found)


def add_case(by: Person, pk: int, file: File, frame: Frame) -> KeptFile:
    """Keeps a business case with a portfolio: its figures, and the digest of its baseline, which is frozen by it.

    Raises:
        Invalid: it cannot be used.
    """
    found = _open(by, pk)
    versions = found.files.filter(kind=KeptFile.Kind.CASE)
    frame = Frame(frame.start, frame.years, frame.discount, frame.currency, versions.count() + 1)
    figures = _used("file", file, lambda name, content: examining.case(name, content, frame))
    with transaction.atomic():
        kept = deciding.keep(found, by, KeptFile.Kind.CASE, *file, figures=figures)
        audit.record(
            by, "portfolio.case", file[0], organisation=found.organisation, version=frame.version, digest=kept.digest
        )
    return kept


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


def _logged(file: KeptFile, given: Given) -> list[str]:
    """Whose log it is: the activity that was chosen, or those that name the file."""
    activities = reading.read(bytes(file.content), file.name).activities
    name = given.log[0] if given.log else ""
    found = [
        one.name for one in activities if (one.name == given.activity if given.activity else one.event_log == name)
    ]
    if not found:
        raise Invalid({"activity": _("Choose the activity: no row of the portfolio names this file.")})
    return found


def _again(by: Person, found: Portfolio) -> int:
    """Decides with everything that is kept; computed outside the transaction, and once more if something came."""
    for _try in range(_TRIES):
        kept = current(found)
        rows, problems = _decided(kept)
        with transaction.atomic():
            Portfolio.objects.select_for_update().get(pk=found.pk)
            if {one.pk for one in current(found).values()} == {one.pk for one in kept.values()}:
                return _written(by, found, rows, problems)
    raise HostError("store.busy", _("Others add files to this portfolio at the moment."), hint=_("Try again."))


def _decided(kept: dict[str, KeptFile]) -> tuple[list[Decided], list[dict[str, Any]]]:
    today, file = timezone.localdate(), kept[KeptFile.Kind.ACTIVITIES]
    read = reading.read(bytes(file.content), file.name)
    siting, doubts = deciding.sited(kept, read, today)
    logs: dict[str, Figures] = {}
    problems = [one.as_dict() for one in doubts]
    for one in kept.values():
        if one.kind == KeptFile.Kind.LOG:
            zone = (one.figures or {}).get("zone", "UTC")
            logs[one.activity], odd = examining.log(one.name, bytes(one.content), zone)
            problems += [each.as_dict() for each in odd]
    rows, others = deciding.rows(Rules(today, siting=siting), read, logs)
    return rows, others + problems


def _written(by: Person, found: Portfolio, rows: list[Decided], problems: list[dict[str, Any]]) -> int:
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
        by, "portfolio.decided-again", found.name, organisation=found.organisation, changed=changed,
        files=sorted(one.digest for one in current(found).values()),
    )  # fmt: skip
    return changed
