"""Cash discounts as invoices of XRechnung offer them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from tests.activities.building import Line, ubl

from anyshore.activities.einvoice import Invoice, read
from anyshore.activities.payables.booking import BookInput, make_posting
from anyshore.activities.payables.discounts import best, discounts


def _invoice(terms: str | None, kind: str = "380") -> Invoice:
    invoice = read(ubl(lines=(Line("10", "100.00"),), kind=kind))
    return replace(invoice, payment_terms=terms)


@pytest.mark.parametrize(
    ("terms", "found"),
    [
        ("#SKONTO#TAGE=14#PROZENT=2.00#\n", [("2026-03-24", "23.80")]),
        ("Bitte bald.\n#SKONTO#TAGE=7#PROZENT=3.00#\n#SKONTO#TAGE=14#PROZENT=2.00#BASISBETRAG=1000.00#\nDanke",
         [("2026-03-17", "35.70"), ("2026-03-24", "20.00")]),
        ("#SKONTO#TAGE=14#PROZENT=2.00#BASISBETRAG=99999.00#\n", [("2026-03-24", "23.80")]),
        ("2 % Skonto binnen 14 Tagen", []),
        ("#SKONTO#TAGE=14#PROZENT=2#\n", []),
        ("#SKONTO#TAGE=14#PROZENT=0.00#\n", []),
        (None, []),
    ],
)  # fmt: skip
def test_discounts_in_the_notation_of_xrechnung(terms: str | None, found: list[tuple[str, str]]) -> None:
    assert [(str(one.until), str(one.amount)) for one in discounts(_invoice(terms))] == found


def test_the_discount_of_a_day_is_the_largest_it_still_earns() -> None:
    offered = discounts(_invoice("#SKONTO#TAGE=7#PROZENT=3.00#\n#SKONTO#TAGE=14#PROZENT=2.00#\n"))
    taken = [best(offered, date(2026, 3, day)) for day in (17, 18, 24, 25)]
    assert [one.percent if one else None for one in taken] == [3, 2, 2, None]


def test_a_posting_keeps_them_and_a_credit_note_has_them_negative() -> None:
    posting = make_posting(BookInput(_invoice("#SKONTO#TAGE=14#PROZENT=2.00#\n", "381"), "1", "2", "3"))
    assert [one.amount for one in posting.discounts] == [Decimal("-23.80")]
