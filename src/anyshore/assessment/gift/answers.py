"""What stands between the braces of a GIFT question: the kind of a question is told by its answers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from anyshore.assessment.gift import marks
from anyshore.assessment.questions import ANYTHING, Answer, Between, Format, Near, Pair, Question, Text

_WEIGHT = re.compile(r"%(-?(?:[0-9]{1,10}(?:\.[0-9]{0,20})?|\.[0-9]{1,20}))%")
_NUMBER = r"([+-]?(?:[0-9]{1,30}(?:\.[0-9]{0,30})?|\.[0-9]{1,30})(?:[eE][+-]?[0-9]{1,2})?)"
_NEAR = re.compile(rf"{_NUMBER}(?:\s*:\s*{_NUMBER})?")
_BETWEEN = re.compile(rf"{_NUMBER.replace('{0,30}', '{1,30}')}\s*\.\.\s*{_NUMBER}")
_TRUTH = {"T": True, "TRUE": True, "F": False, "FALSE": False}


class Unreadable(Exception):
    """Something in a question is not GIFT.

    Attributes:
        code: short name of what is wrong.
        at: place in the text of its block.
        hint: what to do.
    """

    def __init__(self, code: str, message: str, at: int, hint: str) -> None:
        super().__init__(message)
        self.code, self.at, self.hint = code, at, hint


@dataclass(frozen=True, slots=True)
class _Part:
    """One answer, unread: its sign, its words, its feedback, and where it stands."""

    sign: str
    text: str
    feedback: str | None
    at: int

    def said(self, form: Format) -> Text | None:
        """Its feedback; none where no word follows the mark."""
        return _feedback(self.feedback, form)


def read(inner: str, at: int, stem: Text) -> Question:
    """A question of the kind its answers tell.

    Args:
        inner: what stands between the braces.
        at: where that begins in its block.
        stem: what is asked; answers have its format where they name none.

    Raises:
        Unreadable: it is not GIFT.
    """
    body, general = marks.cut(inner, "####")
    feedback = _feedback(general, stem.format)
    start = len(body) - len(body.lstrip())
    at, body = at + start, body.strip()
    if not body:
        return Question("essay", stem, feedback=feedback)
    if body.startswith("#"):
        return _numerical(body[1:], at + 1, stem, feedback)
    head, said = marks.cut(body, "#")
    if head.strip() in _TRUTH:
        return _true_false(_TRUTH[head.strip()], said, stem, feedback)
    if body[0] not in "=~":
        return _short(body, at, stem, feedback)
    parts = list(_split(body, at))
    if all(_pairs(one) for one in parts):
        return Question("matching", stem, feedback=feedback, pairs=tuple(_pair(one, stem.format) for one in parts))
    answers = tuple(_choice(one, stem.format) for one in parts)
    kind = "choice" if any(one.sign == "~" for one in parts) else "short"
    return Question("choice" if kind == "choice" else "short", stem, feedback=feedback, answers=answers)


def _feedback(text: str | None, form: Format) -> Text | None:
    found = marks.formatted(text or "", form)
    return found if found.text else None


def _split(body: str, at: int) -> Iterator[_Part]:
    """The answers by their signs; what stands before the first is an answer without one."""
    places = [place for place, char in marks.meant(body) if char in "=~"]
    if not places or places[0] > 0:
        places.insert(0, 0)
    for place, end in zip(places, [*places[1:], len(body)], strict=True):
        signed = body[place] in "=~"
        text, feedback = marks.cut(body[place + signed : end], "#")
        if text.strip() or signed or feedback is not None:
            yield _Part(body[place] if signed else "", text.strip(), feedback, at + place)


def _true_false(true: bool, said: str | None, stem: Text, feedback: Text | None) -> Question:
    """The first feedback is for the wrong answer, the second for the right one (GIFT format, True-False)."""
    wrong, right = (None, None) if said is None else marks.cut(said, "#")
    first, second = _feedback(wrong, stem.format), _feedback(right, stem.format)
    if_true, if_false = (second, first) if true else (first, second)
    return Question("true-false", stem, feedback=feedback, true=true, if_true=if_true, if_false=if_false)


def _short(body: str, at: int, stem: Text, feedback: Text | None) -> Question:
    parts = list(_split(body, at))
    if len(parts) > 1:
        hint = "Begin each answer with = or ~, or write \\= and \\~ where they are text."
        raise Unreadable("answers", "Something stands before the first answer.", at, hint)
    found = Answer(marks.formatted(parts[0].text, stem.format), True, None, parts[0].said(stem.format))
    return Question("short", stem, feedback=feedback, answers=(found,))


def _pairs(one: _Part) -> bool:
    return one.sign == "=" and one.feedback is None and not _WEIGHT.match(one.text) and marks.find(one.text, "->") >= 0


def _pair(one: _Part, form: Format) -> Pair:
    asked, answer = marks.cut(one.text, "->")
    return Pair(marks.formatted(asked, form), marks.spoken(answer or "", "plain"))


def _weight(one: _Part) -> tuple[Decimal | None, str]:
    """The weight before an answer, and the rest of it."""
    found = _WEIGHT.match(one.text)
    if found is None:
        return None, one.text
    weight = Decimal(found[1])
    if abs(weight) > 100:
        raise Unreadable("weight", f"A weight of {weight} % is none.", one.at, "Write -100 to 100.")
    return weight, one.text[found.end() :].strip()


def _choice(one: _Part, form: Format) -> Answer:
    weight, text = _weight(one)
    given = marks.formatted(text, form)
    if not given.text:
        raise Unreadable("answer", "An answer has no words.", one.at, f"Write it behind {one.sign}.")
    return Answer(given, one.sign == "=", weight, one.said(form))


def _numerical(body: str, at: int, stem: Text, feedback: Text | None) -> Question:
    parts = list(_split(body, at))
    if not parts:
        raise Unreadable("number", "A numerical question has no answer.", at, "Write a number: {#42}")
    if not parts[0].sign and len(parts) == 1 and parts[0].feedback is None:
        answers: tuple[Answer, ...] = (Answer(_number(parts[0], parts[0].text), True),)
        return Question("numerical", stem, feedback=feedback, answers=answers, bare=True)
    return Question("numerical", stem, feedback=feedback, answers=tuple(_amount(one, stem.format) for one in parts))


def _amount(one: _Part, form: Format) -> Answer:
    weight, text = _weight(one)
    given: Text | Near | Between
    given = Text(ANYTHING, form) if text in ("", ANYTHING) else _number(one, text)
    return Answer(given, one.sign != "~", weight, one.said(form))


def _number(one: _Part, text: str) -> Near | Between:
    text = marks.plain(text).strip()
    if found := _BETWEEN.fullmatch(text):
        low, high = Decimal(found[1]), Decimal(found[2])
        if low > high:
            raise Unreadable("number", f"{text}: nothing lies between.", one.at, "Write the smaller number first.")
        return Between(low, high)
    if found := _NEAR.fullmatch(text):
        if found[2] is not None and Decimal(found[2]) < 0:
            raise Unreadable("number", f"{text}: a tolerance is not negative.", one.at, "Leave the sign out.")
        return Near(Decimal(found[1]), None if found[2] is None else Decimal(found[2]))
    hint = "Write 42, 3.14:0.01 or 1..5."
    raise Unreadable("number", f"{text!r} is no number.", one.at, hint)
