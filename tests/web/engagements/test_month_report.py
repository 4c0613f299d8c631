"""The month of a service on paper says what dashboard, scorecard and invoice say, and money only to who may see it."""

from __future__ import annotations

from typing import Any

import pypdfium2
import pytest
from tests.web.engagements.test_dashboards import REST

pytestmark = pytest.mark.django_db
MONTH = "/engagements/payables/report/payables/2026-01/"


def read(busy: Any, role: str, language: str = "en") -> str:
    answer = busy.browser(role).get(MONTH, headers={"accept-language": language})
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    document = pypdfium2.PdfDocument(answer.content)
    try:
        return " ".join(" ".join(page.get_textpage().get_text_range() for page in document).split())
    finally:
        document.close()


def test_it_says_what_the_dashboard_says(busy: Any) -> None:
    (month,) = [
        one for one in busy.browser("owner").get(REST, {"by": "month"}).json()["periods"] if one["period"] == "2026-01"
    ]
    said = read(busy, "owner")
    assert f"Received {month['received']}" in said
    assert f"Completed {month['completed']}" in said
    assert "Invoices decided in time" in said
    assert "invoice cycle time" in said
    for title in ("Booked", "Service credits", "Cost per case"):
        assert title in said
    german = read(busy, "owner", "de")
    assert f"Eingegangen {month['received']}" in german
    assert "Gebucht" in german


def test_money_is_for_those_who_may_see_it(busy: Any) -> None:
    said = read(busy, "expert")
    assert "Received" in said
    assert "Service credits" not in said
    assert "Cost" not in said


def test_a_month_that_is_over_is_the_same_bytes_each_time(busy: Any) -> None:
    busy.clock.now += 40 * 86_400_000_000
    first, second = (busy.browser("owner").get(MONTH).content for _ in range(2))
    assert first == second


def test_a_month_of_which_nothing_is_known_is_not_there(busy: Any) -> None:
    for month in ("2025-12", "2026-13", "soon"):
        assert busy.browser("owner").get(MONTH.replace("2026-01", month)).status_code == 404


def test_the_scorecard_leads_to_it(busy: Any) -> None:
    assert MONTH in busy.browser("owner").get("/engagements/payables/").content.decode()
