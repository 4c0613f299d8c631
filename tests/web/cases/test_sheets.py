"""A piece of work as a sheet: a payslip with the sums of the year, a report on groups; figures open, papers print."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from tests.web.beginning import begin

from anyshore.activities.families import ACTIVITIES
from anyshore.activities.memory import MemoryContext
from anyshore.host.intake import reference_data
from anyshore.kernel.commands import Write
from anyshore.knowledge import documents
from anyshore.packs import reading
from anyshore.web.core.models import Assignment, Engagement, Person, Role
from anyshore.web.engine import queries as engine
from anyshore.web.engine import running
from anyshore.web.engine.changes import change
from anyshore.web.engine.running import host
from anyshore.web.site import services

pytestmark = pytest.mark.django_db


@pytest.fixture
def home(tmp_path: Path, settings: Any) -> Iterator[None]:
    settings.HOME, settings.ALLOWED_HOSTS = str(tmp_path), ["testserver"]
    yield
    running.forget()


def ready(name: str) -> Engagement:
    found = services.ready(name).engagement
    pack = reading.named(name)
    for kind in pack.references.values():
        content = (pack.samples / kind.file).read_bytes()
        reference_data.load(host(), found.key, kind.name, kind.read(content, kind.file), kind.file)
    return found


def comes(engagement: Engagement, variables: dict[str, Any]) -> int:
    number = begin(person(engagement, Role.MANAGER), engagement.key, engagement.key, variables=variables)
    host().work()
    return number


def person(engagement: Engagement, role: str) -> Person:
    side = engagement.client if role == Role.OWNER else engagement.provider
    return Person.objects.filter(memberships__role=role, memberships__organisation=side).order_by("pk")[0]


def browser(engagement: Engagement, role: str = Role.MANAGER, language: str = "en") -> Client:
    made = Client(headers={"accept-language": language})
    who = person(engagement, role)
    who.language = language
    who.save()
    made.force_login(who)
    return made


def test_a_payslip_shows_month_and_year_and_opens_its_figures(home: None) -> None:
    payroll = ready("payroll")
    for day in ("2026-01-31", "2026-02-28"):
        last = comes(payroll, {"employee": "1001", "month": day, "hours": 160})
    page = browser(payroll).get(f"/cases/{last}/sheet/").content.decode()
    assert "Wage tax" in page
    assert "<code>" in page
    assert "§" in page
    told = {}
    for row in page.split("<tr>")[2:]:
        cells = [one.split("</td>")[0].split(">", 1)[1].strip() for one in row.split("<td")[2:]]
        told[row.split("<summary>")[-1].split("</summary>")[0]] = cells
    month, year = (float(one.replace(",", "")) for one in told["Gross pay"])
    assert year == 2 * month > 0
    german = browser(payroll, language="de").get(f"/cases/{last}/").content.decode()
    assert "Entgeltabrechnung" in german
    for language, word in (("de", "Jahreswerte 2026"), ("en", "Sums of the year 2026")):
        paper = browser(payroll).get(f"/cases/{last}/sheet/{language}/")
        assert paper["Content-Type"] == "application/pdf"
        text = documents.read(paper.content, "payslip.pdf").text
        assert word in " ".join(text.split())
        for known in ("Baustraße 7", "Gartenweg 3", "65120685B012", "01123456782", "Muster BKK"):
            assert known in text
        assert (f"{year:,.2f}" if language == "en" else f"{year:,.2f}".translate(str.maketrans(",.", ".,"))) in text
    Assignment.objects.filter(person=person(payroll, Role.EXPERT)).delete()
    assert browser(payroll, Role.EXPERT).get(f"/cases/{last}/sheet/").status_code in (403, 404)


def test_adverse_impact_is_shown_in_sums_and_small_groups_are_not(home: None) -> None:
    recruiting = ready("recruiting")
    for group, applied, selected in (("women", 10, 2), ("men", 10, 9), ("diverse", 2, 1), ("not said", 1, 0)):
        for place in range(applied):
            declared = {"characteristic": "sex", "group": group, "selected": place < selected, "period": "2026"}
            begin(person(recruiting, Role.MANAGER), "recruiting", "recruiting", variables=declared)
    number = comes(recruiting, {"characteristic": "sex", "period": "2026"})
    owner = browser(recruiting, Role.OWNER)
    page = owner.get(f"/cases/{number}/sheet/").content.decode()
    assert "women" in page
    assert "0.2222" in page
    assert "diverse" not in page
    assert "2 groups" in page
    assert owner.get(f"/cases/{number}/sheet/en/").status_code == 404, "it has no paper"


def test_a_production_set_is_downloaded_once_nothing_stands_against_it(home: None) -> None:
    review = ready("document-review")
    content = b"From: a@one.example\nSubject: Price\nDate: Mon, 24 Mar 2025 09:12:00 +0100\n\nTen euros.\n"
    with host().store.transaction() as tx:
        tx.put_document(review.key, "d1", "1.eml", content)
    read = ACTIVITIES["documents.read"]
    told = read.run({"documents": [{"document": "d1", "name": "1.eml"}]}, MemoryContext(documents={"d1": content}))
    number = comes(review, {"brief": {"question": "All about the price"}})
    manager = person(review, Role.MANAGER)
    row, _ = engine.instance(manager, number)

    def decided(**changed: Any) -> int:
        values = {
            "items": told["items"], "first_codes": "", "second_codes": "", "final_codes": "D0001: responsive",
            "again": [], "prefix": "KM", "production": {"ready": True}, **changed,
        }  # fmt: skip
        change(row, lambda _: Write(at=host().clock(), by=manager.email, variables=values))
        return browser(review).get(f"/cases/{number}/sheet/en/").status_code

    assert decided(production={"ready": False}) == 404
    assert decided(final_codes="D0001: responsive, privileged") == 422, "whatever was ready before"
    assert decided() == 200
    page = browser(review).get(f"/cases/{number}/sheet/").content.decode()
    assert "KM000001" in page
    assert "PDF in German" not in page
    file = browser(review, language="de").get(f"/cases/{number}/sheet/de/")
    assert (file["Content-Type"], file["Content-Disposition"].split(";")[0]) == ("application/zip", "attachment")
    with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
        assert archive.read("VOL001/NATIVES/KM000001.eml") == content
