"""A service held against the business case it was decided on: only its client sees it, from plan to actual."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from anyshore.sourcing.business_case.bridge import STEPS
from anyshore.sourcing.business_case.case import Frame
from anyshore.web.core.errors import Invalid
from anyshore.web.core.models import AuditEntry
from anyshore.web.engagements import benefits, benefits_charts
from anyshore.web.portfolio import actions, evidence
from anyshore.web.portfolio.models import KeptFile

pytestmark = pytest.mark.django_db
PAGE = "/engagements/payables/benefits/"
PORTFOLIO = b"activity,client_country,data_class\nEnter supplier invoices,DE,internal\n"
CASE = (
    b"activity,site,quantity,low,mode,high,source,year\n"
    b"Payables,,baseline volume,24000,,,own ledger,2025\n"
    b"Payables,,baseline unit cost,6.00,,,own ledger,2025\n"
    b"Payables,Riga,price per item,3.00,,,offer,2025\n"
    b"Payables,Pune,price per item,1.50,,,offer,2025\n"
)
MONTH = 31 * 86_400_000_000


@pytest.fixture
def case(busy: Any) -> KeptFile:
    """The case of the client, from the first day of the month the world is in."""
    owner = busy.people["owner"]
    found = actions.decide(owner, busy.client, "work.csv", PORTFOLIO)
    frame = Frame(date(2026, 1, 1), 3, 0.05, "EUR")
    return evidence.add_case(owner, found.pk, ("case.csv", CASE), frame)


def place(case: KeptFile, site: str = "Riga", activity: str = "Payables") -> str:
    return "\x1f".join((str(case.pk), activity, site))


def test_a_month_goes_from_plan_to_actual_to_the_cent(busy: Any, case: KeptFile) -> None:
    owner = busy.browser("owner")
    assert owner.post(PAGE, {"service": "payables", "place": place(case)}).status_code == 302
    assert "No month of the case is over yet." in owner.get(PAGE).content.decode()
    busy.clock.now += MONTH
    (kept,) = benefits.kept(busy.engagement)
    (month, worked), *_ = kept.months
    assert str(month) == "2026-01"
    assert worked.items > 0
    shown = kept.tracked.months[0]
    assert shown.bridge.planned == Decimal("6000.00")
    assert (
        shown.bridge.planned + sum(shown.bridge.steps.values()) == shown.bridge.actual == worked.fees - worked.credits
    )
    page = owner.get(PAGE).content.decode()
    assert "6,000.00" in page
    assert "From planned to actual cost" in page
    assert "The decision would be another today" in page, "a handful of invoices carries no set-up"
    german = owner.get(PAGE, headers={"accept-language": "de"}).content.decode()
    assert "6.000,00" in german


def test_another_case_takes_the_place_of_the_one_before(busy: Any, case: KeptFile) -> None:
    owner = busy.people["owner"]
    for site in ("Riga", "Pune"):
        benefits.hold(owner, "payables", case.pk, "payables", "Payables", site)
    assert [one.site for one in busy.engagement.tracked.all()] == ["Pune"]
    assert AuditEntry.objects.filter(action="case.held").count() == 2


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"case": 9_999}, "case"), ({"site": "Mars"}, "place"), ({"activity": "Nothing"}, "place"),
        ({"service": "nothing"}, "service"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused(busy: Any, case: KeptFile, change: dict[str, Any], field: str) -> None:
    given = {"case": case.pk, "service": "payables", "activity": "Payables", "site": "Riga"} | change
    with pytest.raises(Invalid) as error:
        benefits.hold(busy.people["owner"], "payables", **given)
    assert list(error.value.fields) == [field]


def test_a_case_in_other_money_is_refused(busy: Any, case: KeptFile) -> None:
    other = evidence.add_case(
        busy.people["owner"], case.portfolio_id, ("case.csv", CASE), Frame(date(2026, 1, 1), 3, 0.05, "USD")
    )
    with pytest.raises(Invalid) as error:
        benefits.hold(busy.people["owner"], "payables", other.pk, "payables", "Payables", "Riga")
    assert error.value.fields == {"case": "The case is in USD, the terms are in EUR."}


def test_the_provider_does_not_see_what_work_cost_before(busy: Any, case: KeptFile) -> None:
    assert busy.browser("manager").get(PAGE).status_code == 404
    assert PAGE not in busy.browser("manager").get("/engagements/payables/").content.decode()
    assert PAGE in busy.browser("owner").get("/engagements/payables/").content.decode()


def test_a_case_that_cannot_be_followed_says_so(busy: Any, case: KeptFile) -> None:
    benefits.hold(busy.people["owner"], "payables", case.pk, "payables", "Payables", "Riga")
    KeptFile.objects.filter(pk=case.pk).update(content=b"changed,by,hand\n")
    busy.clock.now += MONTH
    (kept,) = benefits.kept(busy.engagement)
    assert kept.tracked is None
    assert "case.csv" in kept.problem
    assert "case.csv" in busy.browser("owner").get(PAGE).content.decode()


def test_every_step_has_a_name_and_a_column(busy: Any, case: KeptFile) -> None:
    assert set(benefits_charts.names()) == set(STEPS)
    benefits.hold(busy.people["owner"], "payables", case.pk, "payables", "Payables", "Riga")
    busy.clock.now += MONTH
    (kept,) = benefits.kept(busy.engagement)
    drawn = benefits_charts.bridge(kept.tracked.months[0].bridge)
    assert drawn.count("<rect") == len(STEPS) + 2
