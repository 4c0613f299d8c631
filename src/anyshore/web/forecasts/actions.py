"""Forecasts on a case: a probability with the day it resolves, then what happened."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from anyshore.knowledge import calibration
from anyshore.web.core.errors import Invalid, NotFound
from anyshore.web.core.models import Person
from anyshore.web.engine import queries as engine
from anyshore.web.engine.running import host
from anyshore.web.forecasts.models import Forecast


@transaction.atomic
def make(by: Person, number: int, topic: str, event: str, probability: float, resolves: str) -> Forecast:
    """Notes a forecast of one's own.

    Args:
        by: the expert.
        number: the case.
        topic: of what kind.
        event: what is forecast.
        probability: from 0 to 1.
        resolves: the day the outcome is known, as 2026-12-31.

    Raises:
        Invalid: no event or topic, no probability, or a day that is not in the future.
    """
    engine.instance(by, number, "case.plan")
    try:
        day = datetime.strptime(resolves, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError as error:
        raise Invalid({"resolves": _("A date is needed: 2026-12-31")}) from error
    if not topic.strip() or not event.strip():
        raise Invalid({"event": _("Say what you forecast, and about what.")})
    now = host().clock()
    until = int(day.timestamp()) * 1_000_000
    pure = calibration.Forecast("new", by.email, topic.strip(), event.strip(), probability, now, until)
    problems = calibration.check([pure])
    if problems:
        raise Invalid({"probability": _("A probability from 0 to 1 and a day in the future are needed.")})
    return Forecast.objects.create(
        case=number, person=by, topic=topic.strip(), event=event.strip(), probability=probability, made=now,
        resolves=until,
    )  # fmt: skip


@transaction.atomic
def resolve(by: Person, number: int, forecast: int, outcome: bool) -> Forecast:
    """Notes what happened; an outcome stays.

    Raises:
        CommandRejected: it is noted already.
    """
    engine.instance(by, number, "case.plan")
    row = Forecast.objects.select_for_update().filter(pk=forecast, case=number).select_related("person").first()
    if row is None:
        raise NotFound(_("There is no such forecast."))
    done = calibration.resolve(plain(row), outcome, host().clock())
    row.outcome, row.resolved = done.outcome, done.resolved
    row.save(update_fields=["outcome", "resolved"])
    return row


def plain(row: Forecast) -> calibration.Forecast:
    """A forecast as the pure functions know it."""
    return calibration.Forecast(
        str(row.pk), row.person.email, row.topic, row.event, row.probability, row.made, row.resolves, row.outcome,
        row.resolved,
    )  # fmt: skip
