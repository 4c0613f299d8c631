"""The batch for DATEV: its header, its columns, and that every posting comes out as pairs of the same sum."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anyshore.activities.common.datev import COLUMNS, ENCODING, Booked, Ledger, batch, pairs
from anyshore.activities.common.postings import Entry
from anyshore.base.errors import DataError

LEDGER = Ledger(29098, 55003, date(2026, 1, 1))
FIRST, LAST, MADE = date(2026, 3, 1), date(2026, 3, 31), datetime(2026, 4, 2, 9, 30)
ONE = Booked(
    date(2026, 3, 9), "RE 2026/042", 'Spree "Möbel" GmbH', (
        Entry("debit", "6815", Decimal("100.00"), cost_centre="K1"), Entry("debit", "1576", Decimal("19.00")),
        Entry("credit", "1600", Decimal("119.00")),
    ),
)  # fmt: skip


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(text.splitlines(), delimiter=";"))


def test_header_columns_and_rows() -> None:
    text = batch(LEDGER, FIRST, LAST, MADE, "Kreditoren 03/2026", [ONE])
    assert text.count("\r\n") == text.count("\n") == 4
    assert text.startswith('"EXTF";700;21;"Buchungsstapel";13;20260402093000000;;')
    head, columns, *found = rows(text)
    assert len(head) == 31
    assert head[10:17] == ["29098", "55003", "20260101", "4", "20260301", "20260331", "Kreditoren 03/2026"]
    assert head[18:22] == ["1", "0", "0", "EUR"]
    assert tuple(columns) == COLUMNS
    assert len(columns) == 125
    assert [one[:3] + one[6:8] + one[9:11] + [one[13], one[36]] for one in found] == [
        ["100,00", "S", "EUR", "6815", "1600", "0903", "RE-2026/042", 'Spree "Möbel" GmbH', "K1"],
        ["19,00", "S", "EUR", "1576", "1600", "0903", "RE-2026/042", 'Spree "Möbel" GmbH', ""],
    ]
    assert all(len(one) == 125 for one in found)


def test_every_character_can_be_written_and_no_line_is_broken() -> None:
    text = batch(LEDGER, FIRST, LAST, MADE, "x", [replace(ONE, number="株/1\n2", text="株式会社\r\nA;B € “ß”")])
    text.encode(ENCODING)
    assert rows(text)[2][13] == "???? A;B € “ß”"
    assert rows(text)[2][10] == "-/1-2"
    assert len(rows(text)) == 4


amounts = st.lists(st.integers(1, 10**9), min_size=1, max_size=6)


@given(amounts, amounts)
def test_pairs_keep_every_amount(debits: list[int], credits: list[int]) -> None:
    gap = sum(debits) - sum(credits)
    debits, credits = (debits, [*credits, gap]) if gap > 0 else ([*debits, -gap], credits) if gap else (debits, credits)
    entries = [
        Entry(side, str(4000 + place), Decimal(amount).scaleb(-2))
        for side, found in (("debit", debits), ("credit", credits))
        for place, amount in enumerate(found)
    ]
    made = list(pairs(entries))
    assert all(amount > 0 for _, _, amount in made)
    for place, side in enumerate(("debit", "credit")):
        for entry in (one for one in entries if one.side == side):
            assert sum(pair[2] for pair in made if pair[place] is entry) == entry.amount


@pytest.mark.parametrize(
    ("ledger", "posting", "word"),
    [
        (replace(LEDGER, consultant=7), ONE, "consultant"),
        (replace(LEDGER, client=0), ONE, "client"),
        (replace(LEDGER, digits=9), ONE, "digits"),
        (replace(LEDGER, year=date(2025, 1, 1)), ONE, "fiscal year"),
        (LEDGER, replace(ONE, day=date(2026, 4, 1)), "lies outside"),
        (LEDGER, replace(ONE, entries=ONE.entries[:2]), "debits"),
        (LEDGER, replace(ONE, entries=tuple(replace(one, account="16A") for one in ONE.entries)), "account"),
    ],
)
def test_what_cannot_be_imported_is_refused(ledger: Ledger, posting: Booked, word: str) -> None:
    with pytest.raises(DataError, match=word) as caught:
        batch(ledger, FIRST, LAST, MADE, "x", [posting])
    assert caught.value.code == "datev.refused"
