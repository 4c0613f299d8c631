"""The reviewer's desk: suggestions beside the clauses, an answer kept from the page and over REST."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

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
