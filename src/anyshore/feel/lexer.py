"""First pass: text to tokens. Whether tokens side by side form one name is for the parser to decide.

Source: DMN 1.5, 10.3.1.2, grammar rules 22 to 31 (names), 33 to 37 (literals), 61 to 65 (spaces and comments).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import accumulate
from string import ascii_letters

KEYWORDS = frozenset(
    [
        "and",
        "or",
        "between",
        "in",
        "instance",
        "if",
        "then",
        "else",
        "for",
        "return",
        "some",
        "every",
        "satisfies",
        "function",
        "external",
        "true",
        "false",
        "null",
    ]
)

_NAME_START = (
    "?A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
NAME_PART = _NAME_START + "0-9\u00b7\u0300-\u036f\u203f-\u2040"
# Grammar rules 61 and 62.
_SPACE = "\t\n\u000b\u000c\r \u0085\u00a0\u1680\u180e\u2000-\u200b\u2028\u2029\u202f\u205f\u3000\ufeff"

# One alternative per kind of token behind spaces and comments; `lastindex` says which one matched.
_TOKEN = re.compile(
    rf"(?:[{_SPACE}]+|//[^\n\r]*|/\*.*?\*/)*+(?:"
    rf"(?P<name>[{_NAME_START}][{NAME_PART}]*)"
    r"|(?P<number>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
    r'|(?P<string>"(?:[^"\\]|\\.)*")'
    # A string or comment without an end is one token to the end of the text, so that cutting stays linear.
    r'|(?P<symbol>".*|/\*.*|\*\*|\.\.|->|!=|<=|>=|.)|(?P<end>\Z))',
    re.DOTALL,
)
_NAME, _NUMBER, _STRING, _SYMBOL = 1, 2, 3, 4
_WHOLE_STRING = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL).fullmatch
# The same where there are no comments. Some spaces are characters of names too, but no name begins with one.
_FIRST = _NAME_START.replace("\u037f-\u1fff", "\u037f-\u167f\u1681-\u180d\u180f-\u1fff").replace(
    "\ufdf0-\ufffd", "\ufdf0-\ufefe\uff00-\ufffd"
)
_SPLIT = re.compile(
    rf"([{_FIRST}][{NAME_PART}]*"
    r"|(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
    r'|"[^"\\]*+(?:\\.[^"\\]*+)*+"'
    rf'|".*|\*\*|\.\.|->|!=|<=|>=|[^{_SPACE}])',
    re.DOTALL,
).split
_KEYWORD_KINDS = {word: word for word in KEYWORDS}

_ESCAPE = re.compile(r'\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{6})|(["\'\\nrt]))')
_SURROGATES = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_HALVES = re.compile("[\ud800-\udfff]")
_SIMPLE_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "'": "'", "\\": "\\"}


@dataclass(slots=True)
class Tokens:
    """The tokens of a text, as parallel lists that end with the kind ``end``.

    Attributes:
        kinds: ``name``, ``number``, ``string``, ``end``, or the keyword or symbol itself.
        texts: the text of each.
        starts: where each begins in the source, counted from 0.
        ends: where each ends.
    """

    kinds: list[str]
    texts: list[str]
    starts: list[int]
    ends: list[int]


class _Kinds(dict[str, str]):
    """Token → kind; a number, string or name is told by its first character. Some names are remembered."""

    def __missing__(self, token: str) -> str:
        first = token[0]
        if first == '"':
            return "string"
        if first in "0123456789.":
            return "number"
        if len(token) == 1 and not _NAME_BEGINS(token):
            return token
        if len(token) < _SHORT and len(self) < _REMEMBERED:
            self[token] = "name"
        return "name"


_SHORT, _REMEMBERED = 40, 2_000
_NAME_BEGINS = re.compile(f"[{_NAME_START}]").match
_SYMBOLS = (*"()[]{}<>=+-*/.,:@", "**", "..", "->", "!=", "<=", ">=")
_kind = _Kinds({**dict.fromkeys(ascii_letters, "name"), **{word: word for word in (*KEYWORDS, *_SYMBOLS)}}).__getitem__


def tokenize(text: str) -> Tokens:
    """Cut a text into tokens. Never fails: a character FEEL does not know is a symbol the parser refuses."""
    if "//" in text or "/*" in text:
        return _with_comments(text)
    # By turns spaces and a token: a loop over them would take twice as long.
    parts = _SPLIT(text)
    texts = parts[1::2]
    offsets = [*accumulate(map(len, parts))]
    kinds = [*map(_kind, texts)]
    if texts and kinds[-1] == "string" and not _WHOLE_STRING(texts[-1]):
        kinds[-1] = '"'
    starts, ends = offsets[::2], offsets[1::2]
    kinds.append("end")
    texts.append("")
    ends.append(starts[-1])
    return Tokens(kinds, texts, starts, ends)


def _with_comments(text: str) -> Tokens:
    """The tokens of a text in which there may be comments."""
    kinds: list[str] = []
    texts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    kind_of = _KEYWORD_KINDS.get
    for match in _TOKEN.finditer(text):
        group = match.lastindex or 0
        token = match[group]
        if group == _NAME:
            kinds.append(kind_of(token, "name"))
        elif group == _SYMBOL:
            kinds.append('"' if token[0] == '"' else token[:2])
        else:
            kinds.append("number" if group == _NUMBER else "string" if group == _STRING else "end")
        texts.append(token)
        start, end = match.span(group)
        starts.append(start)
        ends.append(end)
        if not token:
            break  # behind spaces the end would be found twice
    return Tokens(kinds, texts, starts, ends)


def unescape(token: str) -> str:
    """The value of a string token. An unknown escape, as in a regular expression, stands for itself."""
    body = token[1:-1]
    if "\\" not in body:
        return body
    body = _ESCAPE.sub(_escaped, body)
    # Two escapes of a surrogate pair are one character (10.3.1.2, rule 64).
    body = _SURROGATES.sub(lambda pair: pair[0].encode("utf-16", "surrogatepass").decode("utf-16"), body)
    # Half a pair is no character, and no file could hold it.
    return _HALVES.sub("\ufffd", body)


def _escaped(match: re.Match[str]) -> str:
    four, six, simple = match.groups()
    if simple:
        return _SIMPLE_ESCAPES[simple]
    code = int(four or six, 16)
    return chr(code) if code <= 0x10FFFF else match[0]


def name_tokens(name: str) -> tuple[str, ...]:
    """The tokens a name is made of; two spellings that differ in spaces only are one name (10.3.1.4)."""
    return tuple(tokenize(name).texts[:-1])
