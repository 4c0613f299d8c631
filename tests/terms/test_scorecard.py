from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.draws import examples

from anyshore.terms.book import Book, needs_of
from anyshore.terms.clocks import HOUR, MINUTE
from anyshore.terms.months import Month
from anyshore.terms.scorecard import ObjectiveScore, clock_for, due, left, score

JANUARY, FEBRUARY, MARCH = Month(2026, 1), Month(2026, 2), Month(2026, 3)


def scored(ledger, month: Month = JANUARY, until: int | None = None) -> ObjectiveScore:
    book = ledger.book()
    (found,) = score(book, book.terms_for(month).terms, month, until=until)
    return found


CASES = [
    ("in time", "2026-01-05T09:00", "2026-01-05T12:00", True, 3),
    ("exactly at the deadline", "2026-01-05T10:00", "2026-01-06T10:00", True, 8),
    ("a microsecond late", "2026-01-05T10:00", "2026-01-06T10:00:00.000001", False, None),
    ("used up at closing time, ended at night", "2026-01-05T09:00", "2026-01-05T23:00", True, 8),
    ("used up at closing time, ended next morning", "2026-01-05T09:00", "2026-01-06T09:01", False, None),
    ("over a weekend", "2026-01-09T16:00", "2026-01-12T16:00", True, 8),
    ("over a holiday", "2026-01-01T10:00", "2026-01-02T17:00", True, 8),
    ("started at night", "2026-01-05T22:00", "2026-01-06T17:00", True, 8),
]  # fmt: skip


@pytest.mark.parametrize(("name", "start", "end", "met", "hours"), CASES, ids=[c[0] for c in CASES])
def test_boundaries(ledger, name: str, start: str, end: str, met: bool, hours: int | None) -> None:
    ledger.case("i1", start, end)
    (result,) = scored(ledger).results
    assert result.met is met
    assert result.elapsed is not None
    assert result.elapsed == hours * HOUR if hours else result.elapsed > 8 * HOUR


def test_a_missed_case_tells_its_time_and_deadline(ledger) -> None:
    ledger.case("i1", "2026-01-05T16:00", "2026-01-07T11:00")
    (result,) = scored(ledger).results
    assert (result.instance, result.reference, result.met) == ("i1", "I1", False)
    assert result.elapsed == 11 * HOUR
    assert result.deadline == result.at
    ledger.add("turn", "2026-01-06T16:00")
    assert result.deadline == ledger.entries[-1].at


def test_no_work(ledger) -> None:
    found = scored(ledger)
    assert (found.status, found.attainment, found.denominator) == ("no-work", None, 0)


def test_half_finished_cases_at_the_end_of_the_month(ledger) -> None:
    """Friday 30 January: the limit of one has run out, that of the other has not."""
    ledger.case("old", "2026-01-28T09:00")
    ledger.case("young", "2026-01-30T12:00")
    found = scored(ledger)
    assert [(r.instance, r.met, r.ended) for r in found.results] == [("old", False, None)]
    assert found.running == ["young"]
    ledger.add("instance.completed", "2026-02-02T10:00", "young", outcome="paid")
    ledger.add("instance.completed", "2026-02-02T10:00", "old", outcome="paid")
    assert [(r.instance, r.met) for r in scored(ledger, FEBRUARY).results] == [("young", True)]
    assert [(r.instance, r.met) for r in scored(ledger).results] == [("old", False)]


def test_a_limit_used_up_at_the_last_closing_of_the_month_is_not_yet_missed(ledger) -> None:
    ledger.case("i1", "2026-01-30T09:00", "2026-02-02T09:30")
    assert scored(ledger).running == ["i1"]
    (result,) = scored(ledger, FEBRUARY).results
    assert not result.met


def test_waiting_for_the_client_does_not_count(ledger) -> None:
    ledger.add("instance.started", "2026-01-05T09:00", "i1")
    ledger.add("work.opened", "2026-01-05T11:00", "i1", party="client")
    ledger.add("work.opened", "2026-01-05T11:30", "i1", party="provider")
    ledger.add("work.completed", "2026-01-05T12:00", "i1", party="provider")
    ledger.add("work.completed", "2026-01-07T11:00", "i1", party="client")
    ledger.add("instance.completed", "2026-01-07T17:00", "i1", outcome="paid")
    (result,) = scored(ledger).results
    assert (result.elapsed, result.paused, result.met) == (8 * HOUR, 16 * HOUR, True)


def test_two_waits_at_once_end_with_the_later(ledger) -> None:
    ledger.add("instance.started", "2026-01-05T09:00", "i1")
    for kind, when in [("opened", "10:00"), ("opened", "11:00"), ("completed", "12:00"), ("completed", "13:00")]:
        ledger.add(f"work.{kind}", f"2026-01-05T{when}", "i1", party="client")
    ledger.add("instance.completed", "2026-01-05T14:00", "i1", outcome="paid")
    (result,) = scored(ledger).results
    assert result.elapsed == 2 * HOUR


