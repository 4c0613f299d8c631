"""XPath regular expressions, and that none of them runs away."""

from __future__ import annotations

import re
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anyshore import feel
from anyshore.base.errors import FeelError
from anyshore.feel.regex import RegexError, compile_regex

CASES = [
    ("Mary\rJones", "Mary.Jones", "", False), ("Mary\nJones", "Mary.Jones", "s", True), ("a\n", "a$", "", False),
    ("\nabcd\ndefg\n", "^$", "m", True), ("abcd\n", "^$", "m", False),
    ("a\nb", "^b", "", False), ("a\nb", "^b", "m", True), ("abc", "ABC", "i", True), ("\u212a", "k", "i", True),
    ("ss", "ß", "i", False), ("ß", "SS", "i", False), ("ẞ", "ß", "i", True), ("ς", "Σ", "i", True),
    ("x", "[A-Z-[OI]]", "i", True), ("O", "[A-Z-[OI]]", "i", False),
    ("i", "[A-Z-[OI]]", "i", False), ("q", "[^Q]", "i", False), ("hello world", "hello\\ sworld", "x", True),
    ("hello world", " hello[ ]world", "x", True),
    ("hello world", "\\p{ IsBasicLatin}+", "x", True), ("aA", "(a)\\1", "i", True), ("a.b", "a.b", "q", True),
    ("axb", "a.b", "q", False), ("é", "\\p{L}", "", True), ("5", "\\P{Nd}", "", False),
    ("α", "\\p{IsGreek}", "", True), ("-", "[a-]", "", True), ("a-c", "^[\\-a-c]+$", "", True),
    ("\u0663", "^\\d$", "", True), ("a_b", "^\\i\\c*$", "", True), ("1a", "^\\i", "", False),
    ("ab", "(?:a)(b)", "", True), ("{", "\\{", "", True), ("^", "[\\^]", "", True), ("ab", "a{1,2}?b", "", True),
    ("!", "\\w", "", False), ("a", "\\w", "", True), ("\x0b", "\\s", "", False),
]  # fmt: skip


@pytest.mark.parametrize(("text", "pattern", "flags", "expected"), CASES)
def test_matches(text: str, pattern: str, flags: str, expected: bool) -> None:
    assert (compile_regex(pattern, flags).search(text) is not None) is expected


@pytest.mark.parametrize(
    ("pattern", "flags"),
    [
        ("[", ""), ("(", ""), (")", ""), ("a)", ""), ("*", ""), ("a**", ""), ("a{2,1}", ""), ("a{,2}", ""),
        ("a{x}", ""), ("(.)\\2", ""), ("\\3", ""), ("(a\\1)", ""), ("[\\1]", ""), ("\\0", ""),
        ("\\a", ""), ("\\p{Foo}", ""), ("\\p{IsNowhere}", ""), ("\\p{ IsBasicLatin}", ""), ("(?=a)", ""),
        ("(?i)a", ""), ("[]", ""), ("[b-a]", ""), ("[\\d-z]", ""), ("[a-[b]c]", ""), ("]", ""), ("}", ""),
        ("a", "p"), ("a", " "), ("a\\", ""), ("a++", ""), ("a{99999}", ""), ("((a{1000}){1000}){1000}", ""),
        ("[[:alpha:]]", ""), ("\\p", ""), ("\\p{L", ""),
    ],
)  # fmt: skip
def test_refused(pattern: str, flags: str) -> None:
    with pytest.raises(RegexError):
        compile_regex(pattern, flags)


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("a" * 60 + "b", "(a+)+$"),
        ("a" * 60 + "b", "(a|aa)+$"),
        ("x" * 60, "(x+x+)+y"),
        ("x" * 3000, "(.*)(.*)(.*)(.*)(.*)[0-9]"),
        ("a" * 60, "^(([a-z])+.)+[A-Z]([a-z])+$"),
    ],
)
def test_no_pattern_runs_away(text: str, pattern: str) -> None:
    expression = feel.compile("matches(text, pattern)")
    with suppress(FeelError):  # without a limit these would not come back within anybody's patience
        limits = feel.Limits(regex_seconds=0.2)
        assert expression.evaluate({"text": text, "pattern": pattern}, limits=limits) is False


@given(st.text("abc()[]{}|*+?^$.\\-,12pPdisxq ", max_size=30), st.sampled_from(["", "i", "x", "sm", "q"]))
def test_any_text_is_a_pattern_or_refused(pattern: str, flags: str) -> None:
    try:
        compile_regex(pattern, flags)
    except RegexError:
        return


@given(st.text(max_size=20), st.text(max_size=5))
def test_the_flag_q_means_what_it_says(text: str, pattern: str) -> None:
    assert (compile_regex(pattern, "q").search(text) is not None) == (re.search(re.escape(pattern), text) is not None)
