"""Sorting requests: what was learnt is sorted, what nobody taught goes to a person, corrections count."""

from __future__ import annotations

import pytest

from anyshore.base.errors import DataError
from anyshore.knowledge import intents
from anyshore.knowledge.intents import NONE

_SAID = {
    "invoice": (
        "wrong amount on invoice {}",
        "invoice {} was paid twice",
        "send invoice {} again",
        "refund of bill {}",
    ),
    "password": (
        "forgot my password {}",
        "cannot log in to account {}",
        "reset the password of {}",
        "login {} is locked",
    ),
    "delivery": ("parcel {} has not arrived", "where is my delivery {}", "shipment {} came broken", "courier lost {}"),
}
KNOWN = [(text.format(number), intent) for intent, texts in _SAID.items() for text in texts for number in range(6)]
OTHER = [("what is the weather", NONE), ("tell me a joke", NONE), ("sing a song", NONE), ("who won the match", NONE)]


@pytest.fixture(scope="module")
def sorter() -> intents.Sorter:
    return intents.learn([*KNOWN, *OTHER])


def test_requests_are_sorted_with_a_confidence(sorter: intents.Sorter) -> None:
    found = sorter.sort(["wrong amount on my invoice 9", "my parcel came broken"])
    assert [one.intent for one in found] == ["invoice", "delivery"]
    assert all(one.known and 0.5 < one.confidence <= 1 for one in found)
    assert set(found[0].others) == {"password", "delivery"}
    assert sorter.sort([]) == []


def test_what_nobody_taught_goes_to_a_person_with_a_proposal(sorter: intents.Sorter) -> None:
    (found,) = sorter.sort(["does the joke song match the weather"])
    assert not found.known
    assert found.intent in sorter.intents


def test_words_say_why(sorter: intents.Sorter) -> None:
    (found,) = sorter.sort(["I forgot my passwords"], explain=True)
    assert {word for word, _ in found.words} >= {"forgot", "passwords"}
    assert [weight for _, weight in found.words] == sorted((weight for _, weight in found.words), reverse=True)


def test_corrections_count_above_what_was_learnt(sorter: intents.Sorter) -> None:
    text = "courier lost 3"
    again = intents.learn([*KNOWN, *OTHER], [(text, "invoice"), (text, "password")], measured=False)
    assert again.sort([text])[0].intent == "password"
    assert sorter.sort([text])[0].intent == "delivery"


def test_two_intents_are_enough_and_one_is_none() -> None:
    two = [one for one in KNOWN if one[1] != "delivery"]
    found = intents.learn(two).sort(["log in"], explain=True)
    assert found[0].intent == "password"
    assert found[0].words[0][0] in ("log", "in")
    with pytest.raises(DataError, match=r"intents\.few"):
        intents.learn([("a", "x"), ("b", "x"), ("c", NONE)])


def test_learning_twice_is_learning_the_same(sorter: intents.Sorter) -> None:
    other = intents.learn([*KNOWN, *OTHER])
    texts = [text for text, _ in KNOWN]
    assert (other.threshold, other.sort(texts)) == (sorter.threshold, sorter.sort(texts))


def test_what_was_sorted_is_read_from_a_table() -> None:
    assert intents.taught(b"Anfrage,Anliegen\nlamp broken,broken\nhello,\n") == [
        ("lamp broken", "broken"),
        ("hello", NONE),
    ]
    with pytest.raises(DataError):
        intents.taught(b"text,intent\n,broken\n")
