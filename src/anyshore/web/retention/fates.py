"""What becomes of what is kept beside a case when the case is erased: by model and column, and nothing forgotten."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from django.apps import apps
from django.db import models

DELETED, KEPT = "deleted", "kept"
BY_STORE = "by the store"
FATES: dict[str, str] = {
    "discovery.DocumentSet.case": DELETED, "engine.Notification.case": DELETED, "engine.Receipt.instance": DELETED,
    "engine.Trace.instance": DELETED,
    "review.Review.case": DELETED, "talk.Checkpoint.case": DELETED, "talk.Comment.case": DELETED,
    "walls.Declaration.case": DELETED, "walls.Party.case": DELETED, "walls.Seal.case": DELETED,
    "walls.Staff.case": DELETED, "work.Draft.instance": DELETED, "work.Look.instance": DELETED,
    "engine.Inbox.instance": BY_STORE, "engine.Turn.instance": BY_STORE, "engine.Wait.instance": BY_STORE,
    # The ledger and what is counted from it; a wall goes on hiding what the ledger says of the case.
    "engine.LedgerEntry.instance": KEPT, "engine.TallyLate.instance": KEPT, "engine.TallyPart.instance": KEPT,
    "forecasts.Forecast.case": KEPT, "walls.Wall.case": KEPT,
    # Kinds of data with a period of their own.
    "walls.Access.case": KEPT, "work.Handled.instance": KEPT,
}  # fmt: skip
"""What an erasure of a case does with the rows that name it."""

BELOW = ("discovery.Relevance.set", "review.Answer.review", "review.Adjudication.review")
"""Rows that are kept from going by what they belong to: they go first."""


def columns() -> Iterator[str]:
    """Every column that names a case by its number."""
    for model in apps.get_models():
        if model._meta.proxy:
            continue
        for field in model._meta.concrete_fields:
            if field.name in ("case", "instance") and not field.is_relation:
                yield f"{model._meta.label}.{field.name}"


def delete(cases: Collection[int]) -> None:
    """Deletes what stands beside cases, in the caller's transaction."""
    for below in BELOW:
        model, column = _model(below)
        model._default_manager.filter(**{f"{column}__case__in": cases}).delete()
    for name, fate in FATES.items():
        if fate == DELETED:
            model, column = _model(name)
            model._default_manager.filter(**{f"{column}__in": cases}).delete()


def _model(name: str) -> tuple[type[models.Model], str]:
    label, _dot, column = name.rpartition(".")
    return apps.get_model(label), column
