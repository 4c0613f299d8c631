"""The index of texts against scikit-learn's weights."""

from __future__ import annotations

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from anyshore.sourcing.prior import grams, tables

TEXTS = ["post the payments", "post the invoices to accounts", "judge the risks of a payment", "check the invoices"] * 3


def test_similarities_are_those_of_tf_idf_over_words_and_pieces() -> None:
    split = [text.split() for text in TEXTS]
    found = grams.index(split, least=1).similarities([["check", "payments"], ["risks", "of", "a", "payment"]])
    wanted = np.zeros_like(found)
    whole = TfidfVectorizer(ngram_range=(1, 2), token_pattern=r"\w+")
    parts = TfidfVectorizer(preprocessor=str, tokenizer=_pieces, token_pattern=None)
    for vectorizer in (whole, parts):
        rows = vectorizer.fit_transform(TEXTS)
        wanted += (rows @ vectorizer.transform(["check payments", "risks of a payment"]).T).toarray() / 2
    np.testing.assert_allclose(found, wanted, atol=1e-6)


def _pieces(text: str) -> list[str]:
    return [piece for word in text.split() for piece in grams.pieces(word)]


def test_tables_come_back_as_they_were_packed() -> None:
    kept = tables.shipped()
    again = tables.unpacked(tables.packed(kept))
    assert (again.tasks, again.occupations) == (kept.tasks, kept.occupations)
    asked = [["post", "payments"]]
    np.testing.assert_array_equal(again.index.similarities(asked), kept.index.similarities(asked))
