"""A portfolio as it is drawn and handed on: placed activities, workbook, paper, draft terms."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path
from typing import Literal, cast

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from anyshore.base.errors import DataError, TermsError
from anyshore.base.tables.writing import Written, write_workbook
from anyshore.sourcing.comparison import paper as papers
from anyshore.sourcing.comparison.placing import Placed, placed
from anyshore.sourcing.criteria import CRITERIA
from anyshore.sourcing.shores import places
from anyshore.terms.drafting import Draft, drafted
from anyshore.web.core import permissions
from anyshore.web.core.errors import Invalid
from anyshore.web.core.models import Person
from anyshore.web.core.reader import language
from anyshore.web.portfolio import queries
from anyshore.web.portfolio.models import Decided, Portfolio

Kind = Literal["BPO", "KPO"]
Shore = Literal["onshore", "nearshore", "offshore"]

UNIT: Literal["items"] = "items"
"""What a portfolio knows of the worth of an activity: items a month."""


def activities(found: Portfolio) -> list[Placed]:
    """The activities of a portfolio, placed by what was settled, or else by what the rules say."""
    return [_placed(one) for one in found.decided.select_related("settled_by")]


def _placed(one: Decided) -> Placed:
    settled = (one.settled_kind, one.settled_shore, one.settled_reason) if one.settled_kind else None
    return placed(
        one.data | {"shore": one.shore}, language(), value=None if one.volume is None else float(one.volume),
        link=reverse("portfolio-activity", args=[one.pk]), settled=settled,
    )  # fmt: skip


def paper(found: Portfolio) -> bytes:
    """The decision paper of a portfolio; whoever settled activities signs it."""
    people = dict.fromkeys(str(one.settled_by) for one in found.decided.all() if one.settled_by)
    word = _("Portfolio %(name)s, decided on %(day)s") % {"name": found.name, "day": found.uploaded.date().isoformat()}
    return papers.paper(
        found.organisation.name, _today(), activities(found), language(), unit=UNIT,
        money=_money(found),
        sources=[word, _("Rules of kind and shore as shipped, criterion by criterion on the pages of the activities")],
        signatures=list(people),
    )  # fmt: skip


def _money(found: Portfolio) -> papers.Money | None:
    """What the newest business case of a portfolio says; None where there is none."""
    kept = queries.business_case(found)
    if kept is None or not kept.figures:
        return None
    case = kept.figures
    p10, p50, p90 = case["npv"]
    source = _("Business case %(name)s, baseline %(digest)s, seed %(seed)d") % {
        "name": kept.name, "digest": case["baseline"]["digest"][:16], "seed": case["seed"],
    }  # fmt: skip
    return papers.Money(
        case["currency"], case["years"], case["discount"], p10, p50, p90, case["gains"], case["draws"], source
    )


def comparison(found: Portfolio) -> bytes:
    """The ten differences as PDF."""
    return papers.comparison(found.organisation.name, _today(), activities(found), language())


def workbook(found: Portfolio) -> bytes:
    """The portfolio with its decisions as an Excel workbook: a row each, and a row per criterion on a second sheet."""
    columns = [
        "activity",
        "kind",
        "shore",
        "judgement",
        "items per month",
        "settled kind",
        "settled shore",
        "settled by",
        "reason",
    ]
    decisions, criteria = [columns], [["activity", *(one.name for one in CRITERIA)]]
    for one in found.decided.select_related("settled_by"):
        drawn = _placed(one)
        share = "" if drawn.judgement is None else f"{drawn.judgement:.2f}"
        volume = "" if one.volume is None else f"{one.volume.normalize():f}"
        by = str(one.settled_by) if one.settled_by else ""
        decisions.append(
            [one.activity, one.kind, one.shore, share, volume, one.settled_kind, one.settled_shore, by, drawn.reason]
        )
        words = {row["criterion"]: row.get("value") or "" for row in one.data.get("criteria", ())}
        criteria.append([one.activity, *(str(words.get(each.name, "")) for each in CRITERIA)])
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "portfolio.xlsx"
        write_workbook([Written(_("Decisions"), decisions), Written(_("Criteria"), criteria)], file)
        return file.read_bytes()


def draft_terms(by: Person, pk: int) -> tuple[str, str]:
    """File name and text of the draft terms of a settled activity.

    Raises:
        Invalid: it is not settled as going out, or what is known of it fits no terms.
    """
    one = queries.decided(by, pk)
    permissions.organisation(by, one.portfolio.organisation.key, "portfolio.decide")
    if one.settled_kind not in ("BPO", "KPO") or not one.settled_shore:
        raise Invalid({"": _("Only what is settled as BPO or KPO, with a shore, becomes draft terms.")})
    country, data_class = (str(one.data.get(name) or "") for name in ("client_country", "data_class"))
    if not country or not data_class:
        raise Invalid({"": _("This portfolio was decided before its countries were kept: decide the file once more.")})
    try:
        draft = Draft(
            one.activity, cast(Kind, one.settled_kind), one.portfolio.organisation.name, country,
            cast(Shore, one.settled_shore), data_class,
            _next_month(), zone=places.place(country).zone, reason=one.settled_reason,
        )  # fmt: skip
        return f"terms-{one.pk}.yaml", drafted(draft)
    except (DataError, TermsError) as error:
        raise Invalid({"": "\n".join(str(each) for each in error.diagnostics)}) from error


def _today() -> date:
    return timezone.localdate()


def _next_month() -> date:
    today = _today()
    return date(today.year + today.month // 12, today.month % 12 + 1, 1)