def test_a_case_waiting_at_the_end_of_the_month_is_still_running(ledger) -> None:
    ledger.add("instance.started", "2026-01-28T09:00", "i1")
    ledger.add("work.opened", "2026-01-28T10:00", "i1", party="client")
    assert scored(ledger).running == ["i1"]
    ledger.add("work.completed", "2026-02-02T09:00", "i1", party="client")
    ledger.add("instance.completed", "2026-02-03T10:00", "i1", outcome="paid")
    (result,) = scored(ledger, FEBRUARY).results
    assert (result.met, result.elapsed, result.paused) == (False, 10 * HOUR, 23 * HOUR)
    assert result.deadline is not None
    assert result.ended is not None
    assert result.ended - result.deadline == 18 * HOUR  # 16:00 on Monday to 10:00 on Tuesday


def test_left_out_and_cancelled(ledger) -> None:
    ledger.case("withdrawn", "2026-01-05T09:00", "2026-01-09T09:00", outcome="withdrawn")
    for name, end in [("early", "2026-01-05T12:00"), ("late", "2026-01-09T12:00")]:
        ledger.add("instance.started", "2026-01-05T09:00", name)
        ledger.add("instance.cancelled", end, name)
    found = scored(ledger)
    assert [(r.instance, r.met) for r in found.results] == [("late", False)]
    assert sorted(found.left_out) == ["early", "withdrawn"]


def test_attainment_is_exact_and_never_looks_better_than_it_is(ledger) -> None:
    for n in range(19):
        ledger.case(f"i{n}", "2026-01-05T09:00", "2026-01-05T12:00" if n else "2026-01-07T12:00")
    found = scored(ledger)
    assert (found.numerator, found.denominator, found.status) == (18, 19, "missed")
    assert found.attainment == Decimal("94.7368")
    assert [r.instance for r in found.missed] == ["i0"]
    ledger.case("more", "2026-01-05T09:00", "2026-01-05T12:00")
    found = scored(ledger)
    assert (found.attainment, found.status) == (Decimal(95), "met")
    assert not found.below(Decimal(95))


def test_unfinished_month_seen_from_inside(ledger) -> None:
    ledger.case("i1", "2026-01-05T09:00", "2026-01-07T09:00")
    ledger.add("turn", "2026-01-05T12:00")
    noon = ledger.entries[-1].at
    assert scored(ledger, until=noon).running == ["i1"]
    assert scored(ledger, until=noon).results == []


def test_an_end_without_a_start_is_told(ledger) -> None:
    ledger.add("instance.completed", "2026-01-07T09:00", "i1", outcome="paid")
    found = scored(ledger)
    assert (found.unmeasured, found.denominator) == (["i1"], 0)


def test_what_begins_with_a_milestone_is_promised_of_those_that_reach_it(ledger_of, terms_text: str) -> None:
    text = terms_text.replace("from: instance.started", "from: {entry: milestone.reached, where: {name: urgent}}")
    assert text != terms_text
    ledger = ledger_of(text)
    ledger.add("instance.started", "2026-01-05T09:00", "plain", reference="P")
    ledger.add("instance.completed", "2026-01-05T10:00", "plain", outcome="paid")
    ledger.add("instance.started", "2026-01-05T09:00", "hasty", reference="H")
    ledger.add("milestone.reached", "2026-01-05T09:30", "hasty", name="urgent")
    ledger.add("instance.completed", "2026-01-05T11:00", "hasty", outcome="paid")
    found = scored(ledger)
    assert (found.unmeasured, [one.instance for one in found.results]) == ([], ["hasty"])


SHARE = """
      straight:
        measure: share
        name: Straight through
        of: instance.completed
        good: {touchless: true}
        target: 50
        minimum_cases: 3
    credits:"""


def test_a_share(ledger_of, terms_text: str) -> None:
    ledger = ledger_of(terms_text.replace("\n    credits:", SHARE))
    for n, touchless in enumerate([True, False]):
        ledger.case(f"i{n}", "2026-01-05T09:00", "2026-01-05T12:00", touchless=touchless)
    book = ledger.book()
    terms = book.terms_for(JANUARY).terms
    found = score(book, terms, JANUARY)[1]
    assert (found.numerator, found.denominator, found.status) == (1, 2, "too-few")
    ledger.case("i2", "2026-01-05T09:00", "2026-01-05T12:00", touchless=1)
    found = score(ledger.book(), terms, JANUARY)[1]
    assert (found.numerator, found.denominator, found.status) == (1, 3, "missed")
    assert [r.instance for r in found.missed] == ["i1", "i2"]


