"""Portfolios, as far as a person may see them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from anyshore.sourcing.criteria import CRITERIA, DATA_CLASSES
from anyshore.web.core import permissions
from anyshore.web.core.errors import NotFound
from anyshore.web.core.models import Person
from anyshore.web.core.reader import language
from anyshore.web.portfolio.models import Decided, Portfolio

KINDS = ("BPO", "KPO", "keep", "not enough evidence")


def portfolios(person: Person) -> QuerySet[Portfolio]:
    """The portfolios of the person's clients, newest first."""
    permissions.require(person, "portfolio.see")
    seen = permissions.organisations(person, "portfolio.see")
    return Portfolio.objects.filter(organisation__in=seen).select_related("organisation", "uploaded_by")


def portfolio(person: Person, pk: int) -> Portfolio:
    """One portfolio.

    Raises:
        NotFound: there is none, or the person may not know of it.
    """
    found = portfolios(person).filter(pk=pk).first()
    if found is None:
        raise NotFound(_("There is no such portfolio."))
    return found


def decided(person: Person, pk: int) -> Decided:
    """One activity of a portfolio a person may see.

    Raises:
        NotFound: there is none, or the person may not know of it.
    """
    found = Decided.objects.filter(pk=pk).select_related("portfolio__organisation", "settled_by").first()
    if found is None:
        raise NotFound(_("There is no such activity."))
    portfolio(person, found.portfolio_id)
    return found


def sample() -> bytes:
    """A portfolio to start from, as CSV."""
    return files("anyshore.sourcing").joinpath("samples", "portfolio.csv").read_bytes()


def columns() -> list[tuple[str, tuple[str, ...], bool]]:
    """The columns a portfolio may have: name, the words that fit (none: any), whether it must be there."""
    known = [("activity", (), True), ("client_country", ("DE", "FR", "…"), True), ("data_class", DATA_CLASSES, True)]
    known += [("volume_per_month", (), False), ("handling_minutes", (), False), ("core", ("yes", "no"), False)]
    return [*known, *((one.column, one.values, False) for one in CRITERIA)]


@dataclass(frozen=True, slots=True)
class Share:
    """How many activities a kind has; ``width`` of the whole in percent."""

    kind: str
    count: int
    width: float


def shares(found: list[Decided]) -> list[Share]:
    """The portfolio by kind, as settled or else as the rules say."""
    counted = Counter(one.settled_kind or one.kind for one in found)
    return [Share(kind, counted[kind], round(100 * counted[kind] / len(found), 2)) for kind in KINDS if counted[kind]]


def criteria(one: Decided) -> list[dict[str, Any]]:
    """Every criterion of an activity with the word, where it leans and why, in the reader's language.

    Criteria that are not known are there too: what is missing is part of the answer.
    """
    reader = language()
    known = {row["criterion"]: row for row in one.data["criteria"]}
    rows = []
    for criterion in CRITERIA:
        row = known.get(criterion.name)
        rows.append(
            {
                "name": criterion.german if reader == "de" else criterion.name,
                "value": row["value"] if row else None,
                "leans": row["leans"] if row else None,
                "weight": row["weight"] if row else None,
                "reason": row["reason"][reader] if row else "",
            }
        )
    return rows


def reasons(one: Decided) -> tuple[str, list[str]]:
    """Why this kind, and why this shore, in the reader's language."""
    reader = language()
    return one.data["reason"][reader], [text[reader] for text in one.data["shore_reasons"]]
