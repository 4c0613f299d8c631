"""Which activity goes out, as what, to which shore: decided by rules, settled by people."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from anyshore.sourcing import portfolio as reading
from anyshore.web.core.models import AuditEntry
from anyshore.web.portfolio.models import Decided, Portfolio

SAMPLE = reading.__file__.replace("portfolio.py", "samples/portfolio.csv")


def upload(world: Any, content: bytes, who: str = "owner") -> Any:
    file = SimpleUploadedFile("activities.csv", content, "text/csv")
    return world.browser(who).post("/sourcing/", {"organisation": world.client.pk, "file": file})


@pytest.fixture
def decided(world: Any) -> Any:
    with open(SAMPLE, "rb") as file:
        assert upload(world, file.read()).status_code == 302
    return world


def test_the_sample_is_decided_with_reasons(decided: Any) -> None:
    found = Portfolio.objects.get()
    page = decided.browser("owner").get(f"/sourcing/{found.pk}/").content.decode()
    kinds = set(found.decided.values_list("kind", flat=True))
    assert {"BPO", "KPO"} <= kinds
    assert "offshore" in page
    only = decided.browser("owner").get(f"/sourcing/{found.pk}/?kind=KPO").content.decode()
    assert "Contract review" in only
    assert "Payroll" not in only


def test_every_criterion_is_shown_also_the_unknown(decided: Any) -> None:
    one = Decided.objects.get(activity="Supplier onboarding")
    page = decided.browser("owner").get(f"/sourcing/activities/{one.pk}/").content.decode()
    assert page.count("not known") >= 7
    assert "driving force" in page
    german = decided.browser("owner")
    german.post("/language/", {"language": "de"})
    assert "Triebkraft" in german.get(f"/sourcing/activities/{one.pk}/").content.decode()


def test_departing_from_the_rules_needs_a_reason(decided: Any) -> None:
    one = Decided.objects.filter(kind="BPO").first()
    browser, address = decided.browser("owner"), f"/sourcing/activities/{one.pk}/"
    answer = browser.post(address, {"kind": "keep", "shore": "", "reason": ""})
    assert answer.status_code == 422
    assert "otherwise than the rules" in answer.content.decode()
    assert browser.post(address, {"kind": "keep", "shore": "", "reason": "We grow here"}).status_code == 302
    one.refresh_from_db()
    assert (one.settled_kind, one.settled_by.email) == ("keep", "owner@example.org")
    assert AuditEntry.objects.get(action="activity.settled").data["reason"] == "We grow here"


def test_data_stays_where_it_may(decided: Any) -> None:
    one = next(row for row in Decided.objects.exclude(shore="") if "offshore" not in row.data["shores_allowed"])
    body = {"kind": one.kind, "shore": "offshore", "reason": "cheaper"}
    answer = decided.browser("owner").post(f"/sourcing/activities/{one.pk}/", body)
    assert answer.status_code == 422
    assert "may not go to this shore" in answer.content.decode()


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"nonsense", b"activity,client_country,data_class\n"])
def test_a_useless_file_is_refused_with_its_reason(world: Any, content: bytes) -> None:
    answer = upload(world, content)
    assert answer.status_code == 422
    assert 'class="error"' in answer.content.decode()
    assert not Portfolio.objects.exists()


def test_bad_rows_are_kept_as_problems(world: Any) -> None:
    rows = b"activity,client_country,data_class,driven_by\nGood,DE,internal,rules\nBad,Nowhere,internal,rules\n"
    assert upload(world, rows).status_code == 302
    found = Portfolio.objects.get()
    assert found.decided.count() == 1
    assert found.problems[0]["line"] == 3
    assert "line 3" in world.browser("owner").get(f"/sourcing/{found.pk}/").content.decode()


def test_the_provider_does_not_see_the_clients_plans(decided: Any) -> None:
    assert decided.browser("manager").get("/sourcing/").status_code == 403
    assert decided.browser("rival").get(f"/sourcing/{Portfolio.objects.get().pk}/").status_code == 404
