"""The fields of MT940 with a shape of their own: account :25:, balances :60a: to :65:, entry :61:."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import NoReturn

from anyshore.activities.bank.model import Account, Code, Detail, Entry, Moment, Money, Total
from anyshore.activities.common import money
from anyshore.base.errors import DataError
from anyshore.base.iban import iban_key
from anyshore.base.locations import Location
from anyshore.base.temporal import days_in_month

_BALANCE = re.compile(r"([CD])(\d{6})([A-Z]{3})?(\d+(?:,\d*)?|,\d+)\s*")
_ENTRY = re.compile(
    r"(?P<value>\d{6})(?P<entry>\d{4}| {4})?\s?(?P<mark>R[CD]|E[CD]|[CD])(?P<funds>[A-Z])?"
    r"(?P<amount>\d+(?:,\d*)?|,\d+)(?P<type>[A-Z][A-Z0-9 ]{3})(?P<rest>.*)",
    re.DOTALL,
)
_TOTAL = re.compile(r"(\d{1,5})([A-Z]{3})(\d+(?:,\d*)?|,\d+)\s*")
_DIGITS = 15
"""Most digits of an amount, its comma not counted."""
_REFERENCE = 16
"""Characters of the customer's reference where ``//`` does not end it before."""
_NONE = frozenset({"NONREF", ""})
_CREDIT = frozenset({"C", "RD", "EC"})
"""A reversal of a debit (RD) is money in, a reversal of a credit (RC) money out."""


def account(text: str) -> Account:
    """Field :25:, an IBAN, or a bank code and an account number with a slash between; a currency may follow."""
    written = " ".join(text.split())
    found = re.fullmatch(r"(.*?\d)\s?/?([A-Z]{3})", written)
    number, currency = (found[1], found[2]) if found else (written, None)
    bare = iban_key(number)
    if re.fullmatch(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", bare) and "/" not in number:
        return Account(iban=bare, currency=currency)
    bank, slash, rest = number.partition("/")
    return Account(other=rest if slash else number, bank=bank if slash else None, currency=currency)


def balance(text: str, currency: str | None, file: str, line: int) -> tuple[Money, Moment]:
    """A balance: mark, day, currency, amount.

    Args:
        text: the field.
        currency: of the balance before, which banks of the older kind do not repeat.
        file: for messages.
        line: where it stands.

    Raises:
        DataError: it has another shape, or names a day that is none.
    """
    found = _BALANCE.fullmatch(text)
    if not found:
        _refuse(
            file, line, "bank.mt940.balance", f"{text!r} is no balance: mark C or D, day, currency, amount with comma."
        )
    unit = found[3] or currency
    if unit is None:
        _refuse(file, line, "bank.mt940.balance", f"The balance {text!r} names no currency.")
    amount = _amount(found[4], file, line)
    day, _ = _day(found[2], file, line)
    return Money(money.signed(amount, negative=found[1] == "D"), unit), Moment(day)


def total(mark: str, text: str, file: str, line: int) -> Total:
    """Field :90C: or :90D: of MT942: how many entries there are, and their sum.

    Raises:
        DataError: it has another shape.
    """
    found = _TOTAL.fullmatch(text)
    if not found:
        _refuse(file, line, "bank.mt940.total", f"{text!r} is no total: count, currency, amount with comma.")
    amount = _amount(found[3], file, line)
    return Total("credit" if mark == "C" else "debit", int(found[1]), amount, line)


def entry(text: str, currency: str, file: str, line: int) -> tuple[Entry, list[str]]:
    """An entry, field :61:, and what of it was read though it is not as it should be.

    Raises:
        DataError: it has another shape, or names a day that is none.
    """
    found = _ENTRY.fullmatch(text)
    if not found:
        shape = "day of value, day of entry, mark, amount with comma, kind, reference"
        _refuse(file, line, "bank.mt940.entry", f"{text.splitlines()[0]!r} is no entry: {shape}.")
    amount = _amount(found["amount"], file, line)
    mark = found["mark"]
    value, moved = _day(found["value"], file, line)
    booked = _booked(found["entry"], value, file, line)
    customer, bank, more = _references(found["rest"])
    references = {"customer": customer} if customer not in _NONE else {}
    made = Entry(
        Money(money.signed(amount, negative=mark not in _CREDIT), currency), "future" if mark[0] == "E" else "booked",
        Moment(booked), Moment(value), mark[0] == "R", bank_reference=bank if bank not in _NONE else None,
        code=Code(proprietary=found["type"].strip()),
        details=(Detail(references=references, has_references=bool(references)),), information=more or None, line=line,
        direction="credit" if mark in _CREDIT else "debit",
    )  # fmt: skip
    notes = [f"line {line}: day of value {found['value']} of the banks' month of 30 days, read as {value}"]
    return made, notes if moved else []


def _references(rest: str) -> tuple[str, str, str]:
    """The customer's reference, the bank's, and supplementary details."""
    first, _, more = rest.partition("\n")
    customer, slashes, bank = first.partition("//")
    if not slashes and len(first) > _REFERENCE:
        customer, more = first[:_REFERENCE], f"{first[_REFERENCE:].strip()}\n{more}".strip()
    return customer.strip(), bank.strip(), more.strip()


def _amount(text: str, file: str, line: int) -> Decimal:
    if len(text.replace(",", "").lstrip("0")) > _DIGITS:
        _refuse(file, line, "bank.mt940.amount", f"{text!r} has more than {_DIGITS} digits.")
    return Decimal(text.replace(",", ".") if not text.endswith(",") else text[:-1])


def _day(text: str, file: str, line: int) -> tuple[date, bool]:
    """A day of six digits, and whether it was moved: German banks reckon interest to the 29th or 30th of February.

    Years 80 to 99 are of the last century, as SWIFT has it.
    """
    year, month, day = int(text[:2]), int(text[2:4]), int(text[4:])
    year += 1900 if year >= 80 else 2000
    if not 1 <= month <= 12 or not 1 <= day <= max(30 if month == 2 else 0, days_in_month(year, month)):
        _refuse(file, line, "bank.mt940.day", f"{text!r} is no day.")
    last = days_in_month(year, month)
    return date(year, month, min(day, last)), day > last


def _booked(text: str | None, value: date, file: str, line: int) -> date:
    """The day of entry, which has no year: of the years around the day of value, the one nearest to it."""
    if text is None or not text.strip():
        return value
    month, day = int(text[:2]), int(text[2:])
    years = (value.year, value.year - 1, value.year + 1)
    found = [
        date(year, month, min(day, days_in_month(year, month)))
        for year in years
        if 1 <= month <= 12 and 1 <= day <= max(days_in_month(year, month), 30 if month == 2 else 0)
    ]
    if not found:
        _refuse(file, line, "bank.mt940.day", f"The day of entry {text!r} is no day.")
    nearest: Callable[[date], int] = lambda day: abs((day - value).days)  # noqa: E731
    return min(found, key=nearest)


def _refuse(file: str, line: int, code: str, message: str) -> NoReturn:
    raise DataError(code, message, Location(file, line=line), "Ask the bank for the file as it sent it.")
