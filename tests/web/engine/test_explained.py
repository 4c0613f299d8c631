"""Incidents in another language than English: a sentence by the code, with the message as it is beside it."""

from __future__ import annotations

import re
from pathlib import Path

from django.urls import reverse
from django.utils import translation
from tests.web.conftest import World

import anyshore
from anyshore.web.engine.explained import EXPLANATIONS, explanation

SOURCE = Path(anyshore.__file__).parent
CODES = (SOURCE.parent.parent / "docs" / "reference" / "error-codes.md").read_text(encoding="utf-8")


def test_every_failure_of_running_work_is_explained() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py"))
    raised = set(re.findall(r'WorkFailed\(\s*[\w.]+,\s*"([a-z.-]+)"', text))
    assert len(raised) >= 8
    assert raised <= set(EXPLANATIONS)


def test_no_code_is_explained_that_nothing_raises() -> None:
    known = set(re.findall(r"^\| `([^`]+)`", CODES, re.MULTILINE)) | {"activity.failed", "feel.budget"}
    assert set(EXPLANATIONS) <= known


def test_a_german_reader_is_told_and_the_message_stands_beside(busy: World) -> None:
    browser = busy.browser("manager")
    message = "There is no activity &#x27;there.is.no.such&#x27;."
    for address in (reverse("incidents"), reverse("incident-list"), reverse("instance", args=[4])):
        german = browser.get(address, headers={"accept-language": "de"}).content.decode()
        assert "eine automatische Aufgabe, die hier nicht installiert ist" in german, address
        assert message in german, address
        english = browser.get(address).content.decode()
        assert message in english
        assert "not installed here" not in english


def test_a_code_without_a_sentence_stays_as_it_is() -> None:
    with translation.override("de"):
        assert explanation("my.own-error") == ""
        assert explanation(None) == ""
        assert explanation("feel.budget.steps") == explanation("feel.budget.depth") != ""
    with translation.override("en"):
        assert explanation("activity.unknown") == ""
