"""A real browser over a folder: nothing else is contacted, pages stay, frames are looked into, axe-core says where."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from anyshore.base.errors import DataError, HostError
from anyshore.host.websites import axe, browser
from anyshore.host.websites.folder import Folder
from anyshore.website.checks import accessibility

HEAD = "<!doctype html><html lang=en><title>x</title>"
STRICT = "<meta http-equiv=Content-Security-Policy content=\"default-src 'none'\">"
PAGES = {
    "good.html": f"{HEAD}<main><h1>Good</h1><img src=i.png alt='A dot'></main>",
    "bad.html": "<!doctype html><html><main><h1>Bad</h1><img id=hero src=i.png></main>",
    "leaves.html": f"{HEAD}<meta http-equiv=refresh content='1; url=good.html'><main><h1>hi</h1></main>",
    "frame.html": f"{HEAD}<main><h1>x</h1><iframe title=in src=bad.html></iframe></main>",
    "strict.html": f"{HEAD}{STRICT}<main><h1>x</h1><img id=hero src=i.png></main>",
    "modal.html": f"{HEAD}<main><h1>x</h1><img id=behind src=i.png><dialog><img id=within src=i.png></dialog></main>"
    "<script>document.querySelector('dialog').showModal()</script>",
    "signs.html": f"{HEAD}<main><h1>x</h1><p id=signs style='color:#000;background:#666'>---- ==== ++++</p>"
    "<p id=words style='color:#000;background:#666'>words</p></main>",
    "labels.html": f"{HEAD}<main><h1>x</h1><button id=a aria-label=Next>Next…</button>"
    "<a id=b href='#' aria-label='University Avenue'>University Ave.</a><a id=c href='#' aria-label='just ice'>justice"
    "</a></main>",
    "data.xml": "<math lang='en'>The quick brown fox</math>",
    "asks.html": f"{HEAD}<script src='http://elsewhere.example/x.js'></script><main><h1>x</h1></main>",
}


@pytest.fixture(scope="module")
def asked() -> list[str]:
    return []


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    root = tmp_path_factory.mktemp("site")
    for name, text in PAGES.items():
        (root / name).write_text(text)
    return Folder(root)


@pytest.fixture(scope="module")
def shown(site: Folder, asked: list[str]) -> Iterator[browser.Browser]:
    if not browser.CHROMIUM.exists():
        pytest.skip(f"no browser: {browser.CHROMIUM} is absent (set ANYSHORE_CHROMIUM)")
    pytest.importorskip("playwright.sync_api", reason="no browser: playwright is not installed")

    def fetch(address: str) -> Any:
        asked.append(address)
        return site(address)

    with browser.opened(fetch, seconds=20) as found:
        yield found


def found(shown: browser.Browser, site: Folder, name: str) -> list[tuple[str, str]]:
    told = shown.walk(site.address(name), axe.run)
    return [(one.code, one.place) for one in accessibility.findings(name, told) if one.weight == "fault"]


def test_axe_says_what_is_wrong_and_where(shown: browser.Browser, site: Folder) -> None:
    assert found(shown, site, "good.html") == []
    assert found(shown, site, "bad.html") == [
        ("document-title", "html"), ("html-has-lang", "html"), ("image-alt", "#hero"),
    ]  # fmt: skip
    assert ("image-alt", "iframe » #hero") in found(shown, site, "frame.html")
    assert found(shown, site, "strict.html") == [("image-alt", "#hero")]


def test_what_a_modal_dialog_makes_inert_is_left_out(shown: browser.Browser, site: Folder) -> None:
    assert found(shown, site, "modal.html") == [("image-alt", "#within")]


def test_signs_are_for_a_person_and_plain_data_is_no_page(shown: browser.Browser, site: Folder) -> None:
    assert found(shown, site, "signs.html") == [("color-contrast", "#words")]
    assert found(shown, site, "data.xml") == []


def test_a_label_that_is_nearly_the_name_is_for_a_person(shown: browser.Browser, site: Folder) -> None:
    told = shown.walk(site.address("labels.html"), axe.run)
    by = {kind: [one["nodes"] for one in told[kind] if one["id"] == "label-content-name-mismatch"] for kind in told}
    assert [one["target"] for nodes in by["violations"] for one in nodes] == [["#c"]]
    assert [one["target"] for nodes in by["incomplete"] for one in nodes] == [["#b"]]  # "Next…" is "Next" to axe-core


def test_a_page_that_leaves_stays(shown: browser.Browser, site: Folder) -> None:
    def walk(page: Any) -> list[str]:
        page.wait_for_timeout(1_500)  # it would have left by then
        return [page.url, *(one["id"] for one in axe.run(page)["violations"])]

    address, *rules = shown.walk(site.address("leaves.html"), walk)
    assert address == site.address("leaves.html")
    assert "meta-refresh" in rules


def test_other_hosts_are_not_contacted_and_pages_are_not_awaited_for_ever(
    shown: browser.Browser, site: Folder, asked: list[str]
) -> None:
    assert found(shown, site, "asks.html") == []
    assert "http://elsewhere.example/x.js" in asked
    assert site("http://elsewhere.example/x.js") is None
    with pytest.raises(DataError):
        shown.walk(site.address("good.html"), lambda page: page.wait_for_selector("#never", timeout=200))


def test_a_folder_gives_nothing_outside_it(site: Folder, tmp_path: Path) -> None:
    (site.root.parent / "secret.html").write_text("secret")
    assert site(site.address("../secret.html")).status == 404  # type: ignore[union-attr]
    assert site(site.address("none.html")).status == 404  # type: ignore[union-attr]
    assert site("http://other.invalid/good.html") is None


def test_without_a_browser_it_is_said(monkeypatch: pytest.MonkeyPatch, site: Folder, tmp_path: Path) -> None:
    monkeypatch.setattr(browser, "CHROMIUM", tmp_path / "none")
    with pytest.raises(HostError), browser.opened(site):
        pass
