"""Comments that mention people, questions to the client, and what a review hides."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from anyshore.base.errors import CommandRejected
from anyshore.web.core.errors import Denied, Invalid
from anyshore.web.engine.books import entries
from anyshore.web.talk import actions, queries


def test_a_mention_is_told_to_whom_it_names(desk: Any) -> None:
    actions.comment(desk.person("second"), desk.number, "What do you think, @lead and @owner?", "task", "x")
    for name, count in (("lead", 1), ("owner", 1), ("judge", 0)):
        assert queries.notifications(desk.person(name)).exclude(case=0).count() == count
    page = desk.world.browser("lead").get(reverse("notifications")).content.decode()
    assert "What do you think" in page
    desk.world.browser("lead").post(reverse("notifications-read"))
    assert all(one.read for one in queries.notifications(desk.person("lead")))


@pytest.mark.parametrize("text", ["", "  ", "Hello @nobody", "Hello @stranger@example.org"])
def test_a_comment_says_something_to_people_of_the_case(desk: Any, text: str) -> None:
    with pytest.raises(Invalid):
        actions.comment(desk.person("lead"), desk.number, text)


def test_what_a_reviewer_says_is_hidden_until_the_review_is_open(desk: Any) -> None:
    desk.review("lead", "first_review")
    actions.comment(desk.person("lead"), desk.number, "Surely foreign law, @second")
    second = desk.person("second")
    assert list(queries.said(second, desk.number)) == []
    assert list(queries.notifications(second)) == []
    assert len(queries.said(desk.person("lead"), desk.number)) == 1
    desk.review("second", "second_review")
    assert [one.text for one in queries.said(second, desk.number)] == ["Surely foreign law, @second"]
    assert len(queries.notifications(second)) == 1


def test_the_client_answers_on_a_page_of_its_own_and_the_clock_knows(desk: Any) -> None:
    asked = actions.ask(desk.person("lead"), desk.number, "Which side do you stand on?")
    owner = desk.world.browser("owner")
    assert "Which side do you stand on?" in owner.get(reverse("questions")).content.decode()
    with pytest.raises(Denied):
        actions.answer(desk.person("second"), desk.number, asked.pk, "The client's")
    owner.post(reverse("case-answer", args=[desk.number, asked.pk]), {"answer": "We buy."})
    assert "We buy." in desk.world.browser("lead").get(reverse("case-comments", args=[desk.number])).content.decode()
    with pytest.raises(CommandRejected):
        actions.answer(desk.person("owner"), desk.number, asked.pk, "No, we sell.")
    told = [
        (one.type, one.data.get("party")) for one in entries("contract-review") if one.data.get("party") == "client"
    ]
    assert told == [("work.opened", "client"), ("work.completed", "client")]
