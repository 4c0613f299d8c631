from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.draws import examples

import anyshore
from anyshore.base.errors import AnyshoreError
from anyshore.terms import reading
from anyshore.terms.arbitrage import Worked, unit_costs, worked
from anyshore.terms.figures import details, differences, figures

PLAIN = "      - {per: instance, name: Decided invoice, outcomes: [paid, rejected], price: 1.85}\n"


def prices(terms_text: str, rows: str, more: str = "") -> str:
    assert PLAIN in terms_text
    lines = "".join(f"      - {row}\n" for row in rows.splitlines())
    return terms_text.replace(PLAIN, lines + more)


def lines_of(invoice) -> list[tuple[str, str, str, str]]:
    return [(line.kind, str(line.quantity), str(line.unit_price), str(line.amount)) for line in invoice.lines]


def fill(ledger, count: int, late: int = 0, **data: object) -> None:
    for n in range(count):
        end = "2026-01-07T12:00" if n < late else "2026-01-05T12:00"
        ledger.case(f"i{n:03}", "2026-01-05T09:00", end, **data)


def test_a_month_with_a_missed_objective(ledger) -> None:
    fill(ledger, 19, late=1)
    invoice = ledger.invoice()
    assert lines_of(invoice) == [("instance", "19", "1.85", "35.15"), ("credit", "-1", "1.05", "-1.05")]
    assert (invoice.net, invoice.vat, invoice.gross) == (Decimal("34.10"), Decimal("6.48"), Decimal("40.58"))
    assert len(invoice.lines[0].behind) == 19
    assert [b.instance for b in invoice.lines[1].behind] == ["i000"]


def test_a_month_without_work(ledger) -> None:
    invoice = ledger.invoice()
    assert (invoice.lines, invoice.net, invoice.gross) == ([], 0, 0)


def test_outcomes_without_a_price_are_free_and_told(ledger) -> None:
    ledger.case("a", "2026-01-05T09:00", "2026-01-05T12:00", outcome="duplicate")
    ledger.case("b", "2026-01-05T09:00", "2026-01-05T12:00", outcome="paid")
    invoice = ledger.invoice()
    assert lines_of(invoice) == [("instance", "1", "1.85", "1.85")]
    assert invoice.free == {"payables": ["a"]}


def test_the_month_is_that_of_the_engagements_time_zone(ledger) -> None:
    ledger.case("jan", "2026-01-30T09:00", "2026-01-31T23:59:59.999999")
    ledger.case("feb", "2026-01-30T09:00", "2026-02-01T00:00")
    assert [b.instance for b in ledger.invoice().lines[0].behind] == ["jan"]
    assert [b.instance for b in ledger.invoice("2026-02").lines[0].behind] == ["feb"]


TIERS = "{per: instance, name: Invoice, tiers: [{up_to: 3, price: 2}, {up_to: 5, price: 1.5}, {price: 1}]%s}"
TIER_CASES = [
    ("graduated", 2, ["2 × 2"]), ("graduated", 3, ["3 × 2"]), ("graduated", 4, ["3 × 2", "1 × 1.5"]),
    ("graduated", 7, ["3 × 2", "2 × 1.5", "2 × 1"]), ("graduated", 0, []), ("volume", 0, []), ("volume", 3, ["3 × 2"]),
    ("volume", 4, ["4 × 1.5"]), ("volume", 6, ["6 × 1"]),
]  # fmt: skip


@pytest.mark.parametrize(("mode", "count", "expected"), TIER_CASES)
def test_tiers(ledger_of, terms_text: str, mode: str, count: int, expected: list[str]) -> None:
    ledger = ledger_of(prices(terms_text, TIERS % f", tier_mode: {mode}"))
    fill(ledger, count)
    assert [f"{line.quantity} × {line.unit_price}" for line in ledger.invoice().lines] == expected


