"""GIFT is read as its documentation says, and written so that it reads the same."""

from dataclasses import replace
from decimal import Decimal
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import ROOT
from tests.draws import examples

from anyshore.assessment import banks, gift
from anyshore.assessment.questions import Answer, Bank, Between, Category, Near, Pair, Question, Text
from anyshore.base.errors import DataError


def one(text: str) -> Question:
    [found] = gift.loads(text).questions
    return found


def problems(text: str) -> list[tuple[str, int | None]]:
    with pytest.raises(DataError) as caught:
        gift.loads(text, file="bank.gift")
    return [(problem.code, problem.location.line) for problem in caught.value.diagnostics]


def test_the_suite(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT))
    score = import_module("conformance.gift").run(data_dir)
    assert score.failed == []
    assert score.total >= 41
    assert score.extra["written_and_read_again"] == score.total


@pytest.mark.parametrize(
    ("inner", "kind"),
    [
        ("", "essay"), ("T", "true-false"), ("FALSE", "true-false"), ("true", "short"),
        ("=a ~b", "choice"), ("=a =b", "short"),
        ("a", "short"), ("#1", "numerical"), ("=a->b =c->d", "matching"), ("=a->b =c", "short"),
        ("~%50%a ~%50%b", "choice"),
        ("=a->b#no pair", "short"), ("####for all", "essay"),
    ],
)  # fmt: skip
def test_answers_tell_the_kind(inner: str, kind: str) -> None:
    assert one(f"Stem {{{inner}}}").kind == kind


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (r"a\=b", "a=b"), (r"\{x\}", "{x}"), (r"\~\#\:", "~#:"), (r"C:\temp \[x\]", r"C:\temp \[x\]"),
        (r"two\nlines", "two\nlines"), (r"a\\nb", r"a\nb"), ("a  b\nc", "a b c"),
    ],
)  # fmt: skip
def test_a_backslash_makes_text(written: str, read: str) -> None:
    assert one(f"{written} {{}}").stem.text == read


def test_feedback_of_true_and_false_is_told_by_what_is_said() -> None:
    wrong, right = Text("wrong"), Text("right")
    true, false = one("S {T#wrong#right}"), one("S {F#wrong#right}")
    assert (true.if_true, true.if_false) == (right, wrong)
    assert (false.if_true, false.if_false) == (wrong, right)


@pytest.mark.parametrize(
    ("inner", "answers"),
    [
        ("#3:2", [Answer(Near(Decimal(3), Decimal(2)), True)]),
        ("#-5..5", [Answer(Between(Decimal(-5), Decimal(5)), True)]),
        ("#=1 =%50%1:2#near", [
            Answer(Near(Decimal(1)), True), Answer(Near(Decimal(1), Decimal(2)), True, Decimal(50), Text("near")),
        ]),
        ("#3:2~#no", [
            Answer(Near(Decimal(3), Decimal(2)), True), Answer(Text("*"), False, None, Text("no")),
        ]),
    ],
)  # fmt: skip
def test_numbers(inner: str, answers: list[Answer]) -> None:
    assert list(one(f"S {{{inner}}}").answers) == answers


def test_a_category_holds_until_the_next() -> None:
    bank = gift.loads("A {}\n\n$CATEGORY: x/y\nB {}\n\nC {}\n\n$CATEGORY: z\n\nD {}")
    assert [question.category for question in bank.questions] == ["", "x/y", "x/y", "z"]
    assert [entry.title for entry in bank.entries if isinstance(entry, Category)] == ["x/y", "z"]


def test_comments_are_left_out_and_their_id_and_tags_kept() -> None:
    found = one("// [id:7] a remark [tag:a b] [tag:c]\n\n// more\nStem\n// within\nrest {}\n// behind")
    assert (found.id, found.tags, found.stem.text) == ("7", ("a b", "c"), "Stem rest")


def test_a_format_is_inherited_and_can_be_named_anew() -> None:
    found = one("[html]<b>S</b> {=a#[plain]f ~[markdown]b}")
    assert [text.format for answer in found.answers if isinstance(text := answer.given, Text)] == ["html", "markdown"]
    assert found.answers[0].feedback == Text("f", "plain")


def test_all_problems_come_at_once_with_their_lines() -> None:
    text = "A {=a\n\nB {T}\n\n::C {}\n\nD }\n\nE {#x}\n\nF\nis {\n=%200%a}\n\nG {=a {b} }\n\nH {=}\n\nI {5..3}{}"
    assert problems(text) == [
        ("gift.unclosed", 1), ("gift.title", 5), ("gift.brace", 7), ("gift.number", 9), ("gift.weight", 13),
        ("gift.brace", 15), ("gift.answer", 17), ("gift.brace", 19),
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["", "\n\n", "// only a comment"])
def test_a_file_without_a_question_is_a_problem(text: str) -> None:
    assert problems(text) == [("gift.empty", 1)]


