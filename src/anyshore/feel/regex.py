"""XPath regular expressions, translated to the `regex` package, which can be stopped after a time.

Source: XQuery 1.0 and XPath 2.0 Functions and Operators, 7.6.1, with the flag ``q`` and groups ``(?:…)`` of 3.0;
XML Schema part 2, appendix F.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NoReturn

import regex  # type: ignore[import-untyped,unused-ignore]

MAX_PATTERN = 10_000
MAX_REPEAT = 10_000
# Atoms of a pattern with all counted repetitions written out: what `regex` makes of it in memory.
MAX_EXPANDED = 20_000
_SPACES = " \t\n\r"
_FLAGS = frozenset("smixq")
_CATEGORIES = frozenset(
    [
        "L",
        "Lu",
        "Ll",
        "Lt",
        "Lm",
        "Lo",
        "M",
        "Mn",
        "Mc",
        "Me",
        "N",
        "Nd",
        "Nl",
        "No",
        "P",
        "Pc",
        "Pd",
        "Ps",
        "Pe",
        "Pi",
        "Pf",
        "Po",
        "Z",
        "Zs",
        "Zl",
        "Zp",
        "S",
        "Sm",
        "Sc",
        "Sk",
        "So",
        "C",
        "Cc",
        "Cf",
        "Co",
        "Cn",
    ]
)
# Blocks XML Schema names otherwise than Unicode does now.
_BLOCKS = {"Greek": "GreekandCoptic", "CombiningMarksforSymbols": "CombiningDiacriticalMarksforSymbols",
           "PrivateUse": "PrivateUseArea"}  # fmt: skip
_NAME_START = r":A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f" \
    r"\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"  # fmt: skip
_NAME_PART = _NAME_START + r"\-.0-9\u00b7\u0300-\u036f\u203f\u2040"
_MULTI_ESCAPES = {
    "s": r"[ \t\n\r]", "S": r"[^ \t\n\r]", "d": r"\p{Nd}", "D": r"\P{Nd}",
    "w": r"[^\p{P}\p{Z}\p{C}]", "W": r"[\p{P}\p{Z}\p{C}]",
    "i": f"[{_NAME_START}]", "I": f"[^{_NAME_START}]", "c": f"[{_NAME_PART}]", "C": f"[^{_NAME_PART}]",
}  # fmt: skip
_CONTROLS = {"n": r"\n", "r": r"\r", "t": r"\t"}
_ESCAPABLE = frozenset("\\|.-^?*+{}()[]$")
_QUANTIFIERS = frozenset("*+?{")


class RegexError(ValueError):
    """The pattern, its flags or the replacement are not as XPath has them."""


@lru_cache(maxsize=1024)
def compile_regex(pattern: str, flags: str) -> Any:
    """The compiled pattern; raises RegexError."""
    if not _FLAGS.issuperset(flags):
        raise RegexError(f"unknown flag in “{flags}”: there are s, m, i, x and q")
    if len(pattern) > MAX_PATTERN:
        raise RegexError(f"the pattern has over {MAX_PATTERN:,} characters")
    text = regex.escape(pattern) if "q" in flags else _Translator(pattern, flags).translate()
    if "i" in flags:
        # Characters are compared one by one, so “ß” is not “ss” (7.6.1.1); `regex` would fold them otherwise.
        text = f"(?-f:{text})"
    options = regex.VERSION1 | (regex.IGNORECASE if "i" in flags else 0)
    try:
        return regex.compile(text, options)
    except (regex.error, ValueError, OverflowError, RecursionError) as error:
        raise RegexError(f"not a regular expression: {pattern!r} ({error})") from error


def expand(replacement: str, groups: int, literal: bool) -> list[str | int]:
    """A replacement as texts and numbers of groups; raises RegexError."""
    if literal:
        return [replacement]
    parts: list[str | int] = []
    at = 0
    while at < len(replacement):
        char = replacement[at]
        following = replacement[at + 1 : at + 2]
        if char == "\\":
            if following not in ("\\", "$") or not following:
                raise RegexError("in a replacement, “\\” stands before “\\” or “$” only")
            parts.append(following)
            at += 2
        elif char == "$":
            number, at = _group_number(replacement, at + 1, groups)
            parts.append(number if number <= groups else "")
        else:
            parts.append(char)
            at += 1
    return parts


def _group_number(replacement: str, at: int, groups: int) -> tuple[int, int]:
    if not ("0" <= replacement[at : at + 1] <= "9"):
        raise RegexError("in a replacement, “$” stands before a digit only")
    number, at = int(replacement[at]), at + 1
    # As many digits as still name a group (XPath 7.6.3).
    while "0" <= replacement[at : at + 1] <= "9" and number * 10 + int(replacement[at]) <= groups:
        number, at = number * 10 + int(replacement[at]), at + 1
    return number, at


def _literal(char: str) -> str:
    return (
        char
        if char.isalnum()
        else regex.escape(char, special_only=False)
        if char.isprintable()
        else f"\\U{ord(char):08x}"
    )


class _Translator:
    """Reads a pattern by XPath's grammar and writes it for `regex`, version 1."""

    def __init__(self, pattern: str, flags: str) -> None:
        self.text = _without_spaces(pattern) if "x" in flags else pattern
        self.at = 0
        self.groups = 0
        self.expanded = 0
        self.open: list[int] = []
        self.dot = r"[\s\S]" if "s" in flags else r"[^\n\r]"
        many = "m" in flags
        # With “m”, a line starts behind every newline but one that ends the string.
        self.anchors = {"^": r"(?:\A|(?<=\n)(?!\Z))", "$": r"(?=\n|\Z)"} if many else {"^": r"\A", "$": r"\Z"}

    def fail(self, message: str) -> NoReturn:
        raise RegexError(f"{message} at character {self.at + 1} of {self.text!r}")

    def peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def translate(self) -> str:
        result = self.alternatives()
        if self.peek():
            self.fail("“)” without “(”")
        return result

    def alternatives(self) -> str:
        parts = [self.branch()]
        while self.peek() == "|":
            self.at += 1
            parts.append(self.branch())
        return "|".join(parts)

    def branch(self) -> str:
        parts: list[str] = []
        while (char := self.peek()) and char not in "|)":
            parts.append(self.piece())
        return "".join(parts)

    def piece(self) -> str:
        char = self.peek()
        if char in _QUANTIFIERS:
            self.fail(f"nothing for “{char}” to repeat")
        if char in self.anchors:
            self.at += 1
            atom = self.anchors[char]
            return (
                f"(?:{atom}){self.quantifier(self.expanded)}" if self.peek() in _QUANTIFIERS and self.peek() else atom
            )
        before = self.expanded
        self.expanded += 1
        atom = self.atom()
        return atom + self.quantifier(before)

    def quantifier(self, before: int) -> str:
        """A quantifier, if there is one, of the atoms counted since ``before``."""
        char = self.peek()
        if not char or char not in _QUANTIFIERS:
            return ""
        self.at += 1
        text = char if char != "{" else self.counted(before)
        if self.peek() == "?":
            self.at += 1
            text += "?"
        if self.peek() and self.peek() in _QUANTIFIERS:
            self.fail("two quantifiers in a row")
        return text

    def counted(self, before: int) -> str:
        end = self.text.find("}", self.at)
        low, comma, high = self.text[self.at : end].partition(",") if end >= 0 else ("", "", "")
        if not (low.isascii() and low.isdigit()) or (high and not (high.isascii() and high.isdigit())):
            self.fail("a quantifier is {n}, {n,} or {n,m}")
        if int(low[:9]) > MAX_REPEAT or int(high[:9] or 0) > MAX_REPEAT or (high and int(high) < int(low)):
            self.fail(f"a quantifier's numbers rise and reach {MAX_REPEAT:,}")
        self.expanded = before + (self.expanded - before) * max(int(low), int(high or 0), 1)
        if self.expanded > MAX_EXPANDED:
            self.fail(f"the repetitions come to over {MAX_EXPANDED:,} characters")
        self.at = end + 1
        return f"{{{low}{comma}{high}}}"

    def atom(self) -> str:
        char = self.peek()
        if char == "(":
            return self.group()
        if char == "[":
            return self.char_class()
        self.at += 1
        if char == ".":
            return self.dot
        if char == "\\":
            return self.escape(False)
        if char in "]}":
            self.at -= 1
            self.fail(f"“{char}” alone")
        return _literal(char)

    def group(self) -> str:
        self.at += 1
        if self.peek() == "?":
            if self.text[self.at : self.at + 2] != "?:":
                self.fail("groups are (…) or (?:…)")
            self.at += 2
            inner = f"(?:{self.alternatives()})"
        else:
            self.groups += 1
            self.open.append(self.groups)
            inner = f"({self.alternatives()})"
            self.open.pop()
        if self.peek() != ")":
            self.fail("“(” without “)”")
        self.at += 1
        return inner

    def escape(self, in_class: bool) -> str:
        char = self.peek()
        self.at += 1
        if char in _CONTROLS:
            return _CONTROLS[char]
        if char in _MULTI_ESCAPES:
            return _MULTI_ESCAPES[char]
        if char and char in _ESCAPABLE:
            return "\\" + char
        if char and char in "pP":
            return self.category(char)
        if not char or char not in "123456789" or in_class:
            self.at -= 1
            self.fail(f"there is no escape “\\{char}”")
        return self.back_reference(int(char))

    def back_reference(self, number: int) -> str:
        while "0" <= self.peek() <= "9" and number * 10 + int(self.peek()) <= self.groups:
            number = number * 10 + int(self.peek())
            self.at += 1
        if number > self.groups or number in self.open:
            self.fail(f"there is no group {number} before")
        return rf"(?:\{number})"

    def category(self, letter: str) -> str:
        end = self.text.find("}", self.at)
        name = self.text[self.at + 1 : end] if self.peek() == "{" and end > 0 else ""
        if name.startswith("Is") and name[2:].replace("-", "").isalnum():
            name = f"In{_BLOCKS.get(name[2:], name[2:])}"
            if not _is_block(name):
                self.fail(f"there is no block “{name[2:]}”")
        elif name not in _CATEGORIES:
            self.fail(f"there is no category “{name}”")
        self.at = end + 1
        return rf"\{letter}{{{name}}}"

    def char_class(self) -> str:
        self.at += 1
        negative = self.peek() == "^"
        self.at += negative
        parts: list[str] = []
        subtracted = ""
        while (char := self.peek()) != "]":
            if not char:
                self.fail("“[” without “]”")
            if char == "-" and self.text[self.at + 1 : self.at + 2] == "[" and parts:
                self.at += 1
                subtracted = self.char_class()
                if self.peek() != "]":
                    self.fail("a subtraction ends its class")
                break
            parts.append(self.class_part(bool(parts)))
        if not parts:
            self.fail("an empty character class")
        self.at += 1
        inner = f"[{'^' if negative else ''}{''.join(parts)}]"
        return f"[{inner}--{subtracted}]" if subtracted else inner

    def class_part(self, later: bool) -> str:
        first, single = self.class_char()
        if self.peek() != "-" or self.text[self.at + 1 : self.at + 2] in ("]", "[", ""):
            return first
        if not single:
            self.fail("a range begins with a single character")
        self.at += 1
        last, single = self.class_char()
        if not single or _ordinal(first) > _ordinal(last):
            self.fail("a range ends with a single character not before its first")
        return f"{first}-{last}"

    def class_char(self) -> tuple[str, bool]:
        char = self.peek()
        self.at += 1
        if char == "\\":
            text = self.escape(True)
            return text, text[0] == "\\" and text[1] not in "pP"
        if char == "[":
            self.at -= 1
            self.fail("“[” inside a character class")
        return _literal(char), True


def _ordinal(text: str) -> int:
    if text.startswith("\\U"):
        return int(text[2:], 16)
    return {"\\n": 10, "\\r": 13, "\\t": 9}.get(text, ord(text[-1]))


def _without_spaces(pattern: str) -> str:
    """The pattern for the flag “x”: white space counts inside character classes only."""
    kept: list[str] = []
    depth = 0
    escaped = False
    for char in pattern:
        if escaped or char == "\\":
            escaped = not escaped if char not in _SPACES else escaped
        elif char == "[":
            depth += 1
        elif char == "]":
            depth -= 1
        if depth or char not in _SPACES:
            kept.append(char)
    return "".join(kept)


@lru_cache(maxsize=512)
def _is_block(name: str) -> bool:
    try:
        regex.compile(rf"\p{{{name}}}", regex.VERSION1)
    except regex.error:
        return False
    return True
