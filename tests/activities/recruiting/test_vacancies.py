"""Vacancies on record, seats, and the suggestion over the applications on record."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from tests.activities.recruiting.writing import docx

from anyshore.activities import families
from anyshore.activities.memory import MemoryContext
from anyshore.activities.recruiting import applications, vacancies
from anyshore.activities.recruiting.applications import Given, RecordInput, SuggestInput
from anyshore.activities.recruiting.vacancies import FindInput, HireInput, Question, Vacancy
from anyshore.base.errors import DataError

VACANCY = Vacancy(
    "V-1", "Accountant", "Finance", date(2026, 3, 2), 1, ("DATEV",), ("SAP",), "", Decimal(45000), Decimal(52000),
    (Question("May you work in Germany?", "yes", "The law asks for it"),),
)  # fmt: skip


def opened(**more: object) -> MemoryContext:
    context = MemoryContext()
    vacancies.open_vacancy(replace(VACANCY, **more), context)  # type: ignore[arg-type]
    return context


def applied(context: MemoryContext, name: str, *lines: str) -> None:
    context.documents = {**context.documents, name: docx(*lines)}
    given = (Given(name, f"{name}.docx"),)
    applications.record(RecordInput(name, "V-1", date(2026, 3, 10), "portal", given), context)


def test_a_vacancy_is_opened_once() -> None:
    context = opened()
    assert not vacancies.open_vacancy(VACANCY, context).opened
    assert vacancies.find(FindInput("V-1"), context).vacancy == VACANCY
    with pytest.raises(DataError, match="another vacancy"):
        vacancies.open_vacancy(replace(VACANCY, title="Clerk"), context)
    assert not vacancies.find(FindInput("V-2"), context).known


def test_a_vacancy_that_hides_the_pay_or_asks_for_the_last_one_is_refused_with_all_that_is_wrong() -> None:
    asked = (Question("What is your current salary?", "none", " "),)
    wrong = replace(VACANCY, seats=0, must=(), salary_from=Decimal(60000), questions=asked)
    with pytest.raises(DataError) as told:
        vacancies.open_vacancy(wrong, MemoryContext())
    assert len(told.value.diagnostics) == 5
    german = replace(VACANCY, questions=(Question("Wie hoch ist Ihr derzeitiges Gehalt?", "x", "y"),))
    with pytest.raises(DataError, match="earned before"):
        vacancies.open_vacancy(german, MemoryContext())


def test_two_do_not_both_get_the_last_seat() -> None:
    context = opened()
    first = HireInput("V-1", "A-1", date(2026, 4, 1))
    assert vacancies.hire(first, context) == vacancies.HireOutcome(True, 1, 30)
    assert vacancies.hire(first, context).hired
    assert not vacancies.hire(HireInput("V-1", "A-2", date(2026, 4, 2)), context).hired
    assert not vacancies.find(FindInput("V-1"), context).free
    with pytest.raises(DataError, match="V-9"):
        vacancies.hire(HireInput("V-9", "A-2", date(2026, 4, 2)), context)


def test_a_suggestion_places_an_application_among_those_of_its_vacancy() -> None:
    context = opened()
    applied(context, "A-1", "SAP")
    applied(context, "A-2", "DATEV")
    found = applications.suggest(SuggestInput("V-1", "A-2"), context)
    assert (found.made, found.place, found.of) == (True, 1, 2)
    assert [one.application for one in found.order] == ["A-2", "A-1"]
    assert found.open_musts == ()
    assert applications.suggest(SuggestInput("V-1", "A-1", "I know DATEV, too."), context).place == 1


def test_what_was_deleted_has_no_place_and_the_others_stay() -> None:
    context = opened()
    applied(context, "A-1", "SAP")
    applied(context, "A-2", "DATEV")
    context.documents = {"A-2": context.documents["A-2"]}
    assert applications.suggest(SuggestInput("V-1", "A-2"), context).of == 1
    assert not applications.suggest(SuggestInput("V-1", "A-1"), context).made


def test_the_suggestion_can_be_switched_off() -> None:
    context = opened(suggestion=False)
    applied(context, "A-1", "DATEV")
    assert applications.suggest(SuggestInput("V-1", "A-1"), context) == applications.SuggestOutcome(made=False)


def test_activities_run_on_plain_values() -> None:
    context = opened()
    since = {"since": "2026-01-15", "received": "2026-03-02", "party": "employee", "probation_months": Decimal(6)}
    assert str(families.run("recruiting.notice", since, context)["last_day"]) == "2026-03-16"
    assert str(families.run("recruiting.keep", {"rejected": "2026-03-31"}, context)["delete_on"]) == "2026-10-01"
    found = families.run("recruiting.find", {"vacancy": "V-1"}, context)
    assert found["free"] is True
