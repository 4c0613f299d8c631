"""Vacancies on record, and the seats that hires take."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from anyshore.activities.activity import ActivityContext
from anyshore.activities.recruiting.criteria import Criterion
from anyshore.activities.recruiting.criteria import of as criteria_of
from anyshore.base.errors import DataError, Diagnostic
from anyshore.base.plain import from_values, to_values

KIND, SEAT = "vacancy", "vacancy-seat"


@dataclass(frozen=True, slots=True)
class Question:
    """A question that can rule an applicant out.

    Attributes:
        question: what is asked.
        expected: the answer the work cannot be done without.
        reason: why it cannot.
    """

    question: str
    expected: str
    reason: str


@dataclass(frozen=True, slots=True)
class Vacancy:
    """A vacancy as it was approved.

    Attributes:
        id: its number.
        title: what it is called.
        department: where.
        opened: day it was published.
        seats: how many are hired.
        must: criteria an applicant must bring.
        may: criteria that would be welcome.
        description: text of the advertisement.
        salary_from: lower end of the range that is told, EUR a year.
        salary_to: its upper end.
        questions: that can rule an applicant out.
        suggestion: whether an order of applications is suggested.
        council: whether a works council has to consent to a hire (§ 99 BetrVG: more than 20 employees with a vote).
        probation_months: agreed probation.
    """

    id: str
    title: str
    department: str
    opened: date
    seats: int
    must: tuple[str, ...]
    may: tuple[str, ...] = ()
    description: str = ""
    salary_from: Decimal = Decimal(0)
    salary_to: Decimal = Decimal(0)
    questions: tuple[Question, ...] = ()
    suggestion: bool = True
    council: bool = False
    probation_months: int = 6

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        """What it asks for."""
        return criteria_of(self.title, self.description, self.must, self.may)


@dataclass(frozen=True, slots=True)
class OpenOutcome:
    """The vacancy that is on record; ``opened`` is false where it was before."""

    vacancy: Vacancy
    opened: bool


@dataclass(frozen=True, slots=True)
class FindInput:
    """Names a vacancy by its number."""

    vacancy: str


@dataclass(frozen=True, slots=True)
class FindOutcome:
    """A vacancy.

    Attributes:
        known: whether there is one of that number.
        vacancy: it.
        filled: how many seats are taken.
        free: whether one is left.
    """

    known: bool
    vacancy: Vacancy | None = None
    filled: int = 0
    free: bool = False


@dataclass(frozen=True, slots=True)
class HireInput:
    """A hire.

    Attributes:
        vacancy: number of the vacancy.
        application: reference of the application.
        accepted: day on which the offer was accepted.
    """

    vacancy: str
    application: str
    accepted: date


@dataclass(frozen=True, slots=True)
class HireOutcome:
    """The seat that was taken.

    Attributes:
        hired: whether a seat was left; always where this application has one.
        seat: its number, from 1.
        days_to_fill: days from the publication of the vacancy to the acceptance.
    """

    hired: bool
    seat: int | None = None
    days_to_fill: int | None = None


def open_vacancy(data: Vacancy, context: ActivityContext) -> OpenOutcome:
    """Puts an approved vacancy on record, once.

    Raises:
        DataError: it does not say what it has to say; all of it at once.
    """
    _check(data)
    before = context.records(KIND).get(data.id)
    row = context.records(KIND).put_once(data.id, to_values(data))
    held = from_values(Vacancy, row.data, KIND)
    if held != data:
        raise DataError(
            "recruiting.vacancy", f"There is another vacancy {data.id!r}: {held.title}.",
            hint="Give the requisition a number of its own.",
        )  # fmt: skip
    return OpenOutcome(held, before is None)


def find(data: FindInput, context: ActivityContext) -> FindOutcome:
    """Looks a vacancy up."""
    vacancy = get(data.vacancy, context)
    if vacancy is None:
        return FindOutcome(known=False)
    filled = len(context.records(SEAT).find(vacancy=vacancy.id))
    return FindOutcome(known=True, vacancy=vacancy, filled=filled, free=filled < vacancy.seats)


def get(number: str, context: ActivityContext) -> Vacancy | None:
    """The vacancy of a number."""
    row = context.records(KIND).get(number)
    return None if row is None else from_values(Vacancy, row.data, KIND)


def hire(data: HireInput, context: ActivityContext) -> HireOutcome:
    """Takes a seat for an application: two who accept the last one at the same time do not both get it.

    Raises:
        DataError: there is no such vacancy.
    """
    vacancy = get(data.vacancy, context)
    if vacancy is None:
        raise DataError("recruiting.no-vacancy", f"There is no vacancy {data.vacancy!r}.", hint="Look at its number.")
    seats = context.records(SEAT)
    for seat in range(1, vacancy.seats + 1):
        row = seats.put_once(f"{vacancy.id}/{seat}", to_values(_Seat(vacancy.id, data.application, data.accepted)))
        if row.data["application"] == data.application:
            return HireOutcome(True, seat, (data.accepted - vacancy.opened).days)
    return HireOutcome(False)


@dataclass(frozen=True, slots=True)
class _Seat:
    vacancy: str
    application: str
    accepted: date


def _check(data: Vacancy) -> None:
    """What a vacancy has to say (Directive (EU) 2023/970, article 5: the range is told, earlier pay is not asked)."""
    wrong: list[tuple[bool, str, str]] = [
        (data.seats < 1, "It has no seat.", "Give how many are to be hired."),
        (not data.must, "It names nothing an applicant must bring.", "Give at least one must criterion."),
        (not 0 < data.salary_from <= data.salary_to, "It tells no range of pay.", "Give from and to, EUR a year."),
        (any(not one.reason.strip() for one in data.questions), "A question that rules out has no reason.",
         "Say why the work cannot be done otherwise, or ask it in the interview."),
        (any(_asks_for_pay(one.question) for one in data.questions), "It asks what an applicant earned before.",
         "Leave the question out (Directive (EU) 2023/970, article 5 (2))."),
    ]  # fmt: skip
    problems = [Diagnostic("recruiting.vacancy", text, hint=hint) for found, text, hint in wrong if found]
    if problems:
        raise DataError.of(problems)


_PAY = ("salary", "pay", "wage", "earn", "gehalt", "lohn", "verdien", "vergütung", "entgelt")
_BEFORE = (
    "current",
    "last",
    "previous",
    "before",
    "history",
    "now",
    "bisher",
    "letzt",
    "aktuell",
    "derzeit",
    "früher",
    "zuletzt",
)


def _asks_for_pay(question: str) -> bool:
    small = question.casefold()
    return any(word in small for word in _PAY) and any(word in small for word in _BEFORE)
