"""A portfolio as a whole in the browser: drawn, written, handed on."""

from __future__ import annotations

from typing import Any

import pypdfium2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from anyshore.base.tables import open_table
from anyshore.base.tables.headers import Column
from anyshore.sourcing import portfolio as reading
from anyshore.terms import reading as terms
from anyshore.web.portfolio.models import Decided, Portfolio

SAMPLE = reading.__file__.replace("portfolio.py", "samples/portfolio.csv")


@pytest.fixture
def decided(world: Any) -> Any:
    with open(SAMPLE, "rb") as file:
        content = SimpleUploadedFile("activities.csv", file.read(), "text/csv")
    answer = world.browser("owner").post("/sourcing/", {"organisation": world.client.pk, "file": content})
    assert answer.status_code == 302
    return world


def settled(world: Any, **wanted: str) -> Decided:
    one = Decided.objects.exclude(shore="").filter(kind="BPO").exclude(shore="none allowed").first()
    body = {"kind": one.kind, "shore": one.shore, "reason": "as the rules say"} | wanted
    assert world.browser("owner").post(f"/sourcing/activities/{one.pk}/", body).status_code == 302
    one.refresh_from_db()
    return one


def test_the_page_draws_the_ten_differences_and_a_map_that_leads_on(decided: Any) -> None:
    found = Portfolio.objects.get()
    page = decided.browser("owner").get(f"/sourcing/{found.pk}/comparison/").content.decode()
    assert page.count("<svg") >= 2
    assert "Driving force" in page
    for one in found.decided.all():
        assert f"/sourcing/activities/{one.pk}/" in page
    german = decided.browser("owner")
    german.post("/language/", {"language": "de"})
    assert "Triebkraft" in german.get(f"/sourcing/{found.pk}/comparison/").content.decode()


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("comparison.svg", b"<svg"),
        ("map.svg", b"<svg"),
        ("comparison.pdf", b"%PDF"),
        ("paper.pdf", b"%PDF"),
        ("portfolio.xlsx", b"PK"),
    ],
)
def test_files_of_a_portfolio_are_downloaded_by_who_may_see_it(decided: Any, name: str, start: bytes) -> None:
    found = Portfolio.objects.get()
    answer = decided.browser("owner").get(f"/sourcing/{found.pk}/{name}")
    assert answer.status_code == 200
    assert answer.content.startswith(start)
    assert name in answer.headers["Content-Disposition"]
    assert decided.browser("owner").get(f"/sourcing/{found.pk + 999}/{name}").status_code == 404


def test_the_paper_has_two_pages_and_the_name_of_who_settled(decided: Any) -> None:
    one = settled(decided)
    found = Portfolio.objects.get()
    pdf = pypdfium2.PdfDocument(decided.browser("owner").get(f"/sourcing/{found.pk}/paper.pdf").content)
    texts = [page.get_textpage().get_text_range() for page in pdf]
    pdf.close()
    assert len(texts) == 2
    assert str(one.settled_by) in texts[1]


def test_the_workbook_has_every_activity_and_is_read_again(decided: Any) -> None:
    settled(decided, reason="ours")
    found = Portfolio.objects.get()
    content = decided.browser("owner").get(f"/sourcing/{found.pk}/portfolio.xlsx").content
    table = open_table(
        content, [Column("activity"), Column("settled kind"), Column("reason")], "p.xlsx", unknown="ignore"
    )
    rows = [(row.text("activity"), row.text("settled kind")) for row in table]
    assert [name for name, _kind in rows] == list(found.decided.values_list("activity", flat=True))
    assert [kind for _name, kind in rows if kind] == ["BPO"]


def test_a_settled_decision_becomes_draft_terms_in_one_step(decided: Any) -> None:
    one = settled(decided)
    browser, address = decided.browser("owner"), f"/sourcing/activities/{one.pk}/"
    assert f"{address}terms.yaml" in browser.get(address).content.decode()
    answer = browser.get(f"{address}terms.yaml")
    found = terms.loads(answer.content.decode())
    assert found.shores == (one.settled_shore,)
    assert found.client.name == decided.client.name
    assert found.time_zone == "Europe/Berlin"


def test_what_is_not_settled_is_no_draft(decided: Any) -> None:
    one = Decided.objects.filter(kind="BPO").first()
    assert decided.browser("owner").get(f"/sourcing/activities/{one.pk}/terms.yaml").status_code == 422
    Decided.objects.filter(pk=settled(decided).pk).update(data={})
    again = Decided.objects.exclude(settled_kind="").first()
    assert decided.browser("owner").get(f"/sourcing/activities/{again.pk}/terms.yaml").status_code == 422
