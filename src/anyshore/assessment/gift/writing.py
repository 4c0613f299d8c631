"""Writing GIFT, so that it reads the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from anyshore.assessment.gift.marks import escaped
from anyshore.assessment.questions import Answer, Bank, Between, Category, Format, Near, Question, Text
from anyshore.base.errors import DataError
from anyshore.base.locations import Location


def dumps(bank: Bank) -> str:
    """A bank as GIFT.

    Outside HTML and Markdown, runs of blanks are one when the text is read again: that is the form's own rule.

    Raises:
        DataError: the form cannot say it: an arrow in what a matching question asks.
    """
    return "".join(f"{_entry(one)}\n\n" for one in bank.entries)


def _entry(one: Category | Question) -> str:
    if isinstance(one, Category):
        return f"$CATEGORY: {' '.join(one.title.split())}"
    return "\n".join([*_told(one), _question(one)])


def _told(one: Question) -> Iterator[str]:
    marks = [] if one.id is None else [("id", one.id)]
    marks += [("tag", tag) for tag in one.tags]
    if marks:
        yield "// " + " ".join(f"[{name}:{_bracketed(value)}]" for name, value in marks)


def _bracketed(value: str) -> str:
    return value.replace("]", "\\]")


def _question(one: Question) -> str:
    title = "" if one.title is None else f"::{escaped(one.title)}::"
    stem = f"{title}[{one.stem.format}]{escaped(one.stem.text)}"
    if one.kind == "description":
        return stem
    general = "" if one.feedback is None else f"####{_text(one.feedback, one.stem.format)}"
    after = "" if one.after is None else f" {escaped(one.after)}"
    return f"{stem} {{{_answers(one)}{general}}}{after}"


def _answers(one: Question) -> str:
    form = one.stem.format
    match one.kind:
        case "true-false":
            wrong, right = (one.if_false, one.if_true) if one.true else (one.if_true, one.if_false)
            second = "" if right is None else f"#{_text(right, form)}"
            first = _feedback(wrong, form) or ("#" if second else "")
            return ("TRUE" if one.true else "FALSE") + first + second
        case "matching":
            return _lines(f"={_text(_askable(pair.asked, one), form)} -> {escaped(pair.answer)}" for pair in one.pairs)
        case "numerical" if one.bare:
            return f"#{_given(one.answers[0], form)}"
        case "numerical":
            return "#" + _lines(_answer(answer, form) for answer in one.answers)
        case "choice" | "short":
            arrows = all(isinstance(answer.given, Text) and "->" in answer.given.text for answer in one.answers)
            return _lines(_answer(answer, form, arrows) for answer in one.answers)
    return ""


def _lines(parts: Iterable[str]) -> str:
    return "".join(f"\n\t{one}" for one in parts) + "\n"


def _answer(one: Answer, form: Format, arrows: bool = False) -> str:
    weight = "" if one.weight is None else f"%{one.weight:f}%"
    # Answers that all have an arrow would read as pairs: an empty feedback says that they are none.
    feedback = _feedback(one.feedback, form) or ("#" if arrows else "")
    return f"{'=' if one.right else '~'}{weight}{_given(one, form)}{feedback}"


def _given(one: Answer, form: Format) -> str:
    match one.given:
        case Text() as text:
            return _text(text, form)
        case Between(low, high):
            return f"{low:f}..{high:f}"
        case Near(number, tolerance):
            return _number(number) if tolerance is None else f"{number:f}:{tolerance:f}"


def _number(value: Decimal) -> str:
    return f"{value:f}"


def _feedback(one: Text | None, form: Format) -> str:
    return "" if one is None else f"#{_text(one, form)}"


def _text(one: Text, form: Format) -> str:
    """The format is named where it differs, and where the words would read as one or as a weight."""
    named = one.format != form or one.text.startswith(("[", "%"))
    return (f"[{one.format}]" if named else "") + escaped(one.text)


def _askable(text: Text, one: Question) -> Text:
    if "->" in text.text:
        message, hint = "GIFT has no way to write an arrow in what is asked.", "Write → or to."
        raise DataError("gift.arrow", message, Location(element=one.id or one.title or one.asked[:60]), hint)
    return text
