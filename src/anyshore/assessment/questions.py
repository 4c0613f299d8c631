"""The model of a question bank: what its files hold, whichever form they have."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Format = Literal["moodle", "plain", "html", "markdown"]
FORMATS: tuple[Format, ...] = ("moodle", "plain", "html", "markdown")

Kind = Literal["description", "essay", "true-false", "choice", "short", "numerical", "matching"]

GAP = "_____"
"""Stands in a stem where the answer belongs."""

ANYTHING = "*"
"""In a short or numerical answer: whatever else is said."""


@dataclass(frozen=True, slots=True)
class Text:
    """Words with the format they are written in."""

    text: str
    format: Format = "moodle"


@dataclass(frozen=True, slots=True)
class Near:
    """A number, right within a tolerance; None: nothing was said, so it is right alone."""

    number: Decimal
    tolerance: Decimal | None = None

    def holds(self, value: Decimal) -> bool:
        """Whether a value is right."""
        return abs(value - self.number) <= (self.tolerance or 0)


@dataclass(frozen=True, slots=True)
class Between:
    """A number between two others, both included."""

    low: Decimal
    high: Decimal

    def holds(self, value: Decimal) -> bool:
        """Whether a value is right."""
        return self.low <= value <= self.high


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that can be chosen, or that is waited for.

    Attributes:
        given: what it is; of a numerical question a range of numbers.
        right: whether it gets full marks where it has no weight.
        weight: of the marks, in per cent, -100 to 100.
        feedback: to whoever gives it.
    """

    given: Text | Near | Between
    right: bool
    weight: Decimal | None = None
    feedback: Text | None = None

    @property
    def share(self) -> Decimal:
        """What it gets of the marks, -1 to 1."""
        if self.weight is not None:
            return self.weight / 100
        return Decimal(1) if self.right else Decimal(0)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two things that belong together."""

    asked: Text
    answer: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question, or a description, which asks nothing.

    Attributes:
        kind: which.
        stem: what is asked, up to the gap where there is one.
        after: what follows the gap; None: there is no gap.
        title: what its authors call it.
        id: by which a bank knows it.
        tags: by which it is found.
        feedback: to everybody who answers.
        true: of a true-false question: whether the stem is true.
        if_true: feedback to whoever says true.
        if_false: feedback to whoever says false.
        answers: of choice, short and numerical questions.
        bare: a numerical question whose one answer is written without a sign.
        pairs: of a matching question.
        category: under which it stands; not of its own in GIFT.
        line: where it begins in its file.
    """

    kind: Kind
    stem: Text
    after: str | None = None
    title: str | None = None
    id: str | None = None
    tags: tuple[str, ...] = ()
    feedback: Text | None = None
    true: bool | None = None
    if_true: Text | None = None
    if_false: Text | None = None
    answers: tuple[Answer, ...] = ()
    bare: bool = False
    pairs: tuple[Pair, ...] = ()
    category: str = ""
    line: int = 0

    @property
    def asked(self) -> str:
        """The whole stem, with a gap where the answer belongs."""
        if self.after is None:
            return self.stem.text
        return f"{self.stem.text} {GAP} {self.after}" if self.stem.text else f"{GAP} {self.after}"

    @property
    def several(self) -> bool:
        """Whether more than one answer of a choice may be right: none of them alone gets all marks by its sign."""
        return self.kind == "choice" and not any(one.right for one in self.answers)


@dataclass(frozen=True, slots=True)
class Category:
    """From here on questions stand under it."""

    title: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Bank:
    """A question bank, in the order of its file."""

    entries: tuple[Category | Question, ...]

    @property
    def questions(self) -> Iterator[Question]:
        """All questions and descriptions."""
        return (one for one in self.entries if isinstance(one, Question))