def test_milestones_are_billed_once_per_case(ledger_of, terms_text: str) -> None:
    ledger = ledger_of(prices(terms_text, "{per: milestone, name: Signed, milestone: Signed, price: 950}"))
    ledger.case("a", "2026-01-05T09:00")
    for when, name in [("2026-01-20T10:00", "Draft"), ("2026-01-30T10:00", "Signed"), ("2026-02-03T10:00", "Signed")]:
        ledger.add("milestone.reached", when, "a", name=name)
    assert lines_of(ledger.invoice())[0] == ("milestone", "1", "950", "950.00")
    assert "milestone" not in [line.kind for line in ledger.invoice("2026-02").lines]


HOURS = "{per: hour, name: Expert hour, price: 145, where: {billing: hourly}%s}"
MINUTES = [
    ("", [60], "1.0000", "145.00"), ("", [50], "0.8333333333", "120.83"), ("", ["7.5", 15], "0.3750", "54.38"),
    (", increment: 15", [1, 15, 16], "1.0000", "145.00"), (", increment: 15", [0], "0.0000", "0.00"),
    (", increment: 15", ["15.01"], "0.5000", "72.50"),
]  # fmt: skip


@pytest.mark.parametrize(("more", "minutes", "quantity", "amount"), MINUTES)
def test_hours(ledger_of, terms_text: str, more: str, minutes: list[object], quantity: str, amount: str) -> None:
    ledger = ledger_of(prices(terms_text, HOURS % more))
    ledger.case("a", "2026-01-05T09:00")
    for n in minutes:
        ledger.add("work.completed", "2026-01-05T10:00", "a", billing="hourly", minutes=n)
    ledger.add("work.completed", "2026-01-05T10:00", "a", billing="none", minutes=99)
    (line,) = [line for line in ledger.invoice().lines if line.kind == "hour"]
    assert (str(line.quantity), str(line.amount)) == (quantity, amount)


@pytest.mark.parametrize("minutes", [None, "", "many", -1, True, "NaN", "1e99", [5]])
def test_hours_that_cannot_be_billed_are_told(ledger_of, terms_text: str, minutes: object) -> None:
    ledger = ledger_of(prices(terms_text, HOURS % ""))
    ledger.case("a", "2026-01-05T09:00")
    ledger.add("work.completed", "2026-01-05T10:00", "a", billing="hourly", minutes=minutes)
    invoice = ledger.invoice()
    assert [line for line in invoice.lines if line.kind == "hour"] == []
    assert [f.code for f in invoice.findings] == ["terms.no-minutes"]


def test_monthly_prices_count_the_days_in_force(ledger_of, terms_text: str) -> None:
    rows = "{per: fte_month, name: Team, price: 4200, fte: 2.5}\n{per: month, name: Platform, price: 310}"
    text = prices(terms_text, rows).replace("start: 2026-01-01", "start: 2026-01-17\nend: 2026-02-14")
    ledger = ledger_of(text)
    assert lines_of(ledger.invoice()) == [
        ("fte_month", "1.2096774194", "4200", "5080.65"),
        ("month", "0.4838709677", "310", "150.00"),
    ]
    assert lines_of(ledger.invoice("2026-02"))[1] == ("month", "0.5000", "310", "155.00")
    assert lines_of(ledger.invoice("2026-03")) == []


@pytest.mark.parametrize(
    ("start", "row", "amount"),
    [
        ("2026-01-22", "{per: month, name: Platform, price: 100000}", "32258.06"),
        ("2026-01-22", "{per: fte_month, name: Desk, fte: 37, price: 4150}", "49532.26"),
        ("2026-01-21", "{per: month, name: Platform, price: 250000}", "88709.68"),
        ("2026-01-31", "{per: month, name: Half a cent up, price: 0.155}", "0.01"),
    ],
)
def test_a_part_of_a_month_is_rounded_after_it_is_multiplied(
    ledger_of, terms_text: str, start: str, row: str, amount: str
) -> None:
    text = prices(terms_text, row).replace("start: 2026-01-01", f"start: {start}")
    assert lines_of(ledger_of(text).invoice())[0][3] == amount


