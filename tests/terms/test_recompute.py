from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from anyshore.base.errors import AnyshoreError
from anyshore.terms.figures import figures
from anyshore.terms.months import Month
from anyshore.terms.recompute import recompute


@pytest.fixture
def billed(ledger):
    for n in range(19):
        ledger.case(f"i{n:02}", "2026-01-05T09:00", "2026-01-07T12:00" if n == 0 else "2026-01-05T12:00")
    ledger.add("turn", "2026-01-07T12:00", "i00", digest="0" * 64)
    ledger.issue("2026-01", "2026-02-01T08:00")
    return ledger


def codes(result) -> list[str]:
    return [finding.code for finding in result.all_findings]


def test_an_export_gives_the_recorded_figures_again(billed, tmp_path: Path) -> None:
    result = recompute(billed.export(tmp_path / "e.jsonl"))
    assert codes(result) == []
    (one,) = result.recorded
    assert (one.number, one.invoice.net, one.invoice.gross) == ("R-1", billed.invoice().net, billed.invoice().gross)
    assert result.verification.count == len(billed.entries)


def test_a_recorded_figure_that_differs_is_named(ledger, tmp_path: Path) -> None:
    for n in range(19):
        ledger.case(f"i{n:02}", "2026-01-05T09:00", "2026-01-07T12:00" if n == 0 else "2026-01-05T12:00")
    ledger.issue("2026-01", "2026-02-01T08:00", gross="41.83", objectives=[])
    result = recompute(ledger.export(tmp_path / "e.jsonl"))
    messages = [finding.message for finding in result.all_findings]
    assert messages[0] == "invoice R-1, gross: recorded 41.83, recomputed 40.58"
    assert messages[-1].startswith("invoice R-1, objectives[0]: recorded nothing, recomputed {")
    assert {finding.location.line for finding in result.all_findings} == {len(ledger.entries) + 1}


def test_another_set_of_cases_behind_the_same_number_is_found(ledger, tmp_path: Path) -> None:
    ledger.case("a", "2026-01-05T09:00", "2026-01-05T12:00")
    ledger.case("b", "2026-01-05T09:00", "2026-02-05T12:00")
    lines = figures(ledger.invoice())["lines"]
    lines[0] |= {"digest": "0" * 64}
    ledger.issue("2026-01", "2026-02-01T08:00", lines=lines)
    (finding,) = recompute(ledger.export(tmp_path / "e.jsonl")).all_findings
    assert "lines[0].digest" in finding.message


def test_an_invoice_rests_on_the_entries_before_it(billed, tmp_path: Path) -> None:
    billed.case("late", "2026-01-30T09:00", "2026-01-30T10:00")
    result = recompute(billed.export(tmp_path / "e.jsonl"), asked=[Month(2026, 1)])
    assert codes(result) == ["terms.correction-due", "terms.late-entry", "terms.late-entry"]
    assert result.recorded[0].invoice.lines[0].quantity == 19
    assert result.asked[0].lines[0].quantity == 20


def test_invoices_follow_the_terms_in_force_when_they_were_issued(billed, terms_text: str, tmp_path: Path) -> None:
    cheaper = terms_text.replace("version: 1", "version: 2\nin_force_from: 2026-02-01").replace("1.85", "1.50")
    billed.sign(cheaper, "2026-02-01T09:00")
    billed.case("b", "2026-02-03T09:00", "2026-02-03T10:00")
    billed.issue("2026-02", "2026-03-01T08:00", "R-2")
    result = recompute(billed.export(tmp_path / "e.jsonl"))
    assert codes(result) == []
    assert [r.invoice.terms.version for r in result.recorded] == [1, 2]


def test_a_changed_byte_is_found_with_the_figures(billed, tmp_path: Path) -> None:
    path = billed.export(tmp_path / "e.jsonl")
    path.write_bytes(path.read_bytes().replace(b'"outcome":"paid"', b'"outcome":"void"', 1))
    found = codes(recompute(path))
    assert found[0] == "ledger.changed-entry"
    assert "terms.figure-differs" in found