@settings(max_examples=examples(150), deadline=None)
@given(st.text(alphabet="aé {}=~#:\\%-.>\n/[]$1T*n", max_size=80))
def test_any_text_is_read_or_refused_with_places(text: str) -> None:
    bank, found = None, ()
    try:
        bank = gift.loads(text, file="f")
    except DataError as problem:
        found = tuple(problem.diagnostics)
    assert (bank is None) == bool(found)
    assert all(one.location.line and one.hint for one in found)
    if bank is not None and not any("->" in pair.asked.text for one in bank.questions for pair in one.pairs):
        assert _same(gift.loads(gift.dumps(bank)), bank)


_WORD = (
    st.text(alphabet="ab1 é{}=~#:\\%->[]/n.T", min_size=1, max_size=12)
    .map(lambda text: " ".join(text.split()))
    .filter(bool)
)
_NAME = _WORD.filter(lambda text: "\\" not in text)  # GIFT has no way to write a backslash before a bracket there
_FORMATS = st.sampled_from(["moodle", "plain", "html", "markdown"])
_TEXT = st.builds(Text, _WORD, _FORMATS)
_ASKED = _WORD.filter(lambda text: "->" not in text).map(Text)
_AMOUNT = st.decimals(-999, 999, places=2)
_WEIGHT = st.none() | st.decimals(-100, 100, places=1)
_FEEDBACK = st.none() | _TEXT
_NEAR = st.builds(Near, _AMOUNT, st.none() | st.decimals(0, 9, places=1))
_ANSWER = st.builds(Answer, _TEXT, st.booleans(), _WEIGHT, _FEEDBACK)
_RIGHT = st.builds(Answer, _TEXT, st.just(True), _WEIGHT, _FEEDBACK)
_NUMBER = st.builds(Answer, _NEAR, st.just(True), _WEIGHT, _FEEDBACK)
_PAIRS = st.lists(st.builds(Pair, _ASKED, _WORD), min_size=1, max_size=3).map(tuple)
_COMMON = {
    "stem": _TEXT, "title": st.none() | _WORD, "id": st.none() | _NAME, "tags": st.lists(_NAME, max_size=2).map(tuple),
    "after": st.none() | _WORD.filter(lambda text: not text.startswith(("[", "/"))),
}  # fmt: skip
_ASKING = _COMMON | {"feedback": _FEEDBACK}
_QUESTION = st.one_of(
    st.builds(Question, st.just("description"), **{**_COMMON, "after": st.none()}),
    st.builds(Question, st.just("essay"), **_ASKING),
    st.builds(Question, st.just("true-false"), true=st.booleans(), if_true=_FEEDBACK, if_false=_FEEDBACK, **_ASKING),
    st.builds(
        Question, st.just("choice"), **_ASKING,
        answers=st.lists(_ANSWER, min_size=1, max_size=4).map(lambda many: (*many, Answer(Text("x"), False))),
    ),
    st.builds(Question, st.just("short"), answers=st.lists(_RIGHT, min_size=1, max_size=3).map(tuple), **_ASKING),
    st.builds(
        Question, st.just("numerical"), **_ASKING,
        answers=st.lists(_NUMBER, min_size=1, max_size=3).map(tuple),
    ),
    st.builds(
        Question, st.just("matching"), pairs=_PAIRS,
        **{**_ASKING, "stem": _WORD.map(Text)},
    ),
)  # fmt: skip


def _same(found: Bank, wanted: Bank) -> bool:
    def bare(bank: Bank) -> list[object]:
        return [replace(entry, line=0) for entry in bank.entries]

    return bare(found) == bare(wanted)


@settings(max_examples=examples(120), deadline=None)
@given(st.lists(_QUESTION, min_size=1, max_size=3))
def test_what_is_written_reads_the_same(questions: list[Question]) -> None:
    bank = Bank(tuple(questions))
    assert _same(gift.loads(gift.dumps(bank)), bank)
    assert _same(banks.loads(banks.dumps(bank)), bank)


def test_an_arrow_in_what_is_asked_cannot_be_written() -> None:
    bank = Bank((Question("matching", Text("S"), pairs=(Pair(Text("a -> b"), "c"),)),))
    with pytest.raises(DataError, match="arrow"):
        gift.dumps(bank)
