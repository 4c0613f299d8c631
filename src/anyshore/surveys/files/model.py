"""A survey as data: variables with their labels, kinds of missing answers, and values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Literal, TypeAlias

from anyshore.base.errors import Diagnostic

Kind: TypeAlias = Literal[
    "single", "multiple", "quantity", "character", "logical", "date", "time", "datetime", "duration"
]
Code: TypeAlias = int | float | str
Value: TypeAlias = Code | Decimal | bool | date | time | datetime | tuple[Code, ...] | None
"""One answer; a tuple of codes for ``multiple``; seconds for ``duration``; None where there is none."""
Absence: TypeAlias = Literal["answered", "absent", "missing"]


@dataclass(frozen=True, slots=True)
class Text:
    """A text for people.

    Attributes:
        text: lines are parted by line feeds.
        language: its tag, empty where the file names none.
        mode: what it is for, ``interview`` or ``analysis``; empty for both.
    """

    text: str
    language: str = ""
    mode: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """Values from one to another, both included; equal for a single one."""

    low: Code | Decimal
    high: Code | Decimal

    def has(self, value: object) -> bool:
        """Whether a value lies in it; words only with words, numbers with numbers."""
        if isinstance(value, str) != isinstance(self.low, str):
            return False
        return bool(self.low <= value <= self.high)  # type: ignore[operator]


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer with a label.

    Attributes:
        code: what stands in the data.
        texts: its labels.
        score: what it counts in a mean.
    """

    code: Code | Decimal
    texts: tuple[Text, ...]
    score: Decimal | None = None

    @property
    def label(self) -> str:
        """The first label."""
        return self.texts[0].text if self.texts else ""


@dataclass(slots=True)
class Variable:
    """One question's column.

    Attributes:
        name: what programs call it.
        kind: of its values.
        texts: its labels.
        answers: those with labels.
        spans: values allowed without a label each.
        missing: values that stand for a kind of missing answer ("refused", "does not know").
        values: one per case.
        ident: in a Triple-S file.
        use: ``serial``, ``weight`` or empty.
        filter: name of the logical variable that says who was asked.
        literal: whether codes are words.
        width: characters of a text, at most; 0 where nothing says.
        format: how SPSS prints it, ``F8.2``.
        measure: level of measurement in SPSS.
    """

    name: str
    kind: Kind
    texts: tuple[Text, ...] = ()
    answers: tuple[Answer, ...] = ()
    spans: tuple[Span, ...] = ()
    missing: tuple[Span, ...] = ()
    values: list[Value] = field(default_factory=list)
    ident: str = ""
    use: str = ""
    filter: str = ""
    literal: bool = False
    width: int = 0
    format: str = ""
    measure: str = ""

    @property
    def label(self) -> str:
        """The first label."""
        return self.texts[0].text if self.texts else ""

    def absence(self, value: Value) -> Absence:
        """Whether a value is an answer, is absent, or stands for a kind of missing answer."""
        if value is None or value == "":
            return "absent"
        return "missing" if any(span.has(value) for span in self.missing) else "answered"


@dataclass(frozen=True, slots=True)
class ResponseSet:
    """Columns of one question with several answers, as SPSS keeps them.

    Attributes:
        name: without the dollar sign.
        label: its text.
        variables: names of the columns.
        counted: the value that means yes, for columns of yes and no; None where columns hold codes.
    """

    name: str
    label: str
    variables: tuple[str, ...]
    counted: Code | None = None


@dataclass(slots=True)
class Survey:
    """A survey.

    Attributes:
        name: short.
        texts: titles.
        variables: in the order of the file.
        sets: multiple response sets of SPSS.
        notes: documents kept in the file.
        version: of the format.
        problems: what is not as it should be and was read all the same.
    """

    name: str
    texts: tuple[Text, ...]
    variables: list[Variable]
    sets: tuple[ResponseSet, ...] = ()
    notes: tuple[str, ...] = ()
    version: str = ""
    problems: Sequence[Diagnostic] = ()

    @property
    def title(self) -> str:
        """The first title."""
        return self.texts[0].text if self.texts else ""

    @property
    def cases(self) -> int:
        """How many there are."""
        return len(self.variables[0].values) if self.variables else 0

    def variable(self, name: str) -> Variable:
        """A variable by its name.

        Raises:
            KeyError: there is none.
        """
        return next((one for one in self.variables if one.name == name), None) or _absent(name)


def _absent(name: str) -> Variable:
    raise KeyError(name)
