from __future__ import annotations

import dataclasses
from html.parser import HTMLParser

import pytest

from anyshore.base.errors import DataError
from anyshore.knowledge import deliverable_html, deliverable_pdf, documents
from anyshore.knowledge.anchors import Span, anchor
from anyshore.knowledge.claims import Claim
from anyshore.knowledge.deliverables import (
    Composed,
    Deliverable,
    Paragraph,
    Section,
    SignOff,
    compose,
    content_hash,
    day,
)

AT = 1_790_000_000_000_000  # 2026-09-21T14:13:20Z
SOURCE = documents.read(b'The fee is <b>5</b> & "more". #evil *x* $y$ governs. Ende.', "a & <b>.txt")


def quoted(quote: str) -> tuple[Span, ...]:
    found = anchor(SOURCE, quote)
    assert isinstance(found, list)
    return tuple(found)


CLAIMS = [
    Claim("c1", "The fee is <five>.", "Dr. O'Neil", 0.95, quoted('<b>5</b> & "more"')),
    Claim("c2", "#let x = *evil* $z$", "B. Müller", 0.5, quoted("#evil *x* $y$"), ("c1",)),
    Claim("c3", "Not reported.", "C", 0.5, quoted("Ende")),
]
SOURCES = {SOURCE.hash: SOURCE}
DRAFT = Deliverable(
    "Review <of> #things", "ACME & Co", "K-1", "1.0", AT,
    (Section("Summary", (Paragraph("We found *much*.", ("c2",)), Paragraph(claims=("c1",)))),),
)  # fmt: skip


def signed(draft: Deliverable = DRAFT) -> Deliverable:
    signoff = SignOff("Dr. O'Neil", "Attorney", "Bar <NY>", AT, content_hash(draft, CLAIMS), "Checked.")
    return dataclasses.replace(draft, signoffs=(signoff,))


def composed(made: Deliverable = DRAFT) -> Composed:
    return compose(made, CLAIMS, SOURCES)


class Page(HTMLParser):
    """Collects elements and text, and checks that tags nest."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag != "meta":
            self.open.append(tag)
        self.ids += [value or "" for name, value in attrs if name == "id"]
        self.links += [value or "" for name, value in attrs if name == "href"]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_citations_are_numbered_in_the_order_of_first_mention_and_include_grounds():
    found = composed()
    assert found.paragraphs == ((("We found *much*.", (1, 2)), ("The fee is <five>.", (2,))),)
    assert [cited.span.quote for cited in found.citations] == ["#evil *x* $y$", '<b>5</b> & "more"']
    assert [claim.id for claim, _ in found.claims] == ["c2", "c1"]
    assert found.sources == (("a & <b>.txt", SOURCE.hash),)


def test_html_escapes_everything_and_links_every_citation():
    page = Page(deliverable_html.render(composed(signed())))
    assert page.open == []
    assert not {"script", "b", "five", "of", "ny"} & set(page.tags)
    for text in ("Review <of> #things", "The fee is <five>.", '<b>5</b> & "more"', "Bar <NY>", "a & <b>.txt"):
        assert text in page.text
    assert {link[1:] for link in page.links} == set(page.ids) == {"evidence-1", "evidence-2"}


def test_html_fetches_nothing():
    html = deliverable_html.render(composed())
    assert "http" not in html
    assert "src=" not in html


def test_german_words_and_dates():
    german = dataclasses.replace(DRAFT, language="de", zone="Europe/Berlin")
    page = deliverable_html.render(composed(german))
    assert '<html lang="de">' in page
    assert "21. September 2026" in page
    assert "Anhang: Belege" in page
    assert "Entwurf" in page


@pytest.mark.parametrize(
    ("zone", "language", "text"),
    [("UTC", "en", "31 March 2026"), ("Asia/Tokyo", "en", "1 April 2026"), ("Europe/Berlin", "de", "1. April 2026")],
)
def test_dates_are_those_of_the_zone(zone: str, language: str, text: str):
    assert day(1_774_998_000_000_000, zone, language) == text  # type: ignore[arg-type]  # 2026-03-31T23:00Z


def test_pdf_is_the_same_byte_for_byte_and_holds_the_texts_as_text():
    first, second = deliverable_pdf.render(composed(signed())), deliverable_pdf.render(composed(signed()))
    assert first == second
    text = documents.read(first, "memo.pdf").text
    for words in ("Review <of> #things", "#let x = *evil* $z$", '<b>5</b> & "more"', "Bar <NY>", "21 September 2026"):
        assert words in text
    assert "Draft" not in text


def test_pdf_differs_where_the_content_does():
    other = dataclasses.replace(DRAFT, version="1.1")
    assert deliverable_pdf.render(composed()) != deliverable_pdf.render(composed(other))


def test_an_unsigned_pdf_says_so():
    assert "Draft, not signed" in documents.read(deliverable_pdf.render(composed()), "memo.pdf").text


def test_the_hash_covers_claims_and_text_but_not_signatures():
    assert content_hash(signed(), CLAIMS) == content_hash(DRAFT, CLAIMS)
    assert content_hash(DRAFT, CLAIMS[:2]) == content_hash(DRAFT, CLAIMS)
    changed = [dataclasses.replace(CLAIMS[0], confidence=0.9), *CLAIMS[1:]]
    assert content_hash(DRAFT, changed) != content_hash(DRAFT, CLAIMS)
    retitled = dataclasses.replace(DRAFT, title="x")
    assert content_hash(retitled, CLAIMS) != content_hash(DRAFT, CLAIMS)


def problems(made: Deliverable, claims: list[Claim] = CLAIMS, **options: object) -> list[str]:
    with pytest.raises(DataError) as refused:
        compose(made, claims, SOURCES, **options)  # type: ignore[arg-type]
    return [problem.code for problem in refused.value.diagnostics]


def test_a_signature_under_another_content_is_refused():
    changed = dataclasses.replace(signed(), title="Another title")
    assert problems(changed) == ["deliverable.signed-other-content"]


def test_stale_claims_do_not_go_out():
    assert problems(DRAFT, changed={SOURCE.hash}) == ["deliverable.stale", "deliverable.stale"]


def test_all_problems_come_at_once():
    broken = Deliverable(
        "", "x", "x", "1", AT, (Section("S", (Paragraph(), Paragraph("t", ("nobody", "bad")))),), zone="Mars"
    )
    bad = Claim("bad", "says", "", 2.0)
    assert problems(broken, [bad]) == [
        "deliverable.zone", "deliverable.title", "deliverable.empty", "deliverable.unknown-claim", "claim.no-author",
        "claim.confidence", "claim.unsupported",
    ]  # fmt: skip


def test_a_language_without_words_is_refused():
    assert problems(dataclasses.replace(DRAFT, language="fr")) == ["deliverable.language"]


def test_a_quote_the_source_does_not_hold_is_refused():
    forged = dataclasses.replace(CLAIMS[0], evidence=(dataclasses.replace(CLAIMS[0].evidence[0], quote="free"),))
    assert problems(DRAFT, [forged, *CLAIMS[1:]]) == ["claim.evidence"]
