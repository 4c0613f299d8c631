"""Our own form of question banks."""

import pytest

from anyshore.assessment import banks
from anyshore.base.errors import DataError

GOOD = """
questions:
  - {type: choice, id: a, text: Which?, category: x, answers: [{text: this, right: true}, {text: that, weight: -25}]}
  - {type: numerical, text: How many?, answers: [{number: 3.5, tolerance: 0.5}, {from: 1, to: 9, weight: 50}]}
  - {type: true-false, text: So?, right: false, if-true: {text: "<b>no</b>", format: html}}
"""


def test_it_says_what_gift_says() -> None:
    choice, numerical, truth = banks.loads(GOOD).questions
    assert (choice.category, [one.share for one in choice.answers]) == ("x", [1, -0.25])
    assert [one.right for one in numerical.answers] == [True, True]
    assert truth.if_true is not None
    assert truth.if_true.format == "html"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("questions: []", "yaml.empty"),
        ("questions: [{type: choice, text: x}]", "questions.question"),
        ("questions: [{type: short, text: x, answers: [{number: 3}]}]", "questions.answer"),
        ("questions: [{type: numerical, text: x, answers: [{number: 3, from: 1, to: 2}]}]", "questions.answer"),
        ("questions: [{type: song, text: x}]", "yaml.value"),
    ],
)
def test_problems_are_located(text: str, code: str) -> None:
    with pytest.raises(DataError) as caught:
        banks.loads(text, file="bank.yaml")
    assert [problem.code for problem in caught.value.diagnostics] == [code]
    assert caught.value.diagnostics[0].location.line == 1


def test_a_key_stands_for_one_question() -> None:
    with pytest.raises(DataError, match="stands in line 2, too"):
        banks.read(b"// [id:a]\nA {}\n\n// [id:a]\nB {}", "bank.gift")


def test_a_file_of_another_encoding_is_refused() -> None:
    with pytest.raises(DataError) as caught:
        banks.read(b"A {}\n\n\xff {}", "bank.gift")
    assert caught.value.diagnostics[0].location.line == 3
