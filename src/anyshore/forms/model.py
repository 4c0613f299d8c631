"""A form as plain data."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from anyshore import feel
from anyshore.forms.columns import Column
from anyshore.forms.counterparts import Counterpart
from anyshore.forms.texts import Texts, text

Act = Literal["sign", "erase"]
"""What a work item can stand for. Each has a row in ``anyshore.web.work.acts.ACTS``."""

FieldType = Literal["text", "long text", "number", "minutes", "yes-no", "date", "choice"]


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the values a ``choice`` field offers."""

    value: str
    label: Texts


@dataclass(frozen=True, slots=True)
class Field:
    """One question.

    Attributes:
        id: the variable the answer is written to.
        type: what is asked for; decides the FEEL type of the answer.
        label: the question.
        help: a sentence below it.
        required: whether it must be answered in any case.
        needed: FEEL over the answers: it must be answered where this is true.
        minimum: least value of a number, or earliest ISO date.
        maximum: greatest value of a number, or latest ISO date.
        max_length: most characters of a text.
        choices: of a ``choice``.
        suggestions: texts that can be taken over with one press, of a text.
        part: the part of the deliverable the answer is: ``summary``; empty for none.
    """

    id: str
    type: FieldType
    label: Texts
    help: Texts = field(default_factory=dict)
    required: bool = False
    minimum: Decimal | str | None = None
    maximum: Decimal | str | None = None
    max_length: int = 10_000
    choices: tuple[Choice, ...] = ()
    needed: feel.Expression | None = None
    part: str = ""
    suggestions: tuple[Texts, ...] = ()


@dataclass(frozen=True, slots=True)
class View:
    """How the document beside the form is shown where its content was read already.

    Attributes:
        kind: ``einvoice``: an electronic invoice of EN 16931 as a sheet.
        of: FEEL over the variables: what was read.
        document: FEEL over the variables: the digest of the document it was read from.
        variables: the variables ``of`` reads, which are shown nowhere else beside it.
    """

    kind: str
    of: feel.Expression
    document: feel.Expression

    @property
    def variables(self) -> frozenset[str]:
        """The variables that are shown in this way."""
        return self.of.free_names


@dataclass(frozen=True, slots=True)
class Conflicts:
    """The check of conflicts of interest that a form is.

    Attributes:
        answer: the ``yes-no`` field in which whoever fills the form says that they are free of conflicts.
        parties: FEEL over the variables: whom the work concerns beside the client; None: nobody the variables name.
    """

    answer: str
    parties: feel.Expression | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """A form of a service.

    Attributes:
        id: the name a user task refers to.
        title: its heading.
        shows: variables shown to the person, in order.
        fields: the questions, in order.
        desk: the page it is filled on; ``form`` is the one that shows the questions.
        view: how its document is shown; None: as the file is.
        columns: what its queue shows of each piece of work.
        counterparts: what stands beside the document to compare it with.
        act: what finishing the item does beside keeping the answers; its ``statement`` is what the person stands for.
        conflicts: what it asks about conflicts of interest; whoever else works on the case is asked the same.
    """

    id: str
    title: Texts
    shows: tuple[str, ...] = ()
    fields: tuple[Field, ...] = ()
    desk: str = "form"
    view: View | None = None
    columns: tuple[Column, ...] = ()
    counterparts: tuple[Counterpart, ...] = ()
    act: Act | None = None
    conflicts: Conflicts | None = None

    @property
    def statement(self) -> str | None:
        """The field in which the person says what they stand for: the one text an act has to be given."""
        found = [field.id for field in self.fields if field.required and field.type in ("text", "long text")]
        return found[0] if self.act is not None and len(found) == 1 else None

    def text(self, texts: Texts, language: str) -> str:
        """A text in the language asked for, or in English."""
        return text(texts, language)
