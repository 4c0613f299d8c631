"""First pass: text to tokens. Whether tokens side by side form one name is for the parser to decide.

Source: DMN 1.5, 10.3.1.2, grammar rules 22 to 31 (names), 33 to 37 (literals), 61 to 65 (spaces and comments).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

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
_NAME_PART = _NAME_START + "0-9\u00b7\u0300-\u036f\u203f-\u2040"
# Grammar rules 61 and 62.
_SPACE = "\t\n\u000b\u000c\r \u0085\u00a0\u1680\u180e\u2000-\u200b\u2028\u2029\u202f\u205f\u3000\ufeff"

# One alternative per kind of token behind spaces and comments; `lastindex` says which one matched.
_TOKEN = re.compile(
    rf"(?:[{_SPACE}]+|//[^\n\r]*|/\*.*?\*/)*+(?:"
    rf"(?P<name>[{_NAME_START}][{_NAME_PART}]*)"
    r"|(?P<number>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
    r'|(?P<string>"(?:[^"\\]|\\.)*")'
    # A string or comment without an end is one token to the end of the text, so that cutting stays linear.
    r'|(?P<symbol>".*|/\*.*|\*\*|\.\.|->|!=|<=|>=|.)|(?P<end>\Z))',
    re.DOTALL,
)
_NAME, _NUMBER, _STRING, _SYMBOL = 1, 2, 3, 4
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


def tokenize(text: str) -> Tokens:
    """Cut a text into tokens. Never fails: a character FEEL does not know is a symbol the parser refuses."""
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
            kinds.append(token if len(token) < 3 else token[:2] if token[0] == "/" else '"')
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
