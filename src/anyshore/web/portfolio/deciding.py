"""What the rules say of a portfolio, from the files that are kept with it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from anyshore.base.errors import AnyshoreError
from anyshore.sourcing import portfolio as reading
from anyshore.sourcing.decide import Rules
from anyshore.sourcing.evidence import Log
from anyshore.sourcing.shores.sites import read_rates, read_sites
from anyshore.sourcing.siting import Siting, countries
from anyshore.terms.calendars import closed_days
from anyshore.web.core.models import Person
from anyshore.web.portfolio.models import Decided, KeptFile, Portfolio


@lru_cache(maxsize=2)
def shipped(on: date) -> Rules:
    """The shipped rules on a day, read once."""
    return Rules(on)


def rows(rules: Rules, read: reading.Portfolio, logs: Mapping[str, Log]) -> tuple[list[Decided], list[dict[str, Any]]]:
    """A row for each activity that can be decided, and everything that is wrong with the others."""
    problems = [one.as_dict() for one in read.problems]
    found = []
    for activity, decision in zip(read.activities, rules.decide_all(read.activities, logs), strict=True):
        if isinstance(decision, AnyshoreError):
            problems += [{**one.as_dict(), "line": activity.line} for one in decision.diagnostics]
            continue
        known = {"client_country": activity.client_country, "data_class": activity.data_class}
        found.append(
            Decided(
                line=activity.line, activity=activity.name[:300], kind=decision.kind, shore=decision.shore or "",
                volume=activity.volume_per_month, data=decision.as_dict() | known,
            )
        )  # fmt: skip
    return found, problems


def sited(files: Mapping[str, KeptFile], read: reading.Portfolio, on: date) -> tuple[Siting | None, list[Any]]:
    """The sites of a portfolio, and a warning of each country whose holidays are not known.

    Raises:
        DataError: a file cannot be used.
    """
    sites, rates = files.get(KeptFile.Kind.SITES), files.get(KeptFile.Kind.RATES)
    if sites is None:
        return None, []
    known = read_sites(bytes(sites.content), sites.name)
    card = read_rates(bytes(rates.content), rates.name) if rates else None
    closed, doubts = closed_days(countries(known, read.activities), on.year)
    return Siting(known, card, closed), doubts


def kept(
    found: Portfolio, by: Person, kind: str, name: str, content: bytes, *, activity: str = "",
    figures: dict[str, Any] | None = None,
) -> KeptFile:  # fmt: skip
    """A file to be kept with a portfolio, not saved yet."""
    return KeptFile(
        portfolio=found, kind=kind, name=name[:200], activity=activity[:300], content=content,
        digest=hashlib.sha256(content).hexdigest(), figures=figures, uploaded_by=by,
    )  # fmt: skip


def said(error: AnyshoreError) -> str:
    """Everything that is wrong, a line each."""
    return "\n".join(str(one) for one in error.diagnostics)
