"""What can change of a billed month, and how it is corrected."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.draws import examples

from anyshore.base.errors import AnyshoreError
from anyshore.terms.book import Book
from anyshore.terms.corrections import as_issued, due
from anyshore.terms.figures import differences, figures
from anyshore.terms.months import Month
from anyshore.terms.recompute import recompute

JANUARY = "2026-01"
HOUR = 3_600_000_000


@pytest.fixture
def billed(ledger: Any) -> Any:
    """A month with nineteen cases, one of them missed: 35.15 less a credit of 1.05."""
    for n in range(19):
        ledger.case(f"i{n:02}", "2026-01-05T09:00", "2026-01-07T12:00" if n == 0 else "2026-01-05T12:00")
    ledger.issue(JANUARY, "2026-02-01T08:00")
    return ledger


def rows(ledger: Any) -> list[tuple[str, Any, Any, str]]:
    def side(shown: dict[str, str] | None) -> str | None:
        return shown and f"{shown['quantity']} × {shown['unit_price']}"

    lines = ledger.correction(JANUARY).difference["lines"]
    return [(line["kind"], side(line["old"]), side(line["new"]), line["amount"]) for line in lines]


class TestWhatStaysAsItWas:
    """A closed month does not change by what happens later (ADR 0201): nothing of this is ever to be corrected."""

    def unchanged(self, ledger: Any) -> bool:
        found = ledger.correction(JANUARY)
        return found.empty and list(due(ledger.book())) == [] and found.figures == figures(ledger.invoice(JANUARY))

    def test_a_case_that_was_open_completes_late(self, ledger: Any) -> None:
        ledger.case("open", "2026-01-05T09:00")
        ledger.case("running", "2026-01-30T16:00")
        ledger.issue(JANUARY, "2026-02-01T08:00")
        ledger.add("instance.completed", "2026-02-02T08:30", "running", outcome="paid")
        ledger.add("instance.completed", "2026-02-10T09:00", "open", outcome="withdrawn")
        assert self.unchanged(ledger)

    def test_a_case_is_finished_a_second_time(self, billed: Any) -> None:
        billed.add("instance.completed", "2026-02-03T12:00", "i03", outcome="rejected")
        billed.add("instance.cancelled", "2026-02-03T12:00", "i04")
        assert self.unchanged(billed)

    def test_a_wait_for_the_client_that_began_in_the_month_ends_later(self, ledger: Any) -> None:
        ledger.case("a", "2026-01-29T09:00")
        ledger.add("work.opened", "2026-01-29T10:00", "a", party="client")
        ledger.issue(JANUARY, "2026-02-01T08:00")
        ledger.add("work.completed", "2026-02-20T10:00", "a", party="client")
        ledger.add("instance.completed", "2026-02-20T11:00", "a", outcome="paid")
        assert self.unchanged(ledger)

    def test_terms_that_come_into_force_later(self, billed: Any, terms_text: str) -> None:
        billed.sign(terms_text.replace("version: 1", "version: 2\nin_force_from: 2026-02-01").replace("1.85", "1.50"))
        assert self.unchanged(billed)

    def test_terms_of_the_month_that_agree_on_the_same_figures(self, billed: Any, terms_text: str) -> None:
        billed.sign(terms_text.replace("version: 1", "version: 2\ntitle: Payables of Acme"))
        found = billed.correction(JANUARY)
        assert (found.empty, found.amended, list(due(billed.book()))) == (True, len(billed.entries), [])

    def test_terms_of_the_month_that_write_the_same_numbers_otherwise(self, billed: Any, terms_text: str) -> None:
        billed.sign(
            terms_text.replace("version: 1", "version: 2").replace("1.85", "1.850").replace("rate: 19", "rate: 19.0")
        )
        assert billed.correction(JANUARY).empty
        assert list(due(billed.book())) == []

    def test_an_entry_of_the_month_that_no_figure_rests_on(self, billed: Any) -> None:
        billed.add("incident.raised", "2026-01-20T09:00", "i03", code="x")
        assert self.unchanged(billed)
        assert billed.correction(JANUARY).late == ()

    def test_an_entry_of_an_earlier_month_changes_only_what_rests_on_it(self, billed: Any) -> None:
        billed.case("before", "2025-12-29T09:00", "2025-12-29T10:00")
        assert [late.instance for late in billed.correction(JANUARY).late] == ["before", "before"]
        assert billed.correction(JANUARY).empty
        assert list(due(billed.book())) == []


class TestWhatIsCorrected:
    def test_a_case_that_came_late(self, billed: Any) -> None:
        billed.case("late", "2026-01-30T09:00", "2026-01-30T10:00")
        assert rows(billed) == [("instance", "19 × 1.85", "20 × 1.85", "1.85"), ("credit", "-1 × 1.05", None, "1.05")]
        found = billed.correction(JANUARY)
        assert [(late.sequence, late.type) for late in found.late] == [
            (41, "instance.started"),
            (42, "instance.completed"),
        ]
        (objective,) = found.difference["objectives"]
        assert (objective["old"]["met"], objective["new"]["met"], objective["new"]["status"]) == (18, 19, "met")
        assert found.difference["gross"] == {"old": "40.58", "new": "44.03", "amount": "3.45"}
        assert found.type_code == "384"

    def test_the_end_of_a_case_that_came_late(self, ledger: Any) -> None:
        ledger.case("a", "2026-01-05T09:00")
        ledger.issue(JANUARY, "2026-02-01T08:00")
        ledger.add("instance.completed", "2026-01-05T10:00", "a", outcome="paid")
        assert rows(ledger) == [("instance", None, "1 × 1.85", "1.85")]

    def test_an_earlier_end_that_came_late_takes_the_place_of_the_known_one(self, billed: Any) -> None:
        billed.add("instance.completed", "2026-01-05T11:00", "i03", outcome="duplicate")
        assert rows(billed) == [
            ("instance", "19 × 1.85", "18 × 1.85", "-1.85"),
            ("credit", "-1 × 1.05", "-1 × 1.00", "0.05"),
        ]

    def test_a_pause_that_came_late(self, billed: Any) -> None:
        billed.add("work.opened", "2026-01-05T10:00", "i00", party="client")
        billed.add("work.completed", "2026-01-07T11:00", "i00", party="client")
        assert rows(billed) == [("credit", "-1 × 1.05", None, "1.05")]

    def test_a_start_in_a_month_not_yet_billed(self, ledger: Any) -> None:
        """It is late for February, whose objective rests on it, and not for January, whose invoice will hold it."""
        ledger.add("instance.completed", "2026-02-02T10:00", "a", outcome="paid")
        ledger.issue("2026-02", "2026-03-01T08:00")
        ledger.add("instance.started", "2026-01-30T16:00", "a")
        february = ledger.correction("2026-02")
        assert [one["new"]["counted"] for one in february.difference["objectives"]] == [1]
        ledger.issue(JANUARY, "2026-03-02T08:00", "R-2")
        assert ledger.correction(JANUARY).empty

    def test_a_lower_price_agreed_afterwards_is_a_credit_note(self, billed: Any, terms_text: str) -> None:
        billed.sign(
            terms_text.replace("version: 1", "version: 2").replace("1.85", "1.80").replace("credit: 3", "credit: 3.1")
        )
        assert rows(billed) == [
            ("instance", "19 × 1.85", "19 × 1.80", "-0.95"),
            ("credit", "-1 × 1.05", "-1 × 1.06", "-0.01"),
        ]
        found = billed.correction(JANUARY)
        assert (found.type_code, found.amended, found.late) == ("381", 41, ())

    def test_another_rate_of_tax_is_no_credit_note(self, billed: Any, terms_text: str) -> None:
        billed.sign(
            terms_text.replace("version: 1", "version: 2").replace("rate: 19", "rate: 7").replace("1.85", "1.80")
        )
        found = billed.correction(JANUARY)
        assert found.type_code == "384"
        assert found.difference["vat"]["old"] == {"category": "S", "rate": "19", "amount": "6.48"}
        assert found.difference["vat"]["new"]["rate"] == "7"

    def test_figures_that_were_recorded_wrongly(self, ledger: Any, tmp_path: Path) -> None:
        ledger.case("a", "2026-01-05T09:00", "2026-01-05T12:00")
        lines = figures(ledger.invoice())["lines"]
        lines[0] |= {"quantity": "2", "amount": "3.70"}
        ledger.issue(JANUARY, "2026-02-01T08:00", lines=lines, net="3.70", gross="4.40")
        assert rows(ledger) == [("instance", "2 × 1.85", "1 × 1.85", "-1.85")]
        shown = as_issued(ledger.book(), Month(2026, 1))
        assert (shown.lines[0].quantity, shown.gross, shown.lines[0].behind) == (2, Decimal("4.40"), ())
        wrong = recompute(ledger.export(tmp_path / "e.jsonl"))
        assert {finding.code for finding in wrong.all_findings} == {"terms.figure-differs"}
        ledger.correct(JANUARY, "2026-02-10T08:00")
        settled = recompute(ledger.export(tmp_path / "e.jsonl"))
        assert settled.all_findings == []
        assert [one.corrected_by for one in settled.recorded] == ["C-1", ""]

    def test_the_cases_behind_an_amount_that_stays(self, billed: Any) -> None:
        """One case taken out and one put in: what was billed rests on other cases, and both sides should know."""
        billed.add("instance.completed", "2026-01-05T11:00", "i03", outcome="duplicate")
        billed.case("late", "2026-01-30T09:00", "2026-01-30T10:00")
        found = billed.correction(JANUARY)
        line = found.difference["lines"][0]
        assert (line["amount"], line["old"]["cases"], line["new"]["cases"]) == ("0.00", 19, 19)
        assert line["old"]["digest"] != line["new"]["digest"]
        assert not found.empty


class TestRefused:
    def test_a_month_that_was_not_billed(self, ledger: Any) -> None:
        with pytest.raises(AnyshoreError, match="2026-01 was not billed"):
            ledger.correction(JANUARY)

    @pytest.mark.parametrize("shown", [None, {}, {"lines": [{"amount": "1e9"}]}, "x"])
    def test_figures_that_cannot_be_read(self, ledger: Any, shown: object) -> None:
        ledger.add("invoice.issued", "2026-02-01T08:00", service="", number="R-9", month=JANUARY, figures=shown)
        with pytest.raises(AnyshoreError, match="R-9") as caught:
            ledger.correction(JANUARY)
        assert caught.value.code == "terms.no-figures"

    def test_another_currency(self, billed: Any, terms_text: str, tmp_path: Path) -> None:
        billed.sign(terms_text.replace("version: 1", "version: 2").replace("EUR", "USD"))
        with pytest.raises(AnyshoreError, match="billed in EUR"):
            billed.correction(JANUARY)
        assert [one.code for one in due(billed.book())] == ["terms.other-currency"]


class TestIssued:
    @pytest.fixture
    def corrected(self, billed: Any) -> Any:
        billed.case("late", "2026-01-30T09:00", "2026-01-30T10:00")
        billed.correct(JANUARY, "2026-02-10T08:00")
        return billed

    def test_it_is_recomputed_and_settles_what_was_late(self, corrected: Any, tmp_path: Path) -> None:
        found = recompute(corrected.export(tmp_path / "e.jsonl"))
        assert found.all_findings == []
        invoice, correction = found.recorded
        assert (invoice.number, invoice.corrects, invoice.invoice.gross) == ("R-1", False, Decimal("40.58"))
        assert (correction.number, correction.reason, correction.invoice.gross) == ("C-1", "agreed", Decimal("44.03"))
        assert corrected.correction(JANUARY).empty

    def test_a_second_one_corrects_both(self, corrected: Any, tmp_path: Path) -> None:
        corrected.case("later", "2026-01-30T09:00", "2026-01-30T10:00")
        found = corrected.correction(JANUARY)
        assert found.contents()["preceding"] == [
            {"number": "R-1", "issued": "2026-02-01", "entry": 40},
            {"number": "C-1", "issued": "2026-02-10", "entry": 43},
        ]
        assert found.difference["net"]["old"] == "37.00"
        corrected.correct(JANUARY, "2026-02-11T08:00", "C-2")
        assert recompute(corrected.export(tmp_path / "e.jsonl")).all_findings == []

    def test_the_invoice_stays_what_it_was(self, corrected: Any) -> None:
        recorded = corrected.book().documents[Month(2026, 1)][0].data["figures"]
        assert differences(recorded, figures(as_issued(corrected.book(), Month(2026, 1)))) == []

    @pytest.mark.parametrize(
        ("changed", "told"),
        [
            ({"type_code": "381"}, "type_code: recorded 381, recomputed 384"),
            ({"preceding": []}, "preceding[0]: recorded nothing"),
            ({"figures": None}, "figures: recorded nothing"),
            ({"difference": {}}, "difference.gross: recorded nothing"),
        ],
    )
    def test_a_false_one_is_found(self, billed: Any, tmp_path: Path, changed: dict[str, Any], told: str) -> None:
        billed.case("late", "2026-01-30T09:00", "2026-01-30T10:00")
        billed.correct(JANUARY, "2026-02-10T08:00", **changed)
        found = recompute(billed.export(tmp_path / "e.jsonl")).recorded[1].findings
        assert {finding.code for finding in found} == {"terms.figure-differs"}
        assert any(f"correction C-1, {told}" in finding.message for finding in found)

    def test_a_changed_byte_is_found(self, corrected: Any, tmp_path: Path) -> None:
        path = corrected.export(tmp_path / "e.jsonl")
        path.write_bytes(path.read_bytes().replace(b'"amount":"3.45"', b'"amount":"3.46"', 1))
        codes = [finding.code for finding in recompute(path).all_findings]
        assert codes == ["ledger.changed-entry", "terms.figure-differs"]

    def test_one_of_a_month_without_an_invoice(self, ledger: Any, tmp_path: Path) -> None:
        ledger.add("invoice.corrected", "2026-02-01T08:00", service="", number="C-1", month=JANUARY)
        found = recompute(ledger.export(tmp_path / "e.jsonl"))
        assert [finding.code for finding in found.all_findings] == ["terms.not-billed"]

    def test_a_month_that_is_billed_twice(self, billed: Any, tmp_path: Path) -> None:
        billed.issue(JANUARY, "2026-02-02T08:00", "R-2")
        found = recompute(billed.export(tmp_path / "e.jsonl"))
        assert [finding.code for finding in found.all_findings] == ["terms.repeated-invoice"]


def amended(terms_text: str, version: int, month: int, price: str) -> str:
    text = terms_text.replace("version: 1", f"version: {version}\nin_force_from: 2026-0{month}-01")
    return text.replace("price: 1.85", f"price: {price}").replace("rate: 19", f"rate: {7 * (version % 2)}.5")


MONTHS, OUTCOMES = st.integers(1, 3), st.sampled_from(["paid", "rejected", "withdrawn"])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("case"), st.integers(0, 60), st.integers(0, 60), OUTCOMES),
        st.tuples(st.just("start"), st.integers(0, 9), st.integers(0, 60)),
        st.tuples(st.just("end"), st.integers(0, 9), st.integers(0, 89)),
        st.tuples(st.just("pause"), st.integers(0, 9), st.integers(0, 80), st.integers(0, 9)),
        st.tuples(st.just("amend"), MONTHS, st.sampled_from(["1.85", "1.333", "0", "2"])),
        st.tuples(st.just("bill"), MONTHS),
        st.tuples(st.just("bill"), MONTHS),
    ),
    max_size=25,
)  # fmt: skip


class History:
    """Writes a ledger in which anything may come late: a month is billed, and corrected when something is due."""

    def __init__(self, ledger: Any, terms_text: str) -> None:
        self.ledger, self.text, self.steps = ledger, terms_text, 0
        self.first = ledger.entries[0].at + 17 * 24 * HOUR  # 1 January, noon

    def at(self, day: int) -> int:
        return self.first + day * 24 * HOUR

    def step(self, kind: str, *values: Any) -> None:
        self.steps += 1
        match kind, values:
            case "case", (day, hours, outcome):
                self.ledger.case(f"c{self.steps}", self.at(day), self.at(day) + hours * HOUR, outcome)
            case "start", (name, day):
                self.ledger.add("instance.started", self.at(day), f"i{name}")
            case "end", (name, day):
                self.ledger.add("instance.completed", self.at(day), f"i{name}", outcome="paid")
            case "pause", (name, day, days):
                self.ledger.add("work.opened", self.at(day), f"i{name}", party="client")
                self.ledger.add("work.completed", self.at(day + days), f"i{name}", party="client")
            case "amend", (month, price):
                self.ledger.sign(amended(self.text, self.steps + 1, month, price))
            case "bill", (month,):
                self.bill(f"2026-0{month}")

    def bill(self, month: str) -> None:
        when = self.at(100) + self.steps
        if Month(2026, int(month[-1])) not in self.ledger.book().documents:
            self.ledger.issue(month, when, f"R-{month}")
        elif not self.ledger.correction(month).empty:
            self.ledger.correct(month, when, f"C-{month}-{self.steps}")

    def documents(self) -> Iterator[tuple[Month, list[Any]]]:
        yield from self.ledger.book().documents.items()


def summed(documents: list[Any], name: str) -> Decimal:
    """A total of the invoice and the differences its corrections bill."""
    first, *corrections = documents
    shown = first.data["figures"][name]
    total = Decimal(shown["amount"] if name == "vat" else shown)
    return total + sum((Decimal(one.data["difference"][name]["amount"]) for one in corrections), Decimal(0))


def by_line(documents: list[Any]) -> dict[tuple[str, str], Decimal]:
    first, *corrections = documents
    rows = [*first.data["figures"]["lines"], *(row for one in corrections for row in one.data["difference"]["lines"])]
    totals: dict[tuple[str, str], Decimal] = {}
    for row in rows:
        key = (row["kind"], row["name"])
        totals[key] = totals.get(key, Decimal(0)) + Decimal(row["amount"])
    return {key: total for key, total in totals.items() if total}


def of_the_month(shown: dict[str, Any]) -> dict[str, Any]:
    """What is corrected of the figures of a month."""
    return {name: value for name, value in shown.items() if name not in ("terms", "closed_days", "credits")}


@settings(max_examples=examples(60))
@given(steps=STEPS, cut=st.integers(1, 30))
def test_invoice_and_corrections_add_up_to_the_month_on_all_entries(
    ledger_of: Any, terms_text: str, tmp_path_factory: pytest.TempPathFactory, steps: list[Any], cut: int
) -> None:
    history = History(ledger_of(), terms_text)
    for step in steps:
        history.step(*step)
    told = {one.message[:7] for one in due(history.ledger.book()) if one.code == "terms.correction-due"}
    changed = {
        str(month) for month, documents in history.documents()
        if of_the_month(documents[-1].data["figures"]) != of_the_month(figures(history.ledger.invoice(str(month))))
    }  # fmt: skip
    assert told == changed
    for month in changed:
        history.bill(month)
    assert list(due(history.ledger.book())) == []
    for month, documents in history.documents():
        invoice = history.ledger.invoice(str(month))
        assert [summed(documents, name) for name in ("net", "vat", "gross")] == [
            invoice.net,
            invoice.vat,
            invoice.gross,
        ]
        lines: dict[tuple[str, str], Decimal] = {}
        for line in invoice.lines:
            lines[line.kind, line.name] = lines.get((line.kind, line.name), Decimal(0)) + line.amount
        assert by_line(documents) == {key: total for key, total in lines.items() if total}
        assert documents[0].data["figures"] == figures(as_issued(history.ledger.book(), month))
    for entries in (history.ledger.entries, history.ledger.entries[: cut + 1]):
        history.ledger.entries = entries
        found = recompute(history.ledger.export(tmp_path_factory.mktemp("export") / "e.jsonl"))
        assert {one.code for one in found.all_findings} <= {
            "terms.repeated-entry", "terms.unmeasured", "terms.correction-due", "terms.late-entry",
        }  # fmt: skip


def test_a_book_as_it_stood_before_an_entry(billed: Any) -> None:
    billed.case("late", "2026-01-30T09:00", "2026-01-30T10:00")
    for sequence in range(1, len(billed.entries) + 1):
        before = Book.of(billed.entries[: sequence - 1])
        assert billed.book().before(sequence).cases == before.cases
        assert billed.book().before(sequence).versions == before.versions
