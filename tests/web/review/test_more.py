"""Comments, checkpoints, document sets, new versions of sources, staffing, forecasts, suggestions."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from anyshore.base.errors import CommandRejected, DataError
from anyshore.web.cases import deliverable, findings
from anyshore.web.cases import sources as source_actions
from anyshore.web.core.errors import Denied, Invalid
from anyshore.web.core.models import Credential
from anyshore.web.discovery import actions as set_actions
from anyshore.web.discovery import queries as set_queries
from anyshore.web.engine.books import entries
from anyshore.web.forecasts import actions as forecast_actions
from anyshore.web.forecasts.models import Forecast
from anyshore.web.review import actions, queries, suggestions
from anyshore.web.screening import actions as wall_actions
from anyshore.web.staffing import actions as staffing
from anyshore.web.staffing.models import Profile
from anyshore.web.talk import actions as talk_actions
from anyshore.web.talk import queries as talk_queries

from .conftest import PACK, SAMPLE


def test_a_mention_is_told_to_whom_it_names(desk: Any) -> None:
    talk_actions.comment(desk.person("second"), desk.number, "What do you think, @lead and @owner?", "task", "x")
    for name, count in (("lead", 1), ("owner", 1), ("judge", 0)):
        assert len(talk_queries.notifications(desk.person(name))) == count
    page = desk.world.browser("lead").get(reverse("notifications")).content.decode()
    assert "What do you think" in page
    desk.world.browser("lead").post(reverse("notifications-read"))
    assert all(one.read for one in talk_queries.notifications(desk.person("lead")))


@pytest.mark.parametrize("text", ["", "  ", "Hello @nobody", "Hello @stranger@example.org"])
def test_a_comment_says_something_to_people_of_the_case(desk: Any, text: str) -> None:
    with pytest.raises(Invalid):
        talk_actions.comment(desk.person("lead"), desk.number, text)


def test_what_a_reviewer_says_is_hidden_until_the_review_is_open(desk: Any) -> None:
    desk.review("lead", "first_review")
    talk_actions.comment(desk.person("lead"), desk.number, "Surely foreign law, @second")
    second = desk.person("second")
    assert list(talk_queries.said(second, desk.number)) == []
    assert list(talk_queries.notifications(second)) == []
    assert len(talk_queries.said(desk.person("lead"), desk.number)) == 1
    desk.review("second", "second_review")
    assert [one.text for one in talk_queries.said(second, desk.number)] == ["Surely foreign law, @second"]
    assert len(talk_queries.notifications(second)) == 1


def test_the_client_answers_on_a_page_of_its_own_and_the_clock_knows(desk: Any) -> None:
    asked = talk_actions.ask(desk.person("lead"), desk.number, "Which side do you stand on?")
    owner = desk.world.browser("owner")
    assert "Which side do you stand on?" in owner.get(reverse("questions")).content.decode()
    with pytest.raises(Denied):
        talk_actions.answer(desk.person("second"), desk.number, asked.pk, "The client's")
    owner.post(reverse("case-answer", args=[desk.number, asked.pk]), {"answer": "We buy."})
    assert "We buy." in desk.world.browser("lead").get(reverse("case-comments", args=[desk.number])).content.decode()
    with pytest.raises(CommandRejected):
        talk_actions.answer(desk.person("owner"), desk.number, asked.pk, "No, we sell.")
    told = [
        (one.type, one.data.get("party")) for one in entries("contract-review") if one.data.get("party") == "client"
    ]
    assert told == [("work.opened", "client"), ("work.completed", "client")]


def table(rows: int) -> bytes:
    """Every seventh document is about liability; the rest about fruit."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["id", "title", "abstract", "family"])
    for n in range(rows):
        about = "liability damages claim court" if n % 7 == 0 else "apple pear orchard harvest"
        writer.writerow([f"d{n}", f"Document {n}", f"{about} {n}", "mail" if n in (1, 2) else ""])
    return out.getvalue().encode()


def test_a_document_set_is_read_sampled_and_reported(desk: Any) -> None:
    lead = desk.person("lead")
    browser = desk.world.browser("lead")
    upload = SimpleUploadedFile("set.csv", table(210))
    answer = browser.post(reverse("document-sets"), {
        "engagement": "contract-review", "name": "Claims", "question": "Is it about liability?", "target": "0.8",
        "documents": upload,
    })  # fmt: skip
    assert answer.status_code == 302, answer.content.decode()
    [made] = set_queries.sets(lead)
    address = reverse("document-set", args=[made.pk])
    with pytest.raises(CommandRejected):
        set_actions.sample(lead, made.pk)
    while not (state := set_queries.State.of(made)).worth_sampling:
        for key in state.next:
            set_actions.decide(lead, made.pk, key, int(key[1:]) % 7 == 0)
    assert state.found == 30
    assert len(state.relevances) < 130  # of 210
    assert "worth its work" in browser.get(address).content.decode()
    made = set_actions.sample(lead, made.pk)
    assert browser.get(reverse("document-set-report", args=[made.pk])).status_code == 404
    while wanted := set_queries.State.of(made).next:
        browser.post(reverse("document-set-decide", args=[made.pk]), {"document": wanted[0], "relevant": "no"})
    found = set_queries.State.of(made).validation
    assert found.met
    assert found.recall == 1
    report = browser.get(reverse("document-set-report", args=[made.pk])).content.decode()
    assert "the target is shown" in report
    assert "<svg" in report


