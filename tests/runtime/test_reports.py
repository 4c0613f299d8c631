"""What a service's work comes to, as its pack says it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from anyshore import feel
from anyshore.runtime.reports import Detail, Measure, Report, Standing, Tally

TITLE = {"en": "a", "de": "a"}


def ended(touched: bool = False, end: str = "done", **variables: Any) -> Standing:
    return Standing("ended", variables, end, touched=touched)


def test_without_a_report_the_variable_outcome_counts_else_the_end() -> None:
    tally = Tally(Report())
    for one in (ended(outcome="paid"), ended(outcome=None), ended(outcome=Decimal(3)), ended(end="")):
        tally.add(one)
    assert dict(tally.outcomes) == {"paid": 1, "done": 2, "?": 1}
    assert tally.ended == 4


def test_an_outcome_is_what_the_pack_says_and_null_is_none() -> None:
    report = Report(outcome=feel.compile('if amount > 10 then "large" else null'))
    assert report.outcome_of({"amount": Decimal(11)}, "e") == "large"
    assert report.outcome_of({"amount": Decimal(1)}, "e") == "e"
    assert report.outcome_of({}, "e") == "e"
    assert Report(outcome=feel.compile("end")).outcome_of({}, "closed") == "closed"
    assert Report(outcome=feel.compile("7")).outcome_of({}, None) == "7"


def test_untouched_is_what_no_person_worked_on_unless_the_pack_says_otherwise() -> None:
    plain = Tally(Report())
    said = Tally(Report(untouched=feel.compile("checked = null")))
    for tally in (plain, said):
        tally.add(ended(touched=True))
        tally.add(ended(checked="yes"))
    assert (plain.untouched, said.untouched) == (1, 1)
    assert Report(untouched=feel.compile("x = 1")).untouched_by({}, None) is False, "null is not untouched"


def test_what_waits_is_counted_by_reason_else_by_its_task() -> None:
    tally = Tally(Report(reason=feel.compile("why")))
    tally.add(Standing("waiting", {"why": "too much"}, waits_at="check"))
    tally.add(Standing("waiting", {}, waits_at="check"))
    tally.add(Standing("incident"))
    tally.add(Standing("undecided"))
    assert dict(tally.waiting) == {"too much": 1, "check": 1}
    assert (tally.incidents, tally.undecided, tally.ended) == (1, 1, 0)


def test_details_count_each_value_of_a_list() -> None:
    detail = Detail(TITLE, feel.compile("rules"), feel.compile('outcome = "bad"'))
    tally = Tally(Report(details={"rules": detail}))
    tally.add(ended(outcome="bad", rules=["A", "B"]))
    tally.add(ended(outcome="bad", rules="A"))
    tally.add(ended(outcome="bad", rules=None))
    tally.add(ended(outcome="good", rules=["A"]))
    assert dict(tally.details["rules"]) == {"A": 2, "B": 1}


def test_measures_take_only_values_of_their_kind() -> None:
    report = Report(
        measures={
            "days": Measure(TITLE, feel.compile("days"), feel.compile("days != null"), "sum"),
            "good": Measure(TITLE, feel.compile("good"), None, "share"),
        }
    )
    tally = Tally(report)
    for one in (ended(days=Decimal(2), good=True), ended(days="3", good=False), ended(good=Decimal(1))):
        tally.add(one)
    assert tally.figures["days"].value == 2
    assert (tally.figures["good"].value, tally.figures["good"].cases) == (50, 2)
    assert report.values({"days": Decimal(2)}, None) == {"days": Decimal(2)}


def test_facts_for_the_ledger_say_only_what_the_pack_says() -> None:
    assert Report().facts({"outcome": "paid"}, "e") == {"outcome": "paid"}
    report = Report(
        untouched=feel.compile("true"), measures={"n": Measure(TITLE, feel.compile("count(items)"), None, "sum")}
    )
    assert report.facts({"items": ["a"]}, "e") == {"outcome": "e", "untouched": True, "measures": {"n": Decimal(1)}}


def test_the_ledger_counts_reasons_and_codes_and_no_text_of_anybody() -> None:
    detail = Detail(TITLE, feel.compile("why"), feel.compile('outcome = "bad"'))
    report = Report(details={"why": detail}, reasons={"over tolerance": TITLE})
    told = report.facts({"outcome": "bad", "why": ["over tolerance", "BR-CO-15", "Mr Smith said no"]}, "e")
    assert told["details"] == {"why": ["over tolerance", "BR-CO-15"]}
    assert "details" not in report.facts({"outcome": "bad", "why": ["as Mr Smith said"]}, "e")
    assert "details" not in report.facts({"outcome": "good", "why": "BR-1"}, "e")


def test_a_report_that_breaks_its_budget_stops_nothing() -> None:
    endless = feel.compile("count(for i in 1..1000000, j in 1..1000000 return i)")
    report = Report(outcome=endless, measures={"n": Measure(TITLE, endless, None, "sum")})
    assert report.facts({}, "e") == {"outcome": "e"}


def test_a_measure_knows_how_long_the_work_took() -> None:
    report = Report(measures={"cycle": Measure({"en": "Hours"}, feel.compile("elapsed"), kind="mean", unit="h")})
    assert report.facts({"elapsed": Decimal(99)}, "e", 5_400_000_000)["measures"] == {"cycle": Decimal("1.5")}
    assert "measures" not in report.facts({}, "e")
    tally = Tally(report)
    for hours in (1, 2):
        tally.add(Standing("ended", {}, "e", elapsed=hours * 3_600_000_000))
    assert tally.figures["cycle"].value == Decimal("1.5")