def test_hours_are_rounded_after_they_are_multiplied(ledger_of, terms_text: str) -> None:
    ledger = ledger_of(prices(terms_text, HOURS % "").replace("price: 145", "price: 36000"))
    ledger.case("a", "2026-01-05T09:00")
    ledger.add("work.completed", "2026-01-05T10:00", "a", billing="hourly", minutes=100)
    assert lines_of(ledger.invoice())[0][3] == "60000.00"


def test_the_minimum_charge_of_a_part_of_a_month_is_rounded_once(ledger_of, terms_text: str) -> None:
    text = terms_text.replace("    objectives:", "    minimum_charge: 100000\n    objectives:", 1)
    ledger = ledger_of(text.replace("start: 2026-01-01", "start: 2026-01-22"))
    assert lines_of(ledger.invoice())[-1][3] == "32258.06"


def test_the_minimum_charge(ledger_of, terms_text: str) -> None:
    text = terms_text.replace("    objectives:", "    minimum_charge: 100\n    objectives:", 1)
    ledger = ledger_of(text)
    fill(ledger, 10, late=2)
    invoice = ledger.invoice()
    assert lines_of(invoice) == [
        ("instance", "10", "1.85", "18.50"), ("minimum", "1", "81.50", "81.50"), ("credit", "-1", "6.00", "-6.00"),
    ]  # fmt: skip
    assert invoice.net == 94


def test_an_amendment_holds_from_its_month_on(ledger, terms_text: str) -> None:
    amended = terms_text.replace("version: 1", "version: 2\nin_force_from: 2026-02-01").replace("1.85", "1.50")
    ledger.case("a", "2026-01-05T09:00", "2026-01-05T10:00")
    ledger.sign(amended, "2026-01-20T10:00")
    ledger.case("b", "2026-02-03T09:00", "2026-02-03T10:00")
    assert lines_of(ledger.invoice())[0][2] == "1.85"
    assert lines_of(ledger.invoice("2026-02"))[0][2] == "1.50"
    assert ledger.invoice("2026-02").terms_sequence == 4
    with pytest.raises(AnyshoreError, match="no signed terms are in force in 2025-12"):
        ledger.invoice("2025-12")


def test_reverse_charge(ledger_of, terms_text: str) -> None:
    text = terms_text.replace("{category: S, rate: 19}", "{category: AE, rate: 0, note: reverse charge}")
    ledger = ledger_of(text)
    fill(ledger, 2)
    invoice = ledger.invoice()
    assert (invoice.net, invoice.vat, invoice.gross) == (Decimal("3.70"), 0, Decimal("3.70"))


def test_what_does_not_fit_is_told(ledger) -> None:
    ledger.case("a", "2026-01-05T09:00", "2026-01-05T10:00")
    ledger.add("instance.completed", "2026-01-06T10:00", "a", outcome="paid")
    ledger.add("instance.started", "2026-01-06T10:00", "b", service="payroll")
    ledger.add("instance.started", "2026-01-06T10:00", "c", service="payroll")
    assert [f.code for f in ledger.book().findings] == ["terms.repeated-entry", "terms.unknown-service"]
    assert lines_of(ledger.invoice()) == [("instance", "1", "1.85", "1.85")]


def test_closed_days_stand_in_the_figures(ledger) -> None:
    assert figures(ledger.invoice("2026-04"))["closed_days"] == {"office": ["2026-04-03", "2026-04-06"]}


def test_details_name_every_case(ledger) -> None:
    fill(ledger, 3, late=1)
    shown = details(ledger.invoice())
    assert [r["instance"] for r in shown["objectives"][0]["results"] if not r["met"]] == ["i000"]
    assert {b["instance"] for b in shown["lines"][0]["behind"]} == {"i000", "i001", "i002"}


def test_differences_are_named() -> None:
    one = {"a": [{"b": 1}, {"b": 2}], "c": True, "d": "x"}
    other = {"a": [{"b": 1}, {"b": 3}, {"b": 4}], "c": 1, "e": None}
    assert differences(one, other) == [
        ("a[1].b", 2, 3), ("a[2]", None, {"b": 4}), ("c", True, 1), ("d", "x", None),
    ]  # fmt: skip
    assert differences(one, one) == []