def test_unreadable_terms_are_told_beside_the_broken_entry(billed, tmp_path: Path) -> None:
    path = billed.export(tmp_path / "e.jsonl")
    path.write_bytes(path.read_bytes().replace(b"kind: bpo", b"kind: xxx", 1))
    result = recompute(path)
    assert codes(result) == ["ledger.changed-entry", "yaml.value"]
    assert result.recorded == []
    assert "terms in entry 1" in str(result.all_findings[1].location)


@pytest.mark.parametrize(
    ("data", "code"),
    [({"month": "2026-01"}, "terms.no-figures"), ({"month": "soon"}, "terms.month"), ({}, "terms.month"),
     ({"month": "2025-06", "figures": {}}, "terms.not-in-force")],
)  # fmt: skip
def test_invoices_that_cannot_be_compared(ledger, tmp_path: Path, data: dict[str, object], code: str) -> None:
    ledger.add("invoice.issued", "2026-02-01T08:00", service="", number="R-9", **data)
    assert code in codes(recompute(ledger.export(tmp_path / "e.jsonl")))


def test_no_terms_signed(ledger, tmp_path: Path) -> None:
    ledger.entries.clear()
    ledger.add("instance.started", "2026-01-05T09:00", "a")
    with pytest.raises(AnyshoreError, match="no signed terms"):
        recompute(ledger.export(tmp_path / "e.jsonl"), asked=[Month(2026, 1)])
    ledger.add("engagement.signed", "2026-01-05T09:00", service="", text="?")
    assert codes(recompute(ledger.export(tmp_path / "e.jsonl"))) == ["terms.absent"]


def test_progress_reaches_the_size_of_the_file(billed, tmp_path: Path) -> None:
    path = billed.export(tmp_path / "e.jsonl")
    seen: list[int] = []
    recompute(path, progress=seen.append)
    assert seen == sorted(seen)
    assert seen[-1] == path.stat().st_size


def test_a_running_month_is_computed_as_of_the_export(ledger, tmp_path: Path) -> None:
    """An open case whose limit runs out after the export is running in it, as it is on the provider's screen."""
    ledger.case("done", "2026-01-05T09:00", "2026-01-05T10:00")
    ledger.case("open", "2026-01-05T09:00")
    shown = ledger.invoice(until="2026-01-05T11:00")
    (computed,) = recompute(ledger.export(tmp_path / "e.jsonl", "2026-01-05T11:00"), asked=None).asked
    assert figures(computed) == figures(shown)
    assert (computed.scores[0].running, computed.scores[0].status) == (["open"], "met")
    later = recompute(ledger.export(tmp_path / "e.jsonl", "2026-02-05T11:00"), asked=[Month(2026, 1)])
    assert later.asked[0].scores[0].status == "missed"


def test_the_month_that_is_computed_unasked(ledger, tmp_path: Path) -> None:
    def unasked() -> list[str]:
        found = recompute(ledger.export(tmp_path / "e.jsonl", "2026-02-10T08:00"), asked=None)
        return [str(invoice.month) for invoice in found.asked]

    assert unasked() == []
    ledger.case("a", "2026-01-05T09:00", "2026-01-05T10:00")
    assert unasked() == ["2026-01"]
    ledger.issue("2026-01", "2026-02-01T08:00")
    assert unasked() == [], "its invoice is there already"
    ledger.case("b", "2026-02-05T09:00", "2026-02-05T10:00")
    assert unasked() == ["2026-02"]
    path = tmp_path / "e.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"instance":"b"', b'"instance":"c"', 1))
    assert recompute(path, asked=None).asked == [], "its entries cannot be trusted"


@pytest.mark.parametrize("when", [-(2**53) + 1, 2**53 - 1])
def test_an_entry_outside_all_calendars_is_named_and_left_out(ledger, tmp_path: Path, when: int) -> None:
    ledger.case("a", "2026-01-05T09:00", "2026-01-05T10:00")
    ledger.add("instance.started", when, "b")
    result = recompute(ledger.export(tmp_path / "e.jsonl"), asked=[Month(2026, 1)])
    (finding,) = result.all_findings
    assert (finding.code, finding.location.line, result.asked[0].net) == ("terms.instant", 5, Decimal("1.85"))
