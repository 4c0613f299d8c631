"""Reading GIFT: every problem of a file at once, with its line."""

from __future__ import annotations

from dataclasses import dataclass, replace

from anyshore.assessment.gift import answers, marks
from anyshore.assessment.gift.blocks import Block, blocks
from anyshore.assessment.questions import Bank, Category, Question, Text
from anyshore.base.errors import DataError, Diagnostic
from anyshore.base.locations import Location

MOST = 20_000_000
"""Characters a file may have."""

_BRACE = "Write a brace that is text as \\{ or \\}, and put a blank line between two questions."


@dataclass(frozen=True, slots=True)
class _Parts:
    """A question taken apart, its answers unread; None: it has no braces, or nothing follows them."""

    stem: str
    inner: str | None = None
    at: int = 0
    after: str | None = None


def loads(text: str, *, file: str | None = None) -> Bank:
    """Reads the questions of a GIFT text.

    Args:
        text: the content of the file.
        file: its name, for messages.

    Raises:
        DataError: with every problem of the file, located by line.
    """
    if len(text) > MOST:
        message = f"The file has {len(text):,} characters, at most {MOST:,} are read."
        raise DataError("gift.large", message, Location(file), "Cut it into several banks.")
    problems: list[Diagnostic] = []
    entries: list[Category | Question] = []
    category = ""
    for block in blocks(text):
        try:
            found = _entry(block)
        except answers.Unreadable as problem:
            place = Location(file, line=block.line(problem.at))
            problems.append(Diagnostic(f"gift.{problem.code}", str(problem), place, problem.hint))
            continue
        if isinstance(found, Category):
            category = found.title
            entries.append(found)
        else:
            entries.append(replace(found, category=category))
    if not entries and not problems:
        message, hint = "There is no question in the file.", "A question is words and its answers: 2 + 2 {=4}"
        problems.append(Diagnostic("gift.empty", message, Location(file, line=1), hint))
    if problems:
        raise DataError.of(problems)
    return Bank(tuple(entries))


def _entry(block: Block) -> Category | Question:
    text = block.text
    line = block.line(0)
    if text.lstrip().startswith("$CATEGORY:"):
        return Category(text.strip().removeprefix("$CATEGORY:").strip(), line)
    title, start = _title(text)
    parts = _parts(text, start)
    stem = marks.formatted(parts.stem, "moodle")
    if parts.inner is None:
        made = Question("description", stem)
    else:
        made = answers.read(parts.inner, parts.at, stem)
    if parts.after:
        tail = marks.formatted(parts.after, stem.format)
        if not stem.text and not parts.stem.strip():
            made = replace(made, stem=Text("", tail.format))
        made = replace(made, after=tail.text)
    return replace(made, title=title, id=block.id, tags=block.tags, line=line)


def _title(text: str) -> tuple[str | None, int]:
    """The title, and where what follows it begins."""
    start = len(text) - len(text.lstrip())
    if not text.startswith("::", start):
        return None, start
    end = marks.find(text, "::", start + 2)
    if end < 0:
        raise answers.Unreadable("title", "The title has no end.", start, "Write :: behind it, too.")
    return marks.spoken(text[start + 2 : end], "moodle"), end + 2


def _parts(text: str, start: int) -> _Parts:
    braces = [(at, char) for at, char in marks.meant(text, start) if char in "{}"]
    if not braces:
        return _Parts(text[start:])
    first, char = braces[0]
    if char == "}":
        raise answers.Unreadable("brace", "A brace is closed that was never opened.", first, _BRACE)
    if len(braces) == 1:
        hint = "Close it; a blank line ends the question, so write \\n for one inside."
        raise answers.Unreadable("unclosed", "The answers have no closing brace.", first, hint)
    second, char = braces[1]
    if char == "{":
        raise answers.Unreadable("brace", "A brace opens within the answers.", second, _BRACE)
    if len(braces) > 2:
        raise answers.Unreadable("brace", "There are more braces behind the answers.", braces[2][0], _BRACE)
    after = text[second + 1 :].strip()
    return _Parts(text[start:first], text[first + 1 : second], first + 1, None if after.startswith("//") else after)
