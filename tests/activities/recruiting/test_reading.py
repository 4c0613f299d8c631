"""Applications read to sections, and the first view that does not say who."""

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.activities.recruiting.writing import CV, docx
from tests.draws import examples

from anyshore.activities.memory import MemoryContext
from anyshore.activities.recruiting import applications, sections
from anyshore.activities.recruiting.applications import Given, ReadInput
from anyshore.knowledge import documents


def source(text: str) -> documents.Source:
    return documents.from_text(text.encode(), "cv.txt")


def kinds(text: str) -> list[tuple[str, str]]:
    return [(one.kind, one.title) for one in sections.split(source(text))]


def test_headings_stand_alone_or_before_a_colon() -> None:
    assert kinds(CV) == [
        ("head", ""), ("personal", "Persönliche Daten"), ("experience", "Berufserfahrung"), ("education", "Ausbildung"),
        ("skills", "Kenntnisse"), ("languages", "Sprachen"),
    ]  # fmt: skip
    assert kinds("Mia\nEXPERIENCE\nClerk, with experience in sales\n") == [("head", ""), ("experience", "EXPERIENCE")]
    assert kinds("P R O F I L E\nCareful\nW O R K  E X P E R I E N C E\nClerk") == [
        ("summary", "P R O F I L E"), ("experience", "W O R K  E X P E R I E N C E"),
    ]  # fmt: skip
    assert kinds("SUMMARY Main stack PHP\nEDUCATION Minsk") == [("summary", "SUMMARY"), ("education", "EDUCATION")]


def test_a_section_says_where_it_stands() -> None:
    text = source(CV)
    found = next(one for one in sections.split(text) if one.kind == "languages")
    assert text.text[found.start : found.end] == found.text == "Deutsch C2, Englisch B2"
    assert (found.page, found.line) == (1, CV.splitlines().index("Sprachen: Deutsch C2, Englisch B2") + 1)


def test_a_first_view_says_neither_who_nor_how_old_nor_what_was_earned() -> None:
    view = sections.first_view(source(CV), ("Mia Beispiel",))
    for told in (
        "Mia",
        "Beispiel",
        "1988",
        "mia@",
        "0170",
        "Hauptstraße",
        "10115",
        "verheiratet",
        "48.000",
        "katholisch",
    ):
        assert told not in view
    for kept in ("Buchhalterin", "DATEV", "Industriekauffrau", "2015", "Englisch"):
        assert kept in view


def test_a_documents_problem_is_told_and_the_others_count() -> None:
    context = MemoryContext(documents={"d1": docx("Skills", "DATEV"), "d2": b"PK\x03\x04broken", "d3": b"\x89PNG"})
    given = (Given("d1", "cv.docx"), Given("d2", "letter.docx"), Given("d3", "photo.png"))
    found = applications.read(ReadInput(given, "I apply.", ("Mia",)), context)
    assert found.readable
    assert [(one.document, one.section.kind) for one in found.sections] == [("cv.docx", "skills"), ("message", "head")]
    assert len(found.problems) == 2
    assert all(one.hint for one in found.problems)
    assert not applications.read(ReadInput((Given("d3", "photo.png"),)), context).readable


@given(st.text(max_size=300))
@settings(max_examples=examples(150))
def test_sections_are_disjoint_and_masks_stay_within_the_text(text: str) -> None:
    whole = documents.Source("", "x", text, ((0, len(text)),))
    found = sections.split(whole)
    assert all(one.text == text[one.start : one.end] for one in found)
    assert all(one.end <= other.start for one, other in itertools.pairwise(found))
    hidden = sections.masked(whole, ("Mia Beispiel",))
    assert all(0 <= one.start < one.end <= len(text) for one in hidden)
    assert all(one.end < other.start for one, other in itertools.pairwise(hidden))
