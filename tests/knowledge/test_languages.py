"""Levels of the European framework and tags of languages."""

from __future__ import annotations

import pytest

from anyshore.knowledge.languages import LEVELS, at_least, guess, primary


def test_levels_are_in_order_and_mother_tongue_is_above_all() -> None:
    assert [at_least(level, "B2") for level in LEVELS] == [False, False, False, True, True, True, True]
    assert all(at_least("native", level) for level in LEVELS)


@pytest.mark.parametrize("level", ["", "B3", "b2", "fluent"])
def test_a_level_that_is_none_is_below_all(level: str) -> None:
    assert not at_least(level, "A1")


@pytest.mark.parametrize(
    ("tag", "language"),
    [("de", "de"), ("DE", "de"), ("de-AT", "de"), ("de_CH", "de"), (" en-GB ", "en"), ("yue-Hant", "yue"), ("", "")],
)
def test_the_language_of_a_tag(tag: str, language: str) -> None:
    assert primary(tag) == language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Die Lampe ist kaputt und ich brauche eine neue", "de"),
        ("The lamp is broken and I need a new one", "en"),
        ("La lampe est cassée et je ne peux pas la monter", "fr"),
        ("La lámpara no funciona, qué puedo hacer con el cable", "es"),
        ("De lamp is kapot en ik wil een nieuwe", "nl"),
        ("Lampa jest zepsuta i nie wiem co z nią zrobić", "pl"),
        ("Lamp 4711", ""),
        ("", ""),
    ],
)
def test_a_language_is_told_by_its_function_words_or_not_at_all(text: str, language: str) -> None:
    assert guess(text) == language
