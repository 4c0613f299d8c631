"""Portfolios, as far as a person may see them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from django.db.models import QuerySet
from django.utils import formats
from django.utils.translation import gettext as _

from anyshore.sourcing.criteria import CRITERIA, DATA_CLASSES, DONE_BY, DUTIES, SPECIFICITY
from anyshore.sourcing.decide import KINDS
from anyshore.web.core import permissions
from anyshore.web.core.errors import NotFound
from anyshore.web.core.models import Person
from anyshore.web.core.reader import language
from anyshore.web.portfolio.models import Decided, KeptFile, Portfolio


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
    known += [("description", (), False), ("occupations", ("43-3031.00", "…"), False), ("duty", DUTIES, False)]
    known += [("asset_specificity", SPECIFICITY, False), ("place_bound", ("yes", "no"), False)]
    known += [("done_by", DONE_BY, False)]
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
        row = known.get(criterion.name, {})
        reason = row.get("reason")
        rows.append(
            {
                "name": criterion.german if reader == "de" else criterion.name,
                "value": row.get("value"),
                "leans": row.get("leans"),
                "weight": row.get("weight"),
                "reason": reason[reader] if reason else "",
                "source": row.get("source", ""),
            }
        )
    return rows


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a decision rests on, in the reader's language; empty lists for one made before evidence was kept."""

    judgement: float
    low: float
    high: float
    sources: list[dict[str, Any]]
    matched: list[dict[str, Any]]
    gates: list[dict[str, Any]]
    questions: list[dict[str, Any]]
    flips: list[dict[str, Any]]
    versions: dict[str, str]
    sites: list[dict[str, Any]]
    left_out: list[dict[str, Any]]


def evidence(one: Decided) -> Evidence:
    """The evidence of an activity; shares in percent."""
    reader, data = language(), one.data
    judgement = float(data.get("judgement", data.get("judgement_share", 0.5))) * 100
    return Evidence(
        judgement, float(data.get("low", 0)) * 100, float(data.get("high", 1)) * 100, data.get("sources", []),
        data.get("matched", []),
        [{**gate, "reason": gate["reason"][reader]} for gate in data.get("gates", [])],
        [{**asked, "question": asked["question"][reader]} for asked in data.get("questions", [])],
        [{"change": flip["if"][reader], "kind": flip["kind"]} for flip in data.get("flips", [])],
        data.get("versions", {}),
        [{**one, "first": 100 * one["first"], "rate": _interval(one["rate"])} for one in data["shore"]]
        if data.get("site") else [],
        data.get("ranking", {}).get("left_out", []),
    )  # fmt: skip


def reasons(one: Decided) -> tuple[str, list[str]]:
    """Why this kind, and why this shore, in the reader's language."""
    reader = language()
    return one.data["reason"][reader], [text[reader] for text in one.data["shore_reasons"]]


def _interval(rate: list[float] | None) -> str:
    """A rate in the reader's notation; a question mark where the card has none."""
    if rate is None:
        return "?"
    return "–".join(dict.fromkeys(formats.number_format(one, 2, use_l10n=True) for one in rate))


def kept_files(found: Portfolio) -> list[KeptFile]:
    """The files a portfolio was decided with, newest first, without their content."""
    return list(found.files.defer("content").select_related("uploaded_by").order_by("-id"))


def kept_file(person: Person, pk: int, one: int) -> KeptFile:
    """A file of a portfolio.

    Raises:
        NotFound: there is none, or the person may not know of it.
    """
    found = portfolio(person, pk).files.filter(pk=one).first()
    if found is None:
        raise NotFound(_("There is no such file."))
    return found


def outcomes(kept: KeptFile) -> list[dict[str, Any]]:
    """What a case comes to at every site; shares in percent."""
    figures = kept.figures or {}
    return [
        {**one, "gains": 100 * one["gains"], "even": None if (at := one["break_even_share"]) is None else 100 * at,
         "best": figures["best"][one["activity"]] == one["site"]}
        for one in figures["outcomes"]
    ]  # fmt: skip


def business_case(found: Portfolio) -> KeptFile | None:
    """The newest business case of a portfolio, without its content."""
    return found.files.filter(kind=KeptFile.Kind.CASE).defer("content").last()
