"""Cutting a mail to what is new in it: without what it quotes, and apart from its signature.

Text is only ever cut where something says that what follows is somebody else's: a line that names who is quoted, the
header lines of the mail that is answered, the words between dashes, marks of quotation. Where somebody answers
between the lines of a quotation, or passes a mail on, nothing is cut: there the quotation is part of what is said.
The whole mail is kept beside this by whoever stores it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from anyshore.mail import reply_words as words

MAX_LINES = 20_000
"""Lines of a mail that are looked at; of a longer one nothing is cut."""
_HEAD = 6
"""Lines over which the name of who is quoted may run on."""
_SHORT, _SIGNATURE = 60, 12
"""A signature has short lines, and few."""


class Line(Enum):
    """What a line is."""

    EMPTY = "e"
    TEXT = "t"
    QUOTED = "m"
    SPLIT = "s"
    """Part of what says that a quotation begins."""
    FORWARD = "f"


@dataclass(frozen=True, slots=True)
class Cut:
    """A mail that was cut.

    Attributes:
        reply: what is new, with its signature.
        text: the same without the signature.
        signature: what stands under it; empty without.
        quoted: what was cut away; empty where nothing was.
        inline: whether answers stand between the quoted lines, so that nothing was cut.
        forwarded: whether it passes a mail on, so that nothing was cut.
    """

    reply: str
    text: str
    signature: str
    quoted: str
    inline: bool = False
    forwarded: bool = False


def cut(text: str) -> Cut:
    """Cuts a mail to what is new in it.

    Args:
        text: what the mail says, as plain text; line ends of any kind.
    """
    lines = _on_lines_of_their_own(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    if len(lines) > MAX_LINES:
        return _signed(lines, [])
    device = _device(lines)
    kept, rest = (lines[:device], lines[device:]) if device is not None else (lines, [])
    marks = _marks(kept)
    if _forwards(marks):
        return _whole(lines, forwarded=True)
    if _answers_inside(kept, marks):
        return _whole(lines, inline=True)
    new, away = _parted(kept, marks)
    if not any(line.strip() for line in new) and device is None:
        return _whole(lines)  # nothing is left: what looked quoted is all there is
    return _signed(new, away + rest)


def _on_lines_of_their_own(lines: list[str]) -> list[str]:
    """Who is quoted may be named behind the answer, on its line: where marked lines follow, it begins a line."""
    found: list[str] = []
    for number, line in enumerate(lines):
        shared = _SHARED.match(line)
        follows = next((one for one in lines[number + 1 :] if one.strip()), "")
        if shared and follows.lstrip().startswith(">") and _mark(line) is not Line.QUOTED:
            found += [shared[1], shared[2]]
        else:
            found.append(line)
    return found


def _whole(lines: list[str], *, inline: bool = False, forwarded: bool = False) -> Cut:
    text = "\n".join(lines).strip()
    return Cut(text, text, "", "", inline, forwarded)


def _signed(new: list[str], away: list[str]) -> Cut:
    reply = "\n".join(new).strip()
    lines = reply.split("\n")
    at = _signature(lines)
    body = "\n".join(lines[:at]).strip()
    return Cut(reply, body or reply, "\n".join(lines[at:]).strip() if body else "", "\n".join(away).strip())


def _parted(lines: list[str], marks: list[Line]) -> tuple[list[str], list[str]]:
    """New lines and those that go: from the first thing that says a quotation begins."""
    shape = "".join(mark.value for mark in marks)
    found = re.search(r"s[se]*[tf]", shape)
    if found:  # text follows at once, unmarked: all of it is the other mail
        start = _rule_before(lines, found.start())
        return lines[:start], lines[start:]
    # Marked lines follow; what comes behind them is new again. Long addresses break marked lines in two.
    found = re.search(r"s[se]*(?:m(?:[me]|t(?=e*m))*)?", shape) or re.search(r"m(?:[me]|t(?=e*m))*", shape)
    if not found:
        return lines, []
    start, end = _rule_before(lines, found.start()), found.end()
    while end > start and marks[end - 1] is Line.EMPTY:
        end -= 1
    return lines[:start] + lines[end:], lines[start:end]


def _rule_before(lines: list[str], at: int) -> int:
    """A line drawn right before a quotation belongs to it."""
    above = at - 1
    while above >= 0 and not lines[above].strip():
        above -= 1
    return above if above >= 0 and _RULE.fullmatch(lines[above].strip()) else at


def _forwards(marks: list[Line]) -> bool:
    first = next((mark for mark in marks if mark in (Line.SPLIT, Line.FORWARD, Line.QUOTED)), None)
    return first is Line.FORWARD


def _answers_inside(lines: list[str], marks: list[Line]) -> bool:
    """Whether text stands between quoted lines that is no address broken over lines."""
    shape = "".join(mark.value for mark in marks)
    for found in re.finditer(r"(?<=m)e*(t[te]*)(?=m)", shape):
        between = [line.strip() for line in lines[found.start(1) : found.end(1)] if line.strip()]
        cut_off = len(between) == 1 and _OPEN_LINK.search(lines[found.start() - 1])
        if not cut_off and not all(_BROKEN.match(line) or _runs_on(line) for line in between):
            return True
    return False


def _runs_on(line: str) -> bool:
    """A quoted line that a mail program wrapped without marking its rest: it begins small and is one of a kind."""
    return line[:1].islower() and line.endswith(('"', "'", ".", ")"))


def _marks(lines: list[str]) -> list[Line]:
    marks = [_mark(line) for line in lines]
    at = 0
    while at < len(lines):
        length = 0 if marks[at] in (Line.EMPTY, Line.QUOTED) else _splits(lines, at)
        for one in range(at, at + length):
            marks[one] = Line.SPLIT
        at += max(length, 1)
    if Line.SPLIT not in marks:
        _only_runs(marks)
    return marks


def _only_runs(marks: list[Line]) -> None:
    """Where nothing says who is quoted, fewer than three marked lines in a row are a manner of writing."""
    shape = "".join(mark.value for mark in marks)
    if not re.search(r"(?:me*){3}", shape):
        marks[:] = [Line.TEXT if mark is Line.QUOTED else mark for mark in marks]


def _mark(line: str) -> Line:
    stripped = line.strip()
    if not stripped:
        return Line.EMPTY
    if stripped.startswith(">"):
        return Line.QUOTED
    return Line.FORWARD if _FORWARD.match(stripped) else Line.TEXT


def _splits(lines: list[str], at: int) -> int:
    """How many lines from here say that a quotation begins; 0 where none."""
    first = lines[at].strip()
    if _FORWARD.match(first):
        return 0
    if _ORIGINAL.match(first) or _DASHED.match(first):
        return 1
    return _header_lines(lines, at) or _attribution(lines, at)


def _attribution(lines: list[str], at: int) -> int:
    first = lines[at].strip()
    if not (_OPENS.match(first) or _DATED.search(first) or _ENDS.search(first)):
        return 0
    joined, gap = "", False
    for length in range(1, _HEAD + 1):
        if at + length > len(lines):
            return 0
        line = lines[at + length - 1].strip()
        gap = gap or not line
        joined = f"{joined} {line}".strip()
        if len(joined) > 400:
            return 0
        if line and _names_who(joined):
            if gap and "<" not in joined:
                return 0
            following = lines[at + length].strip() if at + length < len(lines) else ""
            return length + bool(len(following) <= _HEAD * 3 and _ENDS.search(following) and not _ENDS.search(joined))
        if length > 1 and line and _FORBIDS.match(line):
            return 0
    return 0


def _names_who(text: str) -> bool:
    """Whether a text is the name of who is quoted, whole: "On … wrote:", or a date, a name and an address."""
    if _ENDS.search(text):
        return bool(_OPENS.match(text) or _DATED.search(text) or _ADDRESS.search(text))
    return bool(_STARTS_DATED.match(text) and _ENDS_ADDRESS.search(text))


def _header_lines(lines: list[str], at: int) -> int:
    """Header lines of the mail that is answered: two kinds of them within a few lines, the first of author or date."""
    first = _header_of(lines[at])
    if first not in ("author", "date"):
        return 0
    kinds, last = {first}, at
    for number in range(at + 1, min(at + 12, len(lines))):
        kind = _header_of(lines[number])
        if kind:
            kinds.add(kind)
            last = number
        elif not lines[number].strip() or number - last > 2:
            break
    told = kinds & {"date", "subject"} or any("@" in line for line in lines[at : last + 1])
    return last - at + 1 if len(kinds) >= 2 and told else 0


def _header_of(line: str) -> str:
    found = _HEADER.match(line.strip())
    return _HEADERS.get(" ".join(found[1].lower().split()), "") if found else ""


def _device(lines: list[str]) -> int | None:
    """Where a telephone signs: from there on all is added or quoted."""
    for number, line in enumerate(lines):
        stripped = line.strip()
        alone = number == 0 or not lines[number - 1].strip()
        if stripped and alone and len(stripped.partition("<")[0]) <= _SHORT and _DEVICE.match(stripped) and number:
            return None if _ENDS.search(stripped) else number
    return None


def _signature(lines: list[str]) -> int:
    """The line a signature begins with; the number of lines where there is none (RFC 3676, 4.3, or a closing and a
    name)."""
    for number in range(len(lines) - 1, 0, -1):
        if lines[number].rstrip("\r") in ("-- ", "--") and len(lines) - number <= 2 * _SIGNATURE:
            return number
    for number in range(max(1, len(lines) - _SIGNATURE), len(lines)):
        if _CLOSING.fullmatch(lines[number].strip()):
            after = [line.strip() for line in lines[number + 1 :] if line.strip()]
            if after and all(len(line) <= _SHORT and not line.startswith(("-", "*", ">", "?")) for line in after):
                return number
    return len(lines)


def _any(table: tuple[str, ...]) -> str:
    return "|".join(re.escape(word) for word in sorted(table, key=len, reverse=True))


_RULE = re.compile(r"[-_=*~–—]{3,}")
_BROKEN = re.compile(r"\(?<?https?://|.*https?://\S+\)?>?\s*>?$")
_OPEN_LINK = re.compile(r"\([^)]*https?://[^\s)]*$")
_FORBIDS = re.compile(r"[-*•]\s")
_ADDRESS = re.compile(r"[^\s<>@]+@[^\s<>@]+")
_MONTH = (
    r"(?:jan|feb|mar|mär|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez|fév|avr|juin|juil|ao[uû]t|déc|ene|abr|ago|dic|"
    r"gen|mag|giu|lug|set|ott|fev|maj|апр|янв|фев|мар|ма[йя]|июн|июл|авг|сен|окт|ноя|дек|sty|lut|kwi|cze|lip|sie|wrz|"
    r"paź|lis|gru|tháng)\w*"
)
_DATE = (
    r"(?:\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|\d{1,2}\.?\s+(?:de\s+)?" + _MONTH + r"|" + _MONTH + r"\.?\s+\d{1,2}\b"
    r"|\d{1,2}-" + _MONTH + r"-\d{2,4}|\d{1,2}:\d{2}|\d{4}\s?年|\d{1,2}월|\d{1,2}\.\s?[a-zá-ž]+kuuta)"
)
_DATED = re.compile(_DATE, re.IGNORECASE)
_STARTS_DATED = re.compile(r"(?:[\w.]{2,12},?\s+){0,2}" + _DATE, re.IGNORECASE)
_ENDS_ADDRESS = re.compile(r"(?:<\s*[^\s<>@]+@[^\s<>]+>\s*:|\([^\s()@]+@[^\s()]+\)\s*:|<[^\s<>@]+@[^\s<>]+>)\s*$")
_OPENS = re.compile(r"[-\s_*]{0,80}(?:" + _any(words.OPENERS) + r")[\s,:]", re.IGNORECASE)
_ENDS = re.compile(r"(?:^|[\s>)\"'])(?:" + _any(words.VERBS) + r")\s*[:：]?\s*[-_*]*\s*$", re.IGNORECASE)
_SHARED = re.compile(
    r"(.*\S)\s+((?:On|Am|Le|El|Il giorno|Em|Op|Den|Dnia|W dniu)\s[^>]{0,120}?"
    + _DATE
    + r".{0,200}?\b(?:"
    + _any(words.VERBS)
    + r")\s?:)\s*$"
)
_ORIGINAL = re.compile(r"[-_=*]{2,}\s*(?:" + _any(words.ORIGINALS) + r")\s*:?\s*[-_=*]{2,}\s*$", re.IGNORECASE)
_DASHED = re.compile(r"-{2,}\s*[^-]{2,80}\s(?:" + _any(words.VERBS) + r")\s*:?\s*-{2,}\s*$", re.IGNORECASE)
_FORWARD = re.compile(
    r"(?:[-_=*]{2,}\s*)?(?:" + _any(words.FORWARDS) + r")\b[^.]{0,60}?(?::|[-_=*]{2,})\s*$", re.IGNORECASE
)
_HEADER = re.compile(r"[*_]{0,2}([^\W\d_][\w\s-]{0,24}?)\s?[*_]{0,2}\s?:[*_]{0,2}(?:\s|\S)", re.IGNORECASE)
_HEADERS = {
    word: kind
    for kind, table in (
        ("subject", words.SUBJECTS), ("receiver", words.RECEIVERS), ("date", words.DATES), ("author", words.AUTHORS),
    )
    for word in table
}  # fmt: skip
_DEVICE = re.compile(r"(?:[-_*]{0,3}\s*)(?:" + _any(words.DEVICES) + r")\b", re.IGNORECASE)
_CLOSING = re.compile(r"(?:" + _any(words.CLOSINGS) + r")(?:[,.!–-]|\s[\w,]{0,12})*", re.IGNORECASE)