@settings(max_examples=examples(40))
@given(st.lists(st.tuples(st.integers(0, 40), st.sampled_from(["paid", "rejected", "duplicate"])), max_size=12))
def test_totals_add_up_and_every_completed_case_is_billed_or_free(ledger_of, cases) -> None:
    ledger = ledger_of()
    for n, (hours, outcome) in enumerate(cases):
        ledger.case(f"i{n}", "2026-01-05T09:00", ledger.entries[0].at + (21 * 24 + hours) * 3_600_000_000, outcome)
    invoice = ledger.invoice()
    assert invoice.net == sum((line.amount for line in invoice.lines), Decimal(0))
    assert invoice.gross == invoice.net + invoice.vat
    fee = sum((line.amount for line in invoice.lines if line.kind != "credit"), Decimal(0))
    credit = -sum((line.amount for line in invoice.lines if line.kind == "credit"), Decimal(0))
    assert 0 <= credit <= (fee / 10).quantize(Decimal("0.01"), "ROUND_HALF_UP")
    billed = {b.instance for line in invoice.lines if line.kind == "instance" for b in line.behind}
    assert billed | set(invoice.free["payables"]) == {f"i{n}" for n in range(len(cases))}
    assert not billed & set(invoice.free["payables"])


SHORES = """{per: instance, name: Onshore, price: 4, where: {shore: onshore}}
{per: instance, name: Nearshore, price: 2, where: {shore: nearshore}}
{per: month, name: Platform, price: 10}"""


def test_unit_costs_by_shore_against_the_baseline(ledger_of, terms_text: str) -> None:
    ledger = ledger_of(prices(terms_text, SHORES))
    for n in range(5):
        ledger.case(f"i{n}", "2026-01-05T09:00", "2026-01-05T12:00", shore="onshore" if n < 2 else "nearshore")
    book, invoice = ledger.book(), ledger.invoice()
    nearshore, onshore = unit_costs(book, invoice)
    assert (nearshore.shore, nearshore.cases, nearshore.cost) == ("nearshore", 3, Decimal("12.00"))
    assert (onshore.shore, onshore.cases, onshore.cost) == ("onshore", 2, Decimal("12.00"))
    assert (onshore.unit_cost, onshore.saving, onshore.saving_percent) == (6, Decimal("0.80"), Decimal("6.3"))
    assert (nearshore.unit_cost, nearshore.saving) == (4, Decimal("7.20"))
    assert nearshore.cost + onshore.cost == invoice.net


def test_what_a_month_held_is_all_of_it_whatever_the_shore(ledger_of, terms_text: str) -> None:
    ledger = ledger_of(prices(terms_text, SHORES))
    for n in range(5):
        ledger.case(f"i{n}", "2026-01-05T09:00", "2026-01-05T12:00", shore="onshore" if n < 2 else "nearshore")
    assert worked(ledger.book(), ledger.invoice(), "payables") == Worked(5, Decimal("24.00"), Decimal("0.00"))
    late = ledger_of()
    fill(late, 2, late=2)
    invoice = late.invoice()
    found = worked(late.book(), invoice, "payables")
    assert (found.items, found.fees - found.credits) == (2, invoice.net)
    assert found.credits > 0


def test_unit_costs_of_cases_without_a_shore(ledger, ledger_of, terms_text: str) -> None:
    fill(ledger, 2)
    assert [c.shore for c in unit_costs(ledger.book(), ledger.invoice())] == ["unknown"]
    one = ledger_of(terms_text.replace("[onshore, nearshore]", "[nearshore]"))
    fill(one, 2, late=2)
    (cost,) = unit_costs(one.book(), one.invoice())
    assert (cost.shore, cost.cost, cost.unit_cost) == ("nearshore", Decimal("3.33"), Decimal("1.6650"))
    assert unit_costs(ledger_of().book(), ledger_of().invoice()) == []


