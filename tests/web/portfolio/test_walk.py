"""A sourcing manager in a browser: from an Excel list and a ticket export to a signed paper, and a month later."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import openpyxl
import pypdfium2
import pytest
from tests.web.conftest import Clock, build, full
from tests.web.test_browser import Visit, browser  # noqa: F401 - a fixture

from anyshore.web.engine import running

pytestmark = pytest.mark.django_db(transaction=True)
ROWS = (
    ("activity", "client_country", "data_class", "driven_by", "process", "coordination", "event_log"),
    ("Match supplier invoices", "DE", "internal", "rules", "predefined", "low", None),
    ("Answer tickets", "DE", "internal", None, None, None, "tickets.csv"),
)
TICKETS = "ticket;step;when\n" + "".join(
    f"{case};{step};{1 + case % 28:02d}.01.2026 {9 + place}:00\n"
    for case in range(150)
    for place, step in enumerate(("opened", "answered", "closed"))
)
SITES = "site,country,risk\nLeipzig,DE,0.2\nPune,IN,0.2\n"
RATES = "role,site,currency,rate,from,source\nclerk,DE,EUR,40,2026-01-01,own\nclerk,IN,EUR,9,2026-01-01,offer\n"
CASE = (
    "activity,site,quantity,low,mode,high,source,year\n"
    "Match supplier invoices,,baseline volume,24000,,,own ledger,2025\n"
    "Match supplier invoices,,baseline unit cost,6.00,,,own ledger,2025\n"
    "Match supplier invoices,Pune,price per item,1.50,,,offer,2025\n"
)
MONTH = 31 * 86_400_000_000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """What the client has: a list in Excel, an export of its ticket system, offers, and the case."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in ROWS:
        sheet.append(row)
    book.save(tmp_path / "work.xlsx")
    for name, text in (("tickets.csv", TICKETS), ("sites.csv", SITES), ("rates.csv", RATES), ("case.csv", CASE)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_from_an_excel_list_to_a_signed_paper_and_a_month_later(
    live_server: Any,
    browser: Any,  # noqa: F811 - the fixture
    folder: Path,
) -> None:
    world = full(build(Clock()))
    try:
        visit = Visit(browser, live_server.url)
        visit.sign_in("owner@example.org")
        _decide(visit, folder)
        _settle(visit)
        _paper(visit)
        _hold(visit)
        world.clock.now += MONTH
        visit.page.reload()
        assert "From planned to actual cost" in visit.page.content()
        assert visit.page.get_by_text("planned until now").is_visible()
        assert visit.complaints == []
    finally:
        running.forget()


def _decide(visit: Visit, folder: Path) -> None:
    page = visit.page
    page.get_by_role("link", name="Sourcing").first.click()
    page.get_by_label("Activities", exact=True).set_input_files(folder / "work.xlsx")
    page.get_by_role("button", name="Decide").click()
    page.get_by_role("link", name="Evidence", exact=True).click()
    page.get_by_label("Event log").set_input_files(folder / "tickets.csv")
    page.get_by_label("Column of the time").fill("when")
    page.get_by_label("Sites").set_input_files(folder / "sites.csv")
    page.get_by_label("Rate card").set_input_files(folder / "rates.csv")
    page.get_by_role("button", name="Decide again").click()
    page.wait_for_load_state("networkidle")
    page.get_by_role("link", name="Evidence", exact=True).click()
    assert page.get_by_text("150 cases").is_visible()
    page.get_by_role("link", name="Business case").first.click()
    page.get_by_label("Business case").set_input_files(folder / "case.csv")
    page.get_by_label("First day").fill("2026-01-01")
    page.get_by_label("Years").fill("3")
    page.get_by_role("button", name="Draw").click()
    page.wait_for_load_state("networkidle")
    assert page.locator("svg").count() >= 2


def _settle(visit: Visit) -> None:
    page = visit.page
    page.locator(".eyebrow a").first.click()
    page.get_by_role("link", name="Match supplier invoices").click()
    page.get_by_label("Kind").select_option("BPO")
    page.get_by_label("Shore").select_option("offshore")
    page.get_by_label("Reason").fill("The offer from Pune, and nothing in it needs our own people.")
    page.get_by_role("button", name="Settle").click()
    page.wait_for_load_state("networkidle")


def _paper(visit: Visit) -> None:
    page = visit.page
    page.goto(f"{visit.address}/sourcing/1/")
    with page.expect_download() as started:
        page.get_by_role("link", name="Decision paper (PDF)").click()
    document = pypdfium2.PdfDocument(io.BytesIO(Path(started.value.path()).read_bytes()))
    text = " ".join("".join(one.get_textpage().get_text_bounded() for one in document).split())
    assert "Match supplier invoices" in text
    assert "Owner" in text, "the paper names who settled it"


def _hold(visit: Visit) -> None:
    page = visit.page
    page.goto(f"{visit.address}/engagements/payables/benefits/")
    page.get_by_label("Activity and site of the case").select_option(index=0)
    page.get_by_role("button", name="Hold").click()
    page.wait_for_load_state("networkidle")
    assert page.get_by_text("No month of the case is over yet.").is_visible()
