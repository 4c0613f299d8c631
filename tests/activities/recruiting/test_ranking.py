"""A suggested order with its reasons, and what is no evidence."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.draws import examples

from anyshore.activities.recruiting import criteria, ranking, words
from anyshore.knowledge import documents

VACANCY = criteria.of("Accountant", must=["DATEV", "Payables accounting"], may=["SAP", "English"])


def evidence(text: str, *names: str) -> ranking.Evidence:
    return ranking.evidence(documents.from_text(text.encode(), "cv.txt"), names)


def order(*texts: str) -> list[ranking.Suggestion]:
    return list(ranking.suggest(VACANCY, {chr(97 + n): evidence(text) for n, text in enumerate(texts)}))


def test_musts_come_before_mays() -> None:
    found = order("SAP and English", "DATEV and payables", "gardening")
    assert [one.application for one in found] == ["b", "a", "c"]
    assert [one.place for one in found] == [1, 2, 3]
    assert found[2].score == 0
    assert found[2].open_musts == ("DATEV", "Payables accounting")


def test_each_reason_quotes_its_place() -> None:
    text = "Clerk\nEntered invoices in Datev. DATEV, DATEV, DATEV."
    first = ranking.suggest(VACANCY, {"a": evidence(text)})[0]
    reason = next(one for one in first.reasons if one.criterion == "DATEV")
    assert [text[one.start : one.end] for one in reason.found] == ["Datev", "DATEV", "DATEV"]
    assert (reason.share, reason.found[0].line, reason.missing) == (100, 2, ())
    part = next(one for one in first.reasons if one.criterion == "Payables accounting")
    assert part.missing == ("Payables", "accounting")


def test_equal_applications_share_a_place() -> None:
    assert [one.place for one in order("DATEV", "DATEV", "nothing")] == [1, 1, 3]


def test_the_name_and_what_a_first_view_leaves_out_is_no_evidence() -> None:
    assert "sap" not in evidence("Ms Sap\nPersonal data\nSAP street\nSkills\nExcel", "Ms Sap").places
    plain, named = order("DATEV"), ranking.suggest(VACANCY, {"a": evidence("DATEV\nName: Sap English", "x")})
    assert plain[0].reasons[-1].found == named[0].reasons[-1].found == ()


@pytest.mark.parametrize(
    "text", ["I don't have experience with DATEV.", "Keine Erfahrung mit DATEV", "I would like to learn DATEV"]
)
def test_what_somebody_says_they_have_not_is_no_evidence(text: str) -> None:
    assert order(text)[0].score == 0


def test_repeating_a_word_wins_little_and_length_nothing() -> None:
    twice = {one.application: one.score for one in order("DATEV DATEV", "DATEV payables")}
    assert twice["b"] > twice["a"]
    padded = {one.application: one.score for one in order("DATEV", "DATEV " + "garden flower tree house " * 50)}
    assert padded["a"] > padded["b"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("developing", "developer"), ("Entwicklung", "Entwickler"), ("HTML5", "HTML"), ("RESTful", "REST"),
        ("Node.js", "NodeJS"), ("Buchhalterin", "accountant"), ("K8s", "Kubernetes"), ("invoices", "invoice"),
    ],
)  # fmt: skip
def test_words_of_a_family_are_one(one: str, other: str) -> None:
    assert words.family(one) == words.family(other) != ""


def test_signs_of_techniques_are_kept() -> None:
    text = "C++, C#, .NET, Node.js and front-end, back end; 5 years."
    assert [one.text for one in words.words(text)] == [
        "C++", "C#", ".NET", "Node.js", "front-end", "back", "end", "years",
    ]  # fmt: skip
    assert len({words.family(name) for name in ("C", "C++", "C#")}) == 3


def test_an_advertisement_falls_into_parts() -> None:
    text = (
        "Our team grows. Responsibilities: Close the books. Requirements: DATEV; Excel. Nice to have: SAP. "
        "About Muster Works: We are a leader. What we offer: Fruit."
    )
    found = [(one.kind, one.text) for one in criteria.of("Accountant", text)]
    assert found == [
        ("title", "Accountant"), ("duty", "Our team grows"), ("duty", "Close the books"), ("must", "DATEV;"),
        ("must", "Excel"), ("may", "SAP"),
    ]  # fmt: skip


def test_a_word_within_a_sentence_heads_nothing() -> None:
    assert [kind for kind, _ in criteria.parts("You meet requirements and benefits of our clients.")] == ["duty"]


@given(st.lists(st.text("abc DATEVsap\n", max_size=40), min_size=1, max_size=5))
@settings(max_examples=examples(60))
def test_places_follow_scores_whatever_is_written(texts: list[str]) -> None:
    given_texts = [f"x {text}" for text in texts]
    found = order(*given_texts)
    assert sorted(one.application for one in found) == [chr(97 + n) for n in range(len(texts))]
    scores = [one.score for one in found]
    assert scores == sorted(scores, reverse=True)
    assert all(one.score >= Decimal(0) for one in found)
    assert all(0 <= reason.share <= 100 for one in found for reason in one.reasons)