def test_expert_hours_of_a_case_that_began_before(ledger_of) -> None:
    text = (Path(anyshore.__file__).parent / "services/kpo/contract-review/terms.yaml").read_text(encoding="utf-8")
    assert reading.check(text) == []
    ledger = ledger_of(text)
    service = "contract-review"
    ledger.add("instance.started", "2026-01-26T09:00", "c1", service)
    ledger.add("milestone.reached", "2026-01-27T09:00", "c1", service, name="Scope agreed")
    ledger.add("work.completed", "2026-02-02T11:00", "c1", service, billing="hourly", minutes=95)
    for n in range(5):
        ledger.add("case.finding", "2026-02-03T09:00", "c1", service, reviewed=True, upheld=n > 0)
    ledger.add("case.signed", "2026-02-03T16:00", "c1", service)
    ledger.add("milestone.reached", "2026-02-03T16:00", "c1", service, name="Memo signed")
    ledger.add("instance.completed", "2026-02-03T16:00", "c1", service, outcome="signed")
    assert lines_of(ledger.invoice()) == [("milestone", "1", "180", "180.00")]
    february = ledger.invoice("2026-02")
    assert lines_of(february) == [
        ("milestone", "1", "950", "950.00"), ("hour", "1.7500", "145", "253.75"),
        ("credit", "-1", "96.30", "-96.30"), ("credit", "-1", "24.08", "-24.08"),
    ]  # fmt: skip
    signed, upheld = february.scores
    assert (signed.status, signed.denominator) == ("missed", 1)
    assert (upheld.status, upheld.numerator, upheld.denominator) == ("missed", 4, 5)
    assert (february.credits[1].uncapped, february.credits[1].cap) == (Decimal("48.15"), Decimal("120.38"))


def test_holidays_not_fully_known_are_told(ledger_of, terms_text: str) -> None:
    india = terms_text.replace("country: DE, subdivision: BE", "country: IN, subdivision: MH")
    far = india.replace("2026-01-01", "2036-01-01")
    assert [p.code for p in reading.check(far)] == ["terms.holidays-incomplete"]
    assert reading.check(india) == []
    ledger = ledger_of(india)
    assert [f.code for f in ledger.invoice("2036-01").findings] == ["terms.holidays-incomplete"]
    assert ledger.invoice("2035-12").findings == []


def test_work_on_a_shore_the_terms_do_not_allow_is_told(ledger) -> None:
    for name, shore in [("a", "offshore"), ("b", "onshore"), ("c", "offshore")]:
        ledger.case(name, "2026-01-05T09:00", "2026-01-05T10:00", shore=shore)
    (finding,) = ledger.invoice().findings
    assert (finding.code, finding.message[:29]) == ("terms.shore", "2 cases were done offshore, w")


def test_terms_signed_again_for_the_same_day_replace_the_first(ledger, terms_text: str) -> None:
    ledger.sign(terms_text.replace("1.85", "1.70"))
    fill(ledger, 1)
    assert lines_of(ledger.invoice())[0][2] == "1.70"


def test_only_the_first_completion_is_billed(ledger) -> None:
    ledger.case("a", "2026-01-05T09:00", "2026-01-05T10:00")
    ledger.add("instance.completed", "2026-02-05T10:00", "a", outcome="rejected")
    assert len(ledger.invoice().lines) == 1
    assert ledger.invoice("2026-02").lines == []


def test_credits_are_shared_by_all_shores(ledger) -> None:
    ledger.case("a", "2026-01-05T09:00", "2026-01-09T10:00", shore="onshore")
    ledger.case("b", "2026-01-05T09:00", "2026-01-05T10:00", shore="nearshore")
    nearshore, onshore = unit_costs(ledger.book(), ledger.invoice())
    assert ledger.invoice().net == Decimal("3.33")
    assert nearshore.unit_cost == onshore.unit_cost == Decimal("1.6650")
