"""axe-core on every page: nothing serious or critical, in both languages, wide and narrow, light and dark."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from tests.web import pseudo
from tests.web.routed import HOST, Browser, chromium
from tests.web.test_access import PAGES, expected, said, scene  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db

GRAVE = {"serious", "critical"}
NO_PAGE = {"portfolio-sample", "engagement-ledger", "check-keys"}
FILES = ("-svg", "-pdf", "-xlsx", "-xml", "-file", "-document")
"""Names of files, and how others end."""
WAYS = [("en", 1280, "dark"), ("de", 390, "light"), ("de", 1280, "light"), ("en", 390, "dark")]
"""Language, width, colours; every other page is looked at in each pair of colours."""
EVERY = os.environ.get("ANYSHORE_AXE") == "all"
"""Look at every page in every way, for everybody who is shown it: a matter of minutes."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as found:
        yield found


def shown() -> list[tuple[str, str | None]]:
    """Every page with everybody who is shown it."""
    return [
        (name, role)
        for name, (method, _arguments, _body, statuses) in PAGES.items()
        if method == "get" and name not in NO_PAGE and not name.endswith(FILES)
        for role, status in expected(statuses)
        if status == 200
    ]


def walks() -> list[tuple[str, str | None, str, int, str]]:
    """Every page for the first who is shown it, one language, width and pair of colours after the other."""
    if EVERY:
        return [(name, role, *way, one) for name, role in shown() for *way, _ in WAYS for one in ("light", "dark")]
    first: dict[str, str | None] = {}
    for name, role in shown():
        first.setdefault(name, role)
    return [(name, role, *way) for (name, role), way in zip(first.items(), cycle(WAYS))]


def grave(page: Any) -> list[str]:
    """What axe finds that keeps somebody out."""
    import axe_playwright_python

    page.add_script_tag(path=str(Path(axe_playwright_python.__file__).with_name("axe.min.js")))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{one['id']}: {node['html'][:200]}"
        for one in found["violations"]
        if one["impact"] in GRAVE
        for node in one["nodes"]
    ]


def problems(
    scene: Any,  # noqa: F811
    browser: Browser,
    name: str,
    role: str | None,
    language: str,
    width: int,
    colours: str,
) -> list[str]:
    address = HOST + reverse(name, kwargs=said(scene, PAGES[name][1]))

    def walk(page: Any) -> list[str]:
        page.goto(address, wait_until="domcontentloaded")
        return grave(page)

    return browser.walk(scene.browser(role), walk, width=width, locale=language, color_scheme=colours)


def test_no_page_keeps_anybody_out(scene: Any, browser: Browser) -> None:  # noqa: F811
    found = [f"{name} {way}: {one}" for name, *way in walks() for one in problems(scene, browser, name, *way)]
    assert found == [], "\n".join(found)


NOT_YET = {
    "portfolio-activity": "what evidence says of itself", "portfolio-typed": "columns of a file",
    "dashboard": "names of figures", "engagement": "what the terms say", "engagement-objective": "what the terms say",
    "invoice-line": "what the terms say", "portfolio": "what is concluded from evidence",
}  # fmt: skip
"""Pages that also tell what engines say by themselves, in both languages or in that of a file."""


def test_every_page_is_told_in_the_language_of_its_reader(scene: Any) -> None:  # noqa: F811
    left: list[str] = []
    with pseudo.spoken():
        for name, role in {name: role for name, role in reversed(shown()) if name not in NOT_YET}.items():
            address = reverse(name, kwargs=said(scene, PAGES[name][1]))
            answer = scene.browser(role).get(address, headers={"accept-language": "de"})
            if answer.headers["Content-Type"].startswith("text/html"):
                left += [f"{name}: {one}" for one in pseudo.outside(answer.content.decode())]
    assert left == [], "\n".join(left)


def test_a_text_that_is_not_translated_is_found() -> None:
    page = "<html><body><h1>⟦My work⟧</h1><p title='Never translated'>⟦Done⟧ <code>code</code></p></body></html>"
    assert pseudo.outside(page) == ["Never translated"]


WIDER = """() => [...document.querySelectorAll(".scroll")].filter((one) => one.scrollWidth > one.clientWidth + 2)
  .map((one) => one.textContent.trim().slice(0, 40))"""


@pytest.mark.parametrize("name", ["invoice", "engagement", "instances", "versions", "reviews"])
def test_no_amount_and_no_status_is_cut_off_on_a_phone(scene: Any, browser: Browser, name: str) -> None:  # noqa: F811
    role = next(role for one, role in shown() if one == name)
    address = HOST + reverse(name, kwargs=said(scene, PAGES[name][1]))

    def walk(page: Any) -> Any:
        page.goto(address, wait_until="load")
        return page.evaluate(WIDER)

    assert browser.walk(scene.browser(role), walk, width=390, locale="en") == []
