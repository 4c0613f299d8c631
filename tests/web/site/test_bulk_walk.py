"""In a real browser: a file is decided at once, a person works an exception, a row is opened again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.web.conftest import PASSWORD
from tests.web.site.test_bulks import pack, rows
from tests.web.site.test_recruiting import person
from tests.web.site.test_recruiting_walk import Walker
from tests.web.test_browser import browser  # noqa: F401 - a fixture

from anyshore.web.core.models import Engagement, Role
from anyshore.web.engine import running
from anyshore.web.engine.models import Instance
from anyshore.web.site import services

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def engagement(tmp_path: Path, settings: Any) -> Iterator[Engagement]:
    settings.HOME = str(tmp_path)
    made = services.ready(str(pack(tmp_path))).engagement
    for role in (Role.AGENT, Role.MANAGER):
        one = person(made, role)
        one.set_password(PASSWORD)
        one.save()
    yield made
    running.forget()


def test_a_file_is_decided_and_its_exceptions_are_worked(
    live_server: Any, browser: Any, engagement: Engagement, tmp_path: Path  # noqa: F811
) -> None:  # fmt: skip
    manager, agent = Walker(browser, live_server.url), Walker(browser, live_server.url)
    manager.sign_in(person(engagement, Role.MANAGER).email)
    page = manager.page
    page.goto(f"{live_server.url}/engagements/{engagement.key}/received/")
    page.get_by_role("link", name="Batches").click()
    page.locator("input[type=file]").set_input_files(str(rows(tmp_path)))
    with page.expect_navigation():
        page.get_by_role("button", name="Decide it").click()
    page.wait_for_url("**/batches/*/")
    assert page.get_by_role("row", name="Through without a person 24").is_visible()
    assert page.get_by_role("row", name="Decide 16", exact=True).is_visible()
    address = page.url
    agent.sign_in(person(engagement, Role.AGENT).email)
    agent.next("Decide the request", decision="refuse", reason="Too much.")
    assert Instance.objects.order_by("pk")[0].reference == "R-4"
    page.goto(address)
    assert page.get_by_role("row", name="Decide 14", exact=True)  # the next one was given at once.is_visible()
    page.get_by_label("Number of the row").fill("1")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url("**/rows/1/")
    assert page.get_by_role("row", name="number R-1", exact=False).first.is_visible()
    page.get_by_label("Why?").fill("The amount was 200.")
    page.get_by_label("Column to put right").fill("amount")
    page.get_by_label("New value, in FEEL").fill("200")
    with page.expect_navigation():
        page.get_by_role("button", name="Open it again").click()
    page.wait_for_url("**/cases/*/")
    assert Instance.objects.filter(status="active").count() == 2
    assert manager.complaints == agent.complaints == []
