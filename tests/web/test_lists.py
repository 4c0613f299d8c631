"""Every list over REST comes in sheets that together are the whole."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.host.test_starters import every, process
from tests.web.test_access import scene  # noqa: F401 - a fixture

from anyshore.host import starters
from anyshore.web.accounts import tokens
from anyshore.web.intake import channels
from anyshore.web.site.api import api
from anyshore.web.webhooks import actions as webhooks

pytestmark = pytest.mark.django_db

LISTS = ("/api/me/tokens", "/api/instances", "/api/work", "/api/incidents", "/api/starters", "/api/versions",
         "/api/engagements", "/api/notifications", "/api/engagements/payables/webhooks",
         "/api/cases/3/comments", "/api/people", "/api/interests",
         "/api/engagements/payables/received", "/api/engagements/payables/channels",
         "/api/engagements/payables/references/payables/approved-seller",
         "/api/engagements/payables/objectives/payables/decided/cases",
         "/api/engagements/payables/invoices/2026-01/lines/1/cases")  # fmt: skip

# Walked in sheets where there is something to list.
ELSEWHERE = {
    "/api/engagements/payables/learning/{service}": "tests/web/learning/test_courses.py",
    "/api/engagements/payables/batches": "tests/web/intake/test_batches.py",
    "/api/engagements/payables/documents": "tests/web/engagements/test_documents.py",
}


@pytest.mark.parametrize("address", LISTS)
def test_a_list_comes_in_sheets_that_together_are_the_whole(scene: Any, address: str, tmp_path: Path) -> None:  # noqa: F811
    for _ in range(2):
        channels.add(scene.engagement, "payables", "folder", {"path": str(tmp_path)})
    browser = scene.browser("manager")
    for text in ("First @owner @manager", "Second @manager", "Third @manager"):
        comment = {"text": text.replace("@manager", "@manager@example.org").replace("@owner", "@owner@example.org")}
        browser.post("/api/cases/3/comments", comment, content_type="application/json")
        interest = {"party": text, "relation": "holding"}
        browser.post("/api/interests", interest, content_type="application/json")
    for name in ("nightly", "weekly"):
        tokens.issue(scene.people["manager"], name)
        webhooks.add(scene.people["manager"], "payables", f"https://hooks.example.org/{name}", [])
    nightly = scene.host.deploy("nightly", process(s=every("R/PT1H")))
    for service in ("payables", "books"):
        starters.open_all(scene.host, nightly, engagement="payables", service=service)
    reader = scene.browser(
        "owner" if address == "/api/notifications" else "agent" if address == "/api/work" else "manager"
    )

    def rows(answer: Any) -> list[Any]:
        inside = "waiting" if address == "/api/work" else "cases" if address.endswith("/cases") else ""
        return answer.json()[inside] if inside else answer.json()

    whole = rows(reader.get(address))
    found, following = [], f"{address}?limit=1"
    while following:
        answer = reader.get(following)
        assert len(rows(answer)) <= 1
        found += rows(answer)
        link = answer.headers.get("Link", "")
        following = link.partition(">")[0].removeprefix("<http://testserver")
    assert found == whole
    assert whole
    assert reader.get(f"{address}?limit=501").status_code == 422


def test_every_list_is_among_them() -> None:
    paths = api.get_openapi_schema(path_prefix="/api/")["paths"]
    paged = {
        path.replace("{number}", "3")
        .replace("{key}", "payables")
        .replace("{service}/{kind}", "payables/approved-seller")
        .replace("{service}/{objective}", "payables/decided")
        .replace("{month}/lines/{line}", "2026-01/lines/1")
        for path, methods in paths.items()
        if {"page", "limit"} <= {one["name"] for one in methods.get("get", {}).get("parameters", [])}
    }  # fmt: skip
    assert paged == {*LISTS, *ELSEWHERE}
    named = {path for path, methods in paths.items() if methods.get("get", {}).get("summary", "").startswith("List")}
    assert len(named) == len(paged)
