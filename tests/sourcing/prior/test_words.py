"""Names in two languages as plain words."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anyshore.sourcing.prior.tables import shipped
from anyshore.sourcing.prior.words import Glossary

WORDS = Glossary(english=shipped().index.words)


@pytest.mark.parametrize(
    ("name", "language", "words"),
    [
        ("Rechnungen prüfen", "de", "invoice examine"),
        ("Eingangsrechnungen", "de", "supplier invoice"),
        ("Fondspreise", "de", "fund price"),
        ("Verträge geprüft", "de", "contracts examine"),
        ("Stammdaten pflegen", "de", "master data records maintain update"),
        ("Check invoices", "en", "check invoices"),
        ("Die casting", "en", "die casting"),
    ],
)
def test_plain_words(name: str, language: str, words: str) -> None:
    found = WORDS.plain(name)
    assert (found.language, " ".join(found.words)) == (language, words)


def test_an_abbreviation_counts_in_capitals_only() -> None:
    assert "information" in WORDS.plain("IT support").words
    assert "information" not in WORDS.plain("Send it to customers").words


def test_cues_lean() -> None:
    assert WORDS.plain("Enter forms by checklist").lean < 0
    assert WORDS.plain("Assess risks and recommend a strategy").lean > 0
    assert WORDS.plain("Xqz").lean == 0


def test_own_words_stand_in(tmp_path: Path) -> None:
    (tmp_path / "glossary_de.csv").write_text("term,plain\nfoobar,invoice\n", encoding="utf-8")
    (tmp_path / "glossary_en.csv").write_text("term,plain\n", encoding="utf-8")
    (tmp_path / "cues.csv").write_text("term,leans,weight\ninvoice,rule,2\n", encoding="utf-8")
    found = Glossary(tmp_path).plain("Foobar")
    assert (found.words, [cue.term for cue in found.cues]) == (("invoice",), ["invoice"])


@given(st.text(max_size=60))
def test_any_text_has_plain_words(name: str) -> None:
    assert all(word == word.lower() for word in WORDS.plain(name).words)
