"""The reviewer's desk: suggestions beside the clauses, an answer kept from the page and over REST."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import reverse
from tests.web.routed import HOST, Browser, chromium

from anyshore.base.errors import DataError
from anyshore.web.cases import findings
from anyshore.web.review import actions, queries, suggestions


def test_suggestions_are_shown_and_are_no_findings(desk: Any, settings: Any, tmp_path: Any) -> None:
    from anyshore.knowledge import documents
    from anyshore.knowledge.clauses import label

    settings.HOME = tmp_path
    wait = desk.take("lead", "first_review")
    assert queries.desk(desk.person("lead"), desk.number, wait)["model"] is None
    contracts = []
    for n in range(12):
        law = f"This Agreement is governed by the laws of country number {n}, without its conflict rules."
        price = f"The buyer pays the price of {n} euro within thirty days."
        text = f"1. Price. {price}\n\n2. Law. {law}\n\n3. Other words of it."
        contracts.append(label(documents.read(text.encode(), f"c{n}"), {"Governing Law": [law]}))
    trained = suggestions.learn(contracts)
    assert trained.recall == pytest.approx(1)
    shown = queries.desk(desk.person("lead"), desk.number, wait)
    assert shown["model"].hash == trained.hash
    card = next(one for one in shown["cards"] if one["kind"] == "Governing Law")
    assert "laws of Switzerland" in card["suggested"][0]["quote"]
    assert findings.claims_of(desk.case()) == []
    assert not card["complete"]
    page = desk.world.browser("lead").get(reverse("review-desk", args=[desk.number, wait])).content.decode()
    assert trained.hash[:12] in page
    (tmp_path / "models" / f"clauses-{trained.hash}.zip").write_bytes(b"something else")
    suggestions._load.cache_clear()
    suggestions.Suggestions.objects.all().delete()
    with pytest.raises(DataError, match="not the one"):
        queries.desk(desk.person("lead"), desk.number, wait)


def test_an_answer_is_kept_from_the_page_and_over_rest(desk: Any) -> None:
    wait = desk.take("lead", "first_review")
    browser = desk.world.browser("lead")
    address = reverse("review-answer", args=[desk.number, wait])
    given = {"kind": "Governing Law", "value": "foreign", "quote": "laws of Switzerland"}
    assert browser.post(address, given).status_code == 302
    shown = browser.post(address, given | {"quote": "laws of Mars"}, headers={"hx-request": "true"})
    assert "does not say this" in shown.content.decode()
    assert "laws of Mars" in shown.content.decode()
    rest = browser.put(
        f"/api/work/{desk.number}/{wait}/review", {"clause": "Insurance", "answer": "absent"},
        content_type="application/json",
    )  # fmt: skip
    assert rest.status_code == 204
    assert {one.question for one in actions.begin(desk.person("lead"), desk.number, wait).drafts.all()} == {
        "Governing Law", "Insurance",
    }  # fmt: skip


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


def test_answers_are_taken_back_words_are_selected_and_time_runs(desk: Any, browser: Browser) -> None:
    address = f"{HOST}/work/{desk.number}/{desk.take('lead', 'first_review')}/review/"

    def walk(page: Any) -> dict[str, Any]:
        page.goto(address, wait_until="networkidle")
        page.keyboard.press("j")
        with page.expect_response("**/answer/"):
            page.keyboard.press("3")
        page.wait_for_selector("#place-1.completed")
        page.keyboard.press("u")
        page.wait_for_selector("#place-1:not(.completed)")
        page.wait_for_function("document.querySelector('#progress').textContent.trim().startsWith('0')")
        page.keyboard.press("k")
        with page.expect_response("**/answer/"):
            page.keyboard.press("2")
        page.wait_for_selector("[id='Governing Law'] .badge.warn")
        with page.expect_response("**/answer/"):
            page.evaluate(
                """() => {
                  const all = [...document.querySelectorAll(".passage")];
                  const words = all.find((one) => one.textContent.includes("laws of"));
                  const range = document.createRange();
                  range.selectNodeContents(words);
                  const chosen = window.getSelection(); chosen.removeAllRanges(); chosen.addRange(range);
                  words.dispatchEvent(new MouseEvent("mouseup", { bubbles: true }));
                }"""
            )
        page.wait_for_selector("#place-1.completed")
        return {
            "quote": page.locator("[id='Governing Law'] [name=quote]").input_value(),
            "time": page.locator("[data-minutes]").input_value(),
            "chips": page.locator("[id='Governing Law'] .chip").count(),
        }

    seen = browser.walk(desk.world.browser("lead"), walk)
    assert "laws of Switzerland" in seen["quote"]
    assert seen["time"].startswith("0:0")
    assert seen["chips"] > 0