def test_round_the_clock(ledger_of, terms_text: str) -> None:
    text = terms_text.replace("within: {business_hours: 8}\n        calendar: office", "within: {hours: 8}")
    ledger = ledger_of(text)
    ledger.case("i1", "2026-01-05T22:00", "2026-01-06T06:00")
    ledger.case("i2", "2026-01-05T22:00", "2026-01-06T06:00:00.000001")
    assert [(r.instance, r.met) for r in scored(ledger).results] == [("i1", True), ("i2", False)]


def test_milestone_objectives_end_with_the_case(ledger_of, terms_text: str) -> None:
    """A case that finishes without its milestone counts only if the limit had run out."""
    text = terms_text.replace("to: instance.completed", "to: {entry: milestone.reached, where: {name: Signed}}")
    ledger = ledger_of(text)
    for name, end in [("quick", "2026-01-05T12:00"), ("slow", "2026-01-08T12:00")]:
        ledger.case(name, "2026-01-05T09:00", end)
    ledger.add("instance.started", "2026-01-05T09:00", "good")
    ledger.add("milestone.reached", "2026-01-05T10:00", "good", name="Draft")
    ledger.add("milestone.reached", "2026-01-05T11:00", "good", name="Signed")
    found = scored(ledger)
    assert [(r.instance, r.met) for r in found.results] == [("good", True), ("slow", False)]
    assert found.left_out == ["quick"]


moments = st.integers(0, 100 * 24 * 60)


@st.composite
def histories(draw):
    """A case: its start, waits for the client, and perhaps its end; minutes from 1 January."""
    times = sorted(draw(st.lists(moments, min_size=1, max_size=6, unique=True)))
    return times, draw(st.sampled_from(["open", "paid", "withdrawn", "cancelled"]))


@settings(max_examples=examples(60))
@given(st.lists(histories(), max_size=5))
def test_every_case_counts_exactly_once_or_is_accounted_for(ledger_of, cases) -> None:
    ledger = ledger_of()
    base = ledger.entries[0].at - 15 * 24 * HOUR + 12 * HOUR  # a day in December is early enough to begin
    events = []
    for n, (times, outcome) in enumerate(cases):
        kinds = ["instance.started", *["work.opened", "work.completed"] * 3][: len(times)]
        if outcome != "open" and len(times) > 1:
            kinds[-1] = "instance.cancelled" if outcome == "cancelled" else "instance.completed"
        events += [(base + t * MINUTE, kind, f"i{n}", outcome) for t, kind in zip(times, kinds, strict=True)]
    for when, kind, name, outcome in sorted(events):
        ledger.add(kind, when, name, party="client", outcome=outcome)
    book = ledger.book()
    terms = ledger_of().book().terms_for(JANUARY).terms
    months = [Month(2025, 12), JANUARY, FEBRUARY, MARCH, Month(2026, 4), Month(2026, 5)]
    scores = [score(book, terms, month)[0] for month in months]
    counted = [r.instance for s in scores for r in s.results]
    assert len(counted) == len(set(counted))
    for n, (times, outcome) in enumerate(cases):
        if len(times) > 1 and outcome == "paid":
            assert f"i{n}" in counted
    for month_score in scores:
        for result in month_score.results:
            assert result.elapsed is not None
            assert result.met == (result.elapsed <= 8 * HOUR)
            assert (result.deadline is None) or result.deadline <= result.at


@settings(max_examples=examples(40))
@given(st.lists(histories(), max_size=4))
def test_keeping_only_the_facts_needed_changes_nothing(ledger_of, cases) -> None:
    ledger = ledger_of()
    base = ledger.entries[0].at
    for n, (times, outcome) in enumerate(cases):
        for index, t in enumerate(times):
            kind = "instance.started" if index == 0 else ("work.opened", "work.completed")[index % 2]
            ledger.add(kind, base + t * MINUTE, f"i{n}", party="client", outcome=outcome, noise="x" * 50)
    full = ledger.book()
    terms = full.terms_for(JANUARY).terms
    lean = Book.of(ledger.entries, needs_of([terms]))
    for month in (JANUARY, FEBRUARY, MARCH):
        assert score(full, terms, month) == score(lean, terms, month)
    assert all("noise" not in event.data for case in lean.cases.values() for event in case.events)


def test_entries_out_of_time_order_are_put_in_order(ledger) -> None:
    ledger.add("instance.completed", "2026-01-05T12:00", "i1", outcome="paid")
    ledger.add("instance.started", "2026-01-05T10:00", "i1")
    (result,) = scored(ledger).results
    assert result.elapsed == 2 * HOUR


