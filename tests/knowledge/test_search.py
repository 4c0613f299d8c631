"""Search: the article that answers is found by its words, their forms and spellings, in each language."""

from __future__ import annotations

import random

import pytest

from anyshore.knowledge import search
from anyshore.knowledge.search import Article, Search

ENGLISH = (
    Article("password", "How do I reset my password?", "Open the login page, choose 'Forgot password'."),
    Article("invoice", "Where do I find my invoices?", "Invoices are listed in your account under Billing, by month."),
    Article("delete", "Deleting an account", "Ask the owner of the account; data is kept for thirty days."),
    Article("vpn", "The VPN does not connect", "Check the clock of the computer, then renew the certificate."),
)  # fmt: skip
GERMAN = (
    Article("drucker", "Der Drucker druckt leere Seiten", "Reinigen Sie die Druckköpfe über das Wartungsmenü.", "de"),
    Article("rechnung", "Wo finde ich meine Rechnungen?", "Sie stehen im Kundenkonto unter Abrechnung.", "de-AT"),
    Article("größe", "Größe des Postfachs ändern", "Die Größe ändert die Verwaltung im Portal.", "de"),
)
BOTH = Search([*ENGLISH, *GERMAN])


def first(query: str, index: Search = BOTH) -> str:
    found = index.find(query)
    return found[0].article.id if found else ""


@pytest.mark.parametrize(
    ("query", "article"),
    [
        ("I have forgotten my pasword, how can I get in again", "password"),
        ("passwords resetting", "password"),
        ("please send me the invoice of May", "invoice"),
        ("account deletion", "delete"),
        ("my vpn connection fails", "vpn"),
        ("Leere Seite beim Drucken", "drucker"),
        ("Druckerwartung", "drucker"),
        ("wo ist die letzte Rechnung?", "rechnung"),
        ("POSTFACHGRÖSSE ändern", "größe"),
        ("postfachgroesse", "größe"),
    ],
)
def test_the_article_that_answers_is_first(query: str, article: str) -> None:
    assert first(query) == article


def test_a_hit_says_by_which_words_and_how_much_of_the_question_it_answers() -> None:
    best, *others = BOTH.find("reset the password")
    assert best.words == ("reset", "the", "password")
    assert 0 < best.score < 1
    assert all(other.score < best.score for other in others)


def test_what_nothing_is_said_of_is_not_found() -> None:
    assert BOTH.find("") == BOTH.find("?!") == []
    assert BOTH.find("xq") == []
    assert Search([]).find("password") == []
    assert len(BOTH.find("account", most=2)) <= 2


def test_the_title_counts_more_than_the_text() -> None:
    said = Article("text", "Other things", "Of the toner one might say something.")
    asked = Article("title", "Toner", "Other things")
    assert [hit.article.id for hit in Search([said, asked]).find("toner")] == ["title", "text"]


def test_articles_without_a_text_or_title_and_in_a_language_without_a_stemmer_are_found() -> None:
    index = Search([Article("a", "プリンター", "", "ja"), Article("b", "", "toner"), Article("c", "", "")])
    assert first("プリンター", index) == "a"
    assert first("toner", index) == "b"


def test_common_terms_decide_among_the_best_by_the_rare_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is left out of a large index changes no order that a full count gives, here of the first five."""
    chance = random.Random(0)
    words = [f"{a}{b}{c}" for a in ("ka", "lo", "mi") for b in ("ber", "ton", "sel", "rin") for c in ("us", "a", "em")]
    articles = [
        Article(str(n), " ".join(chance.choices(words, k=4)), " ".join(chance.choices(words, k=30))) for n in range(300)
    ]
    queries = [one.title for one in articles[:40]]
    full = [[hit.article.id for hit in Search(articles).find(query)] for query in queries]
    monkeypatch.setattr(search, "_MOST_LOOKED_AT", 2_000)
    monkeypatch.setattr(search, "_CANDIDATES", 100)
    few = [[hit.article.id for hit in Search(articles).find(query)] for query in queries]
    assert [one[0] for one in few] == [one[0] for one in full]
    assert sum(len({*one} & {*other}) for one, other in zip(few, full, strict=True)) >= 0.95 * 5 * len(queries)