def test_a_family_is_read_together(desk: Any) -> None:
    lead = desk.person("lead")
    made = set_actions.upload(lead, "contract-review", "Mails", "Liability?", [("set.csv", table(20))])
    for key in ("d0", "d1"):
        set_actions.decide(lead, made.pk, key, key == "d0")
    assert set_queries.State.of(made).next == ("d2",)


@pytest.mark.parametrize(
    "files",
    [[("a.csv", b"x,y\n1,2\n")], [("a.csv", b"\xff\xfe")], [("a.txt", b"one")], [("a.pdf", b"%PDF-1.4 broken")]],
)
def test_what_is_no_set_is_refused(desk: Any, files: list[tuple[str, bytes]]) -> None:
    with pytest.raises(Invalid):
        set_actions.upload(desk.person("lead"), "contract-review", "Set", "Relevant?", files)


def test_a_new_version_makes_findings_stale_until_they_are_anchored_again(desk: Any) -> None:
    desk.review("lead", "first_review")
    desk.review("second", "second_review")
    lead, engagement = desk.person("lead"), desk.world.client.bought.get(key="contract-review")
    old = next(iter(findings.sources(desk.case())))
    text = (PACK / "samples" / SAMPLE).read_text(encoding="utf-8")
    changed = "PREAMBLE\n\n" + text.replace("ninety (90) days", "thirty (30) days")
    source_actions.replace(lead, desk.number, old, "contract-v2.txt", changed.encode())
    [change] = source_actions.changes(desk.case())
    assert len(change.stale) == 7
    assert [one.claim for one in change.proposals if one.refusal] == ["Notice Period To Terminate Renewal"]
    with pytest.raises(DataError, match="source that changed"):
        deliverable.report(desk.case(), engagement)
    assert desk.world.browser("lead").get(reverse("case-sources", args=[desk.number])).status_code == 200
    assert source_actions.reanchor(lead, desk.number) == 6
    [change] = source_actions.changes(desk.case())
    assert [one.claim for one in change.stale] == ["Notice Period To Terminate Renewal"]
    with pytest.raises(Invalid):
        source_actions.replace(lead, desk.number, old, "again.txt", changed.encode())


def test_experts_are_matched_and_only_they_are_given_the_tasks(desk: Any) -> None:
    manager = desk.person("manager")
    [proposal] = staffing.propose(desk.world.client.bought.get(key="contract-review"))
    # The expert of the world has no qualification for this service.
    assert {one.email for one in proposal.people} == {f"{n}@example.org" for n in ("lead", "second", "judge")}
    staffing.assign(manager, "contract-review")
    assert staffing.propose(desk.world.client.bought.get(key="contract-review")) == []
    first = proposal.people[0].email.partition("@")[0]
    others = {"lead", "second", "judge"} - {first}
    for name in others:
        with pytest.raises(Denied):
            desk.take(name, "first_review")
    desk.take(first, "first_review")
    assert talk_queries.notifications(desk.person(first)).exists()


def test_staffing_heeds_walls_qualifications_and_hours(desk: Any) -> None:
    engagement = desk.world.client.bought.get(key="contract-review")
    wall_actions.declare(desk.person("manager"), desk.number, "judge@example.org", "A secret reason")
    [proposal] = staffing.propose(engagement)
    assert proposal.people == ()
    assert "A secret reason" not in " ".join(proposal.why)
    assert not any("judge" in line for line in proposal.why)
    Credential.objects.filter(person=desk.person("second")).delete()
    Profile.objects.create(person=desk.person("lead"), hours=1)
    [proposal] = staffing.propose(engagement)
    told = " ".join(proposal.why)
    assert "no verified qualification contract-review" in told
    assert "1 hours free" in told


def test_forecasts_are_noted_resolved_and_scored(desk: Any) -> None:
    lead, browser = desk.person("lead"), desk.world.browser("lead")
    for event, probability, outcome in (("A", 0.9, True), ("B", 0.2, False), ("C", 0.7, False)):
        made = forecast_actions.make(lead, desk.number, "litigation", event, probability, "2026-12-31")
        forecast_actions.resolve(lead, desk.number, made.pk, outcome)
        with pytest.raises(CommandRejected):
            forecast_actions.resolve(lead, desk.number, made.pk, not outcome)
    page = browser.get(reverse("forecasts")).content.decode()
    assert "0.1800" in page  # (0.01 + 0.04 + 0.49) / 3
    assert "<svg" in page
    address = reverse("case-forecasts", args=[desk.number])
    for wrong in ({"probability": "2"}, {"probability": "often"}, {"resolves": "2020-01-01"}, {"event": ""}):
        given = {"topic": "t", "event": "e", "probability": "0.5", "resolves": "2026-12-31"} | wrong
        assert browser.post(address, given).status_code == 422
    assert Forecast.objects.count() == 3


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
