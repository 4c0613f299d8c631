"""Bank lines from a table whose formats are said."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from anyshore.activities.bank import csv_statements, proof
from anyshore.activities.bank.csv_statements import Layout
from anyshore.base.errors import DataError

LAYOUT = Layout(
    {"booked": "Tag", "amount": "Betrag", "name": "Wer", "iban": "IBAN", "text": "Zweck", "balance": "Saldo"},
    "dmy", ",", "DE89370400440532013000", "EUR",
)  # fmt: skip
FILE = (
    "Tag;Betrag;Wer;IBAN;Zweck;Saldo;Egal\n"
    "03.04.2026;1.234,50;Müller;DE02120300000000202051;RE 1;2.234,50;x\n"
    "04/05/2026;-5,00;;;;2.229,50;\n"
)


def test_a_day_is_never_guessed() -> None:
    days = {order: _entries(order)[1].booked for order in ("dmy", "mdy")}
    assert [one.day for one in days.values() if one] == [date(2026, 5, 4), date(2026, 4, 5)]


def _entries(order: str) -> tuple[csv_statements.Entry, ...]:
    return csv_statements.read(FILE.encode(), replace(LAYOUT, order=order)).statements[0].entries  # type: ignore[arg-type]


def test_balances_prove_the_lines() -> None:
    statement = csv_statements.read(FILE.encode(), LAYOUT).statements[0]
    assert proof.prove(statement).verdict == "proved"
    assert [entry.money.amount for entry in statement.entries] == [Decimal("1234.50"), Decimal("-5.00")]
    payer = statement.entries[0].details[0].parties[0]
    assert payer.account is not None
    assert (payer.name, payer.account.iban) == ("Müller", "DE02120300000000202051")


def test_the_newest_line_first() -> None:
    head, one, two, _ = FILE.split("\n")
    content = "\n".join((head, two, one)).encode()
    assert (
        proof.prove(csv_statements.read(content, replace(LAYOUT, newest_first=True)).statements[0]).verdict == "proved"
    )
    with pytest.raises(DataError, match="does not follow"):
        csv_statements.read(content, LAYOUT, "a.csv")


def test_two_columns_for_one_amount() -> None:
    layout = replace(LAYOUT, columns={"booked": "Tag", "credit": "Haben", "debit": "Soll"})
    content = b"Tag;Haben;Soll\n01.02.2026;5,00;\n02.02.2026;0,00;7,00\n03.02.2026;;-8,00\n"
    entries = csv_statements.read(content, layout).statements[0].entries
    assert [entry.money.amount for entry in entries] == [Decimal("5.00"), Decimal("-7.00"), Decimal("-8.00")]


@pytest.mark.parametrize(
    ("columns", "content", "code"),
    [
        ({"booked": "Tag"}, b"Tag\n", "bank.csv.mapping"),
        ({"booked": "Tag", "amount": "B", "what": "C"}, b"Tag;B;C\n", "bank.csv.mapping"),
        ({"booked": "Tag", "credit": "H", "debit": "S"}, b"Tag;H;S\n01.02.2026;1,00;2,00\n", "bank.csv.sides"),
        ({"booked": "Tag", "credit": "H", "debit": "S"}, b"Tag;H;S\n01.02.2026;;\n", "bank.csv.amount"),
    ],
)
def test_what_does_not_fit_is_refused(columns: dict[str, str], content: bytes, code: str) -> None:
    with pytest.raises(DataError) as problem:
        csv_statements.read(content, replace(LAYOUT, columns=columns), "a.csv")
    assert problem.value.diagnostics[0].code == code
