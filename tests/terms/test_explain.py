from __future__ import annotations

import string

import pytest

from anyshore.terms.explain import attained, explain, explain_correction
from anyshore.terms.messages import MESSAGES

EN = [
    "Invoices decided in time: 94.7 %: 18 of 19 cases within 8:00 h of business time (target 95 %): missed",
    "  I00 (i00): 19:00 h instead of 8:00 h; due 2026-01-05 17:00, ended 2026-01-07 12:00",
    "1 case is open within its limit and counts in a later month",
    "Decided invoice: 19 × 1.85 EUR = 35.15 EUR (19 cases)",
    "Service credit, Invoices decided in time: 94.7 % lies below 95 %: 3 % of 35.15 EUR fee = 1.05 EUR",
    "Net 34.10 EUR + VAT 19 % 6.48 EUR = 40.58 EUR",
]
DE = [
    "Invoices decided in time: 94,7 %: 18 von 19 Fällen in 8:00 h Geschäftszeit (Ziel 95 %): verfehlt",
    "  I00 (i00): 19:00 h statt 8:00 h; fällig 05.01.2026 17:00, beendet 07.01.2026 12:00",
    "1 Fall ist innerhalb seiner Frist offen und zählt in einem späteren Monat",
    "Decided invoice: 19 × 1,85 EUR = 35,15 EUR (19 Fälle)",
    "Gutschrift, Invoices decided in time: 94,7 % liegen unter 95 %: 3 % von 35,15 EUR Entgelt = 1,05 EUR",
    "Netto 34,10 EUR + USt. 19 % 6,48 EUR = 40,58 EUR",
]


@pytest.mark.parametrize(("lang", "expected"), [("en", EN), ("de", DE)])
def test_why_each_figure(ledger, lang, expected: list[str]) -> None:
    for n in range(19):
        ledger.case(f"i{n:02}", "2026-01-05T09:00", "2026-01-07T12:00" if n == 0 else "2026-01-05T12:00")
    ledger.case("open", "2026-01-30T16:00")
    assert explain(ledger.invoice(), lang) == expected


def test_nothing_happened(ledger) -> None:
    assert explain(ledger.invoice())[0] == (
        "Invoices decided in time: no case counts in this month, so it is not assessed"
    )


def test_waiting_open_and_capped(ledger) -> None:
    ledger.add("instance.started", "2026-01-27T09:00", "a")
    ledger.add("work.opened", "2026-01-27T10:00", "a", party="client")
    ledger.add("work.completed", "2026-01-27T12:30", "a", party="client")
    ledger.case("b", "2026-01-27T09:00", "2026-01-29T10:00")
    text = explain(ledger.invoice())
    assert text[1] == "  B (b): 17:00 h instead of 8:00 h; due 2026-01-27 17:00, ended 2026-01-29 10:00"
    assert text[2] == (
        "  A (a): 29:30 h (2:30 h excluded) instead of 8:00 h; due 2026-01-28 11:30, still open at the end of the month"
    )
    assert text[-2].endswith(
        "12 % of 1.85 EUR fee = 0.22 EUR; capped at 0.19 EUR, for at most 0.19 EUR of this fee is at risk"
    )


def test_attainment_never_reads_as_the_target_it_misses(ledger) -> None:
    for n in range(2001):
        ledger.case(f"i{n}", "2026-01-05T09:00", "2026-01-07T12:00" if n < 101 else "2026-01-05T12:00")
    (score,) = ledger.invoice().scores
    assert (score.status, score.numerator, score.denominator) == ("missed", 1900, 2001)
    assert attained(score) == "94.9"


def test_every_message_has_both_languages_and_the_same_values() -> None:
    for key, texts in MESSAGES.items():
        assert texts.keys() == {"en", "de"}, key
        assert not key.endswith("-one") or key.removesuffix("-one") in MESSAGES
        names = [{name for _, name, _, _ in string.Formatter().parse(text) if name} for text in texts.values()]
        assert names[0] == names[1], key


def test_lines_of_every_kind(ledger_of, terms_text: str) -> None:
    text = terms_text.replace("    objectives:", "    minimum_charge: 100\n    objectives:", 1)
    text = text.replace("    minimum", "      - {per: month, name: Platform, price: 31}\n    minimum", 1)
    ledger = ledger_of(text)
    ledger.case("a", "2026-01-05T09:00", "2026-01-05T10:00")
    ledger.case("b", "2026-01-05T09:00", "2026-01-05T10:00", outcome="withdrawn")
    assert explain(ledger.invoice())[1:] == [
        "1 case does not count (outcome left out, or cancelled within the limit)",
        "Decided invoice: 1 × 1.85 EUR = 1.85 EUR (1 case)",
        "Platform: 1 × 31 EUR = 31.00 EUR",
        "Minimum charge: 67.15 EUR more, up to the minimum agreed",
        "Net 100.00 EUR + VAT 19 % 19.00 EUR = 119.00 EUR",
    ]


def test_a_correction(ledger, terms_text: str) -> None:
    for n in range(19):
        ledger.case(f"i{n:02}", "2026-01-05T09:00", "2026-01-07T12:00" if n == 0 else "2026-01-05T12:00")
    ledger.issue("2026-01", "2026-02-01T08:00")
    ledger.add("instance.completed", "2026-01-05T13:00", "i00", outcome="paid")
    assert explain_correction(ledger.correction()) == [
        "Corrected invoice (384) to R-1",
        "1 entry of that time came after the last document",
        "Invoices decided in time: -1 × 1.05 EUR = -1.05 EUR → nothing: 1.05 EUR",
        "Invoices decided in time: 94.7368 % (18 of 19) → 100 % (19 of 19)",
        "Difference: net 1.05 EUR + VAT 0.20 EUR = 1.25 EUR; the month comes to 41.83 EUR",
    ]
    ledger.sign(terms_text.replace("version: 1", "version: 2").replace("1.85", "1.80"))
    assert explain_correction(ledger.correction(), "de")[:4] == [
        "Rechnungskorrektur (384) zu R-1",
        "1 Eintrag aus dieser Zeit kam nach dem letzten Beleg",
        "Die Bedingungen dieses Monats wurden mit Eintrag 42 neu unterzeichnet",
        "Decided invoice: 19 × 1,85 EUR = 35,15 EUR → 19 × 1,80 EUR = 34,20 EUR: -0,95 EUR",
    ]


def test_a_correction_of_what_is_behind_and_of_nothing(ledger) -> None:
    ledger.case("a", "2026-01-05T09:00", "2026-01-05T12:00")
    ledger.issue("2026-01", "2026-02-01T08:00")
    assert explain_correction(ledger.correction()) == [
        "Nothing to correct: on all entries 2026-01 comes to what was billed, 2.20 EUR"
    ]
    ledger.add("instance.completed", "2026-01-05T11:00", "a", outcome="withdrawn")
    ledger.case("b", "2026-01-05T09:00", "2026-01-05T12:00")
    assert explain_correction(ledger.correction())[2:4] == [
        "Decided invoice: 1 × 1.85 EUR = 1.85 EUR, as billed, on other cases",
        "Invoices decided in time: 100 % (1 of 1), as billed, on other cases",
    ]