def test_true_and_one_stay_different_facts_when_equal_ones_are_shared(ledger) -> None:
    for n, flag in enumerate([True, 1, "1", True]):
        ledger.add("instance.started", "2026-01-05T10:00", f"i{n}", flag=flag)
    kept = [case.events[0].data["flag"] for case in ledger.book().cases.values()]
    assert [type(flag) for flag in kept] == [bool, int, str, bool]


@pytest.fixture
def round_the_clock(ledger_of, terms_text: str):
    old = "within: {business_hours: 8}\n        calendar: office"
    return ledger_of(terms_text.replace(old, "within: {hours: 8}"))


def test_a_limit_used_up_at_midnight_at_the_months_end_counts_in_the_next(round_the_clock) -> None:
    round_the_clock.case("i1", "2026-01-31T16:00", "2026-02-01T01:00")
    assert scored(round_the_clock).running == ["i1"]
    assert [r.met for r in scored(round_the_clock, FEBRUARY).results] == [False]


def test_a_limit_used_up_as_a_pause_begins_is_exceeded_as_it_ends(round_the_clock) -> None:
    ledger = round_the_clock
    ledger.add("instance.started", "2026-01-31T10:00", "i1")
    ledger.add("work.opened", "2026-01-31T18:00", "i1", party="client")
    ledger.add("work.completed", "2026-02-02T12:00", "i1", party="client")
    ledger.add("instance.completed", "2026-02-02T13:00", "i1", outcome="paid")
    assert scored(ledger).running == ["i1"]
    (result,) = scored(ledger, FEBRUARY).results
    assert (result.met, result.elapsed) == (False, 9 * HOUR)
    assert result.ended is not None
    assert result.deadline is not None
    assert (result.ended - result.at, result.ended - result.deadline) == (HOUR, 43 * HOUR)


def test_an_end_at_the_first_instant_of_a_month_counts_there(ledger) -> None:
    ledger.case("i1", "2026-01-30T16:00", "2026-02-01T00:00")
    assert scored(ledger).running == ["i1"]
    assert [r.met for r in scored(ledger, FEBRUARY).results] == [True]


def test_an_end_after_the_case_has_finished_is_none(ledger_of, terms_text: str) -> None:
    ledger = ledger_of(terms_text.replace("to: instance.completed", "to: case.signed"))
    ledger.case("i1", "2026-01-05T09:00", "2026-01-05T12:00")
    ledger.add("case.signed", "2026-01-05T13:00", "i1")
    assert (scored(ledger).results, scored(ledger).left_out) == ([], ["i1"])


def test_what_an_open_case_has_left_on_its_clock(ledger) -> None:
    ledger.case("i1", "2026-01-05T10:00")
    ledger.add("work.opened", "2026-01-05T12:00", "i1", party="client")
    ledger.add("work.completed", "2026-01-05T15:00", "i1", party="client")
    ledger.case("i2", "2026-01-05T10:00", "2026-01-05T11:00")
    book = ledger.book()
    terms = book.terms_for(JANUARY).terms
    objective = terms.services["payables"].objectives[0]
    first, second = book.cases_of("payables")

    def rest(case, hour: int) -> int | None:
        when = first.events[0].at + (hour - 10) * HOUR
        return left(case, objective, clock_for(terms, objective), when)

    assert rest(first, 9) is None
    assert rest(first, 12) == 6 * HOUR
    assert rest(first, 14) == 6 * HOUR  # the client's time
    assert rest(first, 16) == 5 * HOUR
    assert rest(first, 48 + 10) == -5 * HOUR
    assert rest(second, 12) is None


def test_when_an_open_case_is_due(ledger) -> None:
    ledger.case("i1", "2026-01-05T10:00")
    ledger.add("work.opened", "2026-01-05T12:00", "i1", party="client")
    ledger.add("work.completed", "2026-01-05T15:00", "i1", party="client")
    ledger.case("i2", "2026-01-05T10:00", "2026-01-05T11:00")
    book = ledger.book()
    terms = book.terms_for(JANUARY).terms
    objective = terms.services["payables"].objectives[0]
    first, second = book.cases_of("payables")
    opened = first.events[0].at

    def moment(case, hour: int) -> int | None:
        return due(case, objective, clock_for(terms, objective), opened + (hour - 10) * HOUR)

    assert moment(first, 9) is None
    assert moment(second, 12) is None
    left_at_noon = left(first, objective, clock_for(terms, objective), opened + 2 * HOUR)
    assert moment(first, 16) == moment(first, 17), "while the clock runs the moment stands"
    assert moment(first, 14) == moment(first, 12) + 2 * HOUR, "the client's time puts it off"
    assert left_at_noon == 6 * HOUR
    late = moment(first, 48 + 10)
    assert late == moment(first, 16), "what is overdue was due when it was"
    assert late < opened + 48 * HOUR
