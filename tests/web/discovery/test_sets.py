"""Document sets: read, sampled, reported."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from anyshore.base.errors import CommandRejected
from anyshore.web.core.errors import Invalid
from anyshore.web.discovery import actions as set_actions
from anyshore.web.discovery import queries as set_queries


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
    made, _ = set_actions.upload(lead, "contract-review", "Mails", "Liability?", [("set.csv", table(20))])
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


def test_references_of_two_databases_become_one_set_without_doubles(desk: Any) -> None:
    ris = "TY  - JOUR\nTI  - A long title that says which work it is\nAB  - Words.\nDO  - 10.1000/a\nER  - \n"
    nbib = "PMID- 7\nTI  - A Long Title That Says Which Work It Is\n\nPMID- 8\nTI  - Another work\nAB  - Other.\n"
    files = [("a.ris", ris.encode()), ("b.nbib", nbib.encode())]
    made, left_out = set_actions.upload(desk.person("lead"), "contract-review", "Reviews", "Relevant?", files)
    assert left_out == 1
    assert sorted(made.documents.values_list("key", "text")) == [("PMID:7", "Words."), ("PMID:8", "Other.")]
